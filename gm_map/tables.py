"""Rows of the hand-written files, read by the field table, with every fault kept.

``geodata/fields.csv`` says for each field of each file its type and whether it must be filled; the same table is the
documentation. Nothing here knows what a zone or a topic is: the rules of reading do not depend on the subject.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gm_map.errors import Fault
from gm_map.kinds import CITATION, KINDS, NESTED, Column, parse, show, strangers

__all__ = ["FIELDS", "Reading", "Row", "columns_of"]

FIELDS = Path(__file__).resolve().parent.parent / "geodata" / "fields.csv"


@dataclass(slots=True)
class Row:
    """A row of a CSV file or a record of a YAML file. ``values`` holds what could be read, by field."""

    place: str
    values: dict[str, Any]
    columns: tuple[Column, ...]
    parent: "Row | None" = None

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def id(self) -> str:
        return self.values.get("id") or ""


@cache
def columns_of(key: str) -> tuple[Column, ...]:
    """Fields of a file (``"places.csv"``) or of a record in it (``"industries.yaml/industries"``), from `FIELDS`."""
    return _field_table()[key]


@cache
def _field_table() -> dict[str, tuple[Column, ...]]:
    table: dict[str, list[Column]] = {}
    with FIELDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind, _, argument = row["type"].partition(":")
            if kind not in KINDS and kind not in ("citation", *NESTED):
                raise ValueError(f"{FIELDS.name}: no such type: {row['type']}")
            key = f"{row['file']}/{row['record']}".rstrip("/")
            table.setdefault(key, []).append(Column(row["field"], kind, argument, row["required"] == "yes"))
    return {key: tuple(columns) for key, columns in table.items()}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML that refuses a key written twice; by itself it would keep the last and say nothing."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        for (key, _), value in zip(node.value, keys, strict=True):
            if keys.count(value) > 1:
                raise yaml.MarkedYAMLError(problem=f"{value} stands twice", problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


@dataclass(slots=True)
class Reading:
    """Everything read from one folder so far: rows by file or record, ids by kind with the place of each, faults.

    ``unread`` names the files of which no row could be read: nothing that misses from them is worth a fault of its own.
    """

    folder: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def text(self, name: str) -> str | None:
        """Contents of a file of the folder, or None with the fault noted."""
        self.unread.add(name)  # until its rows are there
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            self.faults.append(
                Fault(
                    name,
                    "file",
                    error.strerror or "an error",
                    "a file that can be read",
                    "restore it from the repository",
                )
            )
            return None
        if data.startswith(b"\xef\xbb\xbf"):
            self.faults.append(
                Fault(name, "encoding", "a byte order mark", "UTF-8 without it", "save the file as plain UTF-8")
            )
            data = data[3:]
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            found = f"bytes {data[error.start : error.start + 4].hex(' ')} in line {line}"
            self.faults.append(
                Fault(name, "encoding", found, "UTF-8", "save the file as UTF-8; it may be GB18030 or UTF-16")
            )
            return None

    def read_csv(self, name: str) -> None:
        """Read a table. Its rows are counted as a spreadsheet counts them: the header is row 1."""
        self.rows[name] = []
        if (text := self.text(name)) is None:
            return
        columns = columns_of(name)
        flat = [part for column in columns for part in (CITATION if column.kind == "citation" else (column,))]
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            self.faults.append(Fault(name, "table", str(error), "comma-separated values", "check the quotation marks"))
            return
        header = lines[0] if lines else []
        self.faults.extend(strangers(dict.fromkeys(header), flat, f"{name} row 1"))
        for column in flat:
            if header.count(column.name) != 1:
                found = f"{header.count(column.name)} columns of this name"
                self.faults.append(
                    Fault(f"{name} row 1", column.name, found, "one", "keep the header of the repository")
                )
        if set(header) != {column.name for column in flat} or len(header) != len(flat):
            return
        self.unread.discard(name)
        for number, cells in enumerate(lines[1:], start=2):
            if not cells:
                continue
            place = f"{name} row {number}"
            if len(cells) != len(header):
                remedy = "check the commas, and the quotation marks around cells that hold one"
                self.faults.append(Fault(place, "row", f"{len(cells)} cells", f"{len(header)}", remedy))
                continue
            raw: dict[str, Any] = dict(zip(header, cells, strict=True))
            raw["citation"] = {part.name: raw[part.name] for part in CITATION if part.name in raw}
            self._add(name, Row(place, parse(raw, columns, place, self.faults), columns))

    def read_yaml(self, name: str) -> None:
        """Read a tree: the record of the file itself is kept under its name, those below under name/path."""
        for key in _field_table():
            if key.startswith(f"{name}/") or key == name:
                self.rows[key] = []
        if (text := self.text(name)) is None:
            return
        try:
            document = yaml.load(text, _Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{name} line {mark.line + 1}" if mark else name
            problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML"
            self.faults.append(
                Fault(place, "YAML", show(problem), "YAML with every key once", "check indentation, colons and quotes")
            )
            return
        self.unread.discard(name)
        self.record(name, document, name)

    def record(self, key: str, raw: Any, place: str, parent: Row | None = None) -> Row | None:
        """Read one mapping and all records below it; ``place`` begins with the name of its file."""
        columns = columns_of(key)
        if not isinstance(raw, Mapping):
            names = ", ".join(column.name for column in columns)
            self.faults.append(Fault(place, "record", show(raw), f"a mapping of {names}", "write “key: value” lines"))
            self.unread.add(place.partition(" ")[0])
            return None
        if isinstance(raw.get("id"), str):
            place = f"{place.partition(' ')[0]} {show(raw['id'])}"
        self.faults.extend(strangers(raw, columns, place))
        row = Row(place, parse(raw, columns, place, self.faults), columns, parent)
        self._add(key, row)
        for column in columns:
            below, found = f"{key}/{column.name}", raw.get(column.name)
            if column.kind == "list" and found:
                row.values[column.name] = self._list(below, found, place, column.name, row)
            elif column.kind == "record" and found:
                row.values[column.name] = self.record(below, found, f"{place} {column.name}", row)
        return row

    def _list(self, key: str, raw: Any, place: str, name: str, parent: Row) -> tuple[Row, ...]:
        if not isinstance(raw, list):
            self.faults.append(Fault(place, name, show(raw), "a list", "write “- ” before each entry"))
            self.unread.add(place.partition(" ")[0])
            return ()
        rows = (self.record(key, item, f"{place} {name} {number}", parent) for number, item in enumerate(raw, start=1))
        return tuple(row for row in rows if row is not None)

    def _add(self, key: str, row: Row) -> None:
        self.rows.setdefault(key, []).append(row)
        for column in row.columns:
            if column.kind == "id" and row.id:
                known = self.ids.setdefault(column.argument, {})
                if row.id in known:
                    remedy = f"give it another: {known[row.id]} has this one"
                    self.faults.append(Fault(row.place, "id", row.id, "an id of its own", remedy))
                known.setdefault(row.id, row.place)

    def check_references(self) -> None:
        """Note each reference that leads nowhere, once all files are read."""
        for rows in self.rows.values():
            for row in rows:
                for column in row.columns:
                    if column.kind in ("ref", "refs"):
                        value = row[column.name] or ()
                        for target in (value,) if isinstance(value, str) else value:
                            self._check_reference(row, column, target)

    def _check_reference(self, row: Row, column: Column, target: str) -> None:
        known = self.ids.get(column.argument, {})
        known = self.ids.get(column.argument, {})
        if known and target not in known:  # none known: their file could not be read, which is said already
            near = get_close_matches(target, known, 1)
            remedy = f"did you mean “{near[0]}”?" if near else "take an id that exists"
            self.faults.append(
                Fault(row.place, column.name, show(target), f"the id of a known {column.argument}", remedy)
            )
