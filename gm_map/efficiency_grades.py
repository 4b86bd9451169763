"""Scores, ranks and grades of rows, and how far they hold when the weights are a little different."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "GRADES",
    "SAMPLES",
    "SEED",
    "UNGRADED",
    "Stability",
    "grades_by_score",
    "grades_by_share",
    "ranks",
    "scores",
    "stability",
]

GRADES = 4  # 0 is the best
UNGRADED = -1
SAMPLES, SEED = 300, 20_180_919  # draws of weights; the same each time
INTERVAL = (5.0, 95.0)  # per cent of the draws that a rank interval leaves out below and above
DECIMALS = 10  # of a score: what is alike must not differ by rounding


@dataclass(frozen=True, eq=False)
class Stability:
    """What becomes of grades when each weight is drawn within ± ``swing`` (a share) of itself.

    ``kept`` (N,) is the share of draws in which a row keeps its grade, NaN where it has none; ``low`` and ``high`` (N,)
    are the ranks that hold nine draws in ten. ``flows`` (4, 4) says what share of the draws put rows of one grade
    (row) into another (column).
    """

    swing: float
    samples: int
    kept: np.ndarray
    low: np.ndarray
    high: np.ndarray
    flows: np.ndarray

    @property
    def overall(self) -> float | None:
        """The mean share over all rows that have a grade; None without any."""
        return float(np.nanmean(self.kept)) if np.isfinite(self.kept).any() else None


def scores(standard: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted mean of what is there, from 0 to 100, (N,): 100 Σ_j w_j z_ij / Σ_j w_j, both over the known j.

    Whether a row in which something is missing may be scored at all is not decided here. NaN where nothing is known.
    """
    known = np.isfinite(standard)
    weight = known @ weights
    summed = np.where(known, standard, 0.0) @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.round(np.where(weight > 0, 100.0 * summed / weight, np.nan), DECIMALS)


def ranks(score: np.ndarray) -> np.ndarray:
    """Ranks from 1 (the highest score) down, (N,) of float; equal scores share the better rank, NaN has none."""
    found = np.full(len(score), np.nan)
    known = np.flatnonzero(np.isfinite(score))
    order = known[np.argsort(-score[known], kind="stable")]
    ordered = score[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    found[order] = np.maximum.accumulate(np.where(first, np.arange(1, len(order) + 1), 0))
    return found


def grades_by_share(score: np.ndarray, shares: Sequence[float], rank: np.ndarray | None = None) -> np.ndarray:
    """Grades (N,) by rank: the best ``shares[0]`` per cent of the rows are grade 0, down to ``shares[1]`` grade 1 ...

    A share that falls between two rows takes in the one that it cuts; rows of one score have one grade. ``rank`` are
    the ranks of the scores, where they are known already.
    """
    rank = ranks(score) if rank is None else rank
    known = np.isfinite(rank)
    found = np.full(len(score), UNGRADED)
    limits = np.asarray(shares) / 100.0 * known.sum() - 1e-9
    found[known] = (rank[known, None] - 1 >= limits).sum(axis=1)
    return found


def grades_by_score(score: np.ndarray, limits: Sequence[float]) -> np.ndarray:
    """Grades (N,) by limits of the score: ``limits[0]`` or more is grade 0, ``limits[1]`` or more grade 1 ..."""
    known = np.isfinite(score)
    found = np.full(len(score), UNGRADED)
    found[known] = (score[known, None] < np.asarray(limits, dtype=float)).sum(axis=1)
    return found


def stability(
    standard: np.ndarray, weights: np.ndarray, rated: np.ndarray, graded, swing: float, samples: int = SAMPLES
) -> Stability:
    """How grades change when the weights do.

    Each weight is multiplied by a number drawn evenly from 1 − swing to 1 + swing, and the weights are scaled to a sum
    of 1 again; the draws are the same each time (`SEED`).

    Parameters
    ----------
    standard : array (N, k)
    weights : array (k,)
    rated : array (N,) of bool
        The rows that have a score.
    graded : callable
        From scores (n,) and their ranks to grades (n,).
    swing : float
        From 0 to below 1.
    """
    inside = standard[rated]
    score = scores(inside, weights)
    base = graded(score, ranks(score))
    drawn = np.random.default_rng(SEED).uniform(1.0 - swing, 1.0 + swing, (samples, len(weights))) * weights
    drawn /= drawn.sum(axis=1, keepdims=True)
    kept = np.zeros(len(inside))
    flows = np.zeros(GRADES * GRADES)
    places = np.empty((samples, len(inside)), dtype=np.int32)
    for number, one in enumerate(drawn):
        score = scores(inside, one)
        rank = ranks(score)
        grade = graded(score, rank)
        kept += grade == base
        flows += np.bincount(base * GRADES + grade, minlength=len(flows))
        places[number] = rank
    whole = [np.full(len(standard), np.nan) for _ in range(3)]
    if len(inside):
        low, high = _interval(places)
        for full, part in zip(whole, (kept / samples, low, high), strict=True):
            full[rated] = part
    flows = flows.reshape(GRADES, GRADES)
    total = flows.sum(axis=1, keepdims=True)
    return Stability(swing, samples, *whole, np.divide(flows, total, out=np.zeros_like(flows), where=total > 0))


def _interval(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two ranks of `INTERVAL` for each row, out of (draws, rows)."""
    by_row = np.ascontiguousarray(places.T)
    ends = [round(part / 100.0 * (len(places) - 1)) for part in INTERVAL]
    by_row.partition(ends, axis=1)
    return by_row[:, ends[0]], by_row[:, ends[1]]
