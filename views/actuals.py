"""Actual figures that a person enters or uploads, held against the plan's path. They stay in this session."""

import streamlit as st

from gm_map import pace, pace_table
from gm_map.errors import InputError
from layers.door import markdown

__all__ = ["entered", "panel"]

ACCEPTED = ["csv", "tsv", "txt", "xlsx"]
MOST_TOLD = 20  # rows that could not be read


def entered():
    """The figures of this session."""
    return tuple(st.session_state.get("actuals", ()))


def panel(catalogue, t):
    """Where figures are entered one by one, or taken from a table; what cannot be read comes back with its reason."""
    with st.expander(t("plan.enter"), icon=":material/edit_note:", key="plan_enter"):
        one, many = st.columns(2, gap="medium")
        with one, st.form("plan_actual", border=False, clear_on_submit=False):
            names = {indicator.id: indicator.name.of(t.language) for indicator in catalogue.indicators.values()}
            indicator = st.selectbox(t("plan.indicator"), list(names), format_func=names.get, key="plan_actual_of")
            left, right = st.columns(2)
            year = left.number_input(t("plan.year"), pace.EARLIEST, pace.LATEST, 2024, key="plan_actual_year")
            value = right.number_input(t("plan.value"), value=None, key="plan_actual_value", format="%g")
            if st.form_submit_button(t("plan.add"), icon=":material/add:") and value is not None:
                _add([pace.Actual(indicator, int(year), float(value))])
                st.rerun(scope="fragment")
        with many:
            uploaded = st.file_uploader(t("plan.table"), type=ACCEPTED, key="plan_table", help=t("plan.table_help"))
            if uploaded is not None and st.session_state.get("plan_table_of") != uploaded.file_id:
                st.session_state.plan_table_of = uploaded.file_id
                st.session_state.plan_refused = _read(catalogue, uploaded, t)
                st.rerun(scope="fragment")
            for sentence in st.session_state.get("plan_refused", ()):
                st.caption(markdown(sentence))
        if entered():
            st.button(
                t("plan.forget", count=len(entered())), icon=":material/delete:", key="plan_forget", on_click=_forget
            )


def _add(figures):
    """A later figure of the same indicator and year stands for the earlier one."""
    known = {(one.indicator_id, one.year): one for one in (*entered(), *figures)}
    st.session_state.actuals = tuple(sorted(known.values()))


def _forget():
    st.session_state.actuals = ()
    st.session_state.plan_refused = ()


def _read(catalogue, uploaded, t):
    """Take the good rows; sentences for the others."""
    try:
        good, refused = pace_table.read(catalogue, uploaded.getvalue(), uploaded.name)
    except InputError as error:
        return [str(error)]
    _add(good)
    told = [t("plan.row_refused", row=row, why=why) for row, why in refused[:MOST_TOLD]]
    return [t("plan.rows_taken", count=len(good), refused=len(refused)), *told]
