"""A state of the map as a sheet of paper: PDF, PNG or SVG, set by Typst with the project's own typeface.

Nothing that a person typed is ever markup: the template is a file, and all that varies goes to it as one JSON value.
"""

import datetime
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

from gm_map.errors import InputError
from gm_map.model import Level
from layers import door, print_map, print_type

__all__ = [
    "ORIENTATIONS",
    "PAPERS",
    "Sheet",
    "drawn_map",
    "narrowed",
    "pdf",
    "png",
    "scale_of",
    "sheet",
    "svg",
    "typeset",
]

TEMPLATES = Path(__file__).resolve().parent.parent / "static" / "print"
# Millimetres, upright; the margin; and how much larger than on A4 lines and letters are.
PAPERS = {"A4": (210, 297, 9, 1.0), "A3": (297, 420, 12, 1.3)}
ORIENTATIONS = ("landscape", "portrait")
LEGEND = ("zone", "corridor", "expressway", "rail", "metro", "district", "street")
PDF_STANDARD = "a-2b"
# What a sheet without a date is stamped with, so that the same state gives the same file.
NO_DATE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes to Typst: the name of a template in ``static/print`` and the value that it reads.

    ``lacking`` holds characters that the typeface has not got: the sheet shows their codes.
    """

    template: str
    data: dict
    date: str
    lacking: str


def sheet(
    district,
    messages,
    *,
    lit=None,
    filter_words="",
    selected=None,
    paper="A4",
    orientation="landscape",
    title=None,
    approval="",
    date="",
    base="vector",
    link="",
) -> Sheet:
    """A state of the map, ready to be set.

    Parameters
    ----------
    district : District
    messages : Messages
        Sets the language.
    lit : iterable of str, optional
        Ids of the places that are in colour; all by default. Others stay, pale, with their names in grey.
    filter_words : str
        What the filter asks for, in words.
    selected : str, optional
        Id of a place; KeyError for one that is none.
    paper : {"A4", "A3"}
    orientation : {"landscape", "portrait"}
    title : str, optional
        The map's own by default.
    approval : str
        The map approval number; without it the sheet says that none was entered.
    date : str
        ``YYYY-MM-DD``; without it the sheet bears none.
    base : {"vector"}
        The ground that is drawn: only the project's own.
    link : str
        Address of the state.

    Raises
    ------
    InputError
        For a paper, an orientation or a date that there is not.
    """
    t = messages
    if paper not in PAPERS:
        raise InputError(t("print.bad_paper", found=paper, wanted=", ".join(PAPERS)))
    if orientation not in ORIENTATIONS:
        raise InputError(t("print.bad_orientation", found=orientation, wanted=", ".join(ORIENTATIONS)))
    if base != "vector":
        raise ValueError(f"base: found {base!r}, wanted 'vector'")
    _day(date, t)
    width, height, margin, size = PAPERS[paper]
    square = width - 2 * margin
    if orientation == "landscape":
        width, height = height, width
    units = [place.id for place in district.catalogue.at(Level.UNIT)]
    lit = [unit for unit in units if lit is None or unit in frozenset(lit)]
    drawing = print_map.draw(district, t, square, square, lit=frozenset(lit), selected=selected, size=size)
    typed = {"title": title or t("map.map"), "filter": filter_words, "approval": approval, "link": link}
    told = {key: print_type.spelled(text, 400 if key == "link" else 120) for key, text in typed.items()}
    data = {
        "page": {"width": width, "height": height, "margin": margin, "size": size, "landscape": width > height},
        "lang": "en" if t.language == "en" else "zh",
        "date": date,
        "title": told["title"],
        "subtitle": t("print.plan", title=district.catalogue.sources["plan"].title.of(t.language)),
        "map": drawn_map(district, drawing, t, len(lit)),
        "legend": _legend(district, t, size, pale=len(lit) < len(units), chosen=selected),
        "scale": scale_of(drawing, t, paper, size),
        "indicative": t("print.indicative_long"),
        "rows": _rows(district, t, told, selected, date),
    }
    if t.language == "en":
        data = narrowed(data)
    return Sheet("sheet.typ", data, date, print_type.lacking("".join(map(str, typed.values()))))


def _day(date, t) -> datetime.datetime:
    if not date:
        return NO_DATE
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise ValueError(date)
        return datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.UTC)
    except ValueError:
        raise InputError(t("exchange.bad_date", found=date)) from None


def drawn_map(district, drawing, t, lit) -> dict:
    """A drawing as the template reads it, with words for whoever cannot see it; ``lit`` units are in colour."""
    alt = _alt(district, t, lit)
    labels = [
        {
            "text": text,
            "x": round(x, 3),
            "y": round(y, 3),
            "size": round(label.look.size, 4),
            "bold": label.look.bold,
            "colour": label.look.colour,
            "tracking": round(label.look.tracking, 4),
            "angle": round(label.angle, 2),
        }
        for label in drawing.labels
        for text, x, y in label.baselines()
    ]
    ticks = [{"side": side, "at": round(at, 3), "text": text} for side, at, text in drawing.ticks]
    return {
        "svg": drawing.svg,
        "width": drawing.width,
        "height": drawing.height,
        "alt": alt,
        "labels": labels,
        "ticks": ticks,
        "north": t("print.north"),
        "mark": t("print.indicative"),
    }


def _alt(district, t, lit) -> str:
    clusters = t("card.list_mark").join(place.name.of(t.language) for place in district.catalogue.at(Level.CLUSTER))
    return t("print.alt", clusters=clusters, units=len(district.catalogue.at(Level.UNIT)), lit=lit)


def _legend(district, t, size, pale, chosen) -> dict:
    clusters = [
        {"svg": print_map.swatch(place.id, size), "text": place.name.of(t.language)}
        for place in district.catalogue.at(Level.CLUSTER)
    ]
    keys = [*(["dim"] if pale else []), *(["chosen"] if chosen else []), *LEGEND]
    lines = [{"svg": print_map.swatch(key, size), "text": t(f"print.legend_{key}")} for key in keys]
    return {"title": t("print.legend"), "clusters": clusters, "lines": lines}


def scale_of(drawing, t, paper, size) -> dict:
    """The scale in figures, and a bar of it."""
    length, marks = print_map.scale_bar(drawing.denominator, 40 * size)
    words = t("print.scale", denominator=f"{drawing.denominator:,}".replace(",", "\N{THIN SPACE}"), paper=paper)
    return {"words": words, "length": length, "marks": [{"at": at, "text": text} for at, text in marks], "unit": "km"}


def _rows(district, t, told, selected, date) -> list[dict]:
    """What stands in small letters: name, and text."""
    rows = []
    if told["filter"]:
        rows.append(("filter", told["filter"]))
    if selected:
        rows.append(("selected", district.catalogue.places[selected].name.of(t.language)))
    rows += [
        *([("date", date)] if date else []),
        ("version", district.version),
        ("sources", t("print.sources_text")),
        ("licence", t("print.licence_text")),
        ("projection", t("print.projection_text")),
        ("approval", told["approval"] or t("print.approval_none")),
    ]
    if told["link"]:
        rows.append(("link", told["link"]))
    return [{"name": t(f"print.{key}"), "text": text, "long": key == "link"} for key, text in rows]


def narrowed(value):
    """All texts of a value, with quotation marks as English has them."""
    if isinstance(value, dict):
        return {key: narrowed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [narrowed(part) for part in value]
    return print_type.narrow(value) if isinstance(value, str) else value


@functools.cache
def _fonts():
    # Reading the folder takes longer than setting a page.
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(print_type.FOLDER)])


def typeset(made: Sheet, kind, dpi=300) -> bytes:
    """A sheet as a file.

    Parameters
    ----------
    made : Sheet
    kind : {"pdf", "png", "svg"}
    dpi : int
        Dots in an inch, of PNG.
    """
    import typst

    day = datetime.datetime.fromisoformat(made.date).replace(tzinfo=datetime.UTC) if made.date else NO_DATE
    compiler = typst.Compiler(root=str(TEMPLATES), font_paths=_fonts())
    options = {"ppi": dpi} if kind == "png" else {}
    if kind == "pdf" and made.date:  # the archival form demands a date
        options["pdf_standards"] = PDF_STANDARD
    done = compiler.compile(
        input=str(TEMPLATES / made.template),
        format=kind,
        sys_inputs={"data": json.dumps(made.data, ensure_ascii=False)},
        timestamp=int(day.timestamp()),
        **options,
    )
    return _named(done, made.data["title"], made.data["map"]["alt"]) if kind == "svg" else done


def _named(picture, title, description) -> bytes:
    """An SVG with a title and a description for whoever cannot see it."""
    start, rest = picture.decode("utf-8").split("<svg ", 1)
    head, body = rest.split(">", 1)
    told = f"<title>{door.html(title)}</title><desc>{door.html(description)}</desc>"
    return f'{start}<svg role="img" {head}>{told}{body}'.encode()


def pdf(district, messages, **wanted) -> bytes:
    """The sheet as PDF with its type embedded, PDF/A-2b if it has a date; for ``wanted`` see `sheet`."""
    return typeset(sheet(district, messages, **wanted), "pdf")


def png(district, messages, dpi=300, **wanted) -> bytes:
    """The sheet as PNG; for ``wanted`` see `sheet`."""
    return typeset(sheet(district, messages, **wanted), "png", dpi)


def svg(district, messages, **wanted) -> bytes:
    """The sheet as SVG, letters as outlines, with a title and a description; for ``wanted`` see `sheet`."""
    return typeset(sheet(district, messages, **wanted), "svg")
