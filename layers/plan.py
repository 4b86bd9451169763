"""The plan in the words of one language: indicators as charts, tasks as boards, its lists as tables."""

from gm_map import pace
from layers import citations, figures

__all__ = ["actual_lines", "chart_groups", "measure_boards", "oddity_table", "task_boards"]


def chart_groups(catalogue, messages, actuals=(), only=None, chosen=None) -> list[dict]:
    """Indicators by category, each with its path, its missing years, and what was entered; see ``gm.mountCharts``.

    Parameters
    ----------
    catalogue : Catalogue
    messages : Messages
    actuals : iterable of gm_map.pace.Actual
        Figures that somebody entered.
    only : set of str, optional
        Ids of the indicators shown; all by default.
    chosen : str, optional
        The indicator that the link asks for.
    """
    language = messages.language
    groups = {}
    for indicator in catalogue.indicators.values():
        if only is not None and indicator.id not in only:
            continue
        entered = sorted(one for one in actuals if one.indicator_id == indicator.id)
        held = [pace.pace(indicator, one) for one in entered]
        points = [
            {"year": year, "value": value, "text": figures.plain(value)} for year, value in pace.figures(indicator)
        ]
        missing = [
            {"year": year, "text": messages("plan.missing")}
            for year, value in indicator.values.items()
            if value is None
        ]
        said = messages("card.list_mark").join(
            f"{year} {messages('plan.missing') if value is None else figures.plain(value)}"
            for year, value in sorted(indicator.values.items())
        )
        name, unit = indicator.name.of(language), indicator.unit.of(language)
        groups.setdefault(indicator.category.of(language), []).append(
            {
                "id": indicator.id,
                "title": name,
                "unit": unit,
                "cite": indicator.citation.section,
                "said": citations.said([indicator.citation], catalogue),
                "points": points,
                "missing": missing,
                "actual": [
                    {"year": one.actual.year, "value": one.actual.value, "look": one.standing.replace(" ", "-")}
                    for one in held
                ],
                "lines": [line for one in held for line in actual_lines(indicator, one, messages)],
                "note": indicator.note.of(language),
                "spoken": f"{name} ({unit}): {said}",
                "chosen": indicator.id == chosen,
            }
        )
    return [{"title": title, "cards": cards} for title, cards in groups.items()]


_LOOKS = {"ahead": "agrees", "on path": "agrees", "behind": "disagrees", "unknown": "undecided"}


def actual_lines(indicator, held, messages) -> list[dict]:
    """What a figure says of the path, and the pace that the next target asks for."""
    unit = indicator.unit.of(messages.language)
    look = _LOOKS[held.standing]
    told = {"year": held.actual.year, "value": _figure(held.actual.value), "unit": unit}
    if held.expected is None:
        lines = [{"look": look, "text": messages("plan.no_path", **told)}]
    else:
        path = {**told, "expected": _figure(held.expected), "gap": _figure(held.gap, signed=True)}
        lines = [{"look": look, "text": messages(f"plan.held_{held.standing}", **path)}]
    if held.target_year is None:
        return lines
    target = {"target_year": held.target_year, "target": _figure(held.target), "unit": unit}
    if held.reached:
        return [*lines, {"look": "agrees", "text": messages("plan.reached", **target)}]
    needed = messages("plan.needed", **target, per_year=_figure(held.per_year, signed=True))
    if held.rate is not None:
        needed += messages("plan.needed_rate", rate=_rate(held.rate))
        if held.planned_rate is not None:
            needed += messages("plan.planned_rate", rate=_rate(held.planned_rate))
    return [*lines, {"look": "plain", "text": needed}]


def _figure(value, signed=False) -> str:
    """Three digits are what such a figure is good for; whole ones stay whole."""
    digits = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 10 else 2
    return f"{value:{'+' if signed else ''},.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _rate(rate) -> str:
    return f"{rate * 100:+.1f} %".replace("-", "\N{MINUS SIGN}")


