"""The run: what is rebuilt, what is held back, and that nothing already published is ever lost."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from sitegen.build import Options, Result, build

DAY = dt.date(2026, 5, 10)
TOWNSHIP = "230198101000"
EAST, WEST, COUNTY = "230198101201", "230198101202", "230198000000"
RECORD = "content/townships/heping/records/2026-0001.md"


def run(root: Path, day: dt.date = DAY, jobs: int = 1, **more: bool) -> Result:
    return build(Options(root, root / "public", day, jobs, **more))


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and ".store" not in p.parts}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_unit_lies_under_its_host_and_path(region: Callable[..., Path]) -> None:
    root = region()
    result = run(root)
    assert set(result.built) == {COUNTY, TOWNSHIP, EAST, WEST}
    assert result.hosts == ("ce.example.cn", "xijie.example.cn")
    for page in (
        "ce.example.cn/index.html",
        "ce.example.cn/heping/index.html",
        "ce.example.cn/heping/dongjie/index.html",
        "xijie.example.cn/index.html",
    ):
        assert (root / "public" / page).is_file()
    assert (root / "public/ce.example.cn/heping/r/2026-0001/index.html").is_file()


def test_every_code_leads_to_its_record_with_and_without_revision(region: Callable[..., Path]) -> None:
    from sitegen.code import propose

    root = region()
    edit(root / RECORD, "table: 2026", "revision: {n: 2, why: 更正面积}\ntable: 2026")
    run(root)
    code = propose(TOWNSHIP, "2026-0001")
    q = root / "public/ce.example.cn/Q"
    for name in (code, f"{code}-1", f"{code}-2"):
        assert "heping/r/2026-0001/" in (q / name / "index.html").read_text(encoding="utf-8")
    assert "更正面积" in (q / f"{code}-1" / "index.html").read_text(encoding="utf-8")
    assert not (q / f"{code}-3").exists()


def test_nothing_changed_builds_nothing(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    before = files(root / "public")
    result = run(root)
    assert result.built == ()
    assert result.unchanged == 4
    assert files(root / "public") == before


def test_a_changed_record_rebuilds_only_who_shows_it(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    edit(root / "villages/heping/dongjie/records/2026-0001.md", "会议决定修路。", "会议决定修桥。")
    result = run(root)
    assert set(result.built) == {EAST}
    assert "修桥" in (root / "public/ce.example.cn/heping/dongjie/r/2026-0001/index.html").read_text(encoding="utf-8")


def test_a_changed_row_rebuilds_the_township_and_that_village(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    path = root / "content/townships/heping/records/2026-0001.csv"
    edit(path, '20.00,"1,420.00"', "10.00,710.00")
    edit(path, "合计,,,38.50,2733.50", "合计,,,28.50,2023.50")
    assert set(run(root).built) == {TOWNSHIP, WEST}


def test_a_day_later_rebuilds_only_units_whose_state_turned(region: Callable[..., Path]) -> None:
    root = region()
    edit(
        root / "villages/heping/dongjie/records/2026-0001.md",
        "published: 2026-04-02",
        "published: 2026-04-02\nposting: {from: 2026-05-11, until: 2026-05-20}",
    )
    run(root)
    assert set(run(root, DAY + dt.timedelta(1)).built) == {EAST, TOWNSHIP}  # the township shows how many are posted
    assert run(root, DAY + dt.timedelta(2)).built == ()


def test_the_same_input_gives_the_same_bytes(region: Callable[..., Path]) -> None:
    one, two = region(name="one"), region(name="two")
    run(one)
    run(two, jobs=2)
    assert files(one / "public") == files(two / "public")


def test_a_removed_unit_is_pruned(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    shutil.rmtree(root / "villages/heping/xijie")
    edit(root / "content/townships/heping/records/2026-0001.csv", "西街村", "东街村")
    edit(root / "content/townships/heping/records/2026-0001.csv", "东街村,001,王*五", "东街村,003,王*五")
    result = run(root)
    assert result.pruned == (WEST,)
    assert not (root / "public/xijie.example.cn").exists()
    run(root, DAY + dt.timedelta(30))  # the spare of the run before still holds it; then nothing does
    run(root, DAY)
    assert not (root / "public/.store/units" / WEST).exists()


def test_a_matter_with_errors_is_held_back_at_all_levels(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    before = files(root / "public")
    edit(root / "content/townships/heping/records/2026-0001.csv", "8.00,568.00", "约8亩,568.00")
    edit(root / "villages/heping/dongjie/records/2026-0001.md", "修路", "修桥")
    result = run(root)
    assert [(name, [f.code for f in found]) for name, found in result.held] == [("230198101000/2026-0001", ["SG206"])]
    after = files(root / "public")
    assert "修桥" in after["ce.example.cn/heping/dongjie/r/2026-0001/index.html"].decode()  # everything else goes on
    held = [name for name in before if name.startswith(("ce.example.cn/heping/r/2026-0001/", "ce.example.cn/Q/", "xijie.example.cn/r/"))]
    assert held
    for name in held:
        assert name in after, f"{name} was lost"
    assert "20.00" in after[next(n for n in after if n.startswith("xijie.example.cn/r/"))].decode()


def test_a_record_that_cannot_be_understood_keeps_its_last_version(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    edit(root / RECORD, "issuer: zf", "isuer: zf")
    run(root)
    assert (root / "public/ce.example.cn/heping/r/2026-0001/index.html").is_file()
    assert list((root / "public/xijie.example.cn/r").iterdir())


def test_a_record_with_errors_that_never_was_published_does_not_appear(region: Callable[..., Path]) -> None:
    root = region("no-number")
    result = run(root)
    assert result.held
    assert not (root / "public/ce.example.cn/heping/r").exists()
    assert not (root / "public/xijie.example.cn/r").exists()


@pytest.mark.parametrize("kind", ["bad-url", "unknown-law", "two-sources-for-one-url", "duplicate-code", "catalog-unknown-key"])
def test_an_error_that_concerns_all_leaves_the_site_untouched(kind: str, region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    before = files(root / "public")
    shutil.copytree(Path(__file__).parent / "data/broken" / kind, root, dirs_exist_ok=True)
    result = run(root)
    assert result.refused
    assert files(root / "public") == before


def test_strict_stops_everything(region: Callable[..., Path]) -> None:
    root = region("no-number")
    assert run(root, strict=True).refused
    assert not (root / "public").exists()


def test_the_command_says_which_records_are_held_and_why(region: Callable[..., Path]) -> None:
    root = region("no-number")
    command = [
        sys.executable,
        "-c",
        "from sitegen.cli import main; main()",
        "-C",
        str(root),
        "--lang",
        "zh",
        "--date",
        "2026-05-10",
        "build",
        "-j",
        "1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 条信息有错误" in done.stderr
    assert "SG206" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_build_says_that_it_waits_and_then_goes_on(region: Callable[..., Path]) -> None:
    root = region()
    store = root / "public/.store"
    store.mkdir(parents=True)
    first = FileLock(str(store / "lock"))
    first.acquire()
    said: list[str] = []

    def waits() -> None:
        said.append("waits")
        first.release()

    assert build(Options(root, root / "public", DAY, waits=waits)).built
    assert said == ["waits"]
    assert build(Options(root, root / "public", DAY, force=True, waits=waits)).built
    assert said == ["waits"]


def test_the_reasons_of_a_build_are_told_in_words() -> None:
    """Names of fields are for whoever looks for a cause; all else is Chinese where the locale is."""
    from sitegen.console import build_reasons

    why = {"230198101201": {"site/r/1/": ("head", "shows content", "title"), "site/list/": ("shows months",), "q/X/": ("new",)}}
    with CliRunner().isolation() as (stdout, *_):
        build_reasons(Result(why=why), "zh")
        lines = stdout.getvalue().decode().splitlines()
    assert lines[1:] == ["  site/r/1/: 页面说明，内容，标题", "  site/list/: 显示的内容（months）", "  q/X/: 新"]
