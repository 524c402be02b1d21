"""The run of ``sitegen report``: load, check, count, write one file where nobody publishes from."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from sitegen.check import load_and_check
from sitegen.model.unit import is_within
from sitegen.private import keep_out

from .gather import gather
from .page import render


class UnknownUnit(Exception):
    """No unit has this code or name."""


def report(root: Path, date: dt.date, out: Path | None = None, unit: str | None = None, jobs: int = 1) -> Path:
    """Write the report of the region at ``root``, or of ``unit`` (code, name or alias) with all below it, and return its place.

    The default place is ``report/<date>.html`` in the region. Raises :class:`sitegen.private.NoPlace`, :class:`UnknownUnit` and
    :class:`sitegen.load.region.NoRegion`; then nothing was written.
    """
    target = out or root / "report" / f"{date.isoformat()}.html"
    keep_out(target, root)
    checked = load_and_check(root, date, jobs=jobs)
    chosen = None
    if unit is not None:
        named = checked.region.named(unit)
        if not named:
            raise UnknownUnit(unit)
        chosen = {code for code in checked.region.units for one in named if is_within(code, one.code)}
    html = render(gather(checked, date, chosen))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.write_text(html, encoding="utf-8")
    temporary.replace(target)
    return target
