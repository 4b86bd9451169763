"""What is wrong with single features of a file, gathered while it is read; none of it stops the reading.

Codes and their facts (coordinates ``x``, ``y`` are in the layer's own system, None where there is no point):

- ``RING`` a ring cannot be a ring: ``why`` (``unclosed``: closed for the check; ``too few points``, ``not numbers``,
  ``not finite``, ``out of range``: left out), ``ring`` (0: the outer one), ``points``, ``x``, ``y``
- ``NULL_GEOMETRY`` no shape: ``why`` (``none``: the file has none; the words above; ``unreadable``: not in the format)
- ``WRONG_TYPE`` ``found``: a kind of geometry that is not known, or a line of a drawing that does not close
- ``UNREADABLE`` the feature breaks the format; its row stays, empty
- ``HAS_Z`` ``count`` features with heights, which were left out (row None)
- ``CURVES`` arcs were made lines of ``degrees`` a piece (row None)
- ``NAME_CUT`` ``column``, ``found``, ``kept`` characters
- ``CONTROL_CHARACTERS`` ``column``: characters that steer a screen or the direction of writing were taken out
- ``ENCODING_GUESSED`` ``declared``, ``used`` (row None); ``TEXT_DAMAGED`` ``column``: bytes that are no text in it
- ``MISSING_PART`` ``part``: of a Shapefile, ``.shx`` or ``.dbf`` (row None)
- ``LAYER_SKIPPED`` ``layer``: a view of a database, which is not run (row None)
- ``LINK_IGNORED`` ``count`` links to other files, which are not followed (row None)
- ``MORE_TROUBLES`` ``code``, ``count``: of this kind there are so many more (row None)
"""

from collections import Counter
from typing import Any

from gm_map.check.results import Trouble

__all__ = ["Troubles"]

MOST_OF_A_KIND = 1_000


class Troubles:
    """A list of troubles that does not grow without end: of each code the first `MOST_OF_A_KIND`."""

    def __init__(self):
        self._found: list[Trouble] = []
        self._count: Counter[str] = Counter()
        self._rows: set[int] = set()

    def add(self, code: str, row: int | None = None, **facts: Any) -> None:
        """Note one."""
        self._count[code] += 1
        if self._count[code] <= MOST_OF_A_KIND:
            self._found.append(Trouble(code, row, facts))
        if row is not None and code in ("RING", "NULL_GEOMETRY", "WRONG_TYPE", "UNREADABLE"):
            self._rows.add(row)

    def explains(self, row: int) -> bool:
        """Whether it was said already why a row has no shape."""
        return row in self._rows

    def all(self) -> tuple[Trouble, ...]:
        """All of them, those of the whole layer first, then by row."""
        more = [
            Trouble("MORE_TROUBLES", None, {"code": code, "count": count - MOST_OF_A_KIND})
            for code, count in sorted(self._count.items())
            if count > MOST_OF_A_KIND
        ]
        return tuple(sorted([*self._found, *more], key=lambda one: -1 if one.row is None else one.row))
