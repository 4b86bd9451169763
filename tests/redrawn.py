"""A redrawn layer with faults, for the tests of what is told of a check."""

import numpy as np
import shapely

from gm_map import district
from gm_map.check import run
from gm_map.check.results import Layer
from gm_map.model import WGS84

__all__ = ["HOSTILE", "checked", "layer"]

HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>{{7*7}}${1}\u202e\x00\x1b'


def layer(here: district.District) -> Layer:
    """The shipped outlines, five of them spoilt: shifted, shrunk, crossing itself, called something else, left out."""
    names, shapes = [], []
    for id_, place in here.catalogue.places.items():
        shape = here.shape(id_)
        if id_ == "unit-20":
            continue
        if id_ == "unit-05":
            shape = shapely.transform(shape, lambda xy: np.add(xy, [0.002, 0.001]))
        if id_ == "zone-3":
            shape = shapely.transform(shape, lambda xy: (xy - xy.mean(0)) * 0.95 + xy.mean(0))
        if id_ == "unit-12":
            corners = shapely.get_coordinates(shape).copy()
            corners[[2, len(corners) // 2]] = corners[[len(corners) // 2, 2]]
            shape = shapely.Polygon(corners)
        names.append(HOSTILE if id_ == "unit-07" else place.name.zh)
        shapes.append(shape)
    attributes = {
        "fid": tuple(f"f{number}" for number in range(len(names))),
        "名称": tuple(names),
        "面积": tuple(float(number) for number in range(len(names))),
        "=cmd|'/c calc'!A1": tuple(["@SUM(A1)"] * len(names)),
    }
    return Layer("redrawn", "GeoJSON", np.array(shapes, dtype=object), attributes, WGS84, "format", "utf-8")


def checked(here: district.District, drawn: Layer | None = None):
    """What the check says of a layer, of the one above where none is given."""
    return run.check_layer(here, drawn or layer(here))
