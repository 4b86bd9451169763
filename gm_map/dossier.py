"""All that is known of one place, gathered once: what the plan says, what was drawn, what nobody says."""

from dataclasses import dataclass

from gm_map.model import Fact, Level, Link, Oddity, Place

__all__ = ["Dossier", "Reach", "dossier"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far something is, in metres, straight, from the point that stands for the place."""

    kind: str
    name: str
    name_en: str
    metres: float


@dataclass(frozen=True, slots=True)
class Dossier:
    """One place. Areas in square kilometres, distances in metres.

    ``links`` are the place's own (clusters, zones) or those of its cluster (units: ``inherited`` is True, derived).
    ``facts`` likewise. ``unsaid`` holds keys of what the plan does not say of a place of this level.
    """

    place: Place
    above: tuple[Place, ...]
    area_km2: float
    projected_km2: float
    uncertainty_km2: float
    uncertainty_m: float
    fitted: bool
    inherited: bool
    links: tuple[Link, ...]
    facts: tuple[Fact, ...]
    oddities: tuple[Oddity, ...]
    neighbours: tuple[str, ...]
    reaches: tuple[Reach, ...]
    unsaid: tuple[str, ...]


def dossier(district, place_id) -> Dossier:
    """Gather what is known of a place.

    Parameters
    ----------
    district : District
    place_id : str

    Raises
    ------
    KeyError
        For an id that is no place.
    """
    catalogue = district.catalogue
    place = catalogue.places[place_id]
    spoken_for = place.parent_id if place.level == Level.UNIT else place.id
    links = sorted((reason.link for reason in catalogue.reasons_at(place.id)), key=lambda link: link.basis.weakness)
    facts = catalogue.facts_of(place.id) + (catalogue.facts_of(spoken_for) if spoken_for != place.id else ())
    return Dossier(
        place=place,
        above=tuple(catalogue.places[above] for above in catalogue.ancestors(place.id)),
        area_km2=district.area_km2(place.id),
        projected_km2=district.projected_km2(place.id),
        uncertainty_km2=district.uncertainty_km2(place.id),
        uncertainty_m=district.uncertainty_m(place.id),
        fitted=district.fitted(place.id),
        inherited=spoken_for != place.id,
        links=tuple(links),
        facts=facts,
        oddities=catalogue.oddities_of(place.id),
        neighbours=district.neighbours(place.id),
        reaches=tuple(Reach(**reach) for reach in district.reaches(place.id)),
        unsaid=_unsaid(place),
    )


def _unsaid(place) -> tuple[str, ...]:
    """What a reader will look for and the plan does not give."""
    keys = ["boundary"]
    if place.stated_km2 is None:
        keys.append("area")
    if place.level in (Level.UNIT, Level.CLUSTER):
        keys.append("land_for_sale")
    if place.level == Level.UNIT:
        keys.append("division_of_labour")
    if place.level == Level.CORRIDOR:
        keys.append("width")
    return tuple(keys)
