"""``python -m tests.bench.torture [--points 200] [--seed 1]``: runs are cut at random points, disks fill, clocks go back.

After every cut the old site or the new one stands, whole; another run completes it, and what it leaves equals, byte for byte, what was never
disturbed. The states that cuts leave are not tidied up in between: the next cut meets what the last one left.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sitegen import ledger
from sitegen.build import Options, build
from sitegen.load.region import load_region
from sitegen.model.stored import STATE, STORE
from sitegen.printing import Order as PrintOrder
from sitegen.printing import print_sheets
from sitegen.publish import Order, publish
from sitegen.publish.store import OURS
from sitegen.release import Choice, prepare, write
from sitegen.verify import Folder, verify, verify_ledgers
from tests.bench.faults import ALARM, KILLED, dies_at, full_at, in_a_copy, points
from tests.publish import servers
from tests.publish.servers import Server

BASE = Path(__file__).parents[1] / "data" / "base"
DAY = dt.date(2026, 5, 10)
RECORD = "content/townships/heping/records/2026-0001"
OF_VILLAGE = "villages/heping/dongjie/records/2026-0001.md"
Tree = dict[str, bytes]


def tree(folder: Path, suffix: str = "") -> Tree:
    """Every file below a folder that readers get."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not any(part.startswith(".") or part == OURS for part in p.relative_to(folder).parts) and p.name.endswith(suffix)
    }


