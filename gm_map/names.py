"""How a name is written, sounds, and may be misspelled: what search and the command line both need to recognise one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import product

__all__ = ["LONGEST", "alike", "fold", "initials", "near", "readings"]

# Traditional and simplified form of the characters that occur in the plan's names. No dictionary of the language.
TRADITIONAL = """
    專专 業业 東东 個个 臨临 習习 產产 儀仪 價价 眾众 優优 會会 傳传 僑侨 債债 償偿 儲储 兒儿 興兴 養养 內内 冊册
    軍军 決决 況况 減减 準准 鳳凤 劃划 剛刚 創创 別别 劑剂 務务 動动 勢势 區区 醫医 華华 協协 單单 壓压 參参 雙双
    發发 臺台 號号 後后 噴喷 園园 圍围 國国 圖图 場场 塊块 聲声 處处 備备 複复 復复 頭头 學学 寶宝 實实 對对 導导
    壽寿 將将 層层 屬属 崗岗 幣币 廣广 莊庄 庫库 應应 廢废 開开 棄弃 歸归 徵征 態态 戰战 戶户 執执 擴扩 報报 擔担
    護护 擬拟 擁拥 換换 據据 搶抢 撐撑 數数 斷断 無无 顯显 術术 機机 權权 條条 極极 構构 標标 樹树 樣样 檔档 橋桥
    檢检 樓楼 氣气 氫氢 匯汇 測测 塗涂 溫温 灣湾 濾滤 潛潜 點点 煉炼 療疗 監监 確确 礎础 離离 種种 積积 築筑 篩筛
    類类 粵粤 紅红 纖纤 級级 納纳 線线 組组 細细 織织 終终 經经 結结 絡络 統统 維维 綜综 綠绿 編编 網网 聯联 膚肤
    腫肿 腦脑 藝艺 節节 範范 藥药 營营 補补 襯衬 裝装 規规 視视 覺觉 觸触 計计 認认 許许 論论 設设 證证 評评 識识
    診诊 譯译 試试 詢询 語语 謀谋 謝谢 貝贝 負负 質质 貨货 貸贷 費费 資资 軌轨 轉转 軟软 載载 輔辅 輯辑 車车 達达
    運运 進进 連连 選选 遞递 鈦钛 鐘钟 鍾钟 鐵铁 鋁铝 銀银 鋰锂 鋅锌 鍵键 鍍镀 鎂镁 鎮镇 鎵镓 鏡镜 長长 門门 間间
    陣阵 階阶 際际 險险 隱隐 項项 預预 領领 頻频 題题 額额 飛飞 館馆 馬马 驅驱 駛驶 駕驾 驗验 龍龙 龜龟 貓猫 獻献
    環环 現现 電电 與与 雲云 體体 製制 遊游 矽硅
"""
_SIMPLIFIED = str.maketrans({pair[0]: pair[1] for pair in TRADITIONAL.split()})

# Where the local reading is not the dictionary's first.
LOCAL_READINGS = {"长圳": [["chang"], ["zhen"]]}

LONGEST = 120  # letters: no name is longer
LEAST_PART = 5  # letters: a shorter word is like a part of nearly every name
_MANY = 6  # readings of one name at most: characters with two readings in a row would multiply


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """``text`` as it is compared: one width, small letters, simplified characters, Latin letters without accents.

    >>> fold("ＡＩ 藥物研發")
    'ai 药物研发'
    """
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in parts if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", plain).casefold().translate(_SIMPLIFIED)


@cache
def _pinyin():
    # A third of a second to import: only who searches by sound pays for it.
    import pypinyin

    pypinyin.load_phrases_dict(LOCAL_READINGS)
    return pypinyin


@lru_cache(maxsize=4096)
def _syllables(text: str) -> tuple[tuple[str, ...], ...]:
    pypinyin = _pinyin()
    keep = {"style": pypinyin.Style.NORMAL, "errors": lambda rest: list(re.sub(r"[^0-9a-z]", "", rest))}
    first = [item[0] for item in pypinyin.pinyin(fold(text), **keep)]
    every = pypinyin.pinyin(fold(text), heteronym=True, **keep)
    if len(every) != len(first):
        every = [[syllable] for syllable in first]
    return tuple(tuple(dict.fromkeys((one, *rest))) for one, rest in zip(first, every, strict=True))


def readings(text: str) -> tuple[str, ...]:
    """Full pinyin of a Chinese text without tones or blanks, the likeliest reading first; ü as v.

    >>> readings("长圳")[0]
    'changzhen'
    """
    found = dict.fromkeys("".join(choice) for choice in _choices(_syllables(text)))
    return tuple(found)


def initials(text: str) -> tuple[str, ...]:
    """First letters of the syllables of a Chinese text, the likeliest reading first.

    >>> initials("薯田埔")[0]
    'stp'
    """
    found = dict.fromkeys("".join(syllable[0] for syllable in choice) for choice in _choices(_syllables(text)))
    return tuple(found)


def _choices(syllables: tuple[tuple[str, ...], ...]) -> Iterable[tuple[str, ...]]:
    first = tuple(options[0] for options in syllables)
    yield first
    # One syllable differs at a time, unless the name is so short that all may.
    if len(syllables) <= 3:
        yield from list(product(*syllables))[:_MANY]
        return
    others = [(position, other) for position, options in enumerate(syllables) for other in options[1:]]
    for position, other in others[:_MANY]:
        yield (*first[:position], other, *first[position + 1 :])


def alike(asked: str, forms: Sequence[str], least: float = 70.0) -> dict[int, float]:
    """Likeness in per cent of a folded word to each of ``forms`` that reaches ``least``, by position.

    A letter more, less or other is forgiven, also within one word of a longer name (at a tenth off).
    """
    from rapidfuzz import fuzz, process

    found = {position: score for _, score, position in process.extract(asked, forms, **_all(fuzz.ratio, least))}
    if len(asked) >= LEAST_PART:
        for form, score, position in process.extract(asked, forms, **_all(fuzz.partial_ratio, least + 10)):
            # Only a part of the name may be likened: a long text holds something like nearly every short name.
            if len(form) >= len(asked):
                found[position] = max(found.get(position, 0.0), score * 0.9)
    return found


def _all(scorer, least: float) -> dict:
    return {"scorer": scorer, "limit": None, "score_cutoff": least}


def near(name: str, names: Iterable[str], limit: int = 5) -> tuple[str, ...]:
    """Those of ``names`` that are spelled or sound like ``name``, nearest first; may be empty."""
    names = tuple(dict.fromkeys(names))
    folded = fold(name.strip())
    if not 0 < len(folded) <= LONGEST:
        return ()
    scores = alike(folded, [fold(other) for other in names], 60.0)
    for position, score in alike(readings(name)[0], [readings(other)[0] for other in names], 75.0).items():
        scores[position] = max(scores.get(position, 0.0), score)
    return tuple(names[position] for position in sorted(scores, key=lambda p: (-scores[p], p))[:limit])
