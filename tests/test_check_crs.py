"""Which coordinate system a layer is in: declared, contradicted by its numbers, or found from them."""

import numpy as np
import pytest
import shapely

from gm_map import measure
from gm_map.check import crs
from gm_map.check.results import Layer
from gm_map.district import load
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import CGCS2000_GK_114, WGS84, Level

CODES = ("EPSG:4326", "EPSG:4547", "EPSG:4526", "EPSG:4548", "EPSG:32650", "EPSG:3857", "EPSG:2383", "EPSG:2435")


@pytest.fixture(scope="module")
def district():
    return load()


@pytest.fixture(scope="module")
def units(district):
    return np.array([district.shape(place.id) for place in district.catalogue.at(Level.UNIT)], dtype=object)


def layer(geometries, declared=None, names=(), crs_from="prj"):
    geometries = np.asarray(geometries, dtype=object)
    return Layer("x", "SHP", geometries, {"名称": tuple(names)} if names else {}, declared, crs_from, "utf-8")


def turned(geometries):
    return shapely.transform(geometries, lambda x, y: (y, x), interleaved=False)


def drawn_anew(units, metres=40.0, seed=3):
    """Outlines as somebody else would draw them: every side lies somewhere else, by some ten metres."""
    chance = np.random.default_rng(seed)

    def moved(points):
        corners, back = np.unique(points.round(1), axis=0, return_inverse=True)
        return points + chance.normal(0.0, metres, corners.shape)[back.ravel()]

    flat = measure.to_metres(units)
    return measure.to_degrees(np.array([shapely.transform(one, moved) for one in flat], dtype=object))


@pytest.mark.parametrize("code", CODES)
def test_what_is_declared_and_fits_is_taken(district, units, code):
    found = crs.read(layer(measure.to_metres(units, code), code), district)
    assert (found.detected, found.how, found.confidence, found.swapped) == (code, "declared", 1.0, False)
    assert not found.alternatives
    assert crs.findings(layer(units), found) == []


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("code", CODES)
def test_known_outlines_without_a_declaration_find_their_system(district, units, code, swapped):
    numbers = measure.to_metres(units, code)
    given = layer(turned(numbers) if swapped else numbers)
    found = crs.read(given, district)
    assert (found.detected, found.how, found.swapped) == (code, "numbers", swapped)
    assert found.confidence >= 0.9
    assert all(metres <= crs.HARMLESS_M for _, metres in found.alternatives)
    codes = [finding.code for finding in crs.findings(given, found)]
    assert codes == ["CRS_ASSUMED", *(["AXES_SWAPPED"] if swapped else [])]
    back = crs.to_wgs84(given, found)
    for one, other in zip(back, units, strict=True):
        assert measure.geodesic_m2(one) == pytest.approx(measure.geodesic_m2(other), rel=1e-6)


def test_outlines_drawn_anew_leave_the_old_datums_open(district, units):
    found = crs.read(layer(measure.to_metres(drawn_anew(units))), district)
    assert found.detected == CGCS2000_GK_114
    assert found.confidence <= 0.5
    apart = dict(found.alternatives)
    assert apart["EPSG:2383"] == 130.0  # what nobody publishes
    assert 40 < apart["EPSG:2435"] < 110
    assert found.key == "ambiguous"


@pytest.mark.parametrize(("code", "other"), [("EPSG:4548", "EPSG:32650"), ("EPSG:32650", "EPSG:4548")])
def test_utm_and_gauss_krueger_are_told_apart_by_outlines_drawn_anew(district, units, code, other):
    names = [place.name.zh for place in district.catalogue.at(Level.UNIT)]
    found = crs.read(layer(measure.to_metres(drawn_anew(units), code), names=names), district)
    assert found.detected == code
    assert other not in dict(found.alternatives)


def test_utm_and_gauss_krueger_are_ambiguous_where_nothing_is_known(district):
    chance = np.random.default_rng(5)
    spots = measure.to_metres(shapely.points(chance.uniform(113.9, 113.97, 40), chance.uniform(22.74, 22.79, 40)))
    fields = measure.to_degrees(shapely.buffer(spots, chance.uniform(40, 150, 40)))
    found = crs.read(layer(measure.to_metres(fields, "EPSG:32650")), district)
    assert {found.detected, *dict(found.alternatives)} >= {"EPSG:4548", "EPSG:32650"}
    assert found.confidence <= 0.5
    assert dict(found.alternatives)["EPSG:32650"] > 900


@pytest.mark.parametrize(
    ("declared", "truly", "key"),
    [
        (WGS84, CGCS2000_GK_114, "declared_nowhere"),
        ("EPSG:4548", CGCS2000_GK_114, "declared_wrong"),
        (CGCS2000_GK_114, "EPSG:4548", "declared_wrong"),
        (CGCS2000_GK_114, "EPSG:4526", "declared_nowhere"),
        (CGCS2000_GK_114, WGS84, "declared_wrong"),
    ],
)
def test_a_declaration_that_the_numbers_contradict_is_not_taken(district, units, declared, truly, key):
    given = layer(measure.to_metres(units, truly), declared)
    found = crs.read(given, district)
    assert (found.detected, found.how) == (truly, "numbers")
    assert found.confidence <= crs.OVERRIDDEN
    assert found.facts["declared"] == declared
    assert found.key in (key, "declared_wrong")
    assert [finding.code for finding in crs.findings(given, found)] == ["CRS_CONTRADICTED"]


