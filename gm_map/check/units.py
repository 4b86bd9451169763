"""Units of area: exact conversion, as many decimals as a number deserves, and the area columns of a layer.

A mu (亩) is 2000/3 m², a hectare (公顷) 15 mu, a square kilometre 1,500 mu.
"""

import math
import re
import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from numbers import Real

from gm_map.check.results import Layer

__all__ = ["SQUARE_METRES", "AreaColumn", "Unit", "area_columns", "convert", "decimals", "fixed", "number", "signed"]

MINUS = "\N{MINUS SIGN}"
UNTOLD_DECIMALS = 2  # km² of a shape whose uncertainty nobody gave: as on the map
MOST_DECIMALS = 6  # of a km²: the square metre


class Unit(StrEnum):
    """Units in which areas of land are given; the words are the keys of messages."""

    KM2 = "km2"
    HECTARE = "ha"
    MU = "mu"
    M2 = "m2"


SQUARE_METRES = {
    Unit.KM2: Fraction(1_000_000),
    Unit.HECTARE: Fraction(10_000),
    Unit.MU: Fraction(2000, 3),
    Unit.M2: Fraction(1),
}


def convert(value: float, source: Unit | str, target: Unit | str) -> float:
    """An area in another unit, rounded once: the ratio of the units is exact.

    >>> convert(47.2, "km2", "mu"), convert(15, "mu", "ha")
    (70800.0, 1.0)
    """
    ratio = SQUARE_METRES[Unit(source)] / SQUARE_METRES[Unit(target)]
    # The decimal figure that was written is meant (47.2), not the binary fraction next to it.
    return float(Fraction(repr(float(value))) * ratio)


def decimals(uncertainty: float | None, told: float | None = None, threshold: float = 0.0) -> int:
    """How many decimals a number deserves: two digits of its uncertainty (in the same unit).

    Parameters
    ----------
    uncertainty : float or None
        0.0 and None: nobody gave one, and it is shown to `UNTOLD_DECIMALS`.
    told, threshold : float
        Where the number is held against a threshold, so many decimals that it stays on its side of it when rounded.

    >>> decimals(1.87), decimals(0.032), decimals(None), decimals(None, 0.0502, 0.05)
    (1, 3, 2, 4)
    """
    count = max(0, 1 - math.floor(math.log10(uncertainty))) if uncertainty else UNTOLD_DECIMALS
    count = min(count, MOST_DECIMALS)
    if told is not None:
        beyond = abs(told) > threshold
        while count < MOST_DECIMALS and (round(abs(told), count) > threshold) != beyond:
            count += 1
    return count


def fixed(value: float, count: int) -> str:
    """A number with so many decimals, thousands apart, with a proper minus.

    >>> fixed(70800, 0), fixed(-0.001, 2)
    ('70,800', '0.00')
    """
    return f"{round(value, count) + 0.0:,.{count}f}".replace("-", MINUS)


def signed(value: float, count: int) -> str:
    """`fixed` with its sign.

    >>> signed(0.31, 1), signed(-42.48, 2)
    ('+0.3', '−42.48')
    """
    return f"{round(value, count) + 0.0:+,.{count}f}".replace("-", MINUS)


