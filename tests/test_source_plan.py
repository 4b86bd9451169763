"""The hand-written plan files in ``geodata/source``, held against the plan's text.

Every citation is looked up: the phrase has to stand, letter for letter, in that sentence of that line. The text is
not part of the project; it is looked for beside it, and the tests that need it are skipped where it is absent.
"""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "geodata" / "source"
PLAN = ROOT.parent / "shared" / "plan" / "plan.txt"

STANDINGS = {"stated", "derived", "drawn", "unknown"}
BASES = {"named", "named by field", "named by zone", "by industry", "none"}
TERM_KINDS = {"technology", "product", "application"}
FACT_KINDS = {"location", "side", "function", "facility", "link", "role"}
LONGEST_PHRASE = 30  # letters; a phrase is a pointer into the text, not a quotation of it
LONGEST_QUOTED_SENTENCE = 25  # letters; a shorter sentence is a heading or a name

COUNTS = {
    "places.csv": 30,
    "terms.csv": 321,
    "outside_terms.csv": 56,
    "indicators.csv": 18,
}
ID_FORMS = {
    "places.csv": r"corridor-1|zone-[1-3]|cluster-[1-5]|unit-(0[1-9]|1\d|2[01])",
    "place_facts.csv": r"fact-\d{3}",
    "terms.csv": r"term-\d{3}",
    "outside_terms.csv": r"outside-\d{2}",
    "indicators.csv": r"indicator-\d{2}",
    "oddities.csv": r"oddity-\d{2}",
    "spatial_claims.csv": r"claim-\d{3}",
    "computed_figures.csv": r"figure-\d{2}",
}


# Reading: the files, and the plan where it is at hand


def files(suffix):
    return sorted(SOURCE.glob(f"*.{suffix}"))


