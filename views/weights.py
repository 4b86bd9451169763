"""The weights of the score: presets for kinds of project, and a slider a criterion. They are kept in the link."""

from functools import partial

import streamlit as st

from gm_map.score import CRITERIA, PRESETS
from layers.door import markdown

__all__ = ["name", "popover"]


def name(asked, t) -> str:
    """What the weights in use are called."""
    if isinstance(asked.weights, str):
        return t(f"match.preset_{asked.weights}")
    return t("match.preset_own", weights="-".join(f"{weight:g}" for weight in asked.weights))


def popover(asked, t):
    """The button and what opens below it."""
    numbers = _numbers(asked)
    st.session_state.weights_preset = asked.weights if isinstance(asked.weights, str) else None
    for criterion in CRITERIA:
        st.session_state[f"weight-{criterion}"] = round(numbers[criterion])
    with st.popover(t("match.weights"), icon=":material/tune:", key="weights"):
        st.caption(markdown(t("match.weights_help")))
        st.pills(
            t("match.preset"),
            list(PRESETS),
            key="weights_preset",
            format_func=lambda preset: t(f"match.preset_{preset}"),
            on_change=_preset,
        )
        for criterion in CRITERIA:
            st.slider(
                markdown(t(f"match.weight_{criterion}")),
                0,
                100,
                key=f"weight-{criterion}",
                on_change=partial(_slid, criterion),
            )
        st.caption(markdown(t("match.weights_now", name=name(asked, t))))


def _preset():
    chosen = st.session_state.weights_preset
    if chosen:
        st.session_state.asked = st.session_state.asked.having(weights=chosen)


def _slid(criterion):
    asked = st.session_state.asked
    numbers = _numbers(asked)
    numbers[criterion] = float(st.session_state[f"weight-{criterion}"])
    if any(numbers.values()):
        st.session_state.asked = asked.having(weights=tuple(numbers[name] for name in CRITERIA))


def _numbers(asked):
    chosen = asked.chosen_weights
    return dict(PRESETS[chosen] if isinstance(chosen, str) else chosen)
