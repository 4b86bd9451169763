"""The plan's places: units as coloured land, clusters and zones as lines round it, the corridor as a band."""

from gm_map.model import Level
from layers import geo, style
from layers.base import PlaceLayer

__all__ = ["cluster_layer", "corridor_layer", "unit_layer", "zone_layer"]

PRIORITY = {Level.ZONE: 90, Level.CLUSTER: 85, Level.UNIT: 80, Level.CORRIDOR: 70}


def _labels(district, level, language, **options):
    return [
        {
            "id": place.id,
            "level": str(level),
            "text": place.short.of(language),
            "at": district.label_point(place.id),
            "look": str(level),
            "priority": PRIORITY[level],
            **options,
        }
        for place in district.catalogue.places.values()
        if place.level == level
    ]


def _level_layer(district, messages, level, group, pane, **options) -> PlaceLayer:
    """A layer of all places of a level, with their labels."""
    return PlaceLayer(
        str(level),
        {
            "name": messages(group),
            "pane": pane,
            "places": True,
            "features": geo.places(district, level),
            "style": style.STROKES[str(level)],
            "labels": _labels(district, level, messages.language, **options),
        },
    )


def unit_layer(district, messages) -> PlaceLayer:
    """The 21 units, each in the colour and pattern of its cluster."""
    near = {"from": style.ZOOM["units"]}
    return _level_layer(district, messages, Level.UNIT, "map.group_units", "land", **near)


def cluster_layer(district, messages) -> PlaceLayer:
    """The five clusters, parted by a broader white line than units are."""
    return _level_layer(district, messages, Level.CLUSTER, "map.group_clusters", "outlines")


def zone_layer(district, messages) -> PlaceLayer:
    """The three zones, each within a dark line."""
    return _level_layer(district, messages, Level.ZONE, "map.group_zones", "outlines")


def corridor_layer(district, messages) -> PlaceLayer:
    """The corridor: a pale band as wide as it is drawn, and the 龙大 line within it."""
    band = geo.places(district, Level.CORRIDOR)
    corridor = band["features"][0]["properties"]
    lines = geo.background(district, "longda")
    for feature in lines["features"]:
        feature["properties"] = {**corridor, "kind": "longda"}
    band["features"][0]["properties"] = {**corridor, "kind": "band"}
    return PlaceLayer(
        "corridor",
        {
            "name": messages("map.group_corridor"),
            "pane": "band",
            "places": True,
            "features": {"type": "FeatureCollection", "features": band["features"] + lines["features"]},
            "strokes": [
                {"kinds": ["band"], "style": style.STROKES["corridor"], "name": "band"},
                {"kinds": ["longda"], "style": style.STROKES["longda"], "name": "longda"},
            ],
            "labels": _labels(district, Level.CORRIDOR, messages.language),
        },
    )
