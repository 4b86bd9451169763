"""A table of points, file to file: every row comes back, with the unit, cluster and zone that it is in.

Read and written in pieces, so that memory does not grow with the file. What cannot be located is marked in the column
``problem`` and the row kept. No cell leaves as a formula (`gm_map.cells`).
"""

import codecs
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from gm_map.cells import line, quoted
from gm_map.datum import Datum, Guess, convert, guess
from gm_map.district import District
from gm_map.errors import InputError
from gm_map.locate import AUTO, locate_many
from gm_map.model import Level
from gm_map.unit_grid import NOWHERE

__all__ = [
    "COLUMNS",
    "LATITUDE",
    "LONGITUDE",
    "PROBLEMS",
    "Report",
    "coordinate_columns",
    "locate_file",
    "locate_frame",
]

COLUMNS = ("unit", "cluster", "zone", "lon_wgs84", "lat_wgs84", "datum", "edge_m", "within_uncertainty", "problem")
# Names that a column of coordinates goes by, likeliest first; compared in small letters.
LONGITUDE = ("longitude", "lon", "lng", "long", "经度", "經度", "lon_wgs84", "lon_gcj02", "lng_gcj02", "lon_bd09", "x")
LATITUDE = ("latitude", "lat", "纬度", "緯度", "lat_wgs84", "lat_gcj02", "lat_bd09", "y")
PROBLEMS = ("missing", "not a number", "zero", "axes swapped", "out of range")

ROWS = 200_000  # rows at a time
BYTES = 1 << 22  # bytes at a time, where the text of a file is checked or rewritten
DECIMALS = 7  # of a degree: a centimetre
LINES = 8192  # lines that are made and written at a time
ENDS = 1 << 16  # tenths of a metre to an edge that are kept as text: 6.5 km


@dataclass(frozen=True, slots=True)
class Report:
    """What was done: rows read, rows located (in a unit), rows with a problem, and how the file was understood."""

    rows: int
    in_units: int
    problems: int
    longitude: str
    latitude: str
    encoding: str
    datum: Datum
    guess: Guess | None


