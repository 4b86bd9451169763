"""The command that rates land: ``python -m gm_map land --input FILE --output FILE.xlsx``."""

import argparse
from collections.abc import Callable
from pathlib import Path

from gm_map import district
from gm_map.console import print_table
from gm_map.errors import InputError
from gm_map.messages import Messages

__all__ = ["add"]

Run = Callable[[argparse.Namespace, Messages], int]


def add(command: Callable[[str, Run, str], argparse.ArgumentParser], t: Messages) -> None:
    """Add the command; see `gm_map.cli_match.add`."""
    land = command("land", _land, t("cli.land"))
    land.add_argument("--input", required=True, metavar="FILE", help=t("cli.input"))
    land.add_argument("--output", required=True, metavar="FILE", help=t("cli.land_output"))
    land.add_argument("--method", choices=("hand", "entropy"), default="hand", help=t("cli.land_method"))
    land.add_argument("--weights", metavar="output_ha=3,tax_ha=2", help=t("cli.land_weights"))
    land.add_argument("--units", metavar="land=亩,tax=万元", help=t("cli.land_units"))
    land.add_argument("--partial", action="store_true", help=t("cli.land_partial"))


def _land(options: argparse.Namespace, t: Messages) -> int:
    # The libraries of tables take half a second that no other command should wait for.
    from gm_map import efficiency
    from gm_map.efficiency import Method, Settings
    from gm_map.efficiency_file import csv_bytes, workbook_bytes
    from gm_map.efficiency_grades import GRADES
    from gm_map.efficiency_read import read_parks
    from layers import efficiency as told

    source, target = Path(options.input), Path(options.output)
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(f"{target.name}: found “{target.suffix}”, wanted .csv or .xlsx; give the file such an ending")
    if not source.is_file():
        raise InputError(f"no such file: {source}")
    if target.exists() and target.samefile(source):
        raise InputError(f"{target} is the file that is read; give another name for the result")
    settings = Settings(method=Method(options.method), weights=_weights(options.weights), partial=options.partial)
    ours = district.load()
    parks = read_parks(ours, source.read_bytes(), source.name, units=_pairs(options.units))
    result = efficiency.assess(parks, settings)
    made = told.sheets(ours, parks, result, settings, source.name, t)
    content = workbook_bytes(made) if target.suffix.lower() == ".xlsx" else csv_bytes(made[0][1])
    try:
        target.write_bytes(content)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror or error}; choose another place") from error
    if result.refused:
        print_table([[t(result.refused.key, **result.refused.facts)]])
    names = [told.grade_name(number, t) for number in (*range(GRADES), -1)]
    counts = [str(int((result.grade == number).sum())) for number in (*range(GRADES), -1)]
    print_table([[t("land.rows"), *names], [str(len(parks)), *counts]], numbers=set(range(GRADES + 2)))
    return 0


def _pairs(written: str | None) -> dict[str, str]:
    """``a=b,c=d`` as a mapping."""
    found = {}
    for part in filter(None, (written or "").split(",")):
        name, _, value = part.partition("=")
        if not value:
            raise InputError(f"found “{part}”, wanted NAME=VALUE, parted by commas")
        found[name.strip()] = value.strip()
    return found


def _weights(written: str | None) -> dict[str, float]:
    """Weights by indicator; those that are not named weigh nothing where any is."""
    from gm_map.efficiency import MEASURES

    pairs = _pairs(written)
    if unknown := sorted(set(pairs) - set(MEASURES)):
        raise InputError(f"no indicator “{unknown[0]}”; take of {', '.join(MEASURES)}")
    try:
        return {id_: float(pairs.get(id_, 0)) for id_ in MEASURES} if pairs else {}
    except ValueError as error:
        raise InputError(f"weights must be numbers: {error}") from error
