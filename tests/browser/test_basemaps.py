"""Base maps in the browser, with a tile server on this machine: right tiles in the right place, or a quiet line."""

import math
import re
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from playwright.sync_api import expect

from gm_map.datum import convert
from screens import DESK, PHONE, every_screen, settled, sideways
from stage import ROOT, serving

TILE = 256
PLACES = {"middle": (22.7541, 113.9352), "west": (22.765, 113.86), "north": (22.83, 113.94), "south": (22.69, 113.96)}
TILES = """() => {
    const box = gm.shared.map.getContainer().getBoundingClientRect();
    return [...document.querySelectorAll("img.gm-tile, .gm-tile img")].filter((one) => one.complete && one.naturalWidth)
        .map((one) => { const b = one.getBoundingClientRect();
            return { src: one.src, left: b.left - box.left, top: b.top - box.top, width: b.width, height: b.height };
        });
}"""
WHERE = """(points) => points.map(([lon, lat]) => { const p = gm.shared.map.project([lat, lon])
    .subtract(gm.shared.map.getPixelOrigin()).add(L.DomUtil.getPosition(gm.shared.map.getPane("mapPane")));
    return [p.x, p.y]; })"""


def png(red, green, blue):
    """A tile of one colour."""
    line = b"\0" + bytes((red, green, blue)) * TILE

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", TILE, TILE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*part) for part in ((b"IHDR", head), (b"IDAT", zlib.compress(line * TILE)), (b"IEND", b""))
    )


class Tiles:
    """A tile server: ``/good/z/x/y`` answers with a colour, ``/gone/…`` with 404, ``/hang/…`` not at all."""

    def __init__(self):
        self.asked = []
        self.released = threading.Event()
        tiles = self

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            def do_GET(self):
                tiles.asked.append(self.path)
                kind = self.path.split("/")[1]
                if kind == "hang":
                    tiles.released.wait(30)
                    return
                z, x, y = map(int, re.findall(r"\d+", self.path)[-3:])
                body = b"" if kind == "gone" else png(z * 8, x % 256, y % 256)
                self.send_response(404 if kind == "gone" else 200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        """Let go of whoever waits, and end."""
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def tiles():
    server = Tiles()
    yield server
    server.close()


@pytest.fixture(scope="module")
def app(tiles, tmp_path_factory):
    """The app with an operator's own base maps: good ones, broken ones, hostile ones."""
    folder = tmp_path_factory.mktemp("bases")

    def base(id_, path, datum="wgs84", **more):
        return {
            "id": id_,
            "name": f"Local {id_}",
            "url": f"{tiles.url}/{path}",
            "datum": datum,
            "attribution": f"© local {id_} & co",
            **more,
        }

    hostile = [
        base("h1", "good/{z}/{x}/{y}", name="<img src=x onerror=alert(1)>"),
        {**base("h2", ""), "url": "javascript:alert(1)//{z}/{x}/{y}"},
        base("h3", "good/{{7*7}}/{z}/{x}/{y}"),
    ]
    good = [
        base("plain", "good/{z}/{x}/{y}.png"),
        base("moved", "good/{z}/{x}/{y}.png", datum="gcj02"),
        base("south", "good/tms/{z}/{x}/{-y}"),
        base("gone", "gone/{z}/{x}/{y}"),
        base("hang", "hang/{z}/{x}/{y}"),
    ]
    path = folder / "bases.yaml"
    path.write_text(yaml.safe_dump({"basemaps": hostile + good}, allow_unicode=True), encoding="utf-8")
    with serving(ROOT / "app.py", folder / "server.log", settings={"GM_MAP_BASEMAPS": str(path)}) as running:
        yield running
    assert "Traceback" not in running.log()


def choose(page, base):
    """Choose a base map by hand in the box of layers, and close the box again."""
    page.locator(".gm-groups summary").click()
    page.locator(f'.gm-bases input[value="{base}"]').click()
    page.keyboard.press("Escape")


def look(page, place, zoom):
    """Go to a place at once, and wait until every tile of the view is there."""
    page.evaluate("([at, zoom]) => gm.shared.map.setView(at, zoom, { animate: false })", [list(PLACES[place]), zoom])
    page.wait_for_function(
        "() => gm.shared.map && gm.state(gm.shared.map).tiles.layers.every((one) => !one.isLoading())"
    )
    page.wait_for_timeout(350)  # older tiles of another zoom go
    return page.evaluate(TILES)


def corner(z, x, y):
    """Longitude and latitude of a tile's north-western corner, in the picture's own datum."""
    n = 2**z
    return x / n * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / n))))


