"""What a check found, for a map program: GeoJSON, or a GeoPackage that QGIS opens with its style.

Coordinates are longitude, latitude (`gm_map.model.WGS84`). No text of a file leaves as a formula, and none with control
characters or marks that turn the direction of writing.
"""

import io
import json
import re
import sqlite3
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely

from gm_map.cells import safe
from gm_map.check.codes import CODES
from gm_map.check.report_value import Report
from gm_map.district import District
from gm_map.errors import InputError
from gm_map.model import WGS84

__all__ = ["FORMATS", "geojson", "mended_zip", "plain", "write", "write_layer"]

FORMATS = (".geojson", ".gpkg")
STYLES = {name: Path(__file__).resolve().parent / f"{name}.qml" for name in ("findings", "layer")}
DECIMALS = 7  # of a degree: a centimetre
LONGEST_TEXT = 2_000
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]")
# What GeoPackage keeps for itself: a column of this name breaks the file, or is lost.
RESERVED = frozenset({"fid", "ogc_fid", "geom", "geometry", "rowid"})

_STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""


def plain(text: object) -> str:
    """A text on one line, without what cannot be seen or turns the direction of writing; long ones are cut with a sign.

    >>> plain("a\\u202eb\\x00" + chr(10) + "c")
    'a b c'
    """
    told = " ".join(UNSEEN.sub(" ", str(text)).split())
    return told if len(told) <= LONGEST_TEXT else told[: LONGEST_TEXT - 1] + "…"


def geojson(report: Report, district: District, messages) -> str:
    """The findings as GeoJSON (RFC 7946): points in their order; a finding without a point has no geometry.

    Parameters
    ----------
    report : Report
    district : District
    messages : Messages
        Sets the language of the sentences; codes and severities are the same in both.
    """
    lines = []
    for properties, at in zip(_findings(report, district, messages), _points(report), strict=True):
        geometry = None if at is None else {"type": "Point", "coordinates": at}
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        lines.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def write(report: Report, district: District, path: Path | str, messages) -> tuple[Path, ...]:
    """Write the findings, with the style of QGIS beside them.

    A GeoPackage has two layers, ``findings`` and ``layer`` (the shapes with their verdicts), and holds their styles
    itself as well. It takes its name when it is complete.

    Returns
    -------
    tuple of Path
        The files written: the one that was asked for, then its style.

    Raises
    ------
    InputError
        For an ending that is none of `FORMATS`.
    """
    path = _checked(path)
    style = path.with_suffix(".qml")
    if path.suffix.lower() == ".geojson":
        path.write_text(geojson(report, district, messages), encoding="utf-8", newline="\n")
    else:
        points = [None if at is None else shapely.Point(at) for at in _points(report)]
        layers = {
            "findings": (_findings(report, district, messages), points, "Point"),
            "layer": (*_shapes(report, district, messages), None),
        }
        _package(path, layers)
    style.write_bytes(STYLES["findings"].read_bytes())
    return path, style


def write_layer(report: Report, mended, path: Path | str) -> Path:
    """Write the mended layer with its own attributes, in `gm_map.model.WGS84`; the file that was read stays as it is.

    Parameters
    ----------
    report : Report
        Its ``layer`` has the attributes.
    mended : Mended
        ``geometries``, an object array (N,) in longitude and latitude.
    path : path
        Ends with one of `FORMATS`.
    """
    path = _checked(path)
    columns = _columns(report.layer.attributes)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    rows = rows or [{} for _ in range(len(report.layer))]
    if path.suffix.lower() == ".gpkg":
        _package(path, {"layer": (rows, list(mended.geometries), None)}, styled=False)
        return path
    lines = []
    for properties, shape in zip(rows, mended.geometries, strict=True):
        geometry = None if not _drawable(shape) else shapely.geometry.mapping(shapely.force_2d(shape))
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        lines.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    told = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(told, encoding="utf-8", newline="\n")
    return path


