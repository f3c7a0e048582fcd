"""The record of the dose map: page, record and code say the same, and errors are within what was claimed."""

from __future__ import annotations

import pytest
from records import record, script, stale, text

FOLDER = "dose_map"


def test_the_readme_holds_the_recorded_tables() -> None:
    assert stale(FOLDER) == []


def test_the_text_says_what_was_recorded() -> None:
    sentences, words = script(FOLDER).said(record(FOLDER)), " ".join(text(FOLDER).split())
    assert len(sentences) == 4
    assert [sentence for sentence in sentences if sentence not in words] == []


def test_the_record_is_what_the_code_gives_now() -> None:
    """The coarsest run of finite volumes, to the digits of a record; linear solvers differ far below that."""
    now = script(FOLDER).finite_rows((2,))
    then = [row for row in record(FOLDER)["finite"] if row["cells per mm"] == 2]
    for fresh, old in zip(now, then, strict=True):
        assert fresh.keys() == old.keys()
        assert all(old[name] == (pytest.approx(value, rel=1e-4) if isinstance(value, float) else value) for name, value in fresh.items())


def test_finer_cells_come_closer_and_the_finest_is_close() -> None:
    rows = record(FOLDER)["finite"]
    for case in {row["case"] for row in rows}:
        course = [row for row in rows if row["case"] == case]
        assert [row["cells per mm"] for row in course] == [2, 4, 8, 12]
        for name in ("1 h", "6 h", "24 h", "mass"):
            assert course[0][name] > course[2][name] > course[3][name]
            assert course[3][name] < 0.003


def test_no_error_seen_is_larger_than_the_stated_one() -> None:
    rows = record(FOLDER)["sum"]
    assert len(rows) == 15
    assert all(0 < row["seen"] <= row["stated"] < 0.003 for row in rows)
