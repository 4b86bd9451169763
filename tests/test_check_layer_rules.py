"""Rules between features: what is land of two, land of none, and what is neither."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from broken_layers import CASES, checked
from broken_layers.case import HOME, array, box, degrees, name, ring

from gm_map import measure
from gm_map.check import layer_rules
from gm_map.check.results import Identity, Layer, Severity
from gm_map.check.thresholds import THRESHOLDS
from gm_map.model import Level


def find(*shapes, levels=None):
    layer = Layer("a.gpkg", "GPKG", array(shapes), {}, None, "", "utf-8")
    identities = [Identity(row, "", None, level, "name", 1.0) for row, level in enumerate(levels or [])]
    return layer_rules.find(layer, layer.geometries, identities)


def codes(found):
    return sorted(one.code for one in found)


def one_of(case, code):
    return next(one for one in checked(CASES[case]()).found if one.code == code)


def test_how_much_land_two_have():
    found = one_of("overlap_of_a_tenth_of_a_square_kilometre", "OVERLAP")
    assert found.facts["area_km2"] == f"{measure.geodesic_km2(box(-200, -250, 200, 0)):.3f}" == "0.100"
    assert found.severity == Severity.ERROR
    assert not found.fixable


@pytest.mark.parametrize("case", ["a_gap_of_four_metres_open_at_both_ends", "a_gap_of_four_metres_enclosed"])
def test_how_wide_and_long_a_gap_is(case):
    found = one_of(case, "GAP")
    assert (found.facts["width_m"], found.facts["length_m"]) == ("4.0", "380")
    assert found.others == (1,)
    assert found.facts["other"] == name("unit-06")


def test_a_gap_that_opens_is_measured_where_it_is_one():
    found = one_of("a_gap_that_opens_at_its_end", "GAP")
    assert float(found.facts["width_m"]) == pytest.approx(4, abs=0.3)
    assert float(found.facts["length_m"]) == pytest.approx(380, abs=10)


def test_a_corner_between_two_outlines_is_no_gap():
    left = ring((0, 0), (400, 0), (300, 400), (0, 400))
    right = ring((400, 0), (800, 0), (800, 400), (430, 400))
    assert codes(find(left, right)) == []


def test_a_street_is_no_gap():
    assert codes(find(box(0, 0, 400, 400), box(424, 0, 800, 400))) == []


def test_a_bay_and_a_hole_of_one_feature_are_no_gaps():
    bay = ring((0, 0), (400, 0), (400, 198), (100, 198), (100, 202), (400, 202), (400, 400), (0, 400))
    hole = ring((0, 500), (400, 500), (400, 900), (0, 900), holes=[((100, 600), (100, 604), (300, 604), (300, 600))])
    assert codes(find(bay, hole)) == []


def test_a_large_hole_between_features_is_only_said():
    wide = [box(0, 0, 400, 100), box(0, 300, 400, 400), box(0, 100, 100, 300), box(300, 100, 400, 300)]
    (found,) = [one for one in find(*wide) if one.code == "GAP"]
    assert found.severity == Severity.NOTE


def test_levels_lie_over_one_another():
    shapes = [box(0, 0, 400, 400), box(0, 0, 200, 400), box(200, 0, 400, 400)]
    assert codes(find(*shapes, levels=[Level.ZONE, Level.UNIT, Level.UNIT])) == []
    assert codes(find(*shapes)) == ["EDGE_MISMATCH", "OVERLAP", "OVERLAP"]


def test_a_feature_that_is_no_place_is_held_against_the_only_level():
    shapes = [box(0, 0, 200, 400), box(200, 0, 400, 400), box(150, 0, 250, 400)]
    assert "OVERLAP" in codes(find(*shapes, levels=[Level.UNIT, Level.UNIT, None]))
    around = [box(0, 0, 200, 400), box(200, 0, 400, 400), box(-100, -100, 500, 500)]
    assert codes(find(*around, levels=[Level.UNIT, Level.UNIT, None])) == []


def test_how_much_of_a_feature_stands_twice():
    assert one_of("a_unit_twice", "DUPLICATE").facts["percent"] == "100.0"
    assert float(one_of("a_unit_twice_nearly", "DUPLICATE").facts["percent"]) == pytest.approx(98.0, abs=0.1)
    assert not any(one.code == "OVERLAP" for one in checked(CASES["a_unit_twice_nearly"]()).found)


def test_a_strip_is_mendable_and_an_overlap_is_not():
    strip = one_of("a_strip_that_two_have", "SLIVER")
    assert (strip.fixable, strip.others) == (True, (1,))
    assert (strip.facts["width_m"], strip.facts["area_m2"]) == ("0.50", "200")
    assert not one_of("a_feature_of_three_metres", "SLIVER").fixable


def test_a_dense_tangle_is_cut_short_and_counted():
    rng = np.random.default_rng(3)
    shapes = [degrees(shapely.Point(*xy).buffer(120, quad_segs=2)) for xy in rng.uniform(0, 1000, (80, 2))]
    found = find(*shapes)
    overlaps = [one for one in found if one.code == "OVERLAP"]
    (more,) = [one for one in found if one.code == "MORE_FINDINGS" and one.facts["of"] == "OVERLAP"]
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="overlaps")
    assert len(overlaps) + more.facts["count"] == pytest.approx((pairs[0] < pairs[1]).sum(), abs=10)  # some only graze
    assert len(overlaps) <= THRESHOLDS.most_per_code
    areas = [float(one.facts["area_km2"]) for one in overlaps]
    assert areas == sorted(areas, reverse=True)


def test_broken_and_missing_shapes_do_not_stop_the_others():
    assert codes(find(None, shapely.Point(1, 1), box(0, 0, 400, 400), box(300, 0, 700, 400))) == [
        "EDGE_MISMATCH",
        "OVERLAP",
    ]
    assert HOME == "unit-05"
