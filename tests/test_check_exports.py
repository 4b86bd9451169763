"""Findings for a map program: what is written is read back, and no text of a file does anything."""

import json
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from io import BytesIO

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

import redrawn
from gm_map import district
from gm_map.check import exports, mend
from gm_map.check.results import Severity
from gm_map.errors import InputError
from gm_map.messages import Messages
from gm_map.model import WGS84

T = {language: Messages(language) for language in ("zh", "en")}


@pytest.fixture(scope="module")
def here():
    return district.load()


@pytest.fixture(scope="module")
def report(here):
    return redrawn.checked(here)


@pytest.fixture(scope="module", params=["zh", "en"])
def package(request, here, report, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "findings.gpkg"
    exports.write(report, here, path, T[request.param])
    return path


def test_geojson_has_every_finding_in_its_order(here, report):
    read = json.loads(exports.geojson(report, here, T["zh"]))
    assert set(read) == {"type", "features"}  # RFC 7946 knows no crs member
    assert len(read["features"]) == len(report.findings) > 8
    for number, (feature, one) in enumerate(zip(read["features"], report.findings, strict=True), 1):
        properties = feature["properties"]
        assert (properties["number"], properties["code"], properties["severity"]) == (number, one.code, one.severity)
        if one.lon is None:
            assert feature["geometry"] is None
        else:
            assert feature["geometry"]["coordinates"] == pytest.approx([one.lon, one.lat], abs=1e-7)


def test_a_finding_without_a_point_has_no_geometry(here, report):
    none = replace(report, findings=(replace(report.findings[0], lon=None, lat=None),))
    (feature,) = json.loads(exports.geojson(none, here, T["en"]))["features"]
    assert feature["geometry"] is None


def test_no_findings_are_an_empty_collection(here, report, tmp_path):
    none = replace(report, findings=())
    assert json.loads(exports.geojson(none, here, T["en"]))["features"] == []
    exports.write(none, here, tmp_path / "none.gpkg", T["en"])
    assert len(geopandas.read_file(tmp_path / "none.gpkg", layer="findings")) == 0


def test_the_package_has_both_layers_and_their_styles(package, report):
    assert {"findings", "layer"} <= {name for name, _ in pyogrio.list_layers(package)}
    findings = geopandas.read_file(package, layer="findings")
    assert findings.crs == WGS84
    assert findings["code"].tolist() == [one.code for one in report.findings]
    assert set(findings.geom_type.dropna()) == {"Point"}
    shapes = geopandas.read_file(package, layer="layer")
    assert len(shapes) == report.count
    assert (shapes["verdict"] == "disagrees").sum() == 1
    assert shapes["feature"].tolist() == list(range(1, report.count + 1))


def test_qgis_finds_the_styles_in_the_package(package):
    with sqlite3.connect(package) as book:
        rows = book.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
        columns = dict(book.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
        kept = book.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchall()
    book.close()
    assert {row[0] for row in rows} == {"findings", "layer"}
    assert kept == [("attributes",)]
    for name, column, default, style in rows:
        assert columns[name] == column
        assert default == 1
        assert ET.fromstring(style).tag == "qgis"


@pytest.mark.parametrize(
    ("name", "attribute", "values"),
    [
        ("findings", "severity", {str(one) for one in Severity}),
        ("layer", "verdict", {"agrees", "disagrees", "cannot be decided", ""}),
    ],
)
def test_a_style_sorts_by_what_the_layer_has(name, attribute, values):
    text = exports.STYLES[name].read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>")
    renderer = ET.fromstring(text).find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", attribute)
    categories = renderer.findall("categories/category")
    assert {one.get("value") for one in categories} == values
    symbols = {one.get("name") for one in renderer.findall("symbols/symbol")}
    assert {one.get("symbol") for one in categories} == symbols
    assert all(" " in one.get("label") for one in categories)  # in both languages


def test_the_style_lies_beside_the_file(here, report, tmp_path):
    written = exports.write(report, here, tmp_path / "out.geojson", T["zh"])
    assert [path.name for path in written] == ["out.geojson", "out.qml"]
    assert written[1].read_bytes() == exports.STYLES["findings"].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.geojson", "out.qml"]


def test_a_hostile_name_is_text_and_no_formula(here, report, package):
    texts = [
        value
        for name in ("findings", "layer")
        for column in geopandas.read_file(package, layer=name).drop(columns="geometry").items()
        for value in column[1].dropna()
        if isinstance(value, str)
    ]
    assert any("HYPERLINK" in text for text in texts)
    for text in [
        *texts,
        *(str(f["properties"]) for f in json.loads(exports.geojson(report, here, T["zh"]))["features"]),
    ]:
        assert not text.startswith(("=", "+", "@"))
        assert not {"\u202e", "\x00", "\x1b"} & set(text)


@pytest.mark.parametrize(
    ("text", "told"), [("a\x00b", "a b"), ("\u202eabc", "abc"), ("a\n\tb", "a b"), ("\ud800x", "x"), ("字", "字")]
)
def test_what_cannot_be_seen_is_left_out(text, told):
    assert exports.plain(text) == told


def test_a_long_text_is_cut_with_a_sign():
    assert exports.plain("x" * 10_000) == "x" * (exports.LONGEST_TEXT - 1) + "…"


def test_the_mended_layer_keeps_its_columns_and_its_shapes(report, tmp_path):
    mended = mend.mend(report.layer, report.geometries, report.findings)
    path = exports.write_layer(report, mended, tmp_path / "mended.gpkg")
    read = geopandas.read_file(path)
    assert len(read) == report.count
    assert read["fid_"].tolist() == list(report.layer.attributes["fid"])
    assert read["面积"].tolist() == list(report.layer.attributes["面积"])
    for one, other in zip(read.geometry, mended.geometries, strict=True):
        assert shapely.equals_exact(one, shapely.force_2d(other))
    exports.write_layer(report, mended, tmp_path / "mended.geojson")
    assert len(json.loads((tmp_path / "mended.geojson").read_text(encoding="utf-8"))["features"]) == report.count


def test_the_archive_lists_every_change(report):
    mended = mend.mend(report.layer, report.geometries, report.findings)
    assert mended.changes
    with zipfile.ZipFile(BytesIO(exports.mended_zip(report, mended, T["zh"]))) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"mended.gpkg", "changes.txt"}
        assert len(archive.read("changes.txt").decode().splitlines()) == len(mended.changes)


def test_shapes_that_cannot_be_drawn_are_left_empty(here, report, tmp_path):
    shapes = report.geometries.copy()
    shapes[0], shapes[1], shapes[2] = None, shapely.Polygon(), shapely.Point(np.inf, 1.0)
    shapes[3] = shapely.LineString([(113.9, 22.7), (113.91, 22.7)])
    exports.write(replace(report, geometries=shapes), here, tmp_path / "odd.gpkg", T["en"])
    read = geopandas.read_file(tmp_path / "odd.gpkg", layer="layer")
    assert read.geometry.isna().tolist()[:4] == [True, True, True, False]


@pytest.mark.parametrize("name", ["out.shp", "out", "out.exe"])
def test_another_ending_is_refused(here, report, tmp_path, name):
    with pytest.raises(InputError, match="wanted one of"):
        exports.write(report, here, tmp_path / name, T["en"])
