"""Files of outlines: every format, encoding and layer comes back as it was written."""

import json

import numpy as np
import pytest
import shapely
from outlines import KINDS, SQUARE, archived, codes, collection, feature, one, refusal, saved, shipped, write

from gm_map.check import intake, intake_json
from gm_map.check.refusal import Refused
from gm_map.model import CGCS2000_GK_114, WGS84

NOTE = '"coordinates":[1,2]'


@pytest.fixture(scope="module")
def ours():
    return shipped()


# Every format


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_comes_back_as_it_was_written(ours, tmp_path, kind):
    layer = one(saved(ours, tmp_path, kind))
    name = next(key for key in ("名称", "name") if key in layer.attributes)
    order = {said: row for row, said in enumerate(layer.attributes[name])}
    assert sorted(order) == sorted(ours["名称"])
    for said, shape in zip(ours["名称"], ours.geometry, strict=True):
        assert shapely.equals_exact(layer.geometries[order[said]].normalize(), shape.normalize(), 1e-7), said
    assert not [told for told in layer.troubles if told.code != "ENCODING_GUESSED"]
    if kind == "DXF":
        assert (layer.crs, layer.crs_from) == (None, "")
    elif kind == "SHP":
        assert layer.crs.startswith('GEOGCS["GCS_WGS_1984"')
        assert layer.crs_from == "prj"
    else:
        assert layer.crs == WGS84
        assert layer.crs_from == ("format" if kind in ("KML", "KMZ", "GeoJSONL") else "file")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("KML", "KMZ", "GeoJSONL")])
def test_metres_come_back_with_their_system(ours, tmp_path, kind):
    frame = ours.to_crs(CGCS2000_GK_114)
    layer = one(saved(frame, tmp_path, kind))
    assert np.allclose(shapely.total_bounds(layer.geometries), frame.total_bounds, atol=1e-3)
    if kind == "DXF":
        assert layer.crs is None
    elif kind == "SHP":
        assert "CGCS2000" in layer.crs
    else:
        assert layer.crs == CGCS2000_GK_114


def test_a_format_is_known_by_its_content(ours, tmp_path):
    path = saved(ours, tmp_path, "GPKG").rename(tmp_path / "a.geojson")
    assert one(path).format == "GPKG"


def test_topojson_is_read(tmp_path):
    text = {
        "type": "Topology",
        "objects": {"单元": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0]], "properties": {"名称": "甲"}}]}},
        "arcs": [SQUARE],
    }  # fmt: skip
    layer = one(write(tmp_path, "a.json", json.dumps(text, ensure_ascii=False)))
    assert (layer.format, layer.attributes["名称"]) == ("TopoJSON", ("甲",))
    assert layer.geometries[0].normalize().equals(shapely.Polygon(SQUARE))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_geojson_in_every_encoding(tmp_path, encoding):
    layer = one(write(tmp_path, "a.geojson", collection(feature([SQUARE], 名称="光明大街")).encode(encoding)))
    assert layer.attributes["名称"] == ("光明大街",)


@pytest.mark.parametrize(
    ("member", "system", "how"),
    [
        ({}, WGS84, "format"),
        ({"crs": None}, None, ""),
        ({"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, WGS84, "file"),
        ({"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{CGCS2000_GK_114.replace(':', '::')}"}}},
         CGCS2000_GK_114, "file"),
        ({"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/"}}}, None, ""),
    ],
)  # fmt: skip
def test_the_system_that_geojson_names(tmp_path, member, system, how):
    layer = one(write(tmp_path, "a.geojson", collection(feature([SQUARE]), **member)))
    assert (layer.crs, layer.crs_from) == (system, how)


def test_geojson_in_metres_without_a_word_on_it_has_no_system(tmp_path):
    metres = [[500_000 + 1e5 * (x - 113.9), 2_500_000 + 1e5 * (y - 22.7)] for x, y in SQUARE]
    layer = one(write(tmp_path, "a.geojson", collection(feature([metres]))))
    assert (layer.crs, layer.crs_from) == (None, "")


