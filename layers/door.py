"""The one door that every text passes on its way to a page.

Folium's renderer (branca) reads script that it has already rendered a second time as a Jinja template, so a name such
as ``{{ 7*7 }}`` would run in Python; HTML escaping does not stop it. And in the browser a raw value is markup. Hence
three ways out, and no other: a literal for script, entities for HTML, backslashes for Markdown. Each leaves the reader
with the very characters that came in.
"""

import json
import re

__all__ = ["html", "literal", "markdown"]

# What could begin or end something in Jinja, HTML, a template literal or a line of JavaScript.
_SCRIPT = re.compile("[{}%#<>&'`$\u2028\u2029]")
_ENTITY = re.compile(r"[&<>\"'`${}\\%]")
# Everything that Markdown, its colour and icon shorthands, its links and its mathematics are made of.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@\"'/])")


def literal(value) -> str:
    """A value as a JavaScript literal that is inert in Jinja, in HTML and in template strings.

    Parameters
    ----------
    value : JSON-like
        Mappings, sequences, text, numbers, booleans, None. Text may hold anything, lone surrogates included.

    Returns
    -------
    str
        JSON in which, inside of text, every character with a meaning elsewhere is written ``\\uXXXX``. Two opening
        braces never stand side by side, because between them JSON always has a quotation mark.

    Raises
    ------
    ValueError
        For a number that JSON does not have (NaN, infinity).
    """
    encoded = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (
        re.sub(r'"(?:[^"\\]|\\.)*"', lambda text: _SCRIPT.sub(_escape, text.group()), encoded, flags=re.DOTALL)
        .encode("utf-8", "surrogatepass")
        .decode("utf-8", "replace")
    )


def _escape(character) -> str:
    return f"\\u{ord(character.group()):04x}"


def html(text) -> str:
    """Text as HTML entities, for the few places where a page is written rather than drawn (its title, its notes)."""
    return _ENTITY.sub(lambda found: f"&#{ord(found.group())};", str(text))


def markdown(text) -> str:
    """Text as Markdown that shows the same characters: no link, image, icon, colour or formula comes of it."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
