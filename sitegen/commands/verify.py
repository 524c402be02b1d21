"""Proving that paper, ledger and pages say the same."""

from __future__ import annotations

import http.client
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from sitegen import console
from sitegen.model.causes import cause
from sitegen.model.finding import N_

from .base import JOBS, Context

if TYPE_CHECKING:
    from sitegen.verify import Place, Wrong

_WORDS = {
    "line": N_("this line of the ledger is not what was written"),
    "cut": N_("lines that the last build saw are missing at the end; restore ledger.jsonl from a copy"),
    "branches": N_("two branches of the ledger wait to be joined («sitegen ledger merge»)"),
    "clash": N_("{what} was released twice with different contents"),
    "object": N_("a kept content cannot be used: {what}"),
    "digest": N_("the kept content of {what} is not what was released"),
    "claimed": N_("the code {what} is bound to two records"),
    "missing": N_("there is no page: paper leads here"),
    "verdict": N_("the page does not say what it should: «{what}»"),
    "page": N_("the record's page is missing"),
    "content": N_("what the page shows is not what was released: {what}"),
    "orphan": N_("this page belongs to nothing that is known"),
    "variant": N_("this spelling of the address does not answer; see the samples for the server in docs/hosting.md"),
    "old": N_("the site was built for {what}: build and publish it again"),
    "unreachable": N_("nobody answers: {what}"),
}


@click.command()
@click.option("--public", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Prove the pages in this folder.")
@click.option("--url", metavar="BASE", help="Prove the pages behind this address.")
@click.option("--ledger-only", is_flag=True, help="Prove the ledgers and no pages.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
@JOBS
@click.pass_obj
def verify(context: Context, public: Path | None, url: str | None, ledger_only: bool, form: str, jobs: int) -> None:
    """Prove ledger, codes and pages: the built public/ where nothing else is said, another folder, or a live site."""
    from sitegen import verify as run

    say = context.say
    if sum((public is not None, url is not None, ledger_only)) > 1:
        raise click.UsageError(say("give one of --public, --url and --ledger-only"))
    with console.reading(context.root, context.lang):
        place = _place(context, public, url, ledger_only)
        try:
            with console.progress(say("proving")) as report:
                verified = run.verify(context.root.resolve(), context.date, place, jobs, report)
        except (OSError, http.client.HTTPException) as error:
            if url is None:
                raise
            click.echo(f"{url}: {say(_WORDS['unreachable']).format(what=say(cause(error)))}", err=True)
            sys.exit(2)
    if form == "json":
        click.echo(json.dumps(to_builtins(verified), ensure_ascii=False, indent=1))
    else:
        lost = sum(wrong.kind in ("missing", "page") for wrong in verified.wrong)
        if url is not None and lost >= verified.codes + verified.records > 0:
            hosts = ", ".join(sorted(place.hosts)) if isinstance(place, run.Web) else ""
            text = say(
                "nothing behind {url} belongs to this region: give the address of one of its sites ({hosts}), or of a copy with a folder for each"
            )
            click.echo(text.format(url=url, hosts=hosts), err=True)
            sys.exit(1)
        for wrong in verified.wrong:
            click.echo(f"{wrong.where}: {_words(context, wrong)}")
        text = say("{lines} lines of ledgers, {contents} kept contents, {codes} pages of codes, {records} records proved; {wrong} wrong")
        numbers = {"lines": verified.lines, "contents": verified.contents, "codes": verified.codes, "records": verified.records}
        click.echo(text.format(**numbers, wrong=len(verified.wrong)))
    sys.exit(1 if verified.wrong else 0)


def _place(context: Context, public: Path | None, url: str | None, ledger_only: bool) -> Place | None:
    from urllib.parse import urlsplit

    from sitegen import verify as run

    if ledger_only:
        return None
    if url is not None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise click.UsageError(context.say("an address begins with http:// or https://"))
        from .base import region_of

        region = region_of(context)
        hosts = {urlsplit(u).netloc for unit in region.units.values() for u in (unit.data.site.url, unit.data.site.codes_url) if u}
        return run.Web(url, frozenset(hosts | {h.host for h in region.data.hosts}))
    folder = public or context.root / "public"
    if not folder.is_dir():
        click.echo(
            context.say("{folder} is not there: build first, or give --public, --url or --ledger-only").format(folder=folder), err=True
        )
        sys.exit(2)
    return run.Folder(folder.resolve())


def _words(context: Context, wrong: Wrong) -> str:
    return context.say(_WORDS[wrong.kind]).format(what=context.say(wrong.what) if " " in wrong.what else wrong.what)
