"""The whole of it by key presses: what Tab reaches, what Enter and Escape do, that focus is never lost.

And at twice the size, on a narrow window, without motion, without colours.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from screens import DESK, PHONE, lit, settled, sideways

UNITS = [f"unit-{number:02d}" for number in range(1, 22)]
ENLARGED = (720, 450)  # a window of 1440 × 900 at 200 %
FOCUS = """() => {
  const node = document.activeElement, look = getComputedStyle(node);
  const keyed = node.closest("[class*='st-key-']");
  const label = node.labels && node.labels[0];
  return {
    tag: node.tagName.toLowerCase(),
    id: node.dataset.id || node.dataset.place || node.dataset.node || node.dataset.row || node.dataset.skip || "",
    name: (node.getAttribute("aria-label") || (label || node).textContent || "").trim(),
    key: keyed ? [...keyed.classList].find((one) => one.startsWith("st-key-")) : "",
    shown: ["outlineStyle", "boxShadow", "strokeDasharray"].some((name) => look[name] !== "none"),
  };
}"""
BOXES = """(all) => all.map((one) => {
  const box = one.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})"""
IN_VIEW = """(id) => {
  const shape = gm.state(gm.shared.map).shapes.get(id).layers[0];
  return gm.shared.map.getBounds().contains(shape.getBounds().getCenter());
}"""
POINT = """() => {
  const { lat, lng } = gm.shared.map.getCenter();
  const point = { lat, lon: lng, number: 1, look: "attention", name: "1 · 缝隙", id: "finding-1" };
  gm.overlay(gm.shared.map, { key: "trial", shapes: [], looks: {}, points: [point] }, (id) => { window.pressed = id; });
}"""
MOVING = """() => [...document.querySelectorAll("body *")].filter((node) => {
  const look = getComputedStyle(node);
  return `${look.transitionDuration},${look.animationDuration}`.split(",").some((told) => parseFloat(told) > 0.0001);
}).map((node) => String(node.className))"""


def focus(page) -> dict:
    """What has the focus: tag, id of ours, what a screen reader says, the keyed container around it."""
    return page.evaluate(FOCUS)


def tabbed(page, until, most=140) -> list[dict]:
    """Press Tab until ``until`` says yes of what has the focus; every stop on the way."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stops.append(focus(page))
        if until(stops[-1]):
            return stops
    raise AssertionError(f"not reached in {most} stops: {[stop['name'][:20] for stop in stops]}")


def held(page):
    """Nothing may take the focus away: it must not have fallen back to the page."""
    settled(page)
    page.wait_for_timeout(150)  # what has gone is replaced within a tenth of a second
    assert focus(page)["tag"] != "body"


def test_tab_reaches_search_filters_places_and_the_card(page):
    expect(page.locator(".gm-skips a").first).to_be_visible()
    stops = tabbed(page, lambda stop: stop["key"] == "st-key-take_open")
    assert [stop["id"] for stop in stops[:2]] == ["map", "list"]
    names = {stop["id"]: stop["name"] for stop in stops if stop["tag"] == "path"}
    assert [place for place in UNITS if place in names] == UNITS
    assert all(name and "单元" in name for place, name in names.items() if place in UNITS)
    assert not [stop for stop in stops if not stop["name"] and stop["tag"] != "main"]
    assert {"input", "button", "path", "summary", "a"} <= {stop["tag"] for stop in stops}
    assert [stop for stop in stops if stop["id"].startswith("field-") or stop["id"].startswith("topic-")]
    assert not [stop for stop in stops if not stop["shown"] and stop["tag"] != "main"]


def test_skip_links_lead_to_the_map_and_to_the_list(page):
    expect(page.locator(".gm-skips a").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".gm-skips a:focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.matches('.gm-map')")
    assert tabbed(page, lambda stop: stop["tag"] == "path", most=3)[-1]["id"] == "unit-01"
    page.locator(".gm-skips a").nth(1).focus()
    page.keyboard.press("Enter")
    assert focus(page)["id"] == "unit-01"
    assert focus(page)["tag"] == "button"


def test_enter_selects_escape_lets_go_and_focus_stays(page):
    path = page.locator('path[data-id="unit-17"]').first
    path.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-read")).to_contain_text("薯田埔产业单元")
    expect(page.locator('.gm-item[data-place="unit-17"]')).to_have_attribute("aria-pressed", "true")
    held(page)
    assert focus(page)["id"] == "unit-17"
    assert path.get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-selected", "")
    expect(page.locator(".st-key-read")).not_to_contain_text("薯田埔产业单元")
    held(page)
    page.locator('.gm-item[data-place="unit-05"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-read")).to_contain_text("翠湖产业单元")
    held(page)
    assert focus(page)["id"] == "unit-05"
    # A button of the card goes with the card: focus stays in it.
    page.locator(".st-key-read .stButton button").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-gm-map]")).not_to_have_attribute("data-gm-selected", "unit-05")
    held(page)


