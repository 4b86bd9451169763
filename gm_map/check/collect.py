"""Findings while they are being found: named, pointed at, and kept to a number that somebody can read."""

import math
from collections import Counter
from collections.abc import Sequence

from gm_map.check.codes import CODES
from gm_map.check.results import Finding, Identity, Layer, Severity
from gm_map.check.thresholds import THRESHOLDS, Thresholds

__all__ = ["Findings", "km2_text", "m2_text", "metres_text"]

# What a column with the name of a feature is called, where nobody has looked which place it is.
NAMES = ("name", "名称", "名字", "单元名称", "label", "title", "标注", "id")


class Findings:
    """The findings of one set of rules.

    Parameters
    ----------
    layer : Layer
    identities : sequence of Identity
        Which place each row is; may be empty.
    thresholds : Thresholds
    """

    def __init__(self, layer: Layer, identities: Sequence[Identity] = (), thresholds: Thresholds = THRESHOLDS):
        self._places = {one.row: one for one in identities}
        self._names = _names(layer)
        self._thresholds = thresholds
        self._found: list[Finding] = []
        self._in_feature: Counter = Counter()
        self._of_code: Counter = Counter()
        self._more: dict[str, list[int | None]] = {}

    def name(self, row: int) -> str:
        """What the file calls a feature; its number, counted from 1, where it has no name."""
        known = self._places.get(row)
        return (known.name if known else "") or self._names.get(row, "") or f"#{row + 1}"

    def add(
        self,
        code: str,
        row: int | None,
        point: tuple[float, float] | None,
        *,
        severity: Severity | None = None,
        fixable: bool | None = None,
        others: Sequence[int] = (),
        place_id: str | None = None,
        name: str | None = None,
        **facts,
    ) -> None:
        """Add a finding; severity and whether it can be mended are the table's where they are not given.

        Where there are too many of a code it is only counted; see `all`.
        """
        self._in_feature[code, row] += 1
        listed = (
            self._in_feature[code, row] <= self._thresholds.most_per_feature
            and self._of_code[code] < self._thresholds.most_per_code
        )
        if not listed and row is not None:
            self._more.setdefault(code, []).append(row)
            return
        self._of_code[code] += 1
        known = self._places.get(row)
        if point is None or not all(map(math.isfinite, point)):
            point = (None, None)
        self._found.append(
            Finding(
                code=code,
                severity=CODES[code].severity if severity is None else severity,
                row=row,
                place_id=place_id or (known.place_id if known else None),
                name=(("" if row is None else self.name(row)) if name is None else name),
                facts=facts,
                lon=point[0],
                lat=point[1],
                others=tuple(others),
                fixable=CODES[code].fixable if fixable is None else fixable,
            )
        )

    def count(self, code: str, rows: Sequence[int | None]) -> None:
        """Count further findings of a code, one in each of these rows, that nobody looked at one by one."""
        if len(rows):
            self._more.setdefault(code, []).extend(rows)

    def all(self) -> list[Finding]:
        """What was found, and for each code of which there was more than is listed, how many more and in which rows."""
        more = [
            Finding(
                code="MORE_FINDINGS",
                severity=CODES["MORE_FINDINGS"].severity,
                row=None,
                place_id=None,
                name=code,
                facts={"of": code, "count": len(rows)},
                others=tuple(sorted({row for row in rows if row is not None})),
            )
            for code, rows in self._more.items()
        ]
        return [*self._found, *more]


def _names(layer: Layer) -> dict[int, str]:
    columns = {column.strip().lower(): column for column in layer.attributes}
    for wanted in NAMES:
        if wanted in columns:
            values = layer.attributes[columns[wanted]]
            return {row: str(value) for row, value in enumerate(values) if value not in (None, "")}
    return {}


def metres_text(metres: float) -> str:
    """A length for a sentence: whole metres from 10 on, decimetres from 1 on, centimetres below."""
    return f"{metres:.0f}" if metres >= 10 else f"{metres:.1f}" if metres >= 1 else f"{metres:.2f}"


def m2_text(m2: float) -> str:
    """An area for a sentence, in square metres."""
    return f"{m2:.0f}" if m2 >= 10 else f"{m2:.1f}"


def km2_text(m2: float) -> str:
    """An area in square metres as square kilometres for a sentence: three digits that count, not below a metre."""
    km2 = m2 / 1e6
    return f"{km2:.2f}" if km2 >= 10 else f"{km2:.3f}" if km2 >= 0.01 else f"{km2:.6f}".rstrip("0")