def number(value: float, digits: int = 6) -> str:
    """A number as people write it: at most so many digits, no trailing zeros, thousands apart.

    >>> number(70800.0), number(0.0041523), number(47.2)
    ('70,800', '0.0041523', '47.2')
    """
    if value == 0:
        return "0"
    if abs(value) >= 1e12:
        return f"{value:.4g}".replace("-", MINUS)
    count = min(12, max(0, digits - 1 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{count}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


# ---- the area columns of a layer ----

# Of a name or a cell, longest first: km2 holds m2, and hm2 (a square hectometre) is a hectare.
_UNIT_FORMS = {
    Unit.KM2: r"平方公里|平方千米|km\^?2|sq[_. ]?km|square[_ ]?kilomet(?:er|re)s?",
    Unit.HECTARE: r"公顷|hm\^?2|hectares?|(?<![a-z])ha(?![a-z])",
    Unit.MU: r"亩|(?<![a-z])mu(?![a-z])",
    Unit.M2: r"平方米|平米|(?<![a-z])m\^?2|sq[_. ]?m(?![a-z])|sqm|square[_ ]?met(?:er|re)s?",
}
_UNIT = re.compile("|".join(f"(?P<ten_{unit}>万)?(?P<{unit}>{form})" for unit, form in _UNIT_FORMS.items()))
# 面积, area, and the short names of land surveys (MJ, TBMJ, ZMJ); "stated" is how the map itself names its column.
_AREA = re.compile(r"面积|area(?!_?code)|(?<![a-z])[a-z]{0,4}mj(?![a-z])|(?<![a-z])stated")
# What stands beside an area and is none, and floor space, which is no land.
_OTHER = re.compile(
    r"误差|精度|不确定|较差|占比|比例|比率|系数|单位|名称|代码|编号|备注|建筑|计容|周长|uncertain|error|accura|differ|"
    r"share|ratio|percent|pct|floor|gfa|perim|length|name|unit|code|id$"
)
_NUMBER = re.compile(
    rf"(?:约|大约|≈|~|about )? ?(?P<number>[+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?) ?"
    rf"(?P<ten>万)? ?(?P<unit>{'|'.join(_UNIT_FORMS.values())})?"
)
TEN_THOUSAND = 10_000
LONGEST_CELL = 60


@dataclass(frozen=True, slots=True)
class AreaColumn:
    """A column of areas, read.

    ``unit`` is that of the figures that carry none themselves; ``how`` it was found: ``name`` (of the column),
    ``cell`` (all figures say it), ``magnitude`` (the unit in which most figures come near their shapes) or ``none``
    (nobody says it, and no unit brings them near: km², taken for want of a better one). ``km2`` are the figures in
    km² and ``raw`` as numbers in ``units``, both None where a cell is empty or no number; ``decimals`` is the greatest
    number of decimals that any of them has: a 16 beside a 20.6 is a 16.0.
    """

    name: str
    unit: Unit
    how: str
    km2: tuple[float | None, ...]
    raw: tuple[float | None, ...]
    units: tuple[Unit, ...]
    decimals: int

    def rounding_km2(self, row: int) -> float:
        """Half a unit of the last decimal, in km²: what rounding alone may do to a figure."""
        return convert(0.5 / 10**self.decimals, self.units[row], Unit.KM2)


def area_columns(layer: Layer, areas_km2: Sequence[float | None]) -> tuple[AreaColumn, ...]:
    """The columns of a layer that give areas, in its order.

    Parameters
    ----------
    layer : Layer
    areas_km2 : sequence of float
        Areas of its shapes (None where there is none): where nobody says the unit, it is guessed from them.
    """
    return tuple(column for name in layer.attributes if (column := _column(name, layer.attributes[name], areas_km2)))


def _column(name: str, cells: Sequence, areas_km2: Sequence[float | None]) -> AreaColumn | None:
    folded = unicodedata.normalize("NFKC", name).strip().casefold()
    named = _UNIT.search(folded)
    if _OTHER.search(folded) or not (_AREA.search(folded) or (named and named[0] == folded)):
        return None
    read = [_cell(cell) for cell in cells]
    if not any(read):
        return None
    times = 1.0
    if named:
        unit, how = Unit(named.lastgroup), "name"
        times = TEN_THOUSAND if named[f"ten_{unit}"] else 1.0
    elif all(one is None or one[1] for one in read):
        unit, how = next(one[1] for one in read if one), "cell"
    else:
        unit, how = _guess(list(_pairs(read, areas_km2)))
    units = tuple(one[1] if one and one[1] else unit for one in read)
    raw = tuple(None if one is None else one[0] * (1.0 if one[1] else times) for one in read)
    km2 = tuple(None if value is None else convert(value, of, Unit.KM2) for value, of in zip(raw, units, strict=True))
    places = max(one[2] for one in read if one)
    return AreaColumn(name, unit, how, km2, raw, units, places - round(math.log10(times)))


def _pairs(read, areas_km2: Sequence[float | None]) -> Iterator[tuple[float, float]]:
    for one, area in zip(read, areas_km2, strict=True):
        if one and not one[1] and one[0] > 0 and area:
            yield one[0], area


# Three times too large or too small is still nearer to one unit than to any other: the nearest two are 15 apart.
_NEAR = math.log(math.sqrt(15))


def _guess(pairs: list[tuple[float, float]]) -> tuple[Unit, str]:
    """The unit in which the middle figure comes nearest to its shape."""
    if not pairs:
        return Unit.KM2, "none"
    middle = statistics.median(math.log(value / area) for value, area in pairs)
    off = {unit: abs(middle + math.log(SQUARE_METRES[unit] / SQUARE_METRES[Unit.KM2])) for unit in Unit}
    best = min(off, key=off.__getitem__)
    return (best, "magnitude") if off[best] < _NEAR else (Unit.KM2, "none")


def _cell(cell) -> tuple[float, Unit | None, int] | None:
    """The number of a cell, the unit that it carries, and its decimals; None where there is no number."""
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, Real):
        value = float(cell)
        if not math.isfinite(value):
            return None
        return value, None, _places(Decimal(repr(value)).normalize())
    text = str(cell)
    if len(text) > LONGEST_CELL:
        return None
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    if found is None:
        return None
    written = Decimal(found["number"].replace(",", ""))
    value = float(written) * (TEN_THOUSAND if found["ten"] else 1.0)
    if not math.isfinite(value):
        return None
    unit = None
    if found["unit"]:
        unit = next(unit for unit, form in _UNIT_FORMS.items() if re.fullmatch(form, found["unit"]))
    return value, unit, _places(written) - (4 if found["ten"] else 0)


def _places(value: Decimal) -> int:
    return max(0, -value.as_tuple().exponent)
