"""``sitegen next``: what the clerk of one unit does today, the most urgent first, each with how to do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from sitegen.boards.lists import Task, tasks
from sitegen.check.releases import Releases
from sitegen.check.run import OF_UNITS, check
from sitegen.check.scope import Scope
from sitegen.contents import fill, job
from sitegen.drafting.records import family, narrowed
from sitegen.due import task as due_task
from sitegen.model.base import Level
from sitegen.model.days import Calendar
from sitegen.model.finding import N_, Finding, Lang, Severity, translator
from sitegen.model.holding import quarantine
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters
from sitegen.model.obligations import Due, everything_due
from sitegen.model.region import Record, Region, Unit
from sitegen.model.views import UnitView
from sitegen.view import Plan, awaiting, plan

AHEAD = 14
"""Days that are looked ahead."""


class Rank(IntEnum):
    """How urgent a step is; the order in which steps are told."""

    PRIVACY = 0
    ERROR = 1
    OVERDUE = 2
    BOARD = 3
    TODAY = 4
    RELEASE = 5
    REVIEW = 6
    COMING = 7
    SHEETS = 8


class Step(Struct, frozen=True):
    """One thing to do."""

    rank: Rank
    date: dt.date
    text: str
    """An English template for ``args``, translated like a message."""
    args: tuple[tuple[str, str], ...]
    command: str
    """What to type after ``sitegen``."""
    place: str
    """The page of the desk on which it is done, relative to the unit's; "" for the unit's own page."""
    due: Due | None = None
    """Where it is something that is owed: the duty itself says what."""
    finding: Finding | None = None
    """Where it is something that is wrong."""

    def say(self, lang: Lang) -> str:
        """What is to be done, in a sentence."""
        if self.due is not None:
            return due_task(self.due, lang)
        say = translator(lang)
        args = {k: say(v) if v else v for k, v in self.args}
        if self.finding is not None:
            args["problem"] = self.finding.message(lang)
        return say(self.text).format(**args)


class Part(Struct, frozen=True):
    """One unit with those it is judged with, checked and planned on a day."""

    region: Region
    matters: Matters
    date: dt.date
    unit: Unit
    findings: tuple[Finding, ...]
    """Of this unit."""
    held: frozenset[str]
    """Ids of its records that are held back."""
    plan: Plan

    @property
    def view(self) -> UnitView:
        """The unit's light view."""
        return self.plan.views[self.unit.code]

    def filled(self) -> UnitView:
        """The unit's view with all contents."""
        return fill(job(self.region, self.plan, self.unit.code), self.region.catalog)

    def of_record(self, id: str) -> UnitView:
        """The unit's view with the content of one record, and of those that its sheet shows beside it (两公开)."""
        light = self.view
        beside = {relation.url for r in light.records if r.id == id for relation in r.relations}
        wanted = tuple(r for r in light.records if (r.id == id or r.url in beside) and not r.held)
        work = job(self.region, self.plan, self.unit.code)
        filled = fill(replace(work, view=replace(light, records=wanted)), self.region.catalog)
        return replace(filled, records=light.records)


def part_of(region: Region, code: str, date: dt.date, *, hold: bool = True, about: str | None = None) -> Part:
    """One unit of a loaded region, without looking at units that it has nothing to do with.

    Without ``hold`` its records are planned with their errors too: for somebody who is still writing, never for an output.
    With ``about``, the id of a record, only what may concern that record is looked at: what is found in others then means nothing.
    """
    part = family(region, code)
    record = next((r for r in part.units[code].records if r.front.id == about), None)
    if record is not None:
        part = narrowed(part, code, record)
    matters = find_matters(part)
    checked = check(part, matters, date, OF_UNITS)
    own = tuple(f for f in checked.findings if f.unit == code)
    loaded = set(part.findings)
    judged = tuple(f for f in checked.findings if f.unit == code or f in loaded)
    held, _ = quarantine(part, matters, judged)
    mine = frozenset(ref.partition("/")[2] for ref in held.refs if ref.startswith(f"{code}/"))
    return Part(part, matters, date, part.units[code], own, mine, plan(part, matters, date, held if hold else None))


def steps(part: Part) -> list[Step]:
    """Everything that is to be done, the most urgent first."""
    boards = any(b.slots for b in part.unit.data.boards)
    found = [*_wrong(part), *_owed(part, boards=boards), *(_board(part) if boards else ()), *_drafts(part)]
    return sorted(found, key=lambda s: (s.rank, s.date, s.command))


def _wrong(part: Part) -> Iterator[Step]:
    """Records that are held back, the worst first; a file that cannot be read has no record."""
    by_place: dict[str, list[Finding]] = {}
    for f in part.findings:
        if f.severity is Severity.ERROR:
            by_place.setdefault(f.record or f.file, []).append(f)
    titles = {r.front.id: r.front.title for r in part.unit.records}
    for name, found in by_place.items():
        private = any(f.code.startswith("SG8") for f in found)
        first = next((f for f in found if f.code.startswith("SG8") == private), found[0])
        text = N_("correct «{title}»: {problem}")
        args = (("title", titles.get(name, name)),)
        place = f"r/{name}/" if name in titles else ""
        yield Step(Rank.PRIVACY if private else Rank.ERROR, part.date, text, args, f"check --unit {part.unit.code}", place, None, first)


def _owed(part: Part, *, boards: bool) -> Iterator[Step]:
    unit = part.unit
    until = part.date + dt.timedelta(AHEAD)
    for one in everything_due(part.region, part.matters, Calendar(part.region.calendar), part.date, until):
        on_board = one.kind in ("post", "take_down") and one.record is not None
        if one.unit != unit.code or (boards and on_board):
            continue  # what is to be done at a board with slots is told by its list, with the place
        rank = Rank.OVERDUE if one.overdue else Rank.TODAY if one.date <= part.date else Rank.COMING
        command, place = _how(part, one)
        yield Step(rank, one.date, "", (), command, place, one)


