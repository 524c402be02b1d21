"""``sitegen verify``: proves that paper, ledger and pages say the same.

Four proofs: every ledger is whole and every content that it keeps is what was kept; every code answers for every revision that paper may carry, and
tells the truth; what a record's page shows is what was released, digested again from the visible page; and nothing stands there that nobody
released. The pages may lie in a folder or behind an address: over HTTP the same makes a monitor against tampering.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct

from sitegen import ledger as files
from sitegen.assemble import AS_OF
from sitegen.check import load_and_check
from sitegen.check.binding import bound_twice
from sitegen.check.releases import Releases
from sitegen.check.scope import Scope
from sitegen.contents import fill, for_web, job
from sitegen.load.files import digest as file_digest
from sitegen.model.holding import quarantine
from sitegen.model.ledger import fold
from sitegen.model.record_views import RecordView
from sitegen.model.region import Region
from sitegen.model.stored import STATE, STORE
from sitegen.model.views import UnitView
from sitegen.site.codes import q_pages
from sitegen.view import Plan, plan
from sitegen.visible import visible_form, visible_statement

Kind = Literal[
    "line",
    "cut",
    "branches",
    "clash",
    "object",
    "digest",
    "claimed",
    "missing",
    "verdict",
    "page",
    "content",
    "orphan",
    "variant",
    "old",
    "unreachable",
]
_AT_ONCE = 16
_PATIENCE = 15.0
_AS_OF = re.compile(r"(\d+)年(\d+)月(\d+)日")


class Wrong(Struct, frozen=True):
    """Something that is not as it should be."""

    kind: Kind
    where: str
    """A file, or an address."""
    what: str = ""


class Verified(Struct, frozen=True):
    """What was looked at, and what was wrong."""

    lines: int
    """Of ledgers."""
    contents: int
    codes: int
    """Pages of codes."""
    records: int
    """Pages of records whose digest was made again."""
    wrong: tuple[Wrong, ...]


class Place(Protocol):
    """Where pages are read from."""

    def read(self, host: str, path: str) -> bytes | None:
        """The file at ``path`` of a host; ``None`` when there is none."""


class Folder(Struct, frozen=True):
    """A built ``public/``."""

    root: Path

    def read(self, host: str, path: str) -> bytes | None:
        """See :class:`Place`."""
        target = self.root / host / path
        try:
            return (target / "index.html" if path.endswith("/") or not path else target).read_bytes()
        except OSError:
            return None


class Web(Struct, frozen=True):
    """Pages behind an address: of one of the region's hosts, or of a copy that has a folder for each of them."""

    base: str
    hosts: frozenset[str]

    def address(self, host: str, path: str) -> str | None:
        """Where a page is; ``None`` when it is on a host that is not looked at."""
        own = urlsplit(self.base).netloc
        if own in self.hosts:
            return urljoin(self.base, "/" + quote(path)) if host == own else None
        return f"{self.base.rstrip('/')}/{host}/{quote(path)}"

    def read(self, host: str, path: str) -> bytes | None:
        """See :class:`Place`. Raises ``OSError`` when nobody answers."""
        address = self.address(host, path)
        return None if address is None else _get(address)


def _get(address: str) -> bytes | None:
    request = urllib.request.Request(address, headers={"User-Agent": "sitegen-verify", "Cache-Control": "no-cache"})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            data: bytes = answer.read()
            return data
    except urllib.error.HTTPError:
        return None


