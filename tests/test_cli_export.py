"""``export``: every format by its option, what is printed, and how it refuses."""

import geopandas
import polars as pl
import pytest

from gm_map.cli_export import FORMATS, ORIENTATIONS, PAPERS, SHEETS
from gm_map.exchange.write import ENDINGS
from layers import print as sheets


def test_the_lists_are_those_of_the_rooms():
    assert set(FORMATS) == {"html", *ENDINGS, *SHEETS}
    assert tuple(sheets.PAPERS) == PAPERS
    assert sheets.ORIENTATIONS == ORIENTATIONS


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format(run, tmp_path, kind):
    path = tmp_path / f"out.{kind}"
    code, out, err = run("export", "--format", kind, "--out", str(path), "--lang", "en")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == str(path)
    assert sorted(str(file) for file in tmp_path.iterdir()) == sorted(out.splitlines())


def test_the_units_of_an_industry(run, tmp_path):
    path = tmp_path / "units.gpkg"
    options = ("--format", "gpkg", "--out", str(path), "--level", "unit", "--industry", "第三代半导体材料")
    assert run("export", *options)[0] == 0
    frame = geopandas.read_file(path, layer="units")
    assert set(frame["parent_id"]) == {"cluster-5"}
    assert len(frame) == 5
    told = geopandas.read_file(path, layer="metadata", ignore_geometry=True)
    assert dict(zip(told["key"], told["value"], strict=True))["selection"].endswith("第三代半导体材料")


def test_a_sheet_with_everything(run, tmp_path):
    path = tmp_path / "sheet.pdf"
    options = ("--paper", "A3", "--orientation", "portrait", "--title", "选址 ₂", "--approval", "粤S（2026）012号")
    code, out, err = run(
        "export", "--format", "pdf", "--out", str(path), "--industry", "新材料", "--date", "2026-11-24", *options
    )
    assert (code, out) == (0, f"{path}\n")
    assert "₂" in err
    assert path.read_bytes().startswith(b"%PDF-")


def test_without_a_date_data_have_none(run, tmp_path):
    path = tmp_path / "a.csv"
    run("export", "--format", "csv", "--out", str(path))
    assert '"date": "未记"' in path.with_name("a.metadata.json").read_text(encoding="utf-8")
    assert pl.read_csv(path).height == 30


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "csv"), "map.html"),
        (("a.html", "--out", "b.html"), "b.html"),
        (("--format", "csv", "--out", "a.csv", "--paper", "A3"), "--paper"),
        (("--format", "pdf", "--out", "a.pdf", "--level", "unit"), "--level"),
        (("--out", "a.html", "--industry", "新材料"), "--industry"),
        (("--format", "csv", "--out", "a.csv", "--industry", "第三代半导材料"), "第三代半导体材料"),
        (("--format", "csv", "--out", "a.csv", "--industry", "科普旅游"), "科普旅游"),
        (("--format", "pdf", "--out", "a.pdf", "--date", "2026-02-30"), "2026-02-30"),
        (("--format", "csv", "--out", "a.csv", "--date", "gestern"), "gestern"),
        (("--format", "pdf", "--out", "no-such-folder/a.pdf"), "no-such-folder"),
        (("--format", "kml", "--out", "no-such-folder/a.kml"), "no-such-folder"),
        (("--format", "dwg", "--out", "a.dwg"), "dwg"),
    ],
)
def test_what_cannot_be_done_is_said(run, tmp_path, monkeypatch, options, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("export", *options)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
