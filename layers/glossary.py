"""Words that explain themselves: a text in which the plan's glossary terms are links, each with its explanation."""

import re
from functools import lru_cache

from layers.door import markdown

__all__ = ["explained"]

LEAST = 2  # characters; a shorter term would be found inside other words
# Inside a link's title, a quotation mark or a backslash would end it.
_TITLE = re.compile(r'[\\"<>\[\]()`*_]')


@lru_cache(maxsize=8)
def _terms(catalogue, language):
    """The pattern of every term and second name of a language, longest first, and what each leads to."""
    found = {}
    for entry in catalogue.glossary.values():
        names = (entry.term.zh, *entry.aliases) if language == "zh" else (entry.term.en, *entry.aliases)
        for name in names:
            if len(name) >= LEAST:
                found.setdefault(name.casefold(), entry)
    words = sorted(found, key=len, reverse=True)
    # Latin terms are whole words; Chinese has no gaps between words.
    parts = [
        rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])"
        if word[0].isascii() and word[-1].isascii()
        else re.escape(word)
        for word in words
    ]
    return re.compile("|".join(parts), re.IGNORECASE), found


def explained(text, catalogue, messages, seen=None) -> str:
    """A text as Markdown in which the first use of each glossary term is a link to its explanation.

    Parameters
    ----------
    text : str
        Any text; all of it passes the door.
    catalogue : Catalogue
    messages : Messages
    seen : set of str, optional
        Ids of the terms explained before on the same page; those found are added.
    """
    pattern, terms = _terms(catalogue, messages.language)
    seen = set() if seen is None else seen
    text = " ".join(str(text).split())
    pieces, at = [], 0
    for found in pattern.finditer(text):
        entry = terms[found.group().casefold()]
        if entry.id in seen:
            continue
        seen.add(entry.id)
        title = _TITLE.sub(" ", f"{entry.gist.of(messages.language)} ({entry.citation.section})")
        pieces += [_between(text[at : found.start()]), f'[{markdown(found.group())}](plan?g={entry.id} "{title}")']
        at = found.end()
    return "".join(pieces) + _between(text[at:])


def _between(text) -> str:
    """What stands around a link, with the blanks at its ends that the door would take."""
    if not text.strip():
        return " " if text else ""
    return (" " if text[0] == " " else "") + markdown(text) + (" " if text[-1] == " " else "")
