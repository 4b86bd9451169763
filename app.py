"""The door of the map: page settings, language, navigation, footer. ``streamlit run app.py`` starts it."""

from pathlib import Path

import streamlit as st

from gm_map import district
from gm_map.messages import Messages
from layers.door import markdown
from views.state import LANGUAGES

HERE = Path(__file__).resolve().parent


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
        st.Page(lambda: _explore(here, t), title=t("app.explore"), url_path="explore", default=True),
        st.Page(lambda: _match(here, t), title=t("app.match"), url_path="match"),
    ]
    chosen = st.navigation(pages, position="hidden")
    head(t, here, pages)
    chosen.run()
    foot(t, here)


# A page is imported when it is first asked for: the map need not wait for the reader.
def _explore(here, t):
    from views import explore

    explore.page(here, t)


def _match(here, t):
    from views import match

    match.page(here, t)


def head(t, here, pages):
    """Name of the map, the pages, what it is, the language."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.image(str(HERE / "static" / "mark.svg"), width=30)
        st.markdown(f"#### {markdown(t('app.title'))}")
        with st.container(key="nav", horizontal=True, gap="small", width="content"):
            for page, icon in zip(pages, (":material/map:", ":material/join_inner:"), strict=True):
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
