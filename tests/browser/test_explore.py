"""The first page as a person uses it: find, see, read."""

import pytest
from playwright.sync_api import expect

from screens import DESK, PHONE, every_screen, lit, remounts, settled, sideways

ALL_UNITS = {f"unit-{number:02d}" for number in range(1, 22)}
MATERIALS = {f"unit-{number:02d}" for number in range(17, 22)}
WORDS = {
    "zh": {
        "materials": "新材料",
        "sic": "第三代半导体材料",
        "unit": "薯田埔产业单元",
        "stated": "未载明",
        "clear": "清除",
        "filter": "筛选",
    },
    "en": {
        "materials": "Materials",
        "sic": "Third-generation semiconductor materials",
        "unit": "Shutianpu",
        "stated": "not given",
        "clear": "Clear",
        "filter": "Filter",
    },
}


def unfold(page, language):
    """On a phone the tree stands behind a button."""
    if page.viewport_size["width"] < 640:
        page.get_by_text(WORDS[language]["filter"], exact=True).click()


def open_materials(page, language):
    unfold(page, language)
    page.get_by_role("tab", name=WORDS[language]["materials"]).click()


def pick_on_map(page, place):
    """Click the middle of a place's polygon with the mouse, as a person would."""
    page.locator(f'path[data-id="{place}"]').first.scroll_into_view_if_needed()
    point = page.evaluate(
        """(id) => {
            const state = gm.state(gm.shared.map), layer = state.shapes.get(id).layers[0];
            const label = state.labels.find((one) => one.id === id).at;
            const box = state.box.getBoundingClientRect(), at = state.map.latLngToContainerPoint(label);
            return [box.left + at.x, box.top + at.y + 14];
        }""",
        place,
    )
    page.mouse.click(*point)


@every_screen
def test_everything_the_plan_lays_out_is_on_the_map(visit, shoot, size, language):
    page = visit(size=size, language=language)
    for level, count in {"corridor": 1, "zone": 3, "cluster": 5, "unit": 21}.items():
        ids = page.eval_on_selector_all(
            f'path[data-level="{level}"]', "(all) => [...new Set(all.map((one) => one.dataset.id))]"
        )
        assert len(ids) == count, level
    assert lit(page) == ALL_UNITS
    assert sideways(page) == 0
    shoot(page, "explore")


@every_screen
def test_a_filter_lights_what_fits_and_keeps_the_map(visit, shoot, size, language):
    page = visit(size=size, language=language)
    view = page.evaluate("() => [gm.shared.map.getZoom(), gm.shared.map.getCenter().lat]")
    open_materials(page, language)
    page.get_by_role("checkbox", name=WORDS[language]["sic"]).check()
    settled(page)
    assert lit(page) == MATERIALS
    assert remounts(page) == 0
    assert page.evaluate("() => [gm.shared.map.getZoom(), gm.shared.map.getCenter().lat]") == view
    dim = page.eval_on_selector_all('path[data-level="unit"].gm-dim', "(all) => all.length")
    assert dim == 21 - 5
    assert "t=topic-" in page.url
    pick_on_map(page, "unit-17")
    settled(page)
    shoot(page, "explore-filtered", whole=size == PHONE)
    page.get_by_role("button", name=WORDS[language]["clear"]).click()
    settled(page)
    assert lit(page) == ALL_UNITS


def test_the_server_agrees_with_what_the_page_worked_out(page):
    """The page lights at once by its own table; the server's answer must be the same for every topic and branch."""
    nodes = page.evaluate("() => gm.shared.finder.state && [...document.querySelectorAll('.gm-chip')].length")
    assert nodes == 5
    for tab in range(4):
        page.locator(".gm-chip").nth(tab).click()
        for index in range(page.locator(".gm-tree input").count()):
            box = page.locator(".gm-tree input").nth(index)
            box.check()
            at_once = lit(page)
            settled(page)
            assert lit(page) == at_once, box.get_attribute("value")
            page.locator(".gm-tree input").nth(index).uncheck()
        settled(page)