# Long rings go another way than short ones: both must tell the same


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon", "LineString", "MultiLineString", "MultiPoint"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_long_coordinates_are_read_as_short_ones_are(tmp_path, kind, dimensions):
    angles = np.linspace(0, 2 * np.pi, 200)
    circle = np.column_stack([113.9 + np.cos(angles) / 50, 22.7 + np.sin(angles) / 50, angles])[:, :dimensions].tolist()
    circle[-1] = circle[0]
    hole = [[113.9 + (x[0] - 113.9) / 2, *x[1:]] for x in circle]
    far = [[x[0] + 1, *x[1:]] for x in circle]
    nested = {
        "Polygon": [circle, hole],
        "MultiPolygon": [[circle, hole], [far]],
        "LineString": circle,
        "MultiLineString": [circle, far],
        "MultiPoint": circle,
    }[kind]
    layer = one(write(tmp_path, "a.geojson", collection(feature(nested, kind))))
    wanted = shapely.force_2d(shapely.from_geojson(json.dumps({"type": kind, "coordinates": nested})))
    assert shapely.equals_exact(layer.geometries[0], wanted, 0)


@pytest.mark.parametrize(
    "run",
    [
        *("[[1,2],[3]]", "[[[1,2],[3,4],[5,6,7]]]", "[[[1,2],3,[4,5]]]", "[[[[1,2]]]]", "[1,2]", "[[[1,2]],[3]]"),
        *(
            "[[[1,2],[3,]]]",
            "[[[1,2],[,3]]]",
            "[[[1,2],[3, ]]]",
            "[[[1,2][3,4]]]",
            "[[[1,2],[3 4,5]]]",
            "[[[1,2],[-,5]]]",
        ),
    ],
)
def test_runs_that_are_nested_otherwise_are_left_to_the_slow_way(run):
    assert intake_json._numbers(run.encode(), 3) is None


def test_a_property_called_coordinates_does_no_harm(tmp_path):
    long = [[n, n] for n in range(300)]
    path = write(
        tmp_path, "a.geojson", collection({**feature([SQUARE]), "properties": {"coordinates": long, "note": NOTE}})
    )
    layer = one(path)
    assert len(layer) == 1
    assert layer.attributes["note"] == (NOTE,)
    assert layer.attributes["coordinates"][0].startswith("[[0, 0], [1, 1], [2, 2]")


# Shapefiles


def shapefile(frame, folder, encoding, *, cpg=True, prj=True, without=()):
    home = folder / "s"
    home.mkdir()
    frame.to_file(home / "单元.shp", encoding=encoding)
    for ending, kept in ((".cpg", cpg), (".prj", prj), *((ending, False) for ending in without)):
        if not kept:
            (home / "单元").with_suffix(ending).unlink()
    return archived(folder, "单元.zip", sorted(home.iterdir()))


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
@pytest.mark.parametrize("cpg", [True, False])
@pytest.mark.parametrize("prj", [True, False])
def test_shapefiles_are_read_in_the_encoding_that_they_are_in(ours, tmp_path, encoding, cpg, prj):
    layer = one(shapefile(ours, tmp_path, encoding, cpg=cpg, prj=prj))
    assert layer.attributes["名称"] == tuple(ours["名称"])
    assert layer.attributes["面积"] == tuple(ours["面积"])
    assert layer.encoding == encoding.lower()
    assert (layer.crs is not None) is prj
    assert layer.crs_from == ("prj" if prj else "")
    assert not layer.troubles
    assert all(
        shapely.equals_exact(a.normalize(), b.normalize(), 1e-7)
        for a, b in zip(layer.geometries, ours.geometry, strict=True)
    )


@pytest.mark.parametrize("said", ["UTF-8", "ISO-8859-1"])
def test_an_encoding_that_is_named_and_does_not_fit_is_told(ours, tmp_path, said):
    home = shapefile(ours, tmp_path, "GB18030").parent / "s"
    (home / "单元.cpg").write_text(said)
    layer = one(home / "单元.shp")
    assert layer.attributes["名称"] == tuple(ours["名称"])
    assert codes(layer) == [("ENCODING_GUESSED", None)]


def test_the_encoding_that_is_named_counts_where_it_fits(ours, tmp_path):
    home = tmp_path / "b"
    home.mkdir()
    frame = ours[["geometry"]].assign(n="\u5149\u660e\u5927\u8857")
    frame.to_file(home / "a.shp", encoding="BIG5")
    layer = one(home / "a.shp")
    assert (layer.attributes["n"][0], layer.encoding) == ("\u5149\u660e\u5927\u8857", "big5")


