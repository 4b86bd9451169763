"""The commands that read: ``match``, ``evaluate``, ``locate``; `gm_map.cli` puts them beside the others."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from gm_map import district
from gm_map.console import Progress, print_json, print_table
from gm_map.errors import InputError
from gm_map.messages import Messages
from gm_map.model import Level, Status, Text

__all__ = ["add"]

Run = Callable[[argparse.Namespace, Messages], int]
CALLED_OFF = 130  # what a shell expects of a program that was interrupted


def add(command: Callable[[str, Run, str], argparse.ArgumentParser], t: Messages) -> None:
    """Add the commands.

    Parameters
    ----------
    command : callable
        Makes a command of a name, what runs it, and what it does in words.
    t : Messages
    """
    match = command("match", _match, t("cli.match"))
    match.add_argument("text", nargs="?", metavar="TEXT", help=t("cli.match_text"))
    match.add_argument("--json", action="store_true", help=t("cli.json"))
    match.add_argument("--input", metavar="FILE", help=t("cli.input"))
    match.add_argument("--output", metavar="FILE", help=t("cli.output"))
    match.add_argument("--text-column", metavar="NAME", help=t("cli.text_column"))
    match.add_argument("--weights", metavar="PRESET", help=t("cli.weights"))
    evaluate = command("evaluate", _evaluate, t("cli.evaluate"))
    evaluate.add_argument("labelled", metavar="FILE.csv", help=t("cli.labelled"))
    evaluate.add_argument("--json", action="store_true", help=t("cli.json"))
    locate = command("locate", _locate, t("cli.locate"))
    locate.add_argument("--input", required=True, metavar="FILE.csv", help=t("cli.input"))
    locate.add_argument("--output", required=True, metavar="FILE.csv", help=t("cli.output"))
    locate.add_argument("--datum", default="wgs84", metavar="wgs84|gcj02|bd09|auto", help=t("cli.datum"))
    locate.add_argument("--longitude", metavar="NAME", help=t("cli.longitude"))
    locate.add_argument("--latitude", metavar="NAME", help=t("cli.latitude"))
    locate.add_argument("--names", action="store_true", help=t("cli.names"))


# One text, or a table


def _match(options: argparse.Namespace, t: Messages) -> int:
    if options.input or options.output:
        if options.text is not None or not (options.input and options.output):
            raise InputError(t("cli.match_either"))
        return _match_file(options, t)
    if options.text is None:
        raise InputError(t("cli.match_either"))
    if not options.text.strip():
        raise InputError(t("cli.match_empty"))
    from gm_map import needs
    from gm_map.match import rank
    from gm_map.reader.reader import reader

    ours = district.load()
    # An argument of the shell may hold bytes that are no text; they have no meaning to lose.
    text = options.text.encode("utf-8", "replace").decode("utf-8")
    read = reader().read(text)
    asked = needs.extract(text)
    found = rank(ours, read.readings, asked, options.weights, status=read.status)
    if options.json:
        return print_json(_told(read, found, asked, ours, t.language))
    _print(read, found, asked, ours, t)
    return 0


def _named(ours, id_: str | None, language: str) -> str | None:
    return None if id_ is None else ours.catalogue.node(id_).name.of(language)


def _told(read, found, asked, ours, language: str) -> dict:
    """The answer as one value for JSON."""
    catalogue = ours.catalogue
    readings = []
    for reading in read.readings:
        path = catalogue.path(reading.topic_id) if reading.topic_id else (None, None, None)
        industry, field, topic = (_named(ours, id_, language) for id_ in path)
        readings.append(
            {
                "topic": topic,
                "field": field,
                "industry": industry,
                "topic_id": reading.topic_id,
                "confidence": reading.confidence,
                "score": reading.score,
                "base": reading.base,
                "terms": [
                    {"term": m.term, "start": m.start, "end": m.end, "weight": m.weight} for m in reading.mentions
                ],
            }
        )
    places = []
    for place in found.places:
        told = _plain(place, language)
        told["parts"] = [{"name": part.pop("key"), **part} for part in told["parts"]]
        places.append({"id": place.id, "level": str(place.level), "name": _named(ours, place.id, language), **told})
    return {
        "status": str(read.status),
        "between": [one["topic"] or str(Status.NONE) for one in readings[:2]] if read.status == Status.UNSURE else [],
        "readings": readings,
        "outcome": str(found.outcome),
        "placing": _plain(found.placing, language),
        "links": _plain(found.links, language),
        "places": places,
        "needs": {**_plain(asked, language), "keys": list(asked.keys)},
        "weights": dict(found.weights),
        "data": ours.version,
    }


def _plain(value: object, language: str) -> object:
    """A frozen value as JSON has it; names in one language."""
    if isinstance(value, Text):
        return value.of(language)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), language) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(one, language) for one in value]
    return value


def _print(read, found, asked, ours, t: Messages) -> None:
    catalogue, language = ours.catalogue, t.language
    print(t(f"match.status_{read.status}"))
    for reading in read.readings:
        path = [_named(ours, id_, language) for id_ in catalogue.path(reading.topic_id)] if reading.topic_id else []
        print(f"  {reading.confidence:4.0%}  {' › '.join(path) or t('match.status_none')}")
        spoke = [f"{m.term} {m.weight:+.2f}" for m in reading.mentions if m.weight > 0 and len(m.term.strip()) > 1][:5]
        if spoke:
            print(f"        {' · '.join(spoke)}")
    if asked.keys:
        print(t("cli.match_needs", needs=t("cli.comma").join(t(f"match.need_{key}") for key in asked.keys)))
    for level in (Level.ZONE, Level.CLUSTER, Level.UNIT):
        for place in found.at(level)[:3]:
            basis = place.parts[0].citation
            cited = f"  {basis.section}：{basis.phrase}" if basis else ""
            tied = t("cli.match_tied") if place.tied and place.rank > 1 else ""
            print(f"  {t(f'level.{level}')}  {_named(ours, place.id, language)}  {place.score:g}{cited}{tied}")
    if not found.places and found.links:
        link = found.links[0].citation
        print(t("cli.no_place", section=link.section, phrase=link.phrase))
    print(t("cli.indicative"))


def _match_file(options: argparse.Namespace, t: Messages) -> int:
    from gm_map.batch import match_file
    from gm_map.reader.evidence import version
    from gm_map.reader.reader import reader

    ours, reads = district.load(), reader()
    progress = Progress(t)

    def method(report):
        return _method(report, options, ours.version, version(), reads.weights.limits, t)

    try:
        report = match_file(
            options.input,
            options.output,
            reads,
            ours,
            chosen={"text": options.text_column} if options.text_column else None,
            weights=options.weights,
            language=t.language,
            words=lambda problem: _problem(problem, t),
            sheets=(t("method.results"), t("method.title")),
            method=method,
            progress=progress,
        )
    except KeyboardInterrupt:
        progress.end()
        print(t("cli.called_off", file=options.output), file=sys.stderr)
        return CALLED_OFF
    progress.end()
    columns = report.columns
    print(t("cli.match_column", column=columns.text), file=sys.stderr)
    if columns.guessed:
        print(t("cli.match_guessed"), file=sys.stderr)
    counts = t("cli.comma").join(
        f"{t(f'match.status_{status}')} {count:,}" for status, count in report.by_status.items()
    )
    print(t("cli.match_done", rows=f"{report.rows:,}", counts=counts, problems=f"{report.problems:,}"))
    return 0


def _problem(problem: str, t: Messages) -> str:
    """A problem in words; what stands behind a colon is of the file, and stays."""
    kind, colon, cells = problem.partition(": ")
    return f"{t(f'problem.{kind}')}{colon}{cells}"


def _method(report, options, data: str, fitted: str, limits: Iterable[float], t: Messages) -> list[tuple[str, object]]:
    none, sure, lead = (f"{limit:g}" for limit in limits)
    return [
        (t("method.source"), Path(options.input).name),
        (t("method.format"), " ".join(filter(None, (report.format, report.encoding)))),
        (t("method.date"), date.today().isoformat()),
        (t("method.rows"), report.rows),
        *((t(f"match.status_{status}"), count) for status, count in report.by_status.items()),
        (t("method.problems"), report.problems),
        (t("method.column"), report.columns.text),
        (t("method.data"), data),
        (t("method.reader"), fitted),
        (t("method.weights"), options.weights or "balanced"),
        (t("method.how"), t("method.how_text", none=none, sure=sure, lead=lead)),
        (t("method.places"), t("method.places_text")),
        (t("method.outlines"), t("cli.indicative")),
    ]


# Labelled texts


def _evaluate(options: argparse.Namespace, t: Messages) -> int:
    from gm_map import evaluate

    rows = _labelled(options.labelled, evaluate.NEEDED)
    ours = district.load()
    truth = evaluate.labels(rows, ours.catalogue, options.labelled)
    figures = evaluate.measure(truth, _said([row["text"] for row in rows], ours))
    if options.json:
        return print_json(figures)
    kinds = {t("cli.all"): figures, **figures["by_kind"]}
    body = [
        [name, *("–" if kind[name] is None else f"{kind[name]:g}" for kind in kinds.values())]
        for name in evaluate.FIGURES
    ]
    print_table([["", *kinds], *body], numbers=range(1, len(kinds) + 1))
    print(t("cli.calibration", error=figures["calibration"]["error"]))
    return 0


def _labelled(name: str, needed: Sequence[str]) -> list[dict[str, str]]:
    from gm_map.uploads import ON_DISK, read_table

    with read_table(name, limits=ON_DISK) as opened:
        lost = [column for column in needed if column not in opened.names]
        if lost:
            raise InputError(
                f"{name}: found columns {', '.join(opened.names)}, wanted {', '.join(needed)}; name them so"
            )
        return [row for frame, _ in opened.pieces for row in frame.iter_rows(named=True)]


def _said(texts: Sequence[str], ours) -> list:
    """What is said of each text, as a table of them would have it."""
    import polars as pl

    from gm_map.batch import answers, clusters_in_order
    from gm_map.evaluate import Said
    from gm_map.reader.reader import reader
    from gm_map.uploads import readable

    reads = reader()
    readings = answers(readable(pl.DataFrame({"text": texts}), "text")[0], reads, ours)
    found = []
    for at, status in enumerate(readings.status.tolist()):
        topics = [reads.classes[number] for number in readings.topics[at].tolist()]
        none = status == Status.NONE
        path = (None, None, None) if none or topics[0] is None else ours.catalogue.path(topics[0])
        placing = readings.placing(at)
        clusters = () if none else clusters_in_order(topics, placing, ours)
        confidence = float(readings.confidence[at]) if texts[at] else 0.0
        found.append(Said(Status(status), *path, clusters, placing.zone_id, confidence))
    return found


# Points


def _locate(options: argparse.Namespace, t: Messages) -> int:
    from gm_map.points import locate_file

    progress = Progress(t)
    try:
        report = locate_file(
            district.load(),
            options.input,
            options.output,
            options.datum,
            longitude=options.longitude,
            latitude=options.latitude,
            language=t.language if options.names else None,
            progress=progress,
        )
    except KeyboardInterrupt:
        progress.end()
        print(t("cli.called_off", file=options.output), file=sys.stderr)
        return CALLED_OFF
    progress.end()
    done = {name: f"{getattr(report, name):,}" for name in ("rows", "in_units", "problems")}
    print(t("cli.locate_done", **done, longitude=report.longitude, latitude=report.latitude, datum=report.datum))
    if report.guess is not None:
        print(t("cli.locate_guess" if report.guess.told else "cli.locate_assumed"))
    return 0
