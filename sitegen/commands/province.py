"""A province: many counties, and what they add up to."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from msgspec.structs import replace

from sitegen import console

from .base import JOBS, Context
from .building import machines_wanted, on_cluster, on_machines


@click.command()
@click.argument("counties", nargs=-1, metavar="[COUNTY]…")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the province's page goes (default: public/ there)."
)
@JOBS
@click.option("--merge-only", is_flag=True, help="Build no county: merge the summaries that are there.")
@on_machines
@click.pass_obj
def province(
    context: Context,
    counties: tuple[str, ...],
    out: Path | None,
    jobs: int,
    merge_only: bool,
    executor: str,
    scheduler: str | None,
    store: str | None,
) -> None:
    """Build the counties of province.yml (COUNTY: only these), and the page and search of the province over all of them."""
    from sitegen.build import Options
    from sitegen.province.run import County, Order, ProvinceProblem, province_of
    from sitegen.province.run import run as build

    say = context.say
    root = context.root.resolve()
    order = Order(root, (out or root / "public").resolve(), context.date, jobs, only=counties, merge_only=merge_only)
    wanted = machines_wanted(context, executor, scheduler, store, root / "public")
    with console.reading(context.root, context.lang):
        try:
            province_of(root)  # before any machine is asked
            with console.progress(say("building")) as report:

                def begin(county: County) -> None:
                    click.echo(say("county {name}").format(name=county.name), err=True)

                if wanted is None or merge_only:
                    made = build(order, report, begin)
                else:
                    made = on_cluster(context, *wanted, lambda machines: build(replace(order, machines=machines), report, begin))
        except ProvinceProblem as problem:
            click.echo(say(problem.message).format(**problem.args_), err=True)
            sys.exit(1)
    failed = False
    for county, result in made.built:
        click.echo(f"{county.name}:")
        console.build_summary(result, Options(county.folder, county.folder / "public", context.date), context.lang)
        failed = failed or result.refused or bool(result.held)
    text = say("{n} counties, {records} records: {page}")
    click.echo(text.format(n=len(made.merged), records=sum(s.standing.records for s in made.merged), page=made.page))
    if made.missing:
        click.echo(say("nothing is known yet of: {names}").format(names="、".join(made.missing)), err=True)
    sys.exit(1 if failed else 0)
