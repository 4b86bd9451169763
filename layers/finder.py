"""The finder's table: the industry tree with counts, zones and clusters, and which place fits which topic and why."""

from gm_map.model import Basis, Level, Rank

__all__ = ["finder"]


def finder(district, messages) -> dict:
    """All that ``gm.finder`` takes: words, tree, where, places, fits."""
    catalogue = district.catalogue
    language = messages.language
    fits = {topic.id: _fits(catalogue, topic.id) for topic in catalogue.of_rank(Rank.TOPIC)}
    places = {
        place.id: {
            "level": str(place.level),
            "short": place.short.of(language),
            "parent": place.parent_id,
            "cluster": place.parent_id
            if place.level == Level.UNIT
            else place.id
            if place.level == Level.CLUSTER
            else None,
        }
        for place in catalogue.places.values()
    }
    return {
        "words": messages.section("finder"),
        "tree": [
            _node(catalogue, node, fits, messages)
            for node in catalogue.industries.values()
            if node.rank == Rank.INDUSTRY
        ],
        "where": [
            _where(catalogue, place, messages) for place in catalogue.places.values() if place.level == Level.ZONE
        ],
        "places": places,
        "fits": {topic: {place: str(basis) for place, basis in found.items()} for topic, found in fits.items()},
    }


def _fits(catalogue, topic_id):
    """Each place of a topic with the strongest basis for it."""
    found = {}
    for reason in sorted(catalogue.reasons_of(topic_id), key=lambda reason: reason.link.basis.weakness):
        found.setdefault(reason.place_id, reason.link.basis)
    return found


def _node(catalogue, node, fits, messages):
    branch = {
        "id": node.id,
        "rank": str(node.rank),
        "name": node.name.of(messages.language),
        "kids": []
        if node.rank == Rank.TOPIC
        else [_node(catalogue, catalogue.industries[child], fits, messages) for child in catalogue.children(node.id)],
        "hint": "",
    }
    if node.rank == Rank.INDUSTRY:
        branch["short"] = messages(f"finder.short_{node.id}")
    if node.rank == Rank.TOPIC:
        branch["hint"] = _hint(fits[node.id], messages)
    return branch


def _hint(found, messages):
    """How many units a topic has, or why it has none that the plan names."""
    units = [basis for place, basis in found.items() if place.startswith("unit-")]
    if units and units[0] in (Basis.NAMED, Basis.FIELD, Basis.ZONE):
        return messages("finder.hint_unit") if len(units) == 1 else messages("finder.hint_units", count=len(units))
    if units:
        return messages("finder.hint_industry")
    return messages("finder.hint_zone" if found else "finder.hint_none")


def _where(catalogue, place, messages):
    return {
        "id": place.id,
        "name": place.name.of(messages.language),
        "hint": "",
        "kids": [_where(catalogue, catalogue.places[child], messages) for child in catalogue.children(place.id)]
        if place.level == Level.ZONE
        else [],
    }
