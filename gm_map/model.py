"""The words of the map: levels, standings, and the frozen values that pass between its rooms.

Coordinates are longitude, latitude in degrees on `WGS84` unless a name says otherwise. On the scale of a district
CGCS2000 and WGS 84 are the same datum (pyproj transforms one into the other unchanged).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = [
    "BACKGROUND_FILE",
    "CGCS2000_GK_111",
    "CGCS2000_GK_114",
    "CGCS2000_GK_117",
    "ELLIPSOID",
    "IAG_75",
    "KRASSOVSKY",
    "LEVEL_FILES",
    "MANIFEST_FILE",
    "UTM_49N",
    "UTM_50N",
    "WEB_MERCATOR",
    "WGS84",
    "Basis",
    "Citation",
    "Fact",
    "Figure",
    "GlossaryEntry",
    "Indicator",
    "Industry",
    "Level",
    "Link",
    "Measure",
    "Mention",
    "Oddity",
    "Place",
    "Rank",
    "Reading",
    "Reason",
    "Roadmap",
    "Said",
    "Side",
    "Source",
    "SpatialClaim",
    "Standing",
    "Statement",
    "Status",
    "Task",
    "Term",
    "TermKind",
    "Text",
]

WGS84 = "EPSG:4326"
CGCS2000_GK_114 = "EPSG:4547"
ELLIPSOID = "GRS80"
# What figures are taken in by mistake: the neighbouring belts, UTM, the projection of web maps; and the ellipsoids of
# Beijing 54 and Xi'an 80, as pyproj calls them (IAG 75 is what it calls IAU76: 6,378,140 m, 1/298.257).
CGCS2000_GK_111 = "EPSG:4546"
CGCS2000_GK_117 = "EPSG:4548"
UTM_49N = "EPSG:32649"
UTM_50N = "EPSG:32650"
WEB_MERCATOR = "EPSG:3857"
KRASSOVSKY = "krass"
IAG_75 = "IAU76"


class Level(StrEnum):
    """The four kinds of place that the plan lays out."""

    CORRIDOR = "corridor"
    ZONE = "zone"
    CLUSTER = "cluster"
    UNIT = "unit"


class Rank(StrEnum):
    """The three ranks of the industry tree; below them stand the terms."""

    INDUSTRY = "industry"
    FIELD = "field"
    TOPIC = "topic"


class Standing(StrEnum):
    """How a fact is known: a sentence says it, a rule gives it, a hand drew it, or nobody knows."""

    STATED = "stated"
    DERIVED = "derived"
    DRAWN = "drawn"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Why a place is one for a topic, strongest first."""

    NAMED = "named"
    FIELD = "named by field"
    ZONE = "named by zone"
    INDUSTRY = "by industry"
    NONE = "none"

    @property
    def weakness(self) -> int:
        """0 for the strongest: sorts by what proves more."""
        return list(Basis).index(self)


class TermKind(StrEnum):
    """What a term of the plan names."""

    TECHNOLOGY = "technology"
    PRODUCT = "product"
    APPLICATION = "application"


