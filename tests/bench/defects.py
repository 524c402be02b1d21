"""``python -m tests.bench.defects``: known defects, planted by editing files; does ``sitegen check`` find each at its place, once, and nothing else?

The sites are drawn by a seed. Expected places come from the edit. What would speak of the same matter is not planted in one run, so that
every finding has one cause. The clean region (``defects_clean``) is checked first and must give nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from tests.bench import (  # noqa: F401  (each registers its kinds)
    defects_accounts,
    defects_counterparts,
    defects_heads,
    defects_pairs,
    defects_persons,
    defects_stages,
    defects_tables,
)
from tests.bench.defects_clean import DAY, SOURCE, make_clean
from tests.bench.defects_files import Region
from tests.bench.defects_plan import ALONE, KINDS, Place, Planted, Site

Found = dict[str, Any]
_RUNS = 12
"""At most so many copies of the region for one seed."""
_PER_RUN = 40


def check(root: Path, cache: Path) -> list[Found]:
    """What ``sitegen check --format json`` says of a folder."""
    command = [
        sys.executable,
        "-m",
        "sitegen",
        "-C",
        str(root),
        "--date",
        DAY.isoformat(),
        "check",
        "--format",
        "json",
        "--fail-on",
        "error",
    ]
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "SITEGEN_CACHE": str(cache), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    try:
        made: list[Found] = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"{root}: sitegen check failed\n{done.stderr[-2000:]}") from None
    return made


class Run(Struct):
    """One copy of the region with what was planted in it."""

    folder: Path
    planted: list[tuple[Planted, frozenset[str]]] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)
    found: list[Found] = field(default_factory=list)

    def free(self, site: Site) -> bool:
        """Whether nothing planted here would be heard of at the site too."""
        alone = ALONE in self.locked or (ALONE in site.locks and self.locked)
        return not alone and not (site.locks & self.locked)


class Tally(Struct):
    """What became of one kind's defects."""

    planted: int = 0
    found: int = 0
    elsewhere: int = 0
    missed: int = 0
    extra: int = 0

    @property
    def perfect(self) -> bool:
        """All found at their places, once."""
        return self.found == self.planted and not self.extra


def plan(clean: Region, sites: dict[str, list[Site]], seed: int, count: int, only: str | None, folder: Path) -> list[Run]:
    """Plant ``count`` defects of all kinds in turn, in as many copies of the region as they need."""
    dice = random.Random(seed)
    kinds = [k for k in sorted(KINDS) if only is None or only in k]
    runs: list[Run] = []
    turns: list[str] = []
    while len(turns) < count:
        turns += dice.sample(kinds, len(kinds))
    for name in turns[:count]:
        _place(clean, sites[name], name, dice, runs, folder)
    return runs


def _place(clean: Region, sites: list[Site], name: str, dice: random.Random, runs: list[Run], folder: Path) -> None:
    order = dice.sample(range(len(sites)), len(sites))
    for n in range(_RUNS):
        if n == len(runs):
            runs.append(Run(folder / f"run{n}"))
            shutil.copytree(clean.root, runs[n].folder)
        run = runs[n]
        if len(run.planted) >= _PER_RUN:
            continue
        for i in order:
            if run.free(sites[i]) and (made := sites[i].plant(dice, run.folder)) is not None:
                run.planted.append((replace(made, kind=name), sites[i].locks))
                run.locked |= sites[i].locks
                return
    print(f"no place left for {name}", file=sys.stderr)


# ---- Judging.


def at_place(planted: Planted, found: Found) -> bool:
    """Whether a finding is the planted defect's: one of its codes, at its place or naming it as the other side."""
    return found["code"].startswith(planted.codes) and any(_is(place, found) for place in planted.places)


def _is(place: Place, found: Found) -> bool:
    file, line = place
    if found["file"] == file and (line is None or found["line"] == line):
        return True
    named = file if line is None else f"{file}:{line}"
    return re.search(rf"(?<![\w/.-]){re.escape(named)}(?!\d)", found["message"]) is not None


