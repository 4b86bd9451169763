"""A rating of land as tables, as a drawing over the map, and as the sheets of its file, in one language."""

import math

import numpy as np
import polars as pl

from gm_map import efficiency
from gm_map.check.sketch import sketch
from gm_map.efficiency import Method
from gm_map.efficiency_columns import AMOUNTS, UNITS
from gm_map.efficiency_grades import GRADES, SEED, UNGRADED
from gm_map.model import Level, Said

__all__ = [
    "TASK",
    "TONES",
    "comparison_table",
    "drawn",
    "figure",
    "flow_table",
    "grade_name",
    "method_rows",
    "order",
    "row_table",
    "sheets",
    "unit_name",
    "unit_table",
    "units_of",
    "weight_table",
]

TASK = "programme-7-task-4"  # where the plan asks for such a rating
TONES = ("agrees", "fair", "attention", "disagrees")
# One hue from deep to pale: grades have an order, and the order holds in grey print.
_INKS = ("#1F5F7A", "#5E93A8", "#9BC0CD", "#D3E4EA")
_LOOKS = {
    **{
        f"grade{number}": {"color": "#FFFFFF", "weight": 1.6, "opacity": 1, "fillColor": ink, "fillOpacity": 0.9}
        for number, ink in enumerate(_INKS)
    },
    "none": {
        "color": "#7A8A90",
        "weight": 1.2,
        "opacity": 1,
        "fillColor": "#ECEFEE",
        "fillOpacity": 0.9,
        "dashArray": "4 3",
    },
}
NONE = "–"


def figure(value) -> str:
    """A figure to three digits, thousands apart; a dash for none."""
    if value is None or not math.isfinite(value):
        return NONE
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def grade_name(number, messages) -> str:
    """What a grade is called."""
    return messages("land.ungraded") if number == UNGRADED else messages(f"land.grade_{number}")


def _told(said, messages) -> str:
    return messages(said.key, **said.facts)


def _note(parks, result, row, messages) -> str:
    """Everything that is to be known of a row, as one sentence after another."""
    said = [result.why[row]] if row in result.why else []
    if row not in result.why and result.scored_on[row] < len(result.counted) and result.scored_on[row]:
        facts = {"count": int(result.scored_on[row]), "all": len(result.counted)}
        said.append(Said("land.scored_on", facts))
        said += [parks.faults[row, role] for role in AMOUNTS if (row, role) in parks.faults]
    said += parks.notes.get(row, ())
    return messages("land.mark").join(_told(one, messages) for one in said)


def unit_name(unit, messages) -> str:
    """What a unit of measure is called; its key says where it stands among those of its kind."""
    kind = next(kind for kind, units in UNITS.items() if unit in units)
    return messages(f"land.measure_{kind}_{list(UNITS[kind]).index(unit)}")


def order(result) -> list[int]:
    """Rows by rank; those without one after them, as they stand in the table."""
    rank = np.where(np.isfinite(result.rank), result.rank, np.inf)
    return np.argsort(rank, kind="stable").tolist()


def row_table(district, parks, result, messages, rows, height=None) -> dict:
    """These rows with grade, score, indicators and how far the grade holds; see `views.parts.table`."""
    lines = []
    for row in rows:
        grade, unit = int(result.grade[row]), parks.unit_ids[row]
        kept = result.stability.kept[row] if result.stability else math.nan
        where = _short_name(district, unit, messages)
        if math.isfinite(kept):
            low, high = int(result.stability.low[row]), int(result.stability.high[row])
            holds = {"text": f"{kept * 100:.0f} %", "note": messages("land.rank_between", low=low, high=high)}
        else:
            holds = {"text": NONE}
        score = result.score[row]
        lines.append(
            {
                "id": None,
                "cells": [
                    {"text": str(row + 1)},
                    {"text": parks.names[row][:80] or NONE, "note": where},
                    {"text": grade_name(grade, messages), "tone": TONES[grade] if grade >= 0 else "undecided"},
                    {
                        "text": f"{score:.1f}" if math.isfinite(score) else NONE,
                        "note": messages("land.rank", rank=int(result.rank[row])) if math.isfinite(score) else "",
                    },
                    *(_cell(value, messages) for value in result.values[row]),
                    holds,
                    {"text": _note(parks, result, row, messages)},
                ],
            }
        )
    return {
        "caption": messages("land.table_rows"),
        "columns": [
            {"label": "№", "align": "end"},
            {"label": messages("land.role_name"), "head": True, "width": "15%"},
            {"label": messages("land.grade")},
            {"label": messages("land.score"), "align": "end"},
            *({"label": messages(f"land.short_{id_}"), "align": "end"} for id_ in result.ids),
            {"label": messages("land.holds"), "align": "end"},
            {"label": messages("land.note"), "width": "22%"},
        ],
        "rows": lines,
        "empty": messages("land.nothing"),
        "height": height,
    }


