"""Which feature is which place, and a layer as shapes by place."""

import numpy as np
import pytest
import shapely

from gm_map import measure
from gm_map.check import identify
from gm_map.check.results import Layer
from gm_map.district import load
from gm_map.model import WGS84, Level


@pytest.fixture(scope="module")
def district():
    return load()


def layer(geometries, **columns):
    geometries = np.asarray(geometries, dtype=object)
    return Layer("x", "GPKG", geometries, {k: tuple(v) for k, v in columns.items()}, WGS84, "file", "utf-8")


def shapes(district, *levels):
    ids = [place.id for level in levels for place in district.catalogue.at(level)]
    return ids, np.array([district.shape(id_) for id_ in ids], dtype=object)


def who(district, *names, column="名称"):
    empty = [None] * len(names)
    return [one.place_id for one in identify.identify(layer(empty, **{column: names}), empty, district)]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("薯田埔产业单元", "unit-17"),
        ("薯田埔", "unit-17"),
        ("薯田埔单元", "unit-17"),
        ("薯田埔片区", "unit-17"),
        ("薯田浦", "unit-17"),
        ("shutianpu", "unit-17"),
        ("Shutianpu Industrial Unit", "unit-17"),
        ("田寮-玉津产业单元", "unit-16"),
        ("田寮—玉律", "unit-16"),
        ("田寮－玉律产业单元", "unit-16"),
        ("田寮～玉津", "unit-16"),
        ("田寮、玉津", "unit-16"),
        ("玉律", "unit-16"),
        ("李松朗", "unit-21"),
        ("李松塱-西田", "unit-21"),
        ("李松蓢－西田产业单元", "unit-21"),
        ("李松萌-西田产业单元", "unit-21"),
        ("長圳-甲子塘產業單元", "unit-12"),
        ("龍大科技創新發展走廊", "corridor-1"),
        ("塘尾", "unit-13"),
        ("塘尾东坑", "unit-11"),
        ("ＴＡＮＧＷＥＩ", "unit-13"),
        ("17 薯田埔产业单元", "unit-17"),
        ("薯田埔产业单元（一期）", "unit-17"),
        ("科技创新区", "zone-1"),
        ("科技创新片区", "zone-1"),
        ("智能产业", "cluster-3"),
        ("智能产业集群", "cluster-3"),
        ("智能产业片区", "cluster-3"),
        ("  翠湖\n", "unit-05"),
    ],
)
def test_a_name_is_known_however_it_is_written(district, name, place):
    assert who(district, name) == [place]


@pytest.mark.parametrize(
    "name",
    [
        *("公明水库", "凤凰街道", "光明街道", "光明大道", "上村站", "光明科学城", "地块 12", "", "区"),
        *("<script>alert(1)</script>", "=1+1", "薯" * 10_000, "\u202e薯田\x00", "🙂"),
    ],
)
def test_what_is_no_place_of_the_plan_is_none(district, name):
    assert who(district, name) == [None]


@pytest.mark.parametrize("column", ["名称", "name", "单元", "MC", "DLMC", "XMMC", "Layer", "随便什么"])
def test_the_column_may_be_called_anything(district, column):
    assert who(district, "薯田埔", "翠湖", column=column) == ["unit-17", "unit-05"]


def test_how_a_feature_was_known_is_said(district):
    empty = [None] * 4
    given = layer(empty, 名称=["翠湖", "玉律", "薯田浦", "某地"])
    found = identify.identify(given, empty, district)
    assert [one.how for one in found] == ["name", "alias", "near", "none"]
    assert [one.score for one in found] == [1.0, 0.95, 0.98, 0.0]
    assert found[3].name == "某地"


def test_an_id_goes_before_a_name_and_its_own_before_its_parents(district):
    empty = [None, None]
    given = layer(empty, parent_id=["cluster-5", "cluster-2"], 编码=["unit-17", "UNIT_5"], 名称=["x", "翠湖"])
    assert [one.place_id for one in identify.identify(given, empty, district)] == ["unit-17", "unit-05"]


