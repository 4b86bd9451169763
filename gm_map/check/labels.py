"""What a layer's columns say of which place a feature is: its id, its name however it is written, its level.

Text of a file is compared, never shown or run from here; what is longer than any name is not looked at.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gm_map.check.results import Layer
from gm_map.district import District
from gm_map.model import Level
from gm_map.names import LONGEST, alike, fold, readings

__all__ = ["Label", "level_of", "number_in", "numbers", "read_labels"]

# Columns that names stand in, likeliest first; any other column of texts will do where its values are names.
NAME_COLUMNS = (
    *("名称", "name", "单元", "单元名称", "片区", "片区名称", "集群", "mc", "dymc", "pqmc", "dlmc", "xmmc"),
    *("项目名称", "图层", "layer", "text", "label"),
)
LEVEL_COLUMNS = ("level", "层级", "级别", "等级", "类别", "类型", "cj", "lx", "type", "kind")
NUMBER_COLUMNS = {
    Level.UNIT: ("unit", "unitid", "unitno", "unitcode", "单元编号", "单元号", "单元代码", "dybh", "dydm"),
    Level.CLUSTER: ("cluster", "clusterid", "clusterno", "集群编号", "集群号", "集群代码", "jqbh"),
    Level.ZONE: ("zone", "zoneid", "zoneno", "片区编号", "片区号", "片区代码", "pqbh"),
}
PLAIN_NUMBERS = ("id", "no", "code", "编号", "代码", "bh", "dm")  # only where a column of levels stands beside it
NOT_ITS_OWN = re.compile(r"parent|上级|所属|隶属|父|belongs|^(sj|ss)")
LEVEL_WORDS = (
    (Level.CORRIDOR, ("走廊", "廊道", "corridor")),
    (Level.UNIT, ("单元", "unit")),
    (Level.CLUSTER, ("集群", "cluster")),
    (Level.ZONE, ("片区", "分区", "区", "zone")),
)
ENDINGS = (
    *("重大科技基础设施核心区单元", "产业单元", "门户单元", "产业集群", "产业片区"),
    *("产业", "单元", "集群", "片区", "社区", "走廊"),
    *("industrialunit", "gatewayunit", "unit", "industrycluster", "cluster", "zone", "corridor"),
)
_ID = re.compile(r"(corridor|zone|cluster|unit)[\s_\-]*0*(\d{1,3})", re.IGNORECASE)
_JOINTS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_BRACKETS = re.compile(r"[(\[【〔「].*?[)\]】〕」]")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)

LIKE = 80.0  # per cent of likeness that a near miss needs
LEAD = 8.0  # per cent over the next place
MANY = 20_000  # different values of a column that are looked at
MANY_NEAR = 120  # different values that near misses are looked for in
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Label:
    """What the columns say of a feature: places it may be (none, one, or several of different levels)."""

    name: str
    place_ids: tuple[str, ...] = ()
    how: str = "none"
    score: float = 0.0
    level: Level | None = None


def level_of(text: str) -> Level | None:
    """The level that a word says: 单元, 集群, 片区, 走廊, or English."""
    folded = fold(text[:LONGEST]).strip()
    return next((level for level, words in LEVEL_WORDS if any(word in folded for word in words)), None)


def number_in(value: Any) -> float:
    """The first number in a cell, nan where there is none."""
    if isinstance(value, bool) or value is None:
        return math.nan
    if isinstance(value, str):
        found = _NUMBER.search(value[:LONGEST])
        return float(found.group()) if found else math.nan
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def numbers(layer: Layer, columns: Iterable[str]) -> list[float]:
    """The numbers of the first of ``columns`` that a layer has, by row; nan where there is none."""
    by_form = {_form(name): name for name in layer.attributes}
    for column in columns:
        if (name := by_form.get(_form(column))) is not None:
            return [number_in(value) for value in layer.attributes[name]]
    return [math.nan] * len(layer)


def _form(text: str) -> str:
    return _JOINTS.sub("", fold(text[:LONGEST]))


def _stem(form: str) -> str:
    for ending in ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= SHORTEST:
            return form[: -len(ending)]
    return form


class _Index:
    """Every writing of every place."""

    def __init__(self, district: District):
        self.places = district.catalogue.places
        self.exact: dict[str, dict[str, tuple[str, float]]] = {}
        self.stems: dict[str, dict[str, tuple[str, float]]] = {}
        self.sounds: dict[str, str] = {}
        for place in self.places.values():
            for text in (place.name.zh, place.short.zh, place.name.en, place.short.en):
                self._add(text, place.id, "name", 1.0)
            for text in place.aliases:
                self._add(text, place.id, "alias", 0.95)
        # Streets, stations and roads have names that are like those of units; they are what they are.
        self.others = set()
        for feature in district.background:
            name = str(feature["properties"].get("name") or "")
            self.others |= {_form(name), _form(_BRACKETS.sub("", fold(name)))}
        self.others -= set(self.exact)

    def _add(self, text: str, id_: str, how: str, score: float) -> None:
        if form := _form(text):
            self.exact.setdefault(form, {}).setdefault(id_, (how, score))
            self.stems.setdefault(_stem(form), {}).setdefault(id_, (how, score))

    def find(self, text: str) -> dict[str, tuple[str, float]]:
        """Places that are written so, with how and how well."""
        if not text or len(text) > LONGEST:
            return {}
        folded = fold(text)
        whole = _form(folded)
        for form in dict.fromkeys((whole, _form(_BRACKETS.sub("", folded)), whole.lstrip("0123456789"))):
            if len(form) < SHORTEST or form in self.others:
                continue
            for table, key in (
                (self.exact, form),
                (self.exact, form.replace("片区", "区")),
                (self.stems, _stem(form)),
                (self.stems, _stem(_stem(form))),
            ):
                if key in table:
                    return table[key]
        return {}

    def near(self, text: str) -> tuple[str, float] | None:
        """The one place that is spelled or sounds nearly so, with its likeness from 0 to 1."""
        form = _stem(_form(_BRACKETS.sub("", fold(text))))
        if not SHORTEST < len(form) <= LONGEST or form in self.others or _form(text) in self.others:
            return None
        if not self.sounds:
            for stem, owners in self.stems.items():
                self.sounds.update({reading: next(iter(owners)) for reading in readings(stem)[:1]})
        best: dict[str, float] = {}
        stems = list(self.stems)
        for position, score in alike(form, stems, LIKE).items():
            for id_ in self.stems[stems[position]]:
                best[id_] = max(best.get(id_, 0.0), score)
        sounds = list(self.sounds)
        for position, score in alike(readings(form)[0], sounds, LIKE + 8.0).items():
            id_ = self.sounds[sounds[position]]
            best[id_] = max(best.get(id_, 0.0), score - 2.0)
        order = sorted(best, key=lambda id_: (-best[id_], id_))
        if not order or (len(order) > 1 and best[order[0]] - best[order[1]] < LEAD):
            return None
        return order[0], best[order[0]] / 100.0


@lru_cache(maxsize=4)
def _index(district: District) -> _Index:
    return _Index(district)


def read_labels(layer: Layer, district: District) -> list[Label]:
    """What the columns of a layer say of each feature, by row."""
    index = _index(district)
    texts = {column: [_text(value) for value in values] for column, values in layer.attributes.items()}
    own = {column: values for column, values in texts.items() if not NOT_ITS_OWN.search(_form(column))}
    ids = _best_ids(own, index.places)
    names, found = _best_names(own, index)
    levels = _levels(texts, len(layer))
    counted = _counted(layer, index.places, levels) if ids is None else None
    near: dict[str, tuple[str, float] | None] = {}
    labels = []
    for row in range(len(layer)):
        name, level = (names[row] if names else ""), levels[row]
        if ids is not None and ids[row]:
            labels.append(Label(name or ids[row], (ids[row],), "id", 1.0, index.places[ids[row]].level))
            continue
        hits = found.get(name, {})
        wanted = level or (level_of(name) if len(hits) > 1 else None)
        if wanted and any(index.places[id_].level == wanted for id_ in hits):
            hits = {id_: hit for id_, hit in hits.items() if index.places[id_].level == wanted}
        if hits:
            how, score = next(iter(hits.values()))
            labels.append(Label(name, tuple(hits), how, score, wanted))
            continue
        if counted is not None and counted[row]:
            labels.append(Label(name or str(counted[row]), (counted[row],), "id", 0.9, level))
            continue
        if name and name not in near:
            near[name] = index.near(name) if len(near) < MANY_NEAR else None
        if name and (guess := near[name]):
            labels.append(Label(name, (guess[0],), "near", guess[1], level))
        else:
            labels.append(Label(name, level=level or (level_of(name) if name else None)))
    return labels


def _text(value: Any) -> str:
    if value is None or isinstance(value, float | bool):
        return ""
    return value.strip() if isinstance(value, str) else ""


def _best_ids(columns: Mapping[str, Sequence[str]], places: Mapping[str, Any]) -> list[str | None] | None:
    """The column in which most places are named by their ids."""
    best: list[str | None] | None = None
    for values in columns.values():
        by_value = {}
        for value in dict.fromkeys(values):
            whole = _ID.fullmatch(value) if len(value) <= LONGEST else None
            if whole:
                level, number = whole.group(1).lower(), int(whole.group(2))
                id_ = next((form for form in (f"{level}-{number}", f"{level}-{number:02d}") if form in places), None)
                by_value[value] = id_
        found = [by_value.get(value) for value in values]
        if any(found) and (best is None or len(set(found)) > len(set(best))):
            best = found
    return best


def _best_names(columns: Mapping[str, Sequence[str]], index: _Index):
    """The column in which most places are named, and what its values mean; else the one that is called a name."""
    best, best_key, meaning = None, (0, -len(NAME_COLUMNS) - 1), {}
    for column, values in columns.items():
        different = list(dict.fromkeys(value for value in values if value))[:MANY]
        if not different:
            continue
        found = {value: hits for value in different if (hits := index.find(value))}
        form = _form(column)
        rank = -NAME_COLUMNS.index(form) if form in NAME_COLUMNS else -len(NAME_COLUMNS)
        key = (len({id_ for hits in found.values() for id_ in hits}), rank)
        if key > best_key and (found or form in NAME_COLUMNS):
            best, best_key, meaning = values, key, found
    return best, meaning


def _levels(columns: Mapping[str, Sequence[str]], count: int) -> list[Level | None]:
    by_form = {_form(name): values for name, values in columns.items()}
    for name in LEVEL_COLUMNS:
        if (values := by_form.get(name)) is not None:
            known = {value: level_of(value) for value in dict.fromkeys(values) if value}
            if any(known.values()):
                return [known.get(value) for value in values]
    return [None] * count


def _counted(layer: Layer, places: Mapping[str, Any], levels: Sequence[Level | None]) -> list[str | None] | None:
    """Places by a bare number, where the column says of what level it counts."""
    by_form = {_form(name): values for name, values in layer.attributes.items()}
    tries: list[tuple[Sequence[Any], Sequence[Level | None]]] = [
        (by_form[name], [level] * len(layer))
        for level, names in NUMBER_COLUMNS.items()
        for name in names
        if name in by_form
    ]
    if any(levels):
        tries += [(by_form[name], levels) for name in PLAIN_NUMBERS if name in by_form]
    for values, of in tries:
        found = []
        for value, level in zip(values, of, strict=True):
            number = number_in(value)
            whole = level is not None and math.isfinite(number) and number == int(number)
            forms = (f"{level}-{int(number)}", f"{level}-{int(number):02d}") if whole else ()
            found.append(next((form for form in forms if form in places), None))
        if any(found):
            return found
    return None
