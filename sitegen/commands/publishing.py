"""Sites to their hosts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import console
from sitegen.model.finding import N_, Lang, translator

from .base import Context

if TYPE_CHECKING:
    from sitegen.model.publishing import Target
    from sitegen.publish import Done, Problem
    from sitegen.publish.secrets import Secret

_PHASES = {
    "assets": N_("styles, pictures and attachments"),
    "codes": N_("codes and their pages"),
    "pages": N_("records and matters"),
    "lists": N_("lists, feeds and search"),
    "homes": N_("home pages"),
}

_FEW, _MOST = 5, 20


@click.command()
@click.argument("ids", nargs=-1, metavar="[TARGET]…")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites are (default: public/ in the region).")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and deleted, and touch nothing.")
@click.option("--prune-foreign", is_flag=True, help="Delete what is not ours, and replace it where ours goes.")
@click.option("--replace-foreign", is_flag=True, help="Replace what is not ours where ours goes; the rest stays.")
@click.option("--take-over", is_flag=True, help="Publish though somebody else seems to be publishing.")
@click.option("--read-back", is_flag=True, help="Read every file back that the target claims to have.")
@click.option("--list", "show", is_flag=True, help="List the targets of publish.yml.")
@click.pass_obj
def publish(
    context: Context,
    ids: tuple[str, ...],
    out: Path | None,
    dry_run: bool,
    prune_foreign: bool,
    replace_foreign: bool,
    take_over: bool,
    read_back: bool,
    show: bool,
) -> None:
    """Send what changed to the hosts of publish.yml, verified, in an order that no reader notices. TARGET is an id there."""
    from sitegen.load.cache import cache_base
    from sitegen.load.publishing import load_targets
    from sitegen.publish import Order, Problem
    from sitegen.publish import publish as run
    from sitegen.publish.secrets import secret_of

    say = context.say
    with console.reading(context.root, context.lang):
        targets = load_targets(context.root)
    if not targets:
        click.echo(say("there is no publish.yml in {folder}: docs/hosting.md shows how to write one").format(folder=context.root), err=True)
        sys.exit(2)
    if show:
        for target in targets:
            click.echo(f"{target.id}  {target.host} → {target.to}")
        return
    known = {target.id: target for target in targets}
    if unknown := [id for id in ids if id not in known]:
        text = say("publish.yml has no target «{name}»; there are: {names}")
        click.echo(text.format(name=unknown[0], names=", ".join(known)), err=True)
        sys.exit(2)
    failed = False
    for target in [known[id] for id in ids] if ids else targets:
        order = Order(
            root=context.root.resolve(),
            public=(out or context.root / "public").resolve(),
            memory=cache_base(),
            target=target,
            secret=_asked(target, secret_of(target), context.lang),
            today=context.date,
            dry_run=dry_run,
            prune_foreign=prune_foreign,
            replace_foreign=replace_foreign,
            take_over=take_over,
            read_back=read_back,
        )
        try:
            with (
                console.reading(context.root, context.lang),
                console.progress(say("publishing to {target}").format(target=target.id)) as report,
            ):
                done = run(order, _calm(report))
        except KeyboardInterrupt:
            click.echo(f"{target.id}: {say('stopped; publish again, and it goes on from here')}", err=True)
            sys.exit(1)
        except Problem as problem:
            failed = True
            click.echo(f"{target.id}: {_told(problem, context.lang)}", err=True)
            continue
        _summary(target.id, done, context.lang, pruned=prune_foreign)
        failed |= bool(done.web)
    sys.exit(1 if failed else 0)


def _asked(target: Target, secret: Secret, lang: Lang) -> Secret:
    """Where no password is kept and somebody sits there, he is asked."""
    from sitegen.publish.secrets import Secret

    wanted = bool(secret.user) and not secret.password and target.kind in ("ftp", "ftps", "s3", "dav")
    if not wanted or not _somebody_there():
        return secret
    words = translator(lang)("password of {user} at {host}").format(user=secret.user, host=target.server)
    return Secret(secret.user, click.prompt(words, hide_input=True, default="", show_default=False, err=True))


def _somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _calm(report: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
    """At most one line a second, and the last one."""
    last = 0.0

    def calm(name: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done == total or now - last >= 1:
            last = now
            report(name, done, total)

    return calm


def _told(problem: Problem, lang: Lang) -> str:
    from sitegen.publish.problems import NotReady

    say = translator(lang)
    if isinstance(problem, NotReady):
        return say(problem.message).format(what="; ".join(say(template).format(**args) for template, args in problem.reasons))
    return say(problem.message).format(**problem.args_)


def _summary(name: str, done: Done, lang: Lang, *, pruned: bool) -> None:
    """What was sent, what was found, what a person should know."""
    from sitegen.publish.web import CACHED, OTHER, STILL

    say = translator(lang)
    for template, args in done.warnings:
        click.echo(f"{name}: {say(template).format(**args)}", err=True)
    if done.took_over:
        click.echo(f"{name}: {say('an earlier run had died; it was gone on with')}", err=True)
    if done.distrusted:
        click.echo(f"{name}: {say('the manifest on the target was changed or taken away; every file was looked at')}", err=True)
    if done.changed_there:
        text = say("{n} files were not as we had sent them and were mended: {names}")
        names = ", ".join(done.changed_there[:5]) + (" …" if len(done.changed_there) > 5 else "")
        click.echo(f"{name}: {text.format(n=len(done.changed_there), names=names)}", err=True)
    text = say("{sent} files would be sent ({size}), {deleted} deleted, {unchanged} are there already")
    if not done.dry_run:
        text = say("{sent} files sent ({size}), {deleted} deleted, {unchanged} were there already; {seconds} s")
    numbers = {"sent": done.sent, "deleted": done.deleted, "unchanged": done.unchanged, "seconds": f"{done.seconds:.1f}"}
    click.echo(f"{name}: " + text.format(size=_size(done.bytes), **numbers))
    for phase, count, size in done.phases:
        click.echo(f"  {say(_PHASES[phase])}: {count} ({_size(size)})")
    if done.resumed:
        click.echo("  " + say("{n} files had arrived before the last run was cut").format(n=done.resumed))
    if done.foreign:
        text = (
            say("{n} files there are not ours and are deleted: {names}")
            if pruned
            else say("{n} files there are not ours and stay: {names}")
        )
        names = ", ".join(done.strangers[:_FEW]) + (" …" if done.foreign > _FEW else "")
        click.echo("  " + text.format(n=done.foreign, names=names))
    if done.looked_at and not done.web:
        click.echo("  " + say("read back over the web: {n} pages as they were sent").format(n=done.looked_at))
    told = {
        OTHER: say("another content"),
        CACHED: say("an old page that a cache keeps; what lies on the host is right (purge the cache, or wait until it has forgotten)"),
        STILL: say("what was deleted (purge the cache, or wait until it has forgotten)"),
    }
    for address, what in done.web[:_MOST]:
        text = say("{address} does not show what was sent: {what}")
        if what == STILL:
            text = say("{address} still shows {what}")
        click.echo(f"{name}: {text.format(address=address, what=told.get(what, what))}", err=True)
    if len(done.web) > _MOST:
        click.echo(f"{name}: {say('… and {n} more').format(n=len(done.web) - _MOST)}", err=True)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count / 1000:.1f} KB"
