"""Statistics of applications add up or are not shown; accounts are filed and reviewed; a village is no government."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.build import Options, build
from sitegen.check import load_and_check
from sitegen.due import due
from sitegen.model.application_figures import RESULTS, counted, mismatches, statistics
from sitegen.model.applications import APPLICANTS, Application, YearFigures
from sitegen.model.channels import Account
from sitegen.model.outreach import reports

DAY = dt.date(2026, 6, 1)
TOWN, VILLAGE = "content/townships/heping", "villages/heping/dongjie"


@st.composite
def years(draw: st.DrawFn) -> dict[str, Any]:
    """Figures of a year that add up."""
    results = draw(st.dictionaries(st.sampled_from(RESULTS), st.integers(0, 60), max_size=6))
    out = draw(st.integers(0, 9))
    total = sum(results.values()) + out
    carried = draw(st.integers(0, total))
    received = total - carried
    first = draw(st.integers(0, received))
    return {
        "year": 2025,
        "received": received,
        "carried_in": carried,
        "carried_out": out,
        "results": results,
        "applicants": dict(zip(APPLICANTS, (first, received - first), strict=True)),
        "fields": {"补贴": received} if draw(st.booleans()) and received else {},
    }


@given(years())
def test_figures_that_add_up_have_no_mismatch(year: dict[str, Any]) -> None:
    made = YearFigures.model_validate(year)
    assert list(mismatches(made, None, None)) == []
    shown = statistics([], [made], DAY)
    if shown:
        assert shown[0].received + shown[0].carried_in == shown[0].replied + shown[0].carried_out


@given(years(), st.sampled_from(["received", "carried_in", "carried_out", "applicants", "fields", "results"]), st.integers(1, 5))
def test_any_figure_that_is_off_is_found_and_its_year_is_not_shown(year: dict[str, Any], key: str, by: int) -> None:
    if isinstance(year[key], dict):
        assume(year[key])
        first = next(iter(year[key]))
        year[key][first] += by
    else:
        year[key] += by
    made = YearFigures.model_validate(year)
    assert list(mismatches(made, None, None))
    assert statistics([], [made], DAY) == ()


def test_what_a_year_carries_out_the_next_carries_in() -> None:
    before = YearFigures(year=2024, received=5, results={"予以公开": 4}, carried_out=1)
    after = YearFigures(year=2025, received=5, results={"予以公开": 5})
    assert [(m.key, m.have, m.want) for m in mismatches(after, before, None)] == [("carried_in", 0, 1)]
    right = YearFigures(year=2025, received=5, carried_in=1, results={"予以公开": 6})
    assert list(mismatches(right, before, None)) == []


def application(number: int, received: str, replied: str | None = None, **more: Any) -> Application:
    answer = {"replied": replied, "result": "予以公开"} if replied else {}
    return Application.model_validate({"number": f"2025-{number:04}", "received": received, **answer, **more})


ENTERED = [
    application(1, "2024-12-20", "2025-01-10"),
    application(2, "2025-03-03", "2025-03-20", applicant="自然人", field="征地补偿"),
    application(3, "2025-12-22", "2026-01-12", applicant="法人或其他组织", field="征地补偿"),
]


def test_a_reply_counts_in_the_year_in_which_it_was_given() -> None:
    one = counted(ENTERED, 2025, DAY)
    assert one is not None
    assert (one.received, one.carried_in, one.carried_out, one.results) == (2, 1, 1, {"予以公开": 2})
    assert one.fields == {"征地补偿": 2}
    assert list(mismatches(one, None, one)) == []
    assert [(y.year, y.received, y.replied) for y in statistics(ENTERED, [], DAY)] == [(2026, 0, 1), (2025, 2, 2), (2024, 1, 0)]


def test_figures_of_a_year_and_its_entries_say_the_same() -> None:
    one, after = counted(ENTERED, 2025, DAY), counted(ENTERED, 2026, DAY)
    fewer = YearFigures(year=2025, received=1, carried_in=1, carried_out=1, results={"予以公开": 1})
    assert [m.key for m in mismatches(fewer, None, one, after)] == ["received"]
    others = YearFigures(year=2025, received=2, carried_in=1, carried_out=1, results={"部分公开": 2})
    assert [m.key for m in mismatches(others, None, one, after)] == ["results"]
    more = YearFigures(year=2025, received=9, carried_in=1, carried_out=1, results={"予以公开": 9})
    assert list(mismatches(more, None, one, after)) == [], "only those that were carried over need be entered"
    none_left = YearFigures(year=2025, received=8, carried_in=1, results={"予以公开": 9})
    assert [(m.key, m.have, m.want) for m in mismatches(none_left, None, one, after)] == [("carried_out", 0, 1)]


def test_a_year_that_is_not_over_says_as_of_when() -> None:
    shown = statistics(ENTERED, [], DAY)
    assert [y.as_of for y in shown] == [dt.date(2026, 1, 12), None, None]


FILES = {
    "applications.yml": "years:\n  - year: 2025\n    received: 2\n    results: {予以公开: 1}\n    fields: {补贴: 2}\n",
    "apply.yml": "organ: 和平镇办公室\nways:\n  - {kind: 当面, to: 一楼窗口}\n",
    "participation.yml": "meetings:\n  - kind: 政府开放日\n    title: 看账\n    on: 2026-03-03\n    place: 镇里\n    record: 2026-0099\n",
    "channels.yml": "accounts:\n  - {name: 和平镇, platform: 微信公众号, run_by: 镇办公室}\n",
}


@pytest.fixture
def found(region: Callable[..., Path]) -> Callable[..., list[str]]:
    """Writes files of the township, or of a village, and gives what is found."""
    root = region()

    def check(where: str = TOWN, day: dt.date = DAY, **files: str) -> list[str]:
        for name, text in files.items():
            (root / where / f"{name}.yml").write_text(text, "utf-8")
        return [f"{Path(f.file).name}:{f.line} {f.code}" for f in load_and_check(root, day, cache=False).findings]

    return check


def test_what_is_sound_has_no_findings(found: Callable[..., list[str]]) -> None:
    sound = {
        "applications": FILES["applications.yml"].replace("予以公开: 1", "予以公开: 2"),
        "apply": FILES["apply.yml"],
        "participation": FILES["participation.yml"].replace("2026-0099", "2026-0001"),
        "channels": FILES["channels.yml"].replace("镇办公室}", "镇办公室, filed: 2025-03-01, reviewed: 2026-03-01}"),
    }
    assert found(**sound) == []


def test_statistics_that_do_not_add_up_are_found_at_their_line(found: Callable[..., list[str]]) -> None:
    assert found(applications=FILES["applications.yml"]) == ["applications.yml:4 SG742"]


REPORT = """\
---
kind: report
title: 2025年度报告
updated: 2026-01-20
year: 2025
figures:
  normative: {made: 0, abolished: 0, in_force: 0}
  licences: 0
  penalties: 0
  coercion: 0
  fees: 0
  applications:
    本年新收: {自然人: 2, 商业企业: 1}
    予以公开: 1
    属于国家秘密: 1
    重复申请: {商业企业: 1}
