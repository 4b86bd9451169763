"""A table of parks as it comes: columns, units, cells, units of the plan; what cannot be used says why."""

import doctest
import io
import math

import numpy as np
import polars as pl
import pytest

from gm_map import efficiency_columns, efficiency_read
from gm_map.district import load
from gm_map.efficiency_columns import find_park_columns, unit_in
from gm_map.efficiency_file import workbook_bytes
from gm_map.efficiency_read import amount, read_parks
from gm_map.errors import InputError
from gm_map.messages import Messages

HEAD = "园区名称,所在单元,用地面积（公顷）,总产值（万元）,税收（万元）,从业人数,研发投入（万元）"
ROWS = (
    "甲,薯田埔,10,10000,500,300,200",
    "乙,薯田埔,30,15000,600,600,0",
    "丙,翠湖,20,40000,,800,900",
    "丁,翠湖,5,2000,40,50,20",
    "戊,,8,9000,480,400,630",
)


@pytest.fixture(scope="module")
def district():
    return load()


def parks_of(district, *rows, head=HEAD, name="parks.csv", **options):
    return read_parks(district, "\n".join([head, *rows]).encode(), name, **options)


@pytest.fixture
def parks(district):
    return parks_of(district, *ROWS)


@pytest.mark.parametrize("module", [efficiency_columns, efficiency_read])
def test_the_examples_in_the_descriptions_come_out(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


def test_columns_are_found_in_both_languages():
    chinese = find_park_columns(HEAD.split(","))
    assert chinese.names["land"] == "用地面积（公顷）"
    assert chinese.units == {"land": "公顷", "output": "万元", "tax": "万元", "jobs": "人", "rd": "万元"}
    english = find_park_columns(
        [
            "Park",
            "Unit",
            "Land_mu",
            "Output (million yuan)",
            "Value added (CNY)",
            "Tax (100 million yuan)",
            "Employees",
            "R&D",
        ]
    )
    assert set(english.names) == {"name", "unit", "land", "output", "added", "tax", "jobs", "rd"}
    assert english.units["land"] == "亩"
    assert english.units["output"] == "百万元"
    assert english.units["added"] == "元"
    assert english.units["tax"] == "亿元"
    assert english.untold == ("rd",)


@pytest.mark.parametrize(
    "ratio",
    ["亩均税收（万元/亩）", "税收增长率", "地均产值", "研发投入强度", "Tax per hectare", "建筑面积", "output growth"],
)
def test_a_ratio_is_never_taken_for_a_total(ratio):
    found = find_park_columns(["名称", "用地面积（亩）", ratio])
    assert ratio not in found.names.values()


def test_a_person_corrects_columns_and_units():
    names = ["名称", "用地面积", "甲列"]
    found = find_park_columns(names, {"tax": "甲列"}, {"land": "亩", "tax": "亿元"})
    assert found.names["tax"] == "甲列"
    assert found.untold == ()
    assert "land" not in find_park_columns(names, {"land": None}).names
    with pytest.raises(InputError, match="no column"):
        find_park_columns(names, {"tax": "nowhere"})
    with pytest.raises(InputError, match="no such unit"):
        find_park_columns(names, units={"land": "parsec"})


@pytest.mark.parametrize("written", ["产值（万美元）", "tax (USD million)"])
def test_other_money_is_no_unit_of_ours(written):
    assert unit_in("money", written) is None


@pytest.mark.parametrize("cell", ["", "  ", "-", "—", "N/A", "缺", "未报", None, math.nan])
def test_missing_is_missing(cell):
    assert amount(cell, "money", "万元") is None


@pytest.mark.parametrize(
    ("cell", "kind", "unit", "wanted"),
    [
        ("0", "money", "万元", 0.0),
        ("１，２００", "money", "万元", 1200.0),
        ("2.5", "money", "亿元", 25_000.0),
        ("3亿", "money", "万元", 30_000.0),
        ("15亩", "land", "公顷", 1.0),
        ("0.2平方公里", "land", "公顷", 20.0),
        ("1.2万", "people", "人", 12_000.0),
        (7, "money", "元", 7e-4),
        ("−3", "money", "万元", -3.0),
    ],
)
def test_cells_are_read_in_their_unit(cell, kind, unit, wanted):
    assert amount(cell, kind, unit) == pytest.approx(wanted)


@pytest.mark.parametrize("cell", ["待核", "1,5", "1.234,5", "12-15", "=1+1", "1e999", "5 USD", "inf", True])
def test_what_is_no_number_is_not_guessed(cell):
    assert math.isnan(amount(cell, "money", "万元"))


def test_the_unit_of_measure_is_asked_for_where_no_name_tells_it(district):
    head = "名称,用地面积,产值"
    with pytest.raises(InputError, match="用地面积 is not told"):
        parks_of(district, "甲,10,100", head=head)
    read = parks_of(district, "甲,30,100", head=head, units={"land": "亩", "output": "亿元"})
    assert read.values["land"][0] == pytest.approx(2.0)
    assert read.values["output"][0] == 1_000_000
    with pytest.raises(InputError, match="no column of land"):
        parks_of(district, "甲,1", head="名称,产值（万元）")


def test_the_same_in_gb18030_xlsx_and_parquet(district, parks):
    text = "\n".join([HEAD, *ROWS])
    frame = pl.DataFrame([row.split(",") for row in ROWS], schema=HEAD.split(","), orient="row")
    book, parquet = workbook_bytes([("a", frame)]), io.BytesIO()
    frame.write_parquet(parquet)
    for content, name in ((text.encode("gb18030"), "a.csv"), (book, "a.xlsx"), (parquet.getvalue(), "a.parquet")):
        read = read_parks(district, content, name)
        assert read.unit_ids == parks.unit_ids
        for role, values in parks.values.items():
            np.testing.assert_array_equal(read.values[role], values)


def test_rows_come_back_with_their_reason(district):
    read = parks_of(
        district,
        "甲,薯田埔,0,1,1,1,1",
        "乙,翠湖,,1,1,1,1",
        "丙,翠湖,半,1,1,1,1",
        "丁,翠湖,-2,1,1,1,1",
        "戊,翠湖,40000,1,1,1,1",
        "己,哪里,3,x,-5,-1,1",
        "合计,,50,1,1,1,1",
        ",,,,,,",
        "己,新材料产业集群,3,1,1,1,1",
    )
    assert {row: said.key.removeprefix("land.problem_") for row, said in read.bars.items()} == {
        0: "zero_land",
        1: "no_land",
        2: "no_number",
        3: "negative",
        4: "too_large",
        6: "sum",
        7: "empty",
    }
    assert {key: said.key for key, said in read.faults.items() if key[0] == 5} == {
        (5, "output"): "land.problem_no_number",
        (5, "jobs"): "land.problem_negative",
    }
    assert read.values["tax"][5] == -5  # more paid back than paid
    assert [said.key for said in read.notes[5]] == ["land.note_no_unit"]
    assert [said.key for said in read.notes[8]] == ["land.note_larger", "land.note_twice"]
    for language in ("zh", "en"):
        t = Messages(language)
        for said in (
            *read.bars.values(),
            *read.faults.values(),
            *(one for many in read.notes.values() for one in many),
        ):
            assert t(said.key, **said.facts)


@pytest.mark.parametrize(
    "written", ["薯田埔", "薯田埔产业单元", "unit-17", "Shutianpu", "Shutianpu Industrial Unit", "玉律"]
)
def test_units_are_known_by_any_of_their_names(district, written):
    assert parks_of(district, f"甲,{written},1,1,1,1,1").unit_ids == ("unit-16" if written == "玉律" else "unit-17",)


def test_coordinates_give_the_unit(district):
    lat, lon = district.label_point("unit-17")
    head = "名称,单元,经度,纬度,用地（公顷）,产值（万元）"
    read = parks_of(
        district, f"甲,,{lon},{lat},1,1", f"乙,翠湖,{lon},{lat},1,1", "丙,,0,0,1,1", head=head, datum="wgs84"
    )
    assert read.unit_ids == ("unit-17", "unit-05", None)
    assert [said.key for said in read.notes[1]] == ["land.note_elsewhere"]
    assert [said.key for said in read.notes[2]] == ["land.point_zero"]
    guessed = parks_of(district, f"甲,,{lon},{lat},1,1", head=head)
    assert guessed.guess is not None
