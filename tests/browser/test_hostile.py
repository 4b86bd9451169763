"""Names that are code elsewhere: on the page and in the exported file they are drawn as text, and nothing runs."""

import csv
import os
import subprocess
import sys

import pytest
from broken import copy
from conftest import ROOT

from screens import settled
from stage import serving

PROBES = {
    "unit-17": "{{ 7*7 }}",
    "unit-18": "{{ cycler.__init__.__globals__.os.getpid() }}",
    "unit-19": "${alert(1)}",
    "unit-20": "<img src=x onerror=alert(1)>",
    "unit-21": "</script><script>alert(1)</script>",
    "unit-16": "`${alert(1)}`",
    "cluster-5": "[x](javascript:alert(1)) ![y](http://198.51.100.1/y.png)",
    "zone-3": "$x^2$ :red[x] **b** <b>b</b>",
}
ALERTS = "window.__ran = []; window.alert = (what) => window.__ran.push(what);"


def rewrite(path, change):
    """Change the rows of a table in place."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The shipped data with a probe for the name, the short name and an alias of a place, and for a term."""
    folder = tmp_path_factory.mktemp("hostile")
    source = copy("source", folder)
    copy("built", folder)

    def rename(row):
        if row["id"] in PROBES:
            probe = PROBES[row["id"]]
            row.update(name=probe, name_en=probe, short=probe, short_en=probe, aliases=f"alias {probe}")

    def reword(row):
        if row["id"] == "term-127":
            row.update(term=PROBES["unit-20"], term_en=PROBES["unit-17"])

    rewrite(source / "places.csv", rename)
    rewrite(source / "terms.csv", reword)
    return folder


@pytest.fixture(scope="module")
def hostile_app(hostile, tmp_path_factory):
    log = tmp_path_factory.mktemp("hostile_app") / "server.log"
    with serving(ROOT / "app.py", log, settings={"GM_MAP_DATA": str(hostile)}) as running:
        yield running
    assert "Traceback" not in running.log()


@pytest.fixture
def quiet(chromium, witness):
    """A browser page that notes every alert, and every request to another machine."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    witness.watch(context)
    context.add_init_script(ALERTS)
    page = context.new_page()
    yield page
    assert page.evaluate("() => window.__ran") == []
    assert page.locator("img[src='x'], b:not(strong)").count() == 0
    context.close()
    assert not witness.outside
    assert not witness.errors


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_the_text(hostile_app, quiet, language):
    quiet.goto(f"{hostile_app.url}/?lang={language}")
    settled(quiet)
    shown = quiet.evaluate("() => [...document.querySelectorAll('.gm-item-name')].map((one) => one.textContent)")
    assert [PROBES[f"unit-{number}"] for number in (17, 18, 19, 20, 21)] == shown[16:21]
    labels = quiet.evaluate("() => gm.state(gm.shared.map).labels.map((one) => one.text)")
    assert set(PROBES.values()) <= set(labels)
    for place, probe in PROBES.items():
        quiet.goto(f"{hostile_app.url}/?lang={language}&at={place}")
        settled(quiet)
        assert probe in quiet.locator(".st-key-read").inner_text(), place
        assert quiet.locator(f'path[data-id="{place}"]').first.get_attribute("aria-label").startswith(probe)
    quiet.goto(f"{hostile_app.url}/?lang={language}")
    settled(quiet)
    point = quiet.evaluate(
        """() => { const s = gm.state(gm.shared.map), b = s.box.getBoundingClientRect(),
            at = s.map.latLngToContainerPoint(s.labels.find((one) => one.id === "unit-20").at);
            return [b.left + at.x, b.top + at.y + 14]; }"""
    )
    quiet.mouse.move(*point)
    assert PROBES["unit-20"] in quiet.locator(".gm-tooltip").inner_text()


def test_search_shows_the_text(hostile_app, quiet):
    quiet.goto(hostile_app.url)
    settled(quiet)
    quiet.get_by_role("combobox").press_sequentially("onerror", delay=10)
    quiet.wait_for_selector(".gm-hits li")
    assert PROBES["unit-20"] in quiet.locator(".gm-hits").inner_text()
    quiet.locator(".gm-hits li").first.click()
    settled(quiet)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_exported_file_shows_the_text(hostile, quiet, tmp_path, language):
    path = tmp_path / "map.html"
    command = [sys.executable, "-m", "gm_map", "export", str(path), "--lang", language]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "GM_MAP_DATA": str(hostile)}, check=True)
    quiet.goto(path.as_uri())
    quiet.wait_for_selector("[data-gm-ready]")
    shown = quiet.evaluate("() => [...document.querySelectorAll('.gm-item-name')].map((one) => one.textContent)")
    assert shown[16] == PROBES["unit-17"]
    for place, probe in PROBES.items():
        quiet.evaluate("(id) => gm.state(gm.latest).listeners.select.forEach((one) => one(id))", place)
        assert quiet.locator(".gm-card h2").inner_text() == probe
