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

__all__ = ["clips", "finder", "map_of", "marks", "scene_url"]

_STATIC = Path(__file__).resolve().parent.parent / "static"


def _loader(mount: str) -> str:
    """The loader for one component. The address of the assets changes with their content: browsers may keep them."""
    assets = sorted([*_STATIC.glob("map/*"), *_STATIC.glob("leaflet/*.*")])
    digest = hashlib.sha256(b"".join(asset.read_bytes() for asset in assets)).hexdigest()[:10]
    loader = (_STATIC / "map" / "gm-loader.js").read_text(encoding="utf-8")
    return loader.replace("VERSION", digest).replace("MOUNT", mount)


_finder = st.components.v2.component("gm_finder", js=_loader("mountFinder"), isolate_styles=False)
_map = st.components.v2.component("gm_map", js=_loader("mountMap"), isolate_styles=False)
_marks = st.components.v2.component("gm_marks", js=_loader("mountMarks"), isolate_styles=False)
_clips = st.components.v2.component("gm_clips", js=_loader("mountClips"), isolate_styles=False)


@st.cache_resource(show_spinner=False)
def _served():
    """A folder that the server hands out, for scenes: made anew for each process, gone with it."""
    folder = tempfile.TemporaryDirectory(prefix="gm_map_")
    st.components.v1.declare_component("gm_scenes", path=folder.name)
    return folder


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
    return f"component/views.parts.gm_scenes/{name}"


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


def map_of(scene, data, on_pick, key="map"):
    """Mount the map; each page has its own key."""
    return _map(key=key, data={"scene": scene, **data}, on_pick_change=on_pick)


def marks(scene, pieces, key):
    """Mount a text in stretches (text, shade, asked), with the key to the shades."""
    _marks(key="marks", data={"scene": scene, "pieces": pieces, "key": key})


def clips(scene, buttons, done, failed, key="clips"):
    """Mount buttons that copy a text, copy the link, or print a page."""
    _clips(key=key, data={"scene": scene, "buttons": buttons, "done": done, "failed": failed})
