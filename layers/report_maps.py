"""The maps of the report: the checked layer with its findings, gains and losses, and the places of errors close up."""

import math

from gm_map.check.cutouts import cutouts, frame
from gm_map.check.results import Severity
from gm_map.model import Level
from layers import flat, style
from layers.report_drawing import Area, Dot, Label, Ring, Scene, Stroke

__all__ = ["scene"]

WIDTH, HEIGHT, DETAIL_WIDTH, DETAIL_HEIGHT = 680, 452, 330, 230
STRIP = 24  # below a map: scale and legend
MOST_DOTS = 80
NAMES = 7.6  # size of the names of places
APART = 15  # closer ones share a dot
METRES_PER_DEGREE = 111_320.0
DETAIL_M = 260.0  # to each side of a close-up; of what is as long as an outline, more
WIDER_M = dict.fromkeys(("OVERLAP", "GAP", "OUTSIDE_PARENT", "OUTSIDE_DISTRICT", "DISCONNECTED"), 700.0)
ACCENT, WRONG, GAINED, QUIET = "#1F5F7A", "#A4372A", "#1E7A4C", "#5B6B73"
DOTS = {Severity.ERROR: "#8C2B1E", Severity.WARNING: "#B0702A", Severity.NOTE: "#687A82"}


def scene(report, district, messages, name, number=0) -> Scene:
    """One of the maps.

    Parameters
    ----------
    report : Report
    district : District
    messages : Messages
        Sets the language of labels and legend.
    name : {"overview", "changes", "detail"}
    number : int
        Of the finding in ``report.findings``, from 1, for a detail.
    """
    if name == "detail":
        return _detail(report, district, messages, report.findings[number - 1], number)
    return _overview(report, district, messages) if name == "overview" else _changes(report, district, messages)


# ---- the whole district ----


def _overview(report, district, t):
    sheet = _wide(_bounds(report, district))
    items = _ground(district, sheet)
    wrong = {row for one in report.findings if one.severity == Severity.ERROR for row in (one.row, *one.others)}
    legend = []
    units = {
        id_: shape
        for id_, shape in report.drawing.shapes.items()
        if id_ in district.catalogue.places and district.catalogue.places[id_].level == Level.UNIT
    }
    for id_, rings in _drawn(units, sheet):
        look = style.CLUSTERS[district.catalogue.parent(id_)]
        items.append(Area(rings, look["fill"], 0.85, _hatch(look), "#FFFFFF", 1.0))
    for level, width in ((Level.CLUSTER, 1.6), (Level.ZONE, 1.2)):
        places = {
            id_: shape
            for id_, shape in report.drawing.shapes.items()
            if id_ in district.catalogue.places and district.catalogue.places[id_].level == level
        }
        colour = "#FFFFFF" if level == Level.CLUSTER else style.INK
        items += [Area(rings, stroke=colour, width=width) for _, rings in _drawn(places, sheet)]
    items += _lines(district, sheet)
    if report.crs is not None and report.geometries is not None:
        placed = {one.row for one in report.identities if one.place_id in report.drawing.shapes}
        plain_rows = [row for row in range(len(report.geometries)) if row not in placed and row not in wrong]
        items += _features(report, sheet, plain_rows, stroke=ACCENT, width=1.3)
        items += _features(report, sheet, sorted(row for row in wrong if row is not None), stroke=WRONG, width=1.8)
        if plain_rows:
            legend.append((t("report.legend_layer"), {"stroke": ACCENT, "width": 1.3}))
        if wrong - {None}:
            legend.append((t("report.legend_wrong"), {"stroke": WRONG, "width": 1.8}))
    items += _names(district, sheet, units, t)
    items += _dots(report, sheet)
    shown = [severity for severity in Severity if any(one.severity == severity for one in report.findings)]
    legend += [(t(f"report.legend_{severity}"), DOTS[severity]) for severity in shown]
    clusters = [place for place in district.catalogue.at(Level.CLUSTER) if units]
    legend = [(place.short.of(t.language), {"cluster": place.id}) for place in clusters] + legend
    label = t("report.map_shipped") if report.crs is None else t("report.map_overview")
    return _framed(sheet, items, legend, label, t, column=True)


