"""The lexicon's files obey their schema, and a broken row is refused with its place."""

import shutil

import pytest

from gm_map.errors import DataError
from lexicon import corpus


@pytest.fixture(scope="module")
def shipped():
    return corpus.load()


def test_every_topic_has_words_and_texts(shipped):
    assert len(shipped.classes) == 37
    assert shipped.classes[-1] == ""
    by_topic = abs(shipped.hand).sum(axis=0).A1 if hasattr(shipped.hand, "A1") else abs(shipped.hand).sum(axis=0)
    assert (by_topic > 300).all()
    for at, name in enumerate(shipped.names):
        assert sum(text.topics[0] == at for text in shipped.texts) >= 150, name


def test_terms_are_folded_and_differ(shipped):
    assert len(set(shipped.terms)) == len(shipped.terms) > 30_000
    assert all(term == shipped.folded(term) for term in shipped.terms[::97])


def test_the_test_set_covers_every_topic_and_kind(shipped):
    test = corpus.load_test(shipped)
    assert len(test) >= 600
    assert {text.topics[0] for text in test} == set(range(37))
    kinds = {text.kind for text in test}
    assert {"normal", "short", "english", "traditional", "noisy", "ambiguous", "negative"} <= kinds


@pytest.mark.parametrize(
    ("file", "row", "field"),
    [
        ("terms/smart.csv", "某词,没有的方向,3,zh,product,trade", "topic"),
        ("terms/smart.csv", "某词,新型显示,9,zh,product,trade", "weight"),
        ("terms/smart.csv", "某词,新型显示,三,zh,product,trade", "weight"),
        ("terms/smart.csv", ",新型显示,3,zh,product,trade", "term, lang"),
        ("terms/smart.csv", "某词,新型显示,3,fr,product,trade", "term, lang"),
        ("texts/odd.csv", "一段话,没有的方向,normal,officer", "text, topic"),
        ("stock.csv", "某词,没有的作用", "part"),
    ],
)
def test_a_broken_row_is_refused(tmp_path, file, row, field):
    folder = shutil.copytree(corpus.HERE, tmp_path / "lexicon", ignore=shutil.ignore_patterns("built", "__pycache__"))
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(f"{row}\n")
    with pytest.raises(DataError) as caught:
        corpus.load(folder)
    (fault,) = caught.value.faults
    assert fault.field == field
    assert fault.place.startswith(file.split("/")[-1])
