"""Where things are, for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tree import ROOT


@pytest.fixture(scope="session")
def root() -> Path:
    """Root folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def plan_lines() -> list[str]:
    """The plan's text, line by line; index 0 is paragraph 1 of a citation.

    The text is not part of the project: it lies beside it, and a machine without it has not got the reference.
    """
    path = ROOT.parent / "shared" / "plan" / "plan.txt"
    if not path.exists():
        pytest.fail(f"the plan's text is not at {path}: citations cannot be checked; lay it there", pytrace=False)
    return path.read_text(encoding="utf-8").splitlines()
