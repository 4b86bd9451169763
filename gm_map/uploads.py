"""Tables that people hand in: CSV and TSV in any encoding that offices use, XLSX, Parquet; read in pieces, never run.

Formulas are not evaluated (the values that the workbook holds are taken), links are not followed, nothing is unpickled.
All cells of CSV and XLSX come as text, as they stood. Rows are never dropped and keep their order.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

import polars as pl

from gm_map.encodings import decoded, encoding_of, separator_of
from gm_map.errors import InputError

__all__ = [
    "LONGEST_TEXT",
    "ON_DISK",
    "SPILLED",
    "UPLOAD",
    "Limits",
    "Problem",
    "Table",
    "read_table",
    "readable",
]

LONGEST_TEXT = 5_000  # characters of a description that are read
ROWS = 20_000  # rows at a time
SAMPLE = 200  # rows that columns are judged by
MOST_UNPACKED = 2 << 30  # bytes that a workbook may unpack to
MOST_COLUMNS = 1_000
SPILLED = "_more"  # where cells go that a row has beyond its header

CONTROLS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff]"
)


class Problem(StrEnum):
    """What is wrong with a row; it comes back all the same. The last ones are read as far as they can be."""

    EMPTY = "empty text"
    NO_WORDS = "no words"
    TOO_LONG = "text cut"
    CONTROLS = "control characters removed"
    SPILLED = "more cells than columns"  # with the cells


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken: bytes of the file, rows, characters of a cell."""

    bytes: int
    rows: int
    cell: int


UPLOAD = Limits(200 << 20, 1_000_000, 1_000_000)  # through the page
ON_DISK = Limits(8 << 30, 50_000_000, 1_000_000)  # on the command line, where the file is never held whole


@dataclass(frozen=True, eq=False)
class Table:
    """A table that is open: its format and encoding, its columns, and pieces of at most `ROWS` rows.

    ``pieces`` gives frames and the share of the file that is done (0 to 1) after each, and can be gone through once;
    ``sample`` are the first rows. A piece with rows that have more cells than the header holds them in `SPILLED`.
    """

    format: str
    encoding: str | None
    names: tuple[str, ...]
    sample: pl.DataFrame
    pieces: Iterator[tuple[pl.DataFrame, float]]


@contextmanager
def read_table(source: Path | str | bytes, name: str | None = None, limits: Limits = UPLOAD) -> Iterator[Table]:
    """Open a table.

    Parameters
    ----------
    source : path or bytes
    name : str, optional
        What the file is called in messages; the path's own name by default.
    limits : Limits

    Raises
    ------
    InputError
        For a file that is not there, too large, empty, or no table; in the pieces too, naming the row.
    """
    if not isinstance(source, bytes):
        source = Path(source)
        if not source.is_file():
            raise InputError(f"no such file: {source}")
    name = name or (source.name if isinstance(source, Path) else "the table")
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.bytes:
        wanted = f"{limits.bytes >> 20:,} MB at most"
        raise InputError(
            f"{name}: found {size / (1 << 20):,.0f} MB, wanted {wanted}; split it, or use the command line"
        )
    if not size:
        raise InputError(f"{name} is empty; give a table with a row of names first")
    with ExitStack() as opened_files:
        file = opened_files.enter_context(io.BytesIO(source) if isinstance(source, bytes) else source.open("rb"))
        start = file.read(8)
        file.seek(0)
        if start[:4] == b"PK\x03\x04":
            opened = _xlsx(file, name)
        elif start[:4] == b"PAR1":
            opened = _parquet(file, name)
        elif start[:4] == b"\xd0\xcf\x11\xe0":
            raise InputError(f"{name} is an old workbook or one with a password; save it as .xlsx without one")
        else:
            encoding = encoding_of(file, name)
            opened = _text(file, opened_files.enter_context(decoded(file, encoding)), name, size, limits)
        yield replace(opened, pieces=_counted(opened.pieces, name, limits))


