"""What would explain that an area and a figure differ: every cause that fits, best first, with what each leaves.

A cause says what ``area − figure`` would be if it alone had been at work (``explains_km2``); the rest is
``residual_km2``. It fits where the rest is no larger than the tolerance and the uncertainty of the area together.

The order is this, and nothing else:

1. causes that fit, and explain the number by themselves to the tolerance; then those that fit within the uncertainty,
   or that fit anything in a range (the rounding of a figure); in each, by the rest in steps of a tenth of what the
   check can tell apart, and in the same step by `FAMILIES`, the commonest mistake first;
2. ``none``, last, since it is always an answer. Where nothing fits it stands first, with the whole difference left,
   and the nearest of the others follow, one a family: what was tried and does not do.

The sign of the whole difference is that of the area less the figure. A number that fits is no proof: the sentences say
"would", and the person decides.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import shapely

from gm_map import measure
from gm_map.check import scales
from gm_map.check.results import Cause, Drawing
from gm_map.check.units import Unit, convert, fixed, number, signed
from gm_map.district import District
from gm_map.model import Place, Text

__all__ = ["FAMILIES", "HALF_TENTH", "NONE", "explain", "explain_figure", "explain_slip"]

HALF_TENTH = 0.05  # km²: what rounding to a tenth may do
NONE = "none"
# The commonest mistake first: this decides between causes that leave the same.
FAMILIES = (
    *("unit", "decimal", "other_place", "child_out", "part", "overlap", "neighbour", "web_mercator", "degrees"),
    *("hole", "utm_49", "utm_50", "gk_111", "gk_117", "utm_as_gk", "planar", "datum", "ellipsoid"),
    *("child_twice", "child_unsaid", "digits", "rounding"),
)
# A figure with no decimal that stands for a range explains anything in it: evidence of nothing, so it comes later.
FLEXIBLE = frozenset({"rounding"})
ALWAYS = frozenset({"planar"})  # the first thing that is asked: it is told even where it explains next to nothing
STEPS = 10
MOST_OF_A_FAMILY, MOST_UNFIT = 3, 5
LEAST_SHARE = 0.1  # of the difference: what explains less is not told as tried
HELD, OUT, ALL_BUT = 0.5, 0.5, 0.9  # shares of a child inside a shape: most of it, not most of it, nearly all
SAME = 0.95  # a child as large as its parent is the parent


@dataclass(frozen=True, slots=True)
class _Try:
    code: str
    family: str
    explains_km2: float
    facts: Mapping[str, Any]


def explain(
    place_id: str,
    stated_km2: float,
    drawing: Drawing,
    district: District,
    *,
    uncertainty_km2: float = 0.0,
    tolerance_km2: float = HALF_TENTH,
) -> tuple[Cause, ...]:
    """Why the drawn area of a place and the plan's figure differ.

    Parameters
    ----------
    place_id : str
        A place that ``drawing`` has.
    stated_km2 : float
        The plan's figure.
    uncertainty_km2 : float
        How much the drawn area may be off.
    tolerance_km2 : float
        What rounding may do to the figure.

    Returns
    -------
    tuple of Cause
        In the order described above, ``none`` always among them.
    """
    shape = drawing.shapes[place_id]
    area = measure.geodesic_km2(shape)
    tries = [
        *_scaled(scales.from_units(), stated_km2),
        *_of_the_shape(shape, area, stated_km2),
        *_of_the_figure(stated_km2, _others_stated(place_id, district)),
        *_of_the_plan(place_id, area, stated_km2, drawing, district),
    ]
    return _ranked(tries, area - stated_km2, tolerance_km2, uncertainty_km2)


def explain_figure(
    figure_km2: float,
    shape: shapely.Geometry,
    *,
    tolerance_km2: float,
    uncertainty_km2: float = 0.0,
    unit: Unit = Unit.KM2,
    others: Mapping[str, float] | None = None,
) -> tuple[Cause, ...]:
    """Why the figure that a file gives for a shape is not its area: `explain`, without the plan.

    Parameters
    ----------
    figure_km2 : float
        The figure, in km² by the unit that the file gives it.
    shape : shapely.Geometry
        In `gm_map.model.WGS84`, valid.
    unit : Unit
        In which the figure was given: planar degrees are held against the number as it was written.
    others : mapping, optional
        Figures of the other features in km², by name: two of them may have been swapped.
    """
    area = measure.geodesic_km2(shape)
    tries = [
        *_scaled(scales.from_units(), figure_km2),
        *_of_the_shape(shape, area, figure_km2, unit),
        *_of_the_figure(figure_km2, {name: (name, value) for name, value in (others or {}).items()}, rounded=False),
    ]
    return _ranked(tries, area - figure_km2, tolerance_km2, uncertainty_km2)


def explain_slip(figure_km2: float, area_km2: float, *, tolerance_km2: float) -> tuple[Cause, ...]:
    """The slips of unit and decimal point alone: quick, where thousands of rows are wrong by the same one."""
    return _ranked([*_scaled(scales.from_units(), figure_km2)], area_km2 - figure_km2, tolerance_km2, 0.0)


# ---- by a factor ----


def _scaled(found: Iterable[scales.Scale], figure_km2: float) -> Iterator[_Try]:
    for scale in found:
        would = figure_km2 * scale.factor
        facts: dict[str, Any] = {"figure": number(figure_km2), "would": number(would, 4)}
        if "per" in scale.facts:
            facts["number"] = number(figure_km2 / scale.facts["per"])
        if "makes" in scale.facts:
            facts |= {
                "percent": signed((scale.facts["makes"] - 1) * 100, 2),
                "ppm": signed((scale.facts["makes"] - 1) * 1e6, 0),
            }
        yield _Try(scale.code, scale.family, would - figure_km2, facts)


def _of_the_shape(shape, area_km2: float, figure_km2: float, unit: Unit = Unit.KM2) -> Iterator[_Try]:
    """Factors that this shape has, and its holes."""
    if area_km2 <= 0:
        return
    found = list(scales.from_shape(shape, area_km2))
    per = convert(1.0, unit, Unit.KM2)
    for one in _scaled(found, figure_km2):
        if one.code == "degrees_figure":
            # The figure is a number of square degrees that was given a unit.
            factor = next(scale.factor for scale in found if scale.code == one.code) / per
            would = figure_km2 * factor
            facts = {"number": number(figure_km2 / per), "would": number(would, 4)}
            one = _Try(one.code, one.family, would - figure_km2, facts)
        yield one
    holes = [measure.geodesic_km2(shapely.Polygon(ring)) for part in _polygons(shape) for ring in part.interiors]
    for size in dict.fromkeys((*holes, sum(holes))):
        if size > 0:
            yield _Try("hole_cut", "hole", -size, {"area": number(size, 3)})


def _polygons(shape) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape).tolist() if part.geom_type == "Polygon"]


# ---- the figure itself ----


def _others_stated(place_id: str, district: District) -> dict[str, tuple[Text, float]]:
    places = district.catalogue.places.values()
    return {one.id: (one.name, one.stated_km2) for one in places if one.stated_km2 is not None and one.id != place_id}


def _of_the_figure(figure_km2: float, others: Mapping[str, tuple[Any, float]], rounded=True) -> Iterator[_Try]:
    """Figures swapped between places, digits swapped within one."""
    for name, value in others.values():
        if value != figure_km2:
            facts = {"name": name, "figure": number(value)}
            yield _Try("figure_of_other", "other_place", value - figure_km2, facts)
    written = f"{figure_km2:g}"
    places = [position for position, letter in enumerate(written) if letter.isdigit()]
    for one, other in pairwise(places):
        letters = list(written)
        letters[one], letters[other] = letters[other], letters[one]
        swapped = "".join(letters)
        if "e" not in written and swapped != written:
            facts = {"figure": written, "swapped": swapped}
            yield _Try("digits_swapped", "digits", float(swapped) - figure_km2, facts)
    if rounded and written.isdigit():
        low, high = (fixed(figure_km2 + half, 1) for half in (-0.5, 0.5))
        # What it explains is as much of the difference as the range allows: see _ranked.
        yield _Try("rounding", "rounding", 0.5, {"figure": written, "low": low, "high": high})


# ---- the places of the plan ----


def _of_the_plan(
    place_id: str, area_km2: float, stated_km2: float, drawing: Drawing, district: District
) -> Iterator[_Try]:
    own = drawing.shapes[place_id]
    yield from _of_children(place_id, area_km2, drawing, district)
    yield from _of_neighbours(place_id, own, drawing, district)
    yield from _of_parts(place_id, own, district)
    yield from _of_another(place_id, area_km2, stated_km2, drawing, district)


def _levels_below(place_id: str, district: District) -> Iterator[list[Place]]:
    """Children, then their children."""
    places = district.catalogue.places
    ids = district.catalogue.children(place_id)
    while ids:
        yield [places[id_] for id_ in ids]
        ids = tuple(child for id_ in ids for child in district.catalogue.children(id_))


def _outline(place_id: str, drawing: Drawing, district: District) -> shapely.Geometry:
    """As drawn; where the layer has not got it, as on the shipped map."""
    return drawing.shapes[place_id] if place_id in drawing.shapes else district.shape(place_id)


def _of_children(place_id: str, area_km2: float, drawing: Drawing, district: District) -> Iterator[_Try]:
    own = drawing.shapes[place_id]
    for level in _levels_below(place_id, district):
        outside, inside, drawn = [], [], []
        for child in level:
            shape = _outline(child.id, drawing, district)
            size, held = measure.geodesic_km2(shape), measure.overlap_km2(shape, own)
            if child.id in drawing.shapes:
                drawn.append((size, shape))
            if size > SAME * max(area_km2, held):
                continue
            if held < OUT * size:
                outside.append((child.name, size - held))
            elif held > ALL_BUT * size:
                inside.append((child.name, size))
        for group in _groups(outside):
            yield _named("child_out", "child_out", -1, group)
        for group in _groups(inside, whole=False):
            yield _named("child_twice", "child_twice", -1, group)
            yield _named("child_unsaid", "child_unsaid", +1, group)
        if len(drawn) > 1:
            union = measure.geodesic_km2(shapely.union_all([shape for _, shape in drawn]))
            twice = sum(size for size, _ in drawn) - union
            if twice > 1e-6:  # a square metre is a matter of rounded vertices
                facts = {"area": number(twice, 3), "count": len(drawn)}
                yield _Try("overlap_twice", "overlap", -twice, facts)


def _groups(found: list[tuple[Text, float]], whole=True) -> Iterator[list[tuple[Text, float]]]:
    """Each one, each pair, and all of them."""
    yield from ([one] for one in found)
    yield from (list(pair) for pair in combinations(found, 2))
    if whole and len(found) > 2:
        yield found


def _named(code: str, family: str, sign: int, group: list[tuple[Text, float]]) -> _Try:
    total = sum(size for _, size in group)
    return _Try(code, family, sign * total, {"names": tuple(name for name, _ in group), "area": number(total, 3)})


def _of_neighbours(place_id: str, own, drawing: Drawing, district: District) -> Iterator[_Try]:
    """Land of others: wholly taken in, shared with one that is drawn, or the outline of another altogether."""
    catalogue = district.catalogue
    family = {place_id, *catalogue.ancestors(place_id), *catalogue.descendants(place_id)}
    level = catalogue.places[place_id].level
    taken, shared = [], []
    for other in catalogue.places.values():
        if other.id in family or other.level == "corridor":
            continue
        shape = _outline(other.id, drawing, district)
        common = measure.overlap_km2(own, shape)
        if common < 1e-6:
            continue
        if common > HELD * measure.geodesic_km2(shape):
            taken.append((other.name, common))
        if other.level == level and other.id in drawing.shapes:
            shared.append((other.name, common))
    for group in _groups(taken):
        yield _named("neighbour_in", "neighbour", +1, group)
    for group in _groups(shared):
        yield _named("overlap_shared", "overlap", +1, group)


def _of_parts(place_id: str, own, district: District) -> Iterator[_Try]:
    """Parts and holes that the shipped outline has and this has not, or the other way round."""
    shipped = district.shape(place_id)
    for code, sign, parts, other in (
        ("part_out", -1, _polygons(shipped), own),
        ("part_extra", +1, _polygons(own), shipped),
    ):
        sizes = [measure.geodesic_km2(part) for part in parts]
        away = [
            size
            for size, part in zip(sizes, parts, strict=True)
            if len(parts) > 1 and measure.overlap_km2(part, other) < OUT * size
        ]
        for size in dict.fromkeys((*away, sum(away))):
            if size > 0:
                yield _Try(code, "part", sign * size, {"area": number(size, 3), "count": len(parts)})
    for part in _polygons(shipped):
        for ring in part.interiors:
            filled = measure.overlap_km2(shapely.Polygon(ring), own)
            if filled > 1e-6:
                yield _Try("hole_filled", "hole", filled, {"area": number(filled, 3)})


def _of_another(
    place_id: str, area_km2: float, stated_km2: float, drawing: Drawing, district: District
) -> Iterator[_Try]:
    """The outline of another place under the name of this one."""
    own, usual = drawing.shapes[place_id], district.area_km2(place_id)
    for other in district.catalogue.places.values():
        theirs = district.area_km2(other.id)
        # A zone of one cluster has its cluster's outline: no mistake.
        if other.id == place_id or SAME * usual < theirs < usual / SAME:
            continue
        # More than nine tenths of both: it is that outline, and not one round it.
        if measure.overlap_km2(own, district.shape(other.id)) > ALL_BUT * max(theirs, area_km2):
            facts = {"name": other.name, "area": number(theirs, 4)}
            yield _Try("shape_of_other", "other_place", theirs - stated_km2, facts)


# ---- the order ----


def _ranked(tries: Iterable[_Try], whole: float, tolerance: float, uncertainty: float) -> tuple[Cause, ...]:
    """See the head of the module."""
    room = tolerance + uncertainty
    step = max(tolerance, uncertainty) / STEPS
    fitting, others = [], []
    for one in tries:
        explains = one.explains_km2
        if not math.isfinite(explains):
            continue  # a figure of three hundred digits
        if one.family in FLEXIBLE:
            explains = max(-explains, min(explains, whole))
        rest = abs(whole - explains)
        if rest >= abs(whole) and one.family not in ALWAYS:
            continue  # it would make things worse
        cause = Cause(one.code, round(explains, 6), round(whole - explains, 6), one.facts)
        key = (rest > tolerance or one.family in FLEXIBLE, int(rest / step), FAMILIES.index(one.family), rest)
        (fitting if rest <= room else others).append((key, one.family, cause))
    none = Cause(NONE, 0.0, round(whole, 6), {"difference": _with_sign(whole)})
    best = _few(fitting, MOST_OF_A_FAMILY)
    if best:
        return (*best, none)
    always = [cause for key, family, cause in others if family in ALWAYS]
    near = [cause for cause in _few(others, 1) if abs(cause.explains_km2) > LEAST_SHARE * abs(whole)][:MOST_UNFIT]
    return (none, *near, *(cause for cause in always if cause not in near))


def _with_sign(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 4)


def _few(found: list, most: int) -> list[Cause]:
    """The first of each family, and of several that explain the same the first only."""
    count: dict[str, int] = {}
    same: set[tuple[str, float]] = set()
    kept = []
    for _, family, cause in sorted(found, key=lambda one: one[0]):
        alike = (family, round(cause.explains_km2, 6))
        if count.get(family, 0) < most and alike not in same:
            same.add(alike)
            count[family] = count.get(family, 0) + 1
            kept.append(cause)
    return kept
