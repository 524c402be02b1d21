"""Parts of the store → a host's tree: links are put in and taken out, so that only what changed is touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.flat import paths
from sitegen.site.hosts import Hosted

EARLY, DONE = "early-", ".done"
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


class Trees(Struct, frozen=True):
    """What of a unit goes into trees that are begun before all units are rendered, and where these are."""

    store: Path
    run: str
    parts: tuple[tuple[str, Part], ...] = ()
    """Host and part."""

    def of(self, host: str) -> Path:
        """The folder of a host's tree, and of signs of what was linked into it."""
        return self.store / f"{EARLY}{self.run}-{host}"

    def link(self) -> None:
        """The unit is rendered: link it. Where anything goes wrong, or was begun before by whoever did not come to an end, the tree is given up."""
        for host, part in self.parts:
            place = self.of(host)
            begun = place / sign(part)
            try:
                begun.touch(exist_ok=False)
                Linker(self.store, place / "tree", host).put_in(part)
                begun.rename(begun.with_suffix(DONE))
            except (AddressTaken, OSError):
                with suppress(OSError):  # the sign of what was begun says the same
                    (place / "wrong").touch()


def sign(part: Part) -> str:
    """A name for the sign that a part is linked."""
    return hashlib.sha256(repr(part).encode()).hexdigest()[:16]


class Early:
    """Trees of hosts of which nothing stands yet, begun while units are still rendered: whoever renders a unit links it, and nobody waits for that at the end.

    A host with which anything went wrong is none of these: whoever assembles it from nothing meets the same, and says so. Every beginning has folders of
    its own: one who was thought to be lost and is still at work does no harm.
    """

    def __init__(self, store: Path, standing: Collection[str]) -> None:
        self.store, self.standing = store, standing
        self._begin()

    def _begin(self) -> None:
        self._trees = Trees(self.store, uuid.uuid4().hex[:8])
        self._given: dict[str, set[Part]] = {}

    def of(self, one: Hosted, key: str) -> Trees:
        """What whoever renders a unit is to link."""
        parts = tuple((host, part) for host, part in unit_parts(one, key) if host not in self.standing)
        for host, part in parts:
            if host not in self._given:
                self._given[host] = set()
                empty(self._trees.of(host) / "tree")
            self._given[host].add(part)
        return replace(self._trees, parts=parts)

    def linked(self) -> dict[str, tuple[Part, ...]]:
        """All is rendered: by host what its tree is made of so far. It is where it is assembled now."""
        made = {}
        for host, given in self._given.items():
            place = self._trees.of(host)
            signs = {name for name in os.listdir(place) if name != "tree"}
            parts = tuple(sorted(part for part in given if f"{sign(part)}{DONE}" in signs))
            if len(parts) == len(signs):  # no sign of anything else
                tree = tree_of(self.store, host)
                shutil.rmtree(tree, ignore_errors=True)
                (place / "tree").rename(tree)
                made[host] = parts
        self.forget()
        return made

    def forget(self) -> None:
        """Nothing more will come of what was begun."""
        for host in self._given:
            shutil.rmtree(self._trees.of(host), ignore_errors=True)
        self._begin()


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
