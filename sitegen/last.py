"""What the last build left beside the sites: the state of everything, and what every unit showed."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.assemble import cut_while_switching
from sitegen.model.stored import STATE, STORE
from sitegen.model.views import UnitView

_VIEWS = 40
"""Units whose earlier views, with all that they show, are in memory at once."""


class Last(Struct, frozen=True):
    """What the last build left."""

    views: Mapping[str, UnitView]
    state: Mapping[str, Any]

    @property
    def clean(self) -> bool:
        """Whether nothing was held back."""
        return bool(self.state.get("clean"))


def last_build(out: Path) -> Last:
    """What the last build into ``out`` left; read as it is asked for."""
    store = out / STORE
    state = read_state(store)
    return Last(_Views(store, state), state)


class _Views(Mapping[str, UnitView]):
    """The views of the last build, read only when something is held back."""

    def __init__(self, store: Path, state: Mapping[str, Any]) -> None:
        self.store, self.known = store, dict(state.get("units", {}))
        self.read: dict[str, UnitView | None] = {}

    def __getitem__(self, code: str) -> UnitView:
        if code not in self.read:
            while len(self.read) >= _VIEWS:
                del self.read[next(iter(self.read))]
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


def read_state(store: Path) -> dict[str, Any]:
    """What the last build wrote of itself; nothing where that cannot be read."""
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


def prepare_state(store: Path, state: dict[str, Any]) -> None:
    """Write the state beside the one that holds until :func:`settle_state`."""
    (store / f"{STATE}.new").write_text(json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


def settle_state(store: Path) -> None:
    """What was prepared holds from now on."""
    (store / f"{STATE}.new").replace(store / STATE)
