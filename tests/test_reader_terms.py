"""The lexicon finds every term, the longest first, and no letter-word inside another."""

import pytest

from gm_map.reader.terms import Lexicon

LEXICON = Lexicon(["外延", "外延片", "碳化硅", "硅外延片", "pet", "5g", "led", "micro led"])


def found(text):
    hits = LEXICON.find([text])
    return [
        (LEXICON.terms[term], text[start:end])
        for term, start, end in zip(hits.terms, hits.starts, hits.ends, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("碳化硅外延片", ["碳化硅", "硅外延片"]),
        ("外延和外延片", ["外延", "外延片"]),
        ("carpet pet petit", ["pet"]),
        ("用pet膜", ["pet"]),
        ("15g 5g", ["5g", "5g"]),
        ("micro led屏", ["micro led"]),
        ("无关", []),
    ],
)
def test_terms_of_a_text(text, terms):
    assert [term for term, _ in found(text)] == terms
    assert all(term == there for term, there in found(text))


def test_many_texts_are_kept_apart():
    hits = LEXICON.find(["外", "延片", "外延", "", "led"])
    assert list(zip(hits.rows.tolist(), (LEXICON.terms[t] for t in hits.terms), strict=True)) == [
        (2, "外延"),
        (4, "led"),
    ]


def test_no_text_at_all():
    assert len(LEXICON.find([]).rows) == 0
    assert len(LEXICON.find([""]).rows) == 0