@every_screen
def test_a_click_on_a_unit_opens_its_card(visit, size, language):
    page = visit(size=size, language=language)
    pick_on_map(page, "unit-17")
    card = page.locator(".st-key-read")
    expect(card).to_contain_text(WORDS[language]["unit"])
    settled(page)
    assert WORDS[language]["stated"] in card.inner_text()
    assert "五（二）5" in card.inner_text()
    assert page.get_attribute("[data-gm-map]", "data-gm-selected") == "unit-17"
    assert "at=unit-17" in page.url


def test_list_map_and_card_keep_step(visit):
    page = visit()
    page.locator('.gm-item[data-place="unit-16"]').click()
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-selected", "unit-16")
    expect(page.locator(".st-key-read")).to_contain_text("田寮-玉津产业单元")
    expect(page.locator(".st-key-read")).to_contain_text("玉律")
    page.locator(".st-key-read").get_by_role("button", name="生命科学", exact=False).last.click()
    # The server answers this one; a page can be at rest before the answer has begun.
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-selected", "cluster-4")
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-level", "cluster")
    expect(page.locator(".st-key-read")).to_contain_text("生命科学产业集群")


def test_a_link_shows_the_same_to_the_next_visitor(visit):
    first = visit(t="topic-13", at="unit-19", language="en")
    second = visit(size=DESK, language="en", t="topic-13", at="unit-19")
    assert lit(first) == lit(second) == MATERIALS
    assert first.locator(".st-key-read").inner_text() == second.locator(".st-key-read").inner_text()


@pytest.mark.parametrize(
    "query",
    [
        {"t": "topic-99", "at": "unit-77"},
        {"t": "<img src=x onerror=alert(1)>", "at": "{{7*7}}"},
        {"in": "../../etc/passwd", "m": "${alert(1)}"},
    ],
)
def test_a_broken_link_gives_a_whole_page_and_one_sentence(visit, query):
    page = visit(settle=False, **query)
    toast = page.locator("[data-testid='stToast']")
    expect(toast).to_have_count(1)
    assert next(iter(query.values())) in toast.inner_text()
    assert lit(settled(page)) == ALL_UNITS


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("碳化硅", "碳化硅"),
        ("shutianpu", "薯田埔"),
        ("stp", "薯田埔"),
        ("玉律", "田寮-玉津"),
        ("gallium", "氮化镓"),
        ("薯天埔", "薯田埔"),
    ],
)
def test_search_finds_by_every_road(page, typed, found):
    box = page.get_by_role("combobox")
    box.press_sequentially(typed, delay=15)
    page.wait_for_selector(".gm-hits li")
    settled(page)
    assert found in page.locator(".gm-hits").inner_text()
    box.press("Enter")
    settled(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-selected") or lit(page) != ALL_UNITS


def test_without_a_mouse(page):
    """Each unit can be reached, is named, and opens with Enter."""
    path = page.locator('path[data-id="unit-05"]').first
    assert path.get_attribute("tabindex") == "0"
    assert "翠湖产业单元" in path.get_attribute("aria-label")
    path.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-read")).to_contain_text("翠湖产业单元")


def test_layers_can_be_put_away_and_brought_back(page):
    page.locator(".gm-groups summary").click()
    page.locator('input[data-group="unit"]').uncheck()
    assert page.locator('path[data-level="unit"]').count() == 0
    page.locator('input[data-group="unit"]').check()
    assert page.locator('path[data-level="unit"]').count() == 21
    assert lit(page) == ALL_UNITS


def test_labels_never_lie_on_one_another(visit):
    for size in (DESK, PHONE):
        page = visit(size=size)
        boxes = page.eval_on_selector_all(
            ".gm-label:not([hidden])",
            """(all) => all.map((one) => {
                const b = one.getBoundingClientRect();
                return [b.left, b.top, b.right, b.bottom, one.textContent];
            })""",
        )
        assert len(boxes) > 8
        clashes = [
            (a[4], b[4])
            for i, a in enumerate(boxes)
            for b in boxes[i + 1 :]
            if a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1
        ]
        assert not clashes


def test_the_language_changes_in_place(page):
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".st-key-head")).to_contain_text("Guangming Industry Map")
    settled(page)
    assert page.evaluate("() => document.documentElement.lang") == "en"
    assert "lang=en" in page.url
