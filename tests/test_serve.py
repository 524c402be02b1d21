"""The preview: all hosts on 127.0.0.1, addresses turned inwards, problems shown, strangers refused."""

from __future__ import annotations

import datetime as dt
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from sitegen.serve import _Handler, _rebuild, _State


@contextmanager
def serving(root: Path, day: dt.date | None = None) -> Iterator[tuple[_State, str]]:
    state = _State(root, root / "public", "zh", lambda: day or dt.date.today())
    _rebuild(root, state, first=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, state=state))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def get(url: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return str(answer.read().decode())


def test_all_hosts_are_shown_and_link_each_other(region: Callable[..., Path]) -> None:
    with serving(region()) as (_, url):
        assert "/ce.example.cn/" in get(url + "/")
        village = get(url + "/xijie.example.cn/")
        assert '"https://ce.example.cn/' not in village
        assert '"/ce.example.cn/heping/' in village


def test_a_change_gives_a_new_version_and_a_problem_is_shown(region: Callable[..., Path]) -> None:
    root = region()
    with serving(root) as (state, url):
        before = get(url + "/.version")
        path = root / "content/townships/heping/records/2026-0001.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("8.00,568.00", "约8亩,568.00"), encoding="utf-8")
        _rebuild(root, state)
        assert get(url + "/.version") != before
        page = get(url + "/ce.example.cn/heping/")
        assert "SG206" in page
        assert "东街村" in page  # what was there is still there


def test_a_name_that_merely_points_here_is_refused(region: Callable[..., Path]) -> None:
    with serving(region()) as (_, url), pytest.raises(urllib.error.HTTPError, match="421"):
        get(url + "/", Host="evil.example.com")


def test_the_store_is_not_served(region: Callable[..., Path]) -> None:
    with serving(region()) as (_, url), pytest.raises(urllib.error.HTTPError, match="404"):
        get(url + "/.store/state.json")


def test_sheets_are_shown_page_by_page(region: Callable[..., Path]) -> None:
    root = region()
    with serving(root) as (state, url):
        assert "/.sheets/" in get(url + "/")
        assert "和平镇" in get(url + "/.sheets/")
        (code,) = [c for c in get(url + "/.sheets/").split('"') if c.startswith("/.sheets/") and c.endswith("101000/")][:1]
        unit = get(url + code)
        assert "2026-0001/1.svg?paper=A3" in unit
        assert "<svg" in get(f"{url}{code}2026-0001/1.svg?paper=A4&bw=1")
        assert get(url + code + "2026-0001/").count("<img") == 1
        before = len(state.sheets._pages)
        get(f"{url}{code}2026-0001/1.svg?paper=A4&bw=1")
        assert len(state.sheets._pages) == before  # kept by its content
        for wrong in ("230199000000/", f"{code[9:]}nothing/1.svg", f"{code[9:]}2026-0001/9.svg", f"{code[9:]}2026-0001/x.svg"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                get(url + "/.sheets/" + wrong)


@pytest.mark.parametrize(("day", "said"), [(dt.date(2026, 5, 10), "公示中"), (dt.date(2026, 6, 10), "公示已结束")])
def test_it_shows_the_day_that_was_asked_for(region: Callable[..., Path], day: dt.date, said: str) -> None:
    with serving(region(), day) as (_, url):
        assert said in get(url + "/ce.example.cn/heping/r/2026-0001/")
        assert f"截至{day.year}年{day.month}月{day.day}日" in get(url + "/ce.example.cn/asof.css")
