"""Whatever happens to records, villages and hosts: every code that was ever printed answers, and tells the truth."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule
from msgspec import Struct, field

from tests.ledger.county import LIST, VILLAGES, County, merge_villages

EAST, WEST = VILLAGES


class Known(Struct):
    """A record as the test remembers it, in its own words and without looking at the program."""

    unit: str
    id: str
    words: str
    rev: int = 1
    names: list[str] = field(default_factory=list)
    out: str = ""
    """The words that were released last; "" while nothing was."""
    released: int = 0
    withdrawn: bool = False
    code: str = ""


class Paper(RuleBasedStateMachine):
    """Clerks at work; after every step every paper is scanned."""

    records = Bundle("records")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-truth-"))
        self.county = County.start(self.folder / "region")
        self.known: list[Known] = []
        self.papers: set[tuple[str, int, str]] = set()
        self.number = 0
        self.host = 0
        self.merged = False
        self.parts = {EAST: 0, WEST: 0}
        """The revision of each village's part of the township's list that was released last."""
        self.corrected = False
        self.codes = {unit: self.county.code_of(unit, "230198101000/2026-0001") for unit in VILLAGES}
        self.county.path(EAST, "2026-0001").unlink()

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _next(self, stem: str) -> str:
        self.number += 1
        return f"{stem}{self.number}"

    def _unit(self, unit: str) -> str:
        return EAST if self.merged else unit

    def _save(self, record: Known) -> None:
        rev = f"revision: {{n: {record.rev}, on: 2026-11-24, why: 再次公开}}\n" if record.rev > 1 else ""
        formerly = f"formerly: [{', '.join(record.names)}]\n" if record.names else ""
        self.county.write(record.unit, record.id, record.words, rev=rev, formerly=formerly)

    @rule(target=records, unit=st.sampled_from([EAST, WEST]))
    def somebody_writes_a_record(self, unit: str) -> Known:
        record = Known(self._unit(unit), self._next("r"), self._next("甲"))
        self.known.append(record)
        self._save(record)
        return record

    @rule(record=records)
    def the_record_is_corrected(self, record: Known) -> None:
        record.words = self._next("乙")
        self._save(record)

    @rule(record=records)
    def the_record_gets_another_id(self, record: Known) -> None:
        self.county.path(record.unit, record.id).unlink()
        record.names.append(f"{record.unit}/{record.id}")
        record.id = self._next("n")
        self._save(record)

    @precondition(lambda self: not self.merged)
    @rule(record=records)
    def the_record_goes_to_the_other_village(self, record: Known) -> None:
        self.county.path(record.unit, record.id).unlink()
        record.names.append(f"{record.unit}/{record.id}")
        record.unit = WEST if record.unit == EAST else EAST
        record.id = self._next("m")
        self._save(record)

    @rule()
    def everything_is_released(self) -> None:
        self.county.release(why="更正")
        for unit in (EAST, WEST):
            if self.parts[unit] == 0 or (unit == EAST and self.corrected):
                self.parts[unit] += 1
        self.corrected = False
        for record in self.known:
            if record.withdrawn:
                if record.rev > record.released:
                    record.withdrawn, record.out, record.released = False, record.words, record.rev
                continue
            if record.released and record.out != record.words:
                record.rev = max(record.rev, record.released + 1)
            record.out, record.released = record.words, record.rev

    @rule(record=records)
    def the_record_is_withdrawn(self, record: Known) -> None:
        if record.released and not record.withdrawn:
            if record.out != record.words:
                self.everything_is_released()
            self.county.withdraw(record.code or self.county.code_of(record.unit, record.id), "重复")
            record.withdrawn = True

    @rule(record=records)
    def the_withdrawn_record_gets_a_new_revision(self, record: Known) -> None:
        if record.withdrawn:
            record.rev, record.words = record.released + 1, self._next("丙")
            self._save(record)

    @rule()
    def everything_is_printed_for_good(self) -> None:
        self.papers |= self.county.print_all()

    @rule()
    def the_township_corrects_its_list(self) -> None:
        path = self.county.root / f"{LIST}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        at = next(n for n, line in enumerate(lines) if "东街" in line)
        name, _, rest = lines[at].rpartition(",")
        lines[at] = f"{name},{float(rest) + 1:.2f}"
        self.corrected = True
        path.write_text("\n".join(line for line in lines if "合计" not in line) + "\n", encoding="utf-8")

    @precondition(lambda self: not self.merged)
    @rule()
    def the_western_village_gets_another_host(self) -> None:
        old = f"h{self.host}.example.cn" if self.host else "xijie.example.cn"
        self.host += 1
        self.county.edit(f"{VILLAGES[WEST]}/unit.yml", f"https://{old}/", f"https://h{self.host}.example.cn/")
        region = self.county.root / "region.yml"
        text = region.read_text(encoding="utf-8")
        if "hosts:" not in text:
            text += "hosts:\n"
        region.write_text(f"{text}  - {{host: {old}}}\n", encoding="utf-8")

    @precondition(lambda self: not self.merged)
    @rule()
    def the_villages_are_merged(self) -> None:
        self.everything_is_released()
        for record in self.known:
            if record.unit == WEST:
                record.names.append(f"{WEST}/{record.id}")
                record.unit, record.id = EAST, f"x{record.id}"
        merge_villages(self.county)
        text = (self.county.root / "region.yml").read_text(encoding="utf-8")
        host = f"h{self.host}.example.cn" if self.host else "xijie.example.cn"
        (self.county.root / "region.yml").write_text(
            text + ("" if "hosts:" in text else "hosts:\n") + f"  - {{host: {host}}}\n", encoding="utf-8"
        )
        self.merged = True
        self.corrected = True  # its part has other rows now

    @invariant()
    def every_paper_is_answered_with_the_truth(self) -> None:
        if not self.papers:
            return
        said = self.county.said()
        for record in self.known:
            if record.released:
                record.code = self.county.code_of(record.unit, record.id)
        by_code = {r.code: r for r in self.known if r.code}
        for code, rev, host in self.papers:
            assert (host, f"{code}-{rev}") in said, f"{host}/Q/{code}-{rev} is dead"
            headline = said[host, f"{code}-{rev}"][0]
            record = by_code.get(code)
            if record is None:
                self._part_is_right(code, rev, headline)
                continue
            if record.withdrawn and not (record.rev > record.released):
                assert headline == "这份信息已撤回"
            elif record.withdrawn:
                assert headline == "这份信息已撤回"  # until the new revision is released
            elif record.words != record.out and record.rev == record.released:
                assert headline in ("这份信息正在更正", f"这张纸已被第{record.rev}版替换")
            elif rev < record.rev:
                assert headline == f"这张纸已被第{record.rev}版替换"
            else:
                assert headline == "这张纸是现行版本"

    def _part_is_right(self, code: str, rev: int, headline: str) -> None:
        if code not in self.codes.values():
            return  # of a record that was never released under this code in this run
        unit = EAST if code == self.codes[EAST] else WEST
        if unit == WEST and self.merged:
            assert headline == "这份信息已并入新的一份"
        elif headline == "这份信息正在更正":
            assert self.corrected
        elif rev < self.parts[unit]:
            # Rows that changed since are the next revision already; only publishing waits for their release.
            newest = {self.parts[unit], self.parts[unit] + self.corrected}
            assert headline in {f"这张纸已被第{n}版替换" for n in newest}
        else:
            assert headline in ("这张纸的公示期已结束", f"这张纸已被第{rev + 1}版替换" if self.corrected else "这张纸的公示期已结束")


Paper.TestCase.settings = settings(
    max_examples=int(os.environ.get("SITEGEN_TRUTH", "6")),
    stateful_step_count=12,
    deadline=None,
    derandomize="SITEGEN_TRUTH" not in os.environ,  # the suite lives the same lives each time; the bench many others
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestPaper = Paper.TestCase
