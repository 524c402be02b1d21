"""The run: load, check, view, render the units that changed, assemble the hosts' trees, switch.

Units build into a content-addressed store beside the output; a host's tree is assembled from it by hard links and exposed in one
step, so that a run that is cut at any instant leaves the old site or the new one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import pickle
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from filelock import FileLock
from msgspec import Struct, field
from msgspec.structs import replace

from sitegen import commonmark
from sitegen.assemble import assemble, cut_while_switching, switched
from sitegen.check import load_and_check
from sitegen.check.run import Checked
from sitegen.contents import Job, fill, job, unchanged_files
from sitegen.load.cache import program_digest, signature
from sitegen.load.region import region_signature
from sitegen.model.finding import Finding, Severity
from sitegen.model.matter import Matters, matter_key
from sitegen.model.reach import NAMES as REACH
from sitegen.model.region import Catalog, Region
from sitegen.model.views import UnitView
from sitegen.resources import resource
from sitegen.view import Held, Plan, plan

STORE = ".store"
STATE = "state.json"
_WAIT = 3600.0
"""Seconds for which a build waits for another that is at work on the same output."""
_GONE = ".gone-"
_SHOWN_NOWHERE = ("/ledger.jsonl",)
"""Files that no output is made of: their errors hold nothing back."""
_APART = (
    "/records/",
    "/pages/",
    "/services/",
    "/services.yml",
    "/applications.yml",
    *(f"/{name}" for name in REACH),
    "/committee.yml",
    "/assurance.yml",
    "/photos.yml",
    "/photos/",
)
"""Files of which each is left out on its own when it has errors; an error in any other file stops the build."""
Why = Mapping[str, tuple[str, ...]]
"""By path in a unit's trees (``site/…``, ``q/…``): what of that page or file changed since the last build."""
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


class Options(Struct, frozen=True):
    """How to build."""

    root: Path
    out: Path
    date: dt.date
    jobs: int = 1
    strict: bool = False
    force: bool = False
    """Render everything, whatever is unchanged."""


def build(options: Options, report: Report = lambda *_: None) -> Result:
    """Build all sites of a region into ``options.out/<host>/``. One build at a time: a second waits for the first.

    Raises :class:`sitegen.load.region.NoRegion`, ``OSError`` where the output cannot be written.
    """
    started = time.monotonic()
    store = options.out / STORE
    state = _read_state(store)
    inputs = _inputs(options)
    if not options.force and (quick := _nothing_changed(options, state, inputs)):
        return replace(quick, seconds=time.monotonic() - started)
    checked = load_and_check(options.root, options.date, jobs=options.jobs)
    if any(blocks(f) for f in checked.findings) or (options.strict and any(f.severity is Severity.ERROR for f in checked.findings)):
        return Result(findings=checked.findings, refused=True, seconds=time.monotonic() - started)
    store.mkdir(parents=True, exist_ok=True)
    with FileLock(str(store / "lock"), timeout=_WAIT):  # a run that died holds nothing
        return replace(_build(options, checked, inputs, store, report), seconds=time.monotonic() - started)


def _build(options: Options, checked: Checked, inputs: str, store: Path, report: Report) -> Result:
    region, matters, findings = checked.region, checked.matters, checked.findings
    state = _read_state(store)  # of now: another build may have ended while this one waited
    held, why = quarantine(region, matters, findings)
    previous = _Previous(store, state)
    made = plan(region, matters, options.date, held, previous if why else {})
    old: dict[str, str] = {} if options.force else state.get("units", {})
    keys = {code: _key(made.digests[code]) for code in made.views}
    todo = [code for code in made.views if old.get(code) != keys[code] or not (store / "units" / code / keys[code] / "done").exists()]
    with _executor(options.jobs, len(todo), region.catalog) as executor:
        why_built = _render(executor, region, made, todo, keys, store, previous, report, old)
    trees = assemble(options.out, store, made.views, keys, theme_digest(), options.date, state.get("trees", {}))
    pruned = tuple(sorted(set(state.get("units", {})) - set(made.views)))
    hosts, pages = tuple(sorted(trees)), sum(t.pages for t in trees.values())
    _write_state(
        store,
        {
            "units": keys,
            "inputs": inputs,
            "next_change": made.next_change.isoformat() if made.next_change else None,
            "date": options.date.isoformat(),
            "hosts": list(hosts),
            "trees": {host: t.as_state() for host, t in trees.items()},
            "pages": pages,
            "ledgers": {code: list(u.ledger.heads) for code, u in region.units.items() if u.ledger},
            "unreleased": list(made.unreleased),
            "held": [name for name, _ in why],
            "clean": not any(f.severity is Severity.ERROR for f in findings),
        },
    )
    switched(store)
    _prune(store, keys, {folder for t in trees.values() for _, folder in (*t.parts, *(t.spare or ()))})
    return Result(tuple(todo), len(made.views) - len(todo), pruned, hosts, pages, why, findings, why=why_built)


