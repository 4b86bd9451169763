"""Copies of the shipped data with one thing broken, as the files of ``tests/invalid`` describe it."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from itertools import pairwise
from pathlib import Path

import shapely
import yaml

from tree import ROOT

INVALID = ROOT / "tests" / "invalid"
DATA = {"source": ROOT / "geodata" / "source", "built": ROOT / "geodata" / "built"}


def cases(folder: str) -> list[Path]:
    """The descriptions of what can be broken in ``source`` or ``built``, one small file for each rule."""
    return sorted((INVALID / folder).glob("*.yaml"))


def copy(folder: str, target: Path) -> Path:
    """A copy of the shipped files of ``source`` or ``built`` below ``target``."""
    return Path(shutil.copytree(DATA[folder], target / folder))


def break_it(folder: Path, case: dict) -> None:
    """Do to the files of ``folder`` what a description says.

    ``file`` names the file; then one of: ``remove``; ``cells`` (row id, column, value) or ``row`` (one more row) of a
    table; ``replace`` (text by text, once); ``save_as`` (encoding); ``prefix`` (bytes in hex); ``feature`` (id) with
    ``named`` (another id), ``properties`` (added or changed), ``without`` (names), ``geometry``, ``swap`` (the axes),
    ``move`` (degrees east and north), ``times`` (a factor), ``reverse`` (its rings), ``split`` (at
    most so many metres long, the first such side), ``drop`` or ``twice``.
    A built file that was changed gets its hash in the manifest, as if the build had written it so, unless ``by_hand``.
    """
    path = folder / case["file"]
    if case.get("remove"):
        path.unlink()
    if "cells" in case or "row" in case:
        _table(path, case)
    if "replace" in case:
        text = path.read_text(encoding="utf-8")
        for old, new in case["replace"].items():
            assert old in text, f"{path.name} has no “{old}”: mend the description"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    if "save_as" in case:
        path.write_bytes(path.read_text(encoding="utf-8").encode(case["save_as"], "replace"))
    if "prefix" in case:
        path.write_bytes(bytes.fromhex(case["prefix"]) + path.read_bytes())
    if "feature" in case:
        _feature(path, case)
    if not case.get("by_hand"):
        _manifest(folder, path.name)


def _table(path: Path, case: dict) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    for id_, column, value in case.get("cells", ()):
        found = [row for row in rows if row[0] == id_]
        assert found, f"{path.name} has no row {id_}: mend the description"
        found[0][header.index(column)] = value
    if "row" in case:
        rows.append(case["row"])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _feature(path: Path, case: dict) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    features = document["features"]
    [position] = [n for n, feature in enumerate(features) if feature["id"] == case["feature"]]
    feature = features[position]
    feature["properties"].update(case.get("properties", {}))
    feature["id"] = case.get("named", feature["id"])
    for name in case.get("without", ()):
        del feature["properties"][name]
    if "geometry" in case:
        feature["geometry"] = case["geometry"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"])) if "geometry" not in case else None
    if case.get("swap"):
        shape = shapely.transform(shape, lambda x, y: (y, x), interleaved=False)
    if "move" in case:
        east, north = case["move"]
        shape = shapely.transform(shape, lambda x, y: (x + east, y + north), interleaved=False)
    if "times" in case:
        shape = shapely.transform(shape, lambda x, y: (x * case["times"], y * case["times"]), interleaved=False)
    if case.get("split"):
        shape = shapely.Polygon(_split(shape.exterior, case["split"]))
    if case.get("reverse"):
        shape = shapely.reverse(shape)
    if any(name in case for name in ("swap", "move", "times", "reverse", "split")):
        rounded = shapely.transform(shape, lambda x, y: (x.round(7), y.round(7)), interleaved=False)
        feature["geometry"] = json.loads(shapely.to_geojson(rounded))
    if case.get("drop"):
        del features[position]
    if case.get("twice"):
        features.append(feature)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _split(ring: shapely.LinearRing, metres: float) -> list:
    vertices = list(ring.coords)
    for k, (one, two) in enumerate(pairwise(vertices)):
        if shapely.LineString([one, two]).length < metres / 111_000:
            return [*vertices[: k + 1], ((one[0] + two[0]) / 2, (one[1] + two[1]) / 2), *vertices[k + 1 :]]
    raise AssertionError(f"no side is shorter than {metres} m: mend the description")


def _manifest(folder: Path, name: str) -> None:
    path = folder / "manifest.json"
    if path.exists() and name != path.name and (folder / name).exists():
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"][name]["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        path.write_text(json.dumps(manifest), encoding="utf-8")


def description(path: Path) -> dict:
    """A file of ``tests/invalid``, read."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))
