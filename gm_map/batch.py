"""A table of projects: every row read and given its place, the same answer as one text by itself would get.

Texts that stand several times are read once, places that are asked for several times are ranked once.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl

from gm_map.columns import Columns, find_columns
from gm_map.district import District
from gm_map.downloads import writing
from gm_map.errors import InputError
from gm_map.match import Placing, rank, rank_many
from gm_map.model import Basis, Level, Status
from gm_map.needs import NO_NEEDS
from gm_map.sieve import TELLING, needs_that_tell
from gm_map.uploads import ON_DISK, SPILLED, Limits, read_table, readable

__all__ = ["COLUMNS", "Answers", "Cancelled", "Report", "answers", "clusters_in_order", "match_file", "match_table"]

COLUMNS = (
    "row",
    "status",
    "industry",
    "field",
    "topic",
    "between",
    "cluster",
    "zone",
    "unit",
    "unit_tie",
    "confidence",
    "evidence",
    "problem",
)
STEP = 5_000  # rows between two looks at whether somebody has called it off
DECIMALS = 4  # of the confidence
JOINT = " | "

Weights = Mapping[str, float] | str | None


class Cancelled(Exception):  # noqa: N818 - nothing went wrong: somebody changed their mind
    """The work was called off; no result is left behind."""


class Reads(Protocol):
    """What a reader has to know how to do: `gm_map.reader.reader.Reader`."""

    classes: tuple[str | None, ...]

    def read_many(self, texts: Sequence[str]): ...


@dataclass(frozen=True, eq=False)
class Answers:
    """What many texts are about and where they go; all of one length, in the order of the texts.

    ``topics`` (n, 3) numbers the reader's classes, likeliest first; ``confidence`` (n,) is that of the first, NaN where
    there was nothing to read; ``places`` (n,) numbers ``placings``, the different short answers of the match
    (of a text that is unsure: those for its first topic).
    """

    status: np.ndarray
    topics: np.ndarray
    confidence: np.ndarray
    evidence: Sequence[tuple[str, ...]]
    places: np.ndarray
    placings: Sequence[Placing]

    def placing(self, at: int) -> Placing:
        """The short answer of one text."""
        return self.placings[self.places[at]]


def answers(
    texts: Sequence[str],
    reader: Reads,
    district: District,
    weights: Weights = None,
    known: dict[tuple, Placing] | None = None,
) -> Answers:
    """Read texts and place them; "" is none, with nothing to show for it.

    Parameters
    ----------
    texts : sequence of str
        As `gm_map.uploads.readable` gives them.
    reader : Reader
    district : District
    weights : mapping, str or None
        As `gm_map.match.rank` takes them.
    known : dict, optional
        Keeps what was ranked from one call to the next, of the same district and weights.
    """
    known = {} if known is None else known
    read = reader.read_many(texts)
    best = np.take_along_axis(read.confidence, read.order[:, :1], axis=1)[:, 0] if len(texts) else np.zeros(0)
    confidence = np.where([bool(text) for text in texts], best, np.nan)
    status = [value if text else Status.NONE.value for text, value in zip(texts, read.status.tolist(), strict=True)]
    placed = [at for at, value in enumerate(status) if value != Status.NONE]
    needs = needs_that_tell([texts[at] for at in placed])
    placings, places = [rank_many(district, [()])[0]], np.zeros(len(texts), dtype=np.uint32)
    numbers: dict[tuple, int] = {}
    first = read.order[:, 0].tolist()
    for at, need in zip(placed, needs, strict=True):
        telling = () if need is NO_NEEDS else tuple(key for key in need.keys if key in TELLING)
        asked = first[at], telling, need.land_km2
        number = numbers.get(asked)
        if number is None:
            if asked not in known:
                known[asked] = rank_many(district, [[reader.classes[first[at]]]], [need], weights)[0]
            number = numbers[asked] = len(placings)
            placings.append(known[asked])
        places[at] = number
    return Answers(np.array(status, dtype=object), read.order, confidence, read.evidence, places, tuple(placings))


def clusters_in_order(
    topic_ids: Sequence[str | None], placing: Placing, district: District, weights: Weights = None
) -> tuple[str | None, ...]:
    """Clusters for a row, best first: that of its placing (None where it has none), then the others of its topics."""
    found: dict[str | None, None] = {placing.cluster_id: None}
    for topic in topic_ids:
        if topic is not None:
            places = rank(district, [topic], weights=weights).at(Level.CLUSTER)
            found.update((place.id, None) for place in places if place.basis != Basis.NONE)
    return tuple(found)


def match_table(
    frame: pl.DataFrame,
    columns: Columns,
    reader: Reads,
    district: District,
    weights: Weights = None,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    language: str = "zh",
    words: Callable[[str], str] = str,
    first_row: int = 1,
    known: dict[tuple, Placing] | None = None,
) -> pl.DataFrame:
    """A table with `COLUMNS` after its own; a name that it has already gets a suffix (``status_2``).

    ``between`` are the first two readings of a text that is unsure; ``unit_tie`` the units that cannot be told from the
    one shown, itself among them. Both are parted by " | ".

    Parameters
    ----------
    frame : polars.DataFrame
        A piece from `gm_map.uploads.read_table`, or any frame.
    columns : Columns
    reader : Reader
    district : District
    weights : mapping, str or None
    progress : callable, optional
        Called with the number of rows done.
    cancelled : callable, optional
        Asked every `STEP` rows; True ends the work.
    language : {"zh", "en"}
        Of the names of industries and places.
    words : callable
        What a `gm_map.uploads.Problem` is called; its own English words by default.
    first_row : int
        The number of the first row.
    known : dict, optional
        See `answers`.

    Raises
    ------
    Cancelled
    """
    texts, problems = readable(frame, columns.text)
    different: dict[str, int] = {}
    number = [different.setdefault(text, len(different)) for text in texts]
    unique = list(different)
    # How often each has been seen says how far the table is when the different texts are done one after another.
    reached = np.cumsum(np.bincount(number, minlength=len(unique))) if unique else np.zeros(0, dtype=int)
    pieces, known = [], {} if known is None else known
    for start in range(0, len(unique), STEP):
        if cancelled and cancelled():
            raise Cancelled
        piece = unique[start : start + STEP]
        pieces.append(_named(answers(piece, reader, district, weights, known), reader, district, language))
        if progress:
            progress(int(reached[start + len(piece) - 1]))
    told = pl.concat(pieces) if pieces else _named(answers([], reader, district), reader, district, language)
    told = told[np.array(number, dtype=np.uint32)] if number else told
    said = {problem: "; ".join(words(part) for part in problem.split("; ")) for problem in set(problems) if problem}
    whole = told.with_columns(
        pl.Series("row", range(first_row, first_row + len(texts)), dtype=pl.Int64),
        pl.Series("problem", [said.get(problem) for problem in problems], dtype=pl.String),
    ).select(COLUMNS)
    own = frame.drop(SPILLED, strict=False)
    return own.hstack(whole.rename(titles(own.columns)))


def titles(taken: Sequence[str]) -> dict[str, str]:
    """What each of `COLUMNS` is called beside columns that are there already."""
    names, found = set(taken), {}
    for name in COLUMNS:
        free, suffix = name, 2
        while free in names:
            free, suffix = f"{name}_{suffix}", suffix + 1
        names.add(free)
        found[name] = free
    return found


def _named(found: Answers, reader: Reads, district: District, language: str) -> pl.DataFrame:
    """Answers as a frame, in words."""
    catalogue = district.catalogue

    def name(id_: str | None) -> str | None:
        return None if id_ is None else catalogue.node(id_).name.of(language)

    paths = [catalogue.path(id_) if id_ else (None, None, None) for id_ in reader.classes]
    ranks = [pl.Series([name(path[rank]) for path in paths], dtype=pl.String) for rank in range(3)]
    none = found.status == Status.NONE.value
    first = found.topics[:, 0].astype(np.uint32)
    industry, field_, topic = (
        pl.DataFrame({"name": names.gather(first), "none": none}).select(pl.when(~pl.col("none")).then(pl.col("name")))[
            "name"
        ]
        for names in ranks
    )
    called = [name or Status.NONE.value for name in ranks[2].to_list()]
    between = [
        JOINT.join(called[n] for n in two) if status == Status.UNSURE else None
        for status, two in zip(found.status.tolist(), found.topics[:, :2].tolist(), strict=True)
    ]
    places = {
        level: pl.Series([name(getattr(p, f"{level}_id")) for p in found.placings], dtype=pl.String).gather(
            found.places
        )
        for level in ("cluster", "zone", "unit")
    }
    ties = pl.Series([JOINT.join(map(name, p.unit_tie)) or None for p in found.placings], dtype=pl.String)
    evidence = [None if no else JOINT.join(terms) for no, terms in zip(none.tolist(), found.evidence, strict=True)]
    return pl.DataFrame(
        {
            "status": pl.Series(found.status.tolist(), dtype=pl.String),
            "industry": industry,
            "field": field_,
            "topic": topic,
            "between": pl.Series(between, dtype=pl.String),
            **places,
            "unit_tie": ties.gather(found.places),
            "confidence": pl.Series(found.confidence.round(DECIMALS), dtype=pl.Float64).fill_nan(None),
            "evidence": pl.Series(evidence, dtype=pl.String),
        }
    )


# File to file


@dataclass(frozen=True, slots=True)
class Report:
    """What was done with a file: its rows, how many have each status and how many a problem, and how it was read."""

    rows: int
    by_status: Mapping[str, int]
    problems: int
    columns: Columns
    format: str
    encoding: str | None
    names: tuple[str, ...] = field(repr=False, default=())


def match_file(
    source: Path | str | bytes,
    target: Path | str,
    reader: Reads,
    district: District,
    *,
    chosen: Mapping[str, str | None] | None = None,
    weights: Weights = None,
    language: str = "zh",
    words: Callable[[str], str] = str,
    sheets: tuple[str, str] = ("results", "method"),
    method: Callable[[Report], Sequence[tuple[str, object]]] | None = None,
    progress: Callable[[int, float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    name: str | None = None,
    limits: Limits = ON_DISK,
) -> Report:
    """Match a file, piece by piece, into another one; memory does not grow with it (a workbook is read whole).

    Parameters
    ----------
    source : path or bytes
        See `gm_map.uploads.read_table`.
    target : path
        See `gm_map.downloads.writing`.
    chosen : mapping, optional
        Columns by role, as `gm_map.columns.find_columns` takes them.
    language, words
        See `match_table`.
    sheets : tuple of str
        Titles of the sheets of a workbook.
    method : callable, optional
        What is to be said of how the result was made, of the finished report.
    progress : callable, optional
        Called with the rows done and the share of the file (0 to 1).
    cancelled : callable, optional
        Asked again and again; True ends the work and leaves no file.
    name : str, optional
        What the source is called in messages.
    limits : Limits

    Raises
    ------
    InputError, Cancelled
    """
    if not isinstance(source, bytes) and Path(target).exists() and Path(target).samefile(source):
        raise InputError(f"{target} is the file that is read; give another name for the result")
    points = {place.name.of(language): _point(district, place.id) for place in district.catalogue.places.values()}
    known: dict[tuple, Placing] = {}
    rows, problems, counts = 0, 0, dict.fromkeys(map(str, Status), 0)
    with read_table(source, name, limits) as table:
        columns = find_columns(table.names, table.sample, **(chosen or {}))
        called = titles(table.names)
        places = [called[level] for level in ("unit", "cluster", "zone")]

        def done(frame: pl.DataFrame) -> pl.DataFrame:
            return match_table(
                frame, columns, reader, district, weights,
                cancelled=cancelled, language=language, words=words, first_row=rows + 1,
                known=known,
            )  # fmt: skip

        with writing(target, sheets, points, places) as writer, _uncollected():
            for frame, share in table.pieces:
                result = done(frame)
                writer.write(result)
                rows += result.height
                problems += result.height - result[called["problem"]].null_count()
                for status, count in result[called["status"]].value_counts().iter_rows():
                    counts[status] += count
                if progress:
                    progress(rows, share)
            if not rows:
                writer.write(done(table.sample))
            report = Report(rows, counts, problems, columns, table.format, table.encoding, table.names)
            if method:
                writer.method(method(report))
    return report


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles of references: the work makes none, and a tenth of its time would go there."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _point(district: District, place_id: str) -> tuple[float, float]:
    lat, lon = district.label_point(place_id)
    return lon, lat
