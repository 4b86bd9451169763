"""The map as Folium writes it: everything the plan lays out, in order, the same bytes each time, nothing fetched."""

import json
import re

import folium
import pytest

from gm_map import catalogue, district
from gm_map.messages import Messages
from layers import compose, page, style
from layers.cards import card
from layers.figures import distance, km2, plain


@pytest.fixture(scope="module")
def here():
    return district.load(catalogue=catalogue.load())


def specs(scene):
    """The literal of each layer, by key, in drawing order."""
    found = {}
    for start in re.finditer(r"gm\.layer\(\w+, ", scene["script"]):
        spec, _ = json.JSONDecoder().raw_decode(scene["script"][start.end() :])
        found[spec["key"]] = spec
    return found


def test_layers_are_folium_groups_in_drawing_order(here):
    drawn = compose.compose(here, Messages("zh"))
    groups = [child for child in drawn._children.values() if isinstance(child, folium.FeatureGroup)]
    panes = [json.loads(group.spec)["pane"] for group in groups]
    assert len(groups) == len(compose.LAYERS)
    assert [style.PANES.index(pane) for pane in panes] == sorted(style.PANES.index(pane) for pane in panes)


@pytest.mark.parametrize(("key", "count"), [("unit", 21), ("cluster", 5), ("zone", 3), ("corridor", 1)])
def test_every_place_is_drawn_once(here, key, count):
    features = specs(compose.scene(here, Messages("zh")))[key]["features"]["features"]
    assert len({feature["properties"]["id"] for feature in features}) == count


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_unit_and_station_has_a_label(here, language):
    layers = specs(compose.scene(here, Messages(language)))
    assert len(layers["unit"]["labels"]) == 21
    stations = [feature for feature in here.background if feature["properties"]["kind"].startswith("station")]
    assert len(layers["station"]["labels"]) == len(stations) > 20


def test_the_scene_is_the_same_each_time(here):
    first = compose.scene(here, Messages("en"))
    second = compose.scene(here, Messages("en"))
    assert json.dumps(first) == json.dumps(second)


def test_clusters_differ_in_pattern_as_well_as_in_colour():
    assert len({cluster["hatch"] for cluster in style.CLUSTERS.values()}) == 5
    assert len({cluster["fill"] for cluster in style.CLUSTERS.values()}) == 5


def lightness(colour):
    """CIE L* of a colour written #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16


def test_neighbouring_clusters_of_one_zone_stay_apart_in_grey():
    """Smart, life-science and materials share a zone and touch: in grey they must differ by shade or pattern."""
    shades = {key: lightness(value["fill"]) for key, value in style.CLUSTERS.items()}
    for one, other in (("cluster-3", "cluster-5"), ("cluster-4", "cluster-5")):
        assert abs(shades[one] - shades[other]) > 10
    assert style.CLUSTERS["cluster-3"]["hatch"] != style.CLUSTERS["cluster-4"]["hatch"]


def test_the_legend_names_all_that_is_drawn(here):
    items = compose.scene(here, Messages("zh"))["legend"]["items"]
    assert [item.get("cluster") for item in items][:5] == [f"cluster-{number}" for number in range(1, 6)]
    assert len(items) == 5 + len(style.LEGEND_STROKES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_is_whole_small_and_quiet(here, tmp_path, language):
    path = page.write(here, tmp_path / "map.html", language=language)
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 1_500_000
    assert "indicative" in text or "示意" in text
    outside = re.findall(r"""(?:src|href)\s*=\s*["']?(https?:[^"'\s>]+)|url\(\s*["']?(?!data:|#|%23)([^)"']+)""", text)
    # Leaflet's own script holds a link to its home, which gm-map.js takes off the map; its style names pictures of
    # controls that this map does not have. The browser tests see to it that nothing is asked for.
    assert {found[0] for found in outside} <= {"", "https://leafletjs.com"}
    assert not [found for found in outside if found[1] and not found[1].startswith("images/")]
    assert "default-src 'none'" in text


def test_a_card_says_what_is_known_and_how(here):
    shown = card(here, "unit-17", Messages("zh"))
    assert shown.title == "薯田埔产业单元"
    text = "\n".join(line.text for section in shown.sections for line in section.lines)
    assert "第三代半导体材料" in text
    assert "五（二）5" in {line.citation for section in shown.sections for line in section.lines}
    assert ("规划载明面积", "未载明") in shown.figures
    assert "与同集群其他单元的分工。" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_place_has_a_card(here, language):
    for place in here.catalogue.places:
        shown = card(here, place, Messages(language))
        assert shown.title
        assert shown.sections


def test_zones_say_that_agreement_is_no_evidence(here):
    text = [line.text for section in card(here, "zone-1", Messages("en")).sections for line in section.lines]
    assert any("no evidence" in line for line in text)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((4.0031, 1.87), "4.0 ± 1.9 km²"),
        ((16.0001, 0.31), "16.00 ± 0.31 km²"),
        ((83.8, 12.0), "84 ± 12 km²"),
        ((16, None), "16.00 km²"),
    ],
)
def test_an_area_has_no_more_digits_than_are_known(given, said):
    assert km2(*given) == said


def test_distances_and_figures_read_well():
    assert distance(284.4) == "280 m"
    assert distance(948) == "950 m"
    assert distance(953) == "1.0 km"
    assert plain(20.6) == "20.6"
    assert plain(16.0) == "16"
