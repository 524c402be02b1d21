"""The ledger's file: nothing can be changed unseen, nothing that was said to be done is lost, branches join."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import ledger as files
from sitegen.model.canonical import Form
from sitegen.model.ledger import Entry, fold

DAY = dt.date(2026, 11, 24)


def bound(code: str, name: str = "2026-0001", on: dt.date = DAY) -> Entry:
    return Entry("bound", on, code, {"unit": "230198101201", "name": name})


def printed(code: str, rev: int = 1, on: dt.date = DAY) -> Entry:
    return Entry("printed", on, code, {"rev": rev, "paper": "A3", "pages": 1, "base": "https://ce.example.cn/"})


def released(code: str, rev: int, digest: str, on: dt.date = DAY) -> Entry:
    data = {
        "rev": rev,
        "digest": digest,
        "parts": ["a", "b", "c", "d"],
        "basis": "x",
        "object": "",
        "title": "标题",
        "base": "https://ce.example.cn/",
    }
    return Entry("released", on, code, data)


def ledger(folder: Path, *entries: Entry) -> bytes:
    folder.mkdir(exist_ok=True)
    for entry in entries:
        files.append(folder, [entry])
    return (folder / files.FILE).read_bytes()


CODES = tuple(f"{n:010}" for n in range(8))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return ledger(tmp_path_factory.mktemp("whole"), *(bound(c, f"2026-{c}") for c in CODES))


@given(st.data())
def test_no_byte_can_be_changed_unseen(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 2))
    other = data.draw(st.integers(0, 255).filter(lambda b: b != whole[at]))
    changed = whole[:at] + bytes([other]) + whole[at + 1 :]
    opened = files.parse(changed)
    assert opened.problems or opened.lines != files.parse(whole).lines


@given(st.data())
def test_no_line_can_be_taken_out_of_the_middle_unseen(whole: bytes, data: st.DataObject) -> None:
    lines = whole.splitlines(keepends=True)
    out = data.draw(st.integers(0, len(lines) - 2))
    opened = files.parse(b"".join(lines[:out] + lines[out + 1 :]))
    assert [p.kind for p in opened.problems] == ["orphan"]


def test_windows_line_ends_change_nothing(whole: bytes) -> None:
    assert files.parse(whole.replace(b"\n", b"\r\n")).problems == ()


def test_a_torn_last_line_is_put_aside_and_the_next_release_goes_on(tmp_path: Path) -> None:
    before = ledger(tmp_path, bound(CODES[0]))
    path = tmp_path / files.FILE
    path.write_bytes(before + b'{"id":"5f0c')
    assert [p.kind for p in files.read(path).problems] == ["torn"]
    files.append(tmp_path, [bound(CODES[1])])
    assert files.read(path).problems == ()
    assert path.read_bytes().startswith(before)
    assert (tmp_path / "ledger.jsonl.torn").read_bytes() == b'{"id":"5f0c\n'


def test_nothing_is_added_to_a_ledger_that_was_changed(tmp_path: Path) -> None:
    before = ledger(tmp_path, bound(CODES[0]), bound(CODES[1]))
    path = tmp_path / files.FILE
    path.write_bytes(before.replace(b"2026-11-24", b"2026-11-25", 1))
    changed = path.read_bytes()
    with pytest.raises(files.Damaged):
        files.append(tmp_path, [printed(CODES[0])])
    assert path.read_bytes() == changed


def test_whoever_decided_on_an_older_state_is_told(tmp_path: Path) -> None:
    ledger(tmp_path, bound(CODES[0]))
    seen = fold(files.read(tmp_path / files.FILE).lines).heads
    files.append(tmp_path, [printed(CODES[0])])
    with pytest.raises(files.Moved):
        files.append(tmp_path, [printed(CODES[0], 2)], seen)


def _branches(tmp_path: Path) -> tuple[Path, Path]:
    a, b = tmp_path / "a", tmp_path / "b"
    start = ledger(a, bound(CODES[0]), released(CODES[0], 1, "one"))
    b.mkdir()
    (b / files.FILE).write_bytes(start)
    ledger(a, printed(CODES[0]), bound(CODES[1], "2026-0002"))
    ledger(b, released(CODES[0], 2, "two"))
    return a, b


def test_two_branches_are_joined_by_one_line_that_names_both(tmp_path: Path) -> None:
    a, b = _branches(tmp_path)
    added, heads = files.merge(a, b / files.FILE, DAY)
    assert (added, len(heads)) == (1, 2)
    opened = files.read(a / files.FILE)
    assert opened.problems == ()
    assert opened.lines[-1].entry.kind == "merged"
    assert set(opened.lines[-1].after) == set(heads)
    state = fold(opened.lines)
    assert len(state.heads) == 1
    assert state.histories[CODES[0]].newest_rev == 2
    assert state.histories[CODES[0]].printed
    assert files.merge(a, b / files.FILE, DAY) == (0, state.heads)


def test_which_side_is_joined_to_which_makes_no_difference(tmp_path: Path) -> None:
    a, b = _branches(tmp_path / "x" if (tmp_path / "x").mkdir() is None else tmp_path)
    c, d = _branches(tmp_path / "y" if (tmp_path / "y").mkdir() is None else tmp_path)
    files.merge(a, b / files.FILE, DAY)
    files.merge(d, c / files.FILE, DAY)
    one, other = (fold(files.read(p / files.FILE).lines) for p in (a, d))
    assert one.heads == other.heads
    assert {c: h.revisions for c, h in one.histories.items()} == {c: h.revisions for c, h in other.histories.items()}


def test_the_marks_of_a_conflict_are_taken_out(tmp_path: Path) -> None:
    a, b = _branches(tmp_path)
    mine, theirs = ((p / files.FILE).read_text(encoding="utf-8").splitlines(keepends=True) for p in (a, b))
    text = "".join(mine[:2]) + "<<<<<<< HEAD\n" + "".join(mine[2:]) + "=======\n" + "".join(theirs[2:]) + ">>>>>>> other\n"
    (a / files.FILE).write_text(text, encoding="utf-8")
    assert {p.kind for p in files.read(a / files.FILE).problems} == {"conflict"}
    files.merge(a, None, DAY)
    opened = files.read(a / files.FILE)
    assert opened.problems == ()
    assert len(opened.lines) == 6


def test_one_revision_with_two_contents_is_a_clash(tmp_path: Path) -> None:
    a, b = _branches(tmp_path)
    ledger(a, released(CODES[0], 2, "other"))
    files.merge(a, b / files.FILE, DAY)
    (clash,) = fold(files.read(a / files.FILE).lines).clashes
    assert (clash.code, clash.rev) == (CODES[0], 2)


def test_a_kept_content_that_was_changed_is_not_believed(tmp_path: Path) -> None:
    form = Form((("标题", "种粮补贴"),), "正文", ("户主", "金额（元）"), (False, True), (("张*三", "745.50"),), ("", "745.50"))
    name = files.keep(tmp_path, form)
    assert files.keep(tmp_path, form) == name
    assert files.kept(tmp_path, name) == form
    assert files.kept(tmp_path, "0" * 32) is None
    place = tmp_path / files.OBJECTS / f"{name}.json.gz"
    place.write_bytes(place.read_bytes()[:-6])
    with pytest.raises(ValueError, match="unpacked"):
        files.kept(tmp_path, name)
    files.forget(tmp_path, name)
    assert files.kept(tmp_path, name) is None


WRITER = """
import sys, datetime as dt
from pathlib import Path
from sitegen import ledger as files
from sitegen.model.ledger import Entry
for n in range(10_000):
    heads = files.append(Path(sys.argv[1]), [Entry("printed", dt.date(2026, 11, 24), "0000000000", {"rev": n, "paper": "A3", "pages": 1, "base": ""})])
    sys.stdout.write(heads[0] + "\\n"); sys.stdout.flush()
