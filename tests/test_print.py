"""Sheets of paper: what stands on them, that no name lies on another, that a scale is a scale, that text stays text."""

import doctest
import itertools
import math
import re
import struct
import subprocess
import zlib
from xml.etree import ElementTree

import pytest

from gm_map import district, measure
from gm_map.errors import InputError
from gm_map.exchange import paper
from gm_map.messages import LANGUAGES, Messages
from gm_map.model import Level
from layers import print as sheets
from layers import print_labels, print_map, print_type, style

SHEETS = [(p, o, lang) for p in sheets.PAPERS for o in sheets.ORIENTATIONS for lang in LANGUAGES]
DAY = "2026-11-24"


@pytest.fixture(scope="module")
def ours():
    """The shipped district."""
    return district.load()


def printed(*command):
    """What a program of Poppler prints: it reads PDF as a reader's own program does."""
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def texts(value):
    """Every text of a value that goes to the template, drawings aside."""
    if isinstance(value, dict):
        return [text for key, part in value.items() if key != "svg" for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(("size", "orientation", "language"), SHEETS)
def test_a_sheet_says_what_a_map_must(ours, size, orientation, language):
    t = Messages(language)
    made = sheets.sheet(ours, t, paper=size, orientation=orientation, date=DAY, approval="粤S（2026）012号")
    told = "\n".join(texts(made.data))
    for wanted in (
        DAY,
        ours.version,
        "OpenStreetMap contributors",
        "ODbL",
        "粤S（2026）012号",
        t("print.indicative_long"),
    ):
        assert wanted in told
    written = "".join(label["text"] for label in made.data["map"]["labels"]).replace(" ", "")
    for unit in ours.catalogue.at(Level.UNIT):
        assert unit.short.of(language).replace(" ", "").replace("\u2019", "'") in written
    for cluster in ours.catalogue.at(Level.CLUSTER):
        assert cluster.name.of(language) in told
    assert not made.lacking
    assert made.data["map"]["mark"] == t("print.indicative")


@pytest.mark.parametrize(("size", "orientation", "language"), SHEETS)
def test_no_name_lies_on_another_or_off_the_map(ours, size, orientation, language):
    width, _, margin, k = sheets.PAPERS[size]
    square = width - 2 * margin
    drawing = print_map.draw(ours, Messages(language), square, square, size=k)
    boxes = []
    for label in drawing.labels:
        if label.angle:
            continue
        across, down = label.extent()
        x, y = label.at
        boxes.append((x - across / 2, y - down / 2, x + across / 2, y + down / 2))
    for one, other in itertools.combinations(boxes, 2):
        assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])
    assert all(box[0] > 0 and box[1] > 0 and box[2] < square and box[3] < square for box in boxes)


@pytest.mark.parametrize("size", sheets.PAPERS)
def test_the_scale_is_true(ours, size):
    """Two points a known way apart on the ellipsoid stand so far apart on paper as 1:N says."""
    width, _, margin, k = sheets.PAPERS[size]
    drawing = print_map.draw(ours, Messages("zh"), width - 2 * margin, width - 2 * margin, size=k)
    along = [at for side, at, _ in drawing.ticks if side == "bottom"]
    latitude = ours.bounds[1]
    metres = measure.distance_m(113.9, latitude, 113.95, latitude)  # three minutes
    assert (along[1] - along[0]) / 1000 * drawing.denominator == pytest.approx(metres, rel=1e-3)
    assert drawing.denominator % print_map.STEPS == 0
    length, marks = print_map.scale_bar(drawing.denominator, 40)
    assert length / 1e6 * drawing.denominator == pytest.approx(float(marks[-1][1]))


