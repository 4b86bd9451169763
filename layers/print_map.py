"""The map of a printed sheet: drawn in millimetres of paper, its names placed, its scale round."""

import math
from dataclasses import dataclass

from gm_map.exchange import paper
from gm_map.model import Level
from layers import print_type, style
from layers.print_labels import Board, Label, Look

__all__ = ["Drawing", "draw", "scale_bar", "swatch"]

PX = 0.21  # millimetres of paper for a pixel of the style table, on A4
PT = 0.3528  # millimetres
EDGE = 4.0  # millimetres kept free round the district
STEPS = 5_000  # scales are multiples of this
TILE = 2.0  # millimetres: a tile of a pattern
DASH = {"street": "1 1", "rail_gap": "2 2"}
GREY, DIM = "#5C6A71", "#748087"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map on paper: ``width`` by ``height`` millimetres at 1:``denominator``.

    ``svg`` has no text: ``labels`` are for whoever sets type, and their white rims are in the drawing. ``ticks`` are
    (side, millimetres from the upper left corner, name).
    """

    width: float
    height: float
    denominator: int
    svg: str
    labels: tuple[Label, ...]
    ticks: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From metres of the plane to millimetres of paper."""

    west: float
    north: float
    denominator: int

    def at(self, point):
        return (point[0] - self.west) * 1000 / self.denominator, (self.north - point[1]) * 1000 / self.denominator

    def all(self, polygons):
        return [[[self.at(point) for point in ring] for ring in rings] for rings in polygons]


def draw(district, messages, width, height, *, lit=None, selected=None, size=1.0) -> Drawing:
    """Draw the district at the largest round scale that fits.

    Parameters
    ----------
    district : District
    messages : Messages
        Sets the language of the names.
    width, height : float
        Of the frame, in millimetres.
    lit : set of str, optional
        Ids of the units in colour; all by default.
    selected : str, optional
        Id of the place with the dark line.
    size : float
        1.0 makes lines and letters as large as suits A4.

    Returns
    -------
    Drawing
    """
    ground = paper.ground(district)
    west, south, east, north = ground.bounds
    needed = max((east - west) / (width - 2 * EDGE), (north - south) / (height - 2 * EDGE)) * 1000
    denominator = math.ceil(needed / STEPS) * STEPS
    across, up = width * denominator / 1000, height * denominator / 1000
    left, bottom = (west + east - across) / 2, (south + north - up) / 2
    frame = _Frame(left, bottom + up, denominator)
    catalogue = district.catalogue
    units = [place.id for place in catalogue.at(Level.UNIT)]
    lit = frozenset(units if lit is None else lit)
    labels = tuple(_labels(district, messages, ground, frame, (width, height), lit, size))
    body = "".join([*_land(catalogue, ground, frame, lit, size), *_lines(ground, frame, selected, size)])
    ticks = tuple(
        (tick.side, frame.at((tick.at, tick.at))[tick.side in ("left", "right")], tick.label)
        for tick in paper.ticks(left, bottom, left + across, bottom + up)
    )
    svg = _svg(width, height, body + "".join(_behind(label) for label in labels), size)
    return Drawing(width, height, denominator, svg, labels, ticks)


def _svg(width, height, body, size):
    clip = f'<clipPath id="frame"><rect width="{width:g}" height="{height:g}"/></clipPath>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}"><defs>{clip}{_patterns(size)}</defs><g clip-path="url(#frame)">'
        f'<rect width="{width:g}" height="{height:g}" fill="{style.FURNITURE["outside"]}"/>{body}</g></svg>'
    )


# Shapes


def _path(polygons, **look):
    told = []
    for rings in polygons:
        for ring in rings:
            # To a hundredth of a millimetre; what falls together there is said once.
            points = list(dict.fromkeys(f"{x:.2f} {y:.2f}" for x, y in ring))
            told.append(f"M{'L'.join(points)}{'Z' if ring[0] == ring[-1] else ''}")
    attributes = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in look.items())
    return f'<path d="{"".join(told)}" fill-rule="evenodd" stroke-linejoin="round" {attributes}/>'


