"""The machine that builds, and sends units to the workers of a Dask cluster."""

from __future__ import annotations

import logging
import os
import pickle
import re
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import Future as LocalFuture
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from distributed import Client, Future, wait
from distributed.comm.core import connect
from distributed.scheduler import KilledWorker
from msgspec.structs import replace

from sitegen.fonts import FONTS
from sitegen.ledger import OBJECTS
from sitegen.load.files import load_yaml, relative
from sitegen.load.region import Read, Reading, read_unit
from sitegen.machines import Shard, Why, put_in_place
from sitegen.model.region import Catalog
from sitegen.model.unit import RegionFile
from sitegen.search.shelf import Work

from . import parcel, worker
from .depot import Depot, name_of
from .problems import ClusterProblem, NoProgram, NoScheduler, NotShared, NoWorkers, WorkersDie
from .program import program
from .room import UNITS, Room, sign, signs
from .worker import Files, Spent, ToRead, ToRender

K = TypeVar("K")
_SIGNS = "signs"
"""Folder in the store for what tells whether workers see it."""
_INLINE = 65_536
"""Bytes up to which a file travels with its unit; larger ones go through the store, once each."""
_NEAR = 2.0
"""Seconds for a worker to answer this machine itself."""
_ANSWER = 10.0
"""Seconds for the scheduler to answer."""
_PATIENCE = 60.0
"""Seconds without any worker after which the build gives up: until then machines may come back."""
_LOOK = 5.0
_FETCHERS = 2
_ELSEWHERE = re.compile(rb"\.\.[/\\]|%2[eEfF]")
"""In a file of a unit: it may name something outside the unit's folder."""