def mended_zip(report: Report, mended, messages) -> bytes:
    """The mended layer as a GeoPackage and the list of what was changed, in one archive."""
    lines = [
        f"{number}. {messages(f'check.change_{change.code.lower()}', row=change.row + 1, **change.facts)}"
        for number, change in enumerate(mended.changes, 1)
    ]
    kept = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder, zipfile.ZipFile(kept, "w") as archive:
        target = write_layer(report, mended, Path(folder) / "mended.gpkg")
        archive.write(target, target.name, zipfile.ZIP_DEFLATED)
        archive.writestr("changes.txt", "\n".join([*map(plain, lines), ""]), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


# ---- rows ----


def _findings(report: Report, district: District, messages) -> list[dict[str, Any]]:
    """The findings as rows, numbered from 1 as they are listed everywhere."""
    places = district.catalogue.places
    rows = []
    for number, one in enumerate(report.findings, 1):
        code = CODES.get(one.code)
        place = places.get(one.place_id)
        rows.append(
            {
                "number": number,
                "code": one.code,
                "severity": str(one.severity),
                "object": plain(one.name) or (place.name.of(messages.language) if place else ""),
                "feature": None if one.row is None else one.row + 1,
                "place_id": one.place_id,
                "message": plain(messages(f"finding.{one.code.lower()}", **one.facts)),
                "remedy": code.remedy.of(messages.language) if code else "",
                "fixable": bool(one.fixable),
                "data": report.district_version,
            }
        )
    return _guarded(rows)


def _points(report: Report) -> list[list[float] | None]:
    return [
        None if one.lon is None or one.lat is None else [round(one.lon, DECIMALS), round(one.lat, DECIMALS)]
        for one in report.findings
    ]


def _shapes(report: Report, district: District, messages) -> tuple[list[dict[str, Any]], list]:
    """The features as they were read, each with the verdict on the place that it is."""
    verdicts = {one.place_id: one for one in report.verdicts}
    places = district.catalogue.places
    geometries = [] if report.geometries is None else list(report.geometries)
    by_row = {one.row: one for one in report.identities}
    rows = []
    for row in range(len(geometries)):
        identity = by_row.get(row)
        id_ = None if identity is None else identity.place_id
        verdict = verdicts.get(id_)
        rows.append(
            {
                "feature": row + 1,
                "name": plain(identity.name) if identity else "",
                "place_id": id_,
                "place": places[id_].name.of(messages.language) if id_ in places else "",
                "verdict": str(verdict.judgement) if verdict else "",
                "stated_km2": verdict.stated_km2 if verdict else None,
                "area_km2": None if verdict is None or verdict.area_km2 is None else round(verdict.area_km2, 6),
                "uncertainty_km2": verdict.uncertainty_km2 if verdict else None,
                "why": plain(messages(f"verdict.{verdict.why}", **verdict.facts)) if verdict else "",
            }
        )
    return _guarded(rows), geometries


def _guarded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An apostrophe before every text that a spreadsheet would read as a formula: tables are pasted."""
    for name in rows[0] if rows else ():
        if any(isinstance(row[name], str) for row in rows):
            column = pl.Series([row[name] for row in rows], dtype=pl.String)
            for row, value in zip(rows, safe(column).to_list(), strict=True):
                row[name] = value
    return rows


def _columns(attributes: Mapping[str, Sequence]) -> dict[str, list]:
    """Columns of a file under names that GeoPackage can keep, with values that it can hold."""
    found: dict[str, list] = {}
    taken = set(RESERVED)
    for name, values in attributes.items():
        told = base = plain(name)[:60] or "column"
        number = 1
        while told.lower() in taken:
            number += 1
            told = f"{base}_{number}" if base.lower() not in RESERVED or number > 2 else f"{base}_"
        taken.add(told.lower())
        found[told] = _values(values)
    return found


def _values(values: Iterable[Any]) -> list:
    """Numbers where all are numbers, else text: a column of several kinds is none that a program can sort."""
    listed = [value.item() if isinstance(value, np.generic) else value for value in values]
    listed = [None if value is None or value != value else value for value in listed]  # NaN is not itself
    if all(value is None or isinstance(value, int | float) for value in listed):
        return [None if isinstance(value, float) and abs(value) == float("inf") else value for value in listed]
    return [None if value is None else plain(value) for value in listed]


# ---- files ----


def _checked(path: Path | str) -> Path:
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        wanted = ", ".join(FORMATS)
        raise InputError(f"{path.name}: found “{path.suffix}”, wanted one of {wanted}; give the file such an ending")
    return path


def _drawable(shape) -> bool:
    return shape is not None and not shape.is_empty and bool(np.isfinite(shapely.get_coordinates(shape)).all())


def _package(path: Path, layers: Mapping[str, tuple[list[dict], list, str | None]], styled: bool = True) -> None:
    """Write the layers of a GeoPackage, each with its style."""
    import geopandas

    part = path.with_name(f"{path.stem}.part.gpkg")
    part.unlink(missing_ok=True)
    try:
        for name, (rows, shapes, kind) in layers.items():
            shapes = [shapely.force_2d(shape) if _drawable(shape) else None for shape in shapes]
            frame = geopandas.GeoDataFrame(rows, geometry=shapes, crs=WGS84)
            for column in rows[0] if rows else ():
                if _whole([row[column] for row in rows]):
                    frame[column] = frame[column].astype("Int64")
            with warnings.catch_warnings():
                # Rings turn as they were drawn, and kinds of geometry are mixed as they were: that is what is checked.
                warnings.simplefilter("ignore")
                options = {"driver": "GPKG", "engine": "pyogrio", "promote_to_multi": False, "GEOMETRY_NAME": "geom"}
                frame.to_file(part, layer=name, geometry_type=kind or "Unknown", **options)
        if styled:
            _embed(part, [name for name in layers if name in STYLES])
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _whole(values: Sequence) -> bool:
    """Whether all that is there is a whole number: with gaps, a table would make fractions of them."""
    return None in values and all(
        value is None or (isinstance(value, int) and not isinstance(value, bool)) for value in values
    )


def _embed(path: Path, names: list[str]) -> None:
    """The styles in the table where QGIS looks for them."""
    book = sqlite3.connect(path)
    try:
        book.execute(_STYLE_TABLE)
        book.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, ?, ?)",
            ("layer_styles", "attributes", "layer_styles"),
        )
        for name in names:
            book.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description, owner) "
                "VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '')",
                (name, name, STYLES[name].read_text(encoding="utf-8")),
            )
        book.commit()
    finally:
        book.close()
