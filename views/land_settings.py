"""How land is rated: method, weights, grades, what is missing. Everything set here stands in the link."""

from dataclasses import replace
from functools import partial
from itertools import combinations

import streamlit as st

from gm_map.efficiency import MEASURES, Method, Settings
from gm_map.efficiency_weights import MOST_INCONSISTENT
from layers import efficiency as told
from layers.door import markdown
from views import parts

__all__ = ["bar", "read", "write"]

HALF = 50  # where a slider of weights stands that nobody has moved
SCALE = (*range(9, 0, -1), *range(-2, -10, -1))
SWINGS = (5, 10, 20, 30, 50)
WINSORS = (0, 1, 2.5, 5, 10)
_IDS = tuple(MEASURES)


def read(query) -> Settings:
    """The settings of a link; what stands for nothing is left at its default.

    Parameters
    ----------
    query : mapping of str to str
        ``m`` (method), ``i`` (indicators, by number), ``w`` (weights, in the order of `MEASURES`), ``a`` (pairs:
        ``0.2.-3``), ``s=rank``, ``miss=part``, ``win`` (per cent), ``g=score``, ``q`` and ``c`` (three numbers),
        ``v`` (swing in per cent).
    """
    found = {}
    if query.get("m") in tuple(Method):
        found["method"] = Method(query["m"])
    used = [int(part) for part in query.get("i", "").split("-") if part.isdecimal() and len(part) < 3]
    if used and all(at < len(_IDS) for at in used):
        found["used"] = tuple(_IDS[at] for at in sorted(set(used)))
    weights = _numbers(query.get("w", ""), len(_IDS))
    if weights and all(0 <= weight <= 100 for weight in weights):
        found["weights"] = dict(zip(_IDS, weights, strict=True))
    pairs = {}
    for part in query.get("a", "").split("_")[:50]:
        try:
            one, other, number = (int(cell) for cell in part.split("."))
        except ValueError:
            continue
        if 0 <= one < other < len(_IDS) and number in SCALE and number != 1:
            pairs[_IDS[one], _IDS[other]] = number
    found["pairs"] = pairs
    found["percentiles"] = query.get("s") == "rank"
    found["partial"] = query.get("miss") == "part"
    found["by_score"] = query.get("g") == "score"
    shares, limits = _numbers(query.get("q", ""), 3), _numbers(query.get("c", ""), 3)
    if shares and 0 < shares[0] < shares[1] < shares[2] < 100:
        found["shares"] = shares
    if limits and 100 >= limits[0] > limits[1] > limits[2] >= 0:
        found["limits"] = limits
    for name, key, known, per in (("winsor", "win", WINSORS, 1), ("swing", "v", SWINGS, 100)):
        number = _numbers(query.get(key, ""), 1)
        if number and number[0] in known:
            found[name] = number[0] / per
    return Settings(**found)


def _numbers(text, count):
    parts_ = text.split("-")
    try:
        numbers = tuple(float(part) for part in parts_) if len(parts_) == count and len(text) < 80 else None
    except ValueError:
        return None
    return numbers if numbers and all(abs(number) < 1e6 for number in numbers) else None


def write(settings) -> dict[str, str]:
    """The settings as parts of a link; what is at its default is left out."""
    plain = Settings()
    found = {}
    if settings.method != plain.method:
        found["m"] = str(settings.method)
    if settings.used:
        found["i"] = "-".join(str(_IDS.index(id_)) for id_ in settings.used)
    if settings.weights and any(weight != HALF for weight in settings.weights.values()):
        found["w"] = "-".join(f"{settings.weights.get(id_, HALF):g}" for id_ in _IDS)
    if settings.pairs:
        told_ = sorted((_IDS.index(one), _IDS.index(other), number) for (one, other), number in settings.pairs.items())
        found["a"] = "_".join(f"{one}.{other}.{number}" for one, other, number in told_)
    choices = (("percentiles", "s", "rank"), ("partial", "miss", "part"), ("by_score", "g", "score"))
    found.update({key: word for name, key, word in choices if getattr(settings, name)})
    if settings.winsor:
        found["win"] = f"{settings.winsor:g}"
    if settings.shares != plain.shares:
        found["q"] = "-".join(f"{number:g}" for number in settings.shares)
    if settings.limits != plain.limits:
        found["c"] = "-".join(f"{number:g}" for number in settings.limits)
    if settings.swing != plain.swing:
        found["v"] = f"{settings.swing * 100:g}"
    return found


def bar(district, available, result, t):
    """The method, and a button for each thing that can be set; they change ``st.session_state.land``.

    Parameters
    ----------
    available : sequence of str
        Indicators that the table allows.
    result : Assessment or None
        The one before, for the weights of the other methods.
    """
    settings = st.session_state.land
    st.session_state.land_method = settings.method
    st.segmented_control(
        t("land.method"),
        list(Method),
        key="land_method",
        required=True,
        format_func=lambda method: t(f"land.method_{method}"),
        label_visibility="collapsed",
        on_change=lambda: _set(method=Method(st.session_state.land_method)),
    )
    with st.popover(t("land.weights"), icon=":material/tune:", key="land_weights"):
        used = [id_ for id_ in available if not settings.used or id_ in settings.used]
        st.session_state.land_used = used
        st.pills(
            t("land.used"),
            list(available),
            key="land_used",
            selection_mode="multi",
            format_func=lambda id_: t(f"land.short_{id_}"),
            on_change=partial(_used, tuple(available)),
        )
        if settings.method == Method.HAND:
            _by_hand(settings, used, t)
        elif settings.method == Method.ENTROPY:
            st.caption(markdown(t("land.method_entropy_words")))
        else:
            _in_pairs(settings, used, result, t)
        if result is not None:
            parts.table(parts.scene_url(district, t), told.weight_table(result, t), key="land-weights")
    with st.popover(t("land.grading"), icon=":material/stairs:", key="land_grading"):
        _grading(settings, t)
    with st.popover(t("land.data"), icon=":material/rule:", key="land_data"):
        _data(settings, t)


