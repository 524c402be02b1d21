"""What holds data of persons does not get out by any file, and what was out is taken back unless it is sure to be clean."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.build import Options, Result, build
from sitegen.model.number_kinds import id_check
from tests.demo import DAY, ROOT
from tests.test_services import GUIDE, HALLS

SECRET = "23019819900101123" + id_check("23019819900101123")
PAGE = "content/county/pages/guide.md"
RECORD = "villages/heping/dongjie/records/2026-0001.md"
SERVICE = "content/county/services/gaoling.md"
COMMITTEE = "villages/heping/dongjie/committee.yml"
CHANNELS = "content/county/channels.yml"
APPLY = "content/county/apply.yml"
FILES = {
    PAGE: "---\nkind: guide\ntitle: 政府信息公开指南\nupdated: 2026-11-20\n---\n本指南供公众查阅。\n",
    RECORD: "---\nid: 2026-0001\ntitle: 村民会议关于修路的决议\nitem: CW-02\nissuer: zf\nscope: 全体村民\nformed: 2026-04-01\npublished: 2026-04-02\n---\n本指南供公众查阅。\n",
    SERVICE: GUIDE.replace(", blank: files/biao.pdf", "").replace("每年8月核对一次。", "本指南供公众查阅。"),
    COMMITTEE: "members:\n  - {post: 主任, name: 王*山}\nduties: [本指南供公众查阅。]\n",
    CHANNELS: "zones:\n  - {name: 政务公开专区, kind: 政务服务大厅, address: 县城文昌路3号, hours: 周一至周五, does: [本指南供公众查阅。]}\n",
}


def run(root: Path) -> Result:
    return build(Options(root, root / "public", DAY))


def out(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root / "public").as_posix(): p.read_bytes()
        for p in (root / "public").rglob("*")
        if p.is_file() and ".store" not in p.parts
    }


def where(root: Path, text: str) -> list[str]:
    return [name for name, data in out(root).items() if text.encode() in data]


@pytest.fixture
def county(region: Callable[..., Path]) -> Path:
    root = region()
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "content/county/services.yml").write_text(HALLS, encoding="utf-8")
    return root


def slip(path: Path, *, also: str = "") -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("本指南供公众查阅", f"本指南供公众查阅，{SECRET}{also}"), encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_number_in_any_file_never_gets_out(name: str, county: Path) -> None:
    slip(county / name)
    made = run(county)
    assert not made.refused
    assert made.held
    assert where(county, SECRET) == []
    assert where(county, "本指南供公众查阅")  # all the others
    (county / name).write_text(FILES[name], encoding="utf-8")
    assert not run(county).held


@pytest.mark.parametrize("name", FILES)
def test_a_number_that_slips_in_later_never_gets_out(name: str, county: Path) -> None:
    run(county)
    assert where(county, SECRET) == []
    slip(county / name)
    assert run(county).held
    assert where(county, SECRET) == []


@pytest.mark.parametrize("name", [PAGE, RECORD])
def test_what_was_clean_before_the_slip_stays(name: str, county: Path) -> None:
    run(county)
    places = where(county, "本指南供公众查阅")
    slip(county / name, also="，请记")
    run(county)
    assert where(county, "本指南供公众查阅") == places
    assert where(county, "请记") == []


def earlier_program(root: Path) -> None:
    """As if what is there had been built by a program that knew fewer rules."""
    state = root / "public/.store/state.json"
    state.write_text(json.dumps(json.loads(state.read_text(encoding="utf-8")) | {"program": "earlier"}), encoding="utf-8")


@pytest.mark.parametrize("name", [PAGE, RECORD])
def test_what_an_earlier_program_let_out_is_taken_back(name: str, county: Path) -> None:
    run(county)
    earlier_program(county)
    slip(county / name)
    run(county)
    page = "guide/" if name == PAGE else "heping/dongjie/r/2026-0001/"
    assert f"ce.example.cn/{page}index.html" not in where(county, "本指南供公众查阅")


def test_the_same_words_that_are_wrong_only_now_are_taken_back(county: Path) -> None:
    unit = county / "content/county/unit.yml"
    text = unit.read_text(encoding="utf-8")
    unit.write_text(text.replace("0451-0000 0001", "13900000001"), encoding="utf-8")
    record = county / RECORD
    record.write_text(record.read_text(encoding="utf-8").replace("本指南供公众查阅", "有事请打13900000001"), encoding="utf-8")
    assert not run(county).held
    assert "ce.example.cn/heping/dongjie/r/2026-0001/index.html" in where(county, "13900000001")
    unit.write_text(text, encoding="utf-8")  # no official number any more, and so a person's
    assert run(county).held
    assert where(county, "13900000001") == []


def test_what_derives_from_a_list_goes_with_it(county: Path) -> None:
    run(county)
    assert where(county, "2026年种粮补贴")
    earlier_program(county)
    table = county / "content/townships/heping/records/2026-0001.md"
    table.write_text(table.read_text(encoding="utf-8").replace("予以公示。", f"予以公示，{SECRET}。"), encoding="utf-8")
    assert run(county).held
    assert where(county, SECRET) == []
    assert not [n for n in where(county, "种粮补贴") if re.search(r"/r/[^/]+/index.html$", n)]
    assert [n for n in out(county) if "/Q/" in n]  # the code on paper is still answered


EDITED = (
    "villages/qinghe-zhen/dahe/records/2026-0024",  # accounts of a month
    "villages/qinghe-zhen/dahe/records/2026-0016",  # of a quarter
    "villages/qinghe-zhen/dahe/records/2026-0019",  # signed by the supervision committee
    "villages/qinghe-zhen/dahe/records/2026-0012",  # the result of a resolution, which leads to it
    "villages/qinghe-zhen/dahe/records/2026-0004",
    "content/townships/qinghe-zhen/records/2026-0001",
)


def test_of_what_was_edited_and_not_released_nothing_shows_anywhere(tmp_path: Path) -> None:
    """In the demo county, with accounts, resolutions, signatures: not a byte of any page differs until the new revision is released."""
    root = tmp_path / "county"
    for part in ("content", "villages"):
        shutil.copytree(ROOT / part, root / part)
    for part in ("region.yml", "milestones.yml"):
        shutil.copy(ROOT / part, root)
    assert not run(root).held
    before = out(root)
    for record in (root / name for name in EDITED):
        head = record.with_suffix(".md")
        text = head.read_text(encoding="utf-8")
        head.write_text(re.sub(r"(?m)^(title: .*)$", r"\1（改）", text, count=1) + "\n没有登记的话。\n", encoding="utf-8")
        if (table := record.with_suffix(".csv")).exists():
            table.write_text(re.sub(r"(\d\d)\.(\d)", r"\1.9", table.read_text(encoding="utf-8")), encoding="utf-8")
    made = run(root)
    assert not made.refused
    assert len(made.held) >= len(EDITED)
    after = out(root)
    assert [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)] == []


# ---- what was released stays as it was ----

VILLAGE = "villages/heping/dongjie/"


@pytest.fixture
def released(region: Callable[..., Path]) -> Path:
    """A region whose village has two resolutions, all of it released and built."""
    from click.testing import CliRunner

    from sitegen.cli import main

    root = region()
    records = root / VILLAGE / "records"
    records.mkdir(exist_ok=True)
    head = "issuer: zf\nscope: 全体村民\nformed: 2026-04-01\npublished: 2026-04-02\n"
    (records / "2026-0001.md").write_text(
        f"---\nid: 2026-0001\ntitle: 村民会议关于修路的决议\nitem: CW-02\n{head}---\n会议决定修路。\n", encoding="utf-8"
    )
    (records / "2026-0002.md").write_text(
        f"---\nid: 2026-0002\ntitle: 村民会议关于修桥的决议\nitem: CW-02\n{head}---\n会议决定修桥。\n", encoding="utf-8"
    )
    done = CliRunner().invoke(main, ["-C", str(root), "--date", DAY.isoformat(), "release", "--yes"])
    assert done.exit_code == 0, done.output
    run(root)
    return root


def body(root: Path) -> dict[str, bytes]:
    """The village's pages and all pages of codes."""
    return {name: data for name, data in out(root).items() if name.endswith("index.html") and ("/Q/" in name or "dongjie/" in name)}


