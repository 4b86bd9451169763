"""The plan as facts, without geometry: read from ``geodata/source``, checked once, then frozen."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gm_map import facts
from gm_map.errors import DataError
from gm_map.model import (
    Fact,
    Figure,
    GlossaryEntry,
    Indicator,
    Industry,
    Level,
    Link,
    Oddity,
    Place,
    Rank,
    Reason,
    Roadmap,
    Source,
    SpatialClaim,
    Statement,
    Task,
    Term,
)
from gm_map.plan_rules import check_plan
from gm_map.tables import Reading, Row

__all__ = ["SOURCE", "Catalogue", "load"]

# An operator may show other data: a folder with source/ and built/.
DATA = Path(os.environ.get("GM_MAP_DATA") or Path(__file__).resolve().parent.parent / "geodata")
SOURCE = DATA / "source"

TABLES = (
    *("places.csv", "place_facts.csv", "terms.csv", "outside_terms.csv", "topic_places.csv", "indicators.csv"),
    *("oddities.csv", "spatial_claims.csv", "computed_figures.csv", "sources.csv", "geo_sources.csv"),
)
TREES = ("industries.yaml", "roadmaps.yaml", "programmes.yaml", "policies.yaml", "glossary.yaml", "layout.yaml")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything that the plan says, by id, in the plan's order. Equal to itself only: it is compared by identity.

    ``industries`` holds the whole tree (industries, fields, topics) depth first; ``outside_terms`` are the terms that
    stand outside the topics' own sentences; ``roadmaps``, ``programmes`` and ``policies`` are of one type.
    """

    places: Mapping[str, Place]
    facts: Mapping[str, Fact]
    industries: Mapping[str, Industry]
    terms: Mapping[str, Term]
    outside_terms: Mapping[str, Term]
    links: tuple[Link, ...]
    indicators: Mapping[str, Indicator]
    roadmaps: Mapping[str, Roadmap]
    programmes: Mapping[str, Roadmap]
    policies: Mapping[str, Roadmap]
    glossary: Mapping[str, GlossaryEntry]
    oddities: Mapping[str, Oddity]
    claims: Mapping[str, SpatialClaim]
    figures: Mapping[str, Figure]
    sources: Mapping[str, Source]
    layout: Mapping[str, Statement]

    # What stands where

    def at(self, level: Level) -> tuple[Place, ...]:
        """All places of one level."""
        return tuple(place for place in self.places.values() if place.level == level)

    def of_rank(self, rank: Rank) -> tuple[Industry, ...]:
        """All nodes of one rank of the industry tree."""
        return tuple(node for node in self.industries.values() if node.rank == rank)

    def node(self, id_: str) -> Place | Industry | Term:
        """The place, the node of the industry tree or the term with this id; KeyError where there is none."""
        for mapping in (self.places, self.industries, self.terms, self.outside_terms):
            if id_ in mapping:
                return mapping[id_]
        raise KeyError(id_)

    def parent(self, id_: str) -> str | None:
        """Id of what holds a place, a node of the industry tree or a term."""
        node = self.node(id_)
        return node.topic_id if isinstance(node, Term) else node.parent_id

    def ancestors(self, id_: str) -> tuple[str, ...]:
        """Ids of all that hold it, nearest first."""
        found = []
        while (id_ := self.parent(id_)) is not None:
            found.append(id_)
        return tuple(found)

    def children(self, id_: str) -> tuple[str, ...]:
        """Ids of what it holds one rank below (terms below a topic), in the plan's order."""
        return self._children.get(id_, ())

    def descendants(self, id_: str) -> tuple[str, ...]:
        """Ids of all that it holds, depth first."""
        return tuple(found for child in self.children(id_) for found in (child, *self.descendants(child)))

    def path(self, id_: str) -> tuple[str, ...]:
        """Ids from the root down to it, itself included."""
        return (*reversed(self.ancestors(id_)), id_)

    # What belongs to what

    def topics_of(self, id_: str) -> tuple[str, ...]:
        """Ids of the topics that an industry, a field, a topic or a term stands for; none for a term without one."""
        node = self.node(id_)
        if isinstance(node, Term):
            return (node.topic_id,) if node.topic_id else ()
        if node.rank == Rank.TOPIC:
            return (id_,)
        return tuple(topic for child in self.children(id_) for topic in self.topics_of(child))

    def terms_of(self, topic_id: str) -> tuple[Term, ...]:
        """The terms of a topic."""
        return tuple(self.terms[id_] for id_ in self.children(topic_id))

    def links_of(self, topic_id: str) -> tuple[Link, ...]:
        """What the plan says of where a topic goes: one link a place, or one without a place."""
        return self._links.get(topic_id, ())

    def reasons_of(self, topic_id: str) -> tuple[Reason, ...]:
        """Why each place is one for the topic, units included: they have it from their cluster."""
        return self._reasons.get(topic_id, ())

    def reasons_at(self, place_id: str) -> tuple[Reason, ...]:
        """Why a place is one for its topics, in the order of the topics."""
        return self._reasons_at.get(place_id, ())

    def facts_of(self, place_id: str, kind: str | None = None) -> tuple[Fact, ...]:
        """What the plan says of a place itself, of one kind or of all."""
        return tuple(f for f in self.facts.values() if f.place_id == place_id and kind in (None, f.kind))

    def oddities_of(self, id_: str) -> tuple[Oddity, ...]:
        """Oddities that touch a place, a topic or an indicator."""
        return tuple(o for o in self.oddities.values() if id_ in (*o.place_ids, *o.topic_ids, *o.indicator_ids))

    def tasks_of(self, id_: str) -> tuple[tuple[Roadmap, Task], ...]:
        """Tasks of roadmaps and programmes that name a place or a topic."""
        boxes = (*self.roadmaps.values(), *self.programmes.values())
        return tuple((box, task) for box in boxes for task in box.tasks if id_ in (*task.topic_ids, *task.place_ids))

    def claims_of(self, place_id: str) -> tuple[SpatialClaim, ...]:
        """What the plan says of where a place is."""
        return tuple(c for c in self.claims.values() if place_id in (*c.subject_ids, *c.object_ids))

    def glossary_of(self, topic_id: str) -> tuple[GlossaryEntry, ...]:
        """Entries of the plan's annex that belong to a topic."""
        return tuple(entry for entry in self.glossary.values() if topic_id in entry.topic_ids)

    # Made once, when first asked for

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for id_ in (*self.places, *self.industries, *self.terms):
            if (parent := self.parent(id_)) is not None:
                found.setdefault(parent, []).append(id_)
        return {id_: tuple(ids) for id_, ids in found.items()}

    @cached_property
    def _links(self) -> dict[str, tuple[Link, ...]]:
        return _grouped(self.links, lambda link: link.topic_id)

    @cached_property
    def _reasons(self) -> dict[str, tuple[Reason, ...]]:
        reasons = []
        for link in self.links:
            if link.place_id is not None:
                reasons.append(Reason(link.place_id, link, None))
                if self.places[link.place_id].level == Level.CLUSTER:
                    reasons.extend(Reason(unit, link, link.place_id) for unit in self.children(link.place_id))
        return _grouped(reasons, lambda reason: reason.link.topic_id)

    @cached_property
    def _reasons_at(self) -> dict[str, tuple[Reason, ...]]:
        in_order = (reason for topic in self.of_rank(Rank.TOPIC) for reason in self.reasons_of(topic.id))
        return _grouped(in_order, lambda reason: reason.place_id)


