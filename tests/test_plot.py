"""The calibration plot shows what was measured."""

import re

import pytest

from gm_map.reader.reader import reader
from lexicon.plot import bins


def test_bins_hold_every_reading_once():
    found = bins([0.05, 0.06, 0.95, 1.0], [0, 1, 1, 1])
    assert found == [(pytest.approx(0.055), 0.5, 2), (pytest.approx(0.975), 1.0, 2)]


def test_the_plot_in_the_docs_is_of_the_shipped_weights(root, monkeypatch, tmp_path):
    from lexicon import plot

    (tmp_path / "docs").mkdir()
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "test.csv").write_bytes((root / "lexicon" / "test.csv").read_bytes())
    monkeypatch.setattr(plot, "HERE", tmp_path / "lexicon")
    assert reader().classes[-1] is None
    plot.main()
    drawn, shipped = (
        [
            tuple(map(float, dot))
            for dot in re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', path.read_text("utf-8"))
        ]
        for path in (tmp_path / "docs" / "calibration.svg", root / "docs" / "calibration.svg")
    )
    assert len(drawn) == len(shipped) > 5
    # Another processor may round a margin the other way: a dot may move by a reading, not by more.
    assert all(one == pytest.approx(other, abs=8) for one, other in zip(drawn[4:], shipped[4:], strict=True))
