"""Answers of the command line: the areas of all places, and the places that the plan gives to an industry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gm_map.catalogue import Catalogue
from gm_map.district import District
from gm_map.errors import UnknownNameError
from gm_map.model import Basis, Citation, Level, Link, Rank, Reason, Standing, Term, Text
from gm_map.names import fold, near

__all__ = ["Answer", "PlaceAnswer", "areas", "as_rows", "places_for"]

STEP = " › "


def areas(district: District) -> list[dict[str, Any]]:
    """Stated and measured areas of all places, in the plan's order.

    Returns
    -------
    list of dict
        ``area_km2`` is the true area on the ellipsoid, ``projected_km2`` the planar one; ``stated_km2`` and
        ``difference_pct`` (measured against stated, per cent of it) are None where the plan states none.
    """
    rows = []
    for place in district.catalogue.places.values():
        area, stated = district.area_km2(place.id), place.stated_km2
        rows.append(
            {
                "id": place.id,
                "level": str(place.level),
                "name": place.name.zh,
                "name_en": place.name.en,
                "parent_id": place.parent_id,
                "stated_km2": stated,
                "area_km2": round(area, 6),
                "projected_km2": round(district.projected_km2(place.id), 6),
                "uncertainty_km2": district.uncertainty_km2(place.id),
                "difference_pct": None if stated is None else round((area / stated - 1) * 100, 4),
                "method": district.outlines[place.id].method,
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """A place for what was asked: the strongest basis, the link that says so, and the topics that it is for."""

    id: str
    level: Level
    name: Text
    parent_id: str | None
    basis: Basis
    via: str | None
    topic_ids: tuple[str, ...]
    note: Text
    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Answer:
    """One meaning of a name: where it stands in the tree, and the places for it (none where the plan gives none).

    ``level`` is industry, field, topic or term; ``basis``, ``citation`` and ``note`` are those of the strongest link,
    which may be a sentence that gives no place.
    """

    level: str
    id: str
    name: Text
    path: tuple[Text, ...]
    basis: Basis
    note: Text
    citation: Citation
    standing: Standing
    places: tuple[PlaceAnswer, ...]


def places_for(catalogue: Catalogue, name: str) -> tuple[Answer, ...]:
    """The places that the plan gives to an industry, field, topic or term.

    Parameters
    ----------
    name : str
        In Chinese or English, of any rank; or a path such as ``智能产业/前沿技术``.

    Returns
    -------
    tuple of Answer
        One for each thing of that name, from industries down to terms.

    Raises
    ------
    UnknownNameError
        With the names that are near to it.
    """
    ids = _by_name(catalogue, name) or _by_path(catalogue, name)
    if not ids:
        names = (form for id_ in _ids(catalogue) for form in _forms(catalogue, id_))
        raise UnknownNameError(name, near(name, names))
    return tuple(_answer(catalogue, id_) for id_ in ids)


def _ids(catalogue: Catalogue) -> tuple[str, ...]:
    """By rank, then in the plan's order."""
    ranked = (node.id for rank in Rank for node in catalogue.of_rank(rank))
    return (*ranked, *catalogue.terms, *catalogue.outside_terms)


def _forms(catalogue: Catalogue, id_: str) -> tuple[str, ...]:
    node = catalogue.node(id_)
    others = node.members if isinstance(node, Term) else node.aliases
    return tuple(form for form in (node.name.zh, node.name.en, *others) if form)


def _folded(catalogue: Catalogue, id_: str) -> frozenset[str]:
    return frozenset(fold(form) for form in _forms(catalogue, id_))


def _by_name(catalogue: Catalogue, name: str) -> list[str]:
    asked = fold(name.strip())
    return [id_ for id_ in _ids(catalogue) if asked in _folded(catalogue, id_)]


