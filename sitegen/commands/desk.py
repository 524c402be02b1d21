"""``sitegen desk``: the clerk's page on this computer."""

from __future__ import annotations

import sys

import click

from sitegen import console

from .base import Context, region_of, unit_of


@click.command()
@click.option("--unit", help="Only for this unit, by code or name (default: all units of the region).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port (default: any that is free).")
@click.option("--browser/--no-browser", default=True, help="Open it in the browser.")
@click.pass_obj
def desk(context: Context, unit: str | None, port: int, browser: bool) -> None:
    """Open the desk in the browser: what is due, Excel files in, forms, previews, release, print, board lists. On this computer only."""
    from sitegen.desk.run import PortTaken, serve

    with console.reading(context.root, context.lang):
        code = unit_of(context, region_of(context), unit).code if unit else None

        def told(address: str) -> None:
            click.echo(context.say("The desk is open at {address}").format(address=address))
            click.echo(context.say("The address is the key to it: give it to nobody. Stop with Ctrl-C."))

        try:
            serve(context.root, context.days(), code, port, browser=browser, say_address=told)
        except PortTaken as error:
            click.echo(
                context.say("Port {port} is taken: is the desk open already? Leave --port out, or give another").format(port=error.port),
                err=True,
            )
            sys.exit(2)
        except KeyboardInterrupt:
            sys.exit(0)
