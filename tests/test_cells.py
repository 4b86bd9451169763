"""Cells of a CSV file: what goes out can be read back, and nothing in it is a formula."""

import csv
import io

import polars as pl
import pytest

from gm_map.cells import line, quoted, safe

CELLS = [
    "=1",
    "+86 1",
    "-x",
    "@a",
    "\t=1",
    "-5",
    "+1.5",
    "-.5e-3",
    "a=b",
    "",
    "甲,乙",
    'say "x"',
    "two\nlines",
    "=1,2",
    None,
]


def test_formulas_are_disarmed_and_numbers_are_not():
    assert safe(pl.Series(CELLS)).to_list() == [
        *("'=1", "'+86 1", "'-x", "'@a", "'\t=1", "-5", "+1.5", "-.5e-3", "a=b", ""),
        *("甲,乙", 'say "x"', "two\nlines", "'=1,2", None),
    ]


def test_quoted_cells_read_back():
    written = "\n".join(f"{cell or ''},end" for cell in quoted(pl.Series(CELLS)))
    read = [row[0] for row in csv.reader(io.StringIO(written))]
    assert read == [cell or "" for cell in safe(pl.Series(CELLS))]


@pytest.mark.parametrize(
    "column", [pl.Series(["a", None, "b"]), pl.Series([1.5, -2.0]), pl.Series([], dtype=pl.String)]
)
def test_what_needs_nothing_is_left_alone(column):
    assert safe(column) is column
    assert quoted(column) is column


def test_a_line():
    assert line(["a", "b,c", "=x", ""]) == 'a,"b,c",\'=x,'
