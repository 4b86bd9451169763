"""Tables that people hand in: every encoding and format, every row back, nothing run, refusals that say what to do."""

import io
import zipfile

import polars as pl
import pytest
import xlsxwriter

from gm_map import uploads
from gm_map.columns import Columns, find_columns
from gm_map.encodings import separator_of
from gm_map.errors import InputError
from gm_map.uploads import LONGEST_TEXT, SPILLED, Limits, Problem, read_table, readable

HEADER = ["项目名称", "简介"]
ROWS = [["甲", "碳化硅外延片"], ["乙", "血制品分离，“引号”"], ["丙", ""], ["丁", "奶茶店\n加盟"]]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "字" * 10_000,
    "激\x00光\x1b[31m",
    "\u202e芯片\u202c",
    "+1+1",
    "-2+3+cmd",
    "@SUM(1)",
    "\tx",
]


def csv_text(rows, separator=","):
    return "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


def whole(source, **options):
    with read_table(source, "t", **options) as table:
        return table, pl.concat([frame for frame, _ in table.pieces], how="diagonal")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_text_in_every_encoding(encoding, separator):
    table, frame = whole(csv_text([HEADER, *ROWS], separator).encode(encoding))
    assert table.encoding == encoding
    assert table.names == tuple(HEADER)
    assert [list(row) for row in frame.iter_rows()] == ROWS


def workbook(rows, sheets=1):
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"strings_to_formulas": False})
    for _ in range(sheets - 1):
        book.add_worksheet()
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    sheet.write_formula(len(rows), 1, '=HYPERLINK("http://example.com","x")', None, "公式的值")
    book.close()
    return data.getvalue()


@pytest.mark.parametrize("sheets", [1, 3])
def test_a_workbook_gives_values_and_evaluates_nothing(sheets):
    table, frame = whole(workbook([HEADER, *ROWS], sheets))
    assert (table.format, table.names) == ("xlsx", tuple(HEADER))
    assert [list(row) for row in frame.iter_rows()] == [*ROWS, ["", "公式的值"]]


def test_parquet_keeps_its_types_and_tells_what_is_no_text():
    data = io.BytesIO()
    pl.DataFrame({"简介": ["碳化硅", None], "n": [1, 2], "list": [[1], [2]]}).write_parquet(data)
    table, frame = whole(data.getvalue())
    assert table.format == "parquet"
    assert frame["n"].dtype == pl.Int64
    assert frame["list"].to_list() == ["[1]", "[2]"]
    assert readable(frame, "简介")[1] == [None, Problem.EMPTY]
    assert readable(frame, "n")[1] == [Problem.NO_WORDS] * 2


def test_pieces_are_bounded_and_in_order(monkeypatch):
    monkeypatch.setattr(uploads, "ROWS", 7)
    text = "text\n" + "".join(f"第{number}行\n" for number in range(30))
    with read_table(text.encode()) as table:
        pieces = list(table.pieces)
    assert [frame.height for frame, _ in pieces] == [7, 7, 7, 7, 2]
    assert pl.concat([frame for frame, _ in pieces])["text"].to_list() == [f"第{number}行" for number in range(30)]
    shares = [share for _, share in pieces]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_ragged_and_blank_lines_come_back():
    _, frame = whole("\n\na,text\n1\n2,芯片,多,余\n\n3,面板\n\n\n".encode())
    assert frame["a"].to_list() == ["1", "2", "", "3"]
    texts, problems = readable(frame, "text")
    assert texts == ["", "芯片", "", "面板"]
    assert problems == [Problem.EMPTY, f"{Problem.SPILLED}: 多; 余", Problem.EMPTY, None]
    assert SPILLED in frame.columns


def test_hostile_cells_are_text_and_marked():
    _, frame = whole(csv_text([["text"], *([cell] for cell in HOSTILE)]).encode())
    assert frame["text"].to_list() == HOSTILE  # as they stood
    texts, problems = readable(frame, "text")
    assert texts[0] == HOSTILE[0]
    assert problems[1] == Problem.NO_WORDS
    assert (len(texts[3]), problems[3]) == (LONGEST_TEXT, Problem.TOO_LONG)
    assert (texts[4], problems[4]) == ("激光[31m", Problem.CONTROLS)
    assert (texts[5], problems[5]) == ("芯片", Problem.CONTROLS)
    assert len(texts) == len(problems) == len(HOSTILE)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "no row of names"),
        (b"\xff\xfe\xfa", "save it as CSV"),
        (b"a,b\n\x80\xff\xff\x81", "UTF-8 or GB18030"),
        (b"PK\x03\x04nothing", "no whole workbook"),
        (b"PAR1nothing", "no Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old workbook"),
        (b'text\n"open' + b"x" * 2000, "not closed"),
        (b"text\n" + b"x\n" * 60, "more than 50 rows"),
        (b"text\n" + b"y" * 5000, "MB"),
        (b",".join([b"c"] * 1001) + b"\n1", "columns"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data, words):
    with pytest.raises(InputError, match=words) as told:
        whole(data, limits=Limits(4000, 50, 1000))
    assert "\n" not in str(told.value)


def test_a_zip_that_is_no_workbook_is_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match="no workbook"):
        whole(data.getvalue())


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 10)
    with pytest.raises(InputError, match="unpacks to"):
        whole(workbook([HEADER]))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"), read_table(tmp_path / "no.csv"):
        pass


@pytest.mark.parametrize(
    ("names", "text", "name"),
    [
        (["id", "项目名称", "项目简介（200字以内）"], "项目简介（200字以内）", "项目名称"),
        (["企业名称", "所属行业", "经营范围", "备注"], "经营范围", "企业名称"),
        (["Company Name", "Business Summary"], "Business Summary", "Company Name"),
        (["ＮＡＭＥ", "Description "], "Description ", "ＮＡＭＥ"),
        (["id", "company", "text", "source"], "text", "company"),
        (["名称", "公司主要业务介绍"], "公司主要业务介绍", "名称"),
    ],
)
def test_columns_are_found_by_name(names, text, name):
    found = find_columns(names)
    assert (found.text, found.name, found.guessed) == (text, name, False)


def test_more_roles():
    found = find_columns(["name", "text", "行业代码", "用地(亩)", "lng", "lat"])
    assert found == Columns("text", "name", "行业代码", "用地(亩)", "lng", "lat")


def test_columns_are_found_by_their_words_and_chosen():
    sample = pl.DataFrame({"甲": ["1", "2"], "乙": ["碳化硅外延片与器件", "细胞治疗产品的研发"], "丙": ["是", "否"]})
    found = find_columns(sample.columns, sample)
    assert (found.text, found.guessed) == ("乙", True)
    assert find_columns(sample.columns, sample, text="丙") == Columns("丙")
    assert find_columns(["name", "text"], name="").name is None
    with pytest.raises(InputError, match="found 甲, 乙, 丙; name one of these"):
        find_columns(sample.columns, sample, text="丁")
    with pytest.raises(InputError, match="rename it or say which it is"):
        find_columns(["a", "b"], pl.DataFrame({"a": ["1"], "b": ["2"]}))


def test_names_of_columns_are_made_unique():
    table, _ = whole(b"a,,a,a_2,text\n1,2,3,4,5\n")
    assert table.names == ("a", "column_2", "a_2", "a_2_2", "text")


def test_a_separator_in_quotes_does_not_count():
    assert separator_of('"a,b,c";"d"') == ";"
