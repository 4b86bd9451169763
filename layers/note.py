"""A match on one page of A4, to be handed on: a Word document, or a web page that asks the network for nothing."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from layers import door, picture, proof

__all__ = ["Note", "docx", "html", "note", "text"]

LONGEST_TEXT = 260  # characters of the description on the page
MOST_CHECKS = 8
# What neither XML nor paper has.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS = {"yes": "✓", "near": "○", "no": "×", "unknown": "–"}
# The browser itself refuses whatever the page might still ask for.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_CSS = Path(__file__).resolve().parent.parent / "static" / "map" / "gm-note.css"


@dataclass(frozen=True, slots=True)
class Note:
    """What stands on the page, in its order; nothing but text."""

    title: str
    mark: str
    given: str
    reading: tuple[str, ...]
    answer: str
    answer_lines: tuple[str, ...]
    checks: tuple[tuple[str, str, str], ...]
    parts: tuple[tuple[str, str, str], ...]
    total: tuple[str, str] | None
    sentences: tuple[tuple[str, str], ...]
    others: str
    foot: tuple[str, ...]


def note(district, read, told, match, place_id, weights, messages, reader_version) -> Note:
    """Put the page together.

    Parameters
    ----------
    district : District
    read : Read
        What the reader found.
    told : Told
        The same, as told on the screen.
    match : Match
    place_id : str or None
        The place that the page speaks for; None where the plan has none.
    weights : str
        What the weights are called.
    messages : Messages
    reader_version : str
    """
    given = _plain(read.text)
    if len(given) > LONGEST_TEXT:
        given = given[:LONGEST_TEXT] + "…"
    reading = [f"{told.path} › {told.title}" if told.path else told.title, told.sure, *told.lines, *told.others[:1]]
    missing = proof.outcome(district, match, messages)
    foot = (
        messages("match.note_versions", data=district.version, reader=reader_version, weights=weights),
        messages("match.note_indicative"),
        messages("match.note_sources"),
    )
    if place_id is None:
        return Note(
            messages("match.note_title"),
            messages("app.indicative"),
            given,
            tuple(map(_plain, reading)),
            messages("match.nowhere"),
            (missing,),
            (),
            (),
            None,
            (),
            "",
            foot,
        )
    shown = proof.proof(district, match, place_id, messages)
    others = [other.id for other in match.at(shown.level) if other.id != place_id][:4]
    lines = [shown.crumb, f"{shown.position} · {messages('match.ground', basis=shown.basis)}", missing]
    return Note(
        title=messages("match.note_title"),
        mark=messages("app.indicative"),
        given=given,
        reading=tuple(map(_plain, reading)),
        answer=_plain(shown.title),
        answer_lines=tuple(_plain(line) for line in lines if line),
        checks=tuple(
            (_MARKS[check.state], _plain(check.text), _plain(check.citation)) for check in shown.checks[:MOST_CHECKS]
        ),
        parts=tuple((_plain(part.name), f"{part.value:.2f}", _plain(part.ground)) for part in shown.parts),
        total=(messages("match.total"), f"{shown.score:.2f}"),
        sentences=tuple((_plain(title), _plain(words)) for title, words in shown.sentences),
        others=messages("card.list_mark").join(
            f"{proof.named_places(district, [other], messages)} {match.place(other).score:.2f}" for other in others
        ),
        foot=foot,
    )


def text(page, messages) -> str:
    """The page as plain text, for the clipboard."""
    lines = [f"{page.title} ({page.mark})", page.given, "", messages("match.read_title"), *page.reading, ""]
    lines += [messages("match.place_title"), page.answer, *page.answer_lines, *(" ".join(row) for row in page.checks)]
    lines += [f"{name} {value} ({ground})" for name, value, ground in page.parts]
    lines += [" ".join(page.total)] if page.total else []
    lines += [f"{title}: {words}" for title, words in page.sentences]
    return "\n".join([*lines, "", *page.foot])


def html(page, district, match, place_id, messages) -> str:
    """The page for a browser or a printer: every text passes the door."""
    told = door.html
    language = "en" if messages.language == "en" else "zh-Hans"
    checks = "".join(
        f"<tr><td>{told(mark)}</td><td>{told(words)}</td><td class=quiet>{told(cite)}</td></tr>"
        for mark, words, cite in page.checks
    )
    parts = "".join(
        f"<tr><td>{told(name)}</td><td class=n>{told(value)}</td><td class=quiet>{told(ground)}</td></tr>"
        for name, value, ground in page.parts
    )
    if page.total:
        parts += f"<tr class=sum><td>{told(page.total[0])}</td><td class=n>{told(page.total[1])}</td><td></td></tr>"
    tables = f"<table>{checks}</table>" * bool(page.checks)
    if parts:
        tables += f"<h2>{told(messages('match.score_title'))}</h2><table>{parts}</table>"
    sentences = "".join(f"<p><b>{told(title)}</b> {told(words)}</p>" for title, words in page.sentences)
    if page.others:
        sentences += f"<p><b>{told(messages('match.others_title'))}</b> {told(page.others)}</p>"
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{told(page.title)}</title>
<style>{_CSS.read_text(encoding="utf-8")}</style>
</head>
<body>
<header><h1>{told(page.title)}</h1><span class="quiet">{told(page.mark)}</span></header>
<p class="given">{told(page.given)}</p>
<div class="two"><div>
<h2>{told(messages("match.read_title"))}</h2>
<p class="answer">{told(page.reading[0])}</p>
{"".join(f"<p class=quiet>{told(line)}</p>" for line in page.reading[1:])}
{picture.svg(district, proof.lit(match), place_id, messages)}
</div><div>
<h2>{told(messages("match.place_title"))}</h2>
<p class="answer">{told(page.answer)}</p>
{"".join(f"<p class=quiet>{told(line)}</p>" for line in page.answer_lines)}
{tables}
</div></div>
{sentences}
<footer>{"".join(f"<p class=quiet>{told(line)}</p>" for line in page.foot)}</footer>
</body>
</html>
"""


