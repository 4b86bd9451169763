"""The match page as a person uses it: paste, read, see, check the sum, take it along; and a whole table."""

import csv
import io
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from docx import Document
from playwright.sync_api import expect

from gm_map.model import Status
from gm_map.reader.reader import reader
from screens import DESK, PHONE, every_screen, lit, settled, sideways

SIC = "8英寸碳化硅外延片项目，拟上PVT长晶炉40台和外延线两条，需洁净厂房6000平方米、双回路供电，用地约15亩。"
NOWHERE = "为新材料企业提供盒饭配送的中央厨房，日供餐2万份，冷链车20台，需厂房3000平方米。"
BETWEEN = (
    "淋巴瘤检测盒与独立实验室",
    "细胞技术公司，需实验室1500平方米，靠近医院。",
    "芯片项目，需办公2000平方米",
    "芯片",
    "细胞",
    "智能手术设备",
)
MATERIALS = {f"unit-{number:02d}" for number in range(17, 22)}
WORDS = {
    "zh": {"read": "判读", "cluster": "新材料产业集群", "topic": "第三代半导体材料", "nowhere": "规划里没有它的位置"},
    "en": {
        "read": "Read",
        "cluster": "New Materials Industry Cluster",
        "topic": "Third-generation semiconductor materials",
        "nowhere": "The plan has no place for it",
    },
}
PROBES = [
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "[x](javascript:alert(1)) ![y](http://198.51.100.1/y.png)",
    "$$x^2$$ :red[x] **b** | a | b |",
    "</script><script>alert(1)</script>",
]


def paste(page, text, language="zh"):
    """Put a text into the box and press the button."""
    page.locator(".st-key-ask textarea").fill(text)
    page.locator(".st-key-match_read button").click()
    return shown(page, text)


def shown(page, text):
    """Wait until this text is the one that was read."""
    page.wait_for_function("(text) => (document.querySelector('.gm-marks-text') || {}).textContent === text", arg=text)
    return settled(page)


def numbers(page, panel, column=1):
    """The numbers of a table on the page, the last of which is the sum."""
    cells = page.locator(f".st-key-{panel} table tr td:nth-child({column + 1})").all_inner_texts()
    return [float(cell.replace("−", "-")) for cell in cells]


def marked(page):
    """The text as the marks show it."""
    return page.locator(".gm-marks-text").text_content()


@every_screen
def test_paste_read_see(visit, shoot, size, language):
    page = visit("/match", size=size, language=language)
    assert sideways(page) == 0
    shoot(page, "match-empty")
    paste(page, SIC)
    said, proof = page.locator(".st-key-said").inner_text(), page.locator(".st-key-proof").inner_text()
    assert WORDS[language]["topic"] in said
    assert WORDS[language]["cluster"] in proof
    assert "五（二）5" in proof
    assert lit(page) == MATERIALS
    assert page.get_attribute("[data-gm-map]", "data-gm-selected") == "cluster-5"
    assert marked(page) == SIC
    assert sideways(page) == 0
    shoot(page, "match")


def test_what_is_shown_adds_up(visit):
    page = visit("/match", q=SIC)
    for panel in ("said", "proof"):
        *parts, total = numbers(page, panel)
        assert len(parts) > 3
        assert round(sum(round(part * 100) for part in parts)) == round(total * 100), panel
    assert numbers(page, "proof", column=2)[-1] == 100


def test_ctrl_enter_reads_too(visit):
    page = visit("/match")
    box = page.locator(".st-key-ask textarea")
    box.fill(SIC)
    box.press("Control+Enter")
    shown(page, SIC)
    assert WORDS["zh"]["topic"] in page.locator(".st-key-said").inner_text()


@every_screen
def test_what_the_plan_has_not_is_said(visit, shoot, size, language):
    page = visit("/match", size=size, language=language, q=NOWHERE)
    assert WORDS[language]["nowhere"] in page.locator(".st-key-said").inner_text()
    assert "盒饭" in page.locator(".st-key-said").inner_text()
    assert lit(page) == set()
    assert page.locator(".st-key-proof table").count() == 0
    shoot(page, "match-none")


