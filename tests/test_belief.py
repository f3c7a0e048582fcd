"""Belief: draws of every row, keyed so that one draw never disturbs another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.belief import PRIOR, Belief, calibrated
from anagen.ground.errors import BadFile, BadParameter, UnknownName
from anagen.ground.rows import priors, priors_hash


def test_every_row_is_drawn_and_a_longer_belief_begins_with_a_shorter_one() -> None:
    short, long = Belief.prior(n=20), Belief.prior(n=50)
    assert short.label == PRIOR
    assert {(row.of, row.name) for row in priors()} == {(of, name) for of, names in long.draws.items() for name in names}
    for of, names in short.draws.items():
        for name, draws in names.items():
            np.testing.assert_array_equal(draws, long.draws[of][name][:20])


def test_another_seed_is_another_belief() -> None:
    assert (Belief.prior(n=5, seed=1).values("five_ari")["shrink"] != Belief.prior(n=5, seed=2).values("five_ari")["shrink"]).all()


@pytest.mark.parametrize("row", [row for row in priors() if row.spread != "fixed"], ids=lambda row: f"{row.of}.{row.name}")
def test_a_row_spans_its_interval(row: object) -> None:
    """The central 95 % is as wide, on the row's own scale, as low to high says."""
    at = row.at(np.array([-1.959964, 0.0, 1.959964]))  # type: ignore[attr-defined]
    assert at[1] == pytest.approx(row.value)  # type: ignore[attr-defined]
    assert at[0] < at[1] < at[2]


def test_bad_calls_are_named() -> None:
    with pytest.raises(BadParameter, match="n is 0"):
        Belief.prior(n=0)
    with pytest.raises(UnknownName, match="'five_arr'; did you mean 'five_ari'"):
        Belief.prior(n=2).values("five_arr")


def test_the_shipped_belief_was_made_from_the_shipped_evidence_and_priors() -> None:
    """If this fails, the rows or the evidence have changed and the belief has not: see docs/how-to.md, 'Calibrate anew'."""
    from anagen.evidence.tables import evidence_hash

    file = calibrated()
    assert file.evidence_hash == evidence_hash()
    assert file.priors_hash == priors_hash()
    assert file.label.startswith("calibrated to ")
    assert {row.mark for row in file.rows} == {"calibrated", "assumed"}
    assert [(row.of, row.name, row.spread) for row in file.rows if row.mark == "assumed"] == [("scalp", "step_ratio", "fixed")]


def test_the_shipped_belief_is_the_calibrated_rows_and_the_priors_of_the_others() -> None:
    file, shipped, prior = calibrated(), Belief.shipped(300, 4), Belief.prior(300, 4)
    fitted = {(row.of, row.name) for row in file.rows}
    assert shipped.label != PRIOR
    marks = {(row.of, row.name): row.mark for row in shipped.rows}
    assert {name for name, mark in marks.items() if mark == "calibrated"} | {("scalp", "step_ratio")} == fitted  # held in the fit
    for row in prior.rows:
        mine, theirs = shipped.draws[row.of][row.name], prior.draws[row.of][row.name]
        if (row.of, row.name) in fitted:
            assert np.isin(mine, file.draws[row.of][row.name]).all()
        else:
            np.testing.assert_array_equal(mine, theirs)
    (one, of_one), (two, of_two) = (("five_ari", "shrink"), ("five_ari", "kenogen_stay"))
    together = list(zip(shipped.draws[one][of_one], shipped.draws[two][of_two], strict=True))
    assert set(together) <= set(zip(file.draws[one][of_one], file.draws[two][of_two], strict=True))  # draws stay whole


def test_more_draws_than_the_file_holds_use_each_as_often_as_any_other() -> None:
    file = calibrated()
    used = Belief.shipped(2 * file.size + 10).draws["five_ari"]["shrink"]
    values, times = np.unique(used, return_counts=True)
    assert len(values) == len(np.unique(file.draws["five_ari"]["shrink"]))
    assert times.min() >= 2


def test_a_belief_of_another_making_drops_in(tmp_path: Path) -> None:
    """Another label, other draws, a row that the priors do not have: nothing but the file changes."""
    from dataclasses import replace

    from anagen.compare import compare
    from anagen.people.person import Person

    belief = Belief.prior(n=120, seed=5)
    draws = {of: dict(names) for of, names in belief.draws.items()}
    draws["five_ari"]["shrink"] = np.full(120, 0.01)
    draws["study"] = {"optimism": np.zeros(120)}
    extra = replace(belief.rows[0], of="study", name="optimism")
    other = replace(belief, label="calibrated to 40 studies", draws=draws, rows=(*belief.rows, extra))
    other.save(tmp_path / "mine.npz")
    me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    read = Belief.load(tmp_path / "mine.npz")
    assert read.label == "calibrated to 40 studies"
    gains = [compare(me, one, years=1, options=["finasteride"]).options[1].forecast for one in (belief, read)]
    assert gains[0] is not None
    assert gains[1] is not None
    assert np.median(gains[1].draws["terminal"][..., -1]) > np.median(gains[0].draws["terminal"][..., -1])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"sex = 'male'"])
def test_what_is_no_belief_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.npz").write_bytes(content)
    with pytest.raises(BadFile, match="it is not a belief"):
        Belief.load(tmp_path / "mine.npz")
    with pytest.raises(BadFile, match="there is no such file"):
        Belief.load(tmp_path / "none.npz")


def test_people_differ_around_the_middle_one() -> None:
    belief = Belief.prior(n=2000)
    middle, people = belief.cycle("man"), belief.cycle("man", between=True)
    assert np.std(people.shrink) > 1.3 * np.std(middle.shrink)
    assert np.median(people.shrink) == pytest.approx(np.median(middle.shrink), abs=0.02)
    answers = belief.response("five_ari")
    sd = belief.values("between")["response_sd"]
    drift = np.log(answers) + sd**2 / 2  # what is left without it is the score times its sd: mean 0, so that the mean answer is 1
    assert abs(drift.mean()) < 4 * sd.mean() / 2000**0.5
    assert np.median(answers) < 0.95
    other = np.log(belief.response("minoxidil")) + sd**2 / 2
    assert abs(np.corrcoef(drift, other)[0, 1]) < 0.1
