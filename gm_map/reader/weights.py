"""What was fitted, as one file: terms and pieces with their weights, and how margins become probabilities.

The file is written by ``lexicon/fit.py`` and never by hand; it is a NumPy archive without pickled objects.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from gm_map.errors import GmMapError

__all__ = ["FILE", "Weights", "load", "save"]

FILE = Path(__file__).resolve().parent.parent.parent / "lexicon" / "built" / "reader.npz"


@dataclass(frozen=True, eq=False)
class Weights:
    """The fitted reader. ``n`` classes: the topics in the plan's order, "none" last.

    ``classes`` (n,) topic ids, "" for none · ``terms`` (t,) folded · ``term_weights`` (t, n) each term's share in each
    margin, before it is divided by √(1 + number of terms in the text) · ``pieces`` (p,) hashes · ``idf`` (p,) ·
    ``piece_weights`` (p, n) · ``base`` (n,) · ``scale``, ``shift`` (n,) turn margins into log odds ·
    ``limits`` (3,): the confidence below which no topic convinces, so that the answer is "none"; the one from which
    on a topic is sure; and the lead over the second that makes it sure all the same ·
    ``traditional``, ``simplified`` (c,) characters · ``stock``, ``stock_parts`` (s,) words that anybody's wishes are
    made of, and what each does in them (`gm_map.reader.stock`).
    """

    classes: np.ndarray
    terms: np.ndarray
    term_weights: np.ndarray
    pieces: np.ndarray
    idf: np.ndarray
    piece_weights: np.ndarray
    base: np.ndarray
    scale: np.ndarray
    shift: np.ndarray
    limits: np.ndarray
    traditional: np.ndarray
    simplified: np.ndarray
    stock: np.ndarray
    stock_parts: np.ndarray


def save(weights: Weights, path: Path) -> None:
    """Write the file; the same weights give the same bytes."""
    arrays = {field.name: getattr(weights, field.name) for field in fields(Weights)}
    np.savez_compressed(path, allow_pickle=False, **arrays)


@cache
def load(path: Path = FILE) -> Weights:
    """Read the file, once.

    Raises
    ------
    GmMapError
        When it is not there or not whole.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return Weights(**{field.name: archive[field.name] for field in fields(Weights)})
    except (OSError, KeyError, ValueError) as error:
        raise GmMapError(f"{path.name} cannot be read ({error}); make it with: python -m lexicon.fit") from error
