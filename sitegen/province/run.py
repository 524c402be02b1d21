"""The run of «sitegen province»: counties one after the other, their summaries, then the province's page and search in one switch."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock
from msgspec import Struct

from sitegen.build import Options, Report, Result, build
from sitegen.load.files import load_yaml, look_again
from sitegen.load.region import NoRegion
from sitegen.machines import Machines
from sitegen.model.finding import N_, Finding
from sitegen.model.province import FILE, ProvinceFile
from sitegen.model.unit import RegionFile
from sitegen.resources import resource
from sitegen.scaffold import NotPossible
from sitegen.switch import exchange, repair

from .merge import index_files
from .page import province_page
from .summary import FOLDER, NotBuilt, Summary, read, summarize

_SCRIPTS = ("assets/javascripts/search.js", "assets/javascripts/fflate.js", "province.js")
_WAIT = 3600.0


class ProvinceProblem(NotPossible):
    """Nothing of the province was switched."""


class County(Struct, frozen=True):
    """A county's folder, and the code of its root."""

    folder: Path
    name: str
    code: str


class Order(Struct, frozen=True):
    """What to build."""

    root: Path
    out: Path
    date: dt.date
    jobs: int = 1
    machines: Machines | None = None
    only: tuple[str, ...] = ()
    """Counties to build, by name, code or folder; all where empty."""
    merge_only: bool = False
    """Build no county: the summaries that are there are merged."""


class Made(Struct, frozen=True):
    """What came of it."""

    built: tuple[tuple[County, Result], ...]
    merged: tuple[Summary, ...]
    missing: tuple[str, ...]
    """Counties of which there is no summary yet."""
    page: Path


def province_of(root: Path) -> tuple[ProvinceFile, tuple[County, ...]]:
    """What province.yml says, and its counties in order of codes. Raises :class:`NoRegion`, :class:`ProvinceProblem`."""
    look_again()
    findings: list[Finding] = []
    if not (root / FILE).is_file():
        raise ProvinceProblem(N_("there is no {file} in {folder}: docs/many-machines.md shows how to write one"), file=FILE, folder=root)
    got = load_yaml(ProvinceFile, root / FILE, root, findings)
    if got is None:
        raise NoRegion(findings)
    counties = sorted(_counties(root, got[0]), key=lambda c: c.code)
    for one, next_ in pairwise(counties):
        if one.code == next_.code:
            raise ProvinceProblem(
                N_("{first} and {second} are the same county {code}"), first=one.folder, second=next_.folder, code=one.code
            )
    if not counties:
        raise ProvinceProblem(N_("{file} names no folder with a region.yml"), file=root / FILE)
    return got[0], tuple(counties)


def _counties(root: Path, province: ProvinceFile) -> Iterator[County]:
    folders = {f for pattern in province.counties for f in root.glob(pattern) if (f / "region.yml").is_file()}
    for folder in sorted(folders):
        findings: list[Finding] = []
        got = load_yaml(RegionFile, folder / "region.yml", root, findings)
        if got is None:
            raise NoRegion(findings)
        code = got[0].code[:6] + "000000"
        if not code.startswith(province.code):
            raise ProvinceProblem(
                N_("{folder} has the code {code}, which does not begin with {prefix}"), folder=folder, code=code, prefix=province.code
            )
        yield County(folder, got[0].name, code)


def run(order: Order, report: Report = lambda *_: None, say: Callable[[County], None] = lambda _: None) -> Made:
    """Build counties, and merge what is known of all of them. ``say`` is told which county is begun.

    A county that cannot be built, or is refused for its errors, keeps its last summary. Raises :class:`NoRegion`, :class:`ProvinceProblem`, and
    what the machines raise.
    """
    province, counties = province_of(order.root)
    chosen = counties if not order.only else tuple(_named(counties, name) for name in order.only)
    built = []
    folder = order.root / FOLDER
    for county in () if order.merge_only else chosen:
        say(county)
        out = county.folder / "public"
        result = build(Options(county.folder.resolve(), out.resolve(), order.date, order.jobs, machines=order.machines), report)
        built.append((county, result))
        if not result.refused:
            try:
                summarize(out, county.code, folder)
            except NotBuilt as error:
                raise ProvinceProblem(N_("{folder} holds no whole site: build it again with --force"), folder=out) from error
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(str(folder / ".lock"), timeout=_WAIT):  # counties may be built by several machines at once
        summaries = [s for c in counties if (s := read(folder, c.code))]
        missing = tuple(c.name for c in counties if c.code not in {s.code for s in summaries})
        page = _write(order, province, summaries, missing)
    return Made(tuple(built), tuple(summaries), missing, page)


def _named(counties: Sequence[County], name: str) -> County:
    found = [c for c in counties if name in (c.name, c.code, c.code[:6], c.folder.name)]
    if len(found) != 1:
        raise ProvinceProblem(N_("there is no county «{name}»; there are: {names}"), name=name, names="、".join(c.name for c in counties))
    return found[0]


def _write(order: Order, province: ProvinceFile, summaries: Sequence[Summary], missing: Sequence[str]) -> Path:
    parts = urlsplit(province.url)
    taken = {parts.netloc: (province.code, province.name)}  # by code: two counties of a province may bear one name
    for summary in summaries:
        for host in summary.hosts:
            code, name = taken.setdefault(host, (summary.code, summary.name))
            if code != summary.code:
                raise ProvinceProblem(
                    N_("{first} and {second} both use the host {host}: each needs its own"),
                    first=f"{name} ({code})",
                    second=f"{summary.name} ({summary.code})",
                    host=host,
                )
    live = order.out / parts.netloc
    repair(live)
    new = order.out / f".new-{parts.netloc}"
    shutil.rmtree(new, ignore_errors=True)
    at = new / parts.path.strip("/")
    (at / "search-index").mkdir(parents=True)
    for name, data in index_files(order.root / FOLDER, summaries):
        (at / "search-index" / name).write_bytes(data)
    for name in _SCRIPTS:
        shutil.copyfile(resource("themes/board") / name, at / Path(name).name)
    (at / "index.html").write_text(province_page(province, summaries, missing, order.date), encoding="utf-8", newline="\n")
    exchange(new, live)
    shutil.rmtree(new, ignore_errors=True)
    return live / parts.path.strip("/") / "index.html"
