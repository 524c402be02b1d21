"""Sites: built, and looked at."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec.structs import replace

from sitegen import console

from .base import JOBS, Context

if TYPE_CHECKING:
    from sitegen.machines import Machines


F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def on_machines(command: F) -> F:
    """Options that say who reads and renders units."""
    for option in (
        click.option(
            "--store", metavar="URL", help="With dask: a place that all machines see, file:///… or s3://… (default: beside the sites)."
        ),
        click.option("--scheduler", envvar="DASK_SCHEDULER_ADDRESS", metavar="ADDRESS", help="With dask: tcp://HOST:8786 of the cluster."),
        click.option(
            "--executor", type=click.Choice(["local", "dask"]), default="local", help="Who reads and renders units (default: local)."
        ),
    ):
        command = option(command)
    return command


def machines_wanted(context: Context, executor: str, scheduler: str | None, store: str | None, out: Path) -> tuple[str, str, bool] | None:
    """Address of the scheduler, URL of the store, whether workers write to this machine's disk; ``None`` for this machine."""
    from sitegen.model.stored import STORE

    if executor == "local":
        return None
    if not scheduler:
        raise click.UsageError(context.say("«--executor dask» needs «--scheduler», such as tcp://10.0.0.5:8786"))
    return scheduler, store or (out / STORE / "shared").as_uri(), store is None


def on_cluster(context: Context, scheduler: str, store: str, same_disk: bool, run: Callable[[Machines], T]) -> T:
    """Run something with the workers of a cluster; what goes wrong between machines is said, and ends the command with 1."""
    from sitegen.cluster.problems import ClusterProblem, NotInstalled

    try:
        try:
            from sitegen.cluster.driver import Cluster
        except ImportError as error:
            raise NotInstalled from error
        with Cluster(scheduler, store, same_disk=same_disk) as machines:
            return run(machines)
    except ClusterProblem as problem:
        click.echo(context.say(problem.message).format(**problem.args_), err=True)
        click.echo(context.say("what was not finished was not switched: those sites are as they were"), err=True)
        sys.exit(1)


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites go (default: public/ in the region).")
@JOBS
@click.option("--strict", is_flag=True, help="Build nothing while there is any error.")
@click.option("--force", is_flag=True, help="Read and render everything anew, changed or not.")
@click.option("--why", is_flag=True, help="Say of every page that was built again what of it changed.")
@click.option("--verify", is_flag=True, help="Then build everything cold in a temporary place and compare all bytes.")
@on_machines
@click.pass_obj
def build(
    context: Context,
    out: Path | None,
    jobs: int,
    strict: bool,
    force: bool,
    why: bool,
    verify: bool,
    executor: str,
    scheduler: str | None,
    store: str | None,
) -> None:
    """Build the sites of all units into public/<host>/<path>/; unchanged units are skipped."""
    from sitegen.build import Options
    from sitegen.build import build as run

    with console.reading(context.root, context.lang):
        busy = context.say("another build of these sites is at work; this one begins when it is done")
        options = Options(
            context.root.resolve(),
            (out or context.root / "public").resolve(),
            context.date,
            jobs,
            strict,
            force,
            why,
            waits=lambda: click.echo(busy, err=True),
        )
        _clock(context, options.out)
        machines = machines_wanted(context, executor, scheduler, store, options.out)
        with console.progress(context.say("building")) as report:
            if machines is None:
                result = run(options, report)
            else:
                result = on_cluster(context, *machines, lambda them: run(replace(options, machines=them), report))
    console.build_summary(result, options, context.lang)
    if why:
        console.build_reasons(result, context.lang)
    differing: tuple[str, ...] = ()
    if verify and not result.refused:
        from sitegen.rebuild import differences

        with console.progress(context.say("building")) as report:
            differing = differences(options, report)
        console.build_compared(differing, context.lang)
    sys.exit(1 if result.refused or result.held or differing else 0)


def _clock(context: Context, out: Path) -> None:
    """A clock that was set back would take down what is posted."""
    from sitegen.last import read_state
    from sitegen.model.stored import STORE

    built = str(read_state(out / STORE).get("date", ""))
    if context.date.isoformat() < built and context.date == dt.date.today():
        text = context.say("the last build was for {day}, which is later than today ({today}): is the clock of this computer right?")
        click.echo(text.format(day=built, today=context.date), err=True)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port on 127.0.0.1 (0: any free one).")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites go (default: public/ in the region).")
@JOBS
@click.pass_obj
def serve(context: Context, port: int, out: Path | None, jobs: int) -> None:
    """Build, show all hosts on 127.0.0.1, and build again when a file changes."""
    from sitegen.serve.pages import taken
    from sitegen.serve.run import first_build
    from sitegen.serve.run import serve as run

    root, place = context.root.resolve(), (out or context.root / "public").resolve()
    if port and taken(port):
        text = context.say("port {port} is taken, perhaps by another «sitegen serve»: end that one, or choose another with --port")
        click.echo(text.format(port=port), err=True)
        sys.exit(1)
    with console.reading(context.root, context.lang):
        with console.progress(context.say("building")) as report:
            first = first_build(root, place, context.date, jobs, report)
        run(root, place, port, context.lang, first, context.days())
