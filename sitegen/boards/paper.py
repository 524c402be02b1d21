"""Plans, lists and checklists as PDF: plain values for the template, through the typesetter of the sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sitegen.model.region import Region
from sitegen.model.unit import Board
from sitegen.model.views import UnitView
from sitegen.model.wall import WaitingView, WallView

from . import words
from .draw import Cell, Drawn, drawn
from .lists import DayTasks, Task

_WIDTH, _HEIGHT, _HEIGHT_ALONE = 758.0, 320.0, 425.0
"""Points for the drawing on lying A4, with a list of what has no place below it and without."""
_LARGEST = 0.7
"""Points for a millimetre of the board, at most: a small board is not blown up."""
_GAP = 8.0
_LEAST = 78.0
"""Points that a cell is high at least."""
_WAITING = 5
"""Sheets without a place that a plan names, besides postings."""
_KEY = "红框：公示期内，公示期满前不得撤下、不得让位。"


def plan_page(view: UnitView, drawn_board: Drawn, day: dt.date, told: str, *, alone: bool) -> dict[str, Any]:
    """One board, drawn; ``alone``: nothing stands below it."""
    board = drawn_board.board
    return {
        "kind": "plan",
        "unit": view.unit.name,
        "title": f"{view.unit.name}公示栏布置图",
        "sub": f"{board.place}　{words.day(day)}",
        "told": told,
        "rows": _cells(drawn_board, alone=alone),
        "key": _KEY + (f"空 {drawn_board.free} 处。" if drawn_board.free else ""),
        "waiting": [],
        "more": "",
        "flipped": True,
        "foot": f"{view.unit.name}　{words.day(day)}",
    }


def plan_pages(view: UnitView, wall: WallView, boards: Sequence[Board], day: dt.date, told: str) -> list[dict[str, Any]]:
    """Every board of a unit; what has no place stands on the last page."""
    drawings = [d for b in boards if (d := drawn(b, wall)).rows]
    made = [plan_page(view, d, day, told, alone=n < len(drawings) or not wall.waiting) for n, d in enumerate(drawings, 1)]
    if made:
        urgent = [w for w in wall.waiting if w.sheet.legal]
        others = [w for w in wall.waiting if not w.sheet.legal]
        made[-1]["waiting"] = [_waiting(w) for w in [*urgent, *others[:_WAITING]]]
        left = len(others) - _WAITING
        made[-1]["more"] = f"另有 {left} 张现行公示单没有位置，网上都能看到。" if left > 0 else ""
    return made


def _waiting(one: WaitingView) -> list[str]:
    until = f"公示到{words.short_day(one.sheet.end)}" if one.sheet.legal and one.sheet.end else ""
    return [until, one.sheet.title, words.waiting(one)]


def _cells(board: Drawn, *, alone: bool) -> list[list[dict[str, Any]]]:
    """Cells in points, in proportion, as large as the page allows."""
    height = _HEIGHT_ALONE if alone else _HEIGHT
    widest = max(sum(c.wide for c in row) for row in board.rows)
    count = max(len(row) for row in board.rows)
    tall = sum(max(c.high for c in row) for row in board.rows)
    scale = min(_LARGEST, (height - 16 - _GAP * (len(board.rows) - 1)) / tall)
    room = (_WIDTH - 16 - _GAP * (count - 1)) / widest
    # A title needs width more than height: a row is rather a little too wide for its height than hard to read.
    across = min(room, scale * 1.25)
    down = min(scale, across)
    return [[_cell(c, c.wide * across, max(c.high * down, _LEAST)) for c in row] for row in board.rows]


def _cell(c: Cell, width: float, height: float) -> dict[str, Any]:
    made: dict[str, Any] = {"name": c.name, "topic": c.topic, "width": round(width, 1), "height": round(height, 1), "kind": "free"}
    if c.hung is None:
        return made
    sheet = c.hung.sheet
    if c.part > 1:
        return made | {
            "kind": "goes-on",
            "title": f"{sheet.title}（续{c.part}）" if len(sheet.title) < 20 else f"接《{sheet.title[:12]}…》",
        }
    marks = [["公示", "red"]] if sheet.legal else []
    marks += [[state, "amber"]] if (state := words.STATE[c.hung.state]) else []
    marks += [["借用", "amber"]] if c.hung.borrowed else []
    until = f"到{words.short_day(sheet.end)}" if sheet.end else f"{words.short_day(sheet.start)}起"
    return made | {
        "kind": "hung",
        "title": sheet.title,
        "legal": sheet.legal,
        "marks": marks,
        "foot": [words.code(sheet), f"{until}　{words.paper(c.hung)}"],
    }


def list_page(view: UnitView, days: Sequence[DayTasks], first: dt.date, last: dt.date) -> dict[str, Any]:
    """What is to be done, day by day."""
    places = {b.id: b.place for b in view.boards}
    span = words.day(first) if first == last else f"{words.day(first)}—{words.day(last)}"
    return {
        "kind": "list",
        "unit": view.unit.name,
        "title": f"{view.unit.name}公示栏张贴、撤下、更换清单",
        "sub": span,
        "told": counted(days),
        "parts": [{"name": words.day(d.day), "rows": [_list_row(t, places) for t in d.tasks]} for d in days],
        "flipped": True,
        "foot": f"{view.unit.name}　{span}",
    }


def _list_row(task: Task, places: dict[str, str]) -> list[Any]:
    where = place(task, places)
    what = {"v": words.KIND[task.kind], "red": task.sheet.legal and task.kind != "down"}
    return [what, where, task.sheet.title, words.code(task.sheet), words.paper(task), note(task)]


def note(task: Task) -> str:
    """What has to be known for a task, with the last day of its posting."""
    until = f"公示到{words.short_day(task.sheet.end)}" if task.sheet.end and task.kind in ("up", "move", "replace") else ""
    return "；".join(t for t in (until, words.note(task)) if t)


def place(task: Task, places: dict[str, str]) -> str:
    """Board and slots of a task; what hangs who knows where is looked for."""
    slots = "、".join(task.places)
    if not task.board:
        return "如仍在墙上"
    return f"{places[task.board]} {slots}" if len(places) > 1 else slots


def counted(days: Sequence[DayTasks]) -> str:
    """张贴 2，撤下 1."""
    numbers = {kind: sum(len(d.of(kind)) for d in days) for kind in ("up", "down", "replace", "move")}
    return "，".join(f"{words.KIND[kind]} {n}" for kind, n in numbers.items() if n)


def sign_page(view: UnitView, wall: WallView, boards: Sequence[Board], days: Sequence[DayTasks], day: dt.date) -> dict[str, Any]:
    """The checklist of a day on one page: every place of every board, and what is to be done there."""
    todo = [t for d in days for t in d.tasks]
    by_code = {t.sheet.code: t for t in todo if t.kind != "down"}
    parts = []
    for board in boards:
        rows: list[list[Any]] = []
        for h in drawn(board, wall).hung:
            task = by_code.get(h.sheet.code)
            what = words.KIND[task.kind] if task else ""
            rows.append([
                "、".join(h.labels), h.sheet.title, words.code(h.sheet), _short(h.sheet.start, h.sheet.end), {"v": what, "red": False} if what else "",
                "[]", "",
            ])  # fmt: skip
        rows += [_down_row(t) for t in todo if t.kind == "down" and (t.board == board.id or (not t.board and board is boards[0]))]
        if rows:
            parts.append({"name": board.place, "rows": rows})
    return {
        "kind": "sign",
        "unit": view.unit.name,
        "title": f"{view.unit.name}公示栏张贴核对单",
        "sub": f"{words.day(day)}　{counted(days) or '没有变动'}",
        "told": f"监督电话 {view.supervision.phone}",
        "parts": parts,
        "key": "贴好一张、撤下一张，就在方框里打勾。整张核对完签字，与公示单底单一起存档。",
        "lines": ["张贴人：", f"{view.supervision.name}：", "核对日期：", "照片份数："],
        "flipped": False,
        "foot": f"{view.unit.name}　{words.day(day)}",
    }


def _down_row(task: Task) -> list[Any]:
    slots = "、".join(task.places) or "—"
    return [
        slots,
        f"{task.sheet.title}（{words.down(task)}）",
        words.code(task.sheet),
        _short(task.sheet.start, task.sheet.end),
        {"v": "撤下", "red": True},
        "",
        "[]",
    ]


def _short(start: dt.date, end: dt.date | None) -> str:
    if end is None:
        return f"{start.year}.{start.month}.{start.day}起"
    return (
        f"{start.month}.{start.day}—{end.month}.{end.day}"
        if start.year == end.year
        else f"{start.year}.{start.month}.{start.day}—{end.year}.{end.month}.{end.day}"
    )


def pdf(pages: Sequence[dict[str, Any]], day: dt.date, region: Region) -> bytes:
    """The pages as one PDF, on A4, in the region's fonts. The same pages give the same bytes."""
    from sitegen.printing import fonts_of
    from sitegen.sheet.papers import Format
    from sitegen.sheet.typeset import whole

    made = whole("boards", list(pages), Format("A4", fonts=fonts_of(region)), day)
    assert isinstance(made, bytes)
    return made
