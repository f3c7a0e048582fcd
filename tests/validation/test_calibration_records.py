"""What `validation/` says of the calibration is what was recorded, and the record is of the belief that ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from records import record, script, stale, text

from anagen.belief import calibrated
from anagen.evidence.tables import evidence_hash

VALIDATION = Path(__file__).parents[2] / "validation"
FOLDERS = ("calibration", "held_out", "sensitivity", "simulation")

folders = pytest.mark.parametrize("folder", FOLDERS)


@folders
def test_the_page_holds_what_was_recorded(folder: str) -> None:
    assert stale(folder) == []
    said = " ".join(text(folder).split())
    for sentence in getattr(script(folder), "sentences", lambda _: [])(record(folder)):
        assert sentence in said, f"validation/{folder}/README.md does not say: {sentence}"


def test_the_recorded_calibration_is_that_of_the_shipped_belief() -> None:
    """The draws of the file give the ranges of the report, to what thinning and float32 leave."""
    recorded, file = record("calibration"), calibrated()
    assert recorded["evidence_hash"] == file.evidence_hash == evidence_hash()
    rows = {row["row"]: row for row in recorded["report"]["rows"]}
    fitted = [row for row in file.rows if row.mark == "calibrated"]  # one more is held
    assert set(rows) == {f"{row.of}.{row.name}" for row in fitted}
    for row in fitted:
        draws, posterior = file.draws[row.of][row.name], rows[f"{row.of}.{row.name}"]["posterior"]
        np.testing.assert_allclose(np.quantile(draws, (0.5, 0.025, 0.975)), posterior, rtol=1e-3, atol=1e-3)


def test_every_number_of_the_facts_was_held_out_once() -> None:
    from anagen.calibrate.facts import facts_of
    from anagen.evidence import Evidence

    evidence = Evidence.shipped()
    facts = facts_of(evidence.studies, evidence.arms, evidence.outcomes)
    recorded = [tuple(row["rows"]) for row in record("held_out")["rows"]]
    assert sorted(recorded) == sorted(fact.rows for fact in facts.facts if not fact.said)


def test_the_recorded_coverage_is_what_the_recorded_rows_give() -> None:
    recorded = record("held_out")
    own = next(iter(recorded["scores"].values()))
    for share in ("50", "80", "90"):
        inside = [row[f"within_{share}"][0] <= row["observed"] <= row[f"within_{share}"][1] for row in recorded["rows"]]
        assert np.mean(inside) == pytest.approx(own["coverage"][share][0], abs=0.01)


def test_a_stale_page_would_be_found() -> None:
    recorded = record("held_out")
    recorded["beside"] = {name: {key: value + 0.5 for key, value in one.items()} for name, one in recorded["beside"].items()}
    assert script("held_out").tables(recorded)["beside"] not in text("held_out")


def test_what_the_belief_leans_on_was_asked_of_the_shipped_evidence_and_of_every_class() -> None:
    recorded, run = record("sensitivity"), script("sensitivity")
    assert recorded["evidence_hash"] == evidence_hash()
    gone = run.without()
    assert recorded["gone"] == {name: len(trials) for name, trials in gone.items()}
    assert set(recorded["gains"]) == {"all trials", *gone, "no trial: the priors"}
    assert all(trials for name, trials in gone.items() if name.endswith("left out"))


def test_uniform_ranks_were_asked_of_every_row_of_the_belief_and_a_slope_would_be_found() -> None:
    recorded, run = record("simulation"), script("simulation")
    assert {row["row"] for row in recorded["rows"]} == {f"{row.of}.{row.name}" for row in calibrated().rows if row.mark == "calibrated"}
    assert recorded["worst"] == min(row["p"] for row in recorded["rows"]) >= recorded["bound"]
    high = 1 + run.SHORT.draws // run.THIN
    even, sloped = np.arange(run.RUNS) % high, (np.arange(run.RUNS) % high) ** 2 / high
    assert run.uniform_p(sloped.astype(int)) < recorded["bound"] < run.uniform_p(even)
