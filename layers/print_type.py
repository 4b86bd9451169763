"""The typeface of the printed sheets: what it can draw, how wide it is, and its outlines."""

import io
from functools import cache
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

__all__ = ["FOLDER", "Face", "face", "lacking", "narrow", "spelled"]

FOLDER = Path(__file__).resolve().parent.parent / "static" / "fonts" / "print"
# In a Chinese typeface these are as wide as a Chinese character; English wants the narrow ones.
_WIDE = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
# Drawn as nothing by whoever sets type, whether the typeface has them or not.
_NO_GLYPH = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}


class Face:
    """One weight.

    Parameters
    ----------
    style : {"Regular", "Bold"}
    """

    def __init__(self, style):
        self._font = TTFont(io.BytesIO((FOLDER / f"GMSansSC-{style}.otf").read_bytes()), lazy=True)
        self._names = self._font.getBestCmap()
        self._glyphs = self._font.getGlyphSet()
        self.units = self._font["head"].unitsPerEm
        self._drawn = {}

    def has(self, character) -> bool:
        """Whether it can draw a character."""
        return ord(character) in self._names or character in _NO_GLYPH

    def width(self, text, size, tracking=0.0) -> float:
        """Width of a line without kerning, in the unit of ``size`` and ``tracking``."""
        glyphs = [self._glyphs[self._names.get(ord(character), ".notdef")] for character in text]
        return sum(glyph.width for glyph in glyphs) * size / self.units + tracking * len(text)

    def outline(self, text, tracking=0.0) -> str:
        """A line as SVG path data in units of the font, y upwards, from the origin; ``tracking`` in those units."""
        told, at = [], 0.0
        for character in text:
            name = self._names.get(ord(character), ".notdef")
            if name not in self._drawn:
                pen = SVGPathPen(self._glyphs)
                self._glyphs[name].draw(pen)
                self._drawn[name] = pen.getCommands()
            told.append((at, self._drawn[name]))
            at += self._glyphs[name].width + tracking
        return "".join(f'<path transform="translate({x:g} 0)" d="{commands}"/>' for x, commands in told if commands)


@cache
def face(bold=False) -> Face:
    """The regular weight, or the bold one."""
    return Face("Bold" if bold else "Regular")


def narrow(text) -> str:
    """English text with quotation marks that are no wider than letters."""
    return text.translate(_WIDE)


def lacking(text) -> str:
    """The characters of a text that the typeface cannot draw, each once, in order."""
    regular, bold = face(), face(bold=True)
    return "".join(dict.fromkeys(c for c in text if c.isprintable() and not (regular.has(c) and bold.has(c))))


def spelled(text, longest=200) -> str:
    """A text as one line that can be set: blanks single, what cannot be drawn written as its code, cut if very long.

    >>> spelled("a\\u2082 b")
    'a[U+2082] b'
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    missing = frozenset(lacking(text))
    return "".join(f"[U+{ord(character):04X}]" if character in missing else character for character in text)
