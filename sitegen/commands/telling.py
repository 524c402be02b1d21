"""What is posted, told beyond paper: over the loudspeaker, in chat groups, on screens, at a touch screen."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import click

from sitegen import console
from sitegen.channels import Order, Told, UnknownName, gather
from sitegen.channels.notices import is_posted, told_since
from sitegen.model.record_views import RecordView

from .base import Context

UNITS = click.argument("units", nargs=-1, metavar="[UNIT]…")
RECORDS = click.option("--record", "records", multiple=True, metavar="ID", help="Only this record, posted or not (repeatable).")


@click.command()
@UNITS
@RECORDS
@click.option(
    "--days", type=click.IntRange(1, 3660), help="What was posted, published or corrected in the last days (default: what is posted)."
)
@click.option("--text", "whole", is_flag=True, help="Read texts in full instead of their summary.")
@click.option("--pace", type=click.IntRange(60, 400), default=180, show_default=True, help="Characters read out in a minute.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Write a file per unit into this folder.")
@click.pass_obj
def broadcast(
    context: Context, units: tuple[str, ...], records: tuple[str, ...], days: int | None, whole: bool, pace: int, out: Path | None
) -> None:
    """Write the script for the village loudspeaker: figures and dates in words, the main point twice. UNIT is a code or a name."""
    from sitegen.channels.broadcast import script

    found = _gather(context, units, records, _since(context.date, days) if days else is_posted)
    scripts = [(one, script(one.view, one.notices, context.date, pace, whole=whole)) for one in found]
    if out is None:
        click.echo("\n".join(text for _, text in scripts), nl=False)
        return
    _write(context, [(out / f"{one.folder}.txt", text) for one, text in scripts])


@click.command()
@UNITS
@RECORDS
@click.option("--all", "everything", is_flag=True, help="All that is newly posted since --since, not only the latest.")
@click.option("--since", metavar="DATE|DAYS", help="With --all: from which day on, or in how many days (default: 7).")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Write a file per message into this folder.")
@click.pass_obj
def message(
    context: Context, units: tuple[str, ...], records: tuple[str, ...], everything: bool, since: str | None, out: Path | None
) -> None:
    """Write texts for chat groups: title, two lines, short link. Without --record and --all the latest of each unit."""
    from sitegen.channels.message import message as text_of
    from sitegen.check import BadChoice, day_in
    from sitegen.sheet.room import file_name

    try:
        first = day_in(since or "7", context.date)
    except BadChoice as error:
        console.bad_choice(error, context.root, context.lang)
        sys.exit(2)
    start = first if everything or since else dt.date.min

    def wanted(record: RecordView) -> bool:
        return start <= told_since(record) <= context.date

    found = _gather(context, units, records, wanted)
    texts = []
    for one in found:
        latest = sorted(one.notices, key=lambda n: told_since(n.record), reverse=True)
        chosen = latest if records or everything or since else latest[:1]
        texts += [(Path(one.folder) / f"{Path(file_name(n.record.id)).stem}.txt", text_of(n)) for n in chosen]
    if out is None:
        click.echo("\n\n".join(text for _, text in texts))
        return
    _write(context, [(out / place, f"{text}\n") for place, text in texts])


def _since(day: dt.date, days: int) -> Callable[[RecordView], bool]:
    first = day - dt.timedelta(days - 1)
    return lambda record: first <= told_since(record) <= day


def _gather(context: Context, units: tuple[str, ...], records: tuple[str, ...], wanted: Callable[[RecordView], bool]) -> list[Told]:
    """The units that have something to tell; says which have not, and what is held back. Leaves with 2 for a name that nobody has."""
    say = context.say
    with console.reading(context.root, context.lang):
        try:
            found = gather(Order(context.root, context.date, units, records), wanted)
        except UnknownName as error:
            if error.record:
                text = say("there is no record «{name}» in these units, or it is not open to all").format(name=error.name)
            elif error.several:
                text = say("«{name}» names several units: {codes}; give the code").format(name=error.name, codes="、".join(error.several))
            else:
                text = say("there is no unit «{name}»").format(name=error.name)
            click.echo(text, err=True)
            sys.exit(2)
    for one in found:
        if one.held and (units or one.notices):
            text = say("{unit}: {n} records are left out until their errors are corrected («sitegen check» says which)")
            click.echo(text.format(unit=one.view.unit.name, n=len(one.held)), err=True)
        if units and not one.notices:
            click.echo(say("{unit}: there is nothing to tell on {day}").format(unit=one.view.unit.name, day=context.date), err=True)
    telling = [one for one in found if one.notices]
    if not telling:
        if not units:
            click.echo(say("there is nothing to tell on {day}").format(day=context.date), err=True)
        sys.exit(0)
    return telling


def _write(context: Context, files: list[tuple[Path, str]]) -> None:
    with console.reading(context.root, context.lang):
        for place, text in files:
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary = place.with_name(f".{place.name}")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(place)
            click.echo(f"  {place}")


@click.command()
@UNITS
@RECORDS
@click.option("--rows", type=click.IntRange(3, 12), default=8, show_default=True, help="Rows of a table on one slide, at most.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where they go (default: slides-out/ in the region).")
@click.pass_obj
def slides(context: Context, units: tuple[str, ...], records: tuple[str, ...], rows: int, out: Path | None) -> None:
    """Make pictures of 1920 x 1080 for LED and TV screens: an index, then of all that is posted title, totals, text and table."""
    from sitegen.channels.slides import write_slides

    found = _gather(context, units, records, is_posted)
    place = (out or context.root / "slides-out").resolve()
    made = []
    with console.reading(context.root, context.lang), console.progress(context.say("making slides")) as report:
        for n, one in enumerate(found):
            made += write_slides(one.view, one.notices, place / one.folder, context.date, rows)
            report(one.view.unit.name, n + 1, len(found))
    click.echo(context.say("{n} slides for {units} units").format(n=len(made), units=len(found)))
    for folder in dict.fromkeys(file.parent for file in made):
        click.echo(f"  {folder}")


@click.command()
@UNITS
@click.option("--seconds", type=click.IntRange(3, 600), default=15, show_default=True, help="How long each thing stays on the screen.")
@click.option("--idle", type=click.IntRange(1, 3600), default=60, show_default=True, help="Seconds without a touch until it begins again.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where they go (default: kiosk-out/ in the region).")
@click.pass_obj
def kiosk(context: Context, units: tuple[str, ...], seconds: int, idle: int, out: Path | None) -> None:
    """Make folders for a touch screen that work from a USB stick: what is posted turns by itself, a touch stops it."""
    from sitegen.channels.kiosk import Timing, belongs, write_kiosk

    found = _gather(context, units, (), lambda record: belongs(record, context.date))
    place = (out or context.root / "kiosk-out").resolve()
    folders = []
    with console.reading(context.root, context.lang), console.progress(context.say("making kiosks")) as report:
        for n, one in enumerate(found):
            write_kiosk(one.view, one.notices, place / one.folder, context.date, Timing(seconds, idle))
            folders.append(place / one.folder)
            report(one.view.unit.name, n + 1, len(found))
    click.echo(context.say("{n} kiosks; open index.html, no network is needed").format(n=len(folders)))
    for folder in folders:
        click.echo(f"  {folder}")
