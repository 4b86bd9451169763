"""The data: every layer and table with source, method, licence, version and download; what changed; every field."""

from datetime import date
from functools import partial

import streamlit as st

from gm_map import datasets as held
from gm_map.exchange.write import ENDINGS
from layers import datasets as told
from layers import pack
from layers.door import markdown
from views import parts, versions

__all__ = ["page"]

TABS = ("sets", "sources", "changes", "fields")
LONGEST_WORDS = 80
_MIME = {".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json", ".zip": "application/zip"}


@st.cache_resource(show_spinner=False)
def _sets(version, _district):
    """All datasets, read once for a version of the data: their files are many."""
    return held.datasets(_district)


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    sets = _sets(district.version, district)
    if versions.moved("data"):
        _from_link(sets, t)
    _body(district, sets, t)


def _from_link(sets, t):
    """The tab, the words, the group and the dataset that a link asks for."""
    query = st.query_params.to_dict()
    asked, tab, group = query.get("set", ""), query.get("tab", "sets"), query.get("in", "")
    known = any(one.id == asked for one in sets)
    unknown = [
        *([asked] if asked and not known else []),
        *([tab] if tab not in TABS else []),
        *([group] if group and group not in held.GROUPS else []),
    ]
    if unknown:
        st.toast(markdown(t("explore.link_unknown", parts=" ".join(unknown)[:80])), icon=":material/link_off:")
    st.session_state.data_set = asked if known else None
    st.session_state.data_tab = tab if tab in TABS else "sets"
    st.session_state.data_group = group if group in held.GROUPS else None
    st.session_state.data_words = query.get("q", "")[:LONGEST_WORDS]


@st.fragment
def _body(district, sets, t):
    with st.container(key="data_head", horizontal=True, vertical_alignment="center", gap="small"):
        words = st.text_input(
            t("data.search"),
            key="data_words",
            max_chars=LONGEST_WORDS,
            placeholder=t("data.search"),
            label_visibility="collapsed",
        ).strip()
        tab = st.segmented_control(
            t("data.title"),
            TABS,
            key="data_tab",
            required=True,
            format_func=lambda name: t(f"data.tab_{name}"),
            label_visibility="collapsed",
        )
    with st.container(key="data_told"):
        {"sets": _list, "sources": _sources, "changes": _changes, "fields": _fields}[tab](district, sets, words, t)
    chosen, group = st.session_state.get("data_set"), st.session_state.get("data_group")
    wanted = {
        **({} if tab == "sets" else {"tab": tab}),
        **({"in": group} if group and tab == "sets" else {}),
        **({"q": words} if words else {}),
        **({"set": chosen} if chosen and tab == "sets" else {}),
    }
    versions.address("data", wanted, district, t)


def _list(district, sets, words, t):
    found = held.find(sets, words, district)
    group = st.pills(
        t("data.group"),
        held.GROUPS,
        key="data_group",
        format_func=lambda one: f"{t(f'data.group_{one}')} {sum(other.group == one for other in found)}",
        label_visibility="collapsed",
    )
    chosen = next((one for one in sets if one.id == st.session_state.get("data_set")), None)
    left, right = st.columns([1.7, 1.15], gap="medium")
    with left, st.container(key="data_listed"):
        shown = told.table(found, district, t, selected=chosen and chosen.id, group=group)
        parts.table(parts.scene_url(district, t), {**shown, "height": "calc(100vh - 210px)"}, "data_list", _picked)
    with right, st.container(key="data_one"):
        if chosen is None:
            st.markdown(f"### {markdown(t('data.title'))}")
            st.markdown(markdown(t("data.intro", count=len(sets), version=district.version)))
            st.markdown(markdown(t("app.indicative_help")))
            for name in ("odbl", "plan", "facts", "own"):
                st.caption(markdown(t(f"data.licence_{name}")))
        else:
            _one(district, sets, chosen, t)


def _one(district, sets, chosen, t):
    scene = parts.scene_url(district, t)
    st.caption(markdown(f"{t(f'data.group_{chosen.group}')} · {chosen.id}"))
    st.markdown(f"### {markdown(chosen.name.of(t.language))}")
    st.markdown(markdown(chosen.about.of(t.language)))
    lines = [f":gray[{markdown(name)}] {markdown(value)}" for name, value in told.facts(chosen, district, t)]
    st.markdown("  \n".join(lines))
    with st.container(key="data_files", horizontal=True, gap="small"):
        name = chosen.files[0] if len(chosen.files) == 1 and not chosen.kind else None
        name = name or f"{chosen.id}{'.geojson' if chosen.kind else '.zip'}"
        st.download_button(
            t("data.as_it_is", name=name, size=told.size(chosen.bytes)),
            lambda: held.content(chosen)[1],
            file_name=name,
            mime=_MIME.get(name[name.rfind(".") :], "application/octet-stream"),
            icon=":material/download:",
            key=f"data_get-{chosen.id}",
            on_click="ignore",
        )
        if chosen.level:
            for format_ in ENDINGS:
                st.download_button(
                    t(f"take.as_{format_}"),
                    partial(_exchanged, district, format_, chosen.level, t),
                    file_name=f"gm-map-{chosen.id}-{district.version[:6]}{pack.ending(format_)}",
                    mime="application/octet-stream",
                    key=f"data_as_{format_}",
                    on_click="ignore",
                )
    for sentence in told.licences(chosen, t):
        st.caption(markdown(sentence))
    if chosen.sources:
        st.markdown(f"**{markdown(t('data.tab_sources'))}**")
        sources = told.source_table(district, t, chosen.sources)
        parts.table(scene, {**sources, "height": "320px"}, "data_one_sources")
    if chosen.columns:
        st.markdown(f"**{markdown(t('data.tab_fields'))}**")
        fields = told.field_table(sets, t, of=chosen.id)
        parts.table(scene, {**fields, "height": "420px"}, "data_one_fields")


def _exchanged(district, format_, level, t):
    return pack.data_file(district, format_, t, levels=(level,), date=date.today().isoformat())


def _picked():
    st.session_state.data_set = st.session_state.data_list.pick["id"]


def _sources(district, sets, words, t):
    st.caption(markdown(t("data.sources_note")))
    shown = told.source_table(district, t, words=words)
    parts.table(parts.scene_url(district, t), {**shown, "height": "calc(100vh - 220px)"}, "data_sources")
    for name in ("odbl", "facts", "plan"):
        st.caption(markdown(t(f"data.licence_{name}")))


def _changes(district, sets, words, t):
    st.caption(markdown(t("data.changes_note", version=district.version)))
    log = told.changelog(district, t)
    if district.version not in [version for version, *_ in log]:
        st.markdown(markdown(t("data.change_unlisted", version=district.version)))
    shown = 0
    for version, day, text, lines in log:
        if not all(word in f"{version} {day} {text} {' '.join(lines)}".casefold() for word in words.casefold().split()):
            continue
        shown += 1
        now = f" · {t('data.now')}" if version == district.version else ""
        st.markdown(f"**{markdown(day)}** · {markdown(version)}{markdown(now)}  \n{markdown(text)}")
        for line in lines:
            st.caption(markdown(line))
    if not shown:
        st.markdown(markdown(t("data.nothing")))


def _fields(district, sets, words, t):
    st.caption(markdown(t("data.fields_note")))
    shown = told.field_table(sets, t, words)
    parts.table(parts.scene_url(district, t), {**shown, "height": "calc(100vh - 190px)"}, "data_fields")
