"""What the build yields: counts, one coverage, stated areas, the words that lines fix, the same bytes each time."""

import csv
import json
import shutil
from itertools import pairwise

import numpy as np
import pytest
import shapely

from geodata import build
from gm_map import measure
from gm_map.errors import DataError

STATED = {"zone-1": 16.0, "zone-2": 20.6, "zone-3": 47.2}
COUNTS = {"corridor": 1, "zones": 3, "clusters": 5, "units": 21}
WORDS = {
    *("plan sentence", "street boundary", "longda line", "road", "railway", "expressway", "metro line"),
    *("district edge", "midway by area"),
}
LEAST_M2 = 1.0  # below a square metre overlaps and gaps are rounding


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return build.build(build.SOURCE, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def features(made):
    return {
        name.partition(".")[0]: {f["id"]: f for f in json.loads(data)["features"]}
        for name, data in made.items()
        if name.endswith(".geojson")
    }


@pytest.fixture(scope="module")
def shapes(features):
    return {
        id_: shapely.geometry.shape(feature["geometry"])
        for layer in features.values()
        for id_, feature in layer.items()
    }


def rows(name):
    with (build.SOURCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def children(features, layer, parent):
    return [id_ for id_, feature in features[layer].items() if feature["properties"]["parent_id"] == parent]


def point(row):
    return shapely.Point(float(row["lon"]), float(row["lat"]))


@pytest.fixture(scope="module")
def region():
    land = build.construct.ground(build.sources.read(build.SOURCE))
    return {id_: measure.to_degrees(shape) for id_, shape in land.regions.items()}


# The files


def test_twice_the_same_bytes(made, tmp_path):
    assert build.build(build.SOURCE, tmp_path) == made
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == made


def test_the_committed_files_are_those_that_the_sources_give():
    assert build.check(build.SOURCE, build.BUILT) == []


def test_a_check_says_which_file_and_which_feature_differ(made, tmp_path):
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "zones.geojson").unlink()
    (tmp_path / "stray.geojson").write_text("{}", encoding="utf-8")
    units = tmp_path / "units.geojson"
    units.write_bytes(units.read_bytes().replace(b'"id":"unit-07","level"', b'"id":"unit-07","Level"'))
    (tmp_path / "manifest.json").write_bytes(made["manifest.json"].replace(b"counts", b"count"))
    found = dict(build.check(build.SOURCE, tmp_path))
    assert found == {
        "zones.geojson": "missing",
        "stray.geojson": "nothing builds it",
        "units.geojson": "features unit-07",
        "manifest.json": "line 3",
    }


def test_the_manifest_counts_and_hashes(made, tmp_path):
    manifest = json.loads(made["manifest.json"])
    assert {name: manifest["counts"][name] for name in COUNTS} == COUNTS
    assert manifest["files"].keys() == made.keys() - {"manifest.json"}
    assert all(len(made[name]) == known["bytes"] for name, known in manifest["files"].items())
    source = tmp_path / "source"
    shutil.copytree(build.SOURCE, source)
    text = (source / "named_areas.csv").read_text(encoding="utf-8")
    (source / "named_areas.csv").write_text(text.replace("8.15", "8.16"), encoding="utf-8")
    other = json.loads(build.build(source, tmp_path / "built")["manifest.json"])
    assert other["version"] != manifest["version"], "a source that changed is another version"


def test_geojson_is_as_rfc_7946_has_it(made, features):
    for name, layer in features.items():
        document = json.loads(made[f"{name}.geojson"])
        assert set(document) == {"type", "features"}
        assert b"\r" not in made[f"{name}.geojson"]
        for id_, feature in layer.items():
            shape = shapely.geometry.shape(feature["geometry"])
            assert shape.is_valid, id_
            coordinates = shapely.get_coordinates(shape)
            assert (coordinates == coordinates.round(7)).all()
            for part in shapely.get_parts(shape):
                if part.geom_type == "Polygon":
                    assert part.exterior.is_ccw, id_


def test_counts(features):
    assert {name: len(features[name]) for name in COUNTS} == COUNTS


# One coverage


@pytest.mark.parametrize("layer", ["units", "clusters", "zones"])
def test_places_of_a_level_share_their_sides_vertex_for_vertex(features, shapes, layer):
    outlines = [shapes[id_] for id_ in features[layer]]
    assert shapely.coverage_is_valid(outlines)
    assert shapely.coverage_is_valid(outlines, gap_width=0.0005)  # degrees, some 50 m: no gap so narrow
    assert measure.overlaps(outlines, LEAST_M2) == []


@pytest.mark.parametrize(("layer", "below"), [("zones", "clusters"), ("clusters", "units")])
def test_the_parts_fill_the_whole(features, shapes, layer, below):
    for id_ in features[layer]:
        parts = shapely.union_all([shapes[part] for part in children(features, below, id_)])
        assert measure.geodesic_m2(shapely.symmetric_difference(parts, shapes[id_])) < LEAST_M2


def test_all_lies_in_the_district(features, shapes):
    for layer in ("corridor", "zones", "clusters", "units"):
        for id_ in features[layer]:
            assert measure.geodesic_m2(shapely.difference(shapes[id_], shapes["district"])) < LEAST_M2, id_


def test_the_streets_make_up_the_district(features, shapes):
    streets = [shapes[id_] for id_, f in features["background"].items() if f["properties"]["kind"] == "street"]
    assert shapely.coverage_is_valid(streets)
    assert shapely.coverage_union_all(streets).equals(shapes["district"])
    assert measure.geodesic_km2(shapes["district"]) == pytest.approx(160.9, abs=0.1)


@pytest.mark.parametrize("zone", STATED)
def test_a_zone_has_its_stated_area(shapes, zone):
    assert measure.geodesic_km2(shapes[zone]) == pytest.approx(STATED[zone], rel=1e-5)


def test_units_are_of_a_plausible_size_and_shape(features, shapes):
    for id_ in features["units"]:
        assert shapes[id_].geom_type == "Polygon"
        assert 2.0 <= measure.geodesic_km2(shapes[id_]) <= 7.6, id_
        hull = shapely.convex_hull(shapes[id_])
        assert measure.geodesic_m2(shapes[id_]) / measure.geodesic_m2(hull) > 0.7, id_


def test_no_spikes_and_no_arcs(features, shapes):
    """Free sides are straight and long; only source lines may turn in small steps or sharply."""
    for id_, feature in features["units"].items():
        free = [s for s in feature["properties"]["sides"] if s["fixed_by"] == "midway by area"]
        assert all(side["length_m"] >= 80 for side in free), id_
        ring = shapely.get_coordinates(measure.to_metres(shapes[id_]).exterior)[:-1]
        to, fro = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
        cosine = (to * fro).sum(axis=1) / np.hypot(*to.T) / np.hypot(*fro.T)
        assert np.degrees(np.arccos(cosine)).min() > 20, id_


# The words


def test_each_unit_holds_its_anchor_and_the_places_of_its_name(shapes):
    for row in rows("anchors.csv"):
        assert shapes[row["place_id"]].contains(point(row)), row["place_id"]
    for row in rows("landmarks.csv"):
        if row["draws_for"]:
            assert shapes[row["draws_for"]].contains(point(row)), row["name"]


def test_zone_1_lies_as_the_plan_says(shapes, region):
    zone = shapes["zone-1"]
    assert zone.geom_type == "Polygon"
    assert measure.share(zone, region["longda-east"]) > 0.9999
    assert measure.share(zone, region["street-xinhu"]) > 0.9999
    longda = measure.to_metres(shapes["longda"]).buffer(1)
    assert shapely.length(shapely.intersection(measure.to_metres(zone.boundary), longda)) > 800
    edge = measure.to_metres(shapes["district"].boundary).buffer(1)
    assert shapely.length(shapely.intersection(measure.to_metres(zone.boundary), edge)) > 5000
    assert shapely.length(shapely.intersection(measure.to_metres(zone.boundary), _flat(region["centre"]))) > 5000


def _flat(area):
    return measure.to_metres(area).buffer(1)


def test_zone_2_covers_the_centre_and_reaches_longda(shapes, region):
    zone = shapes["zone-2"]
    assert measure.share(region["centre"], zone) > 0.9999
    assert len(shapely.get_parts(zone)) <= 2
    longda = measure.to_metres(shapes["longda"]).buffer(1)
    assert shapely.length(shapely.intersection(measure.to_metres(zone.boundary), longda)) > 1000
    assert zone.contains(shapes["station-hsr-01"])


def test_zone_3_lies_in_its_four_streets(shapes, region):
    zone = shapes["zone-3"]
    assert zone.geom_type == "Polygon"
    four = shapely.union_all([region[f"street-{id_}"] for id_ in ("gongming", "matian", "yutang", "fenghuang")])
    assert measure.share(zone, four) > 0.9999


def test_the_corridor_is_a_band_along_longda(shapes):
    corridor = shapes["corridor-1"]
    assert corridor.geom_type == "Polygon"
    inside = shapely.intersection(shapes["longda"], corridor)
    assert measure.length_m(inside) == pytest.approx(measure.geodesic_m2(corridor) / 1000, rel=0.02)


# What is said of the sides


def test_sides_add_up_to_the_outline(features, shapes):
    sources = {row["id"] for name in ("sources.csv", "geo_sources.csv") for row in rows(name)}
    known = set(shapes) | {"other land", "district edge"}
    for layer in COUNTS:
        for id_, feature in features[layer].items():
            properties = feature["properties"]
            sides = properties["sides"]
            assert sum(side["length_m"] for side in sides) == pytest.approx(measure.length_m(shapes[id_]), abs=30), id_
            assert {side["faces"] for side in sides} <= known
            assert {side["fixed_by"] for side in sides} <= WORDS
            assert {side["source_id"] for side in sides} <= set(properties["sources"]) <= sources
            squares = sum((side["length_m"] * side["uncertainty_m"]) ** 2 for side in sides)
            assert properties["uncertainty_km2"] == pytest.approx(squares**0.5 / 1e6, abs=0.006)
            assert properties["area_fitted"] == (id_ in STATED)


@pytest.mark.parametrize("layer", ["units", "clusters", "zones"])
def test_what_two_places_say_of_their_common_side_agrees(features, layer):
    facing = {
        (id_, side["faces"]): [
            sum(s["length_m"] for s in feature["properties"]["sides"] if s["faces"] == side["faces"]),
            {s["uncertainty_m"] for s in feature["properties"]["sides"] if s["faces"] == side["faces"]},
        ]
        for id_, feature in features[layer].items()
        for side in feature["properties"]["sides"]
        if side["faces"] in features[layer]
    }
    for (one, other), (length, doubts) in facing.items():
        assert facing[other, one][0] == pytest.approx(length, abs=5), (one, other)
        assert facing[other, one][1] == doubts, (one, other)


def test_zone_1_has_two_sides_from_the_plan_s_words(features):
    said = [s for s in features["zones"]["zone-1"]["properties"]["sides"] if s["fixed_by"] == "plan sentence"]
    assert {side["faces"] for side in said} == {"other land", "district edge"}


def test_stations_stand_once(features):
    stations = [
        (feature["properties"]["name"], feature["geometry"]["coordinates"])
        for feature in features["background"].values()
        if feature["properties"]["kind"].startswith("station")
    ]
    assert len(stations) == len({name for name, _ in stations}) == 26


# Bad sources


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    shutil.copytree(build.SOURCE, folder)
    return folder


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer holds {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_faults_are_told_at_once(source, tmp_path):
    edit(source / "anchors.csv", "unit-05,113.94030,22.77500", "unit-05,22.77500,113.94030")
    edit(source / "limits.csv", "unit-06,in,centre", "unit-06,within,middle")
    edit(source / "regions.csv", "longda|gongchang|guangqiao|huaxia", "longda|gongchang|guangqiao|nowhere")
    edit(source / "other_land.csv", "other-02,", "other-01,")
    with pytest.raises(DataError) as caught:
        build.build(source, tmp_path / "built")
    told = {(fault.place, fault.field) for fault in caught.value.faults}
    assert {place.partition(" ")[0] for place, _ in told} == {
        *("anchors.csv", "limits.csv", "regions.csv", "other_land.csv")
    }
    assert len(told) == 5
    assert any("swap" in fault.remedy for fault in caught.value.faults)
    assert not (tmp_path / "built").exists(), "nothing is written from bad sources"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("anchors.csv", "113.94030", "east", "anchors.csv .* lon: .* wanted a number"),
        ("anchors.csv", "unit-05,", "unit-06,", "no unit-05"),
        ("streets.geojson", "113.97395,22.72433", "113.97495,22.72433", "share their sides vertex for vertex"),
        ("streets.geojson", '"type":"FeatureCollection"', '"type":', "GeoJSON FeatureCollection"),
        ("control_points.csv", "waterlogging", "hearsay", "id of a known source"),
        ("regions.csv", "113.93,22.775,", "113.70,22.775,", "longitude 113.8"),
        ("corridor.csv", "longda,500", "longdan,500", "id of a line"),
        ("limits.csv", "claim-058", "claim-999", "id of a known claim"),
    ],
)
def test_a_bad_source_is_refused(source, tmp_path, name, old, new, says):
    edit(source / name, old, new)
    with pytest.raises(DataError, match=says):
        build.build(source, tmp_path / "built")


