"""Which feature of a layer is which place of the plan, and the layer as shapes by place.

By an id column first (``unit-07``), then by name, then, where a layer has no names, by overlap with the shipped
outlines. A name is compared without dashes, blanks and the words for unit, cluster and zone, in one width, simplified;
former and other writings count (`gm_map.model.Place.aliases`), so do pinyin and English, and near misses. What a
person settles by hand goes before all.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.labels import Label, numbers, read_labels
from gm_map.check.lines import finite
from gm_map.check.results import Drawing, Identity, Layer
from gm_map.district import District
from gm_map.model import Level

__all__ = ["by_label", "drawing", "identify", "shipped"]

LEAST_OVERLAP = 0.5  # of what the two cover together
CLEAR_LEAD = 0.1  # over the next place of the same level
SAME = 0.9999  # overlap from which an outline is the shipped one
LEAST_CHILDREN = 0.5  # of a parent's children must be there before it is put together from them
METRES_COLUMNS = ("uncertainty_m", "精度", "误差", "中误差")
KM2_COLUMNS = ("uncertainty_km2",)
FITTED_COLUMN = "area_fitted"


@lru_cache(maxsize=4)
def _outlines(district: District) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Ids, shapes in metres and their areas in m²."""
    ids = tuple(district.outlines)
    shapes = measure.to_metres(np.array([district.shape(id_) for id_ in ids], dtype=object))
    shapely.prepare(shapes)
    return ids, shapes, measure.planar_m2(shapes)


def _overlaps(geometries: np.ndarray, rows: np.ndarray, district: District) -> dict[int, dict[str, float]]:
    """By row, the places that an area shares at least half of what both cover together with; broken ones are mended
    for the measuring only."""
    rows = rows[finite(geometries[rows]) & (shapely.get_dimensions(geometries[rows]) == 2)] if len(rows) else rows
    if not len(rows):
        return {}
    ids, shapes, areas = _outlines(district)
    flat = measure.to_metres(geometries[rows])
    low, high = shapely.bounds(flat)[:, None, :2], shapely.bounds(flat)[:, None, 2:]
    bounds = shapely.bounds(shapes)
    common = np.clip(np.minimum(high, bounds[:, 2:]) - np.maximum(low, bounds[:, :2]), 0.0, None).prod(axis=2)
    # Half of both together is at least half of the larger one: most pairs fall out by their boxes alone.
    box = (high - low).prod(axis=2)  # of a crossed shape the box is larger than what its area says
    own = measure.planar_m2(flat)[:, None]
    at, place = np.nonzero((np.minimum(common, box) >= LEAST_OVERLAP * areas) & (LEAST_OVERLAP * own <= areas))
    found: dict[int, dict[str, float]] = {}
    mended = {
        position: shapely.make_valid(flat[position], method="structure", keep_collapsed=False)
        for position in dict.fromkeys(at.tolist())
    }
    for position, number in zip(at.tolist(), place.tolist(), strict=True):
        both = float(measure.planar_m2(shapely.intersection(mended[position], shapes[number])))
        together = float(measure.planar_m2(mended[position])) + areas[number] - both
        if together > 0 and both / together >= LEAST_OVERLAP:
            found.setdefault(int(rows[position]), {})[ids[number]] = both / together
    return found


def by_label(layer: Layer, district: District) -> tuple[Identity, ...]:
    """Which place each feature is by what its columns say, whatever its shape; one that may be two places is none."""
    places = district.catalogue.places
    return tuple(
        Identity(row, label.name, label.place_ids[0], places[label.place_ids[0]].level, label.how, label.score)
        if len(label.place_ids) == 1
        else Identity(row, label.name, None, label.level, "none", 0.0)
        for row, label in enumerate(read_labels(layer, district))
    )