def _changes(report, district, t):
    comparison = report.comparison
    levels = [one.level for one in comparison.levels]
    level = next(level for level in (Level.UNIT, Level.CLUSTER, Level.ZONE, Level.CORRIDOR) if level in levels)
    places = [one for one in comparison.places if one.level == level]
    if not any(one.changed for one in places):
        places = list(comparison.places)
    sheet = _wide(_bounds(report, district))
    items = _ground(district, sheet)
    new = {one.place_id: report.drawing.shapes[one.place_id] for one in places}
    items += [Area(rings, "#FFFFFF", 0.75) for _, rings in _drawn(new, sheet)]
    items += _lines(district, sheet)
    for name, colour, hatch in (("lost", WRONG, "horizontal"), ("gained", GAINED, "diagonal")):
        shapes = {one.place_id: getattr(one, name) for one in places}
        for _, rings in _drawn(shapes, sheet):
            items.append(Area(rings, colour, 0.4, (hatch, colour), colour, 0.6))
    items += [Area(rings, stroke=style.INK, width=0.9) for _, rings in _drawn(new, sheet)]
    items += _names(district, sheet, new, t)
    legend = [
        (t("report.legend_new"), {"stroke": style.INK, "width": 0.9}),
        (t("report.legend_gained"), {"fill": GAINED, "hatch": ("diagonal", GAINED)}),
        (t("report.legend_lost"), {"fill": WRONG, "hatch": ("horizontal", WRONG)}),
    ]
    return _framed(sheet, items, legend, t("report.map_changes"), t, column=True)


# ---- close up ----


def _detail(report, district, t, finding, number):
    wide = DETAIL_WIDTH / (DETAIL_HEIGHT - STRIP)
    west, south, east, north = frame(finding.lon, finding.lat, WIDER_M.get(finding.code, DETAIL_M))
    middle, half = (west + east) / 2, (east - west) / 2 * wide
    bounds = (middle - half, south, middle + half, north)
    sheet = _sheet(bounds, DETAIL_WIDTH, 0.0)
    items = _ground(district, sheet)
    own = [row for row in (finding.row, *finding.others) if row is not None]
    others = [row for row in range(len(report.geometries)) if row not in own]
    known = {id_: district.shape(id_) for id_ in district.outlines}
    items += _lines(district, sheet)
    items += _features(report, sheet, others, fill="#8FA9B5", opacity=0.12, stroke="#6E8590", width=0.9)
    items += _features(report, sheet, own, fill=WRONG, opacity=0.14, hatch=("back", "#D9A8A0"), stroke=WRONG, width=1.5)
    items += [Area(rings, stroke=QUIET, width=0.7, dash=(3, 2.5)) for _, rings in _drawn(known, sheet)]
    x, y = sheet.at(finding.lon, finding.lat)
    items += [Ring(x, y, 9, DOTS[finding.severity]), Dot(x + 20, y - 15, str(number), DOTS[finding.severity])]
    legend = [(t("report.legend_shipped"), {"stroke": QUIET, "width": 0.8, "dash": (3, 2.5)})]
    label = t("report.map_detail", number=number, code=finding.code, object="")
    return _framed(sheet, items, legend, label, t)


# ---- what all have ----


def _sheet(bounds, width, margin=0.03):
    """A sheet for any frame; see `flat.sheet`."""
    west, south, east, north = bounds
    side = (east - west) * margin
    narrowed = math.cos(math.radians((south + north) / 2))
    across = width / (east - west + 2 * side)
    up = across / narrowed
    return flat.Sheet(width, (north - south) * up + 2 * side * across, west - side, north + side * narrowed, across, up)


def _wide(bounds):
    """A sheet of the size of half a page: the frame fits in its height, and the legend stands beside it."""
    west, south, east, north = bounds
    whole = _sheet(bounds, WIDTH, 0.02)
    inner = HEIGHT - STRIP
    if whole.height <= inner:
        return whole
    # As high as there is room for; what is left over goes to the sides, more of it to that of the legend.
    room = (east - west) * (whole.height / inner - 1)
    return _sheet((west - room * 0.32, south, east + room * 0.68, north), WIDTH, 0.012)


