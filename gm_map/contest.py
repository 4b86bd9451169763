"""Who is first at a level, with whom it is tied, why not the next, and what would have to change.

The weight that turns the order is exact: with values v of the first and u of another and weights w, the first leads by
D = Σ w (v - u); a single weight w_c turns it at w_c - D / (v_c - u_c), the others as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gm_map.model import Level
from gm_map.score import DECIMALS, applying, criterion

__all__ = ["SAMPLES", "SEED", "Change", "Contest", "contest", "tied"]

SAMPLES = 2000
SEED = 2022
CONFIDENCE = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Change:
    """The single weight at which a place draws level with the first: beyond it, it leads."""

    criterion: str
    weight: float
    needed: float
    place_id: str


@dataclass(frozen=True, slots=True)
class Contest:
    """One level. ``order`` is by score, then as the plan has it.

    ``tie`` holds the first and every place whose score differs from its by no more than both may be off because their
    outlines are drawn. ``next_id`` is the best beyond the tie (None: there is none); ``by_part`` are the first's parts
    less its, which sum to ``lead``. ``change`` is the smallest change of one weight with which ``next_id`` would win
    (None: no weight does it); ``upset`` the smallest with which anybody beyond the tie would. ``holds`` is the share of
    all weightings (uniform over those that sum to 1) in which the first leads, ``tie_holds`` one of the tie; each is
    sampled and good to ``margin`` (95 %).
    """

    level: Level
    order: tuple[str, ...]
    first_id: str
    tie: tuple[str, ...]
    next_id: str | None
    lead: float
    by_part: tuple[tuple[str, float], ...]
    change: Change | None
    upset: Change | None
    holds: float
    tie_holds: float
    margin: float


def contest(
    level: Level,
    place_ids: Sequence[str],
    values: Mapping[str, np.ndarray],
    parts: Mapping[str, np.ndarray],
    scores: np.ndarray,
    spread: np.ndarray,
    weights: Mapping[str, float],
) -> Contest:
    """The contest of one level.

    Parameters
    ----------
    place_ids : sequence of str
        N places, in the plan's order.
    values, parts : mapping of str to array (N,)
        By part: what was weighed (0 to 1) and what it gave.
    scores, spread : array (N,)
    weights : mapping
        By criterion, as the person set them.
    """
    order = np.argsort(-scores, kind="stable")
    first = int(order[0])
    names = applying(values)
    table = np.array([sum(v for part, v in values.items() if criterion(part) == name) for name in names])
    together = tied(scores, spread, first)
    beyond = [int(place) for place in order if not together[place]]
    after = beyond[0] if beyond else None
    changes = {place: _change(table, names, weights, first, place, place_ids[place]) for place in beyond}
    leads, tie_leads = _shares(table, first, together)
    return Contest(
        level,
        tuple(place_ids[place] for place in order),
        place_ids[first],
        tuple(place_ids[place] for place in order if together[place]),
        None if after is None else place_ids[after],
        0.0 if after is None else round(float(scores[first] - scores[after]), DECIMALS),
        ()
        if after is None
        else tuple((name, round(float(part[first] - part[after]), DECIMALS)) for name, part in parts.items()),
        None if after is None else changes[after],
        min((change for change in changes.values() if change), key=_size, default=None),
        leads,
        tie_leads,
        max(_margin(leads), _margin(tie_leads)),
    )


def tied(scores: np.ndarray, spread: np.ndarray, first: int) -> np.ndarray:
    """Which places, (N,), differ from ``first`` by no more than both scores may be off; the first itself among them."""
    return np.abs(scores - scores[first]) <= spread + spread[first]


def _size(change: Change) -> float:
    return abs(change.needed - change.weight)


def _change(table, names, weights, first: int, other: int, other_id: str) -> Change | None:
    difference = table[:, first] - table[:, other]
    lead = sum(weights[name] * float(d) for name, d in zip(names, difference, strict=True))
    found = [
        Change(name, weights[name], weights[name] - lead / float(d), other_id)
        for name, d in zip(names, difference, strict=True)
        if d != 0
    ]
    return min((change for change in found if change.needed >= 0), key=_size, default=None)


@lru_cache(maxsize=8)
def _weightings(count: int) -> np.ndarray:
    """Weightings drawn evenly from all that sum to 1, (SAMPLES, count); the same at every call."""
    return np.random.default_rng(SEED).dirichlet(np.ones(count), SAMPLES)


def _shares(table: np.ndarray, first: int, together: np.ndarray) -> tuple[float, float]:
    scores = _weightings(len(table)) @ table
    best = scores.max(axis=1)
    near = 1e-12  # equal scores may differ by the last bit
    return (
        float(np.mean(scores[:, first] >= best - near)),
        float(np.mean(scores[:, together].max(axis=1) >= best - near)),
    )


def _margin(share: float) -> float:
    """Half of Wilson's interval for a share of `SAMPLES` draws (Wilson 1927); not 0 even for all or none."""
    z, n = CONFIDENCE, SAMPLES
    return z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
