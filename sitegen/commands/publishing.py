"""Sites to their hosts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import console
from sitegen.load.region import NoRegion
from sitegen.model.finding import N_, Lang, finding, translator

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

_FEW = 5
_ASKED = 3
"""So often a password is asked for; many hosts shut somebody out who tries more often."""


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
    if not targets and not (context.root / "region.yml").is_file():
        with console.reading(context.root, context.lang):
            raise NoRegion([finding("SG114", "region.yml", None, None, file="region.yml")])
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

    def publish_to(target: Target, secret: Secret) -> Done:
        order = Order(
            root=context.root.resolve(),
            public=(out or context.root / "public").resolve(),
            memory=cache_base(),
            target=target,
            secret=secret,
            today=context.date,
            dry_run=dry_run,
            prune_foreign=prune_foreign,
            replace_foreign=replace_foreign,
            take_over=take_over,
            read_back=read_back,
        )
        title = (say("comparing with {target}") if dry_run else say("publishing to {target}")).format(target=target.id)
        with console.reading(context.root, context.lang), console.progress(title) as report:
            return run(order, _calm(report))

    for target in [known[id] for id in ids] if ids else targets:
        try:
            done = _let_in(target, secret_of(target), context.lang, publish_to)
        except KeyboardInterrupt:
            click.echo(f"{target.id}: {say('stopped; publish again, and it goes on from here')}", err=True)
            sys.exit(1)
        except Problem as problem:
            failed = True
            click.echo(f"{target.id}: {_told(problem, context.lang)}", err=True)
            continue
        _summary(target.id, done, context.lang, pruned=prune_foreign)
        failed |= bool(done.web)
    if not ids:
        _left_out(out or context.root / "public", {target.host for target in targets}, say)
    sys.exit(1 if failed else 0)


def _left_out(public: Path, named: set[str], say: Callable[[str], str]) -> None:
    """Sites that were built and that no target names: pages of the others lead to them."""
    from sitegen.last import read_state
    from sitegen.model.stored import STORE

    if left := [host for host in map(str, read_state(public / STORE).get("hosts", [])) if host not in named]:
        click.echo(say("publish.yml has no target for {hosts}: these sites stay on this computer").format(hosts=", ".join(left)), err=True)


def _let_in(target: Target, secret: Secret, lang: Lang, publish_to: Callable[[Target, Secret], Done]) -> Done:
    """Publish; where somebody sits there, he is asked for a password that is kept nowhere, and again after a slip."""
    from sitegen.publish.problems import WrongPassword

    asked = 0
    while True:
        if asked == 0 and target.kind in ("ftp", "ftps", "s3", "dav") and secret.user and not secret.password and _somebody_there():
            secret, asked = _asked(target, secret, lang), 1
        try:
            return publish_to(target, secret)
        except WrongPassword as problem:
            kept = bool(secret.password) and not asked
            if kept or asked >= _ASKED or not secret.user or not _somebody_there():
                raise
            if asked:
                click.echo(translator(lang)("{host} refuses this password").format(host=target.server), err=True)
            secret, asked = _asked(target, secret, lang), asked + 1
            if not secret.password:
                raise problem


def _asked(target: Target, secret: Secret, lang: Lang) -> Secret:
    from sitegen.publish.secrets import Secret

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
        return say(problem.message).format(what=say("; ").join(say(template).format(**args) for template, args in problem.reasons))
    return say(problem.message).format(
        **{key: say(value) if isinstance(value, str) and value else value for key, value in problem.args_.items()}
    )


def _summary(name: str, done: Done, lang: Lang, *, pruned: bool) -> None:
    """What was sent, what was found, what a person should know."""
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
    _web(name, done, lang)


def _web(name: str, done: Done, lang: Lang) -> None:
    """What the web shows instead of what was sent: each kind once, with some addresses and what to do."""
    from sitegen.publish.web import CACHED, ELSEWHERE, OTHER, SILENT, STILL, remedy

    say = translator(lang)
    kinds: dict[str, list[str]] = {}
    for address, what in done.web:
        kinds.setdefault(what, []).append(address)
    for what, addresses in kinds.items():
        if what.startswith(SILENT):
            text = say("{address} was sent, but could not be read over the web ({what})").format(
                address=addresses[0], what=say(what.removeprefix(SILENT))
            )
        else:
            told = {
                OTHER: say("another content"),
                CACHED: say("an old page that a cache keeps"),
                STILL: say("what was deleted is still there"),
            }
            shown = (
                say("one is led to {other}").format(other=what.removeprefix(ELSEWHERE))
                if what.startswith(ELSEWHERE)
                else told.get(what, what)
            )
            text = say("{n} of {m} pages looked at do not show what was sent ({what}): {names}").format(
                n=len(addresses), m=done.looked_at, what=shown, names=" ".join(addresses[:_FEW]) + (" …" if len(addresses) > _FEW else "")
            )
        click.echo(f"{name}: {text}", err=True)
        if advice := remedy(what):
            click.echo(f"  {say('fix')}: {say(advice)}", err=True)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count / 1000:.1f} KB"
