"""What is mended is mended, what is not is not touched, and every change is listed."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from broken_layers import CASES, checked
from broken_layers.case import Case, Expected, box, name
from broken_layers.case import findings as findings_of

from gm_map import measure
from gm_map.check.codes import CODES
from gm_map.check.mend import mend
from gm_map.messages import LANGUAGES, Messages


def mended(case):
    """What was found, what was made of it, and what is found in that."""
    before = checked(case)
    done = mend(before.layer, before.geometries, before.found)
    return before, done, findings_of(case.layer(), done.geometries)


THIN_AS_A_WHOLE = {"a_feature_of_three_metres", "overlap_and_gap_and_sliver"}  # slivers, and no strips to give away
FIXABLE = [
    case
    for case in CASES
    if case not in THIN_AS_A_WHOLE and any(CODES[one.code].fixable for one in CASES[case]().expected)
]


@pytest.mark.parametrize("case", FIXABLE)
def test_what_can_be_mended_is_gone_afterwards(case):
    before, done, after = mended(CASES[case]())
    wanted = {(one.code, one.row) for one in before.found if one.fixable}
    unclear = {one.row for one in before.found if one.code == "NESTED_PARTS"}
    wanted = {(code, row) for code, row in wanted if row not in unclear}
    left = {(one.code, one.row) for one in after.found if one.fixable}
    assert wanted, "nothing that can be mended was found"
    assert not wanted & left - {("RING", row) for _, row in wanted}
    assert {change.row for change in done.changes} >= {row for code, row in wanted if code != "SLIVER"}


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_changed_in_place_and_nothing_unasked(case):
    case = CASES[case]()
    before = checked(case)
    copies = [None if one is None else shapely.to_wkb(one) for one in before.geometries]
    done = mend(before.layer, before.geometries, before.found)
    assert [None if one is None else shapely.to_wkb(one) for one in before.geometries] == copies
    changed = {change.row for change in done.changes}
    for row, (old, new) in enumerate(zip(before.geometries, done.geometries, strict=True)):
        assert row in changed or new is old
    asked = {one.code for one in before.found if one.fixable}
    assert {change.code for change in done.changes} <= asked
    for change in done.changes:
        for language in LANGUAGES:
            assert Messages(language)(f"check.change_{change.code.lower()}", row=change.row + 1, **change.facts)


def test_the_area_of_a_bow_tie_is_that_of_both_loops():
    _, done, _ = mended(CASES["bow_tie"]())
    loops = box(0, 0, 400, 400)
    assert measure.geodesic_m2(done.geometries[0]) == pytest.approx(measure.geodesic_m2(loops) / 2, rel=1e-4)
    assert done.changes[0].area_after_m2 == pytest.approx(measure.geodesic_m2(done.geometries[0]))


def test_a_spike_goes_and_the_rest_stays_to_the_last_digit():
    before, done, _ = mended(CASES["spike_of_two_kilometres"]())
    old = set(map(tuple, shapely.get_coordinates(before.geometries[0]).tolist()))
    new = set(map(tuple, shapely.get_coordinates(done.geometries[0]).tolist()))
    assert new < old
    assert len(old - new) == 1
    (change,) = done.changes
    assert (change.code, change.vertices_before - change.vertices_after) == ("SPIKE", 1)


def test_land_that_two_have_is_not_decided_about():
    before, done, _ = mended(CASES["overlap_of_three_metres"]())
    assert not any(one.fixable for one in before.found)
    assert done.changes == ()


def test_a_strip_that_two_have_stays_with_the_first():
    before, done, _ = mended(CASES["a_strip_that_two_have"]())
    assert done.geometries[0] is before.geometries[0]
    lost = measure.geodesic_m2(before.geometries[1]) - measure.geodesic_m2(done.geometries[1])
    assert lost == pytest.approx(200, rel=1e-3)


def test_a_strip_that_none_has_goes_to_one_of_them():
    before, done, _ = mended(CASES["a_strip_that_none_has"]())
    areas = [sum(measure.geodesic_m2(one) for one in shapes) for shapes in (before.geometries, done.geometries)]
    assert areas[1] - areas[0] == pytest.approx(160, rel=1e-3)


def test_a_part_within_a_part_is_left_to_a_person():
    before, done, _ = mended(CASES["a_part_within_a_part"]())
    assert any(one.code == "NESTED_PARTS" for one in before.found)
    assert done.changes == ()


def test_only_what_the_findings_say_is_mended():
    case = CASES["crossing_and_spike_and_a_vertex_twice"]()
    before = checked(case)
    done = mend(before.layer, before.geometries, [one for one in before.found if one.code == "DUPLICATE_VERTEX"])
    assert [change.code for change in done.changes] == ["DUPLICATE_VERTEX"]
    assert not shapely.is_valid(done.geometries[0])


def test_what_was_only_counted_is_mended_as_well():
    many = 260
    square = shapely.Polygon([(0, 0), (400, 0), (400, 0), (400, 400), (0, 400)])
    corners = [np.array([113.9 + at * 1e-3, 22.7]) for at in range(many)]
    row_of_them = [shapely.transform(square, lambda xy, corner=corner: xy * 1e-6 + corner) for corner in corners]
    case = Case(row_of_them, [name("unit-05")] * many, [Expected("DUPLICATE_VERTEX")])
    before = checked(case)
    assert sum(one.code == "DUPLICATE_VERTEX" for one in before.found) == 200
    (more,) = [one for one in before.found if one.code == "MORE_FINDINGS" and one.facts["of"] == "DUPLICATE_VERTEX"]
    assert more.facts["count"] == 60
    done = mend(before.layer, before.geometries, before.found)
    assert sum(change.code == "DUPLICATE_VERTEX" for change in done.changes) == many