def test_a_filter_by_keys_keeps_its_place(page):
    tab = page.locator(".gm-chip").first
    tab.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".gm-chip").nth(1).get_attribute("aria-selected") == "true"
    stop = tabbed(page, lambda one: one["id"].startswith(("field-", "topic-")), most=4)[-1]
    page.keyboard.press("Space")
    assert set(lit(page)) != set(UNITS)
    held(page)
    assert focus(page)["id"] == stop["id"]
    page.get_by_role("button", name="清除").focus()
    page.keyboard.press("Enter")
    held(page)
    assert lit(page) == set(UNITS)


def test_what_the_keys_reach_is_on_the_screen(page):
    page.evaluate("() => gm.shared.map.setView(gm.shared.map.getCenter(), 15, { animate: false })")
    page.locator(".gm-map").focus()
    for place in ("unit-01", "unit-02"):
        tabbed(page, lambda stop, place=place: stop["id"] == place, most=2)
        assert page.evaluate(IN_VIEW, place)


def test_arrows_move_in_a_group_of_choices(visit):
    page = visit("/plan")
    page.get_by_role("radio", name="指标", exact=False).first.focus()
    page.keyboard.press("ArrowRight")
    held(page)
    page.keyboard.press("Space")
    expect(page.locator(".gm-boards")).to_be_visible()
    held(page)
    assert "tab=roadmaps" in page.url


def test_a_word_explains_itself_by_enter_and_escape(visit):
    page = visit(at="unit-19")
    link = page.locator("a[href*='plan?g=glossary-']").first
    link.focus()
    page.keyboard.press("Enter")
    note = page.locator(".gm-explained")
    expect(note).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(note).to_have_count(0)
    assert focus(page)["tag"] not in ("body", "div")


def test_rows_of_a_table_and_points_of_the_map_by_keys(visit):
    page = visit("/areas")
    page.locator(".gm-skips a[data-skip='list']").focus()
    page.keyboard.press("Enter")
    row = tabbed(page, lambda stop: stop["tag"] == "button" and stop["id"], most=4)[-1]
    page.keyboard.press("Enter")
    expect(page.locator(f"button[data-row='{row['id']}']")).to_have_attribute("aria-pressed", "true")
    held(page)
    assert focus(page)["id"] == row["id"]


def test_points_of_the_map_by_keys(visit):
    page = visit("/areas")
    page.evaluate(POINT)
    point = page.locator("[data-point='finding-1']")
    expect(point).to_have_attribute("aria-label", "1 · 缝隙")
    expect(point).to_have_attribute("role", "button")
    page.locator(".gm-map").focus()
    tabbed(page, lambda stop: stop["name"] == "1 · 缝隙", most=40)
    page.keyboard.press("Enter")
    assert page.evaluate("() => window.pressed") == "finding-1"


def test_a_popover_gives_the_focus_back(visit):
    page = visit("/areas")
    opener = page.locator(".st-key-check_actions [data-testid='stPopover'] button").last
    opener.focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-check_rules").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-check_rules")).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, ENLARGED], ids=["390", "200-percent"])
@pytest.mark.parametrize(("first", "language"), [(0, "zh"), (1, "en")])
def test_nothing_is_cut_and_every_page_is_reached(visit, size, first, language):
    page = visit(size=size, language=language)
    links = page.locator(".st-key-nav a")
    assert links.count() == 7
    for number in range(first, 7, 2):
        links.nth(number).click()
        expect(links.nth(number)).to_have_attribute("aria-current", "page")
        settled(page)
        assert sideways(page) == 0, page.url
        # The head's parts lie beside or below one another, and within the window.
        boxes = page.eval_on_selector_all(".st-key-head h1, .st-key-nav a, .st-key-head [role='radio']", BOXES)
        assert all(box[0] >= 0 and box[2] <= size[0] + 1 for box in boxes)
        assert not [
            (a, b)
            for index, a in enumerate(boxes)
            for b in boxes[index + 1 :]
            if a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1
        ]


def test_nothing_moves_where_stillness_is_asked_for(visit):
    page = visit(at="unit-19")
    assert not page.evaluate(MOVING)


def test_forced_colours_leave_the_choice_and_the_focus_visible(visit):
    page = visit(size=DESK, at="unit-19")
    page.emulate_media(forced_colors="active")
    chosen = page.locator('.gm-item[aria-pressed="true"]')
    assert chosen.evaluate("(node) => getComputedStyle(node).outlineStyle") == "solid"
    page.locator(".gm-search").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.locator(".gm-map").evaluate("(node) => getComputedStyle(node).forcedColorAdjust") == "none"
