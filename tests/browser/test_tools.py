"""The map's tools as a person uses them, by mouse, touch and keys: measure, what is here, where am I, full screen."""

import re

import pytest
import shapely
from playwright.sync_api import expect

from gm_map import district as district_module
from gm_map import measure
from gm_map.datum import convert
from screens import DESK, PHONE, every_screen, settled, sideways

LINE = [(113.87, 22.71), (113.91, 22.73), (113.94, 22.79), (113.98, 22.80)]
RING = [(113.86, 22.70), (113.95, 22.69), (113.99, 22.78), (113.90, 22.83)]
SMALL = [(113.9001, 22.7501), (113.9012, 22.7502), (113.9009, 22.7509)]  # about half a hectare
WIDE = [(73.0, 20.0), (120.0, 25.0), (130.0, 50.0), (80.0, 48.0)]
WORDS = {
    "zh": {"measure": "量距离和面积", "identify": "此处是什么", "unit": "薯田埔产业单元", "undo": "撤销一点"},
    "en": {
        "measure": "Measure distance and area",
        "identify": "What is here",
        "unit": "Shutianpu",
        "undo": "Undo a point",
    },
}
AT = """([lon, lat]) => {
    const map = gm.shared.map, box = map.getContainer().getBoundingClientRect();
    const at = map.latLngToContainerPoint([lat, lon]);
    return [box.left + at.x, box.top + at.y];
}"""


@pytest.fixture(scope="module")
def district():
    return district_module.load()


def use(page, tool):
    """Press a tool's button, behind its one button on a phone."""
    if page.viewport_size["width"] < 641:
        page.locator(".gm-toolsopen").click()
    page.locator(f'[data-tool="{tool}"]').click()


def press(page, point, **how):
    """Press the map at a longitude and latitude."""
    page.mouse.click(*page.evaluate(AT, list(point)), **how)


def centre(page):
    """Middle of the map, longitude and latitude."""
    return tuple(page.evaluate("() => { const c = gm.shared.map.getCenter(); return [c.lng, c.lat]; }"))


def number(page, name):
    """What the map says of itself, as a number."""
    return float(page.get_attribute("[data-gm-map]", name))


def test_lengths_and_areas_are_those_of_the_ellipsoid(page):
    """The page's own geodesy against pyproj's (Karney): better than 1e-9 where people measure."""
    for points in (LINE, RING, SMALL, WIDE):
        told = page.evaluate("(points) => gm.geodesic.length(points)", points)
        assert told == pytest.approx(measure.length_m(shapely.LineString(points)), rel=1e-9)
    for points, limit in ((RING, 1e-9), (SMALL, 1e-7), (WIDE, 1e-9)):
        told = page.evaluate("(points) => gm.geodesic.area(points)", points)
        assert told == pytest.approx(measure.geodesic_m2(shapely.Polygon(points)), rel=limit)
        assert page.evaluate("(points) => gm.geodesic.area(points)", points[::-1]) == pytest.approx(told, rel=limit)
    assert page.evaluate("() => gm.geodesic.area([[113.9, 22.7], [113.9, 22.8], [113.9, 22.7]])") == pytest.approx(
        0, abs=1
    )
    assert page.evaluate("() => gm.geodesic.length([[113.9, 22.7], [113.9, 22.7]])") == 0


def test_every_unit_has_the_area_that_the_package_measures(page, district):
    for number_ in range(1, 22):
        place = f"unit-{number_:02d}"
        shape = district.shape(place)
        rings = [list(map(list, shape.exterior.coords)), *(list(map(list, hole.coords)) for hole in shape.interiors)]
        first, *holes = (page.evaluate("(ring) => gm.geodesic.area(ring)", ring) for ring in rings)
        assert (first - sum(holes)) / 1e6 == pytest.approx(district.area_km2(place), rel=1e-8), place