def test_where_it_cannot_be_told_both_are_given(visit, shoot):
    text = next(text for text in BETWEEN if reader().read(text).status == Status.UNSURE)
    page = visit("/match", q=text)
    said = page.locator(".st-key-said").inner_text()
    assert "两可" in said
    assert len(re.findall(r"\d+ %", said)) >= 3
    shoot(page, "match-unsure")


@pytest.mark.parametrize("probe", PROBES)
def test_a_text_is_text(visit, witness, probe):
    page = visit("/match")
    page.evaluate("() => { window.__ran = []; window.alert = (what) => window.__ran.push(what); }")
    text = f"碳化硅外延 {probe} 需厂房"
    paste(page, text)
    assert marked(page) == text
    assert page.evaluate("() => window.__ran") == []
    panels = page.locator(".st-key-said, .st-key-proof")
    for tag in ("img", "script", "a:not([href^='#'])", ".katex"):
        assert panels.locator(tag).count() == 0, tag
    assert not witness.outside


def test_an_example_is_one_click(visit):
    page = visit("/match")
    chips = page.locator(".st-key-match_example button")
    assert chips.count() == 8
    for index in range(8):
        before = page.locator(".st-key-ask textarea").input_value()
        chips.nth(index).click()
        expect(page.locator(".st-key-ask textarea")).not_to_have_value(before)
        shown(page, page.locator(".st-key-ask textarea").input_value())
    assert WORDS["zh"]["nowhere"] in page.locator(".st-key-said").inner_text()


def test_a_link_shows_the_same_to_the_next_visitor(visit):
    first = visit("/match", language="en", q=SIC, w="manufacturing", at="unit-19")
    assert "unit-19" in first.get_attribute("[data-gm-map]", "data-gm-selected")
    asked = parse_qs(urlsplit(first.url).query)
    assert set(asked) == {"lang", "q", "w", "at", "v"}
    second = visit("/match", **{name: one for name, (one, *_) in asked.items() if name != "lang"}, language="en")
    assert first.locator(".st-key-proof").inner_text() == second.locator(".st-key-proof").inner_text()
    other = visit("/match", language="en", q=SIC, w="services", at="unit-19")
    assert numbers(first, "proof")[-1] != numbers(other, "proof")[-1]


def test_weights_change_the_score_and_stay_in_the_link(visit):
    page = visit("/match", q=SIC)
    before = numbers(page, "proof")[-1]
    page.locator(".st-key-weights button").click()
    page.get_by_text("研发", exact=True).click()
    page.wait_for_url("**w=research**")
    settled(page)
    assert numbers(page, "proof")[-1] != before


def test_a_weight_of_ones_own_stays_in_the_link(visit):
    page = visit("/match", q=SIC)
    page.locator(".st-key-weights button").first.click()
    slider = page.get_by_role("slider").nth(4)
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**w=60-14-8-6-8-3-4**")
    settled(page)


def test_a_long_text_stays_out_of_the_link(visit):
    page = visit("/match")
    paste(page, SIC * 6)
    assert "q=" not in page.url
    paste(page, SIC)
    assert "q=" in page.url


def test_another_place_and_level_can_be_looked_at(visit):
    page = visit("/match", q=SIC)
    page.locator(".st-key-match_level button").nth(1).click()
    page.wait_for_selector("[data-gm-level='unit']")
    settled(page)
    page.locator(".st-key-match_other button").nth(1).click()
    expect(page.locator(".st-key-proof")).to_contain_text("第 2 名")
    settled(page)
    *parts, total = numbers(page, "proof")
    assert round(sum(round(part * 100) for part in parts)) == round(total * 100)


def test_one_page_to_take_along(visit, chromium, tmp_path):
    page = visit("/match", q=SIC)
    page.locator(".st-key-note button").first.click()
    files = {}
    for kind in ("docx", "html"):
        with page.expect_download() as download:
            page.locator(f".st-key-note_{kind} button").click()
        files[kind] = tmp_path / f"note.{kind}"
        download.value.save_as(files[kind])
    with zipfile.ZipFile(files["docx"]) as archive:
        assert archive.testzip() is None
        assert "第三代半导体材料" in archive.read("word/document.xml").decode()
    assert len(Document(files["docx"]).inline_shapes) == 1
    context = chromium.new_context()
    opened = context.new_page()
    asked = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(files["html"].as_uri())
    assert asked == [files["html"].as_uri()]
    assert "新材料产业集群" in opened.inner_text("body")
    pdf = opened.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page ") <= 1
    context.close()


