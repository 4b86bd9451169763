"""How a file of text is written: its encoding and its separator, found by looking."""

import codecs
import io
from typing import BinaryIO

from gm_map.errors import InputError

__all__ = ["SEPARATORS", "decoded", "encoding_of", "separator_of"]

SEPARATORS = ",\t;|"
BYTES = 1 << 20  # bytes at a time
# By mark at the start; a file without one is UTF-8 if all of it is, else GB18030 (which holds GBK and GB 2312).
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
PLAIN = ("utf-8", "gb18030")


def encoding_of(file: BinaryIO, name: str) -> str:
    """The encoding of all of a file: ``utf-8-sig``, ``utf-16``, ``utf-8`` or ``gb18030``.

    Parameters
    ----------
    file : binary file
        Read to its end and set back to its start.
    name : str
        What it is called in the message.

    Raises
    ------
    InputError
        Where none of them fits.
    """
    file.seek(0)
    start = file.read(4)
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
    where = 0
    for encoding in (marked,) if marked else PLAIN:
        where = _first_misfit(file, encoding)
        file.seek(0)
        if where is None:
            return encoding
    raise InputError(
        f"{name} · byte {where:,}: found what is no text in {marked or ' or '.join(PLAIN)}; "
        "save it as CSV in UTF-8 or GB18030"
    )


def _first_misfit(file: BinaryIO, encoding: str) -> int | None:
    """Where, near enough, a file is not in an encoding; None where all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    done = 0
    try:
        while data := file.read(BYTES):
            decoder.decode(data)
            done += len(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return done + error.start
    return None


def decoded(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The text of a file from its start, line ends as they are."""
    file.seek(0)
    return io.TextIOWrapper(file, encoding, newline="")


def separator_of(line: str) -> str:
    """What parts the cells of a header: the one of `SEPARATORS` that stands most often outside quotation marks."""
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count)
