"""All that is known of one place or one topic, as titled lines with their citations: for the page and for paper."""

from dataclasses import dataclass

from gm_map.model import Basis, Level, Rank, Standing, TermKind
from layers import citations, figures
from layers.cards import Line, Section, card

__all__ = ["Page", "page"]

MOST_SIDES = 12


@dataclass(frozen=True, slots=True)
class Page:
    """A dossier in one language.

    ``lit`` are the places that its map lights (None: all), ``selected`` the one that is outlined; ``related`` are other
    dossiers, as (id, name).
    """

    id: str
    crumb: str
    title: str
    subtitle: str
    figures: tuple[tuple[str, str], ...]
    standings: tuple[tuple[Standing, str], ...]
    sections: tuple[Section, ...]
    lit: tuple[str, ...] | None
    selected: str | None
    related: tuple[tuple[str, str], ...]


def page(district, id_, messages) -> Page:
    """The dossier of a place, or of a node of the industry tree.

    Parameters
    ----------
    district : District
    id_ : str
    messages : Messages

    Raises
    ------
    KeyError
        For an id that is neither.
    """
    if id_ in district.catalogue.places:
        return _place(district, id_, messages)
    return _industry(district, id_, messages)


def _place(district, place_id, messages) -> Page:
    catalogue, language = district.catalogue, messages.language
    place = catalogue.places[place_id]
    shown = card(district, place_id, messages)
    more = (
        _tasks(catalogue, _around(catalogue, place), messages),
        _targets(catalogue, _topics_here(catalogue, place_id), messages),
        _claims(catalogue, place_id, messages),
        _sides(district, place_id, messages),
    )
    # What the plan does not say stands last, wherever it stands on the card.
    sections = [*shown.sections[:-1], *(one for one in more if one.lines), shown.sections[-1]]
    related = [*catalogue.ancestors(place_id), *catalogue.children(place_id), *district.neighbours(place_id)]
    return Page(
        id=place_id,
        crumb=shown.crumb,
        title=shown.title,
        subtitle=shown.subtitle,
        figures=shown.figures,
        standings=shown.standings,
        sections=tuple(sections),
        lit=None,
        selected=place_id,
        related=tuple((id_, catalogue.places[id_].short.of(language)) for id_ in dict.fromkeys(related)),
    )


def _around(catalogue, place):
    """Ids whose tasks concern a place: its own, and for a unit those of its cluster."""
    return (place.id, place.parent_id) if place.level == Level.UNIT else (place.id,)


def _topics_here(catalogue, place_id):
    return tuple(dict.fromkeys(reason.link.topic_id for reason in catalogue.reasons_at(place_id)))


def _tasks(catalogue, ids, messages) -> Section:
    found = {task.id: (box, task) for id_ in ids for box, task in catalogue.tasks_of(id_)}
    lines = [
        Line(
            f"{task.name.of(messages.language)}: {task.gist.of(messages.language)}",
            box.box,
            task.standing,
            cites=(task.citation,),
        )
        for box, task in found.values()
    ]
    return Section(messages("dossier.tasks"), tuple(lines))


def _targets(catalogue, topic_ids, messages) -> Section:
    """Targets of the roadmaps of the industries that the topics belong to."""
    language = messages.language
    industries = dict.fromkeys(catalogue.path(topic)[0] for topic in topic_ids)
    lines = []
    for roadmap in catalogue.roadmaps.values():
        if roadmap.industry_id not in industries:
            continue
        for year, value, _, indicator_id in roadmap.targets:
            indicator = catalogue.indicators[indicator_id]
            figure = figures.counted(value, indicator.unit.of(language))
            told = f"{indicator.name.of(language)} · {year} · {figure}"
            lines.append(Line(told, roadmap.box, roadmap.standing, cites=(roadmap.citation,)))
    return Section(messages("dossier.targets"), tuple(lines))


def _claims(catalogue, place_id, messages) -> Section:
    lines = [
        Line(claim.citation.phrase, claim.citation.section, claim.standing, cites=(claim.citation,))
        for claim in catalogue.claims_of(place_id)
    ]
    return Section(messages("dossier.claims"), tuple(dict.fromkeys(lines)), joined=True)


def _sides(district, place_id, messages) -> Section:
    """What each stretch of the outline faces, what fixed it, and how well it is known."""
    catalogue, language = district.catalogue, messages.language
    outline = district.outlines[place_id]
    lines = [Line(outline.construction.of(language), standing=Standing.DRAWN)]
    for side in sorted(outline.sides, key=lambda side: -side.length_m)[:MOST_SIDES]:
        known = catalogue.places.get(side.faces)
        faces = known.short.of(language) if known else messages(f"dossier.faces_{side.faces.replace(' ', '_')}")
        lines.append(
            Line(
                messages(
                    "dossier.side",
                    faces=faces,
                    length=figures.distance(side.length_m),
                    fixed_by=messages(f"dossier.fixed_{side.fixed_by.replace(' ', '_')}"),
                    off=f"{side.uncertainty_m:.0f}",
                ),
                standing=Standing.DRAWN,
                quiet=True,
            )
        )
    return Section(messages("dossier.sides"), tuple(lines))


