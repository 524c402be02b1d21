"""What ledgers say against what is there now: changed without a revision, vanished, unreachable, claimed twice."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sitegen import ledger as files
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.ledger import History, Name
from sitegen.model.region import Region, Unit

from .binding import bound_twice
from .releases import Release, Releases
from .scope import Scope, at

NO_SUCH = N_("which the ledger of that unit does not know")
SAME = N_("which is the record itself")


def check_codes(scope: Scope) -> Iterator[Finding]:
    """Codes that two ledgers claim, and paper that leads to a host which serves nothing."""
    yield from bound_twice(scope.region)
    yield from _hosts(scope.region)


def check_releases(scope: Scope) -> Iterator[Finding]:
    """Every unit's records against its ledger."""
    if not any(u.ledger for u in scope.region.units.values()) and not any(r.front.formerly for r in scope.records.values()):
        return
    releases = Releases(scope)
    yield from releases.binding.findings
    for unit in scope.region.units.values():
        yield from _formerly(scope, releases, unit)
        if not unit.ledger:
            continue
        for release in releases.of_unit(unit):
            yield from _one(unit, release)
        for history in releases.binding.gone.get(unit.code, ()):
            yield from _gone(scope, unit, history)
        yield from _objects(scope, unit)


def _one(unit: Unit, release: Release) -> Iterator[Finding]:
    record, history = release.record, release.history
    last = history.last if history else None
    if release.derived is not None:
        return  # its revision is counted by the ledger: there is nothing that a person could forget
    if release.state == "new":
        yield at("SG932", record, "id")
    elif release.state == "changed" and last:
        yield at("SG925", record, "revision", rev=last.rev, on=last.on.isoformat(), next=last.rev + 1)
    elif release.state == "behind" and last:
        yield at("SG926", record, "revision", rev=release.rev, last=last.rev, on=last.on.isoformat())


def _gone(scope: Scope, unit: Unit, history: History) -> Iterator[Finding]:
    last = history.last
    if history.withdrawn is not None or history.moved is not None or last is None:
        return
    if scope.unread.get(unit.code) or not scope.region.complete:
        return  # it may be what could not be read
    if _source_there(scope, history):
        return  # a list whose rows no longer name the village: the list's own revision says so
    yield finding(
        "SG927", f"{unit.folder}/{files.FILE}", history.line, 1, unit=unit.code, code=history.code, title=last.title, on=last.on.isoformat()
    )


def _source_there(scope: Scope, history: History) -> bool:
    return any("/" in name and name in scope.records for _, name in history.names)


def _formerly(scope: Scope, releases: Releases, unit: Unit) -> Iterator[Finding]:
    for record in unit.records:
        for ref in record.front.formerly:
            full = record.full(ref)
            code, _, id = full.partition("/")
            if full == record.ref:
                yield at("SG931", record, "formerly", ref=ref, problem=SAME)
            elif scope.region.units.keys() & {code} and not _known(releases, (code, id)):
                yield at("SG931", record, "formerly", ref=ref, problem=NO_SUCH)


def _known(releases: Releases, name: Name) -> bool:
    """Whether a name may have been a record's: a unit without a ledger cannot tell what it once had."""
    unit = releases.region.units[name[0]]
    return not unit.ledger or any(name in h.names for h in releases.binding.histories.values())


def _hosts(region: Region) -> Iterator[Finding]:
    """Hosts that stand on paper and neither serve a site nor are kept as retired ones."""
    known = {h.host.lower() for h in region.data.hosts}
    for unit in region.units.values():
        known |= {urlsplit(url).netloc.lower() for url in (unit.data.site.url, unit.data.site.codes_url) if url}
    for unit in region.units.values():
        if not unit.ledger:
            continue
        found: dict[str, int] = {}
        for history in unit.ledger.histories.values():
            for base in history.bases:
                host = urlsplit(base).netloc.lower()
                if host and host not in known:
                    found.setdefault(host, history.line)
        for host, line in sorted(found.items()):
            yield finding("SG928", f"{unit.folder}/{files.FILE}", line, 1, unit=unit.code, host=host)


def _objects(scope: Scope, unit: Unit) -> Iterator[Finding]:
    """Released contents that should still be kept; whether they are what was kept is proved by «sitegen verify»."""
    folder = scope.region.root / unit.folder / files.OBJECTS
    there = {p.name.removesuffix(".json.gz") for p in folder.glob("*.json.gz")} if folder.is_dir() else set()
    for history in unit.ledger.histories.values():
        for revision in history.revisions.values():
            if revision.object and revision.object not in there:
                file = f"{unit.folder}/{files.FILE}"
                problem = N_("it is not there")
                yield finding("SG929", file, history.line, 1, unit=unit.code, code=history.code, rev=revision.rev, problem=problem)
