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


@pytest.fixture
def run(capsys):
    """The command line as a function: arguments in; exit code, output and errors out."""
    from gm_map.cli import main

    def run_it(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(list(arguments))
        except SystemExit as stop:  # how argparse refuses
            code = stop.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_it