class Bench:
    """A small region whose input can be one of three, and what comes of each when nothing disturbs."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.root = folder / "region"
        self.log = folder / "log"
        shutil.copytree(BASE, self.root)
        self.said = 0
        self.kinds: Counter[str] = Counter()
        """How often a run was killed, met a full disk, or came to its end before that."""
        self.stood: Counter[str] = Counter()
        """What stood afterwards: the old, the new, or of each file (each host) one of them."""

    def choose(self, variant: int, root: Path | None = None) -> None:
        """Write the input of one of three states: as it is; words and rows of the township changed; a record of a village gone."""
        root = root or self.root
        for name in (f"{RECORD}.md", f"{RECORD}.csv", OF_VILLAGE):
            shutil.copyfile(BASE / name, root / name)
        if variant == 1:
            _replace(root / f"{RECORD}.md", "予以公示。", "予以公示，欢迎监督。")
            _replace(root / OF_VILLAGE, "会议决定修路。", "会议决定修桥。")
        if variant == 2:
            (root / OF_VILLAGE).unlink()

    def references(self, make: Callable[[Path], Path]) -> list[tuple[Path, Tree]]:
        """What each state gives when nothing disturbs: the folder and its files. ``make`` writes it and returns the folder."""
        found = []
        for variant in range(3):
            # The same name: what a page says may not depend on where the region lies, but time need not be spent on proving it here.
            root = self.folder / f"reference{variant}" / "region"
            if not root.exists():
                shutil.copytree(BASE, root)
                self.choose(variant, root)
            out = make(root)
            found.append((out, tree(out)))
        return found

    def cut(self, work: Callable[[], object], total: int) -> int:
        """Kill ``work`` somewhere: before one of its changes, in the middle of anything, or with the disk full. Returns its exit code."""
        point = self.chance.randrange(total)
        kind = self.chance.random()
        if kind < 0.6:
            self.what = f"killed before change {point} of {total}"
            code = dies_at(work, point, self.log)
        elif kind < 0.8:
            times = self.chance.choice((1, 10**9))
            self.what = f"disk full at change {point} of {total}, {times} times"
            code = full_at(work, point, self.log, times=times)
        else:
            after = self.chance.uniform(0.01, 0.8)
            self.what = f"killed after {after:.3f} s"
            code = in_a_copy(work, self.log, alarm=after)
        assert code in (0, 2, KILLED, ALARM), f"{self.what}: exit {code}\n{self.log.read_text(encoding='utf-8')}"
        self.said += 1
        self.kinds["killed" if code in (KILLED, ALARM) else "disk full" if code == 2 else "came to its end"] += 1
        return code

    def figures(self) -> str:
        """What was counted since the last time."""
        kinds, stood = (", ".join(f"{what} {n}" for what, n in sorted(counts.items())) for counts in (self.kinds, self.stood))
        self.kinds.clear()
        self.stood.clear()
        return f"{kinds}; afterwards {stood}" if stood else kinds

    def saw(self, found: object, old: object, new: object) -> None:
        """Count what stands."""
        self.stood["nothing had changed" if old == new else "the old" if found == old else "the new" if found == new else "in between"] += 1


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def same(found: Tree, wanted: Tree, what: str) -> None:
    """Raises ``AssertionError`` that names the files that differ."""
    wrong = sorted(p for p in found.keys() | wanted.keys() if found.get(p) != wanted.get(p))
    assert not wrong, f"{what}: {len(wrong)} files differ: {wrong[:5]}"


def _build(root: Path, out: Path, day: dt.date = DAY) -> None:
    result = build(Options(root, out, day))
    assert not result.refused, result.findings


def _hosts(found: Tree) -> dict[str, Tree]:
    hosts: dict[str, Tree] = {}
    for path, data in found.items():
        host, _, rest = path.partition("/")
        hosts.setdefault(host, {})[rest] = data
    return hosts


def builds(bench: Bench, count: int) -> None:
    """Builds that are cut: every host shows what it showed or what it was to show."""

    def made(root: Path) -> Path:
        _build(root, root / "public")
        return root / "public"

    wanted = [files for _, files in bench.references(made)]
    out = bench.root / "public"
    bench.choose(0)
    _build(bench.root, out)
    total = points(lambda: _build(bench.references(made)[0][0].parent, bench.folder / "counted"), bench.log)
    for _ in range(count):
        before = _hosts(tree(out))
        variant = bench.chance.randrange(3)
        bench.choose(variant)
        bench.cut(lambda: _build(bench.root, out), bench.chance.choice((total, total // 3)))
        for host, files in _hosts(tree(out)).items():
            bench.saw(files, before.get(host), _hosts(wanted[variant])[host])
            if files != before.get(host):
                same(files, _hosts(wanted[variant])[host], f"build, {bench.what}, {host}")
        assert before.keys() <= _hosts(tree(out)).keys(), bench.what
        if bench.chance.random() < 0.5:
            variant = bench.chance.randrange(3)
            bench.choose(variant)
            _build(bench.root, out)
            same(tree(out), wanted[variant], f"build again after: {bench.what}")
    shutil.rmtree(bench.folder / "counted")


def with_processes(bench: Bench, count: int) -> None:
    """The parent of a build with two processes is killed: no process is left behind, the next build does not wait for one."""
    root = bench.folder / "many" / "region"
    if not root.exists():
        shutil.copytree(BASE, root)
        for n in range(3, 11):  # enough units for processes to be worth while
            village = root / "villages" / "heping" / f"cun{n}"
            shutil.copytree(root / "villages" / "heping" / "dongjie", village)
            _replace(village / "unit.yml", "230198101201", f"2301981012{n:02}")
            _replace(village / "unit.yml", "东街村", f"第{n}村")
            _replace(village / "unit.yml", "dongjie", f"cun{n}")
    out = root / "public"
    command = [sys.executable, "-m", "sitegen", "-C", str(root), "--date", DAY.isoformat(), "build", "-j", "2"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    wanted = [tree(out)]
    bench.choose(1, root)
    assert subprocess.run(command, capture_output=True).returncode == 0
    wanted.append(tree(out))
    for n in range(count):
        before = _hosts(tree(out))
        bench.choose(n % 2, root)
        started = subprocess.Popen([*command, "--force"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(bench.chance.uniform(0.3, 6.0))
        started.kill()
        code = started.wait()
        bench.said += 1
        bench.kinds["killed" if code == KILLED else "came to its end"] += 1
        for _ in range(100):
            if not _of_session(started.pid):
                break
            time.sleep(0.1)
        assert not _of_session(started.pid), "processes are left behind"
        for host, files in _hosts(tree(out)).items():
            bench.saw(files, before[host], _hosts(wanted[n % 2])[host])
            assert files in (before[host], _hosts(wanted[n % 2])[host]), f"build -j 2, killed: {host}"
        assert subprocess.run(command, capture_output=True, timeout=300).returncode == 0
        same(tree(out), wanted[n % 2], "build -j 2 again after it was killed")


def _of_session(session: int) -> list[int]:
    """Processes that a run left behind."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, of = place.read_text().rpartition(")")[2].split()[:4]
            if int(of) == session and state != "Z":
                found.append(int(place.parent.name))
    return found


