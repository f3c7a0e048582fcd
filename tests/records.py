"""What `validation/` holds: each folder's script, record and page."""

from __future__ import annotations

import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

VALIDATION = Path(__file__).parents[1] / "validation"


@cache
def script(folder: str) -> ModuleType:
    """The `run.py` of a folder, as a module; what it imports from `validation/` is found."""
    spec = importlib.util.spec_from_file_location(f"validation_{folder}", VALIDATION / folder / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


def record(folder: str) -> dict[str, Any]:
    """What a folder's script measured."""
    loaded: dict[str, Any] = json.loads((VALIDATION / folder / "record.json").read_text(encoding="utf-8"))
    return loaded


def text(folder: str = ".") -> str:
    """A folder's page."""
    return (VALIDATION / folder / "README.md").read_text(encoding="utf-8")


def stale(folder: str) -> list[str]:
    """The tables that the page does not hold as the record gives them."""
    found = script(folder).tables(record(folder))
    return [name for name, table in found.items() if f"<!-- {name} -->\n{table}\n<!-- end -->" not in text(folder)]
