"""Parents against their children: sums close, and nothing is moved in silence."""

import dataclasses
import doctest
import math

import numpy as np
import pytest
import shapely

from gm_map import district as district_module
from gm_map import measure
from gm_map.check import balance, identify


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture(scope="module")
def shipped(district):
    return identify.shipped(district)


def test_the_example_comes_out():
    assert doctest.testmod(balance).attempted == 1
    assert doctest.testmod(balance).failed == 0


@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_what_is_shown_sums_and_nothing_moves_far(decimals):
    rng = np.random.default_rng(decimals)
    unit = 10**-decimals
    for _ in range(500):
        exact = rng.uniform(0, 30, rng.integers(1, 22)).tolist()
        # Half of the time the parent is known otherwise, and differs by less than half a unit.
        whole = math.fsum(exact) + rng.uniform(-0.49, 0.49) * unit if rng.random() < 0.5 else None
        whole = None if whole is None or whole < 0 else whole
        shown, total, moved = balance.closed(exact, decimals, whole)
        assert round(math.fsum(shown), decimals) == pytest.approx(total, abs=1e-9)
        assert total == pytest.approx(math.fsum(exact) if whole is None else whole, abs=unit / 2 + 1e-9)
        for position, (one, seen) in enumerate(zip(exact, shown, strict=True)):
            plain = math.floor(one / unit + 0.5) * unit
            assert seen >= 0
            if position in moved:
                assert abs(seen - plain) == pytest.approx(unit)
            else:
                assert seen == pytest.approx(plain)


def test_it_is_the_largest_remainder_way():
    rng = np.random.default_rng(7)
    for _ in range(200):
        exact = rng.uniform(0, 10, 8).tolist()
        shown, total, _ = balance.closed(exact, 1)
        down = [math.floor(one * 10) for one in exact]
        left = round(total * 10) - sum(down)
        first = sorted(range(8), key=lambda n: (down[n] - exact[n] * 10, n))[:left]
        assert shown == pytest.approx([(low + (n in first)) / 10 for n, low in enumerate(down)])


def test_few_and_even_numbers():
    assert balance.closed([1.0, 2.0], 1) == ((1.0, 2.0), 3.0, ())
    assert balance.closed([1 / 3] * 3, 1) == ((0.4, 0.3, 0.3), 1.0, (0,))
    assert balance.closed([0.05, 0.05], 1) == ((0.0, 0.1), 0.1, (0,))


def test_the_shipped_map_tiles_and_closes(district, shipped):
    found = balance.balances(shipped, district)
    assert [one.parent_id for one in found] == [f"zone-{n}" for n in (1, 2, 3)] + [f"cluster-{n}" for n in range(1, 6)]
    for one in found:
        assert abs(one.gap_km2) < 1e-6
        assert round(sum(shown for _, _, shown in one.children), 6) == one.shown_km2 == round(one.parent_km2, 1)
        assert [id_ for id_, _, _ in one.children] == list(district.catalogue.children(one.parent_id))
    assert {one.parent_id: one.moved for one in found if one.moved} == {
        "cluster-2": ("unit-08",),
        "cluster-3": ("unit-10",),
    }
    finer = {one.parent_id: one.moved for one in balance.balances(shipped, district, decimals=2)}
    assert finer["zone-3"] == ()


def test_a_gap_is_shown_and_not_rounded_away(district, shipped):
    shapes = dict(shipped.shapes)
    lost = shapely.box(113.90, 22.755, 113.905, 22.76)
    shapes["unit-14"] = shapely.difference(shapes["unit-14"], lost)
    gone = measure.geodesic_km2(shipped.shapes["unit-14"]) - measure.geodesic_km2(shapes["unit-14"])
    assert gone > 0.05
    drawing = dataclasses.replace(shipped, shapes=shapes)
    (one,) = [one for one in balance.balances(drawing, district) if one.parent_id == "cluster-3"]
    assert one.gap_km2 == pytest.approx(gone, abs=1e-6)
    assert one.parent_km2 == pytest.approx(24.2785, abs=1e-3)
    shown = sum(shown for _, _, shown in one.children)
    assert shown == pytest.approx(one.shown_km2) == pytest.approx(round(24.2785 - gone, 1))


def test_an_overlap_is_a_negative_gap_and_a_missing_child_a_gap(district, shipped):
    shapes = dict(shipped.shapes)
    shapes["unit-17"] = shapes["unit-17"] | shapes["unit-19"]
    (one,) = [
        one
        for one in balance.balances(dataclasses.replace(shipped, shapes=shapes), district)
        if one.parent_id == "cluster-5"
    ]
    assert one.gap_km2 == pytest.approx(-measure.geodesic_km2(shapes["unit-19"]), abs=1e-4)
    few = {id_: shape for id_, shape in shipped.shapes.items() if id_ not in ("unit-19", "cluster-4", "unit-16")}
    found = {one.parent_id: one for one in balance.balances(dataclasses.replace(shipped, shapes=few), district)}
    assert "cluster-4" not in found
    assert len(found["cluster-5"].children) == 4
    assert found["cluster-5"].gap_km2 == pytest.approx(measure.geodesic_km2(shipped.shapes["unit-19"]), abs=1e-6)