def _set(**changes):
    st.session_state.land = replace(st.session_state.land, **changes)


def _used(available):
    chosen = tuple(id_ for id_ in available if id_ in st.session_state.land_used)
    if chosen:  # without any there is nothing to rate by: the last one stays
        _set(used=() if chosen == available else chosen)


def _by_hand(settings, used, t):
    st.caption(markdown(t("land.hand_help")))
    for id_ in used:
        st.session_state[f"land_weight-{id_}"] = round(settings.weights.get(id_, HALF))
        st.slider(
            markdown(t(f"land.indicator_{id_}")), 0, 100, key=f"land_weight-{id_}", on_change=partial(_weigh, id_)
        )


def _weigh(id_):
    weights = {one: st.session_state.land.weights.get(one, HALF) for one in _IDS}
    _set(weights={**weights, id_: float(st.session_state[f"land_weight-{id_}"])})


def _in_pairs(settings, used, result, t):
    st.caption(markdown(t("land.pairs_help")))
    if result is not None and len(result.ids) > 1:
        pairs = result.pairs
        facts = {"ratio": f"{pairs.ratio:.2f}", "largest": f"{pairs.largest:.2f}"}
        st.markdown(f"**{markdown(t('land.consistency', **facts))}**")
        if not pairs.consistent:
            one, other = (result.ids[at] for at in pairs.worst)
            names = {"one": t(f"land.short_{one}"), "other": t(f"land.short_{other}")}
            fitting = f"{pairs.fitting:.1f}" if pairs.fitting >= 1 else f"1/{1 / pairs.fitting:.1f}"
            words = t("land.inconsistent", limit=f"{MOST_INCONSISTENT:g}", fitting=fitting, **names)
            st.warning(markdown(words), icon=":material/balance:")
    with st.container(height=320, key="land_pairs"):
        for one, other in combinations(used, 2):
            key = f"land_pair-{one}-{other}"
            st.session_state[key] = settings.pairs.get((one, other), 1)
            st.select_slider(
                markdown(t("land.pair", one=t(f"land.short_{one}"), other=t(f"land.short_{other}"))),
                SCALE,
                key=key,
                format_func=told.ratio,
                on_change=partial(_judge, one, other, key),
            )


def _judge(one, other, key):
    pairs = {pair: number for pair, number in st.session_state.land.pairs.items() if pair != (one, other)}
    number = st.session_state[key]
    _set(pairs=pairs if number == 1 else {**pairs, (one, other): number})


def _grading(settings, t):
    st.session_state.land_by = "score" if settings.by_score else "share"
    st.segmented_control(
        t("land.by"),
        ("share", "score"),
        key="land_by",
        required=True,
        format_func=lambda by: t(f"land.by_{by}"),
        on_change=lambda: _set(by_score=st.session_state.land_by == "score"),
    )
    numbers = settings.limits if settings.by_score else settings.shares
    for at in range(3):
        key = f"land_cut-{at}-{settings.by_score:d}"
        st.session_state[key] = float(numbers[at])
        name = told.grade_name(at, t)
        label = t("land.cut_score", grade=name) if settings.by_score else t("land.cut_share", grade=name)
        st.number_input(label, 0.0, 100.0, step=1.0, format="%g", key=key, on_change=partial(_cut, key, at))
    if st.session_state.pop("land_cut_refused", False):
        st.warning(markdown(t("land.cut_order")), icon=":material/stairs:")
    st.session_state.land_swing = round(settings.swing * 100)
    st.segmented_control(
        t("land.swing"),
        SWINGS,
        key="land_swing",
        required=True,
        format_func=lambda number: f"±{number} %",
        on_change=lambda: _set(swing=st.session_state.land_swing / 100),
    )


def _cut(key, at):
    """A limit is taken only where the three stay in order."""
    settings = st.session_state.land
    name = "limits" if settings.by_score else "shares"
    numbers = list(getattr(settings, name))
    numbers[at] = float(st.session_state[key])
    first, second, third = numbers
    good = 100 >= first > second > third >= 0 if settings.by_score else 0 < first < second < third < 100
    if good:
        _set(**{name: tuple(numbers)})
    st.session_state.land_cut_refused = not good


def _data(settings, t):
    st.session_state.land_missing = "partial" if settings.partial else "strict"
    st.radio(
        t("land.missing_how"),
        ("strict", "partial"),
        key="land_missing",
        format_func=lambda how: t(f"land.missing_{how}"),
        on_change=lambda: _set(partial=st.session_state.land_missing == "partial"),
    )
    st.session_state.land_scale = "rank" if settings.percentiles else "minmax"
    st.radio(
        t("land.scale"),
        ("minmax", "rank"),
        key="land_scale",
        format_func=lambda how: t(f"land.scale_{how}"),
        on_change=lambda: _set(percentiles=st.session_state.land_scale == "rank"),
    )
    st.session_state.land_winsor = next(number for number in WINSORS if number == settings.winsor)
    st.segmented_control(
        t("land.winsor"),
        WINSORS,
        key="land_winsor",
        required=True,
        format_func=lambda number: t("land.winsor_off") if not number else f"{number:g} %",
        on_change=lambda: _set(winsor=float(st.session_state.land_winsor)),
    )
    st.caption(markdown(t("land.winsor_help")))