def blocks(found: Finding) -> bool:
    """Whether nothing can be built while this stands: an error in what all records need."""
    if found.severity is not Severity.ERROR or found.file.endswith(_SHOWN_NOWHERE):
        return False
    return found.rule.blocks or (found.record is None and not any(part in found.file for part in _APART))


def quarantine(region: Region, matters: Matters, findings: tuple[Finding, ...]) -> tuple[Held, tuple[tuple[str, tuple[Finding, ...]], ...]]:
    """What is held back and why. What the records of a matter say must change together, so all of them are held."""
    errors: dict[str, list[Finding]] = {}
    files: set[str] = set()
    for f in findings:
        if f.severity is Severity.ERROR and not blocks(f) and not f.file.endswith(_SHOWN_NOWHERE):
            if f.record is not None and f.unit is not None:
                errors.setdefault(f"{f.unit}/{f.record}", []).append(f)
            else:
                errors.setdefault(f.file, []).append(f)
                files.add(f.file)
    refs = {name for name in errors if name not in files}
    for unit in region.units.values():
        for record in unit.records:
            if record.ref in errors and (key := matter_key(record, region.catalog)):
                for other in matters.groups.get(key, ()):
                    refs.add(other.ref)
                    errors.setdefault(other.ref, errors[record.ref])
    return Held(frozenset(refs), frozenset(files)), tuple(sorted((name, tuple(found)) for name, found in errors.items()))


def _executor(jobs: int, todo: int, catalog: Catalog) -> Any:
    if jobs <= 1 or todo <= 1:
        return _Here(catalog)
    # A process that has typeset must not be forked: the typesetter's threads would be missing in the copy.
    context = get_context("spawn") if "typst" in sys.modules else None
    return ProcessPoolExecutor(
        min(jobs, todo), mp_context=context, initializer=_start_worker, initargs=(pickle.dumps(catalog, protocol=5),)
    )


class _Here(Executor):
    """Runs in this process, at once."""

    def __init__(self, catalog: Catalog) -> None:
        global _catalog
        _catalog = catalog

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


_catalog: Catalog | None = None


def _start_worker(packed: bytes) -> None:
    global _catalog
    _catalog = pickle.loads(packed)


def _render(
    executor: Executor,
    region: Region,
    made: Plan,
    todo: list[str],
    keys: Mapping[str, str],
    store: Path,
    previous: Mapping[str, UnitView],
    report: Report,
    earlier: Mapping[str, str],
) -> dict[str, Why]:
    """Render the units of ``todo`` into the store; returns for each which pages were built, and why. ``earlier`` are the keys of the last
    build. The largest first, so that no worker is left with it at the end."""
    waiting: dict[Future[Why], str] = {}
    why: dict[str, Why] = {}
    order = sorted(todo, key=lambda code: (-len(made.views[code].records), code))
    for n, code in enumerate(order):
        if isinstance(executor, _Here):
            report(made.views[code].unit.name, n, len(order))
        work = job(region, made, code, previous.get(code) if any(r.held for r in made.views[code].records) else None)
        waiting[executor.submit(render_unit, work, str(store / "units" / code / keys[code]), str(region.root), earlier.get(code, ""))] = (
            code
        )
    for n, future in enumerate(as_completed(waiting), 1):
        why[waiting[future]] = future.result()
        report(made.views[waiting[future]].unit.name, n, len(order))
    return {code: why[code] for code in sorted(why)}


