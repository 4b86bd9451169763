"""A project's place: parts that add up, gates that cite, ties that are said, and changes that do what they say."""

import itertools

import numpy as np
import pytest

from gm_map import district as district_module
from gm_map import match as match_module
from gm_map import score
from gm_map.contest import SAMPLES
from gm_map.errors import InputError
from gm_map.gates import Result
from gm_map.ground import DISTANCES, NEED_DISTANCES, NEED_FACTS, NEED_TERMS, ground
from gm_map.match import Outcome, rank, rank_many
from gm_map.model import Basis, Level, Rank, Reading, Status
from gm_map.needs import NO_NEEDS, extract
from gm_map.score import CRITERIA, PRESETS

SIC = "8英寸碳化硅外延片项目，需洁净厂房6000平方米、双回路供电，靠近高铁站，材料测试，拟建中试线，用地约15亩"


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture(scope="module")
def here(district):
    return ground(district)


@pytest.fixture(scope="module")
def topics(district):
    return [node.id for node in district.catalogue.of_rank(Rank.TOPIC)]


@pytest.fixture(scope="module")
def sic(district):
    return rank(district, ["topic-13"], extract(SIC))


def test_parts_sum_to_the_score(district, topics):
    for topic, preset in itertools.product(topics, PRESETS):
        for place in rank(district, [topic], extract(SIC), preset).places:
            assert abs(sum(part.value for part in place.parts) - place.score) < 1e-9
            assert all(part.value == round(part.weight * part.share, score.DECIMALS) for part in place.parts)


def test_weights_are_raised_to_a_hundred_over_what_applies(district):
    plain = rank(district, ["topic-13"])
    assert set(plain.raised) == {"basis", "function", "hsr", "metro", "corridor"}
    assert sum(plain.raised.values()) == pytest.approx(100)
    assert all(sum(weights.values()) == 100 for weights in PRESETS.values())
    assert all(tuple(weights) == CRITERIA for weights in PRESETS.values())


def test_the_first_is_one_that_the_plan_gives(district, topics):
    """By every preset, for every topic and pair of needs: what the plan does not give comes after what it does."""
    texts = {"clinical": "临床研究基地", "testing": "检测平台", "incubation": "孵化器", "research": "科研院所"}
    texts |= {"big_science": "大科学装置", "talent": "人才公寓", "hsr": "高铁站", "metro": "地铁站"}
    texts |= {"drug_discovery": "药物发现平台", "transfer": "技术转移平台", "expressway": "高速出入口"}
    assert set(texts) == set(NEED_FACTS) | set(NEED_DISTANCES)
    here = ground(district)
    none = list(Basis).index(Basis.NONE)
    for asked in itertools.chain(itertools.combinations(texts, 2), ((),)):
        needs = extract("需" + "、".join(texts[need] for need in asked))
        assert set(needs.keys) == set(asked)
        for topic, preset in itertools.product(topics, PRESETS):
            values = score.values(here, ((topic, 1.0),), needs.keys, 0.05)
            scores = score.total(score.parts(values, score.raised(PRESETS[preset], values)))
            given = here.basis[here.topic(topic)] != none
            for level in Level:
                at = here.at(level) if level in match_module.LEVELS else []
                if len(at) and given[at].any():
                    assert given[at[np.argmax(scores[at])]], (topic, preset, asked, level)


def test_gates_cite(sic):
    gates = {gate.key: gate for gate in sic.place("cluster-5").gates}
    assert gates["industry"].result == Result.NAMED
    assert gates["industry"].citation.phrase == "第三代半导体材料"
    assert gates["land"].result == Result.FITS
    assert gates["land"].asked_km2 == pytest.approx(0.01)
    assert gates["floor"].result == Result.NOT_SAID
    assert (gates["testing"].result, gates["testing"].citation.phrase) == (Result.MET, "材料测试评价")
    assert (gates["pilot"].result, gates["pilot"].citation.phrase) == (Result.NO_PLACE, "中试平台")
    assert gates["power"].result == gates["cleanroom"].result == Result.NOT_SAID
    assert gates["hsr"].result == Result.MEASURED
    assert gates["hsr"].metres > 5000
    elsewhere = {gate.key: gate for gate in sic.place("unit-10").gates}
    assert elsewhere["industry"].result == Result.NOT_GIVEN
    assert elsewhere["testing"].result == Result.ELSEWHERE
    assert elsewhere["testing"].place_ids == ("cluster-2", "cluster-5")


