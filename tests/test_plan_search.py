"""One search over all that the plan holds beside the map; and what its page shows of it."""

import pytest

from gm_map import catalogue, plan_search
from gm_map.messages import LANGUAGES, Messages
from gm_map.pace import Actual
from layers import plan as told
from layers.glossary import explained


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


def test_the_counts_are_the_plan_s(plan):
    counts = plan_search.counts(plan)
    assert counts["indicators"] == 18
    assert counts["roadmaps"] == 16
    assert counts["glossary"] == 33
    assert counts["oddities"] == 90
    programmes = sum(len(box.tasks) for box in plan.programmes.values())
    measures = sum(len(policy.tasks) for policy in plan.policies.values())
    assert (programmes, len(plan.policies)) == (22, 5)
    assert counts["programmes"] == programmes + measures


@pytest.mark.parametrize(
    ("words", "kind", "id_"),
    [
        ("研发支出", "indicators", "indicator-01"),
        ("yanfazhichu", "indicators", "indicator-01"),
        ("patents", "indicators", "indicator-03"),
        ("柔性电子 独角兽", "roadmaps", "roadmap-1-task-5"),
        ("塘尾 东坑", "oddities", "oddity-03"),
        ("AMOLED", "glossary", "glossary-06"),
        ("柔性電子", "roadmaps", "roadmap-1-task-5"),
    ],
)
def test_what_holds_the_words_is_found(plan, words, kind, id_):
    assert id_ in plan_search.find(plan, words)[kind]


def test_all_words_must_be_there(plan):
    both = plan_search.find(plan, "柔性电子 AMOLED 研发支出")
    assert not any(both.values())


@pytest.mark.parametrize("words", ["<img src=x onerror=alert(1)>", "{{7*7}}", "no such thing at all"])
def test_what_is_nowhere_finds_nothing(plan, words):
    assert not any(plan_search.find(plan, words).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_is_a_chart_and_a_missing_year_is_shown_missing(plan, language):
    t = Messages(language)
    groups = told.chart_groups(plan, t)
    cards = {card["id"]: card for group in groups for card in group["cards"]}
    assert list(cards) == list(plan.indicators)
    assert [point["year"] for point in cards["indicator-01"]["missing"]] == [2018]
    assert t("plan.missing") in cards["indicator-01"]["spoken"]
    assert sum(len(card["missing"]) for card in cards.values()) == 1


def test_an_entered_figure_stands_on_its_chart_with_what_it_says(plan):
    t = Messages("zh")
    groups = told.chart_groups(plan, t, [Actual("indicator-13", 2023, 1100.0)], {"indicator-13"})
    (card,) = (card for group in groups for card in group["cards"])
    assert card["actual"] == [{"year": 2023, "value": 1100.0, "look": "behind"}]
    assert len(card["lines"]) == 2
    assert "1,167" in card["lines"][0]["text"]
    assert "1,400" in card["lines"][1]["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_boards_hold_every_task_with_its_citation(plan, language):
    t = Messages(language)
    for boxes, count in ((plan.roadmaps, 16), (plan.programmes, 22)):
        boards = told.task_boards(plan, t, boxes.values())
        cards = [card for board in boards for column in board["columns"] for card in column["cards"]]
        assert len(cards) == count
        assert all(card["title"] and card["cite"] for card in cards)
    assert len(told.measure_boards(plan, t)) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_oddity_is_listed(plan, language):
    assert len(told.oddity_table(plan, Messages(language))["rows"]) == 90


def test_a_term_explains_itself_once_and_whole_words_only(plan):
    t = Messages("zh")
    marked = explained("以5G、物联网和人工智能为基础，人工智能；15G不是", plan, t)
    assert marked.count("](plan?g=glossary-02") == 1
    assert marked.count("](plan?g=glossary-03") == 1


@pytest.mark.parametrize("text", ["<b>5G</b>", "[5G](javascript:alert(1))", "5G\u202e`code`", "$5G$ :red[x]"])
def test_what_stands_around_a_term_is_text(plan, text):
    marked = explained(text, plan, Messages("en"))
    assert "javascript:alert(1)" not in marked
    assert "<b>" not in marked
    assert ":red[" not in marked
