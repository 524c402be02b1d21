"""Where units are read and rendered, and their texts made fit for search: in this process, in processes of this machine, or on the workers of a cluster.

A build asks for nothing else of it, so that the machines change nothing but the time: what is to be rendered is a value (:class:`Shard`), and the
unit's folder in the store is what comes of it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, as_completed, wait
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from sitegen.collector import collect_seldom
from sitegen.contents import Job, fill, unchanged_files
from sitegen.linker import Trees
from sitegen.load.orphans import end_with_parent
from sitegen.load.region import ReadUnits
from sitegen.model.region import Catalog

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from sitegen.search.shelf import Work

Why = Mapping[str, tuple[str, ...]]
"""By path in a unit's trees (``site/…``, ``q/…``): what of that page or file changed since the last build."""


class Shard(Struct, frozen=True):
    """A unit to be rendered."""

    code: str
    work: Job
    target: Path
    """Its folder in the store."""
    root: Path
    """The region's folder, from which attachments are read."""
    earlier: str
    """Name of the folder beside ``target`` of which pages that are what they were are taken; "" for none."""
    base: str
    """A digest of all that pages are made of besides the unit: program, theme, catalogue."""
    trees: Trees | None = None
    """Into which it is linked as soon as it is there."""


class Machines(Protocol):
    """Who reads and renders."""

    one_by_one: bool
    """A unit is begun only when the one before it is done."""

    @property
    def read(self) -> ReadUnits | None:
        """Reads units that are not in the cache; ``None`` where this machine reads them itself."""

    def render(self, shards: Iterable[Shard], catalog: Catalog) -> Iterator[tuple[str, Why]]:
        """Render every shard into its folder, whole or not at all; yields, as they are done, the code and why its pages were built."""

    def search(self, todo: Sequence[Work]) -> None:
        """All units are rendered: do what of this can be done elsewhere in the same time; this process does what is left."""

    def keep(self, root: Path, keys: Mapping[str, str]) -> None:
        """The region's build is done, and these are all its units, each with the name of its folder: what machines keep of others can go."""

    def close(self) -> None:
        """A build has no more for them to do, however it ended."""


class Here:
    """This process, one unit after the other."""

    one_by_one = True
    read = None

    def render(self, shards: Iterable[Shard], catalog: Catalog) -> Iterator[tuple[str, Why]]:
        """See :class:`Machines`."""
        for shard in shards:
            yield shard.code, render_unit(shard, catalog)

    def search(self, todo: Sequence[Work]) -> None:
        """See :class:`Machines`."""

    def keep(self, root: Path, keys: Mapping[str, str]) -> None:
        """See :class:`Machines`."""

    def close(self) -> None:
        """See :class:`Machines`."""


_MANY = 400
"""Units from which on it is worth while to start processes that know nothing: some half a second each."""
_AHEAD = 3
"""Units that wait for each process, so that none is ever idle."""


class Processes:
    """Several processes of this machine."""

    one_by_one = False
    read = None

    def __init__(self, count: int, *, clean: bool = False) -> None:
        self.count, self.clean = count, clean
        self._pool: ProcessPoolExecutor | None = None
        self._begun = False
        """Its processes run. Later, when threads run beside, none is to be made by copying this one."""

    def render(self, shards: Iterable[Shard], catalog: Catalog) -> Iterator[tuple[str, Why]]:
        """See :class:`Machines`."""
        pool = self._start(catalog)
        waiting: dict[Future[Why], str] = {}
        for shard in shards:
            waiting[pool.submit(_in_worker, shard)] = shard.code
            self._begun = True
            while len(waiting) >= _AHEAD * self.count:  # shards are large: they are made as they are needed
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        for future in as_completed(waiting):
            yield waiting[future], future.result()

    def _start(self, catalog: Catalog) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor

        self.close()
        # A process that has typeset must not be forked: the typesetter's threads would be missing in the copy.
        # Nor one that holds a large region: every copy would have all of it.
        context = get_context("spawn") if self.clean or "typst" in sys.modules else None
        packed = pickle.dumps(catalog, protocol=5)
        self._pool = ProcessPoolExecutor(self.count, mp_context=context, initializer=_start_worker, initargs=(packed,))
        return self._pool

    def search(self, todo: Sequence[Work]) -> None:
        """See :class:`Machines`."""
        if self._pool is not None and self._begun:
            from sitegen.search.hosts import make

            with suppress(BrokenExecutor, OSError):  # whatever it was, it is done here, or said here
                list(self._pool.map(make, todo))

    def keep(self, root: Path, keys: Mapping[str, str]) -> None:
        """See :class:`Machines`."""

    def close(self) -> None:
        """See :class:`Machines`."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool, self._begun = None, False


def local(jobs: int, units: int) -> Machines:
    """This machine, with as many processes as there is work for."""
    return Here() if jobs <= 1 or units <= 1 else Processes(min(jobs, units), clean=units > _MANY)


_catalog: Catalog | None = None


def _start_worker(packed: bytes) -> None:
    global _catalog
    end_with_parent()
    collect_seldom()
    _catalog = pickle.loads(packed)


def _in_worker(shard: Shard) -> Why:
    assert _catalog is not None
    return render_unit(shard, _catalog)


def render_unit(shard: Shard, catalog: Catalog) -> Why:
    """Render one unit into its folder, whole or not at all; returns which pages were built, and why."""
    from sitegen.boards.wall import with_wall
    from sitegen.site.engine import build_unit

    place = shard.target
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    view = unchanged_files(fill(shard.work, catalog), shard.root)
    why = build_unit(
        with_wall(view), temporary, shard.root, earlier=place.with_name(shard.earlier) if shard.earlier else None, base=shard.base
    )
    (temporary / "view.pickle").write_bytes(pickle.dumps(view, protocol=5))
    (temporary / "done").touch()
    put_in_place(temporary, place)
    if shard.trees:
        shard.trees.link()
    return why


def put_in_place(temporary: Path, place: Path) -> None:
    """A unit's folder that is whole takes the place of what was there under its name."""
    (place / "done").unlink(missing_ok=True)  # first: what is half removed must not look whole
    shutil.rmtree(place, ignore_errors=True)
    temporary.rename(place)
