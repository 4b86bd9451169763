"""The map as one file: opened from the disk with no network, it shows all, filters, finds and explains."""

import pytest

from gm_map import catalogue, district
from layers import page as one_file
from screens import DESK, PHONE, sideways

MATERIALS = {f"unit-{number:02d}" for number in range(17, 22)}


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


@pytest.fixture
def opened(here, chromium, witness, tmp_path):
    """Open the file; every request that is not the file itself is noted and fails the test."""
    contexts = []

    def open_file(language="zh", size=DESK):
        path = one_file.write(here, tmp_path / f"map-{language}.html", language=language)
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        witness.watch(context)
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("[data-gm-ready]")
        page.asked = [url for url in asked if url != path.as_uri()]
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not witness.outside
    assert not witness.errors


def lit(page):
    return set(page.get_attribute("[data-gm-map]", "data-gm-lit").split())


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_asks_for_nothing_and_shows_everything(opened, shoot, language, size):
    page = opened(language, size)
    assert page.asked == []
    for level, count in {"corridor": 1, "zone": 3, "cluster": 5, "unit": 21}.items():
        ids = page.eval_on_selector_all(f'path[data-level="{level}"]', "(all) => all.map((one) => one.dataset.id)")
        assert len(set(ids)) == count
    assert page.locator(".gm-legend li").count() == 10
    assert sideways(page) == 0
    page.screenshot(path=shoot.folder / f"export-{size[0]}-{language}.png", full_page=True)


def test_the_filter_works_inside_it(opened):
    page = opened()
    page.get_by_role("tab", name="新材料").click()
    page.get_by_role("checkbox", name="第三代半导体材料").check()
    assert lit(page) == MATERIALS
    page.get_by_role("button", name="清除").click()
    assert len(lit(page)) == 21


def test_a_click_opens_the_card_and_a_tooltip_names_the_place(opened):
    page = opened()
    page.locator('.gm-item[data-place="unit-16"]').click()
    assert page.locator(".gm-card h2").inner_text() == "田寮-玉津产业单元"
    assert "五（二）4" in page.locator(".gm-card").inner_text()
    point = page.evaluate(
        """() => { const s = gm.state(gm.latest), b = s.box.getBoundingClientRect(),
            at = s.map.latLngToContainerPoint(s.labels.find((one) => one.id === "unit-13").at);
            return [b.left + at.x, b.top + at.y + 16]; }"""
    )
    page.mouse.move(*point)
    assert "塘尾产业单元" in page.locator(".gm-tooltip").inner_text()


def test_search_works_inside_it(opened):
    page = opened("en")
    page.get_by_role("combobox").press_sequentially("gallium")
    page.wait_for_selector(".gm-hits li")
    page.keyboard.press("Enter")
    assert lit(page) == MATERIALS
