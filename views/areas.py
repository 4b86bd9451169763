"""Checking: areas, sentences and a redrawn layer against the plan. Table and findings left, the map right."""

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from gm_map.check import codes, intake, run
from gm_map.check.refusal import Refused
from gm_map.check.results import Judgement, Outcome, Severity
from gm_map.district import District
from gm_map.errors import InputError
from layers import checks
from layers.door import markdown
from views import check_files, parts

__all__ = ["page"]

ACCEPTED = ["geojson", "json", "gpkg", "zip", "kml", "kmz", "gml", "dxf", "fgb", "parquet", "geoparquet"]
TABS = ("areas", "findings", "claims", "features", "changes")
DATUMS = ("as_is", "gcj02", "bd09")


@st.cache_resource(show_spinner=False, hash_funcs={District: lambda district: district.version})
def _shipped(district):
    """The check of the shipped map, made once a process."""
    return run.check(district)


def page(district, t):
    """Draw the page; what happens in it reruns only what is inside.

    Parameters
    ----------
    district : District
    t : Messages
    """
    _body(district, t)


@st.fragment
def _body(district, t):
    head, aside = st.columns([2.1, 1.45], gap="small")
    with head, st.container(key="check_file"):
        uploaded = st.file_uploader(t("check.file"), type=ACCEPTED, key="checked_file", label_visibility="collapsed")
    with aside, st.container(key="check_act"):
        st.segmented_control(
            t("check.unit"),
            list(checks.UNITS),
            key="check_unit",
            default="km2",
            required=True,
            format_func=lambda unit: t(f"check.unit_{unit}"),
            label_visibility="collapsed",
        )
        actions = st.container(horizontal=True, gap="small", key="check_actions")
    report, stamp = _checked(district, uploaded, actions, t)
    with actions:
        check_files.report_menu(report, district, t)
        _rules(t)
    left, right = st.columns([2.1, 1.45], gap="small")
    with left, st.container(key="check_body"):
        _told(report, district, uploaded is not None, t)
        tab = _tab(report, t)
        with st.container(key="check_table"):
            {"areas": _areas, "findings": _findings, "claims": _claims, "features": _features, "changes": _changes}[
                tab
            ](report, district, t)
    with right, st.container(key="check_map"):
        _map(report, district, stamp, tab, t)


# The file


def _checked(district, uploaded, actions, t):
    """The report of what is there, and a stamp that changes with it."""
    if uploaded is None:
        for name in ("check_layers", "check_of", "check_report", "check_failed", "check_hand"):
            st.session_state.pop(name, None)
        return _shipped(district), f"{district.version}-shipped"
    if st.session_state.get("check_of") != uploaded.file_id:
        st.session_state.check_of = uploaded.file_id
        st.session_state.check_hand = {}
        st.session_state.pop("check_report", None)
        _read(uploaded, t)
    if st.session_state.get("check_failed"):
        st.error(markdown(st.session_state.check_failed), icon=":material/error:")
        return _shipped(district), f"{district.version}-shipped"
    with actions, st.popover(t("check.options"), icon=":material/tune:"):
        options = _options(t)
    held = st.session_state.get("check_report")
    if held is None or held[0] != options:
        layers = st.session_state.check_layers
        chosen = [layer for layer in layers if options[0] is None or layer.name == options[0]]
        with st.spinner(t("check.working"), show_time=True):
            settled = run.Options(by_hand=dict(options[3]), uncertainty_m=options[1], datum=options[2])
            held = options, run.check_layer(district, intake.merge(chosen), settled)
        st.session_state.check_report = held
    return held[1], f"{district.version}-{uploaded.file_id}-{hash(options)}"


def _read(uploaded, t):
    """Read the file, in a process of its own, from a folder that goes away."""
    st.session_state.check_failed = None
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder, st.spinner(t("check.reading"), show_time=True):
        # The name that a person's machine gave the file is shown, and never a path of ours.
        target = Path(folder) / f"file{Path(uploaded.name).suffix.lower()[:12]}"
        target.write_bytes(uploaded.getbuffer())
        try:
            st.session_state.check_layers = intake.guarded(target, name=uploaded.name)
        except Refused as error:
            st.session_state.check_failed = t(f"check.refused_{error.key}", **error.facts)
        except InputError as error:
            st.session_state.check_failed = str(error)


