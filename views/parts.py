"""The components of ours that Streamlit mounts: finder, map, marked text, copying buttons. They share script and scene.

What goes over the wire at each rerun is a loader of a few hundred bytes and ids. Leaflet, the runtime and the scene
(which Folium wrote) are files that the browser fetches once.
"""

import hashlib
import json
import tempfile
from pathlib import Path

import streamlit as st

from gm_map.district import District
from gm_map.messages import Messages

__all__ = [
    *("boards", "charts", "clips", "finder", "frame", "keep", "kept", "map_of", "marks", "scene_url", "shortlist"),
    "table",
]

_STATIC = Path(__file__).resolve().parent.parent / "static"
_ADDRESS = "component/views.parts.gm_scenes"
# In the order in which they run; the browser fetches them as one file, since each request costs the first map its time.
_SCRIPTS = (
    *("leaflet/leaflet", "map/gm-map", "map/gm-datum", "map/gm-geodesic", "map/gm-tiles", "map/gm-identify"),
    *("map/gm-tools", "map/gm-finder", "map/gm-app", "map/gm-match", "map/gm-table", "map/gm-overlay", "map/gm-plan"),
    *("map/gm-shortlist", "map/gm-access"),
)


@st.cache_resource(show_spinner=False)
def _served():
    """A folder that the server hands out, for scripts and scenes: made anew for each process, gone with it."""
    folder = tempfile.TemporaryDirectory(prefix="gm_map_")
    st.components.v1.declare_component("gm_scenes", path=folder.name)
    return folder


@st.cache_resource(show_spinner=False)
def _assets() -> tuple[str, str]:
    """Version of all assets, and the address of the scripts: both change with the content; browsers may keep both."""
    assets = sorted([*_STATIC.glob("map/*"), *_STATIC.glob("leaflet/*.*")])
    version = hashlib.sha256(b"".join(asset.read_bytes() for asset in assets)).hexdigest()[:10]
    name = f"scripts-{version}.js"
    told = b";\n".join((_STATIC / f"{script}.js").read_bytes() for script in _SCRIPTS)
    (Path(_served().name) / name).write_bytes(told)
    return version, f"{_ADDRESS}/{name}"


def _loader(mount: str) -> str:
    """The loader for one component."""
    loader = (_STATIC / "map" / "gm-loader.js").read_text(encoding="utf-8")
    version, scripts = _assets()
    return loader.replace("VERSION", version).replace("SCRIPTS", scripts).replace("MOUNT", mount)


_frame = st.components.v2.component("gm_frame", js=_loader("mountFrame"), isolate_styles=False)
_finder = st.components.v2.component("gm_finder", js=_loader("mountFinder"), isolate_styles=False)
_map = st.components.v2.component("gm_map", js=_loader("mountMap"), isolate_styles=False)
_marks = st.components.v2.component("gm_marks", js=_loader("mountMarks"), isolate_styles=False)
_clips = st.components.v2.component("gm_clips", js=_loader("mountClips"), isolate_styles=False)
_charts = st.components.v2.component("gm_charts", js=_loader("mountCharts"), isolate_styles=False)
_boards = st.components.v2.component("gm_boards", js=_loader("mountBoards"), isolate_styles=False)
_keep = st.components.v2.component("gm_keep", js=_loader("mountKeep"), isolate_styles=False)
_shortlist = st.components.v2.component("gm_shortlist", js=_loader("mountShortlist"), isolate_styles=False)
_kept = st.components.v2.component("gm_kept", js=_loader("mountKept"), isolate_styles=False)
_table = st.components.v2.component("gm_table", js=_loader("mountTable"), isolate_styles=False)


@st.cache_resource(
    show_spinner=False,
    hash_funcs={District: lambda district: district.version, Messages: lambda messages: messages.language},
)
def scene_url(district, messages) -> str:
    """Where the browser finds the scene of a language; the name changes with the content, so it may be kept."""
    from layers.compose import scene  # Folium takes 0.8 s to import, and only the first map of a process needs it

    told = json.dumps(scene(district, messages), ensure_ascii=True, separators=(",", ":"))
    digest = hashlib.sha256(told.encode()).hexdigest()[:12]
    name = f"scene-{messages.language}-{digest}.json"
    (Path(_served().name) / name).write_text(told, encoding="ascii")
    return f"{_ADDRESS}/{name}"


def frame(t, stamp):
    """What every page needs of ours, map or no map: style sheets and scripts, language, the address's version."""
    labels = {"--gm-upload": t("match.upload")}
    words = {name: t(f"access.{name}") for name in ("pages", "panel", "skips", "skip_list", "skip_main", "skip_map")}
    _frame(key="every", data={"language": t.language, "labels": labels, "stamp": stamp, "words": words})


def finder(scene, data, on_filter, on_pick, on_query, on_taken):
    """Mount the finder; the callbacks run before the page does."""
    return _finder(
        key="finder",
        data={"scene": scene, **data},
        on_filter_change=on_filter,
        on_pick_change=on_pick,
        on_query_change=on_query,
        on_taken_change=on_taken,
    )


def map_of(scene, data, on_pick, key="map", on_point=None, on_base=None):
    """Mount the map; each page has its own key.

    ``on_point`` is called when a point of the overlay is pressed, ``on_base`` when a base map is chosen: then ``data``
    holds it too (``base``: its id, None for the map's own background).
    """
    heard = {"on_point_change": on_point} if on_point else {}
    heard |= {"on_base_change": on_base} if on_base else {}
    return _map(key=key, data={"scene": scene, **data}, on_pick_change=on_pick, **heard)


def table(scene, told, key, on_pick=None):
    """Mount a table whose rows wrap, whose cells may be tinted, and of which a row may be chosen.

    Parameters
    ----------
    scene : str
    told : dict
        ``caption``, ``columns`` ({label, align, width, head}), ``rows`` ({id, cells}: texts, or {text, note, tone,
        indent}), ``selected`` (id), ``empty``, ``height`` (CSS). Tones: ``agrees``, ``disagrees``, ``attention``,
        ``undecided``.
    key : str
    on_pick : callable, optional
        Called when a row is pressed; ``st.session_state[key].pick["id"]`` is its id, None for the chosen one again.
    """
    heard = {"on_pick_change": on_pick} if on_pick else {}
    return _table(key=key, data={"scene": scene, "pick": on_pick is not None, **told}, **heard)


def marks(scene, pieces, key):
    """Mount a text in stretches (text, shade, asked), with the key to the shades."""
    _marks(key="marks", data={"scene": scene, "pieces": pieces, "key": key})


def clips(scene, buttons, done, failed, key="clips"):
    """Mount buttons that copy a text, copy the link, or print a page."""
    _clips(key=key, data={"scene": scene, "buttons": buttons, "done": done, "failed": failed})


def charts(scene, groups, key="charts"):
    """Mount small charts in titled groups; see `layers.plan.chart_groups`."""
    _charts(key=key, data={"scene": scene, "groups": groups})


def boards(scene, told, key="boards"):
    """Mount boards of tasks; see `layers.plan.task_boards`."""
    _boards(key=key, data={"scene": scene, "boards": told})


def keep(told, key):
    """Mount the button that keeps a place; the browser alone knows what is kept."""
    _keep(key=key, data=told)


def shortlist(told, on_told):
    """Mount the list of kept places; ``on_told`` is called when what is ticked or noted changes."""
    _shortlist(key="shortlist", data=told, on_told_change=on_told)


def kept(on_told):
    """Nothing to see: the browser tells ``on_told`` which places it keeps, with their notes."""
    _kept(key="kept", data={}, on_told_change=on_told)
