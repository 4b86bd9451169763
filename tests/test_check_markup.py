"""XML: entity bombs and document types are found in every encoding, and text in GB18030 is made UTF-8."""

import codecs

import pytest

from gm_map.check import markup
from gm_map.check.refusal import Refused

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE kml [<!ENTITY l0 "ha">{LAUGHS}]><kml><name>&l9;</name></kml>'
EXTERNAL = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>'
REMOTE = '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/kml.dtd"><kml/>'
PARAMETER = '<!DOCTYPE kml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><kml/>'
LATE = f"<!-- {' ' * 3_000_000} --><!DOCTYPE kml []><kml/>"


def look(tmp_path, data, name="a.kml"):
    path = tmp_path / name
    path.write_bytes(data)
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return markup.look(path, name, work)


def refusal(tmp_path, data):
    with pytest.raises(Refused) as told:
        look(tmp_path, data)
    assert str(told.value).startswith("a.kml")
    assert "; " in str(told.value)
    return told.value


@pytest.mark.parametrize("text", [BOMB, EXTERNAL, REMOTE, PARAMETER, LATE])
@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: b'<?xml version="1.0" encoding="GB2312"?>' + text.encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16", "utf-16-be mark", "utf-16-le bare", "utf-16-be bare", "utf-32", "gb2312"],
)
def test_a_document_type_is_refused_in_every_encoding(tmp_path, text, encode):
    assert refusal(tmp_path, encode(text)).key == "xml_dtd"


def test_words_that_only_look_like_one_are_not(tmp_path):
    looked = look(
        tmp_path, b"<kml><description><![CDATA[<!DOCTYPE html><!ENTITY x>]]></description><!-- <!DOCTYPE --></kml>"
    )
    assert looked.root == "kml"


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "hz", "no-such"])
def test_an_encoding_that_could_hide_one_is_refused(tmp_path, encoding):
    assert refusal(tmp_path, f'<?xml version="1.0" encoding="{encoding}"?><kml/>'.encode()).key == "encoding"


def test_bytes_that_do_not_fit_their_encoding_are_refused(tmp_path):
    assert refusal(tmp_path, b'<?xml version="1.0" encoding="gbk"?><kml>\xff\xff</kml>').key == "encoding"


@pytest.mark.parametrize(
    ("data", "line"), [(b"<kml>\n<a>\n</kml>", 3), (b"<kml>\n\xff</kml>", 2), (b"<kml>\n&x;</kml>", 2)]
)
def test_text_that_is_not_well_formed_is_refused_with_its_line(tmp_path, data, line):
    told = refusal(tmp_path, data)
    assert (told.key, told.facts["line"]) == ("xml_broken", line)


def test_elements_too_deep_inside_one_another_are_refused(tmp_path):
    assert refusal(tmp_path, b"<kml>" + b"<a>" * 1_000_000).key == "too_deep"
    fine = markup.DEEPEST - 1
    assert look(tmp_path, b"<kml>" + b"<a>" * fine + b"</a>" * fine + b"</kml>").root == "kml"


@pytest.mark.parametrize("encoding", ["gb2312", "GBK", "gb18030", "utf-8", "UTF-16"])
def test_what_is_read_afterwards_is_utf_8(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>\r\n<kml xmlns="http://www.opengis.net/kml/2.2"><name>光明</name></kml>'
    looked = look(tmp_path, text.encode(encoding))
    assert "光明" in looked.path.read_text(encoding="utf-8")
    assert (looked.root, looked.namespace) == ("kml", "http://www.opengis.net/kml/2.2")
    assert markup.look(looked.path, "a.kml", tmp_path).encoding == "utf-8", "its declaration speaks of no other"
