"""The score: a plain sum of parts, over zones, clusters and units at once.

Each criterion gives a place a value from 0 to 1; a part is its weight (of 100) times that value, rounded to
`DECIMALS`; the score is the sum of the rounded parts, so that what is shown adds up to what is shown.

=========  ============================================================================================
basis      `BASIS_VALUE` of the strongest link of the place with the topic; where a text is unsure between topics, their
           mean by confidence
need       share of the needs asked that the place meets: 1 or 0 for a facility, the inverse function below for a
           distance; needs that no place of the plan meets or misses count for nothing
function   1 where the sentence of the place's zone names the topic, its field or its industry
hsr,       d0 / (d0 + d): 1 at the door, 1/2 at d0 = 5 km (high-speed rail), 1 km (metro), 2 km (the corridor's
metro,     expressway); d is straight, from the place's label point
corridor
size       1 - asked / area, at least 0: what is left of the place when the land asked is taken
=========  ============================================================================================

A criterion that a text does not touch (no need, no land) drops out, and the weights of the others are raised to 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from gm_map.errors import InputError
from gm_map.ground import NEED_DISTANCES, Ground
from gm_map.model import Basis

__all__ = [
    "BASIS_VALUE",
    "CRITERIA",
    "DECIMALS",
    "HALF_M",
    "PRESETS",
    "answerable",
    "applying",
    "criterion",
    "nearness",
    "parts",
    "raised",
    "spread",
    "total",
    "values",
    "weights_of",
]

CRITERIA = ("basis", "need", "function", "hsr", "metro", "corridor", "size")
DECIMALS = 2
BASIS_VALUE = {
    Basis.NAMED: 60 / 60,
    Basis.FIELD: 50 / 60,
    Basis.ZONE: 45 / 60,
    Basis.INDUSTRY: 35 / 60,
    Basis.NONE: 0.0,
}
HALF_M = {"hsr": 5000.0, "metro": 1000.0, "corridor": 2000.0}

# By kind of project; each row sums to 100. The basis always weighs so much that no preset puts a place that the plan
# does not give before one that it gives (a test goes through all topics and needs).
_PRESETS = {
    "balanced": (60, 14, 8, 6, 5, 3, 4),
    "manufacturing": (60, 8, 8, 3, 4, 7, 10),
    "research": (58, 18, 10, 5, 5, 2, 2),
    "clinical": (58, 20, 8, 5, 5, 2, 2),
    "services": (57, 12, 9, 10, 9, 2, 1),
}
PRESETS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {name: MappingProxyType(dict(zip(CRITERIA, map(float, row), strict=True))) for name, row in _PRESETS.items()}
)
_BASIS_VALUES = np.array([BASIS_VALUE[basis] for basis in Basis])


def weights_of(weights: Mapping[str, float] | str | None) -> dict[str, float]:
    """Weights by criterion, in the order of `CRITERIA`: those of a preset, or a person's own on top of the balanced.

    Raises
    ------
    InputError
        For a preset or a criterion that does not exist, a weight below 0 or not finite, or no weight at all.
    """
    if weights is None:
        weights = "balanced"
    if isinstance(weights, str):
        if weights not in PRESETS:
            raise InputError(f"no such preset of weights: “{weights}”; take one of {', '.join(PRESETS)}")
        return dict(PRESETS[weights])
    strange = sorted(set(weights) - set(CRITERIA))
    if strange:
        raise InputError(f"no such weight: “{strange[0]}”; there are {', '.join(CRITERIA)}")
    found = PRESETS["balanced"] | {name: float(weight) for name, weight in weights.items()}
    wrong = [name for name, weight in found.items() if not 0 <= weight < float("inf")]
    if wrong:
        raise InputError(f"weight “{wrong[0]}” is {found[wrong[0]]:g}; give a number from 0 up")
    if not any(found.values()):
        raise InputError("all weights are 0; give at least one above 0")
    return {name: found[name] for name in CRITERIA}


def answerable(ground: Ground, needs: Sequence[str]) -> tuple[str, ...]:
    """The needs that tell places apart: those with a facility somewhere, and distances."""
    return tuple(need for need in needs if need in ground.meets or need in NEED_DISTANCES)


def nearness(ground: Ground, name: str) -> np.ndarray:
    """Value of a distance criterion for every place, (P,)."""
    return HALF_M[name] / (HALF_M[name] + ground.distances[name])


def need_values(ground: Ground, need: str) -> np.ndarray:
    """How well every place meets one need that tells places apart, (P,)."""
    if need in NEED_DISTANCES:
        return nearness(ground, NEED_DISTANCES[need])
    return ground.meets[need].astype(float)


def values(
    ground: Ground, topics: Sequence[tuple[str, float]], needs: Sequence[str], land_km2: float | None
) -> dict[str, np.ndarray]:
    """Value of every part that applies, by place: name to array (P,), from 0 to 1.

    A need is a part of its own, ``need:clinical``, whose values are shares of the criterion ``need``.

    Parameters
    ----------
    topics : sequence of (topic id, share)
        The shares sum to 1.
    needs : sequence of str
        Keys of needs; see `answerable`.
    land_km2 : float or None
        Land asked for, in square kilometres.
    """
    rows = [(ground.topic(topic), share) for topic, share in topics]
    found = {"basis": sum(share * _BASIS_VALUES[ground.basis[row]] for row, share in rows)}
    asked = answerable(ground, needs)
    found.update((f"need:{need}", need_values(ground, need) / len(asked)) for need in asked)
    found["function"] = sum(share * ground.function[row] for row, share in rows)
    found.update((name, nearness(ground, name)) for name in HALF_M)
    if land_km2 is not None:
        found["size"] = np.clip(1.0 - land_km2 / ground.area_km2, 0.0, 1.0)
    return found


def criterion(part: str) -> str:
    """The criterion that a part belongs to: ``need`` for ``need:clinical``."""
    return part.partition(":")[0]


def applying(found: Iterable[str]) -> tuple[str, ...]:
    """The criteria of these parts, each once, in their order."""
    return tuple(dict.fromkeys(map(criterion, found)))


def raised(weights: Mapping[str, float], found: Iterable[str]) -> dict[str, float]:
    """The weights of the criteria of these parts, raised to a sum of 100 (even shares where all of them are 0)."""
    names = applying(found)
    total = sum(weights[name] for name in names)
    if total == 0:
        return {name: 100.0 / len(names) for name in names}
    return {name: weights[name] * 100.0 / total for name in names}


def parts(found: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Rounded parts, (P,) each; ``weights`` are those of `raised`."""
    return {name: np.round(weights[criterion(name)] * value, DECIMALS) for name, value in found.items()}


