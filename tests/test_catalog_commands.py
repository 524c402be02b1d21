"""``sitegen catalog``: coverage, diff, export, import, as a clerk runs them, and what they say when it cannot be done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from sitegen.check import load_and_check
from sitegen.cli import main
from tests.demo import DAY, ROOT

Make = Callable[..., Path]
FIELDS = "content/catalog/fields/01-butie.yml"
ITEMS = sum(path.read_text(encoding="utf-8").count("\n  - id: ") for path in (ROOT / "content/catalog").glob("[fv]*/*.yml"))


def run(root: Path, *args: object, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["-C", str(root), "--date", "2026-11-24", "--lang", lang, "catalog", *map(str, args)])


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def cell(path: Path, place: str, value: str) -> None:
    book = openpyxl.load_workbook(path)
    book.worksheets[0][place] = value
    book.save(path)


# ---- coverage


def test_coverage_is_a_table_of_units_and_fields(region: Make) -> None:
    lines = run(region(), "coverage").output.splitlines()
    assert [line for line in lines if "补贴" in line] == ["│ 补贴   │    0/2 │", "│ 补贴   │    1/2 │"]
    assert any("东街村" in line and "西街村" in line for line in lines)
    assert any("村务" in line and "2/2" in line and "1/2" in line for line in lines)


def test_coverage_of_one_unit_names_what_is_missing(region: Make) -> None:
    result = run(region(), "coverage", "--unit", "和平镇")
    assert result.exit_code == 0
    assert "补贴: no record of BT-02 补贴政策" in result.output
    assert "东街村" not in result.output


def test_coverage_for_programs(region: Make) -> None:
    rows = json.loads(run(region(), "coverage", "--format", "json").output)
    assert {(r["unit_name"], r["field"], r["owed"]) for r in rows} >= {("和平镇", "BT", 2), ("东街村", "CW", 2)}
    assert next(r for r in rows if r["unit_name"] == "和平镇")["missing"] == ["BT-02"]


def test_many_units_and_fields_are_broken_into_tables_that_fit() -> None:
    lines = run(ROOT, "coverage").output.splitlines()
    assert sum(1 for line in lines if "大河村" in line) >= 2  # a line in each of the villages' tables
    assert all(sum(2 if ord(c) > 0x2E7F else 1 for c in line.rstrip()) <= 120 for line in lines)
    assert sum(1 for line in lines if "…" in line) == 0


# ---- diff


def test_every_kind_of_change_is_told(region: Make, tmp_path: Path) -> None:
    root = region()
    later = tmp_path / "later"
    shutil.copytree(root / "content/catalog", later)
    fields = later / "fields/01-butie.yml"
    replace(fields, "  - id: BT-01\n", "  - id: BT-11\n    formerly: [BT-01]\n")
    replace(fields, 'channels: [政府网站, "社区/企事业单位/村公示栏(电子屏)"]', "channels: [政府网站, 精准推送]")
    replace(fields, "name: 补贴政策", "name: 补贴政策文件")
    replace(fields, "deadline: 及时公开", "deadline: 每月")
    village = later / "village/1-cunwu.yml"
    replace(village, "  - id: CW-02\n    group: 决议\n    name: 村民会议决议\n", "  - id: CW-03\n    group: 决议\n    name: 村务监督\n")
    replace(village, "elements: [决议事项]", "elements: [监督委员会成员, 工作情况]")
    result = run(root, "diff", root, later)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "补贴",
        "  ~ BT-01 种粮补贴 is BT-11 种粮补贴 now (1 records, 1 left behind under BT-01)",
        "      公开渠道和载体: now also «精准推送»",
        "      公开渠道和载体: no longer «社区/企事业单位/村公示栏(电子屏)»",
        "  ~ BT-02 补贴政策 is called 补贴政策文件 now (0 records)",
        "      公开时限: «及时公开» is now «每月»",
        "村务",
        "  + CW-03 村务监督 is new (0 records)",
        "  - CW-02 村民会议决议 is gone (1 records, 1 left behind under CW-02)",
        "1 added, 1 removed, 2 renamed, 0 changed",
    ]
    changes = json.loads(run(root, "diff", root, later, "--format", "json").output)
    assert [(c["kind"], c["id"], c["former_id"], c["by"], c["records"], c["left_behind"]) for c in changes] == [
        ("renamed", "BT-11", "BT-01", "formerly", 1, 1),
        ("renamed", "BT-02", "BT-02", "id", 0, 0),
        ("added", "CW-03", None, None, 0, None),
        ("removed", "CW-02", None, None, 1, 1),
    ]
    assert changes[0]["cells"][0]["added"] == ["精准推送"]


def test_an_item_that_says_the_same_under_another_id_is_probably_renamed(region: Make, tmp_path: Path) -> None:
    root = region()
    later = tmp_path / "later"
    shutil.copytree(root / "content/catalog", later)
    replace(later / "fields/01-butie.yml", "  - id: BT-01\n", "  - id: BT-07\n")
    replace(later / "fields/01-butie.yml", "elements: [发放对象, 面积和金额]", "elements: [发放对象, 面积和金额合计]")
    output = run(root, "diff", root, later).output
    assert (
        "~ BT-01 种粮补贴 is probably BT-07 种粮补贴 now; if so, write formerly: [BT-01] there (1 records, 1 left behind under BT-01)"
        in output
    )
    assert "公开内容(要素): now also «面积和金额合计»" in output


def test_tables_are_compared_as_folders_are(region: Make, tmp_path: Path) -> None:
    root = region()
    one, two = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    assert run(root, "export", one).exit_code == 0
    shutil.copy(one, two)
    cell(two, "F4", "每季度")
    assert run(root, "diff", root, one).output.splitlines() == ["0 added, 0 removed, 0 renamed, 0 changed"]
    for before in (root, one):
        lines = run(root, "diff", before, two).output.splitlines()
        assert lines == [
            "补贴",
            "  * BT-01 种粮补贴 (1 records)",
            "      公开时限: «自信息形成或者变更之日起20个工作日内» is now «每季度»",
            "0 added, 0 removed, 0 renamed, 1 changed",
        ]


def test_without_a_region_no_records_are_counted(region: Make, tmp_path: Path) -> None:
    root = region()
    later = tmp_path / "later"
    shutil.copytree(root / "content/catalog/fields", later / "fields")  # no laws.yml, no tables
    replace(later / "fields/01-butie.yml", "deadline: 及时公开", "deadline: 每月")
    output = run(tmp_path, "diff", root, later).output
    assert "  * BT-02 补贴政策\n      公开时限: «及时公开» is now «每月»" in output
    assert "公开依据" not in output
    assert "- CW-01 种粮补贴名单 is gone\n" in output


def test_what_is_no_catalogue_is_said(region: Make, tmp_path: Path) -> None:
    root = region()
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run(root, "diff", root, empty)
    assert result.exit_code == 2
    assert "there is no field of a catalogue" in result.output
    assert run(root, "diff", root, tmp_path / "none").exit_code == 2


# ---- export and import


def test_a_unit_gets_what_it_owes(region: Make, tmp_path: Path) -> None:
    root = region()
    text = '    name: 补贴政策\n    adjustments:\n      - {unit: "230198101000", change: 公开时限为10日, why: 镇里有规定, reviewer: 公开办, on: 2026-02-10}\n'
    replace(root / FIELDS, "    name: 补贴政策\n", text)
    path = tmp_path / "镇.xlsx"
    assert run(root, "export", path, "--unit", "和平镇").output == f"2 items of 1 fields in {path}\n"
    [page] = openpyxl.load_workbook(path).worksheets
    assert page["A1"].value == "和平镇补贴领域基层政务公开标准目录"
    assert page["A6"].value == "注：补贴政策：公开时限为10日（镇里有规定；公开办，2026-02-10）"
    assert run(root, "export", path, "--unit", "东街村").output == f"2 items of 1 fields in {path}\n"
    assert run(root, "export", path, "--field", "村务", "--field", "BT").output == f"4 items of 2 fields in {path}\n"


def test_what_cannot_be_exported_is_said(region: Make, tmp_path: Path) -> None:
    root = region()
    for args, text in (
        (["--unit", "无此村"], "there is no unit «无此村»"),
        (["--field", "XX"], "there is no field «XX» in the catalogue"),
    ):
        result = run(root, "export", tmp_path / "x.xlsx", *args)
        assert (result.exit_code, text in result.output) == (2, True)
    assert run(root, "export", tmp_path / "none" / "x.xlsx").exit_code == 2
    replace(root / FIELDS, "lead: ", "leader: ")
    result = run(root, "export", tmp_path / "x.xlsx")
    assert result.exit_code == 1
    assert "SG103" in result.output
    assert not (tmp_path / "x.xlsx").exists()


def test_the_demo_is_exported_imported_and_checked(tmp_path: Path) -> None:
    """Out of one region and into another: the files that the import writes are a catalogue that the checks accept."""
    path = tmp_path / "目录.xlsx"
    assert run(ROOT, "export", path).exit_code == 0
    result = run(ROOT, "import", path, "-o", tmp_path / "catalog")
    assert result.exit_code == 0
    assert result.output.endswith(f"{ITEMS} items: {ITEMS} keep their ids, 0 are new\n")
    other = tmp_path / "region"
    for part in ("content", "villages"):
        shutil.copytree(ROOT / part, other / part)
    shutil.copy(ROOT / "region.yml", other)
    shutil.copytree(tmp_path / "catalog", other / "content" / "catalog", dirs_exist_ok=True)
    assert [f.message("en") for f in load_and_check(other, DAY, cache=False).findings] == []
    assert run(ROOT, "diff", ROOT, other).output.splitlines()[-1] == "0 added, 0 removed, 0 renamed, 0 changed"


def test_files_are_replaced_only_when_asked(region: Make, tmp_path: Path) -> None:
    root = region()
    path = tmp_path / "目录.xlsx"
    run(root, "export", path)
    cell(path, "F5", "每月")
    folder = root / "content" / "catalog"
    before = (root / FIELDS).read_text(encoding="utf-8")
    result = run(root, "import", path, "-o", folder)
    assert result.exit_code == 2
    assert "exists; nothing was written. --force replaces it." in result.output
    assert (root / FIELDS).read_text(encoding="utf-8") == before
    assert run(root, "import", path, "-o", folder, "--force").exit_code == 0
    assert load_and_check(root, DAY, cache=False).findings == ()
    after = load_and_check(root, DAY, cache=False).region.catalog.items
    assert after["BT-02"].deadline.written == "每月"
    assert after["BT-01"].counterpart is not None


def test_nothing_is_written_while_there_is_an_error(region: Make, tmp_path: Path) -> None:
    root = region()
    path = tmp_path / "目录.xlsx"
    run(root, "export", path)
    cell(path, "G5", "")
    result = run(root, "import", path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "目录.xlsx#补贴:5:7: SG423 nothing is given under «公开主体»" in result.output
    assert "1 errors: nothing was written." in result.output
    assert not (tmp_path / "out").exists()


def test_new_laws_are_laid_aside_for_a_person(region: Make, tmp_path: Path) -> None:
    root = region()
    path = tmp_path / "目录.xlsx"
    run(root, "export", path)
    cell(path, "E5", "《某县补贴办法》（某政发〔2020〕3号）\n《某县补贴细则》")
    result = run(root, "import", path, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert "SG426 《某县补贴办法》 is not in laws.yml" in result.output
    text = (tmp_path / "out" / "laws-new.yml").read_text(encoding="utf-8")
    assert "name: 某县补贴办法\n    number: 某政发〔2020〕3号\n    kind:\n    organ:\n    checked_on:\n" in text
    assert "name: 某县补贴细则\n    kind:\n" in text


def test_imports_that_cannot_be_done_are_said(region: Make, tmp_path: Path) -> None:
    root = region()
    path = tmp_path / "a.xlsx"
    path.write_text("no workbook")
    for args in ((path, "-o", tmp_path / "out"), (tmp_path / "none.xlsx", "-o", tmp_path / "out"), (path,)):
        result = run(root, "import", *args)
        assert result.exit_code in (1, 2)
        assert "Traceback" not in result.output
    assert run(tmp_path, "import", path, "-o", tmp_path / "out").exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["coverage", "export", "import", "diff"])
def test_help_is_there(command: str) -> None:
    assert run(ROOT, command, "--help").exit_code == 0
