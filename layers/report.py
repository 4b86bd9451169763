"""What the report of a check says, in its order: headings, lines, tables and pictures, before any format.

Nothing but text that paper can hold: every format writes it through its own door.
"""

from dataclasses import dataclass

from gm_map.check.codes import CODES
from gm_map.check.exports import plain
from gm_map.check.results import Judgement, Outcome, Severity
from gm_map.check.units import Unit, convert, decimals
from gm_map.model import CGCS2000_GK_114, Level
from layers import checks, report_changes, report_subject

__all__ = ["Cell", "Column", "Heading", "Line", "Picture", "Pieces", "Signatures", "Table", "pieces"]

MOST_FINDINGS = 200  # in the document; the workbook and the GeoPackage have all
MOST_DETAILS = 6
LIST_COMMA = chr(0x3001)
# What is said of a place or a layer as a whole: a close-up of its point would show nothing.
AT_NO_SPOT = frozenset(
    {
        "AREA_COLUMN_DISAGREES",
        "AREA_DISAGREES",
        "DUPLICATE",
        "EXTRA_PLACE",
        "MISSING_PLACE",
        "NOT_TILING",
        "UNKNOWN_NAME",
    }
)
MOST_SECTIONS = 3  # of the plan, where it says otherwise
_INDENTS = {Level.CORRIDOR: 0, Level.ZONE: 0, Level.CLUSTER: 1, Level.UNIT: 2}
LONGEST = 90  # characters of a name in a table


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, a quieter note below it, the tone of a verdict (see `layers.checks.TONES`), how far in."""

    text: str
    note: str = ""
    tone: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, its share of the width, and whether it holds numbers."""

    label: str
    width: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``small`` for an annex."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2; ``page``: it begins one."""

    text: str
    level: int = 1
    page: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; a quiet one explains, a listed one is one of several."""

    text: str
    quiet: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A map by its name in `layers.report_maps`, with its caption; details stand two in a row."""

    name: str
    caption: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, each with a line and a date."""

    title: str
    roles: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True)
class Pieces:
    """The report. ``facts`` are label and value of what was checked; ``footer`` stands on every page."""

    title: str
    subtitle: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    summary: str
    body: tuple[Heading | Line | Table | Picture | Signatures, ...]
    footer: str


def pieces(report, district, messages, *, unit="km2", date, title=None) -> Pieces:
    """Put the report together.

    Parameters
    ----------
    report : gm_map.check.report_value.Report
    district : District
    messages : Messages
        Sets the language.
    unit : {"km2", "ha", "mu"}
        Of all areas.
    date : str
        As it is to stand in the report.
    title : str, optional
    """
    t = messages
    body = [Heading(t("report.summary")), Line(report_subject.summary(report, district, t))]
    shipped = report.crs is None
    body.append(Picture("overview", t("report.map_shipped") if shipped else t("report.map_overview")))
    body += [Heading(t("report.areas")), *_areas(report, district, t, unit)]
    body += _causes(report, district, t, unit)
    body += [Heading(t("report.balances")), Line(t("report.balances_note"), quiet=True)]
    body += [Line(plain(line), listed=True) for line in checks.balance_lines(report, district, t, unit)]
    body.append(Heading(t("report.sums"), 2))
    body += [Line(t(f"sums.{key}", **values), listed=True) for key, values in report.sums]
    body += [Heading(t("report.findings")), *_findings(report, district, t)]
    body += [Heading(t("report.claims")), *_claims_that_fail(report, district, t)]
    if report.comparison is not None:
        against = report_subject.against_what(report, t)
        body.append(Heading(t("report.changes", against=against)))
        lines, table = report_changes.told(report.comparison, district, t, unit)
        if report.comparison.changed:
            body += [Picture("changes", t("report.map_changes"))]
        body += [Line(line) for line in lines]
        if table is not None:
            columns, rows = table
            body.append(Table(tuple(Column(*one) for one in columns), tuple(tuple(map(Cell, row)) for row in rows)))
            body.append(Line(t("report.changes_note"), quiet=True))
    body += [Heading(t("report.method")), *(Line(line, listed=True) for line in report_subject.method(t))]
    body += [Heading(t("report.limits"), 2), *(Line(line, listed=True) for line in report_subject.limits(t))]
    body += [
        Heading(t("report.sources"), 2),
        *(Line(line, listed=True) for line in report_subject.sources(district, t)),
    ]
    roles = (t("report.sign_made"), t("report.sign_checked"), t("report.sign_approved"))
    body.append(Signatures(t("report.signatures"), roles, t("report.sign_date")))
    body += [Heading(t("report.claims_annex"), page=True), _claims(report.claims, district, t, small=True)]
    return Pieces(
        title=plain(title) if title else t("report.title"),
        subtitle=t("report.against_plan"),
        mark=t("app.indicative"),
        facts=report_subject.facts(report, t, unit, date),
        summary=report_subject.summary(report, district, t),
        body=tuple(body),
        footer=t("report.footer", version=report.district_version),
    )


# ---- areas ----


def area_digits(value_km2, uncertainty_km2, unit) -> int:
    """Decimals of an area in a unit: two digits of what is uncertain; where nobody said, as on the map."""
    if not uncertainty_km2:
        return {"km2": 2, "ha": 1, "mu": 0}[unit]
    return decimals(convert(uncertainty_km2, Unit.KM2, unit))


def _areas(report, district, t, unit):
    rows = []
    for one in report.verdicts:
        place = district.catalogue.places[one.place_id]
        digits = area_digits(one.area_km2, one.uncertainty_km2, unit)
        ppm = "–"
        if one.area_km2 and one.projected_km2 is not None:
            ppm = f"{round((one.projected_km2 / one.area_km2 - 1) * 1e6):+d}".replace("-", "\N{MINUS SIGN}")
        rows.append(
            (
                Cell(_short(place, t), indent=_INDENTS[place.level]),
                Cell("–" if one.stated_km2 is None else f"{convert(one.stated_km2, Unit.KM2, unit):,g}"),
                Cell(checks.in_unit(one.area_km2, unit, digits)),
                Cell(checks.in_unit(one.uncertainty_km2, unit, digits) if one.uncertainty_km2 else "–"),
                Cell(checks.in_unit(one.projected_km2, unit, digits)),
                Cell(ppm),
                Cell(t(f"report.judgement_{one.judgement}"), tone=checks.TONES[one.judgement]),
                Cell(plain(t(f"verdict.{one.why}", **one.facts))),
            )
        )
    columns = (
        Column(t("report.place"), 0.24),
        Column(t("report.stated"), 0.075, number=True),
        Column(t("report.measured"), 0.095, number=True),
        Column(t("report.off"), 0.055, number=True),
        Column(t("report.projected"), 0.1, number=True),
        Column("ppm", 0.06, number=True),
        Column(t("check.verdict"), 0.125),
        Column(t("check.why"), 0.25),
    )
    note = t("report.areas_note", unit=t(f"check.unit_{unit}"), crs=CGCS2000_GK_114)
    return [Line(note, quiet=True), Table(columns, tuple(rows))]


def _short(place, t):
    """Units by their short names in English, whose long ones would take three lines each."""
    short = t.language == "en" and place.level == Level.UNIT
    return (place.short if short else place.name).of(t.language)


def _causes(report, district, t, unit):
    unlike = [one for one in report.verdicts if one.judgement == Judgement.DISAGREES and one.causes]
    if not unlike:
        return []
    told = [Heading(t("report.causes")), Line(t("report.causes_note"), quiet=True)]
    named = t(f"check.unit_{unit}")
    columns = (
        Column(t("report.cause"), 0.7),
        Column(f"{t('report.explains')} {named}", 0.15, number=True),
        Column(f"{t('report.leaves')} {named}", 0.15, number=True),
    )
    for one in unlike:
        title = t(
            "report.causes_of",
            place=checks.place_name(district, one.place_id, t),
            stated=f"{convert(one.stated_km2, Unit.KM2, unit):,g}",
            area=checks.in_unit(one.area_km2, unit, area_digits(one.area_km2, one.uncertainty_km2, unit)),
            difference=checks.signed(one.area_km2 - one.stated_km2, unit),
            unit=named,
        )
        rows = tuple(
            (
                Cell(plain(t(f"cause.{cause.code}", **cause.facts))),
                Cell("–" if cause.code == "none" else checks.signed(cause.explains_km2, unit)),
                Cell(checks.signed(cause.residual_km2, unit)),
            )
            for cause in one.causes
        )
        told += [Heading(title, 2), Table(columns, rows)]
    return told


# ---- findings ----


def _findings(report, district, t):
    if not report.findings:
        return [Line(t("report.findings_none"))]
    rows = []
    for number, one in enumerate(report.findings[:MOST_FINDINGS], 1):
        code = CODES.get(one.code)
        row = t("report.row", row=one.row + 1) if one.row is not None and report.crs is not None else ""
        remedy = t("report.remedy", remedy=code.remedy.of(t.language)) if code else ""
        where = ("–", "") if one.lon is None else (f"{one.lon:.6f}", f"{one.lat:.6f}")
        rows.append(
            (
                Cell(str(number)),
                Cell(t(f"check.severity_{one.severity}"), one.code.replace("_", "_\u200b"), checks.TONES[one.severity]),
                Cell(called(one, district, t), row),
                Cell(plain(t(f"finding.{one.code.lower()}", **one.facts)), remedy),
                Cell(*where),
            )
        )
    columns = (
        Column(t("report.number"), 0.05, number=True),
        Column(t("report.code"), 0.155),
        Column(t("report.object"), 0.18),
        Column(t("report.message"), 0.485),
        Column(t("report.where"), 0.13, number=True),
    )
    told = [Table(columns, tuple(rows))]
    if len(report.findings) > MOST_FINDINGS:
        told.append(Line(t("report.findings_more", count=len(report.findings) - MOST_FINDINGS), quiet=True))
    if shown := details(report):
        told.append(Heading(t("report.details"), 2))
        for number in shown:
            one = report.findings[number - 1]
            caption = t("report.map_detail", number=number, code=one.code, object=called(one, district, t)[:30])
            told.append(Picture("detail", caption, number))
    return told


def details(report) -> tuple[int, ...]:
    """Numbers of the findings that get a picture of their own: the first with a point, errors and warnings, no code
    more than twice."""
    shown, taken = [], {}
    for number, one in enumerate(report.findings, 1):
        if one.lon is None or one.severity == Severity.NOTE or report.crs is None:
            continue
        if one.code in AT_NO_SPOT or taken.get(one.code, 0) == 2:
            continue
        taken[one.code] = taken.get(one.code, 0) + 1
        shown.append(number)
    return tuple(shown[:MOST_DETAILS])


def called(finding, district, messages) -> str:
    """What a finding is about: as the file calls it, else as the plan does, else the whole layer."""
    name = plain(finding.name)
    if not name and finding.place_id:
        name = checks.place_name(district, finding.place_id, messages)
    name = name or messages("report.whole")
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


# ---- sentences ----


def _claims_that_fail(report, district, t):
    failed = [one for one in report.claims if one.outcome == Outcome.FAILS]
    if not failed:
        return [Line(t("report.claims_no_fail"))]
    return [Line(t("report.claims_fail", count=len(failed))), _claims(failed, district, t)]


def _claims(claims, district, t, small=False):
    rows = []
    for one in claims:
        claim = district.catalogue.claims[one.claim_id]
        note = one.predicate.replace("_", "_\u200b")
        if against := contradicted(one, district, t):
            note += f" · {against}"
        rows.append(
            (
                Cell(claim.citation.phrase, claim.citation.section),
                Cell(t(f"check.outcome_{one.outcome}"), tone=checks.TONES.get(one.outcome, "undecided")),
                Cell(claim_number(one)),
                Cell(plain(t(f"claim.{one.why}", **one.facts)), note),
            )
        )
    columns = (
        Column(t("report.phrase"), 0.27),
        Column(t("report.outcome"), 0.12),
        Column(t("report.column_value"), 0.14, number=True),
        Column(t("report.why"), 0.47),
    )
    return Table(columns, tuple(rows), small)


def contradicted(claim, district, messages) -> str:
    """Where the plan says otherwise itself; empty where it does not."""
    oddities = (district.catalogue.oddities[id_] for id_ in claim.against if id_ in district.catalogue.oddities)
    # A row of the oddities may name several sections, parted by the comma of Chinese lists.
    parts = (part for one in oddities for part in one.section.split(LIST_COMMA))
    sections = [section for section in dict.fromkeys(parts) if section][:MOST_SECTIONS]
    return messages("report.contradicted", sections=messages("card.list_mark").join(sections)) if sections else ""


def claim_number(claim) -> str:
    """The number behind the result of a sentence, with what it may be off by."""
    if claim.value is None:
        return "–"
    off = f" ± {_amount(claim.margin, claim.unit)[0]}" if claim.margin else ""
    value, unit = _amount(claim.value, claim.unit)
    return f"{value}{off}{unit}".replace("-", "\N{MINUS SIGN}")


def _amount(value, unit):
    if unit == "share":
        return f"{value * 100:.0f}", " %"
    if unit == "deg":
        return f"{value:.0f}", "°"
    if unit == "km2":
        return f"{value:.2f}", " km²"
    if unit == "m":
        return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}", " m"
    return f"{value:g}", ""
