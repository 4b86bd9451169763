"""Taking away, as a person does it: a sheet, data, a pack that opens with no network, a link, one file."""

import json
import shutil
import subprocess
import zipfile

import pytest
from playwright.sync_api import expect

from screens import LANGUAGES, every_screen, lit, settled, sideways

MATERIALS = {f"unit-{number}" for number in range(17, 22)}
TABS = {
    "zh": ("打印", "数据", "资料包", "链接与网页"),
    "en": ("Print", "Data", "Evidence pack", "Link and web page"),
}


def opened(visit, language="zh", **query):
    """The explore page with the dialog open."""
    page = visit("/", language=language, **query)
    page.locator(".st-key-take_open button").click()
    page.get_by_role("dialog").wait_for()
    return settled(page)


def tab(page, language, number):
    page.get_by_role("dialog").get_by_role("tab", name=TABS[language][number], exact=True).click()


def downloaded(page, key, tmp_path):
    with page.expect_download() as waiting:
        page.locator(f".st-key-{key} button").click()
    target = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


@every_screen
def test_every_screen_has_the_dialog(visit, shoot, size, language):
    page = opened(visit, language, size=size, t="topic-13", at="unit-17")
    dialog = page.get_by_role("dialog")
    for number in range(4):
        tab(page, language, number)
        settled(page)
        shoot(page, f"take-{number}")
        box = dialog.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
    assert sideways(page) == 0
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert lit(page) >= MATERIALS


def test_a_sheet_of_a3_across_bears_the_title_and_the_number(visit, tmp_path):
    page = opened(visit, t="topic-13")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("A3", exact=True).click()
    dialog.get_by_text("横向", exact=True).click()
    dialog.get_by_label("标题").fill("第三代半导体选址")
    dialog.get_by_role("textbox", name="审图号").fill("粤S（2026）1号")
    page.keyboard.press("Enter")
    settled(page)
    target = downloaded(page, "take_pdf", tmp_path)
    assert target.name == "gm-map-A3-landscape-zh.pdf"
    assert target.read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, check=True)
        text = "".join(done.stdout.decode("utf-8").split())
        for said in ("第三代半导体选址", "粤S（2026）1号", "薯田埔", "第三代半导体材料"):
            assert said in text


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_pictures_begin_as_they_should(visit, tmp_path, kind, start):
    page = opened(visit, "en")
    target = downloaded(page, f"take_{kind}", tmp_path)
    assert target.read_bytes().lstrip().startswith(start)


def test_data_hold_what_fits_the_filter(visit, tmp_path):
    import geopandas

    page = opened(visit, t="topic-13")
    tab(page, "zh", 1)
    page.locator(".st-key-take_level").get_by_text("产业单元", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("共 5 处，符合筛选")
    settled(page)
    frame = geopandas.read_file(downloaded(page, "take_as_gpkg", tmp_path), layer="places")
    assert set(frame["id"]) == MATERIALS
    told = json.loads(downloaded(page, "take_as_geojson", tmp_path).read_text(encoding="utf-8"))
    assert {one["id"] for one in told["features"]} == MATERIALS
    with zipfile.ZipFile(downloaded(page, "take_as_shp", tmp_path)) as archive:
        assert any(name.endswith(".cpg") for name in archive.namelist())
    assert downloaded(page, "take_as_xlsx", tmp_path).read_bytes().startswith(b"PK")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pack_opens_with_no_network(visit, chromium, witness, tmp_path, shoot, language):
    page = opened(visit, language, t="topic-13", at="unit-17")
    tab(page, language, 2)
    target = downloaded(page, "take_get_pack", tmp_path)
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "pack")
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    witness.watch(context)
    reader = context.new_page()
    reader.goto((tmp_path / "pack" / "index.html").as_uri())
    reader.wait_for_selector("[data-gm-ready]")
    assert set(reader.get_attribute("[data-gm-map]", "data-gm-lit").split()) >= MATERIALS
    assert "unit-01" not in reader.get_attribute("[data-gm-map]", "data-gm-lit").split()
    expect(reader.locator(".gm-card h2")).to_contain_text({"zh": "薯田埔", "en": "Shutianpu"}[language])
    reader.screenshot(path=shoot.folder / f"pack-{language}.png")
    reader.locator(".gm-card a").click()
    expect(reader.locator("h1")).to_contain_text({"zh": "薯田埔", "en": "Shutianpu"}[language])
    reader.screenshot(path=shoot.folder / f"pack-dossier-{language}.png", full_page=True)
    reader.locator("a").first.click()
    reader.wait_for_selector("[data-gm-ready]")
    reader.locator(".gm-beside a").nth(1).click()
    expect(reader.locator("h1")).to_be_visible()
    context.close()


def test_what_is_kept_goes_into_the_pack(visit, tmp_path):
    page = visit("/", at="unit-03")
    page.locator('[data-keep="unit-03"]').click()
    page.goto(page.url.replace("at=unit-03", "at=unit-05"))
    settled(page)
    page.locator(".st-key-take_open button").click()
    page.get_by_role("dialog").wait_for()
    tab(page, "zh", 2)
    for name in ("巍峨山", "翠湖"):
        expect(page.get_by_role("dialog")).to_contain_text(name)
    settled(page)
    with zipfile.ZipFile(downloaded(page, "take_get_pack", tmp_path)) as archive:
        dossiers = {name for name in archive.namelist() if name.startswith("dossiers/")}
    assert dossiers == {f"dossiers/{unit}.{kind}" for unit in ("unit-03", "unit-05") for kind in ("html", "pdf")}


def test_the_link_opens_the_same_picture(visit, tmp_path):
    page = opened(visit, t="topic-13", at="unit-17")
    tab(page, "zh", 3)
    link = page.get_by_role("dialog").locator("code").inner_text()
    assert "t=topic-13" in link
    assert "v=" in link
    again = page.context.new_page()
    again.goto(link)
    settled(again)
    assert lit(again) == lit(page)
    target = downloaded(page, "take_page", tmp_path)
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
