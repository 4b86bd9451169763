"""The table of rules: whole, in both languages, and the same as its page."""

from __future__ import annotations

import ast

import pytest

from gm_map.check import codes
from gm_map.check.codes import CODES
from gm_map.check.results import Severity
from gm_map.messages import LANGUAGES, Messages
from tree import python_files

# The codes that every check of a layer has to know.
WANTED = (
    *("SELF_INTERSECTION", "SPIKE", "DUPLICATE_VERTEX", "RING", "NULL_GEOMETRY", "EMPTY_GEOMETRY", "WRONG_TYPE"),
    *("OVERLAP", "GAP", "SLIVER", "DUPLICATE", "OUTSIDE_DISTRICT", "OUTSIDE_PARENT", "MISSING_PLACE", "EXTRA_PLACE"),
    *("UNKNOWN_NAME", "AREA_DISAGREES", "COARSE_PRECISION", "CRS_ASSUMED", "DATUM_SHIFT", "AXES_SWAPPED"),
)
KEYS = {language: Messages(language).keys() for language in LANGUAGES}


def test_the_wanted_codes_are_there():
    assert set(WANTED) <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_is_whole_in_both_languages(code):
    one = CODES[code]
    assert one.code == code == code.upper()
    assert codes.severity(code) == one.severity
    for text in (one.meaning, one.remedy):
        assert text.zh
        assert text.en
        assert not text.zh.endswith("。")
        assert "!" not in text.en
    assert all(f"finding.{code.lower()}" in KEYS[language] for language in LANGUAGES)


def test_every_sentence_belongs_to_a_rule():
    sentences = {key for key in KEYS["en"] if key.startswith("finding.")}
    assert sentences == {f"finding.{code.lower()}" for code in CODES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_be_mended_has_a_sentence_for_the_change(language):
    changed = {key for key in KEYS[language] if key.startswith("check.change_")}
    assert changed == {f"check.change_{code.lower()}" for code, one in CODES.items() if one.fixable} | {
        "check.change_ring"  # one that was open is closed in what is written
    }


def test_no_rule_asks_for_a_code_that_the_table_has_not():
    named = set()
    for path in python_files("gm_map/check"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") == "add"
                and getattr(node.func.value, "id", "") in ("found", "troubles")
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                named.add(node.args[0].value)
    assert len(named) > 20
    assert named <= set(CODES)


def test_a_rule_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        codes.severity("NO_SUCH_RULE")


def test_the_table_says_what_the_rules_are():
    rows = {language: codes.table(language) for language in LANGUAGES}
    assert [row[:3] for row in rows["zh"]] == [row[:3] for row in rows["en"]]
    assert len(rows["zh"]) == len(CODES)
    assert {row[1] for row in rows["en"]} == {str(severity) for severity in Severity}


def test_the_page_is_what_the_table_gives(root):
    page = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    assert page == codes.markdown(), "write it again: codes.markdown()"
