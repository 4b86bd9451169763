"""``match``, ``evaluate`` and ``locate`` as they are called: what comes out, and refusals without a traceback."""

import csv
import json
import subprocess
import sys

import pytest

from gm_map import cli_match, console
from gm_map.evaluate import FIGURES
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import Status
from gm_map.reader.reader import reader
from gm_map.uploads import Problem
from tree import ROOT

SIC = "8英寸碳化硅外延片项目，需洁净厂房6000平方米"


def test_match_in_json(run):
    code, out, err = run("match", SIC, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["status"], found["readings"][0]["topic"]) == ("match", "第三代半导体材料")
    assert {"topic", "field", "industry", "confidence", "terms"} <= set(found["readings"][0])
    for reading in found["readings"]:
        assert reading["base"] + sum(term["weight"] for term in reading["terms"]) == pytest.approx(reading["score"])
        assert all(SIC[term["start"] : term["end"]] == term["term"] for term in reading["terms"])
    assert {place["level"] for place in found["places"]} == {"zone", "cluster", "unit"}
    for place in found["places"]:
        assert {"id", "level", "name", "score", "parts"} <= set(place)
        assert abs(sum(part["value"] for part in place["parts"]) - place["score"]) < 1e-9
    basis = next(place for place in found["places"] if place["id"] == "cluster-5")["parts"][0]
    assert (basis["name"], basis["citation"]["phrase"]) == ("basis", "第三代半导体材料")
    assert found["needs"]["floor"]["m2"] == 6000
    assert found["needs"]["keys"] == ["cleanroom"]


def test_none_and_unsure_in_json(run):
    found = json.loads(run("match", "连锁奶茶店加盟", "--json")[1])
    assert (found["status"], found["places"], found["readings"][0]["topic"]) == ("none", [], None)
    with (ROOT / "lexicon" / "test.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    text = next(text for text in texts if reader().read(text).status == Status.UNSURE)
    unsure = json.loads(run("match", text, "--json")[1])
    assert len(unsure["between"]) == 2
    assert unsure["between"][0] == unsure["readings"][0]["topic"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_match_for_people(run, language):
    code, out, err = run("match", SIC + "，近高铁，用地10亩", "--lang", language)
    t = Messages(language)
    assert (code, err) == (0, "")
    assert out.startswith(t("match.status_match"))
    assert t("match.need_hsr") in out
    assert t("cli.indicative") in out
    code, out, _ = run("match", "会展与科普旅游，研学营地", "--lang", language)
    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("match", ""), "描述是空的"),
        (("match", " \n", "--json", "--lang", "en"), "the description is empty"),
        (("match",), "--input"),
        (("match", "x", "--input", "a.csv", "--output", "b.csv"), "--input"),
        (("match", "--input", "a.csv"), "--output"),
        (("match", "--input", "nowhere.csv", "--output", "b.csv"), "no such file"),
        (("match", "芯片", "--weights", "nothing"), "no such preset"),
        (("evaluate", "nowhere.csv"), "no such file"),
        (("locate", "--input", "nowhere.csv", "--output", "b.csv"), "no such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_an_argument_that_is_no_text_is_no_crash(run):
    code, _, err = run("match", "芯片\udcff设计", "--json")
    assert (code, err) == (0, "")


def test_a_table_goes_through(run, tmp_path):
    source, target = tmp_path / "projects.csv", tmp_path / "out.csv"
    source.write_text(f"名称,备注,简介\n甲,x,{SIC}\n乙,y,\n丙,z,奶茶店加盟\n", encoding="utf-8-sig")
    code, out, err = run("match", "--input", str(source), "--output", str(target))
    assert code == 0
    assert out.startswith("3 行")
    assert "“简介”" in err
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["名称"] for row in rows] == ["甲", "乙", "丙"]
    assert [row["status"] for row in rows] == ["match", "none", "none"]
    assert (rows[0]["cluster"], rows[1]["problem"]) == ("新材料产业集群", "没有文字")
    code, _, err = run("match", "--input", str(source), "--output", str(target), "--text-column", "无")
    assert code == 2
    assert "名称, 备注, 简介" in err
    target = tmp_path / "out.xlsx"
    arguments = ("--input", str(source), "--output", str(target), "--text-column", "备注", "--weights", "research")
    assert run("match", *arguments, "--lang", "en")[0] == 0
    assert target.is_file()


def test_evaluate(run, tmp_path):
    code, out, err = run("evaluate", str(ROOT / "lexicon" / "test.csv"), "--json")
    figures = json.loads(out)
    assert (code, err) == (0, "")
    assert tuple(figures)[: len(FIGURES)] == FIGURES
    assert figures["n"] >= 600
    assert set(figures["by_kind"]["short"]) == set(FIGURES)
    few = tmp_path / "few.csv"
    few.write_text(f"text,field,kind\n{SIC},第三代半导体材料,normal\n,none,negative\n", encoding="utf-8")
    code, out, _ = run("evaluate", str(few), "--lang", "en")
    assert code == 0
    assert "topic_top1" in out
    few.write_text("text,label\na,b\n", encoding="utf-8")
    code, out, err = run("evaluate", str(few))
    assert (code, out) == (2, "")
    assert "wanted text, field" in err


def test_locate(run, tmp_path):
    source, target = tmp_path / "points.csv", tmp_path / "out.csv"
    source.write_text("id,lon,lat\n1,113.93682,22.72749\n2,0,0\n", encoding="utf-8")
    code, out, err = run("locate", "--input", str(source), "--output", str(target), "--names", "--datum", "auto")
    assert (code, err) == (0, "")
    assert out.startswith("2 行")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert rows[0]["unit"].endswith("产业单元")
    assert rows[1]["problem"]
    assert run("locate", "--input", str(source), "--output", str(target), "--datum", "x")[0] == 2


class Terminal:
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_progress_tells_the_time_left_on_a_terminal_only(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    clock = iter([0.0, 10.0])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    progress = console.Progress(Messages("en"))
    progress(1200, 0.25)
    progress.end()
    assert "1,200 rows · 25% · about 0:30 left" in terminal.text
    assert terminal.text.endswith("\n")


def test_calling_off_leaves_nothing_and_says_so(run, tmp_path, monkeypatch):
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("text\n芯片\n", encoding="utf-8")

    class Interrupted(console.Progress):
        def __call__(self, rows, share=None):
            raise KeyboardInterrupt

    monkeypatch.setattr(cli_match, "Progress", Interrupted)
    code, out, err = run("match", "--input", str(source), "--output", str(target))
    assert (code, out) == (130, "")
    assert str(target) in err
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_words(language):
    for problem in Problem:
        assert Messages(language)(f"problem.{problem}")


def test_one_text_needs_no_library_of_tables():
    code = (
        f"import sys, gm_map.cli as cli; cli.main(['match', {SIC!r}, '--json']); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert not set(done.stderr.decode().split()) & {
        "pandas",
        "geopandas",
        "polars",
        "pyarrow",
        "fastexcel",
        "xlsxwriter",
    }
