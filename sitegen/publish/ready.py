"""Whether what a build left may be published."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.model.finding import N_
from sitegen.model.stored import STATE, STORE, SWITCHING, UNDONE

Reason = tuple[str, dict[str, object]]
"""A message's template and its arguments."""


class Ready(Struct, frozen=True):
    """What speaks against publishing, and what a person should know."""

    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


def releasable(public: Path, hosts: tuple[str, ...] = (), today: dt.date | None = None) -> Ready:
    """Reads what the build wrote down in ``public``. ``hosts`` must be there; ``today`` tells what has turned since the build."""
    state = _state(public)
    if state is None:
        return Ready(((N_("nothing was built in {folder}: run «sitegen build» first"), {"folder": public}),), ())
    # What the state says, also of what was not released, may not be of the sites that stand there.
    if any((public / STORE / sign).exists() for sign in (UNDONE, SWITCHING)):
        text = N_(
            "the last build failed or was cut, or one is at work; what stands in {folder} may be old: build again, and look at what it says"
        )
        return Ready(((text, {"folder": public}),), ())
    reasons: list[Reason] = []
    warnings: list[Reason] = []
    args: dict[str, object]
    unreleased = [str(ref) for ref in state.get("unreleased", [])]
    if unreleased:
        args = {"n": len(unreleased), "records": _few(unreleased)}
        reasons.append((N_("{n} records are not released ({records}): run «sitegen release», then build again"), args))
    for host in hosts:
        if not (public / host).is_dir():
            there = sorted(str(name) for name in state.get("hosts", []))
            args = {"host": host, "folder": public, "names": ", ".join(there) or "—"}
            reasons.append((N_("there is no site of {host} in {folder}; there are: {names}"), args))
        elif (public / f"{host}.old").exists():
            reasons.append((N_("a build of {host} was cut: build again"), {"host": host}))
    held = [str(ref) for ref in state.get("held", [])]
    if held:
        args = {"n": len(held), "records": _few(held)}
        warnings.append((N_("{n} records are held back until their errors are corrected ({records})"), args))
    built = str(state.get("date", ""))
    if today is not None and built > today.isoformat():
        args = {"day": built, "today": today.isoformat()}
        warnings.append(
            (N_("the sites were built for {day}, which is later than today ({today}): is the clock of this computer right?"), args)
        )
    turned = state.get("next_change")
    if today is not None and isinstance(turned, str) and turned <= today.isoformat():
        warnings.append(
            (N_("something has changed on {day} since this was built, such as a posting that ended: build again"), {"day": turned})
        )
    return Ready(tuple(reasons), tuple(warnings))


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _state(public: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((public / STORE / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
