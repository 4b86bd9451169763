"""Taking the present state away: on paper, as data, as a pack for a meeting with no network, as a link or one file."""

from datetime import date
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from gm_map.exchange.write import ENDINGS
from gm_map.model import Level
from layers import pack, taken
from layers.door import markdown
from views import parts, shortlist
from views import state as link

__all__ = ["button"]

PAPERS = ("A4", "A3")
ORIENTATIONS = ("landscape", "portrait")
SHEETS = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}
LONGEST_TITLE = 60
LONGEST_APPROVAL = 40


def button(district, state, selection, active, t):
    """The button beside the map, and the dialog that it opens.

    Parameters
    ----------
    district : District
    state : State
        What the page shows.
    selection : gm_map.filters.Selection
    active : bool
        Whether a filter is set; without one everything is taken.
    t : Messages
    """
    if st.button(t("take.open"), key="take_open", icon=":material/download:"):
        st.dialog(t("take.open"), width="large", icon=":material/download:")(_body)(
            district, state, selection, active, t
        )


def _body(district, state, selection, active, t):
    ids = tuple(selection.ids) if active else None
    words = taken.words(district.catalogue, link.write(state, district.catalogue), t)
    names = [words or t("exchange.all_places")]
    if state.selected:
        names.append(t("take.selected", name=district.catalogue.places[state.selected].short.of(t.language)))
    st.caption(markdown(t("take.scope", words=" · ".join(names))))
    sheet, data, packed, linked = st.tabs([t(f"take.tab_{name}") for name in ("print", "data", "pack", "link")])
    with sheet, st.container(key="take_print"):
        _print(district, state, ids, words, t)
    with data, st.container(key="take_data"):
        _data(district, ids, words, t)
    with packed, st.container(key="take_pack"):
        _pack(district, state, selection, ids, words, t)
    with linked, st.container(key="take_link"):
        _link(district, state, selection, ids, t)


def _address(state, district):
    """The link to this state, as others can open it."""
    query = {**link.write(state, district.catalogue), "v": district.version[:6]}
    return f"{(st.context.url or '').split('?')[0].rstrip('/')}/?{urlencode(query, safe=',')}"


def _print(district, state, ids, words, t):
    st.caption(markdown(t("take.print_note")))
    with st.container(horizontal=True, gap="medium", key="take_paper_row"):
        paper = st.segmented_control(t("take.paper"), PAPERS, default="A4", required=True, key="take_paper")
        orientation = st.segmented_control(
            t("take.orientation"),
            ORIENTATIONS,
            default="landscape",
            required=True,
            key="take_orientation",
            format_func=lambda one: t(f"take.{one}"),
        )
    title = st.text_input(
        t("take.map_title"), key="take_title", max_chars=LONGEST_TITLE, placeholder=t("map.map"), autocomplete="off"
    )
    # What a dialog's fields hold is gone when it closes; the number is the same for the next sheet.
    approval = st.text_input(
        t("take.approval"),
        value=st.session_state.get("approval", ""),
        key="take_approval",
        max_chars=LONGEST_APPROVAL,
        help=markdown(t("take.approval_help")),
        autocomplete="off",
    )
    st.session_state.approval = approval
    wanted = {
        "lit": ids,
        "filter_words": words,
        "selected": state.selected,
        "paper": paper,
        "orientation": orientation,
        "title": title.strip() or None,
        "approval": approval.strip(),
        "date": date.today().isoformat(),
        "link": _address(state, district),
    }
    with st.container(horizontal=True, gap="small", key="take_sheets"):
        for kind, mime in SHEETS.items():
            st.download_button(
                kind.upper(),
                partial(_sheet, district, kind, wanted, t),
                file_name=f"gm-map-{paper}-{orientation}-{t.language}.{kind}",
                mime=mime,
                icon=":material/download:",
                key=f"take_{kind}",
                type="primary" if kind == "pdf" else "secondary",
                on_click="ignore",
            )


def _sheet(district, kind, wanted, t):
    from layers import print as sheets  # brings the type setter with it

    return {"pdf": sheets.pdf, "png": sheets.png, "svg": sheets.svg}[kind](district, t, **wanted)


