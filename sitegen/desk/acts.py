"""What the desk does besides saving: release, withdraw, attach, print, board lists, photos of boards. Each is the command of that name."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from sitegen.boards.lists import DayTasks, tasks
from sitegen.boards.look import SHOWN, Round, judged, read_one
from sitegen.drafting.attaching import attach as put
from sitegen.model.finding import Finding
from sitegen.model.ledger import Withdrawn
from sitegen.printing import Order, folder_name, planned, print_sheets
from sitegen.release import Choice, Prepared, Proposal, give_reason, prepare, write
from sitegen.release import withdraw as note_withdrawal
from sitegen.scaffold import NotPossible

from .state import Desk, Nothing


class Released(Struct, frozen=True):
    """What came of releasing a record."""

    done: bool = False
    rev: int = 0
    ask: bool = False
    """It changed since it was released: somebody must say what and why."""
    why_not: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def release(desk: Desk, code: str, id: str, why: str) -> Released:
    """Note a record in the ledger (``sitegen release``), with the reason where it changed."""
    desk.record(code, id)
    with desk.writing:
        date = desk.today()
        prepared = prepare(desk.root, date, Choice((code,), (id,)))
        if answer := _refusal(prepared, id):
            return answer
        asked = [p for p in _proposals(prepared, code, id) if p.action == "ask"]
        if asked and not why.strip():
            return Released(ask=True)
        if asked:
            for proposal in asked:
                give_reason(desk.root, proposal, why.strip(), date)
            prepared = prepare(desk.root, date, Choice((code,), (id,)))
            if answer := _refusal(prepared, id):
                return answer
        found = _proposals(prepared, code, id)
        if not found:
            return Released(done=True)
        write(prepared, date)
        return Released(done=True, rev=max(p.rev for p in found))


def _proposals(prepared: Prepared, code: str, id: str) -> list[Proposal]:
    return [p for p in prepared.proposals.get(code, ()) if p.release.record.front.id == id]


def _refusal(prepared: Prepared, id: str) -> Released | None:
    for one in prepared.refused:
        if one.release.record.front.id == id:
            why = [f"还差：{'、'.join(one.steps)}"] if one.steps else []
            why += [f"第{one.behind}版已经登记过，这里写的版号要更高"] if one.behind else []
            return Released(why_not=tuple(why), findings=one.findings)
    return None


def withdraw(desk: Desk, code: str, id: str, why: str) -> Withdrawn | None:
    """Note that a released record is withdrawn, and why (``sitegen release --withdraw``); ``None`` when it was never released."""
    desk.record(code, id)
    with desk.writing:
        date = desk.today()
        prepared = prepare(desk.root, date, Choice((code,), (id,)))
        history = note_withdrawal(prepared, id, why.strip(), date)
    return (history.withdrawn or Withdrawn(date, why.strip())) if history else None


def withdrawn(desk: Desk, code: str, id: str) -> Withdrawn | None:
    """Whether a record is withdrawn, and why."""
    return desk.unit(code).ledger.withdrawn((code, id))


def was_released(desk: Desk, code: str, id: str) -> bool:
    """Whether residents could see it: then it can be withdrawn."""
    history = desk.unit(code).ledger.by_name.get((code, id))
    return history is not None and bool(history.revisions)


class Attachment(Struct, frozen=True):
    """What came of adding a file."""

    files: tuple[str, ...] = ()
    why_not: NotPossible | None = None
    findings: tuple[Finding, ...] = ()


def attach(desk: Desk, code: str, id: str, file: tuple[str, bytes], title: str, *, picture: bool) -> Attachment:
    """Put a file beside a record (``sitegen attach``); nothing is written where it would make the record wrong."""
    with desk.writing:
        try:
            files, found = put(desk.region(), desk.record(code, id), file, title, desk.today(), picture=picture)
        except NotPossible as error:
            return Attachment(why_not=error)
    return Attachment(tuple(files)) if files else Attachment(findings=tuple(found))


class Paper(Struct, frozen=True):
    """A PDF that lies ready."""

    folder: str
    name: str
    pages: int
    noted: int


def print_one(desk: Desk, code: str, id: str, *, final: bool) -> Paper | None:
    """Set a record's sheet (``sitegen print --record``); ``None`` where nothing was printed: it is not for a board, or not released."""
    unit = desk.unit(code)
    desk.record(code, id)
    with desk.writing:
        order = Order(desk.root, desk.root / "print-out", desk.today(), (unit.code,), (id,), final=final)
        made = print_sheets(order)
    if not made.made:
        return None
    first = made.made[0]
    return Paper(first.path.parent.name, first.path.name, first.pages, made.noted)


def printed_file(desk: Desk, folder: str, name: str) -> Path:
    """A PDF of print-out/ by names that are really there: nothing is put together from what a browser sends. Raises :class:`Nothing`."""
    allowed = {folder_name(desk.region(), desk.part(u.code).view) for u in desk.units() if folder.startswith(u.code)}
    base = desk.root / "print-out"
    if folder in allowed and (base / folder).is_dir() and not (base / folder).is_symlink():
        for path in (base / folder).iterdir():
            if path.name == name and path.suffix == ".pdf" and path.is_file() and not path.is_symlink():
                return path
    raise Nothing


def board_tasks(desk: Desk, code: str, days: int) -> Sequence[DayTasks]:
    """What to put up, take down and replace from today on (``sitegen board list``)."""
    part = desk.part(code)
    today = desk.today()
    return tasks(part.filled(), today, today + dt.timedelta(days - 1))


def check_photos(desk: Desk, code: str, photos: Sequence[tuple[str, bytes]]) -> Round:
    """What photos of a unit's boards show (``sitegen board check``): every code judged, and what ought to hang and was not seen."""
    unit = desk.unit(code)
    found = planned(desk.root, desk.today())
    with tempfile.TemporaryDirectory(prefix="sitegen-photo-") as folder:
        read = []
        for n, (name, data) in enumerate(photos):
            # The name that the browser sends is only shown.
            path = Path(folder) / f"{n}{Path(name).suffix.lower()[:6]}"
            path.write_bytes(data)
            read.append((name, path, read_one(path, SHOWN)))
        return judged(found, desk.today(), read, (unit.code,))
