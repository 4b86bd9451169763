"""One check from end to end: what the command and the page are told from."""

import json

import geopandas
import pytest
import shapely
from shapely import affinity

from gm_map import datum, district
from gm_map.check import run
from gm_map.check.results import Judgement, Severity
from gm_map.cli import main
from gm_map.model import CGCS2000_GK_114, LEVEL_FILES, Level


@pytest.fixture(scope="module")
def ours():
    return district.load()


@pytest.fixture(scope="module")
def shipped(ours):
    return run.check(ours)


def written(folder, ours, change=lambda id_, shape: shape, name="layer.geojson", crs=None):
    frame = ours.frame(Level.ZONE)
    frame["geometry"] = [change(id_, shape) for id_, shape in zip(frame.index, frame.geometry, strict=True)]
    path = folder / name
    (frame.to_crs(crs) if crs else frame)[["name", "geometry"]].to_file(path)
    return path


def checked(capsys, *arguments):
    status = main(["check", *map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_shipped_map_is_clean_of_errors(shipped):
    assert not [one for one in shipped.findings if one.severity == Severity.ERROR]
    assert len(shipped.verdicts) == 30
    assert {one.judgement for one in shipped.verdicts} == {Judgement.UNDECIDED}
    assert len(shipped.claims) == 131


@pytest.mark.parametrize("name", LEVEL_FILES.values())
def test_every_shipped_file_is_clean_of_errors(ours, name):
    report = run.check(ours, district.BUILT / name)
    assert not [one for one in report.findings if one.severity == Severity.ERROR]
    assert report.count == len(
        [place for level, file in LEVEL_FILES.items() if file == name for place in ours.catalogue.at(level)]
    )


def test_all_well_is_0_and_the_keys_are_those_agreed(capsys):
    status, told = checked(capsys)
    assert status == 0
    assert {"verdicts", "claims", "findings", "crs"} <= told.keys()
    assert set(told["verdicts"][0]) >= {
        "id",
        "name",
        "stated_km2",
        "area_km2",
        "uncertainty_km2",
        "verdict",
        "why",
        "causes",
    }
    assert set(told["claims"][0]) >= {"citation", "predicate", "result", "value"}
    assert set(told["crs"]) >= {"detected", "how", "confidence"}


def test_a_disagreement_is_1_with_its_cause_and_a_finding(capsys, ours, tmp_path):
    def small(id_, shape):
        return affinity.scale(shape, 0.1**0.5, 0.1**0.5) if id_ == "zone-3" else shape

    status, told = checked(capsys, written(tmp_path, ours, small))
    assert status == 1
    zone = next(one for one in told["verdicts"] if one["id"] == "zone-3")
    assert zone["verdict"] == "disagrees"
    assert {"cause", "explains_km2", "residual_km2"} <= zone["causes"][0].keys()
    assert abs(zone["causes"][0]["residual_km2"]) < 0.1
    finding = next(one for one in told["findings"] if one["code"] == "AREA_DISAGREES")
    assert {"code", "severity", "object", "message", "lon", "lat"} <= finding.keys()
    assert finding["severity"] == "error"


def test_what_cannot_be_read_is_2_with_a_sentence(capsys, tmp_path):
    path = tmp_path / "nothing.gpkg"
    path.write_bytes(b"%PDF-1.7")
    assert main(["check", str(path), "--json"]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert "nothing.gpkg" in told
    assert "Traceback" not in told


def test_metres_are_read_as_what_they_are(capsys, ours, tmp_path):
    _, told = checked(capsys, written(tmp_path, ours, name="layer.gpkg", crs=CGCS2000_GK_114))
    assert told["crs"]["detected"] == CGCS2000_GK_114
    assert all(
        one["area_km2"] == pytest.approx(ours.area_km2(one["id"]), rel=1e-6)
        for one in told["verdicts"]
        if one["level"] == "zone"
    )


def shifted(target):
    def change(_, shape):
        return shapely.transform(shape, lambda x, y: datum.convert(x, y, "wgs84", target), interleaved=False)

    return change


@pytest.mark.parametrize("target", ["gcj02", "bd09"])
def test_a_shift_is_found_out_and_taken_back_only_when_asked(capsys, ours, tmp_path, target):
    path = written(tmp_path, ours, shifted(target))
    status, told = checked(capsys, path)
    assert status == 1
    assert told["datum"]["detected"] == target
    assert "DATUM_SHIFT" in {one["code"] for one in told["findings"]}
    zone = next(one for one in told["verdicts"] if one["id"] == "zone-1")
    assert zone["area_km2"] != pytest.approx(ours.area_km2("zone-1"), rel=1e-6)
    _, back = checked(capsys, path, "--datum", target)
    assert back["datum"]["detected"] == "wgs84"
    assert "DATUM_SHIFT" not in {one["code"] for one in back["findings"]}


def test_a_person_says_which_place_a_feature_is(capsys, ours, tmp_path):
    path = written(tmp_path, ours)
    _, told = checked(capsys, path, "--is", "1=", "--is", "2=zone-3")
    assert [one["place"] for one in told["identities"]] == [None, "zone-3", "zone-3"]
    assert main(["check", str(path), "--is", "1=nowhere"]) == 2


def test_the_reports_are_written_and_the_file_stays(capsys, ours, tmp_path):
    path = written(tmp_path, ours, name="zones.gpkg")
    before = path.read_bytes()
    names = [tmp_path / f"report.{kind}" for kind in ("html", "docx", "xlsx", "geojson", "gpkg")]
    assert main(["check", str(path), *(word for name in names for word in ("--report", str(name)))]) in (0, 1)
    assert all(name.stat().st_size > 20 for name in names)
    assert path.read_bytes() == before
    assert main(["check", str(path), "--report", "report.pdf"]) == 2


def test_mending_writes_a_new_file_and_never_over_another(capsys, ours, tmp_path):
    def twice(id_, shape):
        if id_ != "zone-1":
            return shape
        xy = shapely.get_coordinates(shape.exterior).tolist()
        return shapely.Polygon([*xy[:3], xy[2], *xy[3:]])

    path = written(tmp_path, ours, twice)
    _, told = checked(capsys, path)
    assert "DUPLICATE_VERTEX" in {one["code"] for one in told["findings"]}
    target = tmp_path / "mended.geojson"
    main(["check", str(path), "--fix", str(target)])
    capsys.readouterr()
    _, told = checked(capsys, target)
    assert "DUPLICATE_VERTEX" not in {one["code"] for one in told["findings"]}
    assert main(["check", str(path), "--fix", str(target)]) == 2


def test_two_versions_are_compared(ours, tmp_path):
    old = written(
        tmp_path, ours, lambda id_, shape: affinity.translate(shape, 0.001, 0.0) if id_ == "zone-1" else shape
    )
    new = written(tmp_path, ours, name="new.geojson")
    report = run.check(ours, new, against=old)
    assert [one.place_id for one in report.comparison.changed if one.place_id.startswith("zone")] == ["zone-1"]
    assert report.options == {"against": "layer.geojson"}


def test_what_is_written_reads_back_as_a_table_of_points(ours, tmp_path, capsys):
    path = written(
        tmp_path, ours, lambda id_, shape: affinity.translate(shape, 0.05, 0.0) if id_ == "zone-1" else shape
    )
    target = tmp_path / "findings.gpkg"
    main(["check", str(path), "--report", str(target)])
    capsys.readouterr()
    found = geopandas.read_file(target, layer="findings")
    assert len(found) >= 1
    assert {"code", "severity"} <= set(found.columns)
