"""Draw how honest the reader's confidence is: ``python -m lexicon.plot`` writes ``docs/calibration.svg``.

For each tenth of confidence, how often readings on the published test set were right; a dot's area is their number.
On the diagonal, a confidence of 80 % is right in 80 % of the cases.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from gm_map import catalogue
from gm_map.reader.reader import reader

__all__ = ["bins", "main"]

HERE = Path(__file__).resolve().parent
SIZE, EDGE = 360, 46


def bins(confidence, right, count=10) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right, and number of readings, for each interval that holds any.

    Parameters
    ----------
    confidence, right : array_like, shape (n,)
        Between 0 and 1; whether the reading was right.
    """
    confidence, right = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    step = np.minimum((confidence * count).astype(int), count - 1)
    found = []
    for at in range(count):
        here = step == at
        if here.any():
            found.append((float(confidence[here].mean()), float(right[here].mean()), int(here.sum())))
    return found


def main() -> int:
    """Read the test set with the shipped weights and draw."""
    shipped, plan = reader(), catalogue.load()
    names = [plan.industries[topic].name.zh if topic else "none" for topic in shipped.classes]
    with (HERE / "test.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    batch = shipped.read_many([row["text"] for row in rows])
    best = batch.order[:, 0]
    right = [names[at] in row["field"].split("|") for at, row in zip(best, rows, strict=True)]
    dots = bins(batch.confidence[np.arange(len(rows)), best], right)
    path = HERE.parent / "docs" / "calibration.svg"
    path.write_text(_svg(dots, len(rows)), encoding="utf-8", newline="\n")
    return 0


def _svg(dots, count) -> str:
    def at(x, y):
        return EDGE + x * (SIZE - 2 * EDGE), SIZE - EDGE - y * (SIZE - 2 * EDGE)

    marks = []
    for x, y, number in dots:
        left, top = at(x, y)
        radius = 2 + 16 * (number / count) ** 0.5
        marks.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="{radius:.1f}" fill="#1F5F7A" fill-opacity=".72"/>')
    ticks = []
    for step in range(0, 11, 2):
        share = step / 10
        left, bottom = at(share, 0)
        ticks.append(f'<text x="{left:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{step * 10}</text>')
        left, top = at(0, share)
        ticks.append(f'<text x="{left - 8:.1f}" y="{top + 4:.1f}" text-anchor="end">{step * 10}</text>')
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}"',
            ' font-family="sans-serif" font-size="11">',
            f"<title>Confidence against what was right, {count} texts of the published test set</title>",
            f'<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>',
            f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="#5B6A71"/>',
            f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#DDE2E2" stroke-dasharray="4 4"/>',
            *ticks,
            *marks,
            f'<text x="{SIZE / 2}" y="{SIZE - 8}" text-anchor="middle">confidence, %</text>',
            f'<text x="14" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 14 {SIZE / 2})">right, %</text>',
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