def locate_file(
    district: District,
    source: Path | str,
    target: Path | str,
    datum: Datum | str = Datum.WGS84,
    *,
    longitude: str | None = None,
    latitude: str | None = None,
    language: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Locate every point of a CSV file.

    Parameters
    ----------
    source, target : path
        UTF-8 (with or without a byte order mark) or GB18030; parted by comma, semicolon or tab. The result is UTF-8,
        parted by commas, with a mark where the source had one or was GB18030; it appears only when it is complete.
    datum : Datum or "auto"
        "auto" guesses from the first `ROWS` rows; where it cannot be told WGS 84 is assumed. The column ``datum`` says
        which: ``gcj02``, ``gcj02 (guessed)`` or ``wgs84 (assumed)``.
    longitude, latitude : str, optional
        Names of the columns, where they are not among `LONGITUDE` and `LATITUDE`.
    language : {"zh", "en"}, optional
        Writes names of places; ids by default.
    progress : callable, optional
        Called with the number of rows done so far; an exception that it raises ends the work and leaves no result.

    Raises
    ------
    InputError
        For a file that cannot be read or written, columns that are not there, or a datum that does not exist.
    """
    source, target = Path(source), Path(target)
    if datum != AUTO and datum not in tuple(Datum):
        raise InputError(f"no such datum: “{datum}”; take one of {', '.join([*Datum, AUTO])}")
    if not source.is_file():
        raise InputError(f"no such file: {source}")
    if target.exists() and target.samefile(source):
        raise InputError(f"{target} is the file that is read; give another name for the result")
    known = None if datum == AUTO else Datum(datum)
    task = _Task(district, known, longitude, latitude, language, progress)
    encoding = _encoding(source)
    try:
        return task.run(source, target, encoding)
    except pl.exceptions.PolarsError as error:
        # Only the start of the file was looked at: the first Chinese may stand far below.
        if encoding != "utf-8" or "utf-8" not in str(error):
            raise InputError(f"{source} is no table: {str(error).splitlines()[0]}") from error
    try:
        return task.run(source, target, "gb18030")
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{source} is no table: {str(error).splitlines()[0]}") from error


@dataclass(frozen=True, slots=True)
class _Task:
    """What is the same for every piece of a file."""

    district: District
    datum: Datum | None
    longitude: str | None
    latitude: str | None
    language: str | None
    progress: Callable[[int], None] | None

    def run(self, source: Path, target: Path, encoding: str) -> Report:
        """Locate a file of this encoding."""
        with (
            _as_utf8(source, encoding) as readable,
            _complete(target) as file,
            ThreadPoolExecutor(1) as writer,  # one piece is written while the next is located
        ):
            table = _scan(readable)
            names = table.collect_schema().names()
            columns = coordinate_columns(names, self.longitude, self.latitude)
            header = [*names, *(_free(name, names) for name in COLUMNS)]
            file.write((codecs.BOM_UTF8 if encoding != "utf-8" else b"") + f"{line(header)}\n".encode())
            done = in_units = problems = 0
            found, datum, writing = None, self.datum, None
            for batch in table.collect_batches(chunk_size=ROWS, maintain_order=True):
                if datum is None:
                    lon, lat, _ = _coordinates(batch, columns)
                    found = guess(self.district, lon, lat)
                    datum = found.datum
                located = _located(self.district, batch, datum, columns)
                if writing:
                    writing.result()
                writing = writer.submit(self._write, file, batch, located, _word(datum, found), columns)
                done += batch.height
                in_units += int((located.unit != len(located.unit_ids)).sum())
                problems += batch.height - located.problem.null_count()
                if self.progress:
                    self.progress(done)
            if writing:
                writing.result()
        return Report(done, in_units, problems, *columns, encoding, datum or Datum.WGS84, found)

    def _write(self, file, batch: pl.DataFrame, found: "_Located", word: str, columns: tuple[str, str]) -> None:
        lines = _lines(self.district, batch, found, word, columns, self.language)
        lines.write_csv(file, include_header=False, quote_style="never", batch_size=LINES)


def coordinate_columns(names: list[str], longitude: str | None = None, latitude: str | None = None) -> tuple[str, str]:
    """The columns of longitude and latitude among these names; InputError where one is not there.

    Parameters
    ----------
    names : list of str
    longitude, latitude : str, optional
        As a person gave them; they must exist.
    """
    by_form = {name.strip().lower(): name for name in reversed(names)}
    found = []
    for given, forms, what in ((longitude, LONGITUDE, "longitude"), (latitude, LATITUDE, "latitude")):
        name = next((by_form[form] for form in ((given.strip().lower(),) if given else forms) if form in by_form), None)
        if name is None:
            wanted = f"“{given}”" if given else f"one of {', '.join(forms)}"
            raise InputError(f"no column of {what}: found {', '.join(names)}; wanted {wanted}")
        found.append(name)
    return found[0], found[1]


def locate_frame(
    district: District,
    frame: pl.DataFrame,
    datum: Datum,
    columns: tuple[str, str],
    guessed: Guess | None = None,
    language: str | None = None,
) -> pl.DataFrame:
    """A table with `COLUMNS` added; a column of the table that has one of their names keeps it, and ours gets a ``_2``.

    Parameters
    ----------
    frame : polars.DataFrame
        Coordinates as text or numbers.
    columns : tuple of str
        Names of the columns of longitude and latitude, in ``datum``.
    guessed : Guess, optional
        What ``datum`` was guessed by.
    language : {"zh", "en"}, optional
        Names of places instead of ids.
    """
    found = _located(district, frame, datum, columns)
    values = [
        *(names.gather(found.unit) for names in _names(district, found.unit_ids, language)),
        found.lon,
        found.lat,
        pl.Series([_word(datum, guessed)]).new_from_index(0, frame.height),
        found.edge_m,
        found.within,
        found.problem,
    ]
    added = [value.alias(_free(name, frame.columns)) for name, value in zip(COLUMNS, values, strict=True)]
    return frame.hstack(added)


@dataclass(frozen=True, slots=True)
class _Located:
    """What is known of each row: the number of its unit (as many as there are units: none), and our other columns."""

    unit_ids: tuple[str, ...]
    unit: pl.Series
    lon: pl.Series
    lat: pl.Series
    edge_m: pl.Series
    within: pl.Series
    problem: pl.Series


def _located(district: District, frame: pl.DataFrame, datum: Datum, columns: tuple[str, str]) -> _Located:
    lon, lat, problem = _coordinates(frame, columns)
    lon, lat = convert(lon, lat, datum, Datum.WGS84)
    found = locate_many(district, lon, lat)
    within = pl.Series(found.within_uncertainty)
    if problem.null_count() < len(problem):
        within = within.set(problem.is_not_null(), None)
    return _Located(
        found.unit_ids,
        pl.Series(np.where(found.unit == NOWHERE, len(found.unit_ids), found.unit).astype(np.uint32)),
        pl.Series(lon.round(DECIMALS)).fill_nan(None),
        pl.Series(lat.round(DECIMALS)).fill_nan(None),
        pl.Series(found.edge_m.round(1)).fill_nan(None),
        within,
        problem,
    )


def _lines(
    district: District,
    batch: pl.DataFrame,
    found: _Located,
    word: str,
    columns: tuple[str, str],
    language: str | None,
) -> pl.DataFrame:
    """The table as its cells stand in the file. Cells of ours that belong together are joined already: it is the number
    of columns that writing costs."""
    sound = columns if found.problem.null_count() == batch.height else ()
    theirs = [batch[name] if name in sound else quoted(batch[name]) for name in batch.columns]
    places = [
        line(["" if part is None else part for part in row])
        for row in zip(*_names(district, found.unit_ids, language), strict=True)
    ]
    ours = [pl.Series(places).gather(found.unit), found.lon, found.lat, _ends(found, word)]
    return pl.DataFrame([column.alias(str(number)) for number, column in enumerate((*theirs, *ours))])


def _ends(found: _Located, word: str) -> pl.Series:
    """What ends the lines: datum, way to the edge, whether that is within the uncertainty, and problem.

    Most are taken from a table by the way to the edge in tenths of a metre; only the others are put together.
    """
    tenths = np.rint(found.edge_m.fill_null(-1.0).to_numpy() * 10.0)
    within = found.within.fill_null(False).to_numpy()
    usual = (tenths >= 0) & (tenths < ENDS) & found.problem.is_null().to_numpy()
    number = np.where(usual, 2.0 * tenths + within, 0.0).astype(np.uint32)
    table = _usual_ends(word)
    odd = np.flatnonzero(~usual)
    if len(odd):
        number[odd] = len(table) + np.arange(len(odd))
        cells = (found.edge_m, found.within, found.problem)
        texts = [pl.lit(column.gather(odd).cast(pl.String).fill_null("")) for column in cells]
        table = table.clone().append(pl.select(pl.concat_str(pl.lit(word), *texts, separator=",")).to_series())
    return table.gather(number)


@lru_cache(maxsize=2)
def _usual_ends(word: str) -> pl.Series:
    """For each tenth of a metre the end of a line that is not within the uncertainty, and of one that is."""
    number = np.arange(2 * ENDS)
    tenths = pl.Series(number // 2 / 10.0)  # as rounding has them; polars would multiply by 0.1
    within = pl.Series(["false", "true"]).gather(number % 2)
    return pl.select(pl.concat_str(pl.lit(word), tenths.cast(pl.String), within, pl.lit(""), separator=",")).to_series()


def _word(datum: Datum, guessed: Guess | None) -> str:
    return str(datum) if guessed is None else f"{datum} ({'guessed' if guessed.told else 'assumed'})"


def _free(name: str, taken: list[str]) -> str:
    return f"{name}_2" if name in taken else name


def _names(district: District, unit_ids: tuple[str, ...], language: str | None) -> list[pl.Series]:
    """For each level, what stands for each unit's place of it, and nothing at the end for points outside of all."""
    catalogue = district.catalogue
    series = []
    for level in (Level.UNIT, Level.CLUSTER, Level.ZONE):
        places = [
            next(p for p in (id_, *catalogue.ancestors(id_)) if catalogue.places[p].level == level) for id_ in unit_ids
        ]
        words = [catalogue.places[place].name.of(language) for place in places] if language else places
        series.append(pl.Series([*words, None], dtype=pl.String))
    return series


def _coordinates(frame: pl.DataFrame, columns: tuple[str, str]) -> tuple[np.ndarray, np.ndarray, pl.Series]:
    """Longitudes and latitudes, NaN where a row has none, and for each row its problem or null."""
    numbers = [
        pl.col(name).cast(pl.Float64, strict=False).fill_null(float("nan")).alias(f"{at}")
        for at, name in enumerate(columns)
    ]
    lon, lat = (column.to_numpy() for column in frame.select(numbers))
    good = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lon != 0) | (lat != 0))
    if good.all():
        return lon, lat, pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    bad = np.flatnonzero(~good)
    raw = [frame[name].gather(bad).cast(pl.String).str.strip_chars(" \t\u3000") for name in columns]
    found = _problems(*raw)
    lon, lat = lon.copy(), lat.copy()
    for values, text in zip((lon, lat), raw, strict=True):
        # Blanks around a number are no fault of it.
        numbers = pl.select(pl.when(found.is_null()).then(text.cast(pl.Float64, strict=False))).to_series()
        values[bad] = numbers.fill_null(float("nan")).to_numpy()
    number = np.full(frame.height, len(bad), dtype=np.uint32)
    number[bad] = np.arange(len(bad))
    return lon, lat, found.append(pl.Series([None], dtype=pl.String)).gather(number)


