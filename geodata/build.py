"""From ``geodata/source`` to ``geodata/built``: the outlines that the map shows, the same bytes each time.

``python -m geodata.build`` builds, ``python -m geodata.build --check`` says what a build would change.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import shapely

from geodata import background, construct, outline, sources
from geodata.sides import DRAWN, MIDWAY, Explainer, uncertainty
from gm_map import measure
from gm_map.errors import DataError
from gm_map.model import BACKGROUND_FILE, LEVEL_FILES, MANIFEST_FILE, Level

__all__ = ["BUILT", "SOURCE", "build", "check"]

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
BUILT = HERE / "built"
HASH_LENGTH = 12
KINDS_OF_SOURCE = {".csv", ".geojson", ".yaml"}


def build(source_dir: Path = SOURCE, out_dir: Path = BUILT) -> dict[str, bytes]:
    """Make all files of ``out_dir`` from those of ``source_dir``.

    Returns
    -------
    dict
        The bytes of each file, by name.

    Raises
    ------
    DataError
        With every fault of the sources, before anything is written.
    """
    files = _files(Path(source_dir))
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
    return files


def check(source_dir: Path = SOURCE, built_dir: Path = BUILT) -> list[tuple[str, str]]:
    """What a build would change: (file, what differs) for each file that is not what the sources give."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = build(source_dir, Path(folder))
    differences = []
    for name, data in sorted(wanted.items()):
        path = Path(built_dir) / name
        if not path.exists():
            differences.append((name, "missing"))
        elif (found := path.read_bytes()) != data:
            differences.append((name, _difference(found, data)))
    known = set(wanted)
    strays = (path.name for path in sorted(Path(built_dir).glob("*")) if path.name not in known)
    return differences + [(name, "nothing builds it") for name in strays]


def _difference(found: bytes, wanted: bytes) -> str:
    """The features that differ, by id; the first line that does where the file holds none."""
    try:
        old, new = ({f["id"]: f for f in json.loads(data)["features"]} for data in (found, wanted))
    except (ValueError, KeyError, TypeError):
        pairs = zip(found.split(b"\n"), wanted.split(b"\n"), strict=False)
        line = next((k for k, (one, two) in enumerate(pairs, start=1) if one != two), None)
        return f"line {line}" if line else "length"
    changed = [id_ for id_ in sorted(old.keys() | new.keys()) if old.get(id_) != new.get(id_)]
    return "features " + ", ".join(changed) if changed else "order or layout"


def _files(source: Path) -> dict[str, bytes]:
    frame = sources.read(source)
    land = construct.ground(frame)
    division = construct.divide(frame, land)

    def zone_of(unit: str) -> str:
        return frame.chain(unit)[-1]

    coverage = outline.cover(land, division, zone_of)
    outline.tidy(coverage)
    stated = {row.id: row["stated_km2"] for row in frame.table("places.csv") if row["stated_km2"]}
    outline.fit(coverage, zone_of, stated)
    units = outline.rounded(coverage)
    explainer = Explainer(frame, land, division)
    wording = {row.id: row for row in frame.table("wording.csv")}
    shapes = {Level.CORRIDOR: _corridors(frame, land), Level.UNIT: units}
    for level, below in ((Level.CLUSTER, Level.UNIT), (Level.ZONE, Level.CLUSTER)):
        shapes[level] = _joined(frame, level, shapes[below])
    files = {}
    for level, name in LEVEL_FILES.items():
        features = [
            _place(frame, explainer, wording, level, id_, shape, shapes[level], stated)
            for id_, shape in sorted(shapes[level].items())
        ]
        files[name] = _collection(features)
    files[BACKGROUND_FILE] = _collection(background.features(frame, units, shapes[Level.CORRIDOR]))
    files[MANIFEST_FILE] = _manifest(source, files)
    return files


def _joined(frame: sources.Frame, level: Level, below: dict) -> dict:
    parents = frame.parents()
    found = {}
    for row in frame.table("places.csv"):
        if row["level"] == level:
            parts = [shape for id_, shape in sorted(below.items()) if parents[id_] == row.id]
            found[row.id] = _turned(shapely.coverage_union_all(parts))
    return found


def _turned(shape: shapely.Geometry) -> shapely.Geometry:
    """Outer rings counter-clockwise, each from its south-western vertex; parts in the order of these."""
    parts = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)).tolist():
        ring = shapely.get_coordinates(part.exterior)[:-1].tolist()
        start = ring.index(min(ring))
        holes = [shapely.get_coordinates(hole).tolist() for hole in part.interiors]
        parts.append((ring[start : start + 1], shapely.Polygon(ring[start:] + ring[:start], holes)))
    parts.sort(key=lambda pair: pair[0])
    return parts[0][1] if len(parts) == 1 else shapely.MultiPolygon([part for _, part in parts])


