"""What GDAL reads for us: GeoPackage, Shapefile, GML, FlatGeobuf, TopoJSON and the entities of drawings.

It is given files of our own naming in a folder of our own, whose content was looked at before; nothing that they
point to is fetched or opened. Texts come as the bytes that they are, and are decoded by `intake_table.decoded`.
"""

import re
import sqlite3
import warnings
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio

from gm_map.check.intake_geometry import from_wkb
from gm_map.check.intake_layer import Limits, counted, layer
from gm_map.check.intake_table import decoded, unique
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer

__all__ = ["OFFLINE", "Raw", "layer_names", "read", "read_raw"]

ARC_DEGREES = 0.25  # of a piece of an arc: the polygon is smaller than its circle by 3 millionths
# Without the network, without files beside the one that is read, and without running what a file holds.
OFFLINE = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",  # the port of nothing
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_GFS_TEMPLATE": "",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    "SQLITE_USE_OGR_VFS": "NO",
    "OGR_ARC_STEPSIZE": str(ARC_DEGREES),
    "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING": "YES",
    "GDAL_PAM_ENABLED": "NO",
    "SHAPE_RESTORE_SHX": "NO",
    "DXF_ENCODING": "ISO-8859-1",
    "GDAL_NUM_THREADS": "1",
}
GML_OPTIONS = {"DOWNLOAD_SCHEMA": "NO", "WRITE_GFS": "NO", "XSD": "", "GFS_TEMPLATE": ""}
# What a GeoPackage cannot do without; as a view each would run whatever was written into it.
TABLES = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
CURVES = range(8, 15)  # kinds of well-known binary that have arcs, or may have
LONGEST_HEAD = 8 + 64 + 5  # bytes before the numbers of a shape
ARC = re.compile(rb"<(\w+:)?(Arc|Circle)")
FAILURES = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    RuntimeError,
    ValueError,
    AttributeError,
    OSError,
)


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """What came out of GDAL: shapes as WKB (None where there is none), columns with their names, and the system."""

    blobs: Sequence[bytes | None]
    names: tuple[str, ...]
    columns: tuple[list[Any], ...]
    crs: str | None


def layer_names(path: Path, kind: str, file: str, limits: Limits) -> list[str]:
    """Names of the layers that have shapes.

    Raises
    ------
    Refused
        For a file that GDAL does not open, and for too many layers.
    """
    pyogrio.set_gdal_config_options(OFFLINE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pyogrio.list_layers(path)
    except FAILURES as error:
        raise Refused("broken", file=file, format=kind) from error
    if len(found) > limits.layers:
        raise Refused("layers_many", file=file, found=len(found), limit=limits.layers)
    if not len(found):
        raise Refused({"GPKG": "no_layer", "GML": "no_features"}.get(kind, "broken"), file=file, format=kind)
    return [name for name, geometry in found if geometry is not None]


def read_raw(path: Path, name: str, kind: str, troubles: Troubles, *, file: str, limits: Limits, **options) -> Raw:
    """One layer; where a feature breaks the format, all others are read nevertheless.

    Raises
    ------
    Refused
        For too many features, columns or values, and for a layer that cannot be opened.
    """
    pyogrio.set_gdal_config_options(OFFLINE)
    options = {"layer": name, "encoding": "ISO-8859-1", "datetime_as_string": True, **options}
    with warnings.catch_warnings():
        # GDAL's remarks become troubles where they matter; here they would only stand on a terminal.
        warnings.simplefilter("ignore")
        try:
            about = pyogrio.read_info(path, **{k: v for k, v in options.items() if k != "datetime_as_string"})
        except FAILURES as error:
            raise Refused("broken", file=file, format=kind) from error
        counted(max(about["features"], 0), len(about["fields"]), file, limits)
        try:
            pieces = [pyogrio.raw.read(path, max_features=limits.features + 1, **options)]
        except FAILURES:
            count = _count(path, about, limits, options)
            pieces = list(_halves(path, 0, count, options, troubles)) or [({}, None, np.empty(0, object), ())]
    blobs = [blob for _, _, shapes, _ in pieces for blob in (shapes if shapes is not None else [])]
    counted(len(blobs), len(about["fields"]), file, limits)
    names = tuple(str(one) for one in about["fields"])
    types = tuple(about.get("ogr_types", [""] * len(names)))
    columns = tuple(
        [value for _, _, shapes, data in pieces for value in _values(data, place, len(shapes), kind_of_column)]
        for place, kind_of_column in enumerate(types)
    )
    return Raw(blobs, names, columns, about["crs"])


def _count(path: Path, about, limits: Limits, options) -> int:
    if about["features"] >= 0:
        return about["features"]
    try:
        options = {key: value for key, value in options.items() if key != "datetime_as_string"}
        count = pyogrio.read_info(path, force_feature_count=True, **options)["features"]
    except FAILURES:
        return 0
    return min(count, limits.features + 1)


def _halves(path: Path, start: int, count: int, options, troubles: Troubles):
    """Pieces of a layer in order: what cannot be read is halved until one feature is left, which stays empty."""
    if count <= 0:
        return
    try:
        yield pyogrio.raw.read(path, skip_features=start, max_features=count, **options)
    except FAILURES:
        if count > 1:
            half = count // 2
            yield from _halves(path, start, half, options, troubles)
            yield from _halves(path, start + half, count - half, options, troubles)
        else:
            troubles.add("UNREADABLE", start)
            yield {}, None, np.full(1, None, object), ()


def _values(data, place: int, count: int, type_name: str) -> list:
    if not data:
        return [None] * count
    column = data[place]
    if column.dtype.kind == "f" and str(type_name).startswith("OFTInteger"):
        # Whole numbers with gaps come as floats, for want of another sign for a gap.
        return [None if value != value else int(value) for value in column.tolist()]
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in column.tolist()]


