"""Which column of a table of parks holds what, and in which unit: found by name, and a person may correct it.

A column of ratios (亩均税收, tax per hectare, growth) is never taken for a total. Everything is counted in hectares,
ten thousand yuan (万元), persons and tonnes of standard coal.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gm_map.errors import InputError

__all__ = ["AMOUNTS", "KINDS", "ROLES", "UNITS", "ParkColumns", "find_park_columns", "unit_in"]

# Names that columns go by, likeliest first; compared without brackets, blanks and signs.
NAMES = {
    "name": "园区名称 企业名称 公司名称 项目名称 单位名称 园区 企业 公司 项目 名称 name park parkname firm company "
    "companyname enterprise project",
    "unit": "所在单元 产业单元 所属单元 规划单元 单元名称 单元 unit unitname planningunit unitid",
    "longitude": "经度 經度 longitude lon lng lonwgs84 x",
    "latitude": "纬度 緯度 latitude lat latwgs84 y",
    "land": "用地面积 土地面积 占地面积 用地 占地 宗地面积 land landarea sitearea",
    "output": "工业总产值 总产值 产值 年产值 营业收入 output outputvalue grossoutput totaloutput",
    "added": "工业增加值 增加值 addedvalue valueadded grossvalueadded gva",
    "tax": "税收总额 税收 纳税总额 纳税额 纳税 税收贡献 tax taxes taxpaid taxrevenue",
    "jobs": "从业人数 从业人员 就业人数 员工人数 职工人数 用工人数 jobs employees employment staff headcount",
    "rd": "研发投入 研发经费 研发费用 r&d投入 r&d经费 r&d rd r&dspending rdspending researchanddevelopment",
    "energy": "综合能耗 能源消费量 能耗 energy energyuse energyconsumption",
}
# Parts of names that still say what a column is, where no whole name fits.
PARTS = {
    "name": "名称",
    "unit": "单元",
    "land": "用地面积 占地面积 土地面积 land",
    "output": "产值 output",
    "added": "增加值 added",
    "tax": "税收 纳税 税额 tax",
    "jobs": "从业 就业 员工 职工 employ jobs",
    "rd": "研发 r&d",
    "energy": "能耗 energy",
}
# A total is wanted: what is per hectare already, a share, a change or an area of floor is another thing.
NO_TOTAL = re.compile(
    r"亩均|地均|人均|单位面积|每公顷|每亩|率|占比|比重|强度|增长|增幅|同比|建筑面积|容积|/\s*(?:亩|公顷|ha\b|km|hectare)|"
    r"\bper\b|ratio|\brate\b|share|growth|intensity|floor"
)
BARE_AREA = ("面积", "area")  # land, where nothing better is there

# What a unit is worth in the one that is counted in; the longer writings first.
UNITS: Mapping[str, Mapping[str, float]] = {
    "land": {"公顷": 1.0, "亩": 1.0 / 15.0, "km²": 100.0, "m²": 1e-4, "万m²": 1.0},
    "money": {"万元": 1.0, "亿元": 10_000.0, "百万元": 100.0, "千元": 0.1, "元": 1e-4},
    "people": {"人": 1.0, "万人": 10_000.0},
    "energy": {"吨标准煤": 1.0, "万吨标准煤": 10_000.0},
}
_WRITTEN = {
    "land": (
        ("km²", r"平方公里|平方千米|km2|km\^2|sq\.?_?\s?km|square kilomet"),
        ("万m²", r"万(?:平方米|平米|m2|㎡)"),
        ("公顷", r"公顷|\bha\b|_ha$|hectare"),
        ("亩", r"(?<!英)亩|畝|\bmu\b|_mu$"),
        ("m²", r"平方米|平米|m2\b|sqm|sq\.?_?\s?m\b|square met"),
    ),
    "money": (
        ("亿元", r"亿元|亿|100[ _]?million|hundred million"),
        ("百万元", r"百万元|百万|million|\bmn\b"),
        ("万元", r"万元|万|10[ _]?k\b|10,?000|10k|ten thousand|wan"),
        ("千元", r"千元|thousand|\bk[ _]?(?:yuan|cny|rmb)"),
        ("元", r"元|yuan|cny|rmb"),
    ),
    "people": (("万人", r"万人|万|10k"), ("人", r"")),
    "energy": (("万吨标准煤", r"万吨|10k ?t"), ("吨标准煤", r"吨|tce|tonne")),
}
_UNIT_AT_END = re.compile(
    r"[_ ](?:ha|mu|km2|m2|sqm|tce|(?:(?:10k|10_?000|100|hundred|thousand)[_ ]?)?(?:million[_ ]?)?(?:yuan|cny|rmb)?)$"
)
_FOREIGN = re.compile(r"美元|港元|港币|欧元|日元|us\$|usd|hkd|eur|dollar")

KINDS = {
    "land": "land",
    "output": "money",
    "added": "money",
    "tax": "money",
    "jobs": "people",
    "rd": "money",
    "energy": "energy",
}
AMOUNTS = tuple(KINDS)
ROLES = tuple(NAMES)


@dataclass(frozen=True)
class ParkColumns:
    """Which column holds what (by role, only those that are there), and the unit of each amount (None: not told)."""

    names: Mapping[str, str]
    units: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def untold(self) -> tuple[str, ...]:
        """Amounts whose unit must be asked for."""
        return tuple(role for role in AMOUNTS if role in self.names and self.units.get(role) is None)


def unit_in(kind: str, written: str) -> str | None:
    """The unit that a name says, None where it says none or one of other money.

    >>> unit_in("money", "税收（万元）"), unit_in("land", "用地面积/亩"), unit_in("money", "tax (million USD)")
    ('万元', '亩', None)
    """
    form = unicodedata.normalize("NFKC", written).casefold()
    if kind == "money" and _FOREIGN.search(form):
        return None
    return next((unit for unit, pattern in _WRITTEN[kind] if re.search(pattern, form)), None)


def find_park_columns(
    names: Sequence[str],
    chosen: Mapping[str, str | None] | None = None,
    units: Mapping[str, str] | None = None,
) -> ParkColumns:
    """Which column holds what.

    Parameters
    ----------
    names : sequence of str
    chosen : mapping of str to str or None
        What a person chose, by role; None or "" means that there is none.
    units : mapping of str to str
        Units that a person chose, by role; they win over what the name says.

    Raises
    ------
    InputError
        For a chosen column that is not there, or a unit that does not exist.
    """
    found: dict[str, str | None] = {}
    for role, name in (chosen or {}).items():
        if name and name not in names:
            raise InputError(f"no column “{name}”: found {', '.join(names[:20])}; name one of these")
        found[role] = name or None
    for table, fits in ((NAMES, str.__eq__), (PARTS, str.__contains__)):
        for role, words in table.items():
            if role not in found:
                free = _free(names, found, role)
                hit = next((name for word in words.split() for name in free if fits(_form(name), word)), None)
                if hit is not None:
                    found[role] = hit
    if "land" not in found:
        hit = next((name for name in _free(names, found, "land") if _form(name) in BARE_AREA), None)
        if hit is not None:
            found["land"] = hit
    held = {role: name for role in ROLES if (name := found.get(role))}
    told: dict[str, str | None] = {}
    for role, name in held.items():
        if role in KINDS:
            asked = (units or {}).get(role)
            if asked and asked not in UNITS[KINDS[role]]:
                wanted = ", ".join(UNITS[KINDS[role]])
                raise InputError(f"no such unit for {role}: “{asked}”; take one of {wanted}")
            told[role] = asked or unit_in(KINDS[role], name)
    return ParkColumns(held, told)


def _free(names: Iterable[str], found: Mapping[str, str | None], role: str) -> list[str]:
    free = [name for name in names if name not in found.values()]
    return [name for name in free if role not in KINDS or not NO_TOTAL.search(_plain(name))]


def _plain(name: str) -> str:
    return re.sub(r"[_\-]", " ", unicodedata.normalize("NFKC", name).casefold())


def _form(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = re.sub(r"[(【\[].*?[)\]】]|[/,，].*$", "", folded)
    folded = _UNIT_AT_END.sub("", folded)
    return re.sub(r"[\s_\-:*]", "", folded)
