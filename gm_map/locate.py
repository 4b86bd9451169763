"""Where a project already is: unit, cluster and zone of a coordinate, how near the edge, and whether it belongs there.

The rule for a point exactly on a shared edge is written in `gm_map.unit_grid`: the unit with the lower number has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from gm_map import measure
from gm_map.datum import Datum, Guess, convert, guess
from gm_map.district import District
from gm_map.errors import InputError
from gm_map.model import Basis, Citation, Level
from gm_map.unit_grid import NOWHERE, UnitGrid, unit_grid

__all__ = ["AUTO", "Location", "Locations", "Standpoint", "Verdict", "locate", "locate_many", "where_it_stands"]

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Location:
    """Where one point is. Ids are None outside of all units.

    ``edge_m`` is the way in metres to the nearest edge of the unit, or to the nearest unit when outside of all;
    ``nearest_id`` is the unit whose outline that is, and ``uncertainty_m`` how well it is known.
    ``within_uncertainty`` says that the point is nearer to the edge than that. ``may_be_in`` are the ids of the units
    that the point may really lie in, None among them for none. ``guess`` is set where the datum was to be guessed.
    """

    lon: float
    lat: float
    datum: Datum
    guess: Guess | None
    lon_wgs84: float
    lat_wgs84: float
    unit_id: str | None
    cluster_id: str | None
    zone_id: str | None
    edge_m: float
    nearest_id: str
    uncertainty_m: float
    within_uncertainty: bool
    may_be_in: tuple[str | None, ...]


@dataclass(frozen=True, eq=False)
class Locations:
    """Where many points are, as arrays (N,): see `Location`.

    ``unit`` numbers ``unit_ids`` (`gm_map.unit_grid.NOWHERE` outside of all); ``edge_m`` is NaN for points that are no
    numbers.
    """

    unit_ids: tuple[str, ...]
    unit: np.ndarray
    edge_m: np.ndarray
    nearest: np.ndarray
    within_uncertainty: np.ndarray


class Verdict(StrEnum):
    """Whether a place is one that the plan gives to an industry."""

    RIGHT_PLACE = "right place"
    RIGHT_ZONE = "right zone, other cluster"
    ELSEWHERE = "elsewhere"
    CANNOT_BE_TOLD = "cannot be told"  # nearer to the edge than the outline is known, and it matters
    NO_PLACE = "no place"  # the plan gives the topic no place: there is nothing to hold against it


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A verdict, what it rests on, and where the plan would have the topic.

    ``basis`` and ``citation`` are those of the place that it stands in, where that is given to the topic, else those of
    the strongest place that is. ``place_ids`` are the clusters for the topic, or its zones where no cluster has it.
    ``verdicts`` gives by unit that the point may be in (None: none) what it would be there.
    """

    verdict: Verdict
    basis: Basis
    citation: Citation | None
    place_ids: tuple[str, ...]
    verdicts: tuple[tuple[str | None, Verdict], ...]


