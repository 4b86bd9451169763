"""The two languages say the same, the code asks for nothing that they do not have, and they hold nothing unasked."""

import ast
import doctest
import re
import string
from functools import cache

import pytest

from gm_map import messages
from gm_map.messages import LANGUAGES, LOCALE, Messages
from gm_map.model import Said, Text
from tree import ROOT, python_files

CALLED = {"t", "messages"}  # what a catalogue of messages is called where it is used
KEY = re.compile(r"[a-z]+\.[a-z0-9_-]+( [a-z]+)*")


def placeholders(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


@cache
def constants():
    """Every text in the code, and the patterns of those that are put together, with those that a call asks for."""
    texts, patterns, asked = set(), set(), []
    for path in python_files("app.py", "views", "layers", "gm_map"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(pattern(node))
            elif isinstance(node, ast.Call) and node.args and name_of(node.func) in CALLED:
                asked += [(path.relative_to(ROOT), node.lineno, option) for option in options(node.args[0])]
    return texts, patterns, asked


@cache
def scripted():
    """Pattern of the keys that scripts ask for: those of a section handed over whole, by the names used in a script."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "map").glob("*.js"))
    names = set(re.findall(r"\b(?:words|w)\.(\w+)", code))
    names |= {re.escape(start) + ".+" for start in re.findall(r"\b(?:words|w)\[`(\w+_)\$", code)}
    sections = {
        node.args[0].value
        for path in python_files("app.py", "views", "layers")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and name_of(node.func) == "section"
    }
    return re.compile(rf"({'|'.join(sorted(sections))})\.({'|'.join(sorted(names))})")


def name_of(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def pattern(node):
    """The regular expression of an f-string: anything stands for each value."""
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)


def options(argument):
    """The keys that an argument may be: a text, a pattern, or either side of a condition."""
    if isinstance(argument, ast.IfExp):
        return options(argument.body) + options(argument.orelse)
    if isinstance(argument, ast.JoinedStr):
        return [pattern(argument)]
    return [re.escape(argument.value)] if isinstance(argument, ast.Constant) else []


def test_both_languages_have_the_same_keys():
    one, other = (Messages(language).keys() for language in LANGUAGES)
    assert one - other == set(), f"only in {LANGUAGES[0]}"
    assert other - one == set(), f"only in {LANGUAGES[1]}"


def test_no_key_stands_twice():
    for language in LANGUAGES:
        keys = re.findall(r'^msgid "(.+)"$', (LOCALE / f"{language}.po").read_text(encoding="utf-8"), re.MULTILINE)
        assert len(keys) == len(set(keys)), sorted(key for key in set(keys) if keys.count(key) > 1)


@pytest.mark.parametrize("key", sorted(Messages("en").keys()))
def test_a_message_is_whole_in_both_languages(key):
    found = {}
    for language in LANGUAGES:
        t = Messages(language)
        names = placeholders(t._messages[key])
        found[language] = names
        assert t(key, **dict.fromkeys(names, 1)), language
    assert found["zh"] == found["en"], "the placeholders differ"
    assert KEY.fullmatch(key), "a key is area.name, in small letters"


def test_every_key_that_is_asked_for_is_there():
    keys = Messages("en").keys()
    missing = [
        (str(path), line, key) for path, line, key in constants()[2] if not any(re.fullmatch(key, k) for k in keys)
    ]
    assert not missing


def test_no_key_is_there_unasked():
    texts, patterns, _ = constants()
    put_together = re.compile("|".join(p for p in sorted(patterns) if re.match(r"[a-z]+\\\.", p)))
    unused = [key for key in sorted(Messages("en").keys()) if key not in texts and not put_together.fullmatch(key)]
    unused = [key for key in unused if not scripted().fullmatch(key)]
    assert not unused


def test_the_examples_in_the_descriptions_come_out():
    assert doctest.testmod(messages).attempted
    assert doctest.testmod(messages).failed == 0


def test_calls_are_seen():
    assert len(constants()[2]) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_misses_is_an_error(language):
    t = Messages(language)
    with pytest.raises(KeyError):
        t("nothing.of_the_kind")
    with pytest.raises(KeyError):
        t("cli.cannot_write", file="map.html")  # without its reason


def test_a_message_within_a_message_is_told_in_the_same_language():
    names = (Text("白花", "Baihua"), Text("翠湖", "Cuihu"))
    inner = Said("cause.child_out", {"names": names, "area": "9.56"})
    told = [Messages(language)("verdict.derived", verdict=inner) for language in LANGUAGES]
    assert "白花、翠湖（9.56 km²）" in told[0]
    assert "Baihua, Cuihu (9.56 km²)" in told[1]


def test_a_language_that_nobody_wrote_is_refused():
    with pytest.raises(ValueError, match="there are zh, en"):
        Messages("fr")


@pytest.mark.parametrize("value", ["{0.__class__}", "{file}", "{{ 7*7 }}", "%s"])
def test_a_value_is_never_read_as_a_message(value):
    assert value in Messages("en")("cli.cannot_write", file=value, reason="")
