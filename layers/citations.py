"""Citations that open the plan's sentence, where its text is at hand; quiet text where it is not."""

from gm_map import plan_text
from gm_map.model import Citation
from layers.door import markdown

__all__ = ["address", "linked", "paragraphs", "said"]


def paragraphs(section, numbers) -> tuple[Citation, ...]:
    """Whole paragraphs as citations, for what is cited by paragraphs and not by one phrase."""
    return tuple(Citation(section, number, plan_text.WHOLE, "") for number in numbers)


def address(citation) -> str:
    """What the link to a citation says: 411-2, or 411 for a whole paragraph."""
    return "-".join(str(number) for number in (citation.paragraph, citation.sentence) if number != plan_text.WHOLE)


def said(cites, catalogue) -> str | None:
    """The sentences of citations, each once, a line each; None where the plan's text is not at hand.

    Parameters
    ----------
    cites : iterable of Citation
    catalogue : Catalogue
    """
    text = plan_text.shelf(catalogue).text
    if text is None:
        return None
    return "\n".join(dict.fromkeys(filter(None, map(text.sentence, cites)))) or None


def linked(label, cites, catalogue) -> str:
    """A citation as Markdown: small quiet text, or links by section that carry their sentences.

    Parameters
    ----------
    label : str
        What stands there; sections, parted by blanks, become a link each.
    cites : iterable of Citation
    catalogue : Catalogue
    """
    sections = {}
    for cite in cites:
        sections.setdefault(cite.section, []).append(cite)
    if label != " ".join(sections):
        sections = {label: [cite for found in sections.values() for cite in found]}
    return " ".join(_link(name, found, catalogue) for name, found in sections.items())


def _link(name, cites, catalogue):
    sentences = said(cites, catalogue)
    if sentences is None:
        return f":small[:gray[{markdown(name)}]]"
    # Inside a link's title every sign that could end it, or mean something, is behind a backslash: it stands as it is.
    return f'[{markdown(name)}](plan?c={address(cites[0])} "{markdown(sentences)}")'
