"""The table of parks or firms: handed in or made up, which column holds what, in which unit, and what was read."""

from pathlib import Path

import streamlit as st

from gm_map import efficiency_read
from gm_map.datum import Datum
from gm_map.efficiency_columns import AMOUNTS, KINDS, ROLES, UNITS, find_park_columns
from gm_map.errors import InputError
from gm_map.locate import AUTO
from layers.door import markdown
from layers.efficiency import unit_name

__all__ = ["bar", "parks"]

ACCEPTED = ["csv", "tsv", "txt", "xlsx", "parquet"]
EXAMPLE = Path(__file__).resolve().parent.parent / "static" / "examples" / "parks.csv"


def _source():
    """Name and content of the table in use, and what stands for it; None where there is none."""
    uploaded = st.session_state.get("land_file")
    if uploaded is not None:
        return uploaded.name, uploaded.getvalue(), uploaded.file_id
    if st.session_state.get("land_example"):
        return EXAMPLE.name, EXAMPLE.read_bytes(), "example"
    return None


def bar(t):
    """The file, the example, and the columns where they can be corrected."""
    left, right = st.columns([1.35, 1], gap="small", vertical_alignment="center")
    with left:
        st.file_uploader(
            t("land.file"), type=ACCEPTED, key="land_file", help=t("land.file_help"), label_visibility="collapsed"
        )
    source = _source()
    with right, st.container(horizontal=True, gap="small", key="land_source", vertical_alignment="center"):
        if source is None:
            st.button(t("land.example"), icon=":material/science:", key="land_load", on_click=_load)
            st.caption(markdown(t("land.example_help")))
            return
        try:
            names, kind, encoding = efficiency_read.peek(source[1], source[0])
            found = _found(names, source[2])
        except InputError as error:
            st.error(markdown(error), icon=":material/error:")
            return
        with st.popover(t("land.columns"), icon=":material/view_column:", key="land_columns"):
            _columns(names, found, source[2], t)
        if source[2] == "example":
            st.button(t("land.unload"), icon=":material/close:", key="land_unload", on_click=_unload)
            st.badge(markdown(t("land.made_up")), color="orange", icon=":material/science:")
        facts = {"kind": kind.upper(), "encoding": encoding or "–", "columns": len(found.names), "all": len(names)}
        st.caption(markdown(t("land.found", **facts)))


def _load():
    st.session_state.land_example = True


def _unload():
    st.session_state.land_example = False


def _corrections(source_id):
    """What a person chose for this table: columns and units by role."""
    corrected = st.session_state.get("land_corrected", {})
    return corrected.get(source_id, ({}, {}))


def _found(names, source_id):
    columns, units = _corrections(source_id)
    return find_park_columns(names, columns, units)


def _correct(source_id, role, key, unit):
    columns, units = (dict(one) for one in _corrections(source_id))
    (units if unit else columns)[role] = st.session_state[key] or ""
    if unit and not units[role]:
        units.pop(role)
    st.session_state.land_corrected = {source_id: (columns, units)}


def _columns(names, found, source_id, t):
    st.caption(markdown(t("land.columns_help")))
    for role in ROLES:
        left, right = st.columns([2, 1], gap="small")
        key = f"land_column-{role}-{source_id}"
        st.session_state[key] = found.names.get(role)
        left.selectbox(
            t(f"land.role_{role}"),
            names,
            key=key,
            placeholder=t("land.no_column"),
            on_change=_correct,
            args=(source_id, role, key, False),
        )
        if role in AMOUNTS and role in found.names:
            key = f"land_unit-{role}-{source_id}"
            st.session_state[key] = found.units.get(role)
            right.selectbox(
                t("land.unit_of"),
                list(UNITS[KINDS[role]]),
                key=key,
                placeholder=t("land.choose_unit"),
                format_func=lambda unit: unit_name(unit, t),
                on_change=_correct,
                args=(source_id, role, key, True),
            )
    if {"longitude", "latitude"} <= set(found.names):
        st.selectbox(
            t("land.datum"),
            [AUTO, *Datum],
            key="land_datum",
            format_func=lambda datum: t(f"land.datum_{datum}"),
        )


def parks(district, t):
    """What was read: the parks and what the table is called; (None, "") with a sentence where there is nothing."""
    source = _source()
    if source is None:
        return None, ""
    name, content, source_id = source
    columns, units = _corrections(source_id)
    datum = st.session_state.get("land_datum", AUTO)
    key = (source_id, tuple(sorted(columns.items())), tuple(sorted(units.items())), datum, district.version)
    known = st.session_state.get("land_parks")
    if known is None or known[0] != key:
        try:
            names, _, _ = efficiency_read.peek(content, name)
            found = find_park_columns(names, columns, units)
            if "land" not in found.names:
                st.warning(markdown(t("land.ask_land")), icon=":material/help:")
                return None, ""
            if found.untold:
                roles = t("card.list_mark").join(
                    f"{t(f'land.role_{role}')} ({found.names[role]})" for role in found.untold
                )
                st.warning(markdown(t("land.ask_unit", columns=roles)), icon=":material/help:")
                return None, ""
            read = efficiency_read.read_parks(district, content, name, columns=columns, units=units, datum=datum)
        except InputError as error:
            st.error(markdown(error), icon=":material/error:")
            return None, ""
        known = st.session_state.land_parks = (key, read)
    return known[1], name
