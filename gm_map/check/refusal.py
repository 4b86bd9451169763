"""Why a file that a person handed in is not read: one sentence that names the file and says what to do."""

import re

from gm_map.errors import InputError

__all__ = ["SENTENCES", "Refused", "shown"]

LONGEST_SHOWN = 80  # characters of a name in a sentence
UNSHOWN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)

# In English, for whoever prints the error; page and command tell the same in their language (``check.refused_<key>``).
SENTENCES = {
    "missing": "{file}: there is no such file; check its name and its folder",
    "folder": "{file} is a folder; give one file, or put the files of one layer into a ZIP",
    "device": "{file} is no ordinary file; copy its content into one",
    "unreadable": "{file} cannot be opened; close the program that holds it, and check that you may read it",
    "empty": "{file} is empty; export the layer again",
    "too_large": "{file}: found {found} MB, wanted {limit} MB at most; leave out what the check does not need, "
    "or split it",
    "no_map": "{file} is a file of kind {found}, no map layer; export the layer as one of {wanted}",
    "text": "{file} is plain text without outlines; export the layer as one of {wanted}",
    "dwg": "{file} is a DWG drawing, whose format is closed; save it as DXF (2013 or older), or export GeoPackage",
    "binary_dxf": "{file} is a binary DXF; save it as a text DXF",
    "archive": "{file} is an archive of kind {found}; pack the files of the layer as ZIP",
    "office": "{file} is an Office document; export the outlines from the map program as one of {wanted}",
    "database": "{file} is an SQLite database without map layers as GeoPackage has them; export it as GeoPackage",
    "part": "{file} is only a part of a Shapefile ({found}); put .shp, .shx, .dbf and .prj into one ZIP",
    "zip_broken": "{file} is no whole ZIP; pack it again, and check that it was copied to the end",
    "zip_encrypted": "{file}: “{entry}” is locked by a password; pack it again without one",
    "zip_path": "{file}: “{entry}” would be unpacked outside its folder; pack the files again, without their paths",
    "zip_link": "{file}: “{entry}” is a link to another file; pack the file itself",
    "zip_bomb": "{file} unpacks to more than {limit} MB; pack only the files of the layer",
    "zip_ratio": "{file}: “{entry}” unpacks to more than {limit} times its size, as no map layer does; pack only the "
    "files of the layer",
    "zip_entries": "{file}: found {found} entries, wanted {limit} at most; pack only the files of the layer",
    "zip_method": "{file}: “{entry}” is packed in a way that is not read here; pack it as an ordinary ZIP",
    "zip_nested": "{file}: “{entry}” is an archive inside the archive, and is not opened; pack its files directly",
    "zip_empty": "{file}: there is no map layer in the archive; pack one of {wanted}",
    "xml_dtd": "{file} declares a document type or entities of its own (DOCTYPE), which no map layer needs; export it "
    "again without",
    "xml_broken": "{file} · line {line}: the XML breaks off or is not well formed there; export it again",
    "xml_other": "{file} is XML of kind “{found}”, wanted KML or GML; export the layer as one of {wanted}",
    "too_deep": "{file} is nested more deeply than any layer is; export it again from the map program",
    "encoding": "{file}: its text is in an encoding that cannot be read; save it in UTF-8",
    "json_broken": "{file} · line {line}: the JSON breaks off or is not well formed there; export it again",
    "json_other": "{file} is JSON, and no GeoJSON: it has no features; export the layer as GeoJSON",
    "broken": "{file} looks like {format}, and cannot be read as such; export it again, or as GeoPackage",
    "no_layer": "{file} has no layer with outlines; export the layer of the polygons",
    "no_features": "{file} has no features; check that the export took all of them, and not an empty selection",
    "layer": "{file} has no layer “{layer}”; there are {found}: name one of these",
    "layers_many": "{file}: found {found} layers, wanted {limit} at most; export only the layers to be checked",
    "features_many": "{file} has more than {limit} features; export only the places to be checked",
    "columns_many": "{file}: found {found} columns, wanted {limit} at most; leave out those that the check does not "
    "need",
    "vertices_many": "{file} has more than {limit} vertices; export only the places to be checked, or simplify the "
    "outlines",
    "values_many": "{file} has more than {limit} values in its table; leave out columns that the check does not need",
    "systems_differ": "the layers “{one}” and “{other}” of {file} are in different coordinate systems; check one layer "
    "at a time",
    "slow": "{file} took longer than {limit} seconds to read and was stopped; leave out what the check does not need",
    "heavy": "{file} needs more than {limit} MB of memory and was stopped; leave out what the check does not need, "
    "or simplify the outlines",
    "crashed": "{file}: reading it broke off; it is damaged or made to do harm; export it again, as GeoPackage",
}


def shown(name: object) -> str:
    """A name as a sentence can hold it: on one line, without control characters, at most `LONGEST_SHOWN` long."""
    text = UNSHOWN.sub("", str(name)).strip() or "?"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 20]}…{text[-18:]}"


class Refused(InputError):  # noqa: N818 - what happened to the file, as a person would say it
    """A file that is not read.

    Parameters
    ----------
    key : str
        One of `SENTENCES`; the words in both languages are under ``check.refused_<key>``.
    **facts
        What fills the sentence; texts are made fit to be shown (`shown`), numbers stay numbers.
    """

    def __init__(self, key: str, **facts):
        self.key = key
        self.facts = {name: shown(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        super().__init__(SENTENCES[key].format(**self.facts))
