"""The private report: what an inspector reads in it, what it never repeats, and where it must not lie."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sitegen.build import Options, build
from sitegen.cli import main
from sitegen.model.milestones import Milestone
from sitegen.model.unit import Assessment
from sitegen.printing import Order, print_sheets
from sitegen.report import report
from sitegen.report.score import PARTS, Share, score
from tests.demo import ROOT

DAY = dt.date(2026, 6, 1)
TITLE = "信访处置内部意见"
CLOSED = "涉密工作安排"
TOWNSHIP = "content/townships/heping"


def sitegen(*words: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "zh", *words], catch_exceptions=False)


def written(root: Path, out: Path, day: dt.date = DAY, unit: str | None = None) -> str:
    return report(root, day, out / "r.html", unit).read_text("utf-8")


def add(root: Path, id: str, title: str, *lines: str) -> None:
    head = (f"id: {id}", f"title: {title}", "item: BT-02", "issuer: zf", "formed: 2026-05-06", "published: 2026-05-08", *lines)
    (root / TOWNSHIP / f"records/{id}.md").write_text("---\n" + "\n".join(head) + "\n---\n正文。\n", "utf-8")


def closed(root: Path) -> None:
    add(root, "2026-0098", TITLE, "attribute: 依申请公开", "secrecy: {by: 镇办公室, on: 2026-05-06}")
    add(
        root,
        "2026-0099",
        CLOSED,
        "attribute: 不予公开",
        "secrecy: {by: 镇办公室, on: 2026-05-06}",
        "not_public: {provision: FM-01, reviewed: 2026-05-06}",
    )


def section(html: str, id: str) -> str:
    return html[html.index(f'<section id="{id}"') : html.index("</section>", html.index(f'<section id="{id}"'))]


def cells(html: str, first: str) -> list[str]:
    """The cells of the first row that begins with ``first``."""
    row = re.search(rf"<tr><t[hd][^>]*>{re.escape(first)}</t[hd]>(.*?)</tr>", html, re.DOTALL)
    assert row, first
    return [re.sub(r"<[^>]+>", " ", c).strip() for c in re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)]


# ---- What is not open to all.


def test_what_is_not_open_to_all_stands_in_the_report_and_nowhere_else(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    closed(root)
    html = section(written(root, tmp_path), "closed")
    assert cells(html, "和平镇") == ["2026-0098", TITLE, "此件依申请公开", "—", "—", "2026-05-06"]
    assert f"<td>{CLOSED}</td><td>不予公开</td><td>FM-01 国家秘密</td>" in html
    build(Options(root, root / "public", DAY))
    print_sheets(Order(root, root / "print-out", DAY))
    public = [p for place in ("public", "print-out") for p in (root / place).rglob("*") if p.is_file()]
    texts = {p: _text(p) for p in public}
    assert {p.suffix for p, text in texts.items() if "种粮补贴" in text} >= {".html", ".pdf"}
    for text in texts.values():
        assert TITLE not in text
        assert CLOSED not in text
        assert "此件依申请公开" not in text
    assert not [p for p in public if TITLE.encode() in p.read_bytes()]


def _text(path: Path) -> str:
    if path.suffix != ".pdf":
        return path.read_bytes().decode("utf-8", "replace")
    document = pypdfium2.PdfDocument(path)
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "").replace("\n", "")


def test_internal_sheets_are_marked_lead_nowhere_and_stay_apart(region: Callable[..., Path]) -> None:
    root = region()
    closed(root)
    done = sitegen("-C", str(root), "--date", "2026-06-01", "print", "--internal")
    assert done.exit_code == 0
    sheets = sorted(p.relative_to(root).as_posix() for p in root.rglob("*.pdf"))
    folder = "print-internal/230198101000-和平镇"
    assert sheets == [f"{folder}/2026-0098.pdf", f"{folder}/all.pdf"]
    text = _text(root / folder / "2026-0098.pdf")
    assert text.count("此件依申请公开") == 2
    assert TITLE in text
    assert "不得张贴" in text
    assert "扫码" not in text
    assert "EXAMPLE.CN" not in text.upper()


@pytest.mark.parametrize("place", ["public/x", "public", "print-out", "print-out/a/b", "site/inside", "link"])
@pytest.mark.parametrize("command", [["print", "--internal", "-o"], ["report", "-o"]])
def test_nothing_private_is_written_where_the_public_looks(region: Callable[..., Path], place: str, command: list[str]) -> None:
    root = region()
    closed(root)
    build(Options(root, root / "site", DAY))
    (root / "print-out").mkdir()
    (root / "link").symlink_to(root / "print-out")
    before = sorted(root.rglob("*"))
    target = root / place / ("r.html" if command[0] == "report" else "")
    done = sitegen("-C", str(root), "--date", "2026-06-01", *command, str(target))
    assert done.exit_code == 2
    assert "换一个位置" in done.output
    assert sorted(root.rglob("*")) == before


def test_internal_sheets_do_not_replace_those_for_boards_in_a_folder_of_any_name(region: Callable[..., Path]) -> None:
    root = region()
    closed(root)
    print_sheets(Order(root, root / "sheets", DAY))
    before = {p: p.read_bytes() for p in root.rglob("*.pdf")}
    assert sitegen("-C", str(root), "--date", "2026-06-01", "print", "--internal", "-o", str(root / "sheets")).exit_code == 2
    assert {p: p.read_bytes() for p in root.rglob("*.pdf")} == before
    again = [sitegen("-C", str(root), "--date", "2026-06-01", "print", "--internal").exit_code for _ in range(2)]
    assert again == [0, 0]


# ---- Secrets.


def test_numbers_of_persons_are_counted_and_never_repeated(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region("personal-numbers")
    source = (root / TOWNSHIP / "records/2026-0001.md").read_text("utf-8")
    secrets = set(re.findall(r"[0-9Xx*]{11,}", source)) | {m[:10] for m in re.findall(r"\d{15,}", source)}
    assert len(secrets) > 4
    html = written(root, tmp_path)
    for secret in secrets:
        assert secret not in html
    assert cells(section(html, "privacy"), "SG801")[1] == "4"
    assert "2026-0001.md" not in section(html, "privacy")


def test_a_secret_in_a_title_or_a_reason_is_shortened(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    mobile = "138" + "0045" + "1234"
    add(root, "2026-0097", f"致电{mobile}的答复", "attribute: 依申请公开", "secrecy: {by: 镇办公室, on: 2026-05-06}")
    (root / "milestones.yml").write_text(f"milestones: [{{name: 事, due: 2026-07-01, responsible: 办公室, note: 电话{mobile}}}]\n", "utf-8")
    html = written(root, tmp_path)
    assert "致电138…" in html
    assert mobile not in html


def test_what_could_not_be_looked_into_is_said_and_is_nobodys_fault_yet(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region("unreadable-attachments")
    unread = (Path(__file__).parent / "data/broken/unreadable-attachments/expected.txt").read_text("utf-8").count("SG812")
    html = written(root, tmp_path)
    assert unread > 1
    assert f"{unread}个附件打不开或者认不出文字（和平镇）" in section(html, "unchecked")
    assert "（100%）" in cells(section(html, "units"), "和平镇")[6]


# ---- The figures.


def test_the_key_figures_of_a_small_region_are_those_counted_by_hand(region: Callable[..., Path], tmp_path: Path) -> None:
    # The township owes 2 items and has 1, published in time (1/1); both villages show its list (2 matters, 2/2); nothing personal.
    # 100 × (40 × 1/2 + 30 × 1 + 20 × 1 + 10 × 1) ÷ 100 = 80.
    row = cells(section(written(region(), tmp_path), "units"), "和平镇")
    assert row == ["乡级", "1", "0", "1/2（50%）", "1/1（100%）", "2/2（100%）", "1/1（100%）", "0", "2026-05-08", "80.0", "1"]
    # The county owes 2, has none and nothing else to be judged: 0 of 40, over 40.
    assert cells(section(written(region(name="again"), tmp_path), "units"), "测试县")[-2:] == ["0.0", "1"]


def test_weights_come_from_the_region(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    with (root / "region.yml").open("a", encoding="utf-8") as file:
        file.write("assessment: {coverage: 2, timeliness: 1, consistency: 0, privacy: 0}\n")
    html = section(written(root, tmp_path), "units")
    assert cells(html, "和平镇")[-2] == "66.7"  # 100 × (2 × 1/2 + 1 × 1) ÷ 3
    assert "覆盖 2、及时 1、一致 0、合规 0" in html


@pytest.mark.parametrize("weights", ["{coverage: -1}", "{coverage: 0, timeliness: 0, consistency: 0, privacy: 0}"])
def test_weights_that_weigh_nothing_are_refused(region: Callable[..., Path], weights: str) -> None:
    root = region()
    with (root / "region.yml").open("a", encoding="utf-8") as file:
        file.write(f"assessment: {weights}\n")
    done = sitegen("-C", str(root), "check")
    assert done.exit_code == 2
    assert "region.yml:4" in done.output


_SHARES = st.integers(0, 50).flatmap(lambda whole: st.builds(Share, st.integers(0, whole), st.just(whole)))


@given(st.fixed_dictionaries(dict.fromkeys(PARTS, _SHARES)), st.lists(st.integers(1, 100), min_size=4, max_size=4), st.integers(1, 9))
def test_a_score_lies_in_range_and_depends_on_the_proportions_of_weights_alone(shares: dict[str, Share], w: list[int], k: int) -> None:
    names = list(PARTS)
    one, many = (Assessment(**{n: Decimal(x * f) for n, x in zip(names, w, strict=True)}) for f in (1, k))
    made = score(shares, one)
    assert made == score(shares, many)
    if made is None:
        assert not any(s.whole for s in shares.values())
    else:
        assert 0 <= made <= 100
        assert (made == 100) >= all(s.part == s.whole for s in shares.values())


def test_half_a_tenth_is_rounded_up() -> None:
    shares = dict.fromkeys(PARTS, Share(0, 0)) | {"coverage": Share(1, 2000)}
    assert score(shares, Assessment()) == Decimal("0.1")


def test_late_records_overdue_duties_and_differences_are_listed(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    record = root / TOWNSHIP / "records/2026-0001.md"
    record.write_text(record.read_text("utf-8").replace("formed: 2026-05-06", "formed: 2026-01-05"), "utf-8")
    own = root / "villages/heping/dongjie/records"
    head = "id: 2026-0002\ntitle: 东街村种粮补贴名单\nitem: CW-01\nperiod: 2026\nissuer: zf\nscope: 全体村民\nformed: 2026-05-08\npublished: 2026-05-09\n"
    (own / "2026-0002.md").write_text(
        f"---\n{head}table: 2026-0002.csv\nrevision: {{n: 2, on: 2026-05-12, why: 更正}}\n---\n名单。\n", "utf-8"
    )
    (own / "2026-0002.csv").write_text("户编号,户主,面积(亩),金额(元)\n001,张*三,10.50,745.50\n002,李*四,8.00,569.00\n", "utf-8")
    (root / TOWNSHIP / "applications.yml").write_text("applications: [{number: 2026-0001, received: 2026-03-02}]\n", "utf-8")
    html = written(root, tmp_path)
    late = section(html, "timely")
    assert '2026-02-02</td><td class="d">2026-05-08' in late
    assert "答复" in late
    match = section(html, "match")
    assert "李*四的金额，这里569.00元，和平镇568.00元" in match
    assert cells(match, "种粮补贴") == ["1", "·", "·", "1", "·"]
    assert cells(section(html, "requests"), "和平镇") == ["1", "0", "0", "0", "1", "0", "—"]
    assert cells(section(html, "trend"), "2026年5月") == ["2", "1", "0", "1"]


def test_acceptances_stand_with_who_why_and_until_and_their_end(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    record = root / TOWNSHIP / "records/2026-0001.md"
    text = record.read_text("utf-8").replace("formed: 2026-05-06", "formed: 2026-01-05")
    record.write_text(
        text.replace("table:", "accept: [{code: SG701, why: 等待上级核定, who: 镇长办公室, until: 2026-06-20}]\ntable:"), "utf-8"
    )
    html = section(written(root, tmp_path), "accepted")
    for words in ("SG701", "等待上级核定", "镇长办公室", "2026-06-20", "还有19天到期"):
        assert words in html
    over = section(written(root, tmp_path, dt.date(2026, 6, 21)), "accepted")
    assert "已过期，问题恢复" in over


@pytest.mark.parametrize(
    ("day", "done", "state"),
    [
        ("2026-06-30", None, "open"),
        ("2026-07-01", None, "overdue"),
        ("2026-07-01", "2026-06-30", "done"),
        ("2026-07-05", "2026-07-02", "done_late"),
        ("2026-06-01", "2026-06-20", "open"),
    ],
)
def test_the_state_of_a_milestone_is_that_of_the_day(day: str, done: str | None, state: str) -> None:
    made = Milestone.model_validate({"name": "事", "due": "2026-06-30", "done": done, "responsible": "办公室"})
    assert made.state(dt.date.fromisoformat(day)) == state


def test_an_overdue_milestone_is_said_by_report_and_due(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    (root / "milestones.yml").write_text(
        "milestones: [{name: 修订目录, due: 2026-05-20, responsible: 县政务公开办公室, note: 缺两个领域}]\n", "utf-8"
    )
    assert cells(section(written(root, tmp_path), "steps"), "2026-05-20") == [
        "修订目录",
        "县政务公开办公室",
        "逾期未完成（12天）",
        "—",
        "缺两个领域",
    ]
    said = sitegen("-C", str(root), "--date", "2026-06-01", "due").output
    assert "测试县 县政务公开办公室: 完成工作节点：修订目录" in said


def test_a_mistake_in_milestones_is_located(region: Callable[..., Path]) -> None:
    root = region()
    (root / "milestones.yml").write_text("milestones:\n  - {name: 修订目录, due: 六月, responsible: 办公室}\n", "utf-8")
    assert "milestones.yml:2:" in sitegen("-C", str(root), "check").output


# ---- The page.


def test_one_unit_with_those_below_it(region: Callable[..., Path], tmp_path: Path) -> None:
    html = section(written(region(), tmp_path, unit="和平镇"), "units")
    assert [n for n in ("测试县", "和平镇", "东街村", "西街村") if f'<th scope="row">{n}</th>' in html] == ["和平镇", "东街村", "西街村"]
    done = sitegen("-C", str(region(name="b")), "report", "--unit", "无此村")
    assert done.exit_code == 2
    assert "无此村" in done.output


def test_the_same_files_on_the_same_day_give_the_same_bytes(region: Callable[..., Path]) -> None:
    root = region("personal-numbers")
    closed(root)
    made = []
    for _ in range(2):
        assert sitegen("-C", str(root), "--date", "2026-06-01", "report").exit_code == 0
        made.append((root / "report/2026-06-01.html").read_bytes())
    assert made[0] == made[1]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [v for k, v in attrs if k == "id" and v]


@pytest.fixture(scope="module")
def demo_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return report(ROOT, dt.date(2026, 11, 24), tmp_path_factory.mktemp("report") / "r.html").read_text("utf-8")


def test_the_page_stands_alone_without_script_or_request(demo_report: str) -> None:
    page = _Page()
    page.feed(demo_report)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [a for a in page.attributes if a[0] in ("src", "style") or a[0].startswith("on")]
    assert all(v and v.startswith("#") for k, v in page.attributes if k == "href")
    assert "url(http" not in demo_report
    assert len(page.ids) == len(set(page.ids))


def test_every_chart_says_what_it_is_and_has_its_table_behind_it(demo_report: str) -> None:
    figures = re.findall(r"<figure>(.*?)</figure>", demo_report, re.DOTALL)
    assert len(figures) == demo_report.count("<svg") == 6
    for figure in figures:
        assert re.search(r"<svg[^>]*role=\"img\"[^>]*>.*?<title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>", figure, re.DOTALL)
        assert "<table" in figure[figure.index("<details>") :]
    trend = figures[-1]
    table = [c for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", trend) for c in re.findall(r"<td>(\d+)</td>", row)]
    drawn = re.findall(r'text-anchor="middle" font-size="11"[^>]*>(\d+)<', trend)
    assert sorted(drawn, key=int) == sorted([n for k, n in enumerate(table) if k % 4 != 1], key=int)
    assert sum(map(int, drawn)) > 100


def test_the_matrix_has_every_item_that_a_unit_owes(demo_report: str) -> None:
    part = demo_report[demo_report.index("<details><summary>涉农补贴") :]
    part = part[: part.index("</details>")]
    assert part.count("●") == int(re.search(r"涉农补贴<span class=\"shares\">(\d+)/", part)[1])  # type: ignore[index]
    assert part.count("●") + part.count("○") == int(re.search(r"shares\">\d+/(\d+)", part)[1])  # type: ignore[index]
