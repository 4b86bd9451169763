"""Amounts of land and of floor space in a text: 20亩, 两千平, 3万平方米, 1.5公顷, 9,000 sqm, 10-acre.

Land (用地) and floor space (厂房, 办公) are different things: the plan speaks of land only and gives no plot ratio, so
one is never turned into the other. Amounts that a line makes (年产200万平方米) are no space that anybody asks for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Amount", "Space", "amounts", "number", "same_length"]

# Square metres of one unit, and how people write it. A mu is 1/15 hectare; 坪 is 400/121 m²; acre and foot are the
# international ones.
UNITS = {
    "亩": (2000 / 3, r"亩|mu\b|mou\b"),
    "km²": (1_000_000.0, r"平方公里|平方千米|km(?:²|2\b)|sq\.? ?km\b|square kilomet(?:er|re)s?"),
    "公顷": (10_000.0, r"公顷|hectares?\b|ha\b"),
    "英亩": (4046.8564224, r"英亩|acres?\b"),
    "平方英尺": (0.09290304, r"平方(?:英尺|尺|呎)|呎|sq\.? ?ft\b|square (?:feet|foot)|sqft\b"),
    "m²": (
        1.0,
        r"平方米|平方公尺|平米|平方(?![公千英尺呎毫厘分])|㎡|m²|m2\b|sqm\b|sq\.? ?m\b|sq\.? ?met(?:er|re)s?|"
        r"square[- ]?met(?:er|re)s?|平(?![台均衡面板安整稳行时日常方])",
    ),
    "坪": (400 / 121, r"坪"),
}
OF_LAND = ("亩", "km²", "公顷", "英亩")
LEAST_M2 = 10.0  # less is the cross-section of a cable or a sample, not a place to work
MOST_M2 = 200e6  # more than the whole district: an output

OF = re.compile(
    r"(?P<land>用地|占地|土地|地块|要地|拿地|供地|征地|宗地|工业地|\bland\b|\bsites?\b|\bplots?\b|\bparcels?\b)|"
    r"厂房|车间|洁净|净化|办公|实验室|用房|建筑|楼|仓|总部|宿舍|产线|试线|机房|暗室|floor|factory|plant|clean ?room|"
    r"offices?\b|\blabs?\b|laborator|workshop|building|warehouse|\bgfa\b"
)
MADE = re.compile(
    r"(?:[年月日]产能?|产能|产量|销量|出货|销售|供应|订单|铺设|涂布|镀膜|capacity(?: of)?|output(?: of)?|produc\w+|"
    r"shipp?(?:ing|s)|annual(?:ly)?)[^\d,，。;；]{0,6}$",
)
MADE_AFTER = re.compile(r" ?(?:/|每[年月日天小]|per (?:year|annum|month|day|hour)|a year|annually|p\.a\.)")
HELD = re.compile(
    r"(?:现有|已有|现租|原有|目前|现址|已建成?|existing|currently?|present)(?!.*(?:需|要|拟|扩|求))"
    r"[^,，。;；]{0,12}$",
)
BREAKS = re.compile(r"[,，。;；!！?？\n]")
REACH = 16  # characters before an amount that may say what it is of

# One character for one, so that positions in the text stay.
_TRADITIONAL = (
    "畝亩 頃顷 萬万 兩两 廠厂 產产 實实 驗验 區区 間间 車车 線线 樓楼 倉仓 總总 機机 築筑 淨净 潔洁 佔占 塊块 徵征 "
    "檢检 測测 試试 臨临 鐵铁 軌轨 業业 鄰邻 選选 動动 電电 雙双 氣气 汙污 廢废 險险 庫库 鏈链 場场 裝装 "
    "學学 質质 術术 轉转 體体 備备 協协 設设 優优 開开 園园 點点 餘余 來来 幾几 個个 製制 藥药 現现 擬拟 擴扩 "
    "辦办 國国 過过 結结 無无 須须 對对 聯联 發发 與与 員员 層层 載载 熱热 龍龙 環环 評评 價价 眾众 創创 "
    "醫医 篩筛 級级 貨货 應应 單单 號号 診诊 齊齐 進进 門门 們们 種种 處处 專专 團团 讓让 離离 運运 銷销 訂订 "
    "鋪铺 塗涂 鍍镀 達达 後后 預预 計计 約约 廳厅 證证 認认 許许 廣广 復复 適适"
)
_ONE_FOR_ONE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？"} | {
    0x3000: 0x20,
    **{code: code + 32 for code in range(ord("A"), ord("Z") + 1)},
    **{code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)},
    **{ord(pair[0]): ord(pair[1]) for pair in _TRADITIONAL.split()},
}

_OTHERS = re.compile(f"[{''.join(map(re.escape, map(chr, _ONE_FOR_ONE)))}]")
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:万\d千?|\s?[十百千万]+|[kw](?![a-z\d²]))?"
_CHINESE = r"[零〇一二两三四五六七八九十百千万半]+(?:点[零〇一二三四五六七八九]+)?"
_NUMBER = rf"(?:{_PLAIN}|{_CHINESE})"
_UNIT = "|".join(rf"(?P<u{place}>{pattern})" for place, (_, pattern) in enumerate(UNITS.values()))
_AMOUNT = re.compile(
    rf"(?<![\d.,几数])(?=[\d零〇一二两三四五六七八九十百千万半])"
    rf"(?:(?P<low>{_NUMBER}) ?(?:[-–—~～至到]|to) ?)?(?P<high>{_NUMBER})"
    rf"(?:[余多来]|\+)? ?-?(?:{_UNIT})",
)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_UNIT_NAMES = tuple(UNITS)


class Space(StrEnum):
    """What an amount is of."""

    LAND = "land"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of land or floor space, as asked for.

    ``m2`` is in square metres: the upper end where a text gives a range (``least_m2`` is the lower one, else the same).
    ``value`` and ``unit`` are as written; ``start`` and ``end`` are positions in the text. ``asked`` is False for what
    somebody says to have already.
    """

    space: Space
    value: float
    unit: str
    m2: float
    least_m2: float
    start: int
    end: int
    asked: bool

    @property
    def km2(self) -> float:
        """The same in square kilometres."""
        return self.m2 / 1_000_000.0


