"""Nobody but the browser with the address uses the desk, and no address leads out of its folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.client import DAHE, HOST, SAME, TOKEN, XIAOHE, Talk

HOME = f"/{TOKEN}/u/{DAHE}/"


@pytest.mark.parametrize("host", ["evil.example.cn:8765", "127.0.0.1", "127.0.0.1:80", "localhost.evil.example.cn:8765", "", "[::1]:8765"])
def test_another_name_that_points_here_gets_nothing(clerk: Talk, host: str) -> None:
    assert clerk.client.get(HOME, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper()])
def test_without_the_token_there_is_nothing(clerk: Talk, token: str) -> None:
    assert clerk.client.get(f"/{token}/u/{DAHE}/").status_code == 404
    assert clerk.client.get(f"/{token}/static/desk.css").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example.cn"},
        {"Origin": "null"},
        {"Origin": f"https://{HOST}"},
        {"Origin": "http://127.0.0.1:9999"},
        {**SAME, "Sec-Fetch-Site": "cross-site"},
        {**SAME, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(clerk: Talk, root: Path, headers: dict[str, str]) -> None:
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    for path in (f"u/{DAHE}/r/2026-0004/", f"u/{DAHE}/r/2026-0004/release", f"u/{DAHE}/r/2026-0004/print", f"u/{DAHE}/excel/"):
        assert clerk.client.post(f"/{TOKEN}/{path}", data={"title": "坏"}, headers=headers).status_code == 403
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_another_site_cannot_even_look(clerk: Talk) -> None:
    assert clerk.client.get(HOME, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert clerk.client.get(HOME, headers={"Sec-Fetch-Site": "none"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "..%2f..%2fetc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "%2E%2E%2Fregion.yml",
        "..\\region.yml",
        "..%5cregion.yml",
        "/etc/passwd",
        "//etc/passwd",
        "%252e%252e%252fregion.yml",
        "region.yml%00.pdf",
        "./region.yml",
    ],
)
@pytest.mark.parametrize("base", ["out/230170101201-大河村/", "static/", "seen/0/", f"u/{DAHE}/r/", f"u/{DAHE}/template/"])
def test_no_address_leads_out(clerk: Talk, base: str, path: str) -> None:
    # The client would tidy the address up; a hostile one would not.
    scope_path = f"/{TOKEN}/{base}{path}"
    status, body = raw_get(clerk, scope_path)
    assert status in (400, 404), (status, body[:80])
    assert b"root:" not in body
    assert "青禾县（虚构）".encode() not in body


def raw_get(clerk: Talk, path: str) -> tuple[int, bytes]:
    """The answer to an address exactly as written."""
    import asyncio
    from urllib.parse import unquote

    got: dict[str, object] = {"body": b""}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            got["status"] = message["status"]
        else:
            got["body"] = got["body"] + message.get("body", b"")  # type: ignore[operator]

    scope = {
        "type": "http", "method": "GET", "path": unquote(path), "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", HOST.encode())], "scheme": "http", "server": ("127.0.0.1", 8765), "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(clerk.client.app(scope, receive, send))  # type: ignore[arg-type]
    return got["status"], got["body"]  # type: ignore[return-value]


def test_links_in_the_print_folder_lead_nowhere(clerk: Talk, root: Path) -> None:
    folder = root / "print-out" / "230170101201-大河村"
    assert clerk.client.get(f"/{TOKEN}/out/{folder.name}/2026-0003.pdf").status_code == 200
    (folder / "x.pdf").symlink_to(root / "region.yml")
    assert clerk.client.get(f"/{TOKEN}/out/{folder.name}/x.pdf").status_code == 404
    other = root / "print-out" / "230170101202-小河村"
    assert other.is_dir()
    assert clerk.client.get(f"/{TOKEN}/out/{other.name}/2026-0001.pdf").status_code == 404


def test_a_desk_for_one_unit_shows_no_other(clerk: Talk) -> None:
    for path in (f"u/{XIAOHE}/", f"u/{XIAOHE}/new/", f"u/{XIAOHE}/r/2026-0001/", f"u/{XIAOHE}/board/", f"u/{XIAOHE}/excel/"):
        assert clerk.client.get(f"/{TOKEN}/{path}").status_code == 404


def test_a_request_larger_than_any_workbook_is_refused(clerk: Talk) -> None:
    headers = {**SAME, "Content-Length": "900000000", "Content-Type": "multipart/form-data; boundary=x"}
    assert clerk.client.post(f"/{TOKEN}/u/{DAHE}/excel/", content=b"", headers=headers).status_code == 413


def test_every_page_forbids_what_it_does_not_need(clerk: Talk) -> None:
    head = clerk.client.get(HOME).headers
    assert "default-src 'none'" in head["content-security-policy"]
    assert "frame-ancestors 'self'" in head["content-security-policy"]
    assert head["referrer-policy"] == "same-origin"
    assert head["cache-control"] == "no-store"
    page = clerk.get(f"/u/{DAHE}/")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
