"""Rules that hold a layer against the plan: outside, missing, too much, called otherwise."""

from __future__ import annotations

import pytest
from broken_layers import CASES, checked
from broken_layers.case import Case, box, name, row, shapes

from gm_map.check import plan_rules
from gm_map.check.results import Identity, Severity
from gm_map.messages import Messages
from gm_map.model import Level


def one_of(case, code):
    return next(one for one in checked(CASES[case]()).found if one.code == code)


def test_how_far_and_how_much_lies_outside_the_district():
    found = one_of("a_fifth_of_a_square_kilometre_outside_the_district", "OUTSIDE_DISTRICT")
    assert found.severity == Severity.ERROR
    assert float(found.facts["area_km2"]) == pytest.approx(0.2, abs=0.06)
    assert float(found.facts["far_m"]) == pytest.approx(400, abs=20)
    assert found.facts["doubt_m"] == "30"


def test_what_lies_within_the_doubt_of_an_outline_is_a_note():
    found = one_of("a_unit_a_little_outside_its_cluster", "OUTSIDE_PARENT")
    assert found.severity == Severity.NOTE
    assert float(found.facts["far_m"]) == pytest.approx(30, abs=3)


def test_a_parent_that_the_file_draws_is_taken_at_its_word():
    found = one_of("a_unit_beyond_the_cluster_that_the_file_draws", "OUTSIDE_PARENT")
    assert (found.severity, found.facts["doubt_m"]) == (Severity.ERROR, "0")
    assert "科技服务集群" in Messages("zh")("finding.outside_parent", **found.facts)
    assert "Cluster" in Messages("en")("finding.outside_parent", **found.facts)


def test_what_the_parts_leave_of_their_parent():
    assert one_of("a_parent_that_its_parts_do_not_fill", "NOT_TILING").facts["area_km2"] == "0.360"


def test_a_missing_place_is_named_and_pointed_at():
    found = one_of("a_unit_missing", "MISSING_PLACE")
    assert (found.place_id, found.row, found.severity) == ("unit-13", None, Severity.ERROR)
    assert (found.facts["there"], found.facts["count"]) == (20, 21)


def test_an_extract_of_a_level_is_no_error():
    geometries, names = shapes()
    found = checked(Case(geometries[:5], names[:5], [])).found
    missing = [one for one in found if one.code == "MISSING_PLACE"]
    assert len(missing) == 16
    assert {one.severity for one in missing} == {Severity.WARNING}


def test_levels_that_the_file_does_not_draw_are_not_missed():
    geometries, names = shapes(Level.ZONE)
    assert not any(one.code == "MISSING_PLACE" for one in checked(Case(geometries, names, [])).found)


def test_a_zone_that_the_plan_itself_has_in_two_pieces():
    import shapely

    pieces = shapely.MultiPolygon([box(0, 0, 400, 400), box(600, 0, 800, 400)])
    both = checked(Case([pieces, pieces], [name("zone-2"), name("zone-1")], [])).found
    assert [one.place_id for one in both if one.code == "DISCONNECTED"] == ["zone-1"]


def test_a_name_that_is_like_one_of_the_plan_is_only_said():
    geometries, names = shapes()
    at = row("unit-05")
    case = Case(geometries, names, [])
    before = checked(case)
    identities = list(before.identities)
    identities[at] = Identity(at, "翠胡产业单元", "unit-05", Level.UNIT, "near", 0.8)
    from broken_layers.case import district

    found = plan_rules.find(before.layer, before.geometries, identities, before.drawing, district())
    (one,) = [one for one in found if one.code == "MISSPELT_NAME"]
    assert one.severity == Severity.NOTE
    assert "翠湖" in Messages("zh")("finding.misspelt_name", **one.facts)


def test_a_hostile_name_is_shown_short_and_without_marks():
    geometries, names = shapes()
    names[3] = "\u202e<script>" + "x" * 10_000
    (one,) = [one for one in checked(Case(geometries, names, [])).found if one.code == "UNKNOWN_NAME"]
    assert len(one.facts["said"]) <= plan_rules.LONGEST_NAME
    assert "\u202e" not in one.facts["said"]


def test_several_features_of_one_place_that_touch_are_its_parts():
    case = Case([box(0, 0, 400, 400), box(400, 0, 800, 400)], [name("unit-05")] * 2, [])
    assert not {one.code for one in checked(case).found} & {"EXTRA_PLACE", "DISCONNECTED"}
