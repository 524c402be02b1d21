"""Plans and lists for the terminal and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sitegen.model.unit import Board
from sitegen.model.views import UnitView
from sitegen.model.wall import SheetView, WaitingView, WallView

from .draw import Cell, drawn
from .lists import DayTasks, Task

Say = Callable[[str], str]


def plan_text(view: UnitView, boards: Sequence[Board], wall: WallView, say: Say) -> str:
    """Every place with what hangs there, then what waits and what is coming."""
    lines: list[str] = []
    for board in boards:
        one = drawn(board, wall)
        if not one.rows:
            continue
        head = say("{unit} · {place} ({id}): {n} sheets, {free} places free")
        lines += ["", head.format(unit=view.unit.name, place=board.place, id=board.id, n=len(one.hung), free=one.free)]
        width = max(len(c.name) for c in one.cells)
        lines += [f"  {c.name:<{width}}  {_cell_text(c, say)}" for c in one.cells]
    if wall.waiting:
        lines += ["", say("{n} sheets have no place:").format(n=len(wall.waiting))]
        for one_waiting in wall.waiting:
            mark = "!" if one_waiting.sheet.legal else " "
            lines += [f"  {mark} {one_waiting.sheet.title}{_until(one_waiting.sheet, say)}", f"      {why_waiting(one_waiting, say)}"]
    if wall.coming:
        lines += ["", say("Coming:")]
        lines += [f"  {s.start.isoformat()}  {s.title}{_until(s, say)}" for s in wall.coming]
    return "\n".join(lines[1:])


def _cell_text(cell: Cell, say: Say) -> str:
    if cell.hung is None:
        return say("free ({topic}, {paper} mm)").format(topic=cell.topic or "—", paper=f"{cell.wide:.0f}×{cell.high:.0f}")
    sheet = cell.hung.sheet
    if cell.part > 1:
        return say("… goes on: {title}").format(title=sheet.title)
    marks = []
    if cell.hung.state == "outdated":
        marks.append(say("paper is revision {old}, print {new}").format(old=sheet.printed, new=sheet.rev))
    elif cell.hung.state == "new":
        marks.append(say("not printed for good yet"))
    if cell.hung.borrowed:
        marks.append(say("borrowed slot"))
    paper = cell.hung.paper + (f"×{cell.hung.pages}" if cell.hung.pages > 1 else "")
    return f"{sheet.title}{_until(sheet, say)}  {sheet.code}-{sheet.rev}  {paper}" + (f"  [{'; '.join(marks)}]" if marks else "")


def _until(sheet: SheetView, say: Say) -> str:
    return "  " + say("(posting until {day})").format(day=sheet.end.isoformat()) if sheet.end else ""


def why_waiting(one: WaitingView, say: Say) -> str:
    """Why a sheet has no place, in a sentence."""
    if one.why == "topic":
        return say("no slot is for what it is about")
    if one.why == "size":
        if one.pages:
            return say("it takes {pages} sheets; no slot has that much room").format(pages=one.pages)
        return say("its table would be too small to read on the paper of these slots")
    legal = sum(s.legal for s in one.taken_by)
    text = say("all places are taken: {legal} by postings that run, {others} by what is newer")
    return text.format(legal=legal, others=len(one.taken_by) - legal)


def list_text(view: UnitView, days: Sequence[DayTasks], say: Say) -> str:
    """What is to be done, day by day."""
    lines = [view.unit.name]
    places = {b.id: b.place for b in view.boards}
    for day in days:
        lines.append(f"  {day.day.isoformat()}")
        for task in day.tasks:
            where = f"{places[task.board]} {'、'.join(task.places)}" if task.board else say("if it still hangs")
            lines.append(f"    {_kind(task, say)}  {where}  {task.sheet.title}  {task.sheet.code}-{task.sheet.rev}{_note(task, say)}")
    if not days:
        lines.append("  " + say("nothing to put up, take down or replace"))
    return "\n".join(lines)


def _kind(task: Task, say: Say) -> str:
    return {"up": say("put up "), "down": say("take down "), "replace": say("replace "), "move": say("move ")}[task.kind].strip()


def _note(task: Task, say: Say) -> str:
    return "".join(f"  ({t})" for t in _notes(task, say))


def _notes(task: Task, say: Say) -> Iterator[str]:
    if task.kind == "down":
        yield {
            "over": say("the posting is over"),
            "invalid": say("no longer in force"),
            "newer": say("a newer one takes its place"),
            "old": say("it hung for a year"),
            "place": say("its place is needed"),
            "withdrawn": say("the record was withdrawn"),
            "merged": say("another record answers for it"),
            "gone": say("the record went elsewhere"),
        }[task.why or "over"]
        return
    if task.sheet.end:
        yield say("posting until {day}").format(day=task.sheet.end.isoformat())
    if task.kind == "replace":
        yield say("paper is revision {old}, print {new}").format(old=task.sheet.printed, new=task.sheet.rev)
    elif task.kind == "move":
        yield say("from {places}").format(places="、".join(task.from_places))
    elif task.late:
        yield say("it ought to hang already and is not printed for good")


# ---- For programs.


def as_json(value: Any) -> str:
    """Indented, in the alphabet that it is written in."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def plan_value(view: UnitView, boards: Sequence[Board], wall: WallView) -> dict[str, Any]:
    """A unit's plan as plain values."""
    return {
        "unit": view.unit.code,
        "name": view.unit.name,
        "boards": [{"id": b.id, "place": b.place, "places": [_cell_value(c) for c in drawn(b, wall).cells]} for b in boards if b.slots],
        "waiting": [
            {**sheet_value(w.sheet), "why": w.why, "pages": w.pages or None, "taken_by": [f"{s.code}-{s.rev}" for s in w.taken_by]}
            for w in wall.waiting
        ],
        "coming": [sheet_value(s) for s in wall.coming],
        "recorded": wall.recorded,
    }


def _cell_value(cell: Cell) -> dict[str, Any]:
    made: dict[str, Any] = {"place": cell.name, "topic": cell.topic or None, "width_mm": cell.wide, "height_mm": cell.high, "sheet": None}
    if cell.hung is not None:
        h = cell.hung
        made["sheet"] = {
            **sheet_value(h.sheet), "part": cell.part, "paper": h.paper, "landscape": h.landscape, "pages": h.pages, "borrowed": h.borrowed, "state": h.state,
        }  # fmt: skip
    return made


def sheet_value(sheet: SheetView) -> dict[str, Any]:
    """A sheet as plain values."""
    return {
        "record": sheet.record or None,
        "code": sheet.code,
        "rev": sheet.rev,
        "title": sheet.title,
        "from": sheet.start.isoformat(),
        "until": sheet.end.isoformat() if sheet.end else None,
        "legal": sheet.legal,
        "provisional": sheet.provisional,
        "printed": sheet.printed,
    }


def list_value(view: UnitView, days: Sequence[DayTasks]) -> dict[str, Any]:
    """What is to be done as plain values."""
    return {
        "unit": view.unit.code,
        "name": view.unit.name,
        "days": [{"day": d.day.isoformat(), "tasks": [_task_value(t) for t in d.tasks]} for d in days],
    }


def _task_value(task: Task) -> dict[str, Any]:
    return {
        "do": task.kind,
        "board": task.board or None,
        "places": list(task.places),
        "paper": task.paper or None,
        "pages": task.pages or None,
        "why": task.why,
        "from_places": list(task.from_places),
        "print": task.to_print,
        "late": task.late,
        **sheet_value(task.sheet),
    }
