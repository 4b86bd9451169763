"""The lexicon at work: every term in every text, the longest of those that overlap within one another.

Terms are found by one Aho-Corasick automaton over all texts at once (ahocorasick_rs), so that a text costs what it is
long, however many terms there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import ahocorasick_rs
import numpy as np

from gm_map.reader.fold import Lines, lines

__all__ = ["Hits", "Lexicon"]


@dataclass(frozen=True)
class Hits:
    """Where terms stand: arrays of equal length, by row and then by place.

    ``rows`` index of the text, ``terms`` number of the term, ``starts`` and ``ends`` characters within the text.
    """

    rows: np.ndarray
    terms: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


class Lexicon:
    """Folded terms, found in folded texts.

    Parameters
    ----------
    terms : sequence of str
        Folded, all different, none empty; a term is known by its number.
    """

    def __init__(self, terms: Sequence[str]):
        self.terms = tuple(terms)
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(terms),
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )
        self._opens = np.array([_latin(term[0]) for term in terms], dtype=bool)
        self._closes = np.array([_latin(term[-1]) for term in terms], dtype=bool)

    def find(self, texts: Sequence[str] | Lines) -> Hits:
        """All hits in folded texts.

        A term that lies within a longer hit does not count. One that begins or ends with a Latin letter counts only
        where no letter goes on from it: "pet" is not in "carpet".
        """
        found_in = texts if isinstance(texts, Lines) else lines(texts)
        found = self._automaton.find_matches_as_indexes(found_in.joined, overlapping=True)
        number, start, end = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3).T
        letter = (found_in.points >= 97) & (found_in.points <= 122)
        goes_on = (self._opens[number] & letter[start - 1]) | (self._closes[number] & letter[end])
        keep = ~goes_on
        number, start, end = number[keep], start[keep], end[keep]
        order = np.lexsort((-end, start))
        number, start, end = number[order], start[order], end[order]
        if len(end):
            # Sorted by start, the longer first: a hit lies within an earlier one if it does not reach beyond them all.
            reach = np.concatenate([[-1], np.maximum.accumulate(end)[:-1]])
            keep = end > reach
            number, start, end = number[keep], start[keep], end[keep]
        row = found_in.rows[start]
        first = found_in.firsts[row]
        return Hits(row, number, start - first, end - first)


def _latin(character: str) -> bool:
    return "a" <= character <= "z"
