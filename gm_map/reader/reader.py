"""From a text to the plan's topics: a plain sum of what its words weigh, a calibrated confidence, or an abstention."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from gm_map.errors import InputError
from gm_map.model import Mention, Reading, Status
from gm_map.reader.fold import END, Lines, fold, fold_many
from gm_map.reader.pieces import Vocabulary
from gm_map.reader.stock import Stock
from gm_map.reader.terms import Hits, Lexicon
from gm_map.reader.weights import Weights, load

__all__ = ["LONGEST_TEXT", "Batch", "Read", "Reader", "reader"]

LONGEST_TEXT = 5_000  # characters; what a description says beyond them adds nothing
MOST_EVIDENCE = 3
AT_ONCE = 1600  # texts a step: few enough for the processor's cache, and enough to make up for what a step costs


@dataclass(frozen=True)
class Read:
    """What a text is about: ``readings`` are topics, best first (one with `topic_id` None stands for "none")."""

    text: str
    status: Status
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Batch:
    """What many texts are about; arrays by row.

    ``margins`` (rows, classes) · ``confidence`` (rows, classes) probabilities · ``order`` (rows, 3) the three likeliest
    classes, best first · ``status`` (rows,) of `Status` values · ``evidence`` for each row the terms that spoke for the
    best reading, strongest first, at most three.
    """

    margins: np.ndarray
    confidence: np.ndarray
    order: np.ndarray
    status: np.ndarray
    evidence: tuple[tuple[str, ...], ...]


class Reader:
    """Reads with fitted weights.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Weights):
        self.weights = weights
        self.classes = tuple(str(name) or None for name in weights.classes)
        self.lexicon = Lexicon([str(term) for term in weights.terms])
        self.vocabulary = Vocabulary(weights.pieces)
        self.stock = Stock(list(map(str, weights.stock)), list(map(str, weights.stock_parts)))
        # One table, terms first: the sum of a text is then one product of a few of its rows.
        self._weights = np.concatenate([weights.term_weights, weights.piece_weights]).astype(np.float32)
        self._term_weights = self._weights[: len(self.lexicon.terms)]
        self._piece_weights = self._weights[len(self.lexicon.terms) :]

    @cached_property
    def _traditional(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(map(str, self.weights.traditional), map(str, self.weights.simplified), strict=True))

    def folded(self, text: str) -> str:
        """A text as the reader sees it, as long as it was (cut at `LONGEST_TEXT`)."""
        return fold(text[:LONGEST_TEXT], self._traditional).replace(END, " ")

    # One text, with its proof

    def read(self, text: str, most: int = 3) -> Read:
        """Read one text, with the parts of each score.

        Raises
        ------
        InputError
            When nothing stands in it.
        """
        if not text or not text.strip():
            raise InputError("the text is empty: paste a description of the project, a few words are enough")
        sums = self._sums(self._folded([text]))
        confidence = self._confidence(sums.margins)[0]
        order = self._order(confidence[None, :])[0, :most]
        status = self._status(confidence[None, :])[0]
        readings = tuple(
            Reading(self.classes[at], float(confidence[at]), *self._parts(text, sums, int(at))) for at in order
        )
        return Read(text, Status(status), readings)

    def _parts(self, text, sums, at):
        """Score, base and mentions of one class: terms where they stand, and the pieces run together by sign."""
        mentions = []
        for term, start, end in zip(sums.hits.terms, sums.hits.starts, sums.hits.ends, strict=True):
            same = int(np.sum(sums.hits.terms == term))
            weight = float(self._term_weights[term, at] * sums.share[0] / same)
            mentions.append(Mention(text[start:end], int(start), int(end), weight))
        by_letter = np.zeros(1 + min(len(text), LONGEST_TEXT))  # of the text run together: one mark stands before it
        for start, length, feature, value in zip(*sums.pieces, sums.values(), strict=True):
            by_letter[start : start + length] += float(self._piece_weights[feature, at]) * value / length
        by_letter = by_letter[1:]
        sign = np.sign(by_letter).astype(int)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], sign, [0]])))
        for start, end in itertools.pairwise(edges):
            if sign[start]:
                mentions.append(Mention(text[start:end], int(start), int(end), float(by_letter[start:end].sum())))
        base = float(self.weights.base[at])
        mentions = tuple(sorted(mentions, key=lambda mention: -abs(mention.weight)))
        return base + sum(mention.weight for mention in mentions), base, mentions

    # Many texts

    def read_many(self, texts: Sequence[str]) -> Batch:
        """Read many texts; empty ones come out as "none" with nothing to show for it.

        The same sums as in `read`, in the same order: single and batch agree.
        """
        parts = [self._step(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
        if not parts:
            none = np.zeros((0, len(self.classes)))
            return Batch(none, none, np.zeros((0, 3), dtype=int), np.zeros(0, dtype=object), ())
        margins, confidence, order, status = (np.concatenate(part) for part in list(zip(*parts, strict=True))[:4])
        return Batch(margins, confidence, order, status, tuple(row for part in parts for row in part[4]))

    def _step(self, texts):
        sums = self._sums(self._folded(texts))
        confidence = self._confidence(sums.margins)
        order = self._order(confidence)[:, :3]
        return sums.margins, confidence, order, self._status(confidence), self._evidence(sums, order[:, 0], len(texts))

    def _evidence(self, sums, best, count):
        rows, terms = sums.once
        weight = self._term_weights[terms, best[rows]]
        spoke = np.flatnonzero(weight > 0)
        order = spoke[np.lexsort((-weight[spoke], rows[spoke]))]
        rows, terms = rows[order], terms[order]
        strongest = np.flatnonzero(np.arange(len(rows)) - np.searchsorted(rows, rows) < MOST_EVIDENCE)
        edges = np.searchsorted(rows[strongest], np.arange(count + 1)).tolist()
        words = [self.lexicon.terms[term] for term in terms[strongest].tolist()]
        return [tuple(words[start:end]) for start, end in itertools.pairwise(edges)]

    # The sums

    def _folded(self, texts) -> Lines:
        return self.stock.mute(fold_many([text[:LONGEST_TEXT] for text in texts], self._traditional))

    def _sums(self, texts: Lines):
        rows, terms = len(texts), len(self.lexicon.terms)
        hits = self.lexicon.find(texts)
        starts, lengths, pieces = self.vocabulary.find_in(texts)
        in_row = texts.rows.take(starts)
        # A feature of a text as one number: the text's in the upper bits, the feature's in the lower.
        bits = len(self._weights).bit_length()
        keys = np.concatenate([(hits.rows << bits) + hits.terms, (in_row << bits) + (pieces + terms)])
        # Stable, which is to say by merging: the keys come in runs that are nearly sorted.
        keys.sort(kind="stable")
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        different = keys.take(first)
        row, feature = different >> bits, different & ((1 << bits) - 1)
        is_term = feature < terms
        share = 1 / np.sqrt(1 + np.bincount(row[is_term], minlength=rows))
        at = np.flatnonzero(~is_term)
        row_of, count, number = row.take(at), np.diff(first, append=len(keys)).take(at), feature.take(at) - terms
        damped = 1 + np.log(np.arange(1, count.max(initial=0) + 1))
        value = damped.take(count - 1) * self.weights.idf.take(number)
        value /= np.sqrt(np.bincount(row_of, value * value, minlength=rows)).take(row_of)
        values = share.take(row)
        values[at] = value
        margins = self._summed(rows, row, feature, values.astype(np.float32)) + self.weights.base
        once = row[is_term], feature[is_term]
        return _Sums(margins, hits, once, share, (starts, lengths, pieces), (number, value))

    def _summed(self, rows, row, feature, value):
        """For each text the weights of its features times their values, summed; ``row`` is sorted."""
        margins = np.zeros((rows, len(self.classes)), dtype=np.float32)
        edges = np.searchsorted(row, np.arange(rows + 1)).tolist()
        take = self._weights.take
        for at, (start, end) in enumerate(itertools.pairwise(edges)):
            if start < end:
                np.dot(value[start:end], take(feature[start:end], 0), out=margins[at])
        return margins

    def _confidence(self, margins):
        odds = margins * self.weights.scale + self.weights.shift
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def _order(self, confidence):
        """Classes from the likeliest down; "none" leads wherever no topic convinces."""
        ranked = confidence.copy()
        ranked[self._none(confidence), -1] = 2
        return np.argsort(-ranked, axis=1, kind="stable")

    def _none(self, confidence):
        first = confidence[:, :-1].max(axis=1)
        return (confidence[:, -1] > first) | (first < self.weights.limits[0])

    def _status(self, confidence):
        first, second = np.sort(confidence[:, :-1], axis=1)[:, :-3:-1].T
        _, least, lead = self.weights.limits
        sure = (first >= least) | (first - np.maximum(second, confidence[:, -1]) >= lead)
        status = np.where(sure, Status.MATCH.value, Status.UNSURE.value).astype(object)
        status[self._none(confidence)] = Status.NONE.value
        return status


@dataclass(frozen=True)
class _Sums:
    """Margins (rows, classes), the hits of terms, their share by row, the pieces, and what each different one counts.

    ``once`` are row and term of each different term; ``pieces`` are start (in the texts run together), length and
    number; ``valued`` are number and value of each different piece, by row and number.
    """

    margins: np.ndarray
    hits: Hits
    once: tuple[np.ndarray, np.ndarray]
    share: np.ndarray
    pieces: tuple[np.ndarray, ...]
    valued: tuple[np.ndarray, ...]

    def values(self) -> np.ndarray:
        """Where there is one text: the value of each of ``pieces``; those that are the same share theirs evenly."""
        number, value = self.valued
        at = np.searchsorted(number, self.pieces[2])
        return value[at] / np.bincount(at, minlength=len(number))[at]


@cache
def reader() -> Reader:
    """The shipped reader, made once."""
    return Reader(load())
