"""Fixtures that many tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.demo import Demo
from tests.demo import demo as build_demo

# How fast a machine is must not decide whether a law holds.
settings.register_profile("sitegen", deadline=None)
settings.load_profile("sitegen")

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests keep their hands off the user's cache."""
    os.environ["SITEGEN_CACHE"] = str(tmp_path_factory.getbasetemp() / "cache")


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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo county's sites and sheets. Workers of one run share one build."""
    base = tmp_path_factory.getbasetemp()
    return build_demo((base.parent if base.name.startswith("popen-") else base) / "demo")