def _counted(pieces, name: str, limits: Limits):
    rows = 0
    for frame, share in pieces:
        rows += frame.height
        if rows > limits.rows:
            raise InputError(f"{name}: found more than {limits.rows:,} rows, wanted no more; split it")
        yield frame, share


def _unique(names: Sequence[str | None]) -> tuple[str, ...]:
    """Names of columns: those that are empty are numbered, those that stand twice get a suffix."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        name = (name or "").strip() or f"column_{place}"
        suffix, free = 2, name
        while free in found:
            free, suffix = f"{name}_{suffix}", suffix + 1
        found[free] = None
    return tuple(found)


# Text


def _text(file, lines, name: str, size: int, limits: Limits) -> Table:
    first = lines.readline(limits.cell)
    separator = separator_of(first)
    lines.seek(0)
    # The module keeps one limit for the process: set anew at each opening, it is ours.
    csv.field_size_limit(limits.cell)
    reader = csv.reader(lines, delimiter=separator)
    header: list[str] | None = []
    while header == []:  # lines with nothing on them above the names
        header = next(iter(_taken(reader, 1, name, limits)), None)
    if header is None or not any(cell.strip() for cell in header):
        raise InputError(f"{name} has no row of names; write what each column is above it")
    if len(header) > MOST_COLUMNS:
        raise InputError(f"{name}: found {len(header):,} columns, wanted {MOST_COLUMNS:,} at most; leave some out")
    names = _unique(header)
    ahead = _taken(reader, ROWS, name, limits)

    def pieces():
        piece = ahead
        while piece:
            following = _taken(reader, ROWS, name, limits)
            if not following:
                # Lines with nothing on them are rows where others follow; at the end of a file they are none.
                while piece and not piece[-1]:
                    piece.pop()
            if piece:
                yield _frame(piece, names), file.tell() / size if following else 1.0
            piece = following

    kind = "tsv" if separator == "\t" else "csv"
    return Table(kind, lines.encoding, names, _frame(ahead[:SAMPLE], names).select(names), pieces())


def _taken(reader, most: int, name: str, limits: Limits) -> list[list[str]]:
    """The next rows, as many as there are."""
    try:
        return list(islice(reader, most))
    except csv.Error as error:
        raise InputError(
            f"{name} · line {reader.line_num}: found a cell of more than {limits.cell:,} characters, wanted a "
            f"shorter one; look for a quotation mark before it that is not closed ({error})"
        ) from error


def _frame(rows: list[list[str]], names: tuple[str, ...]) -> pl.DataFrame:
    """Rows as a frame of text; short ones are filled up, what is beyond the header goes to `SPILLED`."""
    width = len(names)
    spilled = None
    if set(map(len, rows)) - {width}:
        spilled = ["; ".join(row[width:]) or None for row in rows]
        rows = [row[:width] + [""] * (width - len(row)) for row in rows]
    columns = list(zip(*rows, strict=True)) or [()] * width
    frame = pl.DataFrame([pl.Series(name, list(c), dtype=pl.String) for name, c in zip(names, columns, strict=True)])
    if spilled and any(spilled):
        frame = frame.with_columns(pl.Series(SPILLED, spilled, dtype=pl.String))
    return frame


# Workbooks and Parquet


def _xlsx(file, name: str) -> Table:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(f"{name} is no whole workbook ({error}); save it again as .xlsx") from error
    if unpacked > MOST_UNPACKED:
        raise InputError(f"{name} unpacks to {unpacked >> 20:,} MB, more than any table needs; save it as CSV")
    import fastexcel  # only here: a CSV needs no reader of workbooks

    file.seek(0)
    try:
        book = fastexcel.read_excel(file.read())
        whole = next(
            (
                sheet
                for position in range(len(book.sheet_names))
                if (sheet := book.load_sheet(position, header_row=None, dtypes="string").to_polars()).height
            ),
            None,
        )
    except fastexcel.FastExcelError as error:
        raise InputError(f"{name} is no workbook: {str(error).splitlines()[0]}; save it as .xlsx or CSV") from error
    if whole is None:
        raise InputError(f"{name} has no sheet with anything on it")
    names = _unique(whole.row(0))
    body = whole[1:]
    body.columns = list(names)
    body = body.with_columns(pl.all().cast(pl.String).fill_null(""))
    return Table("xlsx", None, names, body.head(SAMPLE), _slices(body))


def _slices(body: pl.DataFrame):
    for start in range(0, body.height, ROWS):
        yield body[start : start + ROWS], min(1.0, (start + ROWS) / body.height)


def _parquet(file, name: str) -> Table:
    import pyarrow
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file)
        total = max(opened.metadata.num_rows, 1)
        sample = _plain(next(opened.iter_batches(SAMPLE), None), opened.schema_arrow)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{name} is no Parquet file: {str(error).splitlines()[0]}") from error

    def pieces():
        done = 0
        try:
            for batch in opened.iter_batches(ROWS):
                done += batch.num_rows
                yield _plain(batch, opened.schema_arrow), done / total
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError(f"{name} · row {done + 1:,}: cannot be read ({error})") from error

    return Table("parquet", None, tuple(sample.columns), sample, pieces())


def _plain(batch, schema) -> pl.DataFrame:
    """A piece as a frame; what is no text, number, date or truth comes as text, as Python shows it."""
    frame = pl.from_arrow(schema.empty_table() if batch is None else batch)
    frame.columns = list(_unique(frame.columns))
    simple = (pl.String, pl.Boolean, pl.Date, pl.Datetime, pl.Time)
    odd = [name for name, kind in frame.schema.items() if not (kind.is_numeric() or kind in simple)]
    return frame.with_columns(
        pl.Series(name, [None if v is None else str(v) for v in frame[name].to_list()], dtype=pl.String) for name in odd
    )


# Texts


def readable(frame: pl.DataFrame, column: str) -> tuple[list[str], list[str | None]]:
    """What of a column can be read, and what is wrong with each row.

    Returns
    -------
    tuple of list
        Texts without control characters and marks of direction, at most `LONGEST_TEXT` long, "" where there is nothing
        to read; and for each row its problems (values of `Problem`, joined by "; ") or None. Cells beyond the header
        are told with their problem.
    """
    raw = frame[column].cast(pl.String).fill_null("").alias("raw")
    checked = (
        pl.DataFrame([raw])
        .with_columns(text=pl.col("raw").str.replace_all(CONTROLS, ""))
        .select(
            pl.when(~pl.col("text").str.contains(r"\S"))
            .then(pl.lit(Problem.EMPTY))
            .when(~pl.col("text").str.contains(r"\p{L}"))
            .then(pl.lit(Problem.NO_WORDS))
            .alias("bad"),
            pl.when(pl.col("text").str.len_chars() > LONGEST_TEXT).then(pl.lit(Problem.TOO_LONG)).alias("long"),
            pl.when(pl.col("text") != pl.col("raw")).then(pl.lit(Problem.CONTROLS)).alias("controls"),
            pl.col("text").str.slice(0, LONGEST_TEXT),
        )
        .with_columns(text=pl.when(pl.col("bad").is_null()).then(pl.col("text")).otherwise(pl.lit("")))
    )
    if SPILLED in frame.columns:
        beyond = pl.concat_str(pl.lit(f"{Problem.SPILLED}: "), frame[SPILLED])
        checked = checked.with_columns(beyond.alias("beyond"))
    kinds = [name for name in checked.columns if name != "text"]
    problem = checked.select(pl.concat_str(kinds, separator="; ", ignore_nulls=True).alias("problem"))["problem"]
    return checked["text"].to_list(), [words or None for words in problem.to_list()]
