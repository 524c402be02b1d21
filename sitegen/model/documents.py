"""What kind of document a record is (文件类型) and what it is about (主题分类): how people look for documents on a government's site.

Both are derived, so that nobody has to fill them in: the type from the document number, from what the title ends in and from the catalogue
item; the topic from the field. A record may say otherwise (``type:``, ``topic:``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from .catalog import Item
    from .record import RecordFile

DocumentType = Literal[
    "法规规章",
    "规范性文件",
    "政策文件",
    "政策解读",
    "通知",
    "公告",
    "公示",
    "决议决定",
    "计划总结",
    "财政财务",
    "行政执法",
    "结果信息",
    "答复",
    "办事指南",
    "名录清单",
    "其他信息",
]
TYPES: tuple[DocumentType, ...] = get_args(DocumentType)
"""In the order in which pages list them."""

Topic = Literal[
    "国务院组织机构",
    "综合政务",
    "国民经济管理、国有资产监管",
    "财政、金融、审计",
    "国土资源、能源",
    "农业、林业、水利",
    "工业、交通",
    "商贸、海关、旅游",
    "市场监管、安全生产监管",
    "城乡建设、环境保护",
    "科技、教育",
    "文化、广电、新闻出版",
    "卫生、体育",
    "人口与计划生育、妇女儿童工作",
    "劳动、人事、监察",
    "公安、安全、司法",
    "民政、扶贫、救灾",
    "民族、宗教",
    "对外事务",
    "港澳台侨工作",
    "国防",
    "其他",
]
TOPICS: tuple[Topic, ...] = get_args(Topic)
"""The topics of the national directory of government information (主题分类), in its order."""

POLICY: frozenset[str] = frozenset(("法规规章", "规范性文件", "政策文件"))
"""Types whose validity (有效性) is kept and cleaned up."""

_ENDINGS: tuple[tuple[DocumentType, tuple[str, ...]], ...] = (
    ("法规规章", ("条例",)),
    ("政策解读", ("解读", "政策问答", "图解")),
    ("通知", ("通知",)),
    ("公告", ("公告", "通告", "通报", "提示", "提醒", "告知", "启事", "预警")),
    ("公示", ("公示", "公示表", "公示名单")),
    ("决议决定", ("决议", "决定", "批复", "公约", "村规民约")),
    ("办事指南", ("指南", "须知", "办理程序", "申请条件", "流程")),
    ("计划总结", ("计划", "规划", "总结", "要点", "安排")),
    ("名录清单", ("名录", "清单", "目录", "一览表", "台账")),
    ("政策文件", ("办法", "规定", "方案", "意见", "细则", "制度", "预案", "措施", "规则", "标准")),
)  # fmt: skip
"""What a title ends in, and the type that this makes it; the longest ending counts."""
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS for ending in endings}
_ENDING = re.compile(f"(?:{'|'.join(sorted(_BY_ENDING, key=len, reverse=True))})$")

_WORDS: tuple[tuple[DocumentType, re.Pattern[str]], ...] = (
    ("财政财务", re.compile("预算|决算|收支|财务|债权债务|资金|收入明细|支出明细|逐笔明细|资产资源|经费|拨付")),
    ("行政执法", re.compile("许可|处罚|行政强制|执法|核发|审批")),
    ("公示", re.compile("公示|名单")),
    ("公告", re.compile("公告|公布|招聘")),
    ("答复", re.compile("答复|意见办理|建议办理")),
    ("决议决定", re.compile("决议|表决|协商")),
    ("办事指南", re.compile("办理指南|办事指南|怎样|怎么办|申请条件")),
    ("名录清单", re.compile("名录|清单|地址|服务时间|开放时间|办公时间|联系方式")),
    ("计划总结", re.compile("计划|总结|报告|进展|完成情况|工作情况|安排")),
    ("结果信息", re.compile("结果|发放|核定|查处|整改|成交|分配|流转|受理情况|使用情况")),
)  # fmt: skip
"""Words in the title, or in the name of its item, where the ending says nothing."""
_NORMATIVE = re.compile(r"规(?:字)?〔|规(?:字)?\[|规发〔")
_ORDER = re.compile(r"令第|令（|令〔")
_BRACKETS = re.compile(r"(?:（[^（）]*）|\([^()]*\)|[\s。；！])+$")


def document_type(front: RecordFile, item: Item, section: str) -> DocumentType:
    """The type that a record has by itself; ``section`` is that of its item's field."""
    if front.response is not None:
        return "答复"  # whatever its title denies: 没有……的规定
    number = front.document.number if front.document else None
    return type_of(front.title, number, item.name, section, posted=front.posting is not None, interprets=front.interprets is not None)


@functools.lru_cache(maxsize=8192)
def type_of(
    title: str, number: str | None, item_name: str, section: str, *, posted: bool = False, interprets: bool = False
) -> DocumentType:
    """The type of a document by its title, number (文号), the name of its item, the section of its field, and whether it is posted (公示)."""
    if interprets:
        return "政策解读"
    if number and _NORMATIVE.search(number):
        return "规范性文件"
    if number and _ORDER.search(number):
        return "法规规章"
    core = _BRACKETS.sub("", title)
    if found := _ENDING.search(core):
        return _BY_ENDING[found[0]]
    if posted:
        return "公示"
    for text in (core, item_name):
        for kind, words in _WORDS:
            if words.search(text):
                return kind
    return "财政财务" if section == "财务" else "其他信息"


def types_of(types: Iterable[str]) -> tuple[DocumentType, ...]:
    """The types that occur, in their order."""
    there = set(types)
    return tuple(t for t in TYPES if t in there)
