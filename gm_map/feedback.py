"""Readings that a person found wrong, kept as labelled rows for the next fitting: the columns of the training texts."""

import csv
import hashlib
import io
import os
from pathlib import Path

from gm_map.errors import InputError

__all__ = ["COLUMNS", "FOLDER", "FORMULA", "folder", "keep"]

COLUMNS = ("text", "topic", "kind", "style", "id", "reader")
FOLDER = Path("~/.gm_map")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def folder() -> Path:
    """Where rows are kept: the folder named by GM_MAP_FEEDBACK, else one in the person's home."""
    return Path(os.environ.get("GM_MAP_FEEDBACK") or FOLDER).expanduser()


def keep(text: str, topic: str, reader: str, into: Path | None = None) -> Path:
    """Add one row to ``feedback.csv``.

    Parameters
    ----------
    text : str
        As it was read.
    topic : str
        Name of the right topic in Chinese, or ``none``.
    reader : str
        Version of the fitted weights that were wrong.
    into : Path, optional
        The folder; `folder` by default, made if it is not there.

    Returns
    -------
    Path
        Where the row went. The same text with the same topic is kept once.

    Raises
    ------
    InputError
        When nothing is said, or the folder cannot be written.
    """
    if not text.strip() or not topic.strip():
        raise InputError("nothing to keep: a text and its topic are needed")
    path = (into or folder()) / "feedback.csv"
    id_ = hashlib.sha256(f"{topic}\n{text}".encode("utf-8", "replace")).hexdigest()[:12]
    row = io.StringIO()
    writer = csv.writer(row, lineterminator="\n")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        if f",{id_}," in known:
            return path
        if not known:
            writer.writerow(COLUMNS)
        kind = "negative" if topic == "none" else "normal"
        writer.writerow([_cell(text), topic, kind, "feedback", id_, reader])
        with path.open("a", encoding="utf-8", errors="replace", newline="") as file:
            file.write(row.getvalue())  # one write: two people at once do not mix their rows
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); set GM_MAP_FEEDBACK to a folder") from error
    return path


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
