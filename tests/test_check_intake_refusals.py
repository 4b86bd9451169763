"""Files that are no layers, too large, or made to do harm: one sentence each, and nothing is fetched or left."""

import codecs
import os
import socket
import sqlite3
import threading
import time
import zipfile

import pytest
from outlines import MB, SQUARE, archived, codes, collection, feature, one, refusal, saved, shipped, write

from gm_map.check import intake
from gm_map.check.refusal import SENTENCES, Refused
from gm_map.messages import LANGUAGES, Messages


@pytest.fixture(scope="module")
def ours():
    return shipped()


@pytest.mark.parametrize(
    ("name", "data", "key", "found"),
    [
        ("a.pdf", b"%PDF-1.7\n", "no_map", "PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "no_map", "PNG"),
        ("a.exe", b"MZ\x90\0\3\0", "no_map", "EXE"),
        ("a.bin", bytes(range(32)) * 50, "no_map", "?"),
        ("a.geojson", b"", "empty", None),
        ("a.csv", "名称,面积\n甲,1\n".encode("gb18030"), "text", None),
        ("a.dwg", b"AC1032\0\0", "dwg", None),
        ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\0", "binary_dxf", None),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "archive", "7z"),
        ("a.tar", bytes(257) + b"ustar", "archive", "TAR"),
        ("a.gz", b"\x1f\x8b\x08", "archive", "GZIP"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "office", None),
        ("a.dbf", b"\x03" + bytes(64), "part", ".dbf"),
        ("a.vrt", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "xml_other", "OGRVRTDataSource"),
        ("a.gml", b"<OGRWFSDataSource xmlns:gml='http://www.opengis.net/gml'/>", "xml_other", "OGRWFSDataSource"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "xml_other", "svg"),
        ("a.json", b'{"a": 1}', "json_other", None),
        ("a.json", b'[{"a": 1}]', "json_other", None),
        ("a.json", b'{"type": "FeatureCollection", "features": []}', "no_features", None),
        ("a.kml", b"<kml><Document/></kml>", "no_features", None),
        ("a.gpkg", b"SQLite format 3\0" + bytes(100), "broken", None),
        ("a.fgb", b"fgb\x03fgb\0" + b"\xff" * 100, "broken", None),
        ("a.parquet", b"PAR1" + b"\xff" * 100 + b"PAR1", "broken", None),
        ("a.shp", b"\x00\x00\x27\x0a" + b"\xff" * 10, "broken", None),
    ],
)
def test_what_is_no_layer_is_named_as_what_it_is(tmp_path, name, data, key, found):
    told = refusal(write(tmp_path, name, data))
    assert told.key == key
    if found:
        assert told.facts["found"] == found


def test_what_is_no_file_is_refused(tmp_path):
    assert refusal(tmp_path / "none.gpkg").key == "missing"
    (tmp_path / "folder.gdb").mkdir()
    assert refusal(tmp_path / "folder.gdb").key == "folder"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.kml")
        assert refusal(tmp_path / "pipe.kml").key == "device"


def test_a_large_file_is_refused_without_being_read(tmp_path, monkeypatch):
    path = tmp_path / "large.geojson"
    with path.open("wb") as file:
        file.truncate(500 * MB)
    opened = []
    monkeypatch.setattr(type(path), "open", lambda *_: opened.append(1))
    for read in (intake.read, intake.guarded):
        for limits in (intake.UPLOAD, intake.ON_DISK):
            with pytest.raises(Refused) as told:
                read(path, limits=limits)
            assert (told.value.key, told.value.facts["found"]) == ("too_large", 500)
            assert told.value.facts["limit"] == limits.bytes >> 20
    assert not opened


@pytest.mark.parametrize(
    ("data", "line"), [('{"type":\n"FeatureCollection",\n"features":[{', 3), ('{"type":1}\n{"type":}', 2)]
)
def test_json_that_breaks_off_is_told_with_its_line(tmp_path, data, line):
    told = refusal(write(tmp_path, "a.geojson", data))
    assert (told.key, told.facts["line"]) == ("json_broken", line)


def test_deep_nesting_is_refused(tmp_path):
    for text in (
        "[" * 200_000,
        '{"a":' * 200_000,
        collection(feature(0)).replace("0}", "[" * 100_000 + "]" * 100_000 + "}"),
    ):
        assert refusal(write(tmp_path, "a.geojson", text)).key in ("too_deep", "json_broken")
    inner = '{"type":"GeometryCollection","geometries":[' * 150 + "]}" * 150
    path = write(
        tmp_path, "b.geojson", collection(feature([SQUARE])).replace('"geometry":', f'"geometry":{inner},"g":', 1)
    )
    assert one(path).geometries.shape == (1,)


def test_limits_are_told_with_their_number(tmp_path):
    path = write(tmp_path, "a.geojson", collection(*[feature([SQUARE], a=1, b=2, c=3)] * 10))
    for limits, key, limit in (
        (intake.Limits(MB, features=9), "features_many", 9),
        (intake.Limits(MB, columns=2), "columns_many", 2),
        (intake.Limits(MB, vertices=49), "vertices_many", 49),
        (intake.Limits(MB, values=29), "values_many", 29),
    ):
        told = refusal(path, limits=limits)
        assert (told.key, told.facts["limit"]) == (key, limit)
    assert len(one(path, limits=intake.Limits(MB, features=10, columns=3, vertices=50, values=30))) == 10


@pytest.mark.parametrize("kind", ["GPKG", "SHP", "KML", "GML", "DXF", "FGB", "Parquet"])
def test_limits_hold_in_every_format(ours, tmp_path, kind):
    path = saved(ours, tmp_path, kind)
    assert refusal(path, limits=intake.Limits(MB, features=29)).key == "features_many"
    assert refusal(path, limits=intake.Limits(MB, vertices=500)).key == "vertices_many"


def test_a_database_runs_nothing(ours, tmp_path):
    path = tmp_path / "a.gpkg"
    ours.to_file(path, layer="单元")
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW bomb AS WITH RECURSIVE r(fid) AS (SELECT 1 UNION ALL SELECT fid+1 FROM r) "
            "SELECT fid, NULL AS geom FROM r"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES ('bomb','features','bomb',4326)"
        )
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('bomb','geom','POLYGON',4326,0,0)")
    database.close()
    before = path.read_bytes()
    layer = one(path)
    assert (layer.name, len(layer), codes(layer)) == ("单元", len(ours), [("LAYER_SKIPPED", None)])
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]


