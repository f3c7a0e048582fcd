"""A copy of the shipped tables to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from anagen.evidence import tables


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    """A copy of the shipped tables to break."""
    return Path(shutil.copytree(tables.SHIPPED, tmp_path / "evidence"))
