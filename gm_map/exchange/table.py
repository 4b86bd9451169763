"""The places as rows: what every format writes, before any format has a say in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gm_map.district import District
from gm_map.model import Level, Text

__all__ = ["COLUMNS", "NUMBERS", "Row", "rows"]

# In this order in every file.
COLUMNS = (
    *("id", "level", "parent_id", "name", "name_en", "stated_km2", "area_km2", "uncertainty_m", "uncertainty_km2"),
    *("method", "industries", "citation", "construction", "data_version"),
)
NUMBERS = frozenset({"stated_km2", "area_km2", "uncertainty_m", "uncertainty_km2"})
JOINT = "; "


@dataclass(frozen=True, slots=True)
class Row:
    """One place.

    ``values`` has every name of `COLUMNS`: text, numbers (areas in km², ``uncertainty_m`` in metres), or None where
    the plan gives nothing. ``shape`` is the outline in degrees (`gm_map.model.WGS84`), ``geojson`` the same as built.
    """

    values: dict[str, Any]
    shape: Any
    geojson: Any

    @property
    def id(self) -> str:
        """Id of the place."""
        return self.values["id"]

    @property
    def level(self) -> Level:
        """Level of the place."""
        return Level(self.values["level"])


def rows(
    district: District, language: str, levels: Sequence[Level] = tuple(Level), ids: Iterable[str] | None = None
) -> tuple[Row, ...]:
    """The places as rows, in the plan's order.

    Parameters
    ----------
    district : District
    language : {"zh", "en"}
        Of the industries and of the sentence on how an outline was made; names stand in both languages.
    levels : sequence of Level
    ids : iterable of str, optional
        Only these places.

    Returns
    -------
    tuple of Row
    """
    wanted = None if ids is None else frozenset(ids)
    return tuple(
        _row(district, place, language)
        for place in district.catalogue.places.values()
        if place.level in levels and (wanted is None or place.id in wanted)
    )


def _row(district: District, place, language: str) -> Row:
    outline = district.outlines[place.id]
    values = {
        "id": place.id,
        "level": str(place.level),
        "parent_id": place.parent_id,
        "name": place.name.zh,
        "name_en": place.name.en,
        "stated_km2": place.stated_km2,
        "area_km2": district.area_km2(place.id),
        "uncertainty_m": outline.uncertainty_m,
        "uncertainty_km2": outline.uncertainty_km2,
        "method": outline.method,
        "industries": _industries(district, place.id, language),
        "citation": place.citation.section,
        "construction": outline.construction.of(language),
        "data_version": district.version,
    }
    return Row(values, outline.shape, outline.geojson)


def _industries(district: District, place_id: str, language: str) -> str:
    """The topics that the plan gives a place, each with its basis and the section that says so, the strongest first."""
    catalogue = district.catalogue
    reasons = sorted(catalogue.reasons_at(place_id), key=lambda reason: reason.link.basis.weakness)
    told = []
    for reason in reasons:
        name: Text = catalogue.industries[reason.link.topic_id].name
        told.append(f"{name.of(language)} [{reason.link.basis}, {reason.link.citation.section}]")
    return JOINT.join(dict.fromkeys(told))