def _data(district, ids, words, t):
    st.caption(markdown(t("take.data_note")))
    level = st.pills(
        t("take.level"),
        ("all", *Level),
        default="all",
        required=True,
        key="take_level",
        format_func=lambda one: t("take.all_levels") if one == "all" else t(f"level.{one}"),
    )
    levels = tuple(Level) if level == "all" else (Level(level),)
    held = [
        place.id
        for place in district.catalogue.places.values()
        if place.level in levels and (ids is None or place.id in ids)
    ]
    if not held:
        st.markdown(markdown(t("take.nothing")))
        return
    st.markdown(markdown(t("take.count", count=len(held)) + (t("take.fitting") if ids is not None else "")))
    with st.container(horizontal=True, gap="small", key="take_formats"):
        for format_ in ENDINGS:
            st.download_button(
                t(f"take.as_{format_}"),
                partial(_file, district, format_, levels, ids, words, t),
                file_name=f"gm-map-{level}-{district.version[:6]}{pack.ending(format_)}",
                mime="application/octet-stream",
                icon=":material/download:",
                key=f"take_as_{format_}",
                on_click="ignore",
            )


def _file(district, format_, levels, ids, words, t):
    return pack.data_file(
        district, format_, t, levels=levels, ids=ids, filter_words=words, date=date.today().isoformat()
    )


def _pack(district, state, selection, ids, words, t):
    catalogue = district.catalogue
    st.caption(markdown(t("take.pack_note", most=pack.MOST_ON_PAPER)))
    # The browser alone knows the shortlist: it says so when it is asked.
    parts.kept(_kept)
    kept, notes = st.session_state.get("take_kept", ((), {}))
    lit = [id_ for id_ in ids or () if catalogue.places[id_].level == Level.UNIT]
    first = list(dict.fromkeys([*filter(None, [state.selected]), *kept, *lit]))
    chosen = st.multiselect(
        t("take.pack_places"),
        list(catalogue.places),
        default=first,
        key=f"take_places-{len(kept)}",
        format_func=lambda id_: catalogue.places[id_].short.of(t.language),
        placeholder=t("take.pack_all", count=len(catalogue.places)),
    )
    wanted = {
        "state": _shown(state, selection, ids),
        "places": tuple(chosen),
        "notes": notes,
        "filter_words": words,
        "link": _address(state, district),
        "date": date.today().isoformat(),
    }
    st.download_button(
        t("take.get_pack"),
        partial(pack.pack, district, t, **wanted),
        file_name=f"gm-map-pack-{t.language}-{date.today().isoformat()}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        key="take_get_pack",
        type="primary",
        on_click="ignore",
    )


def _kept():
    told = st.session_state.kept.told or {}
    catalogue = st.session_state.catalogue
    items = [item for item in told.get("items", []) if isinstance(item, dict) and item.get("id") in catalogue.places]
    _, notes = shortlist.told(told, catalogue)
    st.session_state.take_kept = (tuple(item["id"] for item in items), notes)


def _shown(state, selection, ids):
    """The state as the one-file page takes it."""
    return {
        "topics": list(state.topics),
        "places": list(state.places),
        "mode": state.mode,
        "lit": None if ids is None else list(ids),
        "reasons": {} if ids is None else {id_: str(selection.basis(id_) or "") for id_ in ids},
        "selected": state.selected,
    }


def _link(district, state, selection, ids, t):
    st.caption(markdown(t("take.link_note")))
    st.code(_address(state, district), language=None, wrap_lines=True)
    buttons = [{"kind": "text", "label": t("take.copy_link"), "text": _address(state, district)}]
    parts.clips(parts.scene_url(district, t), buttons, t("take.copied"), t("take.copy_failed"), key="take_clips")
    st.caption(markdown(t("take.page_note")))
    st.download_button(
        t("take.get_page"),
        partial(_page, district, _shown(state, selection, ids), t),
        file_name=f"gm-map-{t.language}.html",
        mime="text/html",
        icon=":material/html:",
        key="take_page",
        on_click="ignore",
    )


def _page(district, shown, t):
    from layers import page  # Folium takes 0.8 s to import

    return page.page(district, t, state=shown).encode()