def _stroked(polygons, key, size, **more):
    look = style.STROKES[key]
    dash = {"stroke_dasharray": DASH[key]} if key in DASH else {}
    return _path(
        polygons,
        fill="none",
        stroke=look["color"],
        stroke_width=f"{look['weight'] * PX * size:.3f}",
        stroke_opacity=look.get("opacity", 1),
        **dash,
        **more,
    )


def _land(catalogue, ground, frame, lit, size):
    district = frame.all(ground.background.get("district", ()))
    yield _stroked(district, "halo", size)
    yield _path(district, fill=style.LAND)
    yield _stroked(frame.all(ground.background.get("road", ())), "road", size)
    yield _stroked(frame.all(ground.background.get("street", ())), "street", size)
    yield _stroked(district, "district", size)
    for unit in catalogue.at(Level.UNIT):
        polygons = frame.all(ground.places[unit.id])
        fill = style.CLUSTERS[unit.parent_id]["fill"] if unit.id in lit else style.PALE["fill"]
        yield _path(polygons, fill=fill, fill_opacity=0.88)
        yield _path(polygons, fill=f"url(#hatch-{unit.parent_id})")
        yield _stroked(polygons, "unit", size)
    for level in (Level.CLUSTER, Level.ZONE):
        for place in catalogue.at(level):
            yield _stroked(frame.all(ground.places[place.id]), str(level), size)
    for place in catalogue.at(Level.CORRIDOR):
        yield _band(frame.all(ground.places[place.id]), size)


def _band(polygons, size):
    """The corridor: on paper with an edge, which alone is seen where it runs over land of its own colour."""
    look = style.STROKES["corridor"]
    colour = look["fillColor"]
    return _path(
        polygons,
        fill=colour,
        fill_opacity=look["fillOpacity"],
        stroke=style.STROKES["longda"]["color"],
        stroke_width=f"{0.18 * size:.2f}",
        stroke_dasharray=f"{1.2 * size:g} {0.7 * size:g}",
    )


def _lines(ground, frame, selected, size):
    for key, kind in (
        ("expressway", "expressway"),
        ("longda", "longda"),
        ("metro", "metro"),
        ("rail", "rail_hsr"),
        ("rail_gap", "rail_hsr"),
    ):
        yield _stroked(frame.all(ground.background.get(kind, ())), key, size)
    if selected in ground.places:
        polygons = frame.all(ground.places[selected])
        for look in style.CHOSEN:
            yield _path(polygons, fill="none", stroke=look["color"], stroke_width=f"{look['weight'] * PX * size:.3f}")
    for mark in ground.marks:
        if mark.kind in ("station", "station_hsr"):
            look = style.STROKES[mark.kind]
            (x, y), radius = frame.at(mark.at), look["radius"] * PX * size
            yield (
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="#FFFFFF" stroke="{look["color"]}" '
                f'stroke-width="{look["weight"] * PX * size:.2f}"/>'
            )


def _patterns(size):
    tile = TILE * size
    half = tile / 2
    told = []
    for cluster, look in style.CLUSTERS.items():
        stroke = f'stroke="#FFFFFF" stroke-opacity="0.5" stroke-width="{0.17 * size:.3f}" stroke-linecap="square"'
        falling = f'<path d="M{-half:g} {half:g}L{half:g} {-half:g}M0 {tile:g}L{tile:g} 0M{half:g} {tile + half:g}'
        falling += f'L{tile + half:g} {half:g}" {stroke}/>'
        rising = f'<path d="M{-half:g} {half:g}L{half:g} {tile + half:g}M0 0L{tile:g} {tile:g}M{half:g} {-half:g}'
        rising += f'L{tile + half:g} {half:g}" {stroke}/>'
        drawn = {
            "none": "",
            "diagonal": falling,
            "cross": falling + rising,
            "horizontal": f'<path d="M0 {half:g}H{tile:g}" {stroke}/>',
            "dots": f'<circle cx="{half:g}" cy="{half:g}" r="{0.21 * size:.3f}" fill="#FFFFFF" fill-opacity="0.7"/>',
        }[look["hatch"]]
        told.append(
            f'<pattern id="hatch-{cluster}" width="{tile:g}" height="{tile:g}" patternUnits="userSpaceOnUse">'
            f"{drawn}</pattern>"
        )
    return "".join(told)


