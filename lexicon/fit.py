"""Fit the reader: ``python -m lexicon.fit`` makes ``built/reader.npz`` and ``built/card.json`` of terms and texts.

Two kinds of evidence are added up. Terms carry weights by hand; what a hand weight for one topic says for or against
each class is fitted. Pieces (one to four characters) carry fitted weights alone and speak where no term does. Both go
into one linear machine for each class (LinearSVC, one against the rest), so that a margin is a plain sum.

Margins become probabilities by one scale and one shift for "none", and the limits of "none" and "unsure" are chosen, on
texts held back from the machine (five folds). How it does on texts whose author it has not read at all is on the card.
"""

import json
import sys

import numpy as np
from scipy import optimize, sparse
from sklearn.svm import LinearSVC

from gm_map.reader.pieces import Vocabulary, hashes
from gm_map.reader.terms import Lexicon
from gm_map.reader.weights import FILE, Weights, save
from lexicon import corpus as data

__all__ = ["fit", "main"]

COST = 4.0  # LinearSVC's C
HAND = 0.04  # how much a sum of hand weights counts beside the pieces, before the fit weighs it
LEAST_TEXTS = 2  # a piece must stand in so many texts
MOST_PIECES = 60_000  # kept, the heaviest first
FOLDS = 5
LOSS = 0.02  # of the topics found, what a limit below which no topic convinces may cost
SURE = 0.95  # how often a reading that is called sure should be right, on texts held back
LIKE_STRANGERS = ("blurbs", "broad")  # files that hold all topics and none, in many voices
LEAD = 0.5  # over the second: sure all the same


class Features:
    """Rows of texts as the machine sees them: pieces, then sums of hand weights."""

    def __init__(self, corpus, texts):
        self.lexicon = Lexicon(corpus.terms)
        self.hand = corpus.hand
        rows, _, _, names = hashes(texts)
        self.pieces, column = np.unique(names, return_inverse=True)
        counts = _counts(rows, column, len(texts), len(self.pieces))
        spread = np.bincount(counts.indices, minlength=len(self.pieces))
        kept = spread >= LEAST_TEXTS
        self.pieces = self.pieces[kept]
        self.idf = np.log((1 + len(texts)) / (1 + spread[kept])) + 1
        self.vocabulary = Vocabulary(self.pieces)

    def matrix(self, texts):
        """Sparse rows of shape (texts, pieces + classes)."""
        rows, _, _, names = hashes(texts)
        found = self.vocabulary.find(names)
        known = found >= 0
        counts = _counts(rows[known], found[known], len(texts), len(self.pieces))
        counts.data = 1 + np.log(counts.data)
        pieces = counts.multiply(self.idf).tocsr()
        length = np.sqrt(np.asarray(pieces.multiply(pieces).sum(axis=1)).ravel())
        pieces = sparse.diags(1 / np.where(length > 0, length, 1)) @ pieces
        hits = self.lexicon.find(texts)
        once = _counts(hits.rows, hits.terms, len(texts), len(self.lexicon.terms))
        once.data[:] = 1
        share = HAND / np.sqrt(1 + np.asarray(once.sum(axis=1)).ravel())
        return sparse.hstack([pieces, sparse.diags(share) @ (once @ self.hand)]).tocsr()


def _counts(rows, columns, height, width):
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(height, width))
    matrix.sum_duplicates()
    return matrix


def _machine(features, folded, texts):
    """Fit on the best topic of each text, and once more on the second where two are right."""
    again = [at for at, text in enumerate(texts) if len(text.topics) > 1]
    labels = [text.topics[0] for text in texts] + [texts[at].topics[1] for at in again]
    rows = features.matrix(folded)
    machine = LinearSVC(C=COST, class_weight="balanced", random_state=0)
    return machine.fit(sparse.vstack([rows, rows[again]]).tocsr(), labels)


def _held_back(corpus, folded, parts):
    """Margins of every text from a machine that has not read its part: ``parts`` names the part of each text."""
    margins = np.zeros((len(folded), len(corpus.classes)))
    for part in sorted(set(parts)):
        rest, here = np.flatnonzero(parts != part), np.flatnonzero(parts == part)
        features = Features(corpus, [folded[at] for at in rest])
        machine = _machine(features, [folded[at] for at in rest], [corpus.texts[at] for at in rest])
        margins[here] = machine.decision_function(features.matrix([folded[at] for at in here]))
    return margins


def _calibrate(margins, texts):
    """Scale and shift of "none" that make the held-back labels likeliest."""
    right = np.zeros(margins.shape, dtype=bool)
    for row, text in enumerate(texts):
        right[row, list(text.topics)] = True

    def cost(values):
        odds = margins * np.exp(values[0])
        odds[:, -1] += values[1]
        odds -= odds.max(axis=1, keepdims=True)
        share = np.exp(odds)
        share /= share.sum(axis=1, keepdims=True)
        return -np.mean(np.log(np.maximum((share * right).sum(axis=1), 1e-12)))

    found = optimize.minimize(cost, [1.0, 0.0], method="Nelder-Mead")
    scale, shift = np.exp(found.x[0]), np.zeros(margins.shape[1])
    shift[-1] = found.x[1]
    return scale, shift