def _cell(value, messages) -> dict:
    """A figure; what is missing says so, and a nought is a nought."""
    if not math.isfinite(value):
        return {"text": messages("land.missing"), "tone": "undecided"}
    return {"text": figure(value)}


def units_of(district) -> list[str]:
    """Ids of the units, in the plan's order."""
    return [place.id for place in district.catalogue.at(Level.UNIT)]


def _unit_name(district, unit_id, messages) -> str:
    return (
        messages("land.no_unit") if unit_id is None else district.catalogue.places[unit_id].name.of(messages.language)
    )


def _short_name(district, unit_id, messages) -> str:
    return (
        messages("land.no_unit") if unit_id is None else district.catalogue.places[unit_id].short.of(messages.language)
    )


def unit_table(district, lines, result, messages, selected=None, height=None) -> dict:
    """The list of grades by unit."""
    rows = [
        {
            "id": one.unit_id,
            "cells": [
                {"text": _short_name(district, one.unit_id, messages)},
                str(one.rows),
                *(str(count) if count else NONE for count in one.counts),
                str(one.ungraded) if one.ungraded else NONE,
                figure(one.land),
                {"text": figure(one.score), "tone": TONES[one.grade] if one.grade >= 0 else "undecided"},
                *(_total(one.totals[id_], one.rows, messages) for id_ in result.ids),
            ],
        }
        for one in lines
    ]
    return {
        "caption": messages("land.table_units"),
        "columns": [
            {"label": messages("land.role_unit"), "head": True, "width": "20%"},
            {"label": messages("land.rows"), "align": "end"},
            *({"label": grade_name(number, messages), "align": "end"} for number in range(GRADES)),
            {"label": messages("land.ungraded"), "align": "end"},
            {"label": messages("land.land_ha"), "align": "end"},
            {"label": messages("land.mean_score"), "align": "end"},
            *({"label": messages(f"land.short_{id_}"), "align": "end"} for id_ in result.ids),
        ],
        "rows": rows,
        "selected": selected,
        "empty": messages("land.nothing"),
        "height": height,
    }


def _total(told, rows, messages) -> dict:
    """A weighted figure, and on how many rows it rests where that is not all."""
    value, count = told
    if value is None:
        return {"text": messages("land.missing"), "tone": "undecided"}
    return {"text": figure(value), "note": messages("land.of_rows", count=count, all=rows) if count < rows else ""}


def weight_table(result, messages) -> dict:
    """The weights of each way, side by side."""
    rows = [
        {
            "id": None,
            "cells": [
                {"text": messages(f"land.indicator_{id_}")},
                *(
                    NONE if weights is None else f"{weights[at] * 100:.1f} %"
                    for weights in (result.all_weights[method] for method in Method)
                ),
            ],
        }
        for at, id_ in enumerate(result.ids)
    ]
    return {
        "caption": messages("land.table_weights"),
        "columns": [
            {"label": messages("land.indicator"), "head": True, "width": "52%"},
            *({"label": messages(f"land.method_{method}"), "align": "end"} for method in Method),
        ],
        "rows": rows,
    }


def comparison_table(result, messages) -> dict:
    """How far the three ways agree."""
    rows = [
        {
            "id": None,
            "cells": [
                messages(
                    "land.against", one=messages(f"land.method_{one.one}"), other=messages(f"land.method_{one.other}")
                ),
                NONE if one.correlation is None else f"{one.correlation:.2f}".replace("-", "\N{MINUS SIGN}"),
                NONE if one.same is None else f"{one.same * 100:.0f} %",
            ],
        }
        for one in result.comparisons
    ]
    return {
        "caption": messages("land.table_methods"),
        "columns": [
            {"label": messages("land.methods"), "head": True, "width": "46%"},
            {"label": messages("land.correlation"), "align": "end"},
            {"label": messages("land.same_grade"), "align": "end"},
        ],
        "rows": rows,
        "empty": messages("land.nothing"),
    }


