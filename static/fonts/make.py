"""Make the two web fonts beside this file: ``python static/fonts/make.py``.

Source: Noto Sans CJK 2.004, face SC, from Debian's package ``fonts-noto-cjk``. Kept: all of GB 2312, Latin letters,
the punctuation and signs of :data:`SIGNS`, and every other character that the project's own texts use today.
The result depends on nothing else (no clock, no order of files): run twice, it gives the same bytes.
``tests/test_fonts.py`` fails when a text of the project needs a character that these files lack.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PRINT = HERE / "print"
DEBIAN_FOLDER = Path("/usr/share/fonts/opentype/noto")
SOURCE_FACE = "Noto Sans CJK SC"
# A name of our own: the files are a modified version, "Source" is reserved by the licence and "Noto" is a trademark.
FAMILY = "GM Sans SC"
WEIGHTS = ("Regular", "Bold")

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
SIGNS = "–—―‘’“”‚„†‡•…‰′″‹›※€№™←↑→↓↔↗↘−×÷±≈≠≤≥∞∑√∥∠⊙□■○●◎△▲▽▼◇◆★☆✓㎜㎝㎞㎡㎢㎥㎏¹²³⁴ΔΩαβγδμπσ"
# Where the project keeps text that a screen may show.
TEXT_FOLDERS = ("geodata/source", "gm_map", "layers", "views", "static/map")
TEXT_FILES = ("app.py",)
TEXT_SUFFIXES = {".csv", ".geojson", ".js", ".po", ".py", ".yaml"}
# Spacing of punctuation, kerning, ligatures: what a screen can ask for. Vertical writing and the Japanese, Korean and
# Taiwan forms of the same characters (locl) go: they are half of the file.
FEATURES = ["ccmp", "chws", "halt", "kern", "liga", "mark", "mkmk", "palt", "pnum", "tnum"]


def gb2312() -> set[int]:
    """Code points of GB 2312-80: 6,763 hanzi and 682 signs.

    Returns
    -------
    set of int
    """
    points = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                points.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # an empty place of the code table
    return points


def characters_of_the_project(root: Path = ROOT) -> set[int]:
    """Code points of every text file of the project that a screen may show.

    Parameters
    ----------
    root : Path
        Root folder of the project.

    Returns
    -------
    set of int
        Without control characters.
    """
    files = [root / name for name in TEXT_FILES]
    for folder in TEXT_FOLDERS:
        files += [path for path in (root / folder).rglob("*") if path.suffix in TEXT_SUFFIXES]
    texts = (path.read_text(encoding="utf-8") for path in files if path.is_file())
    return {ord(character) for text in texts for character in text if character.isprintable()}


def source_of(style: str) -> Path:
    """Debian's file for a weight."""
    return DEBIAN_FOLDER / f"NotoSansCJK-{style}.ttc"


def face(path: Path, name: str = SOURCE_FACE) -> TTFont:
    """The face of a font collection that carries this full name.

    Parameters
    ----------
    path : Path
        A ``.ttc`` file.
    name : str
        Family name (name id 1); the position of a face in the file is not relied upon.

    Returns
    -------
    TTFont
        Open; the caller closes it.

    Raises
    ------
    SystemExit
        When the file is missing or holds no such face; the sentence says what to install.
    """
    if not path.exists():
        raise SystemExit(f"{path.name} is not in {path.parent}; install Debian's package fonts-noto-cjk")
    with TTCollection(path, lazy=True) as collection:
        names = [font["name"].getDebugName(1) for font in collection]
    if name in names:
        return TTFont(path, fontNumber=names.index(name), lazy=True)
    raise SystemExit(f"{path.name} holds no face named {name}; is it version 2.004 of Noto Sans CJK?")


def rename(font: TTFont, style: str) -> None:
    """Give the font the project's own name, in the name table and in the CFF table.

    Parameters
    ----------
    font : TTFont
        Changed in place.
    style : str
        ``Regular`` or ``Bold``.
    """
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    version = font["name"].getDebugName(5).split(";")[0]
    for number, text in {
        1: FAMILY,
        2: style,
        3: f"{version}; {postscript}",
        4: FAMILY if style == "Regular" else f"{FAMILY} {style}",
        5: version,
        6: postscript,
        10: f"A subset of {SOURCE_FACE} for the web, under the same licence.",
    }.items():
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FamilyName, top.FullName = FAMILY, f"{FAMILY} {style}"


def make(style: str, points: set[int]) -> Path:
    """Write one weight as WOFF2 for browsers, and as OpenType for print.

    Parameters
    ----------
    style : str
        ``Regular`` or ``Bold``.
    points : set of int
        Code points wanted.

    Returns
    -------
    Path
        The WOFF2 file; the other lies in ``print/``.
    """
    with face(source_of(style)) as font:
        return _make(font, style, points)


def _make(font: TTFont, style: str, points: set[int]) -> Path:
    """Cut, rename and write a font that is open."""
    font.recalcTimestamp = False
    lacking = sorted(points - set(font.getBestCmap()))
    if lacking:
        print(f"not in {SOURCE_FACE} {style}:", " ".join(f"{chr(point)} U+{point:04X}" for point in lacking))
    options = Options()
    options.layout_features = FEATURES
    options.drop_tables += ["BASE", "DSIG", "VORG", "vhea", "vmtx"]
    options.name_IDs = [0, 5, 7, 13, 14]
    options.name_languages = [0x409]
    options.desubroutinize = True
    options.hinting = False  # browsers of today scale CFF outlines well without; a fifth of the file
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(points))
    subsetter.subset(font)
    rename(font, style)
    name = f"{FAMILY.replace(' ', '')}-{style}"
    path = HERE / f"{name}.woff2"
    font.flavor = "woff2"
    font.save(path, reorderTables=True)
    # The same outlines unpacked: what sets the printed sheets reads no WOFF2.
    with TTFont(path, recalcTimestamp=False) as again:
        again.flavor = None
        PRINT.mkdir(exist_ok=True)
        again.save(PRINT / f"{name}.otf", reorderTables=True)
    return path


def main() -> int:
    """Write both weights and say how large they are.

    Returns
    -------
    int
        Exit code 0.
    """
    points = gb2312() | set(LATIN) | {ord(sign) for sign in SIGNS} | characters_of_the_project()
    for style in WEIGHTS:
        path = make(style, points)
        with TTFont(path, lazy=True) as font:
            print(f"{path.name}: {len(font.getBestCmap())} characters, {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
