"""What is wrong with a layer when it is held against the plan: what lies outside, what is missing, what is too much."""

import re
from collections.abc import Sequence

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.collect import Findings, km2_text, metres_text
from gm_map.check.frame import Frame, areas_only, sound, thickness
from gm_map.check.results import Drawing, Finding, Identity, Layer, Severity
from gm_map.check.thresholds import THRESHOLDS, Thresholds
from gm_map.model import Level, Said
from gm_map.names import fold

__all__ = ["find"]

# What has no shape, or changes the direction of what follows: nothing that a name needs.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
UNDECODED = "\ufffd"
LONGEST_NAME = 60  # characters of a name that a sentence repeats
NAMED_ALIKE = "near"
UNNAMED = ("overlap", "none")


def find(
    layer: Layer,
    geometries: np.ndarray,
    identities: Sequence[Identity],
    drawing: Drawing,
    district,
    thresholds: Thresholds = THRESHOLDS,
) -> list[Finding]:
    """Findings of a layer against the plan and the district; areas are held against the plan elsewhere.

    Parameters
    ----------
    layer : Layer
    geometries : array (N,) of shapely geometries or None
        In `gm_map.model.WGS84`.
    identities : sequence of Identity
        Which place each feature is.
    drawing : Drawing
        The same by place: a parent that the file draws itself is what its children are held against.
    district : District
    thresholds : Thresholds
    """
    found = Findings(layer, identities, thresholds)
    areas = sound(geometries)
    _outside_district(areas, district, found, thresholds)
    _outside_parent(areas, identities, drawing, district, found, thresholds)
    _tiling(identities, drawing, district, found, thresholds)
    _missing(identities, district, found)
    _extra(areas, identities, found)
    _pieces(areas, identities, district, found, thresholds)
    _names(identities, district, areas, found)
    _texts(layer, areas, found)
    return found.all()


def _outside_district(areas: np.ndarray, district, found: Findings, limits: Thresholds) -> None:
    """Land beyond the district's outline: wrong beyond its doubt, else only said."""
    outlines = [one for one in district.background if one["properties"]["kind"] == "district"]
    for outline in outlines:
        shape = shapely.geometry.shape(outline["geometry"])
        doubt = float(outline["properties"].get("uncertainty_m") or 0.0)
        rows = np.flatnonzero(shapely.get_type_id(areas) >= 0)
        shapely.prepare(shape)
        rows = rows[~shapely.covers(shape, areas[rows])]
        beyond = [(row, shape, doubt, {}) for row in rows.tolist()]
        _beyond("OUTSIDE_DISTRICT", beyond, areas, found, limits)


def _outside_parent(areas, identities, drawing: Drawing, district, found: Findings, limits: Thresholds) -> None:
    """Land beyond the parent: as the file draws it, or, where it does not, as the map does with its doubt."""
    places = district.catalogue.places
    beyond = []
    for one in identities:
        parent = places[one.place_id].parent_id if one.place_id in places else None
        if parent is None or areas[one.row] is None:
            continue
        drawn = parent in drawing.rows and parent not in drawing.derived and parent in drawing.shapes
        shape = drawing.shapes[parent] if drawn else district.shape(parent)
        doubt = drawing.uncertainty_m.get(parent, 0.0) if drawn else district.uncertainty_m(parent)
        beyond.append((one.row, shape, float(doubt), {"parent": places[parent].name}))
    _beyond("OUTSIDE_PARENT", beyond, areas, found, limits)


def _beyond(code: str, asked: list, areas: np.ndarray, found: Findings, limits: Thresholds) -> None:
    """Features that go beyond a shape, the most land first. ``asked`` are (row, shape, doubt in metres, facts)."""
    if not asked:
        return
    rows = np.array([one[0] for one in asked])
    frame = Frame.around(areas[rows])
    within = {id(one[1]): frame.metres(one[1]) for one in asked}
    outside = areas_only(shapely.difference(areas[rows], np.array([one[1] for one in asked], dtype=object)))
    flat = frame.metres(outside)
    size, wide = measure.planar_m2(flat), thickness(flat)[0]
    # A strip narrower than a metre is the same side, drawn twice. What is thin on average may be wide somewhere.
    thin = np.flatnonzero((size > limits.least_m2) & (wide < 2 * limits.strip_m))
    counts = size > limits.least_m2
    counts[thin] = measure.planar_m2(shapely.buffer(flat[thin], -limits.strip_m / 2)) > 0
    told = []
    reach: dict = {}
    for at in np.flatnonzero(counts).tolist():
        row, shape, doubt, _ = asked[at]
        allowed = max(doubt, limits.strip_m)
        key = (id(shape), allowed)
        if key not in reach:
            reach[key] = shapely.buffer(within[id(shape)], allowed)
            shapely.prepare(reach[key])
        told.append((bool(shapely.covers(reach[key], flat[at])), -float(size[at]), row, at))
    told.sort()
    for note, _, row, at in told[: limits.most_per_code]:
        _, shape, doubt, facts = asked[at]
        parts = shapely.get_parts(outside[at])
        sizes = [measure.geodesic_m2(part) for part in parts]
        found.add(
            code,
            row,
            _inside(parts[int(np.argmax(sizes))]),
            severity=Severity.NOTE if note else None,
            area_km2=km2_text(sum(sizes)),
            far_m=metres_text(_farthest(flat[at], within[id(shape)])),
            doubt_m=metres_text(doubt) if doubt else "0",
            **facts,
        )
    found.count(code, [row for *_, row, _ in told[limits.most_per_code :]])


