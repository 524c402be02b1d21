"""Units' trees → hosts' trees: nested by path, one folder of assets and one ``Q`` per host, by hard links, one switch each.

The tree that was live before the last switch is kept as a spare: the next one is made from it by taking out and putting in only the
units that changed, so that one changed record does not mean linking thousands of files again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.flat import Flat, paths
from sitegen.search.hosts import search_parts
from sitegen.site.hosts import Hosted, host_files
from sitegen.site.spec import FileSpec
from sitegen.switch import exchange, repair

AS_OF = "asof.css"
"""The style sheet, in every Q tree and at every host's root, that says the day of the build."""
_AT_ONCE = 2
_WAITING = 8
"""Parts of a host that wait to be linked."""
_SWITCHING = "switching"
Part = tuple[str, str]
"""(path on the host, folder in the store) of a tree that goes into a host's."""


class Tree(Struct, frozen=True):
    """A host's tree as it stands now."""

    parts: tuple[Part, ...]
    pages: int
    spare: tuple[Part, ...] | None
    """What the spare tree beside it was made of."""

    def as_state(self) -> dict[str, Any]:
        """For the build's state file."""
        return {"parts": self.parts, "pages": self.pages, "spare": self.spare}


class AddressTaken(Exception):
    """Two sources for one address; nothing was switched."""

    def __init__(self, url: str, first: str, second: str) -> None:
        super().__init__(f"{url}: {first}, {second}")
        self.url, self.first, self.second = url, first, second


def assemble(
    out: Path,
    store: Path,
    hosted: Mapping[str, Hosted],
    keys: Mapping[str, str],
    theme: str,
    date: dt.date,
    before: Mapping[str, Any],
    settle: Callable[[Mapping[str, Tree]], object],
) -> dict[str, Tree]:
    """Bring every host's folder below ``out`` up to date; hosts that are no more are removed.

    ``settle`` is given the trees when all are whole and before the first goes live: what it cannot write, on a full disk, leaves the old sites as they are.

    ``date`` is the day for which codes' pages speak. ``before`` is what stood after the last run, as :meth:`Tree.as_state` wrote it. Raises :class:`AddressTaken`.
    """
    _assets(store, theme)
    as_of = _as_of(store, date)
    parts: dict[str, set[Part]] = defaultdict(set)
    for code, one in hosted.items():
        place = f"units/{code}/{keys[code]}"
        # A retired host has nothing but codes, which bring their own style.
        parts[one.host].update(((one.path, f"{place}/site"), ("assets", f"assets/{theme}/files"), ("", as_of)))
        for q_host, q_path in one.q_places:
            parts[q_host].update(((q_path, f"{place}/q"), (q_path, as_of)))
    for host, specs in host_files(hosted).items():
        parts[host].add(("", _of_host(store, specs)))
    standing = {host: _known(before.get(host)) for host in parts}
    early: dict[str, tuple[Part, ...]] = {}
    """Hosts of which nothing stands yet, and what of them is linked already."""
    with ThreadPoolExecutor(1) as beside:  # the search is computed while all else is linked
        searching = beside.submit(lambda: list(search_parts(store, hosted, keys)))
        for host in sorted(parts):
            if standing[host] is None:
                tree = store / f"tree-{host}"
                shutil.rmtree(tree, ignore_errors=True)
                tree.mkdir(parents=True)
                early[host] = tuple(sorted(parts[host]))
                _Linker(store, tree, host).change((), early[host])
        for host, part in searching.result():
            parts[host].add(part)
    trees: dict[str, Tree] = {}
    ready: list[tuple[Path, Path, Path]] = []
    for host in sorted(parts):
        wanted = tuple(sorted(parts[host]))
        live = out / host
        repair(live)
        known = standing[host]
        if known is not None and live.is_dir() and known.parts == wanted:
            trees[host] = known
            continue
        tree = store / f"tree-{host}"
        if host not in early:
            shutil.rmtree(tree, ignore_errors=True)
        base = early[host] if host in early else _take_spare(store, host, known, tree)
        _Linker(store, tree, host).change(base, wanted)
        pages = _pages(store, known, wanted)
        trees[host] = Tree(wanted, pages, known.parts if known is not None and live.is_dir() else None)
        ready.append((tree, live, _spare(store, host, trees[host].spare)))
    settle(trees)
    if ready:
        (store / _SWITCHING).touch()
    for tree, live, spare in ready:  # only when every tree is whole does the first one go live
        exchange(tree, live)
        if tree.exists():
            shutil.rmtree(spare, ignore_errors=True)
            tree.rename(spare)
    for host in before:
        if host not in trees:
            shutil.rmtree(out / host, ignore_errors=True)
    _forget_spares(store, trees)
    return trees


def with_spares(store: Path, trees: Mapping[str, Tree]) -> dict[str, Tree]:
    """Trees whose spare has little of what is live now, or that have none, with one that is alike: else the first small change would have to link
    everything. What is live and what the state says of it must be settled before; a spare that cannot be made, on a full disk, is none.
    """
    made = {}
    for host, tree in trees.items():
        base = tree.spare or ()
        if len(_without(tree.parts, base)) * 2 <= len(tree.parts):
            continue
        place = store / f"tree-{host}"
        shutil.rmtree(place, ignore_errors=True)
        base = _take_spare(store, host, tree, place)
        try:
            _Linker(store, place, host).change(base, tree.parts)
            place.rename(_spare(store, host, tree.parts))
            made[host] = replace(tree, spare=tree.parts)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            made[host] = replace(tree, spare=None)
    return made