def _corridors(frame: sources.Frame, land: construct.Ground) -> dict:
    found = {}
    for row in frame.table("corridor.csv"):
        line = land.lines[row["line_id"]]
        band = line.buffer(row["half_width_m"], cap_style="flat", join_style="mitre")
        inside = measure.to_degrees(shapely.intersection(band, land.district))
        inside = shapely.transform(inside, lambda xy: xy.round(outline.DECIMALS))
        found[row["place_id"]] = _turned(max(shapely.get_parts(inside).tolist(), key=measure.planar_m2))
    return found


def _place(frame, explainer, wording, level, id_, shape, alike, stated) -> dict:
    along = {row["place_id"]: row["line_id"] for row in frame.table("corridor.csv")}
    sides = []
    for part in shapely.get_parts(shape).tolist():
        for ring in (part.exterior, *part.interiors):
            sides += explainer.sides(id_, ring, _neighbours(id_, ring, alike), along.get(id_))
    metres, km2 = uncertainty(sides)
    english, chinese = _construction(frame, wording, level, id_, sides, stated)
    properties = {
        "id": id_,
        "level": str(level),
        "parent_id": frame.parents().get(id_),
        "method": "indicative",
        "area_fitted": id_ in stated,
        "construction": english,
        "construction_zh": chinese,
        "uncertainty_m": metres,
        "uncertainty_km2": km2,
        "sides": sides,
        "sources": sorted({side["source_id"] for side in sides} | {DRAWN}),
    }
    return {"id": id_, "properties": properties, "shape": shape}


def _neighbours(id_: str, ring: shapely.LinearRing, alike: dict):
    """A function from the number of a segment of ``ring`` to the id of the place of the same level beyond it."""
    owners = {}
    for other, shape in alike.items():
        if other != id_:
            for part in shapely.get_parts(shape).tolist():
                line = shapely.get_coordinates(part.exterior).tolist()
                for one, two in pairwise(line):
                    owners[tuple(two), tuple(one)] = other
    own = shapely.get_coordinates(ring).tolist()
    return lambda k: owners.get((tuple(own[k]), tuple(own[k + 1])))


def _construction(frame, wording, level, id_, sides, stated) -> tuple[str, str]:
    lengths: dict[str, float] = {}
    for side in sides:
        lengths[side["fixed_by"]] = lengths.get(side["fixed_by"], 0) + side["length_m"]
    whole = sum(lengths.values())
    order = sorted(lengths, key=lambda word: (word == MIDWAY, -lengths[word]))
    half = {row["place_id"]: row["half_width_m"] for row in frame.table("corridor.csv")}
    texts = []
    for field, blank in (("text_en", " "), ("text", "")):
        comma = wording["comma"][field] + blank
        parts = comma.join(f"{wording[word.replace(' ', '-')][field]} {lengths[word] / whole:.0%}" for word in order)
        texts.append(wording[str(level)][field].format(sides=parts, km2=stated.get(id_), half=half.get(id_, 0)))
    return texts[0], texts[1]


def _collection(features: Iterable[dict]) -> bytes:
    lines = []
    for feature in features:
        geometry = shapely.geometry.mapping(feature["shape"])
        record = {"type": "Feature", "id": feature["id"], "properties": feature["properties"], "geometry": geometry}
        lines.append(json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def _manifest(source: Path, files: dict[str, bytes]) -> bytes:
    """What was made, from what: the version is a hash over all sources and all built files."""
    whole = hashlib.sha256()
    origins = sorted(path for path in source.iterdir() if path.suffix in KINDS_OF_SOURCE)
    for name, data in [*((path.name, path.read_bytes()) for path in origins), *sorted(files.items())]:
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    counts = {name.partition(".")[0]: data.count(b'"type":"Feature",') for name, data in files.items()}
    record = {
        "version": whole.hexdigest()[:HASH_LENGTH],
        "counts": counts,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        },
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def main(arguments: list[str]) -> int:
    """Run from the command line; 1 where the sources are faulty or a check finds a difference."""
    try:
        if arguments == ["--check"]:
            differences = check()
            for name, what in differences:
                print(f"{name}: {what}")
            return 1 if differences else 0
        files = build()
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.loads(files[MANIFEST_FILE])["version"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
