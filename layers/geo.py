"""GeoJSON as the layers need it: ids, levels and shapes, and nothing that a page does not draw."""

__all__ = ["background", "label", "name", "places", "point"]


def background(district, *kinds, language=None) -> dict:
    """The background features of these kinds as a collection (WGS 84), stripped to kind and shape.

    With a language they keep their name in it, and how well they are known (``uncertainty``, metres).
    """
    features = [
        {"type": "Feature", "properties": _kept(feature, language), "geometry": feature["geometry"]}
        for kind in kinds
        for feature in district.background
        if feature["properties"]["kind"] == kind
    ]
    return {"type": "FeatureCollection", "features": features}


def _kept(feature, language) -> dict:
    properties = feature["properties"]
    if language is None:
        return {"kind": properties["kind"]}
    return {
        "kind": properties["kind"],
        "name": name(feature, language),
        "uncertainty": properties.get("uncertainty_m"),
    }


def places(district, level) -> dict:
    """The places of a level as a collection (WGS 84)."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": place.id, "level": str(place.level)},
            "geometry": district.geojson(place.id),
        }
        for place in district.catalogue.places.values()
        if place.level == level
    ]
    return {"type": "FeatureCollection", "features": features}


def name(feature, language) -> str:
    """The name of a background feature in a language, Chinese where there is no other."""
    properties = feature["properties"]
    return (properties.get("name_en") if language == "en" else None) or properties["name"]


def point(feature) -> list[float]:
    """Latitude, longitude of a point feature, in Leaflet's order."""
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    return [latitude, longitude]


def label(feature, language, **options) -> dict:
    """A label for a point feature."""
    return {"text": name(feature, language), "at": point(feature), **options}
