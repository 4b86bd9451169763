"""From a row that was read and found sound to the frozen value of `gm_map.model`: one function a kind of row."""

from collections.abc import Iterable

from gm_map.model import (
    Fact,
    Figure,
    GlossaryEntry,
    Indicator,
    Industry,
    Link,
    Measure,
    Oddity,
    Place,
    Rank,
    Roadmap,
    Source,
    SpatialClaim,
    Standing,
    Statement,
    Task,
    Term,
    Text,
)
from gm_map.tables import Row

__all__ = [
    "claim",
    "entry",
    "fact",
    "figure",
    "indicator",
    "link",
    "nodes",
    "oddity",
    "place",
    "roadmap",
    "source",
    "statement",
    "term",
]

YEARS = (2018, 2022, 2025, 2035)


def _words(row: Row, name: str) -> Text:
    """The field and its English twin; nothing twice where the file has no such field."""
    return Text(row[name] or "", row[f"{name}_en"] or "")


def place(row: Row) -> Place:
    """A row of ``places.csv``."""
    return Place(
        row["id"],
        row["level"],
        row["parent_id"],
        _words(row, "name"),
        _words(row, "short"),
        row["aliases"],
        row["stated_km2"],
        row["citation"],
        row["standing"],
    )


def fact(row: Row) -> Fact:
    """A row of ``place_facts.csv``."""
    text, note = _words(row, "text"), _words(row, "note")
    return Fact(row["id"], row["place_id"], row["kind"], text, note, row["citation"], row["standing"])


def nodes(rows: Iterable[Row], rank: Rank, parent_id: str | None) -> Iterable[Industry]:
    """Records of ``industries.yaml`` and all below them, depth first."""
    below = {Rank.INDUSTRY: ("fields", Rank.FIELD), Rank.FIELD: ("topics", Rank.TOPIC)}.get(rank)
    for row in rows:
        standing = row["standing"] or Standing.STATED
        yield Industry(row["id"], rank, parent_id, _words(row, "name"), row["aliases"], row["cite"], standing)
        if below:
            yield from nodes(row[below[0]], below[1], row["id"])


def term(row: Row) -> Term:
    """A row of ``terms.csv`` or ``outside_terms.csv``."""
    return Term(
        row["id"],
        row["topic_id"],
        row["kind"],
        _words(row, "term"),
        row["full"] or (),
        bool(row["weak"]),
        row["citation"],
        row["standing"],
    )


def link(row: Row) -> Link:
    """A row of ``topic_places.csv``."""
    return Link(row["topic_id"], row["place_id"], row["basis"], _words(row, "note"), row["citation"], row["standing"])


def indicator(row: Row) -> Indicator:
    """A row of ``indicators.csv``."""
    return Indicator(
        row["id"],
        _words(row, "category"),
        _words(row, "name"),
        _words(row, "unit"),
        {year: row[f"v{year}"] for year in YEARS},
        _words(row, "note"),
        row["citation"],
        row["standing"],
    )


def roadmap(row: Row) -> Roadmap:
    """A record of ``roadmaps.yaml``, ``programmes.yaml`` or ``policies.yaml``."""
    if row["phases"]:
        groups = tuple((_words(phase, "name"), tuple(map(_task, phase["tasks"]))) for phase in row["phases"])
    elif row["tasks"]:
        groups = ((None, tuple(map(_task, row["tasks"]))),)
    else:
        measures = (Measure(r["id"], _words(r, "gist"), r["cite"], r["standing"]) for r in row["measures"])
        groups = ((None, tuple(measures)),)
    return Roadmap(
        row["id"],
        row["box"] or "",
        row["industry_id"],
        _words(row, "name"),
        _words(row, "gist"),
        groups,
        tuple((_words(r, "text"), r["topic_ids"]) for r in row["key_fields"] or ()),
        tuple((r["year"], r["value"], r["unit"], r["indicator_id"]) for r in row["targets"] or ()),
        row["cite"],
        row["standing"],
    )


def _task(row: Row) -> Task:
    name, gist = _words(row, "name"), _words(row, "gist")
    return Task(row["id"], name, gist, row["topic_ids"], row["place_ids"], row["cite"], row["standing"])


def entry(row: Row) -> GlossaryEntry:
    """A record of ``glossary.yaml``."""
    term, gist = _words(row, "term"), _words(row, "gist")
    return GlossaryEntry(row["id"], term, row["aliases"], gist, row["topic_ids"], row["cite"], row["standing"])


def oddity(row: Row) -> Oddity:
    """A row of ``oddities.csv``."""
    return Oddity(
        row["id"],
        row["kind"],
        _words(row, "text"),
        row["place_ids"],
        row["topic_ids"],
        row["indicator_ids"],
        row["section"],
        row["paragraphs"],
        row["standing"],
    )


def claim(row: Row) -> SpatialClaim:
    """A row of ``spatial_claims.csv``."""
    return SpatialClaim(
        row["id"],
        row["subject"],
        row["predicate"],
        row["object"],
        row["subject_id"],
        row["object_id"],
        row["decidable"],
        _words(row, "note"),
        row["citation"],
        row["standing"],
    )


def figure(row: Row) -> Figure:
    """A row of ``computed_figures.csv``."""
    return Figure(
        row["id"],
        _words(row, "what"),
        row["formula"],
        row["value"],
        row["unit"],
        row["stated"],
        row["agrees"],
        bool(row["external"]),
        _words(row, "note"),
        row["section"],
        row["paragraphs"],
        row["standing"],
    )


def statement(row: Row) -> Statement:
    """A record of ``layout.yaml``."""
    ids = {}
    for column in row.columns:
        if column.kind in ("ref", "refs"):
            value = row[column.name]
            ids[column.name] = (value,) if isinstance(value, str) else value
    parts = tuple(map(statement, row["parts"] or ()))
    return Statement(_words(row, "text"), _words(row, "note"), ids, parts, row["cite"], row["standing"])


def source(row: Row) -> Source:
    """A row of ``sources.csv``."""
    names = ("publisher", "date", "licence", "attribution")
    return Source(row["id"], _words(row, "title"), *(row[name] for name in names), _words(row, "note"))
