"""Sites for where there is no network: a ZIP or a folder for a USB stick, read from ``file://``.

It is made of what was built for the web, so nothing is in it that the web may not show. Links lead to files; what is not in it is linked by
its address on the web. The search's files become scripts, since a page read from a disk may not fetch.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import html
import json
import os
import pickle
import posixpath
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec import Struct

from sitegen.build import Options, Report, Result, build
from sitegen.contents import for_web
from sitegen.flat import paths
from sitegen.model.region import Region, Unit
from sitegen.model.stored import STATE, STORE
from sitegen.model.unit import UnitLink, is_within
from sitegen.model.views import UnitView
from sitegen.search.hosts import FOLDER, index_of
from sitegen.site.offline import START, OfflineSheet, read_me, start_page

README, SHEETS = "请先看这里.txt", "公示单"
_LEFT_OUT = re.compile(r"(^|/)(sitemap[^/]*\.xml|robots\.txt|404\.html)$")
"""What only a server or a crawler asks for."""
_TAG = re.compile(r"<(?:a|area|link|script|img|form|source|track|audio|video|iframe|meta)\b[^>]*>")
_ADDRESS = re.compile(r'(\s(?:href|src|action|poster)=")([^"]*)(")')
_REFRESH = re.compile(r'(http-equiv="refresh" content="\d+;url=)([^"]*)(")')
_POLICY = re.compile(r'(http-equiv="Content-Security-Policy" content=")([^"]*)(")')
WhichSheets = Literal["posted", "all", "none"]


class Order(Struct, frozen=True):
    """What to bundle."""

    region: Region
    units: tuple[Unit, ...]
    """The units; the first is the one at the top."""
    public: Path
    """Where the sites are built."""
    target: Path
    """A file that ends in ``.zip``, or a folder."""
    date: dt.date
    jobs: int = 1
    sheets: WhichSheets = "posted"


class Bundled(Struct, frozen=True):
    """What was made."""

    built: Result
    pages: int = 0
    files: int = 0
    size: int = 0
    """Bytes of the ZIP, or of all files."""
    sheets: int = 0


class Occupied(Exception):
    """The folder holds something that is no bundle; nothing was written."""


def bundle(order: Order, report: Report = lambda *_: None) -> Bundled:
    """Build what changed, then write the bundle, whole or not at all. The same sites give the same bytes. Raises :class:`Occupied`."""
    if order.target.is_dir() and any(order.target.iterdir()) and not (order.target / README).is_file():
        raise Occupied(str(order.target))
    built = build(Options(order.region.root, order.public, order.date, order.jobs), report)
    if built.refused:
        return Bundled(built)
    making = _Making(order, report)
    folder = order.target.suffix.lower() != ".zip"
    temporary = order.target.with_name(f".{order.target.name}.{os.getpid()}")
    temporary.parent.mkdir(parents=True, exist_ok=True)
    writer: _Writer = _Folder(temporary) if folder else _Zip(temporary, order.target.stem, order.date)
    try:
        making.write(writer)
        writer.close()
        if order.target.is_dir():
            shutil.rmtree(order.target)
        temporary.replace(order.target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.unlink(missing_ok=True)
    size = order.target.stat().st_size if not folder else sum(p.stat().st_size for p in order.target.rglob("*") if p.is_file())
    return Bundled(built, making.pages, writer.count, size, making.sheets)


class _Writer(Protocol):
    count: int

    def add(self, path: str, data: bytes) -> None: ...

    def close(self) -> None: ...


class _Folder:
    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.folder, self.count = folder, 0

    def add(self, path: str, data: bytes) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.count += 1

    def close(self) -> None:
        """Everything is written."""


class _Zip:
    """Everything in one folder of the archive's name, with the time of the bundle's day."""

    def __init__(self, file: Path, name: str, date: dt.date) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.name, self.count = name, 0
        self.time = (max(1980, date.year), date.month, date.day, 0, 0, 0)

    def add(self, path: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(f"{self.name}/{path}", self.time)
        entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
        self.archive.writestr(entry, data)
        self.count += 1

    def close(self) -> None:
        self.archive.close()


class _Making:
    """One bundle in the making."""

    def __init__(self, order: Order, report: Report) -> None:
        self.order, self.report = order, report
        self.store = order.public / STORE
        state = json.loads((self.store / STATE).read_text(encoding="utf-8"))
        self.keys: dict[str, str] = state["units"]
        self.codes = {u.code for u in order.units}
        self.parts = {host: [tuple(p) for p in tree["parts"] if self._wanted(p[1])] for host, tree in state["trees"].items()}
        self.files = {
            host: {
                posixpath.normpath(f"{at}/{file}") if at else file
                for at, folder in parts
                for file in paths(self.store / folder)
                if not _LEFT_OUT.search(file)
            }
            for host, parts in self.parts.items()
            if any(folder.startswith("units/") for _, folder in parts)
        }
        self.pages = self.sheets = 0

    def _wanted(self, folder: str) -> bool:
        kind, _, rest = folder.partition("/")
        return kind in ("assets", "asof") or (kind == "units" and rest.partition("/")[0] in self.codes)

    def write(self, writer: _Writer) -> None:
        """All files, in a fixed order."""
        total = len(self.codes)
        done: set[str] = set()
        for host in sorted(self.files):
            for at, folder in sorted(self.parts[host]):
                code = folder.split("/")[1]
                if code in self.codes and code not in done:
                    done.add(code)
                    self.report(self.order.region.units[code].data.name, len(done), total)
                for n, file in enumerate(paths(self.store / folder)):
                    path = f"{at}/{file}" if at else file
                    if not _LEFT_OUT.search(path):
                        writer.add(f"{host}/{path}", self._content(host, path, (self.store / folder / str(n)).read_bytes()))
        for name, data in self._index():
            writer.add(f"{FOLDER}/{name}", data)
        sheets = list(self._sheets(writer))
        links = [(u, self._home(u)) for u in self._links()]
        top = self.order.units[0]
        writer.add(START, start_page(self._view(top.code), links, sheets, self.order.date).encode())
        writer.add(README, read_me(top, self.order.date, bool(sheets)).encode("utf-8-sig"))

    def _links(self) -> list[UnitLink]:
        return [UnitLink(u.code, u.data.name, u.level, u.data.site.url) for u in self.order.units]

    def _view(self, code: str) -> UnitView:
        view: UnitView = pickle.loads((self.store / "units" / code / self.keys[code] / "view.pickle").read_bytes())
        return view

    @staticmethod
    def _home(unit: UnitLink) -> str:
        parts = urlsplit(unit.url)
        return f"{parts.netloc}{parts.path}index.html"

    def _content(self, host: str, path: str, data: bytes) -> bytes:
        if not path.endswith(".html"):
            return data
        self.pages += 1
        text = _TAG.sub(lambda tag: self._tag(host, path, tag[0]), data.decode())
        return text.encode()

    def _tag(self, host: str, path: str, tag: str) -> str:
        if 'rel="canonical"' in tag or 'rel="alternate"' in tag:
            return tag

        def turned(found: re.Match[str]) -> str:
            return found[1] + html.escape(self._address(host, path, html.unescape(found[2]))) + found[3]

        if tag.startswith("<meta"):
            # A page from a disk has no origin: its own files are named by their scheme.
            tag = _POLICY.sub(lambda m: m[1] + m[2].replace("'self'", "'self' file:") + m[3], tag)
            return _REFRESH.sub(turned, tag)
        if "/search.js" in tag:
            up = "../" * (path.count("/") + 1)
            tag = tag.replace(" data-root=", f' data-index="{up}{FOLDER}/" data-root=')
        return _ADDRESS.sub(turned, tag)

    def _address(self, host: str, path: str, address: str) -> str:
        """An address as the page at ``path`` must have it: a file of the bundle, or the whole address of what is not in it."""
        if not address or address.startswith(("#", "data:", "tel:", "mailto:")):
            return address
        whole = urlsplit(urljoin(f"https://{host}/{quote(path)}", address))
        tail = (f"?{whole.query}" if whole.query else "") + (f"#{whole.fragment}" if whole.fragment else "")
        goal = unquote(whole.path).lstrip("/")
        files = self.files.get(whole.netloc.lower(), set())
        for file in (goal, posixpath.normpath(f"{goal}/index.html").lstrip("/")):
            if file in files:
                here = posixpath.dirname(f"{host}/{path}")
                return quote(posixpath.relpath(f"{whole.netloc.lower()}/{file}", here)) + tail
        return whole.geturl()

    def _index(self) -> Iterator[tuple[str, bytes]]:
        """The search's files as scripts."""
        parts, index = index_of(self.store, self._links(), self.keys)
        for unit in index["units"]:
            view = self._view(unit[0])
            place = next((f"{host}/{path}" for host, path in view.q_places if host in self.files), "")
            unit.append(place)
        files = {f"{at}/{name}": self.store / folder / str(n) for at, folder in parts for n, name in enumerate(paths(self.store / folder))}
        for path, source in sorted(files.items()):
            yield self._script(path.removeprefix(f"{FOLDER}/"), source.read_bytes())
        yield self._script("index.bin", gzip.compress(json.dumps(index, ensure_ascii=False).encode(), 6, mtime=0))

    @staticmethod
    def _script(name: str, data: bytes) -> tuple[str, bytes]:
        return name.replace(".bin", ".js"), f'sitegenFile("{name}","{base64.b64encode(data).decode()}")\n'.encode()

    def _sheets(self, writer: _Writer) -> Iterator[OfflineSheet]:
        """Sheets of what may be read on the web, set from the same views, so that none is older than its page."""
        if self.order.sheets == "none":
            return
        from sitegen.sheet import Format, Job, print_unit

        for unit in self.order.units:
            view = for_web(self._view(unit.code))
            wanted = [r for r in view.records if r.web_rows and r.web_text and r.on_board and self._hangs(r.posting)]
            if not wanted:
                continue
            folder = self.store / "sheets" / unit.code
            job = Job(Format(self.order.region.data.default_paper), frozenset(r.id for r in wanted))
            printed = print_unit(view, job, folder, self.order.region.root)
            for old in {*folder.glob("*.pdf")} - {m.path for m in printed}:
                old.unlink()  # nothing stays for longer than it may be shown
            for made in printed:
                path = f"{SHEETS}/{unit.code}-{unit.data.name}/{made.path.name}"
                writer.add(path, made.path.read_bytes())
                self.sheets += 1
                yield OfflineSheet(unit.data.name, made.title, path, made.pages)

    def _hangs(self, posting: object) -> bool:
        return self.order.sheets == "all" or getattr(posting, "state", "") in ("on", "upcoming")


def chosen(region: Region, top: Unit | None) -> tuple[Unit, ...]:
    """A unit with all below it, or every unit of the region; the one at the top first."""
    return tuple(unit for code, unit in sorted(region.units.items()) if top is None or is_within(code, top.code))
