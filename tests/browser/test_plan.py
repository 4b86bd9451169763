"""The whole plan one click from the map: its lists by a person's steps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from screens import every_screen, settled, sideways

TABLE = "指标,年份,实际值\n智能产业规模,2023,1100\n万元GDP建设用地,2023,4.9\n没有这项,2023,1\n"


def tab(page, words):
    page.locator(".st-key-plan_tab").get_by_text(words).click()
    return settled(page)


@every_screen
def test_every_list_has_what_the_plan_has(visit, shoot, size, language):
    page = visit("/plan", size=size, language=language)
    expect(page.locator("[data-indicator]")).to_have_count(18)
    expect(page.locator("#indicator-01 .gm-chart-missing")).to_have_count(1)
    shoot(page, "plan-indicators")
    assert sideways(page) <= 0
    tab(page, {"zh": "路线图任务", "en": "Roadmap tasks"}[language])
    expect(page.locator(".gm-task")).to_have_count(16)
    expect(page.locator(".gm-board")).to_have_count(3)
    shoot(page, "plan-roadmaps")
    tab(page, {"zh": "工程与政策", "en": "Programmes, policies"}[language])
    expect(page.locator("[id^=programme-] .gm-task")).to_have_count(22)
    expect(page.locator(".gm-board[id^=programme-]")).to_have_count(5)
    expect(page.locator(".gm-board[id^=policy-]")).to_have_count(5)
    tab(page, {"zh": "名词", "en": "Glossary"}[language])
    expect(page.locator(".st-key-plan_terms > div")).to_have_count(33)
    tab(page, {"zh": "疑点", "en": "Oddities"}[language])
    expect(page.locator(".gm-table tbody tr")).to_have_count(90)
    assert sideways(page) <= 0
    shoot(page, "plan-oddities")


def test_one_search_over_all(visit):
    page = visit("/plan")
    box = page.get_by_role("textbox", name="在规划里搜索")
    box.fill("柔性电子")
    box.press("Enter")
    expect(page.locator(".st-key-plan_tab")).to_contain_text("名词 1")
    tab(page, "路线图任务")
    expect(page.locator("#roadmap-1-task-5")).to_be_visible()
    expect(page).to_have_url(re.compile("tab=roadmaps.*q="))


def test_an_actual_figure_is_set_against_the_path(visit):
    page = visit("/plan", g="indicator-13")
    expect(page.locator("#indicator-13.gm-chart-chosen")).to_be_visible()
    page.get_by_text("填入或上传实际值").click()
    page.locator(".st-key-plan_table input[type=file]").set_input_files(
        {"name": "实际.csv", "mimeType": "text/csv", "buffer": TABLE.encode("gb18030")}
    )
    expect(page.locator("#indicator-13 .gm-chart-actual")).to_have_count(1)
    expect(page.locator("#indicator-13")).to_contain_text("慢于路径")
    expect(page.locator("#indicator-13")).to_contain_text("1,400")
    expect(page.locator("#indicator-18")).to_contain_text("4.9")
    expect(page.locator(".st-key-plan_enter")).to_contain_text("没有这项")


def test_a_word_explains_itself_and_leaves_again(visit):
    page = visit("/", at="unit-16")
    word = page.locator(".st-key-read a[href*='glossary-']").first
    word.focus()
    page.keyboard.press("Enter")
    note = page.locator(".gm-explained")
    expect(note).to_be_visible()
    assert len(note.inner_text()) > 12
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(word).to_be_focused()


@pytest.mark.parametrize("query", [{"g": "glossary-99"}, {"tab": "<img src=x onerror=alert(1)>"}, {"q": "{{7*7}}<b>"}])
def test_a_broken_link_gives_a_working_page(visit, query):
    page = visit("/plan", **query)
    expect(page.locator(".st-key-plan_tab")).to_be_visible()
    assert "49" not in page.locator(".st-key-plan_tab").inner_text()
