"""The report of a check as a workbook: every verdict, cause, finding and sentence, and numbers to reckon with."""

import io
import math

import polars as pl

from gm_map.cells import safe
from gm_map.check.codes import CODES
from gm_map.check.exports import plain
from gm_map.check.units import Unit, convert
from layers import checks, report, report_subject

__all__ = ["xlsx"]

_LONGEST = 32_000  # characters of a cell
_MOST_ROWS = 1_000_000


def xlsx(checked, district, messages, *, unit="km2", date, title=None) -> bytes:
    """The report as a workbook; see `layers.report_html.html` for the parameters.

    Areas are in ``unit`` and not rounded; ways are in metres, coordinates in degrees (WGS 84). A text is always a
    text: what a spreadsheet would read as a formula has an apostrophe before it.
    """
    import xlsxwriter

    kept = io.BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(kept, {**options, "in_memory": True}) as book:
        book.set_properties({"title": plain(title) if title else messages("report.title"), "author": ""})
        looks = _looks(book)
        for name, columns, rows in _sheets(checked, district, messages, unit, date, title):
            _sheet(book.add_worksheet(name), columns, rows, looks)
    return kept.getvalue()


def _sheets(checked, district, t, unit, date, title):
    """Name, columns (label, width, look) and rows of every sheet."""
    yield t("report.sheet_verdicts"), *_verdicts(checked, district, t, unit)
    yield t("report.sheet_causes"), *_causes(checked, district, t, unit)
    yield t("report.sheet_findings"), *_findings(checked, district, t)
    yield t("report.sheet_claims"), *_claims(checked, district, t)
    yield t("report.sheet_balances"), *_balances(checked, district, t, unit)
    if checked.comparison is not None:
        yield t("report.sheet_changes"), *_changes(checked, district, t, unit)
    yield t("report.sheet_method"), *_method(checked, district, t, unit, date, title)


def _verdicts(checked, district, t, unit):
    named = t(f"check.unit_{unit}")
    columns = (
        (t("report.column_id"), 12, "text"),
        (t("report.place"), 26, "text"),
        (t("report.column_level"), 10, "text"),
        (f"{t('report.stated')} {named}", 12, "plain"),
        (f"{t('report.measured')} {named}", 13, "area"),
        (f"± {named}", 11, "area"),
        (f"{t('report.projected')} {named}", 13, "area"),
        (t("report.column_verdict"), 14, "text"),
        (t("report.column_why"), 70, "wrap"),
    )
    rows = [
        (
            one.place_id,
            checks.place_name(district, one.place_id, t),
            t(f"level.{one.level}"),
            *(_in(value, unit) for value in (one.stated_km2, one.area_km2, one.uncertainty_km2, one.projected_km2)),
            (t(f"report.judgement_{one.judgement}"), checks.TONES[one.judgement]),
            t(f"verdict.{one.why}", **one.facts),
        )
        for one in checked.verdicts
    ]
    return columns, rows


def _causes(checked, district, t, unit):
    named = t(f"check.unit_{unit}")
    columns = (
        (t("report.column_id"), 12, "text"),
        (t("report.place"), 26, "text"),
        (t("report.number"), 6, "plain"),
        (t("report.cause"), 70, "wrap"),
        (t("report.column_code"), 22, "text"),
        (f"{t('report.explains')} {named}", 13, "area"),
        (f"{t('report.leaves')} {named}", 13, "area"),
    )
    rows = [
        (
            one.place_id,
            checks.place_name(district, one.place_id, t),
            number,
            t(f"cause.{cause.code}", **cause.facts),
            cause.code,
            _in(cause.explains_km2, unit),
            _in(cause.residual_km2, unit),
        )
        for one in checked.verdicts
        for number, cause in enumerate(one.causes, 1)
    ]
    return columns, rows


def _findings(checked, district, t):
    columns = (
        (t("report.number"), 6, "plain"),
        (t("report.column_code"), 22, "text"),
        (t("report.column_severity"), 10, "text"),
        (t("report.column_feature"), 9, "plain"),
        (t("report.object"), 26, "text"),
        (t("report.column_message"), 70, "wrap"),
        (t("report.column_remedy"), 50, "wrap"),
        (t("report.column_lon"), 12, "degree"),
        (t("report.column_lat"), 12, "degree"),
        (t("report.column_fixable"), 8, "text"),
    )
    rows = [
        (
            number,
            one.code,
            (t(f"check.severity_{one.severity}"), checks.TONES[one.severity]),
            None if one.row is None or checked.crs is None else one.row + 1,
            report.called(one, district, t),
            t(f"finding.{one.code.lower()}", **one.facts),
            CODES[one.code].remedy.of(t.language) if one.code in CODES else "",
            one.lon,
            one.lat,
            t("report.yes") if one.fixable else "",
        )
        for number, one in enumerate(checked.findings, 1)
    ]
    return columns, rows


