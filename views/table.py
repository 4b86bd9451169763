"""A whole table of projects: columns found and correctable, progress and cancel, results as table, map and files."""

import tempfile
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st

from gm_map.downloads import writing
from gm_map.errors import InputError
from gm_map.model import Level, Status
from gm_map.reader.evidence import version
from layers.door import markdown
from views import parts, weights
from views.job import Job, peek

__all__ = ["show"]

ACCEPTED = ["csv", "tsv", "txt", "xlsx", "parquet"]
KINDS = ("xlsx", "csv", "geojson")
WIDTHS = {"topic": 150, "cluster": 130, "unit": 150, "evidence": 200, "problem": 110, "between": 160}  # pixels
SHOWN = 5_000  # rows that the browser is given at once


def show(district, ours, asked, t, back):
    """Draw the page for a table.

    Parameters
    ----------
    district : District
    ours : Reader
    asked : Asked
    t : Messages
    back : callable
        Goes back to the single project.
    """
    left, right = st.columns([1.5, 2.2], gap="small")
    with left, st.container(key="file"):
        uploaded = st.file_uploader(t("match.table_file"), type=ACCEPTED, key="table_file")
    job = _job(uploaded)
    with right, st.container(key="columns"):
        _choose(uploaded, ours, district, asked, t, back)
    body, aside = st.columns([2.3, 1.4], gap="small")
    with body, st.container(key="rows", border=True):
        if job is None:
            st.markdown(f"### {markdown(t('match.table_title'))}")
            for key in ("match.table_2", "match.table_3"):
                st.markdown(markdown(t(key)))
        elif job.state == "running":
            _running(job, t)
        elif job.state == "done":
            _rows(district, job, asked, t)
        else:
            st.markdown(markdown(t("match.table_cancelled") if job.state == "cancelled" else job.error))
    with aside, st.container(key="counted"):
        _aside(district, job if job is not None and job.state == "done" else None, t)


def _job(uploaded):
    """The job of the file that is there; one whose file is gone is called off."""
    job = st.session_state.get("table_job")
    if job is not None and (uploaded is None or st.session_state.get("table_of") != uploaded.file_id):
        job.cancel()
        st.session_state.pop("table_job")
        return None
    return job


def _choose(uploaded, ours, district, asked, t, back):
    """Which column holds the texts, and the buttons."""
    names, columns, kind, encoding = (), None, "", None
    if uploaded is not None:
        try:
            names, columns, kind, encoding = peek(uploaded.getvalue(), uploaded.name)
        except InputError as error:
            st.error(markdown(error), icon=":material/error:")
    if names:
        found = "" if isinstance(columns, InputError) else columns.text
        st.selectbox(
            t("match.table_text"),
            names,
            index=names.index(found) if found else None,
            key=f"table_text-{uploaded.file_id}",
            placeholder=t("match.table_choose"),
        )
        st.caption(markdown(_told(columns, names, kind, encoding, t)))
    else:
        st.caption(markdown(t("match.table_1")))
    with st.container(horizontal=True, gap="small", key="table_actions"):
        chosen = st.session_state.get(f"table_text-{uploaded.file_id}") if names else None
        st.button(
            t("match.table_start"),
            type="primary",
            icon=":material/play_arrow:",
            key="table_start",
            disabled=not chosen,
            on_click=partial(_start, uploaded, chosen, ours, district, asked, t),
        )
        weights.popover(asked, t)
        st.button(t("match.one"), icon=":material/arrow_back:", key="match_one", on_click=back)


def _told(columns, names, kind, encoding, t):
    """What was found in the file besides."""
    told = [t("match.table_found", kind=kind.upper(), encoding=encoding or "–", count=len(names))]
    if isinstance(columns, InputError):
        told.append(t("match.table_no_text"))
    else:
        if columns.guessed:
            told.append(t("match.table_guessed"))
        if columns.name:
            told.append(t("match.table_name", name=columns.name))
    return " ".join(told)


def _start(uploaded, column, ours, district, asked, t):
    def words(problem):
        kind, _, rest = problem.partition(": ")
        try:
            return t(f"match.problem_{kind}") + (f": {rest}" if rest else "")
        except KeyError:  # the rest of a cell that held the sign between problems
            return problem

    job = Job(uploaded.getvalue(), uploaded.name, column, asked.chosen_weights, t.language, words)
    st.session_state.table_job = job.start(ours, district)
    st.session_state.table_of = uploaded.file_id
    st.session_state.pop("table_filter", None)


@st.fragment(run_every=0.5)
def _running(job, t):
    """How far it is; looks again twice a second, and the rest of the page stays as it is."""
    if job.state != "running":
        st.rerun()
    left = _duration(job.left(), t)
    told = t("match.table_left", rows=f"{job.rows:,}", share=f"{job.share * 100:.0f}", left=left)
    st.progress(min(job.share, 1.0), text=markdown(told))
    st.button(t("match.table_cancel"), icon=":material/stop_circle:", key="table_cancel", on_click=job.cancel)


