"""The shipped geometry passes its door, what is broken does not, and the district answers for its shapes."""

import dataclasses
import re
import subprocess
import sys

import broken
import pytest
import shapely

from gm_map import catalogue, district, measure
from gm_map.errors import DataError
from gm_map.model import WGS84, Level
from tree import ROOT


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


@pytest.fixture(scope="module")
def here(plan):
    return district.load(catalogue=plan)


# What is shipped


def test_every_place_has_an_outline_in_the_plans_order(here, plan):
    assert list(here.outlines) == list(plan.places)
    for id_ in plan.places:
        assert here.shape(id_).equals(shapely.geometry.shape(here.geojson(id_)))


def test_an_outline_says_how_it_was_made(here, plan):
    for id_, outline in here.outlines.items():
        assert outline.method == "indicative"
        assert outline.construction.zh, id_
        assert outline.construction.en, id_
        assert {side.source_id for side in outline.sides} <= set(plan.sources), id_
        assert set(outline.sources) <= set(plan.sources), id_
        whole = sum(side.length_m for side in outline.sides)
        assert whole == pytest.approx(measure.length_m(outline.shape), rel=0.01), id_
    assert {id_ for id_ in plan.places if here.fitted(id_)} == {"zone-1", "zone-2", "zone-3"}


def test_units_have_the_shares_of_their_cluster(here, plan):
    for cluster in plan.at(Level.CLUSTER):
        parts = shapely.union_all([here.shape(unit) for unit in plan.children(cluster.id)])
        assert measure.geodesic_m2(parts.symmetric_difference(here.shape(cluster.id))) < 10


def test_neighbours_share_a_side_and_know_each_other(here, plan):
    for id_ in plan.places:
        for other in here.neighbours(id_):
            assert id_ in here.neighbours(other)
            assert plan.places[id_].level == plan.places[other].level
            assert shapely.touches(here.shape(id_), here.shape(other))
    assert here.neighbours("corridor-1") == ()
    assert any(here.neighbours(unit.id) for unit in plan.at(Level.UNIT))


def test_a_label_stands_inside_its_place(here):
    for id_, outline in here.outlines.items():
        latitude, longitude = here.label_point(id_)
        assert outline.shape.contains(shapely.Point(longitude, latitude)), id_


def test_the_way_is_measured_from_the_label_to_the_nearest_of_a_kind(here):
    stations = [f for f in here.background if f["properties"]["kind"] == "station"]
    for id_ in ("unit-04", "unit-17", "zone-1"):
        latitude, longitude = here.label_point(id_)
        reaches = {reach["kind"]: reach for reach in here.reaches(id_)}
        assert set(reaches) == set(district.REACHES)
        ways = {
            f["properties"]["name"]: measure.distance_m(longitude, latitude, *f["geometry"]["coordinates"])
            for f in stations
        }
        nearest = min(ways, key=ways.get)
        assert reaches["station"]["name"] == nearest
        assert reaches["station"]["metres"] == pytest.approx(ways[nearest], abs=0.01)


def test_a_frame_is_indexed_by_id_and_knows_its_system(here, plan):
    frame = here.frame(Level.ZONE)
    assert list(frame.index) == ["zone-1", "zone-2", "zone-3"]
    assert frame.crs == WGS84
    assert frame.loc["zone-2", "stated_km2"] == 20.6
    assert list(here.frame(Level.UNIT)["name"]) == [place.name.zh for place in plan.at(Level.UNIT)]


def test_the_district_cannot_be_changed(here):
    with pytest.raises(TypeError):
        here.outlines["unit-22"] = here.outlines["unit-21"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        here.version = "other"


def test_all_lies_within_the_bounds(here):
    west, south, east, north = here.bounds
    for outline in here.outlines.values():
        left, bottom, right, top = outline.shape.bounds
        assert west <= left < right <= east
        assert south <= bottom < top <= north


def test_loading_takes_no_pandas():
    code = "import sys; from gm_map import district; district.load(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True).stdout.decode()
    assert not {"pandas", "geopandas", "matplotlib"} & set(loaded.split())


# What is broken


@pytest.mark.parametrize("path", broken.cases("built"), ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_its_faults(path, plan, tmp_path):
    case = broken.description(path)
    folder = broken.copy("built", tmp_path)
    broken.break_it(folder, case)
    if "source" in case:
        source = broken.copy("source", tmp_path)
        broken.break_it(source, case["source"])
        plan = catalogue.load(source)
    with pytest.raises(DataError) as caught:
        district.load(folder, plan)
    found = [str(fault) for fault in caught.value.faults]
    # A star stands for a figure or a hash that every new construction changes; “more” for faults at the neighbours.
    wanted = [re.escape(fault).replace(r"\*", r"[\w.]+") for fault in case["faults"]]
    assert all(any(re.fullmatch(fault, other) for other in found) for fault in wanted), found
    assert case.get("more") or len(found) == len(wanted), found


def test_faults_of_several_files_come_in_one_error(plan, tmp_path):
    folder = broken.copy("built", tmp_path)
    for rule in ("crs-member", "axes-swapped", "background-kind"):
        broken.break_it(folder, broken.description(broken.INVALID / "built" / f"{rule}.yaml"))
    with pytest.raises(DataError) as caught:
        district.load(folder, plan)
    places = {fault.place.split()[0] for fault in caught.value.faults}
    assert places == {"zones.geojson", "units.geojson", "background.geojson"}


def test_no_file_at_all_is_a_fault_for_each(plan, tmp_path):
    with pytest.raises(DataError) as caught:
        district.load(tmp_path, plan)
    assert len(caught.value.faults) == 6