def _farthest(flat, within) -> float:
    """How far land in metres reaches beyond a shape: the distance of its farthest vertex."""
    vertices = shapely.points(shapely.get_coordinates(flat))
    shapely.prepare(within)
    return float(shapely.distance(vertices, within).max())


def _tiling(identities, drawing: Drawing, district, found: Findings, limits: Thresholds) -> None:
    """Parents that the file draws itself and whose parts leave some of their land to nobody."""
    rows = {one.place_id: one.row for one in identities if one.place_id}
    for id_, row in sorted(rows.items()):
        children = [child for child in district.catalogue.children(id_) if child in rows and child in drawing.shapes]
        if not children or id_ in drawing.derived or id_ not in drawing.shapes:
            continue
        parent = drawing.shapes[id_]
        empty = areas_only([shapely.difference(parent, shapely.union_all([drawing.shapes[one] for one in children]))])
        pieces = shapely.get_parts(empty)
        sizes = [measure.geodesic_m2(piece) for piece in pieces]
        if sum(sizes) > max(limits.part_share * measure.geodesic_m2(parent), limits.part_m2):
            point = shapely.point_on_surface(pieces[int(np.argmax(sizes))])
            found.add(
                "NOT_TILING",
                row,
                (point.x, point.y),
                others=[rows[child] for child in children],
                area_km2=km2_text(sum(sizes)),
                count=len(children),
            )


def _missing(identities, district, found: Findings) -> None:
    """Places of a level that the file draws and which are not among them. A part of a level may be an extract."""
    drawn = {one.place_id for one in identities if one.place_id}
    for level in Level:
        places = district.catalogue.at(level)
        there = sum(place.id in drawn for place in places)
        if not there:
            continue
        extract = 2 * there < len(places)
        for place in places:
            if place.id not in drawn:
                lat, lon = district.label_point(place.id)
                found.add(
                    "MISSING_PLACE",
                    None,
                    (lon, lat),
                    severity=Severity.WARNING if extract else None,
                    place_id=place.id,
                    name="",  # the file has none; the sentence says which place it is
                    place=place.name,
                    there=there,
                    count=len(places),
                )


def _extra(areas: np.ndarray, identities, found: Findings) -> None:
    """Features that are no place, and further features of a place that lie apart from its first."""
    rows: dict[str, list[int]] = {}
    for one in identities:
        if one.place_id is None:
            if areas[one.row] is not None:
                found.add("EXTRA_PLACE", one.row, _inside(areas[one.row]), why=Said("check.extra_none"))
        else:
            rows.setdefault(one.place_id, []).append(one.row)
    for same in rows.values():
        drawn = [row for row in same if areas[row] is not None]
        for row in drawn[1:]:
            apart = not shapely.intersects(areas[row], areas[drawn[0]])
            if apart:
                why = Said("check.extra_twice", {"first": drawn[0] + 1})
                found.add("EXTRA_PLACE", row, _inside(areas[row]), others=(drawn[0],), why=why)


def _pieces(areas: np.ndarray, identities, district, found: Findings, limits: Thresholds) -> None:
    """Features in several pieces, of places that the plan treats as one."""
    for one in identities:
        if one.place_id not in district.catalogue.places or areas[one.row] is None:
            continue
        parts = shapely.get_parts(areas[one.row])
        if len(parts) < 2:
            continue
        sizes = np.array([measure.geodesic_m2(part) for part in parts])
        large = np.flatnonzero(sizes > np.minimum(limits.part_m2, limits.part_share * sizes.sum()))
        if len(large) > limits.pieces.get(one.place_id, 1):
            smallest = int(large[np.argmin(sizes[large])])
            found.add(
                "DISCONNECTED",
                one.row,
                _inside(parts[smallest]),
                count=len(large),
                area_km2=km2_text(float(sizes[smallest])),
            )


def _names(identities, district, areas: np.ndarray, found: Findings) -> None:
    """Names that the plan does not have, and those that it writes otherwise."""
    known = {fold(name) for place in district.catalogue.places.values() for name in _writings(place)}
    for one in identities:
        name = one.name.strip()
        if not name or fold(name) in known:
            continue
        point = None if areas[one.row] is None else _inside(areas[one.row])
        shown = CONTROL.sub("", name)[:LONGEST_NAME]
        if one.how == NAMED_ALIKE and one.place_id in district.catalogue.places:
            read = district.catalogue.places[one.place_id].name
            found.add("MISSPELT_NAME", one.row, point, said=shown, read=read)
        elif one.how in UNNAMED:
            found.add("UNKNOWN_NAME", one.row, point, said=shown)


def _writings(place) -> tuple[str, ...]:
    return (place.id, place.name.zh, place.name.en, place.short.zh, place.short.en, *place.aliases)


def _texts(layer: Layer, areas: np.ndarray, found: Findings) -> None:
    """Characters in the file's texts that nobody sees, or that could not be decoded."""
    for column, values in layer.attributes.items():
        for row, value in enumerate(values):
            if not isinstance(value, str):
                continue
            codes = ("TEXT_DAMAGED",) * (UNDECODED in value) + ("CONTROL_CHARACTERS",) * bool(CONTROL.search(value))
            for code in codes:
                point = None if areas[row] is None else _inside(areas[row])
                found.add(code, row, point, column=CONTROL.sub("", str(column))[:LONGEST_NAME])


def _inside(area) -> tuple[float, float]:
    point = shapely.point_on_surface(area)
    return point.x, point.y
