"""The proof: the place, its gates, parts that add up, why not the next, and what to take away."""

from functools import partial

import streamlit as st

from gm_map.model import Level
from gm_map.reader.evidence import version
from layers import citations, note
from layers import proof as proofs
from layers.door import markdown
from views import parts, reading, weights
from views.state import LONGEST_LINKED

__all__ = ["empty", "show"]

_ICONS = {
    "yes": ":green[:material/check_circle:]",
    "near": ":blue[:material/adjust:]",
    "no": ":red[:material/cancel:]",
    "unknown": ":gray[:material/help:]",
}
_LEVELS = (Level.CLUSTER, Level.UNIT, Level.ZONE)


def empty(t):
    """Before there is a text: what will stand here."""
    st.caption(markdown(t("match.place_title")))
    for key in ("match.empty_4", "match.empty_5", "match.empty_6"):
        st.markdown(markdown(t(key)))


def show(district, ours, known, read, found, place, asked, t, choose):
    """Draw the proof.

    Parameters
    ----------
    district : District
    ours : Reader
    known : mapping
        Where terms come from.
    read : Read
    found : Match
    place : str or None
        The place that is looked at; None where the plan has none.
    asked : Asked
    t : Messages
    choose : callable
        Called with the id of the place to look at.
    """
    answer, _ = reading.told(district, ours, known, read, t)
    page = note.note(district, read, answer, found, place, weights.name(asked, t), t, version())
    with st.container(key="take", horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(markdown(t("match.place_title")))
        _take(district, page, found, place, asked, t)
    missing = proofs.outcome(district, found, t)
    if place is None:
        st.markdown(f"### {markdown(t('match.nowhere'))}")
        st.markdown(markdown(missing))
        st.markdown(f":gray[{markdown(t('match.nowhere_next'))}]")
        return
    shown = proofs.proof(district, found, place, t)
    levels = [level for level in _LEVELS if level in found.contests]
    st.session_state.match_level = shown.level
    st.segmented_control(
        t("match.level"),
        levels,
        key="match_level",
        format_func=lambda level: t(f"match.level_{level}"),
        label_visibility="collapsed",
        required=True,
        on_change=lambda: choose(found.contests[st.session_state.match_level].first_id),
    )
    if missing:
        st.markdown(f":gray[{markdown(missing)}]")
    st.markdown(f"### {markdown(shown.title)}")
    st.caption(markdown(shown.crumb))
    with st.container(horizontal=True, gap="small"):
        st.badge(markdown(shown.position), color="blue")
        given = shown.checks[0].state != "no"
        st.badge(markdown(t("match.ground", basis=shown.basis)), color="green" if given else "gray")
        contest = found.contests[shown.level]
        if contest.first_id == place:
            st.badge(markdown(t("match.leads", share=f"{contest.holds * 100:.0f}")), color="gray")
    st.markdown("  \n".join(_check(check, district.catalogue, t) for check in shown.checks))
    st.markdown(_parts(shown, district.catalogue, t))
    for title, words in shown.sentences:
        st.markdown(f"**{markdown(title)}**  {markdown(words)}")
    others = proofs.alternatives(found, shown.level)
    names = {other: proofs.named_places(district, [other], t) for other in others}
    st.session_state.match_other = place if place in others else None
    st.pills(
        t("match.others_title"),
        others,
        key="match_other",
        format_func=lambda other: markdown(f"{names[other]} {found.place(other).score:.1f}"),
        on_change=lambda: choose(st.session_state.match_other or place),
    )


def _check(check, catalogue, t):
    standing = f":small[:gray[{markdown(t(f'standing.{check.standing}'))}]]"
    cite = f" {citations.linked(check.citation, check.cites, catalogue)}" if check.citation else ""
    return f"{_ICONS[check.state]} {markdown(check.text)} {standing}{cite}"


def _parts(shown, catalogue, t):
    """The parts as a table whose numbers add up to the last line."""
    head = (t("match.part"), t("match.value"), t("match.most"), t("match.rests_on"))
    lines = [list(map(markdown, head))]
    for part in shown.parts:
        told = [markdown(part.name), markdown(f"{part.value:.2f}"), markdown(f"{part.most:.0f}")]
        lines.append([*told, _ground(part, catalogue)])
    lines.append(list(map(markdown, (t("match.score"), f"{shown.score:.2f}", "100", ""))))
    told = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([told[0], "|:---|---:|---:|:---|", *told[1:]])


def _ground(part, catalogue):
    """What a part rests on; where the plan's text is at hand, the section at its end opens the sentence."""
    if citations.said(part.cites, catalogue) is None:
        return markdown(part.ground)
    section = part.cites[0].section
    return f"{markdown(part.ground.removesuffix(section))} {citations.linked(section, part.cites, catalogue)}"


def _take(district, page, found, place, asked, t):
    """What a person takes away: the text, the link, the page."""
    parts.clips(
        parts.scene_url(district, t),
        [
            {"kind": "text", "label": t("match.copy"), "text": note.text(page, t)},
            {"kind": "link", "label": t("match.link")},
        ],
        t("match.copied"),
        t("match.not_copied"),
    )
    opened = st.popover(t("match.note"), icon=":material/description:", key="note", on_change="rerun")
    with opened:
        st.caption(markdown(t("match.note_help")))
        st.download_button(
            t("match.note_docx"),
            partial(note.docx, page, district, found, place, t),
            file_name="match.docx",
            mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            key="note_docx",
            on_click="ignore",
            icon=":material/article:",
        )
        st.download_button(
            t("match.note_html"),
            lambda: note.html(page, district, found, place, t),
            file_name="match.html",
            mime="text/html",
            key="note_html",
            on_click="ignore",
            icon=":material/web:",
        )
        if opened.open:
            parts.clips(
                parts.scene_url(district, t),
                [{"kind": "print", "label": t("match.print"), "page": note.html(page, district, found, place, t)}],
                "",
                "",
                key="print",
            )
        if len(asked.text) > LONGEST_LINKED:
            st.caption(markdown(t("match.link_long", count=LONGEST_LINKED)))
