"""Versions of the data: what is on record, what differs between two, and what a filter showed with an older one."""

import copy
import json

import pytest

from gm_map import catalogue, district, history
from gm_map.model import Rank


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


def test_the_present_version_is_the_newest_on_record(here):
    newest = history.versions()[0]
    assert newest.version == here.version
    assert newest.text.zh
    assert newest.text.en
    assert json.loads(json.dumps(history.snapshot(here))) == history.snapshots(here.version)


def test_versions_come_newest_first_each_once_with_both_languages():
    versions = history.versions()
    assert [one.date for one in versions] == sorted((one.date for one in versions), reverse=True)
    assert len({one.version for one in versions}) == len(versions)
    assert all(one.text.zh and one.text.en for one in versions)


def test_a_link_names_a_version_by_its_beginning(here):
    assert history.version_of(here.version[: history.LINKED]).version == here.version
    assert history.version_of(here.version).version == here.version
    for nobody in ("000000", here.version[:3], "", "../../x", here.version + "0" * 9):
        assert history.version_of(nobody) is None


def test_keeping_writes_the_same_bytes(here, tmp_path):
    first = history.write(here, tmp_path / "one").read_bytes()
    assert history.write(here, tmp_path / "two").read_bytes() == first
    assert history.snapshots("0" * 12, tmp_path / "one") is None


def test_nothing_differs_from_itself(here):
    assert not history.changes(here, history.snapshot(here))


def test_what_differs_is_named(here):
    kept = copy.deepcopy(history.snapshot(here))
    kept["areas_km2"]["unit-17"] += 0.25
    kept["areas_km2"]["unit-99"] = 1.0
    del kept["areas_km2"]["zone-1"]
    topic = here.catalogue.of_rank(Rank.TOPIC)[0].id
    kept["fits"][topic] = {"unit-17": "named"}
    changed = history.changes(here, kept)
    assert [place for place, _, _ in changed.areas] == ["unit-17", "unit-99", "zone-1"]
    areas = {place: (old, new) for place, old, new in changed.areas}
    assert areas["unit-99"] == (1.0, None)
    assert areas["zone-1"][0] is None
    assert areas["unit-17"][0] - areas["unit-17"][1] == pytest.approx(0.25)
    assert changed.topics == (topic,)
    back = history.between(history.snapshot(here), kept)
    assert [(place, new, old) for place, old, new in changed.areas] == list(back.areas)


def test_rounding_is_no_change(here):
    kept = copy.deepcopy(history.snapshot(here))
    kept["areas_km2"]["unit-17"] += 0.0004
    assert not history.changes(here, kept)


def test_what_a_filter_showed(here):
    kept = history.snapshot(here)
    units = frozenset(place for place in here.catalogue.places if place.startswith("unit-"))
    assert history.lit(kept, []) == units
    one, other = (
        next(topic.id for topic in here.catalogue.of_rank(Rank.TOPIC) if topic.name.zh == name)
        for name in ("第三代半导体材料", "3D打印材料")
    )
    assert history.lit(kept, [one]) == {f"unit-{number}" for number in range(17, 22)}
    assert history.lit(kept, [one, other], "all") == history.lit(kept, [one]) & history.lit(kept, [other])
