"""``python -m gm_map``: what it prints, in JSON and for people, and how it refuses, never with a traceback."""

import json
import os
import subprocess
import sys
import unicodedata

import broken
import pytest

from geodata import build
from gm_map import catalogue
from gm_map.messages import Messages
from tree import ROOT


def columns(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def test_areas_in_json(run):
    code, out, err = run("areas", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert [sum(row["level"] == level for row in rows) for level in ("corridor", "zone", "cluster", "unit")] == [
        1,
        3,
        5,
        21,
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_areas_for_people_stand_in_columns(run, language):
    code, out, _ = run("areas", "--lang", language)
    header, *lines, note = out.splitlines()
    t = Messages(language)
    assert code == 0
    assert len(lines) == 30
    assert note == t("cli.indicative")
    end = columns(header[: header.index(t("cli.measured"))]) + columns(t("cli.measured"))
    for line in lines:
        taken, cut = 0, 0
        while taken < end:
            taken += columns(line[cut])
            cut += 1
        assert taken == end
        assert float(line[:cut].split()[-1]) > 0  # right-aligned under its header, whatever the name's width


def test_places_in_json(run):
    code, out, err = run("places", "--industry", "第三代半导体材料", "--json")
    [answer] = json.loads(out)
    assert (code, err) == (0, "")
    assert answer["path"] == "新材料产业 › 关键战略材料 › 第三代半导体材料"
    assert {place["id"] for place in answer["places"]} >= {"cluster-5", "unit-17"}
    assert all(place["citation"]["phrase"] for place in answer["places"])


def test_places_for_people(run):
    code, out, _ = run("places", "--industry", "前沿技术", "--lang", "en")
    assert code == 0
    assert out.count("(field)") == 2
    assert out.count("(topic)") == 1
    assert "follows the industry" in out


def test_no_place_is_an_answer(run):
    code, out, err = run("places", "--industry", "科普旅游")
    assert (code, err) == (0, "")
    assert "依托光明科学城" in out


def test_an_unknown_name_is_refused_with_those_near_to_it(run):
    code, out, err = run("places", "--industry", "第三代半导材料", "--json")
    assert (code, out) == (2, "")
    assert "第三代半导体材料" in err


def test_search(run):
    code, out, _ = run("search", "shutianpu", "--json")
    assert (code, json.loads(out)[0]["id"]) == (0, "unit-17")
    code, out, _ = run("search", "薯田埔")
    assert (code, out.splitlines()[1].split()[0]) == (0, "薯田埔产业单元")
    code, out, _ = run("search", "xyzzyx", "--lang", "en")
    assert (code, out) == (0, "nothing found\n")


@pytest.mark.parametrize(("arguments", "language"), [((), "zh"), (("--lang", "en"), "en")])
def test_export_writes_one_page(run, tmp_path, arguments, language):
    short, long = tmp_path / "short.html", tmp_path / "long.html"
    assert run("export", str(short), *arguments)[0] == 0
    assert run("export", "--format", "html", "--out", str(long), *arguments)[0] == 0
    assert short.read_bytes() == long.read_bytes()
    assert f'lang="{language}' in short.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export",), "export map.html"),
        (("export", "a.html", "--out", "b.html"), "a.html"),
        (("export", "/nowhere/at/all/map.html", "--lang", "en"), "cannot be written"),
        (("export", "--format", "dwg", "map.dwg"), "dwg"),
        (("places",), "--industry"),
        (("areas", "--lang", "fr"), "fr"),
        (("areas", "--lang"), "--lang"),
        (("nothing",), "nothing"),
        ((), "COMMAND"),
        (("places", "--industry", ""), "no name"),
        (("places", "--industry", "\udc80\udcff"), "no name"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_broken_data_is_refused_with_all_faults(run, monkeypatch, tmp_path):
    folder = broken.copy("source", tmp_path)
    for rule in ("bad-number", "bad-kind"):
        broken.break_it(folder, broken.description(broken.INVALID / "source" / f"{rule}.yaml"))
    monkeypatch.setattr(catalogue.load, "__defaults__", (folder,))
    code, out, err = run("places", "--industry", "化学药")
    assert (code, out) == (1, "")
    assert err.startswith("2 faults in the data:")


def test_a_build_that_equals_is_unchanged(run):
    assert run("build", "--check") == (0, "unchanged\n", "")


def test_a_build_that_differs_says_where(run, monkeypatch, tmp_path):
    folder = broken.copy("built", tmp_path)
    broken.break_it(folder, broken.description(broken.INVALID / "built" / "changed-by-hand.yaml"))
    monkeypatch.setattr(build.check, "__defaults__", (build.SOURCE, folder))
    code, out, err = run("build", "--check")
    assert (code, err) == (1, "")
    assert out.startswith("units.geojson: ")
    assert "unit-05" in out
    assert "unit-06" not in out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_speaks_the_language(run, language):
    code, out, _ = run("areas", "--help", "--lang", language)
    assert code == 0
    assert Messages(language)("cli.areas")[:10] in out.replace("\n", " ")


def test_chinese_comes_out_whatever_the_locale_is():
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "gm_map", "places", "--industry", "Chemical drugs", "--json"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "化学药" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error():
    command = [sys.executable, "-m", "gm_map", "places", "--industry", "智能产业", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_commands_load_no_more_than_they_need():
    """No command needs pandas to start, nor the sound of a name where it is written as the plan writes it."""
    ask = "cli.main(['places', '--industry', '化学药'])"
    code = f"import sys, gm_map.cli as cli; {ask}; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert not set(done.stderr.decode().split()) & {
        "pandas",
        "geopandas",
        "folium",
        "streamlit",
        "pypinyin",
        "rapidfuzz",
    }
