"""A rating of land as files: a workbook of several sheets, and CSV. No cell of them is ever a formula.

In the workbook texts are strings, whatever they begin with; in CSV see `gm_map.downloads`.
"""

import io
import math
from collections.abc import Sequence

import polars as pl
import xlsxwriter

from gm_map.downloads import CsvWriter

__all__ = ["csv_bytes", "workbook_bytes"]

LONGEST_CELL = 32_767  # characters that a cell of a workbook holds


def workbook_bytes(sheets: Sequence[tuple[str, pl.DataFrame]]) -> bytes:
    """A workbook of these sheets (name and rows), each with its names of columns above it.

    What is missing leaves an empty cell; nothing becomes a formula or a link.
    """
    file = io.BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(file, {**options, "constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for title, frame in sheets:
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            if frame.width == 2:  # what, and its value
                sheet.set_column(0, 0, 28)
                sheet.set_column(1, 1, 100)
            for place, name in enumerate(frame.columns):
                sheet.write_string(0, place, name[:LONGEST_CELL], bold)
            for number, row in enumerate(frame.iter_rows(), start=1):
                for place, value in enumerate(row):
                    _write(sheet, number, place, value)
    return file.getvalue()


def _write(sheet, row: int, place: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        sheet.write_string(row, place, str(value)[:LONGEST_CELL])
    elif math.isfinite(value):
        sheet.write_number(row, place, value)


def csv_bytes(results: pl.DataFrame) -> bytes:
    """The rows as CSV in UTF-8 with a mark at its start."""
    file = io.BytesIO()
    CsvWriter(file).write(results)
    return file.getvalue()