def _grouped(values: Iterable[Any], key: Callable[[Any], str]) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return {name: tuple(group) for name, group in groups.items()}


def load(source_dir: Path | str = SOURCE) -> Catalogue:
    """Read and check the hand-written facts.

    Parameters
    ----------
    source_dir : path
        Folder with the files named in ``geodata/fields.csv``.

    Returns
    -------
    Catalogue

    Raises
    ------
    DataError
        With every fault of every file, if there is any.
    """
    reading = Reading(Path(source_dir))
    for name in TABLES:
        reading.read_csv(name)
    for name in TREES:
        reading.read_yaml(name)
    reading.check_references()
    check_plan(reading)
    if reading.faults:
        raise DataError(reading.faults)
    return _build(reading.rows)


def _build(rows: Mapping[str, list[Row]]) -> Catalogue:
    return Catalogue(
        places=_by_id(map(facts.place, rows["places.csv"])),
        facts=_by_id(map(facts.fact, rows["place_facts.csv"])),
        industries=_by_id(facts.nodes(rows["industries.yaml"][0]["industries"], Rank.INDUSTRY, None)),
        terms=_by_id(map(facts.term, rows["terms.csv"])),
        outside_terms=_by_id(map(facts.term, rows["outside_terms.csv"])),
        links=tuple(map(facts.link, rows["topic_places.csv"])),
        indicators=_by_id(map(facts.indicator, rows["indicators.csv"])),
        roadmaps=_by_id(map(facts.roadmap, rows["roadmaps.yaml/roadmaps"])),
        programmes=_by_id(map(facts.roadmap, rows["programmes.yaml/programmes"])),
        policies=_by_id(map(facts.roadmap, rows["policies.yaml/policies"])),
        glossary=_by_id(map(facts.entry, rows["glossary.yaml/terms"])),
        oddities=_by_id(map(facts.oddity, rows["oddities.csv"])),
        claims=_by_id(map(facts.claim, rows["spatial_claims.csv"])),
        figures=_by_id(map(facts.figure, rows["computed_figures.csv"])),
        sources=_by_id(map(facts.source, (*rows["sources.csv"], *rows["geo_sources.csv"]))),
        layout=MappingProxyType({name: facts.statement(row) for name, row in rows["layout.yaml"][0].values.items()}),
    )


def _by_id(values: Iterable[Any]) -> Mapping[str, Any]:
    return MappingProxyType({value.id: value for value in values})
