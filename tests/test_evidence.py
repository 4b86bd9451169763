"""Evidence adds up to the score that is shown, and marks cover the text once."""

import pytest

from gm_map.reader.evidence import SHADES, evidence, marks, origins, version
from gm_map.reader.reader import reader

TEXTS = [
    "8英寸碳化硅外延片项目，拟上PVT长晶炉40台，需洁净厂房6000平方米。",
    "為新材料企業提供盒飯配送的中央廚房",
    "Micro LED mass-transfer equipment company",
    "{{7*7}} <img src=x> 血制品",
    "?",
]


@pytest.fixture(scope="module")
def ours():
    return reader()


@pytest.fixture(scope="module")
def known(ours):
    return origins(ours.folded)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_shown_adds_up(ours, known, text):
    for reading in ours.read(text).readings:
        found = evidence(reading, ours.folded, known)
        shown = [row.weight for row in found.rows] + [found.rest, found.base]
        assert round(sum(round(value * 100) for value in shown)) == round(found.total * 100)
        assert found.total == round(reading.score, 2)


def test_a_term_of_the_plan_says_so(ours, known):
    found = evidence(ours.read(TEXTS[0]).readings[0], ours.folded, known)
    assert "plan" in {row.origin for row in found.rows}
    assert {"plan", "trade"} <= set(known.values())


@pytest.mark.parametrize("text", TEXTS)
def test_marks_are_the_whole_text_once(ours, text):
    found = marks(text, ours.read(text).readings[0], [(0, 1)])
    assert "".join(text[mark.start : mark.end] for mark in found) == text
    assert all(abs(mark.shade) <= SHADES for mark in found)
    assert found[0].asked


def test_the_version_is_short_and_stays(ours):
    assert version() == version()
    assert len(version()) == 8
