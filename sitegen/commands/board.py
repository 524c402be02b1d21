"""Notice boards: planned, listed, signed for, and looked at in photos."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import console
from sitegen.model.finding import N_
from sitegen.render import as_text

from .base import JOBS, Context

if TYPE_CHECKING:
    from sitegen.boards.gather import Found
    from sitegen.boards.look import Round
    from sitegen.model.region import Region
    from sitegen.printing import Planned

UNITS = click.argument("units", nargs=-1, metavar="[UNIT]…")
BOARD = click.option("--board", "board_id", metavar="ID", help="Only this board, by its id in unit.yml.")
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
WEEK = click.option("--week", is_flag=True, help="The seven days from the day on.")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def board() -> None:
    """Notice boards: what hangs where, what to put up and take down, and what a photo shows."""


@board.command("plan")
@UNITS
@BOARD
@WEEK
@FORMAT
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Draw it into this file: .pdf, .html or .json.")
@click.pass_obj
def board_plan(context: Context, units: tuple[str, ...], board_id: str | None, week: bool, form: str, out: Path | None) -> None:
    """Lay sheets into slots by topic, posting period and urgency; say what has no place and why. UNIT is a code or a name."""
    from sitegen.boards import page, paper, tell
    from sitegen.boards.lists import tasks
    from sitegen.boards.words import summary

    kind = _kind_of(context, out, ("pdf", "html", "json"))
    last = context.date + dt.timedelta(6)
    with _found(context, units, board_id) as (planned, found):
        walls = [(f, f.boards.today) for f in found]
        days = {f.view.unit.code: tasks(f.view, context.date, last, board_id) for f in found} if week else {}
        if kind == "pdf":
            pages = [p for f, w in walls for p in paper.plan_pages(f.view, w, f.boards.boards, context.date, summary(w))]
            pages += [paper.list_page(f.view, days[f.view.unit.code], context.date, last) for f, _ in walls if week]
            _write(context, out, paper.pdf(pages, context.date, planned.region))
        elif kind == "html":
            parts = [page.plan_part(f.view, f.boards, w, context.date, summary(w), days.get(f.view.unit.code)) for f, w in walls]
            _write(
                context, out, page.html(parts, parts[0].title if len(parts) == 1 else f"{planned.region.data.name}公示栏布置图").encode()
            )
        elif kind == "json" or form == "json":
            values = [tell.plan_value(f.view, f.boards.boards, w) for f, w in walls]
            for value in values if week else ():
                value["days"] = tell.list_value(found[0].view, days[value["unit"]])["days"]
            text = tell.as_json({"date": context.date.isoformat(), "units": values})
            _write(context, out, f"{text}\n".encode()) if out else click.echo(text)
        else:
            texts = [tell.plan_text(f.view, f.boards.boards, w, context.say) for f, w in walls]
            texts += [tell.list_text(f.view, days[f.view.unit.code], context.say) for f, _ in walls if week]
            click.echo("\n\n".join(texts))
    homeless = [w.sheet for _, wall in walls for w in wall.waiting if w.sheet.legal]
    if homeless:
        text = context.say("{n} postings run and have no place: make room for them, or add slots")
        click.echo(text.format(n=len(homeless)), err=True)
    sys.exit(1 if homeless else 0)


@board.command("list")
@UNITS
@BOARD
@WEEK
@click.option("--from", "first", type=_DAY, help="First day (default: the day to work for).")
@click.option("--to", "last", type=_DAY, help="Last day (default: the first).")
@FORMAT
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file, to be printed: .pdf, .html or .json."
)
@click.pass_obj
def board_list(
    context: Context,
    units: tuple[str, ...],
    board_id: str | None,
    week: bool,
    first: dt.datetime | None,
    last: dt.datetime | None,
    form: str,
    out: Path | None,
) -> None:
    """What to put up, take down, print again and move, on a day or in a week. UNIT is a code or a name."""
    from sitegen.boards import page, paper, tell
    from sitegen.boards.lists import tasks

    kind = _kind_of(context, out, ("pdf", "html", "json"))
    begin, end = _span(context, first, last, week=week)
    with _found(context, units, board_id) as (planned, found):
        made = [(f, tasks(f.view, begin, end, board_id)) for f in found]
        if len(made) > 1 and not units:
            made = [(f, days) for f, days in made if days]
        if kind == "pdf":
            pages = [paper.list_page(f.view, days, begin, end) for f, days in made] or [paper.list_page(found[0].view, [], begin, end)]
            _write(context, out, paper.pdf(pages, context.date, planned.region))
        elif kind == "html":
            parts = [page.list_part(f.view, days, begin, end) for f, days in made]
            _write(context, out, page.html(parts, parts[0].title if len(parts) == 1 else f"{planned.region.data.name}公示栏清单").encode())
        elif kind == "json" or form == "json":
            value = {"from": begin.isoformat(), "to": end.isoformat(), "units": [tell.list_value(f.view, days) for f, days in made]}
            _write(context, out, f"{tell.as_json(value)}\n".encode()) if out else click.echo(tell.as_json(value))
        else:
            click.echo(
                "\n\n".join(tell.list_text(f.view, days, context.say) for f, days in made)
                or context.say("nothing to put up, take down or replace")
            )
            if any(not f.view.papers for f in found):
                click.echo(
                    context.say("Units that printed nothing for good («sitegen print --final») are told by their plan alone."), err=True
                )


@board.command("sign")
@UNITS
@BOARD
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The PDF (default: checklist.pdf in the unit's folder of print-out/).",
)
@click.pass_obj
def board_sign(context: Context, units: tuple[str, ...], board_id: str | None, out: Path | None) -> None:
    """A checklist on one page, to tick at the board, sign and file. UNIT is a code or a name."""
    from sitegen.boards import paper
    from sitegen.boards.lists import tasks

    _kind_of(context, out, ("pdf",))
    with _found(context, units, board_id) as (planned, found):
        pages = {
            f.folder: paper.sign_page(
                f.view, f.boards.today, f.boards.boards, tasks(f.view, context.date, context.date, board_id), context.date
            )
            for f in found
        }
        if out is not None:
            _write(context, out, paper.pdf(list(pages.values()), context.date, planned.region))
            return
        for folder, made in pages.items():
            _write(context, context.root / "print-out" / folder / "checklist.pdf", paper.pdf([made], context.date, planned.region))


@board.command("check")
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="PHOTO|FOLDER…")
@click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="UNIT",
    help="Say also what ought to hang on this unit's boards and was not seen (repeatable).",
)
@BOARD
@click.option("--whole", is_flag=True, help="The photos show whole boards: the same for every unit of which a code was seen.")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with the photos and every code framed.")
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write a list for Excel or WPS.")
@click.option("--keep", is_flag=True, help="File the photos with the records, small and without what the telephone wrote into them.")
@FORMAT
@JOBS
@click.pass_obj
def board_check(
    context: Context,
    photos: tuple[Path, ...],
    units: tuple[str, ...],
    board_id: str | None,
    whole: bool,
    page: Path | None,
    table: Path | None,
    keep: bool,
    form: str,
    jobs: int,
) -> None:
    """Read every code in photos of boards and say which paper is current, which is not, and what is missing."""
    from sitegen.boards import look, round_page, round_tell
    from sitegen.boards.gather import NoBoard, chosen
    from sitegen.printing import planned
    from sitegen.private import NoPlace, keep_out

    for file in (page, table):
        try:
            if file is not None:
                keep_out(file.resolve().parent, context.root.resolve())
        except NoPlace as error:
            raise click.UsageError(
                context.say("{folder} is public; photos of boards must not lie there").format(folder=error.folder)
            ) from error
    if board_id is not None and len(units) != 1:
        raise click.UsageError(context.say("--board goes with one --unit"))
    with console.reading(context.root, context.lang):
        try:
            named = look.photos_in(photos)
            found = planned(context.root.resolve(), context.date)
            codes = chosen(found.region, units)
            if board_id is not None and board_id not in {b.id for b in found.plan.views[codes[0]].boards if b.slots}:
                raise NoBoard(N_("there is no board «{board}» with slots"), board=board_id)
        except look.NoPhotos as error:
            click.echo(context.say("there is no photo in {folder}").format(folder=error.path), err=True)
            sys.exit(2)
        except NoBoard as error:
            click.echo(context.say(error.message).format(**error.args_), err=True)
            sys.exit(2)
        shown = 0 if page is None else look.SHOWN if len(named) <= look.FEW else look.SHOWN_OF_MANY
        with console.progress(context.say("Reading photos")) as report:
            raw = look.read_all([path for _, path in named], jobs, shown, report if len(named) > 1 else None)
        read = [(name, path, one) for (name, path), one in zip(named, raw, strict=True)]
        made = look.judged(found, context.date, read, codes, board_id, whole=whole)
        click.echo(round_tell.as_json(round_tell.value(made)) if form == "json" else round_tell.text(made, context.say))
        if page is not None:
            _write(context, page, round_page.html(made), quiet=form == "json")
        if table is not None:
            _write(context, table, round_tell.as_csv(made), quiet=form == "json")
        if keep:
            _keep(context, found.region, made, codes, board_id, quiet=form == "json")
    if all(p.raw.problem for p in made.photos):
        sys.exit(2)
    sys.exit(0 if made.fine else 1)


def _keep(context: Context, region: Region, made: Round, units: tuple[str, ...], board_id: str | None, *, quiet: bool) -> None:
    """File the photos and say where."""
    from sitegen.boards.keep import NotKept, keep

    try:
        kept = keep(region, made, units, board_id)
    except NotKept as error:
        click.echo(
            context.say("{file} has errors, or ends in a way that nothing can be added to: nothing was filed there").format(
                file=error.file
            ),
            err=True,
        )
        if error.findings:
            click.echo(as_text(error.findings, context.root.resolve(), context.lang), err=True)
        sys.exit(2)
    for one in kept:
        if one.file is None:
            text = context.say("{photo}: not filed, no sheet of a unit can be read in it").format(photo=one.photo)
        elif one.again:
            text = context.say("{photo}: filed before as {file}").format(photo=one.photo, file=one.file)
        else:
            text = context.say("{photo}: filed as {file}").format(photo=one.photo, file=one.file)
            if not one.dated:
                text += context.say("; it does not say when it was taken, so that {day} was written: correct it in photos.yml").format(
                    day=made.date.isoformat()
                )
        click.echo(text, err=quiet)


@contextmanager
def _found(context: Context, units: tuple[str, ...], board_id: str | None) -> Iterator[tuple[Planned, list[Found]]]:
    """The boards of the chosen units; says what is not there and ends with 2."""
    from sitegen.boards.gather import NoBoard, gather

    with console.reading(context.root, context.lang):
        try:
            found = gather(context.root.resolve(), context.date, units, board_id)
        except NoBoard as error:
            click.echo(context.say(error.message).format(**error.args_), err=True)
            sys.exit(2)
        yield found


def _kind_of(context: Context, out: Path | None, allowed: tuple[str, ...]) -> str:
    """What sort of file is asked for, by its name; "" for none."""
    if out is None:
        return ""
    kind = out.suffix.lower().lstrip(".")
    if kind not in allowed:
        raise click.BadParameter(
            context.say("the file must end in {endings}").format(endings=", ".join(f".{k}" for k in allowed)), param_hint="-o"
        )
    return kind


def _span(context: Context, first: dt.datetime | None, last: dt.datetime | None, *, week: bool) -> tuple[dt.date, dt.date]:
    if week and last is not None:
        raise click.UsageError(context.say("give either --week or --to"))
    begin = first.date() if first else context.date
    end = last.date() if last else begin + dt.timedelta(6 if week else 0)
    if end < begin:
        raise click.UsageError(context.say("--to lies before --from"))
    if (end - begin).days > 366:
        raise click.UsageError(context.say("at most a year at a time"))
    return begin, end


def _write(context: Context, out: Path | None, data: bytes, *, quiet: bool = False) -> None:
    """The whole file or the old one."""
    assert out is not None
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(out)
    if not quiet:
        click.echo(f"  {out}")
