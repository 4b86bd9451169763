"""The table of a layer: columns with names of their own, values as plain Python, texts that steer nothing.

Formulas and markup stay text as they stood: whoever shows or writes them guards his own door.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from gm_map.check.intake_trouble import Troubles

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "clean", "decoded", "table", "unique"]

LONGEST_NAME, LONGEST_TEXT = 200, 2_000  # characters: of columns that name something, of others
CONTROLS = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064"
    "\\u2066-\\u206f\\ud800-\\udfff\\ufeff\\ufffe\\uffff]"
)
NAMING = re.compile("name|title|label|layer|text|folder|[名称標标]|^(id|mc|bh)$", re.IGNORECASE)
SHORTEST_CUT = 8  # bytes: a field that is shorter is not full, and its end no accident
WESTERN = {"iso8859-1", "cp1252", "latin-1", "ascii"}


def clean(text: str) -> str:
    """A text without characters that steer a screen or the direction of writing; ends of lines and tabs stay."""
    return CONTROLS.sub("", text)


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Names of columns or layers: cleaned, cut, numbered where they are empty, with a suffix where they stand twice."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        name = clean(str(name)).strip()[:LONGEST_NAME] or f"column_{place}"
        suffix, free = 2, name
        while free in found:
            free, suffix = f"{name}_{suffix}", suffix + 1
        found[free] = None
    return tuple(found)


def table(names: Sequence[str], columns: Sequence[Sequence], troubles: Troubles) -> Mapping[str, tuple]:
    """Columns as a layer holds them.

    Parameters
    ----------
    names : sequence of str
        As the file has them; they may be empty or stand twice.
    columns : sequence of sequence
        The values of each, one a feature.
    troubles : Troubles
        Gets ``NAME_CUT`` and ``CONTROL_CHARACTERS``.

    Returns
    -------
    mapping of str to tuple
        Values are str, int, float, bool or None (also for what is not a number); what is nested comes as JSON.
    """
    found = {}
    for raw, name, values in zip(names, unique(names), columns, strict=True):
        if clean(str(raw)) != str(raw):
            troubles.add("CONTROL_CHARACTERS", column=name)
        if len(str(raw)) > LONGEST_NAME:
            troubles.add("NAME_CUT", column=name, found=len(str(raw)), kept=LONGEST_NAME)
        most = LONGEST_NAME if NAMING.search(name) else LONGEST_TEXT
        found[name] = tuple(_value(value, row, name, most, troubles) for row, value in enumerate(values))
    return MappingProxyType(found)


def _value(value: Any, row: int, column: str, most: int, troubles: Troubles):
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        value = value[:32].hex()
    elif not isinstance(value, str):
        try:
            value = json.dumps(value, ensure_ascii=False, default=str)
        except (ValueError, RecursionError):
            value = ""
    if CONTROLS.search(value):
        troubles.add("CONTROL_CHARACTERS", row, column=column)
        value = clean(value)
    if len(value) > most:
        troubles.add("NAME_CUT", row, column=column, found=len(value), kept=most)
        value = value[:most]
    return value


# Bytes in an encoding that is not sure


def decoded(
    columns: Sequence[Sequence], declared: str | None, names: Sequence[str], troubles: Troubles
) -> tuple[list[list], list[str], str]:
    """Texts that came as bytes in the clothes of Latin-1, in the encoding that they are in.

    Parameters
    ----------
    columns : sequence of sequence
        Values; only str are looked at, each character of theirs one byte.
    declared : str or None
        Encoding that the file names, as Python calls it; it counts where it fits. One for western languages does not
        where the bytes are good UTF-8 or GB18030: it is what programs write that do not know better.
    names : sequence of str
        Of the columns, in the same clothes.
    troubles : Troubles
        Gets ``ENCODING_GUESSED`` where it does not fit, ``TEXT_DAMAGED`` for values with bytes that are no text.

    Returns
    -------
    tuple
        The columns, their names, and the encoding.
    """
    texts = {
        value for column in (names, *columns) for value in column if isinstance(value, str) and not value.isascii()
    }
    raw = [value.encode("latin-1") for value in texts if _is_bytes(value)]
    used = declared or "utf-8"
    if raw and (declared is None or declared in WESTERN or not _fits(raw, declared)):
        used = next((encoding for encoding in ("utf-8", "gb18030") if _fits(raw, encoding)), declared or "gb18030")
        if declared is not None and used != declared:
            troubles.add("ENCODING_GUESSED", declared=declared, used=used)
    named = [_text(name, used, None, name, troubles) for name in names]
    values = [
        [_text(value, used, row, name, troubles) for row, value in enumerate(column)]
        for name, column in zip(named, columns, strict=True)
    ]
    return values, named, used


def _is_bytes(text: str) -> bool:
    return all(ord(character) < 256 for character in text)


def _fits(raw: Iterable[bytes], encoding: str) -> bool:
    return all(_decoded(value, encoding) is not None for value in raw)


def _decoded(value: bytes, encoding: str) -> str | None:
    """The text, or None; a field that is full may end in the middle of a character."""
    for cut in range(4 if len(value) >= SHORTEST_CUT else 1):
        try:
            return value[: len(value) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.end < len(value) - cut:
                return None
    return None


def _text(value: Any, encoding: str, row: int | None, column: str, troubles: Troubles):
    if not isinstance(value, str) or value.isascii() or not _is_bytes(value):
        return value
    raw = value.encode("latin-1")
    text = _decoded(raw, encoding)
    if text is None:
        troubles.add("TEXT_DAMAGED", row, column=clean(column))
        return raw.decode(encoding, errors="replace")
    return text
