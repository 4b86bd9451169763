"""The predicates of the sentences on squares of a kilometre: which way, how much, in what order, and when open."""

import pytest
import shapely

from gm_map.check import predicates
from gm_map.check.predicates import Known
from gm_map.check.results import Outcome

HOLDS, FAILS, OPEN = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED


def square(x=0.0, y=0.0, size=1000.0, uncertainty_m=0.0):
    """A square with its south-western corner there, in metres."""
    return Known(shapely.box(x, y, x + size, y + size), uncertainty_m)


def point(x, y, uncertainty_m=0.0, reach_m=0.0):
    return Known(shapely.Point(x, y), uncertainty_m, reach_m)


def line(*points, uncertainty_m=0.0):
    return Known(shapely.LineString(points), uncertainty_m)


@pytest.mark.parametrize(
    ("low", "value", "high", "outcome", "margin"),
    [(6, 7, 9, HOLDS, 1), (5, 7, 9, HOLDS, 2), (4, 7, 9, OPEN, 3), (2, 4, 6, OPEN, 2), (1, 2, 4.9, FAILS, 2.9)],
)
def test_a_number_nearer_to_its_threshold_than_its_margin_is_open(low, value, high, outcome, margin):
    trial = predicates.decide(value, low, high, 5, "m", shapely.Point(0, 0))
    assert trial.outcome == outcome
    assert trial.margin == pytest.approx(margin)
    assert (abs(trial.value - trial.threshold) < trial.margin) == (outcome == OPEN)


def test_a_threshold_may_be_the_most_there_may_be():
    def at(low, value, high):
        return predicates.decide(value, low, high, 5, "m", shapely.Point(), most=True)

    assert (at(1, 2, 4).outcome, at(1, 2, 6).outcome, at(6, 8, 9).outcome) == (HOLDS, OPEN, FAILS)
    assert at(1, 2, 4).margin == 2
    assert at(6, 8, 9).margin == 2
    assert (at(1, 2, 4).slack, at(6, 8, 9).slack) == (3, -3)


# Which way


@pytest.mark.parametrize(
    ("way", "x", "y"), [("north", 0, 800), ("south", 0, -800), ("east", 800, 0), ("west", -800, 0)]
)
def test_beyond_is_the_way_from_centre_to_centre(way, x, y):
    trial = predicates.beyond(square(x, y), square(), way)
    assert (trial.outcome, trial.value, trial.unit) == (HOLDS, 800.0, "m")
    assert predicates.beyond(square(), square(x, y), way).outcome == FAILS
    assert predicates.beyond(square(x, y, uncertainty_m=600), square(uncertainty_m=600), way).outcome == OPEN
    assert predicates.beyond(square(x, y, uncertainty_m=300), square(uncertainty_m=400), way).margin == 500.0


def test_the_reach_of_what_a_point_stands_for_counts_for_a_direction():
    assert predicates.beyond(square(), point(600, 500, 80), "west").outcome == HOLDS
    assert predicates.beyond(square(), point(600, 500, 80, reach_m=500), "west").outcome == OPEN


@pytest.mark.parametrize(("x", "y", "off"), [(0, 9000, 0), (9000, 9000, 45), (-9000, 0, 90), (0, -9000, 180)])
def test_a_bearing_is_how_far_off_due_north(x, y, off):
    assert predicates.faces(square(-500, -500), point(x, y), "north", 90).value == pytest.approx(off)


def test_a_bearing_is_open_beside_the_edge_of_the_half_circle():
    assert predicates.faces(square(-500, -500), point(9000, 300, 1000), "north", 90).outcome == OPEN
    assert predicates.faces(square(-500, -500), point(9000, 3000, 1000), "north", 90).outcome == HOLDS
    assert predicates.faces(square(-500, -500), point(9000, -3000, 1000), "north", 90).outcome == FAILS


@pytest.mark.parametrize("turned", [False, True])
def test_order_is_told_along_the_line_whichever_way_it_was_drawn(turned):
    points = [(0, 0), (5000, 100), (10000, 200)]  # it hardly climbs: along it, east is north
    road = line(*(reversed(points) if turned else points))
    trial = predicates.in_order(square(8000, 0), square(2000, 0), road)
    assert trial.outcome == HOLDS
    assert trial.value == pytest.approx(6000, abs=5)
    assert predicates.in_order(square(2000, 0), square(8000, 0), road).outcome == FAILS
    assert predicates.in_order(square(2300, 0, uncertainty_m=400), square(2000, 0), road).outcome == OPEN


