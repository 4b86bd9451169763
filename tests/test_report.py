"""The report of a check: what it says, that all three formats say it, and that no text of a file does anything."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

import redrawn
from gm_map import district
from gm_map.check import run
from gm_map.check.codes import CODES
from gm_map.check.results import Judgement, Outcome
from gm_map.messages import Messages
from layers import report, report_docx, report_drawing, report_html, report_maps, report_xlsx
from layers.report import Heading, Line, Picture, Signatures, Table

T = {language: Messages(language) for language in ("zh", "en")}
DATE = "2026-11-24"


class Page(HTMLParser):
    """Tags, text and everything that could ask for something."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.asks = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        asking = ("src", "href", "xlink:href", "action")
        self.asks += [value for name, value in attrs if name in asking or name.startswith("on")]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def here():
    return district.load()


@pytest.fixture(scope="module")
def checked(here):
    return redrawn.checked(here)


@pytest.fixture(scope="module")
def shipped(here):
    return run.check(here)


@pytest.fixture(scope="module")
def document(here, checked):
    return report_docx.docx(checked, here, T["zh"], date=DATE)


def texts_of(pieces):
    """Every text of the report, in its order."""
    found = [pieces.title, pieces.subtitle, *(word for row in pieces.facts for word in row)]
    for block in pieces.body:
        if isinstance(block, Heading | Line):
            found.append(block.text)
        elif isinstance(block, Picture):
            found.append(block.caption)
        elif isinstance(block, Signatures):
            found += [block.title, *block.roles, block.date]
        else:
            found += [column.label for column in block.columns]
            found += [word for row in block.rows for cell in row for word in (cell.text, cell.note) if word]
    return found


def table(pieces, heading):
    """The first table below a heading."""
    at = next(n for n, block in enumerate(pieces.body) if isinstance(block, Heading) and block.text == heading)
    return next(block for block in pieces.body[at:] if isinstance(block, Table))


# ---- what it says ----


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("which", ["checked", "shipped"])
def test_all_formats_say_all_of_it(request, here, which, language):
    value, t = request.getfixturevalue(which), T[language]
    wanted = texts_of(report.pieces(value, here, t, date=DATE))
    shown = "".join(Page(report_html.html(value, here, t, date=DATE)).texts)
    made = Document(io.BytesIO(report_docx.docx(value, here, t, date=DATE)))
    written = "".join(node.text or "" for node in made.element.body.iter() if node.tag == qn("w:t"))
    for words in wanted:
        assert words in shown
        assert words in written


def test_the_summary_counts_what_the_tables_list(here, checked):
    pieces = report.pieces(checked, here, T["en"], date=DATE)
    numbers = list(map(int, re.findall(r"\d+", pieces.summary.split("Why not")[0])))
    counted = [sum(one.judgement == judgement for one in checked.verdicts) for judgement in Judgement]
    assert numbers == [30, *counted]
    fails = sum(one.outcome == Outcome.FAILS for one in checked.claims)
    assert f"{fails} do not" in pieces.summary
    assert len(table(pieces, T["en"]("report.claims")).rows) == fails
    assert len(table(pieces, T["en"]("report.claims_annex")).rows) == len(checked.claims) == 131
    assert len(table(pieces, T["en"]("report.areas")).rows) == 30


def test_every_finding_has_its_code_place_and_remedy(here, checked):
    rows = table(report.pieces(checked, here, T["zh"], date=DATE), T["zh"]("report.findings")).rows
    assert len(rows) == len(checked.findings)
    for row, one in zip(rows, checked.findings, strict=True):
        assert row[1].note.replace("\u200b", "") == one.code
        assert CODES[one.code].remedy.zh in row[3].note
        assert row[4].text == ("–" if one.lon is None else f"{one.lon:.6f}")


def test_a_disagreement_has_its_causes(here, checked):
    (one,) = [one for one in checked.verdicts if one.judgement == Judgement.DISAGREES]
    shown = table(report.pieces(checked, here, T["zh"], date=DATE), T["zh"]("report.causes"))
    assert len(shown.rows) == len(one.causes) > 1


