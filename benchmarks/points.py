"""How fast points are located, beside geopandas in the same run: ``python benchmarks/points.py --help``."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from gm_map import district as district_module  # noqa: E402 - the folder has to be named first
from gm_map.locate import locate_many  # noqa: E402
from gm_map.model import WGS84, Level  # noqa: E402
from gm_map.points import locate_file  # noqa: E402
from gm_map.unit_grid import unit_grid  # noqa: E402

SEED = 1
FEW = 1000  # rows of the small file: what it costs is the start, and is taken off


def seconds(work: Callable[[], object], runs: int) -> float:
    """Median wall time of some runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def by_sjoin(units, lon, lat):
    """Units of points as geopandas finds them, in points already made."""
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs=WGS84)
    return lambda: geopandas.sjoin(points, units, predicate="within")


def by_contains(shapes, lon, lat):
    """Units of points, one unit after another."""
    found = np.full(len(lon), -1, dtype=np.int8)
    for number, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        found[near[shapely.contains_xy(shape, lon[near], lat[near])]] = number
    return found


def plain_script(units, source: Path, target: Path) -> None:
    """The five lines that most people write."""
    frame = pandas.read_csv(source)
    points = geopandas.GeoDataFrame(frame, geometry=geopandas.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)
    joined = geopandas.sjoin(points, units, how="left", predicate="within")
    joined.drop(columns="geometry").to_csv(target, index=False)


def write_points(path: Path, lon, lat) -> None:
    """A table of firms with coordinates."""
    names = [f"企业{number}" for number in range(len(lon))]
    pandas.DataFrame({"id": range(len(lon)), "name": names, "lon": lon.round(7), "lat": lat.round(7)}).to_csv(
        path, index=False
    )


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000, help="how many points (1,000,000)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each way; the median counts (15)")
    options = parser.parse_args()
    district = district_module.load()
    start = time.perf_counter()
    grid = unit_grid(district)
    made = time.perf_counter() - start
    units = district.frame(Level.UNIT)[["name", "geometry"]]
    rng = np.random.default_rng(SEED)
    west, south, east, north = district.bounds
    lon, lat = rng.uniform(west, east, options.points), rng.uniform(south, north, options.points)

    differ = int((by_contains(grid.shapes, lon, lat) != grid.units(lon, lat)).sum())
    rows = [("geopandas.sjoin, units", seconds(by_sjoin(units, lon, lat), options.runs))]
    rows.append(("shapely.contains_xy", seconds(lambda: by_contains(grid.shapes, lon, lat), options.runs)))
    rows.append(("grid, units", seconds(lambda: grid.units(lon, lat), options.runs)))
    rows.append(("grid, units and edges", seconds(lambda: locate_many(district, lon, lat), options.runs)))
    show(f"In memory, {options.points:,} points; grid made in {made:.2f} s; {differ} differ from contains_xy", rows)

    with tempfile.TemporaryDirectory() as folder:
        many, few, target = (Path(folder) / name for name in ("many.csv", "few.csv", "out.csv"))
        write_points(many, lon, lat)
        write_points(few, lon[:FEW], lat[:FEW])
        rows = []
        for name, work in (
            ("plain script", lambda source: plain_script(units, source, target)),
            ("locate_file", lambda source: locate_file(district, source, target)),
        ):
            work(few)  # imports and caches are no part of it
            small = seconds(lambda work=work: work(few), options.runs)
            rows.append((name, seconds(lambda work=work: work(many), options.runs) - small))
        show(f"File to file, what {options.points - FEW:,} rows more cost", rows)
    return 0


def show(title: str, rows: list[tuple[str, float]]) -> None:
    """The table of one comparison; the first row is what the others are held against."""
    print(f"\n{title}\n\n| way | seconds | times as fast |\n|---|---|---|")
    for name, took in rows:
        print(f"| {name} | {took:.3f} | {rows[0][1] / took:.1f} |")


if __name__ == "__main__":
    sys.exit(main())