def test_the_shift_is_that_of_the_package(page):
    points = [(lon / 10, lat / 10) for lon in range(735, 1345, 37) for lat in range(15, 550, 41)] + [*RING, (2.0, 48.0)]
    told = page.evaluate(
        "(points) => points.map(([lon, lat]) => [gm.datum.toGcj(lon, lat), gm.datum.toWgs(lon, lat)])", points
    )
    for (lon, lat), (there, back) in zip(points, told, strict=True):
        for found, wanted in (
            (there, convert(lon, lat, "wgs84", "gcj02")),
            (back, convert(lon, lat, "gcj02", "wgs84")),
        ):
            assert found == pytest.approx([float(part) for part in wanted], abs=1e-9)


@every_screen
def test_measuring_by_pressing(visit, shoot, size, language):
    page = visit(size=size, language=language)
    use(page, "measure")
    sheet = page.locator(".gm-sheet")
    expect(sheet).to_be_visible()
    points = [(113.905, 22.800), (113.935, 22.800), (113.930, 22.790)]
    page.evaluate("() => gm.shared.map.setView([22.785, 113.92], 12.5, { animate: false })")
    for point in points:
        press(page, point)
    assert page.locator("path.gm-measured").count() == 3
    assert page.get_attribute("[data-gm-map]", "data-gm-selected") == ""  # the map takes the clicks for itself
    # A click falls on a whole pixel, some 18 m here.
    assert number(page, "data-gm-length") == pytest.approx(measure.length_m(shapely.LineString(points)), rel=0.02)
    assert number(page, "data-gm-area") == pytest.approx(measure.geodesic_m2(shapely.Polygon(points)), rel=0.04)
    text = sheet.inner_text()
    assert all(unit in text for unit in ("km", "km²", "ha", "亩" if language == "zh" else "mu"))
    sheet.get_by_role("button", name=WORDS[language]["undo"]).click()
    assert page.locator("path.gm-measured").count() == 2
    shoot(page, "tools-measure")
    page.mouse.dblclick(*page.evaluate(AT, [113.915, 22.797]))
    assert page.locator("path.gm-measured").count() == 3
    zoom = page.evaluate("() => gm.shared.map.getZoom()")
    assert zoom == 12.5
    press(page, (113.91, 22.80))  # it has ended: this click is the map's own again
    assert page.locator("path.gm-measured").count() == 3
    page.locator(".gm-sheet-close").click()
    assert page.locator("path.gm-measured").count() == 0
    assert sideways(page) == 0


