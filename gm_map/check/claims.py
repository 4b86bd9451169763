"""What the plan's sentences claim about where things are, tried on a drawing: holds, does not, or cannot be decided.

Which predicate a sentence is tried with stands in ``claim_tests.csv``, with what ``claim_things.csv`` knows of things
beside the map and the thresholds of ``claim_thresholds.csv``. The plan's words decide; nothing is set so that it holds.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from gm_map import measure
from gm_map.check import predicates
from gm_map.check.claim_subjects import TESTS, THINGS, THRESHOLDS, ClaimTest, Ground
from gm_map.check.predicates import Known, Trial
from gm_map.check.results import ClaimResult, Drawing, Outcome
from gm_map.model import Said, SpatialClaim, Text

__all__ = ["results", "summary"]

_OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}
_WORST_FIRST = {Outcome.FAILS: 0, Outcome.UNDECIDED: 1, Outcome.HOLDS: 2}


@dataclass(frozen=True, slots=True)
class _Case:
    """One trial of a sentence, and what its own sentence needs to be told."""

    test: ClaimTest
    trial: Trial | None
    why: str
    facts: Mapping[str, Any]
    outcome: Outcome
    margin: float | None
    place_ids: tuple[str, ...]
    drawn: bool = False


def _rank(number: int, case: _Case) -> tuple[int, bool, int, float]:
    """What decides stands first: what fails, then what is open; what was drawn so comes last."""
    return _WORST_FIRST[case.outcome], case.drawn, number, case.trial.slack if case.trial else 0.0


def results(drawing: Drawing, district) -> tuple[ClaimResult, ...]:
    """Every spatial claim of the catalogue, in its order.

    Parameters
    ----------
    drawing : Drawing
        The shipped map (``rows`` empty) or a redrawn layer.
    district : District
        Gives the sentences, the names and the stated areas; its own shapes are not asked.

    Returns
    -------
    tuple of ClaimResult
        A sentence with several parts is told by the part that decides: one that fails, else one that cannot be
        decided, else one that holds by the least.
    """
    catalogue = district.catalogue
    names = {id_: place.name for id_, place in catalogue.places.items()}
    bench = _Bench(drawing, Ground(drawing, names), {id_: p.stated_km2 for id_, p in catalogue.places.items()})
    return tuple(_result(claim, bench, catalogue.places) for claim in catalogue.claims.values())


def summary(found: Sequence[ClaimResult]) -> dict[Outcome, int]:
    """How many sentences hold, do not hold and cannot be decided."""
    counts = Counter(one.outcome for one in found)
    return {outcome: counts[outcome] for outcome in Outcome}


def _result(claim: SpatialClaim, bench: "_Bench", places: Mapping[str, Any]) -> ClaimResult:
    tests = TESTS.get(claim.id, ())
    against = tuple(dict.fromkeys(id_ for test in tests for id_ in test.against))
    own = [id_ for id_ in (*claim.subject_ids, *claim.object_ids) if id_ in places]
    tried = [test for test in tests if test.test != "note"]
    cases = [(number, case) for number, test in enumerate(tried) for case in bench.cases(test, claim)]
    if not cases:
        facts, open_ = {"note": claim.note}, Outcome.UNDECIDED
        return ClaimResult(claim.id, claim.predicate, open_, None, "", None, "note", facts, against, tuple(own))
    case = min(cases, key=lambda pair: _rank(*pair))[1]
    trial = case.trial
    ids = tuple(dict.fromkeys((*own, *case.place_ids)))
    facts = dict(case.facts)
    if "after" in facts:
        facts["after"] = facts["after"] or _after(case.outcome, against)
    if trial is None:
        name = case.test.predicate or claim.predicate
        return ClaimResult(claim.id, name, case.outcome, None, "", None, case.why, facts, against, ids)
    lon = lat = None
    if not trial.spot.is_empty:
        lon, lat = (round(value, 6) for value in shapely.get_coordinates(measure.to_degrees(trial.spot))[0].tolist())
    return ClaimResult(
        claim_id=claim.id,
        predicate=case.test.predicate,
        outcome=case.outcome,
        value=trial.value,
        unit=trial.unit,
        margin=case.margin,
        why=case.why,
        facts=facts,
        against=against,
        place_ids=ids,
        lon=lon,
        lat=lat,
    )


def _after(outcome: Outcome, against: Sequence[str]) -> Said | str:
    if outcome == Outcome.HOLDS:
        return ""
    if outcome == Outcome.FAILS:
        return Said("claim.after_against") if against else ""
    return Said("claim.after_close_against") if against else Said("claim.after_close")


class _Bench:
    """Tries sentences on one drawing."""

    def __init__(self, drawing: Drawing, ground: Ground, stated_km2: Mapping[str, float | None]):
        self._drawing = drawing
        self._ground = ground
        self._stated = stated_km2
        self._shipped = not drawing.rows
        self._trials: dict[str, Callable[..., Iterator[tuple[Trial, dict[str, Any]]]]] = {
            "share": self._share,
            "spares": self._spares,
            "points": self._points,
            "crosses": self._crosses,
            "passes": self._crosses,
            "line": self._line,
            "beyond": self._beyond,
            "faces": self._faces,
            "order": self._order,
            "both": self._both,
            "side": self._side,
            "east_of_line": self._east_of_line,
            "apart": self._apart,
            "area": self._area,
            "room": self._room,
            "triangle": self._triangle,
            "count": self._count,
        }

    def cases(self, test: ClaimTest, claim: SpatialClaim) -> Iterator[_Case]:
        """What comes of one trial: of several subjects or objects, one case each."""
        ids = (*test.subject, *test.object)
        places = tuple(id_ for id_ in ids if self._ground.is_place(id_))
        absent = [id_ for id_ in ids if self._ground.known(id_) is None]
        lacking = tuple(self._ground.name(id_) for id_ in absent if self._ground.is_place(id_))
        if lacking:
            facts = {"places": lacking}
            yield _Case(test, None, "missing", facts, Outcome.UNDECIDED, None, places)
            return
        unknown = tuple(self._ground.name(id_) for id_ in absent)
        if unknown and test.test != "room":
            facts = {"things": unknown, "note": claim.note}
            yield _Case(test, None, "no_data", facts, Outcome.UNDECIDED, None, places)
            if test.test != "points":  # of several places in a name, those that are known are tried all the same
                return
        if test.test == "area" and test.subject[0] in self._drawing.fitted:
            yield self._fitted(test, places)
            return
        for trial, facts in self._trials[test.test](test):
            yield self._case(test, trial, facts, places)

    def _case(self, test: ClaimTest, trial: Trial, facts: dict[str, Any], places: tuple[str, ...]) -> _Case:
        """A trial with its sentence. What was drawn from the sentence moves with it: it holds, and shows nothing."""
        proves_nothing = trial.nominal and self._drawn(test)
        outcome = Outcome.HOLDS if proves_nothing else trial.outcome
        margin = None if proves_nothing else trial.margin
        facts = {"value": _figure(trial.value, trial.unit), "after": "", **facts}
        facts["off"] = Said(f"claim.off_{trial.unit}", {"margin": _margin(margin, trial.unit)}) if margin else ""
        if proves_nothing:
            facts["after"] = Said(f"claim.after_{test.evidence}")
        return _Case(test, trial, test.test, facts, outcome, margin, places, proves_nothing)

    def _drawn(self, test: ClaimTest) -> bool:
        if test.evidence == "union":
            return self._shipped or any(id_ in self._drawing.derived for id_ in test.object)
        return bool(test.evidence) and self._shipped

    # Names and shapes

    def _name(self, id_: str, part: str = "") -> Text | Said:
        name = self._ground.name(id_)
        return Said(f"claim.part_{part}", {"name": name}) if part else name

    def _known(self, id_: str) -> Known:
        return self._ground.known(id_)

    def _names(self, test: ClaimTest) -> dict[str, Any]:
        return {"subject": self._name(test.subject[0]), "object": self._name(test.object[0])}

    # One method a kind of trial: each yields trials with the facts of their sentence

    def _piece(self, test: ClaimTest) -> tuple[Known, Text | Said, Known, Text | Said]:
        """Part and whole of a share, with their names; a part is taken of what is no place of the plan."""
        (one,), (other,) = test.subject, test.object
        inner, outer = self._known(one), self._known(other)
        names = [self._name(one), self._name(other)]
        for part in test.part:
            if part == "surroundings":
                near = THRESHOLDS[part].value
                inner = Known(shapely.buffer(inner.shape, near), inner.uncertainty_m)
                names[0] = Said("claim.part_surroundings", {"name": self._ground.name(one), "near": f"{near:g}"})
            elif self._ground.is_place(one) and not self._ground.is_place(other):
                outer, names[1] = predicates.part_of(outer, part, alone=True), self._name(other, part)
            else:
                inner, names[0] = predicates.part_of(inner, part), self._name(one, part)
        return inner, names[0], outer, names[1]

    def _share(self, test: ClaimTest):
        part, part_name, whole, whole_name = self._piece(test)
        least = THRESHOLDS[test.threshold].value
        one_layer = self._ground.is_place(test.subject[0]) and self._ground.is_place(test.object[0])
        trial = predicates.share_within(part, whole, least, one_layer=one_layer)
        yield trial, {"subject": part_name, "object": whole_name, "least": _percent(least)}

    def _spares(self, test: ClaimTest):
        part, part_name, area, area_name = self._piece(test)
        most = THRESHOLDS[test.threshold].value
        yield (
            predicates.spares(part, area, most),
            {"subject": part_name, "object": area_name, "most": _percent(most)},
        )

    def _points(self, test: ClaimTest):
        (area,) = test.subject
        for id_ in test.object:
            if (point := self._known(id_)) is not None:
                trial = predicates.contains(self._known(area), point, THRESHOLDS[test.threshold].value)
                where = Said("claim.inside") if trial.value >= 0 else Said("claim.outside")
                facts = {"subject": self._name(area), "object": self._name(id_), "where": where}
                yield trial, {**facts, "value": _figure(abs(trial.value), trial.unit)}

    def _crosses(self, test: ClaimTest):
        yield predicates.crosses(self._known(test.subject[0]), self._known(test.object[0])), self._names(test)

    def _line(self, test: ClaimTest):
        least = THRESHOLDS[test.threshold].value
        line, area, bounds = (self._known(id_) for id_ in (test.subject[0], test.object[0], "district-guangming"))
        yield predicates.line_within(line, area, bounds, least), {**self._names(test), "least": _percent(least)}

    def _beyond(self, test: ClaimTest):
        (way,) = test.part
        one, other = self._known(test.subject[0]), self._known(test.object[0])
        trial = predicates.beyond(one, other, way, THRESHOLDS[test.threshold].value)
        yield trial, {**self._names(test), **_way(trial, way)}

    def _faces(self, test: ClaimTest):
        (way,) = test.part
        most = THRESHOLDS[test.threshold].value
        trial = predicates.faces(self._known(test.subject[0]), self._known(test.object[0]), way, most)
        yield trial, {**self._names(test), "way": Said(f"claim.way_{way}"), "most": f"{most:g}"}

    def _order(self, test: ClaimTest):
        (along,) = test.part
        one, other = self._known(test.subject[0]), self._known(test.object[0])
        trial = predicates.in_order(one, other, self._known(along), THRESHOLDS[test.threshold].value)
        yield trial, {**self._names(test), "line": self._name(along), **_way(trial, "north")}

    def _both(self, test: ClaimTest):
        least = THRESHOLDS[test.threshold].value
        areas = [self._known(id_) for id_ in test.subject]
        trial = predicates.on_both_sides(areas, self._known(test.object[0]), least)
        yield trial, {"object": self._name(test.object[0]), "least": _percent(least)}

    def _side(self, test: ClaimTest):
        way, near = test.part
        least, near_m = THRESHOLDS[test.threshold].value, THRESHOLDS[near].value
        trial = predicates.side_meets(self._known(test.subject[0]), way, self._known(test.object[0]), near_m, least)
        facts = {"way": Said(f"claim.way_{way}"), "near": f"{near_m:g}", "least": _percent(least)}
        yield trial, {**self._names(test), **facts}

    def _east_of_line(self, test: ClaimTest):
        least = THRESHOLDS[test.threshold].value
        line = self._known(test.object[0])
        east = Known(predicates.half_plane(line.shape, "east"), line.uncertainty_m)
        trial = predicates.share_within(self._known(test.subject[0]), east, least)
        yield trial, {**self._names(test), "least": _percent(least)}

    def _apart(self, test: ClaimTest):
        one, other = self._known(test.subject[0]), self._known(test.object[0])
        scrap = (1.0 - THRESHOLDS["nested"].value) * float(measure.planar_m2(one.shape)) / measure.SQUARE_METRES_PER_KM2
        yield predicates.apart(one, other, scrap), self._names(test)

    def _area(self, test: ClaimTest):
        (place,) = test.subject
        if (stated := self._stated[place]) is None:
            return
        tight, loose = THRESHOLDS["figure"].value, THRESHOLDS["whole_figure"].value
        area = measure.geodesic_km2(self._drawing.shapes[place])
        doubt = self._drawing.uncertainty_km2.get(place, 0.0)
        widest = loose if float(stated).is_integer() else tight
        trial = predicates.equals_area(area, doubt, stated, tight, widest, self._inside(place))
        yield trial, {"subject": self._name(place), "stated": f"{stated:g}"}

    def _fitted(self, test: ClaimTest, places: tuple[str, ...]) -> _Case:
        (trial, facts), *_ = self._area(test)
        facts = {**facts, "value": _figure(trial.value, trial.unit)}
        trial = replace(trial, outcome=Outcome.UNDECIDED)
        return _Case(test, trial, "fitted", facts, Outcome.UNDECIDED, trial.margin, places)

    def _room(self, test: ClaimTest):
        (place,) = test.subject
        area, least = measure.geodesic_km2(self._drawing.shapes[place]), THRESHOLDS[test.threshold].value
        doubt, needed = self._drawing.uncertainty_km2.get(place, 0.0), THINGS[test.object[0]].area_km2
        trial = predicates.room_for(area, doubt, needed, least, self._inside(place))
        facts = {**self._names(test), "published": f"{needed:g}", "least": _percent(least)}
        yield trial, facts | ({"after": Said("claim.after_no_outline")} if trial.outcome != Outcome.FAILS else {})

    def _triangle(self, test: ClaimTest):
        yield predicates.in_triangle([self._known(id_) for id_ in (*test.subject, *test.object)]), {}

    def _count(self, test: ClaimTest):
        """Missing places never come here: what is counted is there, and the numbers are those of the plan."""
        spot = self._inside(test.subject[0])
        count = float(len(test.subject))
        yield predicates.decide(count, count, count, count, "count", spot), {"wanted": len(test.subject)}

    def _inside(self, place: str) -> shapely.Point:
        return self._known(place).shape.representative_point()


# Numbers as they are told: no more digits than are known


def _percent(share: float) -> str:
    """Per cent without decimals; nearly all is not told as all."""
    percent = 100.0 * share
    return f"{percent:.0f}" if percent <= 99.0 or share >= 1.0 - 1e-6 else f"{int(percent * 10) / 10:.1f}"


def _way(trial: Trial, way: str) -> dict[str, Any]:
    """Which way it lies and which way it should; the distance is told without a sign."""
    lies = way if trial.value >= 0 else _OPPOSITE[way]
    value = _figure(abs(trial.value), trial.unit)
    return {"value": value, "way": Said(f"claim.way_{lies}"), "wanted": Said(f"claim.way_{way}")}


def _figure(value: float, unit: str) -> str:
    if unit == "share":
        return _percent(value)
    if unit == "m":
        return f"{round(value, -1):.0f}" if abs(value) < 1e4 else f"{round(value, -3):.0f}"
    return f"{value:.2f}" if unit == "km2" else f"{value:.0f}"


def _margin(margin: float, unit: str) -> str:
    return _figure(margin, unit) if unit != "share" else f"{100 * margin:.0f}"
