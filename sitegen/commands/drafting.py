"""``sitegen new record|matter``: records that begin, asked for question by question; every answer is also an option."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from msgspec.structs import replace

from sitegen import console
from sitegen.model.base import DayKind
from sitegen.model.finding import N_
from sitegen.model.record import Attribute, Scope, Stage

from .asking import DAY, UNIT, YES, Asker, subject_of
from .base import Context, unit_of

if TYPE_CHECKING:
    from sitegen.drafting.propose import Known, Proposal
    from sitegen.drafting.records import Draft
    from sitegen.model.catalog import Item
    from sitegen.model.finding import Finding
    from sitegen.model.region import Unit

_PAIRS = ("result_of", "interprets", "feedback_on", "answers")


@click.command("record")
@UNIT
@click.option("--item", help="The item, by id or a few characters of its name.")
@click.option("--title", help="The title.")
@click.option("--id", "id_", help="Its id (default: the year and the next number).")
@click.option("--period", help="2026, 2026-Q3, 2026-09, a day, or 2026-05-06..2026-05-20; - for none.")
@click.option("--batch", help="第一批 …, where there are several in a period.")
@click.option("--subject", help="What it is about, where an item has many records in a period.")
@click.option("--stage", type=click.Choice(get_args(Stage)), help="Which of the three lists it is.")
@click.option("--issuer", help="Who publishes it: id or name of an organ of the unit.")
@click.option("--number", help="Number of the document (文号).")
@click.option("--formed", type=DAY, help="The day it was formed.")
@click.option("--published", type=DAY, help="The day it is published.")
@click.option(
    "--event",
    "happened",
    multiple=True,
    metavar="NAME=DATE",
    help="The day of what the deadline counts from: approved=2026-05-04 (repeatable).",
)
@click.option("--from", "start", type=DAY, help="The day its sheet goes up (default: the day it is published).")
@click.option("--days", type=click.IntRange(0, 3660), help="For how many days it hangs (default: the item's rule; 0 for no posting).")
@click.option("--kind", type=click.Choice(get_args(DayKind)), help="Working days or calendar days.")
@click.option("--scope", type=click.Choice(get_args(Scope)), help="Of a village's record: to whom.")
@click.option("--attribute", type=click.Choice(get_args(Attribute)), help="Of a government's record: 公开属性.")
@click.option("--reviewed-by", help="Who took the steps of review that the item asks for; - when nobody did yet.")
@click.option("--reviewed-on", type=DAY, help="When (default: the day it was formed).")
@click.option("--result-of", help="The resolution whose result it is.")
@click.option("--interprets", help="The policy that it interprets.")
@click.option("--feedback-on", help="The consultation whose result it is.")
@click.option("--answers", help="The question that it answers.")
@click.option("--summary", help="One or two sentences for lists.")
@click.option("--text", help="The text (Markdown).")
@click.option("--text-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A file with the text.")
@click.option(
    "--table", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A file with its rows, .csv or .xlsx: a copy is kept."
)
@YES
@click.pass_obj
def new_record(context: Context, /, unit: str | None, item: str | None, yes: bool, **given: Any) -> None:
    """Start a record: asks what it needs, proposes the rest by the item's rule, and writes it when it is sound."""
    from sitegen.drafting.propose import propose

    ask = Asker(context, yes=yes)
    with console.reading(context.root, context.lang):
        known, own, chosen = subject_of(context, unit, item, ask)
        proposal = propose(known, own, chosen)
        _tell(ask, known, proposal, chosen)
        draft, files = _answers(ask, known, own, chosen, proposal, given)
        _write(context, ask, known, own, draft, files)


def _tell(ask: Asker, known: Known, proposal: Proposal, item: Item) -> None:
    """What should be known before answering."""
    if proposal.derived_from is not None:
        text = ask.say(
            "The township's list «{title}» has this village's rows already: page and sheet are made from it. Write only what differs."
        )
        click.echo(text.format(title=proposal.derived_from.front.title), err=True)
    if proposal.same is not None:
        text = ask.say("There is «{title}» ({id}) of this period already: give another period, or a subject.")
        click.echo(text.format(title=proposal.same.front.title, id=proposal.same.front.id), err=True)
    click.echo(ask.say("Deadline: {written}").format(written=item.deadline.written))
    click.echo(ask.say("It must say: {elements}").format(elements="；".join(item.elements)))


