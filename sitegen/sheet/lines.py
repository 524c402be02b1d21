"""Where the lines of a title end: at the ends of words, in lines of like length (GB/T 9704: 回行时要做到词意完整，排列对称，长短适宜)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil

from sitegen.sheet.widths import GAP, spaced, width_of

# The words that titles of disclosure are made of. A word that is missing costs no more than a line that ends in it.
_WORDS = """
一事一议 四议两公开 先打后补 最低生活保障 基本医疗保险 养老保险 公益性岗位 公益岗位 乡村振兴 脱贫攻坚 残疾人 老年人 党支部 居委会 村委会 村民 居民 农户 党员
人民政府 代表会议 监督委员会 委员会 合作社 办事处 街道 社区 乡镇 城乡 农村 乡村 全县 全镇 集体 股份 经济 产权 资产 资源 资金 土地 耕地 地力 林地 房屋 住房 危房
危旧房 宅基地 征地 征地片区 片区 地上 附着物 青苗 机动地 国有 补贴 补助 补偿 津贴 奖补 救助 供养 保障 保护 保险 医疗 养老 生活 护理 困难 重度 特困 低保 临时
高龄 农机 购置 应用 受益 信息 数据 衔接 推进 财政 专项 经费 预算 决算 收支 收入 支出 财务 账目 债权 债务 明细 分户 逐笔 台账 登记 清单 目录 标准 审核 审批
评议 民主 核定 核查 认定 确认 验收 竣工 整改 复验 发放 分配 安排 使用 实施 完成 进展 结果 结算 情况 名单 人员 家庭 群体 对象 重点 申请 申报 拟新增 新增 调整
季度 年度 第一批 第二批 全部 综合 地价 征收 征求 意见 方案 办法 规定 制度 通知 公告 预公告 公示 公开 通报 解读 指南 提示 决定 处罚 行政 许可 规划 草案 批前
项目 工程 建设 改造 维修 修缮 道路 大桥 引线 排水 水利 泵站 路灯 自来水 饮用水 水源 水质 状况 集中式 地表水 垃圾 污水 环境 影响 报告表 卫生 整治 厕所 绿化 占道 经营 乱堆
乱放 店外 违法 倾倒 查处 建筑 招标 中标 采购 交易 成交 流转 发包 承包 竞价 合同 出租 租赁 选举 换届 候选人 提议 商议 决议 表决 会议 学校 招生 入学 义务
教育 阶段 图书馆 文化馆 博物馆 免费 开放 电影 送戏 下乡 服务 群众 组织 生活会 托管 作业 生产 水稻 粮食 烘干 中心 秸秆 离田 深翻 还田 动物 强制 免疫 病死
畜禽 无害化 处理 防汛 责任段 转移 路线 暂停 办理 手续 范围 有关 关于 印发 公布 划定 缴费 筹资 筹劳 待遇 领取 资格 认证 机构 等级 评定 低收入 安全
政务 村务 党务 事项 计划 工作 任务 收费 投诉 监督 举报 应急 救灾 物资 捐赠 水库 移民 扶持 计生 奖励 优抚 退役 军人 就业 创业 培训 贷款 贴息
"""

_NUMBER = r"[0-9一二三四五六七八九十百两]+"
_UNIT = r"(?:季度|周岁|年度|批次|公里|万元|亿元|榜|批|期|届|次|号|项|户|人|亩|元|个|类|级|组|轮)"
_MONTH = r"[0-9]{1,2}月(?:[0-9]{1,2}日)?"
_SOLID = (
    rf"[0-9]{{4}}(?:[—–-][0-9]{{4}})?年(?:度|第?{_NUMBER}季度|{_MONTH})?(?:至(?:{_MONTH}|[0-9]{{4}}年))?|{_MONTH}(?:至{_MONTH})?|"
    rf"第{_NUMBER}{_UNIT}?|[0-9]+{_UNIT}(?:以上|以下)?|[一二三四五六七八九十]榜|[0-9A-Za-z.,:/%@&_+-]+|[\u200b\s]+"
)
"""Dates, numbers with their units, Latin words: a line ends in none of them."""
_LEXICON = "|".join(sorted(_WORDS.split(), key=len, reverse=True))

_NOT_FIRST = "）》〉】」』”’、，。：；！？%·…—的等"
_NOT_LAST = "（《〈【「『“‘第"
_JOINING = "和与及或"
_BEGINNING, _ENDING = _NOT_LAST + _JOINING, _NOT_FIRST
_OPENING, _CLOSING = "（《", "）》"

_BROKEN = 1.0
"""What a break inside a word costs; two lines of unlike length cost as much where one is six times the other."""


def broken(text: str, ems: float, known: Iterable[str] = (), phrases: Iterable[str] = ()) -> tuple[list[str], bool]:
    """``text``, set in Noto Serif SC, in as few lines of at most ``ems`` as hold it, and whether every word stayed whole.

    ``known`` are words that the text may hold besides the usual ones, such as names of units. ``phrases`` are rather not broken.
    """
    pieces = _pieces(text, tuple(sorted({w for w in known if len(w) > 1})))
    upto = [
        0.0,
        *accumulate(
            width_of(c, serif=True) + GAP * (n > 0 and spaced(text[n - 1] + c) > width_of(text[n - 1] + c, serif=True))
            for n, c in enumerate(text)
        ),
    ]
    costs = _costs(text, pieces)
    for phrase in phrases:
        start = text.find(phrase) if phrase else -1
        for inner in range(start + 1, start + len(phrase) if start >= 0 else 0):
            costs[inner] += 0.1
    count = max(1, ceil(upto[-1] / ems))
    while (found := _split(upto, costs, ems, count)) is None:
        count += 1
    cost, ends = found
    lines = [text[a:b].strip() for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    return lines, cost < _BROKEN


def _split(upto: Sequence[float], costs: Sequence[float], ems: float, count: int) -> tuple[float, list[int]] | None:
    """The cheapest ends of ``count`` lines; ``None`` where they do not hold the text."""
    size = len(upto) - 1
    mean = upto[size] / count
    if count == 1:
        return (0.0, [size]) if upto[size] <= ems or size <= 1 else None
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for line in range(1, count + 1):
        after: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, ends) in best.items():
            for end in range(start + 1, size + 1):
                wide = upto[end] - upto[start]
                if wide > ems and end > start + 1:
                    break
                if (end == size) != (line == count):
                    continue
                total = cost + ((wide - mean) / mean) ** 2 + costs[end]
                if end not in after or total < after[end][0]:
                    after[end] = (total, [*ends, end])
        best = after
    return best.get(size)


def _costs(text: str, pieces: Sequence[str]) -> list[float]:
    """What a line's end costs after so many characters: nothing between words, much inside one."""
    costs = [_BROKEN] * (len(text) + 1)
    depth = at = 0
    for before, after in pairwise(pieces):
        at += len(before)
        depth += (before in _OPENING) - (before in _CLOSING)
        # Single characters beside each other are most likely a word that we do not know.
        cost = (0.05, 0.1, 0.4)[(len(before) == 1 and before not in _ENDING) + (len(after) == 1 and after not in _BEGINNING)] - 0.05
        if after[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
            cost = 2 * _BROKEN
        elif before in _JOINING:
            cost += 0.1
        costs[at] = cost + 0.1 * depth
    costs[len(text)] = 0.0
    return costs


_USUAL = re.compile(f"{_SOLID}|{_LEXICON}|.", re.DOTALL)


def _pieces(text: str, known: tuple[str, ...]) -> list[str]:
    """The words of a text; those that are ``known`` stay whole."""
    if not known:
        return _USUAL.findall(text)
    made: list[str] = []
    for n, part in enumerate(_own(known).split(text)):
        made += [part] if n % 2 else _USUAL.findall(part)
    return made


@lru_cache(maxsize=256)
def _own(known: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(" + "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)) + ")")
