"""What the map is made of, file by file: what each holds, how it is known, from what, on what terms, in which state.

``datasets.csv`` names them; counts, sources, uncertainty and checksums are read from the files themselves.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gm_map import catalogue as catalogue_module
from gm_map.district import District
from gm_map.model import LEVEL_FILES, Level, Text

__all__ = ["GROUPS", "Column", "Dataset", "content", "datasets", "find"]

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).resolve().with_name("datasets.csv")
FIELDS = ROOT / "geodata" / "fields.csv"
GROUPS = ("layers", "background", "facts", "geometry", "reader", "rules", "assets")
PLAN = "plan"
DIGEST = 12  # characters of a checksum that are shown
# A ZIP cannot say an earlier day; files without a date of their own say this one.
NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a file: its name (below ``record`` in a nested file), its type, whether it must be filled."""

    record: str
    name: str
    type: str
    required: bool
    meaning: Text


@dataclass(frozen=True, slots=True)
class Dataset:
    """A layer or a table.

    ``counts`` and ``methods`` are (what, how many), the main one first; ``sources`` ids in ``Catalogue.sources``;
    ``licences`` words of licences; ``uncertainty_m`` the least and the most that a position may be off, in metres;
    ``digest`` the beginning of the SHA-256 of what is downloaded; ``kind`` that of a part of the background;
    ``level`` that of a layer of places.
    """

    id: str
    group: str
    name: Text
    about: Text
    files: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    methods: tuple[tuple[str, int], ...]
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    uncertainty_m: tuple[float, float] | None
    version: str
    bytes: int
    digest: str
    kind: str
    level: Level | None
    columns: tuple[Column, ...]


def datasets(district: District, data: Path = catalogue_module.DATA) -> tuple[Dataset, ...]:
    """All of them, in the order of the list; those whose files are not there are left out.

    Parameters
    ----------
    district : District
    data : Path
        Folder with ``source`` and ``built``.
    """
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(_dataset(row, paths, district) for row in rows if (paths := _paths(row["files"], data)))


def find(sets: Iterable[Dataset], words: str, district: District) -> tuple[Dataset, ...]:
    """Those that hold every word: in their names, what they are, their files, fields, sources or ids.

    Parameters
    ----------
    sets : iterable of Dataset
    words : str
        In either language; parted by spaces.
    district : District
    """
    wanted = words.casefold().split()
    return tuple(one for one in sets if all(word in _told(one, district) for word in wanted))


def content(dataset: Dataset, data: Path = catalogue_module.DATA) -> tuple[str, bytes]:
    """What is downloaded: name and bytes. Several files come as a ZIP, a part of the background as a file of its own.

    Parameters
    ----------
    dataset : Dataset
    data : Path
        As in `datasets`.
    """
    with LIST.open(encoding="utf-8", newline="") as file:
        spoken = next(row["files"] for row in csv.DictReader(file) if row["id"] == dataset.id)
    return _content(dataset.id, _paths(spoken, data), dataset.kind)


# One dataset


def _in_order(licences: Iterable[str]) -> tuple[str, ...]:
    """What must be passed on under its own terms comes first."""
    return tuple(sorted(dict.fromkeys(licences), key=lambda word: (not word.lower().startswith("odbl"), word)))


def _paths(spoken: str, data: Path) -> tuple[Path, ...]:
    """The files that a row names; those of ``geodata`` are the operator's own where there are any."""
    found: dict[Path, None] = {}
    for pattern in spoken.split():
        pattern = pattern.partition("#")[0]
        within, folder = pattern.partition("geodata/"), data
        if within[0] or not within[1]:
            within, folder = ("", "", pattern), ROOT
        found.update(dict.fromkeys(path for path in sorted(folder.glob(within[2])) if path.is_file()))
    return tuple(found)