@pytest.mark.parametrize("name", ["2026-0001", "2026-0002"])
@pytest.mark.parametrize("how", ["unreadable", "unreleased"])
def test_a_released_record_with_a_slip_stays_everywhere_in_its_village(released: Path, name: str, how: str) -> None:
    before = body(released)
    path = released / VILLAGE / "records" / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("issuer:", "isuer:") if how == "unreadable" else text.replace("修", "筑"), encoding="utf-8")
    result = run(released)
    assert not result.refused
    assert [ref for ref, _ in result.held] or how == "unreadable"
    changed = [page for page, data in body(released).items() if before.get(page) != data]
    assert changed == []
    assert before.keys() == body(released).keys()
    assert not [page for page, data in body(released).items() if "筑".encode() in data]


def test_a_code_whose_record_cannot_be_read_is_not_called_gone(released: Path) -> None:
    import shutil

    path = released / VILLAGE / "records" / "2026-0001.md"
    path.write_text(path.read_text(encoding="utf-8").replace("issuer:", "isuer:"), encoding="utf-8")
    shutil.rmtree(released / "public")  # no earlier version is there to stay
    run(released)
    ledger = (released / VILLAGE / "ledger.jsonl").read_text(encoding="utf-8")
    code = next(json.loads(line)["code"] for line in ledger.splitlines() if '"2026-0001"' in line)
    [page] = [data.decode() for name, data in out(released).items() if name.endswith(f"Q/{code}-1/index.html")]
    assert "这份信息正在更正" in page
