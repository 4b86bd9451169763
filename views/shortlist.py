"""The shortlist, which a person's browser keeps: a button beside a place, and the list on the page that compares."""

import re

from views import parts

__all__ = ["MOST", "button", "read", "told"]

MOST = 4  # places side by side
LONGEST_NOTE = 1000
_ID = re.compile(r"(corridor|zone|cluster|unit)-\d{1,2}")


def button(place_id, t, key="keep", dossier=False):
    """Keep a place, or let it go; with a link to those that are kept, and to the place's dossier if asked for.

    The links load the page anew: that is one step in the browser's history, where switching pages makes two.
    """
    words = {name: t(f"compare.{name}") for name in ("keep", "kept")}
    words["list"] = t("compare.list", count="{count}")
    language = "" if t.language == "zh" else f"lang={t.language}"
    links = {"list": f"compare?{language}".rstrip("?")}
    if dossier:
        words["dossier"] = t("card.dossier")
        links["dossier"] = "dossier?" + "&".join(filter(None, (f"id={place_id}", language)))
    parts.keep({"id": place_id, "words": words, "links": links}, key)


def told(raw, catalogue):
    """What the browser said, taken with care: ids that exist, notes that are short; (chosen, notes by id)."""
    raw = raw or {}
    chosen = [id_ for id_ in raw.get("chosen", []) if isinstance(id_, str) and id_ in catalogue.places]
    notes = {}
    for item in raw.get("items", []):
        if isinstance(item, dict) and item.get("id") in catalogue.places:
            notes[item["id"]] = str(item.get("note") or "")[:LONGEST_NOTE]
    return tuple(dict.fromkeys(chosen))[:MOST], notes


def read(text, catalogue):
    """The places that a link compares, and the parts of it that stand for nothing."""
    asked = [part for part in text.split(",") if part]
    known = [part for part in asked if _ID.fullmatch(part) and part in catalogue.places]
    return tuple(dict.fromkeys(known))[:MOST], tuple(part for part in asked if part not in known)
