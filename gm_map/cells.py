"""Cells of a CSV file: quoted where they must be, and none that a spreadsheet would take for a formula.

Text that begins with ``= + - @`` (or a tab, which spreadsheets skip) gets an apostrophe before it; numbers stay
numbers.
"""

from collections.abc import Sequence

import polars as pl

__all__ = ["line", "quoted", "safe"]

FORMULA = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
SPECIAL = r'[",\r\n]'


def safe(column: pl.Series) -> pl.Series:
    """A column of text with an apostrophe before every cell that would be read as a formula; others unchanged."""
    if column.dtype != pl.String or not column.str.contains(FORMULA).any():
        return column
    formula = column.str.contains(FORMULA) & ~column.str.contains(NUMBER)
    text = pl.lit(column)
    return pl.select(pl.when(pl.lit(formula)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)).to_series()


def quoted(column: pl.Series) -> pl.Series:
    """A column of text, made `safe`, as its cells stand in a CSV file: in quotation marks where they need them.

    Then the file can be written without looking at each cell again (``quote_style="never"``).
    """
    # One look at each cell is enough for most columns: that is what a large file costs.
    if column.dtype != pl.String or _whole(column) or not column.str.contains(f"{FORMULA}|{SPECIAL}").any():
        return column
    text = safe(column)
    special = text.str.contains(SPECIAL)
    if not special.any():
        return text
    doubled = pl.concat_str(pl.lit('"'), pl.lit(text.str.replace_all('"', '""', literal=True)), pl.lit('"'))
    return pl.select(pl.when(pl.lit(special)).then(doubled).otherwise(pl.lit(text))).to_series()


def _whole(column: pl.Series) -> bool:
    """Whether every cell is a whole number: soon seen, and then there is nothing to look for."""
    return all(part.cast(pl.Int64, strict=False).null_count() == 0 for part in (column.head(100), column))


def line(cells: Sequence[str]) -> str:
    """A line of a CSV file, without its end."""
    return ",".join(quoted(pl.Series(cells, dtype=pl.String)))
