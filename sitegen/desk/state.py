"""What the desk works on: the region as its files are now, one unit's part of it, and files as they were when somebody opened them."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct, field

from sitegen.check.examine import examine
from sitegen.drafting.heads import plain_text
from sitegen.load.region import load_region
from sitegen.load.scan import scan
from sitegen.model.finding import translator
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters
from sitegen.model.region import Record, Region, Unit
from sitegen.model.unit import is_within
from sitegen.today import Part, part_of

from .preview import Previews


class Nothing(Exception):
    """There is no such page."""


class Desk:
    """One region, seen by one unit's clerk or by all."""

    def __init__(self, root: Path, today: Callable[[], dt.date], unit: str | None = None) -> None:
        self.root, self.today, self.only = root.resolve(), today, unit
        self.say = translator("zh")
        """Its pages are in Chinese, whatever the language of the terminal."""
        self.previews = Previews(self.root)
        self.writing = threading.Lock()
        """Held while files are written: two tabs take turns."""
        self._lock = threading.Lock()
        self._signature = ""
        self._region: Region | None = None
        self._matters: Matters | None = None
        self._parts: dict[tuple[str, dt.date], Part] = {}

    def region(self) -> Region:
        """The region as it is on the disk now. Raises :class:`sitegen.load.region.NoRegion`."""
        with self._lock:
            found = scan(self.root)
            if self._region is None or found.digest != self._signature:
                self._region = load_region(self.root, examine=examine, scan=found)
                self._signature, self._matters = found.digest, None
                self._parts.clear()
            return self._region

    def matters(self) -> Matters:
        """All that links records of different units."""
        region = self.region()
        if self._matters is None:
            self._matters = find_matters(region)
        return self._matters

    def part(self, code: str) -> Part:
        """One unit, checked and planned for today. Raises :class:`Nothing` for a unit that is not this desk's."""
        region = self.region()
        unit = self.unit(code)
        key = (unit.code, self.today())
        made = self._parts.get(key)
        if made is None:
            made = self._parts[key] = part_of(region, code, self.today())
        return made

    def unit(self, code: str) -> Unit:
        """A unit that this desk is for. Raises :class:`Nothing`."""
        unit = self.region().units.get(code)
        if unit is None or (self.only is not None and unit.code != self.only):
            raise Nothing
        return unit

    def units(self) -> list[Unit]:
        """Those that this desk is for."""
        return [u for u in self.region().units.values() if self.only is None or u.code == self.only]

    def below(self, code: str) -> list[Unit]:
        """Units at and below one."""
        return [u for u in self.region().units.values() if is_within(u.code, code)]

    def record(self, code: str, id: str) -> Record:
        """A record of a unit, by its id. Raises :class:`Nothing`."""
        found = next((r for r in self.unit(code).records if r.front.id == id), None)
        if found is None:
            raise Nothing
        return found


class Opened(Struct, frozen=True):
    """A record's files as they are at one moment."""

    file: str
    raw: bytes
    table: str
    """File of its rows, relative to the region; "" where it has none."""
    rows: bytes = field(default=b"")

    @property
    def digest(self) -> str:
        """Told to the browser, and told back when it saves: a change in between shows."""
        return hashlib.sha256(b"\0".join((self.raw, self.table.encode(), self.rows))).hexdigest()[:24]

    @property
    def text(self) -> str:
        """The record's text with line ends of one kind."""
        return plain_text(self.raw)


def opened(root: Path, record: Record) -> Opened:
    """A record's files now. Raises ``OSError`` when they went away."""
    table = record.table_file if record.front.table else ""
    rows = (root / table).read_bytes() if table and (root / table).is_file() else b""
    return Opened(record.file, (root / record.file).read_bytes(), table, rows)
