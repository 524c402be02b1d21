"""Parts of the store → a host's tree: links are put in and taken out, so that only what changed is touched."""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from sitegen.flat import paths
from sitegen.site.hosts import Hosted

_AT_ONCE = 2
_WAITING = 8
"""Parts of a host that wait to be linked."""
Part = tuple[str, str]
"""(path on the host, folder in the store) of a tree that goes into a host's."""


class AddressTaken(Exception):
    """Two sources for one address; nothing was switched."""

    def __init__(self, url: str, first: str, second: str) -> None:
        super().__init__(f"{url}: {first}, {second}")
        self.url, self.first, self.second = url, first, second


def unit_parts(one: Hosted, key: str) -> Iterator[tuple[str, Part]]:
    """What of a unit goes into which host's tree; ``key`` is the name of its folder in the store."""
    place = f"units/{one.unit.code}/{key}"
    yield one.host, (one.path, f"{place}/site")
    for host, path in one.q_places:
        yield host, (path, f"{place}/q")


def tree_of(store: Path, host: str) -> Path:
    """Where a host's tree is made before it goes live."""
    return store / f"tree-{host}"


def empty(tree: Path) -> None:
    """Begin a tree: nothing is left of one that a run which was cut had begun."""
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)


class Early:
    """Trees of hosts of which nothing stands yet, begun while units are still rendered elsewhere: this machine would wait, and then be waited for.

    A host with which anything goes wrong is none of these: whoever assembles it from nothing meets the same, and says so.
    """

    def __init__(self, store: Path, standing: Collection[str]) -> None:
        self.store, self.standing = store, standing
        self._pool: ThreadPoolExecutor | None = None
        self._linked: dict[str, list[Part]] = {}
        self._failed: set[str] = set()

    def add(self, one: Hosted, key: str) -> None:
        """A unit is rendered."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1)
        for host, part in unit_parts(one, key):
            if host not in self.standing:
                self._pool.submit(self._link, host, part)

    def _link(self, host: str, part: Part) -> None:
        if host in self._failed:
            return
        tree = tree_of(self.store, host)
        try:
            if host not in self._linked:
                self._linked[host] = []
                empty(tree)
            Linker(self.store, tree, host).put_in(part)
            self._linked[host].append(part)
        except (AddressTaken, OSError):
            self._failed.add(host)

    def linked(self) -> dict[str, tuple[Part, ...]]:
        """By host what its tree is made of so far; from here on trees belong to who asks."""
        if self._pool is not None:
            self._pool.shutdown()
        made = {host: tuple(sorted(parts)) for host, parts in self._linked.items() if host not in self._failed}
        self._linked = {host: parts for host, parts in self._linked.items() if host not in made}
        self.forget()
        return made

    def forget(self) -> None:
        """Nothing will come of what was begun."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        for host in self._linked:
            shutil.rmtree(tree_of(self.store, host), ignore_errors=True)
        self._linked, self._failed = {}, set()


def _what(folder: str) -> tuple[str, ...]:
    """What a folder of the store is of, whatever its key: a unit's pages, its codes, the search of some years."""
    steps = folder.split("/")
    if steps[0] == "search":
        return steps[0], steps[1].partition(".")[0]
    return (*steps[:2], *steps[3:]) if steps[0] == "units" else (folder,)


def without(some: tuple[Part, ...], others: tuple[Part, ...]) -> list[Part]:
    """Of some parts those that are not among others."""
    taken = set(others)
    return [part for part in some if part not in taken]


def _inodes(folder: Path) -> dict[str, int]:
    """By name of a file its number in the file system: two names of one file have the same. Nothing is asked of the single file."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries}


class Linker:
    """Links parts into a host's tree and takes others out."""

    def __init__(self, store: Path, tree: Path, host: str) -> None:
        self.store, self.tree, self.host = store, str(tree), host

    def change(self, base: tuple[Part, ...], wanted: tuple[Part, ...]) -> None:
        """Make a tree of ``base`` into one of ``wanted``."""
        old, new = without(base, wanted), without(wanted, base)
        stay = self._same_files(old, new)
        for part in old:
            self._take_out([f for f in paths(self.store / part[1]) if (part, f) not in stay], self._target(part[0]))
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # making folders and links waits for the file system, not for us
            linked: deque[Future[None]] = deque()
            for part in new:
                path, folder = part
                numbered = [(n, file) for n, file in enumerate(paths(self.store / folder)) if (part, file) not in stay]
                linked.append(pool.submit(self._put_in, numbered, folder, self._target(path)))
                while len(linked) > _WAITING:  # the paths of a large host are not to be in memory all at once
                    linked.popleft().result()
            for one in linked:
                one.result()

    def put_in(self, part: Part) -> None:
        """Put one part in."""
        self._put_in(list(enumerate(paths(self.store / part[1]))), part[1], self._target(part[0]))

    def _same_files(self, old: list[Part], new: list[Part]) -> set[tuple[Part, str]]:
        """What need not be taken out and put in again: in a unit built anew most files are those of its last build, by hard links."""
        stay: set[tuple[Part, str]] = set()
        earlier = {(path, _what(folder)): (path, folder) for path, folder in old}
        for part in new:
            before = earlier.get((part[0], _what(part[1])))
            if before is None:
                continue
            known = {file: str(n) for n, file in enumerate(paths(self.store / before[1]))}
            was, now = (_inodes(self.store / folder) for folder in (before[1], part[1]))
            for n, file in enumerate(paths(self.store / part[1])):
                at = known.get(file)
                if at is not None and was[at] == now[str(n)]:
                    stay |= {(before, file), (part, file)}
        return stay

    def _target(self, path: str) -> str:
        return f"{self.tree}/{path}" if path else self.tree

    def _put_in(self, files: list[tuple[int, str]], folder: str, target: str) -> None:
        source = str(self.store / folder)
        there = {self.tree}
        for n, file in files:
            goal = f"{target}/{file}"
            above = goal[: goal.rindex("/")]
            if above not in there:
                self._make(above, there)
            try:
                os.link(f"{source}/{n}", goal)
            except FileExistsError:
                raise AddressTaken(f"{self.host}{goal[len(self.tree) :]}", folder.split("/")[1], "?") from None
            except OSError:  # a file system without hard links
                shutil.copyfile(f"{source}/{n}", goal)

    def _make(self, folder: str, there: set[str]) -> None:
        try:
            os.mkdir(folder)
        except FileExistsError:
            pass
        except FileNotFoundError:
            self._make(folder[: folder.rindex("/")], there)
            self._make(folder, there)
        there.add(folder)

    def _take_out(self, files: list[str], target: str) -> None:
        emptied: set[str] = set()
        for file in files:
            os.unlink(f"{target}/{file}")
            steps = file.split("/")
            emptied.update("/".join(steps[:n]) for n in range(len(steps)))
        for step in sorted(emptied, key=len, reverse=True):
            place = f"{target}/{step}" if step else target
            # A folder that other units use as well stays.
            if place != self.tree and not os.listdir(place):
                os.rmdir(place)
