"""The card of a place in Streamlit's own elements. Every text passes the door before Markdown sees it."""

import streamlit as st

from gm_map.model import Standing
from layers.cards import card, overview
from layers.door import markdown

__all__ = ["empty", "show"]

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
    with st.container(horizontal=True, gap="small"):
        for standing, what in shown.standings:
            colour, icon = _BADGES[standing]
            st.badge(f"{markdown(what)} {markdown(t(f'standing.{standing}'))}", color=colour, icon=icon)
    for section in shown.sections:
        st.markdown(f"**{markdown(section.title)}**  \n{_joined(section) if section.joined else _listed(section)}")
    if shown.parents:
        with st.container(horizontal=True, gap="small"):
            for other, name in shown.parents:
                st.button(markdown(name), key=f"to-{other}", icon=":material/north_east:", on_click=pick, args=(other,))


def empty(district, t):
    """What stands where the card will be: the plan's layout, and how to read the map."""
    st.markdown(f"### {markdown(t('card.none_title'))}")
    st.caption(markdown(t("card.none")))
    for section in overview(district, t):
        st.markdown(f"**{markdown(section.title)}**  \n{_listed(section)}")


def _listed(section):
    return "  \n".join(_line(line) for line in section.lines)


def _line(line):
    text = markdown(line.text)
    if line.quiet:
        text = f":gray[{text}]"
    return f"{text} :small[:gray[{markdown(line.citation)}]]" if line.citation else text


def _joined(section):
    """Lines as one sentence; a citation stands after the last of those that share it."""
    pieces = []
    for line, following in zip(section.lines, [*section.lines[1:], None], strict=True):
        shared = following is not None and following.citation == line.citation
        cite = "" if shared or not line.citation else f" :small[:gray[{markdown(line.citation)}]]"
        pieces.append(markdown(line.text) + cite)
    return " · ".join(pieces)
