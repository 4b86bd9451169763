"""What the page shows, as one frozen value that fits in a link."""

from dataclasses import dataclass, replace

__all__ = ["LANGUAGES", "State", "read", "write"]

LANGUAGES = ("zh", "en")
MODES = ("any", "all")


@dataclass(frozen=True, slots=True)
class State:
    """Language, filter and choice. Ids only, each of which exists; `read` sees to that."""

    language: str = "zh"
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mode: str = "any"
    selected: str | None = None

    def having(self, **changes) -> "State":
        """The same state with some fields changed."""
        return replace(self, **changes)


def read(parameters, catalogue) -> tuple[State, tuple[str, ...]]:
    """The state that a link asks for, and the parts of the link that stand for nothing.

    Parameters
    ----------
    parameters : mapping of str to str
        The query of the address: ``lang``, ``t`` (topics, fields or industries, comma-separated), ``in`` (zones,
        clusters), ``m`` (``all``), ``at`` (the chosen place).
    catalogue : Catalogue
    """
    language = parameters.get("lang", "zh")
    unknown = [] if language in LANGUAGES else [language]
    topics, places = [], []
    for node in filter(None, parameters.get("t", "").split(",")):
        if node in catalogue.industries:
            topics.extend(topic for topic in catalogue.topics_of(node) if topic not in topics)
        else:
            unknown.append(node)
    for place in filter(None, parameters.get("in", "").split(",")):
        (places if place in catalogue.places else unknown).append(place)
    selected = parameters.get("at") or None
    if selected and selected not in catalogue.places:
        unknown.append(selected)
        selected = None
    state = State(
        language=language if language in LANGUAGES else "zh",
        topics=tuple(topics),
        places=tuple(dict.fromkeys(places)),
        mode="all" if parameters.get("m") == "all" else "any",
        selected=selected,
    )
    return state, tuple(unknown)


def write(state, catalogue) -> dict[str, str]:
    """The query of a link to this state, short: a whole branch is written as the branch."""
    query = {}
    if state.language != "zh":
        query["lang"] = state.language
    if state.topics:
        query["t"] = ",".join(_branches(set(state.topics), catalogue))
    if state.places:
        query["in"] = ",".join(state.places)
    if state.mode == "all":
        query["m"] = "all"
    if state.selected:
        query["at"] = state.selected
    return query


def _branches(topics, catalogue):
    written = []
    for (
        node
    ) in catalogue.industries:  # in the plan's order, each industry before its fields and they before their topics
        below = set(catalogue.topics_of(node))
        if below and below <= topics:
            written.append(node)
            topics = topics - below
    return written