_PAIRS = {"result": "result-of", "interpretation": "interprets", "feedback": "feedback-on"}


def _how(part: Part, one: Due) -> tuple[str, str]:
    """The command, and the page of the desk, by which a duty is done."""
    code, catalog = part.unit.code, part.region.catalog
    item = catalog.items.get(one.item or "")
    id = (one.record or "").partition("/")[2]
    if one.kind == "publish" and one.record is None and item is not None:
        if item.table:
            return f"template {item.id} --unit {code}", f"new/{item.id}/"
        return f"new record --unit {code} --item {item.id}", f"new/{item.id}/"
    if one.kind == "result" and id and item is not None:
        pair = _PAIRS.get(item.expects.kind if item.expects else "result", "result-of")
        return f"new record --unit {code} --{pair} {id}", f"new/?{pair.replace('-', '_')}={id}"
    if one.kind == "answer" and id:
        return f"new record --unit {code} --answers {id}", f"new/?answers={id}"
    if one.kind in ("post", "take_down"):
        return f"board list {code}", "board/"
    return f"due --unit {code}", f"r/{id}/" if id and (one.record or "").startswith(f"{code}/") else ""


_BOARD = {
    "up": N_("put up «{title}» ({place})"),
    "down": N_("take down «{title}» ({place})"),
    "replace": N_("replace «{title}» by its new revision ({place})"),
    "move": N_("move «{title}» to {place}"),
}


def _board(part: Part) -> Iterator[Step]:
    """Postings that the law sets a time for one by one, and what comes down; of ordinary sheets how many there are."""
    code = part.unit.code
    waiting = set(part.plan.unreleased)
    places = {b.id: b.place for b in part.unit.data.boards}
    ordinary: list[Task] = []
    for day in tasks(part.filled(), part.date, part.date):
        for task in day.tasks:
            if task.to_print and task.sheet.record and f"{code}/{task.sheet.record}" in waiting:
                continue  # it is released first, and that is a step of its own
            if not task.sheet.legal and task.kind in ("up", "move"):
                ordinary.append(task)
                continue
            place = f"{places.get(task.board, '')} {'、'.join(task.places)}".strip() or N_("if it still hangs")
            args = (("title", task.sheet.title), ("place", place))
            yield Step(Rank.BOARD, day.day, _BOARD[task.kind], args, _paper(code, task), "board/")
    if len(ordinary) == 1:
        only = ordinary[0]
        place = f"{places.get(only.board, '')} {'、'.join(only.places)}".strip()
        yield Step(Rank.SHEETS, part.date, _BOARD[only.kind], (("title", only.sheet.title), ("place", place)), _paper(code, only), "board/")
    elif ordinary:
        text = N_("hang {n} sheets that have no posting period, such as «{title}»")
        args = (("n", str(len(ordinary))), ("title", ordinary[0].sheet.title))
        yield Step(Rank.SHEETS, part.date, text, args, f"board list {code}", "board/")


def _paper(code: str, task: Task) -> str:
    return f"print {code} --record {task.sheet.record} --final" if task.to_print and task.sheet.record else f"board list {code}"


def _drafts(part: Part) -> Iterator[Step]:
    """Records that were not released as they are, or wait for a review."""
    code = part.unit.code
    scope = Scope(part.region, part.matters, part.date)
    releases = Releases(scope)
    waiting = set(part.plan.unreleased)
    for release in releases.of_unit(part.unit):
        derived = release.derived is not None
        id = release.code.lower() if derived else release.record.front.id
        if f"{code}/{id}" not in waiting or id in part.held:
            continue
        if derived and f"{release.record.unit}/{release.record.front.id}" in waiting:
            continue  # the township's list comes first
        title = release.record.front.title
        command = f"release {code} --record {release.code if derived else id}"
        place = "" if derived else f"r/{id}/"
        if lacking := awaiting(scope, release):
            text = N_("«{title}» waits for: {steps}")
            yield Step(Rank.REVIEW, _on(release.record), text, (("title", title), ("steps", "、".join(lacking))), command, place)
        else:
            text = (
                N_("release «{title}»: it changed since it was last released")
                if release.history and release.history.last
                else N_("release «{title}»")
            )
            yield Step(Rank.RELEASE, _on(release.record), text, (("title", title),), command, place)


def _on(record: Record) -> dt.date:
    return record.front.revision.on or record.front.published


def lines(found: Sequence[Step], count: int, lang: Lang) -> list[str]:
    """The first ``count`` steps, each on a line with its command."""
    say = translator(lang)
    made = []
    for n, one in enumerate(found[:count], 1):
        text = f"{n}. {one.say(lang)}"
        if one.due is not None:
            text += " " + _when(one.due, lang)
        made.append(f"{text}  →  sitegen {one.command}")
    if len(found) > count:
        made.append(say("… and {n} more (--all)").format(n=len(found) - count))
    return made


def _when(one: Due, lang: Lang) -> str:
    say = translator(lang)
    if one.overdue:
        return say("(was due on {day})").format(day=one.date.isoformat())
    return say("(by {day})").format(day=one.date.isoformat())


def village_first(region: Region) -> list[Unit]:
    """The units of the lowest level that the region has: whose clerk is likely meant when nobody says whose."""
    for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY):
        found = [u for u in region.units.values() if u.level is level]
        if found:
            return found
    return []