def read_csv(name):
    with (SOURCE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_yaml(name):
    return yaml.safe_load((SOURCE / name).read_text(encoding="utf-8"))


def walk(node, path=()):
    """Every mapping, sequence and scalar below a YAML node, with the path that leads to it."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*path, str(key)))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, (*path, str(index)))


def citations(path):
    """(where, citation) for each row or mapping of the file that points at one sentence of the plan."""
    if path.suffix == ".csv":
        for number, row in enumerate(read_csv(path.name), 2):
            if {"paragraph", "sentence", "phrase"} <= set(row):
                yield f"{path.name}:{number}", row
    else:
        for steps, node in walk(read_yaml(path.name)):
            if steps and steps[-1] == "cite":
                yield f"{path.name}:{'/'.join(steps)}", node


def strings(path):
    """(where, field, text) for each text that the file holds."""
    if path.suffix == ".csv":
        for number, row in enumerate(read_csv(path.name), 2):
            yield from ((f"{path.name}:{number}", field, text) for field, text in row.items() if isinstance(text, str))
    else:
        for steps, node in walk(read_yaml(path.name)):
            if isinstance(node, str):
                yield f"{path.name}:{'/'.join(steps)}", steps[-1], node


@pytest.fixture(scope="module")
def plan():
    if not PLAN.is_file():
        pytest.skip(
            "the plan's text is not beside the project (../shared/plan/plan.txt), so no phrase can be looked up"
        )
    return PLAN.read_text(encoding="utf-8").split("\n")


def sentences(line):
    """A sentence ends with 。 or ！; a heading or a table cell is one sentence."""
    return re.findall(r"[^。！]*[。！]|[^。！]+$", line)


def sections(plan):
    """For each line the sections it may be cited under: 五（二）5; in a box 专栏1, and the part that holds the box."""
    chapter = part = number = box = ""
    found = []
    for line in (raw.strip() for raw in plan):
        if match := re.match(r"([一二三四五六])、", line):
            chapter, part, number, box = match[1], "", "", ""
        elif match := re.match(r"（([一二三四五])）", line):
            part, number, box = match[0], "", ""
        elif match := re.match(r"专栏\d", line):
            box = match[0]
        elif not box and (match := re.match(r"(\d+)\.(?!\d)", line)):
            number = match[1]
        found.append({box, chapter + part} if box else {chapter + part + number})
        if line.startswith("附件"):
            chapter = part = number = box = "-"
    return found


CITING = [path for path in [*files("csv"), *files("yaml")] if next(citations(path), None)]
PLAN_FILES = [*files("csv"), *files("yaml")]


# What the files quote


@pytest.mark.parametrize("path", CITING, ids=lambda path: path.name)
def test_each_phrase_stands_in_its_sentence(path, plan):
    faults = []
    where_cited = sections(plan)
    for where, cite in citations(path):
        try:
            paragraph, sentence = int(cite["paragraph"]), int(cite["sentence"])
            text = sentences(plan[paragraph - 1])[sentence - 1] if paragraph > 0 and sentence > 0 else ""
        except (ValueError, TypeError, IndexError, KeyError):
            faults.append(f"{where} · no such sentence: {cite.get('paragraph')!r}, {cite.get('sentence')!r}")
            continue
        phrase, section = cite.get("phrase") or "", cite.get("section") or ""
        if not phrase or phrase not in text:
            faults.append(
                f"{where} · phrase: found {phrase!r}, wanted a part of sentence {sentence} of line {paragraph}"
            )
        if len(phrase) > LONGEST_PHRASE or "。" in phrase:
            faults.append(f"{where} · phrase: {len(phrase)} letters, wanted at most {LONGEST_PHRASE} and no 。")
        if not section:
            faults.append(f"{where} · section: empty")
        elif section[0] in "一二三四五六" and section not in where_cited[paragraph - 1]:
            faults.append(f"{where} · section: found {section!r}, wanted one of {sorted(where_cited[paragraph - 1])}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", files("csv"), ids=lambda path: path.name)
def test_lists_of_lines_point_into_the_plan(path, plan):
    rows = [row for row in read_csv(path.name) if row.get("paragraphs")]
    wrong = [row for row in rows for line in row["paragraphs"].split("|") if not 1 <= int(line) <= len(plan)]
    assert not wrong


@pytest.mark.parametrize("path", PLAN_FILES, ids=lambda path: path.name)
def test_no_field_holds_a_whole_sentence_of_the_plan(path, plan):
    whole = set()
    for line in plan:
        for sentence in sentences(line):
            bare = sentence.strip(" \t·。！")
            # A definition of the glossary is as much a quotation without the word that it defines.
            whole.update(part for part in (bare, bare.partition("：")[2]) if len(part) > LONGEST_QUOTED_SENTENCE)
    faults = []
    for where, field, text in strings(path):
        if field in {"phrase", "term"} and len(text) <= LONGEST_PHRASE and "。" not in text:
            continue
        if len(text) > LONGEST_QUOTED_SENTENCE and any(sentence in text for sentence in whole):
            faults.append(f"{where} · {field}: quotes a whole sentence")
    assert not faults, "\n".join(faults)


# What the files count and how they name


@pytest.mark.parametrize(("name", "wanted"), COUNTS.items())
def test_counts(name, wanted):
    assert len(read_csv(name)) == wanted


def test_places_are_one_three_five_twenty_one():
    assert Counter(row["level"] for row in read_csv("places.csv")) == {
        "corridor": 1,
        "zone": 3,
        "cluster": 5,
        "unit": 21,
    }
    per_cluster = Counter(row["parent_id"] for row in read_csv("places.csv") if row["level"] == "unit")
    assert [per_cluster[f"cluster-{n}"] for n in range(1, 6)] == [3, 6, 6, 1, 5]


def test_a_place_lies_one_level_below_its_parent():
    rows = read_csv("places.csv")
    levels = {row["id"]: row["level"] for row in rows}
    above = {"unit": "cluster", "cluster": "zone"}
    assert not [row["id"] for row in rows if levels.get(row["parent_id"]) != above.get(row["level"])]


def test_industries_fields_and_topics():
    tree = read_yaml("industries.yaml")["industries"]
    fields = [field for industry in tree for field in industry["fields"]]
    topics = [topic for field in fields for topic in field["topics"]]
    assert (len(tree), len(fields), len(topics)) == (4, 16, 36)
    assert [len(industry["fields"]) for industry in tree] == [5, 3, 6, 2]
    assert sum(topic["headed"] for topic in topics) == 29
    assert [row["id"] for row in tree] == [f"industry-{n}" for n in range(1, 5)]
    assert [row["id"] for row in fields] == [f"field-{n:02d}" for n in range(1, 17)]
    assert [row["id"] for row in topics] == topic_ids()


def topic_ids():
    return [f"topic-{n:02d}" for n in range(1, 37)]


def test_terms_by_kind():
    rows = read_csv("terms.csv")
    assert Counter(row["kind"] for row in rows) == {"technology": 69, "product": 219, "application": 33}
    assert (sum(bool(row["full"]) for row in rows), sum(row["weak"] == "yes" for row in rows)) == (38, 23)
    assert {row["weak"] for row in rows} <= {"yes", ""}
    assert {row["kind"] for row in read_csv("outside_terms.csv")} <= TERM_KINDS


def test_the_missing_cell_of_the_indicators_stays_empty():
    cells = {
        (row["id"], year): row[year]
        for row in read_csv("indicators.csv")
        for year in ("v2018", "v2022", "v2025", "v2035")
    }
    assert [cell for cell, value in cells.items() if value == ""] == [("indicator-01", "v2018")]
    assert len([float(value) for value in cells.values() if value]) == 71
    assert list(Counter(row["category"] for row in read_csv("indicators.csv")).values()) == [4, 4, 2, 8]


def test_each_topic_is_placed_once_a_place():
    rows = read_csv("topic_places.csv")
    pairs = Counter((row["topic_id"], row["place_id"]) for row in rows)
    assert max(pairs.values()) == 1
    assert list(dict.fromkeys(row["topic_id"] for row in rows)) == topic_ids()
    assert {row["basis"] for row in rows} <= BASES
    assert all((row["basis"] == "none") == (row["place_id"] == "") for row in rows)
    assert not [row for row in rows if row["place_id"].startswith(("unit", "corridor"))]
    by_cluster = Counter(row["basis"] for row in rows if row["place_id"].startswith("cluster"))
    assert by_cluster == {"named": 12, "by industry": 12, "named by field": 5, "named by zone": 4}
    by_zone = Counter((row["place_id"], row["basis"]) for row in rows if row["place_id"].startswith("zone"))
    assert by_zone == {
        ("zone-1", "by industry"): 8,
        ("zone-2", "named by zone"): 4,
        ("zone-2", "named by field"): 1,
        ("zone-3", "by industry"): 28,
        ("zone-3", "named by zone"): 1,
    }
    assert [row["topic_id"] for row in rows if row["basis"] == "none"] == ["topic-35", "topic-36"]


def test_facilities_and_industries_of_the_clusters():
    facts = [row for row in read_csv("place_facts.csv") if row["place_id"].startswith("cluster")]
    assert Counter(row["kind"] for row in facts)["facility"] == 21
    assert Counter(row["kind"] for row in facts)["function"] == 13
    assert {row["kind"] for row in read_csv("place_facts.csv")} <= FACT_KINDS


@pytest.mark.parametrize("path", files("csv"), ids=lambda path: path.name)
def test_ids_are_unique_and_well_formed(path):
    ids = [row["id"] for row in read_csv(path.name) if "id" in row]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    form = ID_FORMS.get(path.name, r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
    assert [i for i in ids if not re.fullmatch(form, i)] == []


def test_ids_that_a_row_points_at_exist():
    places = {row["id"] for row in read_csv("places.csv")}
    topics = set(topic_ids())
    for name in ("terms.csv", "outside_terms.csv", "topic_places.csv"):
        assert {row["topic_id"] for row in read_csv(name)} <= topics | ({""} if name == "outside_terms.csv" else set())
    for name in ("place_facts.csv", "topic_places.csv"):
        assert {row["place_id"] for row in read_csv(name)} - {""} <= places


@pytest.mark.parametrize("path", files("csv"), ids=lambda path: path.name)
def test_standings_and_translations(path):
    rows = read_csv(path.name)
    for row in rows:
        if "standing" in row:
            assert row["standing"] in STANDINGS, row
        for field in row:
            if field and f"{field}_en" in row:
                assert bool(row[field]) == bool(row[f"{field}_en"]), row
