"""One check from end to end: a file, or the shipped map, held against the plan in one pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gm_map import datum as datums
from gm_map.check import (
    areas,
    balance,
    claims,
    crs,
    identify,
    intake,
    layer_rules,
    plan_rules,
    shapes_rules,
    shift,
    versions,
)
from gm_map.check.report_value import Report
from gm_map.check.results import Drawing, Finding, Layer, Severity
from gm_map.model import WGS84, Level

__all__ = ["Options", "check", "check_layer", "shipped_layer"]

_ORDER = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Options:
    """What a person settles for a check.

    ``layer`` is the name of one layer of the file (None: all of them together); ``by_hand`` says which place a feature
    is, by row (None: none of them); ``uncertainty_m`` how far its outlines may be off; ``datum`` that the coordinates
    are shifted and are to be read back (``gcj02``, ``bd09``): never done unless it is asked for.
    """

    layer: str | None = None
    by_hand: Mapping[int, str | None] | None = None
    uncertainty_m: float | None = None
    datum: str | None = None


def check(
    district,
    path: Path | str | None = None,
    options: Options | None = None,
    *,
    name: str | None = None,
    against: Path | str | None = None,
    limits: intake.Limits = intake.ON_DISK,
) -> Report:
    """Check a file, or the shipped map where none is given.

    Parameters
    ----------
    district : District
    path : path, optional
        A file of a format that `gm_map.check.intake` reads.
    options : Options, optional
    name : str, optional
        What the file is called, where the path is only where it was put.
    against : path, optional
        An older file to compare with, instead of the shipped map.
    limits : Limits
        How large a file may be, and what reading it may take.

    Raises
    ------
    Refused
        A file that cannot be read, with the sentence that says why.
    """
    options = options or Options()
    named = None if against is None else Path(against).name
    older = None if against is None else _drawn(district, intake.merge(intake.guarded(against, limits=limits)))
    if path is None:
        return check_layer(district, None, options, older, named)
    layers = intake.guarded(path, name=name, layer=options.layer, limits=limits)
    return check_layer(district, intake.merge(layers), options, older, named)


def check_layer(
    district,
    layer: Layer | None,
    options: Options | None = None,
    older: Drawing | None = None,
    against: str | None = None,
) -> Report:
    """Check a layer that has been read, None for the shipped map.

    It is compared with ``older``, a drawing of the file called ``against``; with the shipped map where there is none.
    """
    options = options or Options()
    reading = shifted = comparison = None
    known = identify.shipped(district)
    if layer is None:
        layer = shipped_layer(district)
        geometries = layer.geometries
        identities = identify.identify(layer, geometries, district)
        drawing = known
        findings: list[Finding] = []
    else:
        reading = crs.read(layer, district)
        geometries = _back(crs.to_wgs84(layer, reading), options.datum)
        identities = identify.identify(layer, geometries, district, options.by_hand or {})
        shifted = shift.guard(geometries, identities, district)
        drawing = identify.drawing(layer, geometries, identities, district, options.uncertainty_m)
        findings = [*crs.findings(layer, reading), *shift.findings(shifted)]
    if older is not None or reading is not None:
        comparison = versions.compare(older or known, drawing, district)
    verdicts = areas.verdicts(drawing, district, layer, identities)
    findings += shapes_rules.find(layer, geometries, identities)
    findings += layer_rules.find(layer, geometries, identities, drawing)
    findings += plan_rules.find(layer, geometries, identities, drawing, district)
    findings += areas.findings(verdicts, drawing)
    if reading is not None:
        findings += areas.column_findings(layer, identities, geometries)
    findings.sort(key=lambda one: (_ORDER[one.severity], one.code, -1 if one.row is None else one.row))
    return Report(
        district_version=district.version,
        name=layer.name,
        format=layer.format,
        encoding=layer.encoding,
        count=len(layer),
        crs=reading,
        datum=shifted,
        identities=tuple(identities),
        drawing=drawing,
        geometries=geometries,
        verdicts=verdicts,
        balances=balance.balances(drawing, district),
        sums=areas.sums(drawing, district),
        claims=claims.results(drawing, district),
        findings=tuple(findings),
        comparison=comparison,
        options={} if against is None else {"against": against},
        layer=layer,
    )


def _drawn(district, layer: Layer) -> Drawing:
    geometries = crs.to_wgs84(layer, crs.read(layer, district))
    return identify.drawing(layer, geometries, identify.identify(layer, geometries, district), district)


def shipped_layer(district) -> Layer:
    """The shipped map as if it had been handed in: its 30 outlines, by name."""
    places = [place for level in Level for place in district.catalogue.at(level)]
    geometries = np.array([district.shape(place.id) for place in places], dtype=object)
    attributes = {
        "id": tuple(place.id for place in places),
        "name": tuple(place.name.zh for place in places),
        "level": tuple(str(place.level) for place in places),
    }
    return Layer("", "GeoJSON", geometries, attributes, WGS84, "format", "utf-8")


def _back(geometries, datum: str | None):
    """Geometries read back from a shifted datum, as the person asked."""
    if datum is None or datum == datums.Datum.WGS84:
        return geometries
    return shift.read_back(geometries, datum)
