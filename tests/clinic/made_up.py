"""The made-up registry of tools/, for the tests."""

from __future__ import annotations

import csv
import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "made_up_registry.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_up_registry", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


made_up = _loaded()


def bulk(folder: Path, rows: int, name: str = "npidata_pfile_20050523-20261108.csv") -> Path:
    """A made-up bulk file in a folder."""
    path = folder / name
    with path.open("wb") as file:
        made_up.write(file, rows)
    return path


def table(rows: list[dict[str, str]], drop: tuple[str, ...] = (), add: tuple[str, ...] = (), quoting: int = csv.QUOTE_ALL) -> str:
    """A bulk file of these rows as text: cells by column; columns left out or added."""
    columns = [*add, *(name for name in made_up.header() if name not in drop)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
