"""Fixtures that many tests share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests keep their hands off the user's cache."""
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def region(tmp_path: Path) -> Callable[..., Path]:
    """Makes a copy of the small sound region, with the files of ``tests/data/broken/<kind>`` laid over it."""

    def make(kind: str | None = None, name: str = "region") -> Path:
        target = tmp_path / name
        shutil.copytree(DATA / "base", target)
        if kind is not None:
            shutil.copytree(DATA / "broken" / kind, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
        return target

    return make
