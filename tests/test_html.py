"""Pages of every type are valid HTML, as html-validate (Node) reads the standard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo import ROOT, Demo
from tests.kinds import Kinds, crowded_kinds, kinds_of

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


def some_of_every_type(public: Path, kinds: Kinds) -> Iterator[Path]:
    """Pages of every kind, spread over sizes and units."""
    for kind, paths in kinds.items():
        most = _RECORDS if kind == "record" else _OF_A_TYPE
        for path in paths[:: max(1, len(paths) // most)][: most + 1]:
            file = public / path
            yield file / "index.html" if file.is_dir() else file
    yield from [p for p in sorted(public.glob("*/Q/*/index.html")) if "-" not in p.parent.name][:_OF_A_TYPE]  # they lead on


def complaints(files: list[Path]) -> list[str]:
    """What is not valid: file, line, rule and message."""
    done = subprocess.run(
        [validator(), "--config", str(CONFIG), "--formatter", "json", *map(str, files)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return [f"{r['filePath']}:{m['line']} {m['ruleId']}: {m['message']}" for r in json.loads(done.stdout) for m in r["messages"]]


def test_pages_of_every_type_are_valid(demo: Demo, tmp_path: Path) -> None:
    files = [
        *some_of_every_type(demo.public, kinds_of(demo.public)),
        *some_of_every_type(tmp_path, crowded_kinds(tmp_path)),
    ]
    assert len(files) > 100
    assert complaints(files) == []


def test_what_is_not_valid_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<!doctype html><html lang=zh-CN><head><title>页</title></head><body><p><div>一</div></p><ul><p>二</ul></body></html>")
    assert {c.split(" ")[1] for c in complaints([page])} >= {"element-permitted-content:"}
