"""Two drawings compared: areas add up, moves are measured, and what did not change is not said to have."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gm_map import district, measure
from gm_map.check import identify, versions


@pytest.fixture(scope="module")
def here():
    return district.load()


@pytest.fixture(scope="module")
def old(here):
    return identify.shipped(here)


def drawn(old, **shapes):
    """The old drawing with some shapes in place of its own; None leaves a place out."""
    kept = {**old.shapes, **{id_.replace("_", "-"): shape for id_, shape in shapes.items()}}
    return replace(old, shapes={id_: shape for id_, shape in kept.items() if shape is not None})


def moved(shape, east, north):
    return measure.to_degrees(shapely.transform(measure.to_metres(shape), lambda xy: np.add(xy, [east, north])))


def change(comparison, id_):
    return next(one for one in comparison.places if one.place_id == id_)


def test_the_same_drawing_has_not_changed(here, old):
    comparison = versions.compare(old, old, here)
    assert len(comparison.places) == 30
    assert comparison.changed == comparison.appeared == comparison.vanished == ()
    assert all(one.farthest_m == 0.0 and one.iou == 1.0 for one in comparison.places)


def test_rounded_coordinates_are_no_change(here, old):
    light = {id_: shapely.set_precision(shape, 1e-9) for id_, shape in old.shapes.items()}
    assert versions.compare(old, replace(old, shapes=light), here).changed == ()


def test_a_shift_is_found_with_its_way(here, old):
    comparison = versions.compare(old, drawn(old, unit_05=moved(old.shapes["unit-05"], 100.0, 0.0)), here)
    (one,) = comparison.changed
    assert one.place_id == "unit-05"
    assert one.centre_m == pytest.approx(100.0, abs=0.1)
    assert one.bearing_deg == pytest.approx(90.0, abs=0.2)
    assert one.farthest_m == pytest.approx(100.0, abs=0.1)
    assert 0 < one.mean_m < one.farthest_m
    assert one.new_km2 - one.old_km2 == pytest.approx(
        one.gained_km2 - one.lost_km2, abs=5e-5
    )  # straight in degrees is not quite geodesic
    assert 0.5 < one.iou < 1.0


def test_a_wider_outline_gains_and_loses_nothing(here, old):
    wide = measure.to_degrees(measure.to_metres(old.shapes["unit-10"]).buffer(50.0, join_style="mitre"))
    one = change(versions.compare(old, drawn(old, unit_10=wide), here), "unit-10")
    assert one.lost is None
    assert one.lost_km2 == 0.0
    assert one.gained_km2 == pytest.approx(one.new_km2 - one.old_km2, abs=1e-7)
    assert one.mean_m == pytest.approx(50.0, abs=2.0)
    assert one.farthest_at is not None


def test_gained_and_lost_are_where_they_are(here, old):
    shape = old.shapes["unit-05"]
    one = change(versions.compare(old, drawn(old, unit_05=moved(shape, 0.0, 80.0)), here), "unit-05")
    assert not one.gained.intersects(shape.buffer(-1e-6))
    assert one.lost.within(shape.buffer(1e-6))
    assert measure.geodesic_km2(one.gained) == pytest.approx(one.gained_km2)


def test_only_what_both_have_is_compared(here, old):
    new = drawn(old, unit_20=None)
    comparison = versions.compare(old, new, here)
    assert comparison.vanished == ("unit-20",)
    assert "unit-20" not in {one.place_id for one in comparison.places}
    assert versions.compare(new, old, here).appeared == ("unit-20",)


def test_apart_and_small_places_are_measured(here, old):
    spot = moved(shapely.Point(113.9, 22.7).buffer(1e-5), 0, 0)
    one = change(versions.compare(old, drawn(old, unit_05=spot), here), "unit-05")
    assert one.iou == pytest.approx(0.0, abs=1e-4)
    assert one.centre_m > 100


def test_levels_are_summed_apart(here, old):
    comparison = versions.compare(old, drawn(old, unit_05=moved(old.shapes["unit-05"], 100.0, 0.0)), here)
    units = next(one for one in comparison.levels if one.level == "unit")
    assert (units.count, units.changed) == (21, 1)
    assert units.gained_km2 == change(comparison, "unit-05").gained_km2
    assert sum(one.changed for one in comparison.levels) == 1
