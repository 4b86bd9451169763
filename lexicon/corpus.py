"""The lexicon's files, read and checked: a broken row is refused with its place, what stood there and what to do."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from gm_map import catalogue
from gm_map.errors import DataError, Fault
from gm_map.model import Rank
from gm_map.reader.fold import fold

__all__ = ["HERE", "NONE", "Corpus", "Labelled", "load", "load_test"]

HERE = Path(__file__).resolve().parent
NONE = "none"
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
    weights by hand; ``traditional`` pairs of characters.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    hand: sparse.csr_matrix
    texts: tuple[Labelled, ...]
    traditional: tuple[tuple[str, str], ...]

    def folded(self, text: str) -> str:
        """A text as the reader sees it."""
        return fold(text, self.traditional)


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
    return Corpus((*(topic.id for topic in topics), ""), names, terms, hand, tuple(texts), pairs)


def load_test(corpus: Corpus, path: Path = HERE / "test.csv") -> tuple[Labelled, ...]:
    """The published test set, which no fit sees."""
    number = {name: at for at, name in enumerate(corpus.names)}
    return tuple(
        Labelled(row["text"], tuple(number[name] for name in row["field"].split("|")), row["kind"], "", "test")
        for _, row in _rows(path)
    )


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