def _bounds(report, district):
    """The district, and what was found near to it."""
    west, south, east, north = district.bounds
    across, up = (east - west) * 0.4, (north - south) * 0.4
    near = [
        (one.lon, one.lat)
        for one in report.findings
        if one.lon is not None and west - across < one.lon < east + across and south - up < one.lat < north + up
    ]
    lons, lats = [west, east, *(lon for lon, _ in near)], [south, north, *(lat for _, lat in near)]
    return min(lons), min(lats), max(lons), max(lats)


def _corners(sheet):
    return sheet.west, sheet.north - sheet.height / sheet.up, sheet.west + sheet.width / sheet.across, sheet.north


def _rings(geometry, sheet):
    """Polygons of a GeoJSON geometry on the sheet; a collection is looked into, lines and points are left out."""
    if geometry["type"] == "GeometryCollection":
        return [polygon for part in geometry["geometries"] for polygon in _rings(part, sheet)]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        return []
    return [[[sheet.at(*point[:2]) for point in ring] for ring in polygon] for polygon in flat.rings(geometry)]


def _drawn(shapes, sheet):
    """Places by id that have anything on the sheet, with their rings."""
    found = cutouts(list(shapes.values()), _wider(sheet))
    for id_, geometry in zip(shapes, found, strict=True):
        rings = _rings(geometry, sheet) if geometry else []
        if rings:
            yield id_, rings


def _wider(sheet):
    """The frame with a rim, so that cut edges lie outside of the picture."""
    west, south, east, north = _corners(sheet)
    rim, high = (east - west) * 0.05, (north - south) * 0.05
    return west - rim, south - high, east + rim, north + high


def _features(report, sheet, rows, **look):
    shapes = cutouts([report.geometries[row] for row in rows if row < len(report.geometries)], _wider(sheet))
    items = []
    for geometry in shapes:
        if geometry is None:
            continue
        if rings := _rings(geometry, sheet):
            items.append(Area(rings, **look))
        elif geometry["type"] in ("LineString", "MultiLineString"):
            lines = [[sheet.at(*point[:2]) for point in polygon[0]] for polygon in flat.rings(geometry)]
            items.append(Stroke(lines, look["stroke"], look["width"]))
    return items


def _flat(district, sheet, *kinds):
    return [[[sheet.at(*point[:2]) for point in ring] for ring in polygon] for polygon in flat.lines(district, *kinds)]


def _ground(district, sheet):
    outline = _flat(district, sheet, "district")
    return [
        Area(outline, stroke=style.FURNITURE["halo"], width=6),
        Area(outline, style.LAND, stroke=style.FURNITURE["edge"], width=0.9),
        *(Stroke(polygon, "#C9CFCF", 0.8, (2, 3)) for polygon in _flat(district, sheet, "street")),
        *(Stroke(polygon, style.STROKES["road"]["color"], 1.0) for polygon in _flat(district, sheet, "road")),
    ]


def _lines(district, sheet):
    look = style.STROKES
    return [
        *(Stroke(polygon, look["longda"]["color"], 1.6) for polygon in _flat(district, sheet, "longda")),
        *(Stroke(polygon, look["rail"]["color"], 1.6) for polygon in _flat(district, sheet, "rail_hsr")),
        *(Stroke(polygon, "#FFFFFF", 0.8, (5, 5)) for polygon in _flat(district, sheet, "rail_hsr")),
    ]


def _names(district, sheet, shown, t):
    """Names of the places drawn, where the shipped map has them; one that finds no room is left out."""
    ids = list(shown) or [place.id for place in district.catalogue.at(Level.ZONE)]
    items, taken = [], []
    for id_ in ids:
        lat, lon = district.label_point(id_)
        x, y = sheet.at(lon, lat)
        text = district.catalogue.places[id_].short.of(t.language)
        wide = _reach(text) * NAMES / 8.5
        for shift in (0, -9, 9):
            box = (x - wide / 2, y + shift - NAMES * 0.6, x + wide / 2, y + shift + NAMES * 0.6)
            if not any(_meet(box, other) for other in taken):
                taken.append(box)
                items.append(Label(x, y + shift, text, NAMES))
                break
    return items


