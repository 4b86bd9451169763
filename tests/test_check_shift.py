"""The datum guard: GCJ-02, BD-09 and old datums are found out, honest drawing differences are not accused."""

import numpy as np
import pytest
import shapely

from gm_map import datum, measure
from gm_map.check import shift
from gm_map.check.results import Identity
from gm_map.district import load
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import Level

HONEST = ["noise", "common noise", "warp", "simplified", "moved", "coarse"]


@pytest.fixture(scope="module")
def district():
    return load()


@pytest.fixture(scope="module")
def sets(district):
    """Layers to try: shapes, and who they are."""
    found = {}
    for name, levels in {
        "all": tuple(Level),
        "corridor": (Level.CORRIDOR,),
        "zones": (Level.ZONE,),
        "clusters": (Level.CLUSTER,),
        "units": (Level.UNIT,),
    }.items():
        ids = [place.id for level in levels for place in district.catalogue.at(level)]
        found[name] = (np.array([district.shape(id_) for id_ in ids], dtype=object), named(ids))
    found["units without names"] = (found["units"][0], named([None] * 21))
    for kind in ("street", "district"):
        shapes = [
            shapely.geometry.shape(feature["geometry"])
            for feature in district.background
            if feature["properties"]["kind"] == kind
        ]
        found[kind] = (np.array(shapes, dtype=object), named([None] * len(shapes)))
    return found


def named(ids):
    return [Identity(row, id_ or "", id_, None, "id" if id_ else "none", 1.0) for row, id_ in enumerate(ids)]


def put(geometries, target):
    return shapely.transform(geometries, lambda x, y: datum.convert(x, y, "wgs84", target), interleaved=False)


def flat(geometries, change):
    return measure.to_degrees(shapely.transform(measure.to_metres(geometries), change))


def shaken(geometries, metres, chance):
    def change(points):
        corners, back = np.unique(points.round(1), axis=0, return_inverse=True)
        return points + chance.normal(0.0, metres, corners.shape)[back.ravel()]

    return flat(geometries, change)


def warped(geometries, metres, chance):
    """Smooth waves of 6 km and longer, ``metres`` high at most."""
    turns = chance.uniform(-2 * np.pi / 6000, 2 * np.pi / 6000, (6, 2))
    starts, heights = chance.uniform(0, 2 * np.pi, (6, 2)), chance.normal(0, 1, (6, 2))

    def change(points):
        waves = sum(h * np.sin((points @ k)[:, None] + s) for k, s, h in zip(turns, starts, heights, strict=True))
        return points + waves / np.abs(waves).max() * metres

    return flat(geometries, change)


def honest(geometries, how, seed):
    chance = np.random.default_rng(seed)
    if how == "noise":
        return np.array([shaken(one, 50.0, chance) for one in geometries], dtype=object)
    if how == "common noise":
        return shaken(geometries, 50.0, chance)
    if how == "warp":
        return warped(geometries, 50.0, chance)
    if how == "simplified":
        return measure.to_degrees(shapely.simplify(measure.to_metres(geometries), 50.0))
    if how == "moved":
        turn = chance.uniform(0, 2 * np.pi)
        return flat(geometries, lambda points: points + 50.0 * np.array([np.cos(turn), np.sin(turn)]))
    return shaken(geometries, 200.0, chance)


ALL = ["all", "corridor", "zones", "clusters", "units", "units without names", "street", "district"]


@pytest.mark.parametrize("target", ["gcj02", "bd09"])
@pytest.mark.parametrize("name", ALL)
def test_a_shifted_datum_is_found_out(district, sets, name, target):
    shapes, identities = sets[name]
    found = shift.guard(put(shapes, target), identities, district)
    assert found.datum == target
    assert found.confidence >= 0.9
    assert found.after_m < 20 < 100 < found.before_m
    (finding,) = shift.findings(found)
    assert (finding.code, finding.severity) == ("DATUM_SHIFT", "error")
    metres = {"gcj02": (560, 640), "bd09": (1000, 1300)}[target]
    assert metres[0] < finding.facts["metres"] < metres[1]
    for language in LANGUAGES:
        assert f"{finding.facts['metres']:.0f}" in Messages(language)("finding.datum_shift", **finding.facts)


