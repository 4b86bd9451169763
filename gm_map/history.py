"""Versions of the data: what each held in short, so that a link made with an older one says what has changed.

``changelog.yaml`` names the versions, newest first, with what changed in words; ``history/<version>.json`` keeps of
each the areas of its places and which places it gave to which topic.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from gm_map import catalogue as catalogue_module
from gm_map.model import Rank, Text

__all__ = [
    *("LINKED", "Change", "Version", "between", "changes", "lit", "snapshot", "snapshots", "version_of", "versions"),
    "write",
]

CHANGELOG = catalogue_module.DATA / "changelog.yaml"
FOLDER = catalogue_module.DATA / "history"
LINKED = 6  # characters of a version that stand in a link
_LEAST_KM2 = 0.0005  # a smaller change of area is rounding


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the data: its name, the day it came, and what changed with it."""

    version: str
    date: str
    text: Text


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between an older version and the present one.

    ``areas`` are (place, km² then, km² now; None where it was or is not there); ``topics`` are those whose places
    differ.
    """

    areas: tuple[tuple[str, float | None, float | None], ...]
    topics: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.areas or self.topics)


@cache
def versions(path: Path = CHANGELOG) -> tuple[Version, ...]:
    """All versions, newest first."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))["versions"]
    return tuple(Version(str(one["version"]), str(one["date"]), Text(one["zh"], one["en"])) for one in told)


def version_of(linked: str) -> Version | None:
    """The version that a link names by its beginning; None for one that nobody knows."""
    if not re.fullmatch(rf"[0-9a-f]{{{LINKED},12}}", linked):
        return None
    return next((one for one in versions() if one.version.startswith(linked)), None)


def snapshot(district) -> dict:
    """What is kept of the present version: areas in km² by place, and by topic the basis of each of its places."""
    catalogue = district.catalogue
    fits = {}
    for topic in catalogue.of_rank(Rank.TOPIC):
        found = {}
        for reason in sorted(catalogue.reasons_of(topic.id), key=lambda reason: reason.link.basis.weakness):
            found.setdefault(reason.place_id, str(reason.link.basis))
        fits[topic.id] = dict(sorted(found.items()))
    return {
        "version": district.version,
        "areas_km2": {id_: round(district.area_km2(id_), 4) for id_ in catalogue.places},
        "fits": fits,
    }


def write(district, folder: Path = FOLDER) -> Path:
    """Keep the present version; the same data gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{district.version}.json"
    told = json.dumps(snapshot(district), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(told + "\n", encoding="utf-8")
    return path


def snapshots(version: str, folder: Path = FOLDER) -> Mapping | None:
    """What is kept of a version; None where nothing is."""
    path = folder / f"{version}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def changes(district, kept: Mapping) -> Change:
    """What differs between what is kept of a version and the present data."""
    return between(kept, snapshot(district))


def between(kept: Mapping, now: Mapping) -> Change:
    """What differs between what is kept of a version and of a later one."""
    areas = []
    for place in sorted(kept["areas_km2"].keys() | now["areas_km2"].keys()):
        old, new = kept["areas_km2"].get(place), now["areas_km2"].get(place)
        if old is None or new is None or abs(old - new) > _LEAST_KM2:
            areas.append((place, old, new))
    topics = [
        topic
        for topic in sorted(kept["fits"].keys() | now["fits"].keys())
        if kept["fits"].get(topic) != now["fits"].get(topic)
    ]
    return Change(tuple(areas), tuple(topics))


def lit(kept: Mapping, topics: Iterable[str], mode: str = "any") -> frozenset[str]:
    """Units that a filter by topics showed with an older version: those of any of the topics, or of all of them."""
    found = [
        {place for place in kept["fits"].get(topic, {}) if place.startswith("unit-")} for topic in dict.fromkeys(topics)
    ]
    if not found:
        return frozenset(place for place in kept["areas_km2"] if place.startswith("unit-"))
    return frozenset(set.intersection(*found) if mode == "all" else set.union(*found))