class Cluster:
    """The workers behind a scheduler, and a store (by its URL) that they and this machine see: :class:`sitegen.machines.Machines`.

    With ``same_disk`` workers write units where this machine keeps them, as processes of its own would; else units come back through the store.

    Raises :class:`~sitegen.cluster.problems.ClusterProblem` from every method.
    """

    one_by_one = False

    def __init__(self, address: str, store: str, *, same_disk: bool = False) -> None:
        self.address, self.store, self.same_disk = address, store, same_disk
        self.spent: list[tuple[str, Spent]] = []
        """What workers spent: «read», «render» or «search», and how much."""
        self.sent = 0
        """Bytes that travelled with units as values."""
        self._hands, self._counted = 1, -_LOOK
        self._rooms: dict[Path, Room] = {}
        self._made: dict[str, str] = {}

    def __enter__(self) -> Cluster:
        for name in ("tornado", *(n for n in logging.root.manager.loggerDict if n.partition(".")[0] == "distributed")):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what went wrong is said once, by us
        warnings.filterwarnings("ignore", module="distributed")
        try:
            self._client = Client(self.address, timeout=_ANSWER, set_as_default=False, name="sitegen")
        except (OSError, TimeoutError, ValueError) as error:
            raise NoScheduler(address=self.address, what=_short(error)) from error
        try:
            self._meet()
        except BaseException:
            self._client.close(timeout=2)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for room in self._rooms.values():
            with suppress(ClusterProblem):  # the next build sees that nobody stands behind the sign
                room.leave()
        self._client.close(timeout=2)

    @property
    def read(self) -> Callable[[Reading, Sequence[tuple[Path, str]]], Iterator[Read]]:
        """See :class:`sitegen.machines.Machines`."""
        return self._read

    def _meet(self) -> None:
        """Every worker has the same program and sees the same store, or nothing is begun."""
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise NoWorkers(address=self.address, seconds=round(_PATIENCE)) from None
        self._depot = Depot(self.store)
        signs(self._depot, _SIGNS)  # of builds that were killed
        mark = sign(self._depot, _SIGNS)
        try:
            answers = self._client.run(worker.greet, self.store, program(), mark, on_error="return")
        except OSError as error:
            raise NoScheduler(address=self.address, what=_short(error)) from error
        finally:
            self._depot.remove([mark])
        for name, answer in answers.items():
            if not isinstance(answer, OSError):  # it left meanwhile; every unit asks again whoever takes it
                _raise(answer, name)
        # What workers return need not go through the scheduler where they can be reached from here.
        self._client.direct_to_workers = self._client.sync(self._reaches, next(iter(answers), ""))

    async def _reaches(self, worker: str) -> bool:
        try:
            comm = await connect(worker, timeout=_NEAR, **self._client.connection_args)
        except (OSError, TimeoutError, ValueError):
            return False
        await comm.close()
        return True

    def _room(self, root: Path) -> Room:
        """The part of the store that belongs to the region at ``root``."""
        if root not in self._rooms:
            got = load_yaml(RegionFile, root / "region.yml", root, [])
            self._rooms[root] = Room(self._depot, got[0].code if got else "region")
        return self._rooms[root]

    def keep(self, root: Path, keys: Mapping[str, str]) -> None:
        """See :class:`sitegen.machines.Machines`."""
        with suppress(ClusterProblem):  # the sites are built; what could not go now goes next time
            room = self._room(root)
            room.thin_out(root, keys, self._made)
            room.leave()
        self._rooms.pop(root, None)

    # ---- Units are read.

    def _read(self, reading: Reading, units: Sequence[tuple[Path, str]]) -> Iterator[Read]:
        # Fonts of the region's own are looked into for every unit, and are the largest files there are: that stays here.
        if (reading.root / FONTS).exists():
            yield from (read_unit(reading, folder, key) for folder, key in units)
            return
        room = self._room(reading.root)
        shared = room.share(pickle.dumps(replace(reading, root=Path()), protocol=5))
        ready: dict[Path, Read] = {}
        folders: deque[Path] = deque()

        def tasks() -> Iterator[tuple[Path, bytes]]:
            for folder, key in units:
                folders.append(folder)
                files = list(parcel.files_of(folder))
                if any(data is None or _ELSEWHERE.search(data) for path, data in files if data is None or path.endswith((".md", ".yml"))):
                    ready[folder] = read_unit(reading, folder, key)  # it may look beyond its own folder
                    continue
                name = relative(folder, reading.root)
                packed = self._packed(room, ((f"{name}/{path}", data) for path, data in files if data is not None))
                room.names(name, (at for _, at in packed.large))
                yield folder, pickle.dumps(ToRead(name, key, packed, shared), protocol=5)

        for folder, (made, spent) in self._run(worker.read, tasks(), in_order=True):
            self.spent.append(("read", spent))
            ready[folder] = made
            while folders and folders[0] in ready:
                yield ready.pop(folders.popleft())
        while folders:
            yield ready.pop(folders.popleft())

    # ---- Units are rendered.

    def render(self, shards: Iterable[Shard], catalog: Catalog) -> Iterator[tuple[str, Why]]:
        """See :class:`sitegen.machines.Machines`."""
        sent: dict[str, Shard] = {}
        self._made = {}
        tasks = self._tasks(shards, catalog, sent)
        with ThreadPoolExecutor(_FETCHERS) as pool:  # the next units are sent while what is done comes in
            coming: deque[LocalFuture[tuple[str, Why]]] = deque()
            for code, (name, why, spent) in self._run(worker.render, tasks):
                self.spent.append(("render", spent))
                shard = sent.pop(code)
                self._made[f"{code}-{shard.target.name}"] = name
                coming.append(pool.submit(self._fetch, shard, name, why))
                while coming and (coming[0].done() or len(coming) > 2 * _FETCHERS):
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()

    def _tasks(self, shards: Iterable[Shard], catalog: Catalog, sent: dict[str, Shard]) -> Iterator[tuple[str, bytes]]:
        """Units to be rendered, packed; each is noted in ``sent`` before."""
        shared = ""
        kept: Mapping[str, str] = {}
        for shard in shards:
            room = self._room(shard.root)
            if not shared:
                shared = room.share(pickle.dumps(catalog, protocol=5))
                kept = {} if self.same_disk else room.units()
            sent[shard.code] = replace(shard, work=_LIGHT)
            files = self._files_for(room, shard)
            room.names(shard.work.own.folder, (at for _, at in files.large))
            place = ""
            if self.same_disk:
                shard.target.parent.mkdir(parents=True, exist_ok=True)  # a worker that does not find it is on another disk
                place = str(shard.target)
            earlier = kept.get(f"{shard.code}-{shard.earlier}", "")
            if not self.same_disk:
                shard = replace(shard, trees=None)  # what comes back is linked here
            packed = parcel.pack_shard(parcel.travelling(shard), catalog.items, self.store, shared)
            task = ToRender(packed, files, shared, earlier, room.folder(UNITS), place)
            yield shard.code, pickle.dumps(task, protocol=5)

    def _fetch(self, shard: Shard, name: str, why: Why) -> tuple[str, Why]:
        """Bring a unit's folder from the store to this machine's, unless it is there."""
        place = shard.target
        if self.same_disk:
            if not (place / "done").exists():
                raise NotShared(worker=self.address, url=self.store)
            return shard.code, why
        temporary = place.with_name(f".{place.name}.{os.getpid()}")
        parcel.write(parcel.unpack(self._depot.get(name)), temporary)
        put_in_place(temporary, place)
        if shard.trees:
            shard.trees.link()
        return shard.code, why

    def _files_for(self, room: Room, shard: Shard) -> Files:
        """The files that the unit's pages carry, and the contents of earlier revisions that pages compare with."""
        work = shard.work
        wanted = parcel.referred((work.view, tuple(work.own.records), work.kept))
        for record in work.view.records:
            for folder in work.folders.get(record.code, ()):
                wanted.update(f"{folder}/{OBJECTS}/{r.object}.json.gz" for r in record.revisions if r.object)
        root = str(shard.root)
        return self._packed(room, ((path, data) for path in sorted(wanted) if (data := parcel.bytes_of(f"{root}/{path}")) is not None))

    # ---- Search is made.

    def search(self, todo: Sequence[Work]) -> None:
        """See :class:`sitegen.machines.Machines`."""
        if not self.same_disk:
            return  # texts came here with their units
        tasks = ((f"{n}", pickle.dumps(work, protocol=5)) for n, work in enumerate(todo))
        with suppress(Exception):  # whatever is lost or full there: nobody is needed any more, and this machine meets what is wrong itself
            for _, spent in self._run(worker.search, tasks):
                self.spent.append(("search", spent))

    def close(self) -> None:
        """See :class:`sitegen.machines.Machines`."""

    # ---- All.

    @staticmethod
    def _packed(room: Room, files: Iterable[tuple[str, bytes]]) -> Files:
        small: list[tuple[str, bytes]] = []
        large: list[tuple[str, str]] = []
        for path, data in files:
            if len(data) <= _INLINE:
                small.append((path, data))
            else:
                large.append((path, room.put_file(data, name_of(data))))
        return Files(parcel.pack(small), tuple(large))

    def _run(self, do: Callable[..., Any], tasks: Iterator[tuple[K, bytes]], *, in_order: bool = False) -> Iterator[tuple[K, Any]]:
        """Send tasks, a few more than there are hands for, and yield what comes of them: memory here and at the scheduler does not grow with their number."""
        flying: dict[Future[Any], K] = {}
        more = True
        try:
            while True:
                window = self._window()
                while more and len(flying) < window:
                    try:
                        key, packed = next(tasks)
                    except StopIteration:
                        more = False
                        break
                    self.sent += len(packed)
                    flying[self._client.submit(do, self.store, program(), packed, pure=False)] = key
                if not flying:
                    return
                for future in self._landed(list(flying)[:1] if in_order else list(flying)):
                    key = flying.pop(future)
                    yield key, self._result(future, key)
        finally:
            for future in flying:
                future.cancel()

    def _window(self) -> int:
        if time.monotonic() - self._counted > _LOOK:
            self._counted, self._hands = time.monotonic(), sum(int(w["nthreads"]) for w in self._workers().values())
        return 3 * max(self._hands, 1) + 2

    def _workers(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.scheduler_info(n_workers=-1).get("workers", {})
        return found

    def _landed(self, futures: list[Future[Any]]) -> list[Future[Any]]:
        """Those that are done, as soon as one is."""
        without = 0.0
        while True:
            try:
                with self._client.as_current():
                    done = wait(futures, timeout=_LOOK, return_when="FIRST_COMPLETED").done
                return [f for f in futures if f in done]
            except TimeoutError:
                pass
            except CancelledError:
                raise NoScheduler(address=self.address, what="the connection was lost") from None
            if self._client.status != "running":
                raise NoScheduler(address=self.address, what="the connection was lost")
            without = 0.0 if self._workers() else without + _LOOK
            if without >= _PATIENCE:
                raise NoWorkers(address=self.address, seconds=round(_PATIENCE))

    def _result(self, future: Future[Any], key: object) -> Any:
        try:
            return future.result(timeout=_PATIENCE)
        except KilledWorker as error:
            raise WorkersDie(code=key if isinstance(key, str) else Path(str(key)).name) from error
        except (CancelledError, TimeoutError) as error:
            raise NoScheduler(address=self.address, what="the connection was lost") from error
        except ImportError as error:
            _raise(error, self.address)


_LIGHT: Any = None
"""In the place of a job whose unit is on its way: only where it goes is still needed."""


def _raise(answer: object, name: str) -> None:
    if isinstance(answer, ClusterProblem):
        raise type(answer)(**{**answer.args_, "worker": name}) if "worker" in answer.args_ else answer
    if isinstance(answer, BaseException):
        raise NoProgram(worker=name, what=_short(answer)) from answer


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