def two_builds(bench: Bench, count: int) -> None:
    """Two builds at once, one of which may be killed."""
    wanted = [tree(bench.folder / f"reference{v}" / "region" / "public") for v in range(3)]
    out = bench.root / "public"
    for n in range(count):
        variant = n % 3
        bench.choose(variant)
        children = [_started(lambda: _build(bench.root, out), bench.log, 0.0 if k else 0.3 * (n % 2)) for k in range(2)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert codes[1] == 0, bench.log.read_text(encoding="utf-8")
        same(tree(out), wanted[variant], "two builds at once")


def _started(work: Callable[[], object], log: Path, alarm: float) -> int:
    child = os.fork()
    if not child:
        os._exit(0 if in_a_copy(work, log, alarm=alarm) == 0 else 1)
    return child


def clocks(bench: Bench) -> None:
    """The clock is set back, and a file is written that is as long as it was and as old as it was."""
    out = bench.root / "public"
    bench.choose(0)
    for day in (DAY, DAY - dt.timedelta(30), DAY):
        _build(bench.root, out, day)
        alone = bench.folder / "alone"
        _build(bench.root, alone, day)
        same(tree(out), tree(alone), f"the clock stands at {day}")
        shutil.rmtree(alone)
    record = bench.root / OF_VILLAGE
    _replace(record, "修路", "修桥")
    os.utime(record, (946_684_800, 946_684_800))
    _build(bench.root, out)
    assert any("修桥".encode() in data for data in tree(out).values()), "written while the clock stood in the year 2000"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[[str], bool]]:
    """A disk of its own at ``folder`` that can be mounted again with other options; yields a call that does and says whether it could."""

    def mount(options: str) -> bool:
        return subprocess.run(["mount", "-o", options, *more], capture_output=True).returncode == 0

    folder.mkdir(parents=True)
    more = ["-t", "tmpfs", "none", str(folder)]
    try:
        mounted = sys.platform == "linux" and shutil.which("mount") is not None and mount(f"size={size}")
        more = [str(folder)]
        yield mount if mounted else lambda _: False
    finally:
        if sys.platform == "linux" and os.path.ismount(folder):
            subprocess.run(["umount", str(folder)], check=True)


def real_disk(bench: Bench) -> bool:
    """A disk that is full, and one that may only be read; ``False`` where no disk can be mounted."""
    wanted = [tree(bench.folder / f"reference{v}" / "region" / "public") for v in range(3)]
    out = bench.folder / "disk"
    with small_disk(out, "64m") as mount:
        if not mount("remount,size=64m"):
            return False
        bench.choose(0)
        _build(bench.root, out)
        for room in (0, 20_000, 60_000, 120_000, 200_000):
            bench.choose(1)
            used = shutil.disk_usage(out).used
            assert mount(f"remount,size={used + room}")
            code = in_a_copy(lambda: _build(bench.root, out), bench.log)
            assert code in (0, 2), bench.log.read_text(encoding="utf-8")
            same(tree(out), wanted[1 if code == 0 else 0], f"full disk with {room} bytes left")
            assert mount("remount,size=64m")
            _build(bench.root, out)
            same(tree(out), wanted[1], "after room was made")
            bench.choose(0)
            _build(bench.root, out)
        bench.choose(1)
        assert mount("remount,ro")
        assert in_a_copy(lambda: _build(bench.root, out), bench.log) == 2
        same(tree(out), wanted[0], "a disk that may only be read")
        assert mount("remount,rw")
        _build(bench.root, out)
        same(tree(out), wanted[1], "a disk that may be written to again")
    return True


