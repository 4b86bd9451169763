"""The command ``export``: the map as a page, as data for other programs, or as a sheet to print."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from gm_map import district
from gm_map.answers import STEP, places_for
from gm_map.errors import InputError
from gm_map.exchange import write
from gm_map.messages import Messages
from gm_map.model import Level

__all__ = ["add"]

Run = Callable[[argparse.Namespace, Messages], int]
PAGE = "html"
SHEETS = ("pdf", "png", "svg")
FORMATS = (PAGE, *write.ENDINGS, *SHEETS)
PAPERS, ORIENTATIONS = ("A4", "A3"), ("landscape", "portrait")
# Which options a kind of format takes, beside --out and --lang.
TAKES = {"page": (), "data": ("level", "industry", "date")}
TAKES["sheet"] = ("industry", "paper", "orientation", "title", "approval", "date")
OPTIONS = tuple(dict.fromkeys(name for names in TAKES.values() for name in names))


def add(command: Callable[[str, Run, str], argparse.ArgumentParser], t: Messages) -> None:
    """Add the command.

    Parameters
    ----------
    command : callable
        Makes a command of a name, what runs it, and what it does in words.
    t : Messages
    """
    export = command("export", _export, t("cli.export"))
    export.add_argument("file", nargs="?", metavar="map.html", help=t("cli.file"))
    export.add_argument("--out", metavar="PATH", help=t("cli.out"))
    export.add_argument("--format", choices=FORMATS, default=PAGE, help=t("cli.format"))
    export.add_argument("--level", choices=[str(level) for level in Level], help=t("cli.export_level"))
    export.add_argument("--industry", metavar="NAME", help=t("cli.export_industry"))
    export.add_argument("--paper", choices=PAPERS, help=t("cli.paper"))
    export.add_argument("--orientation", choices=ORIENTATIONS, help=t("cli.orientation"))
    export.add_argument("--title", metavar="TEXT", help=t("cli.title"))
    export.add_argument("--approval", metavar="TEXT", help=t("cli.approval"))
    export.add_argument("--date", metavar="YYYY-MM-DD", help=t("cli.date"))


def _export(options: argparse.Namespace, t: Messages) -> int:
    if options.file and options.out and options.file != options.out:
        raise InputError(t("cli.two_files", one=options.file, other=options.out))
    if not (name := options.out or options.file):
        raise InputError(t("cli.no_file"))
    kind = "page" if options.format == PAGE else "sheet" if options.format in SHEETS else "data"
    for option in OPTIONS:
        if getattr(options, option) is not None and option not in TAKES[kind]:
            raise InputError(t("cli.not_for_format", option=f"--{option}", format=options.format))
    run = {"page": _page, "data": _data, "sheet": _sheet}[kind]
    try:
        written = run(options, Path(name), t)
    except OSError as error:
        raise InputError(t("cli.cannot_write", file=name, reason=error.strerror or error)) from error
    print(*written, sep="\n")
    return 0


def _page(options: argparse.Namespace, path: Path, t: Messages) -> list[str]:
    # Drawing is the outermost room: it is imported by the one command that draws.
    from layers import page

    page.write(district.load(), path, language=t.language)
    return [str(path)]


def _industry(options: argparse.Namespace, ours, t: Messages) -> tuple[list[str] | None, str]:
    """The places of the industry asked for, and its name in words; None for all where none was."""
    if options.industry is None:
        return None, ""
    answers = places_for(ours.catalogue, options.industry)
    ids = list(dict.fromkeys(place.id for answer in answers for place in answer.places))
    if not ids:
        raise InputError(t("cli.no_place_to_write", name=options.industry))
    paths = (STEP.join(step.of(t.language) for step in answer.path) for answer in answers)
    return ids, t("card.list_mark").join(dict.fromkeys(paths))


def _data(options: argparse.Namespace, path: Path, t: Messages) -> list[str]:
    # The colours of the clusters are the drawing room's to say.
    from layers import style

    ours = district.load()
    ids, words = _industry(options, ours, t)
    written = write.write(
        ours,
        path,
        options.format,
        t,
        levels=tuple(Level) if options.level is None else (Level(options.level),),
        ids=ids,
        filter_words=words,
        date=options.date or "",
        colours={cluster: look["fill"] for cluster, look in style.CLUSTERS.items()},
    )
    return [str(file) for file in written]


def _sheet(options: argparse.Namespace, path: Path, t: Messages) -> list[str]:
    from layers import print as sheets

    ours = district.load()
    ids, words = _industry(options, ours, t)
    made = sheets.sheet(
        ours,
        t,
        lit=ids,
        filter_words=words,
        paper=options.paper or PAPERS[0],
        orientation=options.orientation or ORIENTATIONS[0],
        title=options.title,
        approval=options.approval or "",
        # A sheet of paper lies about: it says of when it is.
        date=date.today().isoformat() if options.date is None else options.date,
    )
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(sheets.typeset(made, options.format))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if made.lacking:
        print(t("print.lacking", characters=made.lacking), file=sys.stderr)
    return [str(path)]
