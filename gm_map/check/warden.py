"""A process of its own for whatever reads a stranger's file: with little memory, little time and no network.

What dies in it leaves a sentence. It talks back through files of `intake_parcel`, so that nothing it says is run.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from gm_map.check.intake_parcel import unpack
from gm_map.check.refusal import SENTENCES, Refused
from gm_map.check.results import Layer

__all__ = ["ANSWER", "ORDER", "guarded", "lock"]

ORDER, ANSWER = "order.json", "answer.json"
ROOT = Path(__file__).resolve().parents[2]
# Drivers that fetch, or lead to other files: they are not there at all in the process that reads.
DRIVERS_LEFT_OUT = (
    "OGR_VRT HTTP WFS OAPIF OGCAPI CSW EEDA PLSCENES Elasticsearch Carto AmigoCloud NGW GDALG ADBC PMTiles MBTiles "
    "GPSBabel PDF GeoRSS MVT OSM LIBKML KML CSV XLSX ODS S57 OpenFileGDB"
)
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
NOWHERE = "http://127.0.0.1:9"  # the port of nothing


def guarded(module: str, order: dict[str, Any], file: str, memory: int, seconds: float) -> tuple[Layer, ...]:
    """Run a module of ours in a process of its own, and take the layers that it leaves.

    Parameters
    ----------
    module : str
        Is run with a folder as its argument: reads `ORDER` there, writes layers (`intake_parcel.pack`) and `ANSWER`.
    order : dict
        What it is to do, as JSON.
    file : str
        What the file is called in sentences.
    memory : int
        Bytes of address space; not held to on machines that know no such limit.
    seconds : float

    Raises
    ------
    Refused
        What the process refused; ``slow``, ``heavy`` or ``crashed`` where it did not come to an end.
    """
    with tempfile.TemporaryDirectory(prefix="gm_map_read_") as name:
        folder = Path(name)
        work = folder / "work"
        work.mkdir()
        (folder / ORDER).write_text(json.dumps({**order, "work": str(work), "memory": memory, "seconds": seconds}))
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", module, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                cwd=folder,
                env=_surroundings(work),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refused("slow", file=file, limit=round(seconds)) from None
        return _taken(folder, done.returncode, file, memory, seconds)


def _surroundings(work: Path) -> dict[str, str]:
    """The environment of the process: nothing of ours that it has no need of."""
    kept = {name: value for name in KEPT if (value := os.environ.get(name))}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
    return kept | proxies | single | {
        "GDAL_SKIP": DRIVERS_LEFT_OUT.replace(" ", ","),
        "PROJ_NETWORK": "OFF",
        "TMPDIR": str(work),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


def _taken(folder: Path, code: int, file: str, memory: int, seconds: float) -> tuple[Layer, ...]:
    try:
        answer = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
        if answer.get("refused") in SENTENCES:
            raise Refused(answer["refused"], **answer["facts"])
        if code == 0 and answer.get("done"):
            return unpack(folder)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    if code in (-24, -9, 152, 137):  # SIGXCPU; SIGKILL, by which a machine takes back its memory
        key = "slow" if code in (-24, 152) else "heavy"
        raise Refused(key, file=file, limit=round(seconds) if key == "slow" else memory >> 20)
    raise Refused("crashed", file=file)


def lock(memory: int, seconds: float) -> None:
    """Hold this process to its limits, for good: address space, time of the processor, no file beyond 4 GB, no dump."""
    try:
        import resource
    except ImportError:  # no such limits on this machine: the time is kept from outside
        return
    limits = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": int(seconds) + 1,
        "RLIMIT_FSIZE": 4 << 30,
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        which = getattr(resource, name, None)
        if which is None:
            continue
        most = resource.getrlimit(which)[1]
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        try:
            resource.setrlimit(which, (value, value))
        except (ValueError, OSError):  # a machine that knows the limit and does not let it be set
            continue
