"""Which places fit what a person asks for, and why: industries of any rank, parts of the district, free text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from gm_map.catalogue import Catalogue
from gm_map.model import Basis, Industry, Level, Place, Reason, Term
from gm_map.names import fold

__all__ = ["Count", "Filter", "Selection", "counts", "select"]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for. Its parts narrow one another; an empty part narrows nothing.

    Parameters
    ----------
    nodes : tuple of str
        Ids of industries, fields, topics or terms (a term stands for its topic).
    zones, clusters : tuple of str
        Ids; a place fits that is one of them or lies in one. A zone gives way to its clusters that are chosen too.
    text : str
        Words that names, aliases, facts, topics or terms must hold, in Chinese or English; blanks part them.
    mode : {"any", "all"}
        Whether one of the ``nodes``, and one of the words, is enough.
    """

    nodes: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    text: str = ""
    mode: Literal["any", "all"] = "any"

    def __post_init__(self):
        if self.mode not in ("any", "all"):
            raise ValueError(f"mode: found {self.mode!r}, wanted 'any' or 'all'")

    @property
    def active(self) -> bool:
        """Whether it narrows anything."""
        return bool(self.nodes or self.zones or self.clusters or self.text.strip())

    def within(self, catalogue: Catalogue) -> "Filter":
        """The same without ids that the catalogue does not have, as an old link may hold them."""
        nodes = (*catalogue.industries, *catalogue.terms, *catalogue.outside_terms)
        zones, clusters = ([place.id for place in catalogue.at(level)] for level in (Level.ZONE, Level.CLUSTER))
        return replace(
            self,
            nodes=_known(self.nodes, frozenset(nodes)),
            zones=_known(self.zones, frozenset(zones)),
            clusters=_known(self.clusters, frozenset(clusters)),
        )


def _known(ids: Iterable[str], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_ for id_ in ids if id_ in known))