# How much


def test_a_share_is_that_of_the_part():
    trial = predicates.share_within(square(500, 0), square(), 0.5)
    assert (trial.value, trial.margin, trial.outcome) == (0.5, 0.0, HOLDS)
    assert trial.nominal
    assert predicates.share_within(square(600, 0), square(), 0.5).outcome == FAILS


def test_a_share_is_open_where_the_edge_may_lie_on_either_side():
    trial = predicates.share_within(square(450, 0), square(uncertainty_m=100), 0.5)
    assert trial.outcome == OPEN
    assert trial.nominal
    assert trial.margin == pytest.approx(0.55 - 0.45 * 0.8, abs=0.01)
    assert predicates.share_within(square(550, 0, uncertainty_m=60), square(uncertainty_m=80), 0.5).outcome == OPEN
    assert predicates.share_within(square(900, 0, uncertainty_m=60), square(uncertainty_m=80), 0.5).outcome == FAILS


def test_a_side_that_parent_and_child_share_takes_nothing_from_the_child():
    child, parent = square(0, 0, 500, 200), square(0, 0, 1000, 200)
    assert predicates.share_within(child, parent, 0.999, one_layer=True).outcome == HOLDS
    assert predicates.share_within(child, parent, 0.999).outcome == OPEN
    beside = square(-100, 0, 500, 200)
    assert predicates.share_within(beside, parent, 0.999, one_layer=True).outcome == OPEN
    assert predicates.share_within(square(-100, 0, 500), square(), 0.999, one_layer=True).outcome == FAILS


def test_the_place_to_look_at_is_what_sticks_out():
    trial = predicates.share_within(square(600, 0), square(), 0.9)
    assert trial.spot.x > 1000


def test_what_should_be_spared():
    assert predicates.spares(square(), square(2000, 0), 0.1).outcome == HOLDS
    assert predicates.spares(square(), square(950, 0), 0.1).outcome == HOLDS
    assert predicates.spares(square(), square(950, 0, uncertainty_m=100), 0.1).outcome == OPEN
    assert predicates.spares(square(), square(500, 0, uncertainty_m=100), 0.1).outcome == FAILS


def test_squares_that_touch_are_apart():
    assert predicates.apart(square(), square(1000, 0), 0.0).outcome == HOLDS
    trial = predicates.apart(square(), square(900, 0), 0.05)
    assert (trial.outcome, trial.value) == (FAILS, 0.1)


def test_halves_and_thirds_are_those_of_the_extent():
    for part in ("south_half", "north_half", "west_half"):
        assert predicates.share_within(predicates.part_of(square(), part), square(), 1.0).value == 1.0
        assert predicates.part_of(square(), part).shape.bounds != square().shape.bounds
    upper = predicates.part_of(square(), "north_two_thirds")
    assert upper.shape.bounds == pytest.approx((0, 1000 / 3, 1000, 1000))
    beyond = predicates.part_of(square(), "north_two_thirds", alone=True)
    assert predicates.share_within(square(5000, 500), beyond, 1.0).outcome == HOLDS


# Points and lines


def test_a_point_is_inside_by_so_many_metres():
    assert predicates.contains(square(), point(500, 200)).value == 200
    assert predicates.contains(square(), point(500, -200)).value == -200
    assert predicates.contains(square(), point(500, 200, 100)).outcome == HOLDS
    assert predicates.contains(square(uncertainty_m=200), point(500, 200, 100)).outcome == OPEN
    assert predicates.contains(square(uncertainty_m=100), point(500, -200, 100)).outcome == FAILS


def test_a_point_that_stands_for_more_may_reach_in_and_never_out():
    assert predicates.contains(square(), point(500, -200, 100, reach_m=500)).outcome == OPEN
    assert predicates.contains(square(), point(500, 200, 100, reach_m=500)).outcome == HOLDS