"""


def acknowledged_before_kill(folder: Path, after: float) -> list[str]:
    """Ids that a writer said to be written before it was killed."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    first = writer.stdout.readline()
    time.sleep(after)
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate()
    return [line for line in (first + rest).split("\n") if len(line) == 32]


@pytest.mark.skipif(os.name == "nt", reason="processes are killed in another way there")
def test_a_kill_loses_no_line_that_was_said_to_be_written(tmp_path: Path) -> None:
    chance = random.Random(7)
    said: list[str] = []
    for _ in range(6):
        said += acknowledged_before_kill(tmp_path, chance.uniform(0.0, 0.03))
    files.append(tmp_path, [bound("0000000000")])
    opened = files.read(tmp_path / files.FILE)
    assert opened.problems == ()
    assert set(said) <= {line.id for line in opened.lines}
    assert len(fold(opened.lines).heads) == 1


def _write_many(folder: str) -> None:
    for n in range(10):
        files.append(Path(folder), [printed("0000000000", n)])


def test_runs_at_the_same_time_stand_in_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(str(tmp_path),)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    opened = files.read(tmp_path / files.FILE)
    assert opened.problems == ()
    assert len(opened.lines) == 30
    assert all(line.after == (opened.lines[n - 1].id,) for n, line in enumerate(opened.lines) if n)
