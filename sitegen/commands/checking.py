"""What is wrong, what is due, and the report of both."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen import console
from sitegen.model.finding import Severity

from .base import JOBS, Context


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", help="How findings are written.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info"]), default="error", help="Exit 1 from this severity on.")
@click.option("--only", multiple=True, metavar="CODES", help="Only these rules, by code or its beginning: SG4,SG502.")
@click.option("--unit", "units", multiple=True, metavar="UNIT", help="Only this unit, by code or name, with those below it (repeatable).")
@click.option("--since", metavar="DATE|DAYS", help="Only records published or revised since this day, or in so many days.")
@click.option("--explain", "code", metavar="CODE", help="Say what a rule is for, with examples, and check nothing.")
@JOBS
@click.pass_obj
def check(
    context: Context,
    form: str,
    fail_on: str,
    only: tuple[str, ...],
    units: tuple[str, ...],
    since: str | None,
    code: str | None,
    jobs: int,
) -> None:
    """Check everything and say what is wrong, where, and how to put it right."""
    if code is not None:
        sys.exit(console.explain_rule(code, context.lang, context.date))
    from sitegen.check import BadChoice, Choice, check_by_parts, codes_in, day_in, select

    try:
        choice = Choice(codes_in(only), units, day_in(since, context.date) if since is not None else None)
        with console.reading(context.root, context.lang, form):
            checked = check_by_parts(context.root, context.date, jobs=jobs)
        shown = select(checked, choice)
    except BadChoice as error:
        console.bad_choice(error, context.root, context.lang)
        sys.exit(2)
    console.findings(checked.region, shown, form, context.lang)
    sys.exit(1 if any(f.severity.rank <= Severity(fail_on).rank for f in shown.findings) else 0)


@click.command()
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where it goes (default: report/<date>.html in the region)."
)
@click.option("--unit", help="Only this unit, by code or name, with those below it.")
@JOBS
@click.pass_obj
def report(context: Context, out: Path | None, unit: str | None, jobs: int) -> None:
    """Write the private report for inspection: coverage, timeliness, consistency, scores, what was accepted and what is not open to all."""
    from sitegen.private import NoPlace
    from sitegen.report import UnknownUnit
    from sitegen.report import report as run

    with console.reading(context.root, context.lang):
        try:
            made = run(context.root.resolve(), context.date, out.resolve() if out else None, unit, jobs)
        except NoPlace as error:
            click.echo(
                context.say("{folder} is open to the public and this is not: choose another place").format(folder=error.folder), err=True
            )
            sys.exit(2)
        except UnknownUnit:
            click.echo(context.say("there is no unit «{name}»").format(name=unit), err=True)
            sys.exit(2)
    click.echo(context.say("The report is in {file}. It names what is not open to all: do not publish it.").format(file=made))


@click.command()
@click.option("--unit", help="Only this unit: its code or its name.")
@click.option("--days", type=click.IntRange(0, 3660), default=30, show_default=True, help="How many days ahead to look.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write a calendar file as well.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the list is written.")
@click.pass_obj
def due(context: Context, unit: str | None, days: int, ics: Path | None, form: str) -> None:
    """List what must be published, posted, taken down, reviewed and answered, by when and by whom."""
    from sitegen import due as duties

    with console.reading(context.root, context.lang):
        try:
            region, found = duties.due(context.root, context.date, days, unit)
        except duties.UnknownUnit:
            click.echo(context.say("there is no unit «{name}»").format(name=unit), err=True)
            sys.exit(2)
        if ics is not None:
            ics.write_bytes(duties.as_calendar(found, region, context.date, context.lang))
    if found or form == "json":
        click.echo(duties.FORMATS[form](found, region, context.date, context.lang))
    else:
        click.echo(context.say("nothing is due within {days} days").format(days=days))
