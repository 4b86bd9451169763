"""A table of parks or firms, read for a rating of their land: numbers in one unit, and for each row what is wrong.

An empty cell is *missing*; "0" is a figure. Neither is filled in. No row is dropped: what cannot be used comes back
with its reason.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from gm_map.datum import Datum, Guess, guess
from gm_map.district import District
from gm_map.efficiency_columns import AMOUNTS, KINDS, UNITS, ParkColumns, find_park_columns, unit_in
from gm_map.errors import InputError
from gm_map.locate import AUTO
from gm_map.model import Level, Said
from gm_map.names import fold
from gm_map.points import locate_frame
from gm_map.uploads import Limits, read_table

__all__ = ["LIMITS", "Parks", "amount", "peek", "read_parks", "unit_names"]

LIMITS = Limits(50 << 20, 100_000, 10_000)
SHOWN = 24  # characters of a cell that a reason repeats
MISSING = frozenset(
    (
        *(
            "",
            "-",
            "--",
            "—",
            "——",
            "–",
            "/",
            "\\",
            ".",
            "..",
            "...",
            "n/a",
            "na",
            "nan",
            "null",
            "none",
            "nil",
            "missing",
        ),
        *("unknown", "无", "缺", "缺失", "暂无", "不详", "未知", "未填", "未报", "未填报", "保密"),
    )
)
SUMS = frozenset(("合计", "总计", "小计", "共计", "全区合计", "total", "sum", "subtotal", "grandtotal"))
MAY_BE_NEGATIVE = ("added", "tax")  # a loss, or more paid back than paid
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?)(.*)")
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-", "﹣": "-"})
_ENDINGS = ("重大科技基础设施核心区单元", "产业单元", "门户单元", "单元", "industrialunit", "gatewayunit", "unit")


@dataclass(frozen=True, eq=False)
class Parks:
    """The rows of a table, in their order.

    ``frame`` are the columns as they stood; ``values`` the amounts by role, (N,) with NaN where there is none, in
    hectares, 万元, persons, tonnes of standard coal; ``unit_ids`` the unit of each row (None: not known).
    ``bars`` say by row why it cannot be rated at all, ``faults`` by (row, role) why an amount that stands there cannot
    be used, ``notes`` by row what else is to be known. ``guess`` is what the datum was found by.
    """

    frame: pl.DataFrame
    columns: ParkColumns
    names: tuple[str, ...]
    values: Mapping[str, np.ndarray]
    unit_ids: tuple[str | None, ...]
    bars: Mapping[int, Said]
    faults: Mapping[tuple[int, str], Said]
    notes: Mapping[int, tuple[Said, ...]]
    datum: Datum | None
    guess: Guess | None

    def __len__(self) -> int:
        return self.frame.height


def peek(content: bytes, name: str) -> tuple[tuple[str, ...], str, str | None]:
    """Names of the columns of a table, its format and its encoding; InputError for what is no table."""
    with read_table(content, name, LIMITS) as table:
        return table.names, table.format, table.encoding


def amount(cell: object, kind: str, unit: str) -> float | None:
    """A cell as a number in the unit that is counted in: None where it is missing, NaN where it is no number.

    A unit that stands in the cell wins over that of the column. Commas must part thousands: 1,5 is no number.

    >>> amount("1,250.5", "money", "万元"), amount("0", "money", "万元"), amount("—", "money", "万元")
    (1250.5, 0.0, None)
    >>> amount("30亩", "land", "公顷"), amount("1,5", "land", "公顷")
    (2.0, nan)
    """
    if cell is None or isinstance(cell, bool):
        return None if cell is None else math.nan
    if isinstance(cell, int | float):
        return None if math.isnan(cell) else float(cell) * UNITS[kind][unit]
    text = unicodedata.normalize("NFKC", str(cell)[:200]).translate(_MINUS).strip().casefold()
    if text in MISSING:
        return None
    found = _NUMBER.fullmatch(text.replace(" ", "")) if text else None
    if found is None:
        return math.nan
    rest = found[2]
    if rest:
        own = unit_in(kind, rest)
        if own is None or len(rest) > 8 or re.search(r"\d(?!$)", rest):
            return math.nan
        unit = own
    value = float(found[1].replace(",", "")) * UNITS[kind][unit]
    return value if math.isfinite(value) else math.nan


def read_parks(
    district: District,
    content: bytes,
    name: str,
    *,
    columns: Mapping[str, str | None] | None = None,
    units: Mapping[str, str] | None = None,
    datum: Datum | str = AUTO,
) -> Parks:
    """Read a table (CSV in any encoding that offices use, XLSX, Parquet).

    Parameters
    ----------
    columns, units : mapping
        What a person corrected, by role; see `find_park_columns`.
    datum : Datum or "auto"
        Of the coordinates, if there are any.

    Raises
    ------
    InputError
        For what is no table, has no column of land, or an amount whose unit is not told.
    """
    with read_table(content, name, LIMITS) as table:
        found = find_park_columns(table.names, columns, units)
        pieces = [frame for frame, _ in table.pieces]
        frame = pl.concat(pieces, how="diagonal_relaxed") if pieces else table.sample
    if "land" not in found.names:
        shown = ", ".join(table.names[:12])
        raise InputError(f"{name}: no column of land among {shown}; say which it is")
    if found.untold:
        raise InputError(f"{name}: the unit of {found.names[found.untold[0]]} is not told; choose it")
    return _parks(district, frame, found, datum)


def _parks(district: District, frame: pl.DataFrame, found: ParkColumns, datum: Datum | str) -> Parks:
    faults: dict[tuple[int, str], Said] = {}
    values = {role: _column(frame, found, role, faults) for role in AMOUNTS if role in found.names}
    names = _texts(frame, found.names.get("name"))
    bars: dict[int, Said] = {}
    notes: dict[int, list[Said]] = {}
    for row in np.flatnonzero(~(values["land"] > 0)).tolist():
        zero = values["land"][row] == 0
        bars[row] = faults.get((row, "land")) or Said("land.problem_no_land" if not zero else "land.problem_zero_land")
    unit_ids, known, guessed = _units(district, frame, found, datum, notes)
    _too_large(district, values["land"], unit_ids, bars)
    seen: dict[str, int] = {}
    for row, called in enumerate(names):
        form = re.sub(r"\s", "", fold(called[:80]))
        if form in SUMS:
            bars[row] = Said("land.problem_sum")
        elif form:
            if form in seen:
                notes.setdefault(row, []).append(Said("land.note_twice", {"row": seen[form] + 1}))
            seen.setdefault(form, row)
    for row in np.flatnonzero(_blank(frame)).tolist():
        bars[row] = Said("land.problem_empty")
        notes.pop(row, None)
    told = {row: tuple(said) for row, said in notes.items()}
    return Parks(frame, found, names, values, unit_ids, bars, faults, told, known, guessed)


def _column(frame: pl.DataFrame, found: ParkColumns, role: str, faults: dict[tuple[int, str], Said]) -> np.ndarray:
    kind, unit = KINDS[role], found.units[role]
    values = np.full(frame.height, np.nan)
    for row, cell in enumerate(frame[found.names[role]].to_list()):
        value = amount(cell, kind, unit)
        if value is None:
            continue
        shown = {"what": Said(f"land.role_{role}"), "found": str(cell).strip()[:SHOWN]}
        if math.isnan(value):
            faults[row, role] = Said("land.problem_no_number", shown)
        elif value < 0 and role not in MAY_BE_NEGATIVE:
            faults[row, role] = Said("land.problem_negative", shown)
        else:
            values[row] = value
    return values


def _texts(frame: pl.DataFrame, column: str | None) -> tuple[str, ...]:
    if column is None:
        return ("",) * frame.height
    return tuple(frame[column].cast(pl.String).fill_null("").str.strip_chars().to_list())


def _blank(frame: pl.DataFrame) -> np.ndarray:
    return (
        frame.select(pl.all_horizontal(pl.all().cast(pl.String, strict=False).fill_null("").str.strip_chars() == ""))
        .to_series()
        .to_numpy()
    )


def unit_names(district: District) -> dict[str, str]:
    """Ids of places by every folded way of writing their names."""
    forms: dict[str, str] = {}
    for place in district.catalogue.places.values():
        written = [place.id, place.name.zh, place.name.en, place.short.zh, place.short.en, *place.aliases]
        for name in filter(None, written):
            forms.setdefault(_bare(name), place.id)
    for place in district.catalogue.at(Level.UNIT):  # the short name of a unit wins over that of a larger place
        for name in (place.name.zh, place.short.zh, place.short.en):
            if name:
                forms[_bare(name)] = place.id
    return forms


def _bare(name: str) -> str:
    form = re.sub(r"[\s\-_–—·'’]", "", fold(name[:80]))
    return next((form[: -len(end)] for end in _ENDINGS if form.endswith(end) and len(form) > len(end)), form)


def _units(district, frame, found: ParkColumns, datum, notes):
    """The unit of each row: the one that is named, else the one that the coordinates lie in."""
    units: list[str | None] = [None] * frame.height
    forms = unit_names(district)
    named = _texts(frame, found.names.get("unit"))
    places = {text: forms.get(_bare(text)) for text in set(named) if text}
    for row, text in enumerate(named):
        place = places.get(text)
        if place is not None and district.catalogue.places[place].level == Level.UNIT:
            units[row] = place
        elif text and fold(text) not in MISSING:
            key = "land.note_no_unit" if place is None else "land.note_larger"
            notes.setdefault(row, []).append(Said(key, {"found": text[:SHOWN]}))
    if not {"longitude", "latitude"} <= set(found.names):
        return tuple(units), None, None
    at = (found.names["longitude"], found.names["latitude"])
    lon, lat = (frame[name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy() for name in at)
    guessed = guess(district, lon, lat) if datum == AUTO else None
    known = guessed.datum if guessed else Datum(datum)
    pair = frame.select(pl.col(at[0]).alias("lon"), pl.col(at[1]).alias("lat"))
    located = locate_frame(district, pair, known, ("lon", "lat"), guessed)
    for row, (unit, near, problem) in enumerate(located.select("unit", "within_uncertainty", "problem").iter_rows()):
        if problem is not None:
            if units[row] is None and problem != "missing":
                notes.setdefault(row, []).append(Said(f"land.point_{problem}"))
        elif units[row] is None:
            units[row] = unit
            said = "land.note_outside" if unit is None else "land.note_edge" if near else None
            if said:
                notes.setdefault(row, []).append(Said(said))
        elif unit != units[row] and not near:
            where = district.catalogue.places[unit].short if unit else Said("land.no_unit")
            notes.setdefault(row, []).append(Said("land.note_elsewhere", {"place": where}))
    return tuple(units), known, guessed


def _too_large(district: District, land: np.ndarray, unit_ids, bars: dict[int, Said]) -> None:
    """Land cannot be larger than what it lies in: such a row shows a slip of units, and would be rated far too low."""
    room = {
        place.id: (district.area_km2(place.id) + district.uncertainty_km2(place.id)) * 100.0
        for place in district.catalogue.at(Level.UNIT)
    }
    room[None] = sum(room.values())
    most = np.array([room[unit] for unit in unit_ids])
    for row in np.flatnonzero(land > most).tolist():
        facts = {"land": f"{land[row]:,.1f}", "room": f"{most[row]:,.0f}"}
        bars[row] = Said("land.problem_too_large" if unit_ids[row] else "land.problem_larger_than_all", facts)
