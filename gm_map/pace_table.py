"""Actual figures out of a table that a person hands in: the good rows, and the others with their reason."""

import polars as pl

from gm_map.errors import InputError
from gm_map.pace import Actual, read_actual
from gm_map.uploads import Limits, read_table

__all__ = ["read"]

LIMITS = Limits(5 << 20, 5_000, 10_000)
COLUMNS = {
    "indicator": ("indicator", "indicator_id", "指标", "指标名称"),
    "year": ("year", "年份", "年"),
    "value": ("value", "actual", "实际值", "数值", "值"),
}


def read(catalogue, content: bytes, name: str) -> tuple[list[Actual], list[tuple[int, str]]]:
    """Read a table of the columns indicator, year and value (in Chinese or English).

    Returns
    -------
    tuple
        The figures; and for each row that is none its number as an office program counts it, and the sentence.

    Raises
    ------
    InputError
        For a file that is no table, or that lacks one of the columns.
    """
    good: list[Actual] = []
    refused: list[tuple[int, str]] = []
    with read_table(content, name, LIMITS) as table:
        columns = [_column(table.names, names) for names in COLUMNS.values()]
        if None in columns:
            wanted = ", ".join(names[2] if number == 0 else names[1] for number, names in enumerate(COLUMNS.values()))
            found = ", ".join(table.names[:12])
            raise InputError(f"{name}: found the columns {found}; wanted {wanted} (indicator, year, value)")
        row = 1
        for frame, _ in table.pieces:
            for cells in frame.select(pl.col(columns).cast(pl.String).fill_null("")).iter_rows():
                row += 1
                try:
                    good.append(read_actual(catalogue, *cells))
                except InputError as error:
                    refused.append((row, str(error)))
    return good, refused


def _column(names, wanted) -> str | None:
    return next((name for name in names if name.strip().casefold() in wanted), None)
