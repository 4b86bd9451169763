"""The rules of the house that a program can check: who imports whom, and what may stand where."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from tree import ROOT, python_files, text_files

# What each module may import of ours. A row ends with a star for all modules of a folder; the longest fitting row
# counts, and a module without a row is an error: a new module is put in its place here, first.
MAY_IMPORT = {
    "app": "views.* layers.* gm_map.*",
    "views.*": "views.* layers.* gm_map.*",
    "layers.*": "layers.* gm_map.*",
    # the floor
    "gm_map": "",
    "gm_map.errors": "",
    "gm_map.model": "",
    # facts without geometry
    "gm_map.names": "gm_map.model",
    "gm_map.kinds": "gm_map.errors gm_map.model",
    "gm_map.tables": "gm_map.errors gm_map.model gm_map.kinds",
    "gm_map.facts": "gm_map.errors gm_map.model gm_map.tables",
    "gm_map.plan_rules": "gm_map.errors gm_map.model gm_map.tables",
    "gm_map.catalogue": "gm_map.errors gm_map.model gm_map.kinds gm_map.tables gm_map.facts gm_map.plan_rules",
    # facts with geometry
    "gm_map.measure": "gm_map.errors gm_map.model",
    "gm_map.features": "gm_map.errors gm_map.model gm_map.kinds gm_map.tables",
    "gm_map.shapes": "gm_map.errors gm_map.model gm_map.kinds gm_map.tables gm_map.features "
    "gm_map.catalogue gm_map.measure",
    "gm_map.district": "gm_map.errors gm_map.model gm_map.tables gm_map.catalogue gm_map.measure gm_map.shapes",
    # siblings: none imports another
    "gm_map.answers": "gm_map.errors gm_map.model gm_map.catalogue gm_map.district gm_map.names",
    "gm_map.dossier": "gm_map.errors gm_map.model gm_map.catalogue gm_map.district gm_map.names",
    "gm_map.filters": "gm_map.errors gm_map.model gm_map.catalogue gm_map.district gm_map.names",
    "gm_map.search": "gm_map.errors gm_map.model gm_map.catalogue gm_map.district gm_map.names",
    "gm_map.reader.*": "gm_map.reader.* gm_map.errors gm_map.model gm_map.catalogue gm_map.names",
    "gm_map.messages": "gm_map.errors gm_map.model",
    "gm_map.basemaps": "gm_map.model",
    "gm_map.feedback": "gm_map.errors",
    # a project's place: what a text asks for, what the score stands on, the score, the match
    "gm_map.amounts": "",
    "gm_map.needs": "gm_map.amounts",
    "gm_map.ground": "gm_map.model gm_map.catalogue gm_map.district",
    "gm_map.score": "gm_map.errors gm_map.model gm_map.ground",
    "gm_map.gates": "gm_map.model gm_map.ground gm_map.needs",
    "gm_map.contest": "gm_map.model gm_map.score",
    "gm_map.match": "gm_map.errors gm_map.model gm_map.district gm_map.needs gm_map.ground gm_map.score gm_map.gates "
    "gm_map.contest",
    # where it is already: datums, the grid of units, points one by one and by the file
    "gm_map.datum": "gm_map.district",
    "gm_map.unit_grid": "gm_map.model gm_map.measure gm_map.district",
    "gm_map.locate": "gm_map.errors gm_map.model gm_map.measure gm_map.district gm_map.datum gm_map.unit_grid",
    "gm_map.cells": "",
    "gm_map.points": "gm_map.errors gm_map.model gm_map.district gm_map.cells gm_map.datum gm_map.unit_grid "
    "gm_map.locate",
    # tables of projects: what people hand in, what goes through, what they get back
    "gm_map.encodings": "gm_map.errors",
    "gm_map.columns": "gm_map.errors",
    "gm_map.uploads": "gm_map.errors gm_map.encodings",
    "gm_map.downloads": "gm_map.errors gm_map.cells",
    "gm_map.sieve": "gm_map.amounts gm_map.ground gm_map.needs",
    "gm_map.batch": "gm_map.errors gm_map.model gm_map.district gm_map.columns gm_map.uploads gm_map.downloads "
    "gm_map.needs gm_map.sieve gm_map.match",
    "gm_map.evaluate": "gm_map.errors gm_map.model gm_map.catalogue",
    # the plan's figures and lists
    "gm_map.pace": "gm_map.errors gm_map.model",
    "gm_map.pace_table": "gm_map.errors gm_map.pace gm_map.uploads",
    "gm_map.plan_search": "gm_map.catalogue gm_map.names",
    "gm_map.plan_text": "gm_map.errors gm_map.model gm_map.catalogue gm_map.encodings",
    "gm_map.comparison_file": "gm_map.cells",
    "gm_map.history": "gm_map.model gm_map.catalogue",
    "gm_map.datasets": "gm_map.model gm_map.catalogue gm_map.district",
    # for other programs, and for paper
    "gm_map.exchange.*": "gm_map.exchange.* gm_map.errors gm_map.model gm_map.district gm_map.measure gm_map.messages "
    "gm_map.cells gm_map.downloads",
    # what land yields: a table of parks, its columns, weights, scales, grades, files
    "gm_map.efficiency_columns": "gm_map.errors",
    "gm_map.efficiency_read": "gm_map.errors gm_map.model gm_map.district gm_map.datum gm_map.locate gm_map.points "
    "gm_map.names gm_map.uploads gm_map.efficiency_columns",
    "gm_map.efficiency_weights": "gm_map.errors",
    "gm_map.efficiency_scale": "",
    "gm_map.efficiency_grades": "",
    "gm_map.efficiency": "gm_map.errors gm_map.model gm_map.efficiency_read gm_map.efficiency_weights "
    "gm_map.efficiency_scale gm_map.efficiency_grades",
    "gm_map.efficiency_file": "gm_map.downloads",
    # checking: areas, sentences, redrawn layers
    "gm_map.check.*": "gm_map.check.* gm_map.errors gm_map.model gm_map.catalogue gm_map.district gm_map.measure "
    "gm_map.names gm_map.datum gm_map.cells gm_map.encodings gm_map.columns gm_map.shapes gm_map.tables",
    "gm_map.check.effects": "gm_map.check.* gm_map.model gm_map.measure gm_map.district gm_map.match gm_map.score",
    # the outermost room of the package: it may draw and build, inside the commands that do
    "gm_map.console": "gm_map.messages",
    "gm_map.cli_match": "gm_map.*",
    "gm_map.cli_land": "gm_map.* layers.*",
    "gm_map.cli_check": "gm_map.* layers.*",
    "gm_map.cli_export": "gm_map.* layers.*",
    "gm_map.cli": "gm_map.* layers.* geodata.build",
    "gm_map.__main__": "gm_map.cli",
    "geodata.*": "geodata.* gm_map.errors gm_map.model gm_map.kinds gm_map.tables gm_map.measure gm_map.catalogue",
}
# Libraries that only some rooms may know.
ONLY_IN = {
    "streamlit": ("app", "views."),
    "folium": ("layers.",),
    "branca": ("layers.",),
    "jinja2": ("layers.",),
    "docx": ("layers.",),
    "PIL": ("layers.",),
    "shapely": ("gm_map.", "geodata."),
    "pyproj": ("gm_map.", "geodata."),
    "geopandas": ("gm_map.", "geodata."),
    "pyogrio": ("gm_map.", "geodata."),
    "streamlit_folium": (),
    "matplotlib": (),
}
OURS = {"app", "views", "layers", "gm_map", "geodata"}
CRS_HOME = "gm_map.model"
CRS_CODES = {3857, 4326, 4490, 4547, 32650}
SAYS_NOTHING = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "service", "services"}
LONGEST_FILE = 500
CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")

APP_FILES = python_files("app.py", "views", "layers", "gm_map", "geodata")
SCREEN_FILES = python_files("app.py", "views", "layers")


def module_of(path: Path) -> str:
    """Dotted name of a file of ours."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def name_of(path: Path) -> str:
    """What a failing test is called."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def own_modules() -> set[str]:
    """Dotted names of all our modules."""
    return {module_of(path) for path in APP_FILES}


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, at the top or in a function; ``from package import module`` is the module."""
    known = own_modules()
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import; write the whole name"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else node.module)
    return found


