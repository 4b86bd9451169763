"""A table of projects: as one text by itself, every row back, files that no spreadsheet runs."""

import csv
import io
import json
import math
import zipfile

import fastexcel
import polars as pl
import pytest

from gm_map import batch, needs, sieve
from gm_map import district as district_module
from gm_map.batch import COLUMNS, Cancelled, answers, clusters_in_order, match_file, match_table
from gm_map.columns import Columns
from gm_map.downloads import LONGEST_XLSX_CELL, guarded, writing
from gm_map.errors import InputError
from gm_map.match import rank
from gm_map.model import Status
from gm_map.reader.reader import reader as shipped
from tree import ROOT

TEXTS = [
    "8英寸碳化硅外延片项目，需洁净厂房6000平方米，靠近高铁站，用地约15亩",
    "连锁奶茶店加盟，开店三百家",
    "OLED蒸鍍產線，擬購地20畝，鄰近地鐵站",
    "",
    "ＳｉＣ　ｅｐｉ　ｗａｆｅｒ",
    "血制品分离与细胞治疗，依托临床研究基地",
    "连锁奶茶店加盟，开店三百家",
    "A graphene coating line; needs a 3-hectare site near an expressway entrance and a testing platform.",
    "基因检测服务，需要人才公寓",
    "12345",
]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "@SUM(1)",
    "+1+x",
    "-2+3",
    "\tx",
    "\u202ex\x01",
]


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture(scope="module")
def reader():
    return shipped()


