"""The verdict on each area: agrees, disagrees, or cannot be decided, with the sentence that says why.

With ``d`` the difference of area and figure and ``u`` how much the area may be off: they agree where ``d + u`` is
within half a tenth of a km² (the plan writes its figures in tenths), disagree where ``d − u`` is beyond it, and between
the two it cannot be decided. Nor can it where the plan gives no figure, where the outline was solved for the figure, or
where the layer does not have the place.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gm_map import measure
from gm_map.check import causes, codes
from gm_map.check.results import AreaVerdict, Cause, Drawing, Finding, Identity, Judgement, Layer
from gm_map.check.units import Unit, area_columns, convert, decimals, fixed, number, signed
from gm_map.district import District
from gm_map.model import Level, Place, Said, Text

__all__ = ["column_findings", "findings", "judge", "sums", "verdicts"]

TOLERANCE = causes.HALF_TENTH
NOISE = 1e-9  # km²: 20.65 less 20.6 is not quite 0.05 in binary
# What a figure beside a shape may be off without being wrong: vertices were rounded, the area was planar in its own
# belt (20 millionths). The next mistake, UTM, is 1.4 thousandths.
FIGURE_SHARE = 5e-4
# So many rows of a file are explained by everything; the rest by slips of unit and decimal point, which is quick.
MOST_EXPLAINED = 100
OTHERS = 60  # figures of other rows that one may have been swapped with: among more, something always fits


def judge(difference: float, uncertainty: float, tolerance: float = TOLERANCE) -> Judgement:
    """What can be said of a difference that is known to an uncertainty (all in one unit).

    >>> [str(judge(d, u)) for d, u in ((0.02, 0.01), (0.3, 0.1), (0.03, 0.6))]
    ['agrees', 'disagrees', 'cannot be decided']
    """
    off = abs(difference)
    if off + uncertainty <= tolerance + NOISE:
        return Judgement.AGREES
    return Judgement.DISAGREES if off - uncertainty > tolerance + NOISE else Judgement.UNDECIDED


def verdicts(
    drawing: Drawing, district: District, layer: Layer | None = None, identities: Sequence[Identity] = ()
) -> tuple[AreaVerdict, ...]:
    """The verdict on every place of the plan, in its order, with the causes of each disagreement.

    Parameters
    ----------
    drawing : Drawing
        What is judged.
    district : District
        The plan, and the shipped map.
    layer, identities : optional
        The file that the drawing is from: a place is then called as the file calls it.
    """
    called = {one.row: one.name for one in identities}
    return tuple(_verdict(place, drawing, district, called) for place in district.catalogue.places.values())


def _verdict(place: Place, drawing: Drawing, district: District, called: dict[int, str]) -> AreaVerdict:
    row = drawing.rows.get(place.id)
    facts: dict[str, Any] = {"name": place.name, "called": called.get(row, place.name.zh)}
    stated = place.stated_km2
    shape = drawing.shapes.get(place.id)
    if shape is None:
        return AreaVerdict(place.id, place.level, row, stated, None, None, None, Judgement.UNDECIDED, "missing", facts)
    area = _area(shape)
    if area is None:
        return AreaVerdict(place.id, place.level, row, stated, None, None, None, Judgement.UNDECIDED, "no_area", facts)
    off = drawing.uncertainty_km2.get(place.id, 0.0)
    found: tuple[Cause, ...] = ()
    judgement, why = Judgement.UNDECIDED, "no_figure"
    if stated is not None:
        judgement, why, more = _held(area, stated, off, place.id in drawing.fitted)
        facts |= more
        if place.id in drawing.derived and why != "fitted":
            facts["verdict"] = Said(f"verdict.{why}", dict(facts))
            why = "derived"
        if judgement == Judgement.DISAGREES:
            found = causes.explain(place.id, stated, drawing, district, uncertainty_km2=off)
    planar = float(measure.projected_km2(shape))
    projected = planar if math.isfinite(planar) else None
    return AreaVerdict(place.id, place.level, row, stated, area, projected, off, judgement, why, facts, causes=found)


def _held(area: float, stated: float, off: float, fitted: bool) -> tuple[Judgement, str, dict[str, str]]:
    difference = area - stated
    count = decimals(off, difference, TOLERANCE)
    facts = {
        "stated": number(stated),
        "area": fixed(area, count),
        "difference": signed(difference, count),
        "percent": signed(difference / stated * 100, 1 if abs(difference / stated) >= 5e-4 else 3),
        "uncertainty": fixed(off, count),
        "tolerance": number(TOLERANCE),
    }
    if fitted:
        return Judgement.UNDECIDED, "fitted", facts
    judgement = judge(difference, off)
    why = {Judgement.AGREES: "agrees", Judgement.DISAGREES: "disagrees"}.get(judgement, "undecided")
    return judgement, why if off or why == "undecided" else f"{why}_exact", facts


def findings(found: Sequence[AreaVerdict], drawing: Drawing) -> list[Finding]:
    """A finding for each disagreement, at a point inside the shape."""
    return [
        Finding(
            "AREA_DISAGREES",
            codes.severity("AREA_DISAGREES"),
            one.row,
            one.place_id,
            one.facts["called"],
            {**one.facts, "cause": _first(one.causes)},
            *_inside(drawing.shapes[one.place_id]),
        )
        for one in found
        if one.judgement == Judgement.DISAGREES
    ]


def _first(found: Sequence[Cause]) -> Said:
    return Said(f"cause.{found[0].code}", found[0].facts)


def _inside(shape) -> tuple[float, float]:
    point = shape.representative_point()
    return round(point.x, 7), round(point.y, 7)


# ---- the figures of a file against its own shapes ----


def column_findings(layer: Layer, identities: Sequence[Identity], geometries: np.ndarray) -> list[Finding]:
    """Figures in the area columns of a layer that are not the area of their shape.

    Parameters
    ----------
    layer : Layer
    identities : sequence of Identity
        By row; they name the features.
    geometries : ndarray of shapely geometries, (N,)
        The layer's shapes in `gm_map.model.WGS84`; None and shapes without an area are passed over, and a shape that
        crosses itself is measured as `shapely.make_valid` reads it.

    Returns
    -------
    list of Finding
        ``AREA_COLUMN_DISAGREES``, one a row and column, with the cause that fits best.
    """
    known = {one.row: one for one in identities}
    if not area_columns(layer, [None] * len(layer)):
        return []  # nothing to hold against the shapes: they need not be measured
    shapes = [_read(shape, valid) for shape, valid in zip(geometries, shapely.is_valid(geometries), strict=True)]
    areas = [_area(shape) for shape in shapes]
    found = []
    for column in area_columns(layer, areas):
        few = sum(value is not None for value in column.km2) <= OTHERS
        for row, (figure, area) in enumerate(zip(column.km2, areas, strict=True)):
            if figure is None or area is None:
                continue
            tolerance = max(column.rounding_km2(row), FIGURE_SHARE * max(area, abs(figure)))
            if abs(area - figure) <= tolerance + NOISE:
                continue
            reasons = causes.explain_slip(figure, area, tolerance_km2=tolerance)
            # An unmistakable slip needs no projections computed; nor do more rows than anybody reads.
            if reasons[0].code == causes.NONE and len(found) < MOST_EXPLAINED:
                others = {_name(known, n): value for n, value in enumerate(column.km2) if value and n != row}
                reasons = causes.explain_figure(
                    figure,
                    shapes[row],
                    tolerance_km2=tolerance,
                    unit=column.units[row],
                    others=others if few else None,
                )
            identity = known.get(row)
            facts = {
                "column": column.name[:80],
                "figure": number(column.raw[row], 8),
                "unit": Said(f"check.unit_{column.units[row]}"),
                "guessed": Said(f"check.unit_from_{column.how}"),
                "area": number(convert(area, Unit.KM2, column.units[row]), 5),
                "cause": _first(reasons),
            }
            found.append(
                Finding(
                    "AREA_COLUMN_DISAGREES",
                    codes.severity("AREA_COLUMN_DISAGREES"),
                    row,
                    identity.place_id if identity else None,
                    _name(known, row),
                    facts,
                    *_inside(shapes[row]),
                )
            )
    return found


def _read(shape, valid: bool):
    """A shape that can be measured; None where there is none, or it has a coordinate that is no number."""
    if shape is None or valid:
        return shape
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _area(shape) -> float | None:
    """True area in km²; None where there is none, or where the coordinates are not on the earth."""
    area = measure.geodesic_km2(shape) if shape is not None else 0.0
    return area if math.isfinite(area) and area > 0 else None


def _name(known: dict[int, Identity], row: int) -> str:
    return known[row].name if row in known and known[row].name else str(row + 1)


# ---- three sums that are not the same ----


def sums(drawing: Drawing, district: District) -> tuple[tuple[str, dict[str, Any]], ...]:
    """What the zones sum to, how large the district is, and how large the science city: three different things.

    Returns
    -------
    tuple of (str, dict)
        Keys of the messages ``sums.*``, and what fills them. The figures of the plan and of the district are those of
        `Catalogue.figures`; the plan itself gives no sum of the zones.
    """
    zones = district.catalogue.at(Level.ZONE)
    total = _figure(district, "figure-34")
    found = [*_zone_sum(zones, total, drawing)]
    outline = [one["geometry"] for one in drawing.background if one["properties"]["kind"] == "district"]
    published = _published(district)
    if outline and published:
        area = measure.geodesic_km2(shapely.union_all([shapely.geometry.shape(one) for one in outline]))
        shares = [total / value * 100 for value in (max(published), min(published))]
        facts = {
            "total": number(total),
            "drawn": fixed(area, 1),
            "published": "–".join(fixed(value, 1) for value in (min(published), max(published))),
            "share": fixed(total / area * 100, 1),
            "published_share": "–".join(fixed(value, 1) for value in shares),
        }
        found.append(("district", facts))
    outside = _figure(district, "figure-39")
    city = {"total": number(total), "outside": number(outside), "city": number(round(total + outside, 1))}
    return (*found, ("science_city", city))


def _figure(district: District, id_: str) -> float:
    return float(district.catalogue.figures[id_].values[0] or 0.0)


def _published(district: District) -> list[float]:
    """The areas of the district that others have published: what figure 41 takes its shares of."""
    formula = district.catalogue.figures["figure-41"].formula
    return [float(value) for value in re.findall(r"\*(\d+\.\d+)", formula)]


def _zone_sum(zones: Sequence[Place], total: float, drawing: Drawing):
    drawn = [place for place in zones if place.id in drawing.shapes]
    terms = " + ".join(number(place.stated_km2) for place in zones if place.stated_km2 is not None)
    if not drawn:
        return [("zones_none", {"terms": terms, "total": number(total)})]
    shapes = [drawing.shapes[place.id] for place in drawn]
    area = sum(map(measure.geodesic_km2, shapes))
    off = sum(drawing.uncertainty_km2.get(place.id, 0.0) for place in drawn)
    count = decimals(None if all(place.id in drawing.fitted for place in drawn) else off)
    facts: dict[str, Any] = {"terms": terms, "total": number(total), "drawn": fixed(area, count)}
    if len(drawn) < len(zones):
        found = [("zones_partly", facts | {"names": _names(place for place in drawn)})]
    else:
        key = "zones_fitted" if all(place.id in drawing.fitted for place in zones) else "zones"
        found = [(key, facts | {"difference": signed(area - total, count)})]
    common = area - measure.geodesic_km2(shapely.union_all(shapes))
    if common > 1e-6:
        found.append(("zones_overlap", {"common": number(common, 3), "union": fixed(area - common, count)}))
    return found


def _names(places) -> tuple[Text, ...]:
    return tuple(place.name for place in places)