# The files of a build: one for each level, the background, and what was made of what.
LEVEL_FILES = {
    Level.CORRIDOR: "corridor.geojson",
    Level.ZONE: "zones.geojson",
    Level.CLUSTER: "clusters.geojson",
    Level.UNIT: "units.geojson",
}
BACKGROUND_FILE = "background.geojson"
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese (as the plan writes them, where it does) and in English (our translation)."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The words in ``language`` (``"zh"`` or ``"en"``); Chinese where no English was given."""
        return self.en if language == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Said:
    """A message within a message: its key, and what fills it; `gm_map.messages` tells it in the same language."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the plan says something: section as it counts them, line of its text, sentence in it, a short phrase."""

    section: str
    paragraph: int
    sentence: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from, and on what terms they may be passed on."""

    id: str
    title: Text
    publisher: str
    date: str
    licence: str
    attribution: str
    note: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the plan says of a place: a side, a function, a facility, a role."""

    id: str
    place_id: str
    kind: str
    text: Text
    note: Text
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Place:
    """A corridor, zone, cluster or unit, without its geometry.

    ``stated_km2`` is the area that the plan gives, in square kilometres; None where it gives none.
    """

    id: str
    level: Level
    parent_id: str | None
    name: Text
    short: Text
    aliases: tuple[str, ...]
    stated_km2: float | None
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Term:
    """A technology, product or application that the plan names, as written.

    ``topic_id`` is None for a term that stands outside the topics' sentences and belongs to none of them plainly.
    """

    id: str
    topic_id: str | None
    kind: TermKind
    name: Text
    members: tuple[str, ...]
    weak: bool
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Industry:
    """A node of the industry tree: an industry, one of its fields, or one of their topics."""

    id: str
    rank: Rank
    parent_id: str | None
    name: Text
    aliases: tuple[str, ...]
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Link:
    """Why a cluster or a zone is a place for a topic. ``place_id`` is None where the plan names none."""

    topic_id: str
    place_id: str | None
    basis: Basis
    note: Text
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one place is for a topic: the link, and ``via``, the cluster that a unit has it from (None: its own)."""

    place_id: str
    link: Link
    via: str | None

    @property
    def standing(self) -> Standing:
        """A link that is inherited is derived, whatever the link itself is."""
        return Standing.DERIVED if self.via else self.link.standing


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the plan's indicator table. ``values`` maps the year to the figure, None where the plan has a dash."""

    id: str
    category: Text
    name: Text
    unit: Text
    values: dict[int, float | None] = field(hash=False)
    note: Text
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a roadmap or a programme: its title as written, its gist in our words."""

    id: str
    name: Text
    gist: Text
    topic_ids: tuple[str, ...]
    place_ids: tuple[str, ...]
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Measure:
    """One sentence of a policy, said in our words."""

    id: str
    gist: Text
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Roadmap:
    """A box of the plan that groups tasks: a roadmap (专栏1–3, by phases), a programme (专栏4–8) or a policy.

    ``groups`` pairs the name of each phase (None where there are no phases) with its tasks or measures;
    ``targets`` are (year, value, unit, indicator id).
    """

    id: str
    box: str
    industry_id: str | None
    name: Text
    gist: Text
    groups: tuple[tuple[Text | None, tuple[Task | Measure, ...]], ...]
    key_fields: tuple[tuple[Text, tuple[str, ...]], ...]
    targets: tuple[tuple[int, float, str, str], ...]
    citation: Citation
    standing: Standing

    @property
    def tasks(self) -> tuple[Task | Measure, ...]:
        """All tasks in the plan's order, phases aside."""
        return tuple(task for _, tasks in self.groups for task in tasks)


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term of the plan's annex, explained in our words."""

    id: str
    term: Text
    aliases: tuple[str, ...]
    gist: Text
    topic_ids: tuple[str, ...]
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the plan that does not fit: shown, never mended."""

    id: str
    kind: str
    text: Text
    place_ids: tuple[str, ...]
    topic_ids: tuple[str, ...]
    indicator_ids: tuple[str, ...]
    section: str
    paragraphs: tuple[int, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Statement:
    """What the plan says of the whole: title, system, layout. ``ids`` are the places or industries named, by role."""

    text: Text
    note: Text
    ids: dict[str, tuple[str, ...]] = field(hash=False)
    parts: tuple["Statement", ...]
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class SpatialClaim:
    """What a sentence of the plan says of where something is.

    ``subject_ids`` and ``object_ids`` name places of the map, or things beside it (``city-dongguan``).
    """

    id: str
    subject: str
    predicate: str
    object: str
    subject_ids: tuple[str, ...]
    object_ids: tuple[str, ...]
    decidable: str
    note: Text
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure computed from the plan's own, beside what the plan states.

    ``values`` is one number or a row of them, None where one cannot be computed; ``stated`` is as the plan writes it.
    """

    id: str
    what: Text
    formula: str
    values: tuple[float | None, ...]
    unit: str
    stated: tuple[str, ...]
    agrees: bool | None
    external: bool
    note: Text
    section: str
    paragraphs: tuple[int, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Side:
    """A stretch of a drawn outline: what lies beyond it, what fixed it, how well, and how long it is (metres)."""

    faces: str
    fixed_by: str
    source_id: str
    uncertainty_m: float
    length_m: float


class Status(StrEnum):
    """What came of reading a text: one topic, none in the plan, or several between which nobody should choose."""

    MATCH = "match"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters of a text that spoke for a topic: where they stand, and what they weighed (negative: against it)."""

    term: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One topic that a text may be about, with the parts that sum to its score.

    ``topic_id`` is None for "the plan has no place for this". ``score`` is ``base`` plus the weights of all
    ``mentions``, exactly; ``confidence`` is the calibrated probability (0 to 1).
    """

    topic_id: str | None
    confidence: float
    score: float
    base: float
    mentions: tuple[Mention, ...]
