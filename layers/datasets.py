"""What the map is made of, in words: the list, one of it, the sources, the changes, the fields."""

from gm_map import history
from gm_map.datasets import GROUPS
from gm_map.model import BACKGROUND_FILE, LEVEL_FILES
from layers import figures

__all__ = [
    *("change_lines", "changelog", "counted", "facts", "field_table", "licence_name", "licences", "methods", "size"),
    *("source_table", "table", "uncertainty"),
]

MOST_NAMED = 8
# Words that stand in the files, and the sentences that say what they oblige to.
LICENCES = {
    "ODbL 1.0": "odbl",
    "odbl": "odbl",
    "single facts, cited": "facts",
    "facts": "facts",
    "not stated": "plan",
    "plan": "plan",
    "own": "own",
    "terms": "terms",
    "opencc": "opencc",
    "ofl": "ofl",
    "bsd": "bsd",
}


def table(sets, district, messages, selected=None, group=None) -> dict:
    """The list; see `views.parts.table`. A row's id is that of the dataset.

    Parameters
    ----------
    sets : sequence of gm_map.datasets.Dataset
    district : District
    messages : Messages
    selected : str, optional
    group : str, optional
        Only those of a group.
    """
    t = messages
    rows = []
    for one in sorted(sets, key=lambda one: GROUPS.index(one.group)):
        if group not in (None, one.group):
            continue
        rows.append(
            {
                "id": one.id,
                "cells": [
                    {"text": one.name.of(t.language), "note": t(f"data.group_{one.group}")},
                    counted(one, t),
                    {"text": methods(one, t)},
                    {"text": uncertainty(one, t)},
                    {"text": " · ".join(dict.fromkeys(licence_name(word, t) for word in one.licences))},
                    {"text": _version(one)},
                ],
            }
        )
    columns = ("name", "count", "method", "uncertainty", "licence", "version")
    widths = ("30%", "13%", "15%", "14%", "16%", "12%")
    return {
        "caption": t("data.title"),
        "columns": [
            {"label": t(f"data.{name}"), "width": width, "head": name == "name"}
            for name, width in zip(columns, widths, strict=True)
        ],
        "rows": rows,
        "selected": selected,
        "empty": t("data.nothing"),
    }


def _version(one) -> str:
    return one.version or one.digest[:6]


def counted(one, messages) -> dict:
    """How many things of which kind a dataset holds, as a cell; the main kind alone."""
    if not one.counts:
        return {"text": "–"}
    what, count = one.counts[0]
    return {"text": f"{count:,}", "note": messages(f"data.count_{what}")}


def methods(one, messages) -> str:
    """How its contents are known: one word, or words with how many each."""
    if len(one.methods) == 1:
        return messages(f"data.method_{one.methods[0][0]}")
    return " · ".join(f"{messages(f'data.method_{method}')} {count}" for method, count in one.methods)


def uncertainty(one, messages) -> str:
    """How far positions may be off, from the best known to the worst, in metres."""
    if one.uncertainty_m is None:
        return "–"
    low, high = (f"{metres:,.0f}" for metres in one.uncertainty_m)
    return f"± {low} m" if low == high else f"± {low}–{high} m"


def facts(one, district, messages) -> list[tuple[str, str]]:
    """What is said of one dataset: name and value."""
    t = messages
    every = " · ".join(f"{t(f'data.count_{what}')} {count:,}" for what, count in one.counts)
    dates = sorted({district.catalogue.sources[id_].date for id_ in one.sources} - {""})
    told = [
        (t("data.count"), every or "–"),
        (t("data.method"), methods(one, t)),
        (t("data.uncertainty"), uncertainty(one, t)),
        (t("data.date"), t("data.date_unstated") if not dates else "–".join(dict.fromkeys((dates[0], dates[-1])))),
        (t("data.files"), t("card.list_mark").join(one.files)),
        (t("data.size"), size(one.bytes)),
        (t("data.sha256"), one.digest + "…"),
    ]
    if one.version:
        told.append((t("data.version"), one.version))
    elif one.group in ("layers", "background", "facts", "geometry"):
        told.append((t("data.data_version"), district.version))
    return [(name, value) for name, value in told if value != "–"]


def size(count) -> str:
    """A size of a file.

    >>> size(845), size(38635), size(3754982)
    ('845 B', '39 kB', '3.8 MB')
    """
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def licence_name(word, messages) -> str:
    """A licence in a word or two, as the files have it where it is a name."""
    key = LICENCES.get(word)
    return word if key is None else messages(f"data.terms_{key}")


