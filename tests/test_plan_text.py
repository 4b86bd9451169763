"""The plan's text at hand: its sentences by citation, and the refusal of another edition."""

import dataclasses

import pytest
from made_up_plan import HOSTILE, written

from gm_map import catalogue as catalogues
from gm_map import plan_text
from gm_map.errors import InputError
from gm_map.messages import Messages
from gm_map.model import Citation
from layers import cards, citations

TEXT = plan_text.PlanText(("标题", "", "第一句甲。第二句乙！第三句丙", "  空 格\t。"))


@pytest.fixture(scope="module")
def catalogue():
    return catalogues.load()


@pytest.fixture
def at_hand(catalogue, tmp_path, monkeypatch):
    path = tmp_path / "plan.txt"
    path.write_text(written(catalogue, HOSTILE), encoding="utf-8")
    monkeypatch.setenv(plan_text.SETTING, str(path))
    return plan_text.shelf(catalogue).text


@pytest.mark.parametrize(
    ("paragraph", "sentence", "wanted"),
    [
        (1, 1, "标题"),
        (3, 1, "第一句甲。"),
        (3, 2, "第二句乙！"),
        (3, 3, "第三句丙"),
        (3, 4, None),
        (3, 0, "第一句甲。第二句乙！第三句丙"),
        (3, -1, None),
        (2, 1, None),
        (4, 1, "空 格 。"),
        (0, 1, None),
        (5, 1, None),
        (-1, 1, None),
    ],
)
def test_a_sentence_by_its_numbers(paragraph, sentence, wanted):
    assert TEXT.at(paragraph, sentence) == wanted


def test_the_phrase_has_to_stand_in_the_sentence():
    assert TEXT.sentence(Citation("一", 3, 2, "句乙")) == "第二句乙！"
    for paragraph, sentence, phrase in ((3, 1, "句乙"), (3, 9, "句乙"), (9, 1, "句乙"), (3, -1, "句乙"), (2, 0, "")):
        assert TEXT.sentence(Citation("一", paragraph, sentence, phrase)) is None


def test_a_long_sentence_is_cut():
    long = plan_text.PlanText(("字" * 5000,)).at(1, 1)
    assert len(long) == plan_text.LONGEST + 1
    assert long.endswith("…")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_that_holds_every_phrase_is_taken(catalogue, tmp_path, encoding, end):
    path = tmp_path / "plan.txt"
    path.write_bytes(written(catalogue).replace("\n", end).encode(encoding))
    text = plan_text.read(path, catalogue)
    assert all(cite.phrase in text.sentence(cite) for cite in plan_text.citations(catalogue))


def test_another_edition_is_refused_in_the_log_once(catalogue, tmp_path, caplog):
    path = tmp_path / "other.txt"
    path.write_text("前言。\n" + written(catalogue), encoding="utf-8")
    setting = {plan_text.SETTING: str(path)}
    shelves = [plan_text.shelf(catalogue, setting) for _ in range(3)]
    assert shelves[0].text is None
    assert "another edition" in shelves[0].refused
    assert len(caplog.records) == 1
    assert str(tmp_path) not in caplog.text


@pytest.mark.parametrize("kind", ["missing", "folder", "large", "binary"])
def test_what_is_no_text_is_refused_in_one_sentence(catalogue, tmp_path, monkeypatch, kind):
    path = tmp_path / "plan.txt"
    if kind == "folder":
        path.mkdir()
    elif kind == "large":
        monkeypatch.setattr(plan_text, "MOST_BYTES", 10)
        path.write_text("字" * 20, encoding="utf-8")
    elif kind == "binary":
        path.write_bytes(bytes(range(128, 256)) * 40)
    with pytest.raises(InputError) as refused:
        plan_text.read(path, catalogue)
    assert "\n" not in str(refused.value)


def test_nothing_is_shown_where_nothing_is_set(catalogue, monkeypatch):
    monkeypatch.delenv(plan_text.SETTING, raising=False)
    cite = next(plan_text.citations(catalogue))
    assert plan_text.shelf(catalogue) == plan_text.Shelf()
    assert citations.said([cite], catalogue) is None
    assert citations.linked("五（二）5", [cite], catalogue) == ":small[:gray[五（二）5]]"


def test_a_citation_is_a_link_a_section(catalogue, at_hand):
    first, second = catalogue.places["unit-01"].citation, next(iter(catalogue.indicators.values())).citation
    assert first.section != second.section
    told = citations.linked(f"{first.section} {second.section}", [first, second], catalogue)
    assert told.count("](plan?c=") == 2
    assert f"plan?c={first.paragraph}-{first.sentence} " in told
    assert citations.linked("box", [first, second], catalogue).count("](plan?c=") == 1
    assert citations.address(citations.paragraphs("", (411,))[0]) == "411"
    assert "<" not in told.replace("\\<", "")


def test_a_card_says_the_same_with_the_text_at_hand(catalogue, at_hand):
    line = cards.Line("a", "b")
    assert line == dataclasses.replace(line, cites=(catalogue.places["unit-01"].citation,))
    assert Messages("en")("plan.cited_missing")