def _industry(district, id_, messages) -> Page:
    catalogue, language = district.catalogue, messages.language
    node = catalogue.industries[id_]
    topics = catalogue.topics_of(id_)
    above = [catalogue.industries[step] for step in catalogue.path(id_)[:-1] if step]
    places = _places(catalogue, topics, messages)
    terms = [_terms(catalogue, topics, kind, messages) for kind in TermKind]
    glossary = [
        Line(
            f"{entry.term.of(language)}: {entry.gist.of(language)}",
            entry.citation.section,
            entry.standing,
            cites=(entry.citation,),
        )
        for topic in topics
        for entry in catalogue.glossary_of(topic)
    ]
    oddities = {oddity.id: oddity for topic in topics for oddity in catalogue.oddities_of(topic)}
    sections = (
        *places,
        *terms,
        Section(messages("dossier.glossary"), tuple(dict.fromkeys(glossary))),
        _tasks(catalogue, topics, messages),
        _targets(catalogue, topics, messages),
        Section(
            messages("card.oddities"),
            tuple(
                Line(
                    one.text.of(language),
                    one.section,
                    quiet=True,
                    cites=citations.paragraphs(one.section, one.paragraphs),
                )
                for one in oddities.values()
            ),
        ),
        Section(messages("card.unsaid"), tuple(_unsaid(catalogue, topics, messages))),
    )
    children = catalogue.children(id_) if node.rank != Rank.TOPIC else ()
    lit = tuple(dict.fromkeys(reason.place_id for topic in topics for reason in catalogue.reasons_of(topic)))
    units = sum(place.startswith("unit-") for place in lit)
    rank = messages(f"rank.{node.rank}")
    return Page(
        id=id_,
        crumb=" · ".join([rank[:1].upper() + rank[1:], *(step.name.of(language) for step in above)]),
        title=node.name.of(language),
        subtitle=node.name.of("en" if language == "zh" else "zh"),
        figures=(
            (messages("dossier.units"), str(units)),
            (messages("dossier.terms"), str(sum(len(catalogue.terms_of(topic)) for topic in topics))),
            (messages("dossier.cited"), node.citation.section),
        ),
        standings=((node.standing, messages("dossier.name")),),
        sections=tuple(section for section in sections if section.lines),
        lit=lit,
        selected=None,
        related=tuple(
            (other, catalogue.industries[other].name.of(language))
            for other in dict.fromkeys([*(step.id for step in above), *children])
        ),
    )


def _places(catalogue, topics, messages):
    """Where the plan puts it, by how strongly it says so; the sentence of a link that names no place comes last."""
    language = messages.language
    strongest = {}
    for topic in topics:
        for reason in catalogue.reasons_of(topic):
            known = strongest.get(reason.place_id)
            if known is None or reason.link.basis.weakness < known.link.basis.weakness:
                strongest[reason.place_id] = reason
    for basis in Basis:
        found = [reason for reason in strongest.values() if reason.link.basis == basis]
        lines = []
        for level in (Level.ZONE, Level.CLUSTER, Level.UNIT):
            here = [reason for reason in found if catalogue.places[reason.place_id].level == level]
            if here:
                names = messages("card.list_mark").join(
                    catalogue.places[reason.place_id].short.of(language) for reason in here
                )
                cited = " ".join(dict.fromkeys(reason.link.citation.section for reason in here))
                level_name = messages(f"level.{level}")
                told = f"{level_name[:1].upper()}{level_name[1:]}: {names}"
                cites = tuple(reason.link.citation for reason in here)
                lines.append(Line(told, cited, here[0].standing, cites=cites))
        yield Section(messages("dossier.places", basis=messages(f"basis.{basis}")), tuple(lines))


def _terms(catalogue, topics, kind, messages) -> Section:
    lines = [
        Line(term.name.of(messages.language), term.citation.section, term.standing, cites=(term.citation,))
        for topic in topics
        for term in catalogue.terms_of(topic)
        if term.kind == kind
    ]
    return Section(messages(f"dossier.kind_{kind}"), tuple(lines), joined=True)


def _unsaid(catalogue, topics, messages):
    """What a reader will look for and the plan does not give."""
    language = messages.language
    for topic in topics:
        for link in catalogue.links_of(topic):
            if link.place_id is None:
                name = catalogue.industries[topic].name.of(language)
                note = link.note.of(language)
                yield Line(messages("dossier.no_place", topic=name) + (f" {note}" if note else ""), quiet=True)
    yield Line(messages("dossier.no_unit"), quiet=True)
    yield Line(messages("dossier.no_land"), quiet=True)
