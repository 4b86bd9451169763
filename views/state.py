"""What a page shows, as one frozen value that fits in a link."""

from dataclasses import dataclass, replace

from gm_map.score import CRITERIA, PRESETS

__all__ = ["LANGUAGES", "LONGEST_LINKED", "Asked", "State", "read", "read_match", "write", "write_match"]

LANGUAGES = ("zh", "en")
MODES = ("any", "all")
LONGEST_LINKED = 300  # characters of a text that still go into a link
BALANCED = "balanced"


@dataclass(frozen=True, slots=True)
class State:
    """Language, filter and choice. Ids only, each of which exists; `read` sees to that."""

    language: str = "zh"
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mode: str = "any"
    selected: str | None = None
    base: str | None = None  # a base map by choice; None: the map's own background

    def having(self, **changes) -> "State":
        """The same state with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the match page was asked: a text, the weights (a preset's name, or one number a criterion), a place."""

    language: str = "zh"
    text: str = ""
    weights: str | tuple[float, ...] = BALANCED
    selected: str | None = None
    table: bool = False

    def having(self, **changes) -> "Asked":
        """The same with some fields changed."""
        return replace(self, **changes)

    @property
    def chosen_weights(self):
        """The weights as the match takes them."""
        return self.weights if isinstance(self.weights, str) else dict(zip(CRITERIA, self.weights, strict=True))


def read(parameters, catalogue, bases=()) -> tuple[State, tuple[str, ...]]:
    """The state that a link asks for, and the parts of the link that stand for nothing.

    Parameters
    ----------
    parameters : mapping of str to str
        The query of the address: ``lang``, ``t`` (topics, fields or industries, comma-separated), ``in`` (zones,
        clusters), ``m`` (``all``), ``at`` (the chosen place), ``b`` (a base map).
    catalogue : Catalogue
    bases : collection of str
        Ids of the base maps that can be chosen.
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
    base = parameters.get("b") or None
    if base and base not in bases:
        unknown.append(base)
        base = None
    state = State(
        language=language if language in LANGUAGES else "zh",
        topics=tuple(topics),
        places=tuple(dict.fromkeys(places)),
        mode="all" if parameters.get("m") == "all" else "any",
        selected=selected,
        base=base,
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
    if state.base:
        query["b"] = state.base
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


def read_match(parameters, catalogue) -> tuple[Asked, tuple[str, ...]]:
    """What a link to the match page asks, and the parts of it that stand for nothing.

    Parameters
    ----------
    parameters : mapping of str to str
        The query of the address: ``lang``, ``q`` (the text), ``w`` (a preset, or seven numbers between hyphens), ``at``
        (the chosen place), ``table`` (``1``: a whole table).
    catalogue : Catalogue
    """
    language = parameters.get("lang", "zh")
    unknown = [] if language in LANGUAGES else [language]
    weights = _weights(parameters.get("w") or BALANCED)
    if weights is None:
        unknown.append(parameters["w"])
    selected = parameters.get("at") or None
    if selected and selected not in catalogue.places:
        unknown.append(selected)
        selected = None
    asked = Asked(
        language=language if language in LANGUAGES else "zh",
        text=parameters.get("q", "")[:LONGEST_LINKED],
        weights=weights or BALANCED,
        selected=selected,
        table=parameters.get("table") == "1",
    )
    return asked, tuple(unknown)


def write_match(asked) -> dict[str, str]:
    """The query of a link to it; a text that is too long stays out."""
    query = {}
    if asked.language != "zh":
        query["lang"] = asked.language
    if asked.text.strip() and len(asked.text) <= LONGEST_LINKED:
        query["q"] = asked.text
    if asked.weights != BALANCED:
        query["w"] = asked.weights if isinstance(asked.weights, str) else "-".join(f"{w:g}" for w in asked.weights)
    if asked.selected:
        query["at"] = asked.selected
    if asked.table:
        query["table"] = "1"
    return query


def _weights(told):
    """A preset's name, or the numbers; None where it is neither."""
    if told in PRESETS:
        return told
    try:
        numbers = tuple(float(number) for number in told.split("-"))
    except ValueError:
        return None
    usable = len(numbers) == len(CRITERIA) and all(0 <= number <= 100 for number in numbers) and any(numbers)
    return numbers if usable else None
