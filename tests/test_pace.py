"""A figure against the plan's path: where it stands, and what the next target asks for."""

import pytest

from gm_map import catalogue, pace, pace_table
from gm_map.errors import InputError
from gm_map.pace import Actual


@pytest.fixture(scope="module")
def plan():
    return catalogue.load()


def test_the_path_goes_through_every_stated_figure(plan):
    for indicator in plan.indicators.values():
        for year, value in pace.figures(indicator):
            assert pace.expected(indicator, year) == pytest.approx(value)


def test_between_two_figures_the_path_is_straight_and_outside_there_is_none(plan):
    talent = plan.indicators["indicator-04"]  # 36, 88, 170, 1600
    assert pace.expected(talent, 2020) == pytest.approx((36 + 88) / 2)
    assert pace.expected(talent, 2030) == pytest.approx((170 + 1600) / 2)
    assert pace.expected(talent, 2017) is None
    assert pace.expected(talent, 2036) is None


def test_a_dash_of_the_plan_is_no_figure(plan):
    research = plan.indicators["indicator-01"]
    assert [year for year, _ in pace.figures(research)] == [2022, 2025, 2035]
    held = pace.pace(research, Actual("indicator-01", 2019, 4.0))
    assert (held.standing, held.expected, held.gap) == ("unknown", None, None)
    assert (held.target_year, held.target) == (2022, 4.35)


@pytest.mark.parametrize(
    ("value", "standing"), [(400.0, "behind"), (885.0, "on path"), (890.0, "on path"), (1200.0, "ahead")]
)
def test_more_is_better_where_the_plan_rises(plan, value, standing):
    assert pace.pace(plan.indicators["indicator-04"], Actual("indicator-04", 2030, value)).standing == standing


@pytest.mark.parametrize(("value", "standing"), [(4.9, "behind"), (4.0, "ahead")])
def test_less_is_better_where_the_plan_falls(plan, value, standing):
    land = plan.indicators["indicator-18"]
    assert pace.falling(land)
    assert pace.pace(land, Actual("indicator-18", 2024, value)).standing == standing


def test_the_pace_that_is_needed_reaches_the_target(plan):
    held = pace.pace(plan.indicators["indicator-13"], Actual("indicator-13", 2023, 1100.0))
    assert held.target_year == 2025
    assert 1100 + 2 * held.per_year == pytest.approx(1400)
    assert 1100 * (1 + held.rate) ** 2 == pytest.approx(1400)
    assert 1050 * (1 + held.planned_rate) ** 3 == pytest.approx(1400)


def test_what_is_reached_needs_nothing_more(plan):
    held = pace.pace(plan.indicators["indicator-13"], Actual("indicator-13", 2024, 1500.0))
    assert (held.reached, held.per_year, held.rate) == (True, 0.0, 0.0)


def test_from_nothing_there_is_no_rate(plan):
    held = pace.pace(plan.indicators["indicator-02"], Actual("indicator-02", 2023, 0.0))
    assert held.rate is None
    assert held.per_year == pytest.approx(3.0)


def test_after_the_last_figure_there_is_no_target(plan):
    held = pace.pace(plan.indicators["indicator-02"], Actual("indicator-02", 2036, 12.0))
    assert (held.target, held.standing) == (None, "unknown")


def test_a_table_gives_its_good_rows_and_the_others_with_their_reason(plan):
    table = (
        '指标,年份,实际值\n智能产业规模,2023年,"1,120"\nindicator-18,2023,4.9\n无此指标,2023,1\n智能产业规模,今年,1\n'
    )
    table += "智能产业规模,2023,=1+1\n"
    good, refused = pace_table.read(plan, table.encode("gb18030"), "实际.csv")
    assert good == [Actual("indicator-13", 2023, 1120.0), Actual("indicator-18", 2023, 4.9)]
    assert [row for row, _ in refused] == [4, 5, 6]
    assert all(word in sentence for word, (_, sentence) in zip(("无此指标", "今年", "=1+1"), refused, strict=True))


def test_a_table_without_its_columns_is_refused(plan):
    with pytest.raises(InputError, match="wanted 指标"):
        pace_table.read(plan, b"a,b\n1,2\n", "x.csv")


@pytest.mark.parametrize("value", ["nan", "inf", "1e300", "", "十"])
def test_what_is_no_number_is_refused(plan, value):
    with pytest.raises(InputError, match="value"):
        pace.read_actual(plan, "indicator-13", "2023", value)
