"""Every kind of broken input gives located findings, all of them, and never a traceback.

``tests/data/broken/<kind>`` holds the files that differ from the sound region, and ``expected.txt`` what must be found.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check import load_and_check
from sitegen.load.region import NoRegion
from tests.demo import DAY

BROKEN = Path(__file__).parent.parent / "data" / "broken"
KINDS = sorted(p.name for p in BROKEN.iterdir() if p.is_dir())


def findings(root: Path) -> list[str]:
    try:
        found = load_and_check(root, DAY, cache=False).findings
    except NoRegion as error:
        found = tuple(error.findings)
    return [f"{f.file}:{f.line}:{f.column}: {f.code} {f.message('en')}" for f in found]


def test_the_base_region_is_sound(region: Callable[..., Path]) -> None:
    assert findings(region()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_broken_is_found_at_its_place(kind: str, region: Callable[..., Path]) -> None:
    expected = (BROKEN / kind / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert findings(region(kind)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_findings_say_what_to_do_in_both_languages(kind: str, region: Callable[..., Path]) -> None:
    root = region(kind)
    try:
        found = load_and_check(root, DAY, cache=False).findings
    except NoRegion as error:
        found = tuple(error.findings)
    for f in found:
        for lang in ("zh", "en"):
            assert f.message(lang)
            assert f.fix(lang)
            assert "{" not in f.message(lang).replace("{{", "")


def test_a_region_without_region_yml_is_said_plainly(tmp_path: Path) -> None:
    assert findings(tmp_path) == ["region.yml:None:None: SG114 there is no region here: region.yml is missing"]
