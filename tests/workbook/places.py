"""The region in which the tests import: the whole standard catalogue, one township, one village, nothing published yet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sitegen.scaffold import start_region
from sitegen.workbook.rowkeys import SALT_FILE

TODAY = dt.date(2025, 7, 1)
VILLAGE, TOWNSHIP = "示例村", "示例镇"


def start(folder: Path) -> Path:
    """A region in which nothing is published yet, with a salt that is always the same."""
    start_region(folder, "青禾县", "230198", "gk.example.cn", TODAY)
    for file in (folder / "content" / "townships" / "shili-zhen" / "records").iterdir():
        file.unlink()
    (folder / SALT_FILE).parent.mkdir()
    (folder / SALT_FILE).write_bytes(b"0" * 32)
    return folder
