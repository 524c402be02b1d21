"""What a slot is for, and which sheets are about that (栏目): words on a board's frame against the catalogue's names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

OWN, ANY, OTHER = 0, 1, 2
"""Tiers of a slot for a sheet: for what it is about, for anything, for something else."""
_ANYTHING = frozenset(("通知", "公告", "通知公告", "公示", "公示公告", "综合", "其他", "最新", "动态"))
_SPLIT = re.compile(r"[、，,；;/／\s]+")
_MEANS: dict[str, tuple[str, ...]] = {
    "惠农补贴": ("惠农政策", "涉农补贴", "补贴"),
    "惠民补贴": ("惠农政策", "涉农补贴", "补贴"),
    "强农惠农": ("惠农政策", "涉农补贴", "补贴"),
    "民政救助": ("社会救助", "救灾", "养老服务"),
    "民政": ("社会救助", "救灾", "养老服务"),
    "低保": ("最低生活保障",),
    "住房保障": ("保障性住房", "农村危房改造"),
    "防汛救灾": ("防汛", "救灾", "安全生产"),
    "乡村振兴": ("扶贫", "脱贫攻坚和乡村振兴", "衔接"),
    "集体资产": ("资产", "资源"),
    "村级财务": ("财务", "村级财务"),
    "财务公开": ("财务",),
    "党务公开": ("党务",),
    "村务公开": ("村务",),
    "居务公开": ("居务",),
    "政务公开": ("政务",),
    "办事指南": ("办事指南", "便民服务", "办理", "服务指南"),
    "政策文件": ("政策文件", "政策法规", "法规政策", "政策"),
    "三资": ("集体资产", "资产资源"),
}
"""What boards are titled, and the words of the catalogue that stand for it."""


class Subject(Struct, frozen=True):
    """What a sheet is about, in the catalogue's words."""

    section: str
    """党务, 村务, 财务 or 政务; 居务 in a neighbourhood."""
    names: tuple[str, ...]
    """Ids and names of the item, its group and its field."""


@cache
def words(topic: str) -> tuple[str, ...]:
    """The words of a slot's topic."""
    return tuple(w for w in _SPLIT.split(topic.strip()) if w)


def is_for_anything(topic: str | None) -> bool:
    """Whether a slot takes what comes: it has no topic, or one such as 通知公告."""
    return topic is None or not words(topic) or all(w in _ANYTHING for w in words(topic))


@cache
def closeness(topic: str | None, subject: Subject) -> int:
    """How close a slot's topic is to what a sheet is about: 3 the same, 2 a part of it, 1 the section, 0 something else."""
    if topic is None:
        return 0
    best = 0
    for word in words(topic):
        for meant in (word, *_MEANS.get(word, ())):
            if meant in subject.names:
                best = max(best, 3)
            elif len(meant) > 1 and any(meant in name or (len(name) > 1 and name in meant) for name in subject.names):
                best = max(best, 2)
            elif meant == subject.section:
                best = max(best, 1)
    return best


def tier(topic: str | None, subject: Subject) -> int:
    """The tier of a slot for a sheet."""
    if closeness(topic, subject):
        return OWN
    return ANY if is_for_anything(topic) else OTHER


def unknown(topic: str | None, sections: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Words of a topic that no item, group, field or section is called by: nothing would ever hang there."""
    subjects = [Subject(section, ()) for section in sections] + [Subject("", (name,)) for name in names]
    return tuple(w for w in words(topic or "") if w not in _ANYTHING and not any(closeness(w, s) for s in subjects))
