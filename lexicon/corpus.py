"""The lexicon's files, read and checked: a broken row is refused with its place, what stood there and what to do."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from gm_map import catalogue
from gm_map.errors import DataError, Fault
from gm_map.model import Rank
from gm_map.needs import WORDS
from gm_map.reader.fold import END, fold, lines
from gm_map.reader.stock import PARTS, Stock

__all__ = ["HERE", "NONE", "Corpus", "Labelled", "load", "load_test"]

HERE = Path(__file__).resolve().parent
NONE = "none"
ENDINGS = ("", "s", "y", "ies", "re", "res", "er", "ers")
LANGUAGES = {"zh", "zht", "en"}


@dataclass(frozen=True)
class Labelled:
    """A text with the topics that are right for it, best first, as numbers of classes; ``author`` names its file."""

    text: str
    topics: tuple[int, ...]
    kind: str
    style: str
    author: str


@dataclass(frozen=True)
class Corpus:
    """Everything that is fitted on.

    ``classes`` are topic ids in the plan's order and "" for none; ``names`` their names; ``hand`` (terms, classes) the
    weights by hand; ``traditional`` pairs of characters; ``stock`` words of stock phrases, each with its part.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    hand: sparse.csr_matrix
    texts: tuple[Labelled, ...]
    traditional: tuple[tuple[str, str], ...]
    stock: tuple[tuple[str, str], ...] = ()

    def folded(self, text: str) -> str:
        """A text as the reader sees it."""
        return fold(text, self.traditional)

    def read(self, texts: Sequence[str]) -> list[str]:
        """Texts as the reader weighs them: folded, and mute where stock phrases stand."""
        stock = Stock([word for word, _ in self.stock], [part for _, part in self.stock])
        return stock.mute(lines([self.folded(text) for text in texts])).joined[1:-1].split(END)


def load(folder: Path = HERE) -> Corpus:
    """Read terms and texts.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    faults: list[Fault] = []
    topics = catalogue.load().of_rank(Rank.TOPIC)
    names = (*(topic.name.zh for topic in topics), NONE)
    number = {name: at for at, name in enumerate(names)}
    pairs = tuple((row["traditional"], row["simplified"]) for _, row in _rows(folder / "traditional.csv"))
    weights: dict[str, dict[int, float]] = {}
    for place, row in _all(folder / "terms"):
        if row["topic"] not in number:
            faults.append(
                Fault(place, "topic", row["topic"], "a topic of the plan, or none", "write it as the plan does")
            )
            continue
        if not (weight := _weight(row["weight"])):
            faults.append(Fault(place, "weight", row["weight"], "a number from -5 to 5, not 0", "correct it"))
            continue
        if row["lang"] not in LANGUAGES or not row["term"].strip():
            faults.append(Fault(place, "term, lang", row["term"], "a term in zh, zht or en", "fill it in"))
            continue
        of_term = weights.setdefault(fold(row["term"].strip(), pairs), {})
        at = number[row["topic"]]
        if abs(weight) > abs(of_term.get(at, 0)):
            of_term[at] = weight
    stock = {fold(word, pairs): "object" for word in _need_words()}
    for place, row in _rows(folder / "stock.csv"):
        if row["part"] not in PARTS or not row["word"]:
            faults.append(Fault(place, "part", row["part"], f"one of {', '.join(PARTS)}", "correct it"))
        stock[fold(row["word"], pairs)] = row["part"]
    texts = []
    for place, row in _all(folder / "texts"):
        found = row["topic"].split("|")
        if not row["text"].strip() or not all(name in number for name in found):
            faults.append(Fault(place, "text, topic", row["topic"], "a text with topics of the plan", "correct it"))
            continue
        author = place.split(" ")[0].removesuffix(".csv")
        labels = tuple(number[name] for name in found)
        texts.append(Labelled(row["text"], labels, row["kind"], row["style"], author))
    if faults:
        raise DataError(faults)
    terms = tuple(sorted(weights))
    at = [(row, column, weight) for row, term in enumerate(terms) for column, weight in sorted(weights[term].items())]
    rows, columns, values = zip(*at, strict=True)
    hand = sparse.csr_matrix((np.array(values), (rows, columns)), shape=(len(terms), len(names)))
    classes = (*(topic.id for topic in topics), "")
    return Corpus(classes, names, terms, hand, tuple(texts), pairs, tuple(sorted(stock.items())))


def load_test(corpus: Corpus, path: Path = HERE / "test.csv") -> tuple[Labelled, ...]:
    """The published test set, which no fit sees."""
    number = {name: at for at, name in enumerate(corpus.names)}
    return tuple(
        Labelled(row["text"], tuple(number[name] for name in row["field"].split("|")), row["kind"], "", "test")
        for _, row in _rows(path)
    )


def _need_words() -> Iterator[str]:
    """What `gm_map.needs` knows for certain to be a need; English words, which it cuts short, in their forms."""
    for certain, _ in WORDS.values():
        chinese, *english = certain.split("|")
        yield from chinese.split()
        yield from (f"{word}{ending}" for word in filter(None, english) for ending in ENDINGS)


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if -5 <= weight <= 5 else 0.0


def _all(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(folder.glob("*.csv")):
        yield from _rows(path)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            yield f"{path.name} row {number}", row
