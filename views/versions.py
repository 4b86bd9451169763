"""Links and the version of the data: each link bears one, and an older one says what has changed since."""

import streamlit as st

from gm_map import history
from layers import figures
from layers.door import markdown

__all__ = ["address", "moved", "show", "stamp"]

MOST_NAMED = 6


def moved(page) -> bool:
    """Whether the address is another than this page wrote last: opened by a link, or by a step back or forward.

    A bare address that another page leads to is the head's link: then the page shows what it showed before.
    """
    query = st.query_params.to_dict()
    last = st.session_state.setdefault("addresses", {}).get(page)
    stayed = st.session_state.get("page_shown") == page
    st.session_state.page_shown = page
    if last is None:
        return True
    query.pop("v", None)
    bare = not query.keys() - {"lang"}
    return query != last and not (bare and not stayed)


def address(page, wanted, district, t) -> None:
    """Make the address bar say this state: a link to it, with the version of the data at its end.

    Parameters
    ----------
    page : str
        The page's name, by which `moved` knows its own address again.
    wanted : mapping of str to str
        The query without language and version; empty for a page's beginning, whose address stays bare.
    district : District
    t : Messages
    """
    query = {**({} if t.language == "zh" else {"lang": t.language}), **wanted}
    st.session_state.setdefault("addresses", {})[page] = query
    now = st.query_params.to_dict()
    # Where the version alone is missing, the browser adds it in place (`stamp`): a new entry in its history would be
    # one from which nobody could step back.
    if {name: value for name, value in now.items() if name != "v"} != query:
        version = {"v": district.version[: history.LINKED]} if wanted else {}
        st.query_params.from_dict({**query, **version})


def stamp(district) -> str:
    """What the browser puts at the end of an address that says something and bears no version."""
    return district.version[: history.LINKED]


def show(district, t) -> None:
    """Above the page, where the link that opened it was made with other data: what changed, and if it matters."""
    if "linked_version" not in st.session_state:
        query = st.query_params.to_dict()
        st.session_state.linked_version = query.get("v", "")
        st.session_state.linked_query = query
    linked = st.session_state.linked_version
    if not linked or district.version.startswith(linked):
        return
    with st.container(key="old_link", border=True):
        known = history.version_of(linked)
        kept = history.snapshots(known.version) if known else None
        if kept is None:
            st.markdown(markdown(t("link.unknown_version", version=linked[:12], now=district.version)))
        else:
            changed = history.changes(district, kept)
            st.markdown(markdown(t("link.old", version=linked, date=known.date, now=district.version)))
            for sentence in _differences(district, kept, changed, t):
                st.caption(markdown(sentence))
        st.button(t("link.understood"), key="link_understood", on_click=_understood)


def _understood():
    st.session_state.linked_version = ""


def _differences(district, kept, changed, t):
    """What changed in the data, then whether what the link shows is the same."""
    catalogue, language = district.catalogue, t.language
    mark = t("card.list_mark")
    if not changed:
        yield t("link.same_data")
        return
    if changed.areas:
        told = [
            f"{catalogue.places[id_].short.of(language) if id_ in catalogue.places else id_} "
            f"{'–' if old is None else figures.plain(old)} → {'–' if new is None else figures.plain(new)} km²"
            for id_, old, new in changed.areas[:MOST_NAMED]
        ]
        yield t("link.areas", count=len(changed.areas), places=mark.join(told))
    if changed.topics:
        names = [catalogue.industries[id_].name.of(language) for id_ in changed.topics if id_ in catalogue.industries]
        yield t("link.topics", count=len(changed.topics), topics=mark.join(names[:MOST_NAMED]))
    query = st.session_state.linked_query
    topics = [
        topic
        for node in query.get("t", "").split(",")
        if node in catalogue.industries
        for topic in catalogue.topics_of(node)
    ]
    if topics:
        mode = "all" if query.get("m") == "all" else "any"
        then, now = history.lit(kept, topics, mode), history.lit(history.snapshot(district), topics, mode)
        if then == now:
            yield t("link.same_result", count=len(now))
        else:
            lost = [catalogue.places[id_].short.of(language) for id_ in sorted(then - now) if id_ in catalogue.places]
            gained = [catalogue.places[id_].short.of(language) for id_ in sorted(now - then)]
            yield t("link.other_result", lost=mark.join(lost) or "–", gained=mark.join(gained) or "–")
    named = {query.get("at"), query.get("id"), *query.get("ids", "").split(",")} & set(catalogue.places)
    touched = [id_ for id_, _, _ in changed.areas if id_ in named]
    if named:
        names = mark.join(catalogue.places[id_].short.of(language) for id_ in sorted(touched or named))
        yield t("link.place_changed" if touched else "link.place_same", places=names)
