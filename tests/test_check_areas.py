"""The verdict on every area, the figures of a file against its shapes, and three sums that are not the same."""

import dataclasses
import doctest
import re

import numpy as np
import pytest
import shapely
from shapely import affinity

from benchmarks import areas as against
from gm_map import district as district_module
from gm_map import measure
from gm_map.check import areas, identify
from gm_map.check.results import Identity, Judgement, Layer
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import WGS84, Level


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture(scope="module")
def shipped(district):
    return identify.shipped(district)


def redrawn(shipped, off=0.0, **shapes):
    """A layer that says nothing of its making but how far it may be off (km²)."""
    whole = {**shipped.shapes, **{name.replace("_", "-"): shape for name, shape in shapes.items()}}
    return dataclasses.replace(shipped, shapes=whole, fitted=frozenset(), uncertainty_km2=dict.fromkeys(whole, off))


def scaled(shape, factor):
    side = factor**0.5
    return affinity.scale(shape, side, side)


def of(found, place_id):
    return next(one for one in found if one.place_id == place_id)


def sentences(found):
    for language in LANGUAGES:
        t = Messages(language)
        for one in found:
            text = t(f"verdict.{one.why}", **one.facts)
            assert "Said(" not in text
            assert "Text(" not in text


# ---- against another implementation ----


@pytest.mark.parametrize("way", against.WAYS)
def test_areas_are_those_of_planimeter(way):
    """To a ten-millionth: all places, the areas of the background, and a hundred random polygons with holes."""
    count, relative, _ = against.worst([*against.shipped(), *against.random_polygons(100)], way)
    assert count >= 80
    assert relative < 1e-7


def test_the_random_polygons_have_holes():
    drawn = against.random_polygons(100)
    assert all(shape.is_valid and len(shape.interiors) == 1 for shape in drawn)


# ---- the verdict ----


def test_the_example_comes_out():
    assert doctest.testmod(areas).attempted == 1
    assert doctest.testmod(areas).failed == 0


@pytest.mark.parametrize(
    ("difference", "uncertainty", "wanted"),
    [
        (0.05, 0, "agrees"),
        (20.65 - 20.6, 0, "agrees"),
        (-0.05, 0, "agrees"),
        (0.0501, 0, "disagrees"),
        (0.02, 0.03, "agrees"),
        (0.02, 0.031, "cannot be decided"),
        (-0.2, 0.1, "disagrees"),
        (-0.2, 0.2, "cannot be decided"),
        (-0.2, 0.6, "cannot be decided"),
        (0.15, 0.1, "cannot be decided"),
    ],
)
def test_agrees_disagrees_or_cannot_be_decided(difference, uncertainty, wanted):
    assert areas.judge(difference, uncertainty) == wanted


def test_the_shipped_map_proves_nothing_of_itself(district, shipped):
    found = areas.verdicts(shipped, district)
    assert [one.place_id for one in found] == list(district.catalogue.places)
    assert {one.judgement for one in found} == {Judgement.UNDECIDED}
    assert {one.why for one in found if one.level == Level.ZONE} == {"fitted"}
    assert {one.why for one in found if one.level != Level.ZONE} == {"no_figure"}
    assert areas.findings(found, shipped) == []
    assert all(0 < one.projected_km2 / one.area_km2 - 1 < 20e-6 for one in found)
    assert of(found, "zone-3").area_km2 == district.area_km2("zone-3")
    assert of(found, "zone-1").uncertainty_km2 == district.uncertainty_km2("zone-1")
    assert all(one.causes == () for one in found)
    sentences(found)


@pytest.mark.parametrize(
    ("factor", "off", "judgement", "why"),
    [
        (1.0, 0.0, "agrees", "agrees_exact"),
        (1.0, 0.01, "agrees", "agrees"),
        (1.01, 0.0, "disagrees", "disagrees_exact"),
        (1.01, 0.1, "disagrees", "disagrees"),
        (1.01, 0.6, "cannot be decided", "undecided"),
    ],
)
def test_a_redrawn_zone(district, shipped, factor, off, judgement, why):
    drawing = redrawn(shipped, off, zone_3=scaled(district.shape("zone-3"), factor))
    found = areas.verdicts(drawing, district)
    one = of(found, "zone-3")
    assert (one.judgement, one.why) == (judgement, why)
    assert bool(one.causes) == (judgement == "disagrees")
    sentences(found)
    for finding in areas.findings(found, drawing):
        assert (finding.code, finding.severity, finding.place_id) == ("AREA_DISAGREES", "error", "zone-3")
        assert shapely.contains_xy(drawing.shapes["zone-3"], finding.lon, finding.lat)
        for language in LANGUAGES:
            assert "47.2" in Messages(language)("finding.area_disagrees", **finding.facts)


