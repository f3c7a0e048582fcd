"""The record of the ranges of a count of people: page, record and code say the same, and the ranges are near those of many people."""

from __future__ import annotations

import pytest
from records import record, script, stale, text

FOLDER = "chances"


def test_the_readme_holds_the_recorded_tables() -> None:
    assert stale(FOLDER) == []


def test_the_text_says_what_was_recorded() -> None:
    words = " ".join(text(FOLDER).split())
    sentences = script(FOLDER).said(record(FOLDER))
    assert sentences
    assert [sentence for sentence in sentences if sentence not in words] == []


def test_the_record_is_what_the_code_gives_now() -> None:
    """One person with few people to each draw: what is told is as recorded; the counted shares are near, for they are of fewer people."""
    now = script(FOLDER).rows_of("woman-ludwig-2", 6)
    then = {(row["plan"], row["week"]): row for row in record(FOLDER)["rows"] if row["person"] == "woman-ludwig-2"}
    assert {(row["plan"], row["week"]) for row in now} == set(then)
    for row in now:
        old = then[row["plan"], row["week"]]
        assert {name: row[name] for name in ("told", "low", "high")} == {name: old[name] for name in ("told", "low", "high")}
        assert row["mean of many"] == pytest.approx(old["mean of many"], abs=5)


def test_a_range_that_tells_how_people_differ_would_be_seen() -> None:
    """The twin: were people and what is not known told together, a count would be anything from 0 to 100."""
    rows = record(FOLDER)["rows"]
    found, mixed = script(FOLDER).summary(rows), script(FOLDER).summary([{**row, "low": 0, "high": 100} for row in rows])
    assert found["high off, middle"] < 5 < mixed["high off, middle"]
