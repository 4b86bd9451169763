"""Which column of a table holds what: found by name or by its words; a person may correct it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from gm_map.errors import InputError

__all__ = ["ROLES", "Columns", "find_columns"]

# Names that columns go by, likeliest first; compared folded, without blanks and what stands in brackets.
NAMES = {
    "text": "项目简介 项目描述 项目概况 项目介绍 项目内容 项目说明 简介 描述 业务描述 主营业务 主要业务 "
    "业务范围 经营范围 公司简介 企业简介 企业介绍 公司介绍 主要产品 产品介绍 介绍 概况 内容 说明 文本 正文 建设内容 "
    "description desc text intro introduction business businessscope mainbusiness summary abstract projectdescription "
    "companydescription about content details profile",
    "name": "项目名称 企业名称 公司名称 单位名称 机构名称 项目 企业 公司 单位 名称 "
    "name company companyname projectname project title firm enterprise organisation organization",
    "code": "行业代码 国民经济行业代码 行业分类代码 gb/t4754 gb/t47542017 gbt4754 industrycode code",
    "land": "用地 用地面积 需求面积 用地需求 土地面积 面积 land landarea area",
    "longitude": "经度 longitude lon lng long x",
    "latitude": "纬度 latitude lat y",
}
# Parts of names that still say what a column is, where no whole name fits.
PARTS = {
    "text": "简介 描述 主营 经营范围 介绍 概况 业务 description summary business intro",
    "name": "名称 name company",
    "code": "行业代码 4754",
    "land": "用地",
    "longitude": "经度 longitude",
    "latitude": "纬度 latitude",
}
LEAST_AVERAGE = 6  # characters on average that make a column of texts

ROLES = tuple(NAMES)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what, by its name; None where there is none. ``guessed``: the text by length alone."""

    text: str
    name: str | None = None
    code: str | None = None
    land: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    guessed: bool = False


def find_columns(names: Sequence[str], sample: pl.DataFrame | None = None, **chosen: str | None) -> Columns:
    """Which column holds what.

    Parameters
    ----------
    names : sequence of str
    sample : polars.DataFrame, optional
        A few rows: where no name says "text", the column with the longest words is taken, and `Columns.guessed` set.
    **chosen : str or None
        What a person chose, by role (``text="备注"``); it must be there. "" means: there is none.

    Raises
    ------
    InputError
        Where a chosen column is not there, or there is nothing that may be the text.
    """
    shown = ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
    found: dict[str, str | None] = {}
    for role, name in chosen.items():
        if name is not None:
            if name and name not in names:
                raise InputError(f"no column “{name}”: found {shown}; name one of these")
            found[role] = name or None
    forms = {name: _form(name) for name in names}
    for table, fits in ((NAMES, str.__eq__), (PARTS, str.__contains__)):
        for role, words in table.items():
            if role not in found:
                free = [name for name in names if name not in found.values()]
                hit = next((n for word in words.split() for n in free if fits(forms[n], word)), None)
                if hit is not None:
                    found[role] = hit
    if found.get("text"):
        return Columns(**found)
    free = [name for name in names if name not in found.values()]
    if sample is not None:
        lengths = {name: _average(sample[name]) for name in free}
        longest = max(lengths, key=lengths.__getitem__, default=None)
        if longest is not None and (lengths[longest] >= LEAST_AVERAGE or len(names) == 1):
            return Columns(**{**found, "text": longest}, guessed=True)
    raise InputError(
        f"no column of texts: found {shown}; wanted one such as 简介, 主营业务, text; rename it or say which it is"
    )


def _form(name: str) -> str:
    return re.sub(r"[(【\[].*?[)】\]]|[\s_\-:*]", "", unicodedata.normalize("NFKC", name)).casefold()


def _average(column: pl.Series) -> float:
    if column.dtype != pl.String:
        return 0.0
    words = column.str.replace_all(r"[\d\s.,:/\-+%()]", "").str.len_chars()
    return float(words.fill_null(0).mean() or 0.0)
