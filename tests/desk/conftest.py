"""A playground for every test of the desk: made once, copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen.playground import make_playground
from tests.desk.client import DAY, Talk, talk


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "region"
    make_playground(folder, DAY)
    return folder


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "region"))


@pytest.fixture
def clerk(root: Path) -> Talk:
    """The desk of 大河村."""
    return talk(root)
