"""The plan's own text, where whoever runs the app has it at hand: each citation can then show its sentence.

The text is no part of the project. The setting ``GM_MAP_PLAN`` names a file with one paragraph a line, in UTF-8 or
GB18030, in the edition that the catalogue cites: a file in which a cited phrase does not stand in its sentence is
refused, because every citation of another edition would point at the wrong words.
"""

import logging
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from gm_map.catalogue import Catalogue
from gm_map.encodings import decoded, encoding_of
from gm_map.errors import InputError
from gm_map.model import Citation

__all__ = ["SETTING", "PlanText", "Shelf", "citations", "read", "shelf"]

SETTING = "GM_MAP_PLAN"  # environment: path of the plan's text
MOST_BYTES = 4_000_000  # the plan has a twentieth of it
LONGEST = 600  # characters shown of a sentence or a paragraph
WHOLE = 0  # as the number of a sentence: all of its paragraph
# A sentence ends with one of these two; a heading or a cell of a table is one sentence.
_SENTENCE = re.compile("[^\u3002\uff01]*[\u3002\uff01]|[^\u3002\uff01]+$")


@dataclass(frozen=True, slots=True)
class PlanText:
    """The paragraphs of the plan, in order."""

    paragraphs: tuple[str, ...]

    def at(self, paragraph: int, sentence: int = WHOLE) -> str | None:
        """A sentence by its numbers (both from 1; sentence 0 is the paragraph); None where there is none.

        What is longer than `LONGEST` ends in an ellipsis.
        """
        if not 1 <= paragraph <= len(self.paragraphs):
            return None
        line = self.paragraphs[paragraph - 1]
        found = [line] if sentence == WHOLE else _SENTENCE.findall(line)[max(sentence - 1, 0) : max(sentence, 0)]
        text = " ".join("".join(found).split())
        return f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}" if len(text) > LONGEST else text or None

    def sentence(self, citation: Citation) -> str | None:
        """The sentence that a citation points at; None where its phrase does not stand in it."""
        return self.at(citation.paragraph, citation.sentence) if self.holds(citation) else None

    def holds(self, citation: Citation) -> bool:
        """Whether the phrase of a citation stands in its sentence, letter for letter."""
        if not 1 <= citation.paragraph <= len(self.paragraphs) or citation.sentence < WHOLE:
            return False
        line = self.paragraphs[citation.paragraph - 1]
        if citation.sentence == WHOLE:
            return bool(line.strip()) and citation.phrase in line
        parts = _SENTENCE.findall(line)
        return citation.sentence <= len(parts) and citation.phrase in parts[citation.sentence - 1]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What became of the setting: the text, or why it was refused; neither where nothing is set."""

    text: PlanText | None = None
    refused: str = ""


def citations(catalogue: Catalogue) -> Iterator[Citation]:
    """Every citation of a catalogue."""

    def walk(value):
        if isinstance(value, Citation):
            yield value
        elif is_dataclass(value) and not isinstance(value, type):
            for one in fields(value):
                yield from walk(getattr(value, one.name))
        elif isinstance(value, Mapping):
            for one in value.values():
                yield from walk(one)
        elif isinstance(value, tuple):
            for one in value:
                yield from walk(one)

    return walk(catalogue)


def read(path: Path | str, catalogue: Catalogue) -> PlanText:
    """Read the plan's text and hold every citation against it.

    Parameters
    ----------
    path : path-like
    catalogue : Catalogue

    Raises
    ------
    InputError
        Where the file is missing, too large or no text, or is another edition: one sentence.
    """
    path = Path(path).expanduser()
    try:
        size = path.stat().st_size
        if not path.is_file() or size > MOST_BYTES:
            raise InputError(f"{path.name}: wanted a file of text of at most {MOST_BYTES:,} bytes")
        file = BytesIO(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from error
    text = decoded(file, encoding_of(file, path.name)).read()
    found = PlanText(tuple(line.rstrip("\r") for line in text.split("\n")))
    cited = set(citations(catalogue))
    wrong = sorted(
        (one for one in cited if not found.holds(one)), key=lambda one: (one.paragraph, one.sentence, one.phrase)
    )
    if wrong:
        first = wrong[0]
        raise InputError(
            f"{path.name}: {len(wrong):,} of {len(cited):,} cited phrases do not stand where they are cited, first "
            f"“{first.phrase}” in line {first.paragraph}, sentence {first.sentence}; it is another edition of the plan"
        )
    return found


def shelf(catalogue: Catalogue, environment: Mapping[str, str] = os.environ) -> Shelf:
    """The text that the setting names, read once a process; a refusal is written to the log, once too."""
    return _shelf(environment.get(SETTING, "").strip(), catalogue)


@lru_cache(maxsize=4)
def _shelf(path: str, catalogue: Catalogue) -> Shelf:
    if not path:
        return Shelf()
    try:
        return Shelf(read(path, catalogue))
    except InputError as error:
        logging.getLogger(__name__).warning("%s: %s; citations stay without their sentences", SETTING, error)
        return Shelf(refused=str(error))