def test_nothing_is_asked_for_before_it_is_chosen(visit, tiles):
    tiles.asked.clear()
    page = visit()
    page.locator(".gm-groups summary").click()
    assert page.locator(".gm-bases input").count() == 1 + 4 + 5
    assert page.locator(".gm-bases input:checked").get_attribute("value") == "own"
    assert page.locator('.gm-bases input[value="tianditu"]').is_disabled()
    settled(page)
    assert not tiles.asked
    assert page.locator(".gm-tile").count() == 0


@every_screen
def test_a_chosen_base_map_lies_under_the_map(visit, shoot, tiles, size, language):
    page = visit(size=size, language=language)
    corners = "() => JSON.stringify(gm.state(gm.shared.map).shapes.get('unit-17').layers[0].getLatLngs())"
    before = page.evaluate(corners)
    tiles.asked.clear()
    choose(page, "plain")
    found = look(page, "middle", 12)
    assert tiles.asked
    assert found
    page.evaluate("() => gm.whole(gm.shared.map, false)")
    settled(page)
    assert page.evaluate(corners) == before  # the data is where it was
    attribution = page.locator(".leaflet-control-attribution").inner_text()
    assert "© local plain & co" in attribution
    assert "WGS 84" in attribution
    assert "b=plain" in page.url
    assert sideways(page) == 0
    shoot(page, "basemap")
    choose(page, "own")
    settled(page)
    assert page.locator(".gm-tile").count() == 0
    assert "local" not in page.locator(".leaflet-control-attribution").inner_text()
    assert "b=" not in page.url


@pytest.mark.parametrize("base", ["plain", "moved", "south"])
def test_tiles_lie_where_they_belong(visit, base):
    """Each corner of each tile against `gm_map.datum`, on the screen, at whole and broken zooms: within a pixel."""
    page = visit()
    choose(page, base)
    views = ((11, "middle"), (13.25, "west"), (15, "north"), (16.75, "south"), *((18, place) for place in PLACES))
    for zoom, place in views:
        found = look(page, place, zoom)
        size = page.evaluate("() => { const s = gm.shared.map.getSize(); return [s.x, s.y]; }")
        wanted, drawn = [], []
        for tile in found:
            z, x, y = map(int, re.findall(r"\d+", tile["src"])[-3:])
            assert z == min(round(zoom + 1e-9), 18)
            if base == "south":
                y = 2**z - 1 - y
            for right in (0, 1):
                for below in (0, 1):
                    lon, lat = corner(z, x + right, y + below)
                    if base == "moved":
                        lon, lat = (float(part) for part in convert(lon, lat, "gcj02", "wgs84"))
                    wanted.append((lon, lat))
                    drawn.append((tile["left"] + right * tile["width"], tile["top"] + below * tile["height"]))
        places = page.evaluate(WHERE, wanted)
        off = max(abs(a - b) for one, other in zip(drawn, places, strict=True) for a, b in zip(one, other, strict=True))
        assert off < 1, (zoom, place, off)
        # Nothing of the view is left without a tile.
        for x in (1, size[0] / 2, size[0] - 1):
            for y in (1, size[1] / 2, size[1] - 1):
                assert any(
                    t["left"] - 1 <= x <= t["left"] + t["width"] + 1 and t["top"] - 1 <= y <= t["top"] + t["height"] + 1
                    for t in found
                ), (zoom, x, y)