def test_the_column_with_most_places_holds_the_names(district):
    ids, units = shapes(district, Level.UNIT)
    zones = [district.catalogue.places[district.catalogue.places[id_].parent_id].parent_id for id_ in ids]
    given = layer(
        units,
        片区=[district.catalogue.places[id_].name.zh for id_ in zones],
        XMMC=[district.catalogue.places[id_].short.zh for id_ in ids],
    )
    assert [one.place_id for one in identify.identify(given, units, district)] == ids


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        ({"单元编号": ["7", "17"]}, ["unit-07", "unit-17"]),
        ({"unit_no": [7.0, 17.0]}, ["unit-07", "unit-17"]),
        ({"zone_id": [1, 3]}, ["zone-1", "zone-3"]),
        ({"编号": [1, 3], "层级": ["集群", "单元"]}, ["cluster-1", "unit-03"]),
        ({"编号": [1, 3]}, [None, None]),  # of what?
        ({"OBJECTID": [1, 2]}, [None, None]),
        ({"单元编号": [22, None]}, [None, None]),
    ],
)
def test_a_bare_number_counts_where_its_level_is_known(district, columns, places):
    given = layer([None, None], **columns)
    assert [one.place_id for one in identify.identify(given, [None, None], district)] == places


@pytest.mark.parametrize("levels", [(Level.ZONE,), (Level.CLUSTER,), (Level.UNIT,), tuple(Level)])
def test_shapes_without_names_are_known_by_overlap(district, levels):
    ids, geometries = shapes(district, *levels)
    found = identify.identify(layer(geometries), geometries, district)
    assert sorted(one.place_id for one in found) == sorted(ids)
    assert {one.how for one in found} == {"overlap"}
    same = [measure.geodesic_km2(district.shape(one.place_id)) for one in found]
    assert same == pytest.approx([measure.geodesic_km2(one) for one in geometries])


def test_a_column_of_levels_settles_two_places_of_one_outline(district):
    shape = [district.shape("zone-1")] * 2
    found = identify.identify(layer(shape, 层级=["集群", "片区"]), shape, district)
    assert [one.place_id for one in found] == ["cluster-1", "zone-1"]


def test_shapes_far_from_every_outline_are_none(district):
    spot = shapely.box(113.9, 22.75, 113.905, 22.755)
    whole = shapely.box(*district.bounds)
    found = identify.identify(layer([spot, whole, None]), [spot, whole, None], district)
    assert [one.how for one in found] == ["none"] * 3


def test_a_broken_shape_is_known_by_overlap_and_stays_broken(district):
    ring = shapely.get_coordinates(district.shape("zone-3"))
    spike = np.vstack([ring[:1], ring[:1] + np.array([0.02, 0.0]), ring[:1] + np.array([0.0, 0.001]), ring])
    broken = shapely.Polygon(spike)
    found = identify.identify(layer([broken]), [broken], district)
    assert found[0].place_id == "zone-3"
    drawn = identify.drawing(layer([broken]), [broken], found, district)
    assert drawn.shapes["zone-3"].is_valid


def test_a_near_miss_gives_way_to_the_shape(district):
    shape = [district.shape("unit-05")]
    found = identify.identify(layer(shape, 名称=["薯田浦"]), shape, district)
    assert (found[0].place_id, found[0].how) == ("unit-05", "overlap")


def test_a_hand_goes_before_all(district):
    empty = [None, None]
    given = layer(empty, 名称=["翠湖", "薯田埔"])
    found = identify.identify(given, empty, district, {0: "unit-01", 1: None})
    assert [(one.place_id, one.how) for one in found] == [("unit-01", "hand"), (None, "hand")]
    with pytest.raises(ValueError, match="no such place"):
        identify.identify(given, empty, district, {0: "unit-99"})


