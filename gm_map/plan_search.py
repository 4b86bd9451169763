"""One search over all that the plan holds beside the map: indicators, tasks, measures, glossary, oddities."""

from collections.abc import Iterable, Iterator

from gm_map.catalogue import Catalogue
from gm_map.names import fold, readings

__all__ = ["counts", "find"]

LEAST_SOUND = 3  # letters of pinyin below which a sound would fit anything


def counts(catalogue: Catalogue) -> dict[str, int]:
    """How many things there are of each kind."""
    return {kind: len(list(entries)) for kind, entries in _entries(catalogue).items()}


def find(catalogue: Catalogue, words: str) -> dict[str, frozenset[str]]:
    """Ids, by kind, of what holds all of the words.

    Parameters
    ----------
    catalogue : Catalogue
    words : str
        Blanks part them. A word is found as it is written (case, width and Traditional forms aside), in either
        language; a word of Latin letters is found in the sound of a title too.

    Returns
    -------
    dict
        ``indicators``, ``roadmaps``, ``programmes`` (policies among them), ``glossary``, ``oddities``.
    """
    asked = [fold(word) for word in words.split()]
    asked = [word for word in asked if word]
    return {
        kind: frozenset(id_ for id_, title, text in entries if all(_holds(word, title, text) for word in asked))
        for kind, entries in _entries(catalogue).items()
    }


def _holds(word: str, title: str, text: str) -> bool:
    if word in fold(text):
        return True
    return word.isascii() and len(word) >= LEAST_SOUND and any(word in sound for sound in readings(title))


def _entries(catalogue: Catalogue) -> dict[str, Iterable[tuple[str, str, str]]]:
    """Id, title and everything written, of each thing."""
    return {
        "indicators": [
            (one.id, one.name.zh, _text(one.name, one.category, one.unit, one.note, one.citation.section))
            for one in catalogue.indicators.values()
        ],
        "roadmaps": list(_tasks(catalogue, catalogue.roadmaps.values())),
        "programmes": [
            *_tasks(catalogue, catalogue.programmes.values()),
            *(
                (measure.id, policy.name.zh, _text(policy.name, measure.gist, measure.citation.section))
                for policy in catalogue.policies.values()
                for measure in policy.tasks
            ),
        ],
        "glossary": [
            (one.id, one.term.zh, _text(one.term, one.gist, *one.aliases)) for one in catalogue.glossary.values()
        ],
        "oddities": [(one.id, "", _text(one.text, one.section)) for one in catalogue.oddities.values()],
    }


def _tasks(catalogue: Catalogue, boxes) -> Iterator[tuple[str, str, str]]:
    for box in boxes:
        for phase, tasks in box.groups:
            for task in tasks:
                named = [catalogue.node(id_).name for id_ in (*task.topic_ids, *task.place_ids)]
                texts = (task.name, task.gist, box.name, *([phase] if phase else []), *named, task.citation.section)
                yield task.id, task.name.zh, _text(*texts)


def _text(*pieces) -> str:
    return " ".join(piece if isinstance(piece, str) else f"{piece.zh} {piece.en}" for piece in pieces)