def verify_ledgers(region: Region) -> Iterator[Wrong | tuple[int, int]]:
    """Every ledger: its chain, its branches, the contents that it keeps. Yields (lines, contents) of each unit besides what is wrong."""
    for unit in region.units.values():
        folder = Path(region.root) / unit.folder
        opened = files.read(folder / files.FILE)
        name = f"{unit.folder}/{files.FILE}"
        for problem in opened.problems:
            yield Wrong("line", f"{name}:{problem.line}", problem.kind)
        ledger = fold(opened.lines)
        if len(ledger.heads) > 1:
            yield Wrong("branches", name)
        for clash in ledger.clashes:
            yield Wrong("clash", f"{name}:{clash.lines[1]}", f"{clash.code}-{clash.rev}")
        contents = 0
        for history in ledger.histories.values():
            for revision in history.revisions.values():
                if revision.expired or not revision.object:
                    continue
                contents += 1
                place = f"{unit.folder}/{files.OBJECTS}/{revision.object}.json.gz"
                try:
                    form = files.kept(folder, revision.object)
                except ValueError as error:
                    yield Wrong("object", place, str(error))
                    continue
                if form is None:
                    yield Wrong("object", place, "it is not there")
                elif form.digest != revision.digest or form.parts != revision.parts:
                    yield Wrong("digest", place, f"{history.code}-{revision.rev}")
        yield len(opened.lines), contents
    for found in bound_twice(region):
        yield Wrong("claimed", found.file, dict(found.args)["code"])


def verify(
    root: Path, date: dt.date, place: Place | None, jobs: int = 1, report: Callable[[str, int, int], None] = lambda *_: None
) -> Verified:
    """Prove ledgers and, where ``place`` is given, the pages there. Raises :class:`sitegen.load.region.NoRegion`, ``OSError``."""
    checked = load_and_check(root, date, jobs=jobs)
    region = checked.region
    wrong: list[Wrong] = []
    lines = contents = 0
    for found in verify_ledgers(region):
        if isinstance(found, Wrong):
            wrong.append(found)
        else:
            lines, contents = lines + found[0], contents + found[1]
    if place is None:
        return Verified(lines, contents, 0, 0, tuple(wrong))
    held, _ = quarantine(region, checked.matters, checked.findings)
    if isinstance(place, Folder):
        wrong += _cut(region, place.root)
    made = plan(region, checked.matters, date, held)
    releases = Releases(Scope(region, checked.matters, date))
    prover = _Prover(region, made, releases, place)
    for n, code in enumerate(made.views, 1):
        wrong += prover.unit(code)
        report(made.views[code].unit.name, n, len(made.views))
    wrong += prover.days(date)
    wrong += prover.orphans()
    wrong += prover.variants()
    return Verified(lines, contents, prover.codes, prover.records, tuple(wrong))


