"""One search over every name that the map knows, in Chinese, pinyin or English, with typing errors forgiven."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gm_map.district import District
from gm_map.model import Text
from gm_map.names import LONGEST, alike, fold, initials, readings

__all__ = ["KINDS", "Hit", "search"]

# In the order in which equals are shown: where, then what, then what the plan says around it.
KINDS = ("place", "industry", "term", "landmark", "glossary", "indicator", "task")

# A score is 100 for the very name; a part of it scores by how much of the name it is, within the span of its way.
EXACT = {"zh": 100.0, "en": 98.0, "pinyin": 92.0, "initials": 84.0}
PART = {"zh": (70.0, 95.0), "en": (65.0, 90.0), "pinyin": (55.0, 85.0), "initials": (50.0, 70.0)}
# Among names that fit alike, what the map is about stands first; the score itself is not touched.
LEAD = {"place": 8.0, "industry": 5.0}
LIKE, VERY_LIKE = 70.0, 85.0  # per cent: what is like it enough, and what is beside names that hold the very words
NEAR = 0.75  # of the likeness in per cent: a guess never beats a name that holds the words

Why = Literal["zh", "pinyin", "initials", "en", "near"]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ``id`` is None for what only the background shows; ``matched`` is the writing that fits.

    ``why`` says by what: Chinese, full pinyin, initials, English, or likeness.
    """

    kind: str
    id: str | None
    name: Text
    matched: str
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    id: str | None
    name: Text
    order: int


class _Index:
    """Every writing of every name, folded; made once a district."""

    def __init__(self, district: District):
        self.entries: list[_Entry] = []
        # Writing as compared, by what it is compared, writing as shown, position of its entry.
        self.forms: list[tuple[str, Why, str, int]] = []
        for kind, id_, name, others in _names(district):
            position = len(self.entries)
            self.entries.append(_Entry(kind, id_, name, KINDS.index(kind)))
            for text in dict.fromkeys((name.zh, *others)):
                self._add(fold(text), "zh" if _is_chinese(text) else "en", text, position)
                if _is_chinese(text):
                    for reading in readings(text):
                        self._add(reading, "pinyin", text, position)
                    for letters in initials(text):
                        self._add(letters, "initials", text, position)
            if name.en:
                self._add(fold(name.en), "en", name.en, position)
        self.texts = [form for form, _, _, _ in self.forms]

    def _add(self, form: str, why: Why, shown: str, position: int) -> None:
        if form:
            self.forms.append((form, why, shown, position))


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


def _names(district: District) -> Iterable[tuple[str, str | None, Text, tuple[str, ...]]]:
    """Kind, id, name, and other writings of the name."""
    catalogue = district.catalogue
    for place in catalogue.places.values():
        yield "place", place.id, place.name, (place.short.zh, place.short.en, *place.aliases)
    for node in catalogue.industries.values():
        yield "industry", node.id, node.name, node.aliases
    for term in (*catalogue.terms.values(), *catalogue.outside_terms.values()):
        yield "term", term.id, term.name, term.members
    seen = set()
    for feature in district.background:
        properties = feature["properties"]
        if (name := properties.get("name")) and name not in seen:
            seen.add(name)
            yield "landmark", feature.get("id"), Text(name, properties.get("name_en") or ""), ()
    for entry in catalogue.glossary.values():
        yield "glossary", entry.id, entry.term, entry.aliases
    for indicator in catalogue.indicators.values():
        yield "indicator", indicator.id, indicator.name, ()
    for box in (*catalogue.roadmaps.values(), *catalogue.programmes.values()):
        for task in box.tasks:
            yield "task", task.id, task.name, ()


@lru_cache(maxsize=4)
def _index(district: District) -> _Index:
    return _Index(district)


def search(district: District, text: str, *, limit: int = 12, kinds: Iterable[str] = KINDS) -> tuple[Hit, ...]:
    """What the words may mean, likeliest first.

    Parameters
    ----------
    district : District
    text : str
        Chinese (simplified or traditional; one that only sounds the same will do), pinyin without tones (in full or
        initials; blanks do not matter), or English.
    limit : int
        How many at most.
    kinds : iterable of str
        Which of `KINDS` to look for.

    Returns
    -------
    tuple of Hit
        One for each thing, by its best writing.
    """
    query = fold(text.strip())
    if not query or len(query) > LONGEST:
        return ()
    index, wanted = _index(district), frozenset(kinds)
    best: dict[int, tuple[float, Why, str]] = {}

    def offer(position: int, score: float, why: Why, shown: str) -> None:
        if index.entries[position].kind in wanted and score > best.get(position, (0.0,))[0]:
            best[position] = (score, why, shown)

    sound = readings(query)[0]
    for form, why, shown, position in index.forms:
        asked = query if why in ("zh", "en") else sound
        if score := _score(asked, form, why):
            offer(position, score, why, shown)
    _offer_near(index, query, sound, LIKE if not best else VERY_LIKE, offer)
    entries = index.entries
    order = sorted(best, key=lambda p: (-best[p][0] - LEAD.get(entries[p].kind, 0.0), entries[p].order, p))[:limit]
    return tuple(
        Hit(entries[p].kind, entries[p].id, entries[p].name, best[p][2], best[p][0], best[p][1]) for p in order
    )


def _score(asked: str, form: str, why: Why) -> float:
    if asked == form:
        return EXACT[why]
    at = form.find(asked)
    if at < 0 or (why in ("pinyin", "initials") and len(asked) < 2):
        return 0.0
    if why == "initials" and at > 0:
        return 0.0
    low, high = PART[why]
    # Latin letters amid a word or a syllable are chance; a beginning is meant.
    starts = at == 0 or not form[at - 1].isalnum() or why == "zh"
    if not starts and (why == "en" or len(asked) < 4):
        return 0.0
    share = len(asked) / len(form)
    return round(low + (high - low) * (share if at == 0 else 0.8 * share), 2)


def _offer_near(
    index: _Index, query: str, sound: str, least: float, offer: Callable[[int, float, Why, str], None]
) -> None:
    """Names that are spelled nearly so: a letter more, less, other or in the wrong order."""
    if len(query) < 2:
        return
    for asked, ways in ((query, ("zh", "en")), (sound, ("pinyin",))):
        for number, likeness in alike(asked, index.texts, least).items():
            _, why, shown, position = index.forms[number]
            if why in ways:
                offer(position, round(likeness * NEAR, 2), "near", shown)
