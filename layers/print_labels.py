"""Where the names stand on a printed map: none upon another, each within its place where it fits, else beside it.

Lengths are millimetres of paper, from the upper left corner. Names are put down in order of weight; each takes, of all
spots of a fine grid, the one that costs least: far from its anchor, out of its place, on a station or on a line cost.
"""

import itertools
import math
from dataclasses import dataclass, field

from layers import print_type

__all__ = ["Board", "Label", "Look", "inside", "wraps"]

LINE = 1.18  # of the size
RISE = 0.36  # of the size: from the middle of a line down to its baseline
_ON_STATION, _ON_LINE, _OUTSIDE, _WRAPPED = 5.0, 0.55, 4.0, 1.2


@dataclass(frozen=True, slots=True)
class Look:
    """How a name is set. ``size`` and ``tracking`` in millimetres; ``box`` is the colour of a filled box behind it."""

    size: float
    colour: str
    bold: bool = False
    tracking: float = 0.0
    halo: float = 0.45
    box: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A name that has found its place: its lines, the middle of them, the angle (degrees, clockwise), the leader."""

    lines: tuple[str, ...]
    at: tuple[float, float]
    look: Look
    angle: float = 0.0
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None

    def baselines(self):
        """Each line with the start of its baseline, as (text, x, y)."""
        face = print_type.face(self.look.bold)
        turn = math.radians(self.angle)
        for number, text in enumerate(self.lines):
            across = -face.width(text, self.look.size, self.look.tracking) / 2
            down = (number - (len(self.lines) - 1) / 2) * self.look.size * LINE + RISE * self.look.size
            x = self.at[0] + across * math.cos(turn) - down * math.sin(turn)
            y = self.at[1] + across * math.sin(turn) + down * math.cos(turn)
            yield text, x, y

    def extent(self) -> tuple[float, float]:
        """Width and height of the lines, before they are turned."""
        return _extent(self.lines, self.look)


def _extent(lines, look):
    face = print_type.face(look.bold)
    width = max(face.width(text, look.size, look.tracking) for text in lines)
    return width, len(lines) * look.size * LINE


def wraps(text) -> list[tuple[str, ...]]:
    """A name on one line, and on two where a hyphen or a blank parts it: at the one nearest to its middle."""
    found = [(text,)]
    cuts = [at + 1 for at, character in enumerate(text) if character in "- " and 0 < at < len(text) - 1]
    if cuts:
        cut = min(cuts, key=lambda at: abs(at - len(text) / 2))
        found.append((text[:cut].rstrip(), text[cut:]))
    return found


def inside(point, polygons) -> bool:
    """Whether a point lies in polygons given as rings, by the rule of even and odd crossings."""
    x, y = point
    within = False
    for rings in polygons:
        for ring in rings:
            for (x0, y0), (x1, y1) in itertools.pairwise(ring):
                if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                    within = not within
    return within


@dataclass(slots=True)
class Board:
    """A map that names are put on, ``width`` by ``height``; it remembers what is taken."""

    width: float
    height: float
    taken: list = field(default_factory=list)
    stations: list = field(default_factory=list)
    _cells: set = field(default_factory=set)

    def lines(self, lines) -> None:
        """Remember lines (points on paper) that names had better not cover."""
        for line in lines:
            for (x0, y0), (x1, y1) in itertools.pairwise(line):
                steps = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0)))
                for step in range(steps + 1):
                    self._cells.add((int(x0 + (x1 - x0) * step / steps), int(y0 + (y1 - y0) * step / steps)))

    def within(self, text, anchor, polygons, look, clear=(), step=1.0) -> Label | None:
        """Put a name into its place, and remember it; None where no spot is free.

        ``clear`` are polygons that it had better not reach into.
        """
        corners = [point for rings in polygons for point in rings[0]]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        top, bottom = min(y for _, y in corners), max(y for _, y in corners)
        # The grid goes through the anchor, so that a name may stand exactly on it.
        xs = _through(anchor[0], left, right, step)
        ys = _through(anchor[1], top, bottom, step)
        spots = [spot for spot in itertools.product(xs, ys) if inside(spot, polygons)]
        return self._kept(self._choice(anchor, spots or [anchor], look, polygons, wraps(text), math.inf, clear))

    def near(self, text, anchor, look, reach, wrapped=True) -> Label | None:
        """Put a name beside a point, left or right, above or below, at a distance of ``reach``."""
        found = None
        for lines in wraps(text) if wrapped else [(text,)]:
            width, height = _extent(lines, look)
            across, down = width / 2 + reach, height / 2 + reach
            spots = [(across, 0), (-across, 0), (0, -down), (0, down), (across, -down), (-across, -down)]
            spots = [(anchor[0] + x, anchor[1] + y) for x, y in (*spots, (across, down), (-across, down))]
            found = found or self._choice(anchor, spots, look, None, [lines], most=3.0 + width)
        return self._kept(found)

    def beside(self, text, anchor, polygons_to_avoid, look, step=2.0) -> Label | None:
        """Put a name where no place is, nearest to its own, with a line that leads there."""
        grid = itertools.product(_range(0, self.width, step), _range(0, self.height, step))
        spots = [spot for spot in grid if not inside(spot, polygons_to_avoid)]
        found = self._choice(anchor, spots, look, None, wraps(text), math.inf)
        if not found:
            return None
        width, height = found.extent()
        x = min(max(anchor[0], found.at[0] - width / 2), found.at[0] + width / 2)
        y = min(max(anchor[1], found.at[1] - height / 2), found.at[1] + height / 2)
        return self._kept(Label(found.lines, found.at, look, leader=((x, y), anchor)))

    def along(self, text, line, look, offset) -> Label | None:
        """Put a name beside a line, turned with it, where least is in its way."""
        width, height = _extent((text,), look)
        found, least = None, math.inf
        for part in range(4, 97, 2):
            at, angle = _on(line, part / 100, width)
            turn = math.radians(angle)
            for side in (1, -1):
                middle = (at[0] - side * offset * math.sin(turn), at[1] + side * offset * math.cos(turn))
                boxes = list(_turned(middle, turn, width, height))
                if any(self._hits(box) or not self._on_paper(box) for box in boxes):
                    continue
                cost = abs(part - 50) / 25 + sum(self._crowd(box) for box in boxes)
                if cost < least:
                    found, least = (Label((text,), middle, look, angle), boxes), cost
        if found:
            self.taken.extend(found[1])
            return found[0]
        return None

    def _choice(self, anchor, spots, look, polygons, variants, most, clear=()):
        found, least = None, most
        for lines in variants:
            width, height = _extent(lines, look)
            dear = _WRAPPED * (len(lines) - 1)
            for spot in spots:
                cost = dear + math.dist(spot, anchor) * 0.5
                if cost >= least:
                    continue
                box = _box(spot, width, height)
                if not self._on_paper(box) or self._hits(box):
                    continue
                cost += self._crowd(box)
                if polygons is not None and cost < least:
                    edge = [(x, y) for x in (box[0], spot[0], box[2]) for y in (box[1], box[3])]
                    cost += _OUTSIDE * sum(not inside(point, polygons) for point in edge)
                    cost += _OUTSIDE * sum(inside(point, clear) for point in edge) if clear and cost < least else 0
                if cost < least:
                    found, least = Label(lines, spot, look), cost
        return found

    def _kept(self, label):
        if label:
            self.taken.append(_box(label.at, *label.extent(), 0.5))
        return label

    def _on_paper(self, box):
        return box[0] > 1 and box[1] > 1 and box[2] < self.width - 1 and box[3] < self.height - 1

    def _hits(self, box):
        return any(_meet(box, other) for other in self.taken)

    def _crowd(self, box):
        cells = itertools.product(range(int(box[0]), int(box[2]) + 1), range(int(box[1]), int(box[3]) + 1))
        stations = sum(_meet(box, station) for station in self.stations)
        return _ON_LINE * sum(cell in self._cells for cell in cells) + _ON_STATION * stations


def _through(middle, low, high, step):
    """Numbers from ``low`` to ``high``, a step apart, one of them ``middle``."""
    return [middle + step * n for n in range(math.ceil((low - middle) / step), math.floor((high - middle) / step) + 1)]


def _range(start, stop, step):
    return [start + step * number for number in range(int((stop - start) / step) + 1)]


def _box(at, width, height, pad=0.0):
    return at[0] - width / 2 - pad, at[1] - height / 2 - pad, at[0] + width / 2 + pad, at[1] + height / 2 + pad


def _meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _on(line, part, width):
    """The point at a part (0 to 1) of a line, and the angle of the chord of ``width`` round it, readable."""
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(line)]
    total = sum(lengths)

    def point(way):
        way = min(max(way, 0.0), total)
        for (a, b), length in zip(itertools.pairwise(line), lengths, strict=True):
            if way <= length:
                share = way / length if length else 0.0
                return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
            way -= length
        return line[-1]

    (x0, y0), (x1, y1) = point(part * total - width / 2), point(part * total + width / 2)
    angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    return ((x0 + x1) / 2, (y0 + y1) / 2), angle


def _turned(middle, turn, width, height):
    """Squares along a turned line of text."""
    count = max(2, math.ceil(width / height))
    for number in range(count):
        across = (number + 0.5 - count / 2) * width / count
        yield _box((middle[0] + across * math.cos(turn), middle[1] + across * math.sin(turn)), height, height)
