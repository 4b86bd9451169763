"""The plan's systems in ``geodata/source``: roadmaps, programmes, policies, glossary, oddities, claims and figures.

Counts are those of the plan. What the rows point at must exist, what they compute must come out, and what explains the
plan must be in words of our own.
"""

import ast
import csv
import operator
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

SOURCE = Path(__file__).resolve().parents[1] / "geodata" / "source"

TREES = ("roadmaps.yaml", "programmes.yaml", "policies.yaml", "glossary.yaml")
TABLES = ("oddities.csv", "spatial_claims.csv", "computed_figures.csv")
TARGET_YEARS = (2025, 2035)
LONGEST_SHARED_RUN = 20  # characters that an explanation may share with the plan: a list of names, never a clause
NO_BASE = "–"  # no change can be computed from a start that is zero or missing
LIST_MARK = "|"

ID_FORMS = {
    "place_ids": r"corridor-1|zone-[1-3]|cluster-[1-5]|unit-(0[1-9]|1\d|2[01])",
    "topic_ids": r"topic-(0[1-9]|[12]\d|3[0-6])",
    "indicator_ids": r"indicator-(0[1-9]|1[0-8])",
}
# Geography that is no place of the plan's own layout keeps a kind and a romanised name.
SLUG = r"(area|campus|city|community|district|landmark|rail|region|road|station|street)-[a-z]+"


# Reading