def licences(one, messages) -> list[str]:
    """What its licences oblige to, a sentence each."""
    said = [
        messages(f"data.licence_{LICENCES[word]}") if word in LICENCES else messages("data.licence_other", name=word)
        for word in one.licences
    ]
    return list(dict.fromkeys(said))


def source_table(district, messages, ids=None, words="") -> dict:
    """Sources with publisher, date, licence and the credit that must be shown; see `views.parts.table`."""
    t, language = messages, messages.language
    wanted = words.casefold().split()
    rows = []
    for source in district.catalogue.sources.values():
        title = source.title.of(language)
        note = source.note.of(language)
        told = [title, source.title.zh, source.title.en, source.publisher, source.date, source.licence, note]
        if (ids is not None and source.id not in ids) or not all(
            word in " ".join(told).casefold() or word in source.id for word in wanted
        ):
            continue
        publisher = {"text": source.publisher or "–", "note": source.date}
        licence = {"text": licence_name(source.licence, t), "note": source.attribution}
        rows.append({"id": None, "cells": [{"text": title, "note": note}, publisher, licence]})
    columns = (("source", "52%"), ("published", "24%"), ("licence_credit", "24%"))
    return {
        "caption": t("data.tab_sources"),
        "columns": [{"label": t(f"data.{name}"), "width": width, "head": not at} for at, (name, width) in
                    enumerate(columns)],
        "rows": rows,
        "empty": t("data.nothing"),
    }  # fmt: skip


def field_table(sets, messages, words="", of=None) -> dict:
    """Every field of every file, or of one dataset; see `views.parts.table`."""
    t, language = messages, messages.language
    wanted = words.casefold().split()
    rows, seen = [], set()
    for one in sets:
        if of not in (None, one.id):
            continue
        for column in one.columns:
            name = f"{column.record}/{column.name}".lstrip("/")
            file = " · ".join(LEVEL_FILES.values()) if one.level else BACKGROUND_FILE if one.kind else one.files[0]
            meaning = column.meaning.of(language)
            told = f"{file} {name} {column.type} {column.meaning.zh} {column.meaning.en}".casefold()
            key = (file, name)  # the levels have the same fields, and so have the parts of the background
            if (of is None and (key in seen or not meaning)) or not all(word in told for word in wanted):
                continue
            seen.add(key)
            must = t("data.required") if column.required else ""
            cells = [{"text": name, "note": "" if of else file}, {"text": column.type or "–"}]
            rows.append({"id": None, "cells": [*cells, {"text": must}, {"text": meaning or "–"}]})
    columns = (("field", "34%"), ("type", "16%"), ("must", "12%"), ("meaning", "38%"))
    return {
        "caption": t("data.tab_fields"),
        "columns": [{"label": t(f"data.{name}"), "width": width, "head": not at} for at, (name, width) in
                    enumerate(columns)],
        "rows": rows,
        "empty": t("data.nothing"),
    }  # fmt: skip


def changelog(district, messages) -> list[tuple[str, str, str, list[str]]]:
    """The versions, newest first: version, date, what changed in words, and what differs from the one before."""
    told = []
    versions = history.versions()
    for number, version in enumerate(versions):
        before = history.snapshots(versions[number + 1].version) if number + 1 < len(versions) else None
        kept = history.snapshots(version.version)
        if number + 1 == len(versions):
            lines = [messages("data.change_first")]
        elif kept is None or before is None:
            lines = [messages("data.change_unkept")]
        else:
            lines = change_lines(district, history.between(before, kept), messages)
        told.append((version.version, version.date, version.text.of(messages.language), lines))
    return told


def change_lines(district, change, messages) -> list[str]:
    """What differs between two versions, a sentence each."""
    catalogue, language = district.catalogue, messages.language
    mark = messages("card.list_mark")
    lines = []
    if change.areas:
        named = [
            f"{catalogue.places[id_].short.of(language) if id_ in catalogue.places else id_} "
            f"{'–' if old is None else figures.plain(old)} → {'–' if new is None else figures.plain(new)} km²"
            for id_, old, new in change.areas[:MOST_NAMED]
        ]
        more = "…" if len(change.areas) > MOST_NAMED else ""
        lines.append(messages("link.areas", count=len(change.areas), places=mark.join(named) + more))
    if change.topics:
        names = [catalogue.industries[id_].name.of(language) for id_ in change.topics if id_ in catalogue.industries]
        more = "…" if len(names) > MOST_NAMED else ""
        lines.append(messages("link.topics", count=len(change.topics), topics=mark.join(names[:MOST_NAMED]) + more))
    return lines or [messages("data.change_none")]