def _answers(ask: Asker, known: Known, unit: Unit, item: Item, p: Proposal, given: dict[str, Any]) -> tuple[Draft, dict[str, bytes]]:
    from sitegen.drafting.propose import last_day, title_of
    from sitegen.drafting.records import Draft, first_words, place_of
    from sitegen.model.period import Period

    while True:
        period = ask.text(N_("Period (2026, 2026-Q3, 2026-09, a day; - for none)"), given["period"], p.period or "-", wanted=False)
        period = "" if period in ("-", "无") else period
        try:
            _ = Period.parse(period) if period else None
            break
        except ValueError as error:
            if given["period"] is not None or ask.quiet:
                raise click.UsageError(ask.say(str(error))) from None
            click.echo(ask.say(str(error)))
    batch = given["batch"] if given["batch"] is not None else p.batch if period == p.period else None
    subject = given["subject"]
    if p.same is not None and period == p.period and subject is None and not ask.quiet:
        subject = ask.text(N_("What is it about? (subject)"), None, wanted=False)
    title = ask.text(N_("Title"), given["title"], title_of(unit, item, period or None, batch, known.date))
    issuer = _organ(ask, unit, given["issuer"], p.issuer)
    formed = ask.day(N_("Formed on"), given["formed"], p.formed)
    events = _events(ask, item, given["happened"])
    last = last_day(item, formed, period or None, known.calendar, events)
    if last is not None:
        click.echo(ask.say("It is to be published by {day}.").format(day=last))
    published = ask.day(N_("Published on"), given["published"], max(p.published, formed))
    draft = Draft(
        id=given["id_"] or p.id,
        title=title,
        item=item.id,
        issuer=issuer,
        formed=formed,
        published=published,
        period=period or None,
        batch=batch or None,
        subject=subject or None,
        stage=given["stage"],
        number=given["number"],
        scope=given["scope"] or p.scope,
        attribute=given["attribute"] or p.attribute,
        posting=_posting(ask, known, item, p, given, published),
        reviewed=_steps(ask, item, given, formed),
        events=events,
        refers={key: given[key] for key in _PAIRS if given[key]},
        summary=given["summary"],
    )
    files: dict[str, bytes] = {}
    if given["table"] is not None:
        name = f"{draft.id}{given['table'].suffix.lower()}"
        draft = replace(draft, table=name)
        files[place_of(unit, draft.id).removesuffix(f"{draft.id}.md") + name] = given["table"].read_bytes()
    body = given["text_file"].read_text(encoding="utf-8") if given["text_file"] else given["text"]
    return replace(draft, body=body if body is not None else first_words(unit, item, draft)), files


def _events(ask: Asker, item: Item, given: Sequence[str]) -> dict[str, dt.date]:
    """The days from which the item's deadline counts, as far as they are not the day the record was formed."""
    from sitegen.drafting.propose import events_of

    known, days = events_of(item), dict[str, dt.date]()
    told = dict(text.partition("=")[::2] for text in given)
    if unknown := [name for name in told if name not in known]:
        text = ask.say("the deadline of the item does not count from «{name}», but from: {names}")
        raise click.UsageError(text.format(name=unknown[0], names="、".join(f"{n}（{w}）" for n, w in known.items()) or "formed"))
    for name, words in known.items():
        question = ask.say("«{event}»: on what day? (empty: the day it was formed)").format(event=words)
        typed = told[name] if name in told else "" if ask.quiet else ask.text(question, None, "", wanted=False)
        while typed:
            try:
                days[name] = dt.date.fromisoformat(typed)
                break
            except ValueError:
                problem = ask.say("write the day as 2026-05-06, not «{text}»").format(text=typed)
                if name in told or ask.quiet:
                    raise click.UsageError(problem) from None
                click.echo(problem)
                typed = ask.text(question, None, "", wanted=False)
    return days


def _organ(ask: Asker, unit: Unit, given: str | None, proposed: str) -> str:
    organs = {o.id: o for o in unit.data.organs}
    if given is None and not ask.quiet and len(organs) > 1:
        click.echo("\n".join(f"  {o.id:<6} {o.name}" for o in organs.values()))
    answer = ask.text(N_("Issuer"), given, proposed)
    found = next((o.id for o in organs.values() if answer in (o.id, o.name, o.short)), None)
    if found is None:
        text = ask.say("the unit has no organ «{name}»; it has: {organs}")
        click.echo(text.format(name=answer, organs="、".join(organs)), err=True)
        sys.exit(2)
    return found


def _posting(
    ask: Asker, known: Known, item: Item, p: Proposal, given: dict[str, Any], published: dt.date
) -> tuple[dt.date, int, DayKind] | None:
    days, kind = p.posting or (0, "calendar")
    kind = given["kind"] or kind
    if given["days"] is not None:
        days = given["days"]
    elif p.posting and not ask.quiet:
        words = ask.say("working days") if kind == "working" else ask.say("calendar days")
        question = ask.say("For how many {kind} it hangs").format(kind=words)
        answer = ask.text(question, None, str(days))
        while not answer.isdecimal():
            click.echo(ask.say("«{text}» is no number of days").format(text=answer))
            answer = ask.text(question, None, str(days))
        days = int(answer)
    if not days:
        return None
    start = given["start"].date() if given["start"] else published
    end = known.calendar.posting_end(start, days, kind).date
    click.echo(ask.say("It hangs from {start} to {end}.").format(start=start, end=end))
    return start, days, kind


