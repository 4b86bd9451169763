"""The command line: ``python -m gm_map areas | places | search | export | build | match | ...``."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from gm_map import catalogue, cli_check, cli_export, cli_land, cli_match, district
from gm_map.answers import STEP, Answer, areas, as_rows, places_for
from gm_map.console import print_json, print_table
from gm_map.errors import DataError, GmMapError
from gm_map.messages import LANGUAGES, Messages

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; those of the process by default.

    Returns
    -------
    int
        0 when all went well, 1 when the data is broken or a build differs, 2 when what was asked cannot be answered.
    """
    for stream in (sys.stdout, sys.stderr):
        # Names are Chinese whatever the locale is; a lone surrogate from a wrong argument must not end in a traceback.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser(arguments).parse_args(arguments)
    try:
        return options.run(options, Messages(options.lang))
    except BrokenPipeError:
        # Whoever read us has seen enough, as in `| head`; what is still buffered has nowhere to go.
        with suppress(OSError):
            sys.stdout.close()
        return 0
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except GmMapError as error:
        print(error, file=sys.stderr)
        return 2


def _parser(arguments: Sequence[str] | None) -> argparse.ArgumentParser:
    # The language of the help has to be known before the help is built; a wrong one is refused by the parser proper.
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--lang", nargs="?")
    asked = first.parse_known_args(arguments)[0].lang
    t = Messages(asked if asked in LANGUAGES else LANGUAGES[0])
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help=t("cli.lang"))
    parser = argparse.ArgumentParser(prog="python -m gm_map", description=t("cli.about"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Messages], int], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=words, description=words)
        added.set_defaults(run=run)
        return added

    command("areas", _areas, t("cli.areas")).add_argument("--json", action="store_true", help=t("cli.json"))
    places = command("places", _places, t("cli.places"))
    places.add_argument("--industry", required=True, metavar="NAME", help=t("cli.industry"))
    places.add_argument("--json", action="store_true", help=t("cli.json"))
    search = command("search", _search, t("cli.search"))
    search.add_argument("text", metavar="TEXT", help=t("cli.text"))
    search.add_argument("--json", action="store_true", help=t("cli.json"))
    cli_export.add(command, t)
    cli_match.add(command, t)
    cli_check.add(command, t)
    cli_land.add(command, t)
    command("build", _build, t("cli.build")).add_argument("--check", action="store_true", help=t("cli.check"))
    return parser


def _areas(options: argparse.Namespace, t: Messages) -> int:
    rows = areas(district.load())
    if options.json:
        return print_json(rows)
    name = "name_en" if t.language == "en" else "name"
    header = [t("cli.place"), t("cli.level"), t("cli.stated"), t("cli.measured"), t("cli.off"), t("cli.difference")]
    table = [
        [
            row[name],
            t(f"level.{row['level']}"),
            "–" if row["stated_km2"] is None else f"{row['stated_km2']:g}",
            f"{row['area_km2']:.3f}",
            f"{row['uncertainty_km2']:.2f}",
            "–" if row["difference_pct"] is None else f"{row['difference_pct']:+.3f} %",
        ]
        for row in rows
    ]
    print_table([header, *table], numbers={2, 3, 4, 5})
    print(t("cli.indicative"))
    return 0


def _places(options: argparse.Namespace, t: Messages) -> int:
    answers = places_for(catalogue.load(), options.industry)
    if options.json:
        return print_json(as_rows(answers))
    for number, answer in enumerate(answers):
        print(*([] if number == 0 else [""]), *_answer(answer, t), sep="\n")
        header = [t("cli.place"), t("cli.level"), t("cli.basis"), t("cli.source"), t("cli.phrase")]
        table = [
            [
                place.name.of(t.language),
                t(f"level.{place.level}"),
                t(f"basis.{place.basis}"),
                place.citation.section,
                place.citation.phrase,
            ]
            for place in answer.places
        ]
        if table:
            print_table([header, *table])
    return 0


def _answer(answer: Answer, t: Messages) -> Iterable[str]:
    """The lines above the table of one meaning; without a table they say what the plan does not give."""
    yield f"{STEP.join(step.of(t.language) for step in answer.path)} ({t(f'rank.{answer.level}')})"
    if not answer.places:
        yield t("cli.no_place", section=answer.citation.section, phrase=answer.citation.phrase)
        if answer.note.zh:
            yield answer.note.of(t.language)


def _search(options: argparse.Namespace, t: Messages) -> int:
    from gm_map.search import search

    hits = search(district.load(), options.text)
    if options.json:
        names = ("kind", "id", "matched", "score", "why")
        return print_json(
            [{**{n: getattr(hit, n) for n in names}, "name": hit.name.zh, "name_en": hit.name.en} for hit in hits]
        )
    if not hits:
        print(t("cli.nothing_found"))
        return 0
    header = [t("cli.name"), t("cli.kind"), t("cli.id"), t("cli.why")]
    print_table(
        [header, *([h.name.of(t.language), t(f"search.{h.kind}"), h.id or "", t(f"why.{h.why}")] for h in hits)]
    )
    return 0


def _build(options: argparse.Namespace, t: Messages) -> int:
    from geodata import build
    from gm_map import history

    if not options.check:
        build.build()
        made = district.load()
        history.write(made)  # what a link of today will be held against tomorrow
        print(made.version)
        return 0
    differences = [f"{file}: {what}" for file, what in build.check()]
    if not differences:
        # The word itself is what scripts look for: it is the same in both languages.
        print("unchanged")
        return 0
    print(*differences, sep="\n")
    return 1
