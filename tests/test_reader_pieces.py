"""Pieces are counted as a plain loop would count them."""

from collections import Counter

import numpy as np
import pytest

from gm_map.reader.pieces import LONGEST, Vocabulary, hashes, name_hash

TEXTS = ["碳化硅外延片", "", "sic", "硅", "碳化硅碳化硅"]


def plainly(text):
    return Counter(text[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(text) - n + 1))


def test_every_piece_of_every_text_once_a_place():
    rows, starts, lengths, names = hashes(TEXTS)
    for row, text in enumerate(TEXTS):
        here = rows == row
        found = Counter(text[s : s + n] for s, n in zip(starts[here], lengths[here], strict=True))
        assert found == plainly(text)
        told = {text[s : s + n]: int(name) for s, n, name in zip(starts[here], lengths[here], names[here], strict=True)}
        assert all(name_hash(piece) == name for piece, name in told.items())


def test_no_piece_runs_from_one_text_into_the_next():
    _, _, _, names = hashes(["ab", "cd"])
    assert name_hash("bc") not in set(names.tolist())


@pytest.mark.parametrize("count", [0, 1, 500, 20_000])
def test_a_vocabulary_finds_what_it_holds_and_nothing_else(count):
    random = np.random.default_rng(1)
    names = np.unique(random.integers(0, 2**63, count + 100, dtype=np.uint64))[:count]
    vocabulary = Vocabulary(names)
    assert vocabulary.find(names).tolist() == list(range(count))
    strangers = np.setdiff1d(random.integers(0, 2**63, 1_000, dtype=np.uint64), names)
    assert (vocabulary.find(strangers) == -1).all()
