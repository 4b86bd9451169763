"""Base maps by choice: the shipped list, the operator's own, and what of either can be used.

The list is data (``basemaps.yaml``, whose head says what each field is). What an operator adds is checked field by
field, because it ends in the addresses that every visitor's browser asks: an entry that does not hold is left out and
told in one sentence, and the map stays whole.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import yaml

from gm_map.model import Said, Text

__all__ = ["DATUMS", "OWN", "SETTINGS", "TOKEN", "Basemap", "Offer", "load"]

SHIPPED = Path(__file__).resolve().parent / "basemaps.yaml"
SETTINGS = "GM_MAP_BASEMAPS"  # environment: the operator's file
TOKEN = "GM_MAP_TIANDITU_TOKEN"  # environment: the token of 天地图
OWN = "own"  # the map's own background; no entry may take its id
DATUMS = ("wgs84", "cgcs2000", "gcj02")

LONGEST_NAME, LONGEST_TEXT, LONGEST_URL, LARGEST_FILE = 40, 240, 1000, 200_000
DEEPEST_ZOOM = 22
_ID = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WMTS = {"TileMatrix": "z", "TileCol": "x", "TileRow": "y"}
_KNOWN = {"z", "x", "y", "-y", "s", "token"}
_SUBDOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,20}|[a-z0-9]")
# What text of a list never needs, and markup, templates and scripts cannot do without.
_CODE = re.compile(r"[<>{}`\\\x00-\x1f\x7f]|\$\(|javascript:", re.IGNORECASE)
_UNFIT = re.compile(r"[\s<>\"'`\\\x00-\x20\x7f|^]")


class _UnfitError(Exception):
    """What is wrong with a field: the last part of a message's key, and what stood there."""

    def __init__(self, why, value=""):
        super().__init__(why)
        self.why, self.value = why, str(value)[:60]


@dataclass(frozen=True, slots=True)
class Basemap:
    """One base map. ``urls`` are templates in ``{z} {x} {y} {-y} {s}``, the token filled in; lowest picture first.

    ``usable`` is False where it needs a token and there is none: then ``urls`` is empty.
    """

    id: str
    name: Text
    urls: tuple[str, ...]
    subdomains: tuple[str, ...]
    datum: str
    attribution: Text
    max_zoom: int
    licence: Text
    usable: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The base maps in the order of the list, and a sentence for each entry that was refused."""

    basemaps: tuple[Basemap, ...]
    refused: tuple[Said, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Those that can be chosen."""
        return frozenset(basemap.id for basemap in self.basemaps if basemap.usable)


def load(settings: Mapping[str, str] | None = None) -> Offer:
    """Everything on offer, by the settings of this process.

    Parameters
    ----------
    settings : mapping, optional
        ``GM_MAP_BASEMAPS`` (path of a file) and ``GM_MAP_TIANDITU_TOKEN``; the environment by default.

    Returns
    -------
    Offer
        Never an exception for what an operator wrote: a file that cannot be read is a sentence too.
    """
    settings = os.environ if settings is None else settings
    return _load(settings.get(SETTINGS, "").strip(), settings.get(TOKEN, "").strip())


@cache
def _load(path: str, token: str) -> Offer:
    own, refused = _operators(path) if path else ({}, [])
    tokens = {name: text for name, text in _mapping(own.get("tokens")).items() if isinstance(text, str) and text}
    if token:
        tokens["tianditu"] = token
    hidden = {str(name) for name in _list(own.get("hide"))}
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["basemaps"]
    found: dict[str, Basemap] = {}
    for entry in shipped:
        basemap = _read(entry, tokens, ())
        if basemap.id not in hidden:
            found[basemap.id] = basemap
    for number, entry in enumerate(_list(own.get("basemaps")), start=1):
        try:
            basemap = _read(_mapping(entry), tokens, found)
            found[basemap.id] = basemap
        except _UnfitError as unfit:
            facts = {"number": number, "value": unfit.value}
            refused.append(Said(f"tools.refused_{unfit.why}", facts))
    return Offer(tuple(found.values()), tuple(refused))


def _operators(path: str) -> tuple[dict, list[Said]]:
    """The operator's file, as far as it is one."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise ValueError(path)
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}, [Said("tools.refused_file", {"setting": SETTINGS})]
    if not isinstance(told, dict):
        return {}, [Said("tools.refused_file", {"setting": SETTINGS})]
    return told, []


def _mapping(value) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value) -> list:
    return value if isinstance(value, list) else []


def _read(entry: Mapping, tokens: Mapping[str, str], taken) -> Basemap:
    """One entry; raises `_UnfitError` at the first field that does not hold."""
    identity = entry.get("id")
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        raise _UnfitError("id", identity)
    if identity == OWN or identity in taken:
        raise _UnfitError("taken", identity)
    name = _text(entry, "name", LONGEST_NAME, needed=True)
    attribution = _text(entry, "attribution", LONGEST_TEXT, needed=True)
    licence = _text(entry, "licence", LONGEST_TEXT, needed=False)
    datum, deepest = entry.get("datum"), entry.get("max_zoom", 18)
    if datum not in DATUMS:
        raise _UnfitError("datum", datum)
    if type(deepest) is not int or not 1 <= deepest <= DEEPEST_ZOOM:
        raise _UnfitError("zoom", deepest)
    subdomains = [str(part) for part in _list(entry.get("subdomains"))]
    if not all(_SUBDOMAIN.fullmatch(part) for part in subdomains):
        raise _UnfitError("subdomains", " ".join(subdomains))
    templates = [entry.get("url"), *([entry["labels_url"]] if entry.get("labels_url") else [])]
    urls = [_template(url, subdomains) for url in templates]
    token = tokens.get(identity, "")
    needs = bool(entry.get("needs_token")) or any("{token}" in url for url in urls)
    usable = bool(token) or not needs
    filled = tuple(url.replace("{token}", quote(token, safe="")) for url in urls) if usable else ()
    return Basemap(identity, name, filled, tuple(subdomains), datum, attribution, deepest, licence, usable)


def _text(entry: Mapping, field: str, longest: int, *, needed: bool) -> Text:
    """A text in both languages, the first where there is no English; never anything that could be code."""
    told = entry.get(field)
    if told is None and not needed:
        return Text("", "")
    english = entry.get(f"{field}_en") or told
    for text in (told, english):
        if not isinstance(text, str) or not text.strip() or len(text) > longest or _CODE.search(text):
            raise _UnfitError("text", text)
    return Text(told, english)


def _template(url, subdomains) -> str:
    """The address of a tile as Leaflet takes it: http or https, a host, a row and a column, no name and password."""
    if not isinstance(url, str) or len(url) > LONGEST_URL or _UNFIT.search(url):
        raise _UnfitError("url", url)
    url = _PLACEHOLDER.sub(lambda found: f"{{{_WMTS.get(found[1], found[1])}}}", url)
    names = set(_PLACEHOLDER.findall(url))
    bare = _PLACEHOLDER.sub("0", url)
    try:
        parts = urlsplit(bare)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fit = False
    if not fit or "@" in parts.netloc:
        raise _UnfitError("url", url)
    rows = names & {"y", "-y"}
    if not names <= _KNOWN or not {"z", "x"} <= names or len(rows) != 1 or set("{}") & set(bare):
        raise _UnfitError("places", url)
    if "s" in names and not subdomains:
        raise _UnfitError("subdomains", url)
    # Only below the host may the place of a tile stand: the host itself is the operator's word.
    if {"z", "x", "y", "-y", "token"} & set(_PLACEHOLDER.findall(url.split("/", 3)[2])):
        raise _UnfitError("places", url)
    return url