def total(found: Mapping[str, np.ndarray]) -> np.ndarray:
    """Score of every place: its rounded parts in their order, (P,)."""
    return np.round(sum(found.values()), DECIMALS)


def spread(ground: Ground, weights: Mapping[str, float], needs: Sequence[str], land_km2: float | None) -> np.ndarray:
    """How far the score of each place may be off because its outline is drawn, not surveyed: points either way, (P,).

    The label point is moved by the outline's uncertainty, nearer and farther, and the area by its own; the changes of
    all parts are added up, as if they all erred in one direction.
    """
    off = np.zeros(len(ground.place_ids))
    asked = answerable(ground, needs)
    for name, half in HALF_M.items():
        far = ground.distances[name] + ground.uncertainty_m
        near = np.maximum(ground.distances[name] - ground.uncertainty_m, 0.0)
        change = (half / (half + near) - half / (half + far)) / 2
        also = sum(NEED_DISTANCES.get(need) == name for need in asked) / max(len(asked), 1)
        off += change * (weights.get(name, 0.0) + weights.get("need", 0.0) * also)
    if land_km2 is not None:
        least = np.maximum(ground.area_km2 - ground.uncertainty_km2, 0.01)
        most = ground.area_km2 + ground.uncertainty_km2
        change = np.clip(1 - land_km2 / most, 0, 1) - np.clip(1 - land_km2 / least, 0, 1)
        off += weights.get("size", 0.0) * change / 2
    return off
