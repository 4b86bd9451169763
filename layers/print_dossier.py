"""The dossier of a place or a topic as PDF: its map, its facts with their citations, what the plan does not say."""

from gm_map.model import Level
from layers import dossiers, print_map, print_type
from layers.print import Sheet, drawn_map, narrowed, scale_of, typeset

__all__ = ["pdf", "sheet"]

MAP_MM, SIZE = 112, 0.82  # side of the map, and how large its letters are beside those of an A4 sheet
LONGEST = 600  # characters of a line


def sheet(district, id_, messages, *, date="") -> Sheet:
    """A dossier, ready to be set.

    Parameters
    ----------
    district : District
    id_ : str
        A place, or a node of the industry tree; KeyError for any other.
    messages : Messages
    date : str
        ``YYYY-MM-DD``; without it the sheet bears none.
    """
    t = messages
    shown = dossiers.page(district, id_, t)
    units = [place.id for place in district.catalogue.at(Level.UNIT)]
    lit = frozenset(unit for unit in units if shown.lit is None or unit in shown.lit)
    drawing = print_map.draw(district, t, MAP_MM, MAP_MM, lit=lit, selected=shown.selected, size=SIZE)
    rows = [
        *([("date", date)] if date else []),
        ("version", district.version),
        ("licence", t("print.licence_text")),
        ("approval", t("print.approval_none")),
    ]
    data = {
        "size": SIZE,
        "lang": "en" if t.language == "en" else "zh",
        "date": date,
        "crumb": shown.crumb,
        "title": shown.title,
        "subtitle": shown.subtitle,
        "figures": [{"name": name, "value": value} for name, value in shown.figures],
        "map": drawn_map(district, drawing, t, len(lit)),
        "scale": scale_of(drawing, t, "A4", SIZE),
        "indicative": t("print.indicative_long"),
        "rows": [{"name": t(f"print.{key}"), "text": text, "long": False} for key, text in rows],
        "sections": [_section(section, t) for section in shown.sections],
        "foot": t("dossier.foot", title=shown.title, version=district.version),
    }
    if t.language == "en":
        data = narrowed(data)
    return Sheet("dossier.typ", data, date, print_type.lacking(""))


def _section(section, t) -> dict:
    """Lines that are read as one sentence become one line, with the citations of its parts."""
    told = [(print_type.spelled(line.text, LONGEST), line.citation, line.quiet) for line in section.lines]
    if section.joined:
        words = " · ".join(text for text, _, _ in told)
        cited = " ".join(dict.fromkeys(cite for _, cite, _ in told if cite))
        told = [(words, cited, False)]
    return {
        "title": section.title,
        "lines": [{"text": text, "cite": cite, "quiet": quiet} for text, cite, quiet in told],
    }


def pdf(district, id_, messages, *, date="") -> bytes:
    """The dossier as PDF with its type embedded; see `sheet`."""
    return typeset(sheet(district, id_, messages, date=date), "pdf")
