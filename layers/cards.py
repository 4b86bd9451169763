"""A place as a card: titles and lines of plain text with their citations, ready to be shown by whoever shows them."""

from dataclasses import dataclass, field

from gm_map.dossier import dossier
from gm_map.model import Basis, Citation, Level, Standing
from layers import citations, figures

__all__ = ["Card", "Line", "Section", "card", "overview"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, where the plan says so, and how it is known; ``cites`` are the sentences themselves."""

    text: str
    citation: str = ""
    standing: Standing | None = None
    quiet: bool = False
    cites: tuple[Citation, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of lines; ``joined`` lines are read as one sentence, not as a list."""

    title: str
    lines: tuple[Line, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown of one place, in one language."""

    id: str
    crumb: str
    title: str
    subtitle: str
    figures: tuple[tuple[str, str], ...]
    standings: tuple[tuple[Standing, str], ...]
    sections: tuple[Section, ...]
    parents: tuple[tuple[str, str], ...]


def card(district, place_id, messages) -> Card:
    """The card of a place.

    Parameters
    ----------
    district : District
    place_id : str
    messages : Messages
        Sets the language.
    """
    known = dossier(district, place_id)
    language = messages.language
    place = known.place
    number = place.id.rsplit("-", 1)[1].lstrip("0")
    crumb = [messages(f"level.{place.level}") + ("" if place.level == Level.CORRIDOR else f" {number}")]
    crumb.extend(above.name.of(language) for above in known.above)
    return Card(
        id=place.id,
        crumb=" · ".join([crumb[0][:1].upper() + crumb[0][1:], *crumb[1:]]),
        title=place.name.of(language),
        subtitle=place.name.of("en" if language == "zh" else "zh"),
        figures=tuple(_figures(known, messages)),
        standings=tuple(_standings(known, messages)),
        sections=tuple(section for section in _sections(district, known, messages) if section.lines),
        parents=tuple((above.id, above.short.of(language)) for above in known.above),
    )


def overview(district, messages) -> tuple[Section, ...]:
    """What is shown while no place is chosen: the layout in the plan's order, and how to read the map."""
    language = messages.language
    catalogue = district.catalogue
    corridor = [
        Line(place.name.of(language), _cite(place.citation), cites=(place.citation,))
        for place in catalogue.at(Level.CORRIDOR)
    ]
    zones = [
        Line(
            messages("card.zone_line", name=place.name.of(language), area=figures.plain(place.stated_km2)),
            _cite(place.citation),
            place.standing,
            cites=(place.citation,),
        )
        for place in catalogue.at(Level.ZONE)
    ]
    clusters = [
        Line(
            messages(
                "card.cluster_line",
                name=place.name.of(language),
                units=messages("card.list_mark").join(
                    catalogue.places[unit].short.of(language) for unit in catalogue.children(place.id)
                ),
            ),
            _cite(place.citation),
            place.standing,
            cites=(place.citation,),
        )
        for place in catalogue.at(Level.CLUSTER)
    ]
    reading = [Line(messages(f"card.standing_{standing}"), quiet=True) for standing in Standing]
    return (
        Section(messages("card.one_corridor"), tuple(corridor)),
        Section(messages("card.three_zones"), tuple(zones)),
        Section(messages("card.five_clusters"), tuple(clusters)),
        Section(messages("card.how_to_read"), tuple(reading)),
    )


def _figures(known, messages):
    place = known.place
    stated = figures.plain(place.stated_km2) + " km²" if place.stated_km2 is not None else messages("card.not_given")
    yield messages("card.area_stated"), stated
    yield messages("card.area_measured"), figures.km2(known.area_km2, known.uncertainty_km2)


def _standings(known, messages):
    yield Standing.DRAWN, messages("card.boundary")
    yield (Standing.DERIVED if known.inherited else Standing.STATED), messages("card.industries_short")
    if known.place.stated_km2 is not None:
        yield Standing.STATED, messages("card.area_short")
    else:
        yield Standing.DERIVED, messages("card.area_short")


def _sections(district, known, messages):
    language = messages.language
    catalogue = district.catalogue
    yield _industries(known, catalogue, messages)
    # What a cluster's sentence names as its industries stands under them already.
    kinds = (
        ("function", "facility", "role", "link") if known.place.level == Level.ZONE else ("facility", "role", "link")
    )
    for kind in kinds:
        lines = [
            Line(fact.text.of(language), _cite(fact.citation), fact.standing, cites=(fact.citation,))
            for fact in known.facts
            if fact.kind == kind
        ]
        yield Section(messages(f"card.kind_{kind}"), tuple(lines), joined=True)
    sides = [
        Line(fact.text.of(language), _cite(fact.citation), fact.standing, cites=(fact.citation,))
        for fact in known.facts
        if fact.kind in ("location", "side") and fact.place_id == known.place.id
    ]
    yield Section(messages("card.kind_location"), tuple(sides), joined=True)
    reaches = [
        Line(f"{reach.name_en if language == 'en' else reach.name} {figures.distance(reach.metres)}")
        for reach in known.reaches
    ]
    yield Section(messages("card.reach"), tuple(reaches), joined=True)
    neighbours = [Line(catalogue.places[other].short.of(language)) for other in known.neighbours]
    yield Section(messages("card.neighbours"), tuple(neighbours), joined=True)
    drawn = [
        Line(messages("card.method", metres=f"{known.uncertainty_m:.0f}"), quiet=True),
        *([Line(messages("card.fitted"), quiet=True)] if known.fitted else []),
    ]
    yield Section(messages("card.drawn"), tuple(drawn))
    oddities = [
        Line(
            oddity.text.of(language),
            oddity.section,
            quiet=True,
            cites=citations.paragraphs(oddity.section, oddity.paragraphs),
        )
        for oddity in known.oddities
    ]
    yield Section(messages("card.oddities"), tuple(oddities))
    yield Section(
        messages("card.unsaid"), tuple(Line(messages(f"card.unsaid_{key}"), quiet=True) for key in known.unsaid)
    )


def _industries(known, catalogue, messages):
    """Topics by basis, strongest first; those that only follow from the industry stand in a quiet line."""
    language = messages.language
    lines = []
    for basis in Basis:
        links = [link for link in known.links if link.basis == basis]
        if not links:
            continue
        names = messages("card.list_mark").join(catalogue.industries[link.topic_id].name.of(language) for link in links)
        cited = " ".join(dict.fromkeys(_cite(link.citation) for link in links))
        text = messages(f"card.basis_{basis.replace(' ', '_')}", names=names)
        lines.append(
            Line(
                text,
                cited,
                Standing.DERIVED if known.inherited else links[0].standing,
                quiet=basis == Basis.INDUSTRY,
                cites=tuple(link.citation for link in links),
            )
        )
    if known.inherited and lines:
        lines.append(Line(messages("card.inherited"), quiet=True))
    return Section(messages("card.industries"), tuple(lines))


def _cite(citation) -> str:
    return citation.section
