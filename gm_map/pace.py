"""An indicator of the plan as a path through its years, and what a later figure says of it.

The plan gives figures for four years only. Between two of them the path is taken as straight: a rule of ours, and so
*derived*; nothing is assumed before the first figure or after the last.
"""

from dataclasses import dataclass
from itertools import pairwise

from gm_map.errors import InputError
from gm_map.model import Indicator

__all__ = ["Actual", "Pace", "expected", "falling", "figures", "pace", "read_actual"]

EARLIEST, LATEST = 2000, 2100
ON_PATH = 0.02  # of the step between two stated figures: nearer than this nobody would call it off the path


@dataclass(frozen=True, slots=True, order=True)
class Actual:
    """A figure that somebody entered: indicator, year, value in the indicator's own unit."""

    indicator_id: str
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a figure stands on the path, and what is still to be done.

    ``standing`` is ``ahead``, ``on path``, ``behind`` or ``unknown`` (no path at that year). ``expected`` is the path's
    value that year, ``gap`` the figure less that. ``target_year`` and ``target`` are the next stated figure (None after
    the last), ``reached`` whether it is reached already, ``per_year`` the change each year that would reach it,
    ``rate`` the same as a compound rate (0.1: a tenth more each year; None from zero), ``planned_rate`` the rate that
    the plan itself has between the stated figures on either side.
    """

    actual: Actual
    standing: str
    expected: float | None
    gap: float | None
    target_year: int | None
    target: float | None
    reached: bool | None
    per_year: float | None
    rate: float | None
    planned_rate: float | None


def figures(indicator: Indicator) -> tuple[tuple[int, float], ...]:
    """The years that have a figure, with it, in order; a dash of the plan is left out, not filled."""
    return tuple((year, value) for year, value in sorted(indicator.values.items()) if value is not None)


def falling(indicator: Indicator) -> bool:
    """Whether the plan wants the figure to fall (land used for 10,000 yuan of output does)."""
    stated = figures(indicator)
    return stated[-1][1] < stated[0][1]


def expected(indicator: Indicator, year: int) -> float | None:
    """The value of the path in a year, on a straight line between the stated figures on either side; None outside."""
    for (before, low), (after, high) in pairwise(figures(indicator)):
        if before <= year <= after:
            return low + (high - low) * (year - before) / (after - before)
    return None


def pace(indicator: Indicator, actual: Actual) -> Pace:
    """Hold one figure against the path.

    Parameters
    ----------
    indicator : Indicator
    actual : Actual
        Of this indicator.

    Returns
    -------
    Pace
    """
    stated = figures(indicator)
    path = expected(indicator, actual.year)
    down = falling(indicator)
    gap = None if path is None else actual.value - path
    standing = "unknown"
    if gap is not None:
        step = next(
            abs(high - low) for (before, low), (after, high) in pairwise(stated) if before <= actual.year <= after
        )
        good = -gap if down else gap
        standing = "on path" if abs(gap) <= ON_PATH * step else "ahead" if good > 0 else "behind"
    ahead = [(year, value) for year, value in stated if year > actual.year]
    if not ahead:
        return Pace(actual, standing, path, gap, None, None, None, None, None, None)
    target_year, target = ahead[0]
    years = target_year - actual.year
    reached = actual.value <= target if down else actual.value >= target
    behind = [(year, value) for year, value in stated if year <= actual.year]
    planned = _rate(behind[-1][1], target, target_year - behind[-1][0]) if behind else None
    return Pace(
        actual,
        standing,
        path,
        gap,
        target_year,
        target,
        reached,
        0.0 if reached else (target - actual.value) / years,
        0.0 if reached else _rate(actual.value, target, years),
        planned,
    )


def _rate(start: float, end: float, years: int) -> float | None:
    """Compound rate a year; None where there is none (from nothing, or to nothing)."""
    return None if start <= 0 or end <= 0 else (end / start) ** (1 / years) - 1


def read_actual(catalogue, name: str, year: str, value: str) -> Actual:
    """One row of a table of figures: an indicator by id or name, a year, a number.

    Raises
    ------
    InputError
        With the sentence that says which cell is wrong, what stood there, and what was wanted.
    """
    names = {}
    for indicator in catalogue.indicators.values():
        for known in (indicator.id, indicator.name.zh, indicator.name.en):
            names[_form(known)] = indicator.id
    indicator_id = names.get(_form(str(name)))
    if indicator_id is None:
        raise InputError(f"indicator: found “{name}”, wanted one of the 18 names of the plan, or indicator-01 to -18")
    try:
        when = int(str(year).strip().rstrip("年").removesuffix(".0"))
    except ValueError:
        when = 0
    if not EARLIEST <= when <= LATEST:
        raise InputError(f"year: found “{year}”, wanted a year from {EARLIEST} to {LATEST}")
    told = str(value).strip().replace(",", "").replace("，", "").rstrip("%％")
    try:
        number = float(told)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e12:
        raise InputError(f"value: found “{value}”, wanted a number in {catalogue.indicators[indicator_id].unit.zh}")
    return Actual(indicator_id, when, number)


def _form(name: str) -> str:
    return "".join(name.split()).casefold()