def test_two_features_of_one_name_are_its_parts(district):
    west, east = (shapely.box(113.88 + k, 22.75, 113.89 + k, 22.76) for k in (0.0, 0.02))
    given = layer([west, east], 名称=["翠湖", "翠湖产业单元"])
    found = identify.identify(given, [west, east], district)
    drawn = identify.drawing(given, [west, east], found, district)
    assert [one.place_id for one in found] == ["unit-05"] * 2
    assert len(shapely.get_parts(drawn.shapes["unit-05"])) == 2
    assert drawn.rows == {"unit-05": 0}


def test_parents_are_put_together_from_their_children(district):
    ids, units = shapes(district, Level.UNIT)
    given = layer(units, id=ids)
    found = identify.identify(given, units, district)
    drawn = identify.drawing(given, units, found, district)
    assert drawn.derived == {
        place.id for level in (Level.ZONE, Level.CLUSTER) for place in district.catalogue.at(level)
    }
    for id_ in drawn.derived:
        assert measure.geodesic_km2(drawn.shapes[id_]) == pytest.approx(district.area_km2(id_), rel=1e-6)
    assert "corridor-1" not in drawn.shapes
    assert drawn.fitted == {"zone-1", "zone-2", "zone-3"}


def test_one_child_of_many_makes_no_parent(district):
    shape = [district.shape("unit-14")]
    drawn = identify.drawing(layer(shape), shape, identify.identify(layer(shape), shape, district), district)
    assert set(drawn.shapes) == {"unit-14"}


def test_a_layer_without_a_word_on_it_is_taken_as_drawn_exactly(district):
    ids, zones = shapes(district, Level.ZONE)
    found = identify.identify(layer(zones, id=ids), zones, district)
    drawn = identify.drawing(layer(zones, id=ids), zones, found, district)
    assert set(drawn.uncertainty_m.values()) == set(drawn.uncertainty_km2.values()) == {0.0}


@pytest.mark.parametrize(
    ("columns", "option", "metres"),
    [
        ({}, 25.0, 25.0),
        ({"uncertainty_m": [40]}, None, 40.0),
        ({"精度": ["±40 m"]}, 25.0, 40.0),
        ({"误差": ["40米"]}, None, 40.0),
        ({"精度": ["不详"]}, 25.0, 25.0),
    ],
)
def test_uncertainty_is_half_of_the_band_of_the_outline(district, columns, option, metres):
    square = measure.to_degrees(shapely.box(490_000, 2_515_000, 494_000, 2_519_000))
    given = layer([square], 名称=["科技创新区"], **columns)
    drawn = identify.drawing(given, [square], identify.identify(given, [square], district), district, option)
    assert drawn.uncertainty_m["zone-1"] == metres
    # Length times uncertainty, as the build has it for one side.
    assert drawn.uncertainty_km2["zone-1"] == pytest.approx(16.0 * metres / 1000, rel=1e-3)


def test_the_built_files_say_themselves_how_sure_they_are(district):
    ids, units = shapes(district, Level.UNIT)
    given = layer(
        units,
        id=ids,
        uncertainty_m=[district.uncertainty_m(id_) for id_ in ids],
        uncertainty_km2=[district.uncertainty_km2(id_) for id_ in ids],
        area_fitted=[id_ == "unit-03" for id_ in ids],
    )
    drawn = identify.drawing(given, units, identify.identify(given, units, district), district)
    known = identify.shipped(district)
    for id_ in ids:
        assert drawn.uncertainty_km2[id_] == known.uncertainty_km2[id_]
    assert "unit-03" in drawn.fitted


def test_the_shipped_map_as_a_drawing(district):
    drawn = identify.shipped(district)
    assert len(drawn.shapes) == 30
    assert drawn.fitted == {"zone-1", "zone-2", "zone-3"}
    assert drawn.uncertainty_km2["zone-1"] == district.uncertainty_km2("zone-1")
    assert drawn.background == tuple(district.background)
