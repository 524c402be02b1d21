"""Forms out, workbooks in: ``template`` and ``import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import console
from sitegen.model.finding import N_
from sitegen.render import as_text

from .base import Context, region_of, unit_of

if TYPE_CHECKING:
    from sitegen.model.catalog import Item
    from sitegen.model.region import Region, Unit
    from sitegen.workbook.intake import Compared, Intake, Question

_SHOWN = 10
_HIDDEN = {
    "masked": N_("{title}: {count} masked"),
    "dropped": N_("{title}: left out ({count} cells)"),
    "key": N_("{title}: {count} became row keys; the numbers themselves are not kept"),
    "removed": N_("{title}: {count} numbers of persons taken out of the text"),
}


@click.command("template")
@click.argument("item")
@click.option("--unit", help="For this unit, by code or name (default: the only one that publishes the item).")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file, or - for standard output (default: <unit>-<item>.xlsx here)."
)
@click.pass_obj
def template_(context: Context, item: str, unit: str | None, output: Path | None) -> None:
    """Write a form for ITEM, by its id or name: an XLSX that a clerk fills in with Excel or WPS and «sitegen import» reads."""
    from sitegen.workbook.template import write_template

    say = context.say
    with console.reading(context.root, context.lang):
        region = region_of(context)
        wanted = _item(context, region, item)
        one = _for_unit(context, region, wanted, unit)
        data = write_template(region, wanted, one)
        target = output or Path(f"{one.data.name}-{wanted.id}-{wanted.name.replace('/', '、')}.xlsx")
        if str(target) == "-":
            sys.stdout.buffer.write(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    click.echo(say("{file}: the form for «{item}» of {unit}").format(file=target, item=wanted.name, unit=one.data.name))


def _item(context: Context, region: Region, name: str) -> Item:
    items = region.catalog.items
    found: list[Item] = [i for i in items.values() if name.upper() == i.id or name.upper() in i.formerly] or [
        i for i in items.values() if name == i.name
    ]
    if len(found) == 1:
        return found[0]
    near = found or [i for i in items.values() if name in i.name or any(name in k for k in i.keywords)]
    click.echo(context.say("there is no item «{name}»").format(name=name), err=True)
    for i in near[:_SHOWN]:
        click.echo(f"  {i.id} {i.name}", err=True)
    sys.exit(2)


def _for_unit(context: Context, region: Region, item: Item, name: str | None) -> Unit:
    say = context.say
    if name is not None:
        unit = unit_of(context, region, name)
        if unit.level not in item.levels:
            text = say("«{item}» is not published at this level ({level}), but at: {levels}")
            levels = "、".join(level.zh for level in item.levels)
            click.echo(text.format(item=item.name, level=unit.level.zh, levels=levels), err=True)
            sys.exit(2)
        return unit
    units = [u for u in region.units.values() if u.level in item.levels]
    if len(units) == 1:
        return units[0]
    click.echo(say("for which unit? Give it with --unit:"), err=True)
    for u in units[:_SHOWN]:
        click.echo(f"  {u.code} {u.data.name}", err=True)
    sys.exit(2)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--unit", help="Of this unit, by code or name (default: as the form says).")
@click.option("--item", help="For this item of the catalogue, by its id (default: as the form says).")
@click.option("--answer", "given", multiple=True, metavar="KEY=VALUE", help="Answer a question beforehand, by its key (repeatable).")
@click.option("--why", help="What is corrected, and why, where a released record is corrected.")
@click.option("--yes", is_flag=True, help="Do not ask: write when everything is sure, refuse otherwise.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to say it.")
@click.pass_obj
def import_(
    context: Context,
    file: Path,
    unit: str | None,
    item: str | None,
    given: tuple[str, ...],
    why: str | None,
    yes: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Make a record and its table of FILE: .xlsx, .xlsm, .xls, .ods or .csv. Shows what it would become before anything is written."""
    from sitegen.load.textfile import Unreadable, read_bytes
    from sitegen.workbook.books import FILE_LIMIT
    from sitegen.workbook.importing import read_workbook
    from sitegen.workbook.intake import ChangedMeanwhile

    say = context.say
    answers: dict[str, str] = {"why": why} if why else {}
    for one in given:
        key, sep, value = one.partition("=")
        if not sep:
            raise click.BadParameter(say("write it as KEY=VALUE"), param_hint="--answer")
        answers[key] = value
    try:
        data = read_bytes(file, FILE_LIMIT)
    except Unreadable as error:
        click.echo(say("{file}: cannot be written or read: {problem}").format(file=file, problem=say(error.problem)), err=True)
        sys.exit(2)
    with console.reading(context.root, context.lang):
        region = region_of(context)
        asking = not yes and not dry_run and form == "text" and sys.stdin.isatty()
        while True:
            intake = read_workbook(region, data, file.name, unit=unit, item=item, answers=answers, date=context.date)
            if not (asking and intake.questions):
                break
            question = intake.questions[0]
            answers[question.id] = _ask(context, question)
            if question.id == "unit":
                unit = answers.pop("unit")
            elif question.id == "item":
                item = answers.pop("item")
        if form == "json":
            _as_json(context, intake)
        else:
            _show(context, intake)
        if intake.preview.unchanged:
            sys.exit(0 if not intake.errors else 1)
        if not intake.ready:
            click.echo(say("Nothing was written."), err=True)
            sys.exit(1)
        if dry_run:
            click.echo(say("Nothing was written (--dry-run)."), err=True)
            return
        if not yes:
            if not asking:
                click.echo(say("Nothing was written: confirm with --yes."), err=True)
                sys.exit(2)
            if not click.confirm(say("Write this?")):
                sys.exit(1)
        try:
            written = intake.write(context.root.resolve())
        except ChangedMeanwhile as error:
            text = say("{file} was changed by somebody else meanwhile; nothing was written. Run this again.")
            click.echo(text.format(file=error.file), err=True)
            sys.exit(1)
    for path in written:
        click.echo(f"  {path.relative_to(context.root.resolve())}", err=form == "json")
    if form == "text":
        click.echo(say("Written. Next: sitegen check; sitegen release {unit}").format(unit=intake.preview.unit_name))


