"""Everything for a meeting with no network, in one ZIP: the map, dossiers, a comparison, the check, data, a read-me.

The same state, date and data give the same bytes.
"""

import hashlib
import io
import json
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from gm_map import catalogue as catalogue_module
from gm_map import comparison_file
from gm_map.exchange import write as exchange
from gm_map.messages import LANGUAGES, Messages
from layers import compared, pack_html, page, print_dossier, report_html, style

__all__ = ["DATA_FORMATS", "MOST_ON_PAPER", "colours", "data_file", "ending", "pack", "readme"]

DATA_FORMATS = ("gpkg", "geojson", "csv")
# Setting a dossier for paper takes a second: of more places there are pages only, which print as well.
MOST_ON_PAPER = 8
# What a ZIP and a workbook without a date say.
NO_DATE = datetime(1980, 1, 1)


def colours() -> dict[str, str]:
    """``#RRGGBB`` by cluster, for formats that carry a style."""
    return {cluster: look["fill"] for cluster, look in style.CLUSTERS.items()}


def ending(format_) -> str:
    """What a file of a format is called at its end; a table that its metadata goes beside comes as a ZIP."""
    return ".zip" if format_ == "csv" else exchange.ENDINGS[format_]


def data_file(district, format_, messages, *, levels, ids=None, filter_words="", date="") -> bytes:
    """Places in one of the formats of `gm_map.exchange.write`, as one file; see there for the rest."""
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder:
        target = Path(folder) / f"places{exchange.ENDINGS[format_]}"
        made = exchange.write(
            district,
            target,
            format_,
            messages,
            levels=levels,
            ids=ids,
            filter_words=filter_words,
            date=date,
            colours=colours(),
        )
        if ending(format_) == target.suffix:
            return target.read_bytes()
        return _zipped(
            {file.name: file.read_bytes() for file in made}, datetime.fromisoformat(date) if date else NO_DATE
        )


def pack(district, messages, *, state=None, places=(), notes=None, filter_words="", link="", date="") -> bytes:
    """The pack.

    Parameters
    ----------
    district : District
    messages : Messages
        Sets the language of all but the read-me, which is in both.
    state : mapping, optional
        What the map shows; see `layers.page.page`. Data files hold what it lights.
    places : sequence of str
        Whose dossiers go in, and who are compared; the whole layout where there are none. Up to `MOST_ON_PAPER` have
        theirs as PDF too.
    notes : mapping of str to str, optional
        A person's own notes, by place.
    filter_words : str
        What the filter asks for, in words.
    link : str
        Address of the state.
    date : str
        ``YYYY-MM-DD``; nothing reads a clock.

    Returns
    -------
    bytes
        A ZIP.
    """
    t = messages
    chosen = tuple(dict.fromkeys(places)) or tuple(district.catalogue.places)
    day = datetime.fromisoformat(date) if date else NO_DATE
    files: dict[str, bytes] = {}
    dossiers = {id_: f"dossiers/{id_}.html" for id_ in chosen}
    beside = [
        (t("take.pack_comparison"), "comparison.xlsx"),
        (t("take.pack_check"), "check-report.html"),
        (t("take.pack_readme"), "README.txt"),
    ]
    files["index.html"] = page.page(district, t, state=state, beside=beside, dossiers=dossiers).encode()
    for id_, name in dossiers.items():
        told = pack_html.dossier(district, id_, t, date=date, up="../index.html", beside=dossiers)
        files[name] = told.encode()
        if len(chosen) <= MOST_ON_PAPER:
            files[f"dossiers/{id_}.pdf"] = print_dossier.pdf(district, id_, t, date=date)
    files["comparison.xlsx"] = _comparison(district, t, chosen, notes or {}, day)
    files["check-report.html"] = _check(district, t, date).encode()
    files |= _data(district, t, None if state is None else state["lit"], filter_words, date)
    files["README.txt"] = readme(district, [*files, "manifest.json"], filter_words, link, date)
    files["manifest.json"] = _manifest(district, t, files, filter_words, link, date)
    return _zipped(files, day)


def readme(district, names, filter_words="", link="", date="") -> bytes:
    """What is in the pack, how to open it, of which version, from what and on what terms: Chinese, then English."""
    parts = []
    for language in LANGUAGES:
        t = Messages(language)
        lines = [
            t("app.title"),
            t("app.indicative_help"),
            "",
            t("take.readme_open"),
            "",
            t("take.readme_version", version=district.version),
            t("take.readme_date", date=date or t("exchange.no_date")),
            t("take.readme_shown", words=filter_words or t("exchange.all_places")),
            *([t("take.readme_link", link=link)] if link else []),
            "",
            t("take.readme_files"),
            *(f"  {name}  {_said(district, name, t)}".rstrip() for name in names),
            "",
            t("exchange.licence"),
            t("map.attribution_data"),
            "",
            t("take.readme_sources"),
            *(f"  {line}" for line in _sources(district, language)),
        ]
        parts.append("\n".join(lines))
    return ("\n\n" + "-" * 60 + "\n\n").join(parts).replace("\n", "\r\n").encode("utf-8-sig")


_SAID = {
    "index.html": "take.file_index",
    "comparison.xlsx": "take.pack_comparison",
    "check-report.html": "take.pack_check",
    "manifest.json": "take.file_manifest",
    "data/places.gpkg": "take.file_gpkg",
    "data/places.geojson": "take.file_geojson",
    "data/places.csv": "take.file_csv",
}


def _said(district, name, t) -> str:
    folder, _, file = name.rpartition("/")
    if folder == "dossiers":
        return t("take.file_dossier", name=district.catalogue.places[file.split(".")[0]].name.of(t.language))
    return t(_SAID[name]) if name in _SAID else ""


def _sources(district, language):
    for source in district.catalogue.sources.values():
        parts = (source.title.of(language), source.publisher, source.date, source.licence, source.attribution)
        yield " · ".join(dict.fromkeys(part for part in parts if part))


def _comparison(district, t, chosen, notes, day) -> bytes:
    names = [district.catalogue.places[id_].name.of(t.language) for id_ in chosen]
    method = [
        (t("match.method_versions"), district.version),
        (t("match.method_lines"), t("match.note_indicative")),
        (t("match.method_sources"), t("match.note_sources")),
    ]
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder:
        target = Path(folder) / "comparison.xlsx"
        rows = compared.sheet(district, chosen, t, notes)
        sheets = (t("compare.title"), t("match.sheet_method"))
        comparison_file.write(target, t("compare.what"), names, rows, sheets, method, day)
        return target.read_bytes()


def _check(district, t, date) -> str:
    # A check brings half a second of libraries with it.
    from gm_map.check import run

    return report_html.html(run.check(district), district, t, date=date)


def _data(district, t, lit, filter_words, date) -> dict[str, bytes]:
    files = {}
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder:
        for format_ in DATA_FORMATS:
            target = Path(folder) / f"places{exchange.ENDINGS[format_]}"
            made = exchange.write(district, target, format_, t, ids=lit, filter_words=filter_words, date=date)
            files |= {f"data/{file.name}": file.read_bytes() for file in made}
    for name in ("sources.csv", "geo_sources.csv"):
        files[f"data/{name}"] = (catalogue_module.SOURCE / name).read_bytes()
    return files


def _manifest(district, t, files, filter_words, link, date) -> bytes:
    told = {
        "title": t("app.title"),
        "data_version": district.version,
        "date": date,
        "language": t.language,
        "selection": filter_words,
        "link": link,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        },
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(files, day) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()
