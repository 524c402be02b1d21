"""``python -m tests.bench [--quick]``: the figures of the closing note, each with what it is compared to."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench import hugo, peers, plain
from tests.bench.measure import Cost, run, sitegen

DATE = ("--date", "2026-11-24")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="without the peer and without 345 units")
    parser.add_argument("--keep", type=Path, help="folder to work in")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="sitegen-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _county(folder, peer=not options.quick)
        if not options.quick:
            _many_sheets(folder)
            _growth(folder)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _region(folder: Path, name: str, townships: int, villages: int, records: int) -> Path:
    region = folder / name
    if not region.exists():
        run(sitegen("synth", str(region), "--townships", str(townships), "--villages", str(villages), "--records", str(records)), folder)
    return region


def _build(region: Path, out: Path, jobs: int, cache: Path) -> Cost:
    return run(sitegen("-C", str(region), *DATE, "build", "-o", str(out), "-j", str(jobs)), region, {"SITEGEN_CACHE": str(cache)})


def _say(what: str, cost: Cost, note: str = "") -> None:
    print(f"{what:<46} {cost}  {note}", flush=True)


def _pages(out: Path) -> int:
    return sum(1 for host in out.iterdir() if host.name != ".store" for _ in host.rglob("index.html"))


def _county(folder: Path, *, peer: bool) -> None:
    region = _region(folder, "r45", 4, 40, 4900)
    print("45 units, 4,900 records (1.5 KB of Chinese and an 8-row table each)")
    # A disk's kernel takes now more, now less for as many files, most of all after others were removed: nothing is until all is measured.
    three = sorted(
        (_build(region, folder / out, 1, folder / f"cache-{out}") for out in ("out1", "out1b", "out1c")), key=lambda cost: cost.cpu
    )
    one, pages = three[1], _pages(folder / "out1")
    _say(
        "cold build, 1 process, the middle of three",
        one,
        f"{three[0].cpu:.1f} to {three[2].cpu:.1f} s; {pages} pages, {1000 * one.cpu / pages:.2f} ms CPU a page",
    )
    two = _build(region, folder / "out2", 2, folder / "cache2")
    _say("cold build, 2 processes", two)
    same = run(["diff", "-r", "--exclude=.store", "--exclude=bench.log", str(folder / "out1"), str(folder / "out2")], folder)
    print(f"  both outputs are byte-identical ({same.wall:.1f} s to compare)")
    _say("nothing changed", _build(region, folder / "out2", 2, folder / "cache2"))
    record = sorted((region / "villages" / "t001" / "v001" / "records").glob("*.md"))[3]
    for what in ("one record changed, first time", "one record changed, again"):  # the first makes the spare tree
        record.write_text(record.read_text(encoding="utf-8").replace("## 一、", "## 一、新"), encoding="utf-8")
        _say(what, _build(region, folder / "out2", 2, folder / "cache2"))
    _sheets(region)
    if peer:
        _peers(folder, region, one.cpu)


def _peers(folder: Path, region: Path, ours: float) -> None:
    """The same county by others. Pages of codes, which are more than half of ours, are given to one of them only."""
    sites = list(peers.sites(region, folder / "out1"))

    def tell(what: str, places: list[Path], command: list[str]) -> None:
        cost = [run(command, place) for place in places]
        cpu, count = sum(c.cpu for c in cost), sum(1 for place in places for _ in place.rglob("index.html"))
        print(
            f"{what:<46} {cpu:6.1f} s CPU {sum(c.wall for c in cost):6.1f} s wall {max(c.memory for c in cost):6.0f} MB  "
            f"{count} pages, {1000 * cpu / count:.2f} ms CPU a page; ours / theirs: {ours / cpu:.2f}",
            flush=True,
        )

    binary = hugo.binary()
    if binary is None:
        print(f"Hugo was not found and is not measured: {hugo.HOW}")
    else:
        tell("Hugo, one site", [hugo.write_county(sites, folder / "hugo", {})], hugo.command(binary))
        codes = peers.codes(folder / "out1")
        tell("Hugo, one site, with the pages of codes", [hugo.write_county(sites, folder / "hugo-codes", codes)], hugo.command(binary))
        tell("Hugo, a site per unit", hugo.write_sites(sites, folder / "hugo-units"), hugo.command(binary))
    tell("plain mkdocs build with Material, per unit", plain.write_sites(sites, folder / "plain"), plain.command())


def _sheets(region: Path) -> None:
    sheets = [sys.executable, "-m", "tests.bench.sheets", str(region)]
    there = (
        region.parent,
        {"PYTHONPATH": str(Path.cwd()), "SITEGEN_CACHE": str(region.parent / "cache-sheets")},
    )  # nothing is left in the tree
    run([*sheets, "0"], *there)  # what is read is kept: both runs below find it
    base, cost = run([*sheets, "0"], *there), run([*sheets, "500"], *there)
    _say("500 sheets (A3)", cost, f"{1000 * (cost.cpu - base.cpu) / 500:.1f} ms CPU a sheet")


def _many_sheets(folder: Path) -> None:
    """More than 2,000 sheets by one process: set, then looked at again when nothing changed."""
    region, out = _region(folder, "r8000", 4, 40, 8000), folder / "print-out"
    cache = {"SITEGEN_CACHE": str(folder / "cache-print")}
    run(sitegen("-C", str(region), *DATE, "check", "--fail-on", "error"), region, cache)  # what is read is kept
    for what in ("every sheet of 45 units (A3), with all.pdf", "the same again, nothing changed"):
        cost = run(sitegen("-C", str(region), *DATE, "print", "-o", str(out), "-j", "1"), region, cache)
        count = sum(1 for p in out.glob("*/*.pdf") if p.name != "all.pdf")
        _say(what, cost, f"{count} sheets, {1000 * cost.cpu / count:.1f} ms CPU each, {2000 * cost.cpu / count:.1f} s for 2,000")


def _growth(folder: Path) -> None:
    small, large = folder / "r45", _region(folder, "r345", 14, 330, 37_500)
    a = _build(small, folder / "out45", 2, folder / "cache45")
    b = _build(large, folder / "out345", 2, folder / "cache345")
    per = [1000 * cost.cpu / _pages(out) for cost, out in ((a, folder / "out45"), (b, folder / "out345"))]
    _say("345 units, 37,500 records, 2 processes", b, f"{per[1]:.2f} ms a page against {per[0]:.2f} at 45 units: {per[1] / per[0]:.2f}")


if __name__ == "__main__":
    main()
