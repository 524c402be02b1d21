"""Printed handbooks (办事一本通) that lie in the region's print-out/, so that a unit's services page offers them to download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sitegen.model.region import Attached, Unit
from sitegen.model.unit import ancestors

from .files import digest, relative
from .records import ATTACHMENT_LIMIT
from .textfile import Unreadable, read_bytes

TITLE = "办事一本通"


def handbook_files(root: Path) -> Iterator[Path]:
    """Every printed handbook, in fixed order: ``print-out/230170101201-大河村/handbook.pdf``."""
    yield from sorted((root / "print-out").glob("*/handbook.pdf"))


def load_handbooks(root: Path, units: Mapping[str, Unit]) -> dict[str, Attached]:
    """By unit code: the handbook, where it is not older than the guides that it is made of. An old one is not offered."""
    found = {}
    for path in handbook_files(root):
        unit = units.get(path.parent.name[:12])
        if unit is None or not unit.services.guides or path.stat().st_mtime_ns < _newest(root, units, unit):
            continue
        try:
            data = read_bytes(path, ATTACHMENT_LIMIT)
        except Unreadable:
            continue
        found[unit.code] = Attached(TITLE, "handbook.pdf", relative(path, root), len(data), digest(data))
    return found


def _newest(root: Path, units: Mapping[str, Unit], unit: Unit) -> int:
    """When the newest of the unit's guides and halls, or of those that it takes over, was last written."""
    above = (units[code] for code in (unit.code, *ancestors(unit.code)) if code in units)
    services = [u.services for u in above]
    files = [f for s in services for f in (s.file, *(g.file for g in s.guides), *(b.file for b in s.bundles)) if f]
    return max((root / f).stat().st_mtime_ns for f in files)
