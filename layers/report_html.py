"""The report of a check as one web page: everything is inside, nothing is fetched, and it prints on A4."""

from itertools import groupby
from pathlib import Path

from layers import door, report, report_drawing, report_maps
from layers.report import Heading, Line, Picture, Signatures, Table

__all__ = ["html"]

# The browser itself refuses whatever the page might still ask for.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_CSS = Path(__file__).resolve().parent.parent / "static" / "map" / "gm-report.css"


def html(checked, district, messages, *, unit="km2", date, title=None) -> str:
    """The report as a page.

    Parameters
    ----------
    checked : gm_map.check.report_value.Report
    district : District
    messages : Messages
        Sets the language.
    unit : {"km2", "ha", "mu"}
        Of all areas.
    date : str
        As it is to stand in the report.
    title : str, optional

    Returns
    -------
    str
        Without script and without an address; every text has passed the door.
    """
    told = door.html
    pieces = report.pieces(checked, district, messages, unit=unit, date=date, title=title)
    facts = "".join(f"<dt>{told(label)}</dt><dd>{told(value)}</dd>" for label, value in pieces.facts)
    body = []
    # Close-ups and the lines of a list stand together.
    for kind, blocks in groupby(pieces.body, _kind):
        parts = [_block(block, checked, district, messages) for block in blocks]
        body.append(
            {"detail": '<div class="pair">{}</div>', "list": "<ul>{}</ul>"}.get(kind, "{}").format("".join(parts))
        )
    language = "en" if messages.language == "en" else "zh-Hans"
    css = _CSS.read_text(encoding="utf-8").replace("GM_FOOTER", _css_text(pieces.footer))
    css = css.replace("GM_PAGE", _page_counter(messages))
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{told(pieces.title)}</title>
<style>{css}</style>
</head>
<body>
<header><h1>{told(pieces.title)}</h1><p>{told(pieces.subtitle)}</p>
<span class="mark">{told(pieces.mark)}</span></header>
<dl>{facts}</dl>
{"".join(body)}
</body>
</html>
"""


def _kind(block):
    if isinstance(block, Picture) and block.name == "detail":
        return "detail"
    return "list" if isinstance(block, Line) and block.listed else ""


def _block(block, checked, district, messages):
    told = door.html
    if isinstance(block, Heading):
        level = block.level + 1
        return f"<h{level}{' class=page' if block.page else ''}>{told(block.text)}</h{level}>"
    if isinstance(block, Line):
        if block.listed:
            return f"<li>{told(block.text)}</li>"
        return f"<p{' class=quiet' if block.quiet else ''}>{told(block.text)}</p>"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Signatures):
        date = f"<span>{told(block.date)}</span><i></i>"
        lines = "".join(f"<div><span>{told(role)}</span><i></i>{date}</div>" for role in block.roles)
        return f'<section class="sign"><h2>{told(block.title)}</h2>{lines}</section>'
    picture = report_maps.scene(checked, district, messages, block.name, block.number)
    drawn = report_drawing.svg(picture, f"{block.name}{block.number or ''}")
    return f'<figure class="{block.name}">{drawn}<figcaption>{told(block.caption)}</figcaption></figure>'


def _table(table):
    told = door.html
    numbers = [column.number for column in table.columns]
    widths = "".join(f'<col style="width:{column.width * 100:.1f}%">' for column in table.columns)
    head = "".join(
        f"<th{' class=n' if number else ''} scope=col>{told(column.label)}</th>"
        for column, number in zip(table.columns, numbers, strict=True)
    )
    rows = []
    for row in table.rows:
        cells = []
        for cell, number in zip(row, numbers, strict=True):
            words = told(cell.text)
            if cell.tone:
                words = f'<span class="tone {cell.tone}">{words}</span>'
            note = f"<small>{told(cell.note)}</small>" if cell.note else ""
            kind = " class=n" if number else f" class=in{cell.indent}" if cell.indent else ""
            cells.append(f"<td{kind}>{words}{note}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f"<table{' class=small' if table.small else ''}><colgroup>{widths}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _page_counter(messages):
    """The line of page numbers as CSS content: words as strings, the two numbers as counters."""
    words = messages("report.page", page="\x00page\x00", pages="\x00pages\x00").split("\x00")
    return " ".join(f"counter({word})" if word in ("page", "pages") else _css_text(word) for word in words if word)


def _css_text(words):
    """A text as a CSS string: anything that could end it, or the element that holds it, is written as its number."""
    return '"' + "".join(c if c.isalnum() or c in " ·," else f"\\{ord(c):x} " for c in words) + '"'
