"""A built county in few words: what it adds up to, and which pairs of characters its texts hold. Small, whatever its number of records."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from sitegen.load.cache import program_digest
from sitegen.model.base import Level
from sitegen.model.stored import STATE, STORE
from sitegen.model.supervision_views import Standing
from sitegen.model.unit import level_of
from sitegen.model.views import UnitView
from sitegen.search.texts import PAD, read_texts

FOLDER = "summaries"
_BITS = 21
Pairs = npt.NDArray[np.uint64]
"""Pairs of characters in order: the code of the first, then 21 bits of that of the second."""


class Summary(Struct, frozen=True):
    """What a province needs to know of a county."""

    code: str
    name: str
    url: str
    hosts: tuple[str, ...]
    """Every host that the county's build makes."""
    townships: int
    villages: int
    standing: Standing
    """Of all its units together."""
    made: str
    """A digest of what it was made of."""
    day: dt.date | None = None
    """The day for which the county was built last."""


class NotBuilt(Exception):
    """The county's sites are not there, or a run on them was cut."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


def summarize(out: Path, code: str, folder: Path) -> Summary:
    """Write the summary of the county ``code``, whose sites a build made in ``out``, into ``folder``; nothing where it is there. Raises :class:`NotBuilt`."""
    store = out / STORE
    try:
        state = json.loads((store / STATE).read_text(encoding="utf-8"))
        keys: dict[str, str] = state["units"]
        day = dt.date.fromisoformat(state["date"])
        top: UnitView = pickle.loads((store / "units" / code / keys[code] / "view.pickle").read_bytes())
    except (OSError, ValueError, KeyError, AttributeError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise NotBuilt(out) from error
    made = hashlib.sha256(repr((sorted(keys.items()), program_digest())).encode()).hexdigest()[:24]
    known = read(folder, code)
    if known is not None and known.made == made:
        if known.day != day:
            known = replace(known, day=day)
            _keep_summary(folder, known)
        return known
    levels = [level_of(one) for one in keys]
    facts = top.supervision_facts
    standing = facts.total if facts else Standing(len(top.records), max((r.published for r in top.records), default=None))
    townships, villages = levels.count(Level.TOWNSHIP), levels.count(Level.VILLAGE)
    summary = Summary(code, top.unit.name, top.unit.url, tuple(state["hosts"]), townships, villages, standing, made, day)
    folder.mkdir(parents=True, exist_ok=True)
    _keep(folder / f"{code}.npy", lambda stream: np.save(stream, _pairs(store, keys)))
    _keep_summary(folder, summary)  # last: with it the summary is whole
    return summary


def _keep_summary(folder: Path, summary: Summary) -> None:
    text = json.dumps(to_builtins(summary), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _keep(folder / f"{summary.code}.json", lambda stream: stream.write(text.encode()))


def read(folder: Path, code: str) -> Summary | None:
    """A county's summary; ``None`` where there is none that this program understands."""
    try:
        found = msgspec.json.decode((folder / f"{code}.json").read_bytes(), type=Summary)
        pairs_of(folder, code)
    except (OSError, ValueError, EOFError):
        return None
    return found


def pairs_of(folder: Path, code: str) -> Pairs:
    """The pairs of a county's summary, read from the disk where they are looked at."""
    found: Pairs = np.load(folder / f"{code}.npy", mmap_mode="r", allow_pickle=False)
    return found


def key_of(pair: int) -> str:
    """The two characters of a pair."""
    return chr(pair >> _BITS) + chr(pair & ((1 << _BITS) - 1))


def _pairs(store: Path, keys: Mapping[str, str]) -> Pairs:
    """All pairs of all texts that search may find: what the web gate lets through, without rows of persons."""
    found: list[Pairs] = []
    for code, key in sorted(keys.items()):
        folded = "\n".join(text.folded for _, text in read_texts(store / "units" / code / key / "texts"))
        letters = np.frombuffer(folded.replace(PAD, "").encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        first, second = letters[:-1], letters[1:]
        whole = (first != 10) & (second != 10)
        found.append(np.unique(first[whole] << np.uint64(_BITS) | second[whole]))
        if len(found) > 50:
            found = [np.unique(np.concatenate(found))]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)


def _keep(path: Path, write: Any) -> None:
    temporary = path.with_name(f"{path.name}~")
    with temporary.open("wb") as stream:
        write(stream)
    temporary.replace(path)