def _claims(checked, district, t):
    columns = (
        (t("report.column_id"), 11, "text"),
        (t("report.column_section"), 12, "text"),
        (t("report.column_phrase"), 32, "wrap"),
        (t("report.predicate"), 18, "text"),
        (t("report.outcome"), 12, "text"),
        (t("report.column_value"), 12, "plain"),
        (t("report.column_margin"), 10, "plain"),
        (t("report.column_value_unit"), 9, "text"),
        (t("report.why"), 70, "wrap"),
    )
    rows = []
    for one in checked.claims:
        claim = district.catalogue.claims[one.claim_id]
        why = t(f"claim.{one.why}", **one.facts)
        if against := report.contradicted(one, district, t):
            why += f" · {against}"
        rows.append(
            (
                one.claim_id,
                claim.citation.section,
                claim.citation.phrase,
                one.predicate,
                (t(f"check.outcome_{one.outcome}"), checks.TONES.get(one.outcome, "undecided")),
                one.value,
                one.margin,
                one.unit,
                why,
            )
        )
    return columns, rows


def _balances(checked, district, t, unit):
    named = t(f"check.unit_{unit}")
    columns = (
        (t("report.column_id"), 12, "text"),
        (t("report.place"), 26, "text"),
        (t("report.column_child"), 26, "text"),
        (f"{t('report.column_exact')} {named}", 14, "area"),
        (f"{t('report.column_shown')} {named}", 12, "plain"),
        (t("report.column_moved"), 18, "text"),
        (f"{t('report.column_gap')} {named}", 18, "area"),
    )
    rows = []
    for one in checked.balances:
        parent = checks.place_name(district, one.parent_id, t)
        exact, shown, gap = (_in(value, unit) for value in (one.parent_km2, one.shown_km2, one.gap_km2))
        rows.append((one.parent_id, parent, "", exact, shown, "", gap))
        for id_, child, told in one.children:
            moved = t("report.yes") if id_ in one.moved else ""
            rows.append((id_, "", checks.place_name(district, id_, t), _in(child, unit), _in(told, unit), moved, None))
    rows += [("", t(f"sums.{key}", **facts), "", None, None, "", None) for key, facts in checked.sums]
    return columns, rows


def _changes(checked, district, t, unit):
    named = t(f"check.unit_{unit}")
    columns = (
        (t("report.column_id"), 12, "text"),
        (t("report.place"), 26, "text"),
        *((f"{t(f'report.{key}')} {named}", 12, "area") for key in ("before", "after", "gained", "lost")),
        (t("report.column_iou"), 12, "share"),
        *((t(f"report.column_{key}"), 12, "metres") for key in ("farthest", "mean", "centre")),
        (t("report.column_bearing"), 10, "metres"),
    )
    rows = [
        (
            one.place_id,
            checks.place_name(district, one.place_id, t),
            *(_in(value, unit) for value in (one.old_km2, one.new_km2, one.gained_km2, one.lost_km2)),
            one.iou,
            one.farthest_m,
            one.mean_m,
            one.centre_m,
            one.bearing_deg,
        )
        for one in checked.comparison.places
    ]
    return columns, rows


def _method(checked, district, t, unit, date, title):
    columns = ((t("report.column_topic"), 26, "text"), (t("report.column_content"), 110, "wrap"))
    rows = [(plain(title) if title else t("report.title"), t("report.against_plan"))]
    rows += report_subject.facts(checked, t, unit, date)
    rows += [(t("report.method"), line) for line in report_subject.method(t)]
    rows += [(t("report.limits"), line) for line in report_subject.limits(t)]
    rows += [(t("report.sources"), line) for line in report_subject.sources(district, t)]
    return columns, rows


def _in(value_km2, unit):
    return None if value_km2 is None else convert(value_km2, Unit.KM2, unit)


# ---- cells ----


def _looks(book):
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    looks = {
        "head": book.add_format({**base, "bold": True, "bg_color": "#F4F5F3", "bottom": 1, "text_wrap": True}),
        "text": book.add_format(base),
        "wrap": book.add_format({**base, "text_wrap": True}),
        "plain": book.add_format(base),
    }
    formats = {"area": "#,##0.0000", "degree": "0.000000", "metres": "#,##0.0", "share": "0.0000"}
    looks |= {name: book.add_format({**base, "num_format": told}) for name, told in formats.items()}
    tones = {
        "agrees": ("#E2F1E8", "#1E6B45"),
        "disagrees": ("#F8E1DE", "#8C2B1E"),
        "attention": ("#FBEBD3", "#7A4B1E"),
        "undecided": ("#ECEFF0", "#44535A"),
    }
    return looks | {
        name: book.add_format({**base, "bg_color": ground, "font_color": ink}) for name, (ground, ink) in tones.items()
    }


def _sheet(sheet, columns, rows, looks):
    for at, (label, width, look) in enumerate(columns):
        sheet.set_column(at, at, width, looks[look])
        sheet.write_string(0, at, label, looks["head"])
    sheet.freeze_panes(1, 0)
    rows = list(rows)[:_MOST_ROWS]
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            look = looks[columns[at][2]]
            if isinstance(value, tuple):
                value, tone = value
                look = looks[tone]
            if value is None or value == "":
                continue
            if isinstance(value, int | float) and not isinstance(value, bool):
                if math.isfinite(value):
                    sheet.write_number(number, at, value, look)
            else:
                sheet.write_string(number, at, _text(value), look)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _text(value):
    return safe(pl.Series([plain(value)[:_LONGEST]], dtype=pl.String))[0]
