"""Tables of points, file to file: every row comes back, in order, and none of them as a formula."""

import codecs
import csv

import numpy as np
import polars as pl
import pytest

from gm_map import district as district_module
from gm_map import points as points_module
from gm_map.datum import Datum, convert
from gm_map.errors import InputError
from gm_map.locate import locate
from gm_map.points import COLUMNS, PROBLEMS, coordinate_columns, locate_file


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture
def run(district, tmp_path):
    """Locate a table given as bytes or text; the rows that come back, and the report."""

    def call(table, datum="wgs84", **options):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_bytes(table if isinstance(table, bytes) else table.encode())
        report = locate_file(district, source, target, datum, **options)
        with target.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file)), report

    return call


def test_every_column_comes_back_and_ours_follow(run, district):
    rows, report = run("名称,经度,纬度,备注\n甲,113.900,22.75,007\n乙,2.35,48.85,\n")
    assert list(rows[0]) == ["名称", "经度", "纬度", "备注", *COLUMNS]
    assert [rows[0][name] for name in ("名称", "经度", "备注")] == ["甲", "113.900", "007"]
    found = locate(district, 113.9, 22.75)
    assert (rows[0]["unit"], rows[0]["cluster"], rows[0]["zone"]) == (found.unit_id, found.cluster_id, found.zone_id)
    assert float(rows[0]["edge_m"]) == found.edge_m
    assert rows[0]["within_uncertainty"] == "false"
    assert (rows[0]["datum"], rows[0]["problem"]) == ("wgs84", "")
    assert (rows[1]["unit"], rows[1]["problem"]) == ("", "")
    assert (report.rows, report.in_units, report.problems) == (2, 1, 0)


def test_bad_rows_are_marked_and_kept(run):
    bad = ["113.9,", ",", "abc,22.7", "nan,22.7", "0,0", "22.75,113.9", "500,10", " 113.9 , 22.75 ", "113.9"]
    rows, report = run("lon,lat\n" + "\n".join(bad) + "\n")
    wanted = [
        "missing",
        "missing",
        "not a number",
        "not a number",
        "zero",
        "axes swapped",
        "out of range",
        "",
        "missing",
    ]
    assert [row["problem"] for row in rows] == wanted
    assert set(wanted) == {*PROBLEMS, ""}
    assert rows[7]["unit"]
    for row in (*rows[:7], rows[8]):
        assert [row[name] for name in COLUMNS if name not in ("datum", "problem")] == [""] * 7
    assert (report.rows, report.problems) == (9, 8)


def test_no_cell_leaves_as_a_formula(run):
    cells = ["=SUM(A1)", "+86 138", "-5", "-x", "@cmd", "+1.5e3", "\t=1", "a=b", "'=1", "=1,2", "-"]
    table = "lon,lat,note\n" + "".join(f'113.9,22.75,"{cell}"\n' for cell in cells)
    rows, _ = run(table)
    kept = {"-5", "+1.5e3", "a=b", "'=1"}
    assert [row["note"] for row in rows] == [cell if cell in kept else f"'{cell}" for cell in cells]
    rows, _ = run("lon,lat,=x\n=1+1,22.75,1\n")
    assert rows[0]["lon"] == "'=1+1"
    assert "'=x" in rows[0]


def test_quotes_and_line_breaks_in_cells_survive(run):
    rows, _ = run('\ufeffname,lon,lat\r\n"a, ""b""\nc",113.9,22.75\r\nd,113.9,22.75\r\n')
    assert [row["name"] for row in rows] == ['a, "b"\nc', "d"]
    assert all(row["unit"] for row in rows)
    rows, _ = run('name,lon,lat\nx,"113.9\n",22.75\n')
    assert (rows[0]["lon"], rows[0]["problem"]) == ("113.9\n", "not a number")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(run, separator):
    rows, _ = run(separator.join(("lng", "lat", "a")) + "\n" + separator.join(("113.9", "22.75", "x")) + "\n")
    assert rows[0]["unit"] == "unit-13"
    assert rows[0]["a"] == "x"


@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")])
def test_encodings(run, tmp_path, encoding, name):
    rows, report = run("企业,经度,纬度\n光明𠮷,113.9,22.75\n".encode(encoding))
    assert (rows[0]["企业"], report.encoding) == ("光明𠮷", name)
    assert (tmp_path / "out.csv").read_bytes().startswith(codecs.BOM_UTF8) == (name != "utf-8")


def test_the_first_chinese_may_stand_far_below(run, monkeypatch):
    monkeypatch.setattr(points_module, "BYTES", 1000)
    table = b"lon,lat,name\n" + b"113.9,22.75,x\n" * 2000 + "113.9,22.75,光明\n".encode("gb18030")
    rows, report = run(table)
    assert (report.encoding, len(rows), rows[-1]["name"]) == ("gb18030", 2001, "光明")


