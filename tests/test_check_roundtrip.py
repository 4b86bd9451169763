"""The same 30 features in ten formats and eight coordinate systems come back to the same places and areas."""

import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest
import shapely

from gm_map import measure
from gm_map.check import crs, identify, intake
from gm_map.district import load
from gm_map.model import WGS84, Level

CODES = (
    *("EPSG:4326", "EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:4548"),
    *("EPSG:32650", "EPSG:3857", "EPSG:2383", "EPSG:2435"),
)
UNDECLARED = {"shp without prj", "dxf"}
ONLY_WGS84 = {"kml", "kmz"}
PPM = 1e-6


@pytest.fixture(scope="module")
def district():
    return load()


@pytest.fixture(scope="module")
def frames(district):
    """The shipped features by code of the system."""
    frame = pd.concat([district.frame(level) for level in Level])[["name", "geometry"]]
    frame.insert(0, "place", frame.index)
    return {code: frame.reset_index(drop=True).to_crs(code) for code in CODES}


def zipped(folder, names=None):
    path = folder / "layer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.glob("layer.*")):
            if part != path and (names is None or part.suffix in names):
                archive.write(part, part.name)
    return path


def shapefile(frame, folder, **_):
    frame.to_file(folder / "layer.shp", encoding="utf-8")
    return zipped(folder)


def shapefile_without_prj(frame, folder):
    frame.to_file(folder / "layer.shp", encoding="utf-8")
    return zipped(folder, {".shp", ".shx", ".dbf", ".cpg"})


def with_driver(driver, suffix, **options):
    def write(frame, folder):
        path = folder / f"layer{suffix}"
        frame.to_file(path, driver=driver, engine="pyogrio", **options)
        return path

    return write


def kmz(frame, folder):
    inner = with_driver("KML", ".kml")(frame, folder)
    path = folder / "layer.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "doc.kml")
    return path


def dxf(frame, folder):
    lines = frame.rename(columns={"name": "Layer"})[["Layer", "geometry"]]
    lines = lines.set_geometry(lines.geometry.boundary).set_crs(None, allow_override=True)
    path = folder / "layer.dxf"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a drawing has no coordinate system
        lines.to_file(path, driver="DXF", engine="pyogrio")
    return path


def parquet(frame, folder):
    frame.to_parquet(folder / "layer.parquet")
    return folder / "layer.parquet"


FORMATS = {
    "geojson": with_driver("GeoJSON", ".geojson"),
    "gpkg": with_driver("GPKG", ".gpkg"),
    "shp": shapefile,
    "shp without prj": shapefile_without_prj,
    "kml": with_driver("KML", ".kml"),
    "kmz": kmz,
    "gml": with_driver("GML", ".gml"),
    "dxf": dxf,
    "fgb": with_driver("FlatGeobuf", ".fgb"),
    "parquet": parquet,
}
CASES = [(kind, code) for kind in FORMATS for code in CODES if kind not in ONLY_WGS84 or code == WGS84]


@pytest.mark.parametrize(("kind", "code"), CASES)
def test_features_come_back(district, frames, tmp_path, kind, code):
    layer = intake.merge(intake.read(FORMATS[kind](frames[code], tmp_path)))
    assert len(layer) == 30
    reading = crs.read(layer, district)
    if kind in UNDECLARED:
        assert (reading.how, reading.confidence) == ("numbers", crs.ONLY_ONE)
        # What is the same system for all that numbers can tell is said, and lies nowhere else.
        same = dict([(reading.detected, 0.0), *reading.alternatives])
        assert code in same
        assert max(same.values()) <= crs.HARMLESS_M
        assert len(same) == 1 or reading.key == "harmless"
    else:
        assert (reading.detected, reading.confidence) == (code, 1.0)
        assert reading.how in ("declared", "format")
    geometries = crs.to_wgs84(layer, reading)
    identities = identify.identify(layer, geometries, district)
    assert len({one.place_id for one in identities}) == 30
    for identity in identities:
        area_m2 = measure.geodesic_m2(geometries[identity.row])
        assert area_m2 == pytest.approx(district.area_km2(identity.place_id) * 1e6, rel=PPM)


@pytest.mark.parametrize("kind", sorted(UNDECLARED))
def test_what_was_drawn_anew_is_said_to_be_ambiguous(district, frames, tmp_path, kind):
    frame = frames["EPSG:4547"]
    waves = shapely.transform(frame.geometry.to_numpy(), lambda points: points + 60.0 * np.sin(points[:, ::-1] / 300.0))
    layer = intake.merge(intake.read(FORMATS[kind](frame.set_geometry(waves, crs=frame.crs), tmp_path)))
    reading = crs.read(layer, district)
    assert (reading.detected, reading.key) == ("EPSG:4547", "ambiguous")
    assert reading.confidence <= crs.EITHER
    assert set(dict(reading.alternatives)) == {"EPSG:2383", "EPSG:2435"}
