"""Features that are broken and texts that are hostile: each is told with its row, and the others stay."""

import json
import sqlite3
import struct

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from outlines import SQUARE, codes, collection, feature, one, write

from gm_map.check import intake
from gm_map.check.intake_table import LONGEST_NAME
from gm_map.check.intake_trouble import MOST_OF_A_KIND
from gm_map.check.refusal import Refused
from gm_map.model import CGCS2000_GK_114, WGS84

HOSTILE = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{7*7}}", "'; DROP TABLE x"]


BROKEN = [
    ("unclosed", [SQUARE[:-1]], "RING", "unclosed", True),
    ("few", [SQUARE[:2]], "RING", "too few points", False),
    ("two and closed", [[SQUARE[0], SQUARE[1], SQUARE[0]]], "RING", "too few points", False),
    ("text", [[["a", "b"], *SQUARE[1:]]], "RING", "not numbers", False),
    ("number as text", [[["113.9", "22.7"], *SQUARE[1:]]], "RING", "not numbers", False),
    ("null", [[None, *SQUARE[1:]]], "RING", "not numbers", False),
    ("one number", [[[1], *SQUARE[1:]]], "RING", "not numbers", False),
    ("truth", [[[True, False], *SQUARE[1:]]], "RING", "not numbers", False),
    ("not finite", [[[float("nan"), 22.7], *SQUARE[1:]]], "RING", "not finite", False),
    ("infinite", [[*SQUARE[:2], [float("inf"), 22.7], *SQUARE[2:]]], "RING", "not finite", False),
    ("huge", [[*SQUARE[:2], [1e300, 22.7], *SQUARE[2:]]], "RING", "out of range", False),
    ("huge whole", [[*SQUARE[:2], [10**300, 22.7], *SQUARE[2:]]], "RING", "out of range", False),
    ("no list", 5, "RING", "not numbers", False),
    ("mapping", {"a": 1}, "RING", "not numbers", False),
    ("nothing", None, "RING", "not numbers", False),
    ("a hole of two", [SQUARE, SQUARE[:2]], "RING", "too few points", True),
]


@pytest.mark.parametrize(("name", "value", "code", "why", "kept"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_ring_is_told_and_the_others_stay(tmp_path, name, value, code, why, kept):
    path = write(tmp_path, "a.geojson", collection(feature([SQUARE]), feature(value), feature([SQUARE])))
    layer = one(path)
    assert [told.row for told in layer.troubles] == [1]
    assert (layer.troubles[0].code, layer.troubles[0].facts["why"]) == (code, why)
    assert [shape is not None for shape in layer.geometries] == [True, kept, True]
    assert np.isfinite(shapely.get_coordinates(layer.geometries)).all()


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "NULL_GEOMETRY"),
        ("POLYGON((0 0))", "NULL_GEOMETRY"),
        ({"type": "Circle", "coordinates": [1, 2]}, "WRONG_TYPE"),
        ({"type": "Point", "coordinates": ["a", 1]}, "NULL_GEOMETRY"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "NULL_GEOMETRY"),
        ({"type": "GeometryCollection", "geometries": None}, "NULL_GEOMETRY"),
        ({}, "WRONG_TYPE"),
    ],
)
def test_a_feature_without_a_shape_is_told(tmp_path, geometry, code):
    broken = {"type": "Feature", "properties": None, "geometry": geometry}
    layer = one(write(tmp_path, "a.geojson", collection(feature([SQUARE]), broken, 7)))
    assert codes(layer) == [(code, 1), ("UNREADABLE", 2)]
    assert layer.geometries[0] is not None
    assert layer.geometries[1] is None


