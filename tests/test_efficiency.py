"""What land yields: scores and grades worked out by hand, what must always hold, the list by unit, the files."""

import io
import math
import zipfile

import numpy as np
import polars as pl
import pytest
from fastexcel import read_excel

from gm_map import efficiency
from gm_map import efficiency_grades as grading
from gm_map import efficiency_scale as scale
from gm_map import efficiency_weights as weighing
from gm_map.cli import main
from gm_map.district import load
from gm_map.efficiency import Method, Settings, assess, by_unit, indicators
from gm_map.efficiency_file import csv_bytes, workbook_bytes
from gm_map.efficiency_read import read_parks
from gm_map.errors import InputError
from gm_map.messages import Messages
from gm_map.model import Level
from layers import efficiency as told
from tree import ROOT

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


@pytest.fixture(scope="module")
def example(district):
    return read_parks(district, (ROOT / "static" / "examples" / "parks.csv").read_bytes(), "parks.csv")


# Scores and grades


def test_indicators_by_hand(parks):
    found = indicators(parks)
    assert found["output_ha"].tolist() == [1000, 500, 2000, 400, 1125]
    assert found["rd_output"].tolist() == pytest.approx([2, 0, 2.25, 1, 7])
    assert math.isnan(found["tax_ha"][2])
    assert "energy_output" not in found


def test_a_score_by_hand(parks):
    settings = Settings(used=("output_ha", "jobs_ha"), weights={"output_ha": 3, "jobs_ha": 1})
    found = assess(parks, settings)
    # Output per hectare from 400 to 2000; jobs per hectare 30, 20, 40, 10, 50.
    assert found.weights.tolist() == [0.75, 0.25]
    wanted = [
        100 * (0.75 * (1000 - 400) / 1600 + 0.25 * 20 / 40),
        100 * (0.75 / 16 + 0.25 / 4),
        100 * (0.75 + 0.25 * 0.75),
    ]
    assert found.score[:3].tolist() == pytest.approx(wanted)
    assert found.score[3] == 0
    assert found.rank.tolist() == [3, 4, 1, 5, 2]


def test_what_is_missing_is_said_and_not_filled(parks):
    strict = assess(parks, Settings())
    assert strict.grade[2] == grading.UNGRADED
    assert Messages("zh")(strict.why[2].key, **strict.why[2].facts) == "未评级：缺税收"
    assert Messages("en")(strict.why[2].key, **strict.why[2].facts) == "not graded: Tax missing"
    assert 1 not in strict.why  # no R&D at all is a figure
    assert strict.values[1, strict.ids.index("rd_ha")] == 0
    there = assess(parks, Settings(partial=True))
    assert there.grade[2] >= 0
    assert there.scored_on.tolist() == [5, 5, 4, 5, 5]
    # The rest weighs as much as before, scaled to a sum of 1.
    known = np.isfinite(there.standard[2])
    assert there.score[2] == pytest.approx(100 * there.standard[2][known].mean())
    assert np.isnan(there.values[2, there.ids.index("tax_ha")])


def test_an_indicator_that_weighs_nothing_bars_nobody(parks):
    assert 2 not in assess(parks, Settings(weights={"tax_ha": 0})).why


def test_no_output_gives_no_ratio(district):
    found = assess(parks_of(district, *ROWS, "己,翠湖,3,0,1,1,1"), Settings())
    assert "产值为 0" in Messages("zh")(found.why[5].key, **found.why[5].facts)


def test_grades_by_share_and_by_score():
    score = np.array([90.0, 80, 80, 70, 60, 50, 40, 30, np.nan])
    assert grading.grades_by_share(score, (25, 50, 75)).tolist() == [0, 0, 0, 1, 2, 2, 3, 3, -1]
    assert grading.grades_by_score(score, (80, 60, 40)).tolist() == [0, 0, 0, 1, 1, 2, 2, 3, -1]
    assert grading.ranks(score)[:4].tolist() == [1, 2, 2, 4]


@pytest.mark.parametrize(
    "wrong", [{"shares": (50.0, 25.0, 75.0)}, {"limits": (10.0, 50.0, 75.0)}, {"winsor": 50.0}, {"swing": 1.0}]
)
def test_settings_must_be_in_order(parks, wrong):
    with pytest.raises(InputError):
        assess(parks, Settings(**wrong))


def test_contradicting_comparisons_grade_nobody(parks):
    pairs = {("output_ha", "tax_ha"): 9, ("tax_ha", "jobs_ha"): 9, ("output_ha", "jobs_ha"): -9}
    found = assess(parks, Settings(method=Method.AHP, pairs=pairs))
    assert found.refused.key == "land.refused_ahp"
    assert (found.grade == grading.UNGRADED).all()
    assert found.all_weights[Method.AHP] is None
    assert len(found.comparisons) == 1  # by hand against entropy


# What must always hold


@pytest.fixture(scope="module")
def values():
    return np.random.default_rng(3).lognormal(2, 0.8, (60, 4))


HIGHER = np.array([True, True, True, False])


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("partial", [False, True])
def test_weights_sum_to_one_and_scores_stay_within_their_scale(example, method, partial):
    found = assess(example, Settings(method=method, partial=partial))
    assert found.weights.sum() == pytest.approx(1)
    known = found.score[np.isfinite(found.score)]
    assert known.min() >= 0
    assert known.max() <= 100
    assert ((found.grade >= 0) == np.isfinite(found.score)).all()
    assert {row for row in range(len(example)) if found.grade[row] < 0} == set(found.why)


def test_another_unit_of_measure_changes_no_weight(values):
    plain = weighing.entropy(scale.minmax(values, HIGHER))
    scaled = weighing.entropy(scale.minmax(values * [15, 1e4, 1e-3, 7], HIGHER))
    np.testing.assert_allclose(plain, scaled)


