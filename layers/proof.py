"""Why a project belongs in a place, as lines of plain text with their citations, ready for whoever shows them."""

from dataclasses import dataclass

from gm_map.amounts import UNITS
from gm_map.gates import Result
from gm_map.match import Outcome
from gm_map.model import Basis, Citation, Level, Standing
from gm_map.score import criterion
from layers import figures

__all__ = ["Check", "Part", "Proof", "alternatives", "default", "lit", "named_places", "outcome", "part_name", "proof"]

MOST_WEIGHT = 100.0  # what a slider gives at most
_STATES = {
    "yes": (Result.NAMED, Result.FITS, Result.MET),
    "near": (Result.FOLLOWS, Result.CLOSE, Result.MEASURED),
    "no": (Result.NOT_GIVEN, Result.TOO_LARGE, Result.ELSEWHERE),
}
_LEVELS = (Level.CLUSTER, Level.ZONE, Level.UNIT)


@dataclass(frozen=True, slots=True)
class Check:
    """One gate: ``state`` is yes, near, no or unknown."""

    state: str
    text: str
    citation: str
    standing: Standing
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One summand as shown: name, value of at most, what it rests on; with ``cites``, their section ends ``ground``."""

    name: str
    value: float
    most: float
    ground: str
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What is shown of one place. The values of ``parts`` add up to ``score``."""

    id: str
    level: Level
    crumb: str
    title: str
    position: str
    basis: str
    score: float
    checks: tuple[Check, ...]
    parts: tuple[Part, ...]
    sentences: tuple[tuple[str, str], ...]


def named_places(district, ids, messages) -> str:
    """Short names of places in one line."""
    return messages("card.list_mark").join(
        district.catalogue.places[place].short.of(messages.language) for place in ids
    )


def outcome(district, match, messages) -> str:
    """One sentence where the answer is less than a cluster; empty where there is one."""
    if match.outcome == Outcome.CLUSTERS:
        return ""
    cited = " ".join(dict.fromkeys(link.citation.section for link in match.links))
    key = {Outcome.ZONES: "match.only_zone", Outcome.NO_PLACE: "match.no_place"}.get(match.outcome, "match.not_in_plan")
    return messages(key, section=cited) if match.outcome != Outcome.NOT_IN_PLAN else messages(key)


def alternatives(match, level, most=6) -> tuple[str, ...]:
    """Ids of what may be chosen at a level, best first."""
    return tuple(place.id for place in match.at(level)[:most])


def default(match) -> str | None:
    """The place to begin with: the first cluster, else the first zone; None where there is no place."""
    for level in _LEVELS:
        if level in match.contests:
            return match.contests[level].first_id
    return None


def lit(match) -> tuple[str, ...]:
    """Ids of the places of any level that the plan gives to what was asked."""
    return tuple(place.id for place in match.places if place.basis != Basis.NONE)


def proof(district, match, place_id, messages) -> Proof:
    """The proof of one place.

    Parameters
    ----------
    district : District
    match : Match
    place_id : str
        One of ``match.places``.
    messages : Messages
    """
    language = messages.language
    catalogue = district.catalogue
    place, known = match.place(place_id), catalogue.places[place_id]
    above = " › ".join(catalogue.places[other].name.of(language) for other in reversed(catalogue.ancestors(place_id)))
    level = messages(f"level.{known.level}")
    return Proof(
        id=place_id,
        level=known.level,
        crumb=" · ".join(filter(None, (level[:1].upper() + level[1:], above))),
        title=known.name.of(language),
        position=messages("match.position", rank=place.rank, count=len(match.at(place.level)), level=level),
        basis=messages(f"basis.{place.basis}"),
        score=place.score,
        checks=tuple(_check(district, match, gate, messages) for gate in place.gates),
        parts=tuple(_part(district, part, messages) for part in place.parts),
        sentences=tuple(_sentences(district, match, place, messages)),
    )


def part_name(key, messages) -> str:
    """What a part of the score is called."""
    if criterion(key) == "need":
        need = key.partition(":")[2]
        return messages(f"match.need_{need}") if need else messages("match.weight_need")
    return messages(f"match.weight_{key}")


def _part(district, part, messages) -> Part:
    language = messages.language
    ground = []
    if part.basis is not None:
        ground.append(messages(f"basis.{part.basis}"))
    if part.metres is not None:
        ground.append(f"{part.thing.of(language)} {figures.distance(part.metres)}")
    elif part.thing is not None:
        ground.append(part.thing.of(language))
    if part.via is not None:
        ground.append(messages("match.via", place=named_places(district, [part.via], messages)))
    if part.citation is not None:
        ground.append(part.citation.section)
    elif not ground:
        ground.append(messages("match.ground_none" if part.standing == Standing.UNKNOWN else "match.ground_drawn"))
    cites = () if part.citation is None else (part.citation,)
    return Part(part_name(part.key, messages), part.value, part.weight, " ".join(ground), cites)