def test_other_kinds_of_shapes_are_kept_as_they_are(tmp_path):
    inner = [feature([SQUARE])["geometry"], {"type": "Point", "coordinates": [1, 2]}]
    mixed = {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": inner}}
    path = write(tmp_path, "a.geojson", collection(mixed, feature([1, 2], "Point"), feature([], "Polygon")))
    layer = one(path)
    assert [shape.geom_type for shape in layer.geometries] == ["GeometryCollection", "Point", "Polygon"]
    assert layer.geometries[2].is_empty
    assert not layer.troubles


def test_heights_are_left_out_and_told_unless_they_are_nought(tmp_path):
    high, flat = ([[[x, y, z] for x, y in SQUARE]] for z in (5, 0))
    layer = one(write(tmp_path, "a.geojson", collection(feature(high), feature(flat))))
    assert not shapely.has_z(layer.geometries).any()
    assert codes(layer) == [("HAS_Z", None)]
    assert not one(write(tmp_path, "b.geojson", collection(feature(flat)))).troubles


def blob(rings):
    parts = [struct.pack("<BII", 1, 3, len(rings))]
    for ring in rings:
        parts += [struct.pack("<I", len(ring)), *(struct.pack("<dd", *point) for point in ring)]
    return b"".join(parts)


@pytest.mark.parametrize("kind", ["GPKG", "FlatGeobuf", "Parquet"])
def test_broken_rings_in_binary_formats_are_told(tmp_path, kind):
    raw = [blob([SQUARE]), blob([SQUARE[:-1]]), blob([SQUARE[:2]]), blob([[(float("nan"), 1), *SQUARE[1:4]]]), None]
    shapes = np.array(raw, dtype=object)
    path = tmp_path / {"FlatGeobuf": "a.fgb", "GPKG": "a.gpkg"}.get(kind, "a.parquet")
    if kind == "Parquet":
        import pyarrow
        from pyarrow import parquet

        parquet.write_table(pyarrow.table({"geometry": pyarrow.array([*raw, b"\1\x63"], pyarrow.binary())}), path)
    else:
        options = {"SPATIAL_INDEX": "NO"} if kind == "FlatGeobuf" else {}
        pyogrio.raw.write(path, shapes, [np.array([*"abcde"], object)], ["n"], geometry_type="Polygon", crs=WGS84,
                          driver=kind, **options)  # fmt: skip
    layer = one(path)
    whys = [(told.code, told.row, told.facts["why"]) for told in layer.troubles]
    wanted = [
        ("RING", 1, "unclosed"),
        ("RING", 2, "too few points"),
        ("RING", 3, "not finite"),
        ("NULL_GEOMETRY", 4, "none"),
    ]
    wanted += [("NULL_GEOMETRY", 5, "unreadable")] if kind == "Parquet" else []
    assert whys == wanted
    assert layer.geometries[1].equals(shapely.Polygon(SQUARE))


def test_arcs_are_made_lines_finely_and_told(tmp_path):
    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=CGCS2000_GK_114).to_file(path)
    circle = struct.pack("<BIIBII", 1, 10, 1, 1, 8, 3) + struct.pack("<6d", -100, 0, 100, 0, -100, 0)
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS rtree_a_geom_update6")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE gpkg_geometry_columns SET geometry_type_name='CURVEPOLYGON'")
        database.execute("UPDATE a SET geom=?", (b"GP\0\1" + struct.pack("<i", 4547) + circle,))
    database.close()
    layer = one(path)
    assert ("CURVES", None) in codes(layer)
    assert layer.geometries[0].geom_type == "Polygon"
    assert layer.geometries[0].area == pytest.approx(np.pi * 100**2, rel=1e-5)


def test_troubles_do_not_grow_without_end(tmp_path):
    layer = one(write(tmp_path, "a.geojson", collection(*[feature([SQUARE[:-1]])] * (MOST_OF_A_KIND + 5))))
    assert len(layer.troubles) == MOST_OF_A_KIND + 1
    assert layer.troubles[0].facts == {"code": "RING", "count": 5}


# Texts


def test_hostile_texts_are_kept_as_text_and_steer_nothing(tmp_path):
    texts = [*HOSTILE, "字" * 10_000, "激\x00光\x1b[31m", "\u202e单元\u202c", "\ud800", "a\u2028b"]
    path = write(
        tmp_path, "a.geojson", json.dumps(json.loads(collection(*(feature([SQUARE], 名称=one) for one in texts))))
    )
    layer = one(path)
    names = layer.attributes["名称"]
    assert list(names[: len(HOSTILE)]) == HOSTILE
    assert names[4] == "字" * LONGEST_NAME
    assert names[5:] == ("激光[31m", "单元", "", "ab")
    assert codes(layer) == [("NAME_CUT", 4), *(("CONTROL_CHARACTERS", row) for row in (5, 6, 7, 8))]


def test_odd_names_of_columns(tmp_path):
    odd = {
        "": 1,
        "fid": 2,
        "geometry": 3,
        "a\u202eb": 4,
        "ab": 5,
        "n" * 9_999: 6,
        "<script>": 7,
        "=1+1": [1, {"x": None}],
    }
    layer = one(write(tmp_path, "a.geojson", collection(feature([SQUARE], **odd))))
    assert list(layer.attributes) == [
        "column_1",
        "fid",
        "geometry",
        "ab",
        "ab_2",
        "n" * LONGEST_NAME,
        "<script>",
        "=1+1",
    ]
    assert [value[0] for value in layer.attributes.values()] == [1, 2, 3, 4, 5, 6, 7, '[1, {"x": null}]']


def test_a_name_of_a_file_is_shown_on_one_line(tmp_path):
    path = write(tmp_path, "x.bin", b"%PDF-1.7")
    with pytest.raises(Refused) as told:
        intake.read(path, name=f"x{'y' * 500}\n\u202e.bin")
    assert len(told.value.facts["file"]) < 100
    assert "\n" not in str(told.value)
    assert "\u202e" not in str(told.value)
