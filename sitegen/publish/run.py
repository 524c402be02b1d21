"""The run of ``sitegen publish``: ready, lock, manifest, plan, send in phases, delete, verify, manifest, unlock."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field

from sitegen.model.publishing import Target

from .lock import Lock
from .manifest import MANIFEST, PENDING, Entry, Manifest, Pending, in_doubt, understood, written
from .memory import Memory
from .plan import Plan, make_plan
from .problems import Clash, Damaged, Misplaced, NeverReached, NoData, NotReady, OtherSite, Rebuilt, Unreachable
from .ready import Reason, releasable
from .secrets import Secret
from .store import OURS, Stat, Store, open_store
from .throttle import Throttle
from .tree import LocalFile, homes, local_files, phase_of, sized, spellings, steps_of
from .web import verify_over_http

Report = Callable[[str, int, int], None]
T = TypeVar("T")
TRIES = 7
"""Attempts in all, once the target has answered: enough for a network that comes back after a laptop slept."""
PATIENCE = 20.0
"""Seconds for which it is tried to reach it at all."""
FIRST_TRIES = 3
"""Attempts to reach it at all."""
_PAUSE = 0.5


class Order(Struct, frozen=True):
    """What to publish, where, and how."""

    root: Path
    public: Path
    memory: Path
    """Folder for what this computer remembers of targets."""
    target: Target
    secret: Secret
    today: dt.date | None = None
    dry_run: bool = False
    prune_foreign: bool = False
    """Delete what is not ours, and replace it where ours goes."""
    replace_foreign: bool = False
    """Replace what is not ours where ours goes; the rest stays."""
    take_over: bool = False
    read_back: bool = False
    """Trust nothing: read every file back that claims to be up to date."""
    pause: float = _PAUSE
    """Seconds before the second attempt; each further one waits twice as long."""


class Done(Struct):
    """What was done, or with ``dry_run`` would be."""

    dry_run: bool = False
    phases: list[tuple[str, int, int]] = field(default_factory=list)
    """Phase, files, bytes."""
    deleted: int = 0
    unchanged: int = 0
    foreign: int | None = None
    """Files on the target that are not ours; ``None`` where nobody had to look."""
    strangers: tuple[str, ...] = ()
    """Their paths."""
    resumed: int = 0
    """Files that a run that was cut had sent already."""
    read_back: int = 0
    changed_there: tuple[str, ...] = ()
    """Files that were not what the manifest said: sent again."""
    distrusted: bool = False
    """The manifest was changed or torn."""
    took_over: bool = False
    retried: int = 0
    warnings: tuple[Reason, ...] = ()
    web: list[tuple[str, str]] = field(default_factory=list)
    """Pages that are not read as they were sent: address and what."""
    looked_at: int = 0
    seconds: float = 0.0

    @property
    def sent(self) -> int:
        """Files sent."""
        return sum(count for _, count, _ in self.phases)

    @property
    def bytes(self) -> int:
        """Bytes sent."""
        return sum(size for _, _, size in self.phases)


def publish(order: Order, report: Report = lambda *_: None) -> Done:
    """Bring a target up to date. Raises :class:`~sitegen.publish.problems.Problem`; then the target is old, new, or to be gone on with."""
    started = time.monotonic()
    ready = releasable(order.public, (order.target.host,), order.today)
    if ready.reasons:
        raise NotReady(list(ready.reasons))
    _placed(order)
    memory = Memory(order.memory, order.target)
    try:
        files = local_files(order.public / order.target.host, memory.digests)
    except FileNotFoundError as error:
        raise Rebuilt(path=error.filename) from error
    throttle = Throttle(order.target.bytes_per_second)
    store = open_store(order.target, order.secret, throttle, order.root)
    try:
        done = _Run(order, store, memory, files, report, throttle).go()
    finally:
        store.close()
    done.warnings = ready.warnings
    done.seconds = time.monotonic() - started
    return done


def _placed(order: Order) -> None:
    """Raises :class:`Misplaced` for a folder that must not be filled, let alone tidied up."""
    if order.target.kind == "dir":
        folder, root, public = ((order.root / order.target.folder).resolve(), order.root.resolve(), order.public.resolve())
        if folder in (root, *root.parents, *public.parents) or public in (folder, *folder.parents):
            raise Misplaced(folder=folder)


class _Run:
    def __init__(self, order: Order, store: Store, memory: Memory, files: dict[str, LocalFile], report: Report, throttle: Throttle) -> None:
        self.order, self.store, self.memory, self.files, self.report, self.throttle = order, store, memory, files, report, throttle
        self.done = Done(dry_run=order.dry_run)
        self.guard = threading.Lock()
        self.pool = ThreadPoolExecutor(order.target.connections)
        self.stop = threading.Event()
        self.deleted: set[str] = set()
        """What a run that was cut had deleted already."""
        self.looked = False
        """The whole target was listed."""
        self.others: tuple[str, ...] = ()
        """Folders on the target that hold another site of this program."""
        self.folds = False
        """The target takes small letters for capitals, as Windows does."""
        self.reached = False
        """The target has answered."""
        self.lock = Lock(self.store, self.memory.machine)

    def go(self) -> Done:
        with contextlib.nullcontext() if self.order.dry_run else self.memory.alone():
            if not self.order.dry_run:
                self._retry(lambda: self.lock.take(by_force=self.order.take_over))
                self.done.took_over = self.lock.took_over
            try:
                self._spell(self.lock)
                self._go()
            finally:
                self.stop.set()
                self.throttle.end()
                self.pool.shutdown(wait=True, cancel_futures=True)
                if not self.order.dry_run:
                    self.lock.release()
        return self.done

    def _spell(self, lock: Lock) -> None:
        """Put codes under their other spellings as well. Where the target takes small letters for capitals they are there already."""
        if self.order.target.spelt:
            bare = self.order.target.kind == "s3"
            ours = MANIFEST if self.order.dry_run else lock.path
            self.folds = not bare and self._retry(lambda: self.store.exists(ours.upper()))
            if not self.folds:
                self.files |= spellings(self.files, bare=bare)

    def _go(self) -> None:
        data = self._retry(lambda: self.store.read(MANIFEST))
        manifest = self._of_this_host(understood(data))
        left = in_doubt(self._retry(lambda: self.store.read(PENDING)), manifest)
        known, foreign = self._known(manifest, left)
        plan = self._without_clash(self._plan(known, left, foreign), left, known, foreign)
        self.done.unchanged = plan.unchanged
        self.done.phases = [(phase.name.lower(), len(paths), sized(self.files, paths)) for phase, paths in plan.send.items()]
        self.done.deleted = len(plan.delete)
        if self.order.dry_run:
            return
        # A run may have been cut when all was sent and only the manifest was not: then there is nothing to send, but it must be written.
        stale = {path: entry.sha256 for path, entry in manifest.files.items()} != {path: file.sha256 for path, file in self.files.items()}
        changing = not plan.nothing or stale or manifest.damaged or not manifest.digest
        if changing or left.run or left.unreadable or self.done.took_over:
            # Also what a run left that was cut before it could note anything.
            self._retry(self.store.clean)
        if changing:
            self._change(plan, manifest, left)
        else:
            if left.run or left.unreadable:
                self._retry(lambda: self.store.delete(PENDING))
            if manifest.digest != self.memory.manifest.digest:
                assert data is not None
                self.memory.remember(data)
        if self.order.target.url:
            gone = {path: known[path] for path in plan.delete if path in known}
            sent = [self.files[path] for path in plan.sending]
            seen = verify_over_http(self.order.target.url, sent, gone, self._certificates(), report=self.report)
            self.done.looked_at, self.done.web = seen

    def _change(self, plan: Plan, manifest: Manifest, left: Pending) -> None:
        # A run that goes on keeps its name, so that its journal counts; what somebody else left undone stays in doubt.
        run = left.run if left.paths and self.memory.sent(left.run) else uuid.uuid4().hex
        doubtful = Pending(run, manifest.digest, frozenset({*plan.sending, *plan.delete, *left.paths}))
        self._retry(lambda: self.store.write(PENDING, doubtful.written()))
        self.memory.begin(run)
        total, count = len(plan.sending) + len(plan.delete), 0
        for phase, paths in plan.send.items():
            for step in steps_of(phase, paths):
                count = self._all(self._send, step, count, total)
        first = homes([*self.files, *plan.delete])
        for _, together in groupby(plan.delete, lambda path: phase_of(path, first)):
            count = self._all(self._delete, together, count, total)
        data, _ = written({path: Entry(file.sha256, file.size) for path, file in self.files.items()}, self.order.target.host)
        self.lock.hold()
        self._retry(lambda: self.store.write(MANIFEST, data))
        self.memory.remember(data)
        self._retry(lambda: self.store.delete(PENDING))

    # ---- what is there already ----

    def _of_this_host(self, manifest: Manifest) -> Manifest:
        """Raises :class:`OtherSite` where another host's site lies on the target; if that is to be replaced, it is not ours."""
        if manifest.host in ("", self.order.target.host):
            return manifest
        if not (self.order.replace_foreign or self.order.prune_foreign):
            raise OtherSite(other=manifest.host, host=self.order.target.host)
        return Manifest({}, manifest.digest)

    def _known(self, manifest: Manifest, left: Pending) -> tuple[dict[str, str], frozenset[str]]:
        """Digests of our files on the target, as far as they can be believed, and the files there that are not ours, where that was looked at."""
        ours = self.memory.manifest
        claimed = manifest
        if manifest.damaged or not manifest.digest:
            # Somebody changed it or took it away: what we remember says which files are ours, and each is looked at.
            claimed = ours
            self.done.distrusted = manifest.damaged or bool(ours.digest)
        believed = bool(manifest.digest) and manifest.digest == ours.digest and not self.order.read_back and not left.unreadable
        known = {path: entry.sha256 for path, entry in claimed.files.items()}
        for path in left.paths:
            known.pop(path, None)
        for path, digest in self.memory.sent(left.run).items():
            if path in left.paths and digest:
                known[path] = digest
                self.done.resumed += path in self.files and self.files[path].sha256 == digest
            elif path in left.paths:
                self.deleted.add(path)
        looked = not claimed.files or self.order.prune_foreign
        listed = self._list() if looked or (not believed and self.order.target.kind == "s3") else []
        there = {s.path: s for s in listed}
        self.others = tuple(path.removesuffix(MANIFEST) for path in there if path.endswith(f"/{MANIFEST}"))
        if not believed:
            known = self._read_back(known, {path: s.md5 for path, s in there.items() if s.md5})
        if not looked:
            return known, frozenset()
        foreign = frozenset(path for path in there if path not in claimed.files and path not in left.paths)
        self.looked = True
        strangers = foreign - set(self.files)
        if self.order.prune_foreign:
            strangers = frozenset(path for path in strangers if not path.startswith(self.others))
        self.done.strangers = tuple(sorted(strangers))
        self.done.foreign = len(self.done.strangers)
        return known, foreign

    def _plan(self, known: Mapping[str, str], left: Pending, foreign: frozenset[str]) -> Plan:
        if self.folds:
            # Another spelling of a file that is there is that file: what was published to another system before must not take it away.
            ours = {path.lower() for path in self.files}
            known = {path: digest for path, digest in known.items() if path in self.files or path.lower() not in ours}
        pruned = [path for path in foreign if not path.startswith(self.others)] if self.order.prune_foreign else ()
        return make_plan(self.files, known, left.paths - self.deleted, pruned)

    def _list(self) -> list[Stat]:
        return [s for s in self._retry(lambda: list(self.store.files())) if not s.path.startswith(f"{OURS}/")]

    def _read_back(self, known: Mapping[str, str], md5: Mapping[str, str]) -> dict[str, str]:
        """What is on the target with its real digest. What the store tells in MD5 need not be read."""
        checked: dict[str, str] = {}
        wrong: list[str] = []

        def look(path: str) -> None:
            file = self.files.get(path)
            if file is not None and file.sha256 == known[path] and path in md5:
                good = md5[path] == file.md5
            elif file is not None and file.sha256 != known[path]:
                good = True  # it goes up again anyway
            else:
                data = self._retry(lambda: self.store.read(path))
                good = data is not None and hashlib.sha256(data).hexdigest() == known[path]
                with self.guard:
                    self.done.read_back += 1
            with self.guard:
                if good:
                    checked[path] = known[path]
                else:
                    wrong.append(path)

        self._all(look, sorted(known), 0, len(known))
        self.done.changed_there = tuple(sorted(wrong))
        return checked

    def _without_clash(self, plan: Plan, left: Pending, known: dict[str, str], foreign: frozenset[str]) -> Plan:
        """Raises :class:`Clash` where ours would replace what is not ours. What is the same already is taken over."""
        new = [path for path in plan.new if path not in left.paths and path not in self.done.changed_there]
        if self.looked:
            new = [path for path in new if path in foreign]
        clashing: list[str] = []

        def look(path: str) -> None:
            if not self.looked and not self._retry(lambda: self.store.exists(path)):
                return
            data = self._retry(lambda: self.store.read(path))
            with self.guard:
                if data is None:
                    return
                if hashlib.sha256(data).hexdigest() == self.files[path].sha256:
                    known[path] = self.files[path].sha256
                else:
                    clashing.append(path)

        self._all(look, sorted(new), 0, len(new))
        if clashing and not (self.order.prune_foreign or self.order.replace_foreign):
            names = ", ".join(sorted(clashing)[:5]) + (" …" if len(clashing) > 5 else "")
            raise Clash(n=len(clashing), names=names)
        return self._plan(known, left, foreign)

    def _certificates(self) -> str | None:
        """The authority of publish.yml, wherever the command was started."""
        return str(self.order.root / Path(self.order.target.ca).expanduser()) if self.order.target.ca else None

    # ---- sending ----

    def _send(self, path: str) -> None:
        file = self.files[path]
        try:
            data = file.place.read_bytes()
        except OSError as error:
            raise Rebuilt(path=path) from error
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise Rebuilt(path=path)  # the manifest may not call it what it is not
        self.lock.hold()
        self._retry(lambda: self.store.send(path, data, file.md5))
        self._note(path, file.sha256)

    def _delete(self, path: str) -> None:
        self.lock.hold()
        self._retry(lambda: self.store.delete(path))
        self._note(path, "")

    def _note(self, path: str, digest: str) -> None:
        with self.guard:
            self.memory.note(path, digest)

    def _all(self, work: Callable[[str], None], paths: Iterable[str], count: int, total: int) -> int:
        """Do the work for all paths, several at a time; returns how many are done. The first problem stops the rest."""
        waiting: dict[Future[None], str] = {}
        paths = list(paths)

        def one(path: str) -> None:
            if not self.stop.is_set():
                work(path)
                with self.guard:
                    nonlocal count
                    count += 1
                    self.report(path, count, total)

        if len(paths) <= 2:  # not worth another connection
            for path in paths:
                one(path)
            return count
        for path in paths:
            waiting[self.pool.submit(one, path)] = path
        finished, _ = wait(waiting, return_when=FIRST_EXCEPTION)
        for future in finished:
            if (error := future.exception()) is not None:
                self.stop.set()
                raise error
        return count

    def _retry(self, work: Callable[[], T]) -> T:
        """Once more, a little later, when the connection breaks: a few times until the target has answered, then until half a minute is over."""
        tries, began = 0, time.monotonic()
        while True:
            try:
                made = work()
            except (Unreachable, Damaged) as error:
                tries += 1
                self.reached |= isinstance(error, Damaged)
                most = TRIES if self.reached else 2 if isinstance(error, NoData) else FIRST_TRIES
                if not self.reached and time.monotonic() - began > PATIENCE:
                    most = 0
                if tries >= most or self.stop.is_set():
                    if not self.reached and type(error) is Unreachable:
                        raise NeverReached(address=self.order.target.address, what=error.args_["what"]) from error
                    raise
                with self.guard:
                    self.done.retried += 1
                self.stop.wait(self.order.pause * 2 ** (tries - 1))
            else:
                self.reached = True
                return made
