"""Folding keeps every letter in its place."""

import numpy as np
import pytest

from gm_map.reader.fold import END, codes, fold

PAIRS = (("磊", "磊"), ("鎵", "镓"), ("體", "体"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＳｉＣ　外延", "sic 外延"),
        ("OLED蒸镀", "oled蒸镀"),
        ("氮化鎵半導體", "氮化镓半導体"),
        ("a\tb\nc\u200bd\x00e", "a b c d e"),
        ("４０００平", "4000平"),
    ],
)
def test_what_is_alike_becomes_the_same(written, read):
    assert fold(written, PAIRS) == read


@pytest.mark.parametrize("text", ["", "㎡①ﬁ", "İstanbul", "\ud800", "𠮷野", "Ⅷ因子", "½"])
def test_nothing_is_added_or_dropped(text):
    assert len(fold(text, PAIRS)) == len(text)


def test_codes_know_which_text_a_letter_belongs_to():
    points, rows = codes(["ab", "", "c"])
    assert points.tolist() == [0, 97, 98, 0, 0, 99, 0]
    assert rows[points == 0].tolist() == [0, 1, 2, 3]
    assert rows[points != 0].tolist() == [0, 0, 2]
    assert points.dtype == np.uint32
    assert END == "\x00"
