"""What the map is measured against: the same facts, and the map rebuilt at every rerun, as most Streamlit maps are.

The facts and the rule of the filter come from ``gm_map``, so that only the way to the screen differs. The map loads the
shipped Leaflet, since a benchmark has no network; nothing else of streamlit-folium is changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import folium
import geopandas as gpd
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from gm_map import catalogue, filters
from gm_map.model import Rank

ROOT = Path(__file__).resolve().parents[1]
LIT, DIM, LINE = "#2f7fb8", "#e3e6e6", "#ffffff"

# The assets of a component are served beside those of streamlit-folium, one folder up from its page.
components.declare_component("mapassets", path=str(ROOT / "static" / "leaflet"))


class OfflineMap(folium.Map):
    """A map that asks no other host for Leaflet."""

    default_js: ClassVar = [("leaflet", "../baseline_app.mapassets/leaflet.js")]
    default_css: ClassVar = [("leaflet_css", "../baseline_app.mapassets/leaflet.css")]


@st.cache_data(show_spinner=False)
def polygons(name: str) -> gpd.GeoDataFrame:
    """One file of the built geometry: id and shape."""
    return gpd.read_file(ROOT / "geodata" / "built" / f"{name}.geojson")[["id", "geometry"]]


@st.cache_resource(show_spinner=False)
def facts():
    """The catalogue, read once a process."""
    return catalogue.load()


st.set_page_config(page_title="baseline", layout="wide")
known = facts()
topics = [node for node in known.industries.values() if node.rank == Rank.TOPIC]
left, right = st.columns([1, 3])
with left, st.container(height=700):
    chosen = [topic.id for topic in topics if st.checkbox(topic.name.zh, key=topic.id)]
fitting = set(filters.select(known, filters.Filter(nodes=tuple(chosen))).ids) if chosen else None

drawn = OfflineMap(location=[22.76, 113.92], zoom_start=12, tiles=None)
for name in ("clusters", "zones", "corridor"):
    outline = {"fill": False, "color": "#24333b", "weight": 1}
    folium.GeoJson(polygons(name), style_function=lambda _, outline=outline: outline, interactive=False).add_to(drawn)


def style(feature: dict) -> dict:
    """Colour of a unit: lit when nothing is filtered, or when it fits."""
    fits = fitting is None or feature["properties"]["id"] in fitting
    return {"fillColor": LIT if fits else DIM, "color": LINE, "weight": 1, "fillOpacity": 0.9}


folium.GeoJson(polygons("units"), style_function=style, tooltip=folium.GeoJsonTooltip(["id"])).add_to(drawn)
with right:
    st_folium(drawn, key="map", height=700, width=1000, returned_objects=["last_object_clicked_tooltip"])
