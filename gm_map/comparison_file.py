"""A comparison of places as a file: CSV, or a workbook with a sheet of method."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from gm_map.cells import safe

__all__ = ["write"]

Row = tuple[str, Sequence[str], Sequence[str]]


def write(
    path: Path,
    corner: str,
    names: Sequence[str],
    rows: Sequence[Row],
    sheets: tuple[str, str],
    method: Sequence[tuple[str, object]],
    created: datetime | None = None,
) -> None:
    """Write the file; its ending says which kind.

    Parameters
    ----------
    path : Path
        ``.csv`` (UTF-8 with a byte-order mark, which office programs want) or ``.xlsx``.
    corner : str
        What stands over the first column.
    names : sequence of str
        The places.
    rows : sequence of (what, texts, citations)
        One text and one citation for each place.
    sheets : tuple of str
        Names of the two sheets of a workbook.
    method : sequence of (name, value)
        How the figures came about.
    created : datetime, optional
        The date that a workbook carries, where that is not to be the clock's.
    """
    head = [corner, *(cell for name in names for cell in (name, "§"))]
    table = [[what, *(cell for pair in zip(texts, cites, strict=True) for cell in pair)] for what, texts, cites in rows]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for line in [*[head, *table], [], *([name, str(value)] for name, value in method)]:
                writer.writerow(safe(pl.Series(line, dtype=pl.String)).to_list())
        return
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        if created:
            book.set_properties({"created": created})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        first = book.add_worksheet(sheets[0][:31])
        first.freeze_panes(1, 1)
        first.set_column(0, 0, 20, bold)
        for column in range(len(names)):
            first.set_column(1 + 2 * column, 1 + 2 * column, 42, wrapped)
            first.set_column(2 + 2 * column, 2 + 2 * column, 14, wrapped)
        for number, line in enumerate([head, *table]):
            for column, cell in enumerate(line):
                first.write_string(number, column, cell, bold if number == 0 or column == 0 else wrapped)
        second = book.add_worksheet(sheets[1][:31])
        second.set_column(0, 0, 24, bold)
        second.set_column(1, 1, 110, wrapped)
        for number, (name, value) in enumerate(method):
            second.write_string(number, 0, name)
            second.write_string(number, 1, str(value))
