"""How well parks and firms use their land (土地效益评估): indicators per hectare, a score, grades, and a list by unit.

The plan asks for such a rating and for a list of grades (programme 7, task 4) and gives no method, weights or limits:
those are settings here, each of them told with the result. What is missing is said and never filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import combinations

import numpy as np

from gm_map import efficiency_scale as scale
from gm_map import efficiency_weights as weighing
from gm_map.efficiency_grades import (
    GRADES,
    UNGRADED,
    Stability,
    grades_by_score,
    grades_by_share,
    ranks,
    scores,
    stability,
)
from gm_map.efficiency_read import Parks
from gm_map.errors import InputError
from gm_map.model import Said

__all__ = [
    "MEASURES",
    "Assessment",
    "Comparison",
    "Measure",
    "Method",
    "Settings",
    "UnitLine",
    "assess",
    "by_unit",
    "indicators",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator: one amount over another, and whether more of it is better."""

    id: str
    over: str
    per: str
    higher: bool = True


# Per hectare of land; R&D as a share of output (per cent); energy per output (kg of standard coal per 万元).
MEASURES: Mapping[str, Measure] = {
    one.id: one
    for one in (
        Measure("output_ha", "output", "land"),
        Measure("added_ha", "added", "land"),
        Measure("tax_ha", "tax", "land"),
        Measure("jobs_ha", "jobs", "land"),
        Measure("rd_ha", "rd", "land"),
        Measure("rd_output", "rd", "output"),
        Measure("energy_output", "energy", "output", higher=False),
    )
}
FACTORS = {"rd_output": 100.0, "energy_output": 1000.0}


class Method(StrEnum):
    """Where the weights come from."""

    HAND = "hand"
    ENTROPY = "entropy"
    AHP = "ahp"


