"""What the score stands on: for every topic and every place the basis, facilities, functions, distances and sizes.

Places are the zones, clusters and units in the plan's order (the corridor is a distance, not a destination). Made once
for a district and kept: a match is then a few sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gm_map.catalogue import Catalogue
from gm_map.district import District
from gm_map.model import Basis, Citation, Fact, Level, Link, Rank, Standing

__all__ = ["DISTANCES", "LEVELS", "NEED_FACTS", "Ground", "Grounds", "ground"]

LEVELS = (Level.ZONE, Level.CLUSTER, Level.UNIT)
# What is measured for a criterion and for a need of the same name: a kind of `District.reaches`.
DISTANCES = {"hsr": "station_hsr", "metro": "station", "corridor": "longda"}
NEED_DISTANCES = {"hsr": "hsr", "metro": "metro", "expressway": "corridor"}
FACILITY_KINDS = ("facility", "function", "role")

# By need, the facts of places that meet it, as the plan writes them.
NEED_FACTS = {
    "clinical": ("临床研究基地",),
    "testing": ("检验检测机构", "检验检测", "材料测试评价"),
    "incubation": ("创业苗圃", "孵化器", "加速器", "创新创业孵化"),
    "research": ("高校", "科研院所", "功能性研究平台", "技术研发平台"),
    "big_science": ("重大科技基础设施", "重大科技基础设施集群"),
    "drug_discovery": ("药物发现",),
    "transfer": ("成果转移转化平台", "技术转移转化"),
    "talent": ("人才配套服务设施", "居住配套"),
}
# Needs that the plan names and gives no place: the term that does, outside the topics' own sentences.
NEED_TERMS = {"pilot": "中试平台", "animal": "动物实验中心"}

_STRENGTH = {basis: rank for rank, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a place has a basis for a topic: its own link (``via`` None), or that of the cluster it is in or holds."""

    basis: Basis
    via: str | None
    link: Link

    @property
    def citation(self) -> Citation:
        """The sentence that the basis rests on."""
        return self.link.citation

    @property
    def standing(self) -> Standing:
        """Derived where it comes by way of another place."""
        return Standing.DERIVED if self.via else self.link.standing


@dataclass(frozen=True, eq=False)
class Ground:
    """Arrays over topics (T) and places (P).

    ``level_of`` numbers `LEVELS`; ``parent`` is the column of what holds a place (-1 where nothing does).
    ``basis`` (T, P) numbers the members of `Basis`; ``function`` (T, P) says whether the sentence of the place's zone
    names the topic, its field or its industry; ``meets`` gives by need an array (P,); ``distances`` by criterion an
    array (P,) in metres, straight, from the place's label point; areas are in km², ``uncertainty_m`` in metres.
    """

    topic_ids: tuple[str, ...]
    place_ids: tuple[str, ...]
    level_of: np.ndarray
    parent: np.ndarray
    basis: np.ndarray
    grounds: Mapping[tuple[str, str], Grounds]
    function: np.ndarray
    functions: Mapping[tuple[str, str], Link]
    meets: Mapping[str, np.ndarray]
    facts: Mapping[tuple[str, str], Fact]
    named: Mapping[str, Citation]
    distances: Mapping[str, np.ndarray]
    nearest: Mapping[tuple[str, str], tuple[str, str]]
    area_km2: np.ndarray
    uncertainty_km2: np.ndarray
    uncertainty_m: np.ndarray

    def topic(self, topic_id: str) -> int:
        """Row of a topic; KeyError for an id that is none."""
        try:
            return self.topic_ids.index(topic_id)
        except ValueError:
            raise KeyError(topic_id) from None

    def place(self, place_id: str) -> int:
        """Column of a place; KeyError for an id that is none of the levels."""
        try:
            return self.place_ids.index(place_id)
        except ValueError:
            raise KeyError(place_id) from None

    def at(self, level: Level) -> np.ndarray:
        """Columns of the places of a level, in the plan's order."""
        return np.flatnonzero(self.level_of == LEVELS.index(level))

    def units_of(self, cluster: int) -> np.ndarray:
        """Columns of the units of a cluster, given by its column."""
        return np.flatnonzero(self.parent == cluster)


@lru_cache(maxsize=4)
def ground(district: District) -> Ground:
    """The ground of a district, made when first asked for (a quarter of a second) and kept."""
    catalogue = district.catalogue
    places = tuple(place.id for level in LEVELS for place in catalogue.at(level))
    topics = tuple(node.id for node in catalogue.of_rank(Rank.TOPIC))
    grounds = {(topic, place): found for topic in topics for place, found in _grounds(catalogue, topic).items()}
    functions = _functions(catalogue, topics, places)
    facts = {(need, place): fact for need in NEED_FACTS for place in places if (fact := _fact(catalogue, need, place))}
    ways = {place: {way["kind"]: way for way in district.reaches(place)} for place in places}
    terms = {term.name.zh: term for term in (*catalogue.outside_terms.values(), *catalogue.terms.values())}
    none = _STRENGTH[Basis.NONE]
    basis = [
        [_STRENGTH[grounds[t, p].basis] if (t, p) in grounds else none for p in places]  # a place has it or it has not
        for t in topics
    ]
    return Ground(
        topics,
        places,
        np.array([LEVELS.index(catalogue.places[place].level) for place in places]),
        np.array([places.index(parent) if (parent := catalogue.parent(place)) else -1 for place in places]),
        np.array(basis),
        grounds,
        np.array([[(topic, place) in functions for place in places] for topic in topics]),
        functions,
        {need: np.array([(need, place) in facts for place in places]) for need in NEED_FACTS},
        facts,
        {need: terms[term].citation for need, term in NEED_TERMS.items()},
        {name: np.array([ways[place][kind]["metres"] for place in places]) for name, kind in DISTANCES.items()},
        {
            (name, place): (ways[place][kind]["name"], ways[place][kind]["name_en"])
            for name, kind in DISTANCES.items()
            for place in places
        },
        np.array([district.area_km2(place) for place in places]),
        np.array([district.uncertainty_km2(place) for place in places]),
        np.array([district.uncertainty_m(place) for place in places]),
    )


def _grounds(catalogue: Catalogue, topic: str) -> dict[str, Grounds]:
    """The strongest reason of each place; a zone also has what the strongest of its clusters has."""
    found: dict[str, Grounds] = {}
    for reason in catalogue.reasons_of(topic):
        candidates = [(reason.place_id, reason.via)]
        if catalogue.places[reason.place_id].level == Level.CLUSTER:
            candidates.append((catalogue.parent(reason.place_id), reason.place_id))
        for place, via in candidates:
            if place not in found or _STRENGTH[reason.link.basis] < _STRENGTH[found[place].basis]:
                found[place] = Grounds(reason.link.basis, via, reason.link)
    return found


def _functions(catalogue: Catalogue, topics, places) -> dict[tuple[str, str], Link]:
    own = {
        (link.topic_id, link.place_id): link
        for link in catalogue.links
        if link.place_id and catalogue.places[link.place_id].level == Level.ZONE
    }
    zone = {place: catalogue.path(place)[0] for place in places}
    return {
        (topic, place): own[topic, zone[place]] for topic in topics for place in places if (topic, zone[place]) in own
    }


def _fact(catalogue: Catalogue, need: str, place: str) -> Fact | None:
    """What meets a need: at the place, else at what holds it, else at what it holds."""
    for holder in (place, *catalogue.ancestors(place), *catalogue.descendants(place)):
        for fact in catalogue.facts_of(holder):
            if fact.kind in FACILITY_KINDS and fact.text.zh in NEED_FACTS[need]:
                return fact
    return None
