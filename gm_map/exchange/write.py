"""One way in for every format: which places, which format, where to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from gm_map.district import District
from gm_map.errors import InputError
from gm_map.exchange.metadata import describe
from gm_map.exchange.table import rows
from gm_map.messages import Messages
from gm_map.model import Level

__all__ = ["ENDINGS", "write"]

# Each format, and what its file is called.
ENDINGS = {
    "gpkg": ".gpkg",
    "geojson": ".geojson",
    "shp": ".zip",
    "kml": ".kml",
    "parquet": ".parquet",
    "csv": ".csv",
    "xlsx": ".xlsx",
}


def write(
    district: District,
    path: Path | str,
    format_: str,
    t: Messages,
    *,
    levels: Sequence[Level] = tuple(Level),
    ids: Iterable[str] | None = None,
    filter_words: str = "",
    date: str = "",
    colours: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """Write places to a file, or a file and what goes beside it; nothing is there before all of it is.

    Parameters
    ----------
    district : District
    path : path
        Replaced if it is there.
    format_ : str
        One of `ENDINGS`. A Shapefile comes as a ZIP.
    t : Messages
        Sets the language of the metadata, of the industries and of how an outline was made.
    levels : sequence of Level
    ids : iterable of str, optional
        Only these places, of those levels.
    filter_words : str
        How the places were picked, for the metadata.
    date : str
        ``YYYY-MM-DD``; without it, the file carries none.
    colours : mapping of str to str, optional
        ``#RRGGBB`` by cluster, for formats that carry a style.

    Returns
    -------
    tuple of Path
        The file first.

    Raises
    ------
    InputError
        For another format, a date that is none, no place to write, or a place that cannot be written to.
    """
    # A second to import, and the command line names the formats before it knows whether any is wanted.
    from gm_map.exchange import gis, plain

    path = Path(path)
    if format_ not in ENDINGS:
        raise InputError(t("exchange.no_such_format", found=format_, wanted=", ".join(ENDINGS)))
    day = _day(date, t)
    held = rows(district, t.language, levels, ids)
    if not held:
        raise InputError(t("exchange.no_rows"))
    metadata = describe(district, t, held, date, filter_words)
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".exchange-") as folder:
            made = Path(folder) / path.name
            if format_ == "gpkg":
                # The library wants the ending; the file gets the name that was asked for when it is complete.
                written = gis.write_gpkg(made.with_name("places.gpkg"), held, metadata, date)
                written[0].replace(made)
                written[0] = made
            elif format_ == "shp":
                written = gis.write_shp(made, held, metadata, date)
            elif format_ == "parquet":
                written = gis.write_parquet(made, held, metadata)
            elif format_ == "geojson":
                written = plain.write_geojson(made, held, metadata)
            elif format_ == "kml":
                written = plain.write_kml(made, held, metadata, colours or {})
            elif format_ == "csv":
                written = plain.write_csv(made, held, metadata)
            else:
                points = {row.id: district.label_point(row.id) for row in held}
                written = plain.write_xlsx(made, held, metadata, t, points, day)
            # The file itself last: who sees it sees what belongs to it.
            for file in reversed(written):
                file.replace(path.with_name(file.name))
    except OSError as error:
        raise InputError(t("cli.cannot_write", file=path, reason=error.strerror or error)) from error
    return tuple(path.with_name(file.name) for file in written)


def _day(date: str, t: Messages) -> datetime | None:
    if not date:
        return None
    try:
        day = datetime.strptime(date, "%Y-%m-%d")
    except ValueError:
        day = None
    # 1980 is where dates of workbooks and archives begin.
    if day is None or day.year < 1980 or date != day.strftime("%Y-%m-%d"):
        raise InputError(t("exchange.bad_date", found=date))
    return day
