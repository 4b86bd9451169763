"""The ground: district, streets and roads in quiet lines, so that the map is whole with no tile at all."""

from layers import geo, style
from layers.base import PlaceLayer

__all__ = ["district_layer", "street_layer"]


def district_layer(district, messages) -> PlaceLayer:
    """The district's land, with a white halo that lifts it off what lies around, and its neighbours' names."""
    outline = geo.background(district, "district")
    labels = [
        geo.label(feature, messages.language, look="neighbour", priority=20, to=13.5)
        for feature in district.background
        if feature["properties"]["kind"] == "neighbour"
    ]
    return PlaceLayer(
        "district",
        {
            "pane": "ground",
            "features": outline,
            "strokes": [{"name": "halo", "style": style.STROKES["halo"]}, {"style": style.STROKES["district"]}],
            "labels": labels,
        },
    )


def street_layer(district, messages) -> PlaceLayer:
    """Boundaries of the streets (街道), the known pieces of road, and the streets' names."""
    labels = [
        geo.label(feature, messages.language, look="street", priority=30, to=14.5, **{"from": style.ZOOM["streets"]})
        for feature in district.background
        if feature["properties"]["kind"] == "street_label"
    ]
    return PlaceLayer(
        "street",
        {
            "name": messages("map.group_streets"),
            "pane": "ground",
            "features": geo.background(district, "street", "road", language=messages.language),
            "strokes": [
                {"kinds": ["road"], "style": style.STROKES["road"]},
                {"kinds": ["street"], "style": style.STROKES["street"]},
            ],
            "labels": labels,
        },
    )
