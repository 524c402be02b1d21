"""``sitegen check`` as a clerk and a webmaster use it: what is shown first, what is left out, what a rule is for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen import console
from sitegen.check import load_and_check
from sitegen.cli import main
from sitegen.load.catalog import load_catalog
from sitegen.load.tables import load_table
from sitegen.model.finding import Finding
from sitegen.model.rules import RULES
from tests.conftest import DATA
from tests.demo import DAY

ROOT = Path(__file__).parent.parent
TOWNSHIP = "content/townships/heping/records/2026-0001.md"


def run(root: Path, *args: str, lang: str = "zh") -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(root), "--lang", lang, "--date", DAY.isoformat(), "check", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def troubled(region: Callable[..., Path]) -> Path:
    """A region with something wrong at every level: the catalogue, the township's record and table, a village's record."""
    root = region("wrong-total")
    for kind in ("image-without-text", "unknown-deadline", "attribute-in-village"):
        shutil.copytree(DATA / "broken" / kind, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    return root


def codes(root: Path, *args: str) -> list[str]:
    return [f["code"] for f in json.loads(run(root, "--format", "json", *args)[1])]


# ---- Who has something to do


def test_the_region_comes_first_then_each_unit_with_errors_before_warnings(troubled: Path) -> None:
    code, out = run(troubled)
    shown = [m[0] for line in out.splitlines() if (m := re.match(r"(==|--) .*", line) or re.search(r"SG\d{3}", line))]
    assert shown == [
        "== 测试县：全区域 · 1 个提醒",
        "SG402",
        "== 和平镇 230198101000 · 2 个错误，1 个提醒",
        "-- 2 个错误",
        "SG211",
        "SG307",
        "-- 1 个提醒",
        "SG314",
        "== 东街村 230198101201 · 1 个错误",
        "SG312",
    ]
    assert out.endswith("\n3 个错误，2 个提醒，涉及 2 个单位\n")
    assert code == 1


def test_one_error_is_one_error_in_english(region: Callable[..., Path]) -> None:
    _, out = run(region("wrong-total"), lang="en")
    assert out.endswith("\n1 error, 0 warnings in 1 unit\n")


def test_what_was_accepted_in_writing_is_counted(region: Callable[..., Path]) -> None:
    root = region("wrong-total")
    path = root / TOWNSHIP
    entry = "accept: [{code: SG211, why: 合计含上年结转, who: 镇财政所, until: 2026-12-31}]\n"
    path.write_text(path.read_text(encoding="utf-8").replace("table:", entry + "table:"), encoding="utf-8")
    assert run(root) == (0, "0 个错误，0 个提醒；书面认可 1 条\n")
    assert run(root, "--unit", "东街村") == (0, "0 个错误，0 个提醒\n")


def test_colours_are_for_terminals_and_not_for_those_who_refuse_them(troubled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def coloured() -> bool:
        args = ["-C", str(troubled), "--lang", "zh", "check"]
        return "\x1b[" in CliRunner().invoke(main, args, color=True).output

    assert not coloured()
    monkeypatch.setattr(console, "_colour", lambda: True)
    assert coloured()
    monkeypatch.undo()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console._colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not console._colour()


# ---- Only some rules


@pytest.mark.parametrize(
    ("only", "left"),
    [
        (["SG2"], ["SG211"]),
        (["sg3,SG402"], ["SG402", "SG307", "SG314", "SG312"]),
        (["SG2", "--only", "SG31"], ["SG211", "SG314", "SG312"]),
        (["SG2，SG402"], ["SG402", "SG211"]),
        (["SG1"], []),
    ],
)
def test_only_some_rules(troubled: Path, only: list[str], left: list[str]) -> None:
    assert codes(troubled, "--only", *only) == left


def test_the_exit_code_is_that_of_what_is_shown(troubled: Path) -> None:
    assert run(troubled, "--only", "SG4")[0] == 0
    assert run(troubled, "--only", "SG4", "--fail-on", "warning")[0] == 1
    assert run(troubled, "--only", "SG2")[0] == 1


def test_what_is_left_out_is_said_lest_it_look_clean(troubled: Path) -> None:
    assert run(troubled, "--only", "SG1") == (0, "0 个错误，0 个提醒\n另有 5 条没有显示（--only、--unit、--since）\n")


def test_a_rule_that_there_is_not_is_no_clean_result(troubled: Path) -> None:
    code, out = run(troubled, "--only", "SG5,SG599")
    assert (code, out) == (2, f"没有以“SG599”开头的规则；规则分为 {', '.join(sorted({c[:3] for c in RULES}))}\n")
    assert run(troubled, "--only", ",")[0] == 2


# ---- Only some units


@pytest.mark.parametrize(
    ("units", "left"),
    [
        (["和平镇"], ["SG211", "SG307", "SG314", "SG312"]),  # with its villages
        (["230198101000"], ["SG211", "SG307", "SG314", "SG312"]),
        (["东街村"], ["SG312"]),
        (["西街村"], []),
        (["西街村", "--unit", "230198101201"], ["SG312"]),
        (["测试县"], ["SG402", "SG211", "SG307", "SG314", "SG312"]),  # with the catalogue
    ],
)
def test_only_some_units(troubled: Path, units: list[str], left: list[str]) -> None:
    assert codes(troubled, "--unit", *units) == left


def test_a_unit_that_there_is_not_names_the_nearest(troubled: Path) -> None:
    assert run(troubled, "--unit", "西接村") == (2, "没有单位“西接村”；是不是“西街村”？\n")


def test_a_unit_whose_file_cannot_be_read_says_why_it_is_not_known(region: Callable[..., Path]) -> None:
    root = region("bad-code")
    code, out = run(root, "--unit", "东街村")
    assert code == 2
    assert "没有单位“东街村”" in out
    assert "villages/heping/dongjie/unit.yml:1:7: SG105" in out
    assert codes(root, "--unit", "和平镇") == ["SG105"]  # it lies in the township's folder
    assert codes(root, "--unit", "西街村") == []


# ---- Only what is new


@pytest.mark.parametrize(
    ("since", "left"),
    [
        ("2026-05-08", ["SG211", "SG307", "SG314"]),  # the day itself counts
        ("2026-05-09", []),
        ("2026-04-02", ["SG211", "SG307", "SG314", "SG312"]),
        ("200", ["SG211", "SG307", "SG314"]),  # 2026-05-08 is 200 days before 2026-11-24
        ("199", []),
        ("99999", ["SG211", "SG307", "SG314", "SG312"]),
    ],
)
def test_only_what_was_published_lately(troubled: Path, since: str, left: list[str]) -> None:
    assert codes(troubled, "--since", since) == left


def test_a_revised_record_is_new_again(troubled: Path) -> None:
    path = troubled / TOWNSHIP
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("table:", "revision: {n: 2, on: 2026-11-20, why: 更正合计}\ntable:"), encoding="utf-8")
    assert codes(troubled, "--since", "7") == ["SG211", "SG307", "SG314"]


@pytest.mark.parametrize(("kind", "code"), [("yaml-syntax", "SG102"), ("duplicate-id", "SG301"), ("bad-code", "SG105")])
def test_what_cannot_be_read_has_no_date_and_stays(region: Callable[..., Path], kind: str, code: str) -> None:
    assert codes(region(kind), "--since", "2026-11-24") == [code]


@pytest.mark.parametrize("text", ["上周", "2026-02-30", "-3", ""])
def test_a_date_that_is_none_is_said(troubled: Path, text: str) -> None:
    assert run(troubled, f"--since={text}") == (2, f"“{text}”既不是日期（例如 2026-05-01），也不是天数（例如 30）\n")


def test_the_choices_hold_together_and_in_every_format(troubled: Path) -> None:
    choice = ["--unit", "和平镇", "--only", "SG3", "--since", "2026-05-01"]
    assert codes(troubled, *choice) == ["SG307", "SG314"]
    assert re.findall(r"title=(SG\d+)", run(troubled, "--format", "github", *choice)[1]) == ["SG307", "SG314"]
    log = json.loads(run(troubled, "--format", "sarif", *choice)[1])
    assert [r["ruleId"] for r in log["runs"][0]["results"]] == ["SG307", "SG314"]
    assert re.findall(r"SG\d{3}", run(troubled, *choice)[1]) == ["SG307", "SG314"]


# ---- What a rule is for


@pytest.mark.parametrize("code", ["SG502", "sg502", "502", " SG502 "])
def test_a_rule_is_explained(tmp_path: Path, code: str) -> None:
    exit_code, out = run(tmp_path, "--explain", code)  # needs no region
    assert exit_code == 0
    assert out.startswith("SG502 与 … 不一致：…的“…”，这里是…，那里是…\n  提醒：照常公布。\n")
    assert "内容应当对应一致" in out
    assert "查清哪边对，改正另一边" in out
    assert out.index("错误的例子") < out.index("001,张*三,700.00") < out.index("正确的例子")
    assert "accept: [{code: SG502, why: 原因, who: 谁负责, until: 2027-02-22}]" in out


def test_a_rule_is_explained_in_english(tmp_path: Path) -> None:
    _, out = run(tmp_path, "--explain", "SG502", lang="en")
    assert "must correspond in content" in out
    assert "find out from the original which is right" in out


def test_what_exposes_a_person_cannot_be_accepted_and_says_so(tmp_path: Path) -> None:
    _, out = run(tmp_path, "--explain", "SG209")
    assert "accept:" not in out
    assert out.endswith("不能书面认可。\n")


@pytest.mark.parametrize("code", sorted(RULES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_can_be_explained(tmp_path: Path, code: str, lang: str) -> None:
    exit_code, out = run(tmp_path, "--explain", code, lang=lang)
    assert exit_code == 0
    assert RULES[code].bad.splitlines()[0] in out
    assert RULES[code].good.splitlines()[0] in out
    assert not re.search(r"\{\w+\}", out)  # no placeholder is left


def test_a_rule_that_there_is_not_names_its_family(tmp_path: Path) -> None:
    code, out = run(tmp_path, "--explain", "SG599")
    assert code == 2
    assert out.startswith("没有规则 SG599；有：\n  SG50")
    assert "SG501" in run(tmp_path, "--explain", "SG5")[1]


# ---- The examples show what the rules find

IN_TABLES = ["SG203", "SG204", "SG205", "SG206", "SG207", "SG208", "SG209", "SG210", "SG211", "SG214", "SG215", "SG216", "SG217", "SG218"]
IN_HEADS = ["SG102", "SG103", "SG104", "SG105", "SG106", "SG108", "SG110", "SG111", "SG112", "SG113", "SG316"]


@pytest.mark.parametrize("code", IN_TABLES)
def test_the_examples_of_tables_are_true(tmp_path: Path, code: str) -> None:
    tables = load_catalog(ROOT, []).tables
    schema = tables["canjiren-butie" if code == "SG218" else "gengdi-butie"]

    def found(text: str) -> set[str]:
        findings: list[Finding] = []
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        load_table(tmp_path / "a.csv", "a.csv", schema, findings)
        return {f.code for f in findings}

    assert code in found(RULES[code].bad)
    if code != "SG216":  # put right by removing the table
        assert code not in found(RULES[code].good)


@pytest.mark.parametrize("code", IN_HEADS)
def test_the_examples_of_heads_are_true(region: Callable[..., Path], code: str) -> None:
    root = region()
    path = root / TOWNSHIP
    base = path.read_text(encoding="utf-8").split("---\n")[1].splitlines()

    def found(text: str) -> set[str]:
        if "---" not in text and code != "SG108":
            keys = {line.split(":")[0] for line in text.splitlines()}
            kept = [line for line in base if line.split(":")[0] not in keys and code != "SG104"]
            text = "\n".join(["---", *kept, text, "---", "正文"])
        path.write_text(text + "\n", encoding="utf-8")
        return {f.code for f in load_and_check(root, DAY, cache=False).findings}

    assert code in found(RULES[code].bad)
    assert code not in found(RULES[code].good)
