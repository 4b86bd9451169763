"""What a text asks for is found as it is written, and where: land, floor space, facilities, ways."""

import doctest

import pytest

from gm_map import amounts, needs
from gm_map.amounts import Space, number, same_length
from gm_map.ground import NEED_DISTANCES, NEED_FACTS, NEED_TERMS
from gm_map.needs import KEYS, NO_NEEDS, extract, extract_many

MU = 2000 / 3


def test_the_examples_run():
    assert doctest.testmod(amounts).failed == 0


@pytest.mark.parametrize(
    ("text", "space", "m2", "written"),
    [
        ("用地约15亩", "land", 15 * MU, "15亩"),
        ("需工业用地二十亩", "land", 20 * MU, "二十亩"),
        ("拿地１２０畝", "land", 120 * MU, "１２０畝"),
        ("30余亩", "land", 30 * MU, "30余亩"),
        ("十几亩半亩", "land", 0.5 * MU, "半亩"),
        ("占地1.5公顷", "land", 15_000, "1.5公顷"),
        ("占地8万平方米", "land", 80_000, "8万平方米"),
        ("三万平方米用地", "land", 30_000, "三万平方米"),
        ("0.3平方公里", "land", 300_000, "0.3平方公里"),
        ("a 10-acre site", "land", 40_468.564224, "10-acre"),
        ("20 mu of land", "land", 20 * MU, "20 mu"),
        ("wants a 50,000 sqm site", "land", 50_000, "50,000 sqm"),
        ("需洁净厂房 6000 平方米", "floor", 6000, "6000 平方米"),
        ("要４０００平厂房", "floor", 4000, "４０００平"),
        ("两千平办公", "floor", 2000, "两千平"),
        ("1.2W平仓库", "floor", 12_000, "1.2W平"),
        ("建筑面积１．５万㎡", "floor", 15_000, "１．５万㎡"),
        ("需潔淨廠房九千平方米", "floor", 9000, "九千平方米"),
        ("一千五百坪廠房", "floor", 1500 * 400 / 121, "一千五百坪"),
        ("expanding to a 9,000 sqm cleanroom", "floor", 9000, "9,000 sqm"),
        ("15,600 sq ft of lab space", "floor", 15_600 * 0.09290304, "15,600 sq ft"),
        ("1-2万平厂房", "floor", 20_000, "1-2万平"),
    ],
)
def test_amounts(text, space, m2, written):
    (found,) = extract(text).found
    assert (found.space, text[found.start : found.end]) == (space, written)
    assert found.m2 == pytest.approx(m2)
    assert found.asked


@pytest.mark.parametrize(
    "text",
    [
        *("年产200万平方米隔膜", "月产能5万平方米", "output 20000 sqm a year", "铺设2亿平方米", "12000平方米/年"),
        *("2.5平方电缆", "5平台", "3平衡", "200 W/m²", "一平面", "25 mm²", "几十亩", "融资5000W", "8英寸"),
    ],
)
def test_what_is_no_space_asked_for(text):
    assert extract(text).found == ()


def test_a_range_keeps_its_lower_end():
    (found,) = extract("需用地10～15亩").found
    assert (found.least_m2, found.m2) == (pytest.approx(10 * MU), pytest.approx(15 * MU))
    assert found.km2 == pytest.approx(0.01)


def test_land_and_floor_space_are_kept_apart_and_what_is_there_is_not_asked():
    found = extract("现有厂房3000平方米，需厂房8000平方米，用地20亩")
    assert [amount.asked for amount in found.found] == [False, True, True]
    assert (found.floor.m2, found.land.m2) == (8000, pytest.approx(20 * MU))
    assert found.land_km2 == found.land.km2


def test_the_largest_of_a_kind_is_asked_for():
    assert extract("总用地50亩，一期20亩").land.value == 50


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("两千", 2000), ("三万", 30_000)),
        *(("三万二", 32_000), ("一千五", 1500), ("一万零五十", 10_050), ("三点五", 3.5), ("1万2", 12_000)),
        *(("2.5万", 25_000), ("3 千", 3000), ("1,200", 1200), ("15k", 15_000), ("一百二十万", 1_200_000)),
    ],
)
def test_numbers(written, value):
    assert number(written) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("需对接临床研究基地", ("clinical",)),
        ("已完成临床试验", ()),
        ("拟建中试线", ("pilot",)),
        ("中试已过", ()),
        ("需第三方检测", ("testing",)),
        ("基因检测公司", ()),
        ("主要从事检验设备销售", ()),
        ("希望入驻孵化器", ("incubation",)),
        ("依托大科学装置", ("big_science",)),
        ("要求靠近地铁和高速出入口，配员工宿舍", ("talent", "metro", "expressway")),
        ("高铁轴承制造商", ()),
        ("靠近高铁站", ("hsr",)),
        ("無需孵化器", ()),
        ("臨近地鐵站", ("metro",)),
        ("needs access to clinical trials and a vivarium", ("clinical", "animal")),
        ("within 2 km of a high-speed rail station", ("hsr",)),
        ("双回路供电，洁净厂房", ("power", "cleanroom")),
        ("市场需求旺盛，检测准确", ()),
        ("服务百万级用户", ()),
        ("需百级实验室", ("cleanroom",)),
    ],
)
def test_needs(text, keys):
    assert extract(text).keys == keys


def test_positions_point_into_the_text_as_given():
    text = "ＳｉＣ外延，臨近高鐵站，用地１５畝"
    found = extract(text)
    (need,) = found.asked
    assert text[need.start : need.end] in ("高鐵站", "近高鐵")
    assert text[found.land.start : found.land.end] == "１５畝"
    assert len(same_length(text)) == len(text)


def test_empty_and_many():
    assert extract("") is NO_NEEDS
    texts = ["用地15亩", "", None, "靠近地铁站"]
    assert extract_many(texts) == [extract("用地15亩"), NO_NEEDS, NO_NEEDS, extract("靠近地铁站")]


def test_every_need_with_an_answer_can_be_asked_for():
    assert set(NEED_FACTS) | set(NEED_TERMS) | set(NEED_DISTANCES) <= set(KEYS)
    assert needs.NO_NEEDS.keys == ()
    assert extract("20亩").found[0].space is Space.LAND
