"""What two drawings of the same places differ in, as lines and a table of the report."""

from gm_map.check.results import Level
from layers import checks, figures

__all__ = ["told"]


def told(comparison, district, messages, unit="km2") -> tuple[list[str], tuple | None]:
    """Lines, and a table as (columns: label, share of the width, whether of numbers; rows of text).

    Parameters
    ----------
    comparison : gm_map.check.versions.Comparison
    district : District
    messages : Messages
    unit : {"km2", "ha", "mu"}
    """
    t = messages
    named = t(f"check.unit_{unit}")
    lines = [
        t(
            "report.changes_level",
            level=t(f"level.{one.level}"),
            count=one.count,
            changed=one.changed,
            gained=checks.in_unit(one.gained_km2, unit),
            lost=checks.in_unit(one.lost_km2, unit),
            unit=named,
        )
        for one in comparison.levels
        if one.changed
    ]
    if not lines:
        lines.append(t("report.changes_none"))
    for key, ids in (("appeared", comparison.appeared), ("vanished", comparison.vanished)):
        if ids:
            names = t("card.list_mark").join(checks.place_name(district, id_, t) for id_ in ids)
            lines.append(t(f"report.changes_{key}", places=names))
    changed = comparison.changed
    if not changed:
        return lines, None
    columns = (
        (t("report.place"), 0.22, False),
        (f"{t('report.before')} {named}", 0.1, True),
        (f"{t('report.after')} {named}", 0.1, True),
        (t("report.gained"), 0.1, True),
        (t("report.lost"), 0.1, True),
        (t("report.common"), 0.08, True),
        (t("report.moved"), 0.15, True),
        (t("report.centre"), 0.15, True),
    )
    rows = [
        (
            district.catalogue.places[one.place_id].short.of(t.language)
            if one.level == Level.UNIT
            else checks.place_name(district, one.place_id, t),
            checks.in_unit(one.old_km2, unit),
            checks.in_unit(one.new_km2, unit),
            checks.signed(one.gained_km2, unit) if one.gained else "0",
            checks.signed(-one.lost_km2, unit) if one.lost else "0",
            f"{one.iou * 100:.1f} %",
            f"{_metres(one.farthest_m)} / {_metres(one.mean_m)}",
            _towards(one, t),
        )
        for one in changed
    ]
    return lines, (columns, rows)


def _towards(change, t):
    if change.bearing_deg is None:
        return "–"
    direction = t(f"report.direction_{round(change.bearing_deg / 45) % 8}")
    return t("report.towards", direction=direction, metres=_metres(change.centre_m))


def _metres(value):
    """Tenths below ten metres, else as distances are told."""
    return f"{value:.1f} m" if value < 10 else figures.distance(value)
