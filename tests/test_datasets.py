"""The data page's list: nothing that ships is left out, every figure comes from the files, every licence is said."""

import hashlib
import io
import json
import zipfile

import pytest

from gm_map import catalogue, datasets, district
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import Level
from layers import datasets as told
from tree import ROOT

SHIPPED = (
    *("geodata/source/*", "geodata/built/*", "geodata/history/*", "geodata/*.csv", "geodata/*.yaml"),
    *("lexicon/**/*.csv", "lexicon/built/*", "gm_map/**/*.csv", "gm_map/*.yaml"),
    *("static/leaflet/**/*", "static/fonts/**/*.woff2", "static/fonts/**/*.otf"),
)


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


@pytest.fixture(scope="module")
def sets(here):
    return datasets.datasets(here)


@pytest.fixture(scope="module")
def by_id(sets):
    return {one.id: one for one in sets}


def test_ids_are_unique_and_every_group_has_some(sets, by_id):
    assert len(by_id) == len(sets)
    assert {one.group for one in sets} == set(datasets.GROUPS)
    assert all(text for one in sets for text in (one.name.zh, one.name.en, one.about.zh, one.about.en))


def test_nothing_that_ships_is_left_out(sets):
    named = {name for one in sets for name in one.files}
    shipped = {path.name for pattern in SHIPPED for path in ROOT.glob(pattern) if path.is_file()}
    assert shipped - named == set()


def test_every_row_of_the_list_finds_its_files(sets):
    rows = (ROOT / "gm_map" / "datasets.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == [one.id for one in sets]


@pytest.mark.parametrize(
    ("id_", "what", "count"),
    [
        *(("corridor", "features", 1), ("zones", "features", 3), ("clusters", "features", 5)),
        *(("units", "features", 21), ("places", "rows", 30), ("terms", "rows", 321), ("indicators", "rows", 18)),
        *(("glossary", "terms", 33), ("roadmaps", "tasks", 16), ("programmes", "tasks", 22)),
        *(("policies", "measures", 15), ("industries", "topics", 36), ("spatial-claims", "rows", 131)),
        *(("oddities", "rows", 90), ("test-texts", "rows", 750), ("background-street", "features", 6)),
    ],
)
def test_the_counts_are_the_plans(by_id, id_, what, count):
    assert dict(by_id[id_].counts)[what] == count


def test_levels_and_kinds(by_id):
    assert [by_id[name].level for name in ("corridor", "zones", "clusters", "units")] == list(Level)
    assert by_id["background-rail"].kind == "rail_hsr"
    low, high = by_id["units"].uncertainty_m
    assert 0 < low < high < 2000


def test_the_kinds_of_the_background_are_all_there(here, sets):
    kinds = {feature["properties"]["kind"] for feature in here.background}
    assert {one.kind for one in sets if one.kind} == kinds


def test_how_a_table_is_known_is_counted(by_id):
    assert dict(by_id["place-facts"].methods) == {"stated": 88, "derived": 3}
    assert dict(by_id["places"].methods) == {"stated": 30}


def test_sources_are_those_that_the_files_name(here, by_id):
    assert by_id["places"].sources == ("plan",)
    assert {"osm", "drawn"} <= set(by_id["units"].sources)
    assert all(id_ in here.catalogue.sources for one in by_id.values() for id_ in one.sources)
    assert by_id["units"].licences[0] == "ODbL 1.0"


def test_what_is_downloaded_is_what_is_described(sets):
    for one in sets:
        name, data = datasets.content(one)
        assert len(data) == one.bytes
        assert hashlib.sha256(data).hexdigest().startswith(one.digest)
        if len(one.files) == 1 and not one.kind:
            assert name == one.files[0]


def test_a_part_of_the_background_is_a_collection_of_its_own(by_id):
    name, data = datasets.content(by_id["background-station"])
    collection = json.loads(data)
    assert name == "background-station.geojson"
    assert {feature["properties"]["kind"] for feature in collection["features"]} == {"station"}


def test_several_files_come_as_one_archive(by_id):
    for id_, names in {
        "changelog": {"changelog.yaml"},
        "font": {"OFL.txt"},
        "leaflet": {"LICENSE", "leaflet.js"},
    }.items():
        with zipfile.ZipFile(io.BytesIO(datasets.content(by_id[id_])[1])) as archive:
            assert names <= set(archive.namelist())
            assert archive.testzip() is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("龙大", "background-longda"),
        ("uncertainty_m", "units"),
        ("OpenStreetMap 铁路", "lines"),
        ("TERMS plan", "terms"),
    ],
)
def test_finding_by_words(here, sets, words, found):
    assert found in {one.id for one in datasets.find(sets, words, here)}
    assert datasets.find(sets, words + " nothing-of-the-kind", here) == ()
    assert datasets.find(sets, "", here) == sets


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_is_said_in_both_languages(here, sets, language):
    t = Messages(language)
    table = told.table(sets, here, t, selected="units")
    assert len(table["rows"]) == len(sets)
    assert len(told.table(sets, here, t, group="layers")["rows"]) == 5
    for one in sets:
        assert all(name and value for name, value in told.facts(one, here, t))
        assert told.licences(one, t), one.id
    assert len(told.source_table(here, t)["rows"]) == len(here.catalogue.sources)
    assert len(told.source_table(here, t, words="南方都市报")["rows"]) == 1
    assert any(
        "© OpenStreetMap contributors" in line for one in sets if one.id == "units" for line in told.licences(one, t)
    )


def test_a_licence_that_nobody_foresaw_is_told_as_it_stands(by_id):
    from dataclasses import replace

    one = replace(by_id["units"], licences=("CC BY 4.0",))
    assert "CC BY 4.0" in told.licences(one, Messages("en"))[0]
    assert told.licence_name("CC BY 4.0", Messages("zh")) == "CC BY 4.0"


def test_the_field_table_says_each_field_once(here, sets):
    t = Messages("en")
    table = told.field_table(sets, t)
    keys = [(row["cells"][0]["note"], row["cells"][0]["text"]) for row in table["rows"]]
    assert len(keys) == len(set(keys))
    assert ("places.csv", "stated_km2") in keys
    mine = told.field_table(sets, t, of="units")
    assert "uncertainty_km2" in [row["cells"][0]["text"] for row in mine["rows"]]
    assert told.field_table(sets, t, words="no-such-field")["rows"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_changelog_says_what_differs_from_the_version_before(here, language, monkeypatch):
    from gm_map import history
    from gm_map.model import Text

    t = Messages(language)
    assert told.changelog(here, t)[-1][3] == [t("data.change_first")]
    now = history.snapshot(here)
    before = {**now, "areas_km2": {**now["areas_km2"], "unit-17": 1.0}}
    same, unkept = {**now, "version": "c" * 12}, None
    kept = {here.version: now, "b" * 12: before, "c" * 12: same, "d" * 12: unkept, "e" * 12: now}
    names = [here.version, *("b" * 12, "e" * 12, "c" * 12, "d" * 12)]
    versions = tuple(history.Version(name, "2026-01-01", Text("一", "one")) for name in names)
    monkeypatch.setattr(history, "versions", lambda: versions)
    monkeypatch.setattr(history, "snapshots", kept.get)
    lines = [entry[3] for entry in told.changelog(here, t)]
    assert here.catalogue.places["unit-17"].short.of(language) in lines[0][0]
    assert lines[2] == [t("data.change_none")]
    assert lines[3] == [t("data.change_unkept")]
