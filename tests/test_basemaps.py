"""Base maps: the shipped list is whole, an operator's is added, what could do harm is left out with a sentence."""

import pytest
import yaml

from gm_map import basemaps
from gm_map.basemaps import DATUMS, SETTINGS, TOKEN, load
from gm_map.messages import Messages
from layers.tiles import base_maps

GOOD = {
    "id": "city",
    "name": "市级底图",
    "name_en": "City base map",
    "url": "http://127.0.0.1:9/{z}/{x}/{y}.png",
    "datum": "cgcs2000",
    "attribution": "© 市级平台",
    "max_zoom": 18,
}


def offered(tmp_path, told, **settings):
    """What is offered with an operator's list of this content (a text, or values for YAML)."""
    path = tmp_path / "bases.yaml"
    text = told if isinstance(told, str) else yaml.safe_dump(told, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return load({SETTINGS: str(path), **settings})


def test_the_shipped_list_is_whole():
    offer = load({})
    assert [one.id for one in offer.basemaps] == ["tianditu", "osm", "gaode", "tencent"]
    assert not offer.refused
    for one in offer.basemaps:
        assert one.datum in DATUMS
        assert all(text.zh and text.en for text in (one.name, one.attribution, one.licence))
    assert {one.id for one in offer.basemaps if one.datum == "gcj02"} == {"gaode", "tencent"}


def test_what_needs_a_token_waits_for_one():
    assert load({}).ids == {"osm", "gaode", "tencent"}
    offer = load({TOKEN: "a b&c"})
    assert "tianditu" in offer.ids
    urls = offer.basemaps[0].urls
    assert len(urls) == 2  # the picture and its names
    assert all(url.endswith("&tk=a%20b%26c") for url in urls)
    assert not [url for one in load({}).basemaps for url in one.urls if "{token}" in url]


def test_an_operators_list_is_added(tmp_path):
    wmts = "https://maps.example/wmts?L=a&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
    told = {
        "tokens": {"tianditu": "abc"},
        "hide": ["osm"],
        "basemaps": [
            GOOD,
            {**GOOD, "id": "south", "url": "http://127.0.0.1:9/{z}/{x}/{-y}.png"},
            {**GOOD, "id": "wmts", "url": wmts},
            {**GOOD, "id": "many", "url": "https://{s}.maps.example/{z}/{x}/{y}", "subdomains": ["a", "b"]},
        ],
    }
    offer = offered(tmp_path, told)
    assert not offer.refused
    assert offer.ids == {"tianditu", "gaode", "tencent", "city", "south", "wmts", "many"}
    found = {one.id: one for one in offer.basemaps}
    assert found["wmts"].urls[0].endswith("TILEMATRIX={z}&TILEROW={y}&TILECOL={x}")
    assert found["city"].name.of("en") == "City base map"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"url": "javascript:alert(1)//{z}/{x}/{y}"}, "url"),
        ({"url": "data:image/png;base64,{z}{x}{y}"}, "url"),
        ({"url": "file:///etc/{z}/{x}/{y}"}, "url"),
        ({"url": "//maps.example/{z}/{x}/{y}"}, "url"),
        ({"url": "https:///{z}/{x}/{y}"}, "url"),
        ({"url": "https://user:word@maps.example/{z}/{x}/{y}"}, "url"),
        ({"url": 'https://maps.example/{z}/{x}/{y}" onerror="alert(1)'}, "url"),
        ({"url": "https://maps.example:99999/{z}/{x}/{y}"}, "url"),
        ({"url": None}, "url"),
        ({"url": ["https://maps.example/{z}/{x}/{y}"]}, "url"),
        ({"url": "https://maps.example/" + "a" * 2000 + "{z}/{x}/{y}"}, "url"),
        ({"url": "https://maps.example/{{7*7}}/{z}/{x}/{y}"}, "places"),
        ({"url": "https://maps.example/{z}/{x}/{y}/{quadkey}"}, "places"),
        ({"url": "https://maps.example/{z}/{x}.png"}, "places"),
        ({"url": "https://maps.example/{z}/{x}/{y}/{-y}"}, "places"),
        ({"url": "https://maps.example/{z}/{x}/{y}/}"}, "places"),
        ({"url": "https://{x}.example/{z}/{x}/{y}"}, "places"),
        ({"url": "https://{s}.example/{z}/{x}/{y}"}, "subdomains"),
        ({"subdomains": ["a", "b.evil.example/"]}, "subdomains"),
        ({"labels_url": "javascript:{z}{x}{y}"}, "url"),
        ({"name": "<img src=x onerror=alert(1)>"}, "text"),
        ({"name": "{{ 7*7 }}"}, "text"),
        ({"name_en": "${alert(1)}"}, "text"),
        ({"name": ""}, "text"),
        ({"name": 7}, "text"),
        ({"name": "长" * 41}, "text"),
        ({"attribution": '<a href="javascript:alert(1)">x</a>'}, "text"),
        ({"licence": "javascript:alert(1)"}, "text"),
        ({"id": "own"}, "taken"),
        ({"id": "osm"}, "taken"),
        ({"id": "../x"}, "id"),
        ({"id": 1}, "id"),
        ({"datum": "bd09"}, "datum"),
        ({"datum": ["wgs84"]}, "datum"),
        ({"max_zoom": 99}, "zoom"),
        ({"max_zoom": True}, "zoom"),
    ],
)
def test_what_could_do_harm_is_left_out_with_a_sentence(tmp_path, change, why):
    offer = offered(tmp_path, {"basemaps": [{**GOOD, **change}, {**GOOD, "id": "second"}]})
    assert [said.key for said in offer.refused] == [f"tools.refused_{why}"]
    assert offer.ids == {"osm", "gaode", "tencent", "second"}
    for language in ("zh", "en"):
        told = base_maps(Messages(language), offer)
        assert len(told["refused"]) == 1
        assert "1" in told["refused"][0]


@pytest.mark.parametrize(
    "text",
    ["", "- a\n- b", "basemaps: [", "basemaps: 7\nhide: 3\ntokens: x", "!!python/object/apply:os.getpid []", "\0"],
)
def test_a_list_that_is_none_leaves_the_shipped_one(tmp_path, text):
    offer = offered(tmp_path, text)
    assert offer.ids == {"osm", "gaode", "tencent"}
    assert len(offer.refused) == (0 if text.startswith("basemaps: 7") else 1)


def test_a_list_that_is_not_there_is_a_sentence(tmp_path):
    offer = load({SETTINGS: str(tmp_path / "none.yaml")})
    assert [said.key for said in offer.refused] == ["tools.refused_file"]
    assert load({SETTINGS: str(tmp_path)}).refused


def test_entries_that_are_none_are_sentences(tmp_path):
    offer = offered(tmp_path, {"basemaps": ["x", None, 3]})
    assert [said.key for said in offer.refused] == ["tools.refused_id"] * 3


def test_the_page_is_told_everything(tmp_path):
    told = base_maps(Messages("en"), load({}))
    assert [one["id"] for one in told["list"]] == ["tianditu", "osm", "gaode", "tencent"]
    assert [one["usable"] for one in told["list"]] == [False, True, True, True]
    assert "GCJ-02" in told["list"][2]["datum_line"]
    assert basemaps.OWN not in {one["id"] for one in told["list"]}
