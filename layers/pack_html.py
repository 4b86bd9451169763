"""A dossier as one web page without script, for a pack that is opened with no network; it prints on A4."""

from pathlib import Path

from layers import door, dossiers, picture

__all__ = ["dossier"]

# The browser itself refuses whatever the page might still ask for.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_CSS = Path(__file__).resolve().parent.parent / "static" / "map" / "gm-note.css"


def dossier(district, id_, messages, *, date="", up="", beside=()) -> str:
    """The dossier of a place or of a node of the industry tree.

    Parameters
    ----------
    district : District
    id_ : str
    messages : Messages
        Sets the language.
    date : str
        As it is to stand on the page.
    up : str
        Relative address of the page that leads here; without it there is no way back.
    beside : collection of str
        Ids whose dossiers lie in the same folder: names of such places become links.
    """
    told, t = door.html, messages
    shown = dossiers.page(district, id_, messages)
    places = district.catalogue.places
    lit = places if shown.lit is None else shown.lit
    figures = " · ".join(f"{told(name)} <b>{told(value)}</b>" for name, value in shown.figures)
    standings = " · ".join(f"{told(what)} {told(t(f'standing.{standing}'))}" for standing, what in shown.standings)
    related = " · ".join(
        f'<a href="{other}.html">{told(name)}</a>' if other in beside else told(name) for other, name in shown.related
    )
    back = f'<p class="quiet"><a href="{told(up)}">{told(t("take.pack_back"))}</a></p>' if up else ""
    foot = [t("match.note_indicative"), t("app.footer", version=district.version), date]
    language = "en" if messages.language == "en" else "zh-Hans"
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{told(shown.title)}</title>
<style>{_CSS.read_text(encoding="utf-8")}
@media (max-width: 760px) {{ body {{ width: auto; padding: 4mm; }} .two {{ grid-template-columns: 1fr; }} }}</style>
</head>
<body>
<header><h1>{told(shown.title)}</h1><span class="quiet">{told(t("app.indicative"))}</span></header>
{back}<p class="quiet">{told(shown.crumb)} · {told(shown.subtitle)}</p>
<div class="two">
<div>
<p>{figures}</p>
<p class="quiet">{standings}</p>
{"".join(_section(section) for section in shown.sections[:2])}
</div>
<div>{picture.svg(district, lit, shown.selected, messages)}</div>
</div>
{"".join(_section(section) for section in shown.sections[2:])}
<h2>{told(t("take.pack_related"))}</h2>
<p>{related}</p>
<footer class="quiet">{"".join(f"<p>{told(line)}</p>" for line in foot if line)}</footer>
</body>
</html>
"""


def _section(section) -> str:
    told = door.html
    lines = [(told(line.text), told(line.citation), line.quiet) for line in section.lines]
    if section.joined:
        body = " · ".join(f'{text} <span class="quiet">{cite}</span>' if cite else text for text, cite, _ in lines)
        return f"<h2>{told(section.title)}</h2>\n<p>{body}</p>\n"
    body = "\n".join(
        f'<p{" class=quiet" if quiet else ""}>{text} <span class="quiet">{cite}</span></p>'
        for text, cite, quiet in lines
    )
    return f"<h2>{told(section.title)}</h2>\n{body}\n"
