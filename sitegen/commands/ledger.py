"""The ledger: releasing, withdrawing, joining branches, looking at it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import console
from sitegen.render import as_text

from .base import JOBS, Context, region_of, unit_of

if TYPE_CHECKING:
    from sitegen.release import Prepared, Refused


@click.command()
@click.argument("units", nargs=-1)
@click.option("--record", "records", multiple=True, help="Only this record, by id or code (repeatable).")
@click.option("--why", help="Why released content changed, for all that ask for a reason; or why a record is withdrawn.")
@click.option("--by", help="Who releases; stands in the ledger.")
@click.option("--withdraw", metavar="ID", help="Withdraw this record, by id or code; --why must say why.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option("--dry-run", is_flag=True, help="Only say what would be noted.")
@JOBS
@click.pass_obj
def release(
    context: Context,
    units: tuple[str, ...],
    records: tuple[str, ...],
    why: str | None,
    by: str | None,
    withdraw: str | None,
    yes: bool,
    dry_run: bool,
    jobs: int,
) -> None:
    """Note in the ledger what is public from now on, in which revision, and why it changed. UNIT is a code or a name."""
    from sitegen import release as run

    say = context.say
    root = context.root.resolve()
    with console.reading(context.root, context.lang), writing(context):
        prepared = run.prepare(root, context.date, run.Choice(units, records), jobs)
        _unknown(context, prepared)
        if withdraw is not None:
            _withdraw(context, prepared, withdraw, why, by)
            return
        if asking := [p for found in prepared.proposals.values() for p in found if p.action == "ask"]:
            for proposal in asking:
                reason = why or _ask(context, proposal.title, proposal.rev, dry_run)
                if reason and not dry_run:
                    run.give_reason(root, proposal, reason, context.date)
            if not dry_run:
                prepared = run.prepare(root, context.date, run.Choice(units, records), jobs)
        _show(context, prepared)
        todo = sum(p.action != "ask" for found in prepared.proposals.values() for p in found) + sum(map(len, prepared.over.values()))
        if dry_run or not todo:
            if not todo:
                click.echo(say("There is nothing to release."))
            sys.exit(
                1 if prepared.refused or prepared.gone or any(p.action == "ask" for f in prepared.proposals.values() for p in f) else 0
            )
        if not yes:
            if not sys.stdin.isatty():
                click.echo(say("Nothing was written: confirm with --yes."), err=True)
                sys.exit(2)
            if not click.confirm(say("Note this in the ledger?")):
                sys.exit(1)
        noted = run.write(prepared, context.date, by)
    text = say("{released} released, {revised} revised in {units} units; {expired} lists are kept in numbers only from now on")
    click.echo(text.format(released=noted.released, revised=noted.revised, units=len(noted.units), expired=noted.expired))
    waiting = any(p.action == "ask" for found in prepared.proposals.values() for p in found)
    sys.exit(1 if prepared.refused or prepared.gone or waiting else 0)


@contextmanager
def writing(context: Context) -> Iterator[None]:
    """Turns what keeps a ledger from being written into words and exit code 1."""
    from sitegen.ledger import Busy, Damaged, Moved

    try:
        yield
    except Busy as error:
        click.echo(context.say("{file} is being written by another run; try again when that has ended").format(file=error.path), err=True)
        sys.exit(1)
    except Moved as error:
        click.echo(
            context.say("{file} was continued by another run meanwhile; nothing was added to it. Run this again.").format(file=error.path),
            err=True,
        )
        sys.exit(1)
    except Damaged as error:
        lines = "、".join(str(p.line) for p in error.problems[:10])
        text = context.say("{file} is damaged (line {lines}); nothing was added to it. «sitegen check» says how to mend it.")
        click.echo(text.format(file=error.path, lines=lines), err=True)
        sys.exit(1)


def _unknown(context: Context, prepared: Prepared) -> None:
    for name in prepared.unknown:
        click.echo(context.say("there is no unit or record «{name}»").format(name=name), err=True)
    if prepared.unknown:
        sys.exit(2)


def _ask(context: Context, title: str, rev: int, dry_run: bool) -> str:
    if dry_run or not sys.stdin.isatty():
        return ""
    text = context.say("«{title}» has changed since it was released; this makes revision {rev}. What changed, and why? (empty: not now)")
    return str(click.prompt(text.format(title=title, rev=rev), default="", show_default=False)).strip()


def _withdraw(context: Context, prepared: Prepared, name: str, why: str | None, by: str | None) -> None:
    from sitegen import release as run

    if not why:
        click.echo(context.say("say with --why why it is withdrawn: residents who scan the paper read it"), err=True)
        sys.exit(2)
    history = run.withdraw(prepared, name, why, context.date, by)
    if history is None:
        click.echo(context.say("nothing was released under «{name}»").format(name=name), err=True)
        sys.exit(2)
    title = history.last.title if history.last else name
    if history.withdrawn is not None:
        click.echo(context.say("«{title}» was withdrawn already on {on}").format(title=title, on=history.withdrawn.on))
        return
    click.echo(
        context.say("«{title}» ({code}) is withdrawn; its code says so from the next build on").format(title=title, code=history.code)
    )


def _show(context: Context, prepared: Prepared) -> None:
    """What is proposed, what cannot be, and what is missing."""
    say = context.say
    for unit in prepared.units:
        found = prepared.proposals.get(unit.code, ())
        over = prepared.over.get(unit.code, ())
        if found or over:
            click.echo(f"{unit.data.name} {unit.code}")
        for p in found:
            if p.action == "ask":
                text = say("  {code}-{rev}  {title}: changed, a reason is needed (--why)")
            elif p.action == "release":
                text = say("  {code}-{rev}  {title}: new")
            else:
                text = say("  {code}-{rev}  {title}: revised ({why})")
            click.echo(text.format(code=p.release.code, rev=p.rev, title=p.title, why=p.why))
        for history in over:
            text = say("  {code}  {title}: the time for keeping its rows is over")
            click.echo(text.format(code=history.code, title=history.last.title if history.last else ""))
    for refused in prepared.refused:
        _refused(context, refused)
    for unit, history in prepared.gone:
        assert history.last is not None
        text = say(
            "{unit}: «{title}» ({code}) was released on {on} and is not here any more; restore it or withdraw it (--withdraw {code} --why …)"
        )
        args = {"unit": unit.data.name, "title": history.last.title, "code": history.code, "on": history.last.on}
        click.echo(text.format(**args), err=True)


def _refused(context: Context, refused: Refused) -> None:
    say = context.say
    title = refused.release.record.front.title
    if refused.steps:
        text = say("not released: «{title}» lacks {steps}; record it under reviewed: in {file}")
        click.echo(text.format(title=title, steps="、".join(refused.steps), file=refused.release.record.file), err=True)
    elif refused.behind:
        text = say("not released: «{title}» says a lower revision than {rev}, which was released")
        click.echo(text.format(title=title, rev=refused.behind), err=True)
    else:
        click.echo(say("not released: «{title}» has errors").format(title=title), err=True)
        click.echo("\n".join(f"  {line}" for line in as_text(refused.findings[:3], context.root, context.lang).splitlines()), err=True)


@click.group()
def ledger() -> None:
    """The ledger itself: joining branches, looking at it."""


@ledger.command("merge")
@click.argument("unit")
@click.argument("other", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def merge(context: Context, unit: str, other: Path | None) -> None:
    """Join two branches of UNIT's ledger: those that version control left in its file, or those of OTHER, another ledger.jsonl."""
    from sitegen import ledger as files

    with console.reading(context.root, context.lang), writing(context):
        one = unit_of(context, region_of(context), unit)
        added, heads = files.merge(context.root.resolve() / one.folder, other, context.date)
    if len(heads) > 1:
        text = context.say("{added} lines were added; {heads} branches are joined")
    else:
        text = context.say("{added} lines were added; there was one branch only")
    click.echo(text.format(added=added, heads=len(heads)))


@ledger.command("show")
@click.argument("unit")
@click.option("--code", help="Only this code.")
@click.pass_obj
def show(context: Context, unit: str, code: str | None) -> None:
    """What UNIT's ledger says, code by code: revisions, prints, withdrawals."""
    say = context.say
    with console.reading(context.root, context.lang):
        one = unit_of(context, region_of(context), unit)
    found = [h for h in one.ledger.histories.values() if code is None or h.code == code.upper()]
    for history in found:
        click.echo(f"{history.code}  {history.last.title if history.last else ''}")
        for revision in history.revisions.values():
            text = say("  revision {rev} released on {on}: {why}") if revision.why else say("  revision {rev} released on {on}")
            click.echo(text.format(rev=revision.rev, on=revision.on, why=revision.why))
        for printed in history.printed:
            text = say("  revision {rev} printed on {on}, {paper}, {pages} pages")
            click.echo(text.format(rev=printed.rev, on=printed.on, paper=printed.paper, pages=printed.pages))
        if history.withdrawn is not None:
            click.echo(say("  withdrawn on {on}: {why}").format(on=history.withdrawn.on, why=history.withdrawn.why))
    if not found:
        click.echo(say("Nothing was released."))
