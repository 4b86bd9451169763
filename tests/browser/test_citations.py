"""Where the plan's text is at hand, each citation opens its sentence; the text here is made up, and hostile."""

import pytest
from made_up_plan import HOSTILE, written
from playwright.sync_api import expect

from gm_map import catalogue as catalogues
from gm_map import plan_text
from screens import PHONE, settled, sideways
from stage import ROOT, serving

NOTE = ".gm-explained"
SHOWN = " ".join(HOSTILE.split())


@pytest.fixture(scope="module")
def catalogue():
    return catalogues.load()


@pytest.fixture(scope="module")
def app(tmp_path_factory, catalogue):
    """A server of its own, for which the setting is made."""
    folder = tmp_path_factory.mktemp("plan")
    path = folder / "plan.txt"
    path.write_text(written(catalogue, HOSTILE), encoding="gb18030")
    with serving(ROOT / "app.py", folder / "server.log", settings={plan_text.SETTING: str(path)}) as running:
        yield running
    assert "Traceback" not in running.log()


def shows(page, phrase=""):
    """The note is open and holds a sentence as it was written, to the letter."""
    note = page.locator(NOTE)
    expect(note).to_be_visible()
    expect(note).to_contain_text(SHOWN)
    expect(note).to_contain_text(phrase)
    assert page.locator(f"{NOTE} script, {NOTE} b, {NOTE} a").count() == 0
    assert page.evaluate("() => window.hurt") is None


def press(page, link):
    """Click a citation once the page has stopped moving: a note goes when what it belongs to is scrolled away."""
    link.scroll_into_view_if_needed()
    settled(page)
    link.click()


def close(page):
    page.keyboard.press("Escape")
    expect(page.locator(NOTE)).to_have_count(0)


def test_on_a_card_by_mouse_and_by_keyboard(visit, shoot):
    page = visit(at="unit-17")
    links = page.locator(".st-key-read a[href*='plan?c=']")
    expect(links.first).to_be_visible()
    links.first.click()
    shows(page)
    shoot(page, "citation")
    close(page)
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")
    shows(page)
    close(page)
    expect(page).not_to_have_url("plan")


@pytest.mark.parametrize("id_", ["cluster-5", "topic-05"])
def test_on_a_dossier(visit, id_):
    page = visit("/dossier", id=id_)
    links = page.locator(".st-key-dossier_text a[href*='plan?c=']")
    expect(links.first).to_be_visible()
    for number in (0, links.count() - 1):
        press(page, links.nth(number))
        shows(page)
        close(page)


def test_on_the_plan_page(visit, catalogue):
    page = visit("/plan", size=PHONE)
    cite = catalogue.indicators["indicator-05"].citation
    press(page, page.locator("#indicator-05 .gm-said"))
    shows(page, cite.phrase)
    close(page)
    assert sideways(page) <= 0
    for tab, place in {"路线图任务": ".gm-task", "工程与政策": ".gm-board header", "疑点": ".gm-table"}.items():
        page.locator(".st-key-plan_tab").get_by_text(tab).click()
        settled(page)
        page.locator(f"{place} .gm-said").first.focus()
        page.keyboard.press("Enter")
        shows(page)
        close(page)
    page.locator(".st-key-plan_tab").get_by_text("名词").click()
    press(page, settled(page).locator(".st-key-plan_terms a[href*='plan?c=']").first)
    shows(page)


def test_on_a_claim_about_the_map(visit, catalogue):
    page = visit("/areas")
    page.locator(".st-key-check_tab").get_by_text("语句").click()
    settled(page)
    buttons = page.locator(".gm-table button .gm-said")
    expect(buttons).to_have_count(0)  # a button in a button would be none
    press(page, page.locator(".gm-table tbody th > small .gm-said").first)
    shows(page)


def test_in_a_proof(visit):
    page = visit("/match", q="碳化硅功率器件")
    cites = page.locator("main a[href*='plan?c=']")
    expect(cites.first).to_be_visible()
    press(page, cites.first)
    shows(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_address_opens_a_sentence(visit, shoot, catalogue, language):
    cite = next(iter(catalogue.glossary.values())).citation
    page = visit("/plan", language=language, c=f"{cite.paragraph}-{cite.sentence}")
    box = page.locator(".st-key-plan_cited")
    expect(box).to_contain_text(cite.section)
    expect(box).to_contain_text(SHOWN)
    expect(box).to_contain_text(cite.phrase)
    assert f"c={cite.paragraph}-{cite.sentence}" in page.url
    shoot(page, "cited")
    box.get_by_role("button").click()
    expect(box).to_have_count(0)
    settled(page)
    assert "c=" not in page.url


def test_an_address_of_nothing_opens_nothing(visit):
    page = visit("/plan", c="9999-<b>")
    expect(page.locator(".st-key-plan_cited")).to_have_count(0)
