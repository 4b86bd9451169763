"""The land page as a person uses it: load, weigh, grade, see what is missing, take it along; and ten thousand rows."""

import csv
import io
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastexcel import read_excel
from playwright.sync_api import expect

from gm_map.messages import Messages
from screens import PHONE, every_screen, settled, sideways

HEAD = "企业名称,所在单元,用地面积,产值,税收（万元）"
PARKS = [
    *("甲,薯田埔,30,1.2,700", "乙,翠湖,45,0.9,", "丙,将石,60,2.5,0"),
    '"<img src=x onerror=alert(1)>",翠湖,15,0.4,90',
    "=1+1,哪里,20,x,50",
]


def load(page, *, language="zh"):
    """Press the button of the example and wait for its table."""
    page.locator(".st-key-land_load button").click()
    expect(page.locator(".st-key-land_body .gm-table tbody tr")).to_have_count(28)
    return settled(page)


def give(page, text, name="parks.csv"):
    """Hand in a table."""
    content = text if isinstance(text, bytes) else text.encode()
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator(".st-key-land_file input[type=file]").set_input_files(file)
    return page


def grades(page):
    """Grade by name, as the table shows it."""
    rows = page.locator(".st-key-land_body .gm-table tbody tr")
    cells = rows.evaluate_all("(all) => all.map((row) => [...row.children].map((cell) => cell.firstChild.textContent))")
    return {row[1]: row[2] for row in cells}


@every_screen
def test_the_example_is_graded_and_says_what_is_missing(visit, shoot, size, language):
    t = Messages(language)
    page = visit("/land", size=size, language=language)
    assert sideways(page) == 0
    shoot(page, "land-empty")
    load(page)
    assert sideways(page) == 0
    found = grades(page)
    assert set(found.values()) == {*(t(f"land.grade_{number}") for number in range(4)), t("land.ungraded")}
    rows = page.locator(".st-key-land_body .gm-table tbody tr")
    without_tax = rows.filter(has_text="虚构园区04")
    assert t("land.missing") in without_tax.inner_text()
    assert t("land.not_graded", why=t("land.problem_missing", what=t("land.role_tax"))) in without_tax.inner_text()
    nought = rows.filter(has_text="虚构园区13")
    assert t("land.missing") not in nought.inner_text()
    assert "0.00" in nought.inner_text()
    assert page.locator(".st-key-land_source").get_by_text(t("land.made_up")).is_visible()
    assert int(page.get_attribute("[data-gm-map]", "data-gm-overlay")) == 20  # units that the example names
    shoot(page, "land", whole=size == PHONE)
    for tab in ("units", "stability", "method"):
        page.get_by_role("radio", name=t(f"land.tab_{tab}"), exact=True).click()
        expect(page).to_have_url(re.compile(f"tab={tab}"))
        settled(page)
        assert sideways(page) == 0
        shoot(page, f"land-{tab}", whole=size == PHONE)


def test_other_weights_give_other_grades_and_the_link_keeps_them(visit):
    page = load(visit("/land"))
    before = grades(page)
    page.locator(".st-key-land_weights button").first.click()
    slider = page.get_by_role("slider", name=re.compile("每公顷从业人数"))
    slider.focus()
    slider.press("End")
    expect(page).to_have_url(re.compile("w=50-50-50-100-50-50-50"))
    for name in ("每公顷产值", "每公顷税收", "每公顷增加值"):
        other = page.get_by_role("slider", name=re.compile(name))
        other.focus()
        other.press("Home")
        expect(page.locator(".st-key-land_summary")).not_to_contain_text(re.compile(f"{name[3:]} [1-9]"))
        settled(page)
    expect(page).to_have_url(re.compile("w=0-0-0-100-50-50-50"))
    after = grades(settled(page))
    assert after != before
    other = visit("/land", **dict(parse_qsl(urlsplit(page.url).query)))
    assert grades(other) == after


def test_entropy_and_pairs(visit):
    page = load(visit("/land"))
    by_hand = page.locator(".st-key-land_summary").inner_text()
    page.get_by_role("radio", name="熵值法").click()
    expect(page).to_have_url(re.compile("m=entropy"))
    expect(page.locator(".st-key-land_summary")).not_to_have_text(by_hand)
    other = visit("/land", ex="1", m="ahp", a="0.1.9_1.2.9_0.2.-9")
    expect(other.get_by_text("层次分析法的比较互相矛盾")).to_be_visible()
    assert set(grades(other).values()) == {"未评级"}
    other.locator(".st-key-land_weights button").first.click()
    expect(other.get_by_text("最不合的一对")).to_be_visible()