def prints(bench: Bench, count: int) -> None:
    """Printing that is cut: every sheet is the old one or the new one."""

    def made(root: Path) -> Path:
        print_sheets(PrintOrder(root, root / "print-out", DAY))
        return root / "print-out"

    # In a copy: whoever has typeset once has threads that no copy of him has.
    assert in_a_copy(lambda: bench.references(made), bench.log) == 0, bench.log.read_text(encoding="utf-8")
    wanted = [tree(bench.folder / f"reference{v}" / "region" / "print-out", ".pdf") for v in range(3)]
    out = bench.root / "print-out"
    total = points(lambda: made(bench.root), bench.log)
    for _ in range(count):
        before = tree(out, ".pdf")
        variant = bench.chance.randrange(3)
        bench.choose(variant)
        bench.cut(lambda: made(bench.root), total)
        now = tree(out, ".pdf")
        bench.saw(now, before, wanted[variant])
        for path, data in now.items():
            assert data in (before.get(path), wanted[variant].get(path)), f"print, {bench.what}: {path}"
        if bench.chance.random() < 0.5:
            assert in_a_copy(lambda: made(bench.root), bench.log) == 0, bench.log.read_text(encoding="utf-8")
            same(tree(out, ".pdf"), wanted[variant], f"print again after: {bench.what}")


def finals(bench: Bench, count: int) -> None:
    """Printing for good that is cut: every ledger is sound, and paper that was noted is noted once."""
    sound, reference, root, out = (bench.folder / name for name in ("to-print", "printed", "printing", "printed-out"))

    def made(root: Path) -> None:
        done = print_sheets(PrintOrder(root, out, DAY, final=True))
        assert not done.unreleased

    shutil.copytree(BASE, sound)
    _released(sound)
    released = _ledgers(sound)
    shutil.copytree(sound, reference)
    assert in_a_copy(lambda: made(reference), bench.log) == 0, bench.log.read_text(encoding="utf-8")
    wanted = _ledgers(reference)
    assert wanted != released
    _fresh(root, sound)
    total = points(lambda: made(root), bench.log)
    for _ in range(count):
        _fresh(root, sound)
        for _ in range(bench.chance.randint(1, 2)):
            bench.cut(lambda: made(root), total)
            for path, data in _ledgers(root).items():
                whole = ledger.parse(data)
                assert not whole.problems or [p.kind for p in whole.problems] == ["torn"], f"print --final, {bench.what}: {whole.problems}"
                assert wanted[path].startswith(data[: whole.whole]), f"print --final, {bench.what}: {path}"
            bench.saw(_ledgers(root), released, wanted)
        assert in_a_copy(lambda: made(root), bench.log) == 0, bench.log.read_text(encoding="utf-8")
        same(_ledgers(root), wanted, f"print --final again after: {bench.what}")


def _released(root: Path) -> None:
    write(prepare(root, DAY, Choice((), ())), DAY, "王秀兰")


def _ledgers(root: Path) -> Tree:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("ledger.jsonl"))}


def releases(bench: Bench, count: int) -> None:
    """Releasing that is cut: every ledger is sound, and nothing is noted twice."""
    reference = bench.folder / "released"
    shutil.copytree(BASE, reference)
    _released(reference)
    wanted = _ledgers(reference)
    assert wanted
    root = _fresh(bench.folder / "releasing")  # before: to copy it is no part of what is cut
    total = points(lambda: _released(root), bench.log)
    for _ in range(count):
        _fresh(root)
        for _ in range(bench.chance.randint(1, 3)):
            bench.cut(lambda: _released(root), total)
            region = load_region(root)
            wrong = [w for w in verify_ledgers(region) if not isinstance(w, tuple)]
            assert not wrong, f"release, {bench.what}: {wrong}"
            for path, data in _ledgers(root).items():
                whole = ledger.parse(data)
                assert not whole.problems or [p.kind for p in whole.problems] == ["torn"], f"release, {bench.what}: {whole.problems}"
                assert wanted[path].startswith(data[: whole.whole]), f"release, {bench.what}: {path}"
            bench.saw(_ledgers(root), {}, wanted)
        _released(root)
        same(_ledgers(root), wanted, f"release again after: {bench.what}")
    _build(root, root / "public")
    proved = verify(root, DAY, Folder(root / "public"))
    assert not proved.wrong, proved.wrong


def _fresh(root: Path, source: Path = BASE) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(source, root)
    return root


