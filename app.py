"""The door of the map: page settings, language, navigation, footer. ``streamlit run app.py`` starts it."""

from pathlib import Path

import streamlit as st

from gm_map import district
from gm_map.messages import Messages
from layers.door import markdown
from views import explore
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
    head(t, here)
    explore.page(here, t)
    foot(t, here)


def head(t, here):
    """Name of the map, what it is, the language."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.image(str(HERE / "static" / "mark.svg"), width=30)
        st.markdown(f"#### {markdown(t('app.title'))}")
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