def docx(page, district, match, place_id, messages) -> bytes:
    """The page as a Word document."""
    # A fifth of a second to import, and only who asks for the document needs it.
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(13)
    section.left_margin = section.right_margin = Mm(14)
    base = document.styles["Normal"]
    base.font.name, base.font.size = "Arial", Pt(9)
    base.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Microsoft YaHei")
    base.paragraph_format.space_after = Pt(2)
    document.core_properties.title = page.title
    document.core_properties.author = ""
    quiet, accent = RGBColor(0x56, 0x68, 0x70), RGBColor(0x1F, 0x5F, 0x7A)

    def line(holder, words, size=9, bold=False, colour=None, first=False):
        paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
        run = paragraph.add_run(words)
        run.bold, run.font.size = bold, Pt(size)
        if colour is not None:
            run.font.color.rgb = colour
        return paragraph

    def table(holder, rows, widths, number=None):
        grid = holder.add_table(rows=0, cols=len(widths))
        grid.autofit = False
        for row in rows:
            cells = grid.add_row().cells
            for at, (cell, words, width) in enumerate(zip(cells, row, widths, strict=True)):
                cell.width = Mm(width)
                told = line(cell, words, 8.5, colour=quiet if at == len(widths) - 1 else None, first=True)
                told.paragraph_format.space_after = Pt(0)
                if at == number:
                    told.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return grid

    line(document, f"{page.title}  ", 15, True).add_run(page.mark).font.size = Pt(9)
    line(document, page.given)
    two = document.add_table(rows=1, cols=2)
    two.autofit = False
    left, right = two.rows[0].cells
    left.width, right.width = Mm(92), Mm(90)
    line(left, messages("match.read_title"), 10, True, accent, first=True)
    line(left, page.reading[0], 12, True)
    for words in page.reading[1:]:
        line(left, words, 8.5, colour=quiet)
    image = io.BytesIO(picture.png(district, proof.lit(match), place_id, messages))
    left.add_paragraph().add_run().add_picture(image, width=Mm(86))
    line(right, messages("match.place_title"), 10, True, accent, first=True)
    line(right, page.answer, 12, True)
    for words in page.answer_lines:
        line(right, words, 8.5, colour=quiet)
    if page.checks:
        table(right, page.checks, (5, 62, 21))
    if page.parts:
        line(right, messages("match.score_title"), 10, True, accent)
        table(right, [*page.parts, (*page.total, "")], (32, 14, 42), number=1)
    for title, words in page.sentences:
        line(document, f"{title}  ", bold=True).add_run(words)
    if page.others:
        line(document, f"{messages('match.others_title')}  ", bold=True).add_run(page.others)
    for words in page.foot:
        line(document, words, 8, colour=quiet)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _plain(words) -> str:
    """Text that XML and paper can hold, on one line."""
    return " ".join(_UNPRINTABLE.sub("\ufffd", str(words)).split())
