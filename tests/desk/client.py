"""A playground and a browser's requests to its desk, without a browser."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

from msgspec import Struct
from starlette.testclient import TestClient

from sitegen.desk.app import make_app
from sitegen.desk.state import Desk

DAY = dt.date(2026, 11, 24)
DAHE, XIAOHE, TOWN = "230170101201", "230170101202", "230170101000"
HOST = "127.0.0.1:8765"
TOKEN = "a-token-for-tests"
SAME = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}


class Talk(Struct):
    """A desk, and who talks to it."""

    desk: Desk
    client: TestClient

    def get(self, path: str, **more: str) -> str:
        """A page."""
        answer = self.client.get(f"/{TOKEN}{path}", headers=more)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, data: dict[str, str] | None = None, **files: tuple[str, bytes]) -> tuple[int, str]:
        """A form; where it leads."""
        answer = self.client.post(f"/{TOKEN}{path}", data=data or {}, files=files or None, headers=SAME)
        return answer.status_code, answer.text if answer.status_code != 303 else answer.headers["location"]


def talk(root: Path, unit: str | None = DAHE) -> Talk:
    """A desk of a region."""
    desk = Desk(root, lambda: DAY, unit)
    client = TestClient(make_app(desk, TOKEN, frozenset({HOST})), base_url=f"http://{HOST}", follow_redirects=False)
    return Talk(desk, client)


def form_of(page: str) -> dict[str, str]:
    """The values of the page's form, as a browser would send them."""
    form = page[page.index('id="edit"') : page.index("</form>", page.index('id="edit"'))]
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            values[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        first = re.search(r'<option(?: value="([^"]*)")?>([^<]*)', options)
        found = chosen or first
        values[name] = html.unescape(found[1] if found and found[1] is not None else found[2] if found else "")
    return values