def scale_bar(denominator, longest) -> tuple[float, list[tuple[float, str]]]:
    """The longest round bar that fits ``longest`` millimetres: its length in them, and (millimetres, km) to write."""
    fits = [km for km in (0.5, 1, 2, 4, 5, 10, 20) if km * 1e6 / denominator <= longest] or [0.2]
    length = fits[-1] * 1e6 / denominator
    return length, [(length * share, f"{fits[-1] * share:g}") for share in (0, 0.25, 0.5, 1)]


def swatch(key, size=1.0, width=9.0, height=4.2) -> str:
    """A sample for the legend, as SVG: a cluster by its id, or a line by its key; millimetres."""
    middle = [[[(0, height / 2), (width, height / 2)]]]
    box = [[[(0.3, 0.3), (width - 0.3, 0.3), (width - 0.3, height - 0.3), (0.3, height - 0.3), (0.3, 0.3)]]]
    if key in style.CLUSTERS:
        parts = [_path(box, fill=style.CLUSTERS[key]["fill"], fill_opacity=0.88), _path(box, fill=f"url(#hatch-{key})")]
    elif key == "zone":
        parts = [_stroked(box, "zone", size)]
    elif key == "dim":
        parts = [_path(box, fill=style.PALE["fill"], stroke=style.FURNITURE["edge"], stroke_width=0.12)]
    elif key == "chosen":
        look = style.CHOSEN[1]
        parts = [_path(box, fill="none", stroke=look["color"], stroke_width=f"{look['weight'] * PX * size:.3f}")]
    elif key == "corridor":
        parts = [_band(box, size), _stroked(middle, "longda", size)]
    else:
        strokes = {"rail": ("rail", "rail_gap")}.get(key, (key,))
        parts = [_stroked(middle, stroke, size) for stroke in strokes]
    ring = {"rail": "station_hsr", "metro": "station"}.get(key)
    if ring:
        look = style.STROKES[ring]
        parts.append(
            f'<circle cx="{width / 2:g}" cy="{height / 2:g}" r="{look["radius"] * PX * size:.2f}" fill="#FFFFFF" '
            f'stroke="{look["color"]}" stroke-width="{look["weight"] * PX * size:.2f}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}"><defs>{_patterns(size)}</defs>{"".join(parts)}</svg>'
    )


# Names


def _looks(size, english):
    narrow = 0.88 if english else 1.0  # English names are longer

    def look(points, colour, **more):
        return Look(points * narrow * PT * size, colour, **more)

    return {
        "unit": look(7.4, "#16222A", bold=True, halo=0.55 * size),
        "dim": look(6.8, DIM, halo=0.5 * size),
        "zone": look(7.8, "#FFFFFF", bold=True, halo=0, box=style.INK),
        "corridor": look(7.4, "#7E4511", bold=True, tracking=0.25 * size, halo=0.5 * size),
        "station_hsr": look(6.6, "#16222A", bold=True, halo=0.45 * size),
        "station": look(5.0, GREY, halo=0.4 * size),
        "street_label": look(7.0, GREY, tracking=0.55 * size, halo=0.5 * size),
        "neighbour": look(9.5, GREY, tracking=0.9 * size, halo=0),
    }


