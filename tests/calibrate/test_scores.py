"""Scores of predictions against closed forms, brute force and known cases; each check sees the fault that it is for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from false_alarm import assert_counts_agree, share
from scipy.integrate import quad
from scipy.stats import norm

from anagen.calibrate.fact import Fact
from anagen.calibrate.scores import (
    PAIRS,
    RESAMPLES,
    SHARES,
    Prediction,
    by_treatment,
    difference,
    said_scores,
    scores,
)

FACT = Fact(("a",), "s", "x", None, "visible", 24.0, "change", 3.0, None, 30.0, 0.0)
ROUNDING = 1e-9  # sums of a few hundred terms in double precision


def one(mean: object, sd: object, se: object = 1.0, observed: float = 3.0, weight: object = None, trial: str = "t") -> Prediction:
    return replace(Prediction.of(FACT, trial, "nothing", mean, sd, se, weight), observed=observed)  # type: ignore[arg-type]


def mixture(size: int = 40) -> Prediction:
    rng = np.random.default_rng(3)
    return one(rng.normal(1, 4, size), rng.uniform(0.5, 3, size), weight=rng.uniform(0, 1, size))


def density(it: Prediction, x: float) -> float:
    return float((it.weight * norm.pdf(x, it.mean, it.sd)).sum())


@pytest.mark.parametrize("observed", [-20.0, 0.7, 1.0, 3.0])
def test_crps_of_a_normal_is_the_closed_form(observed: float) -> None:
    z = (observed - 1.0) / 2.0
    wanted = 2.0 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert one(1.0, 2.0, observed=observed).crps == pytest.approx(wanted, abs=ROUNDING)
    assert one(np.full(300, 1.0), 2.0, observed=observed).crps == pytest.approx(wanted, abs=ROUNDING)  # any pairs of equal draws
    assert one(1.0, 2.1, observed=observed).crps != pytest.approx(wanted, abs=1e-4)  # another spread is seen


def test_crps_of_a_mixture_is_the_integral_of_the_squared_difference_of_distributions() -> None:
    it = mixture()
    assert len(it.mean) <= PAIRS  # so every pair counts
    below, _ = quad(lambda x: it.chance_below(x) ** 2, -60, it.observed, limit=200)
    above, _ = quad(lambda x: (1 - it.chance_below(x)) ** 2, it.observed, 60, limit=200)
    assert it.crps == pytest.approx(below + above, abs=1e-7)  # the error that quad promises


def test_crps_of_many_draws_is_that_of_all_pairs_to_the_error_of_taking_some() -> None:
    it = mixture(600)
    apart = np.abs(np.subtract.outer(it.mean, it.mean))
    sd = np.hypot.outer(it.sd, it.sd)
    apart = 2 * sd * norm.pdf(apart / sd) + apart * (2 * norm.cdf(apart / sd) - 1)
    turns = [
        (np.roll(it.weight, -k) * it.weight * apart[np.arange(600), (np.arange(600) + k) % 600]).sum()
        / (np.roll(it.weight, -k) * it.weight).sum()
        for k in range(1, 600)
    ]
    off = (it.observed - it.mean) / it.sd
    near = (it.weight * (2 * it.sd * norm.pdf(off) + it.sd * off * (2 * norm.cdf(off) - 1))).sum()
    exact = near - 0.5 * np.mean(turns)
    bound = 5 * 0.5 * np.std(turns) / np.sqrt(PAIRS)  # five standard errors of the mean of PAIRS turns
    assert abs(it.crps - exact) < bound < 0.05 * exact


def test_log_score_is_the_log_of_the_density() -> None:
    it = mixture()
    assert it.log_score == pytest.approx(np.log(density(it, 3.0)), abs=ROUNDING)
    far = replace(it, observed=1e4)
    assert -np.inf < far.log_score < -1e6  # no underflow
    assert one([1.0, 50.0], [2.0, 2.0], weight=[1.0, 0.0]).log_score == pytest.approx(norm.logpdf(3, 1, 2), abs=ROUNDING)


def test_intervals_are_quantiles_and_hold_what_lies_in_them() -> None:
    it = mixture()
    for level in SHARES:
        low, high = it.interval(level)
        assert it.chance_below(low) == pytest.approx((1 - level) / 2, abs=1e-8)  # quantiles are exact to 1e-9 of the range
        assert it.chance_below(high) == pytest.approx((1 + level) / 2, abs=1e-8)
        for value, inside in ((low - 0.01, False), (low + 0.01, True), (high - 0.01, True), (high + 0.01, False)):
            assert replace(it, observed=value).holds(level) is inside
    assert one(1.0, 2.0).interval(0.9) == pytest.approx((1 - 2 * 1.6448536, 1 + 2 * 1.6448536), abs=1e-6)


CUTS = (0.05, 0.25, 0.5, 0.75, 0.95)


@pytest.mark.stochastic
def test_samples_follow_the_prediction() -> None:
    it = mixture(5000)
    counts = [(it.samples <= cut).sum() for cut in it.quantiles(CUTS)]
    assert_counts_agree(counts, len(it.samples), CUTS, share("test_samples_follow_the_prediction"))


def test_samples_follow_the_prediction_catches_samples_that_are_too_wide() -> None:
    it = mixture(5000)
    wide = replace(it, mean=it.mean * 1.15, sd=it.sd * 1.15)
    counts = [(wide.samples <= cut).sum() for cut in it.quantiles(CUTS)]
    with pytest.raises(AssertionError):
        assert_counts_agree(counts, len(it.samples), CUTS, share("test_samples_follow_the_prediction"))


def test_chances_of_a_statement() -> None:
    assert one(0.0, 1.0, se=1.0).chance_significant == pytest.approx(0.05, abs=1e-7)  # nothing but sampling error
    assert one(1.0, 2.0).chance_significant == pytest.approx(norm.sf(1.959964, 1, 2) + norm.cdf(-1.959964, 1, 2), abs=ROUNDING)
    it = mixture()
    said, not_said = (replace(it, said=word).log_chance_said for word in ("significant", "not_significant"))
    assert np.exp(said) + np.exp(not_said) == pytest.approx(1, abs=ROUNDING)


def test_a_fact_is_taken_on_when_it_is_seen_and_a_statement_has_no_number() -> None:
    made = Prediction.of(FACT, "t", "nothing", 1.0, 2.0, 1.0)
    assert made.observed == 3.0
    assert made.name == "a"
    said = made.seen(replace(FACT, value=2.6, said="z"))
    assert np.isnan(said.observed)
    assert said.said == "z"
    assert said.median == pytest.approx(1.0, abs=1e-8)


def at_quantiles(count: int = 100) -> list[Prediction]:
    it = mixture()
    return [
        replace(it, observed=float(value), rows=(str(i),), trial=str(i % 10))
        for i, value in enumerate(it.quantiles((np.arange(count) + 0.5) / count))
    ]


def test_coverage_of_values_at_even_quantiles_is_nominal() -> None:
    found = scores(at_quantiles())
    assert {level: one.value for level, one in found.coverage.items()} == {level: pytest.approx(level) for level in SHARES}
    assert (found.rows, found.trials) == (100, 10)
    narrow = [replace(one, sd=one.sd / 4, mean=one.mean / 4) for one in at_quantiles()]
    assert scores(narrow).coverage[0.9].high < 0.9  # a predictor that is too sure is caught


def test_rows_of_one_trial_stand_and_fall_together() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0, 3, 12)
    rows = [replace(one(0.0, 3.0, observed=float(v), trial=f"t{i}"), rows=(f"{i}-{k}",)) for i, v in enumerate(values) for k in range(9)]
    perfect = [replace(row, mean=np.array([row.observed])) for row in rows]
    by_trial = difference(rows, perfect)
    alone = difference([replace(row, trial=row.name) for row in rows], perfect)
    per_trial = np.array([rows[9 * i].log_score - perfect[9 * i].log_score for i in range(12)])
    wanted = per_trial.std() / np.sqrt(12)  # the bootstrap's own standard error of a mean of 12
    assert by_trial.log_score == pytest.approx(per_trial.mean(), abs=ROUNDING)
    assert by_trial.log_score_se == pytest.approx(wanted, rel=5 / np.sqrt(2 * RESAMPLES))  # five errors of an SD of so many resamples
    assert alone.log_score_se == pytest.approx(wanted / 3, rel=5 / np.sqrt(2 * RESAMPLES))  # counted one by one: a third of it
    assert by_trial.crps > 0  # the other is better


def test_one_trial_gives_no_standard_error() -> None:
    rows = [replace(one(0.0, 1.0), rows=(str(i),)) for i in range(3)]
    found = difference(rows, rows)
    assert (found.log_score, found.crps) == (0.0, 0.0)
    assert np.isnan(found.log_score_se)


def test_the_unit_turns_a_crps_into_percent_of_the_level() -> None:
    rows = at_quantiles(20)
    assert scores(rows, 2.0).crps == pytest.approx(scores(rows).crps / 2)
    assert scores(rows, [4.0] * 20).log_score == scores(rows).log_score


def test_each_treatment_has_its_own_scores() -> None:
    rows = [replace(row, treatment="laser" if i % 4 else "prp") for i, row in enumerate(at_quantiles())]
    found = by_treatment(rows)
    assert [(name, its.rows) for name, its in found.items()] == [("prp", 25), ("laser", 75)]
    assert found["prp"].log_score == pytest.approx(np.mean([row.log_score for row in rows[::4]]))


def test_scores_of_statements() -> None:
    sure, unsure = one(10.0, 1.0), one(0.0, 1.0)
    right = [replace(sure, said="significant"), replace(unsure, said="not_significant", trial="u")]
    wrong = [replace(sure, said="not_significant"), replace(unsure, said="significant", trial="u")]
    good, bad = said_scores(right), said_scores(wrong)
    assert good.brier.value == pytest.approx(0.05**2 / 2, abs=1e-6)
    assert bad.brier.value == pytest.approx((1 + 0.95**2) / 2, abs=1e-6)
    assert good.log_score == pytest.approx(np.log(0.95) / 2, abs=1e-6)
    assert bad.log_score < np.log(0.05)
    assert (good.statements, good.trials) == (2, 2)


def test_what_cannot_be_scored_says_so() -> None:
    with pytest.raises(ValueError, match="no prediction"):
        scores([])
    with pytest.raises(ValueError, match="no statement"):
        said_scores([])
    with pytest.raises(ValueError, match="same rows"):
        difference(at_quantiles(20), at_quantiles(20)[::-1])
