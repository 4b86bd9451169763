"""The map as one file: everything it needs is inside, and opening it asks the network for nothing."""

from functools import cache
from pathlib import Path

from gm_map.messages import Messages
from gm_map.model import Rank
from layers import cards, compose, door

__all__ = ["page", "write"]

_STATIC = Path(__file__).resolve().parent.parent / "static"
_STYLES = ("leaflet/leaflet.css", "map/gm-map.css", "map/gm-page.css")
# The browser itself refuses whatever the page might still ask for.
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
_SCRIPTS = ("leaflet/leaflet.js", "map/gm-map.js", "map/gm-finder.js", "map/gm-page.js")


def write(district, path, language="zh") -> Path:
    """Write the self-contained page.

    Parameters
    ----------
    district : District
    path : path-like
        Replaced if it is there.
    language : {"zh", "en"}

    Returns
    -------
    Path
        Where it was written.
    """
    path = Path(path)
    path.write_text(page(district, Messages(language)), encoding="utf-8", newline="\n")
    return path


def page(district, messages, *, state=None, beside=(), dossiers=None) -> str:
    """The page as text.

    The assets are the project's own files and go in as they are; every text of the data passes the door, once as
    literals in the map's script and once as the literal that the page reads.

    Parameters
    ----------
    district : District
    messages : Messages
        Sets the language.
    state : mapping, optional
        What the page shows when it is opened: ``topics``, ``places``, ``mode``, ``lit`` (None: all), ``reasons``,
        ``selected``. By default all places, none chosen.
    beside : sequence of (text, address)
        Files that lie beside the page, named in its head.
    dossiers : mapping of str to str, optional
        Addresses of the dossiers that lie beside the page, by place: its card leads there.
    """
    told = compose.scene(district, messages)
    facts = {
        "title": messages("app.title"),
        "words": messages.section("page") | {"language": messages.language},
        "finder": told["finder"],
        "legend": told["legend"],
        "style": told["style"],
        "element": told["element"],
        "cards": {place: _card(district, place, messages) for place in district.catalogue.places},
        "overview": [_section(section) for section in cards.overview(district, messages)],
        "names": _names(district.catalogue, messages),
        "note": messages("page.note", version=district.version),
        "state": state,
        "beside": [list(one) for one in beside],
        "dossiers": dossiers or {},
    }
    styles = "\n".join(f"<style>\n{_asset(name)}\n</style>" for name in _STYLES)
    scripts = "\n".join(f"<script>\n{_asset(name)}\n</script>" for name in _SCRIPTS)
    language = "en" if messages.language == "en" else "zh-Hans"
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{door.html(messages("app.title"))}</title>
{styles}
</head>
<body class="gm-page">
<main id="gm-page"></main>
<noscript>{door.html(messages("page.noscript"))}</noscript>
{scripts}
<script>
gm.page(document.getElementById("gm-page"), {door.literal(facts)}, function (L, gm) {{
{told["script"]}
}});
</script>
</body>
</html>
"""


@cache
def _asset(name) -> str:
    text = (_STATIC / name).read_text(encoding="utf-8")
    if "</script" in text or "</style" in text:
        raise ValueError(f"static/{name} would end the element that holds it")
    return text


def _card(district, place_id, messages) -> dict:
    shown = cards.card(district, place_id, messages)
    return {
        "crumb": shown.crumb,
        "title": shown.title,
        "subtitle": shown.subtitle,
        "figures": [list(figure) for figure in shown.figures],
        "standings": [[str(standing), messages(f"standing.{standing}"), what] for standing, what in shown.standings],
        "sections": [_section(section) for section in shown.sections],
        "parents": [list(parent) for parent in shown.parents],
    }


def _section(section) -> dict:
    lines = [{"text": line.text, "cite": line.citation, "quiet": line.quiet} for line in section.lines]
    return {"title": section.title, "joined": section.joined, "lines": lines}


def _names(catalogue, messages) -> list[dict]:
    """What the page's own search looks through: places, topics, fields and terms, in both languages."""
    names = [
        {
            "key": place.id,
            "kind": messages(f"level.{place.level}"),
            "zh": place.name.zh,
            "en": place.name.en,
            "place": place.id,
            "topics": [],
        }
        for place in catalogue.places.values()
    ]
    names.extend(
        {
            "key": node.id,
            "kind": messages(f"rank.{node.rank}"),
            "zh": node.name.zh,
            "en": node.name.en,
            "place": None,
            "topics": list(catalogue.topics_of(node.id)),
        }
        for node in catalogue.industries.values()
        if node.rank != Rank.INDUSTRY
    )
    names.extend(
        {
            "key": term.id,
            "kind": messages("rank.term"),
            "zh": term.name.zh,
            "en": term.name.en,
            "place": None,
            "topics": [term.topic_id],
        }
        for term in catalogue.terms.values()
    )
    return names
