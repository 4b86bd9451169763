"""Gates: what a project asks for, held against one place, each with the sentence it rests on. They add no score."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gm_map.ground import NEED_DISTANCES, Ground
from gm_map.model import Basis, Citation, Level, Standing
from gm_map.needs import Needs

__all__ = ["Gate", "Result", "gates"]


class Result(StrEnum):
    """What came of a gate."""

    NAMED = "named"  # the plan's sentence on the place names the topic
    FOLLOWS = "follows"  # it follows from the field, the industry, or the place above or below
    NOT_GIVEN = "not given"  # the plan does not give the topic to this place
    FITS = "fits"  # the land asked is less than the place by more than its outline is uncertain
    CLOSE = "close"  # the difference is within the uncertainty
    TOO_LARGE = "too large"
    MET = "met"  # by a facility or a function of the place, or of what holds it
    ELSEWHERE = "elsewhere"  # the plan has it at other places only
    MEASURED = "measured"  # a distance: see metres
    NO_PLACE = "no place"  # the plan names it and gives no place for it
    NOT_SAID = "not said"  # the plan does not say


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of one place.

    ``key`` is ``industry``, ``land``, ``floor`` or a need. Areas in km²; ``metres`` is a straight distance and
    ``place_ids`` are the places of the same level that have what this one lacks. ``citation`` is None where no
    sentence speaks of it.
    """

    key: str
    result: Result
    citation: Citation | None
    standing: Standing
    topic_id: str | None = None
    basis: Basis | None = None
    via: str | None = None
    asked_km2: float | None = None
    area_km2: float | None = None
    uncertainty_km2: float | None = None
    metres: float | None = None
    place_ids: tuple[str, ...] = ()


def gates(ground: Ground, place_id: str, topic_ids: tuple[str, ...], needs: Needs) -> tuple[Gate, ...]:
    """All gates of a place, in the order industry (one a topic), land, floor space, needs."""
    return (*_industry(ground, place_id, topic_ids), *_space(ground, place_id, needs), *_needs(ground, place_id, needs))


def _industry(ground: Ground, place_id: str, topic_ids: tuple[str, ...]) -> Iterator[Gate]:
    for topic in topic_ids:
        why = ground.grounds.get((topic, place_id))
        if why is None:
            yield Gate("industry", Result.NOT_GIVEN, None, Standing.UNKNOWN, topic, Basis.NONE)
            continue
        stated = why.basis == Basis.NAMED or (why.basis == Basis.ZONE and why.standing == Standing.STATED)
        result = Result.NAMED if stated else Result.FOLLOWS
        yield Gate("industry", result, why.citation, why.standing, topic, why.basis, why.via)


def _space(ground: Ground, place_id: str, needs: Needs) -> Iterator[Gate]:
    column = ground.place(place_id)
    if needs.land is not None:
        asked = needs.land.km2
        area, off = float(ground.area_km2[column]), float(ground.uncertainty_km2[column])
        result = Result.FITS if asked <= area - off else Result.CLOSE if asked <= area + off else Result.TOO_LARGE
        yield Gate(
            "land", result, None, Standing.DRAWN, asked_km2=asked, area_km2=area, uncertainty_km2=off
        )  # outlines are drawn: no sentence gives a unit's area
    if needs.floor is not None:
        # The plan gives no plot ratio: floor space cannot be turned into land.
        yield Gate("floor", Result.NOT_SAID, None, Standing.UNKNOWN, asked_km2=needs.floor.km2)


def _needs(ground: Ground, place_id: str, needs: Needs) -> Iterator[Gate]:
    column = ground.place(place_id)
    for need in needs.keys:
        if need in NEED_DISTANCES:
            metres = float(ground.distances[NEED_DISTANCES[need]][column])
            yield Gate(need, Result.MEASURED, None, Standing.DERIVED, metres=metres)
        elif (need, place_id) in ground.facts:
            fact = ground.facts[need, place_id]
            standing = fact.standing if fact.place_id == place_id else Standing.DERIVED
            yield Gate(
                need, Result.MET, fact.citation, standing, via=None if fact.place_id == place_id else fact.place_id
            )
        elif need in ground.meets:
            others = _others(ground, need, column)
            yield Gate(
                need, Result.ELSEWHERE, ground.facts[need, others[0]].citation, Standing.STATED, place_ids=others
            )
        elif need in ground.named:
            yield Gate(need, Result.NO_PLACE, ground.named[need], Standing.STATED)
        else:
            yield Gate(need, Result.NOT_SAID, None, Standing.UNKNOWN)


def _others(ground: Ground, need: str, column: int) -> tuple[str, ...]:
    """Places of the same level that meet the need; clusters for a unit: units have it from them."""
    levels = list(Level)
    own = ground.level_of[column]
    unit = levels.index(Level.UNIT) - levels.index(Level.ZONE)
    level = own - 1 if own == unit else own
    return tuple(
        id_
        for place, id_ in enumerate(ground.place_ids)
        if ground.level_of[place] == level and ground.meets[need][place]
    )