def test_lines_that_do_not_close_and_land_that_does_not_suffice(source, tmp_path):
    edit(source / "regions.csv", "longda|gongchang|guangqiao|huaxia", "longda|gongchang|guangqiao")
    with pytest.raises(DataError, match="lines that close round the inner point"):
        build.build(source, tmp_path / "built")
    shutil.copy(build.SOURCE / "regions.csv", source)
    edit(source / "places.csv", ",16,五", ",60,五")
    with pytest.raises(DataError, match="the rules leave no such area"):
        build.build(source, tmp_path / "built")


def test_from_the_command_line(monkeypatch, capsys, source, tmp_path):
    monkeypatch.setattr(build.build, "__defaults__", (source, tmp_path / "built"))
    monkeypatch.setattr(build.check, "__defaults__", (source, tmp_path / "built"))
    assert build.main(["--check"]) == 1
    assert "zones.geojson: missing" in capsys.readouterr().out
    assert build.main([]) == 0
    assert len(capsys.readouterr().out.strip()) == 12
    assert build.main(["--check"]) == 0
    edit(source / "corridor.csv", "longda,500", "longdan,500")
    assert build.main([]) == 1
    assert "longdan" in capsys.readouterr().err


def test_neighbours_share_whole_segments(features, shapes):
    """Every segment inside the land that is coloured belongs to two units, turned the other way round."""
    segments = {}
    for id_ in features["units"]:
        for pair in pairwise(map(tuple, shapely.get_coordinates(shapes[id_].exterior).tolist())):
            assert segments.setdefault(pair, id_) == id_
    for (one, other), id_ in segments.items():
        if (other, one) not in segments:
            middle = shapely.Point((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
            inside = [unit for unit in features["units"] if unit != id_ and shapes[unit].contains(middle)]
            assert not inside, (id_, inside)