def _problems(raw_lon: pl.Series, raw_lat: pl.Series) -> pl.Series:
    lon, lat = pl.col("lon").cast(pl.Float64, strict=False), pl.col("lat").cast(pl.Float64, strict=False)
    rows = pl.DataFrame({"lon": raw_lon, "lat": raw_lat})
    return rows.select(
        pl.when(pl.any_horizontal(pl.col("lon", "lat").fill_null("") == ""))
        .then(pl.lit("missing"))
        .when(~pl.all_horizontal(lon.is_finite().fill_null(False), lat.is_finite().fill_null(False)))
        .then(pl.lit("not a number"))
        .when((lon == 0) & (lat == 0))
        .then(pl.lit("zero"))
        .when((lat.abs() > 90) & (lat.abs() <= 180) & (lon.abs() <= 90))
        .then(pl.lit("axes swapped"))
        .when((lat.abs() > 90) | (lon.abs() > 180))
        .then(pl.lit("out of range"))
        .alias("problem"),
    )["problem"]


def _scan(file: Path) -> pl.LazyFrame:
    """All columns as text, so that they come back as they were."""
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as opened:
        header = opened.readline(BYTES)
    if not header.strip():
        raise InputError(f"{file.name} is empty; give a table with a row of names first")
    separator = max(",;\t", key=header.count)
    return pl.scan_csv(file, infer_schema=False, separator=separator, truncate_ragged_lines=True)


def _encoding(source: Path) -> str:
    """``utf-8``, ``utf-8-sig`` or ``gb18030``, by the first `BYTES` of a file."""
    with source.open("rb") as file:
        start = file.read(BYTES)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise InputError(f"{source} is in UTF-16; save it as UTF-8")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig" if start[:3] == codecs.BOM_UTF8 else "utf-8"


@contextmanager
def _as_utf8(source: Path, encoding: str) -> Iterator[Path]:
    """A file in UTF-8: the source itself, or a copy of it that goes away again."""
    if encoding != "gb18030":
        yield source
        return
    descriptor, name = tempfile.mkstemp(suffix=".csv")
    try:
        with (
            os.fdopen(descriptor, "w", encoding="utf-8", newline="") as copy,
            source.open(encoding="gb18030", newline="") as file,
        ):
            while text := file.read(BYTES):
                copy.write(text)
        yield Path(name)
    except UnicodeDecodeError as error:
        raise InputError(f"{source} is neither UTF-8 nor GB18030; save it as UTF-8") from error
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _complete(target: Path):
    """A file to write to that takes its name only when all has gone well."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