@cache
def read_csv(name):
    with (SOURCE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def read_yaml(name):
    return yaml.safe_load((SOURCE / name).read_text(encoding="utf-8"))


def roadmaps():
    return read_yaml("roadmaps.yaml")["roadmaps"]


def programmes():
    return read_yaml("programmes.yaml")["programmes"]


def policies():
    return read_yaml("policies.yaml")["policies"]


def glossary():
    return read_yaml("glossary.yaml")["terms"]


def roadmap_tasks(roadmap):
    return [task for phase in roadmap["phases"] for task in phase["tasks"]]


def all_tasks():
    by_box = [*(roadmap_tasks(box) for box in roadmaps()), *(box["tasks"] for box in programmes())]
    return [task for tasks in by_box for task in tasks]


def records(node):
    """Every mapping of a tree that has an id, however deep."""
    if isinstance(node, dict):
        if "id" in node:
            yield node
        for value in node.values():
            yield from records(value)
    elif isinstance(node, list):
        for value in node:
            yield from records(value)


def split(cell):
    return [part for part in cell.split(LIST_MARK) if part]


# Counts


def test_roadmaps_have_the_plans_phases_tasks_fields_and_targets():
    assert [box["id"] for box in roadmaps()] == ["roadmap-1", "roadmap-2", "roadmap-3"]
    assert [box["box"] for box in roadmaps()] == ["专栏1", "专栏2", "专栏3"]
    assert [len(box["phases"]) for box in roadmaps()] == [2, 1, 2]
    assert [len(roadmap_tasks(box)) for box in roadmaps()] == [6, 4, 6]
    assert [len(box["key_fields"]) for box in roadmaps()] == [5, 9, 9]
    assert [[target["year"] for target in box["targets"]] for box in roadmaps()] == [list(TARGET_YEARS)] * 3


def test_programmes_have_the_plans_tasks():
    assert [(box["id"], box["box"]) for box in programmes()] == [(f"programme-{n}", f"专栏{n}") for n in range(4, 9)]
    assert [len(box["tasks"]) for box in programmes()] == [4, 6, 4, 4, 4]


def test_policies_have_one_measure_a_sentence():
    assert [policy["id"] for policy in policies()] == [f"policy-{n}" for n in range(1, 6)]
    assert [len(policy["measures"]) for policy in policies()] == [2, 2, 3, 4, 4]
    for policy in policies():
        order = [measure["cite"]["sentence"] for measure in policy["measures"]]
        assert order == list(range(1, len(order) + 1))


def test_glossary_has_33_terms_and_11_second_names():
    assert [entry["id"] for entry in glossary()] == [f"glossary-{n:02d}" for n in range(1, 34)]
    assert sum(bool(entry["aliases"]) for entry in glossary()) == 11
    assert [entry["cite"]["paragraph"] for entry in glossary()] == list(range(429, 462))


@pytest.mark.parametrize(
    ("name", "prefix", "count"),
    [("oddities.csv", "oddity", 90), ("spatial_claims.csv", "claim", 131), ("computed_figures.csv", "figure", 80)],
)
def test_rows_are_numbered_without_a_gap(name, prefix, count):
    digits = len(str(count))
    assert [row["id"] for row in read_csv(name)] == [f"{prefix}-{n:0{digits}}" for n in range(1, count + 1)]


@pytest.mark.parametrize("name", TREES)
def test_ids_are_unique_and_built_on_their_owner(name):
    ids = [record["id"] for record in records(read_yaml(name))]
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    for box in [*roadmaps(), *programmes(), *policies()]:
        assert all(record["id"].startswith(box["id"]) for record in records(box))


def test_claims_by_what_can_decide_them_and_by_standing():
    rows = read_csv("spatial_claims.csv")
    assert Counter(row["decidable"] for row in rows) == {"outside data": 14, "indicative": 65, "not yet": 52}
    assert Counter(row["standing"] for row in rows) == {"stated": 113, "derived": 18}


# What the rows point at


def known(field):
    """Ids that exist for a field of references; None while their file has not been written."""
    name = {"place_ids": "places.csv", "topic_ids": "industries.yaml", "indicator_ids": "indicators.csv"}[field]
    if not (SOURCE / name).exists():
        return None
    rows = records(read_yaml(name)) if name.endswith(".yaml") else read_csv(name)
    return {row["id"] for row in rows}


def references():
    """(where, field, id) for every place, topic and indicator that these files name."""
    for name in TREES:
        for record in records(read_yaml(name)):
            for field in ID_FORMS:
                yield from ((record["id"], field, id_) for id_ in record.get(field) or ())
    for box in roadmaps():
        yield from ((box["id"], "topic_ids", id_) for key_field in box["key_fields"] for id_ in key_field["topic_ids"])
        yield from ((box["id"], "indicator_ids", target["indicator_id"]) for target in box["targets"])
    for row in read_csv("oddities.csv"):
        for field in ID_FORMS:
            yield from ((row["id"], field, id_) for id_ in split(row[field]))


@pytest.mark.parametrize("field", ID_FORMS)
def test_every_reference_leads_somewhere(field):
    found = [(where, id_) for where, name, id_ in references() if name == field]
    assert found
    assert [pair for pair in found if not re.fullmatch(ID_FORMS[field], pair[1])] == []
    if (ids := known(field)) is not None:
        assert [pair for pair in found if pair[1] not in ids] == []


def test_no_reference_stands_twice():
    lists = [(row["id"], split(row[field])) for row in read_csv("oddities.csv") for field in ID_FORMS]
    lists += [(r["id"], r.get(field) or []) for name in TREES for r in records(read_yaml(name)) for field in ID_FORMS]
    assert [where for where, ids in lists if len(set(ids)) != len(ids)] == []


def test_roadmaps_name_their_industry():
    assert [box["industry_id"] for box in roadmaps()] == ["industry-1", "industry-2", "industry-3"]


def test_claims_point_at_a_place_of_the_plan_or_at_named_geography():
    form = re.compile(f"{ID_FORMS['place_ids']}|{SLUG}")
    for row in read_csv("spatial_claims.csv"):
        for field in ("subject_id", "object_id"):
            assert [id_ for id_ in split(row[field]) if not form.fullmatch(id_)] == [], row["id"]


def test_claims_that_name_a_place_of_the_plan_carry_its_id():
    if known("place_ids") is None:
        pytest.skip("geodata/source/places.csv has not been written")
    ids = {row["name"]: row["id"] for row in read_csv("places.csv")}
    for row in read_csv("spatial_claims.csv"):
        for field in ("subject", "object"):
            if row[field] in ids:
                assert row[f"{field}_id"] == ids[row[field]], row["id"]


def test_every_unit_is_claimed_for_the_cluster_that_holds_it():
    rows = [row for row in read_csv("spatial_claims.csv") if row["predicate"] == "unit_of"]
    assert sorted(row["subject_id"] for row in rows) == [f"unit-{n:02d}" for n in range(1, 22)]
    if known("place_ids") is not None:
        parents = {row["id"]: row["parent_id"] for row in read_csv("places.csv")}
        assert [row["id"] for row in rows if parents[row["subject_id"]] != row["object_id"]] == []


def test_targets_equal_the_indicator_table():
    if known("indicator_ids") is None:
        pytest.skip("geodata/source/indicators.csv has not been written")
    table = {row["id"]: row for row in read_csv("indicators.csv")}
    for box in roadmaps():
        for target in box["targets"]:
            row = table[target["indicator_id"]]
            assert (float(row[f"v{target['year']}"]), row["unit"]) == (target["value"], target["unit"]), box["id"]


# What is computed

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def evaluate(formula):
    """Value of an arithmetic formula of numbers, ``+ - * / **`` and brackets; ValueError for anything else."""

    def value(node):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return node.value
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        raise ValueError(f"not arithmetic: {formula}")

    return value(ast.parse(formula, mode="eval").body)


def half_a_digit(written):
    """Half of the last digit of a written number, with room for the floating point."""
    return 0.5 * 10 ** -len(written.partition(".")[2]) + 1e-9


def numbers(cell):
    """The list of a cell if it holds numbers alone, else None: some things the plan states in words."""
    parts = cell.split(LIST_MARK)
    return parts if all(re.fullmatch(r"-?\d+(\.\d+)?", part) for part in parts) else None


@pytest.mark.parametrize("row", read_csv("computed_figures.csv"), ids=lambda row: row["id"])
def test_formula_gives_the_value(row):
    formulas, values = row["formula"].split(LIST_MARK), row["value"].split(LIST_MARK)
    assert len(formulas) == len(values)
    for formula, written in zip(formulas, values, strict=True):
        if NO_BASE in (formula, written):
            assert formula == written == NO_BASE
        else:
            assert abs(evaluate(formula) - float(written)) <= half_a_digit(written)


def test_agreement_with_the_plan_is_what_the_numbers_say():
    for row in read_csv("computed_figures.csv"):
        if not row["stated"]:
            continue
        assert row["agrees"] in ("yes", "no"), row["id"]
        if (stated := numbers(row["stated"])) is None:
            continue  # said in words: a person judged it
        formulas = row["formula"].split(LIST_MARK)
        assert len(formulas) == len(stated), row["id"]
        pairs = zip(formulas, stated, strict=True)
        close = [abs(evaluate(formula) - float(written)) <= half_a_digit(written) for formula, written in pairs]
        assert (row["agrees"] == "yes") == all(close), row["id"]


def test_agreement_is_empty_where_the_plan_states_nothing():
    rows = read_csv("computed_figures.csv")
    assert [row["id"] for row in rows if not row["stated"] and row["agrees"]] == []
    assert {row["external"] for row in rows} == {"yes", ""}


def test_changes_of_the_indicators_use_the_indicator_table():
    if known("indicator_ids") is None:
        pytest.skip("geodata/source/indicators.csv has not been written")
    steps = (("v2018", "v2022", 4), ("v2022", "v2025", 3), ("v2025", "v2035", 10))
    for indicator, figure in zip(read_csv("indicators.csv"), read_csv("computed_figures.csv")[62:], strict=True):
        for (start, end, years), written in zip(steps, figure["value"].split(LIST_MARK), strict=True):
            if not indicator[start] or float(indicator[start]) == 0:
                assert written == NO_BASE, figure["id"]
            else:
                change = ((float(indicator[end]) / float(indicator[start])) ** (1 / years) - 1) * 100
                assert abs(change - float(written)) <= half_a_digit(written), figure["id"]


def test_means_of_the_control_points_follow_the_anchors():
    if not (SOURCE / "anchors.csv").exists():
        pytest.skip("geodata/source/anchors.csv has not been written")
    at = {row["place_id"]: row for row in read_csv("anchors.csv")}
    zones, clusters = ((1, 3), (4, 9), (10, 21)), ((17, 21), (10, 15), (16, 16))
    figures = {row["id"]: row for row in read_csv("computed_figures.csv")}
    cases = (("figure-46", "lat", zones), ("figure-47", "lon", zones), ("figure-48", "lat", clusters))
    for id_, axis, groups in cases:
        for (first, last), written in zip(groups, figures[id_]["value"].split(LIST_MARK), strict=True):
            points = [float(at[f"unit-{n:02d}"][axis]) for n in range(first, last + 1)]
            assert abs(sum(points) / len(points) - float(written)) <= half_a_digit(written), id_
            assert id_ == "figure-48" or written in read_csv("oddities.csv")[39]["text"], id_


# How it is said


def explanations():
    """(id, Chinese, English) of everything that explains the plan."""
    for name in TREES:
        yield from ((r["id"], r["gist"], r["gist_en"]) for r in records(read_yaml(name)) if "gist" in r)
    yield from ((row["id"], row["text"], row["text_en"]) for row in read_csv("oddities.csv"))
    for name in TABLES[1:]:
        yield from ((row["id"], row["note"], row["note_en"]) for row in read_csv(name) if row["note"])


def longest_shared_run(text, plan):
    longest = ""
    for start in range(len(text)):
        while (run := text[start : start + len(longest) + 1]) in plan and len(run) > len(longest):
            longest = run
    return longest


def test_explanations_are_in_our_own_words(plan_lines):
    plan = "\n".join(plan_lines)
    runs = {id_: longest_shared_run(chinese, plan) for id_, chinese, _ in explanations()}
    assert {id_: run for id_, run in runs.items() if len(run) > LONGEST_SHARED_RUN} == {}


def test_names_are_as_the_plan_writes_them(plan_lines):
    named = [*all_tasks(), *roadmaps(), *programmes(), *policies()]
    for record in [*named, *(phase for box in roadmaps() for phase in box["phases"])]:
        line = record["cite"]["paragraph"] - 1
        # A programme is cited by its introduction; its name stands in the heading above it.
        text = "\n".join(plan_lines[line - 1 : line + 1]) if record in programmes() else plan_lines[line]
        assert record["name"] in text, record["id"]
    for entry in glossary():
        line = plan_lines[entry["cite"]["paragraph"] - 1]
        assert all(name in line for name in [entry["term"], *entry["aliases"]]), entry["id"]
    for box in roadmaps():
        assert all(any(field["text"] in line for line in plan_lines) for field in box["key_fields"]), box["id"]


def test_everything_is_said_in_both_languages_and_plainly():
    for id_, chinese, english in explanations():
        assert chinese.strip(), id_
        assert english.strip(), id_
        assert not re.search(r"[！!]", chinese + english), id_
        assert "  " not in english, id_
