"""Rail, metro and their stations: what people find their way by."""

from layers import geo, style
from layers.base import PlaceLayer

__all__ = ["rail_layer", "station_layer"]


def rail_layer(district, messages) -> PlaceLayer:
    """High-speed rail in black and white, metro and expressways in quiet lines."""
    return PlaceLayer(
        "rail",
        {
            "name": messages("map.group_rail"),
            "pane": "lines",
            "features": geo.background(district, "expressway", "metro", "rail_hsr"),
            "strokes": [
                {"kinds": ["expressway"], "style": style.STROKES["expressway"]},
                {"kinds": ["metro"], "style": style.STROKES["metro"]},
                {"kinds": ["rail_hsr"], "style": style.STROKES["rail"]},
                {"kinds": ["rail_hsr"], "style": style.STROKES["rail_gap"]},
            ],
        },
    )


def station_layer(district, messages) -> PlaceLayer:
    """Stations as rings; the high-speed station larger, and named from farther off."""
    stations = [
        feature for feature in district.background if feature["properties"]["kind"] in ("station", "station_hsr")
    ]
    labels = [
        geo.label(
            feature,
            messages.language,
            look=feature["properties"]["kind"],
            shape="point",
            priority=60 if feature["properties"]["kind"] == "station_hsr" else 40,
            **{"from": 12.2 if feature["properties"]["kind"] == "station_hsr" else style.ZOOM["stations"]},
        )
        for feature in stations
    ]
    return PlaceLayer(
        "station",
        {
            "name": messages("map.group_stations"),
            "pane": "stations",
            "features": geo.background(district, "station", "station_hsr"),
            "style": style.STROKES["station"],
            "by_kind": {"station_hsr": style.STROKES["station_hsr"]},
            "labels": labels,
        },
    )
