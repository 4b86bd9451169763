"""Files of outlines that people hand in: read as layers, whatever the program that wrote them, and never trusted.

A file is known by its content. It is read from a copy in a folder that goes away; what is wrong with single features
is told with them (`intake_trouble`), and what makes a file unreadable is one sentence (`refusal`).
"""

import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gm_map.check import archive, intake_json, intake_kind, intake_kml, markup, warden
from gm_map.check.intake_layer import ON_DISK, UPLOAD, WANTED, Limits
from gm_map.check.intake_table import clean, unique
from gm_map.check.refusal import Refused, shown
from gm_map.check.results import Layer, Trouble

__all__ = ["LIMITS", "ON_DISK", "UPLOAD", "Limits", "guarded", "merge", "read"]

LIMITS = UPLOAD
CHILD = "gm_map.check.intake_child"
ENDINGS = {
    "gpkg": ".gpkg",
    "fgb": ".fgb",
    "parquet": ".parquet",
    "shp": ".shp",
    "xml": ".xml",
    "json": ".json",
    "dxf": ".dxf",
    "zip": ".zip",
}
KML_HOMES = ("opengis.net/kml", "google.com/kml")


def read(
    path: Path | str,
    *,
    name: str | None = None,
    layer: str | None = None,
    limits: Limits = LIMITS,
    folder: Path | None = None,
) -> tuple[Layer, ...]:
    """Read the layers of a file, in this process.

    Parameters
    ----------
    path : path
        A file; of a Shapefile the ZIP, or the ``.shp`` with its parts beside it.
    name : str, optional
        What the file is called in sentences; the path's own name by default.
    layer : str, optional
        The only layer that is wanted.
    limits : Limits
    folder : Path, optional
        An empty one to work in; one that goes away by default.

    Returns
    -------
    tuple of Layer
        At least one; names are unique. Coordinates are as the file has them, two a vertex; those of KML, and of GeoJSON
        without a word on it that lie within ±180, ±90, are in `WGS84` by the format.

    Raises
    ------
    Refused
        With one sentence that names the file and says what to do.
    """
    path = Path(path)
    file = shown(name or path.name)
    _judge(path, file, limits)
    with nullcontext(folder) if folder else tempfile.TemporaryDirectory(prefix="gm_map_") as place:
        work = Path(place)
        try:
            found = _read(path, file, Path(name or path.name).stem, limits, work)
        except RecursionError as error:
            raise Refused("too_deep", file=file) from error
    found = _named(found)
    if layer is not None:
        chosen = [one for one in found if one.name == layer]
        if not chosen:
            raise Refused("layer", file=file, layer=layer, found=", ".join(one.name for one in found[:20]))
        found = chosen
    if not any(len(one) for one in found):
        raise Refused("no_features", file=file)
    _sum(found, file, limits)
    return tuple(found)


def guarded(
    path: Path | str, *, name: str | None = None, layer: str | None = None, limits: Limits = LIMITS
) -> tuple[Layer, ...]:
    """Read the layers of a file in a process of its own, which may use so much memory and time and no more.

    Takes and gives what `read` does.

    Raises
    ------
    Refused
        As `read`; also where the process was stopped or broke off.
    """
    path = Path(path)
    file = shown(name or path.name)
    _judge(path, file, limits)
    order = {"path": str(path.absolute()), "file": name or path.name, "layer": layer, "limits": asdict(limits)}
    return warden.guarded(CHILD, order, file, limits.memory, limits.seconds)


def merge(layers: Sequence[Layer]) -> Layer:
    """Several layers of a file as one, with all columns and, where there are several, one for the layer.

    Parameters
    ----------
    layers : sequence of Layer
        At least one; those without features say nothing of the system.

    Raises
    ------
    Refused
        Where they are in different coordinate systems.
    """
    layers = [one for one in layers if len(one)] or list(layers)[:1]
    first = layers[0]
    if len(layers) == 1:
        return first
    for other in layers[1:]:
        if (other.crs, other.crs_from) != (first.crs, first.crs_from):
            raise Refused("systems_differ", file=first.format, one=first.name, other=other.name)
    own = "layer"
    while any(own in one.attributes for one in layers):
        own += "_"
    columns = dict.fromkeys(key for one in layers for key in one.attributes)
    attributes = {
        key: tuple(v for one in layers for v in one.attributes.get(key, (None,) * len(one))) for key in columns
    }
    attributes[own] = tuple(one.name for one in layers for _ in range(len(one)))
    starts = np.cumsum([0, *map(len, layers)]).tolist()
    troubles = [
        Trouble(told.code, None if told.row is None else told.row + start, told.facts)
        for one, start in zip(layers, starts, strict=False)
        for told in one.troubles
    ]
    return replace(
        first,
        name=" + ".join(one.name for one in layers)[:200],
        geometries=np.concatenate([one.geometries for one in layers]),
        attributes=MappingProxyType(attributes),
        troubles=tuple(troubles),
    )


