"""Drawings (DXF): closed lines are polygons, and the text inside one is its name."""

import re
from pathlib import Path

import numpy as np
import shapely

from gm_map.check.intake_gdal import Raw, layer_names, read_raw
from gm_map.check.intake_geometry import from_wkb
from gm_map.check.intake_layer import Limits, layer
from gm_map.check.intake_table import decoded
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer

__all__ = ["read"]

HEAD = 1 << 16
UNICODE_SINCE = 1021  # the version of 2007
NEARLY = 1e-3  # of its length: ends that lie nearer than this are one end
LABELS = ("AcDbText", "AcDbMText", "AcDbAttribute")


def read(path: Path, name: str, *, file: str, limits: Limits) -> tuple[Layer, ...]:
    """Read a text DXF; all its drawn layers come as one, with their names in a column.

    Columns are ``name`` (the first text inside a polygon, else the drawn layer), ``Layer``, ``Text`` (all texts inside,
    parted by "; ") and ``EntityHandle``. Texts and points are no features; a line that does not close stays one.

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
        For a drawing that is broken, too large, or has no lines.
    """
    troubles = Troubles()
    names = layer_names(path, "DXF", file, limits)
    if not names:
        raise Refused("no_layer", file=file)
    raw = read_raw(path, names[0], "DXF", troubles, file=file, limits=limits, encoding="UTF-8")
    if not raw.blobs:
        raise Refused("no_features", file=file)
    columns, names, encoding = decoded(raw.columns, _encoding(path), raw.names, troubles)
    fields = dict(zip(names, columns, strict=True))
    return (_layer(raw, fields, encoding, name, troubles, file, limits),)


def _encoding(path: Path) -> str | None:
    """The encoding that a drawing names in its head: its version says UTF-8, or its code page counts."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    version = re.search(rb"\$ACADVER\s+1\s+AC(\d{4})", head)
    if version and int(version[1]) >= UNICODE_SINCE:
        return "utf-8"
    page = re.search(rb"\$DWGCODEPAGE\s+3\s+ANSI_(\d{3,4})", head, re.IGNORECASE)
    if page is None:
        return None
    return {b"936": "gb18030", b"950": "cp950", b"932": "cp932", b"949": "cp949"}.get(page[1], "cp1252")


def _layer(raw: Raw, fields, encoding, name: str, troubles: Troubles, file: str, limits: Limits) -> Layer:
    count = len(raw.blobs)
    empty = [None] * count
    subclasses = fields.get("SubClasses", empty)
    # Rows are those of the layer that comes out: labels and points have gone, and no trouble may count them.
    with np.errstate(invalid="ignore"):
        shapes = shapely.from_wkb(np.array([*raw.blobs, None], dtype=object)[:-1], on_invalid="ignore")
    is_label = np.array([any(kind in (one or "") for kind in LABELS) for one in subclasses], dtype=bool)
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    kept = np.flatnonzero(~points & ~is_label)
    if not len(kept):
        raise Refused("no_layer", file=file)
    found = [
        _closed(shape, row, troubles)
        for row, shape in enumerate(from_wkb([raw.blobs[place] for place in kept.tolist()], troubles))
    ]
    texts = fields.get("Text", empty)
    labels = [(shapes[place], texts[place]) for place in np.flatnonzero(is_label | points).tolist() if texts[place]]
    inside = _inside(found, [one for one in labels if one[0] is not None])
    layers = [fields.get("Layer", empty)[place] for place in kept.tolist()]
    handles = [fields.get("EntityHandle", empty)[place] for place in kept.tolist()]
    drawn = [one if one != "0" else None for one in layers]  # every drawing has a layer 0, which names nothing
    named = [texts[0] if texts else own for texts, own in zip(inside, drawn, strict=True)]
    joined = ["; ".join(texts) or None for texts in inside]
    return layer(
        name, "DXF", found, ["name", "Layer", "Text", "EntityHandle"], [named, layers, joined, handles], troubles,
        file=file, limits=limits, encoding=encoding,
    )  # fmt: skip


def _closed(shape, row: int, troubles: Troubles):
    """A polygon where a line comes back to where it began, or nearly; else what it was."""
    if shape is None or shape.geom_type not in ("LineString", "LinearRing", "MultiLineString"):
        return shape
    if shape.geom_type == "MultiLineString":
        parts = [_closed(part, row, troubles) for part in shape.geoms]
        good = parts and all(part.geom_type == "Polygon" for part in parts)
        return shapely.multipolygons(parts) if good else shape
    xy = shapely.get_coordinates(shape)
    if not np.isfinite(xy).all() or len(xy) < 3:
        troubles.add("WRONG_TYPE", row, found="LineString")
        return shape
    gap = float(np.hypot(*(xy[-1] - xy[0])))
    length = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    if gap > NEARLY * length or len(xy) - (gap == 0) < 3:
        troubles.add("WRONG_TYPE", row, found="LineString")
        return shape
    if gap:
        troubles.add("RING", row, why="unclosed", ring=0, points=len(xy), x=float(xy[0][0]), y=float(xy[0][1]))
        xy = np.vstack([xy, xy[:1]])
    return shapely.Polygon(xy)


def _inside(shapes: list, labels: list) -> list[list[str]]:
    """The texts inside each polygon; a text inside several belongs to the smallest."""
    found: list[list[str]] = [[] for _ in shapes]
    rows = [row for row, shape in enumerate(shapes) if shape is not None and "Polygon" in shape.geom_type]
    if not rows or not labels:
        return found
    sizes = {row: _extent(shapes[row]) for row in rows}
    tree = shapely.STRtree([shapes[row] for row in rows])
    for shape, text in labels:
        spot = shapely.point_on_surface(shape)
        # The box decides who is asked, the shape answers; one that crosses itself answers as well as it can.
        holders = [rows[place] for place in tree.query(spot) if shapely.intersects(shapes[rows[place]], spot)]
        if holders:
            found[min(holders, key=sizes.__getitem__)].append(" ".join(text.split()))
    return found


def _extent(shape) -> float:
    west, south, east, north = shape.bounds
    return (east - west) * (north - south)
