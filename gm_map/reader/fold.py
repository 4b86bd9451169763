"""Texts made comparable, letter for letter: as long as they were, so that a hit can be shown in place.

Full-width letters become plain, capitals small, Traditional characters Simplified (one for one), every kind of white
space a blank. Nothing is added or dropped: an index into the folded text is an index into the text as it was written.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

__all__ = ["END", "GONE", "LETTER", "MARK", "MUTE", "Lines", "codes", "fold", "fold_many", "lines", "shapes", "table"]

# Stands before, between and after texts that are read as one.
END = "\x00"
# Stands where a character of a text is not read; no folded text has it otherwise.
MUTE = "\x01"
MARKS = ',;!?。.()"“”'  # of clauses, as folded
LETTER, SPACE, MARK, GONE = 0, 1, 2, 3
PLANES = 0x110000  # code points that there are


@dataclass(frozen=True, eq=False)
class Lines:
    """Folded texts run together, with `END` before each and after the last.

    ``points`` (n,) are the code points of ``joined``; ``rows`` (n,) the index of the text that each belongs to (an
    `END` counts to the text that follows it); ``firsts`` (texts,) where each text begins.
    """

    joined: str
    points: np.ndarray
    rows: np.ndarray
    firsts: np.ndarray

    def __len__(self) -> int:
        return len(self.firsts)


@cache
def table(traditional: tuple[tuple[str, str], ...] = ()) -> Mapping[int, str]:
    """The translation for `str.translate`: every character of the basic plane that folds to another one.

    Parameters
    ----------
    traditional : tuple of (str, str)
        Traditional characters, each with its Simplified one.
    """
    simple = {ord(old): new for old, new in traditional}
    folded = {}
    for code in range(0x10000):
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character)
        plain = plain.lower() if len(plain) == 1 and len(plain.lower()) == 1 else character
        plain = simple.get(ord(plain), plain)
        if plain.isspace() or unicodedata.category(plain) in ("Cc", "Cf", "Cs"):
            plain = " "
        if plain != character:
            folded[code] = plain
    return folded


def fold(text: str, traditional: tuple[tuple[str, str], ...] = ()) -> str:
    """A text folded; as long as it was.

    >>> fold("ＳｉＣ 外延")
    'sic 外延'
    """
    return text.translate(table(traditional))


def lines(texts: Iterable[str]) -> Lines:
    """Texts that are folded already, run together; none holds `END`."""
    joined = END + END.join(texts) + END
    return _lines(joined, _points(joined))


def codes(texts: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """``points`` and ``rows`` of `lines`."""
    found = lines(texts)
    return found.points, found.rows


def fold_many(texts: Sequence[str], traditional: tuple[tuple[str, str], ...] = ()) -> Lines:
    """Texts folded and run together: what `fold` gives, for a tenth of the time where they are many."""
    joined = END + END.join(texts) + END
    if joined.count(END) != len(texts) + 1:
        joined = END + END.join([text.replace(END, " ") for text in texts]) + END
    points = _table_points(traditional)[_points(joined)]
    return _lines(points.tobytes().decode("utf-32-le", "surrogatepass"), points)


def shapes(points: np.ndarray) -> np.ndarray:
    """For each code point `LETTER`, `SPACE`, `MARK` where a clause ends, or `GONE` for `MUTE` and `END`."""
    return _shape_table().take(points)


@cache
def _shape_table() -> np.ndarray:
    table = np.full(PLANES, LETTER, dtype=np.int8)
    table[ord(" ")] = SPACE
    table[[ord(mark) for mark in MARKS]] = MARK
    table[[ord(END), ord(MUTE)]] = GONE
    return table


def _lines(joined: str, points: np.ndarray) -> Lines:
    ends = points == 0
    return Lines(joined, points, np.cumsum(ends) - 1, np.flatnonzero(ends)[:-1] + 1)


def _points(joined: str) -> np.ndarray:
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _table_points(traditional: tuple[tuple[str, str], ...]) -> np.ndarray:
    """The translation as an array: what each code point folds to; `END` stays."""
    folded = np.arange(PLANES, dtype="<u4")
    for code, character in table(traditional).items():
        folded[code] = ord(character)
    folded[0] = 0
    return folded