def _pages(store: Path, known: Tree | None, wanted: tuple[Part, ...]) -> int:
    """How many pages a tree has; only parts that the live one does not have are looked at."""
    now, before = set(wanted), set(known.parts) if known is not None else set()
    try:
        less, more = (
            sum(f.endswith("index.html") for _, folder in some for f in paths(store / folder)) for some in (before - now, now - before)
        )
    except OSError:  # the store was emptied meanwhile
        return _pages(store, None, wanted)
    return (known.pages if known is not None else 0) + more - less


def cut_while_switching(store: Path) -> bool:
    """Whether a run ended between the first switch and the state being written: what is live is then not what the state says."""
    return (store / _SWITCHING).exists()


def switched(store: Path) -> None:
    """The state says what is live."""
    (store / _SWITCHING).unlink(missing_ok=True)


def _known(state: Any) -> Tree | None:
    try:
        spare = state["spare"]
        parts = tuple((str(a), str(b)) for a, b in state["parts"])
        return Tree(parts, int(state["pages"]), tuple((str(a), str(b)) for a, b in spare) if spare is not None else None)
    except (TypeError, KeyError, ValueError):
        return None


def _spare(store: Path, host: str, parts: tuple[Part, ...] | None) -> Path:
    """A spare carries a digest of what it is made of in its name: a run that was cut cannot leave one that lies."""
    return store / f"spare-{host}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


def _take_spare(store: Path, host: str, known: Tree | None, tree: Path) -> tuple[Part, ...]:
    """Move the spare to ``tree`` and say what it holds; an empty folder when there is none to be trusted."""
    if known is not None and known.spare is not None:
        spare = _spare(store, host, known.spare)
        # What must be taken out is known only while the store still has it.
        if spare.is_dir() and all((store / folder).is_dir() for _, folder in known.spare):
            spare.rename(tree)
            return known.spare
    tree.mkdir(parents=True)
    return ()


def _forget_spares(store: Path, trees: Mapping[str, Tree]) -> None:
    kept = {_spare(store, host, tree.spare).name for host, tree in trees.items()}
    for place in store.glob("spare-*"):
        if place.name not in kept:
            shutil.rmtree(place, ignore_errors=True)


def _assets(store: Path, theme: str) -> None:
    from sitegen.site.assets import write_assets

    place = store / "assets" / theme
    if not place.exists():
        temporary = place.with_name(f".{theme}")
        shutil.rmtree(temporary, ignore_errors=True)
        write_assets(temporary / "files")
        temporary.rename(place)


def _as_of(store: Path, date: dt.date) -> str:
    """The one file that says for which day the codes' pages and the counts of what is posted speak: all other files change only when what they say does."""
    folder = f"asof/{date.isoformat()}"
    if not (store / folder).exists():
        temporary = store / "asof" / f".{date.isoformat()}"
        shutil.rmtree(temporary, ignore_errors=True)
        write_as_of(temporary, date)
        temporary.rename(store / folder)
    return folder


def _of_host(store: Path, specs: Sequence[FileSpec]) -> str:
    """The folder in the store with files of a host's root, under a name that follows from what they say."""
    files = [(spec.path, spec.content()) for spec in specs]
    name = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
    place = store / "hosts" / name
    if not place.exists():
        temporary = place.with_name(f".{name}")
        shutil.rmtree(temporary, ignore_errors=True)
        flat = Flat(temporary / "files")
        for path, content in files:
            flat.write(path, content)
        flat.close()
        temporary.rename(place)
    return f"hosts/{name}/files"


def write_as_of(out: Path, date: dt.date) -> None:
    """Write the style sheet that says the day, as a flat tree."""
    flat = Flat(out)
    day = f"截至{date.year}年{date.month}月{date.day}日"
    flat.write(AS_OF, f'.asof::before{{content:"{day}，"}}\n.day::before{{content:"{day}"}}\n')
    flat.close()


def _what(folder: str) -> tuple[str, ...]:
    """What a folder of the store is of, whatever its key: a unit's pages, its codes."""
    steps = folder.split("/")
    return (*steps[:2], *steps[3:]) if steps[0] == "units" else (folder,)


def _without(some: tuple[Part, ...], others: tuple[Part, ...]) -> list[Part]:
    taken = set(others)
    return [part for part in some if part not in taken]


def _inodes(folder: Path) -> dict[str, int]:
    """By name of a file its number in the file system: two names of one file have the same. Nothing is asked of the single file."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries}


class _Linker:
    """Links parts into a host's tree and takes others out."""

    def __init__(self, store: Path, tree: Path, host: str) -> None:
        self.store, self.tree, self.host = store, str(tree), host

    def change(self, base: tuple[Part, ...], wanted: tuple[Part, ...]) -> None:
        """Make a tree of ``base`` into one of ``wanted``."""
        old, new = _without(base, wanted), _without(wanted, base)
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
