"""GeoJSON, read by ourselves: each feature that can be read is, whatever the others are like.

Reads a feature collection, a feature, a bare geometry, a list of features, and features one a line. Long runs of
coordinates are taken out of the text before it is parsed, and read as numbers at once; what is not numbers stays in.
"""

import gc
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyproj
import shapely

from gm_map.check.intake_geometry import assemble
from gm_map.check.intake_layer import Limits, counted, layer
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer
from gm_map.encodings import encoding_of
from gm_map.errors import InputError
from gm_map.model import WGS84

__all__ = ["read", "text_of"]

RUN = re.compile(rb'"coordinates"\s*:\s*(\[[\[\]\d\s,.eE+\-]{400,}\])')
MISSING = re.compile(rb",\s*[,\]]|\[\s*,")  # a number that is not there would be read as one
BLANKS = bytes.maketrans(b"[]", b"  ")
LONGEST_NUMBER = 400  # digits; longer ones are beyond any float
DEPTHS = {"LineString": 2, "MultiPoint": 2, "Polygon": 3, "MultiLineString": 3, "MultiPolygon": 4}
GEOMETRIES = {*DEPTHS, "Point", "GeometryCollection"}


class _Run(NamedTuple):
    """A long run of coordinates, and the line of the file that it begins in."""

    text: bytes
    line: int


def text_of(path: Path, file: str) -> tuple[bytes, str]:
    """All of a text file in UTF-8 without a mark, and the encoding that it was in.

    Raises
    ------
    Refused
        Where it is no text.
    """
    with path.open("rb") as opened:
        try:
            encoding = encoding_of(opened, file)
        except InputError as error:
            raise Refused("encoding", file=file) from error
    data = path.read_bytes()
    if encoding == "utf-8":
        return data, encoding
    return data.decode(encoding).encode(), "utf-8" if encoding == "utf-8-sig" else encoding


def read(path: Path, name: str, *, file: str, limits: Limits) -> tuple[Layer, ...] | None:
    """Read GeoJSON; None for TopoJSON, which is another thing.

    Parameters
    ----------
    path : Path
    name : str
        Of the layer.
    file : str
        What the file is called in sentences.
    limits : Limits

    Raises
    ------
    Refused
        For what is no JSON, or has no features.
    """
    data, encoding = text_of(path, file)
    with _no_collection():
        token = secrets.token_hex(8)
        runs: list[_Run] = []
        whole, lines = _loaded(_without_runs(data, token, runs), file)
        del data
        return _layers(whole, lines, runs, token, encoding, name, file, limits)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of lists are made and none is garbage: looking for some again and again takes longer than reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _without_runs(data: bytes, token: str, runs: list[_Run]) -> bytes:
    line, before = 1, 0

    def replaced(match: re.Match) -> bytes:
        nonlocal line, before
        line += data.count(b"\n", before, match.start(1))
        before = match.start(1)
        runs.append(_Run(match[1], line))
        return b'"coordinates":{"%s":%d}' % (token.encode(), len(runs) - 1)

    return RUN.sub(replaced, data)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < LONGEST_NUMBER else float("inf")


_DECODER = json.JSONDecoder(parse_int=_whole)


def _loaded(data: bytes, file: str) -> tuple[Any, bool]:
    """The value; and whether it is one a line, then a list."""
    text = data.decode()
    try:
        try:
            return _DECODER.decode(text.lstrip("\x1e")), False
        except json.JSONDecodeError as error:
            if "Extra data" not in error.msg:
                raise Refused("json_broken", file=file, line=error.lineno) from error
        found = []
        for number, line in enumerate(text.split("\n"), start=1):
            if line := line.strip(" \t\r\x1e"):
                try:
                    found.append(_DECODER.decode(line))
                except json.JSONDecodeError as error:
                    raise Refused("json_broken", file=file, line=number) from error
        return found, True
    except RecursionError as error:
        raise Refused("too_deep", file=file) from error


def _features(whole: Any, file: str) -> list:
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        if isinstance(whole.get("features"), list):
            return whole["features"]
        if whole.get("type") == "Feature":
            return [whole]
        if whole.get("type") in GEOMETRIES:
            return [{"type": "Feature", "geometry": whole, "properties": {}}]
    raise Refused("json_other", file=file)


def _layers(whole, lines, runs, token, encoding, name, file, limits) -> tuple[Layer, ...] | None:
    if isinstance(whole, dict) and whole.get("type") == "Topology":
        return None
    features = _features(whole, file)
    if features and not any(
        isinstance(one, dict) and (one.get("type") == "Feature" or "geometry" in one) for one in features
    ):
        raise Refused("json_other", file=file)
    counted(len(features), 0, file, limits)
    troubles = Troubles()
    shapes = []
    columns: dict[str, list] = {}
    for row, feature in enumerate(features):
        shape, values = None, {}
        if isinstance(feature, dict):
            shape = _shape(feature.get("geometry"), row, runs, token, troubles, file)
            values = {key: _restored(value, runs, token) for key, value in _values(feature).items()}
        else:
            troubles.add("UNREADABLE", row)
        shapes.append(shape)
        if len(columns) > limits.columns:
            raise Refused("columns_many", file=file, found=len(columns), limit=limits.columns)
        for key, value in values.items():
            columns.setdefault(key, [None] * row).append(value)
        for column in columns.values():
            if len(column) <= row:
                column.append(None)
        if row * len(columns) > limits.values:
            raise Refused("values_many", file=file, limit=limits.values)
    crs, crs_from = _declared(whole)
    if not crs_from and not _beyond_degrees(shapes):
        crs, crs_from = WGS84, "format"
    return (
        layer(
            str(whole.get("name") or name) if isinstance(whole, dict) else name,
            "GeoJSONSeq" if lines else "GeoJSON",
            shapes,
            list(columns),
            list(columns.values()),
            troubles,
            file=file,
            limits=limits,
            crs=crs,
            crs_from=crs_from,
            encoding=encoding,
        ),
    )


