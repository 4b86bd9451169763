"""The shipped typeface has what the project's own texts need."""

from __future__ import annotations

import importlib.util

import pytest
from fontTools.ttLib import TTFont

from tree import ROOT

FONTS = ROOT / "static" / "fonts"
WEIGHTS = {"Regular": 400, "Bold": 700}


@pytest.fixture(scope="module")
def maker():
    """The program that makes the fonts."""
    spec = importlib.util.spec_from_file_location("fonts_make", FONTS / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=WEIGHTS)
def font(request):
    """One weight, opened."""
    with TTFont(FONTS / f"GMSansSC-{request.param}.woff2") as opened:
        opened.style = request.param
        yield opened


def test_no_text_of_the_project_lacks_a_letter(font, maker):
    wanted = maker.characters_of_the_project() | maker.gb2312() | set(maker.LATIN) | set(map(ord, maker.SIGNS))
    lacking = wanted - set(font.getBestCmap())
    # What the typeface itself has not got is the system's to draw; a fault is only what a new run would add.
    with maker.face(maker.source_of(font.style)) as source:
        could_be_there = lacking & set(source.getBestCmap())
    assert not could_be_there, f"make fonts: {''.join(map(chr, sorted(could_be_there)))} not in {font.style}"


def test_the_name_is_our_own_and_the_licence_is_inside(font):
    names = font["name"]
    assert names.getDebugName(1) == "GM Sans SC"
    assert not any(reserved in names.getDebugName(number) for number in (1, 4, 6) for reserved in ("Source", "Noto"))
    assert "SIL Open Font License" in names.getDebugName(13)
    assert font["OS/2"].usWeightClass == WEIGHTS[font.style]
    assert "Reserved Font Name 'Source'" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_a_weight_is_small_enough_to_send(font):
    assert (FONTS / f"GMSansSC-{font.style}.woff2").stat().st_size < 2_000_000
