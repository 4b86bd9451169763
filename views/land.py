"""What land yields: parks or firms rated by indicators per hectare, graded, listed by unit, and shown on the map."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st

from gm_map import efficiency
from gm_map.efficiency_file import csv_bytes, workbook_bytes
from gm_map.efficiency_grades import GRADES, UNGRADED
from gm_map.errors import InputError
from layers import efficiency as told
from layers.door import markdown
from views import land_file, land_settings, parts

__all__ = ["page"]

TABS = ("rows", "units", "stability", "method")
IN_FULL = 300  # rows that our own table shows; more are drawn by one that scrolls through thousands
SHOWN = 5_000


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    query = {key: value for key, value in st.query_params.to_dict().items() if key != "lang"}
    if "land" not in st.session_state or query != st.session_state.get("land_linked"):
        # A link, or a step back in the browser's history.
        st.session_state.land = land_settings.read(query)
        st.session_state.land_example = query.get("ex") == "1"
        st.session_state.land_tab = query["tab"] if query.get("tab") in TABS else "rows"
        at = query.get("at")
        st.session_state.land_unit = at if at in told.units_of(district) else None
        st.session_state.land_linked = query
    _body(district, t)


@st.fragment
def _body(district, t):
    with st.container(key="land_head"):
        land_file.bar(t)
    parks, source = land_file.parks(district, t)
    if parks is None:
        _empty(district, t)
    else:
        _rated(district, parks, source, t)
    _link(t)


def _link(t):
    settings = land_settings.write(st.session_state.land)
    unit = st.session_state.get("land_unit")
    wanted = {
        **settings,
        **({"ex": "1"} if st.session_state.get("land_example") else {}),
        **({} if st.session_state.land_tab == "rows" else {"tab": st.session_state.land_tab}),
        **({"at": unit} if unit else {}),
    }
    st.session_state.land_linked = wanted
    wanted = {**({} if t.language == "zh" else {"lang": t.language}), **wanted}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _empty(district, t):
    """What the page does, while there is no table; and the map."""
    left, right = st.columns([2.3, 1.25], gap="small")
    with left, st.container(key="land_body", border=True):
        st.markdown(f"### {markdown(t('land.title'))}")
        for key in ("land.about_1", "land.about_2", "land.about_3", "land.about_4"):
            st.markdown(markdown(t(key)))
    with right, st.container(key="land_map"):
        _map(district, None, (), t)


def _assessed(parks, settings):
    """The rating, made once for a table and its settings."""
    known = st.session_state.get("land_result")
    if known is None or known[0] is not parks or known[1] != settings:
        known = st.session_state.land_result = (parks, settings, efficiency.assess(parks, settings))
    return known[2]


def _rated(district, parks, source, t):
    settings = st.session_state.land
    available = list(efficiency.indicators(parks))
    if not available:
        st.warning(markdown(t("land.ask_amount")), icon=":material/help:")
        _empty(district, t)
        return
    if settings.used and not set(settings.used) & set(available):
        settings = st.session_state.land = replace(settings, used=())
    try:
        result = _assessed(parks, settings)
    except InputError as error:
        st.error(markdown(error), icon=":material/error:")
        return
    lines = efficiency.by_unit(parks, result, told.units_of(district))
    with st.container(horizontal=True, gap="small", key="land_bar", vertical_alignment="center"):
        land_settings.bar(district, available, result, t)
        _files(district, parks, result, settings, source, t)
    if result.refused:
        st.warning(markdown(t(result.refused.key, **result.refused.facts)), icon=":material/balance:")
    _summary(parks, result, t)
    left, right = st.columns([2.3, 1.25], gap="small")
    with left, st.container(key="land_body"):
        tab = st.segmented_control(
            t("land.tabs"),
            TABS,
            key="land_tab",
            required=True,
            format_func=lambda name: t(f"land.tab_{name}"),
            label_visibility="collapsed",
        )
        {"rows": _rows, "units": _units, "stability": _stability, "method": _method}[tab](
            district, parks, result, lines, settings, source, t
        )
    with right, st.container(key="land_map"):
        _map(district, result, lines, t)


def _files(district, parks, result, settings, source, t):
    for kind in ("xlsx", "csv"):
        st.download_button(
            t(f"land.file_{kind}"),
            partial(_file, district, parks, result, settings, source, t, kind),
            file_name=f"{Path(source).stem[:60]}-land.{kind}",
            icon=":material/download:",
            key=f"land_{kind}",
            on_click="ignore",
        )


def _file(district, parks, result, settings, source, t, kind):
    made = told.sheets(district, parks, result, settings, source, t)
    return workbook_bytes(made) if kind == "xlsx" else csv_bytes(made[0][1])


def _summary(parks, result, t):
    """Counts by grade, rows without one, and the weights in use, in two lines."""
    counts = [
        (told.grade_name(number, t), int((result.grade == number).sum())) for number in (*range(GRADES), UNGRADED)
    ]
    words = " · ".join(f":gray[{markdown(name)}] **{count:,}**" for name, count in counts)
    weights = t("land.mark").join(
        f"{t(f'land.short_{id_}')} {weight * 100:.0f} %"
        for id_, weight in zip(result.ids, result.weights, strict=True)
        if weight > 0
    )
    with st.container(key="land_summary"):
        st.markdown(f"{markdown(t('land.count_rows', count=f'{len(parks):,}'))}: {words}")
        datum = ""
        if parks.datum is not None:
            key = (
                "land.datum_told"
                if parks.guess is None
                else "land.datum_guessed"
                if parks.guess.told
                else "land.datum_assumed"
            )
            datum = t(key, datum=t(f"land.datum_{parks.datum}"))
        st.caption(markdown(" ".join(filter(None, (t("land.weights_now", weights=weights or "–"), datum)))))


def _chosen(parks, rows):
    unit = st.session_state.get("land_unit")
    return [row for row in rows if parks.unit_ids[row] == unit] if unit else rows


def _rows(district, parks, result, lines, settings, source, t):
    unit = st.session_state.get("land_unit")
    rows = _chosen(parks, told.order(result))
    if unit:
        name = district.catalogue.places[unit].name.of(t.language)
        st.button(
            t("land.all_units", unit=name, count=len(rows)), icon=":material/close:", key="land_all", on_click=_all
        )
    st.caption(markdown(t("land.units_of_measure")))
    if len(rows) <= IN_FULL:
        parts.table(parts.scene_url(district, t), told.row_table(district, parks, result, t, rows), key="land-rows")
        return
    frame = told.sheets(district, parks, result, settings, source, t)[0][1][rows[:SHOWN]]
    ours = frame.columns[parks.frame.width :]
    name = [parks.columns.names["name"]] if "name" in parks.columns.names else []
    shown = frame.select(*name, *ours).with_columns(pl.col(pl.String).fill_null(""))
    st.dataframe(shown.to_pandas(), hide_index=True, height=520)
    if len(rows) > SHOWN:
        st.caption(markdown(t("land.shown", count=f"{SHOWN:,}", all=f"{len(rows):,}")))


def _units(district, parks, result, lines, settings, source, t):
    st.caption(markdown(t("land.units_list_words")))
    table = told.unit_table(district, lines, result, t, st.session_state.get("land_unit"))
    parts.table(parts.scene_url(district, t), table, key="land-units", on_pick=_picked_line)


def _stability(district, parks, result, lines, settings, source, t):
    if result.stability is None:
        st.markdown(markdown(t("land.nothing")))
        return
    scene = parts.scene_url(district, t)
    facts = {"swing": f"{settings.swing * 100:g}", "samples": result.stability.samples}
    st.markdown(markdown(t("land.stability_told", share=f"{result.stability.overall * 100:.0f}", **facts)))
    parts.table(scene, told.flow_table(result, t), key="land-flows")
    st.markdown(f"**{markdown(t('land.table_methods'))}**")
    st.caption(markdown(t("land.methods_help")))
    parts.table(scene, told.comparison_table(result, t), key="land-methods")
    for said in result.reasons.values():
        st.caption(markdown(t(said.key, **said.facts)))
    parts.table(scene, told.weight_table(result, t), key="land-weights-all")


def _method(district, parks, result, lines, settings, source, t):
    for what, value in told.method_rows(district, parks, result, settings, source, t):
        st.markdown(f":small[:gray[{markdown(what)}]]  \n{markdown(value)}")


def _map(district, result, lines, t):
    """The units in the colour of their mean score's grade, with how many rows each has."""
    held = [one for one in lines if one.unit_id]
    overlay = None
    if held:
        version = abs(hash(tuple((one.unit_id, one.rows, one.grade, one.score) for one in held)))
        overlay = told.drawn(district, held, t, version)
    parts.map_of(
        parts.scene_url(district, t),
        {
            "language": t.language,
            "lit": [one.unit_id for one in held] if held else None,
            "counts": {one.unit_id: one.rows for one in held} if held else None,
            "selected": st.session_state.get("land_unit"),
            "overlay": overlay,
            "labels": {"--gm-upload": t("match.upload"), "--gm-upload-hint": t("land.upload_hint")},
            "turn": st.session_state.get("turn", 0),
        },
        on_pick=_picked,
        key="land-map",
    )
    if held:
        st.caption(markdown(t("land.legend")))


def _all():
    st.session_state.land_unit = None


def _picked():
    pick = st.session_state["land-map"].pick
    st.session_state.turn = pick["turn"]
    catalogue = st.session_state.catalogue
    unit = pick["place"] if pick["place"] in catalogue.places else None
    st.session_state.land_unit = unit if unit and unit.startswith("unit-") else None


def _picked_line():
    st.session_state.land_unit = st.session_state["land-units"].pick["id"]
