"""What a report of a check is about: the file and how it was read, the summary, and the small print."""

from gm_map.check.exports import plain
from gm_map.check.results import Judgement, Outcome, Severity
from gm_map.check.systems import BY_CODE
from gm_map.model import CGCS2000_GK_114, ELLIPSOID, WGS84
from layers import checks

__all__ = ["against_what", "facts", "limits", "method", "sources", "summary"]

MAIN_SOURCES = ("plan", "osm", "drawn")
LONGEST = 90  # characters of a name in a sentence


def facts(report, messages, unit, date) -> tuple[tuple[str, str], ...]:
    """Label and value of what was checked and how it was read."""
    t = messages
    matched = sum(one.place_id is not None for one in report.identities)
    rows = [(t("report.file"), plain(report.name)[:200] if report.crs is not None else t("report.shipped"))]
    rows.append((t("report.format"), plain(report.format)))
    rows.append((t("report.features"), t("report.features_matched", count=report.count, matched=matched)))
    if report.crs is not None and report.encoding:
        rows.append((t("report.encoding"), plain(report.encoding)))
    rows += _crs(report, t)
    if report.datum is not None:
        rows.append((t("report.datum"), _datum(report.datum, t)))
    rows.append((t("report.unit"), t(f"check.unit_{unit}")))
    rows.append((t("report.version"), report.district_version))
    rows.append((t("report.date"), plain(date)))
    return tuple(rows)


def _crs(report, t):
    if report.crs is None:
        return [(t("report.crs"), t("report.crs_shipped", crs=WGS84))]
    reading = report.crs
    if reading.detected is None:
        found = t("report.crs_none")
    else:
        system = BY_CODE.get(reading.detected)
        name = system.name.of(t.language) if system else reading.detected
        found = t("report.crs_found", name=name, code=reading.detected) if system else plain(name)
        if reading.how == "numbers":
            found += t("card.list_mark") + t("report.crs_sure", percent=round(reading.confidence * 100))
    says = t(f"crs.{reading.key.removeprefix('crs.')}", **reading.facts)
    return [(t("report.crs"), found), (t("report.crs_how"), plain(says))]


def _datum(reading, t):
    metres = round((reading.east_m**2 + reading.north_m**2) ** 0.5)
    return t(
        f"report.datum_{reading.datum}",
        metres=metres,
        before=round(reading.before_m),
        after=round(reading.after_m),
        percent=round(reading.confidence * 100),
        count=reading.count,
    )


def summary(report, district, messages) -> str:
    """What was found, in one short paragraph."""
    t = messages
    counted = {judgement: sum(one.judgement == judgement for one in report.verdicts) for judgement in Judgement}
    undecided = [one for one in report.verdicts if one.judgement == Judgement.UNDECIDED]
    kinds = {"no_figure": 0, "fitted": 0, "missing": 0, "unsure": 0}
    for one in undecided:
        kinds[_kind(one)] += 1
    told = [
        t(
            "report.summary_areas",
            count=len(report.verdicts),
            agrees=counted[Judgement.AGREES],
            disagrees=counted[Judgement.DISAGREES],
            undecided=len(undecided),
        )
    ]
    if kinds := [t(f"report.summary_{kind}", count=count) for kind, count in kinds.items() if count]:
        told.append(t("report.summary_undecided", kinds=t("report.comma").join(kinds)))
    if unlike := [one.place_id for one in report.verdicts if one.judgement == Judgement.DISAGREES]:
        names = t("card.list_mark").join(checks.place_name(district, id_, t) for id_ in unlike)
        told.append(t("report.summary_unlike", places=names))
    found = {severity: sum(one.severity == severity for one in report.findings) for severity in Severity}
    counts = {"errors": found[Severity.ERROR], "warnings": found[Severity.WARNING], "notes": found[Severity.NOTE]}
    told.append(t("report.summary_findings", **counts) if report.findings else t("report.summary_clean"))
    came = {outcome: sum(one.outcome == outcome for one in report.claims) for outcome in Outcome}
    told.append(
        t(
            "report.summary_claims",
            count=len(report.claims),
            holds=came[Outcome.HOLDS],
            fails=came[Outcome.FAILS],
            undecided=came[Outcome.UNDECIDED],
        )
    )
    if report.comparison is not None:
        count = len(report.comparison.changed)
        told.append(t("report.summary_changed", against=against_what(report, t), count=count))
    return (" " if t.language == "en" else "").join(told)


def _kind(verdict) -> str:
    """What an undecided verdict wants; the sentence of a derived place names its own inside."""
    if verdict.stated_km2 is None:
        return "no_figure"
    if verdict.area_km2 is None:
        return "missing"
    return verdict.why if verdict.why in ("no_figure", "fitted", "missing") else "unsure"


def against_what(report, messages) -> str:
    """What the drawing was compared with: ``options["against"]`` is the name of an older file."""
    name = report.options.get("against") if report.options else None
    return messages("report.against_older", name=plain(name)[:LONGEST]) if name else messages("report.against_shipped")


def method(messages) -> tuple[str, ...]:
    """How it was worked out."""
    return (
        messages("report.method_areas", ellipsoid=ELLIPSOID, crs=CGCS2000_GK_114),
        messages("report.method_tolerance"),
        messages("report.method_uncertainty"),
        messages("report.method_claims"),
        messages("report.method_datum"),
    )


def limits(messages) -> tuple[str, ...]:
    """What it does not prove."""
    return messages("app.indicative_help"), messages("report.limits_use")


def sources(district, messages) -> tuple[str, ...]:
    """What the plan and the map are from, and on what terms."""
    known = district.catalogue.sources
    told = []
    for id_ in MAIN_SOURCES:
        if id_ in known:
            one = known[id_]
            by = messages("report.source_by", attribution=one.attribution)
            licence = messages("report.licence_not_stated") if one.licence in ("", "not stated") else one.licence
            title = one.title.of(messages.language)
            by = "" if one.attribution in ("", one.title.zh) else by
            told.append(messages("report.source", title=title, publisher=by, licence=licence))
    told.append(messages("report.sources_more", count=len(known) - len(told)))
    return tuple(told)