def flow_table(result, messages) -> dict:
    """Where rows of a grade go when the weights are varied."""
    flows = result.stability.flows
    rows = [
        {
            "id": None,
            "cells": [
                {"text": grade_name(one, messages), "tone": TONES[one]},
                str(int((result.grade == one).sum())),
                *(f"{flows[one, other] * 100:.0f} %" for other in range(GRADES)),
            ],
        }
        for one in range(GRADES)
        if (result.grade == one).any()
    ]
    return {
        "caption": messages("land.table_flows"),
        "columns": [
            {"label": messages("land.grade_now"), "head": True},
            {"label": messages("land.rows"), "align": "end"},
            *({"label": f"→ {grade_name(number, messages)}", "align": "end"} for number in range(GRADES)),
        ],
        "rows": rows,
        "empty": messages("land.nothing"),
    }


def drawn(district, lines, messages, version) -> dict:
    """What `gm.overlay` draws: each unit in the colour of the grade of its mean score, with the words to it."""
    held = [one for one in lines if one.unit_id]
    shapes = []
    for one, light in zip(held, sketch([district.shape(one.unit_id) for one in held]), strict=True):
        facts = {
            "place": district.catalogue.places[one.unit_id].short.of(messages.language),
            "rows": one.rows,
            "score": figure(one.score),
            "grade": grade_name(one.grade, messages),
        }
        look = "none" if one.grade == UNGRADED else f"grade{one.grade}"
        shapes.append({"look": look, "geometry": light, "name": messages("land.unit_told", **facts)})
    return {"key": f"land-{version}-{messages.language}", "shapes": shapes, "looks": _LOOKS, "points": [], "at": None}


def method_rows(district, parks, result, settings, source, messages) -> list[tuple[str, str]]:
    """Every setting, the formulas in words, what the plan says, and the versions: what, and its value."""
    t = messages
    task = district.catalogue.programmes["programme-7"].tasks
    cited = next(one for one in task if one.id == TASK)
    columns = [
        f"{t(f'land.role_{role}')} ← {name}"
        + (f" [{unit_name(parks.columns.units[role], t)}]" if role in AMOUNTS else "")
        for role, name in parks.columns.names.items()
    ]
    weights = [
        f"{t(f'land.indicator_{id_}')} {weight * 100:.1f} %"
        for id_, weight in zip(result.ids, result.weights, strict=True)
    ]
    rows = [
        (t("land.sheet_file"), f"{source} · {t('land.count_rows', count=len(parks))}"),
        (t("land.sheet_columns"), t("land.mark").join(columns)),
        (t("land.sheet_units"), t("land.sheet_units_words")),
        (t("land.sheet_indicators"), t("land.mark").join(t(f"land.formula_{id_}") for id_ in result.ids)),
        (
            t("land.sheet_missing"),
            t("land.missing_partial_words") if settings.partial else t("land.missing_strict_words"),
        ),
        (t("land.sheet_outliers"), t("land.winsor_words", per_cent=f"{settings.winsor:g}")),
        (t("land.sheet_scale"), t("land.scale_rank_words") if settings.percentiles else t("land.scale_minmax_words")),
        (t("land.sheet_method"), t(f"land.method_{settings.method}_words")),
        (t("land.sheet_weights"), t("land.mark").join(weights)),
    ]
    if settings.method == Method.AHP:
        pairs = [
            f"{t(f'land.indicator_{one}')} : {t(f'land.indicator_{other}')} = {ratio(number)}"
            for (one, other), number in settings.pairs.items()
            if one in result.ids and other in result.ids
        ]
        facts = {"ratio": f"{result.pairs.ratio:.3f}", "largest": f"{result.pairs.largest:.3f}"}
        rows.append((t("land.sheet_pairs"), t("land.mark").join([*pairs, t("land.consistency", **facts)])))
    if result.refused:
        rows.append((t("land.refused"), _told(result.refused, t)))
    numbers = settings.limits if settings.by_score else settings.shares
    facts = dict(zip(("a", "b", "c"), (f"{number:g}" for number in numbers), strict=True))
    grades = t("land.cut_score_words", **facts) if settings.by_score else t("land.cut_share_words", **facts)
    rows += [
        (t("land.sheet_score"), t("land.score_words")),
        (t("land.sheet_grades"), grades),
        (t("land.sheet_units_list"), t("land.units_list_words")),
    ]
    if result.stability:
        facts = {"swing": f"{settings.swing * 100:g}", "samples": result.stability.samples, "seed": SEED}
        rows.append((t("land.sheet_stability"), t("land.stability_words", **facts)))
        rows.append((t("land.sheet_kept"), f"{result.stability.overall * 100:.1f} %"))
    for one in result.comparisons:
        names = t("land.against", one=t(f"land.method_{one.one}"), other=t(f"land.method_{one.other}"))
        told = NONE if one.correlation is None else f"{one.correlation:.3f}"
        rows.append((t("land.correlation"), f"{names}: {told}"))
    return [
        *rows,
        (t("land.sheet_plan"), t("land.plan_words", section=cited.citation.section, phrase=cited.citation.phrase)),
        (t("land.sheet_version"), district.version),
        (t("land.sheet_lines"), t("land.lines_words")),
    ]