def test_bytes_that_are_no_text_are_told_with_their_column(ours, tmp_path):
    shapefile(ours, tmp_path, "UTF-8")
    table = tmp_path / "s" / "单元.dbf"
    table.write_bytes(table.read_bytes().replace("光明大街".encode(), b"\xff" * 12))
    layer = one(table.with_suffix(".shp"))
    row = tuple(ours["名称"]).index("光明大街单元")
    assert ("TEXT_DAMAGED", row) in codes(layer)
    assert layer.troubles[-1].facts["column"] == "名称"
    assert layer.attributes["id"] == tuple(ours["id"])


@pytest.mark.parametrize("slip", ["1,,2", "1", "a,b", ",1,2", "1,2,", "1;2"])
def test_a_slip_in_the_coordinates_of_kml_is_never_read_as_a_number(tmp_path, slip):
    def mark(first):
        places = " ".join([first, *(f"{x},{y}" for x, y in SQUARE[1:-1]), first])
        ring = f"<LinearRing><coordinates>{places}</coordinates></LinearRing>"
        return f"<Placemark><Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon></Placemark>"

    layer = one(write(tmp_path, "a.kml", f"<kml>{mark(slip)}{mark('113.9,22.7')}</kml>"))
    assert layer.geometries[0] is None
    assert layer.geometries[1].equals(shapely.Polygon(SQUARE))
    assert codes(layer) == [("RING", 0)]


def test_a_slip_in_a_long_ring_breaks_the_file_and_is_never_read_as_a_number(tmp_path):
    long = [[113 + n / 1000, 22] for n in range(200)]
    path = write(
        tmp_path,
        "a.geojson",
        collection(feature([long])).replace('"features"', '\n\n"features"').replace("22]]", "\n]]"),
    )
    with pytest.raises(Refused) as told:
        intake.read(path)
    assert (told.value.key, told.value.facts["line"]) == ("json_broken", 4)


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_without_a_part_is_read_and_told(ours, tmp_path, part):
    layer = one(shapefile(ours, tmp_path, "UTF-8", without=[part]))
    assert len(layer) == len(ours)
    assert codes(layer) == [("MISSING_PART", None)]
    assert ("名称" in layer.attributes) is (part == ".shx")


def test_a_bare_shapefile_takes_its_parts_and_nothing_is_written_beside_it(ours, tmp_path):
    shapefile(ours, tmp_path, "GB18030", without=[".shx"])
    home = tmp_path / "s"
    (home / "单元.dbf").rename(home / "单元.DBF")
    before = sorted(file.name for file in home.iterdir())
    assert one(home / "单元.shp").attributes["名称"] == tuple(ours["名称"])
    assert sorted(file.name for file in home.iterdir()) == before
    assert refusal(home / "单元.DBF").key == "part"


def test_a_shapefile_that_is_cut_off_keeps_what_is_there(ours, tmp_path):
    shapefile(ours, tmp_path, "UTF-8")
    path = tmp_path / "s" / "单元.shp"
    path.write_bytes(path.read_bytes()[:-3000])
    layer = one(path)
    good = [shape for shape in layer.geometries if shape is not None]
    assert 20 < len(good) < len(ours)
    assert {code for code, _ in codes(layer)} <= {"NULL_GEOMETRY", "UNREADABLE"}
    assert codes(layer)


# Layers


def test_several_layers_come_apart_and_together(ours, tmp_path):
    path = tmp_path / "a.gpkg"
    ours[:3].to_file(path, layer="甲")
    ours[3:8].rename(columns={"名称": "名"}).to_file(path, layer="乙")
    both = intake.read(path)
    assert [(layer.name, len(layer)) for layer in both] == [("甲", 3), ("乙", 5)]
    merged = intake.merge(both)
    assert len(merged) == 8
    assert merged.attributes["layer"] == ("甲",) * 3 + ("乙",) * 5
    assert merged.attributes["名称"] == (*ours["名称"][:3], *[None] * 5)
    assert merged.attributes["名"] == (*[None] * 3, *ours["名称"][3:8])
    assert one(path, layer="乙").name == "乙"
    told = refusal(path, layer="丙")
    assert (told.key, told.facts["found"]) == ("layer", "甲, 乙")