def _check(district, match, gate, messages) -> Check:
    state = next((state for state, results in _STATES.items() if gate.result in results), "unknown")
    text = {"industry": _industry, "land": _land, "floor": _floor}.get(gate.key, _need)(district, match, gate, messages)
    if gate.via:
        text = f"{text} {messages('match.via', place=named_places(district, [gate.via], messages))}"
    cites = (gate.citation,) if gate.citation else ()
    return Check(state, text, gate.citation.section if gate.citation else "", gate.standing, cites)


def _industry(district, match, gate, messages):
    topic = district.catalogue.industries[gate.topic_id].name.of(messages.language)
    if gate.result == Result.NOT_GIVEN:
        return messages("match.gate_not_given", topic=topic)
    return messages(
        "match.gate_named" if gate.result == Result.NAMED else "match.gate_follows",
        topic=topic,
        basis=messages(f"basis.{gate.basis}"),
    )


def _land(district, match, gate, messages):
    land = match.needs.land
    values = {
        "asked": f"{land.value:,g} {messages(f'match.unit_{tuple(UNITS).index(land.unit)}')}",
        "area": figures.km2(gate.area_km2, gate.uncertainty_km2),
    }
    if gate.result == Result.FITS:
        return messages("match.gate_fits", **values)
    return messages("match.gate_close" if gate.result == Result.CLOSE else "match.gate_too_large", **values)


def _floor(district, match, gate, messages):
    return messages("match.gate_floor", asked=f"{match.needs.floor.m2:,.0f} m²")


def _need(district, match, gate, messages):
    need = messages(f"match.need_{gate.key}")
    if gate.result == Result.MEASURED:
        return messages("match.gate_measured", need=need, distance=figures.distance(gate.metres))
    if gate.result == Result.ELSEWHERE:
        return messages("match.gate_elsewhere", need=need, places=named_places(district, gate.place_ids, messages))
    if gate.result == Result.MET:
        return messages("match.gate_met", need=need)
    return messages("match.gate_no_place" if gate.result == Result.NO_PLACE else "match.gate_not_said", need=need)


def _sentences(district, match, place, messages):
    """What is said beyond the table: ties, why not the next, what would change it, and how firmly it stands."""
    contest = match.contests[place.level]
    if place.id != contest.first_id:
        first = named_places(district, [contest.first_id], messages)
        lead = match.place(contest.first_id).score - place.score
        parts = _largest(match.difference(contest.first_id, place.id), messages)
        title = messages("match.behind_title", first=first)
        if place.tied:
            yield title, messages("match.behind_tied", lead=f"{lead:.2f}", parts=parts)
        else:
            yield title, messages("match.behind", lead=f"{lead:.2f}", parts=parts)
        return
    first = named_places(district, [place.id], messages)
    if place.level != Level.UNIT and Level.UNIT in match.contests:
        best = match.contests[Level.UNIT].tie
        if inside := [unit for unit in best if place.id in district.catalogue.ancestors(unit)]:
            yield messages("match.units_title"), named_places(district, inside, messages)
    if len(contest.tie) > 1:
        names = named_places(district, contest.tie, messages)
        yield messages("match.tie_title"), messages("match.tie", names=names)
    if contest.next_id is not None:
        after = named_places(district, [contest.next_id], messages)
        parts = _largest(contest.by_part, messages)
        yield messages("match.next_title", next=after), messages("match.next", lead=f"{contest.lead:.2f}", parts=parts)
        yield messages("match.change_title"), _change(district, contest, messages)
    holds = messages(
        "match.holds", first=first, share=f"{contest.holds * 100:.0f}", margin=f"{contest.margin * 100:.0f}"
    )
    if len(contest.tie) > 1:
        holds = f"{holds} {messages('match.tie_holds', share=f'{contest.tie_holds * 100:.0f}')}"
    yield messages("match.holds_title"), holds


def _largest(differences, messages, most=3):
    """The parts that differ most, with their signs."""
    told = sorted((part for part in differences if part[1]), key=lambda part: -abs(part[1]))[:most]
    return messages("card.list_mark").join(f"{part_name(key, messages)} {figures.signed(value)}" for key, value in told)


def _change(district, contest, messages):
    change = contest.change
    if change is None:
        return messages("match.change_none", next=named_places(district, [contest.next_id], messages))
    told = _one_change(district, change, messages)
    if contest.upset and contest.upset != change and contest.upset.needed <= MOST_WEIGHT:
        told = f"{told} {messages('match.change_also')}{_one_change(district, contest.upset, messages)}"
    return told


def _one_change(district, change, messages):
    values = {
        "criterion": part_name(change.criterion, messages),
        "weight": f"{change.weight:.0f}",
        "needed": f"{change.needed:,.1f}",
        "place": named_places(district, [change.place_id], messages),
    }
    if change.needed > MOST_WEIGHT:
        return messages("match.change_out", **values)
    return messages("match.change_up" if change.needed > change.weight else "match.change_down", **values)