def _confidence(margins, scale, shift):
    odds = margins * scale + shift
    odds = np.exp(odds - odds.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def _limits(strange, held, texts, natural):
    """Where "none" begins and where "sure" does.

    A natural draw of firms is mostly none, and a reader that always finds something is useless: so a topic has to
    convince. The limit is the highest that loses no more than `LOSS` of the topics found on authors not read
    (``strange``), of them those who wrote of all topics and of none (``natural`` marks their texts), because what comes
    in is written by strangers. A topic is sure from where it is right in `SURE` of the cases, on folds (``held``).
    """
    none = strange.shape[1] - 1

    def view(confidence):
        top = confidence[:, :none].argmax(axis=1)
        right = np.array([at in text.topics for at, text in zip(top, texts, strict=True)])
        return confidence[:, :none].max(axis=1), confidence[:, none], right

    in_plan = np.array([none not in text.topics for text in texts]) & natural
    first, other, right = view(strange)
    found = right & (other <= first) & in_plan
    limits = np.arange(0.05, 0.9, 0.01)
    convinces = max(limit for limit in limits if np.sum(found & (first < limit)) <= LOSS * np.sum(found))
    first, other, right = view(held)
    said = (other > first) | (first < convinces)
    for sure in np.arange(convinces, 0.95, 0.01):
        if right[~said & (first >= sure)].mean() >= SURE:
            break
    return float(convinces), float(sure)


def _figures(confidence, texts, corpus):
    """Accuracy by topic and industry, and F1 of none, of a set of predictions."""
    top = confidence.argmax(axis=1)
    none = len(corpus.classes) - 1
    in_plan = np.array([none not in text.topics for text in texts])
    right = np.array([at in text.topics for at, text in zip(top, texts, strict=True)])
    said, is_none = top == none, np.array([text.topics == (none,) for text in texts])
    hit = float(np.sum(said & is_none))
    return {
        "n": len(texts),
        "topic": round(float(right[in_plan].mean()), 4) if in_plan.any() else None,
        "none_f1": round(2 * hit / max(1.0, float(said.sum() + is_none.sum())), 4),
    }


def fit(corpus) -> tuple[Weights, dict]:
    """Fit everything.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Weights
    dict
        The card: counts, and figures on authors held back.
    """
    folded = corpus.read([text.text for text in corpus.texts])
    folds = np.random.default_rng(0).integers(0, FOLDS, len(folded))
    held = _held_back(corpus, folded, folds)
    scale, shift = _calibrate(held, corpus.texts)
    authors = np.array([text.author for text in corpus.texts])
    strange = _confidence(_held_back(corpus, folded, authors), scale, shift)
    natural = np.isin(authors, LIKE_STRANGERS)
    convinces, sure = _limits(strange, _confidence(held, scale, shift), corpus.texts, natural)
    features = Features(corpus, folded)
    machine = _machine(features, folded, corpus.texts)
    table = machine.coef_.T
    pieces, fitted = table[: len(features.pieces)], table[len(features.pieces) :]
    heavy = np.sort(np.argsort(-np.abs(pieces * features.idf[:, None]).max(axis=1), kind="stable")[:MOST_PIECES])
    weights = Weights(
        classes=np.array(corpus.classes),
        terms=np.array(corpus.terms),
        term_weights=(HAND * (corpus.hand @ fitted)).astype(np.float16),
        pieces=features.pieces[heavy],
        idf=features.idf[heavy].astype(np.float32),
        piece_weights=pieces[heavy].astype(np.float16),
        base=machine.intercept_.astype(np.float64),
        scale=np.full(len(corpus.classes), scale),
        shift=shift,
        limits=np.array([convinces, sure, LEAD]),
        traditional=np.array([old for old, _ in corpus.traditional]),
        simplified=np.array([new for _, new in corpus.traditional]),
        stock=np.array([word for word, _ in corpus.stock], dtype=np.str_),
        stock_parts=np.array([part for _, part in corpus.stock], dtype=np.str_),
    )
    card = {
        "terms": len(corpus.terms),
        "texts": len(corpus.texts),
        "pieces": len(heavy),
        "scale": round(float(scale), 4),
        "none_shift": round(float(shift[-1]), 4),
        "none_below": round(convinces, 2),
        "sure_from": round(sure, 2),
        "folds": _figures(_confidence(held, scale, shift), corpus.texts, corpus),
        "authors_not_read": {
            str(author): _figures(strange[authors == author], [t for t in corpus.texts if t.author == author], corpus)
            for author in sorted(set(authors))
        },
    }
    return weights, card


def main() -> int:
    """Fit on the shipped files and write what the app loads."""
    weights, card = fit(data.load())
    FILE.parent.mkdir(exist_ok=True)
    save(weights, FILE)
    text = json.dumps(card, ensure_ascii=False, indent=2)
    (FILE.parent / "card.json").write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
