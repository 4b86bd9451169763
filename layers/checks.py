"""A check as tables, and as what is drawn over the map, in the words of one language: plain text and numbers."""

from gm_map.check.results import Judgement, Outcome, Severity
from gm_map.check.sketch import points, sketch
from layers import citations, figures

__all__ = [
    "TONES",
    "UNITS",
    "balance_lines",
    "cause_table",
    "claim_table",
    "drawn",
    "finding_table",
    "identity_table",
    "in_unit",
    "moved_table",
    "place_name",
    "verdict_table",
]

# How many of a unit make a square kilometre.
UNITS = {"km2": 1.0, "ha": 100.0, "mu": 1500.0}
TONES = {
    Judgement.AGREES: "agrees",
    Judgement.DISAGREES: "disagrees",
    Judgement.UNDECIDED: "undecided",
    Outcome.HOLDS: "agrees",
    Outcome.FAILS: "disagrees",
    Severity.ERROR: "disagrees",
    Severity.WARNING: "attention",
    Severity.NOTE: "undecided",
}
_INDENTS = {"corridor": 0, "zone": 0, "cluster": 1, "unit": 2}
_LOOKS = {
    "layer": {"color": "#1F5F7A", "weight": 1.8, "opacity": 1, "fillColor": "#1F5F7A", "fillOpacity": 0.06},
    "wrong": {"color": "#8C2B1E", "weight": 2.4, "opacity": 1, "fillColor": "#8C2B1E", "fillOpacity": 0.14},
    "chosen": {"color": "#11191D", "weight": 3.2, "opacity": 1, "fillColor": "#11191D", "fillOpacity": 0.04},
    "gained": {"color": "#1E6B45", "weight": 1, "opacity": 1, "fillColor": "#1E6B45", "fillOpacity": 0.45},
    "lost": {
        "color": "#8C2B1E",
        "weight": 1.4,
        "opacity": 1,
        "fillColor": "#8C2B1E",
        "fillOpacity": 0.3,
        "dashArray": "4 3",
    },
}


def in_unit(value_km2, unit, digits=None) -> str:
    """An area in the unit asked for: decimals as in km², fewer where the unit is smaller; a dash for none."""
    if value_km2 is None:
        return "–"
    value = value_km2 * UNITS[unit]
    if digits is None:
        digits = {"km2": 2, "ha": 1, "mu": 0}[unit]
    return f"{value:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def place_name(district, place_id, messages) -> str:
    """What a place is called in the language; the id itself where it is none."""
    place = district.catalogue.places.get(place_id)
    return place.name.of(messages.language) if place else str(place_id)


def verdict_table(report, district, messages, unit="km2", selected=None) -> dict:
    """Places with stated and measured area, verdict and reason; see `views.parts.table`."""
    labelled = {"km2": "km²", "ha": messages("check.unit_ha"), "mu": messages("check.unit_mu")}[unit]
    rows = []
    catalogue = district.catalogue
    order = {id_: number for number, id_ in enumerate(_nested(catalogue))}
    for one in sorted(report.verdicts, key=lambda verdict: order[verdict.place_id]):
        place = catalogue.places[one.place_id]
        off = "–" if not one.uncertainty_km2 else f"± {in_unit(one.uncertainty_km2, unit, _few(one, unit))}"
        rows.append(
            {
                "id": one.place_id,
                "cells": [
                    {"text": place.short.of(messages.language), "indent": _INDENTS[str(place.level)]},
                    "–" if one.stated_km2 is None else f"{one.stated_km2 * UNITS[unit]:,g}",
                    in_unit(one.area_km2, unit),
                    off,
                    in_unit(one.projected_km2, unit),
                    {"text": messages(f"check.short_{_short(one)}"), "tone": TONES[one.judgement]},
                    messages(f"verdict.{one.why}", **one.facts),
                ],
            }
        )
    return {
        "caption": messages("check.table_areas"),
        "columns": [
            {"label": messages("check.object"), "head": True},
            {"label": messages("check.stated", unit=labelled), "align": "end"},
            {"label": messages("check.measured", unit=labelled), "align": "end"},
            {"label": messages("check.off"), "align": "end"},
            {"label": messages("check.projected", unit=labelled), "align": "end"},
            {"label": messages("check.verdict")},
            {"label": messages("check.why"), "width": "42%"},
        ],
        "rows": rows,
        "selected": selected,
    }


def _nested(catalogue):
    """Every place after the one that it lies in."""
    for place in catalogue.places.values():
        if place.parent_id is None:
            yield from (place.id, *catalogue.descendants(place.id))