def test_rows_with_gaps_can_be_scored_on_the_rest(visit):
    page = load(visit("/land"))
    page.locator(".st-key-land_data button").first.click()
    page.get_by_text("按现有指标评分").click()
    expect(page).to_have_url(re.compile("miss=part"))
    row = page.locator(".st-key-land_body .gm-table tbody tr").filter(has_text="虚构园区04")
    expect(row).to_contain_text("按 6 项中的 5 项评分")
    assert grades(settled(page))["虚构园区04"] != "未评级"


def test_limits_out_of_order_are_not_taken(visit):
    page = load(visit("/land"))
    page.locator(".st-key-land_grading button").first.click()
    first = page.locator("[class*=st-key-land_cut-0-0] input")
    first.fill("60")
    first.press("Enter")
    expect(page.get_by_text("三个界限必须依次排列")).to_be_visible()
    first.fill("10")
    first.press("Enter")
    expect(page).to_have_url(re.compile("q=10-50-75"))


def test_a_unit_on_the_list_shows_its_rows(visit):
    page = visit("/land", ex="1", tab="units")
    page.locator(".st-key-land_body .gm-table").get_by_role("button", name="薯田埔").click()
    expect(page).to_have_url(re.compile("at=unit-17"))
    page.get_by_role("radio", name="逐行").click()
    expect(page.locator(".st-key-land_body .gm-table tbody tr")).to_have_count(2)
    page.locator(".st-key-land_all button").click()
    expect(page.locator(".st-key-land_body .gm-table tbody tr")).to_have_count(28)


def test_a_table_of_ones_own_is_asked_for_its_units_and_taken_along(visit):
    page = visit("/land")
    give(page, "\n".join([HEAD, *PARKS]).encode("gb18030"))
    expect(page.get_by_text("这些列的单位没有写明")).to_be_visible()
    page.locator(".st-key-land_columns button").first.click()
    for role, unit in (("land", "亩"), ("output", "亿元")):
        page.locator(f"[class*=st-key-land_unit-{role}] input").click()
        page.get_by_role("option", name=unit, exact=True).click()
        settled(page)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-land_body .gm-table tbody tr")).to_have_count(len(PARKS))
    text = settled(page).locator(".st-key-land_body").inner_text()
    assert "<img src=x onerror=alert(1)>" in text
    assert "产值不是数字“x”" in text
    assert "“哪里”不是规划的单元" in text
    assert grades(page)["乙"] == "未评级"
    with page.expect_download() as waiting:
        page.locator(".st-key-land_csv button").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["企业名称"] for row in rows][-1] == "'=1+1"
    assert float(rows[0]["每公顷产值（万元/公顷）"]) == pytest.approx(12000 / 2)
    assert rows[1]["每公顷税收（万元/公顷）"] == ""
    assert float(rows[2]["每公顷税收（万元/公顷）"]) == 0
    with page.expect_download() as waiting:
        page.locator(".st-key-land_xlsx button").click()
    book = read_excel(waiting.value.path().read_bytes())
    assert book.sheet_names == ["结果", "等级清单", "方法"]


def test_ten_thousand_rows(visit):
    page = visit("/land")
    head = "企业名称,所在单元,用地（公顷）,产值（万元）,税收（万元）,从业人数"
    rows = [f"企业{n},翠湖,{n % 50 / 10 + 1},{n * 37 % 9000},{n * 11 % 400},{n % 300}" for n in range(10_000)]
    give(page, "\n".join([head, *rows]))
    expect(page.get_by_text("共 10,000 行").first).to_be_visible(timeout=60_000)  # other tests may share the two cores
    expect(page.locator(".st-key-land_body [data-testid=stDataFrame]")).to_be_visible(timeout=60_000)
    settled(page)
    page.get_by_role("radio", name="熵值法").click()
    expect(page).to_have_url(re.compile("m=entropy"), timeout=60_000)
    settled(page)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04nothing", "只有一列\n甲".encode()])
def test_what_is_no_table_leaves_a_working_page(visit, content):
    page = visit("/land")
    give(page, content or b" ", "a.csv")
    expect(page.locator(".st-key-land_head [data-testid=stAlert], .stAlert").first).to_be_visible()
    settled(page)


def test_a_hostile_link_opens_the_page(visit):
    wrong = {"m": "<x>", "w": "1e999-nan", "a": "0.0.0_x_9.9.9", "q": "90-10-5", "i": "99", "at": "unit-99", "v": "1e9"}
    page = visit("/land", ex="1", **wrong)
    assert len(grades(page)) == 28
    assert "w=" not in page.url
