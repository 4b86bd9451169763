"""The datum guard: is a layer shifted as a whole against lines that are known, and does a datum explain it?

Nothing is moved here: the reading says what would fit, and how surely. Points along the drawn outlines are held against
the lines that they should follow: the shipped outline of the place that a feature is, else streets, district, rail and
the other known lines. The shift that brings them together best is found by least squares on the distances across the
lines (iterated, far points weighing less). How surely it is known comes from the scatter between stretches of outline:
an honest drawing errs from side to side, a datum moves all sides alike. A shift is called one when it is surely longer
than `HONEST_M`, and when it takes away most of the misfit; GCJ-02 and BD-09 are named where their own shift is what was
found. All in metres of `gm_map.model.CGCS2000_GK_114`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees, erfc, hypot, sqrt

import numpy as np
import shapely

from gm_map import datum as datums
from gm_map import measure
from gm_map.check.codes import severity
from gm_map.check.lines import Lines, finite, sample
from gm_map.check.results import DatumReading, Finding, Identity
from gm_map.datum import Datum
from gm_map.district import District

__all__ = ["HONEST_M", "SHIFTED", "SURE", "findings", "guard", "misfit", "read_back"]

SHIFTED = "shifted"
SURE = 0.9  # from here a shift is a finding
LIKELY = 0.7  # and from here it is named
HONEST_M = 60.0  # as far a layer may lie off as a whole without anybody having mistaken its datum

# Features looked at, at most; points along each, and of all (with names, without); stretches that err on their own.
FEATURES, POINTS, ALL_OWN, ALL_ANY, STRETCHES = 100, 48, 1500, 700, 6
LEAST_POINTS = 24
KNOWN_KINDS = ("district", "street", "longda", "expressway", "rail_hsr", "metro", "road")
ROUGH_STEPS, STEPS = 5, 15  # from every start, and on from the best of them
STILL_M = 0.25  # a smaller step ends the search
FAR_M = 1500.0  # a point farther from its own outline is no evidence; from any line:
NEAR_M = 400.0
STARTS_M = (0.0, 150.0, 300.0, 500.0, 800.0)  # how far off a free shift is looked for, in eight directions
# What is left of the misfit where a shift explains it. Among many lines some shift always fits a little better.
LEFT_OWN, LEFT_ANY = 0.65, 0.5
# Half of the points must lie so near before the lines are believed to be theirs: its own place's, or any of many.
OWN_CLOSE_M, CLOSE_M = 500.0, 90.0


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Points (N, 2), the line set that each is held against, and the stretch of outline that it is part of."""

    points: np.ndarray
    target: np.ndarray
    stretch: np.ndarray
    lines: tuple[Lines, ...]
    own: bool

    def ways(self, points: np.ndarray) -> np.ndarray:
        """From each point to the nearest point of its lines."""
        found = np.zeros_like(points)
        for number, lines in enumerate(self.lines):
            here = self.target == number
            if here.any():
                found[here] = lines.to(points[here])
        return found

    def misfit(self, points: np.ndarray) -> np.ndarray:
        """How far each point lies from its lines, cut off where it stops to say anything."""
        return np.minimum(np.hypot(*self.ways(points).T), FAR_M if self.own else NEAR_M)


@dataclass(frozen=True, slots=True)
class _Fit:
    shift: np.ndarray
    doubt: float
    before: float
    after: float
    gain: float
    slack: float


@lru_cache(maxsize=4)
def _known(district: District) -> tuple[dict[str, Lines], Lines]:
    """Outlines by place, and all of them together with the lines of the background."""
    own = {id_: Lines([outline.shape]) for id_, outline in district.outlines.items()}
    background = [
        shapely.geometry.shape(feature["geometry"])
        for feature in district.background
        if feature["properties"]["kind"] in KNOWN_KINDS
    ]
    shapes = [outline.shape for outline in district.outlines.values()]
    return own, Lines([*background, *shapes])


def guard(geometries, identities: Sequence[Identity], district: District) -> DatumReading:
    """Whether a layer is shifted as a whole.

    Parameters
    ----------
    geometries : array (N,) of shapely geometries
        In `gm_map.model.WGS84`, as read; None, broken and empty ones do not count.
    identities : sequence of Identity
        Which place each is, as far as that is known.
    district : District

    Returns
    -------
    DatumReading
        ``wgs84`` with a confidence of half or less where nothing can be said: too few lines, or none that is known.
    """
    evidence = _gather(np.asarray(geometries, dtype=object), identities, district)
    if evidence is None:
        return DatumReading(Datum.WGS84.value, 0.0, 0.0, 0.0, 0.0, 0.0, 0)
    return _judge(evidence)


