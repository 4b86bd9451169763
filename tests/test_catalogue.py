"""The hand-written facts load as they are, refuse what is broken with all its faults, and answer who holds whom."""

import csv
import dataclasses
import re

import broken
import pytest

from gm_map import catalogue
from gm_map.errors import DataError
from gm_map.kinds import KINDS, NESTED
from gm_map.model import Basis, Level, Rank, Standing
from gm_map.tables import FIELDS

HOSTILE = (
    "{{ 7*7 }}",
    "{{ cycler.__init__.__globals__.os.getpid() }}",
    "${alert(1)}",
    "<img src=x onerror=alert(1)>",
    "</script>",
    "`backticks`",
    "=1+1",
    "'; DROP TABLE units; --",
)


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


# What is shipped


def test_everything_the_plan_counts_is_there(plan):
    assert [len(plan.at(level)) for level in Level] == [1, 3, 5, 21]
    assert [len(plan.of_rank(rank)) for rank in Rank] == [4, 16, 36]
    assert (len(plan.terms), len(plan.outside_terms)) == (321, 56)
    assert (len(plan.indicators), len(plan.glossary)) == (18, 33)
    boxes = (plan.roadmaps, plan.programmes, plan.policies)
    assert [sum(len(box.tasks) for box in found.values()) for found in boxes] == [16, 22, 15]
    assert (len(plan.oddities), len(plan.claims), len(plan.figures)) == (90, 131, 80)


def test_places_stand_in_the_plans_order(plan):
    assert list(plan.places)[:9] == [
        "corridor-1",
        *(f"zone-{n}" for n in (1, 2, 3)),
        *(f"cluster-{n}" for n in range(1, 6)),
    ]
    assert [place.id for place in plan.at(Level.UNIT)] == [f"unit-{n:02}" for n in range(1, 22)]


def test_what_is_not_stated_stays_empty(plan):
    assert {place.id: place.stated_km2 for place in plan.places.values() if place.stated_km2} == {
        "zone-1": 16.0,
        "zone-2": 20.6,
        "zone-3": 47.2,
    }
    assert plan.indicators["indicator-01"].values == {2018: None, 2022: 4.35, 2025: 4.5, 2035: 6.0}


def test_a_place_knows_what_holds_it_and_what_it_holds(plan):
    assert plan.path("unit-17") == ("zone-3", "cluster-5", "unit-17")
    assert plan.ancestors("unit-17") == ("cluster-5", "zone-3")
    assert plan.children("cluster-4") == ("unit-16",)
    assert len(plan.descendants("zone-3")) == 3 + 12
    assert plan.children("unit-17") == ()


def test_a_node_of_the_tree_stands_for_its_topics(plan):
    assert plan.path("term-001") == ("industry-1", "field-01", "topic-01", "term-001")
    assert plan.topics_of("field-01") == ("topic-01", "topic-02", "topic-03", "topic-04")
    assert plan.topics_of("term-321") == ("topic-36",)
    assert sum(len(plan.topics_of(node.id)) for node in plan.of_rank(Rank.INDUSTRY)) == 36
    loose = next(term for term in plan.outside_terms.values() if term.topic_id is None)
    assert plan.topics_of(loose.id) == ()
    with pytest.raises(KeyError):
        plan.node("topic-99")


def test_units_have_their_topics_from_their_cluster_and_from_nowhere_else(plan):
    for unit in plan.at(Level.UNIT):
        reasons = plan.reasons_at(unit.id)
        assert [r.link for r in reasons] == [r.link for r in plan.reasons_at(unit.parent_id)]
        assert {r.via for r in reasons} <= {unit.parent_id}
        assert {r.standing for r in reasons} <= {Standing.DERIVED}
    assert plan.reasons_at("unit-01") == ()  # no topic is named for the first cluster


def test_a_topic_that_nobody_names_has_a_link_without_a_place(plan):
    [link] = plan.links_of("topic-35")
    assert (link.place_id, link.basis) == (None, Basis.NONE)
    assert plan.reasons_of("topic-35") == ()


