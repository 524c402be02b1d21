"""``python -m tests.bench.ledgers``: proving 100,000 lines, 1,000 kills while lines are written, and 200 lives of a small county.

The proof is timed against hashing the same bytes once, in the same run.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sitegen import ledger as files
from sitegen.model.ledger import Entry, fold
from tests.ledger.test_file import acknowledged_before_kill

DAY = dt.date(2026, 11, 24)


def long_ledger(folder: Path, lines: int) -> None:
    """A believable ledger: records bound, released, printed, revised and printed again."""
    entries: list[Entry] = []
    n = 0
    while len(entries) < lines:
        code = f"{n:010}"
        n += 1
        entries.append(Entry("bound", DAY, code, {"unit": "230198101201", "name": f"2026-{n:05}"}))
        for rev in (1, 2):
            hexes = [hashlib.sha256(f"{code} {rev} {part}".encode()).hexdigest()[:32] for part in range(6)]
            data = {
                "rev": rev,
                "digest": hexes[0],
                "parts": hexes[1:5],
                "basis": hexes[5],
                "object": "",
                "title": "2026年耕地地力保护补贴发放公示",
            }
            data |= {"base": "https://gk.example.cn/", "url": f"https://gk.example.cn/r/2026-{n:05}/", "why": "更正第3户面积"}
            entries.append(Entry("released" if rev == 1 else "revised", DAY, code, data))
            entries.append(Entry("printed", DAY, code, {"rev": rev, "paper": "A3", "pages": 1, "base": "https://gk.example.cn/"}))
    files.append(folder, entries[:lines])


def proof(lines: int = 100_000) -> None:
    """How long reading, proving and folding takes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        long_ledger(folder, lines)
        data = (folder / files.FILE).read_bytes()
        started = time.process_time()
        hashlib.sha256(data).hexdigest()
        plain = time.process_time() - started
        started = time.process_time()
        opened = files.read(folder / files.FILE)
        state = fold(opened.lines)
        took = time.process_time() - started
        assert not opened.problems
        assert len(state.heads) == 1
        print(f"{len(opened.lines):,} lines, {len(data) / 1e6:.1f} MB: proved in {took:.2f} s CPU; hashing the bytes once {plain:.3f} s")


def kills(number: int = 1000) -> None:
    """Writers that are killed at any moment."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        said: set[str] = set()
        torn = 0
        for _ in range(number):
            said.update(acknowledged_before_kill(folder, chance.uniform(0.0, 0.01)))
            torn += any(p.kind == "torn" for p in files.read(folder / files.FILE).problems)
        files.append(folder, [Entry("bound", DAY, "0000000000", {"unit": "230198101201", "name": "x"})])
        opened = files.read(folder / files.FILE)
        lost = said - {line.id for line in opened.lines}
        print(
            f"{number:,} kills: {len(said):,} lines acknowledged, {len(lost)} lost, {torn} torn, {len(opened.problems)} problems at the end"
        )
        assert not lost


def lives(number: int = 200) -> None:
    """The property of tests/ledger/test_truth.py over many more lives."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/ledger/test_truth.py"],
        env={**os.environ, "SITEGEN_TRUTH": str(number)},
        check=False,
        capture_output=True,
        text=True,
    )
    print(
        f"{number} lives: {'every paper is told the truth' if done.returncode == 0 else done.stdout[-2000:]} ({time.monotonic() - started:.0f} s)"
    )


if __name__ == "__main__":
    proof()
    lives(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    kills()
