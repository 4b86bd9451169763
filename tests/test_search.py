"""A name is found however it is written: Chinese, pinyin, initials, English, and with a slip of the finger."""

import doctest

import pytest

from gm_map import catalogue, district, names
from gm_map.model import Level
from gm_map.names import TRADITIONAL, fold, initials, near, readings
from gm_map.search import KINDS, search


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


@pytest.mark.parametrize(
    ("text", "id_", "why"),
    [
        ("薯田埔", "unit-17", "zh"),
        ("薯田埔产业单元", "unit-17", "zh"),
        ("shutianpu", "unit-17", "en"),
        ("shu tian pu", "unit-17", "pinyin"),
        ("stp", "unit-17", "initials"),
        ("玉律", "unit-16", "zh"),  # what the place is called, though the plan writes 玉津
        ("yulv", "unit-16", "pinyin"),
        ("yulü", "unit-16", "en"),
        ("李松朗", "unit-21", "zh"),
        ("lisonglang", "unit-21", "pinyin"),
        ("李松郎", "unit-21", "pinyin"),  # another character of the same sound
        ("changzhen", "unit-12", "en"),
        ("czjzt", "unit-12", "initials"),
        ("tangwei", "unit-13", "en"),
        ("第三代半導體材料", "topic-13", "zh"),
        ("Third-generation semiconductor", "topic-13", "en"),
        ("semiconducter", "topic-13", "near"),
        ("heshukou", "unit-15", "near"),
        ("tangwie", "unit-13", "near"),
        ("科技创新区", "zone-1", "zh"),
        ("龙大", "corridor-1", "zh"),
        ("新型显示", "field-04", "zh"),
        ("micro led", "term-078", "en"),
        ("全社会研发支出", "indicator-01", "zh"),
        ("重大科学基础设施集群", "programme-4-task-1", "zh"),
    ],
)
def test_the_first_hit_is_what_was_meant(here, text, id_, why):
    first = search(here, text)[0]
    assert (first.id, first.why) == (id_, why)


def test_the_very_name_scores_highest(here):
    hits = search(here, "智能机器人")
    assert [(hit.id, hit.score) for hit in hits[:2]] == [("topic-03", 100.0), ("term-026", 100.0)]


@pytest.mark.parametrize("level", list(Level))
def test_every_place_is_found_by_each_of_its_writings(here, level):
    for place in here.catalogue.at(level):
        sound = readings(place.name.zh)[0]
        for text in (place.name.zh, place.name.en, place.short.zh, place.short.en, *place.aliases, sound):
            assert place.id in [hit.id for hit in search(here, text, kinds=("place",))], text


def test_every_unit_is_found_with_a_letter_left_out(here):
    for place in here.catalogue.at(Level.UNIT):
        for text in (place.short.en[:2] + place.short.en[3:], place.name.zh[:1] + place.name.zh[2:]):
            assert place.id in [hit.id for hit in search(here, text, kinds=("place",))], text


def test_stations_are_found_and_can_be_shown(here):
    hit = next(hit for hit in search(here, "光明城站", kinds=("landmark",)))
    latitude, longitude = here.landmark_point(hit.name.zh)
    west, south, east, north = here.bounds
    assert west < longitude < east
    assert south < latitude < north
    assert here.landmark_point("没有这个站") is None


def test_each_thing_stands_once(here):
    for text in ("智能", "光明", "zhineng", "smart", "li"):
        ids = [(hit.kind, hit.id, hit.name) for hit in search(here, text, limit=1000)]
        assert len(ids) == len(set(ids)) > 3, text


def test_scores_are_in_their_range(here):
    for hit in search(here, "zn", limit=1000):
        assert 0 < hit.score <= 100


def test_limit_and_kinds_are_kept(here):
    assert len(search(here, "智能", limit=3)) == 3
    for kind in KINDS:
        assert {hit.kind for hit in search(here, "光明", kinds=(kind,))} <= {kind}


@pytest.mark.parametrize(
    "text", ["", "   ", "\ud800", "{{ 7*7 }}", "<img src=x onerror=alert(1)>", "\x00", "'", "x" * 5000]
)
def test_what_is_no_name_finds_nothing_and_breaks_nothing(here, text):
    assert search(here, text) == ()


# How names are compared


def test_width_case_accents_and_form_of_characters_do_not_matter():
    assert fold("ＡＩ") == fold("ai")
    assert fold("Yulü") == "yulu"
    assert fold("藥物研發") == "药物研发"


def test_traditional_characters_are_listed_in_pairs_and_once():
    pairs = TRADITIONAL.split()
    assert {len(pair) for pair in pairs} == {2}
    assert len({pair[0] for pair in pairs}) == len(pairs)
    assert not {pair[0] for pair in pairs} & {pair[1] for pair in pairs}


def test_the_examples_in_the_descriptions_come_out():
    assert doctest.testmod(names).attempted > 2
    assert doctest.testmod(names).failed == 0


def test_local_readings_stand_first():
    assert readings("长圳")[0] == "changzhen"
    assert readings("李松蓢") == ("lisonglang",)
    assert readings("塘尾")[0] == "tangwei"
    assert initials("光明城站") == ("gmcz",)


def test_names_near_to_a_slip():
    known = ["新型显示", "新型显示材料", "化学药", "Chemical drugs"]
    assert near("新型显视", known)[0] == "新型显示"  # the same sound
    assert near("化学要", known) == ("化学药",)
    assert near("Chemical drug", known) == ("Chemical drugs",)
    assert near("xyzzy", known) == ()
    assert near("", known) == ()
