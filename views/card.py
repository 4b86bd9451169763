"""The card of a place in Streamlit's own elements. Every text passes the door before Markdown sees it."""

import streamlit as st

from gm_map.model import Standing
from layers import citations
from layers.cards import card, overview
from layers.door import markdown
from layers.glossary import explained
from views import shortlist

__all__ = ["badges", "empty", "lines", "show"]

_BADGES = {
    Standing.STATED: ("green", ":material/format_quote:"),
    Standing.DERIVED: ("blue", ":material/function:"),
    Standing.DRAWN: ("orange", ":material/edit:"),
    Standing.UNKNOWN: ("gray", ":material/help:"),
}


def show(district, place_id, t, pick):
    """Draw the card of a place.

    Parameters
    ----------
    district : District
    place_id : str
    t : Messages
    pick : callable
        Called with the id of another place when its button is pressed.
    """
    shown = card(district, place_id, t)
    st.caption(markdown(shown.crumb))
    st.markdown(f"### {markdown(shown.title)}")
    st.caption(markdown(shown.subtitle))
    with st.container(key="figures", horizontal=True, gap="medium"):
        for name, value in shown.figures:
            st.markdown(f":small[:gray[{markdown(name)}]]  \n**{markdown(value)}**", width="content")
    badges(shown.standings, t)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="card_actions"):
        shortlist.button(place_id, t, key="card_keep", dossier=True)
    seen = set()
    for section in shown.sections:
        st.markdown(f"**{markdown(section.title)}**  \n{lines(section, district.catalogue, t, seen)}")
    if shown.parents:
        with st.container(horizontal=True, gap="small"):
            for other, name in shown.parents:
                st.button(markdown(name), key=f"to-{other}", icon=":material/north_east:", on_click=pick, args=(other,))


def empty(district, t):
    """What stands where the card will be: the plan's layout, and how to read the map."""
    st.markdown(f"### {markdown(t('card.none_title'))}")
    st.caption(markdown(t("card.none")))
    for section in overview(district, t):
        st.markdown(f"**{markdown(section.title)}**  \n{_listed(section, district.catalogue)}")


def badges(standings, t):
    """How each part of a card is known, as small badges."""
    with st.container(horizontal=True, gap="small"):
        for standing, what in standings:
            colour, icon = _BADGES[standing]
            st.badge(f"{markdown(what)} {markdown(t(f'standing.{standing}'))}", color=colour, icon=icon)


def lines(section, catalogue, t, seen=None) -> str:
    """The lines of a section as Markdown, glossary terms explained once (``seen`` holds those that were)."""

    def words(text):
        return explained(text, catalogue, t, seen)

    return _joined(section, catalogue, words) if section.joined else _listed(section, catalogue, words)


def _listed(section, catalogue, words=markdown):
    return "  \n".join(_line(line, catalogue, words) for line in section.lines)


def _line(line, catalogue, words):
    text = words(line.text)
    if line.quiet:
        text = f":gray[{text}]"
    return f"{text} {citations.linked(line.citation, line.cites, catalogue)}" if line.citation else text


def _joined(section, catalogue, words):
    """Lines as one sentence; a citation stands after the last of those that share it."""
    pieces, cites = [], []
    for line, following in zip(section.lines, [*section.lines[1:], None], strict=True):
        cites.extend(line.cites)
        piece = words(line.text)
        if following is None or following.citation != line.citation:
            if line.citation:
                piece += f" {citations.linked(line.citation, cites, catalogue)}"
            cites = []
        pieces.append(piece)
    return " · ".join(pieces)
