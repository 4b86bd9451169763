"""Results as files: CSV, XLSX, GeoJSON, written piece by piece, so that memory does not grow with them.

A cell of text that a spreadsheet would take for a formula never leaves as one: in CSV an apostrophe stands before it,
in XLSX it is written as a string. A file takes its name when it is complete.
"""

import codecs
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl
import xlsxwriter

from gm_map.cells import safe
from gm_map.errors import InputError

__all__ = ["FORMATS", "CsvWriter", "GeoJsonWriter", "XlsxWriter", "guarded", "writing"]

FORMATS = (".csv", ".xlsx", ".geojson")
MOST_XLSX_ROWS = 1_048_575  # of a sheet, below its header
LONGEST_XLSX_CELL = 32_767
CUT = "…"


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with an apostrophe before every text, and every name of a column, that would be read as a formula."""
    names = safe(pl.Series(frame.columns, dtype=pl.String)).to_list()
    return pl.DataFrame([safe(column).alias(name) for column, name in zip(frame.iter_columns(), names, strict=True)])


@contextmanager
def writing(
    target: Path | str,
    titles: tuple[str, str] = ("results", "method"),
    points: Mapping[str, tuple[float, float]] | None = None,
    columns: Sequence[str] = ("unit", "cluster", "zone"),
) -> Iterator["CsvWriter | XlsxWriter | GeoJsonWriter"]:
    """A writer for the format that a name ends with; the file is there when all went well, and not before.

    Parameters
    ----------
    target : path
        Ends with one of `FORMATS`.
    titles : tuple of str
        Names of the two sheets of a workbook.
    points, columns
        See `GeoJsonWriter`.

    Raises
    ------
    InputError
        For another ending, a place that cannot be written to, or more rows than a workbook holds.
    """
    target = Path(target)
    kind = target.suffix.lower()
    if kind not in FORMATS:
        wanted = ", ".join(FORMATS)
        raise InputError(f"{target.name}: found “{kind}”, wanted one of {wanted}; give the file such an ending")
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            if kind == ".csv":
                writer = CsvWriter(file)
            elif kind == ".xlsx":
                writer = XlsxWriter(file, titles)
            else:
                writer = GeoJsonWriter(file, points or {}, columns)
            yield writer
            writer.close()
        part.replace(target)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror or error}; choose another place") from error
    finally:
        part.unlink(missing_ok=True)


class CsvWriter:
    """CSV in UTF-8 with a mark at the start, without which Excel takes it for the local encoding."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._begun = False
        file.write(codecs.BOM_UTF8)

    def write(self, frame: pl.DataFrame) -> None:
        """Append rows; all pieces have the columns of the first."""
        guarded(frame).write_csv(self._file, include_header=not self._begun)
        self._begun = True

    def method(self, rows: Iterable[tuple[str, object]]) -> None:
        """A table has no place for it."""

    def close(self) -> None:
        """Nothing is left to do."""


class XlsxWriter:
    """A workbook of two sheets; texts are strings, whatever they begin with, and no address becomes a link.

    ``created`` is the date that it carries, where that is not to be the clock's.
    """

    def __init__(self, file: BinaryIO, titles: tuple[str, str], created: datetime | None = None):
        options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._book = xlsxwriter.Workbook(file, {**options, "constant_memory": True})
        if created:
            self._book.set_properties({"created": created})
        self._results, self._method = (self._book.add_worksheet(title) for title in titles)
        self._bold = self._book.add_format({"bold": True})
        self._rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        """Append rows; a text longer than a cell holds is cut, with a sign that it is."""
        sheet = self._results
        if not self._rows:
            for place, name in enumerate(frame.columns):
                sheet.write_string(0, place, _cell(name), self._bold)
            sheet.freeze_panes(1, 0)
        if self._rows + frame.height > MOST_XLSX_ROWS:
            raise InputError(
                f"a sheet holds {MOST_XLSX_ROWS:,} rows, and there are more; write a file that ends in .csv"
            )
        for row in frame.iter_rows():
            self._rows += 1
            for place, value in enumerate(row):
                _write(sheet, self._rows, place, value)

    def method(self, rows: Iterable[tuple[str, object]]) -> None:
        """The sheet of how the result was made: what, and its value."""
        self._method.set_column(0, 0, 28)
        self._method.set_column(1, 1, 80)
        for number, (what, value) in enumerate(rows):
            self._method.write_string(number, 0, _cell(what), self._bold)
            _write(self._method, number, 1, value)

    def close(self) -> None:
        """Write all to the file."""
        self._book.close()


def _write(sheet, row: int, place: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        sheet.write_string(row, place, _cell(str(value)))
    elif math.isfinite(value):
        sheet.write_number(row, place, value)


def _cell(text: str) -> str:
    return text if len(text) <= LONGEST_XLSX_CELL else text[: LONGEST_XLSX_CELL - len(CUT)] + CUT


class GeoJsonWriter:
    """RFC 7946: one feature a row, at the label point of the finest place that it has; without one, no geometry.

    The points are not addresses: every feature says so (``indicative``).

    Parameters
    ----------
    points : mapping of str to (longitude, latitude)
        By the name that stands in ``columns``; degrees in WGS 84.
    columns : sequence of str
        Names of the columns of places, the finest first.
    """

    def __init__(self, file: BinaryIO, points: Mapping[str, tuple[float, float]], columns: Sequence[str]):
        self._file, self._points, self._columns = file, points, columns
        self._begun = False
        file.write(b'{"type": "FeatureCollection", "features": [')

    def write(self, frame: pl.DataFrame) -> None:
        """Append rows."""
        lines = []
        for row in frame.iter_rows(named=True):
            place = next((row[name] for name in self._columns if row.get(name) in self._points), None)
            at = self._points.get(place)
            feature = {
                "type": "Feature",
                "geometry": None if at is None else {"type": "Point", "coordinates": list(at)},
                "properties": {**row, "indicative": True, "point_of": place},
            }
            lines.append(json.dumps(feature, ensure_ascii=False, default=str, allow_nan=False))
        if lines:
            self._file.write(((",\n" if self._begun else "\n") + ",\n".join(lines)).encode())
            self._begun = True

    def method(self, rows: Iterable[tuple[str, object]]) -> None:
        """Nothing: the format has no place for it that every program reads."""

    def close(self) -> None:
        """End the collection."""
        self._file.write(b"\n]}\n")