def _steps(ask: Asker, item: Item, given: dict[str, Any], formed: dt.date) -> tuple[tuple[str, str, dt.date], ...]:
    taken = []
    for step in item.review:
        by = given["reviewed_by"]
        if by is None and not ask.quiet:
            by = ask.text(ask.say("{step}: by whom? (empty: not done yet)").format(step=step), None, wanted=False)
        if by and by != "-":
            on = given["reviewed_on"].date() if given["reviewed_on"] else formed
            taken.append((step, by, on))
    return tuple(taken)


def _write(context: Context, ask: Asker, known: Known, unit: Unit, draft: Draft, files: dict[str, bytes]) -> None:
    from sitegen.drafting.records import errors, place_of, standing, text_of, try_out

    file = place_of(unit, draft.id)
    text = text_of(draft)
    made = {file: text.encode(), **files}
    if any(r.front.id.lower() == draft.id.lower() for r in unit.records) or any((Path(known.region.root) / name).exists() for name in made):
        click.echo(context.say("{file} is there already; nothing was written").format(file=file), err=True)
        sys.exit(2)
    checked = try_out(known.region, unit.code, file, made, known.date)
    found = standing(checked, unit.code, draft.id, tuple(made))
    show_findings(context, found)
    if errors(found):
        click.echo(context.say("Nothing was written: correct the errors first."), err=True)
        sys.exit(1)
    if not ask.quiet:
        click.echo(text)
        if not ask.sure(N_("Write this file?")):
            click.echo(context.say("Nothing was written."))
            return
    write_new(context, made)
    click.echo(context.say("Written: {file}").format(file=file))
    item = known.region.catalog.items[draft.item]
    if item.table and not draft.table:
        text = context.say("Its list is filled in with Excel: sitegen template {item} --unit {unit}, then sitegen import FILE.xlsx")
        click.echo(text.format(item=item.id, unit=unit.code))
    text = context.say("Next: sitegen check --unit {unit}; sitegen print {unit} --record {id}; sitegen release {unit} --record {id}")
    click.echo(text.format(unit=unit.code, id=draft.id))


def write_new(context: Context, files: Mapping[str, bytes]) -> None:
    """Write the files, all of them or none, over nothing."""
    from sitegen.drafting.writing import Taken, create

    try:
        create(context.root.resolve(), files)
    except Taken as error:
        click.echo(context.say("{file} is there already; nothing was written").format(file=error.file), err=True)
        sys.exit(2)


def show_findings(context: Context, found: Sequence[Finding]) -> None:
    """What is to be corrected in what was tried, on standard error."""
    from sitegen.model.finding import Severity

    shown = [f for f in found if f.severity is not Severity.INFO]
    for one in shown:
        click.echo(f"  {one.code} {one.message(context.lang)}", err=True)
        click.echo(f"        {context.say('fix')}: {one.fix(context.lang)}", err=True)


@click.command("matter")
@UNIT
@click.option("--item", help="The item, by id or a few characters of its name.")
@click.option("--period", help="The period that all its records share.")
@click.option("--batch", help="第一批 …, which all its records share.")
@click.option("--subject", help="What it is about, which all its records share.")
@click.option("--stage", type=click.Choice(get_args(Stage)), help="Which of the three lists (default: the next one).")
@click.option("--village", "villages", multiple=True, help="For these villages (repeatable; default: all below the unit).")
@click.option(
    "--table", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The list with the rows of all villages, .csv or .xlsx."
)
@click.option("--reviewed-by", help="Who took the steps of review that the items ask for; - when nobody did yet.")
@YES
@click.pass_obj
def new_matter(context: Context, /, unit: str | None, item: str | None, yes: bool, **given: Any) -> None:
    """Start the records of one matter at all its levels, so that they are known as the same: a subsidy list, a relief list's next stage, accounts."""
    from sitegen.drafting.matters import matter_drafts
    from sitegen.drafting.records import errors, standing, try_out
    from sitegen.scaffold import NotPossible

    ask = Asker(context, yes=yes)
    with console.reading(context.root, context.lang):
        known, own, chosen = subject_of(context, unit, item, ask)
        villages = [unit_of(context, known.region, name).code for name in given["villages"]]
        try:
            made = matter_drafts(known, own, chosen, {**given, "villages": villages})
        except NotPossible as error:
            click.echo(context.say(error.message).format(**error.args_), err=True)
            sys.exit(2)
        files: dict[str, bytes] = {}
        bad = False
        for one in made.drafts:
            checked = try_out(known.region, one.unit, one.file, one.files, known.date)
            found = standing(checked, one.unit, one.id, tuple(one.files))
            click.echo(f"  {one.file}  {one.title}")
            show_findings(context, found)
            bad = bad or bool(errors(found))
            files |= one.files
        if bad:
            click.echo(context.say("Nothing was written: correct the errors first."), err=True)
            sys.exit(1)
        if not ask.sure(N_("Write these files?")):
            click.echo(context.say("Nothing was written."))
            return
        write_new(context, files)
    click.echo(context.say("{n} records written.").format(n=len(made.drafts)))
    if made.derived:
        text = context.say("These villages get their rows from the township's list by themselves: {villages}")
        click.echo(text.format(villages="、".join(made.derived)))