def misfit(geometries, identities: Sequence[Identity], district: District) -> float | None:
    """How far `WGS84` outlines lie from the lines that they should follow, in metres (the median along them).

    Of features that are identified, from the shipped outlines of their places; else from any known line. None where
    there is nothing to measure.
    """
    evidence = _gather(np.asarray(geometries, dtype=object), identities, district)
    return None if evidence is None else float(np.median(evidence.misfit(evidence.points)))


def _gather(geometries, identities, district) -> _Evidence | None:
    own, every = _known(district)
    rows = np.flatnonzero(finite(geometries) & (shapely.get_dimensions(geometries) >= 1))
    place_of = {identity.row: identity.place_id for identity in identities if identity.place_id in own}
    placed = [row for row in rows.tolist() if row in place_of]
    # Features that name themselves speak for the layer; only where few do, any known line may.
    use_own = len(placed) >= max(1, len(rows) // 3)
    chosen = np.array(placed if use_own else rows.tolist(), dtype=int)
    if len(chosen) > FEATURES:
        chosen = chosen[np.linspace(0, len(chosen) - 1, FEATURES).astype(int)]
    count = int(np.clip((ALL_OWN if use_own else ALL_ANY) // max(len(chosen), 1), STRETCHES, POINTS))
    points, at = sample(geometries[chosen], count)
    if len(points) < LEAST_POINTS:
        return None
    order = np.concatenate([np.arange(length) for length in np.unique(at, return_counts=True)[1]])
    stretch = at * STRETCHES + order * STRETCHES // count
    if not use_own:
        return _Evidence(points, np.zeros(len(points), dtype=int), stretch, (every,), False)
    ids = list(dict.fromkeys(place_of[row] for row in chosen.tolist()))
    target = np.array([ids.index(place_of[row]) for row in chosen.tolist()])[at]
    return _Evidence(points, target, stretch, tuple(own[id_] for id_ in ids), True)


def _judge(evidence: _Evidence) -> DatumReading:
    points = evidence.points
    back = {datum: _read_back_m(points, datum) for datum in (Datum.GCJ02, Datum.BD09)}
    starts = [np.zeros(2), *(np.mean(there - points, axis=0) for there in back.values())]
    fit = _best(evidence, starts if evidence.own else starts + _ring(evidence))
    length = hypot(*fit.shift)
    allowed = max(HONEST_M, fit.after / 2) * fit.slack
    shifted = _surely_more(length - allowed, fit.doubt) * _explains(evidence, fit)
    name, sure = Datum.WGS84.value, 1.0 - shifted
    if shifted >= LIKELY:
        name, sure = SHIFTED, shifted
        for datum, there in back.items():
            rest = hypot(*(fit.shift - np.mean(there - points, axis=0)))
            if rest <= 2.0 * allowed + 3.0 * fit.doubt and rest < length / 3:
                name = datum.value
    elif not _follows(evidence, fit):
        sure = min(sure, 0.5)  # it lies along none of the lines, moved or not: nothing to be said
    east, north = fit.shift.tolist() if name != Datum.WGS84 else (0.0, 0.0)
    after = fit.after if name != Datum.WGS84 else fit.before
    return DatumReading(name, round(float(sure), 3), east, north, fit.before, after, len(points))


def _surely_more(excess: float, doubt: float) -> float:
    """The probability that a length is truly more than allowed, one-sided, for a normal error of ``doubt``."""
    return 1.0 - 0.5 * erfc(excess / doubt / sqrt(2.0))


def _explains(evidence: _Evidence, fit: _Fit) -> float:
    """1 where the shift takes away most of the misfit, down to 0 where it takes away hardly more than chance."""
    if not _follows(evidence, fit):
        return 0.0
    left = LEFT_OWN if evidence.own else LEFT_ANY
    return float(np.clip((1.0 - fit.gain) / (1.0 - left) if fit.gain > left else 1.0, 0.0, 1.0) ** 2)


def _follows(evidence: _Evidence, fit: _Fit) -> bool:
    return fit.after <= (OWN_CLOSE_M if evidence.own else CLOSE_M)


def _ring(evidence: _Evidence) -> list[np.ndarray]:
    """Where a free shift may start from, by how well a few of the points fit there; the three best."""
    few = np.linspace(0, len(evidence.points) - 1, min(400, len(evidence.points))).astype(int)
    thin = _Evidence(evidence.points[few], evidence.target[few], evidence.stretch[few], evidence.lines, False)
    turns = np.arange(0.0, 2.0 * np.pi, np.pi / 4.0)
    offers = [radius * np.array([np.cos(turn), np.sin(turn)]) for radius in STARTS_M[1:] for turn in turns]
    offers.sort(key=lambda offer: float(thin.misfit(thin.points + offer).mean()))
    return offers[:3]


def _best(evidence: _Evidence, starts) -> _Fit:
    before = evidence.misfit(evidence.points)
    rough = min((_slide(evidence, start, before, ROUGH_STEPS) for start in starts), key=lambda fit: fit.gain)
    return _slide(evidence, rough.shift, before, STEPS)


def _slide(evidence: _Evidence, start: np.ndarray, before: np.ndarray, steps: int) -> _Fit:
    """The shift near ``start`` that fits best: across the lines only, since along a straight line anything fits."""
    shift, doubt = start.astype(float), float("inf")
    reach = FAR_M if evidence.own else NEAR_M
    for _ in range(steps):
        ways = evidence.ways(evidence.points + shift)
        far = np.hypot(*ways.T)
        scale = max(1.5 * float(np.median(far)), 5.0)
        weight = (1.0 / (1.0 + (far / scale) ** 2) ** 2) * (far < reach)
        across = ways / np.maximum(far, 1e-9)[:, None]
        # A point that lies on its line has no direction to tell it by: it holds in both, at half the strength.
        touching = far < 1e-6
        across[touching] = 0.0
        normal = np.einsum("n,ni,nj->ij", weight, across, across) + np.eye(2) * (0.5 * weight[touching].sum() + 1e-9)
        pull = weight[:, None] * ways
        step = np.linalg.solve(normal, pull.sum(axis=0))
        shift = shift + step
        if hypot(*step) < STILL_M:
            break
    ways = evidence.ways(evidence.points + shift)
    # What each stretch still pulls: stretches err on their own, the points of one do not.
    pulls = np.zeros((int(evidence.stretch.max()) + 1, 2))
    np.add.at(pulls, evidence.stretch, weight[:, None] * ways)
    spread = np.linalg.solve(normal, np.linalg.solve(normal, pulls.T @ pulls).T)
    doubt = sqrt(max(float(np.trace(spread)), 0.0)) + 5.0
    after = np.minimum(np.hypot(*ways.T), reach)
    gain = (float(after.mean()) + 1.0) / (float(before.mean()) + 1.0)
    return _Fit(shift, doubt, float(np.median(before)), float(np.median(after)), gain, _slack(shift, normal))


def _slack(shift: np.ndarray, normal: np.ndarray) -> float:
    """How many times worse than evenly the lines hold against this shift: a band hardly holds along its own length."""
    length = hypot(*shift)
    if length < 1.0:
        return 1.0
    way = shift / length
    held = float(way @ np.linalg.solve(normal, way)) * float(np.trace(normal)) / 2.0
    return sqrt(max(held, 1.0))


def _read_back_m(points: np.ndarray, datum: Datum) -> np.ndarray:
    degrees_there = shapely.get_coordinates(measure.to_degrees(shapely.points(points)))
    lon, lat = datums.convert(*degrees_there.T, datum, Datum.WGS84)
    return shapely.get_coordinates(measure.to_metres(shapely.points(lon, lat)))


def read_back(geometries, datum: Datum | str) -> np.ndarray:
    """Geometries (N,) whose coordinates are counted in ``datum`` (``gcj02``, ``bd09``) as `gm_map.model.WGS84`.

    Only for who asks for it: the guard itself never does. None stays None; vertex counts stay. ValueError for a word
    that is no datum.
    """
    source = Datum(datum)

    def change(x, y):
        return datums.convert(x, y, source, Datum.WGS84)

    return shapely.transform(np.asarray(geometries, dtype=object), change, interleaved=False)


def findings(reading: DatumReading) -> list[Finding]:
    """The finding DATUM_SHIFT, where a shift is sure enough to be said."""
    if reading.datum == Datum.WGS84 or reading.confidence < SURE:
        return []
    facts = {
        "datum": reading.datum,
        "metres": hypot(reading.east_m, reading.north_m),
        "bearing": degrees(atan2(reading.east_m, reading.north_m)) % 360.0,
        "east_m": reading.east_m,
        "north_m": reading.north_m,
        "before_m": reading.before_m,
        "after_m": reading.after_m,
        "confidence": reading.confidence,
        "count": reading.count,
    }
    return [Finding("DATUM_SHIFT", severity("DATUM_SHIFT"), None, None, "", facts)]