def row_of(module: str) -> str | None:
    """The row of the table that speaks for a module."""
    fitting = [row for row in MAY_IMPORT if row == module or (row.endswith(".*") and f"{module}.".startswith(row[:-1]))]
    return max(fitting, key=len, default=None)


def allowed(target: str, patterns: str) -> bool:
    """Whether an imported module is covered by a row of the table."""
    return any(
        target == pattern or (pattern.endswith(".*") and f"{target}.".startswith(pattern[:-1]))
        for pattern in patterns.split()
    )


def prose_nodes(tree: ast.Module) -> set[int]:
    """Ids of the constants that are docstrings (a bare string anywhere is one)."""
    bare = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in bare if isinstance(value, ast.Constant)}


def literals(path: Path) -> list[ast.Constant]:
    """The constants of a file that are not documentation."""
    tree = tree_of(path)
    prose = prose_nodes(tree)
    return [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_imports_only_what_its_room_allows(path):
    module = module_of(path)
    row = row_of(module)
    assert row is not None, f"{module} has no row in MAY_IMPORT: decide which room it belongs to, and write it there"
    ours = {name for name in imports_of(path) if name.split(".")[0] in OURS}
    refused = sorted(name for name in ours - {module} if not allowed(name, MAY_IMPORT[row]))
    assert not refused, f"{module} may import {MAY_IMPORT[row] or 'nothing of ours'}, and imports {', '.join(refused)}"


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_libraries_stay_in_their_rooms(path):
    module = module_of(path)
    for library in {name.split(".")[0] for name in imports_of(path)} & set(ONLY_IN):
        rooms = ONLY_IN[library]
        at_home = any(module == room.rstrip(".") or module.startswith(room) for room in rooms if room)
        assert at_home, f"{module} imports {library}, which belongs in {', '.join(rooms) or 'no module of the app'}"


def test_imports_go_round_in_no_circle():
    known = own_modules()
    ahead = {module_of(path): imports_of(path) & known for path in APP_FILES}
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, "a circle of imports: " + " → ".join([*way[way.index(module) :], module])
        if module not in done:
            for further in sorted(ahead[module]):
                walk(further, (*way, module))
            done.add(module)

    for module in sorted(ahead):
        walk(module, ())


def test_every_library_is_named_in_the_requirements():
    tops = {name.split(".")[0] for path in APP_FILES for name in imports_of(path)}
    wanted = tops - OURS - set(sys.stdlib_module_names)
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = {re.split("[=<>~ #]", line)[0].lower() for line in lines if line and not line.startswith("#")}
    owners = importlib.metadata.packages_distributions()
    for library in sorted(wanted):
        assert library in owners, f"{library} is imported and not installed"
        names = {name.lower() for name in owners[library]}
        assert names & named, f"{library} is imported, and requirements.txt does not name {' or '.join(sorted(names))}"


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_areas_are_measured_in_one_place(path):
    lines = [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute) and node.attr == "area"]
    assert not lines or module_of(path) == "gm_map.measure", f"lines {lines}: ask gm_map.measure for areas"


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_codes_of_coordinate_systems_stand_in_one_place(path):
    if module_of(path) == CRS_HOME:
        return
    lines = [
        node.lineno
        for node in literals(path)
        if (isinstance(node.value, str) and "epsg" in node.value.lower())
        or (type(node.value) is int and node.value in CRS_CODES)
    ]
    assert not lines, f"lines {lines}: take the constant from {CRS_HOME}"


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_no_raw_html_on_a_page(path):
    assert "unsafe_" + "allow_html" not in path.read_text(encoding="utf-8"), "Streamlit's own widgets only"