def test_copy_puts_the_note_on_the_clipboard(visit):
    page = visit("/match", q=SIC)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('.gm-clip[data-kind="text"]').click()
    expect(page.locator('.gm-clip[data-kind="text"]')).to_have_text("已复制")
    told = page.evaluate("() => navigator.clipboard.readText()")
    assert "新材料产业集群" in told
    assert SIC in told


def test_a_wrong_reading_can_be_kept(visit, feedback_folder):
    page = visit("/match", q=NOWHERE)
    assert not list(feedback_folder.glob("*"))
    page.locator(".st-key-wrong button").first.click()
    page.locator(".st-key-wrong_topic input").fill("化学药")
    page.get_by_role("option").first.click()
    settled(page)
    page.locator(".st-key-wrong_keep button").click()
    expect(page.get_by_text("feedback.csv")).to_be_visible()
    with (feedback_folder / "feedback.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["text"], row["topic"]) for row in rows] == [(NOWHERE, "化学药")]


def test_the_pages_lead_to_one_another_and_keep_the_language(visit):
    page = visit("/", language="en")
    page.get_by_role("link", name="Match").click()
    expect(page.locator(".st-key-said")).to_be_visible()
    settled(page)
    assert "/match" in page.url
    assert "lang=en" in page.url
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.locator(".st-key-find")).to_be_visible()
    settled(page)
    assert len(lit(page)) == 21


@pytest.mark.parametrize("query", [{"w": "1-2"}, {"w": "nan-1-1-1-1-1-1"}, {"at": "<b>"}, {"lang": "fr", "q": ""}])
def test_a_broken_link_gives_a_whole_page(visit, query):
    page = visit("/match", **query)
    assert len(lit(page)) == 21


def table_of(count):
    """A table in the office's encoding; every tenth row is bad, one cell would be a formula."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(["项目名称", "项目简介", "备注"])
    for number in range(count):
        text = ("", "12345", "   ")[number % 3] if number % 10 == 9 else f"{SIC if number % 2 else NOWHERE} {number}"
        writer.writerow([f"项目{number}", text, "=1+1" if number == 5 else "<img src=x onerror=alert(1)>"])
    return told.getvalue().encode("gb18030")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
def test_a_table_comes_back_whole(visit, shoot, tmp_path, size):
    page = visit("/match", size=size, table="1")
    shoot(page, "table-empty")
    page.set_input_files(
        ".st-key-file input[type=file]", {"name": "项目.csv", "mimeType": "text/csv", "buffer": table_of(2000)}
    )
    expect(page.locator(".st-key-columns input")).to_have_value("项目简介")
    settled(page)
    page.locator(".st-key-table_start button").click()
    page.wait_for_selector(".st-key-table_filter")
    settled(page)
    bar = page.locator(".st-key-table_filter").inner_text()
    assert "2,000" in bar
    assert "200" in bar
    assert lit(page)
    assert lit(page) < MATERIALS
    assert sideways(page) == 0
    shoot(page, "table")
    with page.expect_download() as download:
        page.locator(".st-key-table_csv button").click()
    download.value.save_as(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["项目名称"] for row in rows] == [f"项目{number}" for number in range(2000)]
    assert sum(bool(row["problem"]) for row in rows) == 200
    assert rows[5]["备注"] == "'=1+1"
    assert {row["status"] for row in rows} <= {"match", "unsure", "none"}


def test_a_file_that_is_no_table_is_told(visit):
    page = visit("/match", table="1")
    page.set_input_files(
        ".st-key-file input[type=file]", {"name": "x.xlsx", "mimeType": "x/y", "buffer": b"PK\x03\x04broken"}
    )
    expect(page.locator("[data-testid='stAlert']")).to_have_count(1)
    settled(page)
    assert page.locator(".st-key-table_start button").is_disabled()
