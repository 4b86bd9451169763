"""What was read in the text: the words that counted, the place in the industry tree, how sure, and "this is wrong"."""

from functools import partial

import streamlit as st

from gm_map import feedback
from gm_map.errors import InputError
from gm_map.model import Rank, Status
from gm_map.reader.evidence import SHADES, evidence, marks, version
from layers import figures
from layers import reading as told_of
from layers.door import markdown
from views import parts

__all__ = ["empty", "show", "told"]

_BADGES = {
    Status.MATCH: ("green", ":material/check_circle:"),
    Status.UNSURE: ("orange", ":material/call_split:"),
    Status.NONE: ("gray", ":material/do_not_disturb_on:"),
}


def empty(t):
    """Before there is a text: what will stand here."""
    st.caption(markdown(t("match.read_title")))
    st.markdown(f"### {markdown(t('match.empty_title'))}")
    for key in ("match.empty_1", "match.empty_2", "match.empty_3"):
        st.markdown(markdown(t(key)))


def told(district, ours, known, read, t):
    """The answer as text, and the evidence that it rests on."""
    rests = evidence(read.readings[0], ours.folded, known)
    return told_of.told(read, district.catalogue, rests, ours.weights.limits, t), rests


def show(district, ours, known, read, needed, t):
    """Draw what was read.

    Parameters
    ----------
    district : District
    ours : Reader
    known : mapping
        Where terms come from, by folded term.
    read : Read
    needed : Needs
    t : Messages
    """
    answer, rests = told(district, ours, known, read, t)
    colour, icon = _BADGES[read.status]
    with st.container(key="heard", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(markdown(t("match.read_title")))
        st.badge(markdown(t(f"match.status_{read.status}")), color=colour, icon=icon)
        _wrong(district, read, t)
    spans = [(amount.start, amount.end) for amount in needed.found if amount.asked]
    spans += [(need.start, need.end) for need in needed.asked]
    parts.marks(
        parts.scene_url(district, t),
        [
            {"text": read.text[mark.start : mark.end], "shade": mark.shade, "asked": mark.asked}
            for mark in marks(read.text, read.readings[0], spans)
        ],
        [
            {"look": f"gm-for-{SHADES}", "sample": t("match.key_sample"), "text": t("match.key_for")},
            {"look": "gm-against", "sample": t("match.key_sample"), "text": t("match.key_against")},
            {"look": "gm-asked", "sample": t("match.key_sample"), "text": t("match.key_asked")},
        ],
    )
    if answer.path:
        st.markdown(f":gray[{markdown(answer.path)} ›]  \n**{markdown(answer.title)}**")
    else:
        st.markdown(f"**{markdown(answer.title)}**")
    for line in answer.lines:
        st.markdown(f":gray[{markdown(line)}]")
    if read.status == Status.UNSURE and len(read.readings) > 1:
        st.markdown(f"**{markdown(answer.others[0])}**")
    means = markdown(t("match.sure_means"))
    st.progress(min(answer.confidence, 1.0), text=f"**{markdown(answer.sure)}**  :gray[{means}]")
    st.markdown(_table(rests, t))
    others = answer.others[1:] if read.status == Status.UNSURE else answer.others
    if others:
        told_others = "  \n".join(f":gray[{markdown(other)}]" for other in others)
        st.markdown(f"**{markdown(t('match.others_read'))}**  \n{told_others}")


def _table(rests, t):
    """The evidence as a table whose numbers add up to the last line."""
    rows = [(row.term, figures.signed(row.weight), t(f"match.origin_{_origin(row)}")) for row in rests.rows]
    rows.append((t("match.rest"), figures.signed(rests.rest), t("match.rest_origin")))
    rows.append((t("match.base"), figures.signed(rests.base), t("match.base_origin")))
    lines = [
        (t("match.term"), t("match.value"), t("match.origin")),
        *rows,
        (t("match.total"), figures.signed(rests.total), ""),
    ]
    told = ["| " + " | ".join(map(markdown, line)) + " |" for line in lines]
    return "\n".join([told[0], "|:---|---:|:---|", *told[1:]])


def _origin(row):
    """A source that nobody put into words is a trade's."""
    return row.origin if row.origin in told_of.ORIGINS else "trade"


def _wrong(district, read, t):
    """The form with which a person says what it should have been."""
    catalogue = district.catalogue
    topics = [node.id for node in catalogue.of_rank(Rank.TOPIC)]
    with st.popover(t("match.wrong"), icon=":material/flag:", key="wrong"):
        st.caption(markdown(t("match.wrong_help")))
        st.selectbox(
            t("match.wrong_right"),
            ["none", *topics],
            index=None,
            key="wrong_topic",
            placeholder=t("match.wrong_choose"),
            format_func=lambda topic: (
                t("match.none_name") if topic == "none" else " › ".join(reversed(told_of.path(catalogue, topic, t)))
            ),
        )
        st.button(t("match.wrong_keep"), key="wrong_keep", on_click=partial(_keep, catalogue, read.text, t))
        if "wrong_kept" in st.session_state:
            st.caption(markdown(st.session_state.pop("wrong_kept")))


def _keep(catalogue, text, t):
    topic = st.session_state.wrong_topic
    if topic is None:
        st.session_state.wrong_kept = t("match.wrong_choose")
        return
    name = topic if topic == "none" else catalogue.industries[topic].name.zh
    try:
        path = feedback.keep(text, name, version())
    except InputError as error:
        st.session_state.wrong_kept = str(error)
    else:
        st.session_state.wrong_kept = t("match.wrong_kept", path=path)
