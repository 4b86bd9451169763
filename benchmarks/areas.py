"""How near our geodesic areas are to GeographicLib's ``Planimeter``, on every polygon of the map and on random ones.

``python benchmarks/areas.py``. Planimeter stands in Debian's package geographiclib-tools. It reckons in two ways: by
the series that PROJ's areas come from as well (another program, the same algorithm), and by elliptic integrals
(``exact``: another algorithm). The exact way itself rounds to some hundredths of a square metre where a polygon has
hundreds of corners (the series and the authalic sphere agree against it), so it is asked for 1 km² and more only.
"""

from __future__ import annotations

import argparse
import math
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from gm_map import district as district_module  # noqa: E402 - the folder has to be named first
from gm_map import measure  # noqa: E402

PROGRAM = "Planimeter"
# GRS 80 (Moritz 2000): semi-major axis in metres, flattening.
ELLIPSOID = ("-e", "6378137", "1/298.257222101")
# Longitude first; square metres with seven decimals.
OPTIONS = ("-w", "-p", "12")
WAYS = {"series": "-G", "exact": "-E"}
LEAST_EXACT_M2 = 1e6
SEED = 4


def planimeter_m2(shapes: Sequence[shapely.Geometry], way: str = "series") -> list[float]:
    """Areas in square metres by Planimeter, in one of `WAYS`: each ring as a polygon of its own, holes taken off.

    Raises
    ------
    FileNotFoundError
        Where the program is not installed.
    """
    if shutil.which(PROGRAM) is None:
        raise FileNotFoundError(f"{PROGRAM} is not there: install geographiclib-tools (make system does)")
    signs, text = [], []
    for number, shape in enumerate(shapes):
        for part in shapely.get_parts(shape).tolist():
            for ring, sign in [(part.exterior, 1.0), *((hole, -1.0) for hole in part.interiors)]:
                signs.append((number, sign))
                # Planimeter closes a ring itself.
                text += [f"{lon!r} {lat!r}" for lon, lat in shapely.get_coordinates(ring)[:-1].tolist()] + [""]
    command = [PROGRAM, *ELLIPSOID, *OPTIONS, WAYS[way]]
    done = subprocess.run(command, input="\n".join(text), text=True, capture_output=True, check=True)
    rings = [abs(float(line.split()[2])) for line in done.stdout.splitlines()]
    areas = [0.0] * len(shapes)
    for (number, sign), area in zip(signs, rings, strict=True):
        areas[number] += sign * area
    return areas


def shipped() -> list[shapely.Geometry]:
    """The outlines of all places, and the areas of the background."""
    district = district_module.load()
    places = [district.shape(id_) for id_ in district.outlines]
    background = [shapely.geometry.shape(one["geometry"]) for one in district.background]
    return places + [shape for shape in background if shape.geom_type in ("Polygon", "MultiPolygon")]


def random_polygons(count: int, seed: int = SEED, holes: bool = True) -> list[shapely.Polygon]:
    """Star-shaped polygons round the district, from a hectare to 300 km², of 5 to 300 corners, each with a hole."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        corners = int(rng.integers(5, 301))
        centre = rng.uniform((113.8, 22.65), (114.05, 22.9))
        radius = 10 ** rng.uniform(-3.2, -1.0)
        turns = np.linspace(0, math.tau, corners, endpoint=False)
        rays = radius * rng.uniform(0.6, 1.0, corners)
        ring = centre + np.c_[rays * np.cos(turns), rays * np.sin(turns)]
        # The middle of a side of a pentagon is nearer than its corners: a fifth of the rays is inside all the same.
        inner = [centre + 0.2 * (ring[::-1] - centre)] if holes else []
        found.append(shapely.Polygon(ring, inner))
    return found


def worst(shapes: Sequence[shapely.Geometry], way: str = "series") -> tuple[int, float, float]:
    """How many were compared, and the largest difference of the two, relative and in square metres."""
    pairs = [
        (measure.geodesic_m2(shape), other) for shape, other in zip(shapes, planimeter_m2(shapes, way), strict=True)
    ]
    pairs = [pair for pair in pairs if way == "series" or pair[1] >= LEAST_EXACT_M2]
    return len(pairs), max(abs(one / other - 1) for one, other in pairs), max(abs(one - other) for one, other in pairs)


def main() -> int:
    """Compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polygons", type=int, default=9000, help="how many random polygons (9,000)")
    options = parser.parse_args()
    drawn = random_polygons(options.polygons)
    lines = []
    for name, shapes in (("shipped", shipped()), ("random, with a hole", drawn)):
        for way in WAYS:
            count, relative, absolute = worst(shapes, way)
            lines.append((f"{name}; {way}", count, f"{relative * 1e6:.6f} ppm", f"{absolute:.6f} m²"))
    start = time.perf_counter()
    for shape in drawn:
        measure.geodesic_m2(shape)
    seconds = time.perf_counter() - start
    for name, count, relative, absolute in lines:
        sys.stdout.write(f"{name:<30}{count:>8,}{relative:>18}{absolute:>18}\n")
    corners = sum(len(shapely.get_coordinates(shape)) for shape in drawn)
    sys.stdout.write(f"{len(drawn):,} polygons of {corners:,} corners measured in {seconds:.2f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
