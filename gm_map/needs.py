"""What a text asks for beside its industry: land, floor space, and things such as clinical bases or a railway station.

A word such as 检测 names a trade as often as a need. Words that leave no doubt (检测平台) count anywhere; the others
only where their clause asks (需, 靠近, near ...), and none where it says that it is done or not needed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gm_map.amounts import Amount, Space, amounts, same_length

__all__ = ["KEYS", "NO_NEEDS", "Need", "Needs", "extract", "extract_many"]

# By need: words that always count, and words that count where the clause asks. Simplified, small letters.
WORDS = {
    "clinical": (
        "临床研究 临床试验 临床基地 临床验证 临床资源|clinical trial|clinical research|clinical stud|clinical base",
        "临床 医院|clinical|hospital",
    ),
    "pilot": ("中试线 中试基地 中试平台 中试车间 中试用房 中试场地|pilot line|pilot plant|pilot-scale", "中试|pilot"),
    "testing": (
        "检测平台 检测机构 检验检测 测试平台 测试评价 材料测试 检测中心 检测服务|testing lab|test platform|"
        "testing platform|testing cent",
        "检测 测试 检验|testing",
    ),
    "incubation": (
        "孵化器 企业加速器 孵化空间 创业苗圃 众创空间 孵化场地|incubator|start-up accelerator|startup accelerator",
        "孵化|incubat",
    ),
    "research": (
        "科研院所 研究平台 联合实验室 功能性研究平台|research institute|joint lab|research platform",
        "高校 大学 科研 产学研|universit|academia",
    ),
    "big_science": (
        "大科学装置 重大科技基础设施 大科学设施 同步辐射光源|large research facilit|synchrotron|big science|"
        "major science and technology facilit",
        "大设施|light source",
    ),
    "drug_discovery": ("药物发现平台 药物筛选平台|drug discovery platform|drug screening platform", "药物发现|"),
    "transfer": (
        "成果转移转化平台 技术转移平台 成果转化平台|technology transfer platform",
        "成果转化 技术转移|technology transfer",
    ),
    "talent": (
        "人才公寓 人才住房 人才配套 员工宿舍 配套宿舍|talent apartment|talent housing|staff dormitor|staff housing",
        "宿舍|dormitor",
    ),
    "hsr": ("高铁站 光明城站 近高铁 高铁沿线 高铁便利|high-speed rail station|hsr station", "高铁|high-speed rail|hsr"),
    "metro": (
        "地铁站 地铁口 近地铁 地铁沿线 轨道站点 地铁上盖|metro station|subway station|mrt station",
        "地铁 轨道交通|metro|subway",
    ),
    "expressway": ("龙大高速 高速出入口 高速口|expressway access|expressway entrance", "高速公路|expressway|motorway"),
    "animal": ("动物房 动物实验 实验动物|animal facilit|vivarium|animal house", "spf级|animal stud"),
    "power": ("双回路 双电源 供电 用电负荷 专线用电|dual power|dual-feed|power supply|power load", "用电|electricity"),
    "cleanroom": (
        "洁净厂房 洁净室 洁净车间 净化车间 洁净|cleanroom|clean room",
        "净化 百级 千级 万级|",
    ),
    "wastewater": ("废水 污水 排污 危废|wastewater|effluent", ""),
    "heat": ("蒸汽 供热 天然气 特气站|steam|natural gas", ""),
    "load": ("重荷载 荷载 承重 层高|floor load|ceiling height", ""),
    "hazard": ("危化品 防爆 甲类厂房 甲类仓库|hazardous|explosion-proof", ""),
    "cold": ("冷库 冷链|cold storage|cold chain", ""),
    "port": ("", "机场 港口 码头|airport|seaport"),
}
KEYS = tuple(WORDS)

ASKS = re.compile(
    r"需(?!求)|须|希望|要求|要有|要近|要靠|依托|对接|(?<!可)靠|临近|邻近|毗邻|紧邻|(?<!最)近(?!年|期|来|日|况|\d)|"
    r"共享|借助|利用|拟[设建]|建设|配套|配建|配有|便利|距|优先|\bneed|requir|\baccess|\bnear|close to|next to|seek|"
    r"\bwant|looking for|proximity|prefer",
)
DONE_BEFORE = re.compile(
    r"(?:已|完成|通过|经过|走完|passed|completed|finished)[^,，。;；]{0,6}$|"
    r"(?:无需|不需要?|无须|不用|没有|不要|no need for|without|not need)[^,，。;；]{0,4}$",
)
DONE_AFTER = re.compile(r"[^,，。;；]{0,2}(?:已过|已完成|已通过|完成|通过|过了|completed|passed|done)")
CLAUSE = re.compile(r"[,，。;；!！?？\n]")


def _table() -> dict[str, tuple[str, bool]]:
    """Need and certainty by word."""
    table = {}
    for key, both in WORDS.items():
        for words, certain in zip(both, (True, False), strict=True):
            chinese, *english = words.split("|")
            for word in (*chinese.split(), *filter(None, english)):
                table.setdefault(word, (key, certain))
    return table


_TABLE = _table()
_ANY = re.compile("|".join(re.escape(word) for word in sorted(_TABLE, key=lambda word: (-len(word), word))))


@dataclass(frozen=True, slots=True)
class Need:
    """A thing that a text asks for, and the characters that say so."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What a text asks for. ``land`` and ``floor`` are the largest asked of each kind, None where none is.

    The largest, not the sum: a total is often given with its phases. ``found`` are all amounts in the text, those that
    a project has already among them; ``asked`` are the words, in order.
    """

    land: Amount | None = None
    floor: Amount | None = None
    found: tuple[Amount, ...] = ()
    asked: tuple[Need, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What is asked for, each once, in the order of `KEYS`."""
        asked = {need.key for need in self.asked}
        return tuple(key for key in KEYS if key in asked)

    @property
    def land_km2(self) -> float | None:
        """Land asked for, in square kilometres."""
        return self.land.km2 if self.land else None


