"""Scales and weights of indicators, worked out by hand."""

import math

import numpy as np
import pytest

from gm_map import efficiency_scale as scale
from gm_map import efficiency_weights as weighing
from gm_map.errors import InputError


def test_range_and_rank_by_hand():
    values = np.array([[10.0, 1.0], [20.0, 3.0], [40.0, np.nan], [20.0, 2.0]])
    higher = np.array([True, False])
    np.testing.assert_allclose(scale.minmax(values, higher), [[0, 1], [1 / 3, 0], [1, np.nan], [1 / 3, 0.5]])
    np.testing.assert_allclose(scale.percentile(values, higher), [[0, 1], [0.5, 0], [1, np.nan], [0.5, 0.5]])
    alike = np.full((3, 1), 7.0)
    assert (scale.minmax(alike, higher[:1]) == 0.5).all()
    assert (scale.percentile(alike, higher[:1]) == 0.5).all()


def test_outliers_are_pulled_in_to_the_quantile():
    values = np.arange(101.0)[:, None]
    assert scale.winsorised(values, 5.0).min() == 5
    assert scale.winsorised(values, 5.0).max() == 95
    assert scale.winsorised(values, 0) is values


def test_entropy_by_hand():
    # One row alone: e = 0, so 1 − e = 1; two rows in four alike: e = ln 2 / ln 4 = 1/2; all alike: nothing.
    standard = np.array([[1, 1, 0.5], [0, 1, 0.5], [0, 0, 0.5], [0, 0, 0.5]], dtype=float)
    np.testing.assert_allclose(weighing.entropy(standard), [2 / 3, 1 / 3, 0], atol=1e-12)
    with pytest.raises(InputError, match="two rows"):
        weighing.entropy(standard[:1])
    with pytest.raises(InputError, match="do not differ"):
        weighing.entropy(np.ones((3, 2)))


def test_comparison_in_pairs_by_hand():
    matrix = weighing.pair_matrix("abc", {("a", "b"): 3, ("a", "c"): 5, ("b", "c"): 3})
    np.testing.assert_allclose(matrix, [[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]])
    found = weighing.compared(matrix)
    np.testing.assert_allclose(found.weights, [0.637, 0.258, 0.105], atol=5e-4)  # the textbook's
    assert found.largest == pytest.approx(3.0385, abs=1e-4)
    assert found.ratio == pytest.approx((found.largest - 3) / 2 / 0.58)
    assert found.consistent
    exact = weighing.compared(weighing.pair_matrix("abc", {("a", "b"): 2, ("a", "c"): 4, ("b", "c"): 2}))
    np.testing.assert_allclose(exact.weights, [4 / 7, 2 / 7, 1 / 7])
    assert exact.ratio == pytest.approx(0, abs=1e-9)


def test_contradictions_are_named():
    found = weighing.compared(weighing.pair_matrix("abc", {("a", "b"): 9, ("b", "c"): 9, ("a", "c"): -9}))
    assert not found.consistent
    assert found.worst is not None
    assert weighing.compared(np.ones((1, 1))).consistent
    assert weighing.compared(weighing.pair_matrix("ab", {("a", "b"): 9})).ratio == 0
    with pytest.raises(InputError, match="scale"):
        weighing.pair_matrix("ab", {("a", "b"): 10})
    with pytest.raises(InputError, match="reverse"):
        weighing.compared(np.array([[1.0, 2.0], [2.0, 1.0]]))


@pytest.mark.parametrize("numbers", [[], [0, 0], [-1, 2], [math.nan, 1]])
def test_weights_by_hand_must_be_some(numbers):
    with pytest.raises(InputError):
        weighing.by_hand(numbers)


def test_rank_correlation_by_hand():
    one = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    assert scale.rank_correlation(one, np.array([10.0, 20, 30, 40, 5])) == pytest.approx(1)
    assert scale.rank_correlation(one, -one) == pytest.approx(-1)
    assert scale.rank_correlation(one, np.array([1.0, 3, 2, 4, 0])) == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert scale.rank_correlation(one, np.ones(5)) is None