def ratio(number) -> str:
    """A judgement on Saaty's scale as it is written: 3, or 1/3."""
    return str(number) if number > 0 else f"1/{-number}"


def sheets(district, parks, result, settings, source, messages):
    """The sheets of the workbook, (name, frame) each: rows, units, method. The first is also the CSV."""
    t = messages
    places = district.catalogue.places
    count = len(parks)
    kept = result.stability
    ours = {
        t("land.grade"): [grade_name(int(grade), t) for grade in result.grade],
        t("land.score"): _numbers(result.score, 2),
        t("land.rank_name"): _numbers(result.rank, 0),
        t("land.scored_on_name"): result.scored_on.tolist(),
        t("land.unit_found"): [places[unit].name.of(t.language) if unit else None for unit in parks.unit_ids],
        **{t(f"land.indicator_{id_}"): _numbers(result.values[:, at], 4) for at, id_ in enumerate(result.ids)},
        t("land.holds"): _numbers(kept.kept, 3) if kept else [None] * count,
        t("land.rank_low"): _numbers(kept.low, 0) if kept else [None] * count,
        t("land.rank_high"): _numbers(kept.high, 0) if kept else [None] * count,
        t("land.note"): [_note(parks, result, row, t) or None for row in range(count)],
    }
    frame = parks.frame
    added = []
    for name, values in ours.items():
        while name in frame.columns:
            name += "_2"
        added.append(pl.Series(name, values, strict=False))
    lines = efficiency.by_unit(parks, result, units_of(district))
    per_unit = {
        t("land.role_unit"): [_unit_name(district, one.unit_id, t) for one in lines],
        t("land.rows"): [one.rows for one in lines],
        **{grade_name(number, t): [one.counts[number] for one in lines] for number in range(GRADES)},
        t("land.ungraded"): [one.ungraded for one in lines],
        t("land.land_ha"): [round(one.land, 4) for one in lines],
        t("land.mean_score"): [None if one.score is None else round(one.score, 2) for one in lines],
    }
    for id_ in result.ids:
        told = [one.totals[id_] for one in lines]
        per_unit[t(f"land.indicator_{id_}")] = [None if value is None else round(value, 4) for value, _ in told]
        per_unit[t("land.rests_on", name=t(f"land.short_{id_}"))] = [number for _, number in told]
    method = method_rows(district, parks, result, settings, source, t)
    return [
        (t("land.sheet_results"), frame.hstack(added)),
        (t("land.sheet_by_unit"), pl.DataFrame(per_unit, strict=False)),
        (t("land.sheet_how"), pl.DataFrame(method, schema=[t("land.what"), t("land.value")], orient="row")),
    ]


def _numbers(values, digits) -> list:
    """Numbers as a column; None where there is none."""
    rounded = [round(float(value), digits) if math.isfinite(value) else None for value in values]
    return rounded if digits else [None if value is None else int(value) for value in rounded]
