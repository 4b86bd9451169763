"""The process that reads: what it may use, what it gives back, and what is said where it dies."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from types import MappingProxyType

import numpy as np
import pytest
import shapely

from gm_map.check import intake, intake_parcel, warden
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer, Trouble

SQUARE = shapely.box(113.9, 22.7, 113.91, 22.71)
HAS_LIMITS = importlib.util.find_spec("resource") is not None and sys.platform == "linux"
MB = 1 << 20


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module of the test's own, run as the child is; the folder that the warden makes lies in the test's."""
    home = tmp_path / "code"
    home.mkdir()
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    monkeypatch.setattr("tempfile.tempdir", str(room))
    surroundings = warden._surroundings

    def with_ours(work):
        found = surroundings(work)
        return found | {"PYTHONPATH": os.pathsep.join([found["PYTHONPATH"], str(home)])}

    monkeypatch.setattr(warden, "_surroundings", with_ours)

    def run(code, memory=2000 * MB, seconds=60.0):
        (home / "the_child.py").write_text(
            "import json, os, sys\nfrom pathlib import Path\nfrom gm_map.check import warden\n"
            "folder = Path(sys.argv[1])\norder = json.loads((folder / warden.ORDER).read_text())\n"
            f"warden.lock(order['memory'], order['seconds'])\n{code}\n"
        )
        try:
            return warden.guarded("the_child", {}, "甲.kml", memory, seconds)
        finally:
            assert list(room.iterdir()) == [], "the folder goes away"

    return run


def told(run, *arguments, **options):
    with pytest.raises(Refused) as refused:
        run(*arguments, **options)
    assert "甲.kml" in str(refused.value)
    return refused.value


def test_a_process_that_dies_is_a_sentence(module):
    assert told(module, "os.abort()").key == "crashed"
    assert told(module, "raise KeyError").key == "crashed"
    assert told(module, "sys.exit(0)").key == "crashed", "no answer is none"
    assert told(module, "import ctypes; ctypes.string_at(0)").key == "crashed"


def test_a_process_that_is_killed_had_too_little_memory(module):
    refused = told(module, "os.kill(os.getpid(), 9)", memory=1500 * MB)
    assert (refused.key, refused.facts["limit"]) == ("heavy", 1500)


def test_a_process_that_does_not_end_is_stopped(module):
    began = time.monotonic()
    refused = told(module, "import time; time.sleep(600)", seconds=3)
    assert (refused.key, refused.facts["limit"]) == ("slow", 3)
    assert time.monotonic() - began < 60


@pytest.mark.skipif(not HAS_LIMITS, reason="this system holds no process to its memory")
def test_a_process_gets_no_more_memory_than_it_may(module):
    code = (
        "try:\n    x = bytearray(1_000 << 20)\nexcept MemoryError:\n"
        "    told = {'refused': 'heavy', 'facts': {'file': '甲.kml', 'limit': 7}}\n"
        "    (folder / warden.ANSWER).write_text(json.dumps(told))"
    )
    assert told(module, code, memory=400 * MB).key == "heavy"
    assert told(module, code, memory=3000 * MB).key == "crashed", "with enough of it the same code does not refuse"


def test_what_a_process_says_is_not_run(module, tmp_path):
    mark = tmp_path / "run"
    evil = f"import pickle, numpy\nclass Evil:\n    def __reduce__(self):\n        return os.mkdir, ({str(mark)!r},)\n"
    evil += "numpy.save(folder / 'ends.npy', numpy.array([Evil()], dtype=object), allow_pickle=True)\n"
    evil += "(folder / 'layers.json').write_text('[]')\n(folder / 'shapes.bin').write_bytes(b'')\n"
    evil += "(folder / warden.ANSWER).write_text(json.dumps({'done': True}))"
    assert told(module, evil).key == "crashed"
    assert not mark.exists()


def test_a_process_knows_nothing_of_ours_and_no_way_out(module, monkeypatch):
    monkeypatch.setenv("GM_MAP_SECRET", "s")
    code = (
        "bad = 'GM_MAP_SECRET' in os.environ or not os.environ['https_proxy'].endswith('127.0.0.1:9')\n"
        "import pyogrio\nbad |= bool({'OGR_VRT', 'HTTP', 'WFS', 'OAPIF'} & set(pyogrio.list_drivers()))\n"
        "bad |= not {'GPKG', 'GML', 'DXF', 'ESRI Shapefile', 'FlatGeobuf', 'TopoJSON'} <= set(pyogrio.list_drivers())\n"
        "facts = {'file': '甲.kml'}\n"
        "(folder / warden.ANSWER).write_text(json.dumps({'refused': 'empty' if bad else 'no_layer', 'facts': facts}))"
    )
    assert told(module, code).key == "no_layer"


def test_layers_come_through_as_they_were(tmp_path):
    shapes = np.array(
        [SQUARE, None, shapely.Polygon(), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], dtype=object
    )
    attributes = MappingProxyType({"名称": ("甲", None, "=1+1", "<b>"), "n": (1, 2.5, True, None)})
    troubles = (Trouble("RING", 1, {"why": "unclosed", "x": 1.5, "y": None}),)
    first = Layer("单元", "GPKG", shapes, attributes, "WKT", "file", "utf-8", troubles)
    second = Layer("乙", "KML", shapes[:1], MappingProxyType({}), None, "", "gb18030")
    intake_parcel.pack((first, second), tmp_path)
    found = intake_parcel.unpack(tmp_path)
    for one, other in zip(found, (first, second), strict=True):
        assert shapely.equals_exact(one.geometries[:1], other.geometries[:1], 0).all()
        assert [shape and shape.wkt for shape in one.geometries] == [
            shape and shape.wkt for shape in shapes[: len(one)]
        ]
        for field in ("name", "format", "attributes", "crs", "crs_from", "encoding", "troubles"):
            assert getattr(one, field) == getattr(other, field)


def test_the_guarded_reader_gives_what_the_reader_gives(tmp_path):
    path = tmp_path / "甲.geojson"
    ring = [list(point) for point in SQUARE.exterior.coords]
    features = [
        {"type": "Feature", "properties": {"名称": "a\u202e"}, "geometry": {"type": "Polygon", "coordinates": [ring]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring[:-1]]}},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    (one,), (other,) = intake.guarded(path), intake.read(path)
    assert shapely.equals_exact(one.geometries, other.geometries, 0).all()
    assert (one.attributes, one.troubles, one.crs) == (other.attributes, other.troubles, other.crs)
    assert {told.code for told in one.troubles} == {"RING", "CONTROL_CHARACTERS"}


def test_the_guarded_reader_refuses_as_the_reader_does(tmp_path):
    path = tmp_path / "f.bin"
    path.write_bytes(b"{" * 200_000)
    with pytest.raises(Refused) as refused:
        intake.guarded(path, name="乙.geojson")
    assert refused.value.facts["file"] == "乙.geojson"
    assert refused.value.key in ("too_deep", "json_broken")


@pytest.mark.skipif(not HAS_LIMITS, reason="this system holds no process to its memory")
def test_a_file_that_needs_too_much_is_refused_with_the_limit(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"FeatureCollection","features":[' + "[]," * 8_000_000 + "[]]}")
    limits = intake.Limits(200 * MB, memory=600 * MB)
    with pytest.raises(Refused) as refused:
        intake.guarded(path, limits=limits)
    assert (refused.value.key, refused.value.facts["limit"]) == ("heavy", 600)


def test_the_child_is_not_for_people(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gm_map.check.intake_child", str(tmp_path)],
        capture_output=True,
        cwd=warden.ROOT,
        check=False,
    )
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []
