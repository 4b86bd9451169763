"""Places side by side: the shortlist left, the comparison and its map right."""

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from gm_map import comparison_file
from layers import compared
from layers.door import markdown
from views import parts, shortlist, versions

__all__ = ["page"]


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    if versions.moved("compare"):
        chosen, unknown = shortlist.read(st.query_params.get("ids", ""), district.catalogue)
        if unknown:
            parts_of = " ".join(unknown)[:80]
            st.toast(markdown(t("explore.link_unknown", parts=parts_of)), icon=":material/link_off:")
        st.session_state.compared = chosen
    _body(district, t)


@st.fragment
def _body(district, t):
    catalogue = district.catalogue
    chosen = st.session_state.get("compared", ())
    notes = st.session_state.get("compare_notes", {})
    left, right = st.columns([0.9, 3.2], gap="medium")
    with left, st.container(key="compare_list"):
        words = {name: t(f"compare.{name}") for name in ("title", "note", "drop", "keep", "empty")}
        names = {place.id: place.short.of(t.language) for place in catalogue.places.values()}
        parts.shortlist(
            {"chosen": list(chosen), "names": names, "most": shortlist.MOST, "words": words},
            on_told=_told,
        )
        st.selectbox(
            t("compare.add"),
            [place for place in catalogue.places if place not in chosen],
            index=None,
            key=f"compare_add-{len(chosen)}-{'-'.join(chosen)}",
            format_func=lambda id_: f"{t(f'level.{catalogue.places[id_].level}')} · {names[id_]}",
            placeholder=t("compare.add"),
            label_visibility="collapsed",
            disabled=len(chosen) >= shortlist.MOST,
            on_change=_added,
            args=(f"compare_add-{len(chosen)}-{'-'.join(chosen)}",),
        )
        if chosen:
            with st.container(horizontal=True, gap="small", key="compare_files"):
                for kind in ("xlsx", "csv"):
                    st.download_button(
                        t(f"compare.as_{kind}"),
                        partial(_file, district, chosen, notes, t, kind),
                        file_name=f"gm-map-compare.{kind}",
                        icon=":material/download:",
                        key=f"compare_as_{kind}",
                        on_click="ignore",
                    )
    with right, st.container(key="compare_body"):
        scene = parts.scene_url(district, t)
        told = compared.comparison(district, chosen, t, notes)
        parts.table(scene, told, key="compared")
        with st.container(key="compare_map"):
            parts.map_of(
                scene,
                {
                    "language": t.language,
                    "lit": list(chosen) or None,
                    "selected": chosen[0] if len(chosen) == 1 else None,
                    "turn": st.session_state.get("turn", 0),
                },
                on_pick=_picked,
                key="compare-map",
            )
    versions.address("compare", {"ids": ",".join(chosen)} if chosen else {}, district, t)


def _told():
    chosen, notes = shortlist.told(st.session_state.shortlist.told, st.session_state.catalogue)
    st.session_state.compared = chosen
    st.session_state.compare_notes = notes


def _added(key):
    chosen = st.session_state.get("compared", ())
    if st.session_state[key]:
        st.session_state.compared = (*chosen, st.session_state[key])[-shortlist.MOST :]


def _picked():
    pick = st.session_state["compare-map"].pick
    st.session_state.turn = pick["turn"]
    place, chosen = pick["place"], st.session_state.get("compared", ())
    if place in st.session_state.catalogue.places and place not in chosen:
        st.session_state.compared = (*chosen, place)[-shortlist.MOST :]


def _file(district, chosen, notes, t, kind):
    names = [district.catalogue.places[id_].name.of(t.language) for id_ in chosen]
    rows = compared.sheet(district, chosen, t, notes)
    method = [
        (t("match.method_versions"), district.version),
        (t("match.method_lines"), t("match.note_indicative")),
        (t("match.method_sources"), t("match.note_sources")),
    ]
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder:
        target = Path(folder) / f"compare.{kind}"
        comparison_file.write(
            target, t("compare.what"), names, rows, (t("compare.title"), t("match.sheet_method")), method
        )
        return target.read_bytes()
