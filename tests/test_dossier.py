"""What is known of one place, gathered: its own facts, those it has from its cluster, and what nobody says."""

import pytest

from gm_map import catalogue, district
from gm_map.dossier import dossier
from gm_map.model import Basis


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


def test_a_unit_has_its_industries_from_its_cluster(here):
    known = dossier(here, "unit-17")
    assert known.inherited
    assert [above.id for above in known.above] == ["cluster-5", "zone-3"]
    named = {link.topic_id for link in known.links if link.basis == Basis.NAMED}
    assert named == {"topic-09", "topic-10", "topic-13", "topic-16"}
    assert {link.topic_id for link in known.links} == set(here.catalogue.topics_of("industry-2"))
    assert {fact.kind for fact in known.facts} >= {"facility"}


def test_links_come_strongest_first(here):
    for place in here.catalogue.places:
        weakness = [link.basis.weakness for link in dossier(here, place).links]
        assert weakness == sorted(weakness)


def test_a_zone_speaks_for_itself(here):
    known = dossier(here, "zone-1")
    assert not known.inherited
    assert known.fitted
    assert known.area_km2 == pytest.approx(16, rel=5e-4)
    assert {link.basis for link in known.links} == {Basis.INDUSTRY}
    assert "boundary" in known.unsaid
    assert "area" not in known.unsaid


def test_what_the_plan_does_not_say_depends_on_the_level(here):
    assert {"area", "division_of_labour"} <= set(dossier(here, "unit-01").unsaid)
    assert "width" in dossier(here, "corridor-1").unsaid
    assert "division_of_labour" not in dossier(here, "cluster-1").unsaid


def test_oddities_and_neighbours_and_ways(here):
    known = dossier(here, "unit-16")
    assert any("玉律" in oddity.text.zh for oddity in known.oddities)
    assert set(known.neighbours) == {other for other in known.neighbours if "unit-16" in here.neighbours(other)}
    ways = {reach.kind: reach.metres for reach in known.reaches}
    assert 2_000 < ways["station_hsr"] < 12_000
    assert 0 < ways["station"] < 6_000


def test_an_unknown_place_is_a_key_error(here):
    with pytest.raises(KeyError):
        dossier(here, "unit-99")
