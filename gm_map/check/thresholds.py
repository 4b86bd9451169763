"""From which size on something is said: every threshold of the rules, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["THRESHOLDS", "Thresholds"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Thresholds of the rules; lengths in metres, areas in square metres, angles in degrees."""

    # Vertices nearer than this are one: files of seven decimals of a degree keep centimetres.
    same_m: float = 0.001
    # A corner sharper than this is drawn by nobody: at 1° a side of 100 m opens by 1.7 m.
    spike_deg: float = 1.0
    # Below this a sharp corner is rounding: at centimetres any angle may come of it.
    spike_m: float = 1.0
    # The tip of a spike may be blunt: two vertices nearer than this, between sides that run back along one another.
    blunt_m: float = 1.0
    # Sides of a blunt spike are so many times as long as its tip is wide; less is a narrow end of something.
    blunt_times: float = 20.0

    # A grid of coordinates this coarse moves outlines by more than a map at 1:10 000 can show (1 mm).
    coarse_m: float = 10.0

    # Areas below this are rounding: a vertex put on a side of a kilometre is off by centimetres (as in gm_map.shapes).
    least_m2: float = 10.0
    # Overlaps and gaps narrower than this are two drawings of one side, not a claim to land: they are slivers.
    strip_m: float = 1.0
    # Strips below this area are left out: they are a matter of vertices (EDGE_MISMATCH).
    strip_m2: float = 1.0
    # A feature narrower than this on average (twice its area by its outline's length) is narrower than a street.
    sliver_m: float = 10.0
    # Open slits between neighbours are looked for up to this width; wider ones may be a street or a river.
    gap_m: float = 10.0
    # An enclosed gap wider than the widest road with its verges is land that somebody may have left out on purpose.
    wide_gap_m: float = 60.0
    # Enclosed land wider than a block of streets lies between nobody: the plan leaves most of the district free.
    land_m: float = 500.0
    # An open slit is at least so many times as long as it is wide, else it is a corner where two outlines meet.
    slit_times: float = 5.0
    # Each of the two features along a slit borders this share of its length at least, within a decimetre.
    slit_share: float = 0.3
    beside_m: float = 0.1
    # Two features of one level that share more than this of the land of both are one feature twice.
    duplicate: float = 0.95
    # A hole in a parent or a piece of a place counts from this share of the place on, and from this area.
    part_share: float = 0.01
    part_m2: float = 10_000.0

    # More findings of a code than anybody reads: in one feature, and in a layer. The rest is counted.
    most_per_feature: int = 20
    most_per_code: int = 200
    # So many invalid features are searched for every crossing; the others are told with the first one only.
    most_searched: int = 2_000
    # So many pairs of sides are looked at in one outline: a scribble of 10 000 sides has fifty million.
    most_pairs: int = 3_000_000

    # Pieces that the plan itself allows: 成果转化区 is one piece, or one and 白花; its cluster is the same land.
    pieces: Mapping[str, int] = field(default_factory=lambda: {"zone-2": 2, "cluster-2": 2}, hash=False)


THRESHOLDS = Thresholds()
