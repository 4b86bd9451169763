"""Two to four places side by side: what each has, and where they differ."""

from gm_map.dossier import dossier
from gm_map.model import Basis
from layers import figures

__all__ = ["comparison", "sheet"]


def comparison(district, place_ids, messages, notes=None) -> dict:
    """A table with a place a column; see `views.parts.table`. Rows that are the same for all stand in quiet ink."""
    catalogue, language = district.catalogue, messages.language
    rows = [
        {
            "id": None,
            "cells": [
                {"text": name, "note": "" if len(set(texts)) > 1 or len(texts) == 1 else messages("compare.same")},
                *({"text": text, "note": cite} for text, cite in zip(texts, cites, strict=True)),
            ],
        }
        for name, texts, cites in sheet(district, place_ids, messages, notes)
    ]
    width = f"{84 // max(1, len(place_ids))}%"
    return {
        "caption": messages("compare.title"),
        "columns": [
            {"label": messages("compare.what"), "head": True, "width": "16%"},
            *({"label": catalogue.places[id_].short.of(language), "width": width} for id_ in place_ids),
        ],
        "rows": rows,
        "empty": messages("compare.none"),
    }


def sheet(district, place_ids, messages, notes=None) -> list[tuple[str, list[str], list[str]]]:
    """The comparison as rows: what is compared, the words for each place, and their citations.

    Parameters
    ----------
    district : District
    place_ids : sequence of str
    messages : Messages
    notes : mapping of str to str, optional
        A person's own notes, by place.
    """
    language = messages.language
    catalogue = district.catalogue
    known = [dossier(district, id_) for id_ in place_ids]
    if not known:
        return []
    mark = messages("card.list_mark")
    rows = [
        (
            messages("compare.level"),
            [
                mark.join([messages(f"level.{one.place.level}"), *(above.name.of(language) for above in one.above)])
                for one in known
            ],
            [one.place.citation.section for one in known],
        ),
        (
            messages("card.area_stated"),
            [
                f"{figures.plain(one.place.stated_km2)} km²" if one.place.stated_km2 else messages("card.not_given")
                for one in known
            ],
            [one.place.citation.section if one.place.stated_km2 else "" for one in known],
        ),
        (
            messages("card.area_measured"),
            [figures.km2(one.area_km2, one.uncertainty_km2) for one in known],
            [messages("standing.drawn") for _ in known],
        ),
    ]
    for basis in Basis:
        if basis == Basis.NONE:
            continue
        found = [[link for link in one.links if link.basis == basis] for one in known]
        if any(found):
            texts = [
                mark.join(catalogue.industries[link.topic_id].name.of(language) for link in links) for links in found
            ]
            cites = [" ".join(dict.fromkeys(link.citation.section for link in links)) for links in found]
            rows.append((messages("compare.industries", basis=messages(f"basis.{basis}")), _dashed(texts), cites))
    for kind in ("facility", "function", "role", "location"):
        found = [[fact for fact in one.facts if fact.kind == kind] for one in known]
        if any(found):
            texts = [mark.join(fact.text.of(language) for fact in facts) for facts in found]
            cites = [" ".join(dict.fromkeys(fact.citation.section for fact in facts)) for facts in found]
            rows.append((messages(f"card.kind_{kind}"), _dashed(texts), cites))
    for number, reach in enumerate(known[0].reaches):
        texts = [
            f"{one.reaches[number].name_en if language == 'en' else one.reaches[number].name} "
            f"{figures.distance(one.reaches[number].metres)}"
            for one in known
        ]
        rows.append((messages(f"compare.reach_{reach.kind}"), texts, [messages("standing.drawn") for _ in known]))
    neighbours = [mark.join(catalogue.places[id_].short.of(language) for id_ in one.neighbours) for one in known]
    rows.append((messages("card.neighbours"), _dashed(neighbours), ["" for _ in known]))
    oddities = [" ".join(oddity.text.of(language) for oddity in one.oddities) for one in known]
    if any(oddities):
        rows.append((messages("card.oddities"), _dashed(oddities), ["" for _ in known]))
    unsaid = [" ".join(messages(f"card.unsaid_{key}") for key in one.unsaid) for one in known]
    rows.append((messages("card.unsaid"), unsaid, ["" for _ in known]))
    if notes and any(notes.get(id_) for id_ in place_ids):
        rows.append((messages("compare.note"), _dashed([notes.get(id_, "") for id_ in place_ids]), ["" for _ in known]))
    return rows


def _dashed(texts):
    return [text or "–" for text in texts]