def identify(
    layer: Layer, geometries, district: District, by_hand: Mapping[int, str | None] | None = None
) -> tuple[Identity, ...]:
    """Which place each feature of a layer is.

    Parameters
    ----------
    layer : Layer
    geometries : array (N,) of shapely geometries
        The same features in `gm_map.model.WGS84`.
    district : District
    by_hand : mapping of row to place id, optional
        What a person settled; None: the feature is no place. ValueError for an id that is none.

    Returns
    -------
    tuple of Identity
        One a feature, in order. Several features may be one place: its parts.
    """
    by_hand = by_hand or {}
    places = district.catalogue.places
    if wrong := [id_ for id_ in by_hand.values() if id_ is not None and id_ not in places]:
        raise ValueError(f"no such place: {wrong[0]!r}")
    geometries = np.asarray(geometries, dtype=object)
    labels = read_labels(layer, district)
    open_rows = [row for row, label in enumerate(labels) if label.how in ("none", "near") or len(label.place_ids) > 1]
    overlaps = _overlaps(geometries, np.array(open_rows, dtype=int), district)
    settled: dict[int, Identity] = {}
    for row, label in enumerate(labels):
        if row in by_hand:
            id_ = by_hand[row]
            level = places[id_].level if id_ else None
            settled[row] = Identity(row, label.name, id_, level, "hand", 1.0)
        elif (identity := _named(row, label, overlaps.get(row, {}), places)) is not None:
            settled[row] = identity
    _by_overlap(labels, overlaps, settled, places)
    unknown = (Identity(row, label.name, None, label.level, "none", 0.0) for row, label in enumerate(labels))
    return tuple(settled.get(identity.row, identity) for identity in unknown)


def _named(row: int, label: Label, overlap: Mapping[str, float], places) -> Identity | None:
    """What the columns say, where the shape does not gainsay a guess."""
    if not label.place_ids:
        return None
    best = max(label.place_ids, key=lambda id_: overlap.get(id_, 0.0))
    if label.how == "near" and overlap and best not in overlap:
        return None
    return Identity(row, label.name, best, places[best].level, label.how, label.score)


def _by_overlap(labels: Sequence[Label], overlaps, settled: dict[int, Identity], places) -> None:
    """Features without a name, by shape. Two places may have one outline (a zone of one cluster): the level on which
    most features fit goes first, and of equals the one that is still free."""
    rows = [row for row in overlaps if row not in settled]
    weight = dict.fromkeys(Level, 0.0)
    for identity in settled.values():
        if identity.level is not None:
            weight[identity.level] += 1.0
    for row in rows:
        for id_, value in overlaps[row].items():
            weight[places[id_].level] += value
    order = list(Level)
    taken = {identity.place_id for identity in settled.values()}
    for row in sorted(rows, key=lambda row: (-max(overlaps[row].values()), row)):
        level, choices = labels[row].level, []
        for id_, value in overlaps[row].items():
            own = places[id_].level
            rivals = [v for other, v in overlaps[row].items() if other != id_ and places[other].level == own]
            if (level is None or own == level) and value - max(rivals, default=0.0) >= CLEAR_LEAD:
                choices.append((round(value, 2), id_ not in taken, weight[own], -order.index(own), id_, value))
        if choices:
            id_, value = max(choices)[4:]
            taken.add(id_)
            settled[row] = Identity(row, labels[row].name, id_, places[id_].level, "overlap", round(value, 4))


