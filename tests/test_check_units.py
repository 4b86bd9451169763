"""Units of area, decimals, and the area columns of a layer."""

import doctest

import numpy as np
import pytest

from gm_map.check import units
from gm_map.check.results import Layer
from gm_map.check.units import Unit, area_columns, convert, decimals, fixed, number, signed


def layer(**columns):
    count = len(next(iter(columns.values())))
    nothing = np.full(count, None, dtype=object)
    return Layer("a", "GeoJSON", nothing, {name: tuple(v) for name, v in columns.items()}, None, "", "utf-8")


def test_the_examples_come_out():
    found = doctest.testmod(units)
    assert found.attempted > 3
    assert found.failed == 0


@pytest.mark.parametrize(
    ("value", "source", "target", "wanted"),
    [
        (1, "km2", "ha", 100),
        (1, "km2", "mu", 1500),
        (1, "ha", "mu", 15),
        (3, "mu", "m2", 2000),
        (47.2, "km2", "mu", 70800),
        (70800, "mu", "km2", 47.2),
        (0.1, "km2", "m2", 100_000),
        (1e-3, "m2", "km2", 1e-9),
    ],
)
def test_conversion_is_exact(value, source, target, wanted):
    assert convert(value, source, target) == wanted


def test_conversion_there_and_back():
    rng = np.random.default_rng(1)
    for value in rng.uniform(0.001, 1000, 200).round(4).tolist():
        for unit in Unit:
            assert convert(convert(value, Unit.KM2, unit), unit, Unit.KM2) == pytest.approx(value, rel=1e-15)


def test_no_more_digits_than_are_known():
    assert [decimals(u) for u in (31, 3.1, 0.31, 0.031, 1e-9, 0, None)] == [0, 1, 2, 3, 6, 2, 2]
    # A number that is beyond a threshold is not shown as being on it.
    assert fixed(0.0504, decimals(None, 0.0504, 0.05)) == "0.0504"
    assert fixed(0.0496, decimals(None, 0.0496, 0.05)) == "0.05"
    assert signed(-0.001, 2) == "+0.00"
    assert number(1e300) == "1e+300"
    assert number(-0.25) == "\N{MINUS SIGN}0.25"


@pytest.mark.parametrize(
    ("name", "cells", "areas", "unit", "how", "km2"),
    [
        ("面积", (16.0, 20.6), (16, 20.6), "km2", "magnitude", (16, 20.6)),
        ("面积", (1600, 2060), (16, 20.6), "ha", "magnitude", (16, 20.6)),
        ("MJ", (24000, 30900.0), (16, 20.6), "mu", "magnitude", (16, 20.6)),
        ("TBMJ", (16_000_000.12, None), (16, 20), "m2", "magnitude", (16.00000012, None)),
        ("Shape_Area", (0.00141,), (16,), "km2", "none", (0.00141,)),
        ("面积（公顷）", (1600, ""), (3, 3), "ha", "name", (16, None)),
        ("area_km2", (1600.0,), (16,), "km2", "name", (1600,)),
        ("stated_km2", (16.0, None), (16, 1), "km2", "name", (16, None)),
        ("用地面积/亩", ("24,000",), (1,), "mu", "name", (16,)),
        ("万亩", (2.4,), (1,), "mu", "name", (16,)),
        ("公顷", ("1600",), (1,), "ha", "name", (16,)),
        ("面积", ("４７．２平方公里", "1600 公顷"), (1, 1), "km2", "cell", (47.2, 16)),
        ("area", ("约 2.4 万亩", "1e3 ha", "16 km²", "16000000㎡"), (1, 1, 1, 1), "mu", "cell", (16, 10, 16, 16)),
    ],
)
def test_a_column_of_areas_is_read(name, cells, areas, unit, how, km2):
    (column,) = area_columns(layer(**{name: cells}), areas)
    assert (column.unit, column.how) == (unit, how)
    assert column.km2 == pytest.approx(km2)


@pytest.mark.parametrize(
    "name",
    ["name", "uncertainty_km2", "面积误差", "建筑面积", "area_code", "占比", "schema", "difference_pct", "地块名称"],
)
def test_what_is_no_area_is_no_column_of_areas(name):
    assert area_columns(layer(**{name: (1.0, 2.0)}), (1, 2)) == ()


@pytest.mark.parametrize(
    "cell", ["公明", "", None, True, float("nan"), float("inf"), "1e999", "=1+1", "16-20", "9" * 10_000]
)
def test_cells_without_a_number_are_empty(cell):
    assert area_columns(layer(area=(cell,)), (1,)) == ()
    (column,) = area_columns(layer(area=(cell, 16.0)), (1, 16))
    assert column.km2 == (None, 16.0)


def test_rounding_is_that_of_the_column():
    (column,) = area_columns(layer(area_km2=(16.0, 20.6)), (16, 20.6))
    assert column.decimals == 1
    assert column.rounding_km2(0) == pytest.approx(0.05)
    (column,) = area_columns(layer(万亩=(2.41,)), (16,))
    assert column.rounding_km2(0) == pytest.approx(convert(50, "mu", "km2"))
