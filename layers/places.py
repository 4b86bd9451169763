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


def unit_layer(district, messages) -> PlaceLayer:
    """The 21 units, each in the colour and pattern of its cluster."""
    return PlaceLayer(
        "unit",
        {
            "name": messages("map.group_units"),
            "pane": "land",
            "places": True,
            "features": geo.places(district, Level.UNIT),
            "style": style.STROKES["unit"],
            "labels": _labels(district, Level.UNIT, messages.language, **{"from": style.ZOOM["units"]}),
        },
    )


def cluster_layer(district, messages) -> PlaceLayer:
    """The five clusters, parted by a broader white line than units are."""
    return PlaceLayer(
        "cluster",
        {
            "name": messages("map.group_clusters"),
            "pane": "outlines",
            "places": True,
            "features": geo.places(district, Level.CLUSTER),
            "style": style.STROKES["cluster"],
            "labels": _labels(district, Level.CLUSTER, messages.language),
        },
    )


def zone_layer(district, messages) -> PlaceLayer:
    """The three zones, each within a dark line."""
    return PlaceLayer(
        "zone",
        {
            "name": messages("map.group_zones"),
            "pane": "outlines",
            "places": True,
            "features": geo.places(district, Level.ZONE),
            "style": style.STROKES["zone"],
            "labels": _labels(district, Level.ZONE, messages.language),
        },
    )


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
