"""The real app in a real browser, without a network.

Fixtures
--------
``app``
    Session. The Streamlit server of ``app.py`` on a free port; ``app.url``, ``app.log()``.
``chromium``
    Session. Debian's Chromium, headless, through Playwright.
``visit``
    A function: ``visit("/areas", language="en", size=PHONE, unit="unit-17")`` opens a page (words that it does not
    know go to the query) and waits until it is at rest. Every call is a visitor of its own. When the test is over, it
    fails if any page asked for anything outside this machine, or put an error on the console.
``page``
    ``visit()``: the first page, in Chinese, on a desk.
``shoot``
    A function: ``shoot(page, "explore")`` saves ``explore-1440x900-zh.png`` in the folder named by GM_SHOTS.
``witness``
    The outside requests and errors seen so far; a test that provokes an error on purpose empties ``witness.errors``.

Settings: GM_SHOTS (folder for pictures), GM_CHROMIUM (path of a Chromium), GM_APP (another script than ``app.py``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from screens import DESK, PHONE, settled
from stage import CHROMIUM_FLAGS, ROOT, App, StageError, chromium_path, is_outside, serving

PATIENCE_SECONDS = 30
expect.set_options(timeout=20_000)  # milliseconds: a shared machine may be busy, and what is awaited ends the wait
# Opened at /match, Streamlit's own script first asks below that path whether the server lives there, then above it.
PROBED = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder as ``browser`` (``pytest -m "not browser"`` leaves it out)."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The server, for the whole session; a traceback in its log is an error at the end."""
    script = Path(os.environ.get("GM_APP", ROOT / "app.py")).resolve()
    kept = {"GM_MAP_FEEDBACK": str(tmp_path_factory.getbasetemp() / "feedback")}
    try:
        with serving(script, tmp_path_factory.mktemp("app") / "server.log", settings=kept) as running:
            yield running
    except StageError as error:
        pytest.fail(str(error), pytrace=False)
    if "Traceback (most recent call last)" in running.log():
        pytest.fail(f"the server wrote a traceback:\n{running.log()[-6000:]}", pytrace=False)


@pytest.fixture
def feedback_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app keeps what people mark as wrong."""
    return tmp_path_factory.getbasetemp() / "feedback"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Without it the tests fail: nobody has looked at the screens then."""
    try:
        path = chromium_path()
    except StageError as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@dataclass
class Witness:
    """What the pages of one test did that they should not have."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note every request to the outside, and every error, on all pages of the context.

        The browser itself lets nothing out (`stage.CHROMIUM_FLAGS`). Requests are listened to, not routed: a route
        would ask this process about each of the 85 files of a page, and turn the browser's cache off.
        """
        context.on("request", self._see)
        context.on("page", self._watch_page)

    def _see(self, request: Request) -> None:
        if is_outside(request.url):
            self.outside.append(request.url)

    def _watch_page(self, page: Page) -> None:
        page.on("websocket", lambda channel: self.outside.append(channel.url) if is_outside(channel.url) else None)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message))

    def _hear(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBED.search(message.location.get("url", "")):
            self.errors.append(f"{page.url}: {message.text} ({message.location.get('url', '')})")

    def verdict(self) -> str:
        """One line each; empty when all was well."""
        lines = [f"asked for {url}, which is not on this machine" for url in self.outside]
        return "\n".join(lines + [f"console error on {error}" for error in self.errors])


@pytest.fixture
def witness() -> Witness:
    """What this test's pages did that they should not have."""
    return Witness()


def _visitor(chromium: Browser, size: tuple[int, int], language: str) -> BrowserContext:
    phone = size == PHONE
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    return context


class Visitors:
    """Contexts that are used again by the next test: what the browser has fetched and compiled once, it keeps.

    What a person would leave behind (storage, permissions, pages) is taken away after each test.
    """

    def __init__(self, chromium: Browser, app: App):
        self._chromium, self._app = chromium, app
        self._known: dict[tuple, tuple[BrowserContext, Witness]] = {}

    def enter(self, size: tuple[int, int], language: str, witness: Witness) -> BrowserContext:
        """The context of a screen and a language, watched by this test's witness from now on."""
        if (size, language) not in self._known:
            context, watching = _visitor(self._chromium, size, language), Witness()
            watching.watch(context)
            self._known[size, language] = context, watching
        context, watching = self._known[size, language]
        watching.outside, watching.errors = witness.outside, witness.errors
        return context

    def leave(self, context: BrowserContext) -> None:
        """Take away what the test left."""
        page = context.pages[0] if context.pages else context.new_page()
        told = {"origin": self._app.url, "storageTypes": "cookies,local_storage,indexeddb"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", told)
        for opened in context.pages:
            opened.close()
        context.clear_permissions()

    def close(self) -> None:
        """Close all of them."""
        for context, _ in self._known.values():
            context.close()


@pytest.fixture(scope="module")
def visitors(app: App, chromium: Browser) -> Iterator[Visitors]:
    """The contexts of a file of tests, which may have an ``app`` of its own."""
    known = Visitors(chromium, app)
    yield known
    known.close()


@pytest.fixture
def visit(app: App, chromium: Browser, visitors: Visitors, witness: Witness) -> Iterator[Callable[..., Page]]:
    """Open a page of the app as a new visitor; see the top of this file."""
    used: dict[tuple, BrowserContext] = {}
    more: list[BrowserContext] = []

    def open_page(path: str = "/", *, language: str = "zh", size: tuple[int, int] = DESK, settle: bool = True, **query):
        if (size, language) in used:  # another person before the same kind of screen
            context = _visitor(chromium, size, language)
            witness.watch(context)
            more.append(context)
        else:
            context = used[size, language] = visitors.enter(size, language, witness)
        page = context.new_page()
        page.goto(f"{app.url}{path}?{urlencode({'lang': language, **query}, doseq=True)}")
        return settled(page) if settle else page

    yield open_page
    for context in more:
        context.close()
    for context in used.values():
        visitors.leave(context)
    if verdict := witness.verdict():
        pytest.fail(verdict, pytrace=False)


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """The first page, in Chinese, on a desk."""
    return visit()


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[..., Path]:
    """Save what a person sees: in GM_SHOTS when that is set, else in pytest's own folder of the test."""
    folder = Path(os.environ.get("GM_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def save(page: Page, name: str, *, whole: bool = False) -> Path:
        size = page.viewport_size
        language = re.search(r"[?&]lang=(\w+)", page.url)
        parts = [name, f"{size['width']}x{size['height']}", *([language.group(1)] if language else [])]
        path = folder / f"{'-'.join(parts)}.png"
        settled(page).screenshot(path=path, full_page=whole, animations="disabled")
        return path

    save.folder = folder
    return save
