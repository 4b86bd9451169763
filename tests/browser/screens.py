"""What the browser tests say to a page: which screens there are, when a page is at rest, what its map shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

DESK = (1440, 900)
PHONE = (390, 844)
LANGUAGES = ("zh", "en")
MAP = "[data-gm-map]"
DRAWN_MAP = "[data-gm-map][data-gm-lit]"

every_screen = pytest.mark.parametrize(
    ("size", "language"),
    [pytest.param(size, language, id=f"{size[0]}-{language}") for size in (DESK, PHONE) for language in LANGUAGES],
)

# True once the script has run, nothing is a grey placeholder any more, and for 400 ms no node has come or gone:
# Streamlit says "not running" before the last elements are on the page.
AT_REST = """
() => {
  const app = document.querySelector("[data-testid='stApp']");
  const ready = app && app.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
    && !document.querySelector("[data-testid='stSkeleton'], [data-testid='stAppSkeleton'], [data-stale='true']");
  const count = document.getElementsByTagName("*").length;
  const seen = window.__gmRest;
  if (!ready || !seen || seen.count !== count) {
    window.__gmRest = { count: ready ? count : -1, at: performance.now() };
    return false;
  }
  return performance.now() - seen.at > 400;
}
"""


def settled(page: Page) -> Page:
    """Wait until the page is at rest: script run, elements in place, fonts in, a map (if there is one) drawn.

    Call it after a click as well as after a visit.

    Parameters
    ----------
    page : Page
        Of this app.

    Returns
    -------
    Page
        The same; the test has failed if an exception stands on it.
    """
    page.evaluate("() => { window.__gmRest = null; }")  # else the rest before a click would count as the rest after it
    page.wait_for_function(AT_REST)
    if page.locator(MAP).count():
        page.wait_for_selector(DRAWN_MAP, state="attached")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    exceptions = page.locator("[data-testid='stException']")
    if exceptions.count():
        pytest.fail(f"{page.url} shows an exception: {exceptions.first.inner_text()}", pytrace=False)
    return page


def lit(page: Page) -> set[str]:
    """Ids of the places that the map shows as fitting; waits until there is a map that has drawn."""
    page.wait_for_selector(DRAWN_MAP, state="attached")
    return set(page.get_attribute(MAP, "data-gm-lit").split())


def remounts(page: Page) -> int:
    """How often the map has been built anew since the page was opened: 0 when a filter only changes its light."""
    page.wait_for_selector(DRAWN_MAP, state="attached")
    return int(page.get_attribute("[data-gm-remounts]", "data-gm-remounts"))


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 unless something is cut at the edge."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
