"""The one-page note: the same facts as on the screen, any text survives, and the files are whole."""

import io
import zipfile
from html.parser import HTMLParser

import pytest
from docx import Document

from gm_map import district, match, needs
from gm_map.messages import Messages
from gm_map.reader.evidence import evidence, origins
from gm_map.reader.reader import reader
from layers import note, proof
from layers.reading import told

SIC = "8英寸碳化硅外延片项目，拟上PVT长晶炉40台，需洁净厂房6000平方米、双回路供电，用地约15亩，靠近高铁站。"
NOWHERE = "为新材料企业提供盒饭配送的中央厨房，日供餐2万份，冷链车20台。"
PROBES = [
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "</style><script>alert(1)</script>",
    "\x00\x1b\ud800 x",
]


class Outline(HTMLParser):
    """Tags, text and everything that could ask for something."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.asks = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.asks += [
            value for name, value in attrs if name in ("src", "href", "xlink:href", "action") or name[:2] == "on"
        ]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def here():
    return district.load()


@pytest.fixture(scope="module")
def make(here):
    """A function: the note of a text, with what it was made of."""
    ours = reader()
    known = origins(ours.folded)

    def made(text, language="zh"):
        t = Messages(language)
        read = ours.read(text)
        answer = told(read, here.catalogue, evidence(read.readings[0], ours.folded, known), ours.weights.limits, t)
        found = match.rank(here, read.readings, needs.extract(text), status=read.status)
        place = proof.default(found)
        return note.note(here, read, answer, found, place, "w", t, "r"), (here, found, place, t)

    return made


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", [SIC, NOWHERE], ids=["match", "none"])
def test_both_files_say_what_the_note_says(make, text, language):
    page, made = make(text, language)
    outline = Outline(note.html(page, *made))
    shown = "".join(outline.texts)
    document = Document(io.BytesIO(note.docx(page, *made)))
    written = "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
    wanted = [page.title, page.mark, page.given, *page.reading, page.answer, *page.answer_lines, *page.foot]
    wanted += [words for check in page.checks for words in check]
    wanted += [words for part in page.parts for words in part]
    for words in wanted:
        assert words in shown
        assert words in written
        assert words in note.text(page, made[-1])
    assert outline.asks == []
    assert "script" not in outline.tags
    assert len(document.inline_shapes) == 1


def test_the_parts_on_the_page_add_up(make):
    page, _ = make(SIC)
    assert sum(round(float(value) * 100) for _, value, _ in page.parts) == round(float(page.total[1]) * 100)


def test_it_names_its_versions_and_that_lines_are_indicative(make):
    page, (here, *_) = make(SIC)
    assert here.version in page.foot[0]
    assert "示意" in page.foot[1]
    assert page.mark == "示意界线"


@pytest.mark.parametrize("probe", PROBES)
def test_any_text_is_text(make, probe):
    page, made = make(f"碳化硅外延 {probe}")
    outline = Outline(note.html(page, *made))
    assert outline.asks == []
    assert not {"img", "script"} & set(outline.tags)
    assert page.given in "".join(outline.texts)
    with zipfile.ZipFile(io.BytesIO(note.docx(page, *made))) as archive:
        assert archive.testzip() is None
    note.text(page, made[-1]).encode()


def test_a_long_text_is_cut_with_a_sign(make):
    page, _ = make("碳化硅外延片项目，" * 200)
    assert len(page.given) == note.LONGEST_TEXT + 1
    assert page.given.endswith("…")
