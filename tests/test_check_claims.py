"""The 131 sentences of the plan on the shipped map, on a redrawn one, and the tables that say how they are tried."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import shapely

from gm_map import district as districts
from gm_map import measure
from gm_map.check import claims, predicates
from gm_map.check.claim_subjects import TESTS, THINGS, THRESHOLDS
from gm_map.check.results import Drawing, Outcome
from gm_map.messages import LANGUAGES, Messages
from tree import ROOT

HOLDS, FAILS, OPEN = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED
SOURCE = ROOT / "geodata" / "source"


def source(name):
    with (SOURCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def district():
    return districts.load()


@pytest.fixture(scope="module")
def shipped(district):
    ids = tuple(district.outlines)
    return Drawing(
        shapes={id_: district.shape(id_) for id_ in ids},
        uncertainty_m={id_: district.uncertainty_m(id_) for id_ in ids},
        uncertainty_km2={id_: district.uncertainty_km2(id_) for id_ in ids},
        fitted=frozenset(id_ for id_ in ids if district.fitted(id_)),
        derived=frozenset(),
        rows={},
        background=district.background,
    )


@pytest.fixture(scope="module")
def found(shipped, district):
    return {one.claim_id: one for one in claims.results(shipped, district)}


def redrawn(drawing, shapes, **changes):
    """The same map as a layer that somebody handed in, taken as drawn exactly."""
    nothing = dict.fromkeys(shapes, 0.0)
    rows = {id_: row for row, id_ in enumerate(shapes)}
    parts = {"uncertainty_m": nothing, "uncertainty_km2": nothing, "fitted": frozenset(), "rows": rows}
    return replace(drawing, shapes=shapes, **(parts | changes))


def moved(shape, east_m, north_m=0.0):
    flat = shapely.transform(measure.to_metres(shape), lambda xy: xy + np.array([east_m, north_m]))
    return measure.to_degrees(flat)


def results(drawing, district):
    return {one.claim_id: one for one in claims.results(drawing, district)}


# The shipped map


def test_all_sentences_in_the_order_of_the_plan(found, district):
    assert list(found) == list(district.catalogue.claims)
    assert len(found) == 131


def test_how_many_hold(found, district):
    assert claims.summary(found.values()) == {HOLDS: 57, FAILS: 5, OPEN: 69}
    kinds = {}
    for id_, one in found.items():
        kind = kinds.setdefault(district.catalogue.claims[id_].decidable, dict.fromkeys(Outcome, 0))
        kind[one.outcome] += 1
    assert kinds == {
        "outside data": {HOLDS: 11, FAILS: 0, OPEN: 3},
        "indicative": {HOLDS: 46, FAILS: 5, OPEN: 14},
        "not yet": {HOLDS: 0, FAILS: 0, OPEN: 52},
    }


def test_which_do_not_hold_and_what_the_plan_says_against_itself(found):
    failing = {id_: one.against for id_, one in found.items() if one.outcome == FAILS}
    assert failing == {
        "claim-051": ("oddity-05", "oddity-40"),
        "claim-074": ("oddity-38",),
        "claim-075": ("oddity-37",),
        "claim-076": ("oddity-37",),
        "claim-077": ("oddity-37",),
    }


def test_which_indicative_ones_stay_open(found, district):
    still = {id_ for id_, one in found.items() if one.outcome == OPEN}
    still = {int(id_[-3:]) for id_ in still if district.catalogue.claims[id_].decidable == "indicative"}
    assert still == {53, 54, 59, 60, 61, 68, 71, 78, 88, 89, 100, 113, 115, 116}


def test_east_and_middle_are_nearer_than_the_outlines_are_known(found):
    for id_ in ("claim-053", "claim-054"):
        assert found[id_].value == pytest.approx(153, abs=2)
        assert found[id_].margin > 400


def test_a_number_that_was_not_drawn_so_is_off_its_threshold_by_its_margin(found):
    shown = [one for one in found.values() if one.margin is not None and one.outcome != OPEN]
    assert len(shown) > 15
    for one in shown:
        test = next(test for test in TESTS[one.claim_id] if test.predicate == one.predicate)
        if test.threshold:
            assert abs(one.value - THRESHOLDS[test.threshold].value) >= one.margin - 1e-9, one.claim_id


def test_what_was_drawn_from_the_sentence_is_said_to_prove_nothing(found):
    for id_ in ("claim-058", "claim-067", "claim-081", "claim-101", "claim-114"):
        assert found[id_].outcome == HOLDS
        assert found[id_].margin is None
        assert found[id_].facts["after"].key.startswith("claim.after_")
    assert found["claim-056"].facts["after"] == "", "the street was a limit of the drawing, its north was not"
    assert found["claim-061"].why == "fitted"


def test_what_the_plan_does_not_give_is_told_in_its_own_note(found, district):
    for id_, claim in district.catalogue.claims.items():
        if claim.decidable == "not yet":
            assert found[id_].facts == {"note": claim.note}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_a_sentence_in_both_languages(found, language):
    t = Messages(language)
    for one in found.values():
        sentence = t(f"claim.{one.why}", **one.facts)
        assert sentence.endswith("。" if language == "zh" else "."), sentence
        assert not set("{}") & set(sentence)


def test_each_trial_says_where_to_look(found, district):
    box = shapely.box(*district.bounds).buffer(0.02)
    for one in found.values():
        assert (one.lon is None) == (one.value is None), one.claim_id
        if one.lon is not None:
            assert box.covers(shapely.Point(one.lon, one.lat)), one.claim_id


# A redrawn layer


def test_a_zone_moved_three_kilometres_west_turns_what_speaks_of_its_place(shipped, district, found):
    shapes = {**shipped.shapes, "zone-1": moved(shipped.shapes["zone-1"], -3000)}
    there = results(redrawn(shipped, shapes), district)
    for number in (53, 54, 56, 58, 60, 62, 81):
        assert there[f"claim-{number:03d}"].outcome == FAILS, number
    for number in (50, 55, 73, 74, 76, 90, 101, 103, 117):
        assert there[f"claim-{number:03d}"].outcome == found[f"claim-{number:03d}"].outcome, number
    assert there["claim-053"].value == pytest.approx(153 - 3000, abs=2)


def test_a_layer_is_evidence_where_the_shipped_map_is_not(shipped, district):
    there = results(redrawn(shipped, dict(shipped.shapes)), district)
    assert there["claim-053"].outcome == HOLDS, "taken as drawn exactly"
    assert there["claim-061"].outcome == HOLDS
    assert there["claim-061"].why == "area"
    assert there["claim-101"].margin == pytest.approx(20)
    assert there["claim-081"].facts["after"] == ""
    derived = redrawn(shipped, dict(shipped.shapes), derived=frozenset({"zone-1"}))
    assert results(derived, district)["claim-081"].facts["after"].key == "claim.after_union"


def test_an_area_between_the_figure_and_its_roundest_reading_is_open(shipped, district):
    def scaled(times):
        flat = measure.to_metres(shipped.shapes["zone-1"])
        shape = measure.to_degrees(shapely.affinity.scale(flat, times**0.5, times**0.5))
        return results(redrawn(shipped, {**shipped.shapes, "zone-1": shape}), district)["claim-061"]

    assert (scaled(16.3 / 16).outcome, scaled(16.6 / 16).outcome) == (OPEN, FAILS)
    assert scaled(16.3 / 16).value == pytest.approx(16.3, abs=0.001)


def test_a_place_that_the_layer_lacks_is_named(shipped, district):
    shapes = {id_: shape for id_, shape in shipped.shapes.items() if id_.startswith("zone") and id_ != "zone-2"}
    there = results(redrawn(shipped, shapes), district)
    assert (there["claim-050"].outcome, there["claim-050"].why) == (OPEN, "missing")
    assert there["claim-050"].facts["places"] == (district.catalogue.places["zone-2"].name,)
    assert there["claim-081"].why == "missing"
    assert there["claim-055"].why == "missing"
    assert there["claim-073"].outcome == HOLDS
    assert there["claim-001"].outcome == HOLDS
    assert "成果转化区" in Messages("zh")("claim.missing", **there["claim-050"].facts)


def test_nothing_drawn_and_nothing_round_it(shipped, district):
    there = results(redrawn(shipped, {}, background=()), district)
    assert len(there) == 131
    assert {one.outcome for one in there.values()} <= {OPEN, HOLDS}
    assert there["claim-001"].why == "no_data"


def test_an_empty_shape_is_a_missing_one(shipped, district):
    there = results(redrawn(shipped, {**shipped.shapes, "zone-1": shapely.Polygon()}), district)
    assert there["claim-061"].why == "missing"


# The tables


def test_every_test_speaks_of_what_is_there(district):
    catalogue = district.catalogue
    for id_, tests in TESTS.items():
        assert id_ in catalogue.claims
        for test in tests:
            assert all(thing in catalogue.places or thing in THINGS for thing in (*test.subject, *test.object)), id_
            assert not test.threshold or test.threshold in THRESHOLDS
            assert all(oddity in catalogue.oddities for oddity in test.against), id_
            if test.test not in ("note", "nothing"):
                assert catalogue.claims[id_].decidable != "not yet"
    tried = {id_ for id_, tests in TESTS.items() if any(test.test != "note" for test in tests)}
    assert tried == {id_ for id_, claim in catalogue.claims.items() if claim.decidable != "not yet"}


def test_a_place_that_a_sentence_names_takes_part_in_its_trial(district):
    places = district.catalogue.places
    for id_, rows in TESTS.items():
        tests = [test for test in rows if test.test not in ("note", "nothing")]
        claim = district.catalogue.claims[id_]
        wanted = {thing for thing in (*claim.subject_ids, *claim.object_ids) if thing in places}
        used = {thing for test in tests for thing in (*test.subject, *test.object)}
        # 053 to 055 name the corridor only as whose layout it is.
        assert not tests or wanted <= used | {"corridor-1"}, id_


def test_every_threshold_has_its_reason_and_its_use():
    assert all(one.reason.zh and one.reason.en for one in THRESHOLDS.values())
    used = {test.threshold for tests in TESTS.values() for test in tests}
    used |= {part for tests in TESTS.values() for test in tests for part in test.part}
    assert set(THRESHOLDS) - used == {"figure", "whole_figure"}


def test_points_are_those_of_the_sources():
    known = {row["id"]: row for row in source("landmarks.csv")}
    known |= {row["place_id"]: row for row in source("anchors.csv")}
    checked = [thing for thing in THINGS.values() if thing.landmark]
    assert len(checked) == 9
    for thing in checked:
        row = known[thing.landmark]
        figures = (float(row["lon"]), float(row["lat"]), float(row["uncertainty_m"]))
        assert (thing.lon, thing.lat, thing.uncertainty_m) == figures, thing.id


def test_sources_are_known():
    known = {row["id"] for row in source("geo_sources.csv")}
    for thing in THINGS.values():
        assert not thing.source or thing.source in known or thing.source.startswith(("GeoNames ", "Wikipedia")), (
            thing.id
        )


def test_the_published_sides_are_those_that_the_build_takes():
    from geodata import construct, sources

    regions = construct.ground(sources.read(SOURCE)).regions
    ours = measure.to_metres(shapely.from_wkt(THINGS["area-guangmingzhongxinqu"].outline))
    both = measure.planar_m2(shapely.symmetric_difference(ours, regions["centre"]))
    assert both < 0.001 * measure.planar_m2(ours)


def test_what_counts_as_drawn_from_a_sentence_is_what_the_sources_say():
    limits = {row["claim_id"] for row in source("limits.csv") if row["claim_id"]}
    drawn = {id_ for id_, tests in TESTS.items() for test in tests if test.evidence == "sentence"}
    assert drawn <= limits
    anchored = {row["place_id"] for row in source("anchors.csv")}
    for id_, tests in TESTS.items():
        for test in tests:
            if test.evidence == "anchor":
                assert set(test.subject) <= anchored | {"zone-2"}, id_


def test_a_side_of_the_shipped_zone_was_drawn_from_the_sentence(district):
    assert any(side.fixed_by == "plan sentence" for side in district.outlines["zone-1"].sides)


def test_the_border_with_dongguan_is_a_part_of_the_edge(shipped, district):
    from gm_map.check.claim_subjects import Ground

    names = {id_: place.name for id_, place in district.catalogue.places.items()}
    ground = Ground(shipped, names)
    border, edge = ground.known("border-dongguan").shape, ground.known("district-guangming").shape.boundary
    assert 0.2 < shapely.length(border) / shapely.length(edge) < 0.6
    assert shapely.length(shapely.difference(border, edge.buffer(1))) == 0
    assert predicates.contains(ground.known("district-guangming"), ground.known("station-guangmingcheng")).value > 1000