def _content(id_: str, paths: Sequence[Path], kind: str) -> tuple[str, bytes]:
    if kind:
        collection = _geojson(paths[0])
        features = [one for one in collection["features"] if one["properties"]["kind"] == kind]
        lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
        return f"{id_}.geojson", f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()
    if len(paths) == 1:
        return paths[0].name, paths[0].read_bytes()
    buffer = io.BytesIO()
    top = Path(*_common(paths))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(path.relative_to(top).as_posix(), NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return f"{id_}.zip", buffer.getvalue()


def _common(paths: Sequence[Path]) -> tuple[str, ...]:
    first, *rest = (path.parent.parts for path in paths)
    length = min((_agreeing(first, other) for other in rest), default=len(first))
    return first[:length]


def _agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    return next((at for at, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1),
                min(len(one), len(other)))  # fmt: skip


def _dataset(row: Mapping[str, str], paths: tuple[Path, ...], district: District) -> Dataset:
    kind = row["files"].partition("#")[2]
    sources: dict[str, None] = {}
    counts: Counter[str] = Counter()
    standings: Counter[str] = Counter()
    uncertain: list[float] = []
    headers: dict[str, None] = {}
    for path in paths:
        for what, record in _records(path, kind):
            counts[what] += 1
            headers.update(dict.fromkeys(record if path.suffix == ".csv" else ()))
            if record.get("standing"):
                standings[str(record["standing"])] += 1
            sources.update(dict.fromkeys(_named(record)))
            if (metres := record.get("uncertainty_m")) not in (None, ""):
                uncertain.append(float(metres))
    if not row["method"] and not sources:
        sources[PLAN] = None
    known = tuple(one for one in district.catalogue.sources if one in sources)
    licences = [*row["licences"].split(), *(district.catalogue.sources[one].licence for one in known)]
    data = _content(row["id"], paths, kind)[1]
    level = next((level for level, name in LEVEL_FILES.items() if paths[0].name == name), None)
    return Dataset(
        id=row["id"],
        group=row["group"],
        name=Text(row["name"], row["name_en"]),
        about=Text(row["about"], row["about_en"]),
        files=tuple(path.name for path in paths),
        counts=tuple(counts.items()),
        methods=((row["method"], sum(counts.values())),) if row["method"] else tuple(standings.most_common()),
        sources=known,
        licences=_in_order(licences),
        uncertainty_m=(min(uncertain), max(uncertain)) if uncertain else None,
        version=row["version"],
        bytes=len(data),
        digest=hashlib.sha256(data).hexdigest()[:DIGEST],
        kind=kind,
        level=level,
        columns=_columns(paths[0], level, kind) or tuple(Column("", name, "", False, Text("", "")) for name in headers),
    )


def _records(path: Path, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a file holds, one by one, and what such a one is called."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from (("rows", row) for row in csv.DictReader(file))
    elif path.suffix == ".geojson":
        for feature in _geojson(path)["features"]:
            if kind in ("", feature["properties"].get("kind")):
                yield "features", feature["properties"]
    elif path.suffix == ".yaml":
        yield from _of_tree(yaml.safe_load(path.read_text(encoding="utf-8")))


def _of_tree(value: Any, what: str = "statements") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Records of a nested file, named by the list that holds them; statements are what stands in no list."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            if isinstance(below, list) and all(isinstance(one, Mapping) for one in below):
                for one in below:
                    yield name, one
                    yield from _of_tree(one, "")
            elif isinstance(below, Mapping) and what and name != "cite":
                yield what, below
                yield from _of_tree(below, "")


def _named(record: Mapping[str, Any]) -> Iterator[str]:
    """Ids of the sources that a record names."""
    for name in ("source_id", "published_source_id"):
        if record.get(name):
            yield record[name]
    told = record.get("sources")
    if isinstance(told, list):
        yield from (one for one in told if isinstance(one, str))


def _geojson(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _columns(path: Path, level: Level | None, kind: str) -> tuple[Column, ...]:
    name = "built/places" if level else "built/background" if kind else path.name
    return tuple(
        Column(row["record"], row["field"], row["type"], row["required"] == "yes",
               Text(row["meaning_zh"], row["meaning"]))
        for row in _fields()
        if row["file"] == name
    )  # fmt: skip


@cache
def _fields() -> tuple[Mapping[str, str], ...]:
    with FIELDS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _told(dataset: Dataset, district: District) -> str:
    sources = [district.catalogue.sources[one] for one in dataset.sources]
    parts = [
        *(dataset.id, dataset.group, dataset.name.zh, dataset.name.en, dataset.about.zh, dataset.about.en),
        *dataset.files,
        *(text for one in sources for text in (one.id, one.title.zh, one.title.en, one.publisher, one.licence)),
        *(text for one in dataset.columns for text in (one.name, one.meaning.zh, one.meaning.en)),
    ]
    return "\n".join(parts).casefold()
