"""``sitegen serve``: who watches, who makes pages early, who builds."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

import click

from sitegen.build import Options, Report, build
from sitegen.load.cache import keep_few
from sitegen.model.finding import Lang, Severity, translator
from sitegen.preview import Preview
from sitegen.render import as_text

from .early import early
from .pages import Server
from .showing import Showing
from .watching import Watcher
from .whole import Outcome, Workshop, drafts_of

_QUIET = 2.0
"""Seconds without another save after which there is time to tidy up."""
_LOOK = 30.0
"""Seconds after which it is asked whether another day has begun."""


class Builder:
    """Two threads: one for what was saved, one for everything. Neither waits for the other."""

    def __init__(self, root: Path, showing: Showing, sheets: Preview, lang: Lang, today: Callable[[], dt.date]) -> None:
        self.root, self.showing, self.sheets, self.lang, self.today = root, showing, sheets, lang, today
        self.say = translator(lang)
        self.workshop = Workshop()
        self._change = threading.Condition()
        self._number = 0
        """Of the latest change."""
        self._saved: set[Path] = set()
        """What nobody has looked at yet."""
        self._unbuilt: dict[Path, int] = {}
        """What was saved since everything was built last, and the number of the change."""
        self._names: dict[str, float] = {}
        """For the terminal: what the next build is for, and when it was saved."""
        self._day = today()
        self._told = ""
        self._built = -1
        """The change of which everything was built. The first is none: what was saved while the first build was at work."""
        self._ended = False

    def begin(self, outcome: Outcome) -> None:
        """Take up the first build and start."""
        self.showing.put_whole(0, outcome)
        self._tell(outcome)
        for work in (self._early, self._whole):
            threading.Thread(target=work, daemon=True).start()

    def changed(self, paths: set[Path]) -> None:
        """Files were saved, or removed."""
        with self._change:
            self._number += 1
            self._saved |= paths
            self._unbuilt |= dict.fromkeys(paths, self._number)
            self._names |= {path.name: time.monotonic() for path in sorted(paths)}
            self._change.notify_all()

    def end(self) -> None:
        """Stop; what is at work is cut."""
        with self._change:
            self._ended = True
            self._change.notify_all()
        self.workshop.close()

    def _early(self) -> None:
        _warm(self.root, self.showing.out, self.today())
        while True:
            with self._change:
                self._change.wait_for(lambda: self._saved or self._ended)
                if self._ended:
                    return
                saved, self._saved, number, unbuilt = self._saved, set(), self._number, set(self._unbuilt)
            try:
                made = early(self.root, self.showing.out, self.today(), saved, self.showing.seen(), unbuilt)
            except Exception:  # of whatever kind: what is wrong is told by the build, which looks at everything
                continue
            self.showing.put_early(number, made)
            with self._change:
                quiet = not self._change.wait_for(lambda: self._saved or self._ended, _QUIET)
            if quiet:
                gc.collect()  # what was looked at goes while nobody waits

    def _whole(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._number > self._built or self._ended, _LOOK)
                if self._ended:
                    return
                if self._number == self._built and self.today() == self._day:
                    continue
                number, self._day = self._number, self.today()
                names, self._names = self._names, {}
            outcome = self.workshop.build(self.root, self.showing.out, self._day, self.lang)
            if self._ended:
                return
            self._built = number
            if outcome.hosts is not None:
                with self._change:
                    self._unbuilt = {path: n for path, n in self._unbuilt.items() if n > number}
            if outcome.changed:
                self.sheets.refresh()
            self.showing.put_whole(number, outcome)
            if names:
                some = ", ".join(list(names)[:3]) + (" …" if len(names) > 3 else "")
                click.echo(f"{some}: {time.monotonic() - min(names.values()):.1f} s")
            self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        """On the terminal, once: what is wrong, and when it no longer is."""
        errors = [f for f in outcome.findings if f.severity is Severity.ERROR]
        text = "\n".join(t for t in (outcome.problem, outcome.details, as_text(errors, self.root, self.lang)) if t)
        if text != self._told:
            click.echo(text or self.say("no errors any more"), err=True)
        self._told = text


def serve(root: Path, out: Path, port: int, lang: Lang, first: Outcome, today: Callable[[], dt.date] = dt.date.today) -> None:
    """Serve what the ``first`` build made, and what comes after it, until interrupted; as of ``today``."""
    keep_few()
    gc.collect()
    gc.freeze()  # what is there now stays, and need not be looked through again and again
    showing, sheets = Showing(out), Preview(root, lang, today)
    server = Server(port, showing, sheets, lang)
    builder = Builder(root, showing, sheets, lang, today)
    watcher = Watcher(root, builder.changed)
    try:
        builder.begin(first)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        click.echo(translator(lang)("Open http://127.0.0.1:{port}/ - stop with Ctrl-C").format(port=server.server_port))
        watcher.run()
    except KeyboardInterrupt:
        pass
    finally:
        watcher.stop()
        builder.end()
        server.ended = True
        server.shutdown()


def first_build(root: Path, out: Path, date: dt.date, jobs: int = 1, report: Report = lambda *_: None) -> Outcome:
    """Build what is to be served, in ``jobs`` processes. Raises :class:`sitegen.load.region.NoRegion`, and what else :func:`sitegen.build.build` does."""
    result = build(Options(root, out, date, jobs), report)
    if result.refused:
        return Outcome(_standing(out), findings=result.findings)
    return Outcome(result.hosts, True, result.findings, drafts=drafts_of(root, out, date, result.findings))


def _standing(out: Path) -> tuple[str, ...]:
    """The hosts that an earlier build left."""
    return tuple(sorted(p.name for p in out.iterdir() if p.is_dir() and not p.name.startswith("."))) if out.is_dir() else ()


def _warm(root: Path, out: Path, date: dt.date) -> None:
    """Do once for nothing what the first save would otherwise wait for."""
    try:
        some = next((p for top in ("villages", "content") for p in sorted((root / top).rglob("records/*.md"))), None)
        if some is not None:
            early(root, out, date, {some})
    except Exception:
        return
