"""The page of the claims holds its record, and the labelled sentences are read now as they were recorded."""

from __future__ import annotations

import sys

import pytest
from records import VALIDATION, record, script, stale

measured = pytest.mark.skipif(not (VALIDATION / "claims" / "record.json").exists(), reason="the labelled sentences have not been read yet")


@measured
def test_the_page_holds_the_recorded_tables() -> None:
    assert stale("claims") == []
    run = script("claims")
    assert sys.modules["pages"].unsaid(VALIDATION / "claims" / "README.md", run.said(record("claims"))) == []


@measured
def test_the_record_is_what_the_labelled_sentences_give_now() -> None:
    run = script("claims")
    if not run.LABELLED.exists():
        pytest.skip("the labelled sentences are not here")
    assert run.measure(record("claims")["alike"]) == record("claims")


@pytest.mark.parametrize(("right", "of", "low", "high"), [(9, 10, 0.5958, 0.9821), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)])
def test_the_interval_is_wilson_s(right: int, of: int, low: float, high: float) -> None:
    """Beside scipy's, which is another's code."""
    from scipy.stats import binomtest

    found = script("claims").wilson(right, of)
    theirs = binomtest(right, of).proportion_ci(0.95, "wilson")
    assert found == pytest.approx((theirs.low, theirs.high), abs=1e-6)
    assert found == pytest.approx((low, high), abs=1e-4)
