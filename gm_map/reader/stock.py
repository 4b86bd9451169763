"""What anybody asks for, whatever the trade: land, power, money, a hospital nearby. It weighs nothing, so it is muted.

A stock phrase is made of stock words only (``lexicon/stock.csv``): it fills its clause, or is what an asking word opens
and the clause or an amount closes. "需实验室1500平方米" is one; "需实验室自动化设备" goes on with a word that is none,
and is read. One Aho-Corasick automaton finds the words in all texts at once; runs of them are judged by arithmetic.
"""

from collections.abc import Sequence
from itertools import chain

import ahocorasick_rs
import numpy as np

from gm_map.reader.fold import LETTER, MARK, MUTE, Lines, shapes

__all__ = ["PARTS", "Stock"]

# What a word can do in a stock phrase; each is one bit. ``ask_first`` asks only where nothing stands before it;
# ``alone`` is a wish without a word that asks; ``not`` holds stock words that mean something else (可靠, 主要).
# ``unit`` (of land, floor space, money) makes an amount that needs no other word; ``measure`` makes one of a thing.
ASK, FIRST, OBJECT, ALONE, UNIT, FIGURE, LINK, MEASURE = (1 << bit for bit in range(8))
PARTS = {
    "ask": ASK,
    "ask_first": FIRST,
    "object": OBJECT,
    "alone": ALONE,
    "unit": UNIT,
    "measure": MEASURE,
    "figure": FIGURE,
    "link": LINK,
    "not": 0,
}
ASKS, THINGS = ASK | FIRST, OBJECT | ALONE | UNIT
WITHIN = (",", ".")  # a number; elsewhere they part clauses
ZERO, NINE = 48, 57
GAP = 2  # characters between a figure and its unit


class Stock:
    """The words of stock phrases, found in folded texts.

    Parameters
    ----------
    words : sequence of str
        Folded, all different.
    parts : sequence of str
        What each does, a key of `PARTS`.
    """

    def __init__(self, words: Sequence[str], parts: Sequence[str]):
        own = dict(zip(words, parts, strict=True))
        every = (*own, *WITHIN, " ")
        self._bits = np.array([*(PARTS[part] for part in own.values()), *[PARTS["link"]] * 3], dtype=np.int64)
        self._within = np.array([word in WITHIN for word in every], dtype=bool)
        self._opens = np.array(["a" <= word[0] <= "z" for word in every], dtype=bool)
        self._closes = np.array(["a" <= word[-1] <= "z" for word in every], dtype=bool)
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(every),
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
            implementation=ahocorasick_rs.Implementation.DFA,
        )
        self._empty = not own

    def mute(self, texts: Lines) -> Lines:
        """The texts with `MUTE` in place of every character of a stock phrase; as long as they were."""
        if self._empty:
            return texts
        spans = self._spans(texts)
        if not len(spans[0]):
            return texts
        turns = np.zeros(len(texts.points) + 1, dtype=np.int32)
        turns[spans[0]] += 1
        turns[spans[1]] -= 1
        points = np.where(np.cumsum(turns[:-1]) > 0, ord(MUTE), texts.points).astype(texts.points.dtype)
        joined = points.tobytes().decode("utf-32-le", "surrogatepass")
        return Lines(joined, points, texts.rows, texts.firsts)

    def _spans(self, texts: Lines) -> tuple[np.ndarray, np.ndarray]:
        """Where stock phrases begin and end in the texts run together; none overlaps another."""
        bits, start, end = self._words(texts)
        if not len(bits):
            return start, end
        shape = shapes(texts.points)
        first = np.flatnonzero(np.append(True, start[1:] != end[:-1]))
        last = np.append(first[1:], len(start)) - 1
        run = np.repeat(np.arange(len(first)), last - first + 1)
        at = np.arange(len(start))
        opened = shape.take(start.take(first) - 1) >= MARK
        closed = shape.take(end.take(last)) >= MARK

        def earliest(which):
            return np.minimum.reduceat(np.where(which, at, len(at)), first)

        def latest(which):
            return np.maximum.reduceat(np.where(which, at, -1), first)

        def every(which):
            return np.bitwise_or.reduceat(np.where(which, bits, 0), first)

        has = every(True)
        whole = (has & (ALONE | UNIT)) > 0
        whole |= ((has & OBJECT) > 0) & ((has & (ASKS | FIGURE)) > 0)
        whole &= opened & closed
        # Where other words stand in the clause: from the word that asks, or from the thing that an amount is of.
        asks = ((bits & ASK) > 0) | (((bits & FIRST) > 0) & (shape.take(start - 1) != LETTER))
        ask, thing = earliest(asks), earliest((bits & (OBJECT | FIGURE)) > 0)
        unit = latest((bits & UNIT) > 0)
        measured = (unit >= 0) & ((has & OBJECT) > 0)
        opening = np.where(ask < len(at), ask, np.where(measured, thing, len(at)))
        opening = np.where(opened & (unit >= 0) & ((has & (ASKS | OBJECT)) > 0), first, opening)
        after = every(at >= opening.take(run))
        wanted = (after & THINGS) > 0
        closing = np.where(closed, last, np.where(opened | (ask < len(at)), unit, -1))
        part = ~whole & wanted & (opening <= closing)
        opening, closing = np.where(whole, first, opening), np.where(whole, last, closing)
        kept = whole | part
        return start.take(opening[kept]), end.take(closing[kept])

    def _words(self, texts: Lines) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Bits, start and end of each stock word that stands where it may."""
        found = self._automaton.find_matches_as_indexes(texts.joined)
        number, start, end = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3).T
        points = texts.points
        before, after = points.take(start - 1), points.take(end)
        bits = self._bits.take(number)
        goes_on = (self._opens.take(number) & (before >= 97) & (before <= 122)) | (
            self._closes.take(number) & (after >= 97) & (after <= 122)
        )
        digit = (before >= ZERO) & (before <= NINE) & (after >= ZERO) & (after <= NINE)
        good = (bits > 0) & ~goes_on & (~self._within.take(number) | digit)
        # A unit counts after a figure; the words between them (多, 余, a blank) are links.
        figure = np.maximum.accumulate(np.where((bits & FIGURE) > 0, end, 0))
        other = np.maximum.accumulate(np.where((bits & (FIGURE | LINK)) == 0, end, 0))
        figure, other = np.append(0, figure[:-1]), np.append(0, other[:-1])
        good &= ((bits & (UNIT | MEASURE)) == 0) | ((start - figure <= GAP) & (figure > other))
        return bits[good], start[good], end[good]
