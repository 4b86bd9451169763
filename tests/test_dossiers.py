"""The dossier of every place and every topic: whole in both languages, on the page and on paper."""

import subprocess

import pytest

from gm_map import district
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import Rank
from layers import compared, dossiers, print_dossier


@pytest.fixture(scope="module")
def ours():
    return district.load()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_and_every_node_of_the_tree_has_one(ours, language):
    t = Messages(language)
    for id_ in (*ours.catalogue.places, *ours.catalogue.industries):
        shown = dossiers.page(ours, id_, t)
        assert shown.title
        assert shown.sections[-1].title == t("card.unsaid"), "what the plan does not say stands last"
        assert all(section.lines for section in shown.sections), id_


def test_the_plan_lays_out_30_places_and_36_topics(ours):
    assert len(ours.catalogue.places) == 30
    assert len(ours.catalogue.of_rank(Rank.TOPIC)) == 36


def test_a_topic_lights_the_units_that_the_plan_gives_it(ours):
    shown = dossiers.page(ours, "topic-13", Messages("zh"))
    assert {id_ for id_ in shown.lit if id_.startswith("unit-")} == {f"unit-{n}" for n in range(17, 22)}
    assert any("碳化硅" in line.text for section in shown.sections for line in section.lines)


def test_a_place_tells_its_tasks_targets_and_sides(ours):
    t = Messages("zh")
    titles = [section.title for section in dossiers.page(ours, "unit-16", t).sections]
    assert {t("dossier.tasks"), t("dossier.targets"), t("dossier.sides"), t("card.neighbours")} <= set(titles)


def test_what_is_neither_is_refused(ours):
    with pytest.raises(KeyError):
        dossiers.page(ours, "unit-99", Messages("zh"))


@pytest.mark.parametrize(("id_", "language"), [("unit-16", "zh"), ("topic-13", "en"), ("zone-3", "en")])
def test_it_is_set_as_pdf_with_its_words_in_it(ours, tmp_path, id_, language):
    t = Messages(language)
    path = tmp_path / "dossier.pdf"
    path.write_bytes(print_dossier.pdf(ours, id_, t, date="2026-11-24"))
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode("utf-8")
    words = "".join(told.split())
    shown = dossiers.page(ours, id_, t)
    assert "".join(shown.title.split()) in words
    for section in shown.sections:
        assert "".join(section.title.split()) in words, section.title


def test_the_same_dossier_is_the_same_file(ours):
    one, other = (print_dossier.pdf(ours, "cluster-4", Messages("zh")) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_side_by_side_have_a_word_and_a_citation_each(ours, language):
    t = Messages(language)
    ids = ("unit-01", "unit-07", "cluster-3", "zone-2")
    rows = compared.sheet(ours, ids, t, {"unit-07": "=HYPERLINK(1)"})
    assert all(len(texts) == len(cites) == len(ids) for _, texts, cites in rows)
    assert rows[-1] == (t("compare.note"), ["–", "=HYPERLINK(1)", "–", "–"], ["", "", "", ""])
    ids = ("unit-01", "unit-02")
    told = compared.comparison(ours, ids, t)
    assert len(told["columns"]) == len(ids) + 1
    assert any(row["cells"][0]["note"] == t("compare.same") for row in told["rows"])


def test_nothing_chosen_is_an_empty_table(ours):
    assert compared.comparison(ours, (), Messages("zh"))["rows"] == []
