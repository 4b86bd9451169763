"""A project's place: gates, a score that is the sum of its parts, and how firmly the first stands.

What a text is about comes in as `gm_map.model.Reading` (or ids of topics), what it asks for as `gm_map.needs.Needs`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache

import numpy as np

from gm_map import score
from gm_map.contest import Contest, contest, tied
from gm_map.district import District
from gm_map.gates import Gate, gates
from gm_map.ground import DISTANCES, LEVELS, NEED_DISTANCES, Ground, ground
from gm_map.model import Basis, Citation, Level, Link, Reading, Standing, Status, Text
from gm_map.needs import NO_NEEDS, Needs

__all__ = ["Match", "Outcome", "Part", "Placed", "Placing", "rank", "rank_many"]

SHARE_DECIMALS = 2  # of the confidences between topics: finer ones are not known, and equal ones are asked once

Topics = Iterable[Reading | tuple[str, float] | str]


class Outcome(StrEnum):
    """What the plan has for a project."""

    CLUSTERS = "clusters"  # clusters, with their units and zones
    ZONES = "zones"  # a zone only: no cluster holds the topic
    NO_PLACE = "no place"  # the topic is in the plan, and no place is given for it
    NOT_IN_PLAN = "not in the plan"


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of a score: ``value`` = ``weight`` × ``share``, rounded.

    ``key`` is a criterion, or ``need:`` and a need. ``basis`` and ``via`` for the basis, ``metres`` and ``thing`` (the
    nearest station, the facility) where there are any. ``citation`` is None for what is measured.
    """

    key: str
    value: float
    weight: float
    share: float
    citation: Citation | None
    standing: Standing
    basis: Basis | None = None
    via: str | None = None
    metres: float | None = None
    thing: Text | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A place with its score: the sum of the values of ``parts``, exactly as shown.

    ``rank`` counts from 1 within the level; ``topic_ids`` are the topics asked for that the plan gives it; ``spread``
    is how far the score may be off because the outline is drawn (points either way); ``tied`` with the first.
    """

    id: str
    level: Level
    score: float
    rank: int
    tied: bool
    spread: float
    basis: Basis
    topic_ids: tuple[str, ...]
    parts: tuple[Part, ...]
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Placing:
    """The short answer of a row: the best cluster, its zone, its best unit, and the units that cannot be told from it.

    Where no cluster holds the topic, the zone alone; where nothing does, all are None. Of a text that is unsure it is
    the answer for its first topic, and ``also`` holds the cluster (or zone) of each other topic, where it differs.
    """

    outcome: Outcome
    zone_id: str | None
    cluster_id: str | None
    unit_id: str | None
    unit_tie: tuple[str, ...]
    score: float | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Match:
    """What `rank` found.

    ``topics`` are (id, share) of what was asked; ``unsure`` is True where there are several. ``links`` are the plan's
    sentences on them, strongest first, also where they give no place; ``placing`` is the short answer. ``weights`` are
    as set, by criterion; ``raised`` those that apply, raised to 100. ``places`` are those of the levels in play, best
    score first; ``contests`` is by level.
    """

    outcome: Outcome
    topics: tuple[tuple[str, float], ...]
    unsure: bool
    links: tuple[Link, ...]
    needs: Needs
    weights: Mapping[str, float]
    raised: Mapping[str, float]
    placing: Placing
    places: tuple[Placed, ...]
    contests: Mapping[Level, Contest]

    def at(self, level: Level) -> tuple[Placed, ...]:
        """Places of a level, best first."""
        return tuple(place for place in self.places if place.level == level)

    def place(self, place_id: str) -> Placed:
        """One place; KeyError where it is not in play."""
        return self._by_id[place_id]

    def difference(self, one: str, other: str) -> tuple[tuple[str, float], ...]:
        """The parts of one place less those of another: why one stands before the other."""
        theirs = {part.key: part.value for part in self.place(other).parts}
        return tuple((part.key, round(part.value - theirs[part.key], score.DECIMALS)) for part in self.place(one).parts)

    @cached_property
    def _by_id(self) -> dict[str, Placed]:
        return {place.id: place for place in self.places}


def rank(
    district: District,
    topics: Topics,
    needs: Needs = NO_NEEDS,
    weights: Mapping[str, float] | str | None = None,
    *,
    status: Status | None = None,
) -> Match:
    """Places for a project.

    Parameters
    ----------
    district : District
    topics : iterable of Reading, (topic id, confidence) or topic id
        What the project is about, surest first.
    needs : Needs
    weights : mapping, str or None
        By criterion (`gm_map.score.CRITERIA`; those left out as in the balanced preset), or the name of a preset.
    status : Status, optional
        As the reader said: of a match only the first topic counts, of "unsure" the first two that are topics, of
        "none" nothing. By default all topics given count, by their confidence.

    Raises
    ------
    KeyError
        For an id that is no topic.
    InputError
        For weights that cannot be used.
    """
    here = ground(district)
    asked = _asked(here, topics, status)
    wanted = score.weights_of(weights)
    placing = _short(here, asked, needs, tuple(wanted.items()))
    outcome = _outcome(asked, levels := _levels(here, asked))
    links = tuple(
        sorted(
            (link for topic, _ in asked for link in district.catalogue.links_of(topic)),
            key=lambda link: list(Basis).index(link.basis),
        )
    )
    if not levels:
        return Match(outcome, asked, len(asked) > 1, links, needs, wanted, {}, placing, (), {})
    values = score.values(here, asked, needs.keys, needs.land_km2)
    raised = score.raised(wanted, values)
    parts = score.parts(values, raised)
    scores = score.total(parts)
    spread = score.spread(here, raised, needs.keys, needs.land_km2)
    contests, places = {}, []
    for level in levels:
        at = here.at(level)
        contests[level] = contest(
            level,
            [here.place_ids[place] for place in at],
            {name: value[at] for name, value in values.items()},
            {name: value[at] for name, value in parts.items()},
            scores[at],
            spread[at],
            wanted,
        )
        for position, id_ in enumerate(contests[level].order, start=1):
            place = here.place(id_)
            found = [here.grounds[topic, id_] for topic, _ in asked if (topic, id_) in here.grounds]
            places.append(
                Placed(
                    id_,
                    level,
                    float(scores[place]),
                    position,
                    id_ in contests[level].tie,
                    float(spread[place]),
                    min((g.basis for g in found), key=list(Basis).index, default=Basis.NONE),
                    tuple(topic for topic, _ in asked if (topic, id_) in here.grounds),
                    tuple(_part(here, id_, asked, name, parts, values, raised) for name in parts),
                    gates(here, id_, tuple(topic for topic, _ in asked), needs),
                )
            )
    places.sort(key=lambda place: -place.score)
    return Match(placing.outcome, asked, len(asked) > 1, links, needs, wanted, raised, placing, tuple(places), contests)


def rank_many(
    district: District,
    topics: Sequence[Topics],
    needs: Sequence[Needs] | None = None,
    weights: Mapping[str, float] | str | None = None,
    *,
    statuses: Sequence[Status] | None = None,
) -> list[Placing]:
    """The short answer of many rows, each the same as ``rank(...).placing``.

    Rows that ask for the same topics, needs and land are worked out once.

    Parameters
    ----------
    topics, needs, statuses : sequences of one length
        As the arguments of `rank`, by row.
    """
    here = ground(district)
    wanted = tuple(score.weights_of(weights).items())
    count = len(topics)
    needs = [NO_NEEDS] * count if needs is None else needs
    statuses = [None] * count if statuses is None else statuses
    return [
        _short(here, _asked(here, row, status), need, wanted)
        for row, need, status in zip(topics, needs, statuses, strict=True)
    ]


def _asked(here: Ground, topics: Topics, status: Status | None) -> tuple[tuple[str, float], ...]:
    """Topics and their shares, which sum to 1; what the plan does not have falls out."""
    if status == Status.NONE:
        return ()
    pairs = []
    for topic in topics:
        if isinstance(topic, str):
            topic = (topic, 1.0)
        elif isinstance(topic, Reading):
            topic = (topic.topic_id, topic.confidence)
        if topic[0] is not None and topic[1] > 0:
            here.topic(topic[0])
            pairs.append(topic)
    pairs = pairs[: {Status.MATCH: 1, Status.UNSURE: 2}.get(status, len(pairs))]
    if len(pairs) < 2:
        return tuple((id_, 1.0) for id_, _ in pairs)
    whole = sum(confidence for _, confidence in pairs)
    # Each at least a hundredth; the first takes what rounding leaves.
    rest = [(id_, max(round(confidence / whole, SHARE_DECIMALS), 0.01)) for id_, confidence in pairs[1:]]
    return ((pairs[0][0], round(1.0 - sum(share for _, share in rest), SHARE_DECIMALS)), *rest)


def _levels(here: Ground, asked: Sequence[tuple[str, float]]) -> tuple[Level, ...]:
    """The levels at which the plan gives any of the topics a place."""
    none = list(Basis).index(Basis.NONE)
    rows = [here.topic(topic) for topic, _ in asked]
    return tuple(level for level in LEVELS if rows and (here.basis[rows][:, here.at(level)] != none).any())


def _outcome(asked: Sequence[tuple[str, float]], levels: Sequence[Level]) -> Outcome:
    if not levels:
        return Outcome.NO_PLACE if asked else Outcome.NOT_IN_PLAN
    return Outcome.CLUSTERS if Level.CLUSTER in levels else Outcome.ZONES


def _short(here: Ground, asked: Sequence[tuple[str, float]], needs: Needs, weights) -> Placing:
    """The placing of the first topic, and where the others would go."""
    placings = [_placing(here, topic, needs.keys, needs.land_km2, weights) for topic, _ in asked]
    if not placings:
        return Placing(Outcome.NOT_IN_PLAN, None, None, None, (), None)
    first, *others = placings
    if not others:
        return first
    own = first.cluster_id or first.zone_id
    also = dict.fromkeys(id_ for other in others if (id_ := other.cluster_id or other.zone_id) and id_ != own)
    return replace(first, also=tuple(also))


@lru_cache(maxsize=65_536)
def _placing(
    here: Ground,
    topic: str,
    needs: tuple[str, ...],
    land_km2: float | None,
    weights: tuple[tuple[str, float], ...],
) -> Placing:
    asked = ((topic, 1.0),)
    levels = _levels(here, asked)
    if not levels:
        return Placing(Outcome.NO_PLACE, None, None, None, (), None)
    values = score.values(here, asked, needs, land_km2)
    raised = score.raised(dict(weights), values)
    scores = score.total(score.parts(values, raised))
    if Level.CLUSTER not in levels:
        zones = here.at(Level.ZONE)
        best = zones[np.argmax(scores[zones])]
        return Placing(Outcome.ZONES, here.place_ids[best], None, None, (), float(scores[best]))
    clusters = here.at(Level.CLUSTER)
    cluster = clusters[np.argmax(scores[clusters])]
    units = here.units_of(cluster)
    order = units[np.argsort(-scores[units], kind="stable")]
    spread = score.spread(here, raised, needs, land_km2)
    together = tied(scores[order], spread[order], 0)
    return Placing(
        Outcome.CLUSTERS,
        here.place_ids[here.parent[cluster]],
        here.place_ids[cluster],
        here.place_ids[order[0]],
        tuple(here.place_ids[unit] for unit in order[together]) if together.sum() > 1 else (),
        float(scores[cluster]),
    )


def _part(here: Ground, id_: str, asked, name: str, parts, values, raised) -> Part:
    """The part of one place, with what it rests on."""
    place = here.place(id_)
    key = score.criterion(name)
    numbers = (name, float(parts[name][place]), raised[key], float(values[name][place]))
    if key == "basis":
        found = [here.grounds[topic, id_] for topic, _ in asked if (topic, id_) in here.grounds]
        if not found:
            return Part(*numbers, None, Standing.UNKNOWN, Basis.NONE)
        best = min(found, key=lambda why: list(Basis).index(why.basis))
        return Part(*numbers, best.citation, best.standing, best.basis, best.via)
    if key == "function":
        links = [here.functions[topic, id_] for topic, _ in asked if (topic, id_) in here.functions]
        return Part(*numbers, *((links[0].citation, links[0].standing) if links else (None, Standing.UNKNOWN)))
    distance = NEED_DISTANCES.get(name.partition(":")[2]) if key == "need" else name
    if distance in DISTANCES:
        metres, thing = float(here.distances[distance][place]), Text(*here.nearest[distance, id_])
        return Part(*numbers, None, Standing.DERIVED, metres=metres, thing=thing)
    if key == "need":
        fact = here.facts.get((name.partition(":")[2], id_))
        if fact is None:
            return Part(*numbers, None, Standing.UNKNOWN)
        own = fact.place_id == id_
        standing = fact.standing if own else Standing.DERIVED
        return Part(*numbers, fact.citation, standing, via=None if own else fact.place_id, thing=fact.text)
    return Part(*numbers, None, Standing.DRAWN)
