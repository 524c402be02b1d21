"""Units' trees → hosts' trees: nested by path, one folder of assets and one ``Q`` per host, by hard links, one switch each.

The tree that was live before the last switch is kept as a spare: the next one is made from it by taking out and putting in only the
units that changed, so that one changed record does not mean linking thousands of files again.
"""

from __future__ import annotations

import datetime as dt
import filecmp
import hashlib
import posixpath
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.flat import Flat, paths
from sitegen.linker import EARLY, Linker, Part, empty, tree_of, unit_parts, without
from sitegen.model.stored import SWITCHING
from sitegen.search.hosts import Others, search_parts
from sitegen.site.hosts import Hosted, host_files
from sitegen.site.kept import NEW
from sitegen.site.spec import FileSpec
from sitegen.switch import exchange, repair

AS_OF = "asof.css"
"""The style sheet, in every Q tree and at every host's root, that says the day of the build."""


class Tree(Struct, frozen=True):
    """A host's tree as it stands now."""

    parts: tuple[Part, ...]
    pages: int
    spare: tuple[Part, ...] | None
    """What the spare tree beside it was made of."""

    def as_state(self) -> dict[str, Any]:
        """For the build's state file."""
        return {"parts": self.parts, "pages": self.pages, "spare": self.spare}


def assemble(
    out: Path,
    store: Path,
    hosted: Mapping[str, Hosted],
    keys: Mapping[str, str],
    theme: str,
    date: dt.date,
    before: Mapping[str, Any],
    settle: Callable[[Mapping[str, Tree]], object],
    early: Mapping[str, tuple[Part, ...]],
    others: Others,
) -> dict[str, Tree]:
    """Bring every host's folder below ``out`` up to date; hosts that are no more are removed.

    ``settle`` is given the trees when all are whole and before the first goes live: what it cannot write, on a full disk, leaves the old sites as they are.

    ``date`` is the day for which codes' pages speak. ``before`` is what stood after the last run, as :meth:`Tree.as_state` wrote it. ``early`` says of what trees
    of hosts that did not stand then are made already. ``others`` help with the search. Raises :class:`sitegen.linker.AddressTaken`.
    """
    _assets(store, theme)
    as_of = _as_of(store, date)
    parts: dict[str, set[Part]] = defaultdict(set)
    for code, one in hosted.items():
        for host, part in unit_parts(one, keys[code]):
            parts[host].add(part)
        # A retired host has nothing but codes, which bring their own style.
        parts[one.host].update((("assets", f"assets/{theme}/files"), ("", as_of)))
        for q_host, q_path in one.q_places:
            parts[q_host].add((q_path, as_of))
    for host, specs in host_files(hosted).items():
        parts[host].add(("", _of_host(store, specs)))
    stood = {host: _known(before.get(host)) for host in parts}
    linked: dict[str, tuple[Part, ...]] = {}
    """Hosts of which nothing stands yet, with all that their trees are made of by now."""
    with ThreadPoolExecutor(1) as beside:  # the search is computed while all else is linked
        searching = beside.submit(lambda: list(search_parts(store, hosted, keys, others)))
        for host in sorted(parts):
            if stood[host] is None:
                if host not in early:
                    empty(tree_of(store, host))
                linked[host] = tuple(sorted(parts[host]))
                Linker(store, tree_of(store, host), host).change(early.get(host, ()), linked[host])
        for host, part in searching.result():
            parts[host].add(part)
    trees: dict[str, Tree] = {}
    ready: list[tuple[Path, Path, Path]] = []
    for host in sorted(parts):
        wanted = tuple(sorted(parts[host]))
        live = out / host
        repair(live)
        known = stood[host]
        if known is not None and live.is_dir() and known.parts == wanted:
            trees[host] = known
            continue
        tree = tree_of(store, host)
        if host not in linked:
            shutil.rmtree(tree, ignore_errors=True)
        base = linked[host] if host in linked else _take_spare(store, host, known, tree)
        Linker(store, tree, host).change(base, wanted)
        pages = _pages(store, known, wanted)
        trees[host] = Tree(wanted, pages, known.parts if known is not None and live.is_dir() else None)
        ready.append((tree, live, _spare(store, host, trees[host].spare)))
    settle(trees)
    if ready:
        (store / SWITCHING).touch()
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
        if len(without(tree.parts, base)) * 2 <= len(tree.parts):
            continue
        place = tree_of(store, host)
        shutil.rmtree(place, ignore_errors=True)
        base = _take_spare(store, host, tree, place)
        try:
            Linker(store, place, host).change(base, tree.parts)
            place.rename(_spare(store, host, tree.parts))
            made[host] = replace(tree, spare=tree.parts)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            made[host] = replace(tree, spare=None)
    return made


def made_for_hosts(store: Path, before: Mapping[str, Any], trees: Mapping[str, Tree]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By host and path: what was made anew that is of no unit (the search, the map of the site, the day), and why. Of hosts that stood before.

    ``before`` as for :func:`assemble`; the store must still have what the trees were made of then.
    """
    made: dict[str, dict[str, tuple[str, ...]]] = {}
    for host, tree in trees.items():
        known = _known(before.get(host))
        if known is None or known.parts == tree.parts:
            continue
        old, new = (_files_of_host(store, without(a, b)) for a, b in ((known.parts, tree.parts), (tree.parts, known.parts)))
        why = {path: ("content",) if path in old else (NEW,) for path, place in new.items() if not _alike(place, old.get(path))}
        if why:
            made[host] = dict(sorted(why.items()))
    return made


_OF_HOSTS = ("search/", "hosts/", "asof/")


def _files_of_host(store: Path, parts: Sequence[Part]) -> dict[str, Path]:
    found = {}
    for path, folder in parts:
        if folder.startswith(_OF_HOSTS):
            with suppress(OSError):  # the store was emptied meanwhile
                found.update({posixpath.join(path, file): store / folder / str(n) for n, file in enumerate(paths(store / folder))})
    return found


def _alike(one: Path, other: Path | None) -> bool:
    return other is not None and (one.samefile(other) or filecmp.cmp(one, other, shallow=False))


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
    return (store / SWITCHING).exists()


def switched(store: Path) -> None:
    """The state says what is live."""
    (store / SWITCHING).unlink(missing_ok=True)


def standing(before: Mapping[str, Any]) -> frozenset[str]:
    """The hosts of which something stands, by what :meth:`Tree.as_state` wrote of all."""
    return frozenset(host for host, state in before.items() if _known(state) is not None)


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
    for place in (*store.glob("spare-*"), *store.glob("tree-*"), *store.glob(f"{EARLY}*")):  # of runs that were cut
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
