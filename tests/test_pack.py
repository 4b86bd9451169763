"""The pack for a meeting with no network: complete, the same each time, and with nothing in it that runs or asks."""

import csv
import hashlib
import io
import json
import re
import zipfile

import geopandas
import pytest

from gm_map import catalogue, district, filters
from gm_map.messages import LANGUAGES, Messages
from layers import pack, pack_html, taken

DATE = "2026-03-14"
LINK = "https://map.example/?t=topic-13"


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


@pytest.fixture(scope="module")
def selection(here):
    return filters.select(here.catalogue, filters.Filter(nodes=("topic-13",)))


@pytest.fixture(scope="module")
def made(here, selection):
    def make(language="zh"):
        ids = list(selection.ids)
        state = {
            "topics": ["topic-13"],
            "places": [],
            "mode": "any",
            "lit": ids,
            "reasons": {id_: str(selection.basis(id_) or "") for id_ in ids},
            "selected": "unit-17",
        }
        t = Messages(language)
        return pack.pack(
            here,
            t,
            state=state,
            places=["unit-17", "unit-18"],
            notes={"unit-17": '=HYPERLINK("http://x")'},
            filter_words="第三代半导体材料",
            link=LINK,
            date=DATE,
        )

    return make


@pytest.fixture(scope="module")
def opened(made):
    return zipfile.ZipFile(io.BytesIO(made()))


def test_what_is_in_it(opened):
    names = opened.namelist()
    assert {
        *("index.html", "README.txt", "manifest.json", "comparison.xlsx", "check-report.html"),
        *("dossiers/unit-17.html", "dossiers/unit-18.html", "dossiers/unit-17.pdf", "dossiers/unit-18.pdf"),
        *("data/places.gpkg", "data/places.geojson", "data/places.csv", "data/geo_sources.csv"),
    } <= set(names)
    assert opened.testzip() is None
    assert opened.read("dossiers/unit-17.pdf").startswith(b"%PDF")
    assert all(not name.startswith("/") and ".." not in name for name in names)


def test_the_same_state_and_date_give_the_same_bytes(made, opened):
    opened.fp.seek(0)
    assert made() == opened.fp.read()


def test_it_is_in_the_language_asked_for(made):
    with zipfile.ZipFile(io.BytesIO(made("en"))) as archive:
        assert '<html lang="en">' in archive.read("index.html").decode()
        assert "Shutianpu" in archive.read("dossiers/unit-17.html").decode()


def test_the_manifest_has_the_checksum_of_every_other_file(opened, here):
    manifest = json.loads(opened.read("manifest.json"))
    assert manifest["data_version"] == here.version
    assert manifest["date"] == DATE
    assert manifest["link"] == LINK
    assert set(manifest["files"]) == set(opened.namelist()) - {"manifest.json"}
    for name, said in manifest["files"].items():
        data = opened.read(name)
        assert said == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_the_read_me_is_in_both_languages_and_names_every_file(opened, here):
    text = opened.read("README.txt").decode("utf-8-sig")
    zh, en = (Messages(language) for language in LANGUAGES)
    for t in (zh, en):
        assert t("take.readme_open") in text
        assert t("exchange.licence") in text
        assert t("take.readme_version", version=here.version) in text
    assert all(name in text for name in opened.namelist() if name != "README.txt")
    assert all(source.title.en in text for source in here.catalogue.sources.values())
    assert LINK in text


def test_nothing_in_a_dossier_runs_and_nothing_is_fetched(opened):
    for name in opened.namelist():
        if name.endswith(".html"):
            page = opened.read(name).decode()
            assert "default-src 'none'" in page
            assert not re.search(r"""src\s*=\s*["']?(https?:)?//""", page)
        if name.startswith(("dossiers/", "check-report")):
            assert "<script" not in page
            assert not re.search(r"""href\s*=\s*["']?(https?:)?//""", page)


def test_dossiers_lead_back_and_to_each_other(opened):
    page = opened.read("dossiers/unit-17.html").decode()
    links = set(re.findall(r'href="([^"]+)"', page))
    assert "&#46;&#46;/index.html" in links or "../index.html" in links
    assert links - {"../index.html"} <= {"unit-18.html"}


def test_the_data_hold_what_the_filter_lights(opened, selection, here, tmp_path):
    opened.extract("data/places.gpkg", tmp_path)
    frame = geopandas.read_file(tmp_path / "data" / "places.gpkg", layer="places")
    assert set(frame["id"]) == set(selection.ids)
    assert frame.set_index("id").loc["unit-17", "name"] == here.catalogue.places["unit-17"].name.zh
    features = json.loads(opened.read("data/places.geojson"))["features"]
    assert {one["id"] for one in features} == set(selection.ids)
    rows = list(csv.DictReader(io.StringIO(opened.read("data/places.csv").decode("utf-8-sig"))))
    assert {row["id"] for row in rows} == set(selection.ids)


def test_the_comparison_has_the_places_and_the_notes_as_text(opened, here):
    with zipfile.ZipFile(io.BytesIO(opened.read("comparison.xlsx"))) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    texts = parts["xl/sharedStrings.xml"]
    assert here.catalogue.places["unit-18"].name.zh in texts
    assert "=HYPERLINK(" in texts
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert "<hyperlink" not in parts["xl/worksheets/sheet1.xml"]


def test_without_a_choice_all_places_go_in(here):
    with zipfile.ZipFile(io.BytesIO(pack.pack(here, Messages("en"), date=DATE))) as archive:
        dossiers = {name for name in archive.namelist() if name.startswith("dossiers/")}
    assert dossiers == {f"dossiers/{id_}.html" for id_ in here.catalogue.places}


def test_without_a_date_it_bears_none(here):
    first = pack.pack(here, Messages("zh"), places=["zone-1"])
    assert first == pack.pack(here, Messages("zh"), places=["zone-1"])
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}
        assert json.loads(archive.read("manifest.json"))["date"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dossier_can_be_written(here, language):
    t = Messages(language)
    for id_ in (*here.catalogue.places, *here.catalogue.industries):
        page = pack_html.dossier(here, id_, t, date=DATE)
        assert page.count("<svg") == 1
        assert "None" not in page


def test_a_table_comes_with_its_metadata(here):
    data = pack.data_file(here, "csv", Messages("en"), levels=("zone",), date=DATE)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["places.csv", "places.metadata.json"]
    assert pack.ending("csv") == ".zip"
    assert pack.ending("gpkg") == ".gpkg"


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ({}, "", ""),
        ({"t": "topic-13"}, "第三代半导体材料", "Third-generation semiconductor materials"),
        ({"in": "zone-1"}, "范围 科技创新", "within Sci-tech innovation"),
    ],
)
def test_the_filter_in_words(here, query, zh, en):
    assert taken.words(here.catalogue, query, Messages("zh")).startswith(zh)
    said = taken.words(here.catalogue, query, Messages("en"))
    assert said.lower().startswith(en.lower()) or (query.get("in") and said.startswith("within "))
    assert bool(said) == bool(query)
