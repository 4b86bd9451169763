"""XML before anything reads it: its encoding, its outermost element, and no document type or entities in it.

A document type is refused wherever it stands and whatever it says: it is what entity bombs and external entities
are declared in, and neither KML nor GML has one. What is looked at here is the text that is read afterwards: a file in
another encoding is written anew in UTF-8 first.
"""

import codecs
import re
import xml.parsers.expat
from dataclasses import dataclass
from pathlib import Path

from gm_map.check.refusal import Refused

__all__ = ["Markup", "encoding_of", "look"]

DEEPEST = 200  # elements inside one another
CHUNK = 1 << 20  # bytes at a time
HEAD = 1024  # bytes in which an XML declaration stands
DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Only these: an encoding in which "<!" is written otherwise would show us another text than it shows others.
READ_AS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "big5": "big5",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "cp1252",
}


@dataclass(frozen=True, slots=True)
class Markup:
    """An XML file that may be read: where it lies in UTF-8, its outermost element and that one's namespace."""

    path: Path
    encoding: str
    root: str
    namespace: str
    namespaces: frozenset[str]


def encoding_of(head: bytes) -> str | None:
    """The encoding of an XML file by its first bytes; None for one that is not read here."""
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)
    if marked:
        return marked
    declared = DECLARED.search(head[:HEAD])
    return READ_AS.get(declared[1].decode("ascii").lower()) if declared else "utf-8"


def look(path: Path, name: str, folder: Path) -> Markup:
    """Look through all of an XML file.

    Parameters
    ----------
    path : Path
    name : str
        What it is called in the sentence.
    folder : Path
        Where it is written anew if it is not in UTF-8.

    Raises
    ------
    Refused
        For a document type, text that is not well formed, an unknown encoding, or elements too deep inside one another.
    """
    with path.open("rb") as file:
        encoding = encoding_of(file.read(HEAD))
    if encoding is None:
        raise Refused("encoding", file=name)
    if encoding != "utf-8":
        path = _in_utf8(path, encoding, name, folder)
    return _parsed(path, encoding, name)


def _in_utf8(path: Path, encoding: str, name: str, folder: Path) -> Path:
    target = folder / f"{path.stem}-utf8{path.suffix}"
    try:
        with path.open(encoding=encoding, newline="") as source, target.open("w", encoding="utf-8", newline="") as copy:
            # The declaration names the old encoding: it goes.
            text = source.read(CHUNK)
            declaration = DECLARATION.match(text)  # at the start only: a search would try every blank
            copy.write(text[declaration.end() :] if declaration else text)
            while text := source.read(CHUNK):
                copy.write(text)
    except UnicodeError as error:
        raise Refused("encoding", file=name) from error
    return target


class _Stop(Exception):  # noqa: N818 - no error: the way out of the parser
    pass


def _parsed(path: Path, encoding: str, name: str) -> Markup:
    parser = xml.parsers.expat.ParserCreate("utf-8", namespace_separator=" ")
    depth = 0
    root: list[str] = []
    namespaces: set[str] = set()

    def start(tag, _attributes):
        nonlocal depth
        depth += 1
        if not root:
            root.append(tag)
        if depth > DEEPEST:
            raise _Stop("too_deep")

    def end(_tag):
        nonlocal depth
        depth -= 1

    def doctype(*_):
        raise _Stop("xml_dtd")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.StartNamespaceDeclHandler = lambda _prefix, uri: namespaces.add(uri or "")
    try:
        with path.open("rb") as file:
            while data := file.read(CHUNK):
                parser.Parse(data, False)
            parser.Parse(b"", True)
    except _Stop as stop:
        raise Refused(str(stop), file=name) from None
    except xml.parsers.expat.ExpatError as error:
        raise Refused("xml_broken", file=name, line=error.lineno) from error
    namespace, _, tag = root[0].rpartition(" ")
    return Markup(path, encoding, tag, namespace, frozenset(namespaces))
