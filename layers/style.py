"""How everything looks: the one table of colours, patterns, weights and zooms.

Clusters differ in hue and in pattern, so that they stay apart for colour-blind eyes and in grey print. The hues are
spread in lightness as well (34 to 69 on CIE L*).
"""

__all__ = ["CLUSTERS", "FURNITURE", "INK", "LEGEND_STROKES", "PANES", "STROKES", "runtime"]

INK = "#24333B"
LAND = "#FBFAF6"
FURNITURE = {"outside": "#E9ECEC", "halo": "#FFFFFF", "edge": "#8FA1A6"}

CLUSTERS = {
    "cluster-1": {"fill": "#3E4A89", "hatch": "cross", "ink": "rgba(255,255,255,.42)"},
    "cluster-2": {"fill": "#B5588C", "hatch": "dots", "ink": "rgba(255,255,255,.62)"},
    "cluster-3": {"fill": "#2F7FB8", "hatch": "none", "ink": "none"},
    "cluster-4": {"fill": "#2C9A78", "hatch": "horizontal", "ink": "rgba(255,255,255,.5)"},
    "cluster-5": {"fill": "#E09A2B", "hatch": "diagonal", "ink": "rgba(255,255,255,.55)"},
}
PALE = {"fill": "#E3E7E7", "ink": "rgba(255,255,255,.75)"}

# Drawing order, from the ground up.
PANES = ("ground", "land", "outlines", "band", "lines", "chosen", "stations")

STROKES = {
    "halo": {"color": "#FFFFFF", "weight": 9, "opacity": 0.95, "fill": False},
    "district": {"color": "#8FA1A6", "weight": 1.3, "fillColor": LAND, "fillOpacity": 1},
    "street": {"color": "#BFC7C9", "weight": 1.1, "dashArray": "2 4", "fill": False},
    "road": {"color": "#D9DCD8", "weight": 2.4, "fill": False},
    "unit": {"color": "#FFFFFF", "weight": 1.6, "opacity": 1, "fillOpacity": 0.86},
    "cluster": {"color": "#FFFFFF", "weight": 3.2, "opacity": 0.95, "fillOpacity": 0, "lineJoin": "round"},
    "zone": {"color": INK, "weight": 2, "opacity": 0.92, "fillOpacity": 0, "lineJoin": "round"},
    "corridor": {"stroke": False, "fillColor": "#C77B30", "fillOpacity": 0.2},
    "longda": {"color": "#A35E1C", "weight": 2.6, "opacity": 0.95, "fill": False},
    "expressway": {"color": "#C9B9A4", "weight": 1.8, "fill": False},
    "rail": {"color": "#4A555B", "weight": 3, "opacity": 0.9, "fill": False},
    "rail_gap": {"color": "#FFFFFF", "weight": 1.5, "dashArray": "7 7", "fill": False},
    "metro": {"color": "#7F9AA6", "weight": 2, "opacity": 0.9, "fill": False},
    "station": {"radius": 3.4, "color": "#6B8792", "weight": 1.5, "fillColor": "#FFFFFF", "fillOpacity": 1},
    "station_hsr": {"radius": 5.4, "color": "#2F3B41", "weight": 2, "fillColor": "#FFFFFF", "fillOpacity": 1},
}
CHOSEN = (
    {"color": "#FFFFFF", "weight": 7, "opacity": 1, "lineJoin": "round"},
    {"color": "#11191D", "weight": 3, "opacity": 1, "lineJoin": "round"},
)
LEGEND_STROKES = {
    "zone": [{"box": True, "color": INK, "weight": 2}],
    "corridor": [
        {"color": "#C77B30", "weight": 11, "opacity": 0.28},
        {"color": STROKES["longda"]["color"], "weight": STROKES["longda"]["weight"]},
    ],
    "rail": [
        {"color": STROKES["rail"]["color"], "weight": 3.4},
        {"color": "#FFFFFF", "weight": 1.6, "dash": "5 5"},
    ],
    "metro": [
        {"color": STROKES["metro"]["color"], "weight": 2},
        {"ring": True, "color": STROKES["station"]["color"], "weight": 1.5},
    ],
    "dim": [{"box": True, "color": "#FFFFFF", "fill": PALE["fill"], "weight": 1}],
}
# From this zoom on the names of units are worth their room; below it the zones are named.
ZOOM = {"units": 11.35, "stations": 13.1, "streets": 11.6}


def runtime() -> dict:
    """The part of the table that the script in the page needs, as JSON-like values."""
    return {"clusters": CLUSTERS, "pale": PALE, "chosen": list(CHOSEN), "zoom": ZOOM}