def test_degrees_with_latitude_first_are_read_the_other_way_round(district, units):
    given = layer(turned(units), WGS84, crs_from="format")
    found = crs.read(given, district)
    assert (found.detected, found.how, found.swapped) == (WGS84, "format", True)
    assert [finding.code for finding in crs.findings(given, found)] == ["AXES_SWAPPED"]
    assert shapely.equals_exact(crs.to_wgs84(given, found), units, tolerance=1e-12).all()


def test_a_declared_system_outside_the_table_is_used_as_it_is(district, units):
    declared = "+proj=laea +lat_0=22.75 +lon_0=113.93 +datum=WGS84 +units=m +type=crs"
    given = layer(measure.to_metres(units, declared), declared)
    found = crs.read(given, district)
    assert (found.detected, found.confidence) == (crs.CUSTOM, 1.0)
    assert shapely.equals_exact(crs.to_wgs84(given, found), units, tolerance=1e-7).all()


def test_a_layer_elsewhere_stays_where_it_says(district, units):
    beijing = shapely.transform(units, lambda points: points + np.array([2.5, 17.0]))
    found = crs.read(layer(beijing, WGS84), district)
    assert (found.detected, found.key, found.confidence) == (WGS84, "declared_far", crs.GUESS)
    assert found.facts["km"] > 1000
    assert crs.read(layer(beijing), district).key == "degrees_far"


def test_the_local_system_of_shenzhen_is_recognised_and_nothing_is_made_of_it(district, units):
    local = shapely.transform(measure.to_metres(units), lambda points: points - [390_000.0, 2_480_000.0])
    given = layer(local)
    found = crs.read(given, district)
    assert (found.detected, found.how, found.key) == (None, "none", "shenzhen_local")
    assert [finding.code for finding in crs.findings(given, found)] == ["CRS_UNKNOWN"]
    assert all(one is None for one in crs.to_wgs84(given, found))


def test_numbers_that_fit_nothing_are_said_to_fit_nothing(district):
    found = crs.read(layer([shapely.box(1e9, 1e9, 2e9, 2e9)]), district)
    assert (found.detected, found.key, found.confidence) == (None, "none", 0.0)


@pytest.mark.parametrize("geometries", [[], [None], [shapely.Polygon()], [shapely.Point(np.nan, np.nan)]])
@pytest.mark.parametrize("declared", [None, WGS84])
def test_a_layer_without_coordinates_has_no_system(district, geometries, declared):
    given = layer(geometries, declared)
    found = crs.read(given, district)
    assert (found.detected, found.key) == (None, "no_features")
    assert crs.findings(given, found) == []
    assert len(crs.to_wgs84(given, found)) == len(geometries)


@pytest.mark.parametrize("declared", [None, CGCS2000_GK_114, "rubbish"])
def test_broken_geometries_break_nothing_and_stay_broken(district, units, declared):
    flat = measure.to_metres(units)
    ring = shapely.get_coordinates(flat[0])
    ring[2] = [np.nan, np.inf]
    with np.errstate(invalid="ignore"):
        hole = shapely.Polygon(ring)
    west, south, east, north = flat[1].bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    given = layer([None, shapely.Polygon(), hole, bow, *flat], declared)
    found = crs.read(given, district)
    assert found.detected == CGCS2000_GK_114
    back = crs.to_wgs84(given, found)
    assert back[0] is None
    assert back[1].is_empty
    counts = shapely.get_num_coordinates(given.geometries)
    assert np.array_equal(shapely.get_num_coordinates(back), counts)
    assert not back[3].is_valid


def test_each_sentence_can_be_said(district, units):
    readings = [
        crs.read(layer(units, WGS84), district),
        crs.read(layer(measure.to_metres(units)), district),
        crs.read(layer(measure.to_metres(drawn_anew(units))), district),
        crs.read(layer(measure.to_metres(units), WGS84), district),
        crs.read(layer(measure.to_metres(units), "EPSG:4548"), district),
        crs.read(layer(shapely.transform(units, lambda points: points + 10.0)), district),
        crs.read(layer([shapely.box(1e9, 1e9, 2e9, 2e9)]), district),
        crs.read(layer([]), district),
    ]
    for language in LANGUAGES:
        t = Messages(language)
        for reading in readings:
            assert t(f"crs.{reading.key}", **reading.facts)
            assert t(f"crs.{reading.key}", **crs.told(reading.facts, language))
            for finding in crs.findings(layer([]), reading):
                assert t(f"finding.{finding.code.lower()}", **finding.facts)


def test_what_a_datum_leaves_open_is_said(district, units):
    keys = {
        code: [key for key, _ in crs.notes(crs.read(layer(measure.to_metres(units, code), code), district))]
        for code in ("EPSG:4547", "EPSG:2383", "EPSG:2435")
    }
    assert keys == {"EPSG:4547": [], "EPSG:2383": ["ballpark"], "EPSG:2435": ["doubt"]}