NO_NEEDS = Needs()


def extract(text: str) -> Needs:
    """What a text asks for, with positions in it.

    Parameters
    ----------
    text : str
        Chinese (simplified or Traditional) or English, of any width of letters.
    """
    plain = same_length(text)
    found = tuple(amounts(plain))
    asked = tuple(_asked(plain))
    if not found and not asked:
        return NO_NEEDS
    return Needs(_largest(found, Space.LAND), _largest(found, Space.FLOOR), found, asked)


def extract_many(texts: Iterable[str | None]) -> list[Needs]:
    """`extract` of each text; None and empty texts ask for nothing."""
    return [extract(text) if text else NO_NEEDS for text in texts]


def _largest(found: Iterable[Amount], space: Space) -> Amount | None:
    return max((amount for amount in found if amount.space == space and amount.asked), key=_m2, default=None)


def _m2(amount: Amount) -> float:
    return amount.m2


def _asked(plain: str) -> Iterable[Need]:
    for found in _ANY.finditer(plain):
        key, certain = _TABLE[found[0]]
        start, end = found.span()
        if found[0][0].isascii() and start and plain[start - 1].isascii() and plain[start - 1].isalnum():
            continue  # the tail of another Latin word
        if (certain or _asks(plain, start, end)) and not _done(plain, start, end):
            yield Need(key, start, end)


def _asks(plain: str, start: int, end: int) -> bool:
    clause = CLAUSE.split(plain[max(0, start - 30) : start])[-1]
    return bool(ASKS.search(clause) or ASKS.search(CLAUSE.split(plain[start : end + 6])[0]))


def _done(plain: str, start: int, end: int) -> bool:
    return bool(DONE_BEFORE.search(plain[max(0, start - 16) : start]) or DONE_AFTER.match(plain, end))