def render_unit(work: Job, target: str, root: str, earlier: str = "") -> Why:
    """Render one unit into ``target``, whole or not at all; pages that are what they were are taken from the folder ``earlier`` beside it.

    Returns which pages were built, and why. Runs in a worker.
    """
    from sitegen.boards.wall import with_wall
    from sitegen.site.engine import build_unit

    assert _catalog is not None
    place = Path(target)
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    view = unchanged_files(fill(work, _catalog), Path(root))
    base = f"{program_digest()} {theme_digest()} {_catalog.digest}"
    why = build_unit(with_wall(view), temporary, Path(root), earlier=place.with_name(earlier) if earlier else None, base=base)
    (temporary / "view.pickle").write_bytes(pickle.dumps(view, protocol=5))
    (temporary / "done").touch()
    (place / "done").unlink(missing_ok=True)  # first: what is half removed must not look whole
    shutil.rmtree(place, ignore_errors=True)
    temporary.rename(place)
    return why


class _Previous(Mapping[str, UnitView]):
    """The views of the last build, read only when something is held back."""

    def __init__(self, store: Path, state: Mapping[str, Any]) -> None:
        self.store, self.known = store, dict(state.get("units", {}))
        self.read: dict[str, UnitView | None] = {}

    def __getitem__(self, code: str) -> UnitView:
        if code not in self.read:
            try:
                self.read[code] = pickle.loads((self.store / "units" / code / self.known[code] / "view.pickle").read_bytes())
            except (OSError, KeyError, AttributeError, TypeError, pickle.UnpicklingError, EOFError):
                self.read[code] = None  # made by another version of the program: there is no earlier view then
        view = self.read[code]
        if view is None:
            raise KeyError(code)
        return view

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


_WRITERS = ("mkdocs-material", "mkdocs", "jinja2", commonmark.LIBRARY, "nh3", "zxing-cpp", "pillow", "XlsxWriter")


@cache
def theme_digest() -> str:
    """Changes whenever the theme, the site configuration or a library that writes into pages does."""
    config = resource("mkdocs.yml")
    versions = [version(name) for name in _WRITERS]
    return hashlib.sha256(repr((signature(resource("themes/board")), config.stat().st_mtime_ns, versions)).encode()).hexdigest()[:16]


def _key(digest: str) -> str:
    return hashlib.sha256(f"{digest} {program_digest()} {theme_digest()}".encode()).hexdigest()[:24]


def _inputs(options: Options) -> str:
    return hashlib.sha256(repr((region_signature(options.root), program_digest(), theme_digest())).encode()).hexdigest()[:24]


def _nothing_changed(options: Options, state: Mapping[str, Any], inputs: str) -> Result | None:
    """The last result, when the same files would give the same on the same day; codes' pages say the day."""
    if not state.get("clean") or state.get("inputs") != inputs or options.date.isoformat() != state["date"]:
        return None
    if not all((options.out / host).is_dir() for host in state["hosts"]):
        return None
    return Result(unchanged=len(state["units"]), hosts=tuple(state["hosts"]), pages=state["pages"])


def _read_state(store: Path) -> dict[str, Any]:
    try:
        state = json.loads((store / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(state, dict):
        return {}
    if cut_while_switching(store):
        # Which trees went live before the cut is not known: none is trusted, and all are linked anew.
        state |= {"clean": False, "trees": dict.fromkeys(state.get("trees", {}))}
    return state


def _write_state(store: Path, state: dict[str, Any]) -> None:
    temporary = store / f"{STATE}.new"
    temporary.write_text(json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    temporary.replace(store / STATE)


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
                place = place.rename(place.with_name(f"{_GONE}{place.name}"))
            shutil.rmtree(place, ignore_errors=True)
    for unit in store.glob("units/*"):
        if not any(unit.iterdir()):
            unit.rmdir()
