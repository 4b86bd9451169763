"""The report of a check as a Word document: real headings, tables whose head is repeated, pages that are numbered."""

import io
from itertools import groupby

from layers import report, report_drawing, report_maps
from layers.report import Heading, Line, Picture, Signatures, Table

__all__ = ["docx"]

_WIDTH = 174.0  # millimetres between the margins
_FONT, _FAR_EAST = "Arial", "Microsoft YaHei"
_ACCENT, _QUIET, _INK, _RULE = "1F5F7A", "566870", "1F2A30", "C9D1D3"
_TONES = {
    "agrees": ("E2F1E8", "1E6B45"),
    "disagrees": ("F8E1DE", "8C2B1E"),
    "attention": ("FBEBD3", "7A4B1E"),
    "undecided": ("ECEFF0", "44535A"),
}


def docx(checked, district, messages, *, unit="km2", date, title=None) -> bytes:
    """The report as a document of A4; see `layers.report_html.html` for the parameters."""
    pieces = report.pieces(checked, district, messages, unit=unit, date=date, title=title)
    return _Writer(checked, district, messages, pieces).write()


class _Writer:
    """One document on its way; python-docx is slow to import, and only who asks for the document needs it."""

    def __init__(self, checked, district, messages, pieces):
        import docx as library
        from docx import enum, oxml, shared
        from docx.enum import section, style, table, text  # noqa: F401 (submodules that are reached through enum)
        from docx.oxml import ns  # noqa: F401

        self.enum, self.oxml, self.shared = enum, oxml, shared
        self.checked, self.district, self.messages, self.pieces = checked, district, messages, pieces
        self.document = library.Document()

    def write(self) -> bytes:
        """The whole file."""
        pieces, document = self.pieces, self.document
        self._set_up()
        document.add_paragraph(pieces.title, style="Title")
        document.add_paragraph(f"{pieces.subtitle} · {pieces.mark}", style="Subtitle")
        self._facts(pieces.facts)
        for kind, blocks in groupby(pieces.body, lambda block: isinstance(block, Picture) and block.name == "detail"):
            listed = list(blocks)
            if kind:
                self._pairs(listed)
                continue
            for block in listed:
                self._block(block)
        kept = io.BytesIO()
        document.save(kept)
        return kept.getvalue()

    # ---- styles and pages ----

    def _set_up(self):
        document, mm = self.document, self.shared.Mm
        page = document.sections[0]
        page.page_width, page.page_height = mm(210), mm(297)
        page.left_margin = page.right_margin = mm(18)
        page.top_margin, page.bottom_margin = mm(18), mm(18)
        page.header_distance = page.footer_distance = mm(9)
        self._style("Normal", 9.5, space=(0, 3), line=1.25)
        self._style("Title", 20, bold=True, space=(0, 2))
        self._style("Subtitle", 9.5, colour=_QUIET, space=(0, 6))
        self._style("Heading 1", 13, bold=True, colour=_ACCENT, space=(14, 4))
        self._style("Heading 2", 10.5, bold=True, space=(9, 3))
        self._style("Caption", 8.5, colour=_QUIET, space=(2, 6))
        self._style("List Bullet", 9.5, space=(0, 2), line=1.25)
        # Which forms of the letters are meant: a fallback font may have those of several countries.
        defaults = document.styles.element.find(self._q("w:docDefaults")).find(f".//{self._q('w:rPr')}")
        for language in defaults.findall(self._q("w:lang")):
            defaults.remove(language)
        defaults.append(self._element("w:lang", val="en-GB", eastAsia="zh-CN", bidi="ar-SA"))
        for name in ("Title", "Subtitle"):
            borders = document.styles[name].element.get_or_add_pPr().find(self._q("w:pBdr"))
            if borders is not None:
                borders.getparent().remove(borders)
        self._rule(document.styles["Subtitle"].element.get_or_add_pPr())
        about = document.core_properties
        about.title, about.author, about.comments, about.keywords = self.pieces.title, "", "", ""
        about.language = "en" if self.messages.language == "en" else "zh-CN"
        self._footer(page.footer.paragraphs[0])

    def _style(self, name, size, *, bold=False, colour=_INK, space=(0, 0), line=None):
        style = self.document.styles[name]
        style.font.name, style.font.size, style.font.bold = _FONT, self.shared.Pt(size), bold
        style.font.italic = False
        style.font.color.rgb = self.shared.RGBColor.from_string(colour)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            # A theme's font would win over ours.
            fonts.attrib.pop(self._q(f"w:{which}"), None)
        for which in ("ascii", "hAnsi", "cs"):
            fonts.set(self._q(f"w:{which}"), _FONT)
        fonts.set(self._q("w:eastAsia"), _FAR_EAST)
        style.paragraph_format.space_before, style.paragraph_format.space_after = map(self.shared.Pt, space)
        if line:
            style.paragraph_format.line_spacing = line

    def _rule(self, properties):
        """A line below the head of the report."""
        borders = self._element("w:pBdr")
        borders.append(self._element("w:bottom", val="single", sz="12", space="6", color=_ACCENT))
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )

    def _footer(self, paragraph):
        paragraph.style = self.document.styles["Caption"]
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(self.shared.Mm(_WIDTH), self.enum.text.WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{self.pieces.footer}\t")
        words = self.messages("report.page", page="\x00PAGE\x00", pages="\x00NUMPAGES\x00").split("\x00")
        for word in words:
            run = paragraph.add_run()
            if word not in ("PAGE", "NUMPAGES"):
                run.text = word
                continue
            for part in ("begin", None, "end"):
                if part:
                    run._r.append(self._element("w:fldChar", fldCharType=part))
                else:
                    code = self._element("w:instrText")
                    code.text = word
                    run._r.append(code)

    # ---- blocks ----

    def _block(self, block):
        document = self.document
        if isinstance(block, Heading):
            paragraph = document.add_paragraph(block.text, style=f"Heading {block.level}")
            paragraph.paragraph_format.page_break_before = block.page
        elif isinstance(block, Line):
            paragraph = document.add_paragraph(style="List Bullet" if block.listed else None)
            run = paragraph.add_run(block.text)
            if block.quiet:
                self._quiet(run)
                paragraph.paragraph_format.keep_with_next = True
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Signatures):
            self._signatures(block)
        else:
            self._picture(document, block, _WIDTH)

    def _picture(self, holder, block, width, pixels=1500, paragraph=None):
        drawn = report_maps.scene(self.checked, self.district, self.messages, block.name, block.number)
        image = io.BytesIO(report_drawing.png(drawn, pixels))
        # What is as high as the page leaves no room for its caption.
        width = min(width, 200.0 * drawn.width / drawn.height)
        paragraph = paragraph or holder.add_paragraph()
        shape = paragraph.add_run().add_picture(image, width=self.shared.Mm(width))
        shape._inline.docPr.set("descr", drawn.label)
        for side in "TBLR":
            # Left out, some programs put an eighth of an inch there.
            shape._inline.set(f"dist{side}", "0")
        paragraph.alignment = self.enum.text.WD_ALIGN_PARAGRAPH.CENTER
        # In a row of a table the caption is with its picture anyway, and rows need not stay together.
        paragraph.paragraph_format.keep_with_next = holder is self.document
        paragraph.paragraph_format.space_before = self.shared.Pt(4)
        caption = holder.add_paragraph(block.caption, style="Caption")
        caption.alignment = self.enum.text.WD_ALIGN_PARAGRAPH.CENTER

    def _pairs(self, pictures):
        grid = self._grid((_WIDTH / 2, _WIDTH / 2))
        for at in range(0, len(pictures), 2):
            row = grid.add_row()
            self._whole(row)
            for cell, block in zip(row.cells, pictures[at : at + 2], strict=False):
                self._picture(cell, block, _WIDTH / 2 - 4, 760, cell.paragraphs[0])

    def _facts(self, facts):
        grid = self._grid((34.0, _WIDTH - 34.0))
        for label, value in facts:
            row = grid.add_row()
            self._whole(row)
            for cell, words, quiet in zip(row.cells, (label, value), (True, False), strict=True):
                self._shade(cell, "F4F5F3")
                run = self._first(cell).add_run(words)
                if quiet:
                    self._quiet(run, 9.5)

    def _table(self, table):
        size = 7.5 if table.small else 8.5
        grid = self._grid(tuple(column.width * _WIDTH for column in table.columns), ruled=True)
        head = grid.add_row()
        head._tr.get_or_add_trPr().append(self._element("w:tblHeader", val="true"))
        self._whole(head)
        for cell, column in zip(head.cells, table.columns, strict=True):
            self._shade(cell, "F4F5F3")
            paragraph = self._first(cell, column.number)
            run = paragraph.add_run(column.label)
            run.bold, run.font.size = True, self.shared.Pt(size)
            paragraph.paragraph_format.keep_with_next = True
        for number, told in enumerate(table.rows):
            row = grid.add_row()
            self._whole(row)
            for cell, content, column in zip(row.cells, told, table.columns, strict=True):
                paragraph = self._first(cell, column.number)
                paragraph.paragraph_format.left_indent = self.shared.Mm(3.2 * content.indent)
                # The head of a table does not stand alone at the end of a page.
                paragraph.paragraph_format.keep_with_next = number < 2 and number + 1 < len(table.rows)
                run = paragraph.add_run(content.text)
                run.font.size = self.shared.Pt(size)
                if content.tone:
                    ground, ink = _TONES[content.tone]
                    self._shade(cell, ground)
                    run.font.color.rgb = self.shared.RGBColor.from_string(ink)
                if content.note:
                    paragraph = cell.add_paragraph()
                    self._close(paragraph, column.number)
                    self._quiet(paragraph.add_run(content.note), size - 1)
        after = self.document.add_paragraph()
        self._close(after)
        after.paragraph_format.line_spacing = self.shared.Pt(6)

    def _signatures(self, block):
        self.document.add_paragraph(block.title, style="Heading 1")
        grid = self._grid((26.0, 74.0, 18.0, _WIDTH - 118.0))
        for label in block.roles:
            row = grid.add_row()
            row.height = self.shared.Mm(13)
            self._whole(row)
            for at, (cell, words) in enumerate(zip(row.cells, (label, "", block.date, ""), strict=True)):
                cell.vertical_alignment = self.enum.table.WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
                self._first(cell, at == 2).add_run(words)
                if at % 2:
                    borders = self._element("w:tcBorders")
                    borders.append(self._element("w:bottom", val="single", sz="4", space="0", color="44535A"))
                    cell._tc.get_or_add_tcPr().append(borders)

    # ---- the small parts ----

    def _grid(self, widths, ruled=False):
        grid = self.document.add_table(rows=0, cols=len(widths))
        grid.autofit = False
        grid.alignment = self.enum.table.WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = self.shared.Mm(width)
        if ruled:
            borders = self._element("w:tblBorders")
            for side in ("top", "bottom", "insideH"):
                heavy = side != "insideH"
                colour = "9FB0B6" if heavy else _RULE
                borders.append(
                    self._element(f"w:{side}", val="single", sz="8" if heavy else "4", space="0", color=colour)
                )
            grid._tbl.tblPr.append(borders)
        return grid

    def _whole(self, row):
        """A row that is not cut by the end of a page."""
        row._tr.get_or_add_trPr().append(self._element("w:cantSplit", val="true"))

    def _shade(self, cell, colour):
        cell._tc.get_or_add_tcPr().append(self._element("w:shd", val="clear", color="auto", fill=colour))

    def _first(self, cell, number=False):
        paragraph = cell.paragraphs[0]
        self._close(paragraph, number)
        return paragraph

    def _close(self, paragraph, number=False):
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = self.shared.Pt(1)
        paragraph.paragraph_format.line_spacing = 1.12
        if number:
            paragraph.alignment = self.enum.text.WD_ALIGN_PARAGRAPH.RIGHT

    def _quiet(self, run, size=8.5):
        run.font.size = self.shared.Pt(size)
        run.font.color.rgb = self.shared.RGBColor.from_string(_QUIET)

    def _q(self, name):
        return self.oxml.ns.qn(name)

    def _element(self, name, **values):
        element = self.oxml.OxmlElement(name)
        for key, value in values.items():
            element.set(self._q(f"w:{key}"), value)
        return element
