"""The whole plan beside the map: indicators, roadmaps, programmes, policies, glossary, oddities, and a search."""

from functools import partial

import streamlit as st

from gm_map import plan_search, plan_text
from gm_map.model import Standing
from layers import citations
from layers import plan as told
from layers.door import markdown
from layers.glossary import explained
from views import actuals, parts, versions

__all__ = ["page"]

TABS = ("indicators", "roadmaps", "programmes", "glossary", "oddities")


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    if versions.moved("plan"):
        _from_link(district.catalogue)
    _body(district, t)


def _from_link(catalogue):
    """The tab, the words and the one thing that a link asks for."""
    query = st.query_params.to_dict()
    asked = query.get("g", "")
    tab = query.get("tab", "indicators")
    if asked.startswith("indicator-") and asked in catalogue.indicators:
        tab = "indicators"
    elif asked.startswith("glossary-") and asked in catalogue.glossary:
        tab = "glossary"
    else:
        asked = ""
    st.session_state.plan_tab = tab if tab in TABS else "indicators"
    st.session_state.plan_words = query.get("q", "")[:80]
    st.session_state.plan_one = asked
    st.session_state.plan_cite = query.get("c", "") if _cited(catalogue, query.get("c", "")) else ""


def _cited(catalogue, asked):
    """The citation that an address names: 411-2 a sentence, 411 a paragraph; None where nothing is cited so."""
    of_paragraphs = (
        cite
        for oddity in catalogue.oddities.values()
        for cite in citations.paragraphs(oddity.section, oddity.paragraphs)
    )
    known = (*plan_text.citations(catalogue), *of_paragraphs) if asked else ()
    return next((cite for cite in known if citations.address(cite) == asked), None)


def _quoted(catalogue, t):
    """The sentence that the link asks for, with its section; and why there is none."""
    shelf = plan_text.shelf(catalogue)
    if shelf.refused:
        st.caption(markdown(t("plan.text_refused")))
    cite = _cited(catalogue, st.session_state.get("plan_cite", ""))
    if cite is None:
        return
    with st.container(key="plan_cited", border=True):
        st.markdown(f"**{markdown(cite.section)}**")
        st.markdown(markdown(citations.said([cite], catalogue) or t("plan.cited_missing")))
        st.button(
            t("plan.cited_close"), key="plan_cited_close", on_click=partial(st.session_state.update, plan_cite="")
        )


@st.fragment
def _body(district, t):
    catalogue = district.catalogue
    with st.container(key="plan_head", horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            t("plan.search"), key="plan_words", placeholder=t("plan.search_hint"), label_visibility="collapsed"
        )
        words = st.session_state.plan_words.strip()
        hits = plan_search.find(catalogue, words) if words else None
        tab = st.segmented_control(
            t("plan.tabs"),
            TABS,
            key="plan_tab",
            required=True,
            format_func=lambda name: _label(catalogue, name, hits, t),
            label_visibility="collapsed",
            on_change=partial(st.session_state.update, plan_one=""),
        )
    _quoted(catalogue, t)
    with st.container(key="plan_body"):
        {
            "indicators": _indicators,
            "roadmaps": _roadmaps,
            "programmes": _programmes,
            "glossary": _glossary,
            "oddities": _oddities,
        }[tab](district, hits, t)
    wanted = {
        **({} if tab == "indicators" else {"tab": tab}),
        **({"q": words} if words else {}),
        **({"g": st.session_state.plan_one} if st.session_state.get("plan_one") else {}),
        **({"c": st.session_state.plan_cite} if st.session_state.get("plan_cite") else {}),
    }
    versions.address("plan", wanted, district, t)


def _label(catalogue, name, hits, t):
    counts = plan_search.counts(catalogue) if hits is None else {tab: len(found) for tab, found in hits.items()}
    return f"{t(f'plan.tab_{name}')} {counts[name]}"


def _indicators(district, hits, t):
    catalogue = district.catalogue
    entered = actuals.entered()
    only = None if hits is None else hits["indicators"]
    st.caption(markdown(t("plan.indicators_note")))
    groups = told.chart_groups(catalogue, t, entered, only, st.session_state.get("plan_one"))
    if not groups:
        st.markdown(markdown(t("plan.nothing")))
    parts.charts(parts.scene_url(district, t), groups)
    actuals.panel(catalogue, t)


def _roadmaps(district, hits, t):
    catalogue = district.catalogue
    only = None if hits is None else hits["roadmaps"]
    st.caption(markdown(t("plan.roadmaps_note")))
    boards = told.task_boards(catalogue, t, catalogue.roadmaps.values(), only)
    _boards(district, boards, t, "roadmaps")


def _programmes(district, hits, t):
    catalogue = district.catalogue
    only = None if hits is None else hits["programmes"]
    boards = told.task_boards(catalogue, t, catalogue.programmes.values(), only)
    measures = told.measure_boards(catalogue, t, only)
    st.caption(markdown(t("plan.programmes_note")))
    _boards(district, boards + measures, t, "programmes")


def _boards(district, boards, t, key):
    if not boards:
        st.markdown(markdown(t("plan.nothing")))
    parts.boards(parts.scene_url(district, t), boards, key=f"boards-{key}")


def _glossary(district, hits, t):
    catalogue = district.catalogue
    asked = st.session_state.get("plan_one")
    entries = [
        entry
        for entry in catalogue.glossary.values()
        if (hits is None or entry.id in hits["glossary"]) and (not asked or entry.id == asked)
    ]
    if asked:
        st.button(t("plan.all_terms"), icon=":material/arrow_back:", key="plan_all", on_click=_all_terms)
    if not entries:
        st.markdown(markdown(t("plan.nothing")))
    with st.container(key="plan_terms"):
        for entry in entries:
            other = entry.term.of("en" if t.language == "zh" else "zh")
            # A term does not explain itself inside its own explanation.
            gist = explained(entry.gist.of(t.language), catalogue, t, {entry.id})
            st.markdown(
                f"**{markdown(entry.term.of(t.language))}** :gray[{markdown(other)}]  \n{gist} "
                f"{citations.linked(entry.citation.section, (entry.citation,), catalogue)} "
                f":small[:gray[· {markdown(t(f'standing.{Standing.STATED}'))}]]"
            )


def _all_terms():
    st.session_state.plan_one = ""


def _oddities(district, hits, t):
    catalogue = district.catalogue
    only = None if hits is None else hits["oddities"]
    kinds = list(dict.fromkeys(oddity.kind for oddity in catalogue.oddities.values()))
    st.caption(markdown(t("plan.oddities_note")))
    kind = st.pills(
        t("plan.kind"),
        kinds,
        key="plan_oddity_kind",
        format_func=lambda one: t(f"plan.oddity_{one}"),
        label_visibility="collapsed",
    )
    table = told.oddity_table(catalogue, t, only, kind)
    parts.table(parts.scene_url(district, t), table, key="oddities")
