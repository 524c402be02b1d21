"""Whether what was built holds together."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .base import Context


@click.command()
@click.option(
    "--public",
    type=click.Path(path_type=Path, file_okay=False),
    help="The built sites, a folder per host (default: public/ in the region).",
)
@click.pass_obj
def links(context: Context, public: Path | None) -> None:
    """Say which links and anchors of the built sites lead nowhere, over all hosts together."""
    from sitegen.linkcheck import broken_links

    folder = public or context.root / "public"
    if not folder.is_dir():
        click.echo(context.say("{folder} holds no site; build first").format(folder=folder), err=True)
        sys.exit(2)
    found = broken_links(folder)
    for one in found:
        click.echo(f"{one.file}: {one.link} → {one.missing}")
    n = len(found)
    click.echo(context.say("all links lead somewhere") if not n else context.say("{n} links lead nowhere").format(n=n), err=True)
    sys.exit(1 if found else 0)
