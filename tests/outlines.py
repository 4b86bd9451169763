"""Files of outlines for tests: written in every format, read back, refused."""

from __future__ import annotations

import json
import zipfile
from functools import cache

import geopandas
import pytest

from gm_map.check import intake
from gm_map.check.refusal import Refused
from gm_map.district import load
from gm_map.model import WGS84

MB = 1 << 20
SQUARE = [[113.9, 22.7], [113.91, 22.7], [113.91, 22.71], [113.9, 22.71], [113.9, 22.7]]
KINDS = ["GeoJSON", "GPKG", "SHP", "KML", "KMZ", "GML", "DXF", "FGB", "Parquet", "GeoArrow", "GeoJSONL"]


@cache
def shipped():
    """The 30 shipped outlines with their Chinese names."""
    district = load()
    ids = list(district.outlines)
    names = [district.catalogue.places[one].name.zh for one in ids]
    shapes = [district.shape(one) for one in ids]
    return geopandas.GeoDataFrame({"id": ids, "名称": names, "面积": [1.5] * len(ids)}, geometry=shapes, crs=WGS84)


def write(folder, name, value):
    """A file with a text or bytes."""
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else value.encode())
    return path


def feature(coordinates, kind="Polygon", **properties):
    """A feature of GeoJSON."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features, **members):
    """GeoJSON of features."""
    return json.dumps({"type": "FeatureCollection", "features": features, **members}, ensure_ascii=False)


def one(path, **options):
    """The only layer of a file."""
    (layer,) = intake.read(path, **options)
    return layer


def refusal(path, **options):
    """Why a file is refused."""
    with pytest.raises(Refused) as told:
        intake.read(path, **options)
    assert path.name.rpartition(".")[0][:10] in str(told.value), "the sentence names the file"
    assert "; " in str(told.value), "and says what to do"
    return told.value


def codes(layer):
    """Codes and rows of what is wrong with a layer."""
    return [(trouble.code, trouble.row) for trouble in layer.troubles]


def archived(folder, name, files):
    """A ZIP of files, without their folders."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packing:
        for file in files:
            packing.write(file, file.name)
    return path


def saved(frame, folder, kind):
    """A table of outlines as a file of one of `KINDS`."""
    path = folder / f"单元.{kind.lower()}"
    if kind in ("KML", "KMZ"):
        path = folder / "doc.kml"
        frame.rename(columns={"名称": "Name"}).to_file(path, driver="KML")
        return archived(folder, "单元.kmz", [path]) if kind == "KMZ" else path
    if kind == "Parquet":
        frame.to_parquet(path)
    elif kind == "GeoArrow":
        frame.to_parquet(path, geometry_encoding="geoarrow")
    elif kind == "DXF":
        geopandas.GeoDataFrame({"Layer": frame["名称"]}, geometry=frame.geometry).to_file(path, driver="DXF")
    elif kind == "SHP":
        shapes = folder / "shp"
        shapes.mkdir()
        frame.to_file(shapes / "单元.shp", encoding="UTF-8")
        return archived(folder, "单元.zip", sorted(shapes.iterdir()))
    else:
        drivers = {"GeoJSONL": "GeoJSONSeq", "FGB": "FlatGeobuf"}
        frame.to_file(path, driver=drivers.get(kind, kind))
    return path