def drawing(
    layer: Layer,
    geometries,
    identities: Sequence[Identity],
    district: District,
    uncertainty_m: float | None = None,
) -> Drawing:
    """A layer as shapes by place.

    Several features of one place are united. A parent that the layer leaves out is put together from its children, if
    at least half of them are there (`Drawing.derived`). Broken shapes are made valid, for measuring; the layer's own
    stay as they are.

    Parameters
    ----------
    geometries : array (N,) of shapely geometries
        In `gm_map.model.WGS84`.
    uncertainty_m : float, optional
        How far every outline may be off, in metres, where the file does not say it itself. Without either the layer is
        taken as drawn exactly.

    Returns
    -------
    Drawing
        ``uncertainty_km2`` is the file's own, else half of the band of ``uncertainty_m`` on both sides of the outline:
        the build's rule for a side, length times uncertainty.
    """
    geometries = np.asarray(geometries, dtype=object)
    usable = finite(geometries) & (shapely.get_dimensions(geometries) == 2)
    parts: dict[str, list[int]] = {}
    for identity in identities:
        if identity.place_id is not None and usable[identity.row]:
            parts.setdefault(identity.place_id, []).append(identity.row)
    metres, km2 = numbers(layer, METRES_COLUMNS), numbers(layer, KM2_COLUMNS)
    flags = layer.attributes.get(FITTED_COLUMN)
    shapes, own_m, own_km2, fitted = {}, {}, {}, set()
    for id_, rows in parts.items():
        shape = _united(geometries[rows])
        if shape.is_empty:
            continue
        shapes[id_] = shape
        known = [metres[row] for row in rows if metres[row] >= 0]
        own_m[id_] = max(known) if known else float(uncertainty_m or 0.0)
        areas = [km2[row] for row in rows if km2[row] >= 0]
        if areas and uncertainty_m is None:
            own_km2[id_] = math.fsum(areas)
        if flags is not None and any(_is_yes(flags[row]) for row in rows):
            fitted.add(id_)
    derived = _derive(shapes, own_m, district)
    for id_, shape in shapes.items():
        if id_ not in own_km2:
            own_km2[id_] = measure.band_km2(shape.boundary, own_m[id_]) / 2 if own_m[id_] > 0 else 0.0
        if district.fitted(id_) and _same(shape, district.shape(id_)):
            fitted.add(id_)
    return Drawing(
        shapes=shapes,
        uncertainty_m=own_m,
        uncertainty_km2=own_km2,
        fitted=frozenset(fitted),
        derived=frozenset(derived),
        rows={id_: rows[0] for id_, rows in parts.items() if id_ in shapes},
        background=tuple(district.background),
    )


def _united(geometries: np.ndarray) -> shapely.Geometry:
    """One valid area of several: what is left of a line or a point after mending is no area."""
    valid = shapely.make_valid(geometries, method="structure", keep_collapsed=False)
    pieces = [part for part in _pieces(valid) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.union_all(pieces) if pieces else shapely.Polygon()


def _pieces(geometries) -> list[shapely.Geometry]:
    # Mending may give a collection that holds a multipolygon: two steps down.
    return shapely.get_parts(shapely.get_parts(geometries)).tolist()


def _derive(shapes: dict, own_m: dict, district: District) -> list[str]:
    catalogue = district.catalogue
    derived = []
    for level in (Level.CLUSTER, Level.ZONE):
        for parent in catalogue.at(level):
            children = [place.id for place in catalogue.places.values() if place.parent_id == parent.id]
            there = [id_ for id_ in children if id_ in shapes]
            if parent.id not in shapes and there and len(there) >= LEAST_CHILDREN * len(children):
                shapes[parent.id] = _united(np.array([shapes[id_] for id_ in there], dtype=object))
                own_m[parent.id] = max(own_m[id_] for id_ in there)
                derived.append(parent.id)
    return derived


def _is_yes(value) -> bool:
    return value is True or str(value).strip().lower() in ("true", "1", "1.0", "yes", "是")


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    flat = measure.to_metres(np.array([one, other], dtype=object))
    both = float(measure.planar_m2(shapely.intersection(*flat)))
    return both >= SAME * (float(measure.planar_m2(flat).sum()) - both)


def shipped(district: District) -> Drawing:
    """The shipped map as a drawing, with the uncertainties that its build worked out."""
    ids = tuple(district.outlines)
    return Drawing(
        shapes={id_: district.shape(id_) for id_ in ids},
        uncertainty_m={id_: district.uncertainty_m(id_) for id_ in ids},
        uncertainty_km2={id_: district.uncertainty_km2(id_) for id_ in ids},
        fitted=frozenset(id_ for id_ in ids if district.fitted(id_)),
        derived=frozenset(),
        rows={},
        background=tuple(district.background),
    )