def _options(t):
    """What a person settles about the file: layer, uncertainty, datum, and who is who."""
    names = [layer.name for layer in st.session_state.check_layers]
    with st.container(key="check_options"):
        layer = None
        if len(names) > 1:
            chosen = st.selectbox(t("check.layer"), [t("check.all_layers"), *names], key="check_layer")
            layer = chosen if chosen in names else None
        metres = st.number_input(
            t("check.uncertainty"),
            min_value=0.0,
            max_value=10_000.0,
            value=None,
            step=1.0,
            key="check_uncertainty",
            placeholder=t("check.uncertainty_none"),
            help=t("check.uncertainty_help"),
        )
        datum = st.selectbox(
            t("check.datum"),
            DATUMS,
            key="check_datum",
            format_func=lambda one: t(f"check.datum_{one}"),
            help=t("check.datum_help"),
        )
    hand = tuple(sorted(st.session_state.get("check_hand", {}).items(), key=lambda pair: pair[0]))
    return layer, metres, None if datum == "as_is" else datum, hand


# What was found, in a line and in tabs


def _told(report, district, handed_in, t):
    """What the file is, how its coordinates were read, and how much was found."""
    errors = sum(one.severity == Severity.ERROR for one in report.findings)
    warnings = sum(one.severity == Severity.WARNING for one in report.findings)
    with st.container(key="check_told"):
        if handed_in and report.crs is not None:
            st.markdown(
                f"**{markdown(report.name[:120])}** · {markdown(report.format)} · "
                + markdown(t("check.features", count=report.count))
            )
            st.caption(markdown(t(f"crs.{report.crs.key}", **report.crs.facts)))
        else:
            st.markdown(f"**{markdown(t('check.shipped', version=district.version))}**")
            st.caption(markdown(t("check.shipped_note")))
        if errors or warnings:
            with st.container(horizontal=True, gap="small"):
                if errors:
                    st.badge(markdown(t("check.errors", count=errors)), color="red", icon=":material/error:")
                if warnings:
                    st.badge(markdown(t("check.warnings", count=warnings)), color="orange", icon=":material/warning:")


def _tab(report, t):
    counts = {"findings": len(report.findings), "claims": len(report.claims)}
    shown = [tab for tab in TABS if report.crs is not None or tab not in ("features", "changes")]
    if st.session_state.get("check_tab") not in shown:
        st.session_state.check_tab = "areas"
    return st.segmented_control(
        t("check.tabs"),
        shown,
        key="check_tab",
        required=True,
        format_func=lambda tab: t(f"check.tab_{tab}") + (f" {counts[tab]}" if tab in counts else ""),
        label_visibility="collapsed",
    )


def _picked(key, where):
    st.session_state[where] = st.session_state[key].pick["id"]


def _areas(report, district, t):
    unit = st.session_state.check_unit
    selected = st.session_state.get("check_place")
    scene = parts.scene_url(district, t)
    parts.table(
        scene,
        {**checks.verdict_table(report, district, t, unit, selected), "height": "46vh"},
        key="verdicts",
        on_pick=partial(_picked, "verdicts", "check_place"),
    )
    unlike = [one for one in report.verdicts if one.judgement == Judgement.DISAGREES]
    asked = next((one for one in unlike if one.place_id == selected), unlike[0] if unlike else None)
    if asked is not None:
        name = checks.place_name(district, asked.place_id, t)
        st.markdown(f"**{markdown(t('check.why_not', place=name))}**  :gray[{markdown(t('check.by_residual'))}]")
        parts.table(scene, checks.cause_table(asked, t, unit), key="causes")
    st.markdown(f"**{markdown(t('check.sums'))}**")
    for key, facts in report.sums:
        st.markdown(markdown(t(f"sums.{key}", **facts)))
    st.markdown(f"**{markdown(t('check.balances'))}**")
    for line in checks.balance_lines(report, district, t, unit):
        st.caption(markdown(line))


def _findings(report, district, t):
    counts = {severity: sum(one.severity == severity for one in report.findings) for severity in Severity}
    chosen = st.pills(
        t("check.severity"),
        [severity for severity in Severity if counts[severity]],
        key="check_severity",
        format_func=lambda one: f"{t(f'check.severity_{one}')} {counts[one]}",
        label_visibility="collapsed",
    )
    table = checks.finding_table(report, district, t, chosen, st.session_state.get("check_finding"))
    parts.table(
        parts.scene_url(district, t),
        {**table, "height": "60vh"},
        key="findings",
        on_pick=partial(_picked, "findings", "check_finding"),
    )
    check_files.mend_button(report, t)