def _values(feature: dict) -> dict:
    values = feature.get("properties")
    values = dict(values) if isinstance(values, dict) else {}
    # The member of the feature is its identity; a property of the same name counts before it.
    if isinstance(feature.get("id"), str | int) and "id" not in values:
        values = {"id": feature["id"], **values}
    return values


def _restored(value: Any, runs: list[_Run], token: str) -> Any:
    """An attribute, whose own coordinates were taken for those of a shape, as it stood."""
    if isinstance(value, dict):
        if isinstance(value.get(token), int):
            return runs[value[token]].text.decode()
        return {key: _restored(inner, runs, token) for key, inner in value.items()}
    return [_restored(inner, runs, token) for inner in value] if isinstance(value, list) else value


def _shape(geometry: Any, row: int, runs, token: str, troubles: Troubles, file: str):
    if geometry is None:
        return None
    if not isinstance(geometry, dict):
        troubles.add("NULL_GEOMETRY", row, why="unreadable")
        return None
    kind, value = _nested(geometry, runs, token, file)
    return assemble(kind, value, row, troubles)


def _nested(geometry: dict, runs, token: str, file: str) -> tuple[str, Any]:
    kind = str(geometry.get("type"))
    if kind == "GeometryCollection":
        inner = geometry.get("geometries")
        if not isinstance(inner, list):
            return kind, None
        return kind, [_nested(one, runs, token, file) if isinstance(one, dict) else ("null", None) for one in inner]
    value = geometry.get("coordinates")
    if isinstance(value, dict) and isinstance(value.get(token), int):
        run = runs[value[token]]
        nested = _numbers(run.text, DEPTHS.get(kind, 0))
        if nested is None:
            try:
                nested = _DECODER.decode(run.text.decode())
            except json.JSONDecodeError as error:
                raise Refused("json_broken", file=file, line=run.line + error.lineno - 1) from error
        return kind, nested
    return kind, value


def _numbers(run: bytes, depth: int) -> Any:
    """A run of coordinates as nested lists of arrays (n, 2 or more); None where it is not nested as it should be."""
    marks = np.frombuffer(run, np.uint8)
    opening, closing, comma = marks == 0x5B, marks == 0x5D, marks == 0x2C
    level = np.cumsum(opening.astype(np.int8) - closing.astype(np.int8), dtype=np.int32)
    if depth < 2 or level.max() != depth or level[-1] != 0 or level[:-1].min() < 1:
        return None
    at = np.flatnonzero(opening & (level == depth))
    inside = np.flatnonzero(comma & (level == depth))
    dimensions = len(inside) // max(len(at), 1) + 1
    # Each position has as many commas as any other: those inside it stand between its bracket and the next.
    even = len(inside) == (dimensions - 1) * len(at) and dimensions in (2, 3)
    if not even or not np.array_equal(np.searchsorted(inside, at), np.arange(len(at)) * (dimensions - 1)):
        return None
    count = dimensions * len(at)
    if np.count_nonzero(comma) + 1 != count or MISSING.search(run):
        return None
    try:
        # With their count, for the array would be grown bit by bit without it: in the square of their number.
        numbers = np.fromstring(run.translate(BLANKS), sep=",", count=count)
    except (ValueError, DeprecationWarning):
        return None
    if len(numbers) != count:
        return None
    positions = numbers.reshape(-1, dimensions)
    return _split(positions, at, opening, level, depth)


def _split(positions, at, opening, level, depth: int) -> Any:
    """Positions put into lists, by where brackets of each level open."""
    nested: Any = [positions]
    starts = np.zeros(1, dtype=int)
    groups = positions
    for deep in range(depth - 1, 0, -1):
        opens = np.flatnonzero(opening & (level == deep))
        bounds = np.searchsorted(at, opens)
        if deep == depth - 1:
            groups = np.split(positions, bounds[1:])
        else:
            edges = [*np.searchsorted(starts, opens).tolist(), len(groups)]
            groups = [groups[one:other] for one, other in pairwise(edges)]
        starts = opens
        nested = groups
    return nested[0]


def _declared(whole: Any) -> tuple[str | None, str]:
    """The system that an older file names; (None, "file") where it says that there is none."""
    if not isinstance(whole, dict) or "crs" not in whole:
        return None, ""
    member = whole["crs"]
    properties = member.get("properties") if isinstance(member, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(named, str):
        return None, "file"
    try:
        # Axes are east, north in GeoJSON, whatever the name stands for.
        authority = pyproj.CRS.from_user_input(named[:4000]).to_authority(min_confidence=100)
    except pyproj.exceptions.CRSError:
        return named[:4000], "file"
    if authority is None:
        return named[:4000], "file"
    return WGS84 if authority[1] == "CRS84" else ":".join(authority), "file"


def _beyond_degrees(shapes: list) -> bool:
    """Whether most of the vertices are no longitude and latitude; a slip in a few says nothing of the system."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    xy = shapely.get_coordinates(found)
    return bool(2 * np.count_nonzero((np.abs(xy) > (180, 90)).any(axis=1)) > len(xy))
