"""Findings → what people and programs read: text with the line and a caret, by unit or not, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

import sitegen
from sitegen.model.finding import Finding, Lang, Severity, translator
from sitegen.model.personal import redact
from sitegen.model.region import Region
from sitegen.model.rules import RULES

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

_PERSONAL = ("SG8", "SG117")
"""Findings of this family, and of passwords, are about what must not be repeated: their line is not shown."""


def as_text(findings: Iterable[Finding], root: Path, lang: Lang, *, colour: bool = False) -> str:
    """``file:line:col: CODE message``, the line, a caret under the place, and the remedy."""
    lines: dict[str, list[str]] = {}
    out: list[str] = []
    label = translator(lang)("fix")
    found = list(findings)
    private = {(f.file, f.line) for f in found if f.code.startswith(_PERSONAL)}
    for f in found:
        place = ":".join(str(part) for part in (f.file, f.line, f.column) if part is not None)
        code = click.style(f.code, fg=_COLOURS[f.severity], bold=True) if colour else f.code
        out.append(f"{place}: {code} {f.message(lang)}")
        source = _line(f, root, lines) if (f.file, f.line) not in private else ""
        if source := redact(source):
            out.append(f"    {source}")
            if f.column is not None and f.column <= len(source) + 1:
                out.append(f"    {' ' * _width(source[: f.column - 1])}^")
        out.append(f"    {label}: {f.fix(lang)}")
    return "\n".join(out)


def by_unit(findings: Iterable[Finding], region: Region, lang: Lang, *, colour: bool = False) -> str:
    """The text under a heading for every unit, errors before warnings; what concerns no single unit first."""
    say = translator(lang)
    ordered = sorted(findings, key=lambda f: (f.unit or "", f.severity.rank, f.sort_key))
    out: list[str] = []
    for code, of_unit in groupby(ordered, key=lambda f: f.unit):
        found = list(of_unit)
        unit = region.units.get(code or "")
        name = f"{unit.data.name} {code}" if unit else code or say("{name}: the whole region").format(name=region.data.name)
        heading = f"== {name} · {counted(found, lang)}"
        out += ["", click.style(heading, bold=True) if colour else heading]
        groups = [(severity, list(group)) for severity, group in groupby(found, key=lambda f: f.severity)]
        for severity, group in groups:
            if len(groups) > 1:
                label = f"-- {counted(group, lang)}"
                out.append(click.style(label, fg=_COLOURS[severity]) if colour else label)
            out.append(as_text(group, region.root, lang, colour=colour))
    return "\n".join(out[1:])


def counted(findings: Sequence[Finding], lang: Lang, *always: Severity) -> str:
    """How many there are of each severity, such as «2 errors, 1 warning»; of those in ``always`` even when there are none."""
    say = translator(lang)
    parts = []
    for severity in Severity:
        n = sum(1 for f in findings if f.severity is severity)
        if n or severity in always:
            parts.append(_number(n, severity, lang))
    return say(", ").join(parts)


def summary(findings: Sequence[Finding], accepted: int, hidden: int, lang: Lang) -> str:
    """The last line: counts, how many units are concerned, what was accepted in writing, and what is not shown."""
    say = translator(lang)
    text = counted(findings, lang, Severity.ERROR, Severity.WARNING)
    if units := len({f.unit for f in findings if f.unit}):
        text = (say("{counts} in {n} unit") if units == 1 else say("{counts} in {n} units")).format(counts=text, n=units)
    if accepted:
        text = say("{counts}; {n} accepted in writing").format(counts=text, n=accepted)
    if hidden:
        text += "\n" + say("Not shown here: {n} more (--only, --unit, --since)").format(n=hidden)
    return text


def _number(n: int, severity: Severity, lang: Lang) -> str:
    say = translator(lang)
    match severity:
        case Severity.ERROR:
            text = say("{n} error") if n == 1 else say("{n} errors")
        case Severity.WARNING:
            text = say("{n} warning") if n == 1 else say("{n} warnings")
        case Severity.INFO:
            text = say("{n} note") if n == 1 else say("{n} notes")
    return text.format(n=n)


def as_json(findings: Iterable[Finding], root: Path, lang: Lang) -> str:
    """A list of objects, one per finding."""
    return json.dumps([_object(f, lang) for f in findings], ensure_ascii=False, indent=1)


def as_github(findings: Iterable[Finding], root: Path, lang: Lang) -> str:
    """Workflow commands that become annotations in a pull request."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    out = []
    for f in findings:
        where = f"file={_property(f.file)}" + (f",line={f.line}" if f.line else "") + (f",col={f.column}" if f.column else "")
        text = f"{f.message(lang)} ({translator(lang)('fix')}: {f.fix(lang)})".replace("%", "%25").replace("\n", "%0A")
        out.append(f"::{kinds[f.severity]} {where},title={f.code}::{text}")
    return "\n".join(out)


def as_sarif(findings: Iterable[Finding], root: Path, lang: Lang) -> str:
    """SARIF 2.1.0, as code-scanning tools read it."""
    found = list(findings)
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    codes = sorted({f.code for f in found})
    say = translator(lang)
    rules = [{"id": c, "shortDescription": {"text": say(RULES[c].message)}, "help": {"text": say(RULES[c].fix)}} for c in codes]
    results = []
    for f in found:
        region: dict[str, Any] = {"startLine": f.line or 1}
        if f.column:
            region["startColumn"] = f.column
        location = {"physicalLocation": {"artifactLocation": {"uri": f.file}, "region": region}}
        text = f"{f.message(lang)} {say('fix')}: {f.fix(lang)}"
        results.append({"ruleId": f.code, "level": levels[f.severity], "message": {"text": text}, "locations": [location]})
    driver = {"name": "sitegen", "version": sitegen.__version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


FORMATS: dict[str, Callable[[Iterable[Finding], Path, Lang], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""Renderers by the name of their format."""


def _object(f: Finding, lang: Lang) -> dict[str, Any]:
    return {
        "code": f.code,
        "severity": f.severity.value,
        "file": f.file,
        "line": f.line,
        "column": f.column,
        "message": f.message(lang),
        "fix": f.fix(lang),
        "unit": f.unit,
        "record": f.record,
    }


def _property(text: str) -> str:
    return text.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def _line(f: Finding, root: Path, cache: dict[str, list[str]]) -> str:
    """The line of the finding, except of tables: their rows may hold what must not be repeated."""
    if f.line is None or not f.file.endswith((".md", ".yml")):
        return ""
    if f.file not in cache:
        try:
            cache[f.file] = (root / f.file).read_text(encoding="utf-8-sig", errors="replace").splitlines()
        except OSError:
            cache[f.file] = []
    lines = cache[f.file]
    return lines[f.line - 1].rstrip()[:160] if 0 < f.line <= len(lines) else ""


def _width(text: str) -> int:
    """Columns that a terminal uses: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