@dataclass(frozen=True, slots=True)
class Selection:
    """The places that fit, in the plan's order, and why.

    ``by_level`` has every level; ``reasons`` gives for each place the topics asked for that it is linked with, the
    strongest basis first (empty where no topic was asked for); ``words`` gives the words that its own names or facts
    hold, or those of a place that holds it.
    """

    filter: Filter
    by_level: Mapping[Level, tuple[str, ...]]
    reasons: Mapping[str, tuple[Reason, ...]]
    words: Mapping[str, tuple[str, ...]]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all places that fit."""
        return tuple(id_ for ids in self.by_level.values() for id_ in ids)

    def basis(self, place_id: str) -> Basis | None:
        """The strongest basis of a place, None where no topic was asked for or the place does not fit."""
        reasons = self.reasons.get(place_id)
        return reasons[0].link.basis if reasons else None


@dataclass(frozen=True, slots=True)
class Count:
    """How many units, clusters and zones an industry, field or topic has, and the strongest basis for it."""

    units: int
    clusters: int
    zones: int
    basis: Basis


class _Index:
    """A bit for each place: what takes a click is a few ANDs and ORs."""

    def __init__(self, catalogue: Catalogue):
        self.bit = {id_: 1 << position for position, id_ in enumerate(catalogue.places)}
        self.everything = (1 << len(self.bit)) - 1
        self.level = {level: tuple(place.id for place in catalogue.at(level)) for level in Level}
        self.level_mask = {level: self.mask(ids) for level, ids in self.level.items()}
        self.below = {id_: self.mask((id_, *catalogue.descendants(id_))) for id_ in catalogue.places}
        ids = (*catalogue.industries, *catalogue.terms, *catalogue.outside_terms)
        self.topics = {id_: catalogue.topics_of(id_) for id_ in ids}
        # By topic and basis, the places; by industry, field, topic or term the same, over its topics.
        links = {topic: dict.fromkeys(Basis, 0) for topic in (t for found in self.topics.values() for t in found)}
        for topic, masks in links.items():
            for reason in catalogue.reasons_of(topic):
                masks[reason.link.basis] |= self.bit[reason.place_id]
        self.basis = {id_: {b: _union(links[t][b] for t in ts) for b in Basis} for id_, ts in self.topics.items()}
        self.holds = {id_: _union(masks.values()) for id_, masks in self.basis.items()}
        self.reasons = {
            id_: tuple(sorted(catalogue.reasons_at(id_), key=lambda reason: reason.link.basis.weakness))
            for id_ in catalogue.places
        }
        self.place_words = {id_: fold("\n".join(_words_of_place(catalogue, id_))) for id_ in catalogue.places}
        self.topic_words = {t: fold("\n".join(_words_of_topic(catalogue, t))) for t in links}

    def mask(self, ids: Iterable[str]) -> int:
        return _union(self.bit[id_] for id_ in ids)

    def within(self, catalogue: Catalogue, filter_: Filter) -> int:
        if not filter_.zones and not filter_.clusters:
            return self.everything
        narrowed = {catalogue.parent(cluster) for cluster in filter_.clusters}
        zones = (zone for zone in filter_.zones if zone not in narrowed)
        return _union(self.below[id_] for id_ in (*zones, *filter_.clusters))


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def _words_of_place(catalogue: Catalogue, id_: str) -> Iterable[str]:
    place = catalogue.places[id_]
    yield from (place.name.zh, place.name.en, place.short.zh, place.short.en, *place.aliases)
    for fact in catalogue.facts_of(id_):
        yield from (fact.text.zh, fact.text.en)


def _words_of_topic(catalogue: Catalogue, topic_id: str) -> Iterable[str]:
    nodes: tuple[Place | Industry | Term, ...] = tuple(map(catalogue.node, catalogue.path(topic_id)))
    for node in nodes:
        yield from (node.name.zh, node.name.en, *node.aliases)
    for term in catalogue.terms_of(topic_id):
        yield from (term.name.zh, term.name.en, *term.members)


@lru_cache(maxsize=8)
def _index(catalogue: Catalogue) -> _Index:
    return _Index(catalogue)


def _combined(masks: list[int], mode: str, everything: int) -> int:
    if not masks:
        return everything
    if mode == "any":
        return _union(masks)
    for mask in masks:
        everything &= mask
    return everything


def _text(index: _Index, filter_: Filter) -> tuple[int, set[str], dict[str, list[str]]]:
    """Places that hold the words, the topics that do, and the words by the place whose own names or facts hold them."""
    masks, topics, words = [], set(), {}
    for word in filter_.text.split():
        folded = fold(word)
        held = {topic for topic, text in index.topic_words.items() if folded in text}
        mask = _union(index.holds[topic] for topic in held)
        for id_, text in index.place_words.items():
            if folded in text:
                mask |= index.below[id_]
                words.setdefault(id_, []).append(word)
        masks.append(mask)
        topics |= held
    return _combined(masks, filter_.mode, index.everything), topics, words


def select(catalogue: Catalogue, filter_: Filter) -> Selection:
    """The places that fit a filter, and for each the reasons.

    Parameters
    ----------
    catalogue : Catalogue
    filter_ : Filter
        Its ids must exist (see `Filter.within`); KeyError otherwise.

    Returns
    -------
    Selection
    """
    index = _index(catalogue)
    by_text, topics, own = _text(index, filter_)
    picked = _combined([index.holds[node] for node in filter_.nodes], filter_.mode, index.everything)
    fits = index.within(catalogue, filter_) & by_text & picked
    topics |= {topic for node in filter_.nodes for topic in index.topics[node]}
    ids = [id_ for id_, bit in index.bit.items() if bit & fits]
    words: dict[str, list[str]] = {}
    for holder, found in own.items():
        for id_ in ids:
            if index.bit[id_] & index.below[holder]:
                words.setdefault(id_, []).extend(word for word in found if word not in words.get(id_, ()))
    return Selection(
        filter_,
        MappingProxyType(
            {level: tuple(id_ for id_ in found if index.bit[id_] & fits) for level, found in index.level.items()}
        ),
        MappingProxyType({id_: tuple(r for r in index.reasons[id_] if r.link.topic_id in topics) for id_ in ids}),
        MappingProxyType({id_: tuple(found) for id_, found in words.items()}),
    )


def counts(catalogue: Catalogue, filter_: Filter) -> Mapping[str, Count]:
    """What each industry, field and topic has under a filter.

    With ``mode="any"`` the figure beside a node is what choosing it alone would give, within the chosen parts of the
    district and the text; with ``"all"`` it is what adding it to the chosen nodes would leave.
    """
    index = _index(catalogue)
    allowed = index.within(catalogue, filter_) & _text(index, filter_)[0]
    if filter_.mode == "all":
        allowed &= _combined([index.holds[node] for node in filter_.nodes], "all", index.everything)
    found = {}
    for node in catalogue.industries:
        held = index.holds[node] & allowed
        numbers = ((held & index.level_mask[level]).bit_count() for level in (Level.UNIT, Level.CLUSTER, Level.ZONE))
        basis = next((basis for basis, mask in index.basis[node].items() if mask & allowed), Basis.NONE)
        found[node] = Count(*numbers, basis)
    return MappingProxyType(found)