def _by_path(catalogue: Catalogue, name: str) -> list[str]:
    """Ids whose path is the one given; else whose path ends with it; else that have its parts above them, in order."""
    asked = "/".join(part.strip() for part in fold(name).replace("›", "/").split("/"))
    whole, ends, loose = [], [], []
    for id_ in _ids(catalogue):
        steps = [_folded(catalogue, step) for step in catalogue.path(id_)]
        rests = _rests(asked, steps)
        if any(rest == "" and taken == len(steps) for rest, taken in rests):
            whole.append(id_)
        elif any(rest == "" for rest, _ in rests):
            ends.append(id_)
        elif any(_in_order(rest.split("/"), steps[: len(steps) - taken]) for rest, taken in rests if taken):
            loose.append(id_)
    return whole or ends or loose


def _rests(asked: str, steps: Sequence[frozenset[str]]) -> list[tuple[str, int]]:
    """What is left of a path when 1, 2, ... of the last steps are taken off its end, and how many were taken."""
    rests, left = [], {asked}
    for taken, forms in enumerate(reversed(steps), start=1):
        shorter = {rest[: -len(form)] for rest in left for form in forms if rest == form or rest.endswith(f"/{form}")}
        left = {rest.removesuffix("/") for rest in shorter}
        rests.extend((rest, taken) for rest in left)
    return rests


def _in_order(parts: Sequence[str], steps: Sequence[frozenset[str]]) -> bool:
    remaining = iter(steps)
    return all(any(part in step for step in remaining) for part in parts)


def _answer(catalogue: Catalogue, id_: str) -> Answer:
    node = catalogue.node(id_)
    topics = catalogue.topics_of(id_)
    links = sorted((link for topic in topics for link in catalogue.links_of(topic)), key=_weakness)
    first: Link | None = links[0] if links else None
    return Answer(
        "term" if isinstance(node, Term) else str(node.rank),
        id_,
        node.name,
        tuple(catalogue.node(step).name for step in catalogue.path(id_)),
        first.basis if first else Basis.NONE,
        first.note if first else Text("", ""),
        first.citation if first else node.citation,
        first.standing if first else Standing.UNKNOWN,
        tuple(_places(catalogue, topics)),
    )


def _weakness(link: Link) -> int:
    return link.basis.weakness


def _places(catalogue: Catalogue, topics: Sequence[str]) -> Iterator[PlaceAnswer]:
    for place in catalogue.places.values():
        reasons: list[Reason] = [r for r in catalogue.reasons_at(place.id) if r.link.topic_id in topics]
        if reasons:
            best = min(reasons, key=lambda reason: _weakness(reason.link))
            yield PlaceAnswer(
                place.id,
                place.level,
                place.name,
                place.parent_id,
                best.link.basis,
                best.via,
                tuple(reason.link.topic_id for reason in reasons),
                best.link.note,
                best.link.citation,
                best.standing,
            )


def as_rows(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Answers as plain values for JSON; paths are joined with `STEP`."""
    return [
        {
            "level": answer.level,
            "id": answer.id,
            **_both("name", answer.name),
            "path": STEP.join(step.zh for step in answer.path),
            "path_en": STEP.join(step.en for step in answer.path),
            "basis": str(answer.basis),
            **_both("note", answer.note),
            "citation": _citation(answer.citation),
            "standing": str(answer.standing),
            "places": [
                {
                    "id": place.id,
                    "level": str(place.level),
                    **_both("name", place.name),
                    "parent_id": place.parent_id,
                    "basis": str(place.basis),
                    "via": place.via,
                    "topic_ids": list(place.topic_ids),
                    **_both("note", place.note),
                    "citation": _citation(place.citation),
                    "standing": str(place.standing),
                }
                for place in answer.places
            ],
        }
        for answer in answers
    ]


def _both(name: str, text: Text) -> dict[str, str]:
    return {name: text.zh, f"{name}_en": text.en}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "section": citation.section,
        "paragraph": citation.paragraph,
        "sentence": citation.sentence,
        "phrase": citation.phrase,
    }