def _claims(report, district, t):
    counts = {outcome: sum(one.outcome == outcome for one in report.claims) for outcome in Outcome}
    chosen = st.pills(
        t("check.outcome"),
        list(Outcome),
        key="check_outcome",
        format_func=lambda one: f"{t(f'check.outcome_{one}')} {counts[one]}",
        label_visibility="collapsed",
    )
    table = checks.claim_table(report, district, t, chosen, st.session_state.get("check_claim"))
    parts.table(
        parts.scene_url(district, t),
        {**table, "height": "62vh"},
        key="claims",
        on_pick=partial(_picked, "claims", "check_claim"),
    )


def _features(report, district, t):
    """Which feature is which place; a person may say otherwise."""
    selected = st.session_state.get("check_row")
    st.caption(markdown(t("check.features_note")))
    parts.table(
        parts.scene_url(district, t),
        {**checks.identity_table(report, district, t, selected), "height": "52vh"},
        key="identities",
        on_pick=partial(_picked, "identities", "check_row"),
    )
    if selected is None:
        return
    row = int(selected.removeprefix("row-")) - 1
    now = next((one.place_id for one in report.identities if one.row == row), None)
    places = [None, *district.catalogue.places]
    st.selectbox(
        t("check.is", row=row + 1),
        places,
        index=places.index(now),
        key=f"check_is-{st.session_state.check_of}-{row}",
        format_func=lambda id_: t("check.nobody") if id_ is None else checks.place_name(district, id_, t),
        on_change=_said,
        args=(row,),
    )


def _said(row):
    st.session_state.check_hand = {
        **st.session_state.get("check_hand", {}),
        row: st.session_state[f"check_is-{st.session_state.check_of}-{row}"],
    }


def _changes(report, district, t):
    st.caption(markdown(t("check.changes_note")))
    selected = st.session_state.get("check_place")
    parts.table(
        parts.scene_url(district, t),
        {**checks.moved_table(report, district, t, st.session_state.check_unit, selected), "height": "46vh"},
        key="moved",
        on_pick=partial(_picked, "moved", "check_place"),
    )
    check_files.effects(report, district, t)


# The map, and the rules


def _map(report, district, stamp, tab, t):
    selected = st.session_state.get("check_place")
    at = _at(report, tab)
    overlay = checks.drawn(report, district, t, version=stamp, changes=tab == "changes", selected=selected, at=at)
    parts.map_of(
        parts.scene_url(district, t),
        {
            "language": t.language,
            "lit": None,
            "selected": selected,
            "overlay": overlay,
            "labels": {"--gm-upload": t("match.upload"), "--gm-upload-hint": t("check.upload_hint")},
            "turn": st.session_state.get("turn", 0),
        },
        on_pick=_chosen,
        on_point=_pointed,
        key="check-map",
    )


def _at(report, tab):
    """Where the chosen finding, or the chosen sentence, is to be looked at: latitude, longitude."""
    one = None
    if tab == "findings" and (chosen := st.session_state.get("check_finding")):
        number = int(chosen.removeprefix("finding-"))
        one = report.findings[number - 1] if number <= len(report.findings) else None
    if tab == "claims" and (chosen := st.session_state.get("check_claim")):
        one = next((claim for claim in report.claims if claim.claim_id == chosen), None)
    return None if one is None or one.lon is None else (round(one.lat, 6), round(one.lon, 6))


def _chosen():
    pick = st.session_state["check-map"].pick
    st.session_state.turn = pick["turn"]
    known = pick["place"] in st.session_state.catalogue.places
    st.session_state.check_place = pick["place"] if known else None


def _pointed():
    st.session_state.check_tab = "findings"
    st.session_state.check_severity = None
    st.session_state.check_finding = st.session_state["check-map"].point["id"]


def _rules(t):
    """The rules, as their table has them."""
    with st.popover(t("check.rules"), icon=":material/checklist:"), st.container(key="check_rules"):
        for code in codes.CODES.values():
            severity = t(f"check.severity_{code.severity}")
            st.markdown(
                f"**{markdown(code.code)}** :gray[{markdown(severity)}]  \n{markdown(code.meaning.of(t.language))}  \n"
                f":small[:gray[{markdown(code.remedy.of(t.language))}]]"
            )
