"""A small county on disk whose clerks release, correct, rename, move, merge and withdraw: what tests do to it, as people would."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from sitegen import ledger as files
from sitegen import release
from sitegen.check import load_and_check
from sitegen.check.releases import Releases
from sitegen.check.run import Checked
from sitegen.check.scope import Scope
from sitegen.contents import fill, for_web, job
from sitegen.model.holding import quarantine
from sitegen.site.codes import q_pages
from sitegen.view import plan
from sitegen.visible import visible_statement

DATA = Path(__file__).parent.parent / "data" / "base"
DAY = dt.date(2026, 11, 24)
VILLAGES = {"230198101201": "villages/heping/dongjie", "230198101202": "villages/heping/xijie"}
TOWNSHIP = "230198101000"
LIST = "content/townships/heping/records/2026-0001"


class County(Struct):
    """The region's folder, and what its people do."""

    root: Path
    day: dt.date = DAY

    @staticmethod
    def start(root: Path) -> County:
        shutil.copytree(DATA, root)
        return County(root)

    # ---- files

    def write(self, unit: str, id: str, words: str, *, rev: str = "", formerly: str = "") -> None:
        folder = self.root / VILLAGES[unit] / "records"
        folder.mkdir(exist_ok=True)
        head = f"id: {id}\ntitle: 决议{words}\nitem: CW-02\nissuer: zf\nscope: 全体村民\nformed: 2026-04-01\npublished: 2026-04-02\n"
        (folder / f"{id}.md").write_text(f"---\n{head}{rev}{formerly}---\n会议决定：{words}。\n", encoding="utf-8")

    def path(self, unit: str, id: str) -> Path:
        return self.root / VILLAGES[unit] / "records" / f"{id}.md"

    def edit(self, path: Path | str, old: str, new: str) -> None:
        path = self.root / path
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def rename(self, unit: str, name: str) -> None:
        """The village is called otherwise; tables may go on calling it as before."""
        path = self.root / VILLAGES[unit] / "unit.yml"
        old = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("name: ")).removeprefix("name: ")
        self.edit(path, f"name: {old}\n", f"name: {name}\n")
        self.alias(unit, old)

    def alias(self, unit: str, name: str) -> None:
        """Another name by which tables may call the village."""
        path = self.root / VILLAGES[unit] / "unit.yml"
        if "aliases: [" in path.read_text(encoding="utf-8"):
            self.edit(path, "aliases: [", f"aliases: [{name}, ")
        else:
            self.edit(path, "site:", f"aliases: [{name}]\nsite:")

    # ---- commands

    def checked(self) -> Checked:
        return load_and_check(self.root, self.day)

    def codes(self) -> list[str]:
        """Codes of findings, with the file where it is not a record's."""
        return [f.code for f in self.checked().findings if f.severity.value != "info"]

    @classmethod
    def corrected(cls, folder: Path) -> County:
        """One whose list was released twice, the second time with another amount."""
        county = cls.start(folder)
        county.release()
        county.edit(f"{LIST}.csv", "合计,,,38.50,2733.50\n", "")
        county.edit(f"{LIST}.csv", "745.50", "745.00")
        county.release(why="更正金额")
        return county

    def release(self, why: str = "") -> release.Noted:
        """Release everything; what asks for a reason gets ``why``, or stays."""
        prepared = release.prepare(self.root, self.day, release.Choice())
        if why:
            for proposals in prepared.proposals.values():
                for proposal in proposals:
                    if proposal.action == "ask":
                        release.give_reason(self.root, proposal, why, self.day)
            prepared = release.prepare(self.root, self.day, release.Choice())
        return release.write(prepared, self.day)

    def withdraw(self, name: str, why: str) -> None:
        prepared = release.prepare(self.root, self.day, release.Choice())
        assert release.withdraw(prepared, name, why, self.day) is not None

    def print_all(self) -> set[tuple[str, int, str]]:
        """Print every released record for good: (code, revision, host) of the papers."""
        checked = self.checked()
        releases = Releases(Scope(checked.region, checked.matters, self.day))
        papers, prints = set(), []
        for unit in checked.region.units.values():
            host = unit.data.site.url.split("/")[2]
            for one in releases.of_unit(unit):
                if one.state == "released":
                    prints.append(release.Print(unit.code, one.code, one.rev, "A3", 1))
                    papers.add((one.code, one.rev, host))
        release.note_prints(checked.region, prints, self.day)
        return papers

    def code_of(self, unit: str, name: str) -> str:
        checked = self.checked()
        return Releases(Scope(checked.region, checked.matters, self.day)).binding.codes[unit, name]

    # ---- what a scanned code says

    def said(self) -> Mapping[tuple[str, str], tuple[str, str, str]]:
        """(host, ``CODE-REV``) → (headline, detail, title), of every page of codes that the sites have."""
        checked = self.checked()
        held, _ = quarantine(checked.region, checked.matters, checked.findings)
        made = plan(checked.region, checked.matters, self.day, held)
        found: dict[tuple[str, str], tuple[str, str, str]] = {}
        for code in made.views:
            view = for_web(fill(job(checked.region, made, code), checked.region.catalog))
            for page in q_pages(view):
                said = visible_statement(page.html)
                for host, path in view.q_places:
                    if said is not None and "-" in page.path:
                        assert path == "Q"
                        assert (host, page.path) not in found, "two units answer for one code"
                        found[host, page.path] = said
        return found

    def page(self, name: str) -> str:
        """The HTML of a code's page."""
        checked = self.checked()
        made = plan(checked.region, checked.matters, self.day)
        for code in made.views:
            for page in q_pages(for_web(fill(job(checked.region, made, code), checked.region.catalog))):
                if page.path == name:
                    return page.html
        raise KeyError(name)


def merge_villages(county: County) -> None:
    """西街村 is merged into 东街村: its records and its ledger move, its folder goes."""
    east, west = VILLAGES.values()
    root = county.root
    for path in sorted((root / west / "records").glob("*.md")) if (root / west / "records").is_dir() else []:
        id = path.stem
        text = path.read_text(encoding="utf-8").replace(f"id: {id}\n", f"id: x{id}\n", 1)
        known = re.search(r"^formerly: \[(.*)\]\n", text, re.MULTILINE)
        refs = [*(known[1].split(", ") if known else []), f"230198101202/{id}"]
        refs = [r if "/" in r else f"230198101202/{r}" for r in refs]
        text = re.sub(r"^formerly: .*\n", "", text, flags=re.MULTILINE)
        text = text.replace("formed:", f"formerly: [{', '.join(refs)}]\nformed:", 1)
        (root / east / "records").mkdir(exist_ok=True)
        (root / east / "records" / f"x{id}.md").write_text(text, encoding="utf-8")
    if (root / west / files.FILE).exists():
        files.merge(root / east, root / west / files.FILE, county.day)
    shutil.rmtree(root / west)
    county.edit(f"{east}/unit.yml", "site:", 'succeeds: ["230198101202"]\nsite:')
    county.alias("230198101201", "西街村")