def test_a_long_list_of_findings_is_cut_and_says_so(here, checked):
    many = replace(checked, findings=checked.findings[:1] * (report.MOST_FINDINGS + 5))
    pieces = report.pieces(many, here, T["zh"], date=DATE)
    assert len(table(pieces, T["zh"]("report.findings")).rows) == report.MOST_FINDINGS
    assert T["zh"]("report.findings_more", count=5) in texts_of(pieces)


@pytest.mark.parametrize(("unit", "zone"), [("km2", "16"), ("ha", "1,600"), ("mu", "24,000")])
def test_areas_are_in_the_unit_that_was_asked_for(here, shipped, unit, zone):
    pieces = report.pieces(shipped, here, T["zh"], unit=unit, date=DATE)
    row = next(row for row in table(pieces, T["zh"]("report.areas")).rows if row[0].text.startswith("科技创新区"))
    assert row[1].text == zone


def test_an_area_has_no_more_digits_than_are_known(here, shipped):
    rows = table(report.pieces(shipped, here, T["en"], date=DATE), T["en"]("report.areas")).rows
    uncertain = [row for row in rows if row[3].text != "–"]
    assert len(uncertain) == 30
    for row in uncertain:
        decimals = {len(text.partition(".")[2]) for text in (row[2].text, row[3].text, row[4].text)}
        assert len(decimals) == 1
        assert len(row[3].text.replace(".", "").lstrip("0")) == 2


def test_the_shipped_map_is_not_compared_with_itself(here, shipped):
    told = " ".join(texts_of(report.pieces(shipped, here, T["en"], date=DATE)))
    assert shipped.comparison is None
    assert "Compared with" not in told
    assert here.version in told
    assert T["en"]("app.indicative_help") in told


def test_an_older_file_is_named(here, checked):
    named = replace(checked, options={"against": "2019\u202e.shp"})
    assert "2019 .shp" in report.pieces(named, here, T["en"], date=DATE).summary


def test_its_title_may_be_given(here, checked):
    assert report.pieces(checked, here, T["zh"], date=DATE, title="某某\x00核对").title == "某某 核对"


@pytest.mark.parametrize(
    ("value", "unit", "margin", "told"),
    [
        (0.923, "share", 0.04, "92 ± 4 %"),
        (-3017.2, "m", None, "−3,017 m"),
        (47.21, "km2", None, "47.21 km²"),
        (61.2, "deg", 7.0, "61 ± 7°"),
        (9.0, "count", None, "9"),
        (None, "", None, "–"),
    ],
)
def test_the_number_behind_a_sentence(checked, value, unit, margin, told):
    assert report.claim_number(replace(checked.claims[0], value=value, unit=unit, margin=margin)) == told


# ---- the page ----


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_asks_for_nothing_and_runs_nothing(here, checked, language):
    text = report_html.html(checked, here, T[language], date=DATE)
    page = Page(text)
    assert page.asks == []
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    assert "default-src 'none'" in text
    assert "GM_FOOTER" not in text
    assert "GM_PAGE" not in text
    assert "counter(page)" in text
    assert not re.search(r"url\((?!#)", text)
    for raw in ("<script", "{{", "${", "\u202e", "\x00"):
        assert raw not in text
    assert page.tags.count("svg") == 2 + len(report.details(checked))


def test_patterns_of_one_picture_are_not_those_of_another(here, checked):
    ids = re.findall(r'<pattern id="([^"]+)"', report_html.html(checked, here, T["zh"], date=DATE))
    assert len(ids) == len(set(ids)) > 4


# ---- the document ----