def _judge(path: Path, file: str, limits: Limits) -> None:
    """Refuse by what the disk says of a file, before a byte of it is read."""
    try:
        about = path.stat()
    except (OSError, ValueError) as error:
        raise Refused("missing", file=file) from error
    if stat.S_ISDIR(about.st_mode):
        raise Refused("folder", file=file)
    if not stat.S_ISREG(about.st_mode):
        raise Refused("device", file=file)
    _judge_size(about.st_size, file, limits)
    if not about.st_size:
        raise Refused("empty", file=file)


def _judge_size(size: int, file: str, limits: Limits) -> None:
    if size > limits.bytes:
        raise Refused("too_large", file=file, found=-(-size >> 20), limit=limits.bytes >> 20)


def _read(path: Path, file: str, stem: str, limits: Limits, work: Path) -> list[Layer]:
    try:
        kind = intake_kind.kind_of(path, file)
        if kind == "zip":
            return _archive(path, file, limits, work)
        copy = work / f"layer{ENDINGS[kind]}"
        shutil.copyfile(path, copy)
        if kind == "shp":
            _parts(path, file, limits, work)
    except OSError as error:
        raise Refused("unreadable", file=file) from error
    return list(_one(copy, kind, stem, file, limits, work))


def _parts(path: Path, file: str, limits: Limits, work: Path) -> None:
    """The other files of a Shapefile that lie beside it, in whatever letters their endings are."""
    for beside in sorted(path.parent.iterdir()):
        ending = beside.suffix.lower()
        if beside.stem.casefold() == path.stem.casefold() and ending in archive.PARTS[1:] and beside.is_file():
            _judge_size(beside.stat().st_size, file, limits)
            shutil.copyfile(beside, work / f"layer{ending}")


def _archive(path: Path, file: str, limits: Limits, work: Path) -> list[Layer]:
    members = archive.unpack(path, file, work, archive.most_unpacked(limits.bytes), WANTED)
    whole = next((one for one in members if one.name == "doc.kml"), None)
    kmz = whole is not None or path.suffix.lower() == ".kmz" or file.lower().endswith(".kmz")
    found: list[Layer] = []
    for number, member in enumerate([whole] if whole else members):
        inner = shown(f"{file}/{Path(member.name).name}")
        own = work / f"as-utf8-{number}"
        own.mkdir()
        kind = intake_kind.kind_of(member.path, inner)
        if kind == "zip":
            raise Refused("zip_nested", file=file, entry=member.name)
        # What it is decides over what it is called here too: no other driver is asked.
        target = member.path.with_suffix(ENDINGS[kind])
        if target != member.path:
            member.path.rename(target)
        stem = Path(file).stem if whole else Path(member.name).stem
        found += _one(target, kind, stem, inner, limits, own, kmz)
        if len(found) > limits.layers:
            raise Refused("layers_many", file=file, found=len(found), limit=limits.layers)
    return found


def _one(path: Path, kind: str, stem: str, file: str, limits: Limits, work: Path, kmz: bool = False):
    """The layers of one file that is of a kind."""
    # GDAL and pyarrow take a second to load: only who needs them waits for them.
    said = {"file": file, "limits": limits}
    if kind == "json":
        found = intake_json.read(path, stem, **said)
        if found is not None:
            return found
        from gm_map.check import intake_gdal

        text, encoding = intake_json.text_of(path, file)
        target = path.with_name("layer.topojson")
        target.write_bytes(text)
        return intake_gdal.read(target, "TopoJSON", stem, encoding=encoding, **said)
    if kind == "xml":
        looked = markup.look(path, file, work)
        if looked.root == "kml" and (not looked.namespace or any(one in looked.namespace for one in KML_HOMES)):
            return intake_kml.read(looked.path, stem, kind="KMZ" if kmz else "KML", **said)
        # Only collections of features of GML: no list of other files, no answer of a service, no drawing.
        gml = any("opengis.net/gml" in one for one in looked.namespaces)
        if not gml or not looked.root.endswith("FeatureCollection"):
            raise Refused("xml_other", file=file, found=looked.root, wanted=WANTED)
        from gm_map.check import intake_gdal

        target = looked.path.with_name("layer-checked.gml")
        looked.path.rename(target)
        return intake_gdal.read(target, "GML", None, encoding=looked.encoding, **said)
    if kind == "parquet":
        from gm_map.check import intake_parquet

        return intake_parquet.read(path, stem, **said)
    if kind == "dxf":
        from gm_map.check import intake_dxf

        return intake_dxf.read(path, stem, **said)
    from gm_map.check import intake_gdal, intake_shapefile

    if kind == "shp":
        return (intake_shapefile.read(path, stem, **said),)
    if kind == "fgb":
        return intake_gdal.read(path, "FlatGeobuf", stem, **said)
    return intake_gdal.read(path, "GPKG", None, **said)


def _named(found: list[Layer]) -> list[Layer]:
    """Names of layers made fit to be shown, and different from one another."""
    names = unique(clean(one.name) for one in found)
    return [replace(one, name=name) for one, name in zip(found, names, strict=True)]


def _sum(found: list[Layer], file: str, limits: Limits) -> None:
    """Refuse what is too much only in the sum of layers."""
    if sum(map(len, found)) > limits.features:
        raise Refused("features_many", file=file, limit=limits.features)
    if sum(len(one) * len(one.attributes) for one in found) > limits.values:
        raise Refused("values_many", file=file, limit=limits.values)