def test_a_pdf_has_its_text_its_type_and_its_name(ours, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(sheets.pdf(ours, Messages("zh"), date=DAY, paper="A3", title="选址参考图"))
    text = printed("pdftotext", path, "-")
    for wanted in (
        "选址参考图",
        "薯田埔",
        "光明城站",
        "高端科技创新平台集群",
        "1:65 000",
        "东莞市",
        "宝安区",
        "龙华区",
    ):
        assert wanted in text.replace("\N{THIN SPACE}", " ")
    fonts = printed("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all("GMSansSC" in line and re.search(r"yes +yes +yes", line) for line in fonts)
    about = printed("pdfinfo", "-meta", path) + printed("pdfinfo", path)
    assert "<pdfaid:part>2<" in about
    assert "选址参考图" in about


def test_the_pictures(ours):
    t = Messages("en")
    png = sheets.png(ours, t, dpi=300, date=DAY)
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert abs(width - 297 / 25.4 * 300) <= 1
    assert abs(height - 210 / 25.4 * 300) <= 1
    svg = ElementTree.fromstring(sheets.svg(ours, t, date=DAY, title="<script>&\x00</script>"))
    assert svg.get("role") == "img"
    assert svg[0].text == "<script>& </script>"


@pytest.mark.parametrize("kind", ["pdf", "png", "svg"])
def test_the_same_state_gives_the_same_file(ours, kind):
    made = sheets.sheet(ours, Messages("zh"))
    assert sheets.typeset(made, kind, 50) == sheets.typeset(made, kind, 50)


HOSTILE = '#panic("x") [*粗*] \\u{41} $x$ `a` </svg> ' + "A" * 90


@pytest.mark.parametrize("orientation", sheets.ORIENTATIONS)
def test_what_a_person_typed_is_never_markup(ours, orientation, tmp_path):
    fields = dict.fromkeys(("title", "filter_words", "approval"), HOSTILE)
    link = "https://example.org/?" + "&".join(f"f={number}" for number in range(60))
    made = sheets.sheet(ours, Messages("zh"), orientation=orientation, date=DAY, link=link, **fields)
    assert made.data["title"] == print_type.spelled(HOSTILE, 120)
    pdf = sheets.typeset(made, "pdf")
    assert len(re.findall(rb"/Type */Page\b", b"".join(streams(pdf)) + pdf)) == 1
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)
    assert '#panic("x") [*粗*]' in printed("pdftotext", path, "-")


def streams(pdf):
    """The streams of a PDF that unpack, page objects among them."""
    for data in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(data)
        except zlib.error:
            continue


def test_a_character_that_the_typeface_lacks_is_named(ours):
    made = sheets.sheet(ours, Messages("zh"), title="H₂ \U0001f600")
    assert made.data["title"] == "H[U+2082] [U+1F600]"
    assert made.lacking == "₂\U0001f600"


def test_names_of_the_data_are_all_in_the_typeface(ours):
    for mark in paper.ground(ours).marks:
        assert not print_type.lacking(mark.name.zh + print_type.narrow(mark.name.en))
    for place in ours.catalogue.places.values():
        assert not print_type.lacking(place.name.zh + place.name.en + place.short.zh + place.short.en)


def test_a_filter_leaves_the_others_pale_and_named(ours):
    t = Messages("zh")
    lit = {"unit-17", "cluster-5"}
    made = sheets.sheet(ours, t, lit=lit, filter_words="新材料", selected="unit-17")
    rows = {row["name"]: row["text"] for row in made.data["rows"]}
    assert rows[t("print.filter")] == "新材料"
    assert rows[t("print.selected")] == "薯田埔产业单元"
    keys = [item["text"] for item in made.data["legend"]["lines"]]
    assert keys[:2] == [t("print.legend_dim"), t("print.legend_chosen")]
    assert rows[t("print.approval")] == t("print.approval_none")
    looks = {label["text"]: label["bold"] for label in made.data["map"]["labels"]}
    assert looks["薯田埔"]
    assert not looks["白花"]
    assert made.data["map"]["svg"].count(f'fill="{style.PALE["fill"]}"') == 20


def test_what_there_is_not(ours):
    t = Messages("zh")
    for wrong in ({"paper": "A5"}, {"orientation": "up"}, {"date": "heute"}, {"date": "2026-02-30"}):
        with pytest.raises(InputError):
            sheets.sheet(ours, t, **wrong)
    with pytest.raises(ValueError, match="base"):
        sheets.sheet(ours, t, base="tiles")
    with pytest.raises(KeyError):
        sheets.sheet(ours, t, selected="unit-99")


def test_a_name_without_room_gets_a_leader():
    board = print_labels.Board(100, 100)
    look = print_labels.Look(4, "#000000")
    place = [[[(40, 40), (60, 40), (60, 60), (40, 60), (40, 40)]]]
    first = board.within("一二三", (50, 50), place, look)
    assert first.at == (50, 50)
    board.taken.append((38, 38, 62, 62))
    assert board.within("四五六", (50, 50), place, look) is None
    second = board.beside("四五六", (50, 50), place, look)
    (x, y), end = second.leader
    assert end == (50, 50)
    assert math.dist(second.at, end) < 40
    assert not print_labels.inside((x, y), place)


def test_the_examples_in_the_descriptions_come_out():
    assert doctest.testmod(print_type).failed == 0
