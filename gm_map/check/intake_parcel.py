"""Layers as files, from the process that reads to the one that asked: numbers, text and WKB, nothing that is run."""

import json
from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely

from gm_map.check.results import Layer, Trouble

__all__ = ["pack", "unpack"]

TABLE, SHAPES, ENDS = "layers.json", "shapes.bin", "ends.npy"


def pack(layers: tuple[Layer, ...], folder: Path) -> None:
    """Write layers into a folder."""
    told, ends = [], []
    with (folder / SHAPES).open("wb") as shapes:
        at = 0
        for layer in layers:
            for blob in shapely.to_wkb(layer.geometries, output_dimension=2).tolist():
                if blob is not None:
                    at += shapes.write(blob)
                ends.append(at)
            told.append(
                {
                    "words": [layer.name, layer.format, layer.crs, layer.crs_from, layer.encoding],
                    "rows": len(layer),
                    "columns": list(layer.attributes.items()),
                    "troubles": [[one.code, one.row, dict(one.facts)] for one in layer.troubles],
                }
            )
    np.save(folder / ENDS, np.array(ends, dtype=np.int64), allow_pickle=False)
    (folder / TABLE).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def unpack(folder: Path) -> tuple[Layer, ...]:
    """Read layers that `pack` wrote.

    Raises
    ------
    ValueError, OSError, KeyError
        Where the folder holds anything else.
    """
    told = json.loads((folder / TABLE).read_text(encoding="utf-8"))
    ends = np.load(folder / ENDS, allow_pickle=False)
    data = (folder / SHAPES).read_bytes()
    starts = np.concatenate([[0], ends[:-1]]).astype(int).tolist() if len(ends) else []
    blobs = [data[start:end] or None for start, end in zip(starts, ends.tolist(), strict=True)]
    found, row = [], 0
    for one in told:
        name, kind, crs, crs_from, encoding = one["words"]
        raw = np.empty(one["rows"], dtype=object)
        raw[:] = blobs[row : row + one["rows"]]
        row += one["rows"]
        attributes = MappingProxyType({column: tuple(values) for column, values in one["columns"]})
        troubles = tuple(Trouble(code, at, facts) for code, at, facts in one["troubles"])
        found.append(Layer(name, kind, shapely.from_wkb(raw), attributes, crs, crs_from, encoding, troubles))
    return tuple(found)
