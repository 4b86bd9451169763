"""A still picture as a list of things to draw, and the two ways to draw it: SVG for a page, PNG for a document."""

import io
import itertools
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from layers import door

__all__ = ["Area", "Dot", "Label", "Ring", "Scene", "Stroke", "png", "svg"]

_FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
_FINER = 2  # drawn so much larger, then made smaller: smooth lines
# Strokes across a tile of 8 units: hatches are told apart without colour.
_HATCH = {
    "diagonal": (((-2, 10), (10, -2)), ((-2, 2), (2, -2)), ((6, 10), (10, 6))),
    "back": (((-2, -2), (10, 10)), ((6, -2), (10, 2)), ((-2, 6), (2, 10))),
    "horizontal": (((0, 2), (8, 2)), ((0, 6), (8, 6))),
    "cross": (((-2, 10), (10, -2)), ((-2, -2), (10, 10)), ((-2, 2), (2, -2)), ((6, 10), (10, 6))),
    "dots": (((2, 2), (2, 2)), ((6, 6), (6, 6))),
}
Rings = list


@dataclass(frozen=True, slots=True)
class Area:
    """Polygons, each its rings of (x, y); a fill, a hatch (kind, colour), an outline; None for what is not drawn."""

    polygons: Rings
    fill: str | None = None
    opacity: float = 1.0
    hatch: tuple[str, str] | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """Open lines of (x, y)."""

    lines: Rings
    colour: str
    width: float = 1.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A number on a coloured ground."""

    x: float
    y: float
    text: str
    fill: str


@dataclass(frozen=True, slots=True)
class Ring:
    """An open circle round a place to look at."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words with a white edge; ``anchor`` is start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 9.0
    bold: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its size, what is drawn from the ground up, and what it is called for who cannot see it."""

    width: float
    height: float
    items: tuple
    label: str
    outside: str = "#E9ECEC"


# ---- SVG ----


def svg(scene, name) -> str:
    """The picture as an element for a page: no script, no links, and no text that has not passed the door.

    Parameters
    ----------
    scene : Scene
    name : str
        Letters and digits; makes the patterns of one picture differ from those of another on the same page.
    """
    hatches = sorted({item.hatch for item in scene.items if isinstance(item, Area) and item.hatch})
    ids = {hatch: f"gm-{name}-{number}" for number, hatch in enumerate(hatches)}
    parts = [f'<rect width="{scene.width:g}" height="{scene.height:g}" fill="{scene.outside}"/>']
    for item in scene.items:
        parts.extend(_SVG[type(item)](item, ids))
    size = f"0 0 {scene.width:g} {scene.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-label="{door.html(scene.label)}">'
        f"<defs>{''.join(_pattern(ids[hatch], *hatch) for hatch in hatches)}</defs>{''.join(parts)}</svg>"
    )


def _svg_area(item, ids):
    told = _path(item.polygons, closed=True)
    if item.fill:
        yield f'<path d="{told}" fill="{item.fill}" fill-opacity="{item.opacity:g}" fill-rule="evenodd"/>'
    if item.hatch:
        yield f'<path d="{told}" fill="url(#{ids[item.hatch]})" fill-rule="evenodd"/>'
    if item.stroke:
        yield f'<path d="{told}" fill="none" {_line(item.stroke, item.width, item.dash)}/>'


def _svg_stroke(item, ids):
    yield f'<path d="{_path([item.lines], closed=False)}" fill="none" {_line(item.colour, item.width, item.dash)}/>'


def _svg_dot(item, ids):
    half = _half(item)
    yield (
        f'<rect x="{item.x - half:.1f}" y="{item.y - 6.5:.1f}" width="{2 * half:.1f}" height="13" rx="6.5" '
        f'fill="{item.fill}" stroke="#FFFFFF" stroke-width="1.2"/><text x="{item.x:.1f}" y="{item.y + 3:.1f}" '
        f'font-size="8.5" font-weight="700" text-anchor="middle" fill="#FFFFFF">{door.html(item.text)}</text>'
    )


def _svg_ring(item, ids):
    for colour, width in (("#FFFFFF", 4.5), (item.colour, 2)):
        yield (
            f'<circle cx="{item.x:.1f}" cy="{item.y:.1f}" r="{item.radius:g}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}"/>'
        )


def _svg_label(item, ids):
    yield (
        f'<text x="{item.x:.1f}" y="{item.y + item.size * 0.36:.1f}" font-size="{item.size:g}" '
        f'font-weight="{700 if item.bold else 400}" text-anchor="{item.anchor}" fill="#16222A" stroke="#FFFFFF" '
        f'stroke-width="2.4" stroke-linejoin="round" paint-order="stroke">{door.html(item.text)}</text>'
    )


_SVG = {Area: _svg_area, Stroke: _svg_stroke, Dot: _svg_dot, Ring: _svg_ring, Label: _svg_label}


def _line(colour, width, dash):
    dashed = f' stroke-dasharray="{dash[0]:g} {dash[1]:g}"' if dash else ""
    return f'stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}'


def _path(polygons, closed):
    told = []
    for polygon in polygons:
        for ring in polygon:
            points = [point for point, _ in itertools.groupby(f"{x:.1f} {y:.1f}" for x, y in ring)]
            told.append(f"M{'L'.join(points)}{'Z' * closed}")
    return "".join(told)


def _pattern(id_, kind, colour):
    strokes = "".join(
        f'<circle cx="{x0}" cy="{y0}" r="0.9" fill="{colour}"/>'
        if (x0, y0) == (x1, y1)
        else f'<path d="M{x0} {y0}L{x1} {y1}" stroke="{colour}" stroke-width="0.8"/>'
        for (x0, y0), (x1, y1) in _HATCH[kind]
    )
    return f'<pattern id="{id_}" width="8" height="8" patternUnits="userSpaceOnUse">{strokes}</pattern>'


# ---- PNG ----


def png(scene, width=1500) -> bytes:
    """The picture in pixels, ``width`` of them across; the same scene gives the same bytes."""
    scale = width * _FINER / scene.width
    canvas = Image.new("RGB", (round(scene.width * scale), round(scene.height * scale)), scene.outside)
    for item in scene.items:
        _PNG[type(item)](canvas, item, scale)
    canvas = canvas.resize((width, round(scene.height * width / scene.width)), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    canvas.save(kept, "PNG", compress_level=7)
    return kept.getvalue()


def _png_area(canvas, item, scale):
    polygons = [[_scaled(ring, scale) for ring in polygon] for polygon in item.polygons]
    box = _box(polygons, canvas.size) if item.fill or item.hatch else None
    if box:
        # Only what is touched: a sheet has many small places.
        part = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        draw = ImageDraw.Draw(part)
        for outer, *holes in polygons:
            for ring, value in ((outer, 255), *((hole, 0) for hole in holes)):
                if len(ring) > 2:
                    draw.polygon([(x - box[0], y - box[1]) for x, y in ring], fill=value)
        if item.fill:
            canvas.paste(item.fill, box, part.point(lambda value: round(value * item.opacity)))
        if item.hatch:
            tiled = _tiled(item.hatch[0], max(8, round(8 * scale)), box)
            canvas.paste(item.hatch[1], box, Image.composite(tiled, Image.new("L", part.size, 0), part))
    if item.stroke:
        draw = ImageDraw.Draw(canvas)
        for ring in itertools.chain.from_iterable(polygons):
            if len(ring) > 1:
                closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
                _draw_line(draw, [*closed, closed[1]], item.stroke, item.width, item.dash, scale)


def _box(polygons, size):
    """Left, top, right, bottom in whole pixels of what the polygons cover of the sheet; None for nothing."""
    xs, ys = zip(*(point for polygon in polygons for ring in polygon for point in ring), strict=True)
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    right, bottom = min(size[0], math.ceil(max(xs)) + 1), min(size[1], math.ceil(max(ys)) + 1)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _png_stroke(canvas, item, scale):
    draw = ImageDraw.Draw(canvas)
    for line in item.lines:
        _draw_line(draw, _scaled(line, scale), item.colour, item.width, item.dash, scale)


def _png_dot(canvas, item, scale):
    draw = ImageDraw.Draw(canvas)
    half = _half(item)
    box = [(item.x - half) * scale, (item.y - 6.5) * scale, (item.x + half) * scale, (item.y + 6.5) * scale]
    draw.rounded_rectangle(box, 6.5 * scale, fill=item.fill, outline="#FFFFFF", width=round(1.2 * scale))
    draw.text((item.x * scale, item.y * scale), item.text, "#FFFFFF", _font(True, round(8.5 * scale)), anchor="mm")


def _png_ring(canvas, item, scale):
    draw = ImageDraw.Draw(canvas)
    for colour, width in (("#FFFFFF", 4.5), (item.colour, 2)):
        reach = item.radius + width / 2
        box = [(item.x - reach) * scale, (item.y - reach) * scale, (item.x + reach) * scale, (item.y + reach) * scale]
        draw.ellipse(box, outline=colour, width=round(width * scale))


def _png_label(canvas, item, scale):
    ImageDraw.Draw(canvas).text(
        (item.x * scale, item.y * scale),
        item.text,
        fill="#16222A",
        font=_font(item.bold, round(item.size * scale)),
        anchor={"start": "lm", "middle": "mm", "end": "rm"}[item.anchor],
        stroke_width=round(1.2 * scale),
        stroke_fill="#FFFFFF",
    )


_PNG = {Area: _png_area, Stroke: _png_stroke, Dot: _png_dot, Ring: _png_ring, Label: _png_label}


def _half(dot):
    return max(6.5, 3.2 + 2.6 * len(dot.text))


def _scaled(ring, scale):
    return [(x * scale, y * scale) for x, y in ring]


def _draw_line(draw, points, colour, width, dash, scale):
    thick = max(1, round(width * scale))
    if not dash:
        draw.line(points, fill=colour, width=thick, joint="curve")
        return
    for piece in _dashes(points, dash[0] * scale, dash[1] * scale):
        draw.line(piece, fill=colour, width=thick)


def _dashes(points, on, off):
    """A line in pieces of ``on``, with ``off`` between them."""
    left, drawing, piece = on, True, [points[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        at = 0.0
        while length - at > left:
            at += left
            point = (x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length)
            if drawing:
                yield [*piece, point]
            drawing, piece, left = not drawing, [point], off if drawing else on
        left -= length - at
        if drawing:
            piece.append((x1, y1))
    if drawing and len(piece) > 1:
        yield piece


@cache
def _font(bold, size):
    return ImageFont.truetype(str(_FONTS / f"GMSansSC-{'Bold' if bold else 'Regular'}.woff2"), size)


@cache
def _tile(kind, size):
    mask = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(mask)
    scale = size / 8
    for (x0, y0), (x1, y1) in _HATCH[kind]:
        if (x0, y0) == (x1, y1):
            reach = 0.9 * scale
            draw.ellipse([x0 * scale - reach, y0 * scale - reach, x0 * scale + reach, y0 * scale + reach], fill=255)
        else:
            draw.line([x0 * scale, y0 * scale, x1 * scale, y1 * scale], fill=255, width=max(1, round(0.8 * scale)))
    return mask


def _tiled(kind, size, box):
    """A hatch over a box of the sheet; tiles begin at the sheet's corner, so that neighbours fit."""
    tile = _tile(kind, size)
    sheet = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
    for x in range(box[0] // size * size, box[2], size):
        for y in range(box[1] // size * size, box[3], size):
            sheet.paste(tile, (x - box[0], y - box[1]))
    return sheet
