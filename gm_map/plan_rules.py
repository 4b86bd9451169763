"""What the plan's own structure demands of the facts: how many of each, who may hold whom, which topic goes where."""

from collections.abc import Iterator

from gm_map.errors import Fault
from gm_map.model import Basis, Level
from gm_map.tables import Reading

__all__ = ["check_plan"]

# Prefix of the ids, file, first and last number as the plan counts them, digits.
NUMBERED = (
    ("corridor", "places.csv", 1, 1, 1),
    ("zone", "places.csv", 1, 3, 1),
    ("cluster", "places.csv", 1, 5, 1),
    ("unit", "places.csv", 1, 21, 2),
    ("industry", "industries.yaml", 1, 4, 1),
    ("field", "industries.yaml", 1, 16, 2),
    ("topic", "industries.yaml", 1, 36, 2),
    ("term", "terms.csv", 1, 321, 3),
    ("indicator", "indicators.csv", 1, 18, 2),
    ("glossary", "glossary.yaml", 1, 33, 2),
    ("roadmap", "roadmaps.yaml", 1, 3, 1),
    *((f"roadmap-{n}-task", "roadmaps.yaml", 1, last, 1) for n, last in ((1, 6), (2, 4), (3, 6))),
    ("programme", "programmes.yaml", 4, 8, 1),
    *((f"programme-{n}-task", "programmes.yaml", 1, last, 1) for n, last in ((4, 4), (5, 6), (6, 4), (7, 4), (8, 4))),
    ("policy", "policies.yaml", 1, 5, 1),
    *((f"policy-{n}-measure", "policies.yaml", 1, last, 1) for n, last in enumerate((2, 2, 3, 4, 4), start=1)),
)
PARENT = {Level.CORRIDOR: None, Level.ZONE: None, Level.CLUSTER: Level.ZONE, Level.UNIT: Level.CLUSTER}


def check_plan(reading: Reading) -> None:
    """Add to ``reading.faults`` whatever breaks the plan's structure."""
    for check in (_numbers, _places, _links, _terms, _claims, _owned, _figures):
        reading.faults.extend(check(reading))


def _numbers(reading: Reading) -> Iterator[Fault]:
    for prefix, file, first, last, digits in NUMBERED:
        if file in reading.unread:
            continue
        wanted = [f"{prefix}-{number:0{digits}}" for number in range(first, last + 1)]
        found = {
            id_: place for ids in reading.ids.values() for id_, place in ids.items() if id_.rpartition("-")[0] == prefix
        }
        span = f"{len(wanted)} of them, {wanted[0]} to {wanted[-1]}" if len(wanted) > 1 else f"only {wanted[0]}"
        for id_ in wanted:
            if id_ not in found:
                yield Fault(file, "id", f"no {id_}", span, "write what the plan has under this number")
        for id_, place in found.items():
            if id_ not in wanted:
                yield Fault(place, "id", id_, span, "delete it, or correct its number")


def _places(reading: Reading) -> Iterator[Fault]:
    for row in reading.rows["places.csv"]:
        level, parent = row["level"], row["parent_id"]
        if level is None:
            continue
        if row.id and not row.id.startswith(f"{level}-"):
            wanted = f"the level that the id {row.id} begins with"
            yield Fault(row.place, "level", level, wanted, "correct one of the two")
            continue
        above = PARENT[level]
        if above is None and parent:
            yield Fault(row.place, "parent_id", parent, f"nothing: a {level} has no parent", "empty the cell")
        elif above and not (parent or "").startswith(f"{above}-"):
            remedy = "a parent stands one level up"
            yield Fault(row.place, "parent_id", parent or "nothing", f"the id of a {above}", remedy)
        if level == Level.ZONE and row.values.get("stated_km2", 0) is None:
            yield Fault(
                row.place, "stated_km2", "nothing", "the area that the plan states", "each zone has one: write it"
            )


def _links(reading: Reading) -> Iterator[Fault]:
    seen: dict[tuple[str, str | None], str] = {}
    for row in reading.rows["topic_places.csv"]:
        topic, place, basis = row["topic_id"], row["place_id"], row["basis"]
        if basis and (basis == Basis.NONE) == bool(place):
            wanted = "no place beside “none”, and a place beside every other basis"
            yield Fault(row.place, "place_id", place or "nothing", wanted, "correct the basis or the place")
        if place and not place.startswith((Level.ZONE, Level.CLUSTER)):
            yield Fault(
                row.place, "place_id", place, "a zone or a cluster", "units have their topics from their cluster"
            )
        if (first := seen.setdefault((topic, place), row.place)) != row.place:
            yield Fault(
                row.place, "place_id", place or "nothing", "each place once a topic", f"delete it: {first} says so"
            )
    linked = {topic for topic, _ in seen}
    if "topic_places.csv" not in reading.unread:
        for topic in reading.ids.get("topic", ()):
            if topic not in linked:
                remedy = "add one, with basis none where the plan names no place"
                yield Fault("topic_places.csv", "topic_id", f"no row for {topic}", "a row for each topic", remedy)


def _terms(reading: Reading) -> Iterator[Fault]:
    seen: dict[tuple[str, str], str] = {}
    for row in reading.rows["terms.csv"]:
        if row["term"] and (first := seen.setdefault((row["topic_id"], row["term"]), row.place)) != row.place:
            yield Fault(row.place, "term", row["term"], "each term once a topic", f"delete it: {first} has it")


def _claims(reading: Reading) -> Iterator[Fault]:
    """A claim may speak of things that the map does not have, but not of a unit that the plan does not have."""
    known = reading.ids.get("place", {})
    for row in reading.rows["spatial_claims.csv"]:
        for name in ("subject_id", "object_id"):
            for id_ in row[name] or ():
                if known and id_.partition("-")[0] in tuple(Level) and id_ not in known:
                    yield Fault(row.place, name, id_, "the id of a place", "take an id that exists")


def _owned(reading: Reading) -> Iterator[Fault]:
    """An id that is built on its owner's must stand under that owner."""
    for rows in reading.rows.values():
        for row in rows:
            owner = row.parent
            while owner is not None and not owner.id.startswith(("roadmap-", "programme-", "policy-")):
                owner = owner.parent
            begins = f"{owner.id.partition('-phase')[0]}-" if owner else ""
            if row.id and not row.id.startswith(begins):
                yield Fault(row.place, "id", row.id, f"an id that begins with {begins}", "move it, or correct the id")


def _figures(reading: Reading) -> Iterator[Fault]:
    for row in reading.rows["computed_figures.csv"]:
        if row["agrees"] is not None and not row["stated"]:
            remedy = "write what the plan states, or empty the cell"
            yield Fault(
                row.place, "agrees", "yes" if row["agrees"] else "no", "nothing where nothing is stated", remedy
            )
