"""The words of the screens: ``locale/zh.po`` and ``locale/en.po``, keyed by symbols like ``explore.search``."""

from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel.messages.pofile import read_po

from gm_map.model import Said, Text

__all__ = ["LANGUAGES", "Messages"]

LANGUAGES = ("zh", "en")
LOCALE = Path(__file__).resolve().parent / "locale"


@cache
def _catalogue(language: str) -> MappingProxyType:
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; there are {', '.join(LANGUAGES)}")
    with (LOCALE / f"{language}.po").open("rb") as file:
        entries = read_po(file, locale=language, abort_invalid=True)
    return MappingProxyType({entry.id: entry.string for entry in entries if entry.id})


class Messages:
    """The messages of one language, called with a key and the values of its placeholders.

    >>> Messages("en")("level.zone")
    'zone'

    Parameters
    ----------
    language : str
        ``"zh"`` or ``"en"``; ValueError for any other.
    """

    __slots__ = ("_messages", "language")

    def __init__(self, language: str):
        self.language = language
        self._messages = _catalogue(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The message, its ``{placeholders}`` filled; KeyError if the key or a value of it is missing.

        A value that holds braces is put in as it is: it is filled in once and never read as a template. A `Text` is
        put in in this language, a `Said` as the message that it names, and a tuple of such as a list.
        """
        message = self._messages[key]
        if not message:
            raise KeyError(key)
        return message.format(**{name: self._told(value) for name, value in values.items()})

    def _told(self, value: object) -> object:
        if isinstance(value, Text):
            return value.of(self.language)
        if isinstance(value, Said):
            return self(value.key, **value.facts)
        if isinstance(value, tuple):
            return self("card.list_mark").join(str(self._told(one)) for one in value)
        return value

    def section(self, name: str) -> dict[str, str]:
        """The messages of one section, unfilled, by what follows its name: for a page that fills them in itself."""
        return {key[len(name) + 1 :]: text for key, text in self._messages.items() if key.startswith(f"{name}.")}

    def keys(self) -> frozenset[str]:
        """All keys of the language."""
        return frozenset(self._messages)
