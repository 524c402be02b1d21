"""A list of persons whose place another one took shows nobody, whatever happens to the other one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.demo import ROOT
from tests.test_held_back import out, run

NEWEST = "content/townships/qinghe-zhen/records/2026-0046.md"


@pytest.mark.parametrize("how", ["edited", "not understood", "edited, and nothing is known of what was shown"])
def test_names_do_not_come_back_while_the_list_that_took_their_place_is_held_back(how: str, tmp_path: Path) -> None:
    root = tmp_path / "county"
    for part in ("content", "villages"):
        shutil.copytree(ROOT / part, root / part)
    for part in ("region.yml", "milestones.yml"):
        shutil.copy(ROOT / part, root)
    run(root)
    over = {name: data for name, data in out(root).items() if "名单的公开期限已满".encode() in data}
    assert any("/qinghe-zhen/dahe/r/" in name for name in over)
    head = root / NEWEST
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace("\nitem: ", "\nitme: ") if how == "not understood" else f"{text}\n没有登记的话。\n", encoding="utf-8")
    if "nothing is known" in how:
        shutil.rmtree(root / "public")
    assert run(root).held
    after = out(root)
    assert [name for name in over if "名单的公开期限已满" not in after[name].decode()] == []
