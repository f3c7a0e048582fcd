"""Every public name says what it is, and the reference tells of it."""

from __future__ import annotations

import re
from pathlib import Path

import anagen

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
NAMES = [name for name in getattr(anagen, "__all__", []) if not name.startswith("__")]


def test_every_public_name_has_a_docstring() -> None:
    assert [name for name in NAMES if not (getattr(anagen, name).__doc__ or "").strip()] == []


def test_every_public_name_is_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8") if NAMES else ""
    assert [name for name in NAMES if not re.search(rf"\b{re.escape(name)}\b", text)] == []
