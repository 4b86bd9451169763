"""The door of the map: page settings, language, navigation, footer. ``streamlit run app.py`` starts it."""

from functools import partial
from importlib import import_module
from pathlib import Path

import streamlit as st

from gm_map import district
from gm_map.messages import Messages
from layers.door import markdown
from views import parts, versions
from views.state import LANGUAGES

HERE = Path(__file__).resolve().parent
# Pages by their address, in the order of the head, each with its icon; the first is the one that opens.
PAGES = {
    "explore": ":material/map:",
    "match": ":material/join_inner:",
    "areas": ":material/rule:",
    "plan": ":material/menu_book:",
    "compare": ":material/compare:",
    "land": ":material/landscape:",
    "data": ":material/database:",
}
# Pages that a link or a button leads to, not the head.
ASIDE = ("dossier",)


@st.cache_resource(show_spinner=False)
def load():
    """The district, read and checked once a process."""
    return district.load()


def language() -> str:
    """The language of this session: the one chosen, else the link's, else Chinese."""
    if "language" not in st.session_state:
        asked = st.query_params.get("lang", "zh")
        st.session_state.language = asked if asked in LANGUAGES else "zh"
    return st.session_state.language or "zh"


def main():
    """Draw the page."""
    t = Messages(language())
    st.set_page_config(
        page_title=t("app.title"),
        page_icon=str(HERE / "static" / "mark.svg"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    here = load()
    st.session_state.catalogue = here.catalogue
    pages = [
        st.Page(partial(_page, name, here, t), title=t(f"app.{name}"), url_path=name, default=number == 0)
        for number, name in enumerate((*PAGES, *ASIDE))
    ]
    chosen = st.navigation(pages, position="hidden")
    # First, so that the browser has our script and style by the time the page's own parts ask for them.
    with st.container(key="frame"):
        parts.frame(t, versions.stamp(here))
    head(t, here, pages)
    versions.show(here, t)
    chosen.run()
    foot(t, here)


def _page(name, here, t):
    """A page is imported when it is first asked for: the map need not wait for the reader."""
    import_module(f"views.{name}").page(here, t)


def head(t, here, pages):
    """Name of the map, the pages, what it is, the language."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"# {markdown(t('app.title'))}")
        with st.container(key="nav", horizontal=True, gap="small", width="content"):
            for page, icon in zip(pages, PAGES.values(), strict=False):
                st.page_link(page, label=markdown(page.title), icon=icon)
        st.badge(
            markdown(t("app.indicative")),
            color="orange",
            icon=":material/edit:",
            help=markdown(t("app.indicative_help")),
        )
        st.caption(markdown(t("app.version", version=here.version)))
        st.segmented_control(
            t("app.language"),
            LANGUAGES,
            key="language",
            format_func=lambda code: {"zh": t("app.zh"), "en": t("app.en")}[code],
            label_visibility="collapsed",
            required=True,
        )


def foot(t, here):
    """Version, sources, licence, and that every line is indicative."""
    with st.container(key="foot"):
        st.caption(markdown(t("app.footer", version=here.version)))


main()