def test_pieces_make_the_same_table(run, district, monkeypatch):
    rng = np.random.default_rng(1)
    west, south, east, north = district.bounds
    lon, lat = rng.uniform(west, east, 3000), rng.uniform(south, north, 3000)
    table = "id,lon,lat\n" + "".join(f"{n},{x},{y}\n" for n, (x, y) in enumerate(zip(lon, lat, strict=True)))
    whole, _ = run(table)
    monkeypatch.setattr(points_module, "ROWS", 700)
    done = []
    pieces, report = run(table, progress=done.append)
    assert pieces == whole
    assert [row["id"] for row in pieces] == [str(number) for number in range(3000)]
    assert (report.rows, done[-1]) == (3000, 3000)
    assert done == sorted(done)
    for row in whole[::300]:
        found = locate(district, float(row["lon"]), float(row["lat"]))
        assert (row["unit"] or None, float(row["edge_m"])) == (found.unit_id, found.edge_m)


@pytest.mark.parametrize("datum", list(Datum))
def test_datums(run, datum):
    lon, lat = convert(113.9, 22.75, Datum.WGS84, datum)
    rows, report = run(f"lon,lat\n{float(lon)!r},{float(lat)!r}\n", datum)
    assert (rows[0]["lon_wgs84"], rows[0]["lat_wgs84"]) == ("113.9", "22.75")
    assert rows[0]["datum"] == datum == report.datum


def test_a_guess_is_written_down(run, district):
    rows, report = run("lon,lat\n113.9,22.75\n", "auto")
    assert rows[0]["datum"] == "wgs84 (assumed)"
    assert report.guess.why == "several fit"
    outline = next(f for f in district.background if f["properties"]["kind"] == "district")
    corners = np.array(outline["geometry"]["coordinates"][0])
    middle = corners.mean(axis=0)
    lon, lat = convert(*(middle + 0.98 * (corners - middle)).T, Datum.WGS84, Datum.GCJ02)
    rows, report = run("lon,lat\n" + "".join(f"{x},{y}\n" for x, y in zip(lon, lat, strict=True)), "auto")
    assert (report.datum, report.guess.told, rows[0]["datum"]) == (Datum.GCJ02, True, "gcj02 (guessed)")


def test_names_of_places(run, district):
    rows, _ = run("lon,lat\n113.9,22.75\n", language="zh")
    assert rows[0]["unit"] == district.catalogue.places["unit-13"].name.zh
    assert rows[0]["zone"] == "产业发展区"


def test_a_column_of_theirs_keeps_its_name(run):
    rows, _ = run("unit,lon,lat,problem\nx,113.9,22.75,y\n")
    assert (rows[0]["unit"], rows[0]["unit_2"], rows[0]["problem"], rows[0]["problem_2"]) == ("x", "unit-13", "y", "")


def test_columns_are_found_or_named():
    assert coordinate_columns(["ID", " Longitude ", "LAT"]) == (" Longitude ", "LAT")
    assert coordinate_columns(["x", "y", "lng", "lat"]) == ("lng", "lat")
    assert coordinate_columns(["a", "b"], "a", "B") == ("a", "b")
    with pytest.raises(InputError, match="latitude"):
        coordinate_columns(["lon", "name"])
    with pytest.raises(InputError, match="“c”"):
        coordinate_columns(["lon", "lat"], "c")


def test_a_table_without_rows(run):
    rows, report = run("lon,lat\n")
    assert (rows, report.rows) == ([], 0)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no column"),
        ("lon,lat\n".encode("utf-16"), "UTF-16"),
        (b"lon,lat\n\xff\xff\n", "neither"),
    ],
)
def test_what_cannot_be_read_leaves_nothing_behind(run, tmp_path, table, words):
    with pytest.raises(InputError, match=words):
        run(table)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_wrong_files_and_datums(district, tmp_path):
    source = tmp_path / "in.csv"
    with pytest.raises(InputError, match="no such file"):
        locate_file(district, source, tmp_path / "out.csv")
    source.write_text("lon,lat\n113.9,22.75\n")
    with pytest.raises(InputError, match="another name"):
        locate_file(district, source, source)
    with pytest.raises(InputError, match="datum"):
        locate_file(district, source, tmp_path / "out.csv", "cgcs2000")
    with pytest.raises(InputError, match="cannot be written"):
        locate_file(district, source, tmp_path / "none" / "out.csv")


def test_cancelling_leaves_no_result(district, tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("lon,lat\n113.9,22.75\n")

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        locate_file(district, source, target, progress=stop)
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_frame_of_numbers(district):
    frame = pl.DataFrame({"lon": [113.9, None], "lat": [22.75, 22.7]})
    found = points_module.locate_frame(district, frame, Datum.WGS84, ("lon", "lat"))
    assert found["unit"].to_list() == ["unit-13", None]
    assert found["problem"].to_list() == [None, "missing"]
