"""How fast a layer is checked, beside a plain double loop in the same run: ``python benchmarks/checking.py --help``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
if "--one-core" in sys.argv:
    # Before any library starts its threads: one core for all of them.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402 - the core has to be chosen first
import shapely  # noqa: E402

from gm_map import district as district_module  # noqa: E402
from gm_map.check import layer_rules, plan_rules, shapes_rules  # noqa: E402
from gm_map.check.frame import Frame  # noqa: E402
from gm_map.check.results import Drawing, Layer  # noqa: E402
from gm_map.model import WGS84  # noqa: E402

SEED = 1
AREAS = {"province": (109.7, 20.2, 117.3, 25.5), "district": (113.82, 22.64, 114.05, 22.87)}  # W, S, E, N
BROKEN = 12  # features that cross themselves, in the layer with faults


def tessellation(count: int, vertices: int, box: tuple[float, float, float, float]) -> np.ndarray:
    """Polygons side by side with crooked sides that neighbours share vertex for vertex, to seven decimals."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = box
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    per = vertices // 4
    dx, dy = (east - west) / columns, (north - south) / rows
    x, y = np.meshgrid(np.arange(columns + 1) * dx + west, np.arange(rows + 1) * dy + south)
    x, y = x + rng.uniform(-0.25, 0.25, x.shape) * dx, y + rng.uniform(-0.25, 0.25, y.shape) * dy
    along = np.linspace(0, 1, per + 1)

    def sides(x0, y0, x1, y1):
        bend = sum(
            rng.normal(0, 0.012 / k**0.7, (x0.size, 1)) * np.sin(np.pi * k * along) for k in (1, 2, 3, 5, 9, 17)
        )
        x0, y0, x1, y1 = (one.reshape(-1, 1) for one in (x0, y0, x1, y1))
        return np.stack(
            [x0 + (x1 - x0) * along - (y1 - y0) * bend, y0 + (y1 - y0) * along + (x1 - x0) * bend], axis=-1
        ).round(7)

    across = sides(x[:, :-1], y[:, :-1], x[:, 1:], y[:, 1:]).reshape(rows + 1, columns, per + 1, 2)
    upward = sides(x[:-1], y[:-1], x[1:], y[1:]).reshape(rows, columns + 1, per + 1, 2)
    rings = np.concatenate(
        [across[:-1, :, :-1], upward[:, 1:, :-1], across[1:, :, :0:-1], upward[:, :-1, :0:-1]], axis=2
    ).reshape(rows * columns, -1, 2)[:count]
    return shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))


def with_faults(shapes: np.ndarray) -> np.ndarray:
    """The same with some features that cross themselves, and some that are moved by ten metres."""
    rng = np.random.default_rng(SEED)
    shapes = shapes.copy()
    for row in rng.choice(len(shapes), BROKEN, replace=False).tolist():
        xy = shapely.get_coordinates(shapes[row])
        xy[[10, 20]] = xy[[20, 10]]
        shapes[row] = shapely.Polygon(xy)
    for row in rng.choice(len(shapes), BROKEN, replace=False).tolist():
        shapes[row] = shapely.transform(shapes[row], lambda xy: xy + 1e-4)
    return shapes


def apart(shapes: np.ndarray) -> np.ndarray:
    """Each drawn for itself: two metres smaller, so that no side is shared."""
    frame = Frame.around(shapes)
    return frame.degrees(shapely.buffer(frame.metres(shapes), -2, join_style="mitre"))


def double_loop(shapes: np.ndarray) -> list:
    """What most people write first: each with each."""
    found = [shapely.is_valid_reason(one) for one in shapes if not one.is_valid]
    for at, one in enumerate(shapes):
        found += [other for other in shapes[at + 1 :] if one.intersects(other) and _common(one, other) > 0]
    return found


def _common(one, other) -> float:
    try:
        return one.intersection(other).area
    except shapely.errors.GEOSException:  # where one of the two crosses itself
        return 0.0


def clocked(work) -> tuple[float, float, object]:
    """Wall time, processor time and result."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - processor, result


def main() -> int:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polygons", type=int, default=9_000, help="how many polygons (9,000)")
    parser.add_argument("--vertices", type=int, default=300, help="vertices of each (300)")
    parser.add_argument("--area", choices=AREAS, default="province", help="how far they reach (province)")
    parser.add_argument("--sample", type=int, default=2_000, help="polygons of the double loop (2,000)")
    parser.add_argument("--one-core", action="store_true", help="use one core only")
    parser.add_argument("--apart", action="store_true", help="also a layer in which no side is shared")
    options = parser.parse_args()
    district = district_module.load()
    clean = tessellation(options.polygons, options.vertices, AREAS[options.area])
    assert shapely.is_valid(clean).all()
    layers = {"shared sides": clean, "shared sides, some faults": with_faults(clean)}
    if options.apart:
        layers["no side shared"] = apart(clean)
    drawing = Drawing({}, {}, {}, frozenset(), frozenset(), {}, district.background)
    for title, shapes in layers.items():
        layer = Layer("benchmark", "GeoJSON", shapes, {}, WGS84, "format", "utf-8")
        count = int(shapely.get_num_coordinates(shapes).sum())
        print(f"\n{title}: {len(shapes):,} polygons, {count:,} vertices\n")
        print("| rules | seconds | processor | findings |\n|---|---|---|---|")
        total = np.zeros(2)
        for name, work in (
            ("shapes", lambda layer=layer, shapes=shapes: shapes_rules.find(layer, shapes)),
            ("layer", lambda layer=layer, shapes=shapes: layer_rules.find(layer, shapes, ())),
            ("plan", lambda layer=layer, shapes=shapes: plan_rules.find(layer, shapes, (), drawing, district)),
        ):
            wall, processor, found = clocked(work)
            total += wall, processor
            print(f"| {name} | {wall:.2f} | {processor:.2f} | {len(found)} |")
        print(f"| all | {total[0]:.2f} | {total[1]:.2f} | |")
    sample = layers["shared sides, some faults"][: options.sample]
    layer = Layer("sample", "GeoJSON", sample, {}, WGS84, "format", "utf-8")
    plain = clocked(lambda: double_loop(sample))
    ours = clocked(lambda: (shapes_rules.find(layer, sample), layer_rules.find(layer, sample, ())))
    print(f"\nOn {len(sample):,} of them, validity and overlaps alone against all rules of shapes and layers\n")
    print("| way | seconds | processor | times as fast |\n|---|---|---|---|")
    print(f"| double loop | {plain[0]:.2f} | {plain[1]:.2f} | 1.0 |")
    print(f"| rules | {ours[0]:.2f} | {ours[1]:.2f} | {plain[1] / ours[1]:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
