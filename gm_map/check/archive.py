"""ZIP archives: only what belongs to a map layer is taken out, to names of our own, and counted while it is.

No path of an archive is ever used on disk, so none can lead out of the folder; one that tries is refused all the same.
"""

import re
import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gm_map.check.refusal import Refused

__all__ = ["MAPS", "PARTS", "Member", "most_unpacked", "unpack"]

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")  # of a Shapefile
MAPS = (
    *(".geojson", ".json", ".topojson", ".geojsonl", ".geojsons", ".ndjson"),
    *(".gpkg", ".kml", ".gml", ".xml", ".dxf", ".fgb", ".parquet", ".geoparquet"),
)
ARCHIVES = [".zip", ".kmz", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"]
MOST_ENTRIES = 1_000
LONGEST_DIRECTORY = 2 << 20  # bytes of the list of entries
HIGHEST_RATIO = 200  # outlines as text pack to a tenth or so
SMALL = 1 << 20  # bytes below which a ratio says nothing
CHUNK = 1 << 18
UTF8_FLAG, LOCKED_FLAG = 0x800, 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DRIVE = re.compile(r"[A-Za-z]:")
END = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was taken out: where it lies now, and the name that it had in the archive."""

    path: Path
    name: str


def most_unpacked(limit: int) -> int:
    """How many bytes an archive may unpack to, given how many a file may have: five times as many."""
    return 5 * limit


def unpack(path: Path, name: str, folder: Path, limit: int, wanted: str) -> tuple[Member, ...]:
    """Take the files of map layers out of an archive.

    Parameters
    ----------
    path : Path
    name : str
        What the archive is called in sentences.
    folder : Path
        Where its files go; the parts of one Shapefile into one folder, under one stem.
    limit : int
        Bytes that all of them may have.
    wanted : str
        The formats that a sentence names.

    Returns
    -------
    tuple of Member
        In the order of their names; of a Shapefile the ``.shp`` alone.

    Raises
    ------
    Refused
        For an archive that is broken, locked, too large unpacked, or packed to do harm; and for one without a layer.
    """
    _count_ahead(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _judge(entries, name, limit)
            return _taken(archive, entries, name, folder, limit, wanted)
    except (zipfile.BadZipFile, EOFError, struct.error, OSError, ValueError, zipfile.zlib.error) as error:
        raise Refused("zip_broken", file=name) from error
    except NotImplementedError as error:
        raise Refused("zip_method", file=name, entry="?") from error


def _count_ahead(path: Path, name: str) -> None:
    """Refuse a list of entries that is too long before it is loaded."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 16) - 22))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise Refused("zip_broken", file=name)
    count, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if count > MOST_ENTRIES or length > LONGEST_DIRECTORY:
        raise Refused("zip_entries", file=name, found=count, limit=MOST_ENTRIES)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the mark for UTF-8 it is in the packer's code page, often GBK."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.orig_filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _judge(entries: list[zipfile.ZipInfo], name: str, limit: int) -> None:
    """Refuse by what the list of entries says, before a byte is unpacked."""
    if len(entries) > MOST_ENTRIES:
        raise Refused("zip_entries", file=name, found=len(entries), limit=MOST_ENTRIES)
    if sum(entry.file_size for entry in entries) > limit:
        raise Refused("zip_bomb", file=name, limit=limit >> 20)
    for entry in entries:
        called = _name_of(entry).replace("\\", "/")
        if called.startswith("/") or DRIVE.match(called) or ".." in called.split("/") or "\0" in called:
            raise Refused("zip_path", file=name, entry=called)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused("zip_link", file=name, entry=called)
        if entry.flag_bits & LOCKED_FLAG:
            raise Refused("zip_encrypted", file=name, entry=called)
        if entry.compress_type not in METHODS:
            raise Refused("zip_method", file=name, entry=called)
        if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
            raise Refused("zip_ratio", file=name, entry=called, limit=HIGHEST_RATIO)


def _taken(archive, entries, name: str, folder: Path, limit: int, wanted: str) -> tuple[Member, ...]:
    groups: dict[str, int] = {}
    members: list[Member] = []
    nested = None
    office = False
    left = limit
    seen: set[Path] = set()
    for entry in sorted(entries, key=_name_of):
        called = _name_of(entry).replace("\\", "/")
        path = PurePosixPath(called)
        office |= called == "[Content_Types].xml"
        hidden = path.name.startswith(".") or any(part in ("__MACOSX", "_rels") for part in path.parts)
        if entry.is_dir() or called.endswith("/") or hidden:
            continue
        ending = path.suffix.lower()
        if ending in ARCHIVES:
            nested = called
        if ending not in PARTS and ending not in MAPS:
            continue
        stem = called[: -len(ending)].casefold()
        group = groups.setdefault(stem if ending in PARTS else called, len(groups))
        target = folder / f"{group}" / f"layer{ending}"
        if target in seen:  # the same name twice: the first counts, as it does for whoever unpacks by hand
            continue
        seen.add(target)
        target.parent.mkdir(exist_ok=True)
        left -= _copied(archive, entry, target, left, name, called, limit)
        if ending == ".shp" or ending not in PARTS:
            members.append(Member(target, called))
    if office:
        raise Refused("office", file=name, wanted=wanted)
    if not members:
        lonely = sorted({path.suffix for path in seen})
        if lonely:
            raise Refused("part", file=name, found=", ".join(lonely))
        if nested:
            raise Refused("zip_nested", file=name, entry=nested)
        raise Refused("zip_empty", file=name, wanted=wanted)
    return tuple(members)


def _copied(archive, entry, target: Path, left: int, name: str, called: str, limit: int) -> int:
    """Unpack one entry; what it says of its size is not believed."""
    done = 0
    with archive.open(entry) as source, target.open("wb") as copy:
        while data := source.read(CHUNK):
            done += len(data)
            if done > left:
                raise Refused("zip_bomb", file=name, limit=limit >> 20)
            if done > SMALL and done > HIGHEST_RATIO * max(entry.compress_size, 1):
                raise Refused("zip_ratio", file=name, entry=called, limit=HIGHEST_RATIO)
            copy.write(data)
    return done