def _short(verdict) -> str:
    """The verdict in a word; where it cannot be decided, what it wants."""
    if verdict.judgement is not Judgement.UNDECIDED:
        return str(verdict.judgement)
    return verdict.why if verdict.why in ("fitted", "no_figure", "missing") else "undecided"


def _few(verdict, unit):
    """Decimals of the uncertainty: two digits of it are known at most."""
    value = verdict.uncertainty_km2 * UNITS[unit]
    return 0 if value >= 10 else 1 if value >= 1 else 2


def cause_table(verdict, messages, unit="km2") -> dict:
    """What would explain the difference of one place, best first, with what each leaves."""
    rows = [
        {
            "cells": [
                {"text": messages(f"cause.{cause.code}", **cause.facts)},
                signed(cause.explains_km2, unit),
                signed(cause.residual_km2, unit),
            ]
        }
        for cause in verdict.causes
    ]
    return {
        "caption": messages("check.table_causes"),
        "columns": [
            {"label": messages("check.cause"), "head": True, "width": "64%"},
            {"label": messages("check.explains"), "align": "end"},
            {"label": messages("check.leaves"), "align": "end"},
        ],
        "rows": rows,
        "empty": messages("check.no_causes"),
    }


def signed(value_km2, unit) -> str:
    """A difference of area with its sign; small ones keep three decimals, or they would all read as nothing."""
    value = value_km2 * UNITS[unit]
    digits = 3 if abs(value) < 0.1 else 2 if abs(value) < 100 else 0
    return f"{round(value, digits) + 0.0:+,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def finding_table(report, district, messages, severity=None, selected=None) -> dict:
    """What the rules found, numbered as on the map."""
    rows = []
    for number, one in enumerate(report.findings, 1):
        if severity is not None and one.severity != severity:
            continue
        where = "–" if one.lon is None else f"{one.lon:.6f}, {one.lat:.6f}"
        called = one.name or (place_name(district, one.place_id, messages) if one.place_id else messages("check.whole"))
        row = messages("check.row", row=one.row + 1) if one.row is not None and report.crs is not None else ""
        rows.append(
            {
                "id": f"finding-{number}",
                "cells": [
                    {"text": str(number)},
                    {"text": messages(f"check.severity_{one.severity}"), "tone": TONES[one.severity]},
                    {"text": called[:80], "note": row},
                    {"text": messages(f"finding.{one.code.lower()}", **one.facts), "note": one.code},
                    {"text": where},
                ],
            }
        )
    return {
        "caption": messages("check.table_findings"),
        "columns": [
            {"label": "№", "align": "end"},
            {"label": messages("check.severity")},
            {"label": messages("check.object"), "head": True, "width": "18%"},
            {"label": messages("check.message"), "width": "46%"},
            {"label": messages("check.at")},
        ],
        "rows": rows,
        "selected": selected,
        "empty": messages("check.no_findings"),
    }


def claim_table(report, district, messages, outcome=None, selected=None) -> dict:
    """The plan's sentences about where things are, with what came of each."""
    rows = []
    for one in report.claims:
        if outcome is not None and one.outcome != outcome:
            continue
        claim = district.catalogue.claims[one.claim_id]
        against = messages("check.against") if one.against else ""
        rows.append(
            {
                "id": one.claim_id,
                "cells": [
                    {
                        "text": claim.citation.phrase,
                        "note": f"{claim.citation.section} · {one.predicate}",
                        "said": citations.said([claim.citation], district.catalogue),
                    },
                    {"text": messages(f"check.outcome_{one.outcome}"), "tone": TONES.get(one.outcome, "undecided")},
                    {"text": messages(f"claim.{one.why}", **one.facts), "note": against},
                ],
            }
        )
    return {
        "caption": messages("check.table_claims"),
        "columns": [
            {"label": messages("check.phrase"), "head": True, "width": "34%"},
            {"label": messages("check.outcome")},
            {"label": messages("check.number"), "width": "46%"},
        ],
        "rows": rows,
        "selected": selected,
    }


