"""Broken layers: each fault is found with its code, its feature and its place, and sound ones are left alone."""

from __future__ import annotations

import pytest
import shapely
from broken_layers import CASES, checked
from broken_layers.case import array, district, findings, shapes

from gm_map import measure
from gm_map.check.codes import CODES
from gm_map.check.results import Layer, Severity
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import WGS84, Level

TRUE_TO_M = 1.0
# What the shipped map has on purpose: land in the middle of the district that belongs to no zone.
ON_PURPOSE = {"GAP"}


def fits(finding, expected) -> bool:
    """Whether a finding is the one that is expected, at its place."""
    if finding.code != expected.code or (expected.row is not None and finding.row != expected.row):
        return False
    if expected.where is None:
        return True
    return finding.lon is not None and measure.distance_to_m(finding.lon, finding.lat, expected.where) <= TRUE_TO_M


@pytest.mark.parametrize("name", CASES)
def test_a_broken_layer_gives_its_findings(name):
    case = CASES[name]()
    found = checked(case).found
    for expected in case.expected:
        here = [(one.code, one.row, one.lon, one.lat) for one in found]
        assert any(fits(one, expected) for one in found), f"{expected} is not among {here}"


@pytest.mark.parametrize("name", CASES)
def test_a_broken_layer_is_accused_of_nothing_else(name):
    case = CASES[name]()
    wrong = {one.code for one in checked(case).found if one.severity == Severity.ERROR}
    assert wrong <= {expected.code for expected in case.expected} | case.also


@pytest.mark.parametrize("name", CASES)
def test_findings_can_be_told_in_both_languages(name):
    for one in checked(CASES[name]()).found:
        assert one.code in CODES
        for language in LANGUAGES:
            told = Messages(language)(f"finding.{one.code.lower()}", **one.facts)
            assert "{" not in told


def test_there_are_enough_of_them():
    three = [name for name in CASES if len(CASES[name]().expected) >= 3]
    assert len(CASES) >= 40
    assert len(three) >= 4


@pytest.mark.parametrize("levels", [*[[level] for level in Level], list(Level)], ids=str)
def test_the_shipped_layers_are_clean(levels):
    drawn = [pair for level in levels for pair in zip(*shapes(level), strict=True)]
    geometries = array([shape for shape, _ in drawn])
    layer = Layer("", "GeoJSON", geometries, {"name": tuple(name for _, name in drawn)}, WGS84, "format", "utf-8")
    found = findings(layer, geometries).found
    assert {one.code for one in found} <= ON_PURPOSE
    assert all(one.severity == Severity.NOTE for one in found)


def test_a_sound_layer_of_three_sound_squares_gives_nothing():
    from broken_layers.case import box, name

    geometries = array([box(0, 0, 400, 400), box(400, 0, 800, 400), box(0, 400, 400, 800)])
    names = tuple(name(id_) for id_ in ("unit-05", "unit-06", "unit-07"))
    layer = Layer("", "GeoJSON", geometries, {"name": names}, WGS84, "format", "utf-8")
    assert {one.code for one in findings(layer, geometries).found} == {"MISSING_PLACE"}


def test_a_layer_without_features_gives_nothing():
    layer = Layer("", "GeoJSON", array([]), {}, None, "", "utf-8")
    assert findings(layer, array([])).found == []


def test_nothing_is_asked_of_the_district_but_its_map():
    assert shapely.is_valid(district().shape("unit-05"))
