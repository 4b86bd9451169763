"""The rules of a check: one table of codes, from which pages, reports and the documentation are made."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from gm_map.check.results import Severity
from gm_map.model import Text

__all__ = ["CODES", "Code", "markdown", "severity", "table"]

TABLE = Path(__file__).resolve().parent / "codes.csv"


@dataclass(frozen=True, slots=True)
class Code:
    """A rule: how much it matters at most, whether it can be mended, what it means and what to do about it."""

    code: str
    severity: Severity
    fixable: bool
    meaning: Text
    remedy: Text


@cache
def _read() -> Mapping[str, Code]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    codes = {
        row["code"]: Code(
            row["code"],
            Severity(row["severity"]),
            {"yes": True, "": False}[row["fixable"]],
            Text(row["meaning"], row["meaning_en"]),
            Text(row["remedy"], row["remedy_en"]),
        )
        for row in rows
    }
    if len(codes) != len(rows):
        raise ValueError(f"{TABLE.name}: a code stands twice")
    return MappingProxyType(codes)


CODES: Mapping[str, Code] = _read()


def severity(code: str) -> Severity:
    """How much a finding of this code matters at most; a rule may say that one matters less. KeyError if unknown."""
    return CODES[code].severity


def table(language: str) -> list[tuple[str, str, str, str, str]]:
    """The rules as rows of text: code, severity, whether it can be mended, meaning, remedy.

    Parameters
    ----------
    language : str
        ``"zh"`` or ``"en"``: that of meaning and remedy.
    """
    return [
        (one.code, str(one.severity), "yes" if one.fixable else "", one.meaning.of(language), one.remedy.of(language))
        for one in CODES.values()
    ]


def markdown() -> str:
    """The page ``docs/checking.md``: the rules in both languages, as the table has them."""
    lines = [_HEAD]
    for language in ("zh", "en"):
        head = _COLUMNS[language]
        lines += [f"\n## {_TITLE[language]}\n", _line(head), _line("---" for _ in head)]
        words = _SEVERITIES[language]
        for code, how_much, fixable, meaning, remedy in table(language):
            mends = words["yes"] if fixable else ""
            lines.append(_line([f"`{code}`", words[how_much], mends, meaning, remedy]))
    return "\n".join(lines) + "\n"


def _line(cells) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


_HEAD = """\
# Rules of a check · 检查规则

Made from `gm_map/check/codes.csv` by `gm_map.check.codes.markdown`; a test holds the two together. The severity is
the highest that a finding of the code can have: what lies within the doubt of an outline is said as a note. Thresholds,
each with its reason, stand in `gm_map/check/thresholds.py`.

本页由 `gm_map/check/codes.csv` 生成。严重程度为该代码的最高级别；在边界误差以内的只作提示。"""
_TITLE = {"zh": "规则", "en": "Rules"}
_COLUMNS = {
    "zh": ("代码", "程度", "可修复", "含义", "处理"),
    "en": ("code", "severity", "mends", "meaning", "remedy"),
}
_SEVERITIES = {
    "zh": {"error": "错误", "warning": "警告", "note": "提示", "yes": "是"},
    "en": {"error": "error", "warning": "warning", "note": "note", "yes": "yes"},
}
