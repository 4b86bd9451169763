"""Matching: a text in, what was read in it, where the plan puts it, and the proof. Left to right, in one look."""

from functools import partial

import streamlit as st

from gm_map import match, needs
from gm_map.district import District
from gm_map.errors import InputError
from gm_map.ground import ground
from gm_map.reader.evidence import origins
from gm_map.reader.reader import LONGEST_TEXT, reader
from layers import proof as proofs
from layers.door import markdown
from views import parts, proof, reading, table, versions, weights
from views import state as link

__all__ = ["page"]

EXAMPLES = range(1, 9)


@st.cache_resource(show_spinner=False, hash_funcs={District: lambda district: district.version})
def _ready(district):
    """Reader, sources of its terms and the ground of the score, made before the first text comes."""
    ground(district)
    ours = reader()
    return ours, origins(ours.folded)


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    if versions.moved("match"):
        st.session_state.asked, unknown = link.read_match(st.query_params.to_dict(), district.catalogue)
        st.session_state.match_text = st.session_state.asked.text
        if unknown:
            st.toast(markdown(t("explore.link_unknown", parts=" ".join(unknown)[:80])), icon=":material/link_off:")
    _body(district, t)


@st.fragment
def _body(district, t):
    ours, known = _ready(district)
    asked = st.session_state.asked.having(language=t.language)
    if asked.table:
        table.show(district, ours, asked, t, _single)
    else:
        _one(district, ours, known, asked, t)
    wanted = link.write_match(st.session_state.asked.having(language=t.language))
    wanted.pop("lang", None)
    versions.address("match", wanted, district, t)


def _one(district, ours, known, asked, t):
    _ask(asked, t)
    read = found = None
    if asked.text.strip():
        read = ours.read(asked.text)
        needed = needs.extract(read.text)
        try:
            found = match.rank(district, read.readings, needed, asked.chosen_weights, status=read.status)
        except InputError as error:
            st.error(markdown(error))
    place = None
    if found is not None:
        known_here = {placed.id for placed in found.places}
        place = asked.selected if asked.selected in known_here else proofs.default(found)
    scene = parts.scene_url(district, t)
    left, middle, right = st.columns([1.22, 1.9, 1.5], gap="small")
    with left, st.container(key="said", border=True):
        if read is None:
            reading.empty(t)
        else:
            reading.show(district, ours, known, read, needed, t)
    with middle, st.container(key="where"):
        parts.map_of(
            scene,
            {
                "language": t.language,
                "lit": None if found is None else list(proofs.lit(found)),
                "selected": place or asked.selected,
                "turn": st.session_state.get("turn", 0),
            },
            on_pick=_picked,
            key="match-map",
        )
    with right, st.container(key="proof", border=True):
        if found is None:
            proof.empty(t)
        else:
            proof.show(district, ours, known, read, found, place, asked, t, _choose)


def _ask(asked, t):
    """The box, the examples, the actions."""
    left, right = st.columns([2.1, 1.6], gap="small")
    st.session_state.setdefault("match_text", asked.text)
    with left, st.container(key="ask"):
        st.text_area(
            t("match.text"),
            key="match_text",
            height=106,
            max_chars=LONGEST_TEXT,
            placeholder=t("match.text_hint"),
            label_visibility="collapsed",
            on_change=_typed,
        )
    with right, st.container(key="act"):
        st.pills(
            t("match.examples"),
            EXAMPLES,
            key="match_example",
            format_func=lambda number: markdown(t(f"match.example_{number}_name")),
            label_visibility="collapsed",
            on_change=partial(_exampled, t),
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="actions"):
            st.button(t("match.read"), type="primary", icon=":material/play_arrow:", key="match_read", on_click=_typed)
            weights.popover(asked, t)
            st.button(t("match.table"), icon=":material/table_rows:", key="match_table", on_click=_table)


def _typed():
    asked = st.session_state.asked
    text = st.session_state.match_text or ""
    if text != asked.text:
        st.session_state.asked = asked.having(text=text, selected=None)
        st.session_state.match_example = None


def _exampled(t):
    number = st.session_state.match_example
    if number is not None:
        text = t(f"match.example_{number}_text")
        st.session_state.match_text = text
        st.session_state.asked = st.session_state.asked.having(text=text, selected=None)


def _choose(place_id):
    st.session_state.asked = st.session_state.asked.having(selected=place_id)


def _picked():
    pick = st.session_state["match-map"].pick
    st.session_state.turn = pick["turn"]
    known = pick["place"] in st.session_state.catalogue.places
    _choose(pick["place"] if known else None)


def _table():
    st.session_state.asked = st.session_state.asked.having(table=True)


def _single():
    st.session_state.asked = st.session_state.asked.having(table=False)
