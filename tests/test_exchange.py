"""The files for other programs, read back by those programs' own readers: the same places, names, areas, outlines."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import geopandas
import pandas
import polars as pl
import pyarrow.parquet
import pyogrio
import pytest
import shapely

from gm_map import district, measure
from gm_map.errors import InputError
from gm_map.exchange import gis, plain, write
from gm_map.exchange.table import COLUMNS, rows
from gm_map.messages import Messages
from gm_map.model import WGS84, Level

T = Messages("zh")
COUNTS = {"corridor": 1, "zones": 3, "clusters": 5, "units": 21}


@pytest.fixture(scope="module")
def ours():
    """The shipped district."""
    return district.load()


@pytest.fixture(scope="module")
def files(ours, tmp_path_factory):
    """One file of each format."""
    folder = tmp_path_factory.mktemp("files")
    colours = {"cluster-1": "#3E4A89"}
    return {
        kind: write.write(ours, folder / f"places{ending}", kind, T, colours=colours)[0]
        for kind, ending in write.ENDINGS.items()
    }


def same(ours, frame, name="name"):
    """Every place of a frame is ours: its name, its area as a column and as a shape."""
    for row in frame.to_dict("records"):
        place = ours.catalogue.places[row["id"]]
        assert row[name] == place.name.zh
        assert float(row["area_km2"]) == pytest.approx(ours.area_km2(place.id), rel=1e-9)
        if "geometry" in row:
            assert measure.geodesic_km2(row["geometry"]) == pytest.approx(ours.area_km2(place.id), rel=1e-9)


def test_geopackage(ours, files):
    names = dict(pyogrio.list_layers(files["gpkg"]))
    assert set(names) == {"places", *COUNTS, "metadata"}
    for layer, count in {**COUNTS, "places": 30}.items():
        frame = geopandas.read_file(files["gpkg"], layer=layer)
        assert len(frame) == count
        assert [*frame.columns[:-1]] == list(COLUMNS)
        assert frame.crs == WGS84
        same(ours, frame)
    told = pyogrio.read_dataframe(files["gpkg"], layer="metadata")
    assert ours.version in set(told["value"])
    kept = pyogrio.read_info(files["gpkg"], layer="units")["layer_metadata"]
    assert "ODbL" in kept["licence"]
    assert "name_en: " in kept["columns"]


def test_geojson(ours, files):
    frame = geopandas.read_file(files["geojson"])
    assert len(frame) == 30
    same(ours, frame)
    value = json.loads(files["geojson"].read_text(encoding="utf-8"))
    assert "crs" not in value
    assert value["metadata"]["counts"] == {"corridor": 1, "zone": 3, "cluster": 5, "unit": 21}
    assert value["features"][9]["id"] == value["features"][9]["properties"]["id"]
    for feature in value["features"]:  # the right-hand rule
        for polygon in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
            assert shapely.is_ccw(polygon.exterior)


def test_shapefile(ours, files):
    with zipfile.ZipFile(files["shp"]) as archive:
        names = archive.namelist()
        assert archive.read("units.cpg") == b"UTF-8"
        assert b"GCS_WGS_1984" in archive.read("units.prj")
        told = archive.read("metadata.txt").decode("utf-8")
        assert ElementTree.fromstring(archive.read("metadata.xml")).tag.endswith("MD_Metadata")
    for layer, count in COUNTS.items():
        assert {f"{layer}.{end}" for end in ("shp", "shx", "dbf", "prj", "cpg")} <= set(names)
        frame = geopandas.read_file(f"/vsizip/{files['shp']}/{layer}.shp")
        assert len(frame) == count
        assert all(len(name) <= 10 and name.isascii() for name in frame.columns)
        same(ours, frame)
        assert all(len(str(cell).encode()) <= 254 for name in frame for cell in frame[name] if name != "geometry")
    assert "column uncert_km2: uncertainty_km2" in told
    assert "cut to 254 bytes: industries" in told


def test_text_is_cut_between_characters():
    for longest in range(4, 40):
        short = gis.cut("光明区a产业空间布局", longest)
        assert len(short.encode()) <= longest
        assert short.rstrip("…") == "光明区a产业空间布局"[: len(short.rstrip("…"))]


def test_kml(ours, files):
    assert [name for name, _ in pyogrio.list_layers(files["kml"])] == [str(level) for level in Level]
    for level in Level:
        frame = geopandas.read_file(files["kml"], layer=str(level))
        assert len(frame) == len(ours.catalogue.at(level))
        same(ours, frame, "Name")
    root = ElementTree.parse(files["kml"]).getroot()
    styles = {style.get("id") for style in root.iter(f"{{{plain.KML}}}Style")}
    used = {element.text for element in root.iter(f"{{{plain.KML}}}styleUrl")}
    assert used <= {f"#{style}" for style in styles}
    assert "#cluster-1" in used
    assert ours.version in root.find(f"{{{plain.KML}}}Document/{{{plain.KML}}}description").text


def test_geoparquet(ours, files):
    frame = geopandas.read_parquet(files["parquet"])
    assert len(frame) == 30
    assert frame.crs == WGS84
    same(ours, frame)
    told = json.loads(pyarrow.parquet.read_metadata(files["parquet"]).metadata[b"gm_map"])
    assert told["data_version"] == ours.version


def test_csv(ours, files):
    data = files["csv"].read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    frame = pandas.read_csv(io.BytesIO(data), encoding="utf-8-sig")
    assert len(frame) == 30
    same(ours, frame.assign(geometry=shapely.from_wkt(frame["wkt"])))
    beside = json.loads(files["csv"].with_name("places.metadata.json").read_text(encoding="utf-8"))
    assert beside["crs"] == WGS84


def test_xlsx(ours, files):
    places, method = (pl.read_excel(files["xlsx"], sheet_id=number, has_header=number == 1) for number in (1, 2))
    assert places.height == 30
    same(ours, places.to_pandas())
    assert {"lon", "lat"} <= set(places.columns)
    assert ours.version in set(method.to_series(1))


@pytest.mark.parametrize("kind", write.ENDINGS)
def test_the_same_places_give_the_same_file(ours, files, tmp_path, kind):
    again = write.write(ours, tmp_path / files[kind].name, kind, T, colours={"cluster-1": "#3E4A89"})
    assert again[0].read_bytes() == files[kind].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in again)


@pytest.mark.parametrize("kind", write.ENDINGS)
def test_a_level_and_some_places(ours, tmp_path, kind):
    path = tmp_path / f"some{write.ENDINGS[kind]}"
    ids = ("unit-17", "cluster-5", "unit-21")
    write.write(
        ours, path, kind, Messages("en"), levels=(Level.UNIT,), ids=ids, filter_words="{x} <b>", date="2026-11-24"
    )
    if kind == "xlsx":
        found = pl.read_excel(path)["id"].to_list()
    elif kind == "csv":
        found = pl.read_csv(path)["id"].to_list()
    else:
        layer = {"layer": "units"} if kind == "gpkg" else {}
        frame = geopandas.read_parquet(path) if kind == "parquet" else geopandas.read_file(path, **layer)
        found = list(frame["id"])
    assert found == ["unit-17", "unit-21"]


def test_no_cell_is_a_formula(ours, tmp_path):
    evil = rows(ours, "zh", (Level.ZONE,))
    for row in evil:
        row.values["name"] = "=HYPERLINK(1)"
    metadata = {"title": "=1+1"}
    path = plain.write_csv(tmp_path / "a.csv", evil, metadata)[0]
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {"'=HYPERLINK(1)"}
    points = dict.fromkeys((row.id for row in evil), (22.7, 113.9))
    book = plain.write_xlsx(tmp_path / "a.xlsx", evil, metadata, T, points)[0]
    with zipfile.ZipFile(book) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_industries_carry_their_basis_and_section(ours):
    [row] = rows(ours, "en", ids=["unit-17"])
    assert "Third-generation" in row.values["industries"] or "third-generation" in row.values["industries"]
    assert "[named, 五（二）5]" in row.values["industries"]


@pytest.mark.parametrize("date", ["today", "2026-02-30", "2026-1-1", "1601-01-01", "2026-11-24T00:00:00"])
def test_a_date_that_is_none(ours, tmp_path, date):
    with pytest.raises(InputError, match="2026-01-31"):
        write.write(ours, tmp_path / "a.csv", "csv", T, date=date)


def test_what_cannot_be_written(ours, tmp_path):
    with pytest.raises(InputError, match="gpkg"):
        write.write(ours, tmp_path / "a.dwg", "dwg", T)
    with pytest.raises(InputError):
        write.write(ours, tmp_path / "a.csv", "csv", T, ids=[])
    for kind in write.ENDINGS:
        with pytest.raises(InputError, match="no folder"):
            write.write(ours, tmp_path / "no folder" / "a", kind, T)
    (tmp_path / "taken.gpkg").mkdir()
    with pytest.raises(InputError, match=r"taken\.gpkg"):
        write.write(ours, tmp_path / "taken.gpkg", "gpkg", T)
    assert [path.name for path in tmp_path.iterdir()] == ["taken.gpkg"]
