"""How often a reader is right on labelled texts: the rules, and the figures.

A label names what is right, best first, parted by ``|``; ``none`` where the plan has no such industry, ``未指定`` where
it names no cluster or zone. The rules:

=====================  ===============================================================================================
``*_top1``, ``top3``   over the rows whose label is not none: the first value said (one of the first three) is among
                       the accepted ones. A row said to be none is wrong; one that is unsure counts by its first value.
                       Clusters and zones count only where their label begins neither with 未指定 nor with none.
``field`` in a label   the name of a topic or of a field. A name that is a topic means the topic; where it is only a
                       field, every topic of it is right. ``field_top1`` asks for the field of any accepted name.
``none_*``             over all rows, none as a class of its own: precision, recall and F1.
``coverage``           the share of all rows with status match.
``calibration``        over all rows, by the confidence of what was said: how often it was right (the topic, or none).
``by_kind``            the same figures for each kind.
=====================  ===============================================================================================
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gm_map.catalogue import Catalogue
from gm_map.errors import InputError
from gm_map.model import Rank, Status

__all__ = ["FIGURES", "NEEDED", "Label", "Said", "labels", "measure"]

NONE = "none"
UNSTATED = "未指定"
PARTED_BY = "|"
BINS = 10
DECIMALS = 4
NEEDED = ("text", "field")  # columns of a labelled file that must be there
FIGURES = (
    "n",
    "industry_top1",
    "field_top1",
    "topic_top1",
    "cluster_top1",
    "cluster_top3",
    "zone_top1",
    "none_precision",
    "none_recall",
    "none_f1",
    "coverage",
)


@dataclass(frozen=True, slots=True)
class Label:
    """What is right for a text: ids, best first. ``clusters`` and ``zones`` are None where they do not count."""

    none: bool
    industries: tuple[str, ...]
    fields: tuple[str, ...]
    topics: tuple[str, ...]
    clusters: tuple[str, ...] | None
    zones: tuple[str, ...] | None
    kind: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a text: ids; ``clusters`` best first, a None among them where none was named."""

    status: Status
    industry: str | None
    field: str | None
    topic: str | None
    clusters: tuple[str | None, ...]
    zone: str | None
    confidence: float


def labels(rows: Sequence[Mapping[str, str]], catalogue: Catalogue, source: str = "the file") -> list[Label]:
    """Labels of rows with the columns ``field`` and, where they are known, industry, clusters, zones, kind.

    Raises
    ------
    InputError
        For a name that the plan does not have, naming the row.
    """
    ranks = {rank: {n.name.zh: n.id for n in reversed(catalogue.of_rank(rank))} for rank in Rank}
    places = {place.name.zh: place.id for place in catalogue.places.values()}
    found = []
    for number, row in enumerate(rows, start=2):

        def ids(column: str, table: Mapping[str, str], row=row, number=number) -> tuple[str, ...]:
            names = [name for name in _values(row.get(column)) if name not in (NONE, UNSTATED)]
            for name in names:
                if name not in table:
                    raise InputError(
                        f"{source} · row {number} · {column}: found “{name}”, wanted a name of the plan; mend the label"
                    )
            return tuple(table[name] for name in names)

        first = (_values(row.get("field")) or [""])[0]
        if not first:
            raise InputError(f"{source} · row {number} · field: found nothing, wanted a name or none; write the label")
        accepted = ids("field", ranks[Rank.FIELD] | ranks[Rank.TOPIC])
        paths = [catalogue.path(id_) for id_ in accepted]
        industries = ids("industry", ranks[Rank.INDUSTRY]) or tuple(path[0] for path in paths)
        found.append(
            Label(
                first == NONE,
                industries,
                tuple(path[1] for path in paths),
                tuple(topic for id_ in accepted for topic in catalogue.topics_of(id_)),
                _counted(row.get("clusters"), ids("clusters", places)),
                _counted(row.get("zones"), ids("zones", places)),
                (row.get("kind") or "").strip(),
            )
        )
    return found


def _values(cell: str | None) -> list[str]:
    return [value.strip() for value in (cell or "").split(PARTED_BY) if value.strip()]


def _counted(cell: str | None, ids: tuple[str, ...]) -> tuple[str, ...] | None:
    values = _values(cell)
    return None if not values or values[0] in (NONE, UNSTATED) else ids


def measure(truth: Sequence[Label], said: Sequence[Said]) -> dict[str, object]:
    """All figures, by the rules above.

    Parameters
    ----------
    truth, said : sequences of one length

    Returns
    -------
    dict
        `FIGURES` (None where nothing counts for one), ``calibration`` and ``by_kind``.
    """
    pairs = list(zip(truth, said, strict=True))
    kinds = sorted({label.kind for label in truth} - {""})
    return {
        **_figures(pairs),
        "calibration": _calibration(pairs),
        "by_kind": {kind: _figures([pair for pair in pairs if pair[0].kind == kind]) for kind in kinds},
    }


def _figures(pairs: Sequence[tuple[Label, Said]]) -> dict[str, float | int | None]:
    about = [(label, said) for label, said in pairs if not label.none]

    def top(hit: Callable[[Label, Said], bool], rows=about) -> float | None:
        return _share(said.status != Status.NONE and hit(label, said) for label, said in rows)

    with_cluster = [pair for pair in about if pair[0].clusters is not None]
    with_zone = [pair for pair in about if pair[0].zones is not None]
    both = sum(label.none and said.status == Status.NONE for label, said in pairs)
    told = sum(said.status == Status.NONE for _, said in pairs)
    true = sum(label.none for label, _ in pairs)
    values = (
        len(pairs),
        top(lambda label, said: said.industry in label.industries),
        top(lambda label, said: said.field in label.fields),
        top(lambda label, said: said.topic in label.topics),
        top(lambda label, said: said.clusters[:1] != () and said.clusters[0] in label.clusters, with_cluster),
        top(lambda label, said: not set(said.clusters[:3]).isdisjoint(label.clusters), with_cluster),
        top(lambda label, said: said.zone in label.zones, with_zone),
        round(both / told, DECIMALS) if told else None,
        round(both / true, DECIMALS) if true else None,
        round(2 * both / (told + true), DECIMALS) if told + true else None,
        _share(said.status == Status.MATCH for _, said in pairs),
    )
    return dict(zip(FIGURES, values, strict=True))


def _share(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return round(sum(found) / len(found), DECIMALS) if found else None


def _right(label: Label, said: Said) -> bool:
    if said.status == Status.NONE or label.none:
        return label.none and said.status == Status.NONE
    return said.topic in label.topics


def _calibration(pairs: Sequence[tuple[Label, Said]]) -> dict[str, object]:
    """Bins of equal width: rows, mean confidence, share right; and the mean gap between the two, weighed by rows."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for label, said in pairs:
        bins[min(int(said.confidence * BINS), BINS - 1)].append((said.confidence, _right(label, said)))
    rows, gap = [], 0.0
    for number, inside in enumerate(bins):
        row = {"from": number / BINS, "to": (number + 1) / BINS, "n": len(inside), "confidence": None, "right": None}
        if inside:
            mean, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            row |= {"confidence": round(mean, DECIMALS), "right": round(right, DECIMALS)}
            gap += abs(mean - right) * len(inside)
        rows.append(row)
    return {"bins": rows, "error": round(gap / len(pairs), DECIMALS) if pairs else None}
