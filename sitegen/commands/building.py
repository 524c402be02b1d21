"""Sites: built, and looked at."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen import console

from .base import JOBS, Context


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites go (default: public/ in the region).")
@JOBS
@click.option("--strict", is_flag=True, help="Build nothing while there is any error.")
@click.option("--force", is_flag=True, help="Render every unit, changed or not.")
@click.option("--why", is_flag=True, help="Say of every page that was built again what of it changed.")
@click.option("--verify", is_flag=True, help="Then build everything cold in a temporary place and compare all bytes.")
@click.pass_obj
def build(context: Context, out: Path | None, jobs: int, strict: bool, force: bool, why: bool, verify: bool) -> None:
    """Build the sites of all units into public/<host>/<path>/; unchanged units are skipped."""
    from sitegen.build import Options
    from sitegen.build import build as run

    with console.reading(context.root, context.lang):
        options = Options(context.root.resolve(), (out or context.root / "public").resolve(), context.date, jobs, strict, force)
        with console.progress(context.say("building")) as report:
            result = run(options, report)
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


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port on 127.0.0.1 (0: any free one).")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites go (default: public/ in the region).")
@click.pass_obj
def serve(context: Context, port: int, out: Path | None) -> None:
    """Build, show all hosts on 127.0.0.1, and build again when a file changes."""
    from sitegen.serve import serve as run

    with console.reading(context.root, context.lang):
        run(context.root.resolve(), (out or context.root / "public").resolve(), port, context.lang, context.days())