def same_length(text: str) -> str:
    """``text`` in narrow figures, small letters and simplified characters, one character for one: positions stay.

    Only the characters that words of land and of needs are written with are simplified.
    """
    small = text.lower()
    if len(small) != len(text):
        small = text  # a few letters of other scripts become two; the table lowers ours
    return small.translate(_ONE_FOR_ONE) if _OTHERS.search(small) else small


def number(written: str) -> float:
    """The value of a number in figures, Chinese characters or both; 0.0 for nothing that is one.

    >>> number("1.2万"), number("三万二"), number("两千零五十"), number("半"), number("15,600")
    (12000.0, 32000.0, 2050.0, 0.5, 15600.0)
    """
    written = written.strip().replace(",", "").replace(" ", "")
    if found := re.fullmatch(r"(\d+)万(\d)千?", written):
        return int(found[1]) * 10_000.0 + int(found[2]) * 1000.0
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万kw]*)", written):
        value = float(found[1])
        for step in found[2]:
            value *= {"k": 1000, "w": 10_000}.get(step) or _STEPS[step]
        return value
    whole, _, decimals = written.partition("点")
    after = sum(_DIGITS.get(digit, 0) * 10.0 ** -(place + 1) for place, digit in enumerate(decimals))
    return _characters(whole) + after


def _characters(written: str) -> float:
    if written == "半":
        return 0.5
    total = section = digit = 0.0
    step, zero = 1, False
    for character in written:
        if character in _DIGITS:
            digit, zero = float(_DIGITS[character]), zero or _DIGITS[character] == 0
        elif character == "万":
            total, section, digit, step, zero = (total + section + digit or 1.0) * 10_000, 0.0, 0.0, 10_000, False
        elif character in _STEPS:
            section, digit, step, zero = section + (digit or 1.0) * _STEPS[character], 0.0, _STEPS[character], False
        elif character == "半":
            digit += 0.5
    # 三万二 is 32,000 and 一千五 is 1,500: the last digit stands one step below the last step, unless a zero is said.
    loose = digit * step / 10 if step > 10 and not zero and digit == int(digit) else digit
    return total + section + loose


def _range(found: re.Match[str]) -> tuple[float, float]:
    """Lower and upper end; the lower one takes the steps of the upper: 1-2万 is 10,000 to 20,000."""
    high = number(found["high"])
    if found["low"] is None:
        return high, high
    low = number(found["low"])
    steps = re.search(r"[十百千万kw]+$", found["high"])
    if steps and re.search(r"[\d一二两三四五六七八九]$", found["low"]):
        low = number(found["low"] + steps[0])
    return (low, high) if 0 < low <= high else (high, high)


def _space(plain: str, start: int, end: int) -> Space:
    """Of what square metres are: the nearest word in the same clause says it; floor space where none does."""
    before = BREAKS.split(plain[max(0, start - REACH) : start])[-1]
    after = BREAKS.split(plain[end : end + REACH])[0]
    words = [(len(before) - word.end(), word) for word in OF.finditer(before)]
    # What follows counts half: 用地3万平方米建厂房 is land.
    words += [(2 * word.start() + 1, word) for word in OF.finditer(after)]
    nearest = min(words, key=lambda pair: pair[0], default=None)
    return Space.LAND if nearest and nearest[1]["land"] else Space.FLOOR


def amounts(plain: str) -> Iterator[Amount]:
    """Every amount of land or floor space in a text, in order.

    Parameters
    ----------
    plain : str
        A text from `same_length`.
    """
    for found in _AMOUNT.finditer(plain):
        start, end = found.span()
        place = next(place for place in range(len(UNITS)) if found[f"u{place}"] is not None)
        unit = _UNIT_NAMES[place]
        least, most = _range(found)
        per = UNITS[unit][0]
        before = plain[max(0, start - 24) : start]
        if not LEAST_M2 <= most * per <= MOST_M2 or MADE.search(before) or MADE_AFTER.match(plain, end):
            continue
        yield Amount(
            Space.LAND if unit in OF_LAND else _space(plain, start, end),
            most,
            unit,
            most * per,
            least * per,
            start,
            end,
            HELD.search(BREAKS.split(before)[-1]) is None,
        )