def test_the_order_of_rows_changes_nothing(example, district):
    lines = (ROOT / "static" / "examples" / "parks.csv").read_text(encoding="utf-8").splitlines()
    turned = read_parks(district, "\n".join([lines[0], *reversed(lines[1:])]).encode(), "a.csv")
    for method in (Method.HAND, Method.ENTROPY):
        one, other = (assess(parks, Settings(method=method)) for parks in (example, turned))
        np.testing.assert_allclose(one.weights, other.weights)
        np.testing.assert_array_equal(one.grade, other.grade[::-1])
        np.testing.assert_allclose(one.stability.kept, other.stability.kept[::-1])


def test_more_of_what_is_good_never_lowers_a_score(values):
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    before = grading.ranks(grading.scores(scale.minmax(values, HIGHER), weights))
    for at, better in enumerate((1.5, 1.5, 1.5, 1 / 1.5)):
        raised = values.copy()
        raised[7, at] *= better
        after = grading.ranks(grading.scores(scale.minmax(raised, HIGHER), weights))
        assert after[7] <= before[7]


def test_without_swing_every_grade_holds_and_draws_are_the_same_each_time(example):
    still = assess(example, Settings(swing=0.0)).stability
    assert still.overall == 1
    one, other = (assess(example, Settings()).stability for _ in range(2))
    np.testing.assert_array_equal(one.kept, other.kept)
    rank = assess(example, Settings()).rank
    known = np.isfinite(rank)
    assert (one.low[known] <= one.high[known]).all()
    np.testing.assert_allclose(one.flows.sum(axis=1), 1)
    wide = assess(example, Settings(swing=0.5)).stability
    assert wide.overall < one.overall


# By unit, and as files


def test_the_list_by_unit_adds_up(district, parks):
    found = assess(parks, Settings())
    lines = {
        one.unit_id: one for one in by_unit(parks, found, [place.id for place in district.catalogue.at(Level.UNIT)])
    }
    assert list(lines) == ["unit-05", "unit-17", None]
    assert lines["unit-17"].totals["output_ha"] == ((10000 + 15000) / 40, 2)  # not the mean of 1000 and 500
    assert lines["unit-05"].totals["tax_ha"] == (40 / 5, 1)
    assert lines["unit-05"].ungraded == 1
    assert sum(one.rows for one in lines.values()) == len(parks)
    assert sum(sum(one.counts) + one.ungraded for one in lines.values()) == len(parks)
    score, land = found.score[:2], np.array([10.0, 30.0])
    assert lines["unit-17"].score == pytest.approx((score * land).sum() / 40)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_files_hold_every_row_the_units_and_the_method(district, language):
    parks = parks_of(district, *ROWS, "=HYPERLINK(1),翠湖,3,5000,200,90,70")
    t, settings = Messages(language), Settings()
    made = told.sheets(district, parks, assess(parks, settings), settings, "parks.csv", t)
    book = workbook_bytes(made)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(name) for name in names)
    opened = read_excel(book)
    assert opened.sheet_names == [t("land.sheet_results"), t("land.sheet_by_unit"), t("land.sheet_how")]
    results = opened.load_sheet(0).to_polars()
    assert results.height == len(parks)
    assert results[t("land.grade")].to_list()[2] == t("land.ungraded")
    assert results[t("land.score")].to_list()[2] is None
    method = dict(opened.load_sheet(2).to_polars().iter_rows())
    assert method[t("land.sheet_version")] == district.version
    assert "17 %" not in method[t("land.sheet_weights")]  # five indicators: 20 % each
    assert "20.0 %" in method[t("land.sheet_weights")]
    assert method[t("land.sheet_plan")].startswith("专栏7")
    text = csv_bytes(made[0][1]).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert len(text.splitlines()) == len(parks) + 1


def test_the_example_says_that_it_is_made_up(example):
    assert all(name.startswith("虚构") for name in example.names)
    found = assess(example, Settings())
    assert 0 < len(found.why) < len(example)
    assert set(found.grade[found.grade >= 0].tolist()) == {0, 1, 2, 3}


def test_a_table_without_any_amount_is_refused(district):
    with pytest.raises(InputError, match="none of the indicators"):
        assess(parks_of(district, "甲,1", head="名称,用地（公顷）"), Settings())
    assert efficiency.MEASURES["energy_output"].higher is False


def test_the_command_writes_both_files_and_says_what_is_wrong(tmp_path, capsys):
    source = str(ROOT / "static" / "examples" / "parks.csv")
    book, rows = tmp_path / "a.xlsx", tmp_path / "a.csv"
    assert main(["land", "--input", source, "--output", str(book), "--method", "entropy"]) == 0
    assert main(["land", "--input", source, "--output", str(rows), "--weights", "tax_ha=2,jobs_ha=1", "--partial"]) == 0
    assert "未评级" in capsys.readouterr().out
    assert read_excel(book.read_bytes()).sheet_names == ["结果", "等级清单", "方法"]
    assert pl.read_csv(rows).height == 28
    for wrong in (["--weights", "x=1"], ["--weights", "tax_ha=x"], ["--units", "land"], ["--units", "land=parsec"]):
        assert main(["land", "--input", source, "--output", str(rows), *wrong]) == 2
    assert main(["land", "--input", source, "--output", str(tmp_path / "a.pdf")]) == 2
    assert main(["land", "--input", str(tmp_path / "none.csv"), "--output", str(rows)]) == 2
    assert main(["land", "--input", str(rows), "--output", str(rows)]) == 2
    assert "Traceback" not in capsys.readouterr().err
