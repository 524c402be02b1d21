"""Which findings to show: of some rules, of some units, of what was published lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from msgspec import Struct

from sitegen.load.validate import nearest
from sitegen.model.base import Level
from sitegen.model.finding import Finding
from sitegen.model.region import Region, Unit
from sitegen.model.rules import RULES

from .acceptance import Accepted
from .parts import Found
from .run import Checked

_DIGITS = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


class BadChoice(Exception):
    """The choice names what there is not. ``message`` is a template, filled by ``args_``; ``findings`` may be the reason."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = (), /, **args_: str) -> None:
        super().__init__(message)
        self.message, self.findings, self.args_ = message, findings, args_


class Choice(Struct, frozen=True):
    """What somebody wants to see; what is left empty does not narrow."""

    codes: tuple[str, ...] = ()
    """Codes of rules, or how they begin: SG502, SG5."""
    units: tuple[str, ...] = ()
    """Units by code, name or alias; each with the units below it."""
    since: dt.date | None = None
    """Records published or revised on this day or later."""


class Shown(Struct, frozen=True):
    """What is left of a check's result."""

    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    hidden: int
    """Findings that stand and are not shown."""


def codes_in(texts: tuple[str, ...]) -> tuple[str, ...]:
    """``SG4,sg502`` → codes or their beginnings. Raises :class:`BadChoice` for one that no rule has."""
    found = [part.strip().upper() for text in texts for part in text.replace("，", ",").split(",") if part.strip()]
    for code in found:
        if not any(known.startswith(code) for known in RULES):
            families = ", ".join(sorted({known[:3] for known in RULES}))
            raise BadChoice("no rule begins with «{code}»; the families are {families}", code=code, families=families)
    if texts and not found:
        raise BadChoice("--only names no rule; write codes or how they begin, such as SG4,SG502")
    return tuple(found)


def day_in(text: str, today: dt.date) -> dt.date:
    """``2026-05-01``, or a number of days back from ``today``. Raises :class:`BadChoice`."""
    if text.isdecimal() and len(text) <= 5:
        return today - dt.timedelta(days=min(int(text), today.toordinal() - 1))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadChoice("«{text}» is neither a date such as 2026-05-01 nor a number of days such as 30", text=text) from None


def select(checked: Checked | Found, choice: Choice) -> Shown:
    """The findings that ``choice`` asks for. Raises :class:`BadChoice` when a unit is not known."""
    tests: list[Callable[[Finding], bool]] = []
    if choice.codes:
        tests.append(lambda f: f.code.startswith(choice.codes))
    if choice.units:
        tests.append(_of_units(checked.region, choice.units))
    if choice.since is not None:
        tests.append(_since(checked.region, choice.since))
    findings = tuple(f for f in checked.findings if all(test(f) for test in tests))
    accepted = tuple(a for a in checked.accepted if all(test(a.finding) for test in tests))
    return Shown(findings, accepted, len(checked.findings) - len(findings))


def _of_units(region: Region, names: tuple[str, ...]) -> Callable[[Finding], bool]:
    chosen = [unit for name in names for unit in _named(region, name)]
    prefixes = tuple({unit.code[: _DIGITS[unit.level]] for unit in chosen})
    # A unit.yml that cannot be read has no code: what lies in the folders of the chosen units is theirs.
    folders = tuple(f"{unit.folder}/" for unit in chosen)
    folders += tuple(f"villages/{unit.folder.rsplit('/', 1)[-1]}/" for unit in chosen if unit.level is Level.TOWNSHIP)
    everything = any(unit.level is Level.COUNTY for unit in chosen)

    def test(f: Finding) -> bool:
        return f.unit.startswith(prefixes) if f.unit else everything or f.file.startswith(folders)

    return test


def _named(region: Region, name: str) -> list[Unit]:
    found = region.named(name)
    if not found:
        unread = tuple(f for f in region.findings if f.unit is None and f.file.endswith("/unit.yml"))
        known = [word for unit in region.units.values() for word in (unit.data.name, unit.code, *unit.data.aliases)]
        if near := nearest(name, known):
            raise BadChoice("there is no unit «{name}»; did you mean {near}?", unread, name=name, near=near)
        raise BadChoice("there is no unit «{name}»; write a name or a 12-digit code", unread, name=name)
    return found


def _since(region: Region, day: dt.date) -> Callable[[Finding], bool]:
    records = {record.ref: record for unit in region.units.values() for record in unit.records}

    def test(f: Finding) -> bool:
        record = records.get(f"{f.unit}/{f.record}")
        if record is None or (f.file.endswith(".md") and f.file != record.file):
            # What could not be loaded has no date: it may be new.
            return "/records/" in f.file or (f.unit is None and f.file.endswith("/unit.yml"))
        front = record.front
        return front.published >= day or (front.revision.on is not None and front.revision.on >= day)

    return test
