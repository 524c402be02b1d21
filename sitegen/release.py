"""``sitegen release``: a person notes in the ledger what is from now on public, in which revision, and why it changed.

Nothing else writes a ledger but ``print --final``, through :func:`note_prints`. Contents are on the disk before the lines that name them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from sitegen import ledger as files
from sitegen.check import load_and_check
from sitegen.check.releases import Release, Releases
from sitegen.check.run import Checked
from sitegen.check.scope import Scope
from sitegen.load.region import NoRegion
from sitegen.model.changes import compare
from sitegen.model.finding import Finding
from sitegen.model.holding import blocks, quarantine
from sitegen.model.lastday import posting_end
from sitegen.model.ledger import Entry, History, Printed
from sitegen.model.matter import is_public
from sitegen.model.region import Region, Unit
from sitegen.model.retention import ends_on, over_with_newer, successors
from sitegen.view import awaiting
from sitegen.view.ground import base_address, record_url

Action = Literal["release", "revise", "ask"]
"""``ask``: it changed under its old revision, and a person must say why."""
_LIST_CHANGED = "原名单更正"
_EDITS = ("SG925", "SG926")
"""Findings that releasing itself puts right, or says better."""


class Proposal(Struct, frozen=True):
    """What is to be noted of one record."""

    release: Release
    action: Action
    rev: int
    why: str | None

    @property
    def title(self) -> str:
        """As people know the record."""
        return self.release.record.front.title


class Refused(Struct, frozen=True):
    """A record that cannot be released as it is."""

    release: Release
    findings: tuple[Finding, ...] = ()
    steps: tuple[str, ...] = ()
    """Steps of its review that nobody recorded."""
    behind: int = 0
    """The revision that was released already, which is higher."""


class Prepared(Struct, frozen=True):
    """What a release would do, unit by unit."""

    checked: Checked
    releases: Releases
    units: tuple[Unit, ...]
    proposals: Mapping[str, tuple[Proposal, ...]]
    """By unit."""
    refused: tuple[Refused, ...]
    gone: tuple[tuple[Unit, History], ...]
    """Released records that are not there any more and were not withdrawn."""
    over: Mapping[str, tuple[History, ...]]
    """By unit: records whose rows have left every output, while their content is still kept."""
    unknown: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many records are to be noted."""
        return sum(len(found) for found in self.proposals.values())


class Choice(Struct, frozen=True):
    """Which records."""

    units: tuple[str, ...] = ()
    """Codes or names; empty for all."""
    records: tuple[str, ...] = ()
    """Ids; empty for all."""


class Noted(Struct):
    """What was written."""

    released: int = 0
    revised: int = 0
    expired: int = 0
    units: list[str] = field(default_factory=list)


def prepare(root: Path, date: dt.date, choice: Choice, jobs: int = 1) -> Prepared:
    """What can be released, what cannot and why. Raises :class:`NoRegion`."""
    checked = load_and_check(root, date, jobs=jobs)
    if stopping := [f for f in checked.findings if blocks(f)]:
        raise NoRegion(stopping)
    region = checked.region
    scope = Scope(region, checked.matters, date)
    releases = Releases(scope)
    errors = tuple(f for f in checked.findings if f.code not in _EDITS)
    held, why = quarantine(region, checked.matters, errors)
    reasons = dict(why)
    named = [u for name in choice.units for u in region.named(name)] if choice.units else list(region.units.values())
    units = tuple({u.code: u for u in named}.values())
    unknown = [n for n in choice.units if not region.named(n)]
    seen: set[str] = set()
    proposals: dict[str, tuple[Proposal, ...]] = {}
    refused: list[Refused] = []
    for unit in units:
        found: list[Proposal] = []
        for release in releases.of_unit(unit):
            seen.add(release.record.front.id)
            if choice.records and release.record.front.id not in choice.records and release.code not in choice.records:
                continue
            made = _judge(scope, releases, release, reasons if release.record.ref in held.refs else {})
            if isinstance(made, Refused):
                refused.append(made)
            elif made is not None:
                found.append(made)
        if found:
            proposals[unit.code] = tuple(found)
    unknown += [r for r in choice.records if r not in seen and r not in releases.binding.histories]
    gone = tuple(
        (u, h) for u in units for h in releases.binding.gone.get(u.code, ()) if not (h.withdrawn or h.moved or _left(region, h)) and h.last
    )
    over = {u.code: ended for u in units if (ended := tuple(_over(scope, releases, u)))}
    return Prepared(checked, releases, units, proposals, tuple(refused), gone, over, tuple(unknown))


