"""What a file is, by its content; what it is called counts only where the content leaves it open."""

import codecs
import re
from pathlib import Path

from gm_map.check.archive import PARTS
from gm_map.check.intake_layer import WANTED
from gm_map.check.refusal import Refused

__all__ = ["kind_of"]

HEAD = 1 << 16
STARTS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "gpkg"),
    (b"fgb\x03", "fgb"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shp"),
)
# What else people hand in, by what it begins with: told by its name.
OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"RIFF", "RIFF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"\xca\xfe\xba\xbe", "Java"),
    (b"{\\rtf", "RTF"),
    (b"#!", "script"),
)
ARCHIVES = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
)
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A drawing is pairs of lines, a number and a value; the first says where a section begins, or is a comment (999).
DRAWING = re.compile(rb"(\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION", re.ASCII)


def kind_of(path: Path, file: str) -> str:
    """What a file is.

    Returns
    -------
    str
        ``zip``, ``gpkg``, ``fgb``, ``parquet``, ``shp``, ``xml``, ``json`` or ``dxf``.

    Raises
    ------
    Refused
        For anything else, named as what it is.
    """
    with path.open("rb") as opened:
        head = opened.read(HEAD)
    if not head:
        raise Refused("empty", file=file)
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    _refuse_others(head, path, file)
    text = _plain(head)
    if text[:1] == b"<":
        return "xml"
    if text[:1] in (b"{", b"[", b"\x1e"):
        return "json"
    if DRAWING.match(text):
        return "dxf"
    if path.suffix.lower() in PARTS:
        raise Refused("part", file=file, found=path.suffix.lower())
    control = sum(byte < 9 or 14 <= byte < 27 for byte in text)
    if not text or control * 20 > len(text):
        raise Refused("no_map", file=file, found="?" if text else "binary", wanted=WANTED)
    raise Refused("text", file=file, wanted=WANTED)


def _refuse_others(head: bytes, path: Path, file: str) -> None:
    for start, found in ARCHIVES:
        if head.startswith(start):
            raise Refused("archive", file=file, found=found)
    if head[257:262] == b"ustar":
        raise Refused("archive", file=file, found="TAR")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("office", file=file, wanted=WANTED)
    if re.match(rb"AC10[0-9]{2}", head):
        raise Refused("dwg", file=file)
    if head.startswith(b"AutoCAD Binary DXF"):
        raise Refused("binary_dxf", file=file)
    for start, found in OTHERS:
        # Two letters may begin a text as well: then what follows is letters too.
        if head.startswith(start) and (len(start) > 2 or b"\0" in head or start == b"#!"):
            raise Refused("no_map", file=file, found=found, wanted=WANTED)


def _plain(head: bytes) -> bytes:
    """The beginning of a text in single bytes, without its mark and without blanks before it."""
    marked = next((mark for mark in MARKS if head.startswith(mark)), b"")
    head = head[len(marked) :]
    if marked in MARKS[1:] or head[:2] in (b"<\0", b"\0<", b"{\0", b"\0{"):
        head = head.replace(b"\0", b"")
    return head.lstrip()
