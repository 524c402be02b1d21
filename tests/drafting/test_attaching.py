"""``sitegen attach``: a file beside a record, under a safe name, and never one that makes the record wrong."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from sitegen.check import load_and_check
from sitegen.cli import main
from sitegen.playground import make_playground
from tests.desk.client import DAHE, DAY
from tests.office import id_number, picture

FILE = "villages/qinghe-zhen/dahe/records/2026-0004.md"


def attach(root: Path, file: Path, *more: str) -> Result:
    args = ["attach", str(file), "--unit", DAHE, "--record", "2026-0004", "--title", "修好的路灯", *more]
    return CliRunner().invoke(main, ["-C", str(root), "--date", "2026-11-24", "--lang", "zh", *args])


def test_a_picture_an_attachment_and_what_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "region"
    make_playground(root, DAY)
    record = root / FILE
    record.write_bytes(b"\xef\xbb\xbf" + record.read_bytes().replace(b"\n", b"\r\n"))
    (tmp_path / "照片.jpg").write_bytes(picture())
    assert attach(root, tmp_path / "照片.jpg", "--picture").exit_code == 0
    raw = record.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf---\r\n")
    assert raw.endswith("\r\n\r\n![修好的路灯](2026-0004-照片.jpg)\r\n".encode())
    (tmp_path / "名册.csv").write_text(f"姓名,身份证号\n张*三,{id_number()}\n", encoding="utf-8")
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and ".sitegen" not in p.parts}
    refused = attach(root, tmp_path / "名册.csv")
    assert refused.exit_code == 1
    assert "什么都没有写" in refused.output
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert attach(root, tmp_path / "a.exe").exit_code == 2
    assert attach(root, tmp_path / "照片.jpg", "--record", "2026-9999").exit_code == 2
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and ".sitegen" not in p.parts} == before
    assert attach(root, tmp_path / "照片.jpg").exit_code == 0
    assert "attachments: [{path: 2026-0004-照片-2.jpg, title: 修好的路灯}]" in record.read_text(encoding="utf-8-sig")
    assert [f.code for f in load_and_check(root, DAY, cache=False).findings if f.severity.value == "error"] == []