def test_measuring_by_keys_alone(page):
    page.locator('[data-tool="measure"]').focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement === gm.shared.map.getContainer()")
    first = centre(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    second = centre(page)
    assert first != second
    page.keyboard.press("Space")
    expect(page.locator(".gm-cross")).to_have_count(1)
    assert number(page, "data-gm-length") == pytest.approx(measure.distance_m(*first, *second), rel=1e-5)
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    third = centre(page)
    page.keyboard.press("Space")
    ring = shapely.Polygon([first, second, third])
    assert number(page, "data-gm-area") == pytest.approx(measure.geodesic_m2(ring), rel=1e-5)
    page.keyboard.press("Backspace")
    assert page.locator("path.gm-measured").count() == 2
    page.keyboard.press("Enter")
    assert "gm-taking" not in page.get_attribute("[data-gm-map]", "class")
    page.keyboard.press("Escape")
    expect(page.locator(".gm-sheet")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.dataset.tool") == "measure"


def test_a_figure_that_crosses_itself_has_no_area(page):
    use(page, "measure")
    for point in ((113.93, 22.79), (113.95, 22.76), (113.95, 22.79), (113.93, 22.76)):
        press(page, point)
    assert number(page, "data-gm-area") == 0
    expect(page.locator(".gm-sheet")).to_contain_text("面积不定")


def test_a_result_can_be_taken_away(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    use(page, "measure")
    for number, point in enumerate(((113.90, 22.80), (113.93, 22.79), (113.92, 22.77)), 1):
        press(page, point)
        expect(page.locator(".gm-measured")).to_have_count(number)
    page.locator(".gm-sheet .gm-copy").click()
    expect(page.locator(".gm-sheet .gm-copy")).to_have_text("已复制")
    text = page.evaluate("() => navigator.clipboard.readText()")
    assert "km²" in text
    assert len(re.findall(r"^\d+\.\d{6}, \d+\.\d{6}$", text, re.MULTILINE)) == 3


def test_what_is_at_a_point_agrees_with_the_package(page, district):
    """Every level and the distance to the edge, at points all over the district, against shapely and pyproj."""
    catalogue = district.catalogue
    west, south, east, north = district.bounds
    points = [
        (west + (east - west) * column / 9, south + (north - south) * line / 9)
        for column in range(10)
        for line in range(10)
    ]
    found = page.evaluate("(points) => points.map((point) => gm.identify(gm.shared.map, point))", points)
    stations = [
        shapely.geometry.shape(one["geometry"])
        for one in district.background
        if one["properties"]["kind"] in ("station", "station_hsr")
    ]
    edged = 0
    for (lon, lat), told in zip(points, found, strict=True):
        here = shapely.Point(lon, lat)
        for level in ("unit", "cluster", "zone", "corridor"):
            covered = {
                p.id for p in catalogue.places.values() if p.level == level and district.shape(p.id).covers(here)
            }
            rows = [row for row in told["rows"] if row["kind"] == level]
            assert {row["id"] for row in rows if row["covered"]} == covered
            for row in rows:
                if row["name"]:
                    edge = measure.distance_to_m(lon, lat, district.shape(row["id"]).boundary)
                    assert row["edge_m"] == pytest.approx(edge, rel=1e-3, abs=0.5)
                    assert row["within"] == (edge < row["uncertainty"])
                    edged += row["within"]
        nearest = min(measure.distance_m(lon, lat, station.x, station.y) for station in stations)
        assert told["station"]["distance_m"] == pytest.approx(nearest, rel=1e-6)
        streets = [one for one in district.background if one["properties"]["kind"] == "street"]
        names = {one["properties"]["name"] for one in streets if shapely.geometry.shape(one["geometry"]).covers(here)}
        assert {row["name"] for row in told["rows"] if row["kind"] == "street" and row["covered"]} == names
    assert edged > 5


@every_screen
def test_what_is_here_by_mouse_and_touch(visit, shoot, district, size, language):
    page = visit(size=size, language=language)
    latitude, longitude = district.label_point("unit-17")
    if size == PHONE:
        use(page, "identify")
        press(page, (longitude, latitude))
    else:
        press(page, (longitude, latitude), button="right")
    sheet = page.locator(".gm-sheet")
    expect(sheet).to_contain_text(WORDS[language]["unit"])
    expect(sheet).to_contain_text("WGS 84")
    lon, lat = map(float, page.get_attribute("[data-gm-map]", "data-gm-point").split(","))
    assert sheet.locator("code").inner_text() == f"{lon:.6f}, {lat:.6f}"
    shoot(page, "tools-identify")
    sheet.locator('[data-place="unit-17"]').click()
    settled(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-selected") == "unit-17"
    page.locator("[data-gm-map]").focus()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert page.locator("path.gm-pointed").count() == 0


def test_what_is_here_by_keys(page):
    page.locator('[data-tool="identify"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".gm-sheet dl")).to_be_visible()
    lon, lat = centre(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-point") == f"{lon:.6f},{lat:.6f}"
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    lon, lat = centre(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-point") == f"{lon:.6f},{lat:.6f}"
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.dataset.tool") == "identify"


def test_near_an_edge_it_says_that_it_cannot_tell(page, district):
    corner = district.shape("unit-17").exterior.coords[0]
    press(page, corner, button="right")
    expect(page.locator(".gm-sheet .gm-near").first).to_contain_text("内外不定")


@every_screen
def test_where_am_i(visit, shoot, size, language):
    page = visit(size=size, language=language)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 22.7641, "longitude": 113.9352, "accuracy": 180})
    use(page, "locate")
    sheet = page.locator(".gm-sheet")
    expect(sheet).to_contain_text("±180 m")
    expect(sheet).to_contain_text("113.935200, 22.764100")
    expect(sheet).to_contain_text("WGS 84")
    circle = page.locator("path.gm-accuracy").bounding_box()
    metres = page.evaluate(
        """() => {
            const map = gm.shared.map, y = map.getSize().y / 2;
            const [a, b] = [0, 100].map((x) => map.containerPointToLatLng([x, y]));
            return map.distance(a, b) / 100;
        }"""
    )
    assert circle["width"] * metres == pytest.approx(360, rel=0.1)
    shoot(page, "tools-locate")
    page.context.set_geolocation({"latitude": 39.9, "longitude": 116.4, "accuracy": 50})
    before = centre(page)
    page.locator(".gm-sheet-close").click()
    use(page, "locate")
    expect(sheet).not_to_contain_text("±180 m")
    assert page.locator("path.gm-accuracy").count() in (0, 1)
    assert centre(page) == before


def test_a_refusal_is_one_quiet_line(page):
    page.context.clear_permissions()
    use(page, "locate")
    sheet = page.locator(".gm-sheet-body")
    expect(sheet).to_contain_text("未获准")
    assert len(sheet.inner_text().splitlines()) == 1
    assert page.locator("path.gm-accuracy").count() == 0


def test_full_screen_and_back(page):
    page.locator('[data-tool="full"]').click()
    page.wait_for_function(
        "() => document.fullscreenElement && document.fullscreenElement.classList.contains('gm-holder')"
    )
    expect(page.locator('[data-tool="full"]')).to_have_attribute("aria-label", "退出全屏")
    # How large a full screen is, is the machine's affair; the map with its legend has the whole of it.
    page.wait_for_function(
        "() => document.querySelector('[data-gm-map]').getBoundingClientRect().height > 0.6 * window.innerHeight"
    )
    page.locator('[data-tool="full"]').click()
    page.wait_for_function("() => !document.fullscreenElement")
    expect(page.locator('[data-tool="full"]')).to_have_attribute("aria-label", "全屏")


@pytest.mark.parametrize("zoom", [11, 12.25, 14, 18])
def test_the_numeric_scale_is_true(page, zoom):
    page.evaluate("(zoom) => gm.shared.map.setView([22.76, 113.93], zoom, { animate: false })", zoom)
    ends = page.evaluate(
        """() => {
            const map = gm.shared.map, s = map.getSize();
            const ends = [0, s.x].map((x) => map.containerPointToLatLng([x, s.y / 2]));
            return [...ends.map((p) => [p.lng, p.lat]), s.x];
        }"""
    )
    metres = measure.distance_m(*ends[0], *ends[1]) / ends[2]
    told = int(page.locator(".gm-ratio").inner_text().split("1:")[1].replace(",", ""))
    assert told == pytest.approx(metres / (0.0254 / 96), rel=0.06)


@every_screen
def test_buttons_are_named_and_large_enough(visit, size, language):
    page = visit(size=size, language=language)
    if size == PHONE:
        page.locator(".gm-toolsopen").click()
    least = 44 if size == PHONE else 30
    buttons = page.locator(".gm-map .leaflet-top.leaflet-right").locator("button:visible, summary:visible, a:visible")
    assert buttons.count() >= 8
    for button in buttons.all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= least, button.get_attribute("aria-label")
        label = button.get_attribute("aria-label")
        assert label
        assert bool(re.search("[\u4e00-\u9fff]", label)) == (language == "zh"), label
    for tool in ("measure", "identify"):
        assert page.locator(f'[data-tool="{tool}"]').get_attribute("aria-label") == WORDS[language][tool]
    if size == PHONE:
        page.keyboard.press("Escape")
        expect(page.locator(".gm-toolsopen")).to_have_attribute("aria-expanded", "false")


def test_the_focus_can_be_seen_and_escape_closes_the_layers(page):
    page.locator('[data-tool="identify"]').focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.tool") == "locate"
    style = page.evaluate(
        "() => [getComputedStyle(document.activeElement)].flatMap((one) => [one.outlineStyle, one.outlineWidth])"
    )
    assert style == ["solid", "2px"]
    page.locator(".gm-groups summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".gm-grouppanel")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".gm-grouppanel")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"


def test_the_panel_of_layers_lies_within_the_map(visit):
    for size in (DESK, PHONE):
        page = visit(size=size)
        page.locator(".gm-groups summary").click()
        panel, box = page.locator(".gm-grouppanel").bounding_box(), page.locator("[data-gm-map]").bounding_box()
        assert panel["y"] >= box["y"]
        assert panel["y"] + panel["height"] <= box["y"] + box["height"]
        assert panel["x"] >= box["x"]
