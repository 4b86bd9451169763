"""The whole map, layer upon layer, and what a page needs beside it."""

from gm_map.model import Level
from layers import background, base, figures, legend, places, style, tiles, transport
from layers.finder import finder

__all__ = ["compose", "scene"]

# In drawing order, from the ground up.
LAYERS = (
    background.district_layer,
    background.street_layer,
    places.unit_layer,
    places.cluster_layer,
    places.zone_layer,
    places.corridor_layer,
    transport.rail_layer,
    transport.station_layer,
)


def compose(district, messages) -> base.DistrictMap:
    """The district as a Folium map in one language; the same facts give the same script, byte for byte.

    Parameters
    ----------
    district : District
    messages : Messages
    """
    west, south, east, north = district.bounds
    table = place_table(district, messages)
    drawn = base.DistrictMap(
        f"gm_{messages.language}",
        {
            "language": messages.language,
            "words": messages.section("map"),
            "places": table,
            "bounds": [[south, west], [north, east]],
            "limits": [[south - 0.12, west - 0.2], [north + 0.12, east + 0.2]],
            "attribution": [messages("map.attribution_indicative"), messages("map.attribution_data")],
        },
    )
    for layer in LAYERS:
        layer(district, messages).add_to(drawn)
    base.Ready().add_to(drawn)
    return drawn


def place_table(district, messages) -> dict:
    """Every place as the page needs it: names, level, parent, cluster, and the lines of its tooltip."""
    language = messages.language
    catalogue = district.catalogue
    table = {}
    for place in catalogue.places.values():
        above = [catalogue.places[above].name.of(language) for above in catalogue.ancestors(place.id)]
        lines = [" · ".join([messages(f"level.{place.level}"), *above])]
        lines.append(
            messages("map.tip_area", area=figures.km2(district.area_km2(place.id), district.uncertainty_km2(place.id)))
        )
        table[place.id] = {
            "level": str(place.level),
            "name": place.name.of(language),
            "short": place.short.of(language),
            "parent": place.parent_id,
            "cluster": place.parent_id
            if place.level == Level.UNIT
            else place.id
            if place.level == Level.CLUSTER
            else None,
            "lines": lines,
            "uncertainty": round(district.uncertainty_m(place.id)),
        }
    return table


def scene(district, messages) -> dict:
    """All that a page fetches once for a language: the map's script, the legend, the styles, the finder's table.

    Returns
    -------
    dict
        ``element`` (the id of the map's element), ``script`` (what Folium wrote), ``legend``, ``style``, ``finder``,
        ``tools`` (``words`` of the map's tools and ``bases``, the base maps by choice).
    """
    drawn = compose(district, messages)
    figure = drawn.get_root()
    drawn.render()
    return {
        "element": drawn.get_name(),
        "script": figure.script.render(),
        "legend": legend.legend(district, messages),
        "style": style.runtime(),
        "finder": finder(district, messages),
        "tools": {"words": messages.section("tools"), "bases": tiles.base_maps(messages)},
    }
