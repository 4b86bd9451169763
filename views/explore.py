"""Looking: find, see, read. The finder, the map and the card of the chosen place, left to right."""

import streamlit as st

from gm_map import basemaps, filters, search
from gm_map.model import Level
from layers.door import markdown
from views import card, parts, take, versions
from views import state as link

__all__ = ["page"]

# What a find can lead to here: a place, a filter, or a point of the map.
LEADS = ("place", "industry", "term", "landmark", "glossary")


def page(district, t):
    """Draw the page; clicks rerun only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    catalogue = district.catalogue
    if versions.moved("explore"):
        st.session_state.state, unknown = link.read(st.query_params.to_dict(), catalogue, basemaps.load().ids)
        if unknown:
            st.toast(markdown(t("explore.link_unknown", parts=" ".join(unknown)[:80])), icon=":material/link_off:")
    _body(district, t)


@st.fragment
def _body(district, t):
    catalogue = district.catalogue
    state = st.session_state.state.having(language=t.language)
    scene = parts.scene_url(district, t)
    asked = filters.Filter(
        nodes=state.topics,
        zones=tuple(place for place in state.places if catalogue.places[place].level == Level.ZONE),
        clusters=tuple(place for place in state.places if catalogue.places[place].level == Level.CLUSTER),
        mode=state.mode,
    )
    selection = filters.select(catalogue, asked)
    lit = list(selection.ids) if asked.active else None
    query = st.session_state.get("query", "")
    turn = st.session_state.get("turn", 0)
    left, middle, right = st.columns([1.16, 2.75, 1.24], gap="small")
    with left, st.container(key="find"):
        parts.finder(
            scene,
            {
                "topics": list(state.topics),
                "places": list(state.places),
                "mode": state.mode,
                "lit": lit,
                "reasons": {place: str(selection.basis(place) or "") for place in selection.ids}
                if asked.active
                else {},
                "selected": state.selected,
                "turn": turn,
                "query": query,
                "hits": _hits(district, query, t),
            },
            on_filter=_filtered,
            on_pick=lambda: _picked(st.session_state.finder.pick),
            on_query=lambda: st.session_state.update(query=st.session_state.finder.query or ""),
            on_taken=lambda: st.session_state.update(query=""),
        )
    with middle, st.container(key="see"):
        parts.map_of(
            scene,
            {"language": t.language, "lit": lit, "selected": state.selected, "turn": turn, "base": state.base},
            on_pick=lambda: _picked(st.session_state.map.pick),
            on_base=lambda: _based(st.session_state.map.base),
        )
        take.button(district, state, selection, asked.active, t)
    with right, st.container(key="read", border=True):
        if state.selected:
            card.show(district, state.selected, t, _pick)
        else:
            card.empty(district, t)
    wanted = link.write(state, catalogue)
    wanted.pop("lang", None)
    versions.address("explore", wanted, district, t)


def _filtered():
    asked = st.session_state.finder.filter
    catalogue = st.session_state.catalogue
    st.session_state.turn = asked["turn"]
    st.session_state.state = st.session_state.state.having(
        topics=tuple(topic for topic in asked["topics"] if topic in catalogue.industries),
        places=tuple(place for place in asked["places"] if place in catalogue.places),
        mode="all" if asked["mode"] == "all" else "any",
    )


def _picked(pick):
    st.session_state.turn = pick["turn"]
    _pick(pick["place"])


def _based(base):
    st.session_state.turn = base["turn"]
    known = base["id"] in basemaps.load().ids
    st.session_state.state = st.session_state.state.having(base=base["id"] if known else None)


def _pick(place_id):
    known = place_id in st.session_state.catalogue.places
    st.session_state.state = st.session_state.state.having(selected=place_id if known else None)


def _hits(district, query, t):
    """What the search found, as the finder shows it: name, kind, where it leads on this page."""
    if not query.strip():
        return []
    shown = []
    for hit in search.search(district, query, limit=8, kinds=LEADS):
        target = _target(district, hit)
        if target:
            key = hit.id or hit.name.zh
            shown.append({"key": key, "name": hit.name.of(t.language), "kind": t(f"search.{hit.kind}"), **target})
    return shown


def _target(district, hit):
    """A place to open, topics to filter by, or a point to look at; None for what this page cannot show."""
    catalogue = district.catalogue
    nowhere = {"place": None, "topics": [], "at": None}
    if hit.kind == "place":
        return {**nowhere, "place": hit.id}
    if hit.kind in ("industry", "term"):
        topics = catalogue.topics_of(hit.id)
    elif hit.kind == "glossary":
        topics = catalogue.glossary[hit.id].topic_ids
    else:
        at = district.landmark_point(hit.name.zh)
        return {**nowhere, "at": list(at)} if at else None
    return {**nowhere, "topics": list(topics)} if topics else None