---
## 一、总体情况

正文。

## 五、存在的主要问题和改进情况

正文。

## 六、其他需要报告的事项

正文。
"""


def test_figures_that_are_not_those_of_the_report(region: Callable[..., Path]) -> None:
    root = region()
    (root / TOWN / "pages/report-2025.md").write_text(REPORT, "utf-8")
    year = "years:\n  - year: 2025\n    received: 3\n    results: {予以公开: 1, 不予公开: 1, 不予处理: 1}\n"
    for text, expected in ((year, []), (year.replace("不予公开", "部分公开"), ["applications.yml:4 SG742"])):
        (root / TOWN / "applications.yml").write_text(text, "utf-8")
        findings = load_and_check(root, DAY, cache=False).findings
        assert [f"{Path(f.file).name}:{f.line} {f.code}" for f in findings if f.code != "SG754"] == expected
    (root / TOWN / "applications.yml").unlink()
    checked = load_and_check(root, DAY, cache=False)
    (one,) = statistics([], reports(checked.region.units["230198101000"]), DAY)
    assert (one.received, one.replied) == (3, 3)
    assert dict(one.results) | {"不予公开": 1, "不予处理": 1} == dict(one.results)
    assert one.applicants == (("自然人", 2), ("法人或其他组织", 1))


def test_a_field_that_the_catalogue_does_not_have(found: Callable[..., list[str]]) -> None:
    years = FILES["applications.yml"].replace("予以公开: 1", "予以公开: 2").replace("补贴: 2", "补帖: 2")
    assert found(applications=years) == ["applications.yml:5 SG743"]
    entry = (
        "applications:\n  - number: 2026-0001\n    received: 2026-05-06\n    field: 土地\n    replied: 2026-05-07\n    result: 予以公开\n"
    )
    assert found(applications=entry) == ["applications.yml:4 SG743"]


def test_a_year_stands_once(found: Callable[..., list[str]]) -> None:
    year = "  - {year: 2025, received: 1, results: {予以公开: 1}}\n"
    assert found(applications="years:\n" + 2 * year) == ["applications.yml:3 SG744"]


def test_a_meeting_names_a_record_that_is_there_and_has_an_outcome(found: Callable[..., list[str]]) -> None:
    assert found(participation=FILES["participation.yml"]) == ["participation.yml:6 SG747"]
    assert found(participation=FILES["participation.yml"].replace("    record: 2026-0099\n", "")) == ["participation.yml:2 SG748"]
    fresh = FILES["participation.yml"].replace("    record: 2026-0099\n", "").replace("2026-03-03", "2026-05-20")
    assert found(participation=fresh) == []


def test_accounts_are_filed_and_reviewed_every_year(found: Callable[..., list[str]]) -> None:
    assert found(channels=FILES["channels.yml"]) == ["channels.yml:2 SG745"]
    filed = FILES["channels.yml"].replace("镇办公室}", "镇办公室, filed: 2023-03-01, reviewed: 2025-03-01}")
    assert found(channels=filed) == ["channels.yml:2 SG746"]
    assert found(channels=filed.replace("2025-03-01}", "2025-03-01, stopped: 2026-01-01}")) == []


@given(st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)), st.integers(1, 800))
def test_a_review_holds_to_its_last_day(filed: dt.date, days: int) -> None:
    account = Account.model_validate({"name": "号", "platform": "微博", "run_by": "办公室", "filed": filed})
    last = filed + dt.timedelta(days)
    assert account.until(days) == last
    assert account.state(last, days) == "running"
    assert account.state(last + dt.timedelta(1), days) == "due"


@pytest.mark.parametrize("name", ["apply", "participation"])
def test_a_village_is_no_government(found: Callable[..., list[str]], name: str) -> None:
    files = {name: FILES[f"{name}.yml"].replace("    record: 2026-0099\n", "").replace("2026-03-03", "2026-05-20")}
    assert found(VILLAGE, **files) == [f"{name}.yml:1 SG741"]


def test_a_personal_number_in_these_files_is_found(found: Callable[..., list[str]]) -> None:
    assert found(apply=FILES["apply.yml"].replace("一楼窗口", "找11010519491231002X")) == ["apply.yml:3 SG801"]


def test_a_file_with_a_mistake_keeps_what_was_published_and_stops_nothing_else(region: Callable[..., Path], tmp_path: Path) -> None:
    root, out = region(), tmp_path / "public"
    for name, text in FILES.items():
        sound = (
            text.replace("予以公开: 1", "予以公开: 2").replace("2026-0099", "2026-0001").replace("办公室}", "办公室, filed: 2026-03-01}")
        )
        (root / TOWN / name).write_text(sound, "utf-8")
    build(Options(root, out, DAY))
    page = out / "ce.example.cn/heping"
    before = {name: (page / name / "index.html").read_text("utf-8") for name in ("apply", "apply/statistics", "participation", "channels")}
    (root / TOWN / "apply.yml").write_text("organ: 办\nways: [{kind: 飞鸽, to: 屋顶}]\n", "utf-8")
    (root / TOWN / "applications.yml").write_text(FILES["applications.yml"], "utf-8")
    (root / TOWN / "participation.yml").write_text("matters: 三件\n", "utf-8")
    (root / TOWN / "channels.yml").write_text("accounts: [", "utf-8")
    record = root / TOWN / "records/2026-0001.md"
    record.write_text(record.read_text("utf-8").replace("予以公示", "张榜公示"), "utf-8")
    result = build(Options(root, out, DAY))
    assert not result.refused
    assert {Path(name).name for name, _ in result.held} == set(FILES)
    for name, text in before.items():
        assert (page / name / "index.html").read_text("utf-8") == text, name
    assert "张榜公示" in (page / "r/2026-0001/index.html").read_text("utf-8")


def test_reviews_and_outcomes_are_among_what_is_due(region: Callable[..., Path]) -> None:
    root = region()
    (root / TOWN / "channels.yml").write_text(FILES["channels.yml"].replace("办公室}", "办公室, filed: 2025-06-20}"), "utf-8")
    meeting = FILES["participation.yml"].replace("    record: 2026-0099\n", "").replace("2026-03-03", "2026-05-20")
    (root / TOWN / "participation.yml").write_text(meeting, "utf-8")
    _, found = due(root, DAY, 30, "和平镇")
    told = {(d.date.isoformat(), d.kind, d.what, d.organ) for d in found}
    assert ("2026-06-21", "review", "和平镇", "镇办公室") in told
    assert ("2026-06-19", "result", "看账", "和平镇人民政府") in told