@pytest.mark.parametrize("name", ALL)
def test_the_true_place_is_not_accused(district, sets, name):
    found = shift.guard(*sets[name], district)
    assert (found.datum, shift.findings(found)) == ("wgs84", [])
    assert found.confidence >= 0.9
    assert found.before_m < 1.0


@pytest.mark.parametrize("how", HONEST)
@pytest.mark.parametrize("name", ["corridor", "zones", "units", "street", "units without names"])
def test_honest_drawing_is_not_accused(district, sets, name, how):
    shapes, identities = sets[name]
    for seed in range(2):
        found = shift.guard(honest(shapes, how, seed), identities, district)
        assert found.datum == "wgs84", (how, seed)


@pytest.mark.parametrize("target", ["gcj02", "bd09"])
@pytest.mark.parametrize("how", ["common noise", "warp", "coarse"])
@pytest.mark.parametrize("name", ["all", "zones", "units"])
def test_a_shifted_datum_is_found_out_in_spite_of_the_drawing(district, sets, name, how, target):
    shapes, identities = sets[name]
    found = shift.guard(put(honest(shapes, how, 7), target), identities, district)
    assert found.datum == target
    assert found.confidence >= 0.9


@pytest.mark.parametrize("name", ["zones", "units", "street"])
def test_an_old_datum_read_as_wgs84_is_a_shift(district, sets, name):
    """Xi'an 1980 lies about 100 m east and a little north of CGCS2000's numbers."""
    shapes, identities = sets[name]
    found = shift.guard(flat(shapes, lambda points: points + np.array([100.0, 20.0])), identities, district)
    assert found.datum == shift.SHIFTED
    assert found.confidence >= 0.9
    assert (found.east_m, found.north_m) == (pytest.approx(-100.0, abs=5), pytest.approx(-20.0, abs=5))


def test_beijing_1954_read_as_wgs84_is_too_near_to_be_told(district, sets):
    shapes, identities = sets["units"]
    found = shift.guard(flat(shapes, lambda points: points + np.array([-53.0, 11.0])), identities, district)
    assert found.datum == "wgs84"


def test_a_layer_that_follows_no_line_is_not_decided(district):
    chance = np.random.default_rng(2)
    west, south, east, north = district.bounds
    for size in (100.0, 400.0, 1500.0):
        spots = shapely.points(chance.uniform(west, east, 25), chance.uniform(south, north, 25))
        fields = measure.to_degrees(shapely.buffer(measure.to_metres(spots), size, quad_segs=4))
        found = shift.guard(fields, named([None] * 25), district)
        assert found.datum == "wgs84"
        assert found.confidence <= 0.5
        assert shift.findings(found) == []


@pytest.mark.parametrize(
    "geometries",
    [[], [None], [shapely.Point(113.9, 22.7)], [shapely.Polygon()], [shapely.LineString([(np.inf, 1), (2, 3)])]],
)
def test_without_lines_nothing_is_said(district, geometries):
    found = shift.guard(np.array(geometries, dtype=object), named([None] * len(geometries)), district)
    assert (found.datum, found.confidence, found.count) == ("wgs84", 0.0, 0)


def test_a_name_on_the_other_side_of_the_district_is_no_shift(district):
    shapes = np.array([district.shape(id_) for id_ in ("unit-01", "unit-14", "unit-16")], dtype=object)
    found = shift.guard(shapes, named(["unit-14", "unit-16", "unit-01"]), district)
    assert (found.datum, shift.findings(found)) == ("wgs84", [])
    assert found.confidence <= 0.5


@pytest.mark.parametrize("target", ["gcj02", "bd09"])
def test_what_is_asked_to_be_read_back_comes_back(sets, target):
    shapes = np.array([*sets["zones"][0], None], dtype=object)
    back = shift.read_back(put(shapes, target), target)
    assert back[3] is None
    assert shapely.equals_exact(back[:3], shapes[:3], tolerance=1e-8).all()
    with pytest.raises(ValueError, match="mars"):
        shift.read_back(shapes, "mars")


def test_nothing_is_moved_by_looking(district, sets):
    shapes, identities = sets["zones"]
    given = put(shapes, "gcj02")
    before = shapely.to_wkb(given).tolist()
    shift.guard(given, identities, district)
    assert shapely.to_wkb(given).tolist() == before