@dataclass(frozen=True)
class Settings:
    """How to rate. ``used`` are ids of `MEASURES` (empty: all that the table has); ``weights`` numbers by id (1 where
    none is given); ``pairs`` judgements on Saaty's scale, see `efficiency_weights.pair_matrix`.

    ``percentiles``: scaled by rank instead of min–max. ``partial``: rows in which something is missing are scored on
    the rest. ``winsor`` per cent are pulled in at each end. ``by_score``: grades by ``limits`` of the score instead of
    by ``shares`` of the rows (both three numbers). ``swing``: how far weights are varied, as a share.
    """

    method: Method = Method.HAND
    used: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    percentiles: bool = False
    partial: bool = False
    winsor: float = 0.0
    by_score: bool = False
    shares: tuple[float, float, float] = (25.0, 50.0, 75.0)
    limits: tuple[float, float, float] = (75.0, 50.0, 25.0)
    swing: float = 0.2


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways to weights: rank correlation of their scores, and the share of rows with one grade (None: none)."""

    one: Method
    other: Method
    correlation: float | None
    same: float | None


@dataclass(frozen=True, eq=False)
class Assessment:
    """The result. ``ids`` are the indicators used, k of them; ``values`` and ``standard`` (N, k); ``weights`` (k,).

    ``score`` (0 to 100), ``rank`` (N,) with NaN, and ``grade`` (N,), `efficiency_grades.UNGRADED` where there is none:
    ``why`` says by row why. ``scored_on`` (N,) counts the indicators that a score rests on. ``refused`` says why there
    are no weights, and then no row has a grade. ``all_weights`` are those of each method (None with a reason in
    ``reasons``); ``pairs`` is what came of the comparison in pairs.
    """

    ids: tuple[str, ...]
    values: np.ndarray
    standard: np.ndarray
    weights: np.ndarray
    score: np.ndarray
    rank: np.ndarray
    grade: np.ndarray
    scored_on: np.ndarray
    why: Mapping[int, Said]
    refused: Said | None
    all_weights: Mapping[Method, np.ndarray | None]
    reasons: Mapping[Method, Said]
    pairs: weighing.Comparison | None
    stability: Stability | None
    comparisons: tuple[Comparison, ...]

    @property
    def counted(self) -> tuple[str, ...]:
        """The indicators that weigh something."""
        return tuple(id_ for id_, weight in zip(self.ids, self.weights, strict=True) if weight > 0)


def indicators(parks: Parks) -> dict[str, np.ndarray]:
    """Every indicator that the table allows, (N,) each; NaN where an amount is missing or divides by zero.

    Output, added value, tax and R&D in 万元 per hectare, jobs in persons per hectare, R&D in per cent of output, energy
    in kg of standard coal per 万元 of output.
    """
    found = {}
    for id_, one in MEASURES.items():
        if one.over in parks.values and one.per in parks.values:
            over, per = parks.values[one.over], parks.values[one.per]
            value = np.divide(over, per, out=np.full(len(over), np.nan), where=per > 0)
            found[id_] = value * FACTORS.get(id_, 1.0)
    return found


def assess(parks: Parks, settings: Settings) -> Assessment:
    """Rate every row.

    Raises
    ------
    InputError
        Where the table has none of the indicators, or limits and shares are not in order.
    """
    _in_order(settings)
    every = indicators(parks)
    ids = tuple(id_ for id_ in every if not settings.used or id_ in settings.used)
    if not ids:
        raise InputError("the table has none of the indicators: besides land it needs output, tax, jobs or R&D")
    values = np.column_stack([every[id_] for id_ in ids])
    barred = np.array([row in parks.bars for row in range(len(parks))], dtype=bool)
    all_weights, reasons, pairs = _all_weights(ids, values[~barred], settings)
    chosen = all_weights[settings.method]
    weights = np.zeros(len(ids)) if chosen is None else chosen
    graded = partial(_graded, settings)
    standard, score = _scored(ids, values, barred, weights, settings)
    rated = np.isfinite(score)
    scored_on = np.where(rated, (np.isfinite(standard) & (weights > 0)).sum(axis=1), 0)
    return Assessment(
        ids,
        values,
        standard,
        weights,
        score,
        ranks(score),
        graded(score),
        scored_on,
        _reasons(parks, ids, values, weights, rated) if chosen is not None else {},
        reasons.get(settings.method),
        all_weights,
        reasons,
        pairs,
        stability(standard, weights, rated, graded, settings.swing) if rated.any() else None,
        _comparisons(ids, values, barred, all_weights, settings),
    )


def _in_order(settings: Settings) -> None:
    shares, limits = settings.shares, settings.limits
    if not 0 < shares[0] < shares[1] < shares[2] < 100 or not 100 >= limits[0] > limits[1] > limits[2] >= 0:
        raise InputError("shares must rise from above 0 to below 100, limits fall from 100 to 0")
    if not 0 <= settings.winsor < 50 or not 0 <= settings.swing < 1:
        raise InputError("outliers: 0 to below 50 per cent; swing of the weights: 0 to below 1")


def _graded(settings: Settings, score: np.ndarray, rank: np.ndarray | None = None) -> np.ndarray:
    if settings.by_score:
        return grades_by_score(score, settings.limits)
    return grades_by_share(score, settings.shares, rank)


def _scored(ids, values, barred, weights, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Standardised values of the rows that are scored (NaN elsewhere), and their scores; compared among themselves."""
    counts = weights > 0
    known = np.isfinite(values) & counts
    enough = known.any(axis=1) if settings.partial else (known | ~counts).all(axis=1) & counts.any()
    among = np.where((enough & ~barred)[:, None], values, np.nan)
    higher = np.array([MEASURES[id_].higher for id_ in ids])
    scaled = scale.percentile if settings.percentiles else scale.minmax
    standard = scaled(scale.winsorised(among, settings.winsor), higher)
    return standard, scores(standard, weights)


def _all_weights(ids, values, settings: Settings):
    """Weights of every method, or the reason why there are none."""
    found: dict[Method, np.ndarray | None] = dict.fromkeys(Method)
    reasons: dict[Method, Said] = {}
    try:
        found[Method.HAND] = weighing.by_hand([settings.weights.get(id_, 1.0) for id_ in ids])
    except InputError:
        reasons[Method.HAND] = Said("land.refused_hand")
    whole = values[np.isfinite(values).all(axis=1)]
    higher = np.array([MEASURES[id_].higher for id_ in ids])
    try:
        # By distance even where grades go by rank: among ranks every indicator has the same entropy.
        found[Method.ENTROPY] = weighing.entropy(scale.minmax(scale.winsorised(whole, settings.winsor), higher))
    except InputError:
        reasons[Method.ENTROPY] = Said("land.refused_entropy", {"count": len(whole)})
    pairs = weighing.compared(weighing.pair_matrix(ids, settings.pairs))
    if pairs.consistent:
        found[Method.AHP] = pairs.weights
    else:
        reasons[Method.AHP] = Said("land.refused_ahp", {"ratio": f"{pairs.ratio:.2f}"})
    return found, reasons, pairs


