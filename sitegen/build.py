"""The run: load, check, view, render the units that changed, assemble the hosts' trees, switch.

Units build into a content-addressed store beside the output; a host's tree is assembled from it by hard links and exposed in one
step, so that a run that is cut at any instant leaves the old site or the new one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout
from msgspec import Struct, field
from msgspec.structs import replace

from sitegen import commonmark
from sitegen.assemble import Tree, assemble, made_for_hosts, standing, switched, with_spares
from sitegen.check.examine import examine
from sitegen.check.parts import Checking
from sitegen.contents import job
from sitegen.last import Last, last_build, prepare_state, read_state, settle_state
from sitegen.linker import Early
from sitegen.load.cache import BundleCache, passing, program_digest, signature
from sitegen.load.region import load_region
from sitegen.load.scan import Scan, scan
from sitegen.machines import Here, Machines, Shard, Why, local
from sitegen.model.finding import Finding, has_errors
from sitegen.model.holding import Held, blocks, quarantine, withheld
from sitegen.model.linking import find_matters
from sitegen.model.region import Region
from sitegen.model.stored import STORE, UNDONE
from sitegen.model.views import UnitView
from sitegen.planning import ByParts, Clash, Known, Planning, Ready, Whole
from sitegen.reasons import Reasons
from sitegen.resources import resource
from sitegen.view import Plan

_AT_ONCE = 400
"""Units up to which all are planned before the first is rendered, so that it is known how many there are and the largest goes first."""
_WAIT = 3600.0
"""Seconds for which a build waits for another that is at work on the same output."""
_GONE = ".gone-"
Report = Callable[[str, int, int], None]
"""Called with what was done last, how many units are done, and how many there are."""


class Result(Struct, frozen=True):
    """What a build did."""

    built: tuple[str, ...] = ()
    """Codes of the units that were rendered."""
    unchanged: int = 0
    pruned: tuple[str, ...] = ()
    """Codes of units that are no more."""
    hosts: tuple[str, ...] = ()
    """Every host that is there now."""
    pages: int = 0
    held: tuple[tuple[str, tuple[Finding, ...]], ...] = ()
    """Records held back (``<unit>/<id>`` or file), and the findings that are why."""
    findings: tuple[Finding, ...] = ()
    refused: bool = False
    """Nothing was written: the findings forbid it."""
    seconds: float = 0.0
    why: Mapping[str, Why] = field(default_factory=dict)
    """By code of a unit that was rendered: the pages and files that were built anew, and why each."""
    of_hosts: Mapping[str, Why] = field(default_factory=dict)
    """By host that stood before, if it was asked for: what was made anew for it that is of no unit (its search, its map), and why each."""


class Options(Struct, frozen=True):
    """How to build."""

    root: Path
    out: Path
    date: dt.date
    jobs: int = 1
    strict: bool = False
    force: bool = False
    """Read and render everything, whatever is unchanged."""
    why: bool = False
    """Say also what was made anew for hosts, which takes a moment."""
    waits: Callable[[], object] = lambda: None
    """Called when another build of the same output has to end first."""
    machines: Machines | None = None
    """Who reads and renders; ``None`` for ``jobs`` processes of this machine."""


def build(options: Options, report: Report = lambda *_: None) -> Result:
    """Build all sites of a region into ``options.out/<host>/``. One build at a time: a second waits for the first.

    Raises :class:`sitegen.load.region.NoRegion`, ``OSError`` where the output cannot be written.
    """
    started = time.monotonic()
    store = options.out / STORE
    state = read_state(store)
    files = scan(options.root)
    inputs = _inputs(files)
    if not options.force and (quick := _nothing_changed(options, state, inputs)):
        _note(store, undone=False)
        return replace(quick, seconds=time.monotonic() - started)
    _note(store, undone=True)
    if options.force:
        with suppress(OSError):  # a cache that cannot be written
            BundleCache(options.root).distrust()
    read = options.machines.read if options.machines else None
    region = load_region(options.root, jobs=options.jobs, examine=examine, read=read, scan=files)
    # Where a sound build stands, most likely the next one is sound: it is planned while the rest is still being checked.
    checking = Checking(region, options.date, beside=options.jobs > 1 and bool(state.get("clean")))
    if (not state.get("clean") or checking.doubtful) and _refused(options, checking):
        return Result(findings=checking.found().findings, refused=True, seconds=time.monotonic() - started)
    store.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(store / "lock"))  # a run that died holds nothing
    try:
        taken = lock.acquire(timeout=0)
    except Timeout:
        options.waits()
        taken = lock.acquire(timeout=_WAIT)
    with taken, _Run(options, checking.region, store, report) as run:
        result = _build(options, checking, inputs, store, run)
    if not result.refused:
        _note(store, undone=False)
    return replace(result, seconds=time.monotonic() - started)


def _note(store: Path, *, undone: bool) -> None:
    """Note that a build has begun, or is done: of one that failed, or was cut, whoever publishes must know. Where nothing was built there is nothing to publish."""
    with suppress(OSError):
        if not undone:
            (store / UNDONE).unlink(missing_ok=True)
        elif store.is_dir():
            (store / UNDONE).touch()


def _refused(options: Options, checking: Checking) -> bool:
    findings = checking.found().findings
    return any(blocks(f) for f in findings) or (options.strict and has_errors(findings))


def _build(options: Options, checking: Checking, inputs: str, store: Path, run: _Run) -> Result:
    region, last = checking.region, run.last
    state = last.state
    why: tuple[tuple[str, tuple[Finding, ...]], ...] = ()
    held = None
    planning = None if checking.doubtful else run.by_parts(checking)
    if planning is None and _refused(options, checking):
        return Result(findings=checking.found().findings, refused=True)
    findings = checking.found().findings
    if has_errors(findings):
        held, why = held_back(region, findings, last)
        planning = run.by_parts(checking, held, last.views if why else {})
    if planning is None:
        planning = Whole(region, find_matters(region), options.date, held, last.views if why else {})
        run.render(planning)
    known, keys = planning.known, {code: _key(k.facts.digest) for code, k in planning.known.items()}
    hosted = {code: k.hosted for code, k in known.items()}
    before = state.get("trees", {})
    if options.force:  # nothing that stands is trusted, linked or shared
        before = dict.fromkeys(before)
        for shared in ("assets", "asof", "hosts", "search"):
            shutil.rmtree(store / shared, ignore_errors=True)
    unreleased = set(state.get("unreleased", ()))
    next_change = min((k.facts.next_change for k in known.values() if k.facts.next_change), default=None)

    def told(trees: Mapping[str, Tree]) -> dict[str, Any]:
        return {
            "units": keys,
            "inputs": inputs,
            "program": program_digest(),
            "next_change": next_change.isoformat() if next_change else None,
            "date": options.date.isoformat(),
            "hosts": sorted(trees),
            "trees": {host: t.as_state() for host, t in trees.items()},
            "pages": sum(t.pages for t in trees.values()),
            "ledgers": {code: list(u.ledger.heads) for code, u in region.units.items() if u.ledger},
            # Of what is held back, what had never been released when it was last shown.
            "unreleased": [ref for k in known.values() for ref in (*k.facts.unreleased, *(r for r in k.facts.kept if r in unreleased))],
            "held": [name for name, _ in why],
            "clean": not has_errors(findings),
        }

    def settle(whole: Mapping[str, Tree]) -> None:
        prepare_state(store, told(whole))

    trees = assemble(
        options.out, store, hosted, keys, theme_digest(), options.date, before, settle, run.early.linked(), run.machines.search
    )
    settle_state(store)
    switched(store)
    of_hosts = made_for_hosts(store, before, trees) if options.why else {}
    # A cluster is for building anew, and all its workers wait while this machine links.
    if options.machines is None and (alike := with_spares(store, trees)):
        trees |= alike
        with suppress(OSError):  # a full disk: what the state says of what is live is right
            prepare_state(store, told(trees))
            settle_state(store)
    pruned = tuple(sorted(set(state.get("units", {})) - set(known)))
    hosts, pages = tuple(sorted(trees)), sum(t.pages for t in trees.values())
    _prune(store, keys, {folder for t in trees.values() for _, folder in (*t.parts, *(t.spare or ()))})
    if options.machines:
        options.machines.keep(region.root, keys)
    built = tuple(code for code in known if code in run.why)
    return Result(built, len(known) - len(built), pruned, hosts, pages, why, findings, why=run.why, of_hosts=of_hosts)


def held_back(region: Region, findings: tuple[Finding, ...], last: Last) -> tuple[Held, tuple[tuple[str, tuple[Finding, ...]], ...]]:
    """What is held back for its errors and why, and of what not even the earlier version stays."""
    held, why = quarantine(region, None, findings, lambda unit: passing(unit.records))
    return withheld(held, findings, region, last.views, same_program=last.state.get("program") == program_digest()), why


class _Run:
    """Plans and renders what is not in the store yet. To be entered when no other build is at work."""

    def __init__(self, options: Options, region: Region, store: Path, report: Report) -> None:
        self.options, self.region, self.store, self.report = options, region, store, report
        self.last = last_build(options.out)  # of now: another build may have ended while this one waited
        self.earlier: Mapping[str, str] = {} if options.force else self.last.state.get("units", {})
        self.base = f"{program_digest()} {theme_digest()} {region.catalog.digest}"
        self.machines: Machines = Here()
        self.early = Early(store, frozenset() if options.force else standing(self.last.state.get("trees", {})))
        self.why = Reasons()
        """By code of a unit that was rendered: which pages were built, and why."""

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.early.forget()
        self.machines.close()

    def by_parts(self, checking: Checking, held: Held | None = None, previous: Mapping[str, UnitView] | None = None) -> Planning | None:
        """Render what was planned part by part; ``None`` where parts cannot be planned apart, or something is wrong that is not ``held`` back."""
        planning = ByParts(checking.cuts, self.options.date, BundleCache(self.options.root), held, previous)
        try:
            self.render(planning if held else _Proved(planning, checking))
        except (Clash, Unsound):
            self.early.forget()
            return None
        return planning

    def render(self, planning: Planning) -> None:
        """Render every unit that is not ready. A region of many units is planned while it is rendered, so that not all views are in memory at once."""
        todo: Iterable[tuple[Plan, str]] = self._todo(planning)
        count = planning.most()
        machines = self._engage(count)
        # Where all are to be rendered by others, the first are while the next are planned.
        if count <= _AT_ONCE and (machines.one_by_one or count < len(self.region.units)):
            todo = list(todo)
            count = len(todo)
            machines = self._engage(count)
        names = {code: u.data.name for code, u in self.region.units.items()}
        shards = self._shards(todo, planning, machines, count)
        for n, (code, why) in enumerate(machines.render(shards, self.region.catalog), 1):
            self.why.put(code, why)
            self.report(names[code], n, count)

    def _engage(self, units: int) -> Machines:
        self.machines.close()
        self.machines = self.options.machines or local(self.options.jobs, units)
        return self.machines

    def _ready(self, code: str, digest: str) -> bool:
        key = _key(digest)
        return self.earlier.get(code) == key and (self.store / "units" / code / key / "done").exists()

    def _todo(self, planning: Planning) -> Iterator[tuple[Plan, str]]:
        """Units that are to be rendered, each with its plan; of a plan the largest first, so that it is not the last."""
        for made in planning.plans(self._ready):
            todo = [code for code in made.views if not self._ready(code, made.facts[code].digest)]
            yield from ((made, code) for code in sorted(todo, key=lambda code: (-len(made.views[code].records), code)))

    def _shards(self, todo: Iterable[tuple[Plan, str]], planning: Planning, machines: Machines, count: int) -> Iterator[Shard]:
        for n, (made, code) in enumerate(todo):
            view = made.views[code]
            if machines.one_by_one:
                self.report(view.unit.name, n, count)
            work = job(self.region, made, code, self.last.views.get(code) if any(r.held for r in view.records) else None)
            key = _key(made.facts[code].digest)
            # Where one process does all, one thing comes after the other anyway.
            trees = None if machines.one_by_one else self.early.of(planning.known[code].hosted, key)
            yield Shard(code, work, self.store / "units" / code / key, self.region.root, self.earlier.get(code, ""), self.base, trees)


class Unsound(Exception):
    """There are errors after all in what was planned already."""


class _Proved:
    """Plans that are given to be rendered only when all was checked."""

    def __init__(self, planning: Planning, checking: Checking) -> None:
        self.planning, self.checking = planning, checking
        self.most = planning.most

    @property
    def known(self) -> dict[str, Known]:
        """See :class:`sitegen.planning.Planning`."""
        return self.planning.known

    def plans(self, ready: Ready) -> Iterator[Plan]:
        """See :class:`sitegen.planning.Planning`. Raises :class:`Unsound`."""
        made = self.planning.plans(ready)
        try:
            first = next(made, None)
        except Exception:
            if self._sound():
                raise
            raise Unsound from None  # what is wrong need not be fit to be planned
        if not self._sound():
            raise Unsound
        if first is not None:
            yield first
            yield from made

    def _sound(self) -> bool:
        return not has_errors(self.checking.found().findings)


_WRITERS = ("mkdocs-material", "mkdocs", "jinja2", commonmark.LIBRARY, "nh3", "zxing-cpp", "pillow", "XlsxWriter")


@cache
def theme_digest() -> str:
    """Changes whenever the theme, the site configuration or a library that writes into pages does."""
    config = resource("mkdocs.yml")
    versions = [version(name) for name in _WRITERS]
    return hashlib.sha256(repr((signature(resource("themes/board")), config.stat().st_mtime_ns, versions)).encode()).hexdigest()[:16]


def _key(digest: str) -> str:
    return hashlib.sha256(f"{digest} {program_digest()} {theme_digest()}".encode()).hexdigest()[:24]


def _inputs(files: Scan) -> str:
    return hashlib.sha256(repr((files.digest, program_digest(), theme_digest())).encode()).hexdigest()[:24]


def _nothing_changed(options: Options, state: Mapping[str, Any], inputs: str) -> Result | None:
    """The last result, when the same files would give the same on the same day; codes' pages say the day."""
    if not state.get("clean") or state.get("inputs") != inputs or options.date.isoformat() != state["date"]:
        return None
    if not all((options.out / host).is_dir() for host in state["hosts"]):
        return None
    return Result(unchanged=len(state["units"]), hosts=tuple(state["hosts"]), pages=state["pages"])


def _prune(store: Path, keys: Mapping[str, str], used: set[str]) -> None:
    """Remove from the store what no tree, live or spare, is made of any more."""
    kept = {part for folder in used for part in (folder, folder.rpartition("/")[0])} | {f"units/{code}/{key}" for code, key in keys.items()}
    for place in (
        *store.glob("units/*/*"),
        *store.glob("assets/*"),
        *store.glob("asof/*"),
        *store.glob("hosts/*"),
        *store.glob("search/*"),
    ):
        if place.relative_to(store).as_posix() not in kept:
            if not place.name.startswith(_GONE):  # a run cut here must not leave a folder that looks whole
                gone = place.with_name(f"{_GONE}{place.name}")
                shutil.rmtree(gone, ignore_errors=True)  # of a run that was cut while it removed the same
                place = place.rename(gone)
            shutil.rmtree(place, ignore_errors=True)
    for unit in store.glob("units/*"):
        if not any(unit.iterdir()):
            unit.rmdir()