def test_the_document_is_built_of_headings_and_tables_that_repeat(document, checked):
    made = Document(io.BytesIO(document))
    styles = [paragraph.style.name for paragraph in made.paragraphs]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") >= 8
    ruled = [grid for grid in made.tables if grid._tbl.tblPr.find(qn("w:tblBorders")) is not None]
    assert len(ruled) >= 6
    for grid in ruled:
        assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert sum(column.width.mm for column in grid.columns) == pytest.approx(174, abs=1.5)
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fields = [node.text for node in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert len(made.element.xpath(".//pic:pic")) == 2 + len(report.details(checked))
    assert all(node.get("descr") for node in made.element.xpath(".//wp:docPr"))


def test_chinese_letters_have_a_chinese_font(document):
    made = Document(io.BytesIO(document))
    for name in ("Normal", "Heading 1", "Title", "Caption"):
        fonts = made.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == report_docx._FAR_EAST
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_no_text_of_the_file_is_more_than_text_in_the_document(document):
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        told = archive.read("word/document.xml").decode()
    assert "HYPERLINK" in told
    assert "w:hyperlink" not in told
    assert not {"\u202e", "\x00", "\x1b"} & set(told)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_pages_of_it(document, tmp_path):
    (tmp_path / "report.docx").write_bytes(document)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "report.docx"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = (tmp_path / "report.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert 8 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 25


# ---- the workbook ----


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_has_every_row_and_numbers_as_numbers(here, checked, language):
    t = T[language]
    told = report_xlsx.xlsx(checked, here, t, unit="ha", date=DATE)
    sheets = pl.read_excel(io.BytesIO(told), sheet_id=0, engine="calamine")
    assert list(sheets) == [
        t(f"report.sheet_{name}")
        for name in ("verdicts", "causes", "findings", "claims", "balances", "changes", "method")
    ]
    verdicts = sheets[t("report.sheet_verdicts")]
    assert len(verdicts) == 30
    area = next(one.area_km2 for one in checked.verdicts if one.place_id == "zone-1")
    row = verdicts.row(verdicts[:, 0].to_list().index("zone-1"))
    assert row[3:5] == pytest.approx((1600.0, area * 100))
    findings = sheets[t("report.sheet_findings")]
    assert len(findings) == len(checked.findings)
    lons = [one.lon for one in checked.findings if one.lon is not None]
    assert findings[:, 7].drop_nulls().to_list() == pytest.approx(lons)
    assert len(sheets[t("report.sheet_claims")]) == 131
    assert len(sheets[t("report.sheet_changes")]) == len(checked.comparison.places)


def test_the_workbook_holds_no_formula_and_no_link(here, checked):
    with zipfile.ZipFile(io.BytesIO(report_xlsx.xlsx(checked, here, T["zh"], date=DATE))) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert len([name for name in names if name.endswith(".xml")]) == 7
        assert not [name for name in names if "_rels" in name]
        for name in names:
            sheet = archive.read(name).decode()
            assert "<f>" not in sheet
            assert "<hyperlink" not in sheet
            assert 'state="frozen"' in sheet
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert "'=HYPERLINK" in strings
    assert not re.search(r"<t[^>]*>[=@+]", strings)


# ---- the pictures ----


def test_a_scene_is_the_same_picture_twice(here, checked):
    for name, number in (("overview", 0), ("changes", 0), ("detail", report.details(checked)[0])):
        scene = report_maps.scene(checked, here, T["zh"], name, number)
        told = report_drawing.png(scene, 500)
        assert told == report_drawing.png(report_maps.scene(checked, here, T["zh"], name, number), 500)
        image = Image.open(io.BytesIO(told))
        assert image.width == 500
        assert image.height == pytest.approx(500 * scene.height / scene.width, abs=1)
        assert len(image.getcolors(10_000_000)) > 20
        assert report_drawing.svg(scene, "x").startswith("<svg")


def test_every_finding_is_in_a_dot(here, checked):
    scene = report_maps.scene(checked, here, T["zh"], "overview")
    legend = 3  # severities, each with a dot of its own
    dots = [item.text for item in scene.items if isinstance(item, report_drawing.Dot)]
    held = sum(1 + int(text.partition("+")[2] or 0) for text in dots) - legend
    assert held == sum(one.lon is not None for one in checked.findings)


def test_a_far_finding_does_not_shrink_the_map(here, checked):
    far = replace(checked, findings=(replace(checked.findings[0], lon=0.0, lat=0.0), *checked.findings))
    one, other = (report_maps.scene(value, here, T["zh"], "overview") for value in (far, checked))
    assert (one.width, one.height) == (other.width, other.height)


def test_a_report_of_nothing_is_still_a_report(here, checked):
    drawing = replace(checked.drawing, shapes={}, uncertainty_m={}, uncertainty_km2={})
    empty = replace(checked, geometries=checked.geometries[:0], identities=(), findings=(), drawing=drawing, count=0)
    empty = replace(empty, balances=(), comparison=None, claims=())
    for language in ("zh", "en"):
        assert report_html.html(empty, here, T[language], date=DATE)
        assert report_docx.docx(empty, here, T[language], date=DATE)
        assert report_xlsx.xlsx(empty, here, T[language], date=DATE)
