"""Which of many texts may ask for land, or for things that tell places apart: only those are gone through word by word.

`gm_map.needs.extract` takes as long for a text as reading it does, and most texts ask for nothing that would change
their place. The sieve is coarse: it lets through what asks for nothing, and holds back nothing that asks.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product

import polars as pl

from gm_map.amounts import same_length
from gm_map.ground import NEED_DISTANCES, NEED_FACTS
from gm_map.needs import NO_NEEDS, WORDS, Needs, extract

__all__ = ["TELLING", "may_ask", "needs_that_tell"]

# Needs that some places of the plan meet and others do not; land tells too.
TELLING = frozenset((*NEED_FACTS, *NEED_DISTANCES))

# Parts of what `gm_map.needs` and `gm_map.amounts` look for: a text without any of them cannot fit their patterns.
ASKING = "需 须 希望 要求 要有 要近 要靠 依托 对接 靠 邻 近 共享 借助 利用 拟设 拟建 建设 配套 配建 配有 便利 距 优先"
ASKING_EN = "need|requir|access|near|close to|next to|seek|want|looking for|proximity|prefer"
LAND_UNITS = "亩 公顷 平方公里 平方千米 acre hectare km² km2 square kilomet"
SHORT_UNITS = ("ha", "mu", "mou", "sq km", "sq. km", "sqkm", "sq.km")  # only after a number
NUMBER_ENDS = (
    *"0123456789零一二三四五六七八九十百千万半余多来+",
    *(f"{digit}{step}" for digit in range(10) for step in "kw"),
)
LAND_WORDS = "用地 占地 土地 地块 要地 拿地 供地 征地 宗地 工业地 land site plot parcel"
FLOOR_UNITS = "平 ㎡ m² m2 sqm sq square 坪 尺 呎"
WIDE = [chr(code) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))]  # let through, whatever they spell


def may_ask(texts: pl.Series) -> pl.Series:
    """Whether each text may ask for land or for a need of `TELLING`."""
    sure, doubtful, asks, land, floor = map(list, _words())
    found = texts.str.contains_any(sure, ascii_case_insensitive=True).fill_null(False)
    for words, also in ((doubtful, asks), (land, floor)):
        found |= _both(texts, words, also)
    return found


def _both(texts: pl.Series, words: list[str], also: list[str]) -> pl.Series:
    """Whether each text has one of both kinds of words; the second is only looked for where the first is."""
    found = texts.str.contains_any(words, ascii_case_insensitive=True).fill_null(False)
    at = found.arg_true()
    return found.scatter(at, texts.gather(at).str.contains_any(also, ascii_case_insensitive=True))


def needs_that_tell(texts: Sequence[str]) -> list[Needs]:
    """`extract` of each text that may ask for what tells places apart; the others ask for nothing."""
    asking = may_ask(pl.Series(texts, dtype=pl.String)).to_list()
    return [extract(text) if asks else NO_NEEDS for text, asks in zip(texts, asking, strict=True)]


@cache
def _words() -> tuple[tuple[str, ...], ...]:
    """Words that are sure, words that count where one asks, words that ask, words of land, units of space."""
    sure, doubtful = [], []
    for key, (certain, possible) in WORDS.items():
        if key in TELLING:
            sure += _split(certain)
            doubtful += _split(possible)
    short = (f"{end}{gap}{unit}" for end, gap, unit in product(NUMBER_ENDS, ("", " ", "-", " -"), SHORT_UNITS))
    sure += [*LAND_UNITS.split(), *short, *WIDE]
    asks = [*ASKING.split(), *ASKING_EN.split("|")]
    return tuple(tuple(_variants(words)) for words in (sure, doubtful, asks, LAND_WORDS.split(), FLOOR_UNITS.split()))


def _split(words: str) -> list[str]:
    chinese, *english = words.split("|")
    return [*chinese.split(), *filter(None, english)]


def _variants(words: Iterable[str]) -> set[str]:
    """Words as they may be written: with each character that `same_length` takes for one of theirs."""
    return {"".join(spelled) for word in words for spelled in product(*(_spellings()[character] for character in word))}


@cache
def _spellings() -> dict[str, str]:
    found = _Same()
    for code in range(0x3400, 0xA000):
        plain = same_length(chr(code))
        found[plain] = found[plain] + chr(code) if plain != chr(code) else found[plain]
    return found


class _Same(dict):
    """A character is written as itself where nothing else is known."""

    def __missing__(self, character: str) -> str:
        return character