def test_troubles_keep_their_rows_when_layers_are_put_together(tmp_path):
    open_ring = collection(feature([SQUARE]), feature([SQUARE[:-1]]))
    files = [write(tmp_path, "a.geojson", open_ring), write(tmp_path, "b.geojson", open_ring)]
    layers = intake.read(archived(tmp_path, "a.zip", files))
    assert codes(intake.merge(layers)) == [("RING", 1), ("RING", 3)]
    assert intake.merge(layers[:1]) is layers[0]


def test_layers_in_different_systems_are_not_put_together(ours, tmp_path):
    path = tmp_path / "a.gpkg"
    ours.to_file(path, layer="a")
    ours.to_crs(CGCS2000_GK_114).to_file(path, layer="b")
    with pytest.raises(Refused, match="different coordinate systems"):
        intake.merge(intake.read(path))


def test_folders_of_kml_are_layers(tmp_path):
    ring = " ".join(f"{x},{y},0" for x, y in SQUARE)
    mark = (
        "<Placemark><name>{}</name><description><![CDATA[<b>x</b>]]></description><ExtendedData>"
        "<Data name='级别'><value>2"
        "</value></Data><SchemaData><SimpleData name='编号'>7</SimpleData></SchemaData></ExtendedData><Polygon>"
        f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark>"
    )
    text = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>图</name><Folder><name>甲</name>'
        + mark.format("一") + "</Folder><Folder>" + mark.format("二") + "<name>乙</name></Folder>"
        "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink></Document></kml>"
    )  # fmt: skip
    one_layer, other = intake.read(write(tmp_path, "a.kml", text))
    assert (one_layer.name, other.name) == ("图/甲", "图/乙")
    assert {key: value[0] for key, value in one_layer.attributes.items()} == {
        "name": "一", "description": "<b>x</b>", "级别": "2", "编号": "7",
    }  # fmt: skip
    assert codes(one_layer) == [("LINK_IGNORED", None)]


# Drawings


def pairs(*them):
    return "".join(f"{code}\n{value}\n" for code, value in them)


def outline(points, closed, layer):
    head = ((0, "LWPOLYLINE"), (5, "A1"), (100, "AcDbEntity"), (8, layer), (100, "AcDbPolyline"), (90, len(points)))
    return pairs(*head, (70, closed), *[pair for x, y in points for pair in ((10, x), (20, y))])


def drawing(version="AC1015", page="ANSI_936", name="薯田埔", body=""):
    text = pairs((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version), (9, "$DWGCODEPAGE"), (3, page))
    text += pairs((0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")) + outline([(0, 0), (9, 0), (9, 9), (0, 9)], 1, "0")
    text += outline([(20, 0), (30, 0), (30, 10), (20, 10), (20, 0.01)], 0, name)
    text += outline([(40, 0), (50, 0), (50, 10)], 0, "道路")
    label = ((0, "TEXT"), (5, "A2"), (100, "AcDbEntity"), (8, "T"), (100, "AcDbText"), (10, 5), (20, 5), (40, 1))
    return text + pairs(*label, (1, name), (100, "AcDbText")) + body + pairs((0, "ENDSEC"), (0, "EOF"))


@pytest.mark.parametrize(
    ("version", "page", "encoding"),
    [("AC1015", "ANSI_936", "gb18030"), ("AC1015", "ANSI_1252", "gb18030"), ("AC1024", "ANSI_936", "utf-8")],
)
def test_closed_lines_of_drawings_are_polygons_named_by_the_text_inside(tmp_path, version, page, encoding):
    layer = one(write(tmp_path, "a.dxf", drawing(version, page).encode(encoding)))
    assert [shape.geom_type for shape in layer.geometries] == ["Polygon", "Polygon", "LineString"]
    assert layer.attributes["name"] == ("薯田埔", "薯田埔", "道路")
    assert layer.attributes["Text"] == ("薯田埔", None, None)
    assert [told for told in codes(layer) if told[1] is not None] == [("RING", 1), ("WRONG_TYPE", 2)]
    assert layer.troubles[-2].facts["why"] == "unclosed"
    assert layer.crs is None
