"""The map itself as Folium objects: a frame that asks nobody for anything, and layers that pass data as data."""

from typing import ClassVar

import folium
from jinja2 import Template

from layers import door, style

__all__ = ["DistrictMap", "PlaceLayer", "Ready"]


class DistrictMap(folium.Map):
    """A Folium map that loads no tile, no script and no style of its own: the page around it serves Leaflet.

    Parameters
    ----------
    name : str
        Ends the id of the element in the page; ASCII letters, digits and underscores, so that the same facts give the
        same bytes.
    config : dict
        What ``gm.start`` takes: bounds (latitude, longitude), words, places, attribution.
    """

    default_js: ClassVar[list] = []
    default_css: ClassVar[list] = []
    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="gm-map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}", Object.assign(gm.motion(), {{ this.leaflet }}));
        gm.start({{ this.get_name() }}, {{ this.config }});
        {% endmacro %}
        """
    )

    def __init__(self, name, config):
        super().__init__(tiles=None, zoom_control=False)
        self._id = name
        self.objects_to_stay_in_front = []
        self.leaflet = door.literal(
            {
                "zoomControl": False,
                "attributionControl": True,
                "zoomSnap": 0.25,
                "zoomDelta": 0.5,
                "wheelPxPerZoomLevel": 90,
                "minZoom": 10,
                "maxZoom": 18,
                "maxBounds": config["limits"],
                "maxBoundsViscosity": 0.8,
            }
        )
        self.config = door.literal({**config, "style": style.runtime(), "panes": list(style.PANES)})


class PlaceLayer(folium.FeatureGroup):
    """One layer: a feature group whose features, labels and styles reach the page as one literal.

    Parameters
    ----------
    key : str
        Names the layer in the page; ASCII.
    spec : dict
        What ``gm.layer`` takes: features (GeoJSON, WGS 84), pane, style, strokes, labels, name of the group.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = gm.layer({{ this._parent.get_name() }}, {{ this.spec }});
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, key, spec):
        super().__init__(name=key, control=False)
        self._id = key
        self.spec = door.literal({"key": key, **spec})

    def render(self, **kwargs):
        """Write the layer's script; the group is put on the map there, not by Folium's own switch."""
        super(folium.map.Layer, self).render(**kwargs)


class Ready(folium.MacroElement):
    """Ends the script: everything is on the map, so paint it and place the labels."""

    _template = Template("{% macro script(this, kwargs) %}gm.ready({{ this._parent.get_name() }});{% endmacro %}")

    def __init__(self):
        super().__init__()
        self._id = "ready"
