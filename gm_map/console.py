"""What the commands print: tables in columns, JSON, and how far a long piece of work is."""

import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence

from gm_map.messages import Messages

__all__ = ["Progress", "print_json", "print_table"]


def print_json(value: object) -> int:
    """Print a value as JSON, Chinese as Chinese; 0, for a command to return."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
    return 0


def print_table(rows: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> None:
    """Print rows in columns.

    Parameters
    ----------
    rows : sequence of sequence of str
        All of one length; the first are the names of the columns.
    numbers : iterable of int
        Columns that are set to the right.
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    right = frozenset(numbers)
    for row in rows:
        cells = []
        for position, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(gap + cell if position in right else cell + gap)
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns that a terminal gives to a text: two for each character of Chinese."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class Progress:
    """Rows done and the time left, on one line of a terminal; nothing where nobody looks."""

    def __init__(self, t: Messages):
        self._t, self._start = t, time.monotonic()
        self._shown = sys.stderr.isatty()
        self._open = False

    def __call__(self, rows: int, share: float | None = None) -> None:
        """Show that so many rows are done, and what share (0 to 1) of the whole they are, where that is known."""
        if not self._shown:
            return
        left = self._left(share) if share else ""
        print(f"\r\x1b[K{self._t('cli.progress', rows=f'{rows:,}')}{left}", end="", file=sys.stderr, flush=True)
        self._open = True

    def _left(self, share: float) -> str:
        seconds = round((time.monotonic() - self._start) * (1 - share) / share)
        return self._t("cli.progress_left", share=f"{share:.0%}", left=f"{seconds // 60}:{seconds % 60:02}")

    def end(self) -> None:
        """Leave the line."""
        if self._open:
            print(file=sys.stderr)
            self._open = False
