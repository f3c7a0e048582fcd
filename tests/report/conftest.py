"""One answer, made once, that all tests of the report read."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.belief import Belief
from anagen.compare import Comparison, compare
from anagen.people.person import read_person
from anagen.report.page import render

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "man-norwood-3v.toml"


@pytest.fixture(scope="session")
def answer() -> Comparison:
    """The example person, every option, five years."""
    return compare(read_person(EXAMPLE), Belief.prior(n=150))


@pytest.fixture(scope="session")
def html(answer: Comparison) -> str:
    """Its page."""
    return render(answer)