def test_the_shift_is_seen_and_said(visit):
    page = visit()
    choose(page, "plain")
    still = look(page, "middle", 16)
    choose(page, "moved")
    moved = look(page, "middle", 16)
    lon, lat = PLACES["middle"][::-1]
    shifted = [float(part) for part in convert(lon, lat, "wgs84", "gcj02")]
    here, there = page.evaluate(WHERE, [[lon, lat], shifted])
    places = {re.search(r"/\d+/\d+/\d+", one["src"])[0]: one for one in still}
    both = [(one, places[key]) for one in moved if (key := re.search(r"/\d+/\d+/\d+", one["src"])[0]) in places]
    assert both
    for one, other in both:
        assert one["left"] - other["left"] == pytest.approx(here[0] - there[0], abs=2)
        assert one["top"] - other["top"] == pytest.approx(here[1] - there[1], abs=2)
    assert math.dist(here, there) > 200  # pixels: it is no small thing
    assert "GCJ-02" in page.locator(".leaflet-control-attribution").inner_text()
    page.locator(".gm-groups summary").click()
    expect(page.locator(".gm-basenote").first).to_contain_text("数据未动")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_base_map_that_is_not_there_leaves_the_map_and_a_line(visit, shoot, witness, size):
    page = visit(size=size)
    choose(page, "gone")
    alarm = page.locator(".gm-alarm")
    expect(alarm).to_have_text("底图无法访问，已改用本图自带的背景。")
    settled(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-base") == "own"
    assert page.locator('.gm-bases input[value="own"]').is_checked()
    assert page.locator('path[data-level="unit"]').count() == 21
    assert page.locator(".gm-tile").count() == 0
    page.wait_for_function("() => !location.search.includes('b=')")
    expect(alarm).to_be_visible()
    shoot(page, "basemap-gone")
    assert not [error for error in witness.errors if "404" not in error]
    witness.errors.clear()  # the browser itself reports a missing picture
    choose(page, "plain")
    expect(alarm).to_be_hidden()


def test_a_base_map_that_hangs_is_given_up(visit, witness):
    page = visit()
    choose(page, "hang")
    alarm = page.locator(".gm-alarm")
    page.wait_for_timeout(2000)
    expect(alarm).to_be_hidden()
    expect(alarm).to_be_visible(timeout=8000)
    settled(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-base") == "own"
    assert page.locator('path[data-level="unit"]').count() == 21
    assert not witness.errors


def test_a_link_carries_the_base_map(visit, tiles):
    tiles.asked.clear()
    page = visit(b="moved", language="en", at="unit-17")
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-base", "moved")
    page.wait_for_function("() => Number(gm.shared.map.getContainer().dataset.gmTiles) > 0")
    assert tiles.asked
    assert "b=moved" in page.url
    assert "GCJ-02" in page.locator(".leaflet-control-attribution").inner_text()


@pytest.mark.parametrize("asked", ["nowhere", "tianditu", "{{7*7}}", "<b>"])
def test_a_link_to_no_base_map_says_so(visit, tiles, asked):
    tiles.asked.clear()
    page = visit(settle=False, b=asked)
    toast = page.locator("[data-testid='stToast']")
    expect(toast).to_have_count(1)
    assert asked in toast.inner_text()
    settled(page)
    assert page.get_attribute("[data-gm-map]", "data-gm-base") == "own"
    assert not tiles.asked


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_entries_are_refused_in_a_sentence(visit, language):
    page = visit(language=language)
    page.locator(".gm-groups summary").click()
    panel = page.locator(".gm-bases")
    lines = [line for line in panel.inner_text().splitlines() if "onerror" in line or "alert" in line or "7*7" in line]
    assert len(lines) == 3
    assert page.locator("img[src='x']").count() == 0
    for id_ in ("h1", "h2", "h3"):
        assert page.locator(f'.gm-bases input[value="{id_}"]').count() == 0


@pytest.mark.parametrize(
    ("base", "host"), [("osm", "tile.openstreetmap.org"), ("gaode", "autonavi.com"), ("tencent", "gtimg.com")]
)
def test_the_shipped_ones_ask_where_they_say(visit, witness, base, host):
    """No way out of here: the requests are seen and refused, and the map is whole with its line."""
    page = visit()
    choose(page, base)
    expect(page.locator(".gm-alarm")).to_be_visible(timeout=9000)
    settled(page)
    assert witness.outside
    assert all(host in url for url in witness.outside)
    assert not [url for url in witness.outside if "{" in url or "undefined" in url]
    witness.outside.clear()
    witness.errors.clear()


def test_the_choice_goes_along_to_the_other_maps(visit):
    page = visit()
    choose(page, "plain")
    page.wait_for_function("() => Number(gm.shared.map.getContainer().dataset.gmTiles) > 0")
    page.locator(".st-key-nav a").nth(2).click()
    page.wait_for_url("**/areas**")
    settled(page)
    expect(page.locator("[data-gm-map]")).to_have_attribute("data-gm-base", "plain")