def _cut(region: Region, public: Path) -> Iterator[Wrong]:
    """Ledgers that no longer have the lines which the last build saw: what was cut off the end cannot be seen in the file."""
    try:
        seen = json.loads((public / STORE / STATE).read_text(encoding="utf-8"))["ledgers"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for code, heads in seen.items():
        unit = region.units.get(code)
        if unit is None:
            continue
        there = {line.id for line in files.read(Path(region.root) / unit.folder / files.FILE).lines}
        if set(heads) - there:
            yield Wrong("cut", f"{unit.folder}/{files.FILE}")


class _Prover:
    def __init__(self, region: Region, made: Plan, releases: Releases, place: Place) -> None:
        self.region, self.made, self.releases, self.place = region, made, releases, place
        self.codes = self.records = 0
        self.expected: dict[tuple[str, str], set[str]] = {}
        """Names of codes' pages by (host, path of the Q tree)."""

    def unit(self, code: str) -> list[Wrong]:
        """All codes and released records of a unit."""
        view = for_web(fill(job(self.region, self.made, code), self.region.catalog))
        jobs: list[Callable[[], list[Wrong]]] = []
        for page in q_pages(view):
            said = visible_statement(page.html)
            for host, path in view.q_places:
                self.expected.setdefault((host, path), set()).add(page.path)
                if said is not None:
                    jobs.append(lambda h=host, p=f"{path}/{page.path}/", s=said: self._code(h, p, s))  # type: ignore[misc]
        for record in view.records:
            history = self.releases.binding.histories.get(record.code)
            last = history.last if history else None
            if last is not None and last.rev == record.rev and self._is_released(view, record):
                jobs.append(lambda r=record, parts=last.parts: self._record(view, r, parts))  # type: ignore[misc]
        if isinstance(self.place, Web):
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                found = list(pool.map(lambda job: job(), jobs))
        else:
            found = [job() for job in jobs]
        return [w for part in found for w in part]

    def _is_released(self, view: UnitView, record: RecordView) -> bool:
        history = self.releases.binding.histories[record.code]
        content = view.contents.get(record.id)
        return history.last is not None and content is not None and content.digest == history.last.digest

    def _code(self, host: str, path: str, said: tuple[str, str, str]) -> list[Wrong]:
        if isinstance(self.place, Web) and self.place.address(host, path) is None:
            return []
        self.codes += 1
        data = self.place.read(host, path)
        if data is None:
            return [Wrong("missing", f"{host}/{path}")]
        there = visible_statement(data.decode("utf-8", "replace"))
        if there != said:
            return [Wrong("verdict", f"{host}/{path}", said[0])]
        return []

    def _record(self, view: UnitView, record: RecordView, parts: tuple[str, str, str, str]) -> list[Wrong]:
        path = urlsplit(record.url).path.lstrip("/")
        if isinstance(self.place, Web) and self.place.address(view.host, path) is None:
            return []
        self.records += 1
        data = self.place.read(view.host, path)
        if data is None:
            return [Wrong("page", f"{view.host}/{path}")]
        content = view.contents[record.id]

        def digest_of(href: str) -> str:
            file = self.place.read(view.host, path + href)
            return file_digest(file) if file is not None else ""

        form = visible_form(data.decode("utf-8", "replace"), suffix=f"（{view.unit.name}）" if record.source else "", digest_of=digest_of)
        shown = form.parts
        names = ("标题和日期", "正文", "表格", "附件")
        differing = [
            name
            for n, name in enumerate(names)
            # What is not for the web cannot be proved there: the fields are, and the text where nothing was taken out of it.
            if (n == 0 or not content.withheld) and shown[n] != parts[n]
        ]
        return [Wrong("content", f"{view.host}/{path}", "、".join(differing))] if differing else []

    def days(self, date: dt.date) -> Iterator[Wrong]:
        """Whether the codes' pages speak for the day that is looked at."""
        for host, path in sorted(self.expected):
            if isinstance(self.place, Web) and self.place.address(host, "") is None:
                continue
            data = self.place.read(host, f"{path}/{AS_OF}")
            found = _AS_OF.search(data.decode("utf-8", "replace")) if data else None
            if found is None:
                yield Wrong("missing", f"{host}/{path}/{AS_OF}")
            elif (day := dt.date(*map(int, found.groups()))) < date:
                yield Wrong("old", f"{host}/{path}/", day.isoformat())

    def orphans(self) -> Iterator[Wrong]:
        """Codes' and records' pages that nothing stands behind. A folder can be listed, an address cannot."""
        if not isinstance(self.place, Folder):
            return
        for (host, path), names in sorted(self.expected.items()):
            folder = self.place.root / host / path
            for found in sorted(folder.iterdir()) if folder.is_dir() else ():
                if found.is_dir() and found.name not in names:
                    yield Wrong("orphan", f"{host}/{path}/{found.name}/")
        for view in self.made.views.values():
            folder = self.place.root / view.host / view.path / "r"
            slugs = {r.slug for r in view.records}
            for found in sorted(folder.iterdir()) if folder.is_dir() else ():
                if found.name not in slugs:
                    yield Wrong("orphan", f"{view.host}/{view.path}/r/{found.name}/")

    def variants(self) -> Iterator[Wrong]:
        """Whether a host answers for addresses as people type them: without the final slash, in lower case."""
        if not isinstance(self.place, Web):
            return
        for (host, path), names in sorted(self.expected.items()):
            name = max((n for n in names if "-" in n), default=None)
            if name is None or self.place.address(host, "") is None:
                continue
            for typed in (f"{path}/{name}", f"{path}/{name}/".lower(), f"{path}/{name}".lower()):
                if self.place.read(host, typed) is None:
                    yield Wrong("variant", f"{host}/{typed}")
