"""A filter finds the places that fit and says why; the counts beside the tree say beforehand what it will find."""

import pytest

from gm_map import catalogue
from gm_map.filters import Count, Filter, counts, select
from gm_map.model import Basis, Level, Rank, Standing

NEW_MATERIALS = ("zone-3", "cluster-5", "unit-17", "unit-18", "unit-19", "unit-20", "unit-21")


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


def test_an_empty_filter_leaves_everything_and_gives_no_reasons(plan):
    found = select(plan, Filter())
    assert found.ids == tuple(plan.places)
    assert set(found.reasons.values()) == {()}
    assert found.basis("unit-17") is None
    assert not Filter().active
    assert not Filter(text="  ").active


def test_a_topic_lights_up_its_cluster_the_units_below_and_the_zone(plan):
    found = select(plan, Filter(nodes=("topic-13",)))
    assert found.ids == NEW_MATERIALS
    assert found.by_level[Level.CORRIDOR] == ()
    assert (found.basis("cluster-5"), found.basis("unit-17"), found.basis("zone-3")) == (
        Basis.NAMED,
        Basis.NAMED,
        Basis.INDUSTRY,
    )
    [reason] = found.reasons["unit-17"]
    assert (reason.via, reason.standing, reason.link.citation.phrase) == (
        "cluster-5",
        Standing.DERIVED,
        "第三代半导体材料",
    )
    [own] = found.reasons["cluster-5"]
    assert (own.via, own.standing) == (None, Standing.STATED)


@pytest.mark.parametrize("rank", list(Rank))
def test_every_node_finds_what_its_topics_are_linked_with(plan, rank):
    for node in plan.of_rank(rank):
        wanted = {reason.place_id for topic in plan.topics_of(node.id) for reason in plan.reasons_of(topic)}
        found = select(plan, Filter(nodes=(node.id,)))
        assert set(found.ids) == wanted
        for place in found.ids:
            strengths = [list(Basis).index(reason.link.basis) for reason in found.reasons[place]]
            assert strengths == sorted(strengths)


def test_a_term_stands_for_its_topic(plan):
    assert select(plan, Filter(nodes=("term-001",))).ids == select(plan, Filter(nodes=("topic-01",))).ids


def test_a_topic_without_any_place_fits_nowhere(plan):
    assert select(plan, Filter(nodes=("topic-35",))).ids == ()


def test_any_joins_and_all_demands_both(plan):
    nodes = ("topic-13", "topic-18")  # materials in cluster 5, biologicals in cluster 4
    either = select(plan, Filter(nodes=nodes))
    both = select(plan, Filter(nodes=nodes, mode="all"))
    assert {"cluster-4", "cluster-5", "zone-3"} <= set(either.ids)
    assert both.ids == ("zone-3",)
    assert {reason.link.topic_id for reason in both.reasons["zone-3"]} == set(nodes)


def test_parts_of_the_district_narrow(plan):
    zone = select(plan, Filter(zones=("zone-2",)))
    assert zone.ids == ("zone-2", "cluster-2", *(f"unit-{n:02}" for n in range(4, 10)))
    smart = select(plan, Filter(nodes=("industry-1",), zones=("zone-1",)))
    assert smart.ids == ("zone-1",)  # its sentence names the industry; none of its clusters does


def test_a_chosen_cluster_narrows_its_zone(plan):
    found = select(plan, Filter(zones=("zone-2", "zone-3"), clusters=("cluster-4",)))
    assert "cluster-2" in found.ids
    assert [id_ for id_ in found.ids if plan.path(id_)[0] == "zone-3"] == ["cluster-4", "unit-16"]


@pytest.mark.parametrize("text", ["第三代半导体", "第三代半導體", "third-generation SEMICONDUCTOR", "碳化硅"])
def test_text_finds_topics_by_any_of_their_words(plan, text):
    assert "unit-17" in select(plan, Filter(text=text)).ids


def test_text_finds_places_by_name_alias_and_facility(plan):
    assert select(plan, Filter(text="玉律")).ids == ("unit-16",)
    found = select(plan, Filter(text="孵化器"))
    assert found.ids == ("cluster-2", *(f"unit-{n:02}" for n in range(4, 10)))
    assert set(found.words.values()) == {("孵化器",)}
    assert found.reasons["cluster-2"] == ()


def test_words_are_joined_as_the_mode_says(plan):
    either = select(plan, Filter(text="玉律 薯田埔"))
    assert {"unit-16", "unit-17"} <= set(either.ids)
    assert select(plan, Filter(text="玉律 薯田埔", mode="all")).ids == ()
    assert select(plan, Filter(text="薯田埔 薯田", mode="all")).words["unit-17"] == ("薯田埔", "薯田")


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "${alert(1)}", "<img src=x>", "没有这样的词", ".*", "\\"])
def test_text_that_nothing_holds_finds_nothing(plan, text):
    assert select(plan, Filter(text=text, mode="all")).ids == ()


def test_counts_say_what_choosing_a_node_would_give(plan):
    for filter_ in (Filter(), Filter(zones=("zone-3",)), Filter(clusters=("cluster-3",)), Filter(text="智能")):
        for node, count in counts(plan, filter_).items():
            chosen = Filter(nodes=(node,), zones=filter_.zones, clusters=filter_.clusters, text=filter_.text)
            found = select(plan, chosen).by_level
            numbers = tuple(len(found[level]) for level in (Level.UNIT, Level.CLUSTER, Level.ZONE))
            assert (count.units, count.clusters, count.zones) == numbers, (filter_, node)


def test_counts_under_all_say_what_adding_a_node_would_leave(plan):
    chosen = Filter(nodes=("topic-05",), mode="all")
    for node, count in counts(plan, chosen).items():
        added = select(plan, Filter(nodes=("topic-05", node), mode="all"))
        assert count.units == len(added.by_level[Level.UNIT]), node


def test_counts_name_the_strongest_basis(plan):
    found = counts(plan, Filter())
    assert found["topic-13"] == Count(5, 1, 1, Basis.NAMED)
    assert found["topic-11"].basis == Basis.INDUSTRY
    assert found["topic-01"].basis == Basis.FIELD
    assert found["topic-34"] == Count(0, 0, 1, Basis.ZONE)
    assert found["topic-35"] == Count(0, 0, 0, Basis.NONE)
    assert counts(plan, Filter(zones=("zone-1",)))["topic-05"] == Count(0, 0, 1, Basis.INDUSTRY)


def test_ids_of_an_old_link_are_left_out(plan):
    stale = Filter(nodes=("topic-13", "topic-99", "unit-01"), zones=("zone-9", "zone-3"), clusters=("zone-1",))
    assert stale.within(plan) == Filter(nodes=("topic-13",), zones=("zone-3",))


def test_a_wrong_filter_is_refused(plan):
    with pytest.raises(KeyError):
        select(plan, Filter(nodes=("topic-99",)))
    with pytest.raises(ValueError, match="wanted 'any' or 'all'"):
        Filter(mode="some")
