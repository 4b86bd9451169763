"""The command ``check``: the shipped map, or a file, held against the plan; `gm_map.cli` puts it beside the others."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from gm_map import district
from gm_map.console import print_json, print_table
from gm_map.errors import InputError
from gm_map.messages import Messages

__all__ = ["add", "as_json"]

Run = Callable[[argparse.Namespace, Messages], int]
REPORTS = ("html", "docx", "xlsx", "geojson", "gpkg")
ALL_WELL, ERRORS_FOUND, CANNOT_READ = 0, 1, 2
MOST_SHOWN = 40  # findings on a terminal; the report has all


def add(command: Callable[[str, Run, str], argparse.ArgumentParser], t: Messages) -> None:
    """Add the command; see `gm_map.cli_match.add`."""
    check = command("check", _check, t("cli.check_command"))
    check.add_argument("file", nargs="?", metavar="FILE", help=t("cli.check_file"))
    check.add_argument("--json", action="store_true", help=t("cli.json"))
    check.add_argument("--layer", metavar="NAME", help=t("cli.check_layer"))
    check.add_argument("--uncertainty", type=_metres, metavar="METRES", help=t("cli.check_uncertainty"))
    check.add_argument("--datum", choices=["gcj02", "bd09"], help=t("cli.check_datum"))
    check.add_argument("--is", action="append", default=[], dest="by_hand", metavar="ROW=ID", help=t("cli.check_is"))
    check.add_argument("--report", action="append", default=[], metavar="FILE", help=t("cli.check_report"))
    check.add_argument("--fix", metavar="FILE", help=t("cli.check_fix"))
    check.add_argument("--against", metavar="FILE", help=t("cli.check_against"))


def _metres(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 10_000:
        raise ValueError(text)
    return value


def _check(options: argparse.Namespace, t: Messages) -> int:
    from gm_map.check import refusal

    try:
        return _run(options, t)
    except refusal.Refused as error:
        raise InputError(t(f"check.refused_{error.key}", **error.facts)) from error


def _run(options: argparse.Namespace, t: Messages) -> int:
    from gm_map.check import run

    ours = district.load()
    settled = run.Options(
        layer=options.layer,
        by_hand=_by_hand(options.by_hand, ours.catalogue, t),
        uncertainty_m=options.uncertainty,
        datum=options.datum,
    )
    for name in options.report:
        if Path(name).suffix.lstrip(".").lower() not in REPORTS:
            raise InputError(t("cli.check_report_kind", file=name, kinds=", ".join(REPORTS)))
    report = run.check(ours, options.file, settled, against=options.against)
    if options.json:
        print_json(as_json(report, ours, t))
    else:
        _print(report, ours, t)
    for name in options.report:
        _write(report, ours, Path(name), t)
    if options.fix:
        _fix(report, Path(options.fix), t)
    return ERRORS_FOUND if any(finding.severity == "error" for finding in report.findings) else ALL_WELL


def _by_hand(said, catalogue, t: Messages) -> dict[int, str | None]:
    """``3=unit-07`` says that the third feature is that place; ``3=`` that it is none."""
    found = {}
    for one in said:
        row, _, place = one.partition("=")
        if not row.isdecimal() or int(row) < 1 or (place and place not in catalogue.places):
            raise InputError(t("cli.check_is_wrong", said=one))
        found[int(row) - 1] = place or None
    return found


def as_json(report, ours, t: Messages) -> dict:
    """The report as one value for JSON: what a program reads is the same in both languages, sentences are not."""
    catalogue = ours.catalogue
    verdicts = [
        {
            "id": one.place_id,
            "name": catalogue.places[one.place_id].name.of(t.language),
            "level": str(one.level),
            "stated_km2": one.stated_km2,
            "area_km2": one.area_km2,
            "projected_km2": one.projected_km2,
            "uncertainty_km2": one.uncertainty_km2,
            "verdict": str(one.judgement),
            "why": t(f"verdict.{one.why}", **one.facts),
            "causes": [
                {
                    "cause": cause.code,
                    "explains_km2": cause.explains_km2,
                    "residual_km2": cause.residual_km2,
                    "says": t(f"cause.{cause.code}", **cause.facts),
                }
                for cause in one.causes
            ],
        }
        for one in report.verdicts
    ]
    claims = []
    for one in report.claims:
        claim = catalogue.claims[one.claim_id]
        claims.append(
            {
                "id": one.claim_id,
                "citation": claim.citation.section,
                "phrase": claim.citation.phrase,
                "predicate": one.predicate,
                "result": str(one.outcome),
                "value": one.value,
                "unit": one.unit,
                "margin": one.margin,
                "why": t(f"claim.{one.why}", **one.facts),
                "contradicted_by": list(one.against),
            }
        )
    findings = [
        {
            "code": one.code,
            "severity": str(one.severity),
            "object": one.name or (catalogue.places[one.place_id].name.of(t.language) if one.place_id else ""),
            "row": None if one.row is None else one.row + 1,
            "place": one.place_id,
            "message": t(f"finding.{one.code.lower()}", **one.facts),
            "lon": one.lon,
            "lat": one.lat,
            "fixable": one.fixable,
        }
        for one in report.findings
    ]
    return {
        "data": report.district_version,
        "file": report.name or None,
        "format": report.format,
        "features": report.count,
        "crs": _crs(report, t),
        "datum": _datum(report),
        "identities": [
            {"row": one.row + 1, "name": one.name, "place": one.place_id, "how": one.how} for one in report.identities
        ],
        "verdicts": verdicts,
        "balances": [
            {
                "parent": one.parent_id,
                "area_km2": one.parent_km2,
                "shown": one.shown_km2,
                "children": [{"id": id_, "area_km2": exact, "shown": shown} for id_, exact, shown in one.children],
                "rounded_otherwise": list(one.moved),
                "gap_km2": one.gap_km2,
            }
            for one in report.balances
        ],
        "sums": [t(f"sums.{key}", **facts) for key, facts in report.sums],
        "claims": claims,
        "findings": findings,
    }


def _crs(report, t: Messages) -> dict | None:
    """Which coordinate system the file is in; that of the shipped map is written down with it."""
    if report.crs is None:
        from gm_map.model import WGS84

        return {"detected": WGS84, "how": "declared", "confidence": 1.0, "alternatives": [], "swapped": False}
    return {
        "detected": report.crs.detected,
        "how": report.crs.how,
        "confidence": report.crs.confidence,
        "alternatives": [{"code": code, "apart_m": metres} for code, metres in report.crs.alternatives],
        "swapped": report.crs.swapped,
        "says": t(f"crs.{report.crs.key}", **report.crs.facts),
    }


def _datum(report) -> dict | None:
    if report.datum is None:
        return None
    return {
        "detected": report.datum.datum,
        "confidence": report.datum.confidence,
        "east_m": report.datum.east_m,
        "north_m": report.datum.north_m,
        "before_m": report.datum.before_m,
        "after_m": report.datum.after_m,
    }


def _print(report, ours, t: Messages) -> None:
    told = as_json(report, ours, t)
    if report.crs is not None:
        print(t("cli.check_read", file=report.name, format=report.format, count=report.count))
        print(told["crs"]["says"])
    header = [t("cli.place"), t("cli.stated"), t("cli.measured"), t("cli.off"), t("check.verdict"), t("check.why")]
    rows = [
        [
            one["name"],
            "–" if one["stated_km2"] is None else f"{one['stated_km2']:g}",
            "–" if one["area_km2"] is None else f"{one['area_km2']:.3f}",
            "–" if not one["uncertainty_km2"] else f"{one['uncertainty_km2']:.2f}",
            t(f"check.judgement_{one['verdict']}"),
            one["why"],
        ]
        for one in told["verdicts"]
    ]
    print_table([header, *rows], numbers={1, 2, 3})
    for one in told["verdicts"]:
        for cause in one["causes"]:
            print(f"  {one['name']}: {cause['says']} ({cause['explains_km2']:+.3f} → {cause['residual_km2']:+.3f} km²)")
    print(*told["sums"], sep="\n")
    outcomes = [one["result"] for one in told["claims"]]
    print(t("cli.check_claims", **{key: outcomes.count(word) for key, word in _OUTCOMES.items()}))
    if told["findings"]:
        header = [t("check.code"), t("check.severity"), t("check.object"), t("check.message"), "lon", "lat"]
        rows = [
            [
                one["code"],
                t(f"check.severity_{one['severity']}"),
                one["object"],
                one["message"],
                "–" if one["lon"] is None else f"{one['lon']:.6f}",
                "–" if one["lat"] is None else f"{one['lat']:.6f}",
            ]
            for one in told["findings"][:MOST_SHOWN]
        ]
        print_table([header, *rows], numbers={4, 5})
    more = len(told["findings"]) - MOST_SHOWN
    if more > 0:
        print(t("cli.check_more", count=more))
    elif not told["findings"]:
        print(t("cli.check_clean"))
    print(t("cli.indicative"))


_OUTCOMES = {"holds": "holds", "fails": "does not hold", "undecided": "cannot be decided"}


def _write(report, ours, path: Path, t: Messages) -> None:
    """The report, in the format that the name of the file asks for."""
    kind = path.suffix.lstrip(".").lower()
    try:
        if kind in ("geojson", "gpkg"):
            from gm_map.check import exports

            exports.write(report, ours, path, t)
        else:
            from layers import report_docx, report_html, report_xlsx

            made = {"html": report_html.html, "docx": report_docx.docx, "xlsx": report_xlsx.xlsx}[kind]
            told = made(report, ours, t, date=date.today().isoformat())
            path.write_bytes(told.encode("utf-8") if isinstance(told, str) else told)
    except OSError as error:
        raise InputError(t("cli.cannot_write", file=path, reason=error.strerror or error)) from error
    print(path, file=sys.stderr)


def _fix(report, path: Path, t: Messages) -> None:
    """What can be mended, mended in a new file; every change is told."""
    from gm_map.check import exports, mend

    if report.crs is None:
        raise InputError(t("cli.check_fix_nothing"))
    if path.exists():
        raise InputError(t("cli.check_fix_exists", file=path))
    mended = mend.mend(report.layer, report.geometries, report.findings)
    exports.write_layer(report, mended, path)
    for change in mended.changes:
        print(t(f"check.change_{change.code.lower()}", row=change.row + 1, **change.facts), file=sys.stderr)
    print(t("cli.check_fixed", count=len(mended.changes), file=path), file=sys.stderr)
