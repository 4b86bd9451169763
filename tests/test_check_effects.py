"""What a redrawn layer changes in the match: nothing where nothing moved, and what it says is what the match says."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gm_map import district, match
from gm_map.check import effects, identify
from gm_map.model import Level


@pytest.fixture(scope="module")
def here():
    return district.load()


@pytest.fixture(scope="module")
def shipped(here):
    return identify.shipped(here)


def shifted(drawing, east, north):
    moved = {id_: shapely.transform(one, lambda xy: np.add(xy, [east, north])) for id_, one in drawing.shapes.items()}
    return replace(drawing, shapes=moved)


def test_the_shipped_drawing_changes_nothing(here, shipped):
    assert effects.changes(here, shipped) == ()


def test_a_far_shift_changes_units_and_says_what_the_match_says(here, shipped):
    new = shifted(shipped, 0.02, -0.014)
    found = effects.changes(here, new)
    assert found
    other = effects.redrawn(here, new)
    for one in found[:6]:
        weights = one.presets[0]
        was, is_ = match.rank(here, [one.topic_id], weights=weights), match.rank(other, [one.topic_id], weights=weights)
        if one.level == Level.UNIT:
            assert (was.placing.unit_id, is_.placing.unit_id) == (one.before, one.after)
        assert was.place(one.before).score == one.before_was
        assert is_.place(one.after).score == one.after_is
        assert one.before != one.after


def test_the_plan_still_decides_the_cluster_of_a_topic(here, shipped):
    """Outlines turn the order among the clusters that the plan gives, never beyond them."""
    for one in effects.changes(here, shifted(shipped, 0.02, -0.014)):
        if one.level == Level.CLUSTER:
            ways = [reason for reason in here.catalogue.reasons_of(one.topic_id) if reason.place_id == one.after]
            assert ways


def test_a_redrawn_district_keeps_what_the_drawing_does_not_have(here, shipped):
    new = replace(shipped, shapes={"unit-05": shapely.box(113.9, 22.74, 113.92, 22.76)}, fitted=frozenset())
    other = effects.redrawn(here, new)
    assert other.area_km2("unit-05") != here.area_km2("unit-05")
    assert other.area_km2("unit-06") == here.area_km2("unit-06")
    assert other.version != here.version
    assert here.outlines["unit-05"] is not other.outlines["unit-05"]


@pytest.mark.parametrize(
    "shapes",
    [
        {"unit-05": shapely.Polygon()},
        {"unit-05": shapely.box(113.9, 22.74, 113.9 + 1e-9, 22.74 + 1e-9)},
        {"unit-05": shapely.box(113.6, 22.4, 114.4, 23.1)},  # covers all, the corridor too
        {"nowhere": shapely.box(113.9, 22.74, 113.92, 22.76)},
    ],
    ids=["empty", "speck", "covers all", "unknown"],
)
def test_odd_shapes_do_not_break_it(here, shipped, shapes):
    effects.changes(here, replace(shipped, shapes={**shipped.shapes, **shapes}))