def test_the_sentence_has_no_more_digits_than_are_known(district, shipped):
    drawing = redrawn(shipped, 0.63, zone_1=scaled(district.shape("zone-1"), 15.97 / 16))
    one = of(areas.verdicts(drawing, district), "zone-1")
    text = Messages("zh")(f"verdict.{one.why}", **one.facts)
    assert "差 −0.03 km²（−0.2 %），界线不确定度 ± 0.63 km²" in text
    # Just beyond the tolerance: not shown as being on it.
    drawing = redrawn(shipped, zone_1=scaled(district.shape("zone-1"), 16.0503 / 16))
    one = of(areas.verdicts(drawing, district), "zone-1")
    assert one.judgement == Judgement.DISAGREES
    assert float(one.facts["difference"]) > 0.05


def test_what_is_missing_is_said_and_what_is_put_together_too(district, shipped):
    drawing = redrawn(shipped)
    few = {id_: shape for id_, shape in drawing.shapes.items() if id_ not in ("zone-1", "unit-05")}
    drawing = dataclasses.replace(drawing, shapes=few, derived=frozenset({"zone-2", "cluster-2"}))
    found = areas.verdicts(drawing, district)
    assert (of(found, "zone-1").why, of(found, "zone-1").area_km2) == ("missing", None)
    assert of(found, "unit-05").why == "missing"
    assert (of(found, "zone-2").why, of(found, "zone-2").judgement) == ("derived", "agrees")
    assert of(found, "cluster-2").why == "no_figure"
    sentences(found)


def test_a_shape_that_is_not_on_the_earth(district, shipped):
    drawing = redrawn(shipped, zone_1=shapely.box(400, 95, 401, 200), zone_2=shapely.Polygon())
    found = areas.verdicts(drawing, district)
    assert of(found, "zone-2").why == "no_area"
    assert of(found, "zone-1").judgement in ("cannot be decided", "disagrees")
    sentences(found)


def test_a_finding_is_called_as_in_the_file(district, shipped):
    drawing = redrawn(shipped, zone_3=scaled(district.shape("zone-3"), 0.1))
    drawing = dataclasses.replace(drawing, rows={"zone-3": 7})
    who = (Identity(7, "产业发展区（改）", "zone-3", Level.ZONE, "name", 0.9),)
    (finding,) = areas.findings(areas.verdicts(drawing, district, None, who), drawing)
    assert (finding.row, finding.name) == (7, "产业发展区（改）")
    assert "4.72" in Messages("en")("finding.area_disagrees", **finding.facts)


# ---- figures of a file ----


def layer_of(district, ids, **columns):
    shapes = np.array([district.shape(id_) for id_ in ids], dtype=object)
    layer = Layer("a", "GeoJSON", shapes, {k: tuple(v) for k, v in columns.items()}, WGS84, "format", "utf-8")
    who = [Identity(row, district.catalogue.places[id_].name.zh, id_, None, "name", 1.0) for row, id_ in enumerate(ids)]
    return layer, who, shapes


ZONES = ("zone-1", "zone-2", "zone-3")


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("stated_km2", (16.0, 20.6, 47.2)),
        ("面积", (1600, 2060, 4720)),
        ("面积_亩", ("24,000", "30,900", "70,800")),
        ("area", ("16 km²", "2060公顷", "7.08万亩")),
        ("Shape_Area", (16_000_048.1, 20_600_061.8, 47_200_142.0)),
        ("area_km2", (None, "", "-")),
    ],
)
def test_figures_that_are_right_are_left_alone(district, column, cells):
    layer, who, shapes = layer_of(district, ZONES, **{column: cells})
    assert areas.column_findings(layer, who, shapes) == []


def test_a_figure_that_is_a_tenth_is_found_and_named(district):
    layer, who, shapes = layer_of(district, ZONES, area_km2=(16.0, 2.06, 47.2))
    (finding,) = areas.column_findings(layer, who, shapes)
    assert (finding.code, finding.row, finding.place_id) == ("AREA_COLUMN_DISAGREES", 1, "zone-2")
    assert finding.facts["cause"].key == "cause.decimal_left"
    assert shapely.contains_xy(shapes[1], finding.lon, finding.lat)
    text = Messages("zh")("finding.area_column_disagrees", **finding.facts)
    assert re.search(r"2\.06 km².*20\.6 km²", text)