def task_boards(catalogue, messages, boxes, only=None) -> list[dict]:
    """Roadmaps or programmes with their tasks by phase; see ``gm.mountBoards``.

    ``only`` is a set of ids of tasks and boxes: a board is shown when it or one of its tasks is in it.
    """
    language = messages.language
    told = []
    for box in boxes:
        columns = []
        for phase, tasks in box.groups:
            shown = [task for task in tasks if only is None or box.id in only or task.id in only]
            if shown:
                title = "" if phase is None else phase.of(language)
                columns.append({"title": title, "cards": [_task(catalogue, task, messages) for task in shown]})
        if not columns:
            continue
        told.append(
            {
                "id": box.id,
                "title": f"{box.box} {box.name.of(language)}" if language == "zh" else box.name.of(language),
                "cite": box.box if language == "zh" else f"{box.box} · {box.citation.section}",
                "said": citations.said([box.citation], catalogue),
                "gist": box.gist.of(language),
                "columns": columns,
                "targets": [
                    {
                        "year": str(year),
                        "text": f"{catalogue.indicators[id_].name.of(language)} "
                        + figures.counted(value, catalogue.indicators[id_].unit.of(language)),
                    }
                    for year, value, _, id_ in box.targets
                ],
            }
        )
    return told


def _task(catalogue, task, messages) -> dict:
    language = messages.language
    query = "" if language == "zh" else "&lang=en"
    places = [
        {"text": catalogue.places[id_].short.of(language), "href": f"dossier?id={id_}{query}"} for id_ in task.place_ids
    ]
    topics = [
        {"text": catalogue.industries[id_].name.of(language), "href": f"dossier?id={id_}{query}"}
        for id_ in task.topic_ids
    ]
    return {
        "id": task.id,
        "title": task.name.of(language),
        "gist": task.gist.of(language),
        "tags": places + topics,
        "cite": task.citation.section,
        "said": citations.said([task.citation], catalogue),
    }


def measure_boards(catalogue, messages, only=None) -> list[dict]:
    """The five policies, a measure a card."""
    language = messages.language
    told = []
    for policy in catalogue.policies.values():
        cards = [
            {
                "id": one.id,
                "title": one.gist.of(language),
                "gist": "",
                "tags": [],
                "cite": one.citation.section,
                "said": citations.said([one.citation], catalogue),
            }
            for one in policy.tasks
            if only is None or policy.id in only or one.id in only
        ]
        if cards:
            name = policy.name.of(language)
            columns = [{"title": "", "cards": cards}]
            told.append(
                {
                    "id": policy.id,
                    "title": name,
                    "cite": policy.citation.section,
                    "said": citations.said([policy.citation], catalogue),
                    "gist": "",
                    "columns": columns,
                    "targets": [],
                }
            )
    return told


def oddity_table(catalogue, messages, only=None, kind=None) -> dict:
    """What does not fit in the plan's text, where it stands, and whom it concerns; see `views.parts.table`."""
    language = messages.language
    rows = []
    for oddity in catalogue.oddities.values():
        if (only is not None and oddity.id not in only) or (kind is not None and oddity.kind != kind):
            continue
        named = [catalogue.places[id_].short.of(language) for id_ in oddity.place_ids]
        named += [catalogue.industries[id_].name.of(language) for id_ in oddity.topic_ids]
        named += [catalogue.indicators[id_].name.of(language) for id_ in oddity.indicator_ids]
        quoted = citations.said(citations.paragraphs(oddity.section, oddity.paragraphs), catalogue)
        rows.append(
            {
                "id": None,
                "cells": [
                    {"text": messages(f"plan.oddity_{oddity.kind}"), "note": oddity.id.removeprefix("oddity-")},
                    {"text": oddity.text.of(language)},
                    {"text": messages("card.list_mark").join(named)},
                    {"text": "", "note": oddity.section, "said": quoted} if quoted else {"text": oddity.section},
                ],
            }
        )
    return {
        "caption": messages("plan.oddities"),
        "columns": [
            {"label": messages("plan.kind"), "head": True},
            {"label": messages("plan.oddity"), "width": "56%"},
            {"label": messages("plan.concerns"), "width": "20%"},
            {"label": messages("plan.section")},
        ],
        "rows": rows,
        "empty": messages("plan.nothing"),
    }