def judge(run: Run, tallies: dict[str, Tally]) -> Iterator[str]:
    """Count, and say what is off."""
    left = list(run.found)
    for planted, locks in run.planted:
        tally = tallies[planted.kind]
        tally.planted += 1
        mine = [f for f in left if at_place(planted, f)]
        mine.sort(key=lambda f: not any(f["file"] == file and f["line"] == line for file, line in planted.places))
        if mine:
            tally.found += 1
            left.remove(mine[0])
            continue
        near = [f for f in left if _near(planted, locks, f)]
        if near:
            tally.elsewhere += 1
        else:
            tally.missed += 1
        yield f"MISSED {planted.kind}: {planted.what}\n    expected {'/'.join(planted.codes)} at {_shown(planted.places)}"
        for f in near[:4]:
            yield f"    there is {_line(f)}"
    for f in left:
        owners = [p for p, locks in run.planted if _near(p, locks, f)]
        owners.sort(key=lambda p: not any(file == f["file"] for file, _ in p.places))
        owner = owners[0] if owners else None
        tallies[owner.kind if owner else "(nothing planted)"].extra += 1
        yield f"EXTRA {owner.kind if owner else '?'}: {owner.what if owner else ''}\n    {_line(f)}"


def _near(planted: Planted, locks: frozenset[str], found: Found) -> bool:
    files = {file for file, _ in planted.places}
    if found["file"] in files or any(file in found["message"] for file in files):
        return True
    if found.get("record") and f"rec/{found['unit']}/{found['record']}" in locks:
        return True
    return bool(found.get("unit")) and any(lock == f"{kind}/{found['unit']}" for lock in locks for kind in ("read", "accounts"))


def _shown(places: tuple[Place, ...]) -> str:
    return ", ".join(f"{file}:{line}" if line else file for file, line in places[:4])


def _line(found: Found) -> str:
    return f"{found['file']}:{found['line']} {found['code']} {found['message']}"


# ---- The whole.


def bench(
    folder: Path, seeds: range, count: int, jobs: int, only: str | None = None, *, keep: bool = False
) -> tuple[dict[str, Tally], list[str]]:
    """Everything: the clean region, then seed by seed. Returns the counts by kind and what is off."""
    root = folder / "clean"
    root.mkdir(parents=True)
    make_clean(root)
    off = [f"CLEAN {_line(f)}" for f in check(root, folder / "cache")]
    clean = Region.read(root)
    sites = {name: list(made(clean)) for name, made in KINDS.items()}
    tallies: dict[str, Tally] = defaultdict(Tally)

    def one(seed: int) -> list[Run]:
        runs = plan(clean, sites, seed, count, only, folder / f"seed{seed}")
        for run in runs:
            # Runs share what did not change: a unit is read anew only where something was planted in it.
            run.found = check(run.folder, folder / "cache")
            if not keep:
                shutil.rmtree(run.folder)
        return runs

    with ThreadPoolExecutor(jobs) as pool:
        for seed, runs in zip(seeds, pool.map(one, seeds), strict=True):
            before = len(off)
            for n, run in enumerate(runs):
                off += [f"[seed {seed} run {n}] {text}" for text in judge(run, tallies)]
            print(
                f"seed {seed}: {sum(len(r.planted) for r in runs)} planted in {len(runs)} copies, {len(off) - before} lines of trouble",
                flush=True,
            )
    return dict(tallies), off


def main() -> None:
    """Plant, check, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--defects", type=int, default=200, help="defects for each seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kind", help="only kinds with this in their name")
    parser.add_argument("--keep", type=Path, help="folder to work in, which is not removed")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="sitegen-defects-"))
    try:
        seeds = range(options.first_seed, options.first_seed + options.seeds)
        tallies, off = bench(folder, seeds, options.defects, options.jobs, options.kind, keep=options.keep is not None)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    for text in off:
        print(text)
    print(f"\n{'kind':<28}{'planted':>9}{'found':>9}{'elsewhere':>11}{'missed':>9}{'extra':>9}")
    for name in [*KINDS, "(nothing planted)"]:
        if name in tallies:
            t = tallies[name]
            print(f"{name:<28}{t.planted:>9}{t.found:>9}{t.elsewhere:>11}{t.missed:>9}{t.extra:>9}{'' if t.perfect else '  !'}")
    total = Counter[str]()
    for t in tallies.values():
        total.update(planted=t.planted, found=t.found, extra=t.extra)
    recall = 100 * total["found"] / max(1, total["planted"])
    clean = sum(text.startswith("CLEAN") for text in off)
    print(
        f"\n{total['planted']} planted, {total['found']} found at their place ({recall:.2f} %), {total['extra']} findings too many, {clean} on the clean region"
    )
    sys.exit(1 if off else 0)


if __name__ == "__main__":
    main()
