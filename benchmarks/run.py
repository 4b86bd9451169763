"""How fast the map is, beside a plain streamlit-folium map in the same run: ``python benchmarks/run.py --help``."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser")]

from stage import CHROMIUM_FLAGS, App, chromium_path, serving  # noqa: E402 - the folder has to be named first

SIZE = {"width": 1440, "height": 900}
PATIENCE_MS = 60_000
VISITS = 3  # warm ones a start
UNITS = 21
FITTING = 5  # units that the topic below lights

TOPIC = "第三代半导体材料"


@dataclass(frozen=True)
class Subject:
    """One app that is measured, and how its page is read. All that depends on a page's making stands here."""

    name: str
    script: Path
    flags: tuple[str, ...]
    imports: str
    before: tuple[tuple[str, str], ...]  # what to click once before the filter can be seen: role, accessible name
    filter: tuple[str, str]  # the filter: role, accessible name
    lit: str  # script: number of units lit now, or -1 when there is no map
    remounts: str  # script: how often the map has been made anew, or null where that cannot be told


OURS = Subject(
    name="gm_map",
    script=ROOT / "app.py",
    flags=(),
    imports="import streamlit, gm_map.catalogue, gm_map.district, layers.compose",
    before=(("tab", "新材料"),),
    filter=("checkbox", TOPIC),
    lit="""() => {
        const box = document.querySelector("[data-gm-map][data-gm-lit]");
        return box ? box.dataset.gmLit.split(" ").filter(Boolean).length : -1;
    }""",
    remounts="""() => +(document.querySelector("[data-gm-remounts]")?.dataset.gmRemounts ?? -1)""",
)
BASELINE = Subject(
    name="rebuild",
    script=ROOT / "benchmarks" / "baseline_app.py",
    flags=("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
    imports="import streamlit, folium, geopandas, streamlit_folium, gm_map.catalogue",
    before=(),
    filter=("checkbox", TOPIC),
    lit="""() => {
        const page = document.querySelector("iframe[title*='streamlit_folium']")?.contentDocument;
        const paths = page ? [...page.querySelectorAll(".leaflet-overlay-pane path")] : [];
        const units = paths.filter((path) => ["#2f7fb8", "#e3e6e6"].includes(path.getAttribute("fill")));
        return units.length === 21 ? units.filter((path) => path.getAttribute("fill") === "#2f7fb8").length : -1;
    }""",
    remounts="""() => null""",
)

SUBJECTS = (OURS, BASELINE)

# Counts, frame by frame, from the moment of the click: until the map shows what was asked, and how long it showed
# nothing. Both ends are read off the page's own clock, so that the driver's way to the browser costs nothing.
WATCH = """
({ lit, wanted }) => {
  const now = eval(lit);
  window.gmBench = { start: null, blank: 0, done: null };
  const begin = () => { window.gmBench.start ??= performance.now(); };
  document.addEventListener("click", begin, { capture: true, once: true });
  let last = null;
  const look = (at) => {
    const bench = window.gmBench;
    const count = now();
    if (bench.start !== null && last !== null && count < 0) bench.blank += at - last;
    last = at;
    if (bench.start !== null && count === wanted) { bench.done = performance.now() - bench.start; return; }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


@dataclass
class Click:
    """One change of the filter."""

    ms: float
    blank_ms: float
    received_kb: float


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def import_seconds(statement: str) -> float:
    """Seconds that a Python takes to import, less what an empty one takes."""

    def once(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
        return time.perf_counter() - start

    return once(statement) - once("pass")


def drawn(page: Page, subject: Subject) -> None:
    """Wait until all units are on the map."""
    page.wait_for_function(f"() => ({subject.lit})() === {UNITS}", polling="raf", timeout=PATIENCE_MS)


def new_page(browser: Browser) -> Page:
    """A visitor with nothing in the cache."""
    page = browser.new_context(viewport=SIZE, locale="zh-CN", reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def first_map_seconds(browser: Browser, app: App, subject: Subject) -> float:
    """From asking for the page to the map with all its units, in seconds."""
    page = new_page(browser)
    start = time.perf_counter()
    page.goto(f"{app.url}/?lang=zh")
    drawn(page, subject)
    seconds = time.perf_counter() - start
    page.context.close()
    return seconds


def clicks(browser: Browser, app: App, subject: Subject, runs: int) -> tuple[list[Click], float | None]:
    """Switch the filter on and off, and measure each change.

    Returns
    -------
    list of Click
        ``2 * runs`` of them, after two that are not counted.
    float or None
        How often the map was made anew meanwhile, where the page tells.
    """
    page = new_page(browser)
    received = {"bytes": 0}

    def count(payload: str | bytes) -> None:
        received["bytes"] += len(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda channel: channel.on("framereceived", count))
    page.goto(f"{app.url}/?lang=zh")
    drawn(page, subject)
    for role, name in subject.before:
        page.get_by_role(role, name=name).first.click()
    # A click on what a person sees: Streamlit hides the input itself beneath its label.
    target = page.get_by_role(subject.filter[0], name=subject.filter[1]).first
    target.scroll_into_view_if_needed()
    found = []
    for turn in range(2 * runs + 2):
        wanted = UNITS if turn % 2 else FITTING
        page.wait_for_timeout(300)  # let the last change come to rest
        received["bytes"] = 0
        page.evaluate(WATCH, {"lit": subject.lit, "wanted": wanted})
        target.evaluate("(box) => box.click()")
        page.wait_for_function("() => window.gmBench.done !== null", polling="raf")
        page.wait_for_timeout(200)  # the rest of the rerun's messages
        bench = page.evaluate("() => window.gmBench")
        found.append(Click(bench["done"], bench["blank"], received["bytes"] / 1000))
    again = page.evaluate(subject.remounts)
    page.context.close()
    return found[2:], again


def measure(browser: Browser, runs: int, starts: int, folder: Path) -> list[dict[str, float | None]]:
    """All figures of both apps, which take turns: what else runs on the machine then weighs on both alike.

    Parameters
    ----------
    browser : Browser
    runs : int
        Filter changes, each way.
    starts : int
        Cold starts.
    folder : Path
        For logs.

    Returns
    -------
    list of dict
        Figure by name, see :data:`ROWS`; one for each of :data:`SUBJECTS`.
    """
    seen = {subject.name: {"import": [], "healthy": [], "cold": [], "warm": [], "clicks": []} for subject in SUBJECTS}
    for number in range(starts):
        for subject in SUBJECTS:
            seen[subject.name]["import"].append(import_seconds(subject.imports))
        with ExitStack() as stack:
            apps = []
            for subject in SUBJECTS:
                log = folder / f"{subject.name}-{number}.log"
                app = stack.enter_context(serving(subject.script, log, flags=subject.flags))
                seen[subject.name]["healthy"].append(app.healthy_s)
                seen[subject.name]["cold"].append(app.healthy_s + first_map_seconds(browser, app, subject))
                apps.append((subject, app))
            for _ in range(VISITS):
                for subject, app in apps:
                    seen[subject.name]["warm"].append(first_map_seconds(browser, app, subject))
            if number == starts - 1:
                for subject, app in apps:
                    seen[subject.name]["clicks"], seen[subject.name]["remounts"] = clicks(browser, app, subject, runs)
    return [_summed(seen[subject.name]) for subject in SUBJECTS]


def _summed(seen: dict) -> dict[str, float | None]:
    """The figures of one app."""
    changes: list[Click] = seen["clicks"]
    return {
        **{name: median(seen[name]) for name in ("import", "healthy", "cold", "warm")},
        "click": median([change.ms for change in changes]),
        "worst": max(change.ms for change in changes),
        "blank": median([change.blank_ms for change in changes]),
        "received": median([change.received_kb for change in changes]),
        "remounts": seen["remounts"],
    }


def seconds(value: float) -> str:
    """1.23 s."""
    return f"{value:.2f} s"


def milliseconds(value: float) -> str:
    """123 ms."""
    return f"{value:.0f} ms"


def kilobytes(value: float) -> str:
    """12.3 kB."""
    return f"{value:.1f} kB"


ROWS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("import", "import of all that the first map needs", seconds),
    ("healthy", "process start to first healthy answer", seconds),
    ("cold", "process start to map drawn", seconds),
    ("warm", "second visitor, to map drawn", seconds),
    ("click", "filter click to map changed", milliseconds),
    ("worst", "the slowest of them", milliseconds),
    ("blank", "map blank meanwhile", milliseconds),
    ("received", "received over the websocket for one change", kilobytes),
    ("remounts", "map made anew by all changes", "{:.0f} times".format),
)


def table(ours: dict, baseline: dict, runs: int, starts: int, load: float) -> str:
    """The figures as a Markdown table: ratio and absolute side by side."""
    lines = [
        f"Python {platform.python_version()}, {platform.machine()}; medians of {starts} starts, "
        f"{VISITS} visits to each, and {2 * runs} clicks.",
        f"{os.cpu_count()} cores; load of the machine in the minute before: {load:.1f}. Above a half or so, other "
        "programs are in the figures; both apps took turns, so the ratios of the first four lines still hold.",
        "",
        f"| what | {OURS.name} | {BASELINE.name} | ratio |",
        "|---|---|---|---|",
    ]
    for key, what, show in ROWS:
        left, right = ours[key], baseline[key]
        ratio = f"{right / left:.1f} ×" if left and right else "–"
        cells = [what, *("–" if value is None else show(value) for value in (left, right)), ratio]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure both apps, print the table.

    Returns
    -------
    int
        Exit code 0.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="filter changes each way (default 10)")
    parser.add_argument("--starts", type=int, default=3, help="cold starts (default 3)")
    parser.add_argument("--write", action="store_true", help="keep the table in benchmarks/results.md")
    asked = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        figures = measure(browser, asked.runs, asked.starts, Path(folder))
        browser.close()
    text = table(*figures, asked.runs, asked.starts, load)
    print(text)
    if asked.write:
        (ROOT / "benchmarks" / "results.md").write_text(f"# Results\n\n{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
