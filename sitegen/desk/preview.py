"""One record as it would stand on the web and on paper, made without a build: kept in memory for the browser that asked."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.printing import Setting
from sitegen.sheet import pages_of, sheet_spec
from sitegen.sheet.room import digest_of
from sitegen.site.engine import record_page
from sitegen.today import Part

_KEPT = 24
_lock = threading.Lock()
"""There is one configuration of the engine and one typesetter in a process."""


class Seen(Struct, frozen=True):
    """A preview."""

    key: str
    base: str
    """Path of the unit on its host, "" or with a slash at its end."""
    page: str
    """Path of the page below ``base``; "" where the record has no page."""
    files: Mapping[str, bytes]
    sheets: tuple[bytes, ...]
    """The sheet page by page as SVG; none where the record is not for a board."""


class Previews:
    """The latest previews, by their key."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._kept: OrderedDict[str, Seen] = OrderedDict()
        self._sheets: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()

    def get(self, key: str) -> Seen | None:
        """An earlier preview, as long as it is kept."""
        return self._kept.get(key)

    def make(self, part: Part, id: str, root: Path | None = None) -> Seen | None:
        """The record ``id`` of the part's unit; ``None`` where it is shown nowhere (held back, withdrawn, not public). ``root``: where its files are."""
        with _lock:
            view = part.of_record(id)
            record = next((r for r in view.records if r.id == id), None)
            if record is None or id not in view.contents:
                return None
            files = record_page(view, id, root or self.root)
            page = next((p for p in files if p.endswith("index.html")), "").removesuffix("index.html")
            spec = sheet_spec(view, record)
            sheets: tuple[bytes, ...] = ()
            if spec is not None:
                form = Setting().on(part.region)
                digest = digest_of(spec, form)
                if digest not in self._sheets:
                    self._sheets[digest] = tuple(pages_of(spec, form, root or self.root))
                sheets = self._sheets[digest]
                while len(self._sheets) > _KEPT:
                    self._sheets.popitem(last=False)
            key = hashlib.sha256(b"".join((*files.values(), *sheets))).hexdigest()[:24]
            seen = Seen(key, f"{view.path}/" if view.path else "", page, files, sheets)
            self._kept[key] = seen
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return seen