def test_a_field_that_is_named_follows(district):
    gates = {gate.key: gate for gate in rank(district, ["topic-01"]).place("cluster-3").gates}
    assert gates["industry"].result == Result.FOLLOWS
    assert gates["industry"].basis == Basis.FIELD


@pytest.mark.parametrize(("land", "result"), [("20亩", "fits"), ("3平方公里", "close"), ("9平方公里", "too large")])
def test_land_against_the_unit(district, land, result):
    place = rank(district, ["topic-05"], extract(f"用地{land}")).place("unit-10")
    assert next(gate for gate in place.gates if gate.key == "land").result == result


def test_a_topic_that_only_a_zone_names_has_zones_only(district):
    found = rank(district, ["topic-34"], extract("靠近地铁站"))
    assert found.outcome == Outcome.ZONES
    assert {place.level for place in found.places} == {Level.ZONE}
    assert (found.placing.zone_id, found.placing.cluster_id, found.placing.unit_id) == ("zone-3", None, None)
    assert found.places[0].parts[0].citation.phrase == "文化创意产业"


@pytest.mark.parametrize("topic", ["topic-35", "topic-36"])
def test_a_topic_that_nobody_names_has_no_place_and_a_citation(district, topic):
    found = rank(district, [topic])
    assert (found.outcome, found.places) == (Outcome.NO_PLACE, ())
    assert found.links[0].basis == Basis.NONE
    assert found.links[0].citation.phrase


def test_what_is_not_in_the_plan(district):
    for found in (rank(district, []), rank(district, ["topic-13"], status=Status.NONE)):
        assert (found.outcome, found.places) == (Outcome.NOT_IN_PLAN, ())
    nothing = Reading(None, 0.9, 0.0, 0.0, ())
    assert rank(district, [nothing]).outcome == Outcome.NOT_IN_PLAN


def test_unsure_gives_the_places_of_both(district):
    found = rank(district, [("topic-07", 0.55), ("topic-09", 0.45), ("topic-30", 0.1)], status=Status.UNSURE)
    assert found.unsure
    assert dict(found.topics) == {"topic-07": 0.55, "topic-09": 0.45}
    assert found.place("cluster-3").topic_ids == ("topic-07",)
    assert found.place("cluster-5").topic_ids == ("topic-09",)
    assert (found.placing.cluster_id, found.placing.also) == ("cluster-3", ("cluster-5",))
    assert [gate.topic_id for gate in found.place("cluster-3").gates] == ["topic-07", "topic-09"]
    one = rank(district, [("topic-07", 0.55), ("topic-09", 0.45)], status=Status.MATCH)
    assert one.topics == (("topic-07", 1.0),)


def test_shares_sum_to_one(district):
    for count in range(2, 6):
        found = rank(district, [(f"topic-{place:02}", 1 / place) for place in range(1, count + 1)])
        assert sum(share for _, share in found.topics) == pytest.approx(1, abs=1e-12)


def test_why_not_the_next_sums_to_the_lead(sic):
    for contest in sic.contests.values():
        assert sum(difference for _, difference in contest.by_part) == pytest.approx(contest.lead, abs=1e-9)
        assert sic.difference(contest.first_id, contest.next_id) == contest.by_part
        assert contest.lead == pytest.approx(sic.place(contest.first_id).score - sic.place(contest.next_id).score)


def test_ties_are_said(sic):
    contest = sic.contests[Level.UNIT]
    assert contest.tie[0] == contest.first_id
    assert contest.next_id not in contest.tie
    assert len(contest.tie) > 1
    first = sic.place(contest.first_id)
    for place in sic.at(Level.UNIT):
        assert place.tied == (abs(first.score - place.score) <= first.spread + place.spread)
    assert set(sic.placing.unit_tie) <= set(contest.tie)


