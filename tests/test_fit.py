"""A small fit finds what a small corpus says, the same each time, and writes a file that is read back."""

import numpy as np
import pytest
from scipy import sparse

from gm_map.errors import GmMapError
from gm_map.reader.reader import Reader
from gm_map.reader.weights import load, save
from lexicon import fit
from lexicon.corpus import Corpus, Labelled

WORDS = {0: ("外延", "衬底", "碳化硅"), 1: ("疫苗", "血浆", "蛋白"), 2: ("盒饭", "保洁", "物业")}


@pytest.fixture(scope="module")
def small():
    texts = tuple(
        Labelled(f"{word}项目第{number}期{other}", (label,), "normal", "officer", author)
        for label, words in WORDS.items()
        for number, word in enumerate(words)
        for other in words
        for author in fit.LIKE_STRANGERS
        for _ in range(2)
    )
    terms = tuple(sorted(word for words in WORDS.values() for word in words))
    hand = sparse.lil_matrix((len(terms), 3))
    for label, words in WORDS.items():
        for word in words:
            hand[terms.index(word), label] = 4
    return Corpus(("topic-13", "topic-18", ""), ("甲", "乙", "none"), terms, hand.tocsr(), texts, (("體", "体"),))


@pytest.fixture(scope="module")
def fitted(small):
    return fit.fit(small)


def test_it_reads_what_it_was_told(fitted):
    reader = Reader(fitted[0])
    assert reader.read("碳化硅衬底").readings[0].topic_id == "topic-13"
    assert reader.read("血浆蛋白").readings[0].topic_id == "topic-18"
    assert reader.read("物业保洁").readings[0].topic_id is None


def test_the_same_corpus_gives_the_same_bytes(small, fitted, tmp_path):
    again, card = fit.fit(small)
    save(fitted[0], tmp_path / "one.npz")
    save(again, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert card == fitted[1]


def test_what_is_written_is_read(fitted, tmp_path):
    save(fitted[0], tmp_path / "reader.npz")
    back = load(tmp_path / "reader.npz")
    assert np.array_equal(back.piece_weights, fitted[0].piece_weights)
    assert back.classes.tolist() == ["topic-13", "topic-18", ""]


def test_a_broken_file_is_said(tmp_path):
    (tmp_path / "reader.npz").write_bytes(b"not an archive")
    with pytest.raises(GmMapError, match=r"python -m lexicon\.fit"):
        load(tmp_path / "reader.npz")