def test_what_touches_a_place_is_found(plan):
    assert any("玉津" in oddity.text.zh for oddity in plan.oddities_of("unit-16"))
    assert {fact.text.zh for fact in plan.facts_of("cluster-2", "facility")} >= {"孵化器", "加速器"}
    assert all(fact.kind == "facility" for fact in plan.facts_of("cluster-2", "facility"))
    assert plan.claims_of("zone-1")
    assert any(box.box == "专栏1" for box, _ in plan.tasks_of("topic-06"))
    assert [entry.id for entry in plan.glossary_of("topic-13")] == ["glossary-14"]


def test_the_catalogue_cannot_be_changed(plan):
    with pytest.raises(TypeError):
        plan.places["unit-22"] = plan.places["unit-21"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.places["unit-21"].level = Level.ZONE
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.places = {}


def test_texts_fall_back_to_chinese(plan):
    name = plan.places["unit-17"].name
    assert (name.of("zh"), name.of("en")) == (name.zh, name.en)
    assert dataclasses.replace(name, en="").of("en") == name.zh


# What is broken


@pytest.mark.parametrize("path", broken.cases("source"), ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_its_faults(path, tmp_path):
    case = broken.description(path)
    folder = broken.copy("source", tmp_path)
    broken.break_it(folder, case)
    with pytest.raises(DataError) as caught:
        catalogue.load(folder)
    assert [str(fault) for fault in caught.value.faults] == case["faults"]


def test_three_faults_in_three_files_come_in_one_error(tmp_path):
    folder = broken.copy("source", tmp_path)
    for rule in ("bad-number", "bad-kind", "text-that-is-a-number"):
        broken.break_it(folder, broken.description(broken.INVALID / "source" / f"{rule}.yaml"))
    with pytest.raises(DataError) as caught:
        catalogue.load(folder)
    assert {fault.place.split()[0] for fault in caught.value.faults} == {"places.csv", "terms.csv", "glossary.yaml"}
    assert str(caught.value).startswith("3 faults")


def test_no_file_at_all_is_a_fault_for_each(tmp_path):
    with pytest.raises(DataError) as caught:
        catalogue.load(tmp_path)
    assert {fault.place for fault in caught.value.faults} == {*catalogue.TABLES, *catalogue.TREES}


def test_a_fault_never_shows_what_cannot_be_printed(tmp_path):
    folder = broken.copy("source", tmp_path)
    broken.break_it(folder, {"file": "places.csv", "cells": [["unit-17", "level", "unit\u202e\x1b[31m"]]})
    with pytest.raises(DataError) as caught:
        catalogue.load(folder)
    assert str(caught.value).replace("\n", "").isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_text_like_any_other(text, tmp_path):
    folder = broken.copy("source", tmp_path)
    for change in (
        {"file": "places.csv", "cells": [["unit-17", "name", text], ["unit-17", "aliases", text]]},
        {"file": "terms.csv", "cells": [["term-001", "term", text]]},
        {"file": "place_facts.csv", "cells": [["fact-001", "text", text]]},
    ):
        broken.break_it(folder, change)
    found = catalogue.load(folder)
    assert (found.places["unit-17"].name.zh, found.places["unit-17"].aliases) == (text, (text,))
    assert (found.terms["term-001"].name.zh, found.facts["fact-001"].text.zh) == (text, text)


# The field table


def test_the_field_table_is_whole():
    with FIELDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"] for row in rows} >= {*catalogue.TABLES, *catalogue.TREES}
    for row in rows:
        assert row["type"].partition(":")[0] in {*KINDS, *NESTED, "citation"}, row
        assert row["required"] in ("yes", "no"), row
        assert row["meaning"], row
        assert re.search("[\u4e00-\u9fff]", row["meaning_zh"]), row


def test_every_rule_has_a_file_that_breaks_it():
    """The kinds of value that can be wrong are those that some file of ``tests/invalid`` gets wrong."""
    wanted = " ".join(fault for path in broken.cases("source") for fault in broken.description(path)["faults"])
    for words in (
        "a number",
        "a whole number from 1",
        "one of ",
        "yes or no",
        "an id of the form",
        "UTF-8",
        "a name of at most",
    ):
        assert f"wanted {words}" in wanted, words