def test_a_change_turns_the_order_and_nothing_smaller_does(district, topics):
    """The exact weight: a little beyond it the other leads, a little before it the first does."""
    needs = extract(SIC)
    here = ground(district)
    turned = 0
    for topic in topics[::5]:
        found = rank(district, [topic], needs)
        values = score.values(here, ((topic, 1.0),), needs.keys, needs.land_km2)
        for contest in found.contests.values():
            for change in filter(None, (contest.change, contest.upset)):
                turned += 1
                one, other = here.place(contest.first_id), here.place(change.place_id)
                for step, leads in ((1e-6, True), (-1e-6, False)):
                    way = np.sign(change.needed - change.weight) * step
                    weights = dict(found.weights) | {change.criterion: change.needed + way}
                    lead = sum(weights[score.criterion(n)] * (v[other] - v[one]) for n, v in values.items())
                    assert (lead > 0) == leads
                assert change.weight == found.weights[change.criterion]
                assert change.needed >= 0
    assert turned > 10


def test_the_next_can_be_beyond_the_reach_of_one_weight(district):
    contest = rank(district, ["topic-01"]).contests[Level.UNIT]
    assert contest.change is None or contest.change.place_id == contest.next_id


def test_shares_of_the_weight_space(district, sic):
    for contest in sic.contests.values():
        assert 0 <= contest.holds <= contest.tie_holds <= 1
        assert 0 < contest.margin < 1 / SAMPLES**0.5
    again = rank(district, ["topic-13"], extract(SIC))
    assert [c.holds for c in again.contests.values()] == [c.holds for c in sic.contests.values()]
    alone = rank(district, ["topic-13"], weights={name: float(name == "basis") for name in CRITERIA})
    assert alone.contests[Level.CLUSTER].first_id == "cluster-5"
    assert set(alone.contests[Level.UNIT].tie) >= {f"unit-{number}" for number in range(17, 22)}


def test_weights_are_the_users(district):
    far = rank(district, ["topic-13"], weights={"hsr": 500})
    assert far.contests[Level.UNIT].first_id == "unit-08"
    assert far.place("unit-08").basis == Basis.NONE
    for wrong in ("nothing", {"hrs": 1}, {"hsr": -1}, {"hsr": float("nan")}, dict.fromkeys(CRITERIA, 0)):
        with pytest.raises(InputError):
            rank(district, ["topic-13"], weights=wrong)


def test_unknown_topics_are_refused(district):
    with pytest.raises(KeyError):
        rank(district, ["topic-99"])


def test_many_agree_with_one(district, topics):
    texts = ["", "用地15亩", "靠近高铁站，需检测平台", "用地3平方公里，临床研究基地"]
    rows = [([(a, 0.6), (b, 0.3)], status) for a, b in itertools.pairwise(topics) for status in (None, *Status)]
    needs = [extract(texts[place % len(texts)]) for place in range(len(rows))]
    many = rank_many(district, [row for row, _ in rows], needs, "clinical", statuses=[status for _, status in rows])
    for (row, status), need, placing in zip(rows, needs, many, strict=True):
        assert rank(district, row, need, "clinical", status=status).placing == placing
    assert rank_many(district, [["topic-13"]]) == [rank(district, ["topic-13"], NO_NEEDS).placing]


def test_the_placing_is_one_place_in_another(district, topics):
    for placing in rank_many(district, [[topic] for topic in topics]):
        if placing.cluster_id:
            assert district.catalogue.parent(placing.unit_id) == placing.cluster_id
            assert district.catalogue.parent(placing.cluster_id) == placing.zone_id
            assert all(district.catalogue.parent(unit) == placing.cluster_id for unit in placing.unit_tie)


def test_the_ground_is_what_the_plan_says(district, here):
    catalogue = district.catalogue
    named = {fact.text.zh for fact in catalogue.facts.values()}
    assert {phrase for phrases in NEED_FACTS.values() for phrase in phrases} <= named
    assert set(here.named) == set(NEED_TERMS)
    assert here.meets["clinical"].nonzero()[0].tolist() == [here.place(p) for p in ("zone-3", "cluster-4", "unit-16")]
    for name, kind in DISTANCES.items():
        for place in ("unit-08", "cluster-3"):
            way = next(reach["metres"] for reach in district.reaches(place) if reach["kind"] == kind)
            assert here.distances[name][here.place(place)] == way
    # A zone has what the cluster in it is named for.
    assert here.grounds["topic-13", "zone-3"].via == "cluster-5"
    assert here.grounds["topic-01", "zone-1"].basis == Basis.INDUSTRY