def _left(region: Region, history: History) -> bool:
    return any("/" in name and name in region.by_ref for _, name in history.names)


def _judge(scope: Scope, releases: Releases, release: Release, reasons: Mapping[str, tuple[Finding, ...]]) -> Proposal | Refused | None:
    record, history = release.record, release.history
    if release.derived is not None:
        source = releases.own(record)
        if source.state in ("withdrawn", "changed", "behind"):
            return None  # its parts wait for the list
    again = history is not None and history.withdrawn is not None and history.last is not None and release.rev > history.last.rev
    if release.state == "withdrawn" and not again:
        return None
    if release.state == "released":
        # A record that came from elsewhere is bound here as well: the other ledger may go with its unit.
        own = scope.region.units[release.name[0]].ledger.histories.get(release.code)
        return None if own is not None and release.name in own.names else Proposal(release, "release", release.rev, release.why)
    if found := reasons.get(record.ref):
        return Refused(release, found)
    if steps := awaiting(scope, release):
        return Refused(release, steps=steps)
    if release.state == "behind":
        assert history is not None
        return Refused(release, behind=history.newest_rev)
    if release.state == "new":
        return Proposal(release, "release", release.rev, release.why)
    if release.state == "changed":
        return Proposal(release, "ask", release.rev + 1, None)
    return Proposal(release, "revise", release.rev, release.why or _LIST_CHANGED)


def _over(scope: Scope, releases: Releases, unit: Unit) -> Iterator[History]:
    """Histories whose contents must not be kept any longer."""
    region = scope.region
    taken = successors([r for u in region.units.values() for r in u.records if is_public(r)], region.catalog)
    for release in releases.of_unit(unit):
        history, record = release.history, release.record
        if history is None or unit.code != release.name[0] or not any(r.object for r in history.revisions.values()):
            continue
        note = scope.matters.notes.get((unit.code, record.ref)) if release.derived else None
        postings = (record.front.posting, note.front.posting if note else None)
        end = max((posting_end(p, scope.calendar).date for p in postings if p), default=None)
        items = [region.catalog.items[record.front.item]] + ([release.derived.item] if release.derived else [])
        days = [gone for item in items if (gone := ends_on(record, item, end)) is not None]
        if any(scope.date >= gone for gone in days) or any(over_with_newer(record, item, taken) for item in items):
            yield history


def give_reason(root: Path, proposal: Proposal, why: str, date: dt.date) -> None:
    """Write the new revision with its reason into the head of the record's file; nothing else of the file changes."""
    record = proposal.release.record
    path = root / record.file
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text.partition("\n---")[0] else "\n"
    lines = text.split("\n")
    said = f"revision: {{n: {proposal.rev}, on: {date.isoformat()}, why: {json.dumps(why, ensure_ascii=False)}}}"
    said += "\r" if end == "\r\n" else ""
    first = record.lines.get("revision")
    if first is not None:
        last = first
        while last < len(lines) and lines[last][:1] in (" ", "\t"):
            last += 1
        lines[first - 1 : last] = [said]
    else:
        close = next(n for n, line in enumerate(lines[1:], 1) if line.rstrip("\r") == "---")
        lines.insert(close, said)
    data = (b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b"") + "\n".join(lines).encode()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


def write(prepared: Prepared, date: dt.date, by: str | None = None) -> Noted:
    """Note everything proposed but what is still to be asked. A unit's lines are written together.

    Raises :class:`sitegen.ledger.Busy`, :class:`sitegen.ledger.Moved`, :class:`sitegen.ledger.Damaged`, ``OSError``; units before stay noted.
    """
    region = prepared.checked.region
    noted = Noted()
    heads = {u.folder: u.ledger.heads for u in region.units.values()}
    """Of every ledger, as this run has left it."""
    for unit in prepared.units:
        proposals = [p for p in prepared.proposals.get(unit.code, ()) if p.action != "ask"]
        over = prepared.over.get(unit.code, ())
        if not proposals and not over:
            continue
        folder = Path(region.root) / unit.folder
        entries: list[Entry] = []
        for proposal in proposals:
            entries += _entries(prepared.releases, unit, folder, proposal, date, by)
        entries += [_expired(region, prepared.releases, history, date) for history in over]
        heads[unit.folder] = files.append(folder, entries, heads[unit.folder])
        for history in over:
            for revision in history.revisions.values():
                for place in prepared.releases.binding.folders[history.code]:
                    files.forget(Path(region.root) / place, revision.object)
        for place, lines in _moved(prepared.releases, proposals, date).items():
            heads[place] = files.append(Path(region.root) / place, lines, heads[place])
        noted.released += sum(p.action == "release" for p in proposals)
        noted.revised += sum(p.action == "revise" for p in proposals)
        noted.expired += len(over)
        noted.units.append(unit.code)
    return noted