def publishes(bench: Bench, count: int, server: Server, connections: int = 1) -> None:
    """Publishing that is cut: every file on the target is the old one or the new one, and parts come before what leads to them."""
    host = "ce.example.cn"
    server.target = server.target.model_copy(update={"host": host, "connections": connections})
    sites = []
    for variant in range(3):
        root = bench.folder / f"reference{variant}" / "region"
        place = root / "public" / STORE / STATE
        place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | {"unreleased": [], "next_change": None}))
        sites.append((root, tree(root / "public" / host)))

    def sent(variant: int) -> None:
        root = sites[variant][0]
        publish(
            Order(
                root,
                root / "public",
                bench.folder / f"memory-{server.target.kind}{connections}",
                server.target,
                server.secret,
                DAY,
                pause=0.01,
            )
        )

    total = points(lambda: sent(0), bench.log)
    now = sites[0][1]
    same(_on(server), now, "published")
    change = points(lambda: sent(1), bench.log)
    assert in_a_copy(lambda: sent(0), bench.log) == 0
    for n in range(count):
        variant = bench.chance.randrange(3)
        bench.cut(lambda: sent(variant), bench.chance.choice((total, change)) if n % 3 else change)  # noqa: B023
        there = _on(server)
        bench.saw(there, now, sites[variant][1])
        _either(there, now, sites[variant][1], f"publish, {bench.what}")
        variant = bench.chance.choice((variant, variant, 0))
        code = in_a_copy(lambda: sent(variant), bench.log)  # noqa: B023
        assert code == 0, f"publish again after: {bench.what}: {bench.log.read_text(encoding='utf-8')}"
        now = sites[variant][1]
        same(_on(server), now, f"publish again after: {bench.what}")
        assert not {p for p in _ours(server) if not p.startswith(f"{OURS}/tmp/")}, f"{_ours(server)} after {bench.what}"
    for variant in (0, 1):
        assert in_a_copy(lambda: sent(variant), bench.log) == 0, bench.log.read_text(encoding="utf-8")  # noqa: B023
    assert not _ours(server), f"{_ours(server)} are left after a run that sent something"


def _on(server: Server) -> Tree:
    return {path: data for path, data in server.files().items() if not path.startswith(f"{OURS}/")}


def _ours(server: Server) -> set[str]:
    return {p for p in server.files() if p.startswith(f"{OURS}/") and not p.endswith("manifest.json.gz")}


def _either(found: Mapping[str, bytes], old: Tree, new: Tree, what: str) -> None:
    for path in old.keys() | new.keys() | found.keys():
        assert found.get(path) in (old.get(path), new.get(path)), f"{what}: {path} is neither the old one nor the new one"
    gone = [path for path in old.keys() - new.keys() if path not in found]
    missing = [path for path in new if found.get(path) != new[path]]
    assert not gone or not missing, f"{what}: {gone[:3]} were deleted before {missing[:3]} were there"


def main() -> None:
    """All of it, as often as is asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=200, help="of build, print, release and each way of publishing")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sitegen-torture-"))
    os.environ["SITEGEN_CACHE"] = str(folder / "cache")
    try:
        bench = Bench(folder, options.seed)
        each = max(1, options.points)
        builds(bench, each)
        print(f"build: cut {each} times: {bench.figures()}", flush=True)
        with_processes(bench, max(2, each // 20))
        print(f"build with two processes: {bench.figures()}", flush=True)
        two_builds(bench, max(2, each // 20))
        clocks(bench)
        print(
            f"two builds at once, the clock set back; a small disk: {'yes' if real_disk(bench) else 'cannot be mounted here'}", flush=True
        )
        prints(bench, each)
        print(f"print: cut {each} times: {bench.figures()}", flush=True)
        finals(bench, each)
        print(f"print --final: cut {each} times or more: {bench.figures()}", flush=True)
        releases(bench, each)
        print(f"release: cut {each} times or more: {bench.figures()}", flush=True)
        with servers.local(folder / "there") as server:
            publishes(bench, each, server)
        print(f"publish to a folder: cut {each} times: {bench.figures()}", flush=True)
        with servers.ftp(folder / "there-ftp") as server:
            publishes(bench, each, server)
        print(f"publish over FTP: cut {each} times: {bench.figures()}", flush=True)
        with servers.ftp(folder / "there-ftp4") as server:
            publishes(bench, each, server, connections=4)
        print(
            f"publish over FTP, four files at a time: cut {each} times: {bench.figures()}; {bench.said} cuts in all, nothing broken",
            flush=True,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