def identity_table(report, district, messages, selected=None) -> dict:
    """Which feature was taken for which place, and by what."""
    rows = [
        {
            "id": f"row-{one.row + 1}",
            "cells": [
                {"text": str(one.row + 1)},
                {"text": one.name[:80] or "–"},
                {
                    "text": place_name(district, one.place_id, messages) if one.place_id else messages("check.nobody"),
                    "tone": "" if one.place_id else "attention",
                },
                {"text": messages(f"check.how_{one.how}"), "note": f"{one.score:.2f}" if one.how == "overlap" else ""},
            ],
        }
        for one in report.identities
    ]
    return {
        "caption": messages("check.table_identities"),
        "columns": [
            {"label": messages("check.row_number"), "align": "end"},
            {"label": messages("check.in_file"), "head": True, "width": "34%"},
            {"label": messages("check.in_plan"), "width": "34%"},
            {"label": messages("check.by_what")},
        ],
        "rows": rows,
        "selected": selected,
    }


def moved_table(report, district, messages, unit="km2", selected=None) -> dict:
    """What moved between the shipped map, or an older file, and this one."""
    rows = [
        {
            "id": one.place_id,
            "cells": [
                {"text": place_name(district, one.place_id, messages)},
                in_unit(one.old_km2, unit),
                in_unit(one.new_km2, unit),
                f"+{in_unit(one.gained_km2, unit)}" if one.gained is not None else "–",
                f"\N{MINUS SIGN}{in_unit(one.lost_km2, unit)}" if one.lost is not None else "–",
                figures.distance(one.farthest_m) if one.changed else "–",
            ],
        }
        # What moved most stands first; what did not move, last.
        for one in sorted(report.comparison.places, key=lambda one: -(one.gained_km2 + one.lost_km2))
    ]
    return {
        "caption": messages("check.table_moved"),
        "columns": [
            {"label": messages("check.object"), "head": True, "width": "30%"},
            {"label": messages("check.before"), "align": "end"},
            {"label": messages("check.after"), "align": "end"},
            {"label": messages("check.gained"), "align": "end"},
            {"label": messages("check.lost"), "align": "end"},
            {"label": messages("check.farthest"), "align": "end"},
        ],
        "rows": rows,
        "selected": selected,
    }


def balance_lines(report, district, messages, unit="km2") -> tuple[str, ...]:
    """Parents against their children, with the rounding told."""
    lines = []
    for one in report.balances:
        children = messages("check.plus").join(
            in_unit(shown, unit, None if unit != "km2" else one.decimals) for _, _, shown in one.children
        )
        words = messages(
            "check.balance",
            parent=place_name(district, one.parent_id, messages),
            total=in_unit(one.shown_km2, unit, None if unit != "km2" else one.decimals),
            children=children,
            gap=signed(one.gap_km2, unit),
        )
        if one.moved:
            moved = messages("card.list_mark").join(place_name(district, id_, messages) for id_ in one.moved)
            words += messages("check.rounded", places=moved)
        lines.append(words)
    return tuple(lines)


def drawn(report, district, messages, *, version, changes=False, selected=None, at=None) -> dict:
    """What `gm.overlay` draws: the outlines of the file, or what was gained and lost, and the findings as points.

    Parameters
    ----------
    report : Report
    district : District
    messages : Messages
    version : str
        Changes whenever what is drawn does: the browser keeps what it has while it stays the same.
    changes : bool
        Gains and losses instead of outlines.
    selected : str, optional
        A place, whose feature is drawn heavier.
    at : tuple of float, optional
        Latitude, longitude to go to.
    """
    shapes = []
    if changes and report.comparison is not None:
        for one in report.comparison.places:
            for look, geometry in (("gained", one.gained), ("lost", one.lost)):
                light = sketch([geometry])[0]
                if light is not None:
                    name = f"{place_name(district, one.place_id, messages)} · {messages(f'check.{look}')}"
                    shapes.append({"look": look, "geometry": light, "name": name})
    elif report.crs is not None:
        wrong = {one.row for one in report.findings if one.severity == Severity.ERROR}
        rows = {identity.row: identity for identity in report.identities}
        for row, light in enumerate(sketch(report.geometries)):
            if light is None:
                continue
            identity = rows.get(row)
            here = identity is not None and identity.place_id is not None and identity.place_id == selected
            shapes.append({"look": "chosen" if here else "wrong" if row in wrong else "layer", "geometry": light})
    dots = [
        {
            "id": f"finding-{number}",
            "number": number,
            "lat": round(one.lat, 6),
            "lon": round(one.lon, 6),
            "look": TONES[one.severity],
            "name": f"{number} · {messages(f'finding.{one.code.lower()}', **one.facts)}",
        }
        for number, one in points(report.findings)
    ]
    key = f"{version}-{messages.language}-{'changes' if changes else selected or ''}"
    return {"key": key, "shapes": shapes, "looks": _LOOKS, "points": dots, "at": list(at) if at else None}