def read(path: Path, kind: str, name: str | None, *, file: str, limits: Limits, encoding: str = "utf-8"):
    """All layers with shapes of a GeoPackage, GML, FlatGeobuf or TopoJSON.

    Parameters
    ----------
    path : Path
        In a folder of our own.
    kind : str
        ``GPKG``, ``GML``, ``FlatGeobuf`` or ``TopoJSON``.
    name : str or None
        Of the layer, for formats whose layers have no names that say anything.
    file, limits
        See `gm_map.check.intake_layer.layer`.
    encoding : str
        That the file itself was in.

    Returns
    -------
    tuple of Layer

    Raises
    ------
    Refused
        See `layer_names` and `read_raw`.
    """
    skipped, curved = _looked_through(path, file) if kind == "GPKG" else (set(), set())
    arcs = kind == "GML" and ARC.search(path.read_bytes()) is not None
    names = layer_names(path, kind, file, limits)
    options = GML_OPTIONS if kind == "GML" else {}
    found = []
    for each in names:
        troubles = Troubles()
        if each in skipped:
            continue
        raw = read_raw(path, each, kind, troubles, file=file, limits=limits, **options)
        if arcs or each in curved:
            troubles.add("CURVES", degrees=ARC_DEGREES)
        found.append(_layer(raw, each if len(names) > 1 or not name else name, kind, troubles, file, limits, encoding))
    if not found:
        raise Refused("no_layer", file=file)
    if told := sorted(skipped & set(names)):
        first = found[0]
        told = [*map(_skipped, told), *first.troubles]
        found[0] = Layer(*(getattr(first, one) for one in first.__slots__[:-1]), tuple(told))
    return tuple(found)


def _skipped(name: str):
    troubles = Troubles()
    troubles.add("LAYER_SKIPPED", layer=unique([name])[0])
    return troubles.all()[0]


def _layer(raw: Raw, name: str, kind: str, troubles: Troubles, file: str, limits: Limits, encoding: str) -> Layer:
    columns, names, used = decoded(raw.columns, "utf-8", raw.names, troubles)
    if kind == "GML":  # the corners of a feature's own envelope come as columns; they are no attributes
        kept = [place for place, one in enumerate(names) if one not in ("lowerCorner", "upperCorner")]
        names, columns = [names[place] for place in kept], [columns[place] for place in kept]
    return layer(
        name, kind, from_wkb(raw.blobs, troubles), names, columns, troubles,
        file=file, limits=limits, crs=_known(raw.crs), crs_from="file", encoding=used if used != "utf-8" else encoding,
    )  # fmt: skip


def _known(crs: str | None) -> str | None:
    """The system; None for those that only say that it is not known."""
    return None if crs and ("Undefined" in crs[:60] or ("unknown" in crs[:60].lower() and "PROJ" not in crs)) else crs


def _looked_through(path: Path, file: str) -> tuple[set[str], set[str]]:
    """Names of tables that are none (views and virtual ones run what is written into them), and of those with arcs."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            rows = database.execute("SELECT name, type, sql FROM sqlite_master LIMIT 100000").fetchall()
            plain = _plain_tables(rows, file)
            return {name for name, kind, _ in rows if kind in ("view", "table")} - plain, _curved(database, plain)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise Refused("broken", file=file, format="GeoPackage") from error


def _plain_tables(rows, file: str) -> set[str]:
    plain = {
        name for name, kind, sql in rows if kind == "table" and "VIRTUAL" not in str(sql).upper().split("(")[0].split()
    }
    if not set(TABLES[:2]) <= plain or any(name in TABLES and name not in plain for name, _, _ in rows):
        raise Refused("database", file=file)
    return plain


def _curved(database: sqlite3.Connection, plain: set[str]) -> set[str]:
    """Tables with a shape that has arcs, by the head of each: flags, a box of so many numbers, order, kind."""
    query = "SELECT table_name, column_name FROM gpkg_geometry_columns WHERE upper(geometry_type_name) NOT IN (?, ?, ?)"
    found = set()
    for name, column in database.execute(query, ("POINT", "POLYGON", "MULTIPOLYGON")).fetchall():
        if name in plain:
            shape, source = (str(one).replace('"', '""') for one in (column, name))
            heads = database.execute(f'SELECT substr("{shape}", 1, {LONGEST_HEAD}) FROM "{source}"')
            if any(_kind_of(head) in CURVES for (head,) in heads if isinstance(head, bytes)):
                found.add(name)
    return found


def _kind_of(head: bytes) -> int:
    if len(head) < 8:
        return 0
    at = 8 + {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(head[3] >> 1 & 7, 0)
    order = "little" if head[at : at + 1] == b"\1" else "big"
    return int.from_bytes(head[at + 1 : at + 5], order) % 1000
