"""A link is the whole state: the same for the next visitor, a step back and forward, a word about older data."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gm_map import district, history
from screens import DESK, every_screen, lit, settled, sideways

VERSION = district.load().version[: history.LINKED]


def test_every_step_is_a_step_back_and_forward(page):
    for place in ("unit-16", "unit-05"):
        page.locator(f'.gm-item[data-place="{place}"]').click()
        expect(page).to_have_url(re.compile(f"at={place}.*v={VERSION}"))
    chosen = page.locator("[data-gm-map]")
    page.go_back()
    expect(chosen).to_have_attribute("data-gm-selected", "unit-16")
    page.go_back()
    expect(chosen).to_have_attribute("data-gm-selected", "")
    page.go_forward()
    expect(chosen).to_have_attribute("data-gm-selected", "unit-16")
    expect(page.locator(".st-key-read")).to_contain_text("田寮-玉津")


def test_a_dossier_is_one_step_from_the_card_and_one_step_back(page):
    page.locator('.gm-item[data-place="unit-16"]').click()
    expect(page.locator(".st-key-read")).to_contain_text("田寮-玉津")
    settled(page).locator(".st-key-read .gm-keep-link").first.click()
    expect(page.locator(".st-key-dossier_text h3")).to_have_text("田寮-玉津产业单元")
    settled(page).locator('.st-key-dossier_related button:has-text("生命科学")').first.click()
    expect(page.locator(".st-key-dossier_text h3")).to_have_text("生命科学产业集群")
    page.go_back()
    expect(page.locator(".st-key-dossier_text h3")).to_have_text("田寮-玉津产业单元")
    page.go_back()
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-selected", "unit-16")


def test_a_link_gives_the_next_visitor_the_same(visit):
    first = visit("/", t="topic-13", at="unit-19")
    expect(first).to_have_url(re.compile(f"v={VERSION}"))
    query = dict(pair.split("=") for pair in first.url.split("?")[1].split("&") if not pair.startswith("lang"))
    second = visit("/", size=DESK, **query)
    assert lit(first) == lit(second)
    assert first.locator(".st-key-read").inner_text() == second.locator(".st-key-read").inner_text()
    expect(second.locator(".st-key-old_link")).to_have_count(0)


def test_a_link_of_an_unknown_version_says_so_and_goes_when_told(visit):
    page = visit("/", t="topic-13", v="abcdef")
    note = page.locator(".st-key-old_link")
    expect(note).to_contain_text("abcdef")
    assert len(lit(page)) == 5
    note.get_by_role("button").click()
    expect(note).to_have_count(0)


def test_a_link_of_an_older_version_says_what_has_changed(visit):
    older = [one for one in history.versions() if not district.load().version.startswith(one.version)]
    assert older, "the first version of the data is on record beside the present one"
    page = visit("/", t="topic-13", at="unit-19", v=older[-1].version[: history.LINKED])
    note = page.locator(".st-key-old_link")
    expect(note).to_contain_text(older[-1].date)
    expect(note).to_contain_text("相同")


@pytest.mark.parametrize("version", ["<script>alert(1)</script>", "{{7*7}}", "../../etc", "0" * 400])
def test_a_hostile_version_is_one_sentence(visit, version):
    page = visit("/", v=version)
    expect(page.locator(".st-key-old_link")).to_have_count(1)
    assert len(page.locator(".st-key-old_link").inner_text()) < 200


@every_screen
def test_a_dossier_has_its_link(visit, shoot, size, language):
    page = visit("/dossier", size=size, language=language, id="topic-13")
    expect(page.locator(".st-key-dossier_text h3")).to_have_text(
        {"zh": "第三代半导体材料", "en": "Third-generation semiconductor materials"}[language]
    )
    assert lit(page) == {f"unit-{number}" for number in range(17, 22)}
    assert sideways(page) <= 0
    shoot(page, "dossier-topic")


def test_a_dossier_is_taken_away_as_pdf(visit):
    page = visit("/dossier", id="zone-3")
    with page.expect_download() as waiting:
        page.locator(".st-key-dossier_pdf button").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")


@every_screen
def test_two_to_four_places_side_by_side(visit, shoot, size, language):
    page = visit("/compare", size=size, language=language, ids="unit-01,unit-07,cluster-3,zone-2,zone-3,unit-99,<b>")
    expect(page.locator("[data-testid='stToast']")).to_have_count(1)
    expect(page.locator(".gm-table thead th")).to_have_count(5)
    expect(page.locator(".gm-table")).to_contain_text("20.6")
    assert sideways(page) <= 0
    shoot(page, "compare")


def test_the_shortlist_survives_a_reload_with_its_notes(page):
    for place in ("unit-16", "unit-05"):
        page.locator(f'.gm-item[data-place="{place}"]').click()
        page.locator(f'[data-keep="{place}"]').click()
    page.reload()
    settled(page)
    page.locator(".gm-keep-link", has_text="备选 2").click()
    expect(page.locator(".gm-short")).to_have_count(2)
    expect(page.locator(".gm-table thead th")).to_have_count(3)
    page.locator(".gm-short textarea").first.fill("靠近医院 =1+1 <b>")
    page.locator(".gm-short textarea").first.blur()
    expect(page.locator(".gm-table")).to_contain_text("靠近医院 =1+1 <b>")
    page.reload()
    settled(page)
    expect(page.locator(".gm-short textarea").first).to_have_value("靠近医院 =1+1 <b>")
    with page.expect_download() as waiting:
        page.locator(".st-key-compare_as_csv button").click()
    told = waiting.value.path().read_text(encoding="utf-8-sig")
    assert "靠近医院" in told
    page.locator('[data-compare="unit-05"]').uncheck()
    expect(page.locator(".gm-table thead th")).to_have_count(2)
    page.locator(".gm-short-drop").first.click()
    expect(page.locator(".gm-short")).to_have_count(1)
