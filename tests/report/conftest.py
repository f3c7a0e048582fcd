"""Some answers, made once, that all tests of the doors read."""

from __future__ import annotations

from pathlib import Path

import pytest
from fitted import fitted

from anagen.belief import Belief
from anagen.compare import Comparison, compare
from anagen.people.person import read_person
from anagen.report.page import render

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="session")
def answer() -> Comparison:
    """The example man, every option, two years, as a belief has it that was fitted to trials."""
    return compare(read_person(EXAMPLES / "man-norwood-3v.toml"), fitted())


@pytest.fixture(scope="session")
def woman() -> Comparison:
    """The example woman, some options, one year, as the priors have it."""
    return compare(read_person(EXAMPLES / "woman-ludwig-2.toml"), Belief.prior(n=150), 1, ["minoxidil 5%", "svf", "transplant"])


@pytest.fixture(scope="session")
def taking() -> Comparison:
    """The example man who takes finasteride, every option, a quarter of a year."""
    return compare(read_person(EXAMPLES / "man-on-finasteride.toml"), Belief.prior(n=150), 0.25)


@pytest.fixture(scope="session")
def html(answer: Comparison) -> str:
    """The page of the example man."""
    return render(answer)
