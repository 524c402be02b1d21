"""The samples of docs/hosting hold with the servers that they are for, where those are installed."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from tests.demo import ROOT

SAMPLES = ROOT / "docs" / "hosting"
CODE = "7K3M9X2QF4"
FILES = {
    "index.html": "home",
    "zhen/index.html": "zhen",
    f"Q/{CODE}/index.html": "newest",
    f"Q/{CODE}-2/index.html": "revision 2",
    "Q/asof.css": "b{}",
    "assets/board.css": "a{}",
    "search-index/1a2b/0.bin": "piece",
    "search-index/index.bin": "index",
    "zhen/r/2026-0001/附件 1.pdf": "%PDF",
    "_sitegen/manifest.json.gz": "ours",
}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def nginx(site: Path, base: Path, port: int) -> list[str]:
    text = (SAMPLES / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/www/gk.qinghe.example.cn", str(site))
    whole = (
        f"daemon off; pid {base}/pid; error_log {base}/error; worker_processes 1; user root; events {{}} http {{ include /etc/nginx/mime.types; access_log off; "
        f"{' '.join(f'{kind}_temp_path {base}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))} "
        f"include {SAMPLES}/nginx-codes.conf;\n{text} }}"
    )
    (base / "nginx.conf").write_text(whole, encoding="utf-8")
    return ["nginx", "-c", str(base / "nginx.conf"), "-e", f"{base}/error"]


def caddy(site: Path, base: Path, port: int) -> list[str]:
    text = (SAMPLES / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace("\ngk.qinghe.example.cn {", f"\nhttp://127.0.0.1:{port} {{").replace("/srv/www/gk.qinghe.example.cn", str(site))
    text = text.replace("root * /etc/caddy", f"root * {SAMPLES}")
    (base / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, encoding="utf-8")
    return ["caddy", "run", "--config", str(base / "Caddyfile"), "--adapter", "caddyfile"]


def apache2(site: Path, base: Path, port: int) -> list[str]:
    shutil.copyfile(SAMPLES / "htaccess", site / ".htaccess")
    modules = Path("/usr/lib/apache2/modules")
    names = ["mpm_event", "authz_core", "dir", "mime", "alias", "headers", "speling", "deflate", "filter"]
    loads = "\n".join(f"LoadModule {n}_module {modules}/mod_{n}.so" for n in names)
    (base / "apache.conf").write_text(
        f"{loads}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {base}/pid\nErrorLog {base}/error\nTypesConfig /etc/mime.types\n"
        f"User www-data\nGroup www-data\nDocumentRoot {site}\n<Directory {site}>\nAllowOverride All\nRequire all granted\nOptions FollowSymLinks\n</Directory>\n",
        encoding="utf-8",
    )
    return ["apache2", "-DFOREGROUND", "-f", str(base / "apache.conf"), "-d", str(base)]


@pytest.fixture(params=[nginx, caddy, apache2], ids=lambda f: f.__name__)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    start: Callable[[Path, Path, int], list[str]] = request.param
    if shutil.which(start.__name__) is None:
        pytest.skip(f"no {start.__name__} here")
    # Servers that do not run as their starter must be able to read it.
    with TemporaryDirectory(prefix="sitegen-hosting-") as name:
        Path(name).chmod(0o755)
        yield from serve(start, Path(name) / "site", Path(name) / "base")


def serve(start: Callable[[Path, Path, int], list[str]], site: Path, base: Path) -> Iterator[str]:
    base.mkdir()
    for path, text in FILES.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    port = free_port()
    with (base / "log").open("wb") as log:
        process = subprocess.Popen(start(site, base, port), stdout=log, stderr=log, cwd=base)
        try:
            for _ in range(100):
                time.sleep(0.05)
                with socket.socket() as one:
                    if one.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if process.poll() is not None:
                    raise AssertionError((base / "log").read_text(encoding="utf-8", errors="replace"))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def get(url: str) -> tuple[int, str, str]:
    """Status, text and how long it may be kept; redirections are followed, by header or by the page."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            text = answer.read().decode()
            if (m := re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', text)) is not None:
                return get(f"{url[: url.index('/', 8)]}{m[1]}")
            return answer.status, text, answer.headers.get("Cache-Control", "")
    except urllib.error.HTTPError as error:
        return error.code, "", ""


def test_a_site_is_served_as_it_should(address: str) -> None:
    for typed in (f"/Q/{CODE}-2/", f"/Q/{CODE}-2", f"/q/{CODE.lower()}-2/", f"/q/{CODE.lower()}-2", f"/Q/{CODE.lower()}-2"):
        assert get(address + typed) == (200, "revision 2", "no-cache"), typed
    assert get(f"{address}/Q/{CODE}")[1] == "newest"
    assert get(f"{address}/zhen") == (200, "zhen", "no-cache")
    assert get(f"{address}/")[1:] == ("home", "no-cache")
    assert "max-age=86400" in get(f"{address}/assets/board.css")[2]
    assert get(f"{address}/Q/asof.css") == (200, "b{}", "no-cache"), "what codes' pages need is no code"
    assert "immutable" in get(f"{address}/search-index/1a2b/0.bin")[2]
    assert get(f"{address}/search-index/index.bin") == (200, "index", "no-cache")
    assert get(f"{address}/zhen/r/2026-0001/{quote('附件 1.pdf')}")[:2] == (200, "%PDF")
    assert get(f"{address}/_sitegen/manifest.json.gz")[0] == 404
    assert get(f"{address}/Q/0000000000-1/")[0] == 404


def test_the_sample_for_iis_is_well_formed() -> None:
    root = ET.parse(SAMPLES / "web.config").getroot()
    assert root.find(".//hiddenSegments/add[@segment='_sitegen']") is not None


def test_iis_has_a_type_for_every_kind_of_file() -> None:
    """It answers 404 for a file whose ending it does not know: the search's pieces, subtitles, attachments of WPS and OFD."""
    from sitegen.drafting.attaching import OTHERS

    by_itself = {".html", ".htm", ".css", ".js", ".xml", ".txt", ".zip", ".pdf", ".png", ".jpg", ".gif", ".mp3", ".mp4"}
    by_itself |= {".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx"}
    named = {entry.get("fileExtension") for entry in ET.parse(SAMPLES / "web.config").getroot().iter("mimeMap")}
    ours = {".bin", ".json", ".csv", ".ics", ".svg", ".webmanifest", ".webp", ".woff2", ".vtt", *OTHERS}
    assert ours <= named | by_itself


def test_the_page_shows_every_sample() -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    for sample in SAMPLES.iterdir():
        assert f"hosting/{sample.name}" in text, sample.name
