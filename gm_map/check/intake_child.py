"""The process that reads a stranger's file, for `gm_map.check.warden`: not for a person to start."""

import json
import sys
from pathlib import Path

from gm_map.check import warden
from gm_map.check.refusal import Refused

__all__ = ["main"]


def main(folder: Path) -> int:
    """Do what the order in a folder says, and leave layers and an answer there; 0 unless it broke off."""
    order = json.loads((folder / warden.ORDER).read_text(encoding="utf-8"))
    warden.lock(order["memory"], order["seconds"])
    from gm_map.check import intake, intake_parcel  # after the limits hold

    try:
        layers = intake.read(
            Path(order["path"]),
            name=order["file"],
            layer=order["layer"],
            limits=intake.Limits(**order["limits"]),
            folder=Path(order["work"]),
        )
        intake_parcel.pack(layers, folder)
        answer = {"done": True}
    except Refused as refused:
        answer = {"refused": refused.key, "facts": refused.facts}
    except MemoryError:
        answer = {"refused": "heavy", "facts": {"file": order["file"], "limit": order["memory"] >> 20}}
    (folder / warden.ANSWER).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
