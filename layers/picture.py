"""The district as a still picture: PNG for a document, SVG for a page. Lit places in colour, the rest pale."""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from gm_map.model import Level
from layers import door, flat, style

__all__ = ["png", "svg"]

_FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
_FINER = 2  # drawn so much larger, then made smaller: smooth lines
_TILE = 16
_HATCH = {
    "none": (),
    "diagonal": (((-4, 20), (20, -4)), ((-4, 4), (4, -4)), ((12, 20), (20, 12))),
    "horizontal": (((0, 4), (16, 4)), ((0, 12), (16, 12))),
    "cross": (((-4, 20), (20, -4)), ((-4, -4), (20, 20)), ((-4, 4), (4, -4)), ((12, 20), (20, 12))),
    "dots": (((4, 4), (4, 4)), ((12, 12), (12, 12))),
}


def png(district, lit, chosen, messages, width=900) -> bytes:
    """A picture of the district.

    Parameters
    ----------
    district : District
    lit : iterable of str
        Ids of the places in colour; units that are not in it are pale, in the pattern of their cluster.
    chosen : str or None
        The place with the dark line.
    messages : Messages
        Sets the language of the labels.
    width : int
        In pixels.

    Returns
    -------
    bytes
        The same places give the same bytes.
    """
    sheet = flat.sheet(district, width * _FINER)
    canvas = Image.new("RGB", (int(sheet.width), int(sheet.height)), style.FURNITURE["outside"])
    draw = ImageDraw.Draw(canvas)
    scale = sheet.width / 900
    for outline in flat.lines(district, "district"):
        ring = [sheet.at(*point[:2]) for point in outline[0]]
        draw.line([*ring, ring[0]], fill=style.FURNITURE["halo"], width=round(9 * scale), joint="curve")
    for outline in flat.lines(district, "district"):
        ring = [sheet.at(*point[:2]) for point in outline[0]]
        draw.polygon(ring, fill=style.LAND, outline=style.FURNITURE["edge"], width=round(1.3 * scale))
    _stroke(draw, sheet, flat.lines(district, "street", "road"), style.STROKES["road"]["color"], 1.4 * scale)
    lit = set(lit)
    for unit, polygons in flat.shapes(district, Level.UNIT).items():
        look = style.CLUSTERS[district.catalogue.parent(unit)]
        _land(canvas, sheet, polygons, look["fill"] if unit in lit else style.PALE["fill"], look["hatch"])
    _outlines(draw, sheet, flat.shapes(district, Level.UNIT), "#FFFFFF", 1.8 * scale)
    _outlines(draw, sheet, flat.shapes(district, Level.ZONE), style.INK, 2 * scale)
    _stroke(draw, sheet, flat.lines(district, "longda"), style.STROKES["longda"]["color"], 2.6 * scale)
    _stroke(draw, sheet, flat.lines(district, "rail_hsr"), style.STROKES["rail"]["color"], 2.2 * scale)
    if chosen:
        polygons = {chosen: flat.shapes(district, district.catalogue.places[chosen].level)[chosen]}
        for stroke in style.CHOSEN:
            _outlines(draw, sheet, polygons, stroke["color"], stroke["weight"] * 1.3 * scale)
    for text, at, bold in labels(district, lit, messages):
        _label(draw, sheet.at(*at), text, bold, scale)
    canvas = canvas.resize((round(sheet.width / _FINER), round(sheet.height / _FINER)), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    canvas.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def svg(district, lit, chosen, messages, width=440) -> str:
    """The same picture as an SVG element for a page, without script, links or text that has not passed the door."""
    sheet = flat.sheet(district, width)
    lit = set(lit)
    parts = [f'<rect width="100%" height="100%" fill="{style.FURNITURE["outside"]}"/>']

    def path(polygons, **look):
        parts.append(f'<path d="{_path(sheet, polygons)}" {_attributes(fill_rule="evenodd", **look)}/>')

    ground = flat.lines(district, "district")
    path(ground, fill="none", stroke=style.FURNITURE["halo"], stroke_width=6)
    path(ground, fill=style.LAND, stroke=style.FURNITURE["edge"], stroke_width=0.8)
    path(flat.lines(district, "street", "road"), fill="none", stroke=style.STROKES["road"]["color"], stroke_width=0.7)
    for unit, polygons in flat.shapes(district, Level.UNIT).items():
        cluster = district.catalogue.parent(unit)
        fill = style.CLUSTERS[cluster]["fill"] if unit in lit else style.PALE["fill"]
        path(polygons, fill=fill)
        path(polygons, fill=f"url(#gm-note-{cluster})", stroke="#FFFFFF", stroke_width=0.9)
    for polygons in flat.shapes(district, Level.ZONE).values():
        path(polygons, fill="none", stroke=style.INK, stroke_width=1)
    path(flat.lines(district, "longda"), fill="none", stroke=style.STROKES["longda"]["color"], stroke_width=1.3)
    path(flat.lines(district, "rail_hsr"), fill="none", stroke=style.STROKES["rail"]["color"], stroke_width=1.1)
    if chosen:
        polygons = flat.shapes(district, district.catalogue.places[chosen].level)[chosen]
        for stroke in style.CHOSEN:
            path(polygons, fill="none", stroke=stroke["color"], stroke_width=stroke["weight"] * 0.65)
    for text, at, bold in labels(district, lit, messages):
        x, y = sheet.at(*at)
        weight = 700 if bold else 400
        parts.append(
            f'<text x="{x:.1f}" y="{y + 3:.1f}" font-size="{10 if bold else 9}" font-weight="{weight}" '
            'text-anchor="middle" fill="#16222A" stroke="#FFFFFF" stroke-width="2.4" stroke-linejoin="round" '
            f'paint-order="stroke">{door.html(text)}</text>'
        )
    label = door.html(messages("map.map"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet.width:.0f} {sheet.height:.0f}" role="img" '
        f'aria-label="{label}"><defs>{_patterns()}</defs>{"".join(parts)}</svg>'
    )


def labels(district, lit, messages) -> list[tuple[str, tuple[float, float], bool]]:
    """What is named on a still picture: the lit units, or the zones where none is lit; longitude, latitude."""
    units = [place for place in district.catalogue.at(Level.UNIT) if place.id in lit]
    named = units or district.catalogue.at(Level.ZONE)
    if len(units) > 12:
        named = district.catalogue.at(Level.CLUSTER)
    return [
        (place.short.of(messages.language), tuple(reversed(district.label_point(place.id))), place.level != Level.UNIT)
        for place in named
    ]


@cache
def _font(bold, size):
    return ImageFont.truetype(str(_FONTS / f"GMSansSC-{'Bold' if bold else 'Regular'}.woff2"), size)


@cache
def _tile(hatch):
    """One tile of a pattern, as a mask."""
    mask = Image.new("L", (_TILE, _TILE), 0)
    draw = ImageDraw.Draw(mask)
    for (x0, y0), (x1, y1) in _HATCH[hatch]:
        if (x0, y0) == (x1, y1):
            draw.ellipse([x0 - 2, y0 - 2, x0 + 2, y0 + 2], fill=140)
        else:
            draw.line([x0, y0, x1, y1], fill=120, width=2)
    return mask


def _land(canvas, sheet, polygons, fill, hatch):
    mask = Image.new("L", canvas.size, 0)
    draw = ImageDraw.Draw(mask)
    for outer, *holes in polygons:
        draw.polygon([sheet.at(*point[:2]) for point in outer], fill=255)
        for hole in holes:
            draw.polygon([sheet.at(*point[:2]) for point in hole], fill=0)
    canvas.paste(fill, mask=mask)
    box = mask.getbbox()
    if _HATCH[hatch] and box:
        pattern = Image.new("L", canvas.size, 0)
        for x in range(box[0] // _TILE * _TILE, box[2], _TILE):
            for y in range(box[1] // _TILE * _TILE, box[3], _TILE):
                pattern.paste(_tile(hatch), (x, y))
        canvas.paste("#FFFFFF", mask=Image.composite(pattern, Image.new("L", canvas.size, 0), mask))


def _outlines(draw, sheet, places, colour, width):
    for polygons in places.values():
        for polygon in polygons:
            for ring in polygon:
                points = [sheet.at(*point[:2]) for point in ring]
                draw.line([*points, points[1]], fill=colour, width=round(width), joint="curve")


def _stroke(draw, sheet, lines, colour, width):
    for polygon in lines:
        for ring in polygon:
            draw.line([sheet.at(*point[:2]) for point in ring], fill=colour, width=round(width), joint="curve")


def _label(draw, at, text, bold, scale):
    draw.text(
        at,
        text,
        fill="#16222A",
        font=_font(bold, round((22 if bold else 20) * scale)),
        anchor="mm",
        stroke_width=round(3 * scale),
        stroke_fill="#FFFFFF",
    )


def _path(sheet, polygons):
    told = []
    for polygon in polygons:
        for ring in polygon:
            points = dict.fromkeys("{:.1f} {:.1f}".format(*sheet.at(*point[:2])) for point in ring)
            closed = "Z" if ring[0] == ring[-1] else ""
            told.append(f"M{'L'.join(points)}{closed}")
    return "".join(told)


def _attributes(**values):
    return " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in values.items())


def _patterns():
    told = []
    stroke = 'stroke="#FFFFFF" stroke-opacity="0.5" stroke-width="0.7"'
    for cluster, look in style.CLUSTERS.items():
        strokes = "".join(
            f'<circle cx="{x0 / 2}" cy="{y0 / 2}" r="0.8" fill="#FFFFFF" fill-opacity="0.6"/>'
            if (x0, y0) == (x1, y1)
            else f'<path d="M{x0 / 2} {y0 / 2}L{x1 / 2} {y1 / 2}" {stroke}/>'
            for (x0, y0), (x1, y1) in _HATCH[look["hatch"]]
        )
        told.append(
            f'<pattern id="gm-note-{cluster}" width="8" height="8" patternUnits="userSpaceOnUse">{strokes}</pattern>'
        )
    return "".join(told)
