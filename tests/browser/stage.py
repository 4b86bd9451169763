"""What the browser tests and the benchmarks stand on: a server of the app on a free port, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
LOCAL_HOSTS = {"127.0.0.1", "localhost"}
START_SECONDS = 60
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # tests run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # no way out, whatever a page asks
)


class StageError(Exception):
    """The server or the browser is not there; the sentence says what to do."""


@dataclass(frozen=True)
class App:
    """A running server.

    ``healthy_s`` is the time from the start of the process to its first answer, in seconds.
    """

    url: str
    log_path: Path
    process: subprocess.Popen
    healthy_s: float

    def log(self) -> str:
        """What the server has written so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def is_outside(url: str) -> bool:
    """Whether a request would leave this machine; ``data:`` and ``blob:`` never do."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss", "ftp"} and parts.hostname not in LOCAL_HOSTS


def chromium_path() -> str:
    """Path of the browser: GM_CHROMIUM, else Debian's.

    Raises
    ------
    StageError
        When there is none.
    """
    path = os.environ.get("GM_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not path:
        raise StageError(
            "Chromium is missing: `make test` installs it; or install Debian's package chromium, or give the path of "
            "one in GM_CHROMIUM"
        )
    return path


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _wait_until_healthy(url: str, process: subprocess.Popen, log_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
    state = "ended" if process.poll() is not None else f"gave no answer for {START_SECONDS} s"
    log = log_path.read_text(encoding="utf-8", errors="replace")
    raise StageError(f"the app {state} before its first page:\n{log[-3000:]}")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def serving(
    script: Path,
    log_path: Path,
    *,
    folder: Path | None = None,
    flags: tuple[str, ...] = (),
    settings: dict[str, str] | None = None,
) -> Iterator[App]:
    """Run a Streamlit script for the length of a ``with`` block.

    Parameters
    ----------
    script : Path
        The app.
    log_path : Path
        Where the server's output goes.
    folder : Path, optional
        Working folder, whose ``.streamlit/config.toml`` counts; that of the script if not given.
    flags : tuple of str
        More options of ``streamlit run``.
    settings : dict, optional
        Environment variables for the server.

    Yields
    ------
    App

    Raises
    ------
    StageError
        When the server does not come up.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", *flags]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    environment |= settings or {}
    start = time.monotonic()
    with log_path.open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder or script.parent, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_healthy(url, process, log_path)
        yield App(url, log_path, process, time.monotonic() - start)
    finally:
        _stop(process)