def test_a_line_crosses():
    through = line((-500, 500), (1500, 500), uncertainty_m=100)
    trial = predicates.crosses(through, square())
    assert (trial.outcome, trial.value) == (HOLDS, 1000)
    assert predicates.crosses(line((-500, 1050), (1500, 1050), uncertainty_m=100), square()).outcome == OPEN
    assert predicates.crosses(line((-500, 1250), (1500, 1250), uncertainty_m=100), square()).outcome == FAILS


def test_a_line_runs_in_a_band():
    road, band = line((-500, 500), (1500, 500)), Known(shapely.box(-500, 400, 1500, 600))
    assert predicates.line_within(road, band, square(), 0.95).value == 1.0
    half = Known(shapely.box(-500, 400, 500, 600))
    assert predicates.line_within(road, half, square(), 0.95).value == 0.5
    assert predicates.line_within(line((0, 9000), (9, 9000)), band, square(), 0.95).outcome == FAILS


def test_both_sides_of_a_line():
    road = line((500, -100), (500, 1100))
    assert predicates.on_both_sides([square()], road, 0.1).value == pytest.approx(0.5)
    one, other = square(-2000, 0), square(2000, 0)
    assert predicates.on_both_sides([one, other], road, 0.1).outcome == HOLDS
    assert predicates.on_both_sides([one], road, 0.1).outcome == FAILS
    near = line((950, -100), (950, 1100), uncertainty_m=100)
    assert predicates.on_both_sides([square()], near, 0.1).outcome == OPEN


@pytest.mark.parametrize(("way", "edge"), [("west", 0), ("east", 1000), ("south", 0), ("north", 1000)])
def test_a_side_is_what_is_seen_from_there(way, edge):
    at = shapely.get_coordinates(predicates.side(square().shape, way))
    assert len(at) == predicates.STRIPS
    assert set(at[:, 0 if way in ("west", "east") else 1]) == {edge}


def test_a_side_leaves_out_what_lies_behind():
    hook = shapely.union(shapely.box(0, 0, 1000, 200), shapely.box(800, 0, 1000, 1000))
    at = shapely.get_coordinates(predicates.side(hook, "west"))
    assert sorted(set(at[:, 0])) == [0, 800]


def test_a_side_meets_a_line():
    border = line((1100, -100), (1100, 1100))
    assert predicates.side_meets(square(), "east", border, 200, 0.5).outcome == HOLDS
    assert predicates.side_meets(square(), "west", border, 200, 0.5).outcome == FAILS
    assert predicates.side_meets(square(uncertainty_m=300), "east", border, 200, 0.5).outcome == OPEN
    half = line((1000, 500), (1000, 2000))
    trial = predicates.side_meets(square(), "east", half, 0.5, 0.5)
    assert (trial.outcome, trial.value) == (OPEN, 0.5), "exactly at the threshold: it is looked at in strips"
    assert not trial.nominal


# Figures


def test_an_area_agrees_within_the_tolerance_and_its_own_doubt():
    def at(area, doubt=0.0, widest=0.05):
        return predicates.equals_area(area, doubt, 16.0, 0.05, widest, shapely.Point()).outcome

    assert (at(16.04), at(16.06), at(16.04, 0.02), at(16.06, 0.02)) == (HOLDS, FAILS, OPEN, OPEN)
    assert (at(16.3, widest=0.5), at(16.6, widest=0.5)) == (OPEN, FAILS), "about 16 may be 15.5 to 16.5"


def test_too_little_room_decides_against_and_enough_decides_nothing():
    assert predicates.room_for(10, 1, 20, 0.95, shapely.Point()).outcome == FAILS
    assert predicates.room_for(30, 1, 20, 0.95, shapely.Point()).outcome == OPEN
    assert predicates.room_for(18, 2, 20, 0.95, shapely.Point()).outcome == OPEN


def test_three_points_make_a_triangle_by_their_shortest_height():
    trial = predicates.in_triangle([point(0, 0), point(5000, 1000), point(10000, 0)])
    assert (trial.outcome, trial.value) == (HOLDS, 1000)
    doubtful = [point(0, 0), point(5000, 1000, 1100), point(10000, 0)]
    assert predicates.in_triangle(doubtful).outcome == OPEN
    shared = predicates.in_triangle([point(0, 0, 600), point(5000, 1000), point(10000, 0, 800)])
    assert shared.margin == pytest.approx(500), "each end counts half for a foot midway"