def test_a_column_in_another_unit_than_it_says(district):
    layer, who, shapes = layer_of(district, ZONES, area_km2=(1600.0, 2060.0, 4720.0))
    found = areas.column_findings(layer, who, shapes)
    assert {one.facts["cause"].key for one in found} == {"cause.unit_ha_as_km2"}
    assert len(found) == 3


def test_planar_degrees_and_web_mercator_are_recognised(district):
    degrees = [float(measure.planar_m2(district.shape(id_))) for id_ in ZONES]
    layer, who, shapes = layer_of(district, ZONES, Shape_Area=degrees)
    found = areas.column_findings(layer, who, shapes)
    assert [one.facts["cause"].key for one in found] == ["cause.degrees_figure"] * 3
    mercator = [float(measure.projected_km2(district.shape(id_), against_web())) * 1e6 for id_ in ZONES]
    layer, who, shapes = layer_of(district, ZONES, Shape_Area=mercator)
    found = areas.column_findings(layer, who, shapes)
    assert [one.facts["cause"].key for one in found] == ["cause.web_mercator_figure"] * 3
    assert {str(one.facts["unit"].key) for one in found} == {"check.unit_m2"}


def against_web():
    from gm_map.model import WEB_MERCATOR

    return WEB_MERCATOR


def test_swapped_rows_are_recognised(district):
    layer, who, shapes = layer_of(district, ZONES, area_km2=(16.0, 47.2, 20.6))
    found = areas.column_findings(layer, who, shapes)
    assert [one.facts["cause"].key for one in found] == ["cause.figure_of_other"] * 2


def test_shapes_that_cannot_be_measured_are_passed_over_and_the_rest_is_not(district):
    bow = shapely.Polygon([(113.9, 22.7), (113.92, 22.72), (113.92, 22.7), (113.9, 22.72)])
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(113.9, 22.7), (float("nan"), 22.72), (113.92, 22.7)])
    shapes = np.array([None, bow, broken, shapely.Point(113.9, 22.7), district.shape("unit-01")], dtype=object)
    layer = Layer("a", "KML", shapes, {"area_km2": (1.0, 9.0, 1.0, 1.0, 7.5)}, WGS84, "format", "utf-8")
    found = areas.column_findings(layer, (), shapes)
    assert [one.row for one in found] == [1, 4]
    assert found[0].name == "2"
    for one in found:
        assert Messages("en")("finding.area_column_disagrees", **one.facts)


# ---- the sums ----


def test_three_different_things_are_said_to_be_three(district, shipped):
    found = dict(areas.sums(shipped, district))
    assert list(found) == ["zones_fitted", "district", "science_city"]
    assert (found["zones_fitted"]["total"], found["zones_fitted"]["drawn"]) == ("83.8", "83.80")
    assert (found["district"]["drawn"], found["district"]["published"]) == ("160.9", "155.4–156.1")
    assert (found["district"]["share"], found["district"]["published_share"]) == ("52.1", "53.7–53.9")
    assert found["science_city"] == {"total": "83.8", "outside": "15.2", "city": "99"}
    for language in LANGUAGES:
        for key, facts in found.items():
            assert Messages(language)(f"sums.{key}", **facts)


def test_the_sum_of_a_redrawn_layer(district, shipped):
    drawing = redrawn(shipped, 0.2, zone_3=district.shape("zone-3") | district.shape("unit-08"))
    found = dict(areas.sums(drawing, district))
    assert found["zones"]["difference"] == "+2.55"
    assert found["zones_overlap"]["common"] == "2.55"
    few = {id_: shape for id_, shape in drawing.shapes.items() if id_ != "zone-1"}
    found = dict(areas.sums(dataclasses.replace(drawing, shapes=few), district))
    assert [name.zh for name in found["zones_partly"]["names"]] == ["成果转化区", "产业发展区"]
    none = dict(areas.sums(dataclasses.replace(drawing, shapes={}), district))
    assert list(none) == ["zones_none", "district", "science_city"]
    for key, facts in (*found.items(), *none.items()):
        assert Messages("zh")(f"sums.{key}", **facts)
