"""Kinds of value that a field can hold, and the reading of one record: what does not fit is a fault with its remedy."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from gm_map.errors import Fault
from gm_map.model import Basis, Citation, Level, Standing, TermKind

__all__ = ["CITATION", "KINDS", "NAME_LENGTH", "NESTED", "PHRASE_LENGTH", "Column", "parse", "show", "strangers"]

NAME_LENGTH = 80
INVISIBLE = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
PHRASE_LENGTH = 30  # a citation points at a sentence: it does not copy it

IDS = {
    "place": r"corridor-\d|zone-\d|cluster-\d|unit-\d\d",
    "industry": r"industry-\d",
    "field": r"field-\d\d",
    "topic": r"topic-\d\d",
    "term": r"term-\d{3}",
    "outside": r"outside-\d\d",
    "indicator": r"indicator-\d\d",
    "glossary": r"glossary-\d\d",
    "roadmap": r"roadmap-\d",
    "programme": r"programme-\d",
    "policy": r"policy-\d",
    "phase": r"roadmap-\d-phase-\d",
    "task": r"(roadmap|programme)-\d-task-\d",
    "measure": r"policy-\d-measure-\d",
    "oddity": r"oddity-\d\d",
    "claim": r"claim-\d{3}",
    "figure": r"figure-\d\d",
    "fact": r"fact-\d{2,3}",
    "source": r"[a-z0-9]+(-[a-z0-9]+)*",
    "thing": r"[a-z]+(-[a-z0-9]+)+",
}

WORDS = {
    "level": Level,
    "standing": Standing,
    "basis": Basis,
    "term_kind": TermKind,
    "fact_kind": ("location", "side", "function", "facility", "link", "role"),
    "method": ("indicative",),
    "background": (
        *("district", "neighbour", "street", "street_label", "road", "expressway"),
        *("longda", "metro", "rail_hsr", "station", "station_hsr"),
    ),
    "decidable": ("outside data", "indicative", "not yet"),
    "oddity_kind": (
        *("naming", "duplicate", "inconsistency", "gap", "numbers", "content"),
        *("glossary", "structure", "markup", "typo", "reader"),
    ),
}  # fmt: skip


class NotOfKindError(Exception):
    """A value that is not of its kind: what was wanted instead, and the way out."""

    def __init__(self, wanted: str, remedy: str):
        super().__init__(wanted)
        self.wanted, self.remedy = wanted, remedy


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a file: its name, the kind of its values and what that needs, and whether it must be filled."""

    name: str
    kind: str
    argument: str = ""
    required: bool = True


CITATION = tuple(
    Column(*pair)
    for pair in [("section", "text"), ("paragraph", "ordinal"), ("sentence", "ordinal"), ("phrase", "phrase")]
)


def show(value: Any, limit: int = 60) -> str:
    """``value`` as it may stand in an error sentence: short, on one line, nothing invisible in it."""
    text = "nothing" if value in (None, "") else value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: limit + 1])
    return text if len(text) <= limit else text[:limit] + "…"


def _text(raw: Any, _: str = "") -> str:
    if not isinstance(raw, str):
        raise NotOfKindError("text", "put it in quotation marks")
    for character in raw:
        # What cannot be seen cannot be checked: controls, halves of surrogate pairs, marks that turn the direction.
        if unicodedata.category(character) in ("Cc", "Cs") or character in INVISIBLE:
            raise NotOfKindError("text without control characters", f"delete U+{ord(character):04X}")
    if raw != raw.strip():
        raise NotOfKindError("text without blanks at its ends", "delete the blanks")
    return raw


def _name(raw: Any, _: str = "") -> str:
    if len(_text(raw)) > NAME_LENGTH:
        raise NotOfKindError(f"a name of at most {NAME_LENGTH} characters", f"shorten it: it has {len(raw)}")
    return raw


def _phrase(raw: Any, _: str = "") -> str:
    if len(_text(raw)) > PHRASE_LENGTH:
        raise NotOfKindError(
            f"a phrase of at most {PHRASE_LENGTH} characters", f"keep the words that matter: it has {len(raw)}"
        )
    if "。" in raw:
        raise NotOfKindError("a phrase within one sentence", "cut it before “。”")
    return raw


def _slug(raw: Any, _: str = "") -> str:
    if not re.fullmatch(r"[a-z]+([_-][a-z]+)*", _text(raw)):
        raise NotOfKindError("small letters, joined by _ or -", "write it like located_in")
    return raw


def _id(raw: Any, kind: str) -> str:
    if not re.fullmatch(IDS[kind], _text(raw), re.ASCII):
        form = IDS[kind].replace("|", " or ").replace(r"\d{3}", "000").replace(r"\d", "0")
        raise NotOfKindError(f"an id of the form {form}", "correct it; names never stand for ids")
    return raw


def _word(raw: Any, list_name: str) -> str:
    words = WORDS[list_name]
    if _text(raw) not in tuple(words):
        near = get_close_matches(raw, tuple(words), 1)
        raise NotOfKindError("one of " + ", ".join(words), f"write “{near[0]}”" if near else "take one of these words")
    return words(raw) if isinstance(words, type) else raw


