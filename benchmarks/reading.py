"""How fast tables are read and placed, beside a plain loop over the lexicon: ``benchmarks/reading.py --help``."""

from __future__ import annotations

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
if "--one-core" in sys.argv:
    # Before any library starts its threads: one core for all of them.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402 - the core has to be chosen first

from gm_map import district as district_module  # noqa: E402
from gm_map.batch import match_file  # noqa: E402
from gm_map.reader.reader import Reader, reader  # noqa: E402

SEED = 1
LENGTH = 100  # characters of a text
FEW = 2_000  # rows of the first file: what is made once is made there


def texts(count: int) -> list[str]:
    """Texts of `LENGTH` characters, all different: windows of the labelled texts run together in a random order."""
    pool = []
    for path in sorted((ROOT / "lexicon" / "texts").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            pool += [row["text"].replace("\n", " ") for row in csv.DictReader(file)]
    rng = np.random.default_rng(SEED)
    joined = "。".join(rng.permutation(pool))
    return [joined[start : start + LENGTH] for start in rng.integers(0, len(joined) - LENGTH, count)]


def write(path: Path, rows: list[str]) -> None:
    """A table of projects."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["编号", "项目名称", "简介"])
        out.writerows([number, f"项目{number}", text] for number, text in enumerate(rows, start=1))


def seconds(work) -> tuple[float, float]:
    """Wall and processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def plain_loop(terms: tuple[str, ...], rows: list[str]) -> int:
    """What most people write: every term looked for in every text."""
    return sum(sum(term in text for term in terms) for text in rows)


def resident_mb() -> float:
    """Memory in use now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def growth(before: float) -> float:
    """Megabytes by which the most that was ever in use is above what was in use before."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6 - before


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the file (100,000)")
    parser.add_argument("--sample", type=int, default=300, help="texts that the plain loop goes through (300)")
    parser.add_argument("--repeat", action="store_true", help="the same 2,000 texts again and again")
    parser.add_argument("--one-core", action="store_true", help="keep to one core")
    options = parser.parse_args()
    district, reads = district_module.load(), reader()
    made = texts(FEW) * (options.rows // FEW) if options.repeat else texts(options.rows)
    with tempfile.TemporaryDirectory() as folder:
        many, few, target = (Path(folder) / name for name in ("many.csv", "few.csv", "out.csv"))
        write(many, made)
        write(few, made[:FEW])
        match_file(few, target, reads, district)
        before = resident_mb()
        reports = []
        whole = seconds(lambda: reports.append(match_file(many, target, reads, district)))
        grown = growth(before)
    show(options, made, reads, whole, grown, reports[0])
    return 0


def show(options: argparse.Namespace, made: list[str], reads: Reader, whole, grown: float, report) -> None:
    """The table: what the whole takes, and its two halves against the plain loop."""
    folded = [reads.folded(text) for text in made[: options.sample]]
    terms = reads.lexicon.terms
    loop = seconds(lambda: plain_loop(terms, folded))[0] / len(folded)
    batch = made[: max(options.sample, 10_000)]
    found = seconds(lambda: [reads.lexicon.find(batch[at : at + 1600]) for at in range(0, len(batch), 1600)])[0] / len(
        batch
    )
    read = seconds(lambda: reads.read_many(batch))[0] / len(batch)
    shares = ", ".join(f"{status} {count / report.rows:.0%}" for status, count in report.by_status.items())
    print(f"{report.rows:,} rows of {LENGTH} characters, {len(terms):,} terms; {shares}\n")
    print("| way | rows/s | times as fast as the plain loop |\n|---|---|---|")
    rows = [
        ("plain `in` loop over the lexicon", loop),
        ("all terms found (the same work)", found),
        ("read: terms, pieces, confidence, evidence", read),
        ("file to file, wall time", whole[0] / report.rows),
        ("file to file, processor time", whole[1] / report.rows),
    ]
    for name, each in rows:
        print(f"| {name} | {1 / each:,.0f} | {loop / each:,.1f} |")
    print(f"\nMemory grew by {grown:,.0f} MB at most.")


if __name__ == "__main__":
    sys.exit(main())
