"""The data page as a person uses it: find a layer, read what it is, take it, follow its link, read what changed."""

import json

import pytest
from playwright.sync_api import expect

from screens import LANGUAGES, every_screen, settled, sideways

FIRST = {"zh": "单元轮廓", "en": "Outlines of the units"}


def open_data(visit, language="zh", **query):
    page = visit("/data", language=language, **query)
    page.wait_for_selector(".st-key-data_told .gm-table")
    return page


@every_screen
def test_every_screen_shows_the_list_and_one_of_it(visit, shoot, size, language):
    page = visit("/data", language=language, size=size, set="units")
    page.wait_for_selector(".gm-row-chosen")
    expect(page.locator(".st-key-data_one h3")).to_have_text(FIRST[language])
    expect(page.locator(".st-key-data_one")).to_contain_text("© OpenStreetMap contributors")
    assert sideways(page) == 0
    shoot(page, "data", whole=True)


def test_a_person_finds_a_table_and_takes_it(visit):
    page = open_data(visit)
    page.get_by_placeholder("搜名称、来源、字段").fill("stated_km2")
    page.keyboard.press("Enter")
    expect(page.locator('.st-key-data_listed tr[data-row="units"]')).to_have_count(0)
    row = page.locator('.st-key-data_listed tr[data-row="places"]')
    row.locator("button").click()
    expect(page.locator(".st-key-data_one h3")).to_have_text("地方")
    expect(page.locator(".st-key-data_one")).to_contain_text("规划给出的面积")
    with page.expect_download() as waiting:
        page.locator(".st-key-data_files button").first.click()
    assert waiting.value.suggested_filename == "places.csv"
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.startswith("id,level,parent_id,name")
    assert "set=places" in page.url
    assert "q=stated_km2" in page.url


def test_a_layer_comes_in_other_formats(visit, tmp_path):
    import geopandas

    page = open_data(visit, "en", set="zones")
    expect(page.locator(".st-key-data_files button")).to_have_count(8)
    with page.expect_download() as waiting:
        page.locator(".st-key-data_as_gpkg button").click()
    target = tmp_path / "zones.gpkg"
    waiting.value.save_as(target)
    assert sorted(geopandas.read_file(target, layer="places")["id"]) == ["zone-1", "zone-2", "zone-3"]
    with page.expect_download() as waiting:
        page.locator(".st-key-data_as_geojson button").click()
    assert len(json.loads(waiting.value.path().read_text(encoding="utf-8"))["features"]) == 3


def test_groups_narrow_the_list_and_stand_in_the_link(visit):
    page = open_data(visit)
    page.locator(".st-key-data_group").get_by_text("成果图层").click()
    expect(page.locator(".st-key-data_listed tbody tr")).to_have_count(5)
    page.wait_for_url("**in=layers**")
    again = open_data(visit, **{"in": "layers"})
    expect(again.locator(".st-key-data_listed tbody tr")).to_have_count(5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_changes_and_fields_have_their_own_links(visit, language):
    page = visit("/data", language=language, tab="sources")
    expect(page.locator(".st-key-data_told")).to_contain_text("ODbL 1.0")
    page = visit("/data", language=language, tab="changes")
    expect(page.locator(".st-key-data_told")).to_contain_text("2026-11-24")
    page = visit("/data", language=language, tab="fields", q="hint_km2")
    expect(page.locator(".st-key-data_told tbody tr")).to_have_count(1)


def test_back_returns_to_what_was_shown(visit):
    page = open_data(visit, set="units")
    page.locator('.st-key-data_listed tr[data-row="zones"] button').click()
    expect(page.locator(".st-key-data_one h3")).to_have_text("片区轮廓")
    page.wait_for_url("**set=zones**")
    page.go_back()
    expect(page.locator(".st-key-data_one h3")).to_have_text("单元轮廓")


def test_a_broken_link_gives_a_working_page_and_one_sentence(visit):
    page = visit("/data", set="<script>alert(1)</script>", tab="nonsense", q="单元")
    expect(page.locator("[data-testid='stToast']")).to_have_count(1)
    expect(page.locator(".st-key-data_listed tbody tr").first).to_be_visible()
    settled(page)
