"""The command line: parse, call, print. Exit 0 fine, 1 findings, 2 usage or input that cannot be read."""

from __future__ import annotations

import atexit
import datetime as dt
import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoSuchCommand

import sitegen
from sitegen.collector import collect_seldom
from sitegen.commands import words
from sitegen.commands.base import Context
from sitegen.model.finding import Lang, default_lang, translator

COMMANDS = {
    "attach": "attaching:attach",
    "board": "board:board",
    "broadcast": "telling:broadcast",
    "build": "building:build",
    "bundle": "bundling:bundle",
    "catalog": "catalog:catalog",
    "check": "checking:check",
    "demo": "playing:demo",
    "desk": "desk:desk",
    "due": "checking:due",
    "import": "workbooks:import_",
    "kiosk": "telling:kiosk",
    "ledger": "ledger:ledger",
    "links": "links:links",
    "message": "telling:message",
    "new": "starting:new",
    "next": "today:next_",
    "print": "sheets:print_",
    "province": "province:province",
    "publish": "publishing:publish",
    "release": "ledger:release",
    "report": "checking:report",
    "serve": "building:serve",
    "slides": "telling:slides",
    "synth": "starting:synth",
    "template": "workbooks:template_",
    "verify": "verify:verify",
}
"""Where each command is, below ``sitegen.commands``: loaded when it is called, so that none pays for the others."""


class _Commands(click.Group):
    """The commands of :data:`COMMANDS`."""

    context_class = words.Wide

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        """Run, in the language that is asked for from the first word on."""
        words.speak(sys.argv[1:] if args is None else args)
        return super().main(args, *more, **named)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; where there is none, say which one may be meant."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        click.Group.format_help(words.shown(self), ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or ``None`` when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"sitegen.commands.{module}"), name)
        return words.shown(command)


def _today() -> dt.date:
    """The day of SOURCE_DATE_EPOCH where it is set, so that a build can be repeated to the byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.date.today()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sitegen.__version__, prog_name="sitegen")
@click.option("-C", "root", type=click.Path(path_type=Path), default=Path(), help="Folder of the region (default: this one).")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day to work for (default: today, or SOURCE_DATE_EPOCH).")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages (default: by locale).")
@click.pass_context
def main(context: click.Context, root: Path, date: dt.datetime | None, lang: Lang | None) -> None:
    """Disclosure sites and notice-board sheets for counties, townships and villages, from one tree of files."""
    if date is not None and not 1949 <= date.year <= 2199:
        raise click.BadParameter(translator(lang or default_lang())("the year is out of range"), param_hint="--date")
    context.obj = Context(root, date.date() if date else _today(), lang or default_lang())


def run() -> None:
    """The command ``sitegen``. Once all is said, the process ends at once: giving back millions of small values one by one takes a fifth of a short build."""
    code: str | int | None = 0
    collect_seldom()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else every distribution that is installed is asked for some
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # nothing is computed with it, and its threads take half the time that numpy takes to load
    try:
        main(prog_name="sitegen")
    except SystemExit as end:
        code = end.code
    if threading.active_count() > 1 or not isinstance(code, int | None):
        sys.exit(code)  # a thread that still works is waited for
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # whoever read what was printed is gone
        code = code or 1
    os._exit(code or 0)