def _number(raw: Any, _: str = "") -> float:
    if isinstance(raw, str) and re.fullmatch(r"-?\d+(\.\d+)?", raw, re.ASCII):
        return float(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
        return float(raw)
    raise NotOfKindError("a number", "write ASCII digits and a point only, with no unit and no thousands mark")


def _series(raw: Any, _: str = "") -> tuple[float | None, ...]:
    """Numbers in a row, parted by “|”, with “–” where one misses."""
    return tuple(None if part == "–" else _number(part) for part in _text(raw).split("|"))


def _metres(raw: Any, _: str = "") -> float:
    if (value := _number(raw)) < 0:
        raise NotOfKindError("a number from 0", "a length, or an uncertainty, has no sign")
    return value


def _km2(raw: Any, _: str = "") -> float:
    if not 0 < (value := _number(raw)) < 1000:
        raise NotOfKindError("an area in km² between 0 and 1000", "convert it: 1 km² = 100 公顷 = 1500 亩")
    return value


def _int(raw: Any, _: str = "") -> int:
    if isinstance(raw, str) and re.fullmatch(r"\d+", raw, re.ASCII):
        return int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    raise NotOfKindError("a whole number", "write ASCII digits only")


def _ordinal(raw: Any, _: str = "") -> int:
    if (value := _int(raw)) < 1:
        raise NotOfKindError("a whole number from 1", "lines and sentences are counted from 1")
    return value


def _flag(raw: Any, _: str = "") -> bool:
    if raw in ("yes", True):
        return True
    if raw in ("no", False):
        return False
    raise NotOfKindError("yes or no", "write one of the two words")


def _many(one):
    def parse_many(raw: Any, argument: str) -> tuple:
        parts = raw.split("|") if isinstance(raw, str) else raw
        if not isinstance(parts, list):
            raise NotOfKindError("a list", "write “- ” before each, or “|” between them in a table")
        values = tuple(one(part, argument) for part in parts)
        if "" in values:
            raise NotOfKindError("a list without gaps", "delete the “|” too many")
        if len(set(values)) != len(values):
            raise NotOfKindError("a list without repetitions", "delete what stands twice")
        return values

    return parse_many


# A reference has the form of any id; whether it leads anywhere is asked when all files are read.
KINDS = {
    "text": _text,
    "name": _name,
    "phrase": _phrase,
    "slug": _slug,
    "id": _id,
    "word": _word,
    "number": _number,
    "km2": _km2,
    "int": _int,
    "metres": _metres,
    "ordinal": _ordinal,
    "series": _series,
    "flag": _flag,
    "ref": _text,
    "ids": _many(_id),
    "names": _many(_name),
    "refs": _many(_text),
    "ints": _many(_ordinal),
}
NESTED = ("list", "record")  # records below a record: `gm_map.tables` walks down to them
_NOTHING = {"text": "", "name": "", "names": (), "ids": (), "refs": (), "ints": (), "list": ()}


def parse(
    raw: Mapping[str, Any], columns: Iterable[Column], place: str, faults: list[Fault], prefix: str = ""
) -> dict[str, Any]:
    """Read the plain fields of one record; records below it are left to `gm_map.tables`.

    Returns
    -------
    dict
        Value by field name: the kind's empty value for what was left out, and nothing for what could not be read and
        stands in ``faults``.
    """
    values: dict[str, Any] = {}
    for column in columns:
        found, name = raw.get(column.name), prefix + column.name
        if found in (None, "") or found == []:
            values[column.name] = _NOTHING.get(column.kind)
            if column.required:
                faults.append(Fault(place, name, "nothing", "a value", "fill it in: it must not be empty"))
        elif column.kind == "citation":
            values[column.name] = _citation(found, place, name, faults)
        elif column.kind not in NESTED:
            try:
                values[column.name] = KINDS[column.kind](found, column.argument)
            except NotOfKindError as refusal:
                faults.append(Fault(place, name, show(found), refusal.wanted, refusal.remedy))
    return values


def _citation(raw: Any, place: str, name: str, faults: list[Fault]) -> Citation | None:
    # In a table the four parts are columns of their own and keep their names; in YAML they stand under “cite”.
    prefix = "" if name == "citation" else f"{name}."
    if not isinstance(raw, Mapping):
        faults.append(
            Fault(place, name, show(raw), "section, paragraph, sentence and phrase", "write the four as a mapping")
        )
        return None
    before = len(faults)
    faults.extend(strangers(raw, CITATION, place, prefix))
    parts = parse(raw, CITATION, place, faults, prefix)
    return Citation(**parts) if len(faults) == before else None


def strangers(raw: Iterable[Any], columns: Iterable[Column], place: str, prefix: str = "") -> list[Fault]:
    """Faults for fields that no column of ``columns`` knows, each with the name that was probably meant."""
    names = [column.name for column in columns]
    faults = []
    for name in raw:
        if name not in names:
            near = get_close_matches(str(name), names, 1)
            remedy = f"write “{near[0]}”" if near else "delete it, or add it to fields.csv"
            faults.append(Fault(place, show(name), "a field that nobody knows", "only " + ", ".join(names), remedy))
    return faults
