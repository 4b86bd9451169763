"""The dossier of a place or of a topic: its map, its facts with their citations, and what the plan does not say."""

from datetime import date
from functools import partial

import streamlit as st

from layers import dossiers
from layers.door import markdown
from views import parts, shortlist, versions
from views.card import badges, lines

__all__ = ["page"]


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    catalogue = district.catalogue
    if versions.moved("dossier"):
        asked = st.query_params.get("id", "")
        known = asked in catalogue.places or asked in catalogue.industries
        if asked and not known:
            st.toast(markdown(t("explore.link_unknown", parts=asked[:80])), icon=":material/link_off:")
        st.session_state.dossier_of = asked if known else "unit-01"
    _body(district, t)


@st.fragment
def _body(district, t):
    catalogue = district.catalogue
    id_ = st.session_state.dossier_of
    shown = dossiers.page(district, id_, t)
    with st.container(key="dossier_head", horizontal=True, gap="small", vertical_alignment="bottom"):
        everything = [*catalogue.places, *catalogue.industries]
        st.selectbox(
            t("dossier.choose"),
            everything,
            index=everything.index(id_),
            format_func=lambda one: _named(catalogue, one, t),
            key=f"dossier_choice-{id_}",
            on_change=lambda: _go(st.session_state[f"dossier_choice-{id_}"]),
            label_visibility="collapsed",
        )
        if id_ in catalogue.places:
            shortlist.button(id_, t)
        st.download_button(
            t("dossier.pdf"),
            partial(_pdf, district, id_, t),
            file_name=f"gm-map-{id_}-{t.language}.pdf",
            icon=":material/picture_as_pdf:",
            key="dossier_pdf",
            on_click="ignore",
        )
    left, right = st.columns([1.5, 1.25], gap="medium")
    with left, st.container(key="dossier_text"):
        st.caption(markdown(shown.crumb))
        st.markdown(f"### {markdown(shown.title)}")
        st.caption(markdown(shown.subtitle))
        with st.container(key="figures", horizontal=True, gap="medium"):
            for name, value in shown.figures:
                st.markdown(f":small[:gray[{markdown(name)}]]  \n**{markdown(value)}**", width="content")
        badges(shown.standings, t)
        seen = set()
        for section in shown.sections:
            st.markdown(f"**{markdown(section.title)}**  \n{lines(section, catalogue, t, seen)}")
    with right, st.container(key="dossier_map"):
        parts.map_of(
            parts.scene_url(district, t),
            {
                "language": t.language,
                "lit": None if shown.lit is None else list(shown.lit),
                "selected": shown.selected,
                "turn": st.session_state.get("turn", 0),
            },
            on_pick=_picked,
            key="dossier-map",
        )
        if shown.related:
            with st.container(horizontal=True, gap="small", key="dossier_related"):
                for other, name in shown.related:
                    st.button(markdown(name), key=f"dossier_to-{other}", on_click=_go, args=(other,))
    versions.address("dossier", {"id": id_}, district, t)


def _named(catalogue, id_, t):
    if id_ in catalogue.places:
        place = catalogue.places[id_]
        return f"{t(f'level.{place.level}')} · {place.name.of(t.language)}"
    node = catalogue.industries[id_]
    return f"{t(f'rank.{node.rank}')} · {node.name.of(t.language)}"


def _go(id_):
    st.session_state.dossier_of = id_


def _picked():
    pick = st.session_state["dossier-map"].pick
    st.session_state.turn = pick["turn"]
    if pick["place"] in st.session_state.catalogue.places:
        _go(pick["place"])


def _pdf(district, id_, t):
    from layers import print_dossier

    return print_dossier.pdf(district, id_, t, date=date.today().isoformat())
