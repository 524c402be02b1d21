"""A unit's ledger → its folded state, with what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

from sitegen import ledger as files
from sitegen.model.finding import Finding, finding
from sitegen.model.ledger import EMPTY, Ledger, fold

from .cache import BundleCache, program_digest
from .files import digest, relative

_CODES = {
    "torn": "SG921",
    "broken": "SG922",
    "changed": "SG922",
    "unknown": "SG922",
    "orphan": "SG922",
    "conflict": "SG923",
    "large": "SG922",
}
_WORTH_KEEPING = 100_000
"""Bytes from which reading a ledger again costs more than looking it up."""


def ledger_key(folder: Path) -> str:
    """Changes whenever the ledger's file does; "" where there is none."""
    try:
        info = (folder / files.FILE).stat()
    except OSError:
        return ""
    return f"{info.st_size} {info.st_mtime_ns} {info.st_ctime_ns}"


def load_ledger(root: Path, folder: Path, unit: str, kept: BundleCache | None) -> tuple[Ledger, tuple[Finding, ...]]:
    """The ledger of the unit in ``folder``; the empty one where there is none."""
    stamp = ledger_key(folder)
    if not stamp:
        return EMPTY, ()
    name = relative(folder / files.FILE, root)
    key = digest(program_digest(), stamp)
    worth = kept is not None and int(stamp.partition(" ")[0]) > _WORTH_KEEPING
    if worth and kept is not None and (found := kept.value(name, key)):
        ledger, findings = found
        return ledger, findings
    ledger, findings = _read(folder / files.FILE, name, unit)
    if worth and kept is not None:
        kept.keep(name, key, (ledger, findings))
    return ledger, findings


def _read(path: Path, name: str, unit: str) -> tuple[Ledger, tuple[Finding, ...]]:
    opened = files.read(path)
    found = [finding(_CODES[p.kind], name, p.line, 1, unit=unit) for p in opened.problems]
    ledger = fold(opened.lines)
    if len(ledger.heads) > 1 and not any(p.kind in ("conflict", "orphan", "broken", "changed") for p in opened.problems):
        found.append(finding("SG923", name, max(line.number for line in opened.lines), 1, unit=unit))
    found += [
        finding("SG924", name, clash.lines[1], 1, unit=unit, code=clash.code, rev=clash.rev, other=clash.lines[0])
        for clash in ledger.clashes
    ]
    return ledger, tuple(dict.fromkeys(found))
