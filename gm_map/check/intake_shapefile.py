"""Shapefiles: with whatever parts of them there are, and in the encoding that their texts are in."""

import codecs
import struct
from pathlib import Path

from gm_map.check.intake_gdal import layer_names, read_raw
from gm_map.check.intake_geometry import from_wkb
from gm_map.check.intake_layer import Limits, layer
from gm_map.check.intake_table import decoded
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer

__all__ = ["read"]

KIND = "Shapefile"
HEAD = 100  # bytes before the first record, of .shp and .shx
LONGEST_SYSTEM = 20_000  # bytes
# Code pages that the head of a .dbf may name.
CODE_PAGES = {
    0x4D: "gb18030",
    0x7A: "gb18030",
    0x4F: "cp950",
    0x78: "cp950",
    0x13: "cp932",
    0x7B: "cp932",
    0x4E: "cp949",
    0x79: "cp949",
    0x03: "cp1252",
    0x58: "cp1252",
    0x59: "cp1252",
}
# What a .cpg says and Python calls otherwise; GB18030 holds the older two.
SAID = {
    **dict.fromkeys(("gbk", "gb2312", "936", "cp936", "ansi 936", "windows-936"), "gb18030"),
    "utf8": "utf-8",
    "88591": "iso-8859-1",
    "system": "",
    "oem": "",
}


def read(path: Path, name: str, *, file: str, limits: Limits) -> Layer:
    """Read one Shapefile, with the parts that lie beside it.

    Parameters
    ----------
    path : Path
        The ``.shp`` in a folder of our own, its parts of the same stem, all endings small.
    name : str
        Of the layer.
    file : str
        What the file is called in sentences.
    limits : Limits

    Returns
    -------
    Layer
        Its system is the text of the ``.prj`` as it stands; None without one.

    Raises
    ------
    Refused
        For a file that is broken or too large.
    """
    troubles = Troubles()
    for part in (".shx", ".dbf"):
        if not path.with_suffix(part).exists():
            troubles.add("MISSING_PART", part=part)
    if not path.with_suffix(".shx").exists():
        _index(path)
    try:
        names = layer_names(path, KIND, file, limits)
    except Refused:
        _index(path)  # the one that was there may not fit
        names = layer_names(path, KIND, file, limits)
    if not names:
        raise Refused("no_layer", file=file)
    raw = read_raw(path, names[0], KIND, troubles, file=file, limits=limits)
    fields = raw.names if path.with_suffix(".dbf").exists() else ()
    columns, found, used = decoded(raw.columns[: len(fields)], _code_page(path), fields, troubles)
    shapes = from_wkb(raw.blobs, troubles)
    return layer(
        name,
        "ESRI Shapefile",
        shapes,
        found,
        columns,
        troubles,
        file=file,
        limits=limits,
        crs=_system(path),
        crs_from="prj",
        encoding=used,
    )


def _index(path: Path) -> None:
    """Write the index of a Shapefile anew, from the records that are whole: each has its length before it."""
    with path.open("rb") as records:
        head = records.read(HEAD)
        size = records.seek(0, 2)
        entries = []
        at = HEAD
        while at + 8 < size:
            records.seek(at)
            (words,) = struct.unpack(">4xI", records.read(8))
            if words < 2 or at + 8 + 2 * words > size:
                break
            entries.append(struct.pack(">II", at // 2, words))
            at += 8 + 2 * words
    length = struct.pack(">I", (HEAD + 8 * len(entries)) // 2)
    path.with_suffix(".shx").write_bytes(head[:24] + length + head[28:] + b"".join(entries))


def _system(path: Path) -> str | None:
    said = path.with_suffix(".prj")
    if not said.exists():
        return None
    with said.open("rb") as opened:
        text = opened.read(LONGEST_SYSTEM).decode("utf-8", "replace")
    return text.strip("\ufeff \r\n\t\0") or None


def _code_page(path: Path) -> str | None:
    """The encoding that a Shapefile names, in its .cpg or in the head of its .dbf; None for none that is known."""
    page, table = path.with_suffix(".cpg"), path.with_suffix(".dbf")
    if page.exists():
        with page.open("rb") as opened:
            said = opened.read(40).decode("ascii", "replace").strip(" \r\n\t\0").lower()
        said = SAID.get(said, said)
        return _known(f"cp{said}" if said.isdigit() else said)
    if table.exists():
        with table.open("rb") as opened:
            head = opened.read(32)
        return CODE_PAGES.get(head[29]) if len(head) == 32 else None
    return None


def _known(name: str) -> str | None:
    """What Python calls an encoding of text; None for any other word."""
    try:
        b"".decode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
