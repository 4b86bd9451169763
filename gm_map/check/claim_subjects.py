"""What the plan's sentences about places speak of: the tables of a check, and the shapes behind the names."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.predicates import Known
from gm_map.check.results import Drawing
from gm_map.model import Text

__all__ = ["TESTS", "THINGS", "THRESHOLDS", "ClaimTest", "Ground", "Thing", "Threshold"]

HERE = Path(__file__).resolve().parent
BORDER_STEP_M = 100.0  # the district's edge is given to its neighbours in pieces of this length


@dataclass(frozen=True, slots=True)
class Threshold:
    """From where on a predicate holds: a number in a unit, and why this one."""

    value: float
    unit: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Thing:
    """Something beside the map that a sentence names.

    ``kind``: ``background`` (a feature of the map's background, by id), ``point``, ``outline``, ``border`` (the
    district's edge toward a neighbour) or ``none`` (the data does not know where it is). Degrees on `WGS84`.
    ``reach_m`` is how far what a point stands for may reach beyond it; ``area_km2`` a published area; ``landmark`` the
    row of the sources that the point is.
    """

    id: str
    name: Text
    kind: str
    background: str
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    reach_m: float
    area_km2: float | None
    outline: str
    landmark: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """One trial of a sentence; a sentence with several holds where all do.

    ``evidence`` says what the shipped outline was drawn from, where that is the sentence itself (``sentence``), the
    very point (``anchor``), the line (``line``), its own parts (``union``), or that nothing overlaps (``coverage``):
    then it proves nothing.
    """

    claim_id: str
    predicate: str
    test: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    part: tuple[str, ...]
    threshold: str
    evidence: str
    against: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


@cache
def _tests() -> Mapping[str, tuple[ClaimTest, ...]]:
    found: dict[str, list[ClaimTest]] = {}
    for row in _rows("claim_tests.csv"):
        test = ClaimTest(
            claim_id=row["claim_id"],
            predicate=row["predicate"],
            test=row["test"],
            subject=_split(row["subject"]),
            object=_split(row["object"]),
            part=_split(row["part"]),
            threshold=row["threshold"],
            evidence=row["evidence"],
            against=_split(row["against"]),
        )
        found.setdefault(test.claim_id, []).append(test)
    return MappingProxyType({id_: tuple(tests) for id_, tests in found.items()})


@cache
def _things() -> Mapping[str, Thing]:
    return MappingProxyType(
        {
            row["id"]: Thing(
                row["id"],
                Text(row["name"], row["name_en"]),
                row["kind"],
                row["background"],
                _number(row["lon"]),
                _number(row["lat"]),
                _number(row["uncertainty_m"]),
                float(row["reach_m"] or 0.0),
                _number(row["area_km2"]),
                row["outline"],
                row["landmark"],
                row["source"],
                row["basis"],
            )
            for row in _rows("claim_things.csv")
        }
    )


THRESHOLDS: Mapping[str, Threshold] = MappingProxyType(
    {
        row["id"]: Threshold(float(row["value"]), row["unit"], Text(row["reason"], row["reason_en"]))
        for row in _rows("claim_thresholds.csv")
    }
)
TESTS: Mapping[str, tuple[ClaimTest, ...]] = _tests()
THINGS: Mapping[str, Thing] = _things()


class Ground:
    """The shapes of a drawing and of what lies round it, in metres, each made once.

    Parameters
    ----------
    drawing : Drawing
    names : mapping of str to Text
        Names of the plan's places, by id.
    """

    def __init__(self, drawing: Drawing, names: Mapping[str, Text]):
        self._drawing = drawing
        self._names = names
        self._background: dict[str, Mapping[str, Any]] = {one.get("id", ""): one for one in drawing.background}
        self._made: dict[str, Known | None] = {}

    def name(self, id_: str) -> Text:
        """What a place or a thing is called."""
        return self._names[id_] if id_ in self._names else THINGS[id_].name

    def is_place(self, id_: str) -> bool:
        """Whether this is a place of the plan, which a layer may lack, and not a thing beside it."""
        return id_ in self._names

    def known(self, id_: str) -> Known | None:
        """The shape in metres; None where the layer or the data has none."""
        if id_ not in self._made:
            self._made[id_] = self._place(id_) if self.is_place(id_) else self._thing(THINGS[id_])
        return self._made[id_]

    def _place(self, id_: str) -> Known | None:
        shape = self._drawing.shapes.get(id_)
        if shape is None or shape.is_empty or not float(measure.planar_m2(shape)) > 0.0:
            return None
        return Known(measure.to_metres(shape), self._drawing.uncertainty_m.get(id_, 0.0))

    def _thing(self, thing: Thing) -> Known | None:
        if thing.kind == "point":
            return Known(measure.to_metres(shapely.Point(thing.lon, thing.lat)), thing.uncertainty_m, thing.reach_m)
        if thing.kind == "outline":
            return Known(measure.to_metres(shapely.from_wkt(thing.outline)), thing.uncertainty_m)
        if thing.kind == "border":
            return self._border(thing.background)
        feature = self._background.get(thing.background) if thing.kind == "background" else None
        if feature is None:
            return None
        shape = measure.to_metres(shapely.geometry.shape(feature["geometry"]))
        return Known(shape, float(feature["properties"]["uncertainty_m"]), thing.reach_m)

    def _border(self, beyond: str) -> Known | None:
        """The district's edge where the nearest label of a neighbour is one whose id begins so."""
        district = self.known("district-guangming")
        labels = [one for one in self._background.values() if one["properties"]["kind"] == "neighbour"]
        if district is None or not labels:
            return None
        points = measure.to_metres(np.array([shapely.geometry.shape(one["geometry"]) for one in labels]))
        wanted = np.array([str(one["id"]).startswith(beyond) for one in labels])
        shared = []
        for ring in shapely.get_parts(shapely.boundary(district.shape)).tolist():
            at = shapely.get_coordinates(shapely.segmentize(ring, BORDER_STEP_M))
            steps = shapely.linestrings(np.stack([at[:-1], at[1:]], axis=1))
            nearest = shapely.distance(steps[:, None], points[None, :]).argmin(axis=1)
            shared.extend(steps[wanted[nearest]].tolist())
        return Known(shapely.multilinestrings(shared), district.uncertainty_m) if shared else None
