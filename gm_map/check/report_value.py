"""Everything that one check found, as one frozen value: what a page, a command and the report are told from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gm_map.check.results import (
    AreaVerdict,
    Balance,
    ClaimResult,
    CrsReading,
    DatumReading,
    Drawing,
    Finding,
    Identity,
    Layer,
)
from gm_map.check.versions import Comparison

__all__ = ["Report"]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A check of one layer, or of the shipped map.

    ``district_version`` is the data that it was held against. ``name``, ``format``, ``encoding`` and ``count`` are the
    file's; the shipped map has no name. ``crs`` and ``datum`` are None for the shipped map, which needs no reading.
    ``geometries`` is an object array (N,) of the features as read, in longitude and latitude (`gm_map.model.WGS84`);
    ``drawing`` has the places that came of them. ``sums`` are keys of the messages ``sums.*`` with what fills them.
    ``comparison`` is with an older drawing, None where there is none; ``layer`` is the file as it was read.
    """

    district_version: str
    name: str
    format: str
    encoding: str
    count: int
    crs: CrsReading | None
    datum: DatumReading | None
    identities: tuple[Identity, ...]
    drawing: Drawing
    geometries: np.ndarray | None
    verdicts: tuple[AreaVerdict, ...]
    balances: tuple[Balance, ...]
    sums: tuple[tuple[str, Mapping[str, Any]], ...]
    claims: tuple[ClaimResult, ...]
    findings: tuple[Finding, ...]
    comparison: Comparison | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    layer: Layer | None = None
