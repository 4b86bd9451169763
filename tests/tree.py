"""The files of the project, as its tests see them: without environments, caches and what others published."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HIDDEN_THAT_COUNT = {".ci", ".streamlit", ".gitignore", ".gitattributes"}
NOT_OURS = {"__pycache__", "node_modules", "out"}
AS_PUBLISHED = ("static/leaflet/", "static/fonts/OFL.txt")
NO_TEXT = {".png", ".woff2", ".otf", ".ico", ".jpg", ".pdf", ".gpkg", ".zip", ".xlsx", ".npz"}


def _inside(folder: Path) -> list[Path]:
    """All files below a folder, sorted."""
    found = []
    for path in sorted(folder.iterdir()):
        if (path.name.startswith(".") and path.name not in HIDDEN_THAT_COUNT) or path.name in NOT_OURS:
            continue
        found += _inside(path) if path.is_dir() else [path]
    return found


def python_files(*names: str) -> list[Path]:
    """Python files among these files and folders of the project.

    Parameters
    ----------
    *names : str
        Relative to the root; one that does not exist gives nothing.

    Returns
    -------
    list of Path
        Absolute, sorted within each name.
    """
    found = []
    for name in names:
        path = ROOT / name
        found += _inside(path) if path.is_dir() else [path] * path.is_file()
    return [path for path in found if path.suffix == ".py"]


def text_files() -> list[Path]:
    """Every text file that somebody of the project wrote.

    Returns
    -------
    list of Path
        Absolute, sorted.
    """
    return [
        path
        for path in _inside(ROOT)
        if path.suffix not in NO_TEXT and not path.relative_to(ROOT).as_posix().startswith(AS_PUBLISHED)
    ]