@pytest.mark.parametrize("path", SCREEN_FILES, ids=name_of)
def test_no_text_of_the_interface_in_code(path):
    texts = (node for node in literals(path) if isinstance(node.value, str))
    found = [(node.lineno, node.value) for node in texts if CHINESE.search(node.value)]
    assert not found, f"{found}: text belongs in gm_map/locale, data in geodata"


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_what_others_call_is_described(path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    bare = [
        f"{node.name} (line {node.lineno})"
        for node in tree_of(path).body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not bare, f"without a docstring: {', '.join(bare)}"
    assert ast.get_docstring(tree_of(path)) or path.stat().st_size == 0, "the module does not say what it is"


@pytest.mark.parametrize("path", python_files("."), ids=name_of)
def test_files_have_one_subject_and_a_name(path):
    assert path.stem.lower() not in SAYS_NOTHING, "a name that says nothing: name the subject"
    count = len(path.read_text(encoding="utf-8").splitlines())
    assert count <= LONGEST_FILE, f"{count} lines; more than {LONGEST_FILE} are two subjects"


def test_the_table_names_no_module_that_is_gone():
    known = own_modules()
    rows = {row for row in MAY_IMPORT if not row.endswith(".*")}
    assert rows <= known, f"rows for modules that do not exist: {', '.join(sorted(rows - known))}"


def test_the_tree_is_seen():
    assert len(APP_FILES) > 10
    assert text_files()