def _entries(releases: Releases, unit: Unit, folder: Path, proposal: Proposal, date: dt.date, by: str | None) -> Iterator[Entry]:
    release = proposal.release
    own = unit.ledger.histories.get(release.code)
    if own is None or release.name not in own.names:
        yield Entry("bound", date, release.code, {"unit": release.name[0], "name": release.name[1]})
    form = releases.form(release)
    data = {
        "rev": proposal.rev,
        "digest": form.digest,
        "parts": list(form.parts),
        "basis": releases.basis(release),
        "object": files.keep(folder, form),
        "title": release.record.front.title + (f"（{unit.data.name}）" if release.derived else ""),
        "why": proposal.why,
        "base": base_address(unit),
        "url": record_url(unit, release.code if release.derived else release.record.front.id),
        "by": by,
    }
    yield Entry("released" if proposal.action == "release" else "revised", date, release.code, data)


def _expired(region: Region, releases: Releases, history: History, date: dt.date) -> Entry:
    """The line that ends the keeping of rows; what each revision changed stays known in numbers."""
    forms = {}
    for rev, revision in history.revisions.items():
        for place in releases.binding.folders[history.code]:
            try:
                form = files.kept(Path(region.root) / place, revision.object)
            except ValueError:
                form = None
            if form is not None:
                forms[rev] = form
    revs = sorted(history.revisions)
    counts = {str(a): list(compare(forms[a], forms[b], a).counts) for a, b in pairwise(revs) if a in forms and b in forms}
    return Entry("expired", date, history.code, {"revs": revs, "counts": counts})


def _moved(releases: Releases, proposals: Iterable[Proposal], date: dt.date) -> dict[str, list[Entry]]:
    """Lines for the ledgers of units from which records came."""
    region = releases.region
    made: dict[str, list[Entry]] = {}
    for proposal in proposals:
        release = proposal.release
        for unit in region.units.values():
            history = unit.ledger.histories.get(release.code)
            if unit.code == release.name[0] or history is None or history.moved == release.name:
                continue
            target = region.units[release.name[0]]
            url = record_url(target, release.code if release.derived else release.record.front.id)
            data = {"unit": release.name[0], "name": release.name[1], "url": url}
            made.setdefault(unit.folder, []).append(Entry("moved", date, release.code, data))
    return made


def withdraw(prepared: Prepared, name: str, why: str, date: dt.date, by: str | None = None) -> History | None:
    """Note that a record, by its code or id, is withdrawn (撤回) and why; ``None`` when no released record of the units is known by ``name``.

    Raises like :func:`write`.
    """
    binding = prepared.releases.binding
    for unit in prepared.units:
        for code, history in unit.ledger.histories.items():
            ids = {id for u, id in history.names if u == unit.code}
            if name in ids or name.upper() == code:
                joined = binding.histories[code]
                if joined.withdrawn is None:
                    folder = Path(prepared.checked.region.root) / unit.folder
                    data = {"why": why, **({"by": by} if by else {})}
                    files.append(folder, [Entry("withdrawn", date, code, data)], unit.ledger.heads)
                return joined
    return None


class Print(Struct, frozen=True):
    """A sheet that was printed for good."""

    unit: str
    code: str
    rev: int
    paper: str
    pages: int


def note_prints(region: Region, prints: Iterable[Print], date: dt.date) -> int:
    """Note final prints in the ledgers of their units; returns how many. Raises like :func:`write`."""
    by_unit: dict[str, list[Entry]] = {}
    for one in prints:
        base = base_address(region.units[one.unit])
        history = region.units[one.unit].ledger.histories.get(one.code)
        if history is not None and Printed(one.rev, date, one.paper, one.pages, base) in history.printed:
            continue  # printed again on the same day
        data = {"rev": one.rev, "paper": one.paper, "pages": one.pages, "base": base}
        by_unit.setdefault(one.unit, []).append(Entry("printed", date, one.code, data))
    for code, entries in by_unit.items():
        files.append(Path(region.root) / region.units[code].folder, entries)
    return sum(map(len, by_unit.values()))
