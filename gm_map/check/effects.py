"""What a redrawn layer would change in the match: where a project of each topic would go, before and after.

The plan gives a topic its clusters, and a drawing cannot change that; what outlines do change is how far a place lies
from stations and the expressway and how much land it has, and so the order among those that the plan gives.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

import shapely

from gm_map import match, measure
from gm_map.check.results import Drawing
from gm_map.district import District
from gm_map.model import Level, Rank, Reading, Status
from gm_map.score import PRESETS

__all__ = ["Effect", "changes", "redrawn"]

LEAST_M2 = 1.0
_TABLE = (("zone_id", Level.ZONE), ("cluster_id", Level.CLUSTER), ("unit_id", Level.UNIT))


@dataclass(frozen=True, slots=True)
class Effect:
    """A topic whose first place is another with the new drawing.

    ``before`` and ``after`` are ids of places of ``level``; ``presets`` the weights under which it changes so. Under
    the first of them: the scores of either place under either drawing (of 100), and ``tied``, that with one of the
    two drawings both stand too close together to be told apart.
    """

    topic_id: str
    level: Level
    before: str
    after: str
    presets: tuple[str, ...]
    before_was: float
    before_is: float
    after_was: float
    after_is: float
    tied: bool


def redrawn(district: District, new: Drawing) -> District:
    """The district with the shapes of a drawing in place of its own; places that it does not have keep theirs.

    The catalogue, the background and what the plan says of a place stay. Its version says that it is another.
    """
    outlines = dict(district.outlines)
    for id_, shape in new.shapes.items():
        if id_ in outlines and measure.geodesic_m2(shape) > LEAST_M2:
            outlines[id_] = replace(
                outlines[id_],
                shape=shape,
                geojson=shapely.geometry.mapping(shape),
                fitted=id_ in new.fitted,
                uncertainty_m=new.uncertainty_m.get(id_, 0.0),
                uncertainty_km2=new.uncertainty_km2.get(id_, 0.0),
                sides=(),
                sources=(),
            )
    units = shapely.union_all([outlines[place.id].shape for place in district.catalogue.at(Level.UNIT)])
    for place in district.catalogue.at(Level.CORRIDOR):
        # Its label stands where it runs between the units; one that is covered by them is no destination anyway.
        if measure.geodesic_m2(outlines[place.id].shape - units) <= LEAST_M2:
            del outlines[place.id]
    return replace(district, version=f"{district.version}+", outlines=MappingProxyType(outlines))


def changes(district: District, new: Drawing) -> tuple[Effect, ...]:
    """The topics whose first zone, cluster or unit would be another, in the plan's order.

    Asked is one standard project a topic: that topic alone, surely read, with no further needs; once for each preset
    of the weights.

    Parameters
    ----------
    district : District
        The shipped one.
    new : Drawing
        What would take its place.
    """
    other = redrawn(district, new)
    topics = [node.id for node in district.catalogue.of_rank(Rank.TOPIC)]
    projects = [(Reading(topic, 1.0, 0.0, 0.0, ()),) for topic in topics]
    statuses = [Status.MATCH] * len(projects)
    found: dict[tuple[str, Level, str, str], list[str]] = {}
    for preset in PRESETS:
        was, is_ = (match.rank_many(one, projects, weights=preset, statuses=statuses) for one in (district, other))
        for topic, old, now in zip(topics, was, is_, strict=True):
            for name, level in _TABLE:
                before, after = getattr(old, name), getattr(now, name)
                if before != after and before and after:
                    found.setdefault((topic, level, before, after), []).append(preset)
    order = {(topic, level): number for number, (topic, level) in enumerate((t, lv) for t in topics for lv in Level)}
    return tuple(
        _effect(district, other, *key, tuple(presets))
        for key, presets in sorted(found.items(), key=lambda item: order[item[0][:2]])
    )


def _effect(district, other, topic, level, before, after, presets) -> Effect:
    was, is_ = (match.rank(one, [topic], weights=presets[0]) for one in (district, other))
    tied = any(
        abs(one.place(before).score - one.place(after).score) <= one.place(before).spread + one.place(after).spread
        for one in (was, is_)
    )
    scores = (one.place(id_).score for id_ in (before, after) for one in (was, is_))
    return Effect(topic, level, before, after, presets, *scores, tied)
