"""Power cuts, full disks, two runs at once: afterwards the old site or the new one stands, whole. ``make torture`` does the same far more often."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.build import _prune
from sitegen.publish.ready import releasable
from tests.bench import torture
from tests.bench.torture import Bench
from tests.publish import servers

ROOT = Path(__file__).parent.parent


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, seed=20261124)


def test_builds_that_are_cut(bench: Bench) -> None:
    torture.builds(bench, 10)
    torture.two_builds(bench, 2)
    torture.clocks(bench)


def test_a_full_disk_and_one_that_may_only_be_read(bench: Bench) -> None:
    torture.builds(bench, 0)
    if not torture.real_disk(bench):
        pytest.skip("no disk can be mounted here")


def test_sheets_that_are_cut(tmp_path: Path) -> None:
    """In a process of its own: one that has typeset already, in another test, cannot be copied."""
    code = (
        "from pathlib import Path; from tests.bench import torture;"
        f"bench = torture.Bench(Path({str(tmp_path)!r}), seed=20261124); torture.prints(bench, 5); torture.finals(bench, 3)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_releases_that_are_cut(bench: Bench) -> None:
    torture.releases(bench, 6)


@pytest.mark.parametrize("kind", ["local", "ftp"])
def test_targets_that_are_cut(bench: Bench, tmp_path: Path, kind: str) -> None:
    torture.builds(bench, 0)
    with {"local": servers.local, "ftp": servers.ftp}[kind](tmp_path / "there") as server:
        torture.publishes(bench, 6, server)


def test_a_switch_that_was_cut_is_not_taken_for_done(bench: Bench) -> None:
    """The new site went live, but nobody wrote that down; then the change is taken back: what is live must be looked at."""
    torture.builds(bench, 0)
    out = bench.root / "public"
    bench.choose(1)
    wanted = torture.tree(out)

    def without_state() -> None:
        from sitegen import build

        build.settle_state = lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        torture._build(bench.root, out)

    assert torture.in_a_copy(without_state, bench.log) == 2
    assert torture.tree(out) != wanted
    assert "build again" in releasable(out).reasons[0][0], "what was released is known of the old site only"
    bench.choose(0)
    for _ in range(3):
        torture._build(bench.root, out)
        torture.same(torture.tree(out), wanted, "the change was taken back")
        assert not any("cut" in reason for reason, _ in releasable(out).reasons)
        bench.choose(2)
        torture._build(bench.root, out)
        bench.choose(0)


def test_what_a_run_was_cut_removing_can_be_removed_again(tmp_path: Path) -> None:
    """A unit that is made as it was before has the name that it had: the rest of what was removed then lies there already."""
    store = tmp_path / "store"
    for folder in ("units/a/key", "units/a/.gone-key", "units/a/kept"):
        (store / folder / "site").mkdir(parents=True)
        (store / folder / "site" / "0").write_text("x", encoding="utf-8")
    _prune(store, {"a": "kept"}, set())
    assert [p.name for p in (store / "units/a").iterdir()] == ["kept"]
