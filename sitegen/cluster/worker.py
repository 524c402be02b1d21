"""What runs on a worker. Arguments are plain values, so that a worker with another program can say so before it tries to understand them."""

from __future__ import annotations

import gc
import os
import pickle
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from msgspec import Struct
from msgspec.structs import replace

from sitegen.collector import collect_seldom
from sitegen.load.region import Read, Reading, read_unit
from sitegen.machines import Shard, Why, render_unit
from sitegen.model.region import Catalog
from sitegen.search.hosts import make
from sitegen.search.shelf import Work

from . import parcel
from .depot import Depot
from .parcel import depot_at, shared_value
from .problems import NotShared, OtherProgram, StoreRefuses
from .program import program
from .scratch import scratch

_one_at_a_time = threading.Lock()
"""MkDocs has one configuration per process."""


class Spent(Struct, frozen=True):
    """What a worker spent on a unit: seconds of CPU, and the memory of its process when it was done, in MB."""

    worker: str
    cpu: float
    memory: float


class Files(Struct, frozen=True):
    """Files to be laid out for a unit: small ones by value, others by their names in the store."""

    small: bytes
    large: tuple[tuple[str, str], ...]

    def write(self, folder: Path, depot: Depot) -> None:
        """Lay them out below a folder."""
        parcel.write(parcel.unpack(self.small), folder)
        for path, name in self.large:
            parcel.write([(path, depot.get(name))], folder)


class ToRead(Struct, frozen=True):
    """A unit's folder to be read."""

    folder: str
    """Relative to the region."""
    key: str
    files: Files
    shared: str
    """Name in the store of what all units are read with."""


class ToRender(Struct, frozen=True):
    """A unit to be rendered."""

    shard: bytes
    """A :class:`~sitegen.machines.Shard`, packed apart: to unpack it takes the catalogue."""
    files: Files
    shared: str
    """Name in the store of the catalogue."""
    earlier: str
    """Name in the store of the unit as it was rendered last; "" where it is not there."""
    folder: str
    """In the store, for what comes of it."""
    place: str = ""
    """Where it is written instead, on a disk that this machine shares with the one that builds; what was rendered last is beside it."""


def greet(url: str, ours: str, sign: str) -> str:
    """Whether this machine has the program ``ours`` and sees ``sign`` in the store; "" or what is wrong: for all workers before the first unit."""
    _same_program(ours)
    try:
        depot_at(url).get(sign)
    except StoreRefuses as error:
        if "NotFound" in str(error.args_.get("what", "")):
            raise NotShared(worker=_name(), url=url) from error
        raise
    return ""


def read(url: str, ours: str, packed: bytes) -> tuple[Read, Spent]:
    """Read a unit from its files (:class:`ToRead`)."""
    _same_program(ours)
    with _working() as spent:
        todo: ToRead = pickle.loads(packed)
        depot = depot_at(url)
        reading: Reading = shared_value(url, todo.shared)
        with scratch(small=not todo.files.large) as root:
            todo.files.write(root, depot)
            made = read_unit(replace(reading, root=root), root / todo.folder, todo.key)
    return made, spent[0]


def render(url: str, ours: str, packed: bytes) -> tuple[str, Why, Spent]:
    """Render a unit (:class:`ToRender`) into the store; returns its name there ("" where it went to its place), and why its pages were built."""
    _same_program(ours)
    with _working() as spent:
        todo: ToRender = pickle.loads(packed)
        depot = depot_at(url)
        catalog: Catalog = shared_value(url, todo.shared)
        with scratch(small=bool(todo.place) and not todo.files.large) as place:
            root, out = place / "region", place / "units"
            root.mkdir()
            todo.files.write(root, depot)
            given: Shard = pickle.loads(todo.shard)
            shard = replace(given, root=root, work=replace(given.work, root=str(root)))
            if todo.place:
                name, why = "", _in_place(replace(shard, target=Path(todo.place)), catalog, url)
            else:
                name, why = _into_store(shard, todo, catalog, out, depot)
    return name, why, spent[0]


def _in_place(shard: Shard, catalog: Catalog, url: str) -> Why:
    """Render a unit where the machine that builds will look for it."""
    if not shard.target.parent.is_dir():
        raise NotShared(worker=_name(), url=url)
    try:
        return render_unit(shard, catalog)
    except OSError as error:
        raise _refused(error, url, shard.target.parent.name) from error


def _refused(error: OSError, url: str, place: str) -> StoreRefuses:
    return StoreRefuses(url=url, place=place, what=f"{type(error).__name__}: {error}"[:300])


def search(url: str, ours: str, packed: bytes) -> Spent:
    """Do a piece of work for search (:class:`~sitegen.search.shelf.Work`), on the disk that this machine shares with the one that builds."""
    _same_program(ours)
    with _working() as spent:
        todo: Work = pickle.loads(packed)
        if not todo.store.is_dir():
            raise NotShared(worker=_name(), url=url)
        try:
            make(todo)
        except OSError as error:
            raise _refused(error, url, "search") from error
    return spent[0]


def _into_store(shard: Shard, todo: ToRender, catalog: Catalog, out: Path, depot: Depot) -> tuple[str, Why]:
    """Render a unit into the folder ``out``, and from there into the store."""
    target, before = shard.target.name, shard.earlier
    shard = replace(shard, target=out / target, earlier="")
    if todo.earlier and before != target:
        parcel.write(parcel.unpack(depot.get(todo.earlier)), out / before)
        shard = replace(shard, earlier=before)
    out.mkdir(exist_ok=True)
    why = render_unit(shard, catalog)
    return depot.put(todo.folder, parcel.pack(parcel.folder_of(shard.target)), f"{shard.code}-{target}-"), why


@contextmanager
def _working() -> Iterator[list[Spent]]:
    """One unit at a time in a process; afterwards what it took is in the list."""
    spent: list[Spent] = []
    with _one_at_a_time:
        before, started = gc.get_threshold(), time.process_time()
        collect_seldom()
        try:
            yield spent
        finally:
            gc.set_threshold(*before)
        spent.append(Spent(_name(), time.process_time() - started, psutil.Process().memory_info().rss / 1e6))


def _same_program(ours: str) -> None:
    if program() != ours:
        raise OtherProgram(worker=_name(), theirs=program(), ours=ours)


def _name() -> str:
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return f"process {os.getpid()}"