@pytest.fixture(scope="module")
def labelled():
    with (ROOT / "lexicon" / "test.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def test_one_text_equals_the_batch(reader, district, labelled):
    texts = [text for text in (*TEXTS, *labelled[::5]) if text.strip() and not text.isdigit()]
    found = match_table(pl.DataFrame({"text": texts}), Columns("text"), reader, district)
    for text, row in zip(texts, found.iter_rows(named=True), strict=True):
        read = reader.read(text)
        placing = rank(district, read.readings, needs.extract(text), status=read.status).placing
        assert row["status"] == read.status
        assert row["confidence"] == pytest.approx(read.readings[0].confidence, abs=1e-4)
        if read.status == Status.NONE:
            assert (row["topic"], row["cluster"], row["zone"], row["unit"]) == (None,) * 4
            continue
        path = district.catalogue.path(read.readings[0].topic_id)
        assert [row[name] for name in ("industry", "field", "topic")] == [
            district.catalogue.node(id_).name.zh for id_ in path
        ]
        for level in ("cluster", "zone", "unit"):
            id_ = getattr(placing, f"{level}_id")
            assert row[level] == (district.catalogue.places[id_].name.zh if id_ else None), (text, level)


def test_the_sieve_holds_back_nothing_that_asks(labelled):
    wide = "用地１０亩，近ｍｅｔｒｏ，約2公頃，檢測平臺，臨床試驗，靠近高鐵，需孵化空間，購買土地三千平"
    texts = [*TEXTS, *labelled, *wide.split("，")]
    for text, found in zip(texts, sieve.needs_that_tell(texts), strict=True):
        whole = needs.extract(text)
        tells = any(key in sieve.TELLING for key in whole.keys) or whole.land is not None
        assert found == whole or (not tells and found is needs.NO_NEEDS), text


def test_every_row_comes_back_in_order_with_its_problem(reader, district):
    frame = pl.DataFrame({"row": ["a"] * len(TEXTS), "简介": TEXTS, "status": [1] * len(TEXTS)})
    found = match_table(frame, Columns("简介"), reader, district, first_row=11)
    assert found.columns == ["row", "简介", "status", "row_2", "status_2", *COLUMNS[2:]]
    assert found.select(frame.columns).equals(frame)
    assert found["row_2"].to_list() == list(range(11, 11 + len(TEXTS)))
    assert [found["problem"][at] for at in (0, 3, 9)] == [None, "empty text", "no words"]
    assert found["status_2"][3] == "none"
    assert found["confidence"][3] is None
    assert found.row(1)[4:] == found.row(6)[4:]  # the same text, the same answer
    assert set(found["status_2"]) <= set(map(str, Status))


def test_unsure_says_between_which(reader, district, labelled):
    found = match_table(pl.DataFrame({"text": labelled}), Columns("text"), reader, district)
    unsure = found.filter(pl.col("status") == "unsure")
    assert unsure.height
    for topic, between in unsure.select("topic", "between").iter_rows():
        assert between.startswith(f"{topic} | ")
    assert found.filter(pl.col("status") != "unsure")["between"].null_count() == len(labelled) - unsure.height


def test_ties_are_said(reader, district):
    found = match_table(pl.DataFrame({"text": TEXTS[:2]}), Columns("text"), reader, district)
    placing = answers(TEXTS[:1], reader, district).placing(0)
    assert len(placing.unit_tie) > 1
    assert found["unit_tie"][0].split(" | ") == [district.catalogue.places[id_].name.zh for id_ in placing.unit_tie]
    assert found["unit_tie"][1] is None


def test_names_in_english_and_problems_in_words(reader, district):
    frame = pl.DataFrame({"text": TEXTS[:4]})
    found = match_table(frame, Columns("text"), reader, district, language="en", words=lambda kind: f"<{kind}>")
    assert found["cluster"][0] == "New Materials Industry Cluster"
    assert found["problem"][3] == "<empty text>"


def test_the_weights_are_the_users(reader, district):
    for weights in (None, "services", {"metro": 100}):
        found = answers(TEXTS[:1], reader, district, weights)
        read = reader.read(TEXTS[0])
        assert (
            found.placing(0)
            == rank(district, read.readings, needs.extract(TEXTS[0]), weights, status=read.status).placing
        )
    with pytest.raises(InputError, match="no such preset"):
        answers(TEXTS[:1], reader, district, "nothing")


def test_clusters_in_order_begin_with_the_answer(reader, district):
    found = answers(TEXTS, reader, district)
    for at in range(len(TEXTS)):
        topics = [reader.classes[number] for number in found.topics[at]]
        clusters = clusters_in_order(topics, found.placing(at), district)
        assert clusters[0] == found.placing(at).cluster_id
        assert len(set(clusters)) == len(clusters)


def test_progress_and_calling_off(reader, district, monkeypatch):
    monkeypatch.setattr(batch, "STEP", 3)
    seen = []
    frame = pl.DataFrame({"text": TEXTS})
    match_table(frame, Columns("text"), reader, district, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == len(TEXTS)
    with pytest.raises(Cancelled):
        match_table(frame, Columns("text"), reader, district, cancelled=lambda: True)


def test_a_frame_without_rows(reader, district):
    found = match_table(pl.DataFrame({"text": []}, schema={"text": pl.String}), Columns("text"), reader, district)
    assert found.shape == (0, 1 + len(COLUMNS))


# Files


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    rows = [[f"=名{number}", text] for number, text in enumerate((*TEXTS, *HOSTILE))]
    text = io.StringIO()
    csv.writer(text).writerows([["+name", "简介"], *rows])
    path.write_text(text.getvalue(), encoding="gb18030", newline="")
    return path


def test_csv_out_runs_nowhere(source, tmp_path, reader, district):
    target = tmp_path / "out.csv"
    report = match_file(source, target, reader, district)
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == ["'+name", "简介", *COLUMNS]
    assert report.rows == len(rows) == len(TEXTS) + len(HOSTILE)
    assert sum(report.by_status.values()) == report.rows
    assert (report.encoding, report.problems) == ("gb18030", sum(bool(row[-1]) for row in rows))
    for row, text in zip(rows, (*TEXTS, *HOSTILE), strict=True):
        assert row[1].removeprefix("'") == text
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row if cell)
    assert set(tmp_path.iterdir()) == {source, target}


def test_a_workbook_out_has_strings_and_its_method(source, tmp_path, reader, district):
    target = tmp_path / "out.xlsx"
    match_file(source, target, reader, district, sheets=("结果", "方法"), method=lambda report: [("=a", report.rows)])
    book = fastexcel.read_excel(str(target))
    assert book.sheet_names == ["结果", "方法"]
    frame = book.load_sheet(0).to_polars()
    assert frame.columns == ["+name", "简介", *COLUMNS]
    assert frame["+name"].to_list() == [f"=名{number}" for number in range(frame.height)]
    assert frame["row"].to_list() == list(range(1, len(TEXTS) + len(HOSTILE) + 1))
    assert book.load_sheet(1, header_row=None).to_polars().row(0) == ("=a", len(TEXTS) + len(HOSTILE))
    with zipfile.ZipFile(target) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_points_are_indicative(source, tmp_path, reader, district):
    target = tmp_path / "out.geojson"
    match_file(source, target, reader, district)
    found = json.loads(target.read_text(encoding="utf-8"))
    features = found["features"]
    assert (found["type"], "crs" in found, len(features)) == ("FeatureCollection", False, len(TEXTS) + len(HOSTILE))
    west, south, east, north = district.bounds
    for feature in features:
        properties = feature["properties"]
        assert properties["indicative"] is True
        finest = properties["unit"] or properties["cluster"] or properties["zone"]
        assert properties["point_of"] == finest
        assert (feature["geometry"] is None) == (finest is None)
        if finest:
            lon, lat = feature["geometry"]["coordinates"]
            assert west < lon < east
            assert south < lat < north
    assert features[0]["geometry"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
def test_a_table_without_rows_gives_one_without_rows(tmp_path, reader, district, ending):
    report = match_file(b"name,text\n", tmp_path / f"out.{ending}", reader, district)
    assert report.rows == 0
    if ending == "csv":
        assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig") == ",".join(["name", "text", *COLUMNS]) + "\n"
    if ending == "geojson":
        assert json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))["features"] == []


def test_what_goes_wrong_leaves_no_file(source, tmp_path, reader, district):
    for target, words in (
        (tmp_path / "out.doc", "wanted one of .csv"),
        (tmp_path / "no" / "out.csv", "cannot be written"),
        (source, "is the file that is read"),
    ):
        with pytest.raises(InputError, match=words):
            match_file(source, target, reader, district)
    with pytest.raises(Cancelled):
        match_file(source, tmp_path / "out.csv", reader, district, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == [source]


def test_a_text_longer_than_a_cell_is_cut_with_a_sign(tmp_path):
    with writing(tmp_path / "x.xlsx") as writer:
        writer.write(pl.DataFrame({"a": ["x" * 40_000, None], "n": [math.nan, 1.5]}))
    cells = fastexcel.read_excel(str(tmp_path / "x.xlsx")).load_sheet(0).to_polars()
    assert (len(cells["a"][0]), cells["a"][0][-1]) == (LONGEST_XLSX_CELL, "…")
    assert cells["n"].to_list() == [None, 1.5]


def test_numbers_are_no_formulas():
    frame = pl.DataFrame({"=x": ["-5", "-5-x", "@a", None, "a"], "n": [-1, 2, 3, 4, 5]})
    assert guarded(frame).to_dict(as_series=False) == {
        "'=x": ["-5", "'-5-x", "'@a", None, "a"],
        "n": [-1, 2, 3, 4, 5],
    }
