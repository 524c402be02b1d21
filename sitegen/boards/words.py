"""The words of plans, lists and checklists as they are printed: Chinese, for whoever stands before the board."""

from __future__ import annotations

import datetime as dt

from sitegen.model.wall import HungView, SheetView, WaitingView, WallView

from .lists import Task

KIND = {"up": "张贴", "down": "撤下", "replace": "更换", "move": "移动"}
STATE = {"planned": "", "new": "待张贴", "current": "", "outdated": "待更换"}
_DOWN = {
    "over": "公示期已满",
    "invalid": "已失效或废止",
    "newer": "有新一期",
    "old": "张贴已满一年",
    "place": "让出栏位",
    "withdrawn": "已撤回",
    "merged": "已并入其他信息",
    "gone": "记录已移走",
}


def summary(wall: WallView) -> str:
    """9 张在墙上，1 张待更换; where nothing is recorded as printed, what ought to hang."""
    if not wall.recorded:
        return f"应张贴 {len(wall.hung)} 张"
    parts = [f"{wall.on_wall} 张在墙上"]
    parts += [f"{wall.to_replace} 张待更换"] if wall.to_replace else []
    parts += [f"{wall.to_put_up} 张待张贴"] if wall.to_put_up else []
    return "，".join(parts)


def day(value: dt.date) -> str:
    """2026年11月24日."""
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: dt.date) -> str:
    """11月24日."""
    return f"{value.month}月{value.day}日"


def period(sheet: SheetView) -> str:
    """公示期 11月17日—11月26日; of a sheet without one, since when it hangs."""
    if sheet.end is None:
        return f"{day(sheet.start)}起"
    last = short_day(sheet.end) if sheet.end.year == sheet.start.year else day(sheet.end)
    return f"{day(sheet.start)}—{last}" + ("（暂定）" if sheet.provisional else "")


def code(sheet: SheetView, rev: int | None = None) -> str:
    """7K3M9X2QF4-2."""
    return f"{sheet.code}-{rev or sheet.rev}"


def paper(hung: HungView | Task) -> str:
    """A3; A3横版2页."""
    lying = "横版" if isinstance(hung, HungView) and hung.landscape else ""
    return hung.paper + lying + (f"×{hung.pages}" if hung.pages > 1 else "")


def waiting(one: WaitingView) -> str:
    """Why a sheet has no place."""
    if one.why == "topic":
        return "没有对应的栏目"
    if one.why == "size":
        return f"要{one.pages}张，没有这么大的栏位" if one.pages else "表格太宽，缩到栏位大小看不清"
    legal = sum(s.legal for s in one.taken_by)
    others = len(one.taken_by) - legal
    first = "、".join(t for t in (f"{legal}张在公示期内的" if legal else "", f"{others}张较新的" if others else "") if t)
    return f"栏位已满，先贴{first}" if first else "栏位已满"


def down(task: Task) -> str:
    """Why a sheet comes down."""
    return _DOWN[task.why] if task.why else ""


def note(task: Task) -> str:
    """What has to be known for a task."""
    if task.kind == "down":
        return down(task)
    if task.kind == "replace":
        return f"墙上第{task.sheet.printed}版，换第{task.sheet.rev}版"
    if task.kind == "move":
        return f"从{'、'.join(task.from_places)}移来"
    if task.late:
        return "应已张贴，尚未正式打印"
    return "先打印" if task.to_print else ""