def _labels(district, messages, ground, frame, sheet, lit, size):
    """The names, in order of weight: high-speed station, units, zones, corridor, neighbours, streets, stations."""
    language, catalogue = messages.language, district.catalogue
    looks = _looks(size, language == "en")
    board = Board(*sheet)
    for kind in ("rail_hsr", "longda", "metro"):
        board.lines([ring for rings in frame.all(ground.background.get(kind, ())) for ring in rings])
    stations = {"station": 0.9 * size, "station_hsr": 1.3 * size}
    marks = {kind: [mark for mark in ground.marks if mark.kind == kind] for kind in looks}
    for kind, reach in stations.items():
        board.stations.extend(
            (x - reach, y - reach, x + reach, y + reach) for x, y in (frame.at(mark.at) for mark in marks[kind])
        )
    units = {place: frame.all(ground.places[place.id]) for place in catalogue.at(Level.UNIT)}
    covered = [polygon for polygons in units.values() for polygon in polygons]
    # A unit with little room chooses first.
    for place, polygons in sorted(units.items(), key=lambda item: _room(item[1])):
        look = looks["unit" if place.id in lit else "dim"]
        text, anchor = print_type.spelled(place.short.of(language)), frame.at(ground.anchors[place.id])
        yield from _given(board.within(text, anchor, polygons, look) or board.beside(text, anchor, covered, look))
    # A unit that is named after the station has named it already.
    named = {place.short.zh for place in units}
    for mark in (mark for mark in marks["station_hsr"] if mark.name.zh not in named):
        yield from _given(board.near(_name(mark, language), frame.at(mark.at), looks["station_hsr"], 1.9 * size))
    for place in catalogue.at(Level.ZONE):
        polygons, look = frame.all(ground.places[place.id]), looks["zone"]
        text = print_type.spelled(messages("print.zone", name=place.short.of(language)))
        anchor = frame.at(ground.anchors[place.id])
        yield from _given(board.within(text, anchor, polygons, look) or board.beside(text, anchor, covered, look))
    longest = max((ring for rings in ground.background.get("longda", ()) for ring in rings), key=len, default=())
    if longest:
        name = next(place.name if language != "en" else place.short for place in catalogue.at(Level.CORRIDOR))
        line = [frame.at(point) for point in longest]
        yield from _given(board.along(print_type.spelled(name.of(language)), line, looks["corridor"], 2.4 * size))
    land = frame.all(ground.background.get("district", ()))
    board.lines([ring for rings in land for ring in rings])
    for kind, clear in (("neighbour", land), ("street_label", covered)):
        for mark in marks[kind]:
            at = frame.at(mark.at)
            box = [[(at[0] + 14 * x, at[1] + 14 * y) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]]
            yield from _given(board.within(_name(mark, language), at, [box], looks[kind], clear))
    for mark in marks["station"]:
        yield from _given(board.near(_name(mark, language), frame.at(mark.at), looks["station"], 1.2 * size, False))


def _given(label):
    return [label] if label else []


def _name(mark, language):
    text = mark.name.of(language)
    # The ring says that it is a station; there is no room to say it again.
    return print_type.spelled(print_type.narrow(text.removesuffix(" station")) if language == "en" else text)


def _room(polygons):
    """The shorter side of what surrounds a place."""
    xs, ys = zip(*(point for rings in polygons for point in rings[0]), strict=True)
    return min(max(xs) - min(xs), max(ys) - min(ys))


def _behind(label) -> str:
    """What lies behind a name: its leader, its box, or its white rim."""
    look, told = label.look, ""
    if label.leader:
        (x0, y0), (x1, y1) = label.leader
        told += f'<path d="M{x0:.2f} {y0:.2f}L{x1:.2f} {y1:.2f}" stroke="{style.INK}" stroke-width="0.18" fill="none"/>'
        told += f'<circle cx="{x1:.2f}" cy="{y1:.2f}" r="0.5" fill="{style.INK}"/>'
    if look.box:
        width, height = label.extent()
        x, y = label.at[0] - width / 2 - 1, label.at[1] - height / 2 - 0.3
        told += f'<rect x="{x:.2f}" y="{y:.2f}" width="{width + 2:.2f}" height="{height + 0.6:.2f}" rx="0.7" '
        told += f'fill="{look.box}" fill-opacity="0.92"/>'
    if look.halo:
        face = print_type.face(look.bold)
        scale = look.size / face.units
        for text, x, y in label.baselines():
            outline = face.outline(text, look.tracking / scale)
            told += (
                f'<g transform="translate({x:.3f} {y:.3f}) rotate({label.angle:.2f}) scale({scale:.6f} {-scale:.6f})" '
                f'fill="#FFFFFF" stroke="#FFFFFF" stroke-opacity="0.9" stroke-width="{2 * look.halo / scale:.1f}" '
                f'stroke-linejoin="round">{outline}</g>'
            )
    return told
