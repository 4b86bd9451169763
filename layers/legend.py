"""What the colours, patterns and lines mean."""

from gm_map.model import Level
from layers import style

__all__ = ["legend"]


def legend(district, messages) -> dict:
    """The legend as data: its title and its items, clusters first."""
    clusters = [
        {"cluster": place.id, "text": place.name.of(messages.language)}
        for place in district.catalogue.places.values()
        if place.level == Level.CLUSTER
    ]
    lines = [
        {"strokes": strokes, "text": messages(f"map.legend_{key}")} for key, strokes in style.LEGEND_STROKES.items()
    ]
    return {"title": messages("map.legend"), "items": clusters + lines}
