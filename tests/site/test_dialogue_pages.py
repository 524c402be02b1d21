"""What is explained, heard and answered stands on both pages, in its state of the day; and no section is there without something in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.check import load_and_check
from sitegen.contents import fill, for_web, job
from sitegen.model.dialogue import hearing_state
from sitegen.model.views import UnitView
from sitegen.site.pages import files, pages
from sitegen.view import Plan, plan
from tests.site.render import render

COUNTY, TOWN, VILLAGE = "230198000000", "230198101000", "230198101201"
FOLDER = "content/townships/heping"
SECTIONS = ("apply", "interpretation", "participation", "channels")


def record(root: Path, id: str, more: str, published: str = "2026-05-08", folder: str = FOLDER, item: str = "BT-02") -> None:
    """Write a record of the township."""
    kind = "attribute: 主动公开" if folder == FOLDER else "scope: 全体村民"
    head = f"id: {id}\ntitle: 第{id}号\nitem: {item}\nissuer: zf\n{kind}\nformed: {published}\npublished: {published}\n{more}"
    (root / folder / "records" / f"{id}.md").write_text(f"---\n{head}\n---\n正文。\n", "utf-8")


def planned(root: Path, day: str) -> Plan:
    checked = load_and_check(root, dt.date.fromisoformat(day), cache=False)
    assert [f.message("en") for f in checked.findings if f.severity.value == "error"] == []
    return plan(checked.region, checked.matters, dt.date.fromisoformat(day))


def filled(root: Path, day: str, code: str = TOWN) -> UnitView:
    checked = load_and_check(root, dt.date.fromisoformat(day), cache=False)
    made = plan(checked.region, checked.matters, dt.date.fromisoformat(day))
    return for_web(fill(job(checked.region, made, code), checked.region.catalog))


def html(view: UnitView, tmp_path: Path) -> Mapping[str, str]:
    """The unit's pages by path."""
    render((view,), tmp_path / "out")
    base = tmp_path / "out" / view.path
    return {p.path: (base / p.path / "index.html").read_text("utf-8") for p in pages(view)}


ASKED = "consultation:\n  from: 2026-05-08\n  until: 2026-06-05\n  kind: 座谈会\n  ways: [到镇里说, 写在意见本上]"
HEARD = "feedback_on: a\nreceived: 12\nopinions: y.csv"
ROWS = "意见,条数,采纳情况,理由\n限高改为3.5米,8,采纳,已改\n收通行费,4,未采纳,没有法律依据\n"


def consulted(root: Path, *, answered: bool) -> None:
    record(root, "a", ASKED)
    if answered:
        (root / FOLDER / "records/y.csv").write_text(ROWS, "utf-8")
        record(root, "b", HEARD, "2026-06-10")


def test_a_consultation_turns_on_its_days_and_with_no_other(region: Callable[..., Path]) -> None:
    root = region()
    consulted(root, answered=False)
    days = ("2026-05-07", "2026-05-08", "2026-06-04", "2026-06-05", "2026-06-06", "2026-06-30")
    made = {day: planned(root, day) for day in days}
    states = [made[day].views[TOWN].record("a").dialogue.hearing.state for day in days]  # type: ignore[union-attr]
    assert states == ["upcoming", "open", "open", "open", "closed", "closed"]
    digests = [made[day].digests[TOWN] for day in days]
    assert digests[2] == digests[3]
    assert digests[3] != digests[4]
    assert made["2026-06-04"].views[TOWN].next_change == dt.date(2026, 6, 6)


