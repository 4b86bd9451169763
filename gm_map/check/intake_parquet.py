"""GeoParquet, read with pyarrow: shapes as the bytes that they are, so that a broken one breaks nothing else."""

import json
from pathlib import Path
from typing import Any

import pyproj

from gm_map.check.archive import most_unpacked
from gm_map.check.intake_geometry import assemble, from_wkb
from gm_map.check.intake_layer import Limits, counted, layer
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer
from gm_map.model import WGS84

__all__ = ["read"]

NAMES = ("geometry", "geom", "wkb_geometry", "wkb", "shape")  # where the file does not say which column it is
KINDS = {
    "point": "Point",
    "linestring": "LineString",
    "polygon": "Polygon",
    "multipoint": "MultiPoint",
    "multilinestring": "MultiLineString",
    "multipolygon": "MultiPolygon",
}


def read(path: Path, name: str, *, file: str, limits: Limits) -> tuple[Layer, ...]:
    """Read a Parquet file with shapes as WKB or in GeoArrow's nested lists.

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
        For a file that is broken or too large, and for a table without shapes.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as opened:
            about = opened.metadata
            counted(about.num_rows, about.num_columns, file, limits)
            unpacked = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
            if unpacked > most_unpacked(limits.bytes):
                raise Refused("zip_bomb", file=file, limit=most_unpacked(limits.bytes) >> 20)
            own = _own(about.metadata or {})
            column = _column(own, opened.schema_arrow, file)
            whole = opened.read(use_threads=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise Refused("broken", file=file, format="Parquet") from error
    described = own.get("columns", {}).get(column, {}) if own else {}
    described = described if isinstance(described, dict) else {}
    troubles = Troubles()
    cells = whole.column(whole.schema.get_field_index(column)).to_pylist()
    encoding = str(described.get("encoding", "WKB")).lower()
    if encoding == "wkb":
        if not all(one is None or isinstance(one, bytes) for one in cells):
            raise Refused("no_layer", file=file)
        shapes = from_wkb(cells, troubles)
    elif encoding in KINDS:
        shapes = [
            None if one is None else assemble(KINDS[encoding], _nested(one), row, troubles)
            for row, one in enumerate(cells)
        ]
    else:
        raise Refused("broken", file=file, format="GeoParquet")
    places = [place for place, field in enumerate(whole.schema) if field.name not in (column, "__index_level_0__")]
    places = [place for place in places if not (whole.schema[place].name == "bbox" and own)]
    crs, crs_from = _system(described) if own else (None, "")
    return (
        layer(
            name, "GeoParquet", shapes, [whole.schema[place].name for place in places],
            [whole.column(place).to_pylist() for place in places], troubles,
            file=file, limits=limits, crs=crs, crs_from=crs_from,
        ),
    )  # fmt: skip


def _own(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    try:
        found = json.loads(metadata.get(b"geo", b"{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("columns", {}), dict) else {}


def _column(own: dict[str, Any], schema, file: str) -> str:
    primary = own.get("primary_column")
    if isinstance(primary, str) and schema.names.count(primary) == 1:
        return primary
    for name in NAMES:
        if schema.names.count(name) == 1 and str(schema.field(name).type) in ("binary", "large_binary"):
            return name
    raise Refused("no_layer", file=file)


def _nested(value: Any) -> Any:
    """Lists of positions from GeoArrow, whose positions are mappings of x and y."""
    if isinstance(value, dict):
        return [value.get("x"), value.get("y")]
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return [_nested(one) for one in value]
    return value


def _system(described: dict[str, Any]) -> tuple[str | None, str]:
    """The system of a column: without a word longitude and latitude, by the format; null where it is not known."""
    if "crs" not in described:
        return WGS84, "format"
    if described["crs"] is None:
        return None, ""
    try:
        system = pyproj.CRS.from_user_input(described["crs"])
        authority = system.to_authority(min_confidence=100)
    except (pyproj.exceptions.CRSError, TypeError, ValueError, RecursionError):
        return None, ""
    if authority and authority[1] == "CRS84":
        return WGS84, "file"
    return ":".join(authority) if authority else system.to_wkt(), "file"
