"""The same map without a mouse: axe-core finds nothing serious on any page, at any size, in either language."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from screens import DESK, PHONE, settled

SCRIPT = Path(axe_playwright_python.__file__).parent / "axe.min.js"
GRAVE = {"serious", "critical"}
PAGES = {
    "explore": ("/", {}),
    "filtered": ("/", {"t": "topic-13", "at": "unit-19"}),
    "match": ("/match", {"q": "8英寸碳化硅外延片"}),
    "areas": ("/areas", {}),
    "indicators": ("/plan", {}),
    "roadmaps": ("/plan", {"tab": "roadmaps"}),
    "programmes": ("/plan", {"tab": "programmes"}),
    "glossary": ("/plan", {"tab": "glossary"}),
    "oddities": ("/plan", {"tab": "oddities"}),
    "place": ("/dossier", {"id": "unit-16"}),
    "topic": ("/dossier", {"id": "topic-13"}),
    "compare": ("/compare", {"ids": "unit-01,unit-07,cluster-3"}),
    "land": ("/land", {}),
    "data": ("/data", {}),
}
# What opens over a page: where, and what is pressed for it (the last is what then stands there).
OPENED = {
    "layers": ("/", ".gm-groups summary", ".gm-grouppanel"),
    "what is here": ("/", '[data-tool="identify"]', ".gm-sheet:not([hidden])"),
    "take away": ("/", ".st-key-take_open button", "[role='dialog']"),
    "rules": ("/areas", ".st-key-check_actions [data-testid='stPopover'] button >> nth=-1", ".st-key-check_rules"),
    "sentences": ("/areas", ".st-key-check_body [role='radio'] >> nth=2", ".gm-table"),
    "made-up land": ("/land", ".st-key-land_load button", ".st-key-land_body .gm-table"),
    "weights": ("/match", ".st-key-act [data-testid='stPopover'] button", "[data-testid='stPopoverBody']"),
}
# Every page at both sizes and in both languages, in two visits; the pairs change from page to page.
PAIRS = [[(DESK, "zh"), (PHONE, "en")], [(DESK, "en"), (PHONE, "zh")]]
VISITS = [
    pytest.param(name, size, language, id=f"{name}-{size[0]}-{language}")
    for number, name in enumerate(PAGES)
    for size, language in PAIRS[number % 2]
]


def grave_findings(page) -> list[str]:
    """Rule, element and advice of every finding that keeps somebody out."""
    page.add_script_tag(path=SCRIPT)
    found = page.evaluate(
        "() => axe.run(document, { resultTypes: ['violations'] }).then((told) => told.violations.map((one) => ({ "
        "id: one.id, impact: one.impact, nodes: one.nodes.map((node) => [node.html.slice(0, 220), node.failureSummary])"
        " })))"
    )
    return [
        f"{one['id']} ({one['impact']}): {html}\n    {why}"
        for one in found
        if one["impact"] in GRAVE
        for html, why in one["nodes"]
    ]


@pytest.mark.parametrize(("name", "size", "language"), VISITS)
def test_nothing_keeps_anybody_out(visit, name, size, language):
    path, query = PAGES[name]
    page = visit(path, language=language, size=size, **query)
    found = grave_findings(settled(page))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", list(OPENED))
def test_what_opens_over_a_page_keeps_nobody_out(visit, name):
    path, button, opened = OPENED[name]
    page = visit(path, language="en" if list(OPENED).index(name) % 2 else "zh")
    page.locator(button).first.click()
    page.locator(opened).first.wait_for()
    found = grave_findings(settled(page))
    assert not found, "\n".join(found)
