"""Regions to import into."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.check.examine import examine
from sitegen.load.region import load_region
from sitegen.model.region import Region
from tests.workbook.places import start


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Such a region to write into."""
    return start(tmp_path / "region")


@pytest.fixture(scope="session")
def plain_region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """Such a region, loaded, for reading only."""
    return load_region(start(tmp_path_factory.mktemp("workbook") / "region"), examine=examine)
