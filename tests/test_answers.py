"""The answers of the command line: areas of all places, and the places that the plan gives to an industry."""

import json

import pytest

from gm_map import catalogue, district
from gm_map.answers import areas, as_rows, places_for
from gm_map.errors import UnknownNameError
from gm_map.model import Basis, Level, Rank

AREA_KEYS = [
    *("id", "level", "name", "name_en", "parent_id", "stated_km2", "area_km2"),
    *("projected_km2", "uncertainty_km2", "difference_pct", "method"),
]


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


@pytest.fixture(scope="module")
def rows(plan):
    return areas(district.load(catalogue=plan))


def meanings(plan, name):
    return [(answer.level, answer.id) for answer in places_for(plan, name)]


# Areas


def test_areas_have_a_row_for_every_place(rows, plan):
    assert [row["id"] for row in rows] == list(plan.places)
    assert all(list(row) == AREA_KEYS for row in rows)
    assert json.loads(json.dumps(rows)) == rows


def test_zones_have_the_area_that_the_plan_states(rows):
    zones = {row["id"]: row for row in rows if row["level"] == "zone"}
    assert {id_: row["stated_km2"] for id_, row in zones.items()} == {"zone-1": 16.0, "zone-2": 20.6, "zone-3": 47.2}
    for row in zones.values():
        assert abs(row["area_km2"] / row["stated_km2"] - 1) <= 0.0005
        assert row["difference_pct"] == pytest.approx((row["area_km2"] / row["stated_km2"] - 1) * 100, abs=1e-3)


def test_nothing_is_compared_where_nothing_is_stated(rows):
    for row in rows:
        assert (row["stated_km2"] is None) == (row["difference_pct"] is None) == (row["level"] != "zone")


def test_parts_add_up_to_their_whole(rows):
    by_id = {row["id"]: row["area_km2"] for row in rows}
    for parent in {row["parent_id"] for row in rows} - {None}:
        parts = sum(row["area_km2"] for row in rows if row["parent_id"] == parent)
        assert parts == pytest.approx(by_id[parent], abs=1e-4)


def test_areas_are_uncertain_and_indicative(rows):
    assert {row["method"] for row in rows} == {"indicative"}
    assert all(0 < row["uncertainty_km2"] < row["area_km2"] for row in rows)
    for row in rows:  # the projection shows a little more than there is here
        assert 0 <= row["projected_km2"] / row["area_km2"] - 1 < 30e-6


# Places for an industry


def test_a_named_topic_has_its_places_with_their_citation(plan):
    [answer] = places_for(plan, "第三代半导体材料")
    assert (answer.level, answer.basis) == ("topic", Basis.NAMED)
    assert [step.zh for step in answer.path] == ["新材料产业", "关键战略材料", "第三代半导体材料"]
    assert [place.id for place in answer.places] == ["zone-3", "cluster-5", *(f"unit-{n}" for n in range(17, 22))]
    cluster = answer.places[1]
    assert (cluster.basis, cluster.via) == (Basis.NAMED, None)
    assert (cluster.citation.section, cluster.citation.paragraph) == ("五（二）5", 411)
    unit = answer.places[2]
    assert (unit.via, unit.citation, str(unit.standing)) == ("cluster-5", cluster.citation, "derived")


@pytest.mark.parametrize(
    "name",
    [
        "第三代半導體材料",
        "Third-generation semiconductor materials",
        "third-generation SEMICONDUCTOR materials",
        " 第三代半导体材料 ",
    ],
)
def test_other_writings_of_a_name_mean_the_same(plan, name):
    assert meanings(plan, name) == [("topic", "topic-13")]


def test_a_name_answers_for_each_of_its_meanings(plan):
    assert meanings(plan, "前沿技术") == [("field", "field-05"), ("field", "field-14"), ("topic", "topic-08")]
    assert meanings(plan, "新型显示") == [("field", "field-04"), ("topic", "topic-07")]
    assert meanings(plan, "智能无人机") == [("topic", "topic-02"), ("term", "term-018")]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("智能产业/前沿技术", [("field", "field-05")]),
        ("生命科学产业/前沿技术", [("field", "field-14")]),
        ("智能产业 › 前沿技术", [("field", "field-05")]),
        ("智能产业/前沿技术/前沿技术", [("topic", "topic-08")]),
        ("Smart industry/前沿技术", [("field", "field-05")]),
        ("人工智能/智能无人机", [("topic", "topic-02")]),
        ("智能产业/智能无人机", [("topic", "topic-02"), ("term", "term-018")]),
        ("AR/VR", [("term", "term-037")]),
        ("智能产品及应用/AR/VR", [("term", "term-037")]),
        ("人工智能/AR/VR", [("term", "term-037")]),
    ],
)
def test_a_path_chooses_among_them(plan, path, found):
    assert meanings(plan, path) == found


def test_paths_tell_meanings_apart(plan):
    rows = as_rows(places_for(plan, "前沿技术"))
    assert len({(row["level"], row["path"]) for row in rows}) == len(rows)
    assert [row["path"] for row in rows[:2]] == ["智能产业 › 前沿技术", "生命科学产业 › 前沿技术"]


def test_a_field_and_an_industry_have_the_places_of_their_topics(plan):
    for rank in Rank:
        for node in plan.of_rank(rank):
            answer = next(found for found in places_for(plan, node.name.zh) if found.id == node.id)
            wanted = {reason.place_id for topic in plan.topics_of(node.id) for reason in plan.reasons_of(topic)}
            assert {place.id for place in answer.places} == wanted
            for place in answer.places:
                assert set(place.topic_ids) <= set(plan.topics_of(node.id))
                assert place.citation.phrase


def test_a_topic_that_no_cluster_holds_is_an_answer(plan):
    [creative] = places_for(plan, "文化创意")
    assert [(place.id, place.basis) for place in creative.places] == [("zone-3", Basis.ZONE)]
    assert creative.citation.phrase == "文化创意产业"
    [tourism] = places_for(plan, "全域旅游")
    assert (tourism.basis, tourism.places, tourism.citation.paragraph) == (Basis.NONE, (), 337)
    assert tourism.note.en


def test_a_term_outside_the_topics_without_a_topic_has_no_place(plan):
    [answer] = places_for(plan, "物联网基础设施")
    assert (answer.level, answer.basis, answer.places) == ("term", Basis.NONE, ())


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("第三代半导材料", "第三代半导体材料"),
        ("第三代伴导体材料", "第三代半导体材料"),
        ("semiconducter materials", "Third-generation semiconductor materials"),
    ],
)
def test_an_unknown_name_comes_with_those_near_to_it(plan, name, near):
    with pytest.raises(UnknownNameError) as caught:
        places_for(plan, name)
    assert caught.value.near[0] == near


@pytest.mark.parametrize("name", ["", "/", "人工智能/化学药", "unit-17", "\ud800", "{{ 7*7 }}", "()[]*"])
def test_what_is_no_name_is_refused(plan, name):
    with pytest.raises(UnknownNameError):
        places_for(plan, name)


def test_answers_are_plain_json(plan):
    for topic in plan.of_rank(Rank.TOPIC):
        rows = as_rows(places_for(plan, topic.name.zh))
        assert json.loads(json.dumps(rows)) == rows
        for place in (place for row in rows for place in row["places"]):
            assert place["level"] in tuple(Level)
            assert list(place["citation"]) == ["section", "paragraph", "sentence", "phrase"]
