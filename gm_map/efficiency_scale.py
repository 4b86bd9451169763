"""Indicators made comparable: from 0 (worst) to 1 (best), by their distance or by their rank; and ranks.

All work on columns of arrays (N, k) in which NaN is what is missing: it stays missing and counts for nothing.
"""

import numpy as np

__all__ = ["midranks", "minmax", "percentile", "rank_correlation", "winsorised"]

MIDDLE = 0.5  # where all are alike, none is better or worse


def minmax(values: np.ndarray, higher: np.ndarray) -> np.ndarray:
    """Distance from the worst: (x − min)/(max − min), or (max − x)/(max − min) where less is better.

    Parameters
    ----------
    values : array (N, k)
    higher : array (k,) of bool
        Whether more is better.

    Returns
    -------
    array (N, k)
        0 to 1; 0.5 in a column whose values are all the same.
    """
    found = np.full(values.shape, np.nan)
    for at in range(values.shape[1]):
        column = values[:, at]
        known = np.isfinite(column)
        if not known.any():
            continue
        low, high = column[known].min(), column[known].max()
        if high > low:
            part = (column[known] - low) / (high - low)
            found[known, at] = part if higher[at] else 1.0 - part
        else:
            found[known, at] = MIDDLE
    return found


def percentile(values: np.ndarray, higher: np.ndarray) -> np.ndarray:
    """Place among the others: (rank − 1)/(n − 1), the worst being rank 1 and equal values sharing the mean rank."""
    found = np.full(values.shape, np.nan)
    for at in range(values.shape[1]):
        column = values[:, at] if higher[at] else -values[:, at]
        known = np.isfinite(column)
        count = int(known.sum())
        if count:
            found[known, at] = (midranks(column[known]) - 1.0) / (count - 1) if count > 1 else MIDDLE
    return found


def winsorised(values: np.ndarray, per_cent: float) -> np.ndarray:
    """Outliers pulled in: what lies below the ``per_cent`` quantile of its column or above 100 − that is set to it.

    Quantiles are interpolated linearly. 0 changes nothing.
    """
    if not per_cent:
        return values
    found = values.copy()
    for at in range(values.shape[1]):
        known = np.isfinite(values[:, at])
        if known.any():
            low, high = np.percentile(values[known, at], [per_cent, 100.0 - per_cent])
            found[known, at] = np.clip(values[known, at], low, high)
    return found


def midranks(column: np.ndarray) -> np.ndarray:
    """Ranks from 1 (least) up, (N,); equal values share the mean of theirs."""
    ordered = np.sort(column)
    return (np.searchsorted(ordered, column, "left") + np.searchsorted(ordered, column, "right") + 1) / 2.0


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Spearman's rank correlation: Pearson's of the mean ranks, over the rows that both have.

    None for fewer than three rows, or where one does not vary.
    """
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 3:
        return None
    left, right = midranks(one[both]), midranks(other[both])
    left, right = left - left.mean(), right - right.mean()
    size = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return None if size == 0 else float((left * right).sum() / size)
