"""What was built holds together: every link, anchor, feed, sitemap and data package of the demo, on all hosts; and the checker sees what is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.linkcheck import Broken, broken_links
from tests.demo import Demo


def test_every_link_and_anchor_of_the_demo_leads_somewhere(demo: Demo) -> None:
    assert broken_links(demo.public) == []


PAGE = """<!doctype html><html lang="zh-CN"><head><title>页</title>{head}</head><body id="top"><h1 id='one'>一</h1>{body}</body></html>"""


def host(tmp_path: Path, head: str = "", body: str = "") -> Path:
    """Two hosts: a page with ``head`` and ``body``, and a sound one of another host."""
    first, second = tmp_path / "a.example.cn", tmp_path / "b.example.cn"
    (first / "r/1").mkdir(parents=True)
    (second / "x").mkdir(parents=True)
    (first / "r/1/index.html").write_text(PAGE.format(head=head, body=body), encoding="utf-8")
    (first / "index.html").write_text(PAGE.format(head="", body=""), encoding="utf-8")
    (second / "x/index.html").write_text(PAGE.format(head="", body="<p id=two>二</p>"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "body",
    [
        '<a href="../../">家</a>',
        '<a href="#one">一</a>',
        '<a href="./#top">一</a>',
        "<a href='https://b.example.cn/x/#two'>他</a>",
        '<a href="https://elsewhere.example.org/none/">外</a>',
        '<a href="tel:045100000000">话</a>',
        '<form action="../../?q=1"></form>',
        "<p>href=&quot;nowhere/&quot;</p>",
    ],
)
def test_what_leads_somewhere_is_no_finding(body: str, tmp_path: Path) -> None:
    assert broken_links(host(tmp_path, body=body)) == []


@pytest.mark.parametrize(
    ("head", "body", "missing"),
    [
        ("", '<a href="../2/">二</a>', "/r/2/index.html"),
        ("", '<a href="../../index">无</a>', "/index"),
        ("", '<a href="#three">三</a>', "#three"),
        ("", '<a href="https://b.example.cn/x/#three">三</a>', "#three"),
        ("", "<img src=none.png alt=''>", "/r/1/none.png"),
        ('<link rel="stylesheet" href="../../none.css">', "", "/none.css"),
        ('<meta http-equiv="refresh" content="0;url=../9/">', "", "/r/9/index.html"),
        ('<script type="application/ld+json">{"url":"https://b.example.cn/y/"}</script>', "", "/y/index.html"),
    ],
)
def test_what_leads_nowhere_is_named(head: str, body: str, missing: str, tmp_path: Path) -> None:
    found = broken_links(host(tmp_path, head, body))
    assert [(b.file, b.missing) for b in found] == [("a.example.cn/r/1/index.html", missing)]


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("feeds/all.xml", '<feed><link rel="alternate" href="https://a.example.cn/r/7/"/></feed>', "/r/7/index.html"),
        ("feeds/all.json", '{"items": [{"url": "https://a.example.cn/r/7/"}]}', "/r/7/index.html"),
        ("calendar.ics", "BEGIN:VEVENT\r\nURL:https://a.example.c\r\n n/r/7/\r\nEND:VEVENT\r\n", "/r/7/index.html"),
        ("sitemap.xml", "<sitemapindex><sitemap><loc>https://a.example.cn/sitemap-1.xml</loc></sitemap></sitemapindex>", "/sitemap-1.xml"),
        ("datapackage.json", json.dumps({"resources": [{"path": "r/1/1.csv", "alternates": []}]}), "/r/1/1.csv"),
        ("assets/a.css", "p { background: url(none.svg) } q { background: url(data:image/svg+xml,x) }", "/assets/none.svg"),
    ],
)
def test_files_beside_the_pages_are_followed_too(name: str, text: str, missing: str, tmp_path: Path) -> None:
    public = host(tmp_path)
    path = public / "a.example.cn" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    assert [b.missing for b in broken_links(public)] == [missing]


def test_the_command_says_what_is_broken_and_fails(tmp_path: Path) -> None:
    public = host(tmp_path, body='<a href="../2/">二</a>')
    done = CliRunner().invoke(main, ["--lang", "en", "links", "--public", str(public)])
    assert done.exit_code == 1
    assert done.stdout == "a.example.cn/r/1/index.html: ../2/ → /r/2/index.html\n"
    (public / "a.example.cn/r/2").mkdir()
    (public / "a.example.cn/r/2/index.html").touch()
    assert CliRunner().invoke(main, ["links", "--public", str(public)]).exit_code == 0
    assert CliRunner().invoke(main, ["links", "--public", str(tmp_path / "none")]).exit_code == 2


def test_broken_links_sort_by_file() -> None:
    assert sorted([Broken("b", "x", "y"), Broken("a", "z", "y")])[0].file == "a"
