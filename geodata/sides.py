"""Why each stretch of an outline runs where it runs, and how well that is known.

Works in metres (`gm_map.model.CGCS2000_GK_114`); lengths are true lengths on the ellipsoid.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from math import fsum, hypot, sqrt

import numpy as np
import shapely

from geodata.construct import Division, Ground
from geodata.sources import DISTRICT, Frame
from gm_map import measure

__all__ = ["DRAWN", "MIDWAY", "Explainer", "uncertainty"]

DRAWN = "drawn"
OTHER = "other land"
EDGE = "district edge"
MIDWAY = "midway by area"
SAID = "plan sentence"
WORDS = {
    "longda": "longda line",
    "rail_hsr": "railway",
    "expressway": "expressway",
    "road": "road",
    "metro": "metro line",
}
STREET = "street boundary"
ON_LINE_M = 0.1
BESIDE_M = 25.0


@dataclass
class Explainer:
    """Knows the lines, the sites and the rules; explains the sides of any outline built from them."""

    frame: Frame
    land: Ground
    division: Division

    def __post_init__(self) -> None:
        kinds = {id_: WORDS[line.kind] for id_, line in self.frame.lines.items()}
        order = sorted(self.land.cuts, key=lambda id_: (kinds[id_] != "longda line", id_))
        self._lines = [(DISTRICT, EDGE, self.land.lines[DISTRICT])]
        self._lines += [(id_, kinds[id_], self.land.lines[id_]) for id_ in order]
        self._lines += [(id_, STREET, street.exterior) for id_, street in sorted(self.land.streets.items())]
        for _, _, line in self._lines:
            shapely.prepare(line)
        self._doubts = [
            (shapely.box(row["west"], row["south"], row["east"], row["north"]), row)
            for row in self.frame.table("edge_doubts.csv")
        ]
        bounds = {row.id: row["bounded_by"] for row in self.frame.table("regions.csv")}
        self._said = {
            (row["place_id"], line)
            for row in self.frame.table("limits.csv")
            if row["side"]
            for region in row["regions"]
            for line in bounds.get(region, ())
            if (line != DISTRICT) == (region != DISTRICT)
        }
        self._streets = {f["id"]: f["properties"] for f in self.frame.features["streets.geojson"]}

    def sides(
        self, place_id: str, ring: shapely.LinearRing, beyond: Callable[[int], str | None], along: str | None = None
    ) -> list[dict]:
        """The stretches of a ring, in its order.

        Parameters
        ----------
        ring : shapely.LinearRing
            In degrees.
        beyond : callable
            Id of the place beyond the segment with this number, None where there is none.
        along : str, optional
            Id of the line that a band was drawn along: its own sides are as well known as the line.
        """
        degrees = shapely.get_coordinates(ring)
        metres = shapely.get_coordinates(measure.to_metres(ring))
        steps = [
            self._step(place_id, beyond(k), metres[k : k + 2], degrees[k : k + 2], along)
            for k in range(len(degrees) - 1)
        ]
        return _joined(steps)

    def _step(
        self, place_id: str, neighbour: str | None, metres: np.ndarray, degrees: np.ndarray, along: str | None
    ) -> tuple[tuple, dict]:
        """A segment: what sets it apart from its neighbours, and what is known of it."""
        a, b = metres
        length = measure.distance_m(*degrees[0], *degrees[1])
        middle = shapely.Point((a + b) / 2)
        spots = [shapely.Point(a), middle, shapely.Point(b)]
        for id_, word, line in self._lines:
            if all(shapely.dwithin(line, spot, ON_LINE_M) for spot in spots):
                faces = neighbour or (EDGE if word == EDGE else OTHER)
                if any((place, id_) in self._said for place in self.frame.chain(place_id)):
                    word = SAID
                source, doubt = self._known(id_, middle, degrees.mean(axis=0))
                between: tuple[str, ...] = ()
                break
        else:
            faces, word = neighbour or OTHER, WORDS[self.frame.lines[along].kind] if along else MIDWAY
            source, doubt, between = (*self.beside(along, middle), ()) if along else self._midway(middle, a, b)
        step = {"faces": faces, "fixed_by": word, "source_id": source, "uncertainty_m": doubt, "length_m": length}
        return (faces, word, source, between), step

    def _known(self, id_: str, middle: shapely.Point, lon_lat: np.ndarray) -> tuple[str, float]:
        """Source and uncertainty (metres) of a line beside a point."""
        if id_ in self.frame.lines:
            return self.beside(id_, middle)
        for box, row in self._doubts if id_ == DISTRICT else ():
            if box.contains(shapely.Point(lon_lat)):
                return row["source_id"], row["uncertainty_m"]
        known = self._streets.get(id_) or next(iter(self._streets.values()))
        return known["source_id"], float(known["uncertainty_m"])

    def beside(self, line_id: str, point: shapely.Point) -> tuple[str, float]:
        """Source of the nearest vertex of a line, and its uncertainty (metres) interpolated between vertices."""
        line, flat = self.frame.lines[line_id], self.land.lines[line_id]
        vertices = shapely.points(shapely.get_coordinates(flat))
        at = np.array([flat.project(vertex) for vertex in vertices])
        here = flat.project(point)
        nearest = int(np.argmin(np.abs(at - here)))
        return line.source_ids[nearest], float(np.interp(here, at, line.uncertainty_m))

    def _midway(self, middle: shapely.Point, a: np.ndarray, b: np.ndarray) -> tuple[str, float, tuple[str, ...]]:
        """A halfway line errs by half of what its two points err by, sqrt(u1² + u2²) / 2 metres; and which two."""
        along = (b - a) / hypot(*(b - a))
        sites = []
        for way in (BESIDE_M, -BESIDE_M):
            site = self.division.winner(middle.x - along[1] * way, middle.y + along[0] * way)
            sites.append((site.id, site.uncertainty_m) if site else ("", 0.0))
        return DRAWN, hypot(sites[0][1], sites[1][1]) / 2, tuple(sorted(id_ for id_, _ in sites))


def _joined(steps: list[tuple[tuple, dict]]) -> list[dict]:
    """Neighbouring segments that the same thing fixes are one side."""
    start = next((k for k in range(len(steps)) if steps[k][0] != steps[k - 1][0]), 0)
    runs = [[step for _, step in run] for _, run in groupby(steps[start:] + steps[:start], key=lambda step: step[0])]
    joined = []
    for run in runs:
        length = fsum(step["length_m"] for step in run)
        doubt = fsum(step["uncertainty_m"] * step["length_m"] for step in run) / length
        joined.append(run[0] | {"uncertainty_m": round(doubt), "length_m": round(length)})
    return joined


def uncertainty(sides: Iterable[dict]) -> tuple[float, float]:
    """How far an outline may be off (metres, mean by length) and its area (km²).

    A side of length L that may lie u metres off adds or takes L u of land. Sides err independently of one another
    (other points, other lines fix them), so the squares add: sqrt(Σ (L u)²).
    """
    sides = list(sides)
    total = fsum(side["length_m"] for side in sides)
    mean = fsum(side["length_m"] * side["uncertainty_m"] for side in sides) / total
    area = sqrt(fsum((side["length_m"] * side["uncertainty_m"]) ** 2 for side in sides))
    return round(mean), round(area / 1e6, 2)
