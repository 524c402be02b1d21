"""The supervision committee, focus fields, assurance and supervision: what is wrong is told at its line, and what cannot be read is kept as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check import load_and_check
from sitegen.check.parts import check_by_parts
from sitegen.holding import quarantine
from sitegen.model.views import UnitView
from sitegen.view import plan
from tests.demo import DAY

COMMITTEE = """members:
  - {post: 主任, name: 王*山}
reviews:
  - {month: 2026-09, on: 2026-10-09, what: 票据12张}
  - {month: 2026-10, on: 2026-11-05, what: 票据9张}
"""
ASSURANCE = """responsible:
  - {body: 县政府办公室, role: 主管}
schemes:
  - {year: 2026, name: 年度考核, weight: 4, parts: [{name: 主动公开, points: 60}, {name: 更新, points: 40}]}
scores:
  - {year: 2025, published: 2026-02-10, scores: [{unit: "230198101000", score: 93.5}, {name: 县民政局, score: 90}]}
evaluations:
  - {year: 2026, name: 社会评议, from: 2026-09-01, until: 2026-09-20, sent: 100, returned: 90, asked: [{ask: 及时吗, answers: {是: 80, 否: 10}}]}
inspections:
  - {date: 2026-10-28, title: 检查通报, by: 县政府办公室}
"""
VILLAGE, COUNTY = "villages/heping/dongjie/committee.yml", "content/county/assurance.yml"


def lay(root: Path, files: dict[str, str]) -> Path:
    for name, text in ({VILLAGE: COMMITTEE, COUNTY: ASSURANCE} | files).items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def found(root: Path) -> list[str]:
    findings = load_and_check(root, DAY, cache=False).findings
    assert set(findings) == set(check_by_parts(root, DAY).findings)
    return [f"{f.file}:{f.line}: {f.code} {f.message('en')}" for f in findings]


def views(root: Path, previous: dict[str, UnitView] | None = None) -> dict[str, UnitView]:
    checked = load_and_check(root, DAY, cache=False)
    held, _ = quarantine(checked.region, checked.matters, checked.findings)
    return dict(plan(checked.region, checked.matters, DAY, held, previous or {}).views)


def test_what_is_sound_is_shown(region: Callable[..., Path]) -> None:
    root = lay(region(), {})
    assert found(root) == []
    made = views(root)
    committee = made["230198101201"].affairs.committee
    assert committee is not None
    assert [r.month for r in committee.reviews] == ["2026年10月", "2026年9月"]
    assurance = made["230198000000"].assurance
    assert [s.name for s in assurance.scores[0][3]] == ["和平镇", "县民政局"]


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        (VILLAGE, "name: 王*山", "name: 王大山", ":2: SG105 «members.name»: a name must have a star"),
        (VILLAGE, "month: 2026-10, on", "month: 2026-09, on", ":5: SG472 the review of 2026-09 cannot be right: it stands twice"),
        (VILLAGE, "on: 2026-11-05", "on: 2026-09-05", ":5: SG472 the review of 2026-10 cannot be right: it was reviewed before the month began"),
        (VILLAGE, "on: 2026-11-05", "on: 2026-12-05", ":5: SG472 the review of 2026-10 cannot be right: the day of the review has not come"),
        (COUNTY, "weight: 4,", "weight: 3.5,", ":4: SG482 disclosure weighs 3.5 % in the assessment of 2026: less than 4 %"),
        (COUNTY, "points: 40", "points: 30", ":4: SG483 the parts of the scheme of 2026 add up to 90, not to 100"),
        (COUNTY, "230198101000", "230198109000", ":6: SG484 the score of 230198109000 cannot be right: there is no such unit"),
        (COUNTY, "score: 93.5", "score: 935", ":6: SG484 the score of 和平镇 cannot be right: the score is higher than the full score"),
        (COUNTY, "published: 2026-02-10", "published: 2027-02-10", ":6: SG485 the day 2027-02-10 has not come"),
        (COUNTY, "by: 县政府办公室}", "by: 县政府办公室, record: 2026-0991}", ":10: SG486 there is no record 2026-0991 in this unit"),
        (COUNTY, "until: 2026-09-20", "until: 2026-08-20", ":8: SG487 the evaluation «社会评议» does not fit: it ends before it begins"),
        (COUNTY, "returned: 90", "returned: 101", ":8: SG487 the evaluation «社会评议» does not fit: more came back than were given out"),
        (COUNTY, "是: 80", "是: 85", ":8: SG487 the evaluation «社会评议» does not fit: a question has more answers than questionnaires came back"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(region: Callable[..., Path], file: str, before: str, after: str, expected: str) -> None:
    text = {VILLAGE: COMMITTEE, COUNTY: ASSURANCE}[file]
    assert before in text
    got = found(lay(region(), {file: text.replace(before, after)}))
    assert len(got) == 1, got
    assert got[0].startswith(file + expected), got


def test_a_committee_that_is_silent_for_a_quarter_is_told(region: Callable[..., Path]) -> None:
    old = COMMITTEE.replace("2026-10, on: 2026-11-05", "2026-07, on: 2026-08-05").replace(
        "2026-09, on: 2026-10-09", "2026-06, on: 2026-07-05"
    )
    assert found(lay(region(), {VILLAGE: old})) == [f"{VILLAGE}:1: SG473 the committee's last review was on 2026-08-05, 111 days ago"]


def test_each_file_belongs_to_its_level(region: Callable[..., Path]) -> None:
    got = found(lay(region(), {"content/townships/heping/committee.yml": COMMITTEE, "villages/heping/dongjie/assurance.yml": ASSURANCE}))
    assert [line.partition(": ")[2][:5] for line in got] == ["SG471", "SG481"]


def test_focus_names_items_or_fields_of_the_catalogue(region: Callable[..., Path]) -> None:
    root = lay(region(), {})
    (root / "content/catalog/focus.yml").write_text(
        "focus:\n  - {id: butie, name: 惠农补贴, summary: 补多少, items: [BT-99]}\n", encoding="utf-8"
    )
    (line,) = found(root)
    assert line.startswith("content/catalog/focus.yml:2: SG461 focus.yml names «BT-99»")


def test_a_file_that_breaks_keeps_what_was_shown(region: Callable[..., Path]) -> None:
    root = lay(region(), {})
    before = views(root)
    lay(root, {VILLAGE: COMMITTEE + "meets: [每月5日\n", COUNTY: ASSURANCE.replace("role: 主管", "rolle: 主管")})
    now = views(root, before)
    assert now["230198101201"].affairs.committee == before["230198101201"].affairs.committee
    assert now["230198000000"].assurance == before["230198000000"].assurance
    assert now["230198000000"].assurance.responsible
