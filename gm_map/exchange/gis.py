"""Formats that GIS libraries write: GeoPackage, Shapefile, GeoParquet."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from gm_map.exchange.plain import flat_metadata
from gm_map.exchange.table import COLUMNS, Row
from gm_map.model import LEVEL_FILES, WGS84, Level

__all__ = ["SHORT", "cut", "write_gpkg", "write_parquet", "write_shp"]

# A column of a Shapefile has at most ten letters, a cell at most 254 bytes.
SHORT = {
    "uncertainty_m": "uncert_m",
    "uncertainty_km2": "uncert_km2",
    "construction": "construct",
    "data_version": "data_ver",
}
LONGEST_CELL = 254
CUT = "…"
# GeoPackage and dBASE must say when they were written; without a date they say this, and the metadata that none was.
NO_DATE = "1970-01-01"
ALL = "places"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def _frame(rows: Sequence[Row]):
    # Half a second to import, and most commands do without.
    import geopandas

    values = {name: [row.values[name] for row in rows] for name in COLUMNS}
    return geopandas.GeoDataFrame(values, geometry=[row.shape for row in rows], crs=WGS84)


@contextmanager
def _dated(date: str) -> Iterator[None]:
    """GDAL takes this for the present time, so that the same places give the same file."""
    import pyogrio

    key = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(key)
    pyogrio.set_gdal_config_options({key: f"{date or NO_DATE}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({key: before})


def write_gpkg(path: Path, rows: Sequence[Row], metadata: Mapping, date: str = "") -> list[Path]:
    """A GeoPackage: the layer ``places`` with all, one for each level, the table ``metadata``, and `gpkg_metadata`."""
    import pyarrow
    import pyogrio

    layers = {ALL: list(rows)}
    for level, file in LEVEL_FILES.items():
        of_level = [row for row in rows if row.level == level]
        if of_level:
            layers[Path(file).stem] = of_level
    told = {key: "\n".join(_lines(value)) for key, value in metadata.items()}
    with _dated(date):
        for name, held in layers.items():
            options = {"dataset_metadata": told} if name == ALL else {}
            pyogrio.write_dataframe(
                _frame(held),
                path,
                layer=name,
                driver="GPKG",
                geometry_type="MultiPolygon",
                promote_to_multi=True,
                layer_metadata=told,
                **options,
            )
        keys, values = zip(*flat_metadata(metadata), strict=True)
        table = pyarrow.table({"key": keys, "value": values})
        pyogrio.write_arrow(table, path, layer="metadata", driver="GPKG")
    return [path]


def _lines(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {text}" for name, text in value.items()]
    return list(value) if isinstance(value, list) else [str(value)]


def write_parquet(path: Path, rows: Sequence[Row], metadata: Mapping) -> list[Path]:
    """GeoParquet 1.1 (WKB); the metadata is the file's own, JSON under the key ``gm_map``."""
    import pyarrow.parquet

    _frame(rows).to_parquet(path, index=False, schema_version="1.1.0", compression="zstd")
    table = pyarrow.parquet.read_table(path)
    told = {**table.schema.metadata, b"gm_map": json.dumps(metadata, ensure_ascii=False).encode()}
    pyarrow.parquet.write_table(table.replace_schema_metadata(told), path, compression="zstd")
    return [path]


def cut(text: str, longest: int = LONGEST_CELL) -> str:
    """A text that fits so many bytes of UTF-8: whole characters, with a sign where something is left out.

    >>> cut("光明区", 9), cut("光明区光明", 9)
    ('光明区', '光明…')
    """
    data = text.encode("utf-8")
    if len(data) <= longest:
        return text
    return data[: longest - len(CUT.encode())].decode("utf-8", "ignore") + CUT


def write_shp(path: Path, rows: Sequence[Row], metadata: Mapping, date: str = "") -> list[Path]:
    """A ZIP with a Shapefile for each level (UTF-8, ``.cpg``, ``.prj``), and its metadata as text and as XML."""
    import pyogrio

    with TemporaryDirectory(dir=path.parent) as made, _dated(date):
        folder = Path(made)
        shortened: dict[str, list[str]] = {}
        for level in Level:
            held = [row for row in rows if row.level == level]
            if not held:
                continue
            frame = _frame(held)
            for name in frame.columns:
                if name == "geometry" or frame[name].dtype.kind in "fi":
                    continue
                texts = [None if value is None else str(value) for value in frame[name]]
                fitting = [None if text is None else cut(text) for text in texts]
                if fitting != texts:
                    shortened.setdefault(name, []).append(str(level))
                frame[name] = fitting
            frame = frame.rename(columns=SHORT)
            target = folder / Path(LEVEL_FILES[level]).with_suffix(".shp").name
            pyogrio.write_dataframe(
                frame,
                target,
                driver="ESRI Shapefile",
                encoding="UTF-8",
                layer_options={"DBF_DATE_LAST_UPDATE": date or NO_DATE},
            )
            # Some writers of the prj file leave the cpg to chance; readers need it.
            target.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
        names = {f"column {SHORT[name]}": name for name in COLUMNS if name in SHORT}
        cells = {f"cut to {LONGEST_CELL} bytes: {name}": ", ".join(levels) for name, levels in shortened.items()}
        told = [*flat_metadata(metadata), *names.items(), *cells.items()]
        text = "\n".join(f"{key}: {value}" for key, value in told) + "\n"
        (folder / "metadata.txt").write_text(text, encoding="utf-8", newline="\n")
        (folder / "metadata.xml").write_bytes(_iso_19115(metadata, told, date))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                entry = zipfile.ZipInfo(file.name, ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    return [path]


GMD = "http://www.isotc211.org/2005/gmd"
GCO = "http://www.isotc211.org/2005/gco"


def _iso_19115(metadata: Mapping, told: Sequence[tuple[str, str]], date: str) -> bytes:
    """The little of ISO 19115 that can be said: title, abstract, date, constraints, lineage."""
    ElementTree.register_namespace("gmd", GMD)
    ElementTree.register_namespace("gco", GCO)
    root = ElementTree.Element(f"{{{GMD}}}MD_Metadata")

    def under(parent, *names: str):
        for name in names:
            parent = ElementTree.SubElement(parent, f"{{{GMD}}}{name}")
        return parent

    def text(parent, name: str, words: str) -> None:
        ElementTree.SubElement(under(parent, name), f"{{{GCO}}}CharacterString").text = words

    text(root, "fileIdentifier", f"gm_map-{metadata['data_version']}")
    text(root, "language", {"zh": "zho", "en": "eng"}[metadata["language"]])
    if date:
        ElementTree.SubElement(under(root, "dateStamp"), f"{{{GCO}}}Date").text = date
    text(under(root, "referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier", "RS_Identifier"),
         "code", metadata["crs"])  # fmt: skip
    about = under(root, "identificationInfo", "MD_DataIdentification")
    citation = under(about, "citation", "CI_Citation")
    text(citation, "title", metadata["title"])
    text(citation, "edition", metadata["data_version"])
    text(about, "abstract", "\n".join(f"{key}: {value}" for key, value in told))
    text(under(about, "resourceConstraints", "MD_LegalConstraints"), "useLimitation", metadata["licence"])
    lineage = under(root, "dataQualityInfo", "DQ_DataQuality", "lineage", "LI_Lineage")
    text(lineage, "statement", "\n".join([metadata["indicative"], metadata["method"], *metadata["sources"]]))
    ElementTree.indent(root, space=" ")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
