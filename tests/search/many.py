"""A thousand texts and more, in words that a county's pages use, for tests of search: a small site hides what is not found."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from sitegen.flat import unfold
from sitegen.model.views import UnitView
from sitegen.search.hosts import search_parts
from sitegen.search.texts import INVALID, Text, _text, keep_texts
from sitegen.site.hosts import all_hosted
from tests.site import samples

_WHO = [
    "大河村",
    "小河村",
    "前进村",
    "柳树村",
    "石桥村",
    "村民小组",
    "股份经济合作社",
    "村务监督委员会",
    "镇人民政府",
    "党政综合办公室",
    "农业综合服务中心",
    "便民服务中心",
]
_WHAT = [
    "农村集体资产",
    "耕地地力保护补贴",
    "最低生活保障",
    "危房改造",
    "高标准农田",
    "公益性岗位",
    "集体经济组织收支",
    "土地流转",
    "人居环境整治",
    "征地补偿安置",
]
_DONE = ["清查", "公示", "审核", "发放", "验收", "结算", "评议", "调整", "抽查", "整改", "招标", "备案"]
_THING = ["面积", "金额", "名单", "合同", "台账", "凭证", "进度", "标准", "方案", "结果", "意见", "报告"]
_LATIN = ["GB50045", "Wi-Fi", "PPP项目", "HDPE管", "A3", "LED屏", "12316热线", "QH-2026"]
_FIELDS = ["涉农补贴", "社会救助", "财政预决算", "征地补偿", "村级财务"]


def texts(chance: random.Random, count: int) -> list[Text]:
    """Texts of three years."""

    def sentence() -> str:
        number = f"{chance.randint(1, 999_999) / 100:,.2f}"
        tail = chance.choice(("元", "亩", "户", f"元（{chance.choice(_LATIN)}）"))
        return f"{chance.choice(_WHO)}{chance.choice(_DONE)}{chance.choice(_WHAT)}{chance.choice(_THING)}，共{number}{tail}。"

    made = []
    for n in range(count):
        day = dt.date(2024, 1, 1) + dt.timedelta(chance.randrange(1_050))
        title = f"{chance.choice(_WHO)}{day.year}年{chance.choice(_WHAT)}{chance.choice(_THING)}{chance.choice(_DONE)}"
        lines = ["".join(sentence() for _ in range(chance.randint(2, 5))) for _ in range(chance.randint(2, 5))]
        cells = [f"{chance.randint(1, 99_999) / 100:,.2f}" for _ in range(chance.randint(0, 12))]
        number = f"青政发〔{day.year}〕{n % 90 + 1}号"
        flags = 0 if chance.random() < 0.95 else INVALID
        made.append(_text(day, f"r/{n}/", title, [*lines, *cells, number], chance.choice(_FIELDS), flags))
    return made


def views() -> dict[str, UnitView]:
    """The sample county, township, village and neighbourhood, on one host."""
    return {v.unit.code: v for v in (samples.county(), samples.township(), samples.village(), samples.community())}


def write_index(public: Path, scratch: Path, count: int) -> None:
    """Put an index of ``count`` texts, divided between the sample units, below a host's tree."""
    chance = random.Random(11)
    units = views()
    for code in units:
        (scratch / "units" / code / "x").mkdir(parents=True)
        mine = sorted(texts(chance, -(-count // len(units))))
        keep_texts([(f"{code}-{n}", t) for n, t in enumerate(mine)], scratch / "units" / code / "x" / "texts")
    for _, (path, folder) in search_parts(scratch, all_hosted(units), dict.fromkeys(units, "x")):
        unfold(scratch / folder, public / path)
