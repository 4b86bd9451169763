"""How much of a file is taken, and a layer put together from what a reader found."""

from collections.abc import Sequence
from dataclasses import dataclass

from gm_map.check.intake_geometry import finish
from gm_map.check.intake_table import table
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer

__all__ = ["ON_DISK", "UPLOAD", "WANTED", "Limits", "counted", "layer"]

WANTED = "GeoJSON, GeoPackage, Shapefile (ZIP), KML, KMZ, GML, DXF, FlatGeobuf, GeoParquet"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken: bytes of the file; layers; features, vertices and values of all of them; columns of one.

    ``memory`` (bytes) and ``seconds`` are what the process that reads may use.
    """

    bytes: int
    layers: int = 200
    features: int = 300_000
    columns: int = 1_000
    vertices: int = 15_000_000
    values: int = 10_000_000
    memory: int = 3 << 30
    seconds: int = 120


UPLOAD = Limits(200 << 20)  # through the page
ON_DISK = Limits(400 << 20)  # on the command line


def counted(features: int, columns: int, file: str, limits: Limits) -> None:
    """Refuse a layer that is too large.

    Raises
    ------
    Refused
        Beyond the limits of features, columns or values.
    """
    if features > limits.features:
        raise Refused("features_many", file=file, limit=limits.features)
    if columns > limits.columns:
        raise Refused("columns_many", file=file, found=columns, limit=limits.columns)
    if features * columns > limits.values:
        raise Refused("values_many", file=file, limit=limits.values)


def layer(
    name: str,
    kind: str,
    shapes: Sequence,
    names: Sequence[str],
    columns: Sequence[Sequence],
    troubles: Troubles,
    *,
    file: str,
    limits: Limits,
    crs: str | None = None,
    crs_from: str = "",
    encoding: str = "utf-8",
) -> Layer:
    """A layer from shapes (N,) and columns as they were found; see `gm_map.check.results.Layer`.

    Raises
    ------
    Refused
        Beyond the limits.
    """
    counted(len(shapes), len(names), file, limits)
    attributes = table(names, columns, troubles)
    geometries, vertices = finish(shapes, troubles)
    if vertices > limits.vertices:
        raise Refused("vertices_many", file=file, limit=limits.vertices)
    return Layer(name, kind, geometries, attributes, crs, crs_from if crs else "", encoding, troubles.all())
