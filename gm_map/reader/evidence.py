"""What a reading rests on, as people check it: which words counted, for how much, and where they come from."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gm_map.model import Reading
from gm_map.reader.weights import FILE

__all__ = ["TERMS", "Evidence", "Mark", "Row", "evidence", "marks", "origins", "version"]

TERMS = FILE.parent.parent / "terms"
DECIMALS = 2
FAINTEST = 0.12  # of the strongest mention: what weighs less is not marked in the text
LEAST = 0.05  # a term that weighs less is no row of its own
LEAST_LEARNED = 0.2  # nor are letters in a row that no term covers
FEW = 3
LEARNED = "learned"  # what the fitting found in labelled texts, without a term
SHADES = 4
EDGES = " ,.;:!?，。；：、！？（）()\"'“”"


@dataclass(frozen=True, slots=True)
class Row:
    """A term that counted, all its mentions together. ``origin`` is a source of the lexicon, or `LEARNED`."""

    term: str
    weight: float
    origin: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of a score, rounded so that what is shown adds up: rows + rest + base = total.

    ``rest`` holds everything that has no row.
    """

    rows: tuple[Row, ...]
    rest: float
    base: float
    total: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text: ``shade`` from -`SHADES` (against) to `SHADES` (for), 0 for what hardly counted."""

    start: int
    end: int
    shade: int
    asked: bool


@cache
def version(path: Path = FILE) -> str:
    """A short name for the fitted weights: it changes with every fit."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def origins(fold: Callable[[str], str], folder: Path = TERMS) -> dict[str, str]:
    """Where each term of the lexicon comes from, by folded term; the plan wins over any other source.

    Parameters
    ----------
    fold : callable
        As the reader folds texts.
    folder : Path
        The lexicon's tables.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                term = fold(row["term"])
                if row["source"] == "plan" or term not in found:
                    found[term] = row["source"]
    return found


def evidence(reading: Reading, fold: Callable[[str], str], known: Mapping[str, str], most: int = 6) -> Evidence:
    """The parts of a reading's score.

    Parameters
    ----------
    reading : Reading
    fold : callable
        As the reader folds texts.
    known : mapping
        From `origins`: what is in it is a term.
    most : int
        How many terms are shown by themselves.
    """
    sums: dict[str, list] = {}
    for mention in reading.mentions:
        term = fold(mention.term).strip()
        shown = mention.term if term in known else mention.term.strip(EDGES)
        if len(shown) > 1 or term in known:
            sums.setdefault(term, [shown, 0.0])[1] += mention.weight
    found = [
        Row(shown, weight, known.get(term, LEARNED))
        for term, (shown, value) in sorted(sums.items(), key=lambda item: -abs(item[1][1]))
        if abs(weight := round(value, DECIMALS)) >= (LEAST if term in known else LEAST_LEARNED)
    ]
    rows = [row for row in found if row.origin != LEARNED][:most]
    # What was learned without a term is told only where there is nothing else to tell.
    rows = rows or found[:FEW]
    total, base = round(reading.score, DECIMALS), round(reading.base, DECIMALS)
    rest = round(total - base - sum(row.weight for row in rows), DECIMALS)
    return Evidence(tuple(rows), rest, base, total)


def marks(text: str, reading: Reading, asked: Iterable[tuple[int, int]]) -> tuple[Mark, ...]:
    """The whole text cut into stretches of one shade.

    Parameters
    ----------
    text : str
    reading : Reading
        Its mentions are positions in ``text``.
    asked : iterable of (start, end)
        What the text asks for: land, floor space, needs.
    """
    letters = [0.0] * len(text)
    strongest = max((abs(mention.weight) for mention in reading.mentions), default=0.0)
    for mention in reading.mentions:
        if abs(mention.weight) >= FAINTEST * strongest:
            for at in range(mention.start, mention.end):
                letters[at] += mention.weight / (mention.end - mention.start)
    deepest = max(map(abs, letters), default=0.0) or 1.0
    wanted = [False] * len(text)
    for start, end in asked:
        wanted[start:end] = [True] * (end - start)
    looks = [
        (round(SHADES * (abs(value) / deepest) ** 0.7) * (1 if value > 0 else -1), flag)
        for value, flag in zip(letters, wanted, strict=True)
    ]
    found, start = [], 0
    for at in range(1, len(text) + 1):
        if at == len(text) or looks[at] != looks[start]:
            found.append(Mark(start, at, *looks[start]))
            start = at
    return tuple(found)
