"""What a check says: frozen values that a page, a command and a report tell in their own words.

A sentence is a ``key`` of the messages and the ``facts`` that fill it; numbers are in the unit that their name says.
Coordinates are longitude, latitude in degrees on `gm_map.model.WGS84`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import shapely

from gm_map.model import Level

__all__ = [
    "AreaVerdict",
    "Balance",
    "Cause",
    "ClaimResult",
    "CrsReading",
    "DatumReading",
    "Drawing",
    "Finding",
    "Identity",
    "Judgement",
    "Layer",
    "Outcome",
    "Severity",
    "Trouble",
]


class Severity(StrEnum):
    """How much a finding matters: the layer is wrong, it may be wrong, or it is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Judgement(StrEnum):
    """What can be said of an area that the plan gives."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNDECIDED = "cannot be decided"


class Outcome(StrEnum):
    """What can be said of a sentence of the plan."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNDECIDED = "cannot be decided"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was wrong with a feature before it could be looked at: a code of the table, and the values."""

    code: str
    row: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A file as it was read, in its own coordinates.

    ``geometries`` is an object array (N,) of shapely geometries, None where a feature has none or it cannot be built;
    ``attributes`` maps a column to its N values as they stood. ``crs`` is what the file declares (WKT or a code),
    None where it declares nothing; ``crs_from`` is ``prj``, ``file``, ``format`` (which allows only one) or ``""``.
    """

    name: str
    format: str
    geometries: np.ndarray
    attributes: Mapping[str, tuple]
    crs: str | None
    crs_from: str
    encoding: str
    troubles: tuple[Trouble, ...] = ()

    def __len__(self) -> int:
        return len(self.geometries)


@dataclass(frozen=True, slots=True)
class CrsReading:
    """Which coordinate system a layer is in.

    ``detected`` is a code of the table of systems (None: none fits); ``how`` is ``declared``, ``format``, ``numbers``
    or ``none``; ``confidence`` is 0 to 1; ``alternatives`` are the other codes that the numbers allow as well, with
    what would be different; ``swapped``: north stands before east; ``key`` and ``facts`` are the sentence that says so.
    """

    detected: str | None
    how: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    swapped: bool
    key: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DatumReading:
    """Whether a layer is shifted as a whole: the datum that explains it, and how surely (0 to 1).

    ``datum`` is ``wgs84``, ``gcj02``, ``bd09`` or ``shifted`` (a shift that no datum explains); ``east_m``, ``north_m``
    are the best shift back; ``before_m``, ``after_m`` how far lines lie from known ones, before and after it.
    """

    datum: str
    confidence: float
    east_m: float
    north_m: float
    before_m: float
    after_m: float
    count: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Which place a feature is. ``how`` is ``id``, ``name``, ``alias``, ``near``, ``overlap``, ``hand`` or ``none``."""

    row: int
    name: str
    place_id: str | None
    level: Level | None
    how: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Shapes by place id in `WGS84`, valid, of the shipped map or of a redrawn layer.

    ``uncertainty_m`` and ``uncertainty_km2`` say how far an outline and its area may be off (0.0: taken as drawn);
    ``fitted`` names the places whose outline was solved for the stated area; ``derived`` those put together from their
    children; ``rows`` the feature that a place came from; ``background`` is that of the district.
    """

    shapes: Mapping[str, shapely.Geometry]
    uncertainty_m: Mapping[str, float]
    uncertainty_km2: Mapping[str, float]
    fitted: frozenset[str]
    derived: frozenset[str]
    rows: Mapping[str, int]
    background: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that would explain a difference of area: what it explains and what it leaves, in km²."""

    code: str
    explains_km2: float
    residual_km2: float
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class AreaVerdict:
    """The area of a place, held against the plan's figure. ``why`` and ``facts`` are the sentence."""

    place_id: str
    level: Level
    row: int | None
    stated_km2: float | None
    area_km2: float | None
    projected_km2: float | None
    uncertainty_km2: float | None
    judgement: Judgement
    why: str
    facts: Mapping[str, Any] = field(hash=False)
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """A parent against its children, shown with ``decimals`` digits.

    ``children`` are (place id, exact km², shown km²); the shown ones are rounded so that they sum to ``shown_km2``
    (largest remainder), and ``moved`` names those that plain rounding would show differently. ``gap_km2`` is the parent
    less the sum of the children, exactly.
    """

    parent_id: str
    parent_km2: float
    shown_km2: float
    children: tuple[tuple[str, float, float], ...]
    moved: tuple[str, ...]
    gap_km2: float
    decimals: int


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A sentence of the plan about where something is, tried on the shapes.

    ``predicate`` is the spatial predicate that was tried; ``value`` its number in ``unit`` (``m``, ``share``, ``deg``,
    ``km2``, ``count`` or ``""``), ``margin`` what it may be off by the uncertainty of the outlines, in the same unit;
    ``against`` are ids of oddities that say why the plan contradicts itself here; ``lon``, ``lat`` where to look.
    """

    claim_id: str
    predicate: str
    outcome: Outcome
    value: float | None
    unit: str
    margin: float | None
    why: str
    facts: Mapping[str, Any] = field(hash=False)
    against: tuple[str, ...] = ()
    place_ids: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found, with a point to look at (None where the whole layer is meant).

    ``row`` is the feature (0 for the first), ``others`` further ones that take part; ``name`` is what the file calls
    it, as it stood there.
    """

    code: str
    severity: Severity
    row: int | None
    place_id: str | None
    name: str
    facts: Mapping[str, Any] = field(hash=False)
    lon: float | None = None
    lat: float | None = None
    others: tuple[int, ...] = ()
    fixable: bool = False