def test_an_answered_one_says_so_and_leads_to_what_was_adopted_and_why_not(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    consulted(root, answered=True)
    view = filled(root, "2026-06-20")
    hearing = view.record("a").dialogue.hearing  # type: ignore[union-attr]
    assert hearing is not None
    assert (hearing.state, hearing.result) == ("answered", view.record("b").url)
    assert [f.text for f in view.record("b").figures] == ["12 条", "8 条", "4 条"]
    shown = html(view, tmp_path)
    for words in ("已反馈", "座谈会", "写在意见本上"):
        assert words in shown["r/a/"]
    for words in ("收通行费", "未采纳", "没有法律依据", "第a号"):
        assert words in shown["r/b/"]
    assert "第b号" in shown["participation/"]


@given(st.dates(), st.integers(0, 90), st.booleans(), st.dates())
def test_states_follow_one_another(start: dt.date, days: int, answered: bool, day: dt.date) -> None:
    until = start + dt.timedelta(min(days, (dt.date.max - start).days))
    order = ("upcoming", "open", "closed")
    state = hearing_state(start, until, answered, day)
    if day <= until:
        assert state == ("upcoming" if day < start else "open")
        assert order.index(hearing_state(start, until, answered, start)) >= order.index(state)
    else:
        assert state == ("answered" if answered else "closed")


def test_a_policy_and_its_interpretation_name_each_other_at_the_top(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    record(root, "p", "document: {number: 和政发〔2026〕1号}\nplain: {who: 种粮户, what: 每亩71元, how: 核对面积, when: 6月底前}")
    record(root, "i", "interprets: p\nforms: [问答, 专家解读]", "2026-05-09")
    shown = html(filled(root, "2026-06-01"), tmp_path)
    text = shown["r/p/"]
    top = text[: text.index('class="text words')]
    for words in ("种粮户", "每亩71元", "核对面积", "6月底前", "第i号", "问答", "专家解读"):
        assert words in top
    assert "第p号" in shown["r/i/"]
    assert "第p号" in shown["interpretation/"]
    assert {"interpretation/qa/", "interpretation/expert/"} <= shown.keys()
    assert "interpretation/video/" not in shown


def test_a_response_gives_the_days_of_question_and_answer(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    record(root, "r", "response: {about: 听说要停发，是真的吗？, asked: 2026-05-05, answered: 2026-05-08, through: 12345热线}")
    shown = html(filled(root, "2026-06-01"), tmp_path)
    for page in (shown["r/r/"], shown["interpretation/"]):
        assert "听说要停发，是真的吗？" in page
        assert re.search(r'datetime="?2026-05-05', page)
        assert re.search(r'datetime="?2026-05-08', page)
    assert "用时 3 天" in shown["interpretation/"]


def test_for_a_specific_group_nothing_of_it_is_on_the_web(region: Callable[..., Path]) -> None:
    root = region()
    item = root / "content/catalog/fields/01-butie.yml"
    item.write_text(item.read_text("utf-8").replace("name: 补贴政策", "name: 补贴政策\n    audience: 特定群体"), "utf-8")
    record(root, "p", "plain: {who: 三户人家, what: 补助}\nresponse: {about: 问, asked: 2026-05-05, answered: 2026-05-08}")
    assert filled(root, "2026-06-01").record("p").dialogue is None


def test_no_section_where_there_is_nothing(region: Callable[..., Path]) -> None:
    root = region()
    (root / FOLDER / "pages/apply.md").unlink()
    for code in (TOWN, VILLAGE):
        paths = {p.path.partition("/")[0] for p in pages(filled(root, "2026-06-01", code))}
        assert not paths & set(SECTIONS)


FILES = {
    "apply.yml": "organ: 镇办公室\nways: [{kind: 当面, to: 一楼窗口}]\n",
    "participation.yml": "ways: [{name: 意见本, how: 村部一本}]\n",
    "channels.yml": "accounts: [{name: 和平镇, platform: 微信公众号, run_by: 镇办公室, filed: 2026-01-05}]\n",
}


def test_each_file_makes_its_section_and_menu_and_home_lead_there(region: Callable[..., Path]) -> None:
    root = region()
    for name, text in FILES.items():
        (root / FOLDER / name).write_text(text, "utf-8")
    view = filled(root, "2026-06-01")
    found = {p.path: p for p in pages(view)}
    assert {"apply/", "apply/form/", "participation/", "channels/"} <= found.keys()
    assert {"apply/", "participation/", "channels/"} <= {t.path for t in found[""].data.tiles}  # type: ignore[attr-defined]
    assert [f.path for f in files(view, pages(view)) if f.path.startswith("apply")] == ["apply/shenqingbiao.pdf"]
    assert not {"apply/replies/", "apply/statistics/"} & found.keys()


def test_a_township_answers_as_its_county_does(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    flow = "flow:\n  title: 办理流程\n  steps: [{do: 提出申请}, {do: 书面答复, within: 20个工作日内}]\n"
    replies = "replies: [{name: 补正告知书, when: 不清楚, text: 请补正〔事项〕。}]\n"
    (root / "content/county/apply.yml").write_text(FILES["apply.yml"] + flow + replies, "utf-8")
    (root / FOLDER / "apply.yml").write_text(FILES["apply.yml"].replace("一楼", "二楼"), "utf-8")
    shown = html(filled(root, "2026-06-01"), tmp_path)
    assert "二楼窗口" in shown["apply/"]
    assert "一楼窗口" not in shown["apply/"]
    assert "书面答复" in shown["apply/"]
    assert "测试县统一制定" in shown["apply/replies/"]


def test_a_village_has_channels_and_nothing_of_the_government(region: Callable[..., Path]) -> None:
    root = region()
    village = "villages/heping/dongjie"
    (root / village / "channels.yml").write_text(FILES["channels.yml"], "utf-8")
    record(root, "a", ASKED, folder=village, item="CW-01")
    paths = {p.path.partition("/")[0] for p in pages(filled(root, "2026-06-01", VILLAGE))}
    assert paths & set(SECTIONS) == {"channels"}


def test_accounts_are_counted_over_the_levels_in_the_state_of_the_day(region: Callable[..., Path]) -> None:
    root = region()
    for folder in (FOLDER, "villages/heping/dongjie", "content/county"):
        (root / folder / "channels.yml").write_text(FILES["channels.yml"], "utf-8")
    days = ("2026-06-01", "2027-01-06", "2027-01-07")
    made = {day: planned(root, day) for day in days}
    tallies = {day: dict(made[day].views[COUNTY].outreach.channels.levels) for day in days}  # type: ignore[union-attr]
    assert {name: t.accounts for name, t in tallies["2026-06-01"].items()} == dict.fromkeys(
        ("县级", "乡级", "村级"), (("微信公众号", 1, 1),)
    )
    assert tallies["2027-01-06"] == tallies["2026-06-01"]
    assert {name: t.accounts for name, t in tallies["2027-01-07"].items()} == dict.fromkeys(
        ("县级", "乡级", "村级"), (("微信公众号", 1, 0),)
    )
    assert made["2026-06-01"].views[COUNTY].next_change == dt.date(2027, 1, 7)


NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("where", ["apply.yml", "participation.yml", "channels.yml"])
def test_what_people_write_into_files_never_becomes_markup(region: Callable[..., Path], tmp_path: Path, where: str) -> None:
    root = region()
    text = FILES[where]
    for word in ("镇办公室", "一楼窗口", "村部一本"):
        text = text.replace(word, f"'{word}{NASTY}'")
    (root / FOLDER / where).write_text(text, "utf-8")
    (root / FOLDER / "records/t.txt").write_text(f"图里写着{NASTY}", "utf-8")
    (root / FOLDER / "records/t.mp3").write_bytes(b"x")
    media = "media: [{kind: 音频, path: t.mp3, title: '录音" + NASTY + "', transcript: t.txt}]"
    record(root, "m", f"{media}\nplain: {{who: '种粮户{NASTY}', what: 补贴}}")
    shown = html(filled(root, "2026-06-01"), tmp_path)
    assert "图里写着" in shown["r/m/"]
    for page in shown.values():
        assert "<script>alert" not in page
        assert not re.search(r"<img[^>]*onerror", page)
