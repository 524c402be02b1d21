"""Outputs that are not for everybody: where they must not be written."""

from __future__ import annotations

from pathlib import Path

from sitegen.model.stored import STATE, STORE

_PUBLIC = ("public", "print-out", "bundle-out")
_MARK = ".internal"


class NoPlace(Exception):
    """Something private would lie in ``folder``, which is public."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


def keep_out(target: Path, root: Path) -> None:
    """Raise :class:`NoPlace` when ``target`` is, or lies in, the region's public/ or print-out/, or whatever a site was built into.

    Links and letter case do not hide them.
    """
    target = target.resolve()
    known = [(root / name).resolve() for name in _PUBLIC]
    for place in (target, *target.parents):
        same = any(k.exists() and place.exists() and k.samefile(place) for k in known)
        if same or place in known or (place / STORE / STATE).exists():
            raise NoPlace(place)


def claim(folder: Path, root: Path) -> None:
    """Take ``folder`` for internal sheets. Raises :class:`NoPlace` where it is public or holds sheets for boards."""
    keep_out(folder, root)
    mark = folder / _MARK
    if not mark.exists() and any(folder.glob("*/*.pdf")):
        raise NoPlace(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
