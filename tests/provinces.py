"""A small province for tests: two counties, in the second of which the village mends its bridge, not its road."""

from __future__ import annotations

import shutil
from pathlib import Path

DATA = Path(__file__).parent / "data"
PROVINCE = """\
name: 松北省
code: "23"
url: https://sheng.example.cn/
counties: [counties/*]
supervision: {name: 省政务公开办公室, phone: 0451-0000 1000}
"""


def write_province(top: Path) -> Path:
    """Write it into ``top``, which must not exist."""
    (top / "counties").mkdir(parents=True)
    (top / "province.yml").write_text(PROVINCE, encoding="utf-8")
    for name, code, host in (("one", "230198", "ce"), ("two", "230199", "shi")):
        shutil.copytree(DATA / "base", top / "counties" / name)
        for path in (top / "counties" / name).rglob("*"):
            if path.is_file():
                text = path.read_text(encoding="utf-8").replace("230198", code).replace("ce.example.cn", f"{host}.example.cn")
                text = text.replace("xijie.example.cn", f"xijie-{name}.example.cn")
                path.write_text(text.replace("测试县", "试验县").replace("修路", "架桥") if name == "two" else text, encoding="utf-8")
    return top
