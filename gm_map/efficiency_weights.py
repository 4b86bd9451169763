"""Weights of indicators: given by hand, by entropy, or by comparing them in pairs (AHP). They always sum to 1.

Sources
-------
Entropy weights: C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27 (1948); as a
way to weights: C. L. Hwang, K. Yoon, "Multiple Attribute Decision Making", Springer 1981.
AHP: T. L. Saaty, "The Analytic Hierarchy Process", McGraw-Hill 1980, whose table of random indices is `RANDOM_INDEX`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gm_map.errors import InputError

__all__ = ["MOST_INCONSISTENT", "RANDOM_INDEX", "Comparison", "by_hand", "compared", "entropy", "pair_matrix"]

# Mean consistency index of random matrices of order 1, 2, 3 ... (Saaty 1980).
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
MOST_INCONSISTENT = 0.1
STRONGEST = 9  # of Saaty's scale


@dataclass(frozen=True, eq=False)
class Comparison:
    """What came of comparing in pairs.

    ``ratio`` is the consistency ratio; above `MOST_INCONSISTENT` the comparisons contradict one another. ``worst`` are
    the positions of the pair that fits the weights least, and ``fitting`` what the weights would have it be.
    """

    weights: np.ndarray
    largest: float
    index: float
    ratio: float
    worst: tuple[int, int] | None
    fitting: float | None

    @property
    def consistent(self) -> bool:
        """Whether Saaty's limit is kept."""
        return self.ratio <= MOST_INCONSISTENT


def by_hand(numbers: Sequence[float]) -> np.ndarray:
    """Numbers of any size as weights, (k,): each divided by their sum.

    Raises
    ------
    InputError
        Where one is negative or no number, or none is above 0.
    """
    weights = np.asarray(numbers, dtype=float)
    if not len(weights) or not np.isfinite(weights).all() or (weights < 0).any() or not weights.sum() > 0:
        raise InputError("weights must be numbers from 0 up, one of them above 0")
    return weights / weights.sum()


def entropy(standard: np.ndarray) -> np.ndarray:
    """Weights by entropy, (k,): an indicator in which rows differ more weighs more.

    With n rows and x_ij from 0 to 1: p_ij = x_ij / Σ_i x_ij, the entropy e_j = −(1/ln n) Σ_i p_ij ln p_ij (0 ln 0 = 0),
    and the weight w_j = (1 − e_j) / Σ_j (1 − e_j). A column that is the same in all rows has e = 1 and weighs nothing.

    Parameters
    ----------
    standard : array (N, k)
        Standardised from 0 (worst) to 1 (best), without NaN; see `gm_map.efficiency_scale.minmax`.

    Raises
    ------
    InputError
        For fewer than two rows, or rows that do not differ at all: then entropy says nothing.
    """
    rows = len(standard)
    if rows < 2:
        raise InputError("entropy needs two rows or more in which no indicator is missing")
    varied = np.ptp(standard, axis=0) > 0
    total = standard.sum(axis=0)
    share = np.divide(standard, total, out=np.zeros_like(standard), where=total > 0)
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    spread = np.where(varied, np.clip(1.0 + (share * logs).sum(axis=0) / np.log(rows), 0.0, 1.0), 0.0)
    if not spread.sum() > 0:
        raise InputError("entropy says nothing: the rows do not differ in any indicator")
    return spread / spread.sum()


def pair_matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], int]) -> np.ndarray:
    """A reciprocal matrix, (k, k), from judgements on Saaty's scale.

    Parameters
    ----------
    names : sequence of str
    pairs : mapping
        (one, other) to a whole number: 3 says that one matters three times as much, −3 that the other does; 1 (or a
        pair that is not there) says that they matter alike.

    Raises
    ------
    InputError
        For a number that is not on the scale.
    """
    matrix = np.ones((len(names), len(names)))
    at = {name: position for position, name in enumerate(names)}
    for (one, other), number in pairs.items():
        if not 1 <= abs(number) <= STRONGEST:
            raise InputError(f"“{number}” is not on Saaty's scale; take 1 to {STRONGEST}, or its negative")
        if one in at and other in at and one != other:
            value = float(number) if number > 0 else 1.0 / -number
            matrix[at[one], at[other]], matrix[at[other], at[one]] = value, 1.0 / value
    return matrix


def compared(matrix: np.ndarray) -> Comparison:
    """Weights from comparisons in pairs (AHP): the principal eigenvector, scaled to a sum of 1.

    With the largest eigenvalue λ of k indicators, the consistency index is CI = (λ − k)/(k − 1) and the consistency
    ratio CR = CI/RI, RI being `RANDOM_INDEX`. For one or two indicators there is nothing to contradict: CR = 0.

    Parameters
    ----------
    matrix : array (k, k)
        Positive and reciprocal, 10 × 10 at most.

    Raises
    ------
    InputError
        For a matrix that is not.
    """
    matrix = np.asarray(matrix, dtype=float)
    size = len(matrix)
    if matrix.shape != (size, size) or not 1 <= size <= len(RANDOM_INDEX):
        raise InputError(f"wanted a square matrix of 1 to {len(RANDOM_INDEX)} indicators")
    if not (matrix > 0).all() or not np.allclose(matrix * matrix.T, 1.0):
        raise InputError("each comparison must be above 0 and the reverse of the one across the diagonal")
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    weights = np.abs(vectors[:, first].real)
    weights = weights / weights.sum()
    largest = float(values[first].real)
    index = max(0.0, (largest - size) / (size - 1)) if size > 2 else 0.0
    ratio = index / RANDOM_INDEX[size - 1] if size > 2 else 0.0
    worst = fitting = None
    if size > 2:
        fits = weights[:, None] / weights[None, :]
        off = np.triu(np.abs(np.log(matrix / fits)), 1)
        one, other = (int(at) for at in np.unravel_index(np.argmax(off), off.shape))
        if off[one, other] > 1e-6:
            worst, fitting = (one, other), float(fits[one, other])
    return Comparison(weights, largest, index, ratio, worst, fitting)
