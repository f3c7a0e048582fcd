"""The record of the engine: README, record and code say the same, and each README admits what lies outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from records import record, script, stale, text

VALIDATION = Path(__file__).parents[2] / "validation"
Row = dict[str, Any]
CHEAP: dict[tuple[str, str], Callable[[ModuleType], list[Row]]] = {
    ("convergence", "steps"): lambda run: run.step_rows(),
    ("convergence", "slots"): lambda run: run.slot_rows(),
    ("healthy_scalp", "rows"): lambda run: run.rows(),
    ("healthy_scalp", "design"): lambda run: run.design_rows(),
    ("healthy_scalp", "spread"): lambda run: run.spread_rows(),
    ("healthy_scalp", "kenogen"): lambda run: run.kenogen_rows(),
    ("post_partum", "pregnancy"): lambda run: run.pregnancy_rows(),
    ("post_partum", "birth"): lambda run: run.birth_rows(),
    ("trials", "start"): lambda run: run.start_rows(),
    ("trials", "rows"): lambda run: run.trial_rows(run.CHECKS[:4]),
}
FOLDERS = sorted({folder for folder, _ in CHEAP})

LAST_DIGIT = 1e-5
"""A record keeps six digits, and a unit in the sixth is at most 1e-5 of the number. Rows in float64 need no more: machines that
multiply or sum in another order (BLAS kernels, vector units) differ there by about 1e-8 of these numbers."""

IN_SINGLE = {("trials", "start"), ("trials", "rows"), ("healthy_scalp", "kenogen")}
"""Rows that come of float32: the start of every man, and the courses of the trials."""


def single() -> float:
    """How far float32 may move a row: four times its largest error, which validation/convergence measured against float64.

    Each machine is within that error of the exact count, so two of them within twice; a change joins two counts. The rows are in
    hairs/cm2, or in % of 100 hairs/cm2 and more, and a quantile moves by no more than the draw that moves most.
    """
    return 4 * float(max(row[out] for row in record("convergence")["single"] for out in ("visible", "terminal", "anagen") if row[out]))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_readme_holds_the_recorded_tables(folder: str) -> None:
    assert stale(folder) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_text_says_what_was_recorded(folder: str) -> None:
    sentences, words = script(folder).said(record(folder)), " ".join(text(folder).split())
    assert len(sentences) >= 8
    assert [sentence for sentence in sentences if sentence not in words] == []


@pytest.mark.parametrize(("folder", "part"), sorted(CHEAP))
def test_the_record_is_what_the_code_gives_now(folder: str, part: str) -> None:
    now, then = CHEAP[folder, part](script(folder)), record(folder)[part]
    slack = single() if (folder, part) in IN_SINGLE else 0.0
    assert now
    for fresh, old in zip(now, then, strict=(folder, part) != ("trials", "rows")):
        assert fresh.keys() == old.keys()
        for name, value in fresh.items():
            same = pytest.approx(value, rel=LAST_DIGIT, abs=slack) if isinstance(value, float) else value
            assert old[name] == same, f"run validation/{folder}/run.py again: {part}, {old}: {name} is now {value}"


def test_the_slack_is_small_beside_what_is_recorded() -> None:
    """A tolerance that forgives a float32 still sees one part in a hundred of the smallest band of the rows it is used for."""
    rows = record("trials")["rows"][:4]
    assert single() < 0.01
    assert single() < 0.01 * min(row["high"] - row["low"] for row in rows)


def test_no_verdict_hangs_on_a_rounding() -> None:
    """Neither a published value at the edge of a band nor a draw at the edge of its life could fall to the other side elsewhere."""
    for row in record("trials")["rows"]:
        edges = [abs(row["published"] - row[edge]) for edge in ("low", "high")]
        assert min(edges) > single(), row
    run = script("trials")
    for who, (age, _) in run.PEOPLE.items():
        onset = run.start(who).onset_weeks
        assert onset.min() > 1
        assert onset.max() < (age - 15) * 52.14 - 1


def test_a_sub_step_more_brings_second_order() -> None:
    rows = record("convergence")["steps"]
    orders = [row["order"] for row in rows if row["order"] is not None]
    assert len(orders) == 9
    assert all(1.9 < order < 2.1 for order in orders)
    assert max(row[out] for row in rows if row["sub_steps"] == 1 for out in ("visible", "terminal", "anagen")) < 0.25


def test_what_is_in_use_moves_a_forecast_by_less_than_was_claimed() -> None:
    used = [row for row in record("convergence")["stages"] if row["in_use"]]
    assert {row["phase"] for row in used} == {"anagen", "catagen", "telogen", "kenogen"}
    assert {(row["phase"], row["plan"]) for row in used if row["of prior"] >= 0.15} == set()
    assert "Kenogen comes closest to that bound" in text("convergence")
    assert all(
        row[out] == 0
        for row in record("convergence")["slots"]
        for out in ("visible", "terminal")
        if row["slots"] >= 8 and row["step_ratio"] <= 0.8
    )


def test_the_exact_chain_can_tell_a_fault() -> None:
    """The comparison that finds agreement to a tenth of a hair finds a law that shrinks 1 % more often."""
    import numpy as np

    from anagen.scalp.expect import expect

    run = script("convergence")
    chain = run.at_baseline(8)[0]
    exact = chain.read(chain.run(None, 520, chain.healthy()), run.TERMINAL_UM)["terminal"]
    right, wrong = (
        expect(cycle, weeks=520, dtype=np.float64)["terminal"] for cycle in (run.MAN, run.MAN.but(shrink=run.MAN.shrink * 1.01))
    )
    assert np.abs(right - exact).max() < 0.01 < np.abs(wrong - exact).max()


def test_the_men_of_a_trial_show_its_count() -> None:
    """Every draw shows the count to which it was aged, as closely as a week of loss: the course is tabulated by the quarter."""
    import numpy as np

    from anagen.scalp.expect import expect

    run = script("trials")
    men = run.start(run.KAUFMAN)
    shown = expect(men.cycle, weeks=1, start=men.start, outputs=("visible",))["visible"]
    assert np.abs(shown[:, 0] - men.counted).max() < (shown[:, 0] - shown[:, 1]).max()
    assert men.counted.std() > 1


def test_inside_means_inside() -> None:
    rows, counts = record("trials")["rows"], record("trials")["count"]
    assert all(row["inside"] == (row["low"] <= row["published"] <= row["high"]) for row in rows)
    assert sum(count["rows"] for count in counts) == len(rows)
    assert sum(count["inside"] for count in counts) == sum(row["inside"] for row in rows)


def test_the_index_says_what_was_recorded() -> None:
    rows = record("trials")["rows"]
    assert f"{sum(row['inside'] for row in rows)} of {len(rows)} rows inside" in text()
    at_6 = min(row["at 6 weeks"] for row in record("post_partum")["birth"][1:])
    assert f"{at_6:.0f} % where {record('post_partum')['read']['p081']:.0f} % was read" in text()
    folders = {path.parent.name for path in VALIDATION.glob("*/README.md")}
    assert folders == {line.split("](")[0].split("[")[1] for line in text().splitlines() if line.startswith("| [")}
