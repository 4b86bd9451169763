"""Checking as a planner does it: the shipped map, a redrawn file, its findings on the map, the report."""

from __future__ import annotations

import io
import json
import zipfile

import geopandas
import pytest
import shapely
from playwright.sync_api import expect
from shapely import affinity

from gm_map import district
from gm_map.model import CGCS2000_GK_114, Level
from screens import every_screen, settled, sideways

TABLE = ".st-key-check_table"


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory):
    """A zipped shapefile: three zones, the third a tenth of its area, and units of which one is pushed aside."""
    ours = district.load()
    zones, units = ours.frame(Level.ZONE), ours.frame(Level.UNIT)
    rows = []
    for frame in (zones, units):
        flat = frame.to_crs(CGCS2000_GK_114)
        for id_, name, shape in zip(flat.index, flat["name"], flat.geometry, strict=True):
            if id_ == "zone-3":
                shape = affinity.scale(shape, 0.1**0.5, 0.1**0.5)
            if id_ == "unit-13":
                shape = affinity.translate(shape, 120.0, 0.0)
            rows.append((name, shape))
    folder = tmp_path_factory.mktemp("redrawn")
    table = geopandas.GeoDataFrame(
        {"名称": [name for name, _ in rows]}, geometry=[s for _, s in rows], crs=CGCS2000_GK_114
    )
    table.to_file(folder / "zones.shp", encoding="utf-8")
    path = folder / "修测.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.glob("zones.*")):
            archive.write(part, part.name)
    return path


def hand_in(page, path):
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator(".st-key-check_told")).to_contain_text("24")
    return settled(page)


def tab(page, words):
    page.locator(".st-key-check_tab").get_by_text(words).click()
    return settled(page)


@every_screen
def test_the_shipped_map_is_told_first(visit, shoot, size, language):
    page = visit("/areas", size=size, language=language)
    rows = page.locator(f"{TABLE} tr[data-row]")
    expect(rows).to_have_count(30)
    zone = page.locator(f'{TABLE} tr[data-row="zone-2"]')
    expect(zone).to_contain_text("20.6")
    expect(zone).to_contain_text({"zh": "不作凭据", "en": "no evidence"}[language])
    assert sideways(page) <= 0
    shoot(page, "areas")


def test_a_unit_of_area_is_chosen(visit):
    page = visit("/areas")
    page.locator(".st-key-check_unit").get_by_text("公顷").click()
    expect(page.locator(f'{TABLE} tr[data-row="zone-3"]')).to_contain_text("4,720")
    page.locator(".st-key-check_unit").get_by_text("亩").click()
    expect(page.locator(f'{TABLE} tr[data-row="zone-3"]')).to_contain_text("70,800")


@every_screen
def test_a_redrawn_layer_is_held_against_the_plan(visit, shoot, redrawn, size, language):
    page = hand_in(visit("/areas", size=size, language=language), redrawn)
    zone = page.locator(f'{TABLE} tr[data-row="zone-3"]')
    expect(zone).to_contain_text("4.72")
    expect(zone).to_contain_text({"zh": "不一致", "en": "disagrees"}[language])
    cause = page.locator(f"{TABLE} .gm-table").nth(1).locator("tbody tr").first
    expect(cause).to_contain_text("4.72")
    expect(page.locator(".st-key-check_told")).to_contain_text("4547")
    assert int(page.get_attribute("[data-gm-map]", "data-gm-overlay")) == 24
    shoot(page, "areas-redrawn")
    tab(page, {"zh": "发现", "en": "Findings"}[language])
    expect(page.locator(f"{TABLE}")).to_contain_text("OVERLAP")
    shoot(page, "areas-findings")
    assert sideways(page) <= 0


def test_a_finding_and_its_point_keep_step(visit, redrawn):
    page = tab(hand_in(visit("/areas"), redrawn), "发现")
    page.locator(f'{TABLE} tr[data-row="finding-2"] button').click()
    expect(page.locator(f'{TABLE} tr[data-row="finding-2"]')).to_have_class("gm-row-chosen gm-row-live")
    expect(page.locator(".gm-spot")).to_have_count(1)
    page.locator('[data-point="finding-3"]').press("Enter")
    expect(page.locator(f'{TABLE} tr[data-row="finding-3"]')).to_have_class("gm-row-chosen gm-row-live")


def test_who_is_who_can_be_corrected(visit, redrawn):
    page = tab(hand_in(visit("/areas"), redrawn), "要素对应")
    page.locator(f'{TABLE} tr[data-row="row-4"] button').click()
    box = page.get_by_role("combobox", name="第 4 个要素是")
    box.click()
    box.press_sequentially("规划中没有", delay=30)
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(f'{TABLE} tr[data-row="row-4"]')).to_contain_text("人工指定")


def test_what_changed_is_drawn_as_gains_and_losses(visit, shoot, redrawn):
    page = tab(hand_in(visit("/areas"), redrawn), "与现图比较")
    first = page.locator(f"{TABLE} tbody tr").first
    expect(first).to_contain_text("产业发展区")
    expect(page.locator(".gm-drawn-lost").first).to_be_visible()
    shoot(page, "areas-changes")


@pytest.mark.parametrize(
    ("kind", "start"), [("html", b"<!doctype html"), ("docx", b"PK"), ("xlsx", b"PK"), ("gpkg", b"SQLite")]
)
def test_the_report_is_taken_away(visit, redrawn, kind, start):
    page = hand_in(visit("/areas"), redrawn)
    page.get_by_role("button", name="报告").click()
    with page.expect_download() as waiting:
        page.locator(f".st-key-check_as_{kind} button").click()
    told = waiting.value.path().read_bytes()
    assert told[:15].lower().startswith(start.lower())
    assert waiting.value.suggested_filename.endswith(f".{kind}")


def test_the_report_opens_with_no_network(visit, redrawn, shoot, tmp_path):
    page = hand_in(visit("/areas"), redrawn)
    page.get_by_role("button", name="报告").click()
    with page.expect_download() as waiting:
        page.locator(".st-key-check_as_html button").click()
    path = tmp_path / "report.html"
    waiting.value.save_as(path)
    report = page.context.new_page()
    report.goto(path.as_uri())
    expect(report.locator("body")).to_contain_text("产业发展区")
    expect(report.locator("svg").first).to_be_visible()
    report.screenshot(path=shoot.folder / "areas-report.png", full_page=True)


def test_what_can_be_mended_comes_in_a_new_file(visit, tmp_path):
    ours = district.load()
    shape = ours.shape("unit-05")
    xy = shapely.get_coordinates(shape).tolist()
    xy.insert(3, xy[3])  # a vertex twice
    features = [
        {
            "type": "Feature",
            "properties": {"name": "翠湖产业单元"},
            "geometry": {"type": "Polygon", "coordinates": [xy]},
        }
    ]
    path = tmp_path / "twice.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    page = visit("/areas")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator(".st-key-check_told")).to_contain_text("GeoJSON")
    tab(page, "发现")
    expect(page.locator(TABLE)).to_contain_text("DUPLICATE_VERTEX")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载修好的图层").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
        assert len(archive.namelist()) >= 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.geojson", b""),
        ("not.geojson", b"%PDF-1.4 nothing of the kind"),
        ("<img src=x onerror=alert(1)>.geojson", b"{}"),
        ("bomb.kml", b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>'),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_the_page_lives(visit, name, content):
    page = visit("/areas")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(page.locator("[data-testid='stAlert']")).to_have_count(1)
    settled(page)
    expect(page.locator(f"{TABLE} tr[data-row]")).to_have_count(30)