def _duration(seconds, t):
    if seconds is None:
        return t("match.table_unknown")
    return (
        t("match.seconds", count=max(1, round(seconds)))
        if seconds < 90
        else t("match.minutes", count=round(seconds / 60))
    )


def _rows(district, job, asked, t):
    """The rows with a filter by status, and the files."""
    result, called = job.result, job.called
    status = result[called["status"]]
    bad = result[called["problem"]].is_not_null()
    counts = {"all": result.height, **{str(s): int((status == s).sum()) for s in Status}, "problem": int(bad.sum())}
    with st.container(horizontal=True, gap="small", key="files"):
        chosen = st.pills(
            t("match.table_filter"),
            list(counts),
            key="table_filter",
            default="all",
            required=True,
            wrap=True,
            format_func=lambda key: f"{t(f'match.filter_{key}')} {counts[key]:,}",
            label_visibility="collapsed",
        )
        for kind in KINDS:
            st.download_button(
                t(f"match.table_{kind}"),
                partial(_file, district, job, weights.name(asked, t), t, kind),
                file_name=f"{Path(job.name).stem[:60]}-match.{kind}",
                icon=":material/download:",
                key=f"table_{kind}",
                on_click="ignore",
            )
    kept = result if chosen == "all" else result.filter(bad if chosen == "problem" else status == chosen)
    _table(kept, job, t)
    shown = t("match.table_shown", count=f"{SHOWN:,}") if kept.height > SHOWN else ""
    took = t("match.table_took", rows=f"{result.height:,}", seconds=f"{job.seconds:.1f}")
    st.caption(markdown(" ".join(filter(None, (took, shown, t("match.table_counts"))))))


def _aside(district, job, t):
    """The map with how many rows go where."""
    counts = None if job is None else _counts(district, job)
    parts.map_of(
        parts.scene_url(district, t),
        {
            "language": t.language,
            "lit": None if counts is None else list(counts),
            "counts": counts,
            "selected": None,
            "labels": {"--gm-upload": t("match.upload"), "--gm-upload-hint": t("match.upload_hint")},
            "turn": st.session_state.get("turn", 0),
        },
        on_pick=lambda: None,
        key="table-map",
    )


def _table(frame, job, t):
    """The rows, our columns first; drawn on a canvas, so no text of a cell can be anything but text."""
    called = job.called
    first = ("row", "status", "topic", "cluster", "unit", "confidence", "problem", "evidence", "between")
    ours = {name: called[name] for name in first}
    rest = [name for name in frame.columns if name not in called.values()]
    words = {str(status): t(f"match.filter_{status}") for status in Status}
    order = [ours["row"], *([job.name_column] if job.name_column else []), *list(ours.values())[1:]]
    told = (
        frame.head(SHOWN)
        .with_columns(pl.col(ours["status"]).replace(words))
        .select(*order, *(name for name in rest if name not in order))
        .with_columns(pl.col(ours["confidence"]).map_elements("{:.2f}".format, return_dtype=pl.String))
        .with_columns(pl.col(pl.String).fill_null(""))
    )
    columns = {
        ours[name]: st.column_config.Column(t(f"match.column_{name}"), width=WIDTHS.get(name, 56)) for name in first
    }
    st.dataframe(told.to_pandas(), hide_index=True, height="stretch", column_config=columns)


def _counts(district, job):
    """How many rows go to each place, by id."""
    found = {}
    for level in (Level.UNIT, Level.CLUSTER, Level.ZONE):
        counted = dict(job.result[job.called[level]].drop_nulls().value_counts().iter_rows())
        for place in district.catalogue.at(level):
            if count := counted.get(place.name.of(job.language)):
                found[place.id] = count
    return found


def _file(district, job, weights_name, t, kind):
    """The result as a file, made when it is asked for."""
    points = {
        place.name.of(job.language): tuple(reversed(district.label_point(place.id)))
        for place in district.catalogue.places.values()
    }
    method = [
        (t("match.method_file"), job.name),
        (t("match.method_rows"), job.result.height),
        (t("match.method_text"), job.text_column),
        (
            t("match.method_versions"),
            t("match.note_versions", data=district.version, reader=version(), weights=weights_name),
        ),
        (t("match.method_how"), t("match.method_how_words")),
        (t("match.method_lines"), t("match.note_indicative")),
        (t("match.method_sources"), t("match.note_sources")),
    ]
    places = [job.called[level] for level in ("unit", "cluster", "zone")]
    with tempfile.TemporaryDirectory(prefix="gm_map_") as folder:
        target = Path(folder) / f"result.{kind}"
        with writing(target, (t("match.sheet_results"), t("match.sheet_method")), points, places) as writer:
            writer.write(job.result)
            writer.method(method)
        return target.read_bytes()