def _meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _dots(report, sheet):
    """Findings as numbers; those that would lie on one another share a dot, the gravest colours it."""
    groups = []
    for number, one in enumerate(report.findings, 1):
        if one.lon is None:
            continue
        x, y = sheet.at(one.lon, one.lat)
        if not (0 <= x <= sheet.width and 0 <= y <= sheet.height):
            continue
        near = next((group for group in groups if abs(group[0] - x) < APART * 2 and abs(group[1] - y) < APART), None)
        if near is not None:
            near[2].append(number)
        elif len(groups) < MOST_DOTS:
            groups.append((x, y, [number], one.severity))
    # The first of the list lies on top: findings are listed gravest first.
    return [
        Dot(x, y, str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} +{len(numbers) - 1}", DOTS[severity])
        for x, y, numbers, severity in reversed(groups)
    ]


def _framed(sheet, items, legend, label, t, column=False):
    """The map with its strip: north, a scale, and what is what, in the strip or in a column above it."""
    height = sheet.height + STRIP
    middle = sheet.height + STRIP / 2
    # A little beyond the edge: what is drawn whole must not show below it where a browser rounds.
    strip = [[[(0, sheet.height), (sheet.width, sheet.height), (sheet.width, height + 3), (0, height + 3)]]]
    told = [*items, Area(strip, "#FFFFFF")]
    top = sheet.width - 16
    told.append(Area([[[(top, 8), (top + 5, 24), (top, 20), (top - 5, 24), (top, 8)]]], style.INK))
    told.append(Label(top, 31, t("report.north"), 8.5, True))
    per_unit = METRES_PER_DEGREE / sheet.up
    length = _round(sheet.width * 0.16 * per_unit)
    across = length / per_unit
    bar = [[(4, middle - 3), (4, middle + 3), (4 + across, middle + 3), (4 + across, middle - 3)]]
    told.append(Stroke(bar, style.INK, 1.1))
    words = f"{length:g} m" if length < 1000 else f"{length / 1000:g} km"
    told.append(Label(9 + across, middle, words, 8.5, anchor="start"))
    if column and legend:
        wide = max(_reach(text) for text, _ in legend) + 44
        left, low = sheet.width - wide - 8, sheet.height - 8 - 17 * len(legend) - 8
        right, bottom = sheet.width - 8, sheet.height - 8
        box = [[[(left, low), (right, low), (right, bottom), (left, bottom), (left, low)]]]
        told.append(Area(box, "#FFFFFF", stroke="#C9D1D3", width=0.7))
        for number, (text, look) in enumerate(legend):
            y = low + 12.5 + 17 * number
            told += [_swatch(left + 8, y, look), Label(left + 33, y, text, 8.5, anchor="start")]
        return Scene(sheet.width, height, tuple(told), label)
    x = sheet.width - 4
    for text, look in reversed(legend):
        x -= _reach(text) + 4
        told.append(Label(x, middle, text, 8.5, anchor="start"))
        x -= 22
        told.append(_swatch(x, middle, look))
        x -= 8
    return Scene(sheet.width, height, tuple(told), label)


def _hatch(look):
    """The hatch of a cluster: half way from its colour to white, which paper shows as well as a screen."""
    if look["hatch"] == "none":
        return None
    parts = (int(look["fill"][at : at + 2], 16) for at in (1, 3, 5))
    return look["hatch"], "#" + "".join(f"{(part + 255) // 2:02X}" for part in parts)


def _swatch(x, y, look):
    if isinstance(look, str):
        return Dot(x + 9, y, "1", look)
    box = [[[(x, y - 5), (x + 18, y - 5), (x + 18, y + 5), (x, y + 5), (x, y - 5)]]]
    if "cluster" in look:
        cluster = style.CLUSTERS[look["cluster"]]
        return Area(box, cluster["fill"], 0.85, _hatch(cluster))
    if "fill" in look:
        return Area(box, look["fill"], 0.4, look["hatch"], look["fill"], 0.6)
    return Area(box, stroke=look["stroke"], width=look["width"], dash=look.get("dash"))


def _reach(text):
    """About how wide a text is at the size of the legend: Chinese letters are square, others half as wide."""
    return sum(8.6 if ord(letter) > 0x2E80 else 4.6 for letter in text)


def _round(length):
    """The largest of 1, 2, 5 and their tens that is no longer."""
    ten = 10 ** math.floor(math.log10(length))
    return next(step * ten for step in (5, 2, 1) if step * ten <= length)
