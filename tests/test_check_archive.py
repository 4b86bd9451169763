"""ZIPs: bombs, paths that lead out, links, locks; all refused by a sentence, nothing unpacked beside the folder."""

import stat
import struct
import zipfile

import pytest

from gm_map.check import archive
from gm_map.check.refusal import Refused

MB = 1 << 20
WANTED = "GeoJSON"


def unpack(path, tmp_path, limit=20 * MB):
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    return archive.unpack(path, path.name, folder, limit, WANTED)


def packed(path, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as packing:
        for name, data in entries:
            packing.writestr(name, data)
    return path


def refusal(path, tmp_path, **options):
    with pytest.raises(Refused) as told:
        unpack(path, tmp_path, **options)
    assert str(told.value).startswith(path.name), "the sentence names the file"
    assert "; " in str(told.value), "and says what to do"
    assert told.value.facts["file"] == path.name
    return told.value


@pytest.mark.parametrize(
    "name",
    [
        "../a.geojson",
        "x/../../a.geojson",
        "/etc/a.geojson",
        "C:\\a.geojson",
        "c:a.geojson",
        "..\\a.geojson",
        "\\\\h\\a.shp",
    ],
)
def test_a_path_that_leads_out_is_refused_and_nothing_is_written(tmp_path, name):
    told = refusal(packed(tmp_path / "a.zip", [("good.geojson", "{}"), (name, "{}")]), tmp_path)
    assert told.key == "zip_path"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip", "work"]


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(packed(tmp_path / "a.zip", [(link, "/etc/passwd")]), tmp_path).key == "zip_link"


def test_a_device_is_refused(tmp_path):
    device = zipfile.ZipInfo("a.geojson")
    device.external_attr = (stat.S_IFCHR | 0o666) << 16
    assert refusal(packed(tmp_path / "a.zip", [(device, "")]), tmp_path).key == "zip_link"


def test_a_locked_one_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", [("a.geojson", "{}")])
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refusal(path, tmp_path).key == "zip_encrypted"


def test_a_size_that_is_declared_is_refused_before_it_is_unpacked(tmp_path):
    path = packed(tmp_path / "a.zip", [(f"{n}.geojson", b"0123456789" * 100_000) for n in range(30)])
    told = refusal(path, tmp_path)
    assert (told.key, told.facts["limit"]) == ("zip_bomb", 20)
    assert list((tmp_path / "work").iterdir()) == []


def test_a_ratio_that_is_declared_is_refused(tmp_path):
    assert refusal(packed(tmp_path / "a.zip", [("a.geojson", bytes(5 * MB))]), tmp_path).key == "zip_ratio"


@pytest.mark.parametrize(("limit", "key"), [(2 * MB, "zip_bomb"), (50 * MB, "zip_ratio"), (5 * MB, "zip_bomb")])
def test_a_size_that_is_a_lie_is_counted_while_unpacking(tmp_path, limit, key):
    data = (
        bytes(30 * MB)
        if key == "zip_ratio"
        else b"".join(struct.pack("<I", n * 2654435761 % 2**32) for n in range(MB * 2))
    )
    path = packed(tmp_path / "a.zip", [("a.geojson", data)])
    lying = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = lying.rindex(mark) + at
        lying[place : place + 4] = struct.pack("<I", 1000)
    path.write_bytes(lying)
    with pytest.raises(Refused) as told:
        unpack(path, tmp_path, limit)
    # Python's own reader stops at the size that is declared; either way no more than the limit is on disk.
    assert told.value.key in (key, "zip_broken")
    assert sum(p.stat().st_size for p in (tmp_path / "work").rglob("*") if p.is_file()) <= limit


def test_many_entries_are_refused_before_the_list_is_loaded(tmp_path):
    path = packed(tmp_path / "a.zip", [(f"{n}.txt", "") for n in range(archive.MOST_ENTRIES + 1)])
    told = refusal(path, tmp_path)
    assert (told.key, told.facts["found"]) == ("zip_entries", archive.MOST_ENTRIES + 1)


def test_as_many_entries_as_are_allowed_are_read(tmp_path):
    many = [(f"{n}.txt", "") for n in range(archive.MOST_ENTRIES - 1)]
    (member,) = unpack(packed(tmp_path / "a.zip", [("a.geojson", "{}"), *many]), tmp_path)
    assert member.path.read_bytes() == b"{}"


def test_archives_inside_are_not_opened(tmp_path):
    inner = packed(tmp_path / "in.zip", [("a.geojson", "{}")]).read_bytes()
    told = refusal(packed(tmp_path / "a.zip", [("in.zip", inner)]), tmp_path)
    assert (told.key, told.facts["entry"]) == ("zip_nested", "in.zip")


@pytest.mark.parametrize(
    ("entries", "key"),
    [
        ([("readme.txt", "x")], "zip_empty"),
        ([("a.dbf", "x"), ("a.prj", "x")], "part"),
        ([("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>")], "office"),
        ([], "zip_empty"),
    ],
)
def test_one_without_a_layer_says_what_it_is(tmp_path, entries, key):
    assert refusal(packed(tmp_path / "a.zip", entries), tmp_path).key == key


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_one_that_is_cut_off_is_refused(tmp_path, cut):
    path = packed(tmp_path / "a.zip", [("a.geojson", "{}" * 500)], zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes()[:-cut])
    assert refusal(path, tmp_path).key == "zip_broken"


def test_a_damaged_entry_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", [("a.geojson", "{}" * 500)], zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"{}{}", b"{}[]", 1))
    assert refusal(path, tmp_path).key == "zip_broken"


def test_other_ways_of_packing_are_refused(tmp_path):
    assert refusal(packed(tmp_path / "a.zip", [("a.geojson", "{}")], zipfile.ZIP_LZMA), tmp_path).key == "zip_method"


def test_parts_of_a_layer_come_under_one_stem_and_with_the_name_they_had(tmp_path):
    entries = [
        ("图/单元.SHP", "s"),
        ("图/单元.dbf", "d"),
        ("图/其他.shp", "o"),
        ("__MACOSX/._x.shp", "m"),
        (".DS_Store", ""),
    ]
    members = unpack(packed(tmp_path / "a.zip", entries), tmp_path)
    assert {one.name for one in members} == {"图/单元.SHP", "图/其他.shp"}
    ours = next(one for one in members if one.name == "图/单元.SHP")
    assert ours.path.with_suffix(".dbf").read_bytes() == b"d"
    other = next(one for one in members if one is not ours)
    assert not other.path.with_suffix(".dbf").exists()


def test_names_in_the_code_page_of_the_packer_are_read(tmp_path):
    path = packed(tmp_path / "a.zip", [("abcd.geojson", "{}")])
    path.write_bytes(path.read_bytes().replace(b"abcd", "单元".encode("gb18030")))
    assert [one.name for one in unpack(path, tmp_path)] == ["单元.geojson"]
