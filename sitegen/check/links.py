"""Where texts lead: a link to a record of the region finds it, and not one that was withdrawn.

Looked at are links to records and codes. Whether other pages are there is seen when they are built (``sitegen links``).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from sitegen.load.cache import passing
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.ledger import History
from sitegen.model.matter import is_public
from sitegen.model.region import Link, Record, Region, Unit
from sitegen.model.unit import site_place

from .scope import Scope

_RECORD = re.compile(r"r/([^/]+)(?:/(?:index\.html)?)?")
_CODE = re.compile(r"(?:.*/)?Q/([0-9A-HJKMNP-TV-Z]{10})(?:-\d+)?(?:/(?:index\.html)?)?", re.IGNORECASE)
_DERIVED = re.compile(r"[0-9a-hjkmnp-tv-z]{10}")
"""A village's part of a list stands at its code."""
_NONE, _CLOSED, _SOURCE = (
    N_("there is no such record"),
    N_("the record is not open to the public"),
    N_("the address of a file is none of a page"),
)


def check_links(scope: Scope) -> Iterator[Finding]:
    """Every link of every unit's texts."""
    units = [u for u in scope.region.units.values() if u.links]
    places = _places(scope.region) if units else {}
    for unit in units:
        for link in unit.links:
            yield from _link(scope, places, unit, link)


def gone(region: Region, ref: str) -> History | None:
    """The history of a record, ``<unit code>/<id>``, that was withdrawn; ``None`` when it was not."""
    code, _, id = ref.partition("/")
    unit = region.units.get(code)
    history = unit.ledger.by_name.get((code, id)) if unit is not None else None
    return history if history is not None and history.withdrawn is not None else None


def _link(scope: Scope, places: dict[tuple[str, str], Unit], unit: Unit, link: Link) -> Iterator[Finding]:
    if not urlsplit(link.target).scheme and urlsplit(link.target).path.lower().endswith(".md"):
        yield from _to_file(scope, unit, link)
        return
    address = urlsplit(urljoin(unit.data.site.url + link.base, link.target))
    if address.scheme not in ("http", "https"):
        return
    path = unquote(address.path).strip("/")
    if code := _CODE.fullmatch(path):
        history = next((u.ledger.histories[c] for u in scope.region.units.values() if (c := code[1].upper()) in u.ledger.histories), None)
        if history is not None:
            yield from _withdrawn(unit, link, history)
        return
    target, rest = _whose(places, address.netloc.lower(), path)
    found = _RECORD.fullmatch(rest)
    if target is not None and found:
        yield from _to_record(scope, unit, link, target, found[1].lower())


def _to_record(scope: Scope, unit: Unit, link: Link, target: Unit, id: str) -> Iterator[Finding]:
    ledger = target.ledger
    history = ledger.histories.get(id.upper()) or next((h for (_, name), h in ledger.by_name.items() if name.lower() == id), None)
    if history is not None and history.withdrawn is not None:
        yield from _withdrawn(unit, link, history)
        return
    record = next((r for r in passing(target.records) if r.front.id.lower() == id), None)
    if record is not None and not is_public(record):
        yield _astray(unit, link, _CLOSED, record, target)
    elif record is None and history is None and not _DERIVED.fullmatch(id) and scope.region.complete and not scope.unread.get(target.code):
        yield _astray(unit, link, _NONE)


def _to_file(scope: Scope, unit: Unit, link: Link) -> Iterator[Finding]:
    """Editors offer to write links so; on the site there is no such file."""
    file = posixpath.normpath(posixpath.join(posixpath.dirname(link.file), unquote(urlsplit(link.target).path)))
    for other in scope.region.units.values():
        if file.startswith(f"{other.folder}/records/"):
            for record in passing(other.records):
                if record.file == file:
                    yield _astray(unit, link, _SOURCE, record, other)
                    return
    yield _astray(unit, link, _SOURCE)


def _withdrawn(unit: Unit, link: Link, history: History) -> Iterator[Finding]:
    if history.withdrawn is None:
        return
    yield finding(
        "SG319",
        link.file,
        link.line,
        link.column,
        unit=unit.code,
        record=link.record,
        target=link.target,
        title=history.last.title if history.last else history.names[0][1],
        on=history.withdrawn.on.isoformat(),
        why=history.withdrawn.why,
    )


def _astray(unit: Unit, link: Link, problem: str, record: Record | None = None, of: Unit | None = None) -> Finding:
    right = (
        of.data.site.url + f"r/{record.front.id.lower()}/"
        if record is not None and of is not None and problem == _SOURCE
        else "https://…/r/…/"
    )
    where = {"unit": unit.code, "record": link.record}
    return finding("SG320", link.file, link.line, link.column, target=link.target, problem=problem, right=right, **where)


def _places(region: Region) -> dict[tuple[str, str], Unit]:
    """Units by host and path."""
    made = {}
    for unit in region.units.values():
        for url in (unit.data.site.url, *unit.data.site.formerly):
            host, path = site_place(url)
            made[host.lower(), path] = unit
    return made


def _whose(places: dict[tuple[str, str], Unit], host: str, path: str) -> tuple[Unit | None, str]:
    """Whose page a path is, and what of it lies below the unit's address."""
    steps = path.split("/") if path else []
    for n in range(len(steps), -1, -1):  # the unit that lies deepest has it
        unit = places.get((host, "/".join(steps[:n])))
        if unit is not None:
            return unit, "/".join(steps[n:]).strip("/")
    return None, ""
