"""Pieces of words: runs of one to four characters, numbered by what they say, counted for a million texts at a time.

A piece is told by a 64-bit hash of its characters. Two different pieces of ten million share one with a probability
below 10⁻⁵, so the hash stands for the piece.
"""

import numpy as np

from gm_map.reader.fold import GONE, LETTER, Lines, lines, shapes

__all__ = ["LONGEST", "Vocabulary", "hashes", "name_hash"]

LONGEST = 4
PLANE = 0x10000  # code points of the basic plane
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)


def _step(state, points):
    with np.errstate(over="ignore"):
        state = (state ^ points) * _FACTOR
        return (state ^ (state >> _SHIFT)) * _MIX


def hashes(texts):
    """Every piece of every text, in no order that matters but the same each time.

    Parameters
    ----------
    texts : sequence of str
        Folded.

    Returns
    -------
    rows : ndarray of int64
        Index of the text.
    starts : ndarray of int64
        Where in that text the piece begins, in characters.
    lengths : ndarray of int64
    names : ndarray of uint64
        The hash of the piece.
    """
    found_in = lines(texts)
    found = [
        (found_in.rows[at], at - found_in.firsts[found_in.rows[at]], np.full(len(at), length), names)
        for length, at, names in _every(found_in, _inside(found_in.points))
    ]
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))


def _every(found_in: Lines, inside: np.ndarray, from_length: int = 1):
    """By length, where in all the texts each piece begins, and its hash; ``inside`` is from `_inside`."""
    wide = found_in.points.astype(np.uint64)
    state = np.zeros(len(wide), dtype=np.uint64)
    alive = np.ones(len(wide), dtype=bool)
    for length in range(1, LONGEST + 1):
        shift = length - 1
        end = len(wide) - shift
        state = _step(state[:end], wide[shift:])
        alive = alive[:end] & inside[shift:]
        if length >= from_length:
            at = np.flatnonzero(alive)
            yield length, at, state.take(at)


def _inside(points: np.ndarray) -> np.ndarray:
    """Whether each character may stand in a piece: no marks and blanks beside what is mute, or at the end of a text.

    So a text reads the same with a stock phrase before or behind it, and with or without a full stop.
    """
    shape = shapes(points)
    between = np.flatnonzero(shape != LETTER)
    if not len(between):
        return shape == LETTER
    first = np.flatnonzero(np.append(True, np.diff(between) != 1))
    broken = np.logical_or.reduceat(shape.take(between) == GONE, first)
    inside = np.ones(len(points), dtype=bool)
    inside[between[np.repeat(broken, np.diff(first, append=len(between)))]] = False
    return inside


def name_hash(piece: str) -> int:
    """The hash of one piece."""
    state = np.zeros(1, dtype=np.uint64)
    for character in piece:
        state = _step(state, np.array([ord(character)], dtype=np.uint64))
    return int(state[0])


class Vocabulary:
    """The pieces that have a weight, found by hash in constant time.

    Parameters
    ----------
    names : ndarray of uint64, shape (n,)
        Hashes of the pieces, all different; a piece is known by its place in this array.
    """

    def __init__(self, names: np.ndarray):
        self.names = names
        bits = max(12, int(np.ceil(np.log2(max(len(names), 1) * 8))))
        self._mask = np.uint64((1 << bits) - 1)
        # Seven slots in eight are free: where the slot that a hash points to is taken, it stands in the next one free.
        self._numbers = np.full(1 << bits, -1, dtype=np.int32)
        left, at = np.arange(len(names)), self._slots(names)
        while len(left):
            free = np.flatnonzero(self._numbers[at] < 0)
            slot, first = np.unique(at[free], return_index=True)
            self._numbers[slot] = left[free[first]]
            stay = np.ones(len(left), dtype=bool)
            stay[free[first]] = False
            left, at = left[stay], self._next(at[stay])
        # What single characters are, without a hash: by code point, as far as the basic plane goes.
        self._single = self.find(_step(np.zeros(PLANE, dtype=np.uint64), np.arange(PLANE, dtype=np.uint64)))
        self._single[0] = -1

    def find(self, wanted: np.ndarray) -> np.ndarray:
        """The place of each hash, -1 where it has none.

        Parameters
        ----------
        wanted : ndarray of uint64, shape (m,)

        Returns
        -------
        ndarray of int32, shape (m,)
        """
        at = self._slots(wanted)
        number = self._numbers.take(at)
        if not len(self.names):
            return number
        left = np.flatnonzero(number >= 0)
        left = left[self.names.take(number.take(left)) != wanted.take(left)]
        at, sought = at.take(left), wanted.take(left)
        while len(left):
            at = self._next(at)
            here = self._numbers.take(at)
            free = here < 0
            done = free | (self.names.take(here, mode="clip") == sought)
            number[left[done]] = here[done]
            further = np.flatnonzero(~done)
            left, at, sought = left.take(further), at.take(further), sought.take(further)
        return number

    def _slots(self, names):
        return (names & self._mask).view(np.int64)

    def _next(self, slots):
        return (slots + 1) & np.int64(self._mask)

    def find_in(self, texts: Lines) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every piece of the texts that has a weight.

        Returns
        -------
        tuple of ndarray of int64
            Where in all the texts it begins, how long it is, and its place in ``names``.
        """
        found = []
        basic = not len(texts.points) or texts.points.max() < PLANE
        inside = _inside(texts.points)
        for length, at, names in _every(texts, inside, from_length=2 if basic else 1):
            number = self.find(names)
            known = np.flatnonzero(number >= 0)
            found.append((at.take(known), np.full(len(known), length), number.take(known).astype(np.int64)))
        if basic:
            number = self._single.take(texts.points)
            known = np.flatnonzero((number >= 0) & inside)
            found.insert(0, (known, np.ones(len(known), dtype=np.int64), number.take(known).astype(np.int64)))
        return tuple(np.concatenate(part) for part in zip(*found, strict=True))