def _reasons(parks: Parks, ids, values, weights, rated) -> dict[int, Said]:
    """Why rows have no grade."""
    found: dict[int, Said] = dict(parks.bars)
    for row in np.flatnonzero(~rated).tolist():
        if row in found:
            continue
        lacking = [ids[at] for at in np.flatnonzero(np.isnan(values[row]) & (weights > 0))]
        roles = dict.fromkeys(role for id_ in lacking for role in (MEASURES[id_].over, MEASURES[id_].per))
        faults = [parks.faults[row, role] for role in roles if (row, role) in parks.faults]
        missing = tuple(
            Said(f"land.role_{role}")
            for role in roles
            if np.isnan(parks.values[role][row]) and (row, role) not in parks.faults
        )
        nought = any(parks.values[MEASURES[id_].per][row] == 0 for id_ in lacking)
        parts = (
            *faults,
            *([Said("land.problem_missing", {"what": missing})] if missing else []),
            *([Said("land.problem_zero_output")] if nought else []),
        )
        found[row] = Said("land.not_graded", {"why": parts})
    return found


def _comparisons(ids, values, barred, all_weights, settings: Settings) -> tuple[Comparison, ...]:
    score = {
        method: _scored(ids, values, barred, weights, settings)[1]
        for method, weights in all_weights.items()
        if weights is not None
    }
    grade = {method: _graded(settings, one) for method, one in score.items()}
    found = []
    for one, other in combinations(Method, 2):
        if one in score and other in score:
            both = (grade[one] != UNGRADED) & (grade[other] != UNGRADED)
            same = float((grade[one] == grade[other])[both].mean()) if both.any() else None
            found.append(Comparison(one, other, scale.rank_correlation(score[one], score[other]), same))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The rows of one unit: counts by grade (best first), how many have none, land in hectares, mean score by land.

    ``grade`` is the one that the mean score would have among the rows (`efficiency_grades.UNGRADED` without a score).
    ``totals`` gives for each indicator Σ of the one amount over Σ of the other, over the rows that have both, and on
    how many rows it rests. ``unit_id`` is None for the rows whose unit is not known.
    """

    unit_id: str | None
    rows: int
    counts: tuple[int, ...]
    ungraded: int
    land: float
    score: float | None
    grade: int
    totals: Mapping[str, tuple[float | None, int]]


def by_unit(parks: Parks, result: Assessment, order: Sequence[str]) -> tuple[UnitLine, ...]:
    """The list of grades by unit (综合利用等级清单).

    Parameters
    ----------
    order : sequence of str
        Ids of units, in the order that they are listed in; only those with rows are.
    """
    usable = np.array([row not in parks.bars for row in range(len(parks))], dtype=bool)
    of = np.array([unit or "" for unit in parks.unit_ids], dtype=object)
    lines = []
    for unit in (*order, ""):
        rows = of == unit
        if not rows.any():
            continue
        grade, score, land = result.grade[rows], result.score[rows], parks.values["land"][rows]
        scored = np.isfinite(score)
        totals = {}
        for id_ in result.ids:
            over, per = (parks.values[role] for role in (MEASURES[id_].over, MEASURES[id_].per))
            both = rows & usable & np.isfinite(over) & (per > 0)
            total = float(over[both].sum() / per[both].sum()) * FACTORS.get(id_, 1.0) if both.any() else None
            totals[id_] = (total, int(both.sum()))
        mean = float((score[scored] * land[scored]).sum() / land[scored].sum()) if scored.any() else None
        lines.append(
            UnitLine(
                unit or None,
                int(rows.sum()),
                tuple(int((grade == number).sum()) for number in range(GRADES)),
                int((grade == UNGRADED).sum()),
                float(land[usable[rows]].sum()),
                mean,
                UNGRADED if mean is None else _grade_of(mean, result),
                totals,
            )
        )
    return tuple(lines)


def _grade_of(mean: float, result: Assessment) -> int:
    """The best grade some row of which has no higher a score."""
    held = [number for number in range(GRADES) if (result.grade == number).any()]
    return next((number for number in held if mean >= result.score[result.grade == number].min()), held[-1])