def _ask(context: Context, question: Question) -> str:
    """Ask on the terminal; a choice is named by its number or in full."""
    say = context.say
    where = f"（{question.where}）" if question.where else ""
    click.echo(f"{question.said(say)}{where}")
    for n, choice in enumerate(question.choices, 1):
        click.echo(f"  {n}. {choice}")
    while True:
        proposal = question.proposal if not question.choices else None
        answer = str(click.prompt(say("your answer"), default=proposal or None)).strip()
        if not question.choices:
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(question.choices):
            return question.choices[int(answer) - 1]
        if answer in question.choices or question.id in ("item", "unit"):
            return answer
        click.echo(say("type a number from 1 to {n}").format(n=len(question.choices)))


def _show(context: Context, intake: Intake) -> None:
    """The preview, what is unsure, what is wrong."""
    say, p = context.say, intake.preview
    if p.unit_name:
        click.echo(f"{p.unit_name} {p.unit} · {p.item} {p.item_name}")
    if p.title:
        click.echo(p.title)
    if p.id:
        text = say("record {id}, revision {rev}: replaces {path}") if p.existing else say("new record {id}: {path}")
        click.echo(text.format(id=p.id, rev=p.revision, path=p.path))
    if p.unchanged:
        click.echo(say("The record says all this already; there is nothing to write."))
    if p.rows:
        click.echo(say("{n} rows from «{sheet}»").format(n=len(p.rows), sheet=p.sheet))
        click.echo("  " + " | ".join(p.head))
        for row in p.rows[:3]:
            click.echo("  " + " | ".join(row))
        if len(p.rows) > 3:
            click.echo(say("  … and {n} more").format(n=len(p.rows) - 3))
    if p.totals:
        click.echo(say("totals: {totals}").format(totals="；".join(f"{t.title} {t.text} {t.unit}".strip() for t in p.totals)))
    for text in p.converted:
        click.echo(say("converted: {text}").format(text=text))
    for h in p.hidden:
        click.echo("  " + say(_HIDDEN[h.what]).format(title=h.title, count=h.count))
    _compared(context, p.last, say("compared with «{title}»:"))
    _compared(context, p.township, say("compared with the list of {title}:"))
    if intake.findings:
        click.echo(as_text(intake.findings, context.root, context.lang))
    if intake.questions:
        click.echo(say("To be answered first (on a terminal, or with --answer KEY=VALUE):"))
        for q in intake.questions:
            where = f"（{q.where}）" if q.where else ""
            click.echo(f"  {q.id}: {q.said(say)}{where}")
            if q.choices:
                click.echo("    " + " / ".join(q.choices[:_SHOWN]))
            elif q.proposal:
                click.echo("    " + say("for instance: {proposal}").format(proposal=q.proposal))


def _compared(context: Context, other: Compared | None, title: str) -> None:
    say = context.say
    if other is None:
        return
    click.echo(title.format(title=other.title))
    for column, there, here in other.totals:
        same = "" if there != here else say(" (as before)")
        click.echo(f"  {column} {there} → {here}{same}")
    for c in other.changes[:_SHOWN]:
        words = {"only_here": say("is new"), "only_there": say("no longer there")}.get(c.kind, f"{c.there or '—'} → {c.here or '—'}")
        click.echo("  " + " ".join(t for t in (c.row, c.column, words) if t))
    if len(other.changes) > _SHOWN:
        click.echo(say("  … and {n} more").format(n=len(other.changes) - _SHOWN))


def _as_json(context: Context, intake: Intake) -> None:
    import json

    from msgspec import to_builtins

    say = context.say
    made = {
        "ready": intake.ready,
        "questions": [
            {"id": q.id, "text": q.said(say), "choices": q.choices, "where": q.where, "proposal": q.proposal} for q in intake.questions
        ],
        "findings": [
            {"code": f.code, "severity": f.severity.value, "where": f.file, "message": f.message(context.lang), "fix": f.fix(context.lang)}
            for f in intake.findings
        ],
        "preview": to_builtins(intake.preview),
        "files": sorted(intake.files),
    }
    click.echo(json.dumps(made, ensure_ascii=False, indent=2))
