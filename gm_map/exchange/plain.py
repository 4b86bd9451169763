"""Formats that are written here by hand: GeoJSON, KML, CSV, XLSX."""

import codecs
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import shapely

from gm_map.downloads import XlsxWriter, guarded
from gm_map.exchange.table import COLUMNS, NUMBERS, Row
from gm_map.messages import Messages
from gm_map.model import Level

__all__ = ["flat_metadata", "write_csv", "write_geojson", "write_kml", "write_xlsx"]

DECIMALS = 7  # as the outlines are built: a centimetre
# A workbook must say when it was made; a file without a date says this, and the method sheet that none was given.
NO_DATE = datetime(1980, 1, 1)
KML = "http://www.opengis.net/kml/2.2"
LINE = "ff3b3324"  # alpha, blue, green, red
PALE = "#E3E7E7"


def flat_metadata(metadata: Mapping) -> list[tuple[str, str]]:
    """Metadata as pairs of text, lists and tables of it spread out."""
    pairs = []
    for key, value in metadata.items():
        if isinstance(value, Mapping):
            pairs.extend((f"{key}: {name}", str(text)) for name, text in value.items())
        elif isinstance(value, list):
            pairs.extend((key, text) for text in value)
        else:
            pairs.append((key, str(value)))
    return pairs


def _sidecar(path: Path, metadata: Mapping) -> Path:
    side = path.with_name(f"{path.stem}.metadata.json")
    side.write_text(json.dumps(metadata, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    return side


def write_geojson(path: Path, rows: Sequence[Row], metadata: Mapping) -> list[Path]:
    """RFC 7946; the metadata stands in the collection as a member of that name, which readers may pass over."""
    features = [
        json.dumps(
            {"type": "Feature", "id": row.id, "properties": row.values, "geometry": row.geojson},
            ensure_ascii=False,
            allow_nan=False,
        )
        for row in rows
    ]
    told = json.dumps(metadata, ensure_ascii=False)
    body = ",\n".join(features)
    text = f'{{"type": "FeatureCollection",\n"metadata": {told},\n"features": [\n{body}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def write_csv(path: Path, rows: Sequence[Row], metadata: Mapping) -> list[Path]:
    """UTF-8 with a mark at its start; the outline in a last column as WKT; the metadata in a file beside it."""
    shapes = [shapely.to_wkt(row.shape, rounding_precision=DECIMALS, trim=True) for row in rows]
    frame = guarded(_frame(rows).with_columns(pl.Series("wkt", shapes, dtype=pl.String)))
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF8)
        frame.write_csv(file)
    return [path, _sidecar(path, metadata)]


def write_xlsx(
    path: Path,
    rows: Sequence[Row],
    metadata: Mapping,
    t: Messages,
    points: Mapping[str, tuple[float, float]],
    date: datetime | None = None,
) -> list[Path]:
    """A sheet of places with the point that stands for each, and a sheet of how they were made. No outlines."""
    with path.open("wb") as file:
        writer = XlsxWriter(file, (t("exchange.sheet_places"), t("exchange.sheet_method")), created=date or NO_DATE)
        latitudes, longitudes = ([points[row.id][part] for row in rows] for part in (0, 1))
        at = [pl.Series("lon", longitudes, dtype=pl.Float64), pl.Series("lat", latitudes, dtype=pl.Float64)]
        writer.write(_frame(rows).with_columns(at))
        writer.method(flat_metadata(metadata))
        writer.close()
    return [path]


def _frame(rows: Sequence[Row]) -> pl.DataFrame:
    types = {name: pl.Float64 if name in NUMBERS else pl.String for name in COLUMNS}
    return pl.DataFrame([[row.values[name] for name in COLUMNS] for row in rows], schema=types, orient="row")


def write_kml(path: Path, rows: Sequence[Row], metadata: Mapping, colours: Mapping[str, str]) -> list[Path]:
    """KML 2.2: a folder for each level, a style for each cluster, every column as extended data.

    Parameters
    ----------
    colours : mapping of str to str
        ``#RRGGBB`` by the id of the cluster; places of none are drawn pale.
    """
    ElementTree.register_namespace("", KML)
    root = ElementTree.Element(f"{{{KML}}}kml")
    document = _added(root, "Document")
    _added(document, "name", metadata["title"])
    _added(document, "description", "\n".join(f"{key}: {text}" for key, text in flat_metadata(metadata)))
    for name, colour in {"pale": PALE, **colours}.items():
        _style(document, name, colour)
    for level in Level:
        of_level = [row for row in rows if row.level == level]
        if of_level:
            folder = _added(document, "Folder")
            _added(folder, "name", str(level))
            for row in of_level:
                _placemark(folder, row, colours)
    ElementTree.indent(root, space=" ")
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
    return [path]


def _added(parent: ElementTree.Element, tag: str, text: str | None = None, /, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{KML}}}{tag}", attributes)
    element.text = text
    return element


def _style(document: ElementTree.Element, name: str, colour: str) -> None:
    red, green, blue = (colour[at : at + 2] for at in (1, 3, 5))
    style = _added(document, "Style", id=name)
    line = _added(style, "LineStyle")
    _added(line, "color", LINE)
    _added(line, "width", "1.5")
    area = _added(style, "PolyStyle")
    _added(area, "color", f"b0{blue}{green}{red}".lower())


def _placemark(folder: ElementTree.Element, row: Row, colours: Mapping[str, str]) -> None:
    mark = _added(folder, "Placemark", id=row.id)
    _added(mark, "name", row.values["name"])
    _added(mark, "description", row.values["construction"])
    style = next((id_ for id_ in (row.id, row.values["parent_id"]) if id_ in colours), "pale")
    _added(mark, "styleUrl", f"#{style}")
    data = _added(mark, "ExtendedData")
    for name, value in row.values.items():
        if value is not None and name != "name":
            _added(_added(data, "Data", name=name), "value", repr(value) if isinstance(value, float) else str(value))
    polygons = shapely.get_parts(row.shape).tolist()
    holder = mark if len(polygons) == 1 else _added(mark, "MultiGeometry")
    for polygon in polygons:
        area = _added(holder, "Polygon")
        rings = [("outerBoundaryIs", polygon.exterior), *(("innerBoundaryIs", hole) for hole in polygon.interiors)]
        for side, ring in rings:
            points = " ".join(f"{_degrees(lon)},{_degrees(lat)}" for lon, lat in shapely.get_coordinates(ring).tolist())
            _added(_added(_added(area, side), "LinearRing"), "coordinates", points)


def _degrees(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
