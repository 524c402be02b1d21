"""The build of all that changed, in a process of its own: whoever saves again, or asks for a page, does not wait for it."""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
import signal
import traceback
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path

from msgspec import Struct, field

from sitegen.build import Options, build
from sitegen.collector import collect_seldom
from sitegen.console import address_taken, not_accessible
from sitegen.linker import AddressTaken
from sitegen.load.cache import keep_few
from sitegen.load.orphans import end_with_parent
from sitegen.load.region import NoRegion
from sitegen.model.finding import Finding, Lang, translator

from .looking import UNRELEASED, Looking

_GIVES_WAY = 5
"""By how much the process that builds lets others go first: the page that somebody waits for is made and loaded beside it."""


class Outcome(Struct, frozen=True):
    """What came of a build."""

    hosts: tuple[str, ...] | None = None
    """Every host that is there now; ``None`` where nothing was built and what was there stands."""
    changed: bool = False
    """Something was rendered or removed."""
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    """Why nothing was built, where no finding says it."""
    details: str = ""
    """For the terminal."""
    drafts: Mapping[str, bytes] = field(default_factory=dict)
    """By path below the folder of all hosts: pages of records that only wait to be released. No build writes them."""


def build_whole(root: Path, out: Path, date: dt.date, lang: Lang) -> Outcome:
    """Build; what goes wrong is told and nothing is raised, since the next change may be what mends it."""
    say = translator(lang)
    for last in (False, True):
        try:
            result = build(Options(root, out, date))
        except NoRegion as error:
            return Outcome(findings=tuple(error.findings))
        except AddressTaken as error:
            return Outcome(problem=address_taken(error, say))
        except FileNotFoundError as error:
            if last:  # twice is no accident of an editor that was just putting a file in its place
                return Outcome(problem=not_accessible(error, say))
        except OSError as error:
            return Outcome(problem=not_accessible(error, say))
        except Exception as error:
            return Outcome(problem=say("the build failed: {problem}").format(problem=repr(error)), details=traceback.format_exc())
        else:
            if result.refused:
                return Outcome(findings=result.findings)
            drafts = drafts_of(root, out, date, result.findings)
            return Outcome(result.hosts, bool(result.built or result.pruned), result.findings, drafts=drafts)
    raise AssertionError


def drafts_of(root: Path, out: Path, date: dt.date, findings: tuple[Finding, ...]) -> Mapping[str, bytes]:
    """See :meth:`sitegen.serve.looking.Judged.drafts`; none where something is just being written again."""
    if not any(f.code in UNRELEASED for f in findings):
        return {}
    try:
        return Looking(root, out, date).judge(()).drafts()
    except Exception:
        return {}


class Workshop:
    """The process that builds, one build after the other; another takes its place when it dies."""

    def __init__(self) -> None:
        self._closed = False
        self._pool = self._start()

    @staticmethod
    def _start() -> ProcessPoolExecutor:
        # Never forked: this process has threads, and the typesetter's would be missing in a copy.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
        pool.submit(_warm)
        return pool

    def build(self, root: Path, out: Path, date: dt.date, lang: Lang) -> Outcome:
        """See :func:`build_whole`."""
        for last in (False, True):
            try:
                done: Future[Outcome] = self._pool.submit(build_whole, root, out, date, lang)
                outcome = done.result()
                self._pool.submit(gc.collect)  # what the build leaves behind goes while nobody waits
                return outcome
            except (RuntimeError, CancelledError):  # the process died, or is no more
                if self._closed:
                    return Outcome()
                self._pool.shutdown(wait=False)
                self._pool = self._start()
                if last:
                    return Outcome(
                        problem=translator(lang)("the process that builds was ended, twice; save again to have it try once more")
                    )
        raise AssertionError

    def close(self) -> None:
        """End it; a build that is at work is cut, which no site minds."""
        self._closed = True
        processes: list[BaseProcess] = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def _begin() -> None:
    keep_few()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the parent
    collect_seldom()
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(_GIVES_WAY)


def _warm() -> None:
    """Load what the first build would otherwise wait for."""
    for name in ("sitegen.boards.wall", "sitegen.search.index", "sitegen.site.engine"):
        import_module(name)
