"""A link says the whole state, shortly, and a broken one says what it could not."""

import pytest

from gm_map import catalogue
from views import state


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


def test_nothing_chosen_is_an_empty_link(plan):
    assert state.write(state.State(), plan) == {}
    assert state.read({}, plan) == (state.State(), ())


@pytest.mark.parametrize(
    "chosen",
    [
        state.State(topics=("topic-13",), selected="unit-17"),
        state.State(language="en", topics=("topic-09", "topic-13"), mode="all"),
        state.State(places=("zone-3", "cluster-4"), selected="zone-1"),
    ],
)
def test_what_is_written_is_read_again(plan, chosen):
    assert state.read(state.write(chosen, plan), plan) == (chosen, ())


def test_a_whole_branch_is_written_as_the_branch(plan):
    topics = plan.topics_of("industry-2")
    assert state.write(state.State(topics=topics), plan) == {"t": "industry-2"}
    assert state.read({"t": "industry-2"}, plan)[0].topics == topics


def test_what_stands_for_nothing_is_named_and_left_out(plan):
    found, unknown = state.read({"t": "topic-99,topic-13", "in": "zone-9", "at": "<b>", "lang": "fr"}, plan)
    assert found == state.State(topics=("topic-13",))
    assert unknown == ("fr", "topic-99", "zone-9", "<b>")


@pytest.mark.parametrize(
    "asked",
    [
        state.Asked(text="8英寸碳化硅外延片 {{7*7}} & <b>", weights="research", selected="unit-17"),
        state.Asked(language="en", weights=(60.0, 14.0, 8.0, 6.0, 5.0, 3.0, 0.0), table=True),
    ],
)
def test_what_is_asked_of_a_match_is_read_again(plan, asked):
    assert state.read_match(state.write_match(asked), plan) == (asked, ())


def test_a_long_text_stays_out_of_the_link():
    assert "q" not in state.write_match(state.Asked(text="长" * (state.LONGEST_LINKED + 1)))


@pytest.mark.parametrize(
    "weights", ["1-2", "nan-1-1-1-1-1-1", "0-0-0-0-0-0-0", "-1-1-1-1-1-1-1", "best", "101-1-1-1-1-1-1"]
)
def test_weights_that_cannot_be_used_are_named_and_left_out(plan, weights):
    asked, unknown = state.read_match({"w": weights, "at": "unit-99", "lang": "fr"}, plan)
    assert asked == state.Asked()
    assert unknown == ("fr", weights, "unit-99")
