"""Whatever a county writes, wherever it stands: markup in it reaches no page, no feed and no structured data as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel

from sitegen.check import load_and_check
from sitegen.contents import fill, for_web, job
from sitegen.flat import unfold
from sitegen.model.views import UnitView
from sitegen.site.engine import build_unit
from sitegen.site.pages import pages
from sitegen.view import plan
from tests.demo import DAY, ROOT
from tests.kinds import templates

NASTY = "</title></script></style>--><script>window.hit=1</script><img src=x onerror=window.hit=1>"
_WORDS = re.compile(r"[一-鿿][^\n]{5,}[一-鿿。）]")
"""Words that somebody wrote; shorter ones may be terms of the field, on which pages depend."""
_MADE = {"item_name", "field_name", "source", "subject_type", "state", "stage", "region", "type", "topic", "href", "digest", "path", "code"}
"""What was made of words already, and names that are looked up."""


def planted(value: Any, name: str = "") -> Any:
    """The same with markup at the end of every text in it, however deep."""
    if name == "html":
        return ""  # made of the text again
    if isinstance(value, str):
        return value + NASTY if name not in _MADE and _WORDS.search(value) and "://" not in value and not value.isascii() else value
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{f: planted(getattr(value, f), f) for f in value.__struct_fields__})
    if isinstance(value, BaseModel):
        return value.model_copy(update={f: planted(getattr(value, f), f) for f in type(value).model_fields})
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(planted(v, name) for v in value)
    if isinstance(value, Mapping):
        return {key: planted(v, name) for key, v in value.items()}
    return value


@pytest.fixture(scope="module")
def views() -> tuple[UnitView, ...]:
    """The demo's county and a village."""
    checked = load_and_check(ROOT, DAY)
    made = plan(checked.region, checked.matters, DAY)
    found = [for_web(fill(job(checked.region, made, code), checked.region.catalog)) for code in ("230170000000", "230170101201")]
    return tuple(planted(view) for view in found)


def test_no_markup_that_people_write_is_markup_on_any_kind_of_page(views: tuple[UnitView, ...], tmp_path: Path) -> None:
    for view in views:
        place = tmp_path / "store" / view.unit.code
        build_unit(view, place, ROOT)
        unfold(place / "site", tmp_path / "out" / view.path)
        unfold(place / "q", tmp_path / "out/Q")
    kinds = {Path(spec.template).stem: 0 for view in views for spec in pages(view)}
    assert templates() - kinds.keys() <= {"board", "units", "plain-list", "heard-list"}
    wrong, escaped = [], 0
    for path in sorted(p for p in (tmp_path / "out").rglob("*") if p.suffix in (".html", ".xml")):
        text = path.read_text(encoding="utf-8")
        wrong += [path.relative_to(tmp_path).as_posix()] * any(
            sign in text for sign in ("<script>window", "<img src=x", "</title></script>")
        )
        escaped += "window.hit" in text
    assert wrong == []
    assert escaped > 500