def test_a_database_without_layers_is_refused(tmp_path):
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE gpkg_contents (a)")
        database.execute("CREATE VIEW gpkg_geometry_columns AS SELECT 1")
    database.close()
    assert refusal(path).key == "database"


GML = (
    '<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" '
    'xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xsi:schemaLocation="http://ogr.maptools.org/ {url}/x.xsd"><gml:featureMember><ogr:a fid="1"><ogr:geometryProperty>'
    "<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>{ring}</gml:coordinates></gml:LinearRing>"
    '</gml:outerBoundaryIs></gml:Polygon></ogr:geometryProperty><ogr:far xlink:href="{url}/y.gml#1"/>'
    "<ogr:n>甲</ogr:n></ogr:a></gml:featureMember></ogr:FeatureCollection>"
)


def test_nothing_is_fetched(tmp_path):
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen():
            while not stop.is_set():
                try:
                    server.accept()[0].close()
                    calls.append(1)
                except TimeoutError:
                    continue

        listener = threading.Thread(target=listen)
        listener.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with socket.create_connection(server.getsockname()):
            pass
        text = GML.format(url=url, ring=" ".join(f"{x},{y}" for x, y in SQUARE))
        link = f"<NetworkLink><Link><href>{url}</href></Link></NetworkLink>"
        link = f"<kml>{link}<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"
        try:
            for name, data in (("a.gml", text), ("a.kml", link)):
                path = write(tmp_path, name, data)
                assert len(one(path)) == 1
                assert len(intake.guarded(path)[0]) == 1
            time.sleep(0.3)
        finally:
            stop.set()
            listener.join()
    assert calls == [1], "the test's own call, and no other"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.gml", "a.kml"], "no .gfs, no .xsd"


def test_gml_in_gb18030_is_read(tmp_path):
    text = GML.format(url="x", ring=" ".join(f"{x},{y}" for x, y in SQUARE))
    path = write(tmp_path, "a.gml", text.replace('version="1.0"', 'version="1.0" encoding="GB2312"').encode("gb18030"))
    layer = one(path)
    assert (layer.attributes["n"], layer.encoding) == (("甲",), "gb18030")


@pytest.mark.parametrize("name", ["a.kml", "a.gml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused(tmp_path, name, encoding):
    bomb = "<!DOCTYPE x [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
    assert refusal(write(tmp_path, name, (bomb + "<kml>&l11;</kml>").encode(encoding))).key == "xml_dtd"


def test_a_bomb_in_an_archive_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packing, packing.open("a.geojson", "w") as entry:
        for _ in range(64):
            entry.write(bytes(MB))
    for read in (intake.read, intake.guarded):
        with pytest.raises(Refused) as told:
            read(path)
        assert told.value.key == "zip_ratio"
        assert list(room.iterdir()) == []


def test_each_file_of_an_archive_is_known_by_its_content_too(tmp_path):
    vrt = write(tmp_path, "a.gml", "<OGRVRTDataSource/>")
    assert refusal(archived(tmp_path, "a.zip", [vrt])).key == "xml_other"
    inner = archived(tmp_path, "b.geojson", [vrt])
    assert refusal(archived(tmp_path, "c.zip", [inner])).key == "zip_nested"


# Words


def test_each_refusal_says_the_same_in_the_words_of_the_screens():
    english, chinese = (Messages(language).section("check") for language in reversed(LANGUAGES))
    for key, sentence in SENTENCES.items():
        assert english[f"refused_{key}"] == sentence
        assert "{file}" in chinese[f"refused_{key}"]
    assert {key for key in english if key.startswith("refused_")} == {f"refused_{key}" for key in SENTENCES}


def test_a_mark_at_the_start_is_no_part_of_the_text(tmp_path):
    path = write(tmp_path, "a.geojson", codecs.BOM_UTF8 + collection(feature([SQUARE])).encode())
    assert one(path).encoding == "utf-8"
