"""The tree as a whole: its text, its commands, its manners."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from tree import ROOT, text_files

FILES = text_files()
# Written in pieces, so that this file does not name them either.
FOLDERS = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/fa" + "rm/", "/Us" + "ers/", r"[A-Z]:\\U" + "sers"]
HOSTS = ["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"ian\.org", "registry" + r"\."]
MACHINE_PATHS = re.compile("|".join(FOLDERS))
REGISTRIES = re.compile("|".join(HOSTS))


def name_of(path):
    """What a failing test is called."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_text_is_utf8_with_plain_line_ends(path):
    data = path.read_bytes()
    data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf"), "a byte order mark at the start"
    assert b"\r" not in data, "a carriage return"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_path_of_one_machine_and_no_registry(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        assert not MACHINE_PATHS.search(line), f"line {number}: a path of one machine"
        assert not REGISTRIES.search(line), f"line {number}: the address of a package registry"


def test_readme_names_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    spans = re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL)
    commands = {name for span in spans for name in re.findall(r"\bmake +([a-z-]+)", span)}
    assert commands == {"run", "test"}


def test_ci_calls_make_test_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.strip() and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]


def test_the_theme_names_fonts_that_are_there():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for face in theme["fontFaces"]:
        assert (ROOT / face["url"].replace("app/static", "static")).is_file(), f"{face['url']} is not in static/"
        assert theme["font"].startswith(face["family"])


def test_nothing_is_loaded_from_another_host():
    outside = re.compile(r"""(?:src|href|url|import)\s*[=(]\s*["']?(?:https?:)?//""")
    for path in FILES:
        if path.suffix in {".js", ".css", ".html", ".py", ".toml"} and "tests" not in path.parts:
            assert not outside.search(path.read_text(encoding="utf-8")), f"{name_of(path)} loads something from outside"


def test_ruff_has_nothing_to_say():
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format", "concise", "."]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-1000:]
