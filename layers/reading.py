"""What was read in a text, as lines of plain text: the place in the industry tree, how sure, on what words."""

from dataclasses import dataclass

from gm_map.model import Status
from gm_map.reader.evidence import LEARNED, Evidence
from layers import figures

__all__ = ["ORIGINS", "Told", "confidence", "path", "told"]

ORIGINS = (
    *("plan", "trade", "gbt4754", "strategic2018", "ipc", "naer"),
    *("drugs", "device-catalogue", "ivd", "chem", "learned"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """``title`` is the answer, ``path`` what holds it in the tree; ``lines`` say what it means."""

    status: Status
    path: str
    title: str
    confidence: float
    sure: str
    lines: tuple[str, ...]
    others: tuple[str, ...]


def path(catalogue, topic_id, messages) -> tuple[str, str]:
    """What holds a topic in the industry tree, and its name; a field that is its own topic is said once."""
    names = [catalogue.industries[node].name.of(messages.language) for node in catalogue.path(topic_id)]
    return " › ".join(dict.fromkeys(names[:-1])), names[-1]


def confidence(value) -> str:
    """A probability as people read it: nothing is certain, and nothing is impossible.

    >>> confidence(0.9996), confidence(0.664), confidence(0.001)
    ('> 99 %', '66 %', '< 1 %')
    """
    return "> 99 %" if value > 0.99 else "< 1 %" if value < 0.01 else f"{value * 100:.0f} %"


def told(read, catalogue, evidence: Evidence, limits, messages) -> Told:
    """The answer to a text.

    Parameters
    ----------
    read : Read
    catalogue : Catalogue
    evidence : Evidence
        Of its first reading.
    limits : sequence of float
        Of the reader; the last two are the confidence from which a match is sure, and the lead that makes up for less.
    messages : Messages
    """
    first, *rest = read.readings
    *_, least, lead = (f"{limit * 100:.0f} %" for limit in limits)
    if read.status == Status.NONE:
        above, title = "", messages("match.none_title")
        spoke = sorted((row for row in evidence.rows if row.weight > 0), key=lambda row: row.origin == LEARNED)
        words = [row.term for row in spoke][:3]
        lines = [
            messages("match.none_why", words=messages("card.list_mark").join(words))
            if words
            else messages("match.none_thin")
        ]
        nearest = next((reading for reading in rest if reading.topic_id), None)
        if nearest:
            name = path(catalogue, nearest.topic_id, messages)[1]
            lines.append(messages("match.none_near", name=name, share=confidence(nearest.confidence)))
    elif read.status == Status.UNSURE:
        above, title = path(catalogue, first.topic_id, messages)
        lines = [messages("match.unsure_why", least=least, lead=lead)]
    else:
        above, title = path(catalogue, first.topic_id, messages)
        lines = []
    return Told(
        read.status,
        above,
        title,
        first.confidence,
        messages("match.sure", share=confidence(first.confidence)),
        tuple(lines),
        tuple(_other(catalogue, first, reading, messages) for reading in rest),
    )


def _other(catalogue, first, reading, messages):
    """A further reading, and how far behind it stands."""
    name = path(catalogue, reading.topic_id, messages)[1] if reading.topic_id else messages("match.none_name")
    return messages(
        "match.other",
        name=name,
        share=confidence(reading.confidence),
        score=figures.signed(reading.score),
        behind=f"{first.score - reading.score:.2f}",
    )
