"""What `validation/` says is what was recorded, and what was recorded is what the code gives now (the rows that are cheap)."""

from __future__ import annotations

from pathlib import Path

import pytest
from records import record, script, stale

VALIDATION = Path(__file__).parents[2] / "validation"
CHEAP = {"halloy_2002": ("exact_rows", "fluctuation_rows"), "alnuaimi_2012": ("cycle_rows",)}
NOT_REPRODUCED = {
    "halloy_2002": set(),
    "alnuaimi_2012": {"p1 at which the cycle appears (fold of limit cycles)", "p1 at which the cycle ends (saddle-node on it)"},
}

folders = pytest.mark.parametrize("folder", sorted(CHEAP))


@folders
def test_the_readme_holds_the_recorded_tables(folder: str) -> None:
    assert stale(folder) == []


@folders
def test_the_record_is_what_the_code_gives_now(folder: str) -> None:
    recorded = {(row["check"], row["what"]): row for row in record(folder)["rows"]}
    run = script(folder)
    for measure in CHEAP[folder]:
        for row in getattr(run, measure)():
            old = recorded[row["check"], row["what"]]
            assert row["measured"] == pytest.approx(old["measured"], rel=2e-6, abs=2e-6), row["what"]
            assert {**row, "measured": 0} == {**old, "measured": 0}


@folders
def test_what_does_not_agree_is_what_the_readme_admits(folder: str) -> None:
    rows = record(folder)["rows"]
    assert {row["what"] for row in rows if not row["agrees"]} == NOT_REPRODUCED[folder]
    for row in rows:
        assert row["agrees"] == (abs(row["measured"] - row["expected"]) <= row["within"] + 1e-6)
        assert row["source"] in ("R", "C")