def locate(district: District, lon: float, lat: float, datum: Datum | str = Datum.WGS84) -> Location:
    """Where one point is.

    Parameters
    ----------
    lon, lat : float
        Degrees in ``datum``.
    datum : Datum or "auto"
        With "auto" it is guessed and the guess shown; where it cannot be told, WGS 84 is assumed.

    Raises
    ------
    InputError
        For what is no coordinate, or a datum that does not exist.
    """
    if not (np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        swapped = np.isfinite(lon) and np.isfinite(lat) and abs(lat) <= 180 and abs(lon) <= 90
        hint = "longitude comes first" if swapped else "give degrees"
        raise InputError(f"no such place on Earth: longitude {lon}, latitude {lat}; {hint}")
    found = guess(district, lon, lat) if datum == AUTO else None
    try:
        known = found.datum if found else Datum(datum)
    except ValueError:
        raise InputError(f"no such datum: “{datum}”; take one of {', '.join([*Datum, AUTO])}") from None
    lon_84, lat_84 = (float(value) for value in convert(lon, lat, known, Datum.WGS84))
    grid = unit_grid(district)
    many = locate_many(district, np.array([lon_84]), np.array([lat_84]))
    unit = int(many.unit[0])
    unit_id = None if unit == NOWHERE else grid.unit_ids[unit]
    nearest = grid.unit_ids[int(many.nearest[0])]
    cluster = district.catalogue.parent(unit_id) if unit_id else None
    return Location(
        float(lon),
        float(lat),
        known,
        found,
        lon_84,
        lat_84,
        unit_id,
        cluster,
        district.catalogue.parent(cluster) if cluster else None,
        round(float(many.edge_m[0]), 1),
        nearest,
        district.uncertainty_m(nearest),
        bool(many.within_uncertainty[0]),
        _may_be_in(district, grid, lon_84, lat_84, unit_id, bool(many.within_uncertainty[0])),
    )


def _may_be_in(
    district: District, grid: UnitGrid, lon: float, lat: float, unit_id: str | None, doubtful: bool
) -> tuple[str | None, ...]:
    """The unit of a point first, then those whose outline is known no better than the way to it, then None for none."""
    if not doubtful:
        return (unit_id,)
    near = [
        id_
        for id_ in grid.unit_ids
        if id_ != unit_id and measure.distance_to_m(lon, lat, district.shape(id_)) < district.uncertainty_m(id_)
    ]
    found: list[str | None] = [unit_id, *near]
    if unit_id is not None and _open(district, grid, lon, lat):
        found.append(None)
    return tuple(found)


def _open(district: District, grid: UnitGrid, lon: float, lat: float) -> bool:
    """Whether land outside of all units is nearer to a point than its unit's outline is known."""
    rim = shapely.boundary(shapely.union_all(grid.shapes))
    number = int(grid.units(np.array([lon]), np.array([lat]))[0])
    return measure.distance_to_m(lon, lat, rim) < district.uncertainty_m(grid.unit_ids[number])


def locate_many(district: District, lons: np.ndarray, lats: np.ndarray) -> Locations:
    """Where many points are: the same answers as `locate`, from a grid that is made once for a district.

    Parameters
    ----------
    lons, lats : array (N,)
        Degrees in WGS 84 (see `gm_map.datum.convert`); NaN where there is none.

    Returns
    -------
    Locations
    """
    lons, lats = np.ascontiguousarray(lons, dtype=float), np.ascontiguousarray(lats, dtype=float)
    if lons.shape != lats.shape or lons.ndim != 1:
        raise ValueError(f"wanted two arrays (N,) of one length, found {lons.shape} and {lats.shape}")
    grid = unit_grid(district)
    unit = grid.units(lons, lats)
    edge, nearest = grid.edges(lons, lats)
    # Inside a unit the outline that counts is its own, also where the neighbour shares it.
    nearest = np.where(unit == NOWHERE, nearest, unit)
    known = np.array([district.uncertainty_m(id_) for id_ in grid.unit_ids])
    with np.errstate(invalid="ignore"):
        within = edge < known.take(nearest, mode="clip")
    return Locations(grid.unit_ids, unit, edge, nearest, within)


def where_it_stands(district: District, place: Location | str | None, topic_id: str) -> Standpoint:
    """Whether a place is one that the plan gives to a topic.

    Parameters
    ----------
    place : Location, str or None
        A point from `locate`, or the id of a unit, cluster or zone (None: outside of all).
    topic_id : str

    Returns
    -------
    Standpoint
        Of a point nearer to an edge than the outline is known, the verdict that holds on all sides of it, or "cannot
        be told" where they differ.

    Raises
    ------
    KeyError
        For an id that is no place or no topic.
    """
    catalogue = district.catalogue
    catalogue.industries[topic_id]
    strength = list(Basis).index
    reasons = {
        r.place_id: r.link for r in sorted(catalogue.reasons_of(topic_id), key=lambda r: -strength(r.link.basis))
    }
    links = sorted(catalogue.links_of(topic_id), key=lambda link: strength(link.basis))
    given = [link.place_id for link in links if link.place_id]
    clusters = [id_ for id_ in given if catalogue.places[id_].level == Level.CLUSTER]
    if not given:
        return Standpoint(Verdict.NO_PLACE, Basis.NONE, links[0].citation if links else None, (), ())
    zones = {catalogue.path(id_)[0] for id_ in given}
    sides = place.may_be_in if isinstance(place, Location) else (place,)
    verdicts = tuple((id_, _verdict(catalogue, id_, reasons, zones, bool(clusters))) for id_ in sides)
    told = {verdict for _, verdict in verdicts}
    verdict = told.pop() if len(told) == 1 else Verdict.CANNOT_BE_TOLD
    own = next((reasons[id_] for id_ in _upwards(catalogue, sides[0]) if id_ in reasons), links[0])
    return Standpoint(verdict, own.basis, own.citation, tuple(clusters or given), verdicts)


def _upwards(catalogue, place_id: str | None) -> Iterable[str]:
    return () if place_id is None else (place_id, *catalogue.ancestors(place_id))


def _verdict(catalogue, place_id: str | None, reasons, zones: set[str], in_clusters: bool) -> Verdict:
    if place_id is None:
        return Verdict.ELSEWHERE
    # A zone's own sentence is enough only where no cluster has the topic.
    if place_id in reasons and (not in_clusters or catalogue.places[place_id].level != Level.ZONE):
        return Verdict.RIGHT_PLACE
    zone = catalogue.path(place_id)[0]
    if zone in zones:
        return Verdict.RIGHT_ZONE if in_clusters else Verdict.RIGHT_PLACE
    return Verdict.ELSEWHERE
