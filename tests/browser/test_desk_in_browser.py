"""The desk in a browser: the clerk's main path by keyboard, with nothing that hinders anybody, on telephone, tablet and screen."""

from __future__ import annotations

import base64
import datetime as dt
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sitegen.desk.app import make_app
from sitegen.desk.run import listen
from sitegen.desk.state import Desk
from sitegen.playground import make_playground
from tests.office import picture

DAY = dt.date(2026, 11, 24)
DAHE = "230170101201"
TOKEN = "browser-token"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "region"
    make_playground(folder, DAY)
    return folder


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "region"))


@pytest.fixture
def address(root: Path) -> Iterator[str]:
    """A running desk."""
    sock = listen(0)
    port = sock.getsockname()[1]
    app = make_app(Desk(root, lambda: DAY, DAHE), TOKEN, frozenset({f"127.0.0.1:{port}"}))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/{TOKEN}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/u/{DAHE}/")
    yield page
    context.close()


def test_from_the_form_to_the_sheet_on_the_wall(page: Page, address: str, root: Path) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.get_by_role("link", name="新写一条").first.click()
    page.get_by_label("打几个字").fill("代表会议决议")
    page.get_by_role("link", name="村民会议、村民代表会议决议").click()
    page.get_by_label("标题").fill("大河村村民代表会议关于清雪的决议")
    page.get_by_label("所属期").fill("2026-11-20")
    page.get_by_label("关于什么").fill("清雪")
    page.get_by_label("村务监督委员会审核：由谁").fill("大河村村务监督委员会")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="大河村村民代表会议关于清雪的决议")).to_be_visible(timeout=8000)
    expect(page.get_by_alt_text("公示单第 1 页")).to_be_visible()
    expect(page.get_by_text("张贴到 2026-12-01")).to_be_visible()
    # A slip is told beside its field, and goes when it is put right.
    page.get_by_label("张贴几天").fill("2")
    expect(page.locator("#e-posting_days .finding.error")).to_be_visible(timeout=8000)
    page.get_by_label("张贴几天").fill("7")
    expect(page.locator("#e-posting_days .finding.error")).to_have_count(0, timeout=8000)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    page.get_by_role("button", name="登记公布").click()
    expect(page.get_by_role("status")).to_contain_text("第1版")
    with page.context.expect_page() as popup:
        page.get_by_role("button", name="正式打印上墙").click()
    popup.value.close()
    assert (root / "print-out/230170101201-大河村/2026-0005.pdf").is_file()
    assert problems == []


def test_a_workbook_is_dropped_on_the_page(page: Page, address: str, root: Path) -> None:
    data = base64.b64encode(next(root.glob("*.xlsx")).read_bytes()).decode()
    dropped = page.evaluate_handle(
        """data => {
            const made = new DataTransfer();
            made.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], '支出.xlsx'));
            return made;
        }""",
        data,
    )
    page.dispatch_event("form.drop", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("heading", level=1)).to_have_text("支出.xlsx")
    page.get_by_role("button", name="回答好了").click()
    expect(page.get_by_role("cell", name="11,883.50")).to_be_visible()


def test_a_picture_is_added_and_a_record_withdrawn(page: Page, address: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / "路灯.jpg").write_bytes(picture())
    page.goto(f"{address}/u/{DAHE}/r/2026-0003/")
    page.get_by_label("文件", exact=True).set_input_files(tmp_path / "路灯.jpg")
    page.get_by_label("写的是什么、照的是什么").fill("修好的路灯，共六盏")
    page.get_by_label("是图片，放进正文里").check()
    page.get_by_role("button", name="添加文件").click()
    expect(page.get_by_role("status")).to_contain_text("已添加：修好的路灯，共六盏")
    expect(page.get_by_label("正文", exact=True)).to_have_value(re.compile(r"!\[修好的路灯，共六盏\]\(2026-0003-路灯\.jpg\)"))
    expect(page.frame_locator("iframe").get_by_alt_text("修好的路灯，共六盏")).to_have_count(1, timeout=8000)
    page.get_by_text("撤回这一条").click()
    assert Axe().run(page, options={"iframes": False}).violations_count == 0
    page.get_by_label("为什么撤回").fill("与另一条重复")
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已撤回")
    assert "与另一条重复" in (root / "villages/qinghe-zhen/dahe/ledger.jsonl").read_text(encoding="utf-8")


def test_two_versions_side_by_side(page: Page, address: str, root: Path) -> None:
    page.goto(f"{address}/u/{DAHE}/r/2026-0004/")
    page.get_by_label("标题").fill("我的标题")
    path = root / "villages/qinghe-zhen/dahe/records/2026-0004.md"
    path.write_text(path.read_text(encoding="utf-8").replace("大河村院内路灯维修情况公开", "他的标题"), encoding="utf-8")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="两个人改了同一条")).to_be_visible()
    page.get_by_role("group", name="标题").get_by_label("文件里现在的").check()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="按选的保存").click()
    expect(page.get_by_role("heading", name="他的标题", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_hinders_anybody(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("", "new/", "new/CJ-05/", "r/2026-0003/", "excel/", "board/"):
        page.goto(f"{address}/u/{DAHE}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page, options={"iframes": False})
        assert found.violations_count == 0, f"{path} {width}\n{found.generate_report()}"


def test_without_script_the_same_can_be_done(chromium: Browser, address: str, root: Path) -> None:
    context = chromium.new_context(viewport={"width": 820, "height": 1180}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/u/{DAHE}/r/2026-0004/")
    page.get_by_label("标题").fill("路灯修好了")
    page.get_by_role("button", name="预览").click()
    assert page.get_by_role("heading", level=1).inner_text() == "路灯修好了"
    page.get_by_role("button", name="保存").click()
    assert "title: 路灯修好了" in (root / "villages/qinghe-zhen/dahe/records/2026-0004.md").read_text(encoding="utf-8")
    context.close()


def test_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/u/{DAHE}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if "登记公布" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("大河村院内路灯维修情况公开")
