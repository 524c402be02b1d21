"""What the commands print: progress on a terminal, plain lines otherwise, and a summary that a clerk understands."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.load.region import NoRegion
from sitegen.model.finding import Finding, Lang, Severity, translator
from sitegen.model.region import Region
from sitegen.render import FORMATS, as_text, by_unit, summary

if TYPE_CHECKING:
    from sitegen.build import Options, Result
    from sitegen.check import BadChoice, Shown
    from sitegen.linker import AddressTaken
    from sitegen.printing import Printed

Report = Callable[[str, int, int], None]
_SHOWN = 20


@contextmanager
def reading(root: Path, lang: Lang, form: str = "text") -> Iterator[None]:
    """Turns input that cannot be read into findings and exit code 2."""
    from sitegen.linker import AddressTaken

    say = translator(lang)
    try:
        yield
    except NoRegion as error:
        click.echo(FORMATS[form](error.findings, root, lang), err=form == "text")
        sys.exit(2)
    except AddressTaken as error:
        click.echo(address_taken(error, say), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(not_accessible(error, say), err=True)
        sys.exit(2)


def address_taken(error: AddressTaken, say: Callable[[str], str]) -> str:
    """Two sources for one address."""
    text = say("SG308 {url} would be written from two sources: {first} and {second}. The site was not changed.")
    return text.format(url=error.url, first=error.first, second=error.second)


def not_accessible(error: OSError, say: Callable[[str], str]) -> str:
    """A file that could not be written or read."""
    return say("{file}: cannot be written or read: {problem}").format(file=error.filename or "?", problem=error.strerror or error)


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """A progress bar on a terminal, a line per unit otherwise."""
    if not sys.stderr.isatty():

        def plain(name: str, done: int, total: int) -> None:
            click.echo(f"{title} {done}/{total} {name}", err=True)

        yield plain
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[unit]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, unit="")

        def live(name: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, unit=name)

        yield live


def findings(region: Region, shown: Shown, form: str, lang: Lang) -> None:
    """What a check found: for people by unit and with a summary, for programs as they read it."""
    if form != "text":
        if text := FORMATS[form](shown.findings, region.root, lang):
            click.echo(text)
        return
    if shown.findings:
        click.echo(by_unit(shown.findings, region, lang, colour=_colour()) + "\n")
    click.echo(summary(shown.findings, len(shown.accepted), shown.hidden, lang))


def bad_choice(error: BadChoice, root: Path, lang: Lang) -> None:
    """What was asked for is not there, and the unit.yml that could not be read and may be it."""
    click.echo(translator(lang)(error.message).format(**error.args_), err=True)
    if error.findings:
        click.echo(as_text(error.findings, root, lang), err=True)


def explain_rule(code: str, lang: Lang, today: dt.date) -> int:
    """Print what a rule is for; 2 where there is no such rule."""
    from sitegen import explain

    rule = explain.find(code)
    if rule is None:
        say = translator(lang)
        click.echo(say("there is no rule {code}; there are:").format(code=code), err=True)
        for near in explain.near(code):
            click.echo(f"  {explain.headline(near, lang)}", err=True)
        return 2
    click.echo(explain.explain(rule, lang, today))
    return 0


def _colour() -> bool:
    """Colours are for terminals, and only where nobody refuses them (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def width() -> int:
    """Columns of the terminal, or as many as a wide one has where the output goes to a file."""
    return shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120


def build_summary(result: Result, options: Options, lang: Lang) -> None:
    """What was built, what was held back and why, where to look."""
    say = translator(lang)
    if result.refused:
        errors = [f for f in result.findings if f.severity is Severity.ERROR]
        click.echo(as_text(errors, options.root, lang), err=True)
        click.echo(say("{errors} errors: nothing was built, the site is as it was.").format(errors=len(errors)), err=True)
        return
    text = say("{built} units built, {unchanged} unchanged, {pruned} removed; {pages} pages on {hosts} hosts in {seconds} s")
    numbers = {"built": len(result.built), "unchanged": result.unchanged, "pruned": len(result.pruned), "pages": result.pages}
    click.echo(text.format(**numbers, hosts=len(result.hosts), seconds=f"{result.seconds:.1f}"))
    for host in result.hosts:
        click.echo(f"  {options.out / host}")
    held(result.held, options.root, lang)
    warnings = sum(1 for f in result.findings if f.severity is Severity.WARNING)
    if warnings:
        click.echo(say("{warnings} warnings; «sitegen check» lists them.").format(warnings=warnings))


def build_reasons(result: Result, lang: Lang) -> None:
    """Every page that was built, with what of it changed; a unit that was built whole takes one line."""
    from sitegen.site.kept import ALL, DAMAGED, NEW

    say = translator(lang)
    told = {
        NEW: say("new"),
        DAMAGED: say("its copy is missing or damaged"),
        ALL: say("the program, the theme or the catalogue changed"),
    }
    for code, pages in (*result.why.items(), *result.of_hosts.items()):
        whole = all(reasons == (ALL,) for reasons in pages.values())
        click.echo(say("{unit}: {n} pages and files were built").format(unit=code, n=len(pages)) + (f" ({told[ALL]})" if whole else ""))
        for path, reasons in () if whole else pages.items():
            click.echo(f"  {path}: {', '.join(told.get(r, r) for r in reasons)}")


def build_compared(differing: Sequence[str], lang: Lang) -> None:
    """Whether a cold build gave the same bytes, and which files differ."""
    say = translator(lang)
    if not differing:
        click.echo(say("verified: a cold build gives the same bytes"))
        return
    click.echo(say("{n} files differ from a cold build; «sitegen build --force» makes them right:").format(n=len(differing)), err=True)
    for name in differing:
        click.echo(f"  {name}", err=True)


def print_summary(result: Printed, root: Path, lang: Lang) -> None:
    """How many sheets lie where, which were set smaller or run over several pages, and what is wrong with them."""
    say = translator(lang)
    for name in result.unknown:
        click.echo(say("there is no unit or record «{name}»").format(name=name), err=True)
    text = say("{sheets} sheets on {pages} pages of paper for {units} units in {seconds} s; {fresh} set anew")
    numbers = {"sheets": result.sheets, "pages": result.pages, "fresh": sum(m.fresh for m in result.made)}
    click.echo(text.format(**numbers, units=len(result.folders), seconds=f"{result.seconds:.1f}"))
    for folder in result.folders:
        click.echo(f"  {folder}")
    if result.noted:
        click.echo(say("{noted} sheets were noted in the ledgers as printed for good").format(noted=result.noted))
    _some(list(result.unreleased), say("not printed for good, since they were not released as they are («sitegen release»):"), say)
    _some(
        [say("{title}: {pages} pages").format(title=m.title, pages=m.pages) for m in result.made if m.pages > 1],
        say("sheets that run over several pages:"),
        say,
    )
    _some(
        [say("{title}: type at {percent} %").format(title=m.title, percent=round(100 * m.scale)) for m in result.made if m.scale < 0.995],
        say("sheets set smaller than usual so that they fit:"),
        say,
    )
    if result.findings:
        click.echo(as_text(list(result.findings), root, lang), err=True)
    held(result.held, root, lang)


def _some(lines: list[str], title: str, say: Callable[[str], str]) -> None:
    """The first of some lines below their title."""
    if not lines:
        return
    click.echo(f"{title} {len(lines)}")
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > _SHOWN:
        click.echo(say("  … and {n} more").format(n=len(lines) - _SHOWN))


def held(held: tuple[tuple[str, tuple[Finding, ...]], ...], root: Path, lang: Lang) -> None:
    if not held:
        return
    say = translator(lang)
    click.echo(
        say("{n} records are held back until their errors are corrected; what was published of them stays:").format(n=len(held)), err=True
    )
    shown: set[Finding] = set()
    for name, found in held[:_SHOWN]:
        click.echo(f"  {name}", err=True)
        fresh = [f for f in found if f not in shown]
        shown.update(fresh)
        if fresh:
            click.echo("\n".join(f"    {line}" for line in as_text(fresh[:3], root, lang).splitlines()), err=True)
    if len(held) > _SHOWN:
        click.echo(say("… and {n} more; «sitegen check» lists them all.").format(n=len(held) - _SHOWN), err=True)
