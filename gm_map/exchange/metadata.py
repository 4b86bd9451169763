"""What a file says of itself: what it is, how the outlines were made, from what, on what terms."""

from collections.abc import Sequence

from gm_map.district import District
from gm_map.exchange.table import COLUMNS, Row
from gm_map.messages import Messages
from gm_map.model import WGS84, Level

__all__ = ["describe", "sources"]

PLAN = "plan"


def describe(district: District, t: Messages, rows: Sequence[Row], date: str = "", filter_words: str = "") -> dict:
    """The metadata of a file.

    Parameters
    ----------
    district : District
    t : Messages
        Sets the language.
    rows : sequence of Row
        What the file holds.
    date : str
        As it is to stand there; nothing reads a clock.
    filter_words : str
        What was asked for, where not all places were.

    Returns
    -------
    dict
        Of text, except ``counts`` (of places, by level), ``sources`` (a list of text) and ``columns`` (text by name).
        Names of the keys are the same in both languages.
    """
    counts = {str(level): sum(row.level == level for row in rows) for level in Level}
    return {
        "title": t("exchange.title"),
        "indicative": t("exchange.indicative"),
        "method": t("exchange.method"),
        "areas": t("exchange.areas"),
        "data_version": district.version,
        "date": date or t("exchange.no_date"),
        "language": t.language,
        "crs": WGS84,
        "datum": t("exchange.datum"),
        "licence": t("exchange.licence"),
        "attribution": t("map.attribution_data"),
        "selection": "".join(filter(str.isprintable, filter_words)) or t("exchange.all_places"),
        "counts": {level: count for level, count in counts.items() if count},
        "sources": sources(district, t.language, [row.id for row in rows]),
        "columns": {name: t(f"exchange.column_{name}") for name in COLUMNS},
    }


def sources(district: District, language: str, ids: Sequence[str]) -> list[str]:
    """The plan, and every source that an outline of these places was drawn from: title, publisher, date, licence."""
    catalogue = district.catalogue
    used = {source for id_ in ids for source in district.outlines[id_].sources}
    told = []
    for source in catalogue.sources.values():
        if source.id == PLAN or source.id in used:
            parts = (source.title.of(language), source.publisher, source.date, source.licence, source.attribution)
            told.append(" · ".join(dict.fromkeys(part for part in parts if part)))
    return told
