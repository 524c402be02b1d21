"""Pages of every type are valid HTML, as html-validate (Node) reads the standard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.load.region import load_region
from sitegen.model.linking import find_matters
from sitegen.site.pages import pages
from sitegen.view import plan
from tests.demo import DAY, ROOT, Demo

CONFIG = Path(__file__).parent / "data" / "htmlvalidate.json"
_OF_A_TYPE, _RECORDS = 3, 30


def validator() -> str:
    """The program html-validate: from ``SITEGEN_HTML_VALIDATE``, .venv/node (where .ci/run puts it) or the path; tests are skipped where it does not run."""
    local = ROOT / ".venv" / "node" / "node_modules" / ".bin" / "html-validate"
    found = os.environ.get("SITEGEN_HTML_VALIDATE") or (str(local) if local.exists() else None) or shutil.which("html-validate")
    if found is None or shutil.which("node") is None:
        pytest.skip("no html-validate: cp tests/data/node/package.json .venv/node/ && npm install --prefix .venv/node")
    if subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this html-validate does not run with the Node that is here")
    return found


def some_of_every_type(public: Path) -> Iterator[Path]:
    """Pages of every template, spread over units; codes' pages; pages of a host."""
    views = plan(load_region(ROOT), find_matters(load_region(ROOT)), DAY).views
    by_type: dict[str, list[Path]] = defaultdict(list)
    for view in views.values():
        for spec in pages(view):
            by_type[spec.template].append(public / view.host / view.path / spec.path / "index.html")
    codes = sorted(public.glob("*/Q/*/index.html"))
    by_type["q-lead"] = [p for p in codes if "-" not in p.parent.name]
    by_type["q"] = [p for p in codes if "-" in p.parent.name]
    by_type["host"] = sorted(public.glob("*/404.html"))
    for template, found in by_type.items():
        most = _RECORDS if template == "pages/record.html" else _OF_A_TYPE
        yield from found[:: max(1, len(found) // most)][: most + 1]


def complaints(files: list[Path]) -> list[str]:
    """What is not valid: file, line, rule and message."""
    done = subprocess.run(
        [validator(), "--config", str(CONFIG), "--formatter", "json", *map(str, files)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return [f"{r['filePath']}:{m['line']} {m['ruleId']}: {m['message']}" for r in json.loads(done.stdout) for m in r["messages"]]


def test_pages_of_every_type_are_valid(demo: Demo) -> None:
    files = list(some_of_every_type(demo.public))
    assert len(files) > 100
    assert complaints(files) == []


def test_what_is_not_valid_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<!doctype html><html lang=zh-CN><head><title>页</title></head><body><p><div>一</div></p><ul><p>二</ul></body></html>")
    assert {c.split(" ")[1] for c in complaints([page])} >= {"element-permitted-content:"}
