"""Data as the model would make them: their means and all that they share are the model's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from calibrate.conftest import with_level
from false_alarm import assert_cells_agree, assert_variances_agree, share
from scipy.linalg import block_diag

from anagen.calibrate import simulate
from anagen.calibrate.fact import Facts
from anagen.calibrate.means import Told, values_of
from anagen.calibrate.model import Data, Model
from anagen.calibrate.simulate import simulated
from anagen.ground.errors import BadParameter

pytestmark = pytest.mark.usefixtures("quick")

TRIALS = 4000


def in_numbers(facts: Facts) -> Facts:
    """The same facts, every statement an exact p value."""
    return replace(facts, facts=tuple(replace(fact, said="z", value=2.0) if fact.said else fact for fact in facts.facts))


@dataclass(frozen=True)
class Known(Model):
    """A model that says the same of its facts at every call, without the law."""

    def told(self, scores: Any, values: Any) -> Told:
        size = len(self.week)
        rng = np.random.default_rng(7)
        scale = rng.uniform(60, 200, size)
        return Told(rng.normal(5, 3, size), scale, rng.uniform(1, 4, size), scale, np.full(len(self.facts.baselines), 180.0))


@pytest.fixture
def model(two: Facts) -> Known:
    return Known.of(in_numbers(two))


def flat(data: Data) -> Any:
    """All that was simulated: numbers and z scores, then levels before and SDs in logs."""
    return np.concatenate([data.value, np.log(data.before), np.log(data.spread)])


def expected(it: Known) -> tuple[Any, Any]:
    """Mean and covariance of `flat`, put together by hand from what the model says of each part."""
    values = values_of(it.zeros()["rows"])
    told, trial = it.told(it.zeros(), values), values["trial"]
    middle, error = it.spreads_told(it.zeros(), values, told)
    mean = np.concatenate([told.mean, np.log(told.before), middle])
    blocks = [it.covariance(told, trial)[place][: (group >= 0).sum(), : (group >= 0).sum()] for place, group in enumerate(it.numbers)]
    arm = float(trial["arm_sd"] * trial["arm_sd_weak"])
    for group in map(list, it.said):
        share_ = np.where(it.small[group], trial["width_share"], 1.0)
        effect = told.scale[group] * share_ * np.hypot(arm, float(trial["study_sd"])) / told.se[group]
        blocks.append(np.outer(effect, effect) + np.eye(len(group)))
        mean[group] = told.mean[group] / told.se[group]
    blocks += [np.eye(len(told.before)) * trial["baseline_error"] ** 2, np.diag(error**2)]
    return mean, block_diag(*blocks)


@pytest.fixture(scope="module")
def drawn(two: Facts) -> Any:
    """Many simulations, (TRIALS, parts); what does not change from one to the next is worked out once."""
    it = Known.of(in_numbers(two))
    zeros = it.zeros()
    values = values_of(zeros["rows"])
    found = it.told(zeros, values)
    parts = {
        "covariance": np.asarray(it.covariance(found, values["trial"])),
        "spread": np.asarray(it.spread(found, values["trial"])),
        "spreads_told": tuple(map(np.asarray, it.spreads_told(zeros, values, found))),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulate, "values_of", lambda rows: values)
        for name, part in parts.items():
            patch.setattr(Known, name, lambda *_, part=part: part)
        return np.stack([flat(simulated(it, zeros, seed)) for seed in range(TRIALS)])


def agree(drawn: Any, mean: Any, covariance: Any, alpha: float) -> None:
    """Whether draws are of a normal: each part, and the sums of each two parts in units of their own."""
    sd = np.sqrt(np.diag(covariance))
    assert_cells_agree(drawn.mean(axis=0), mean, sd / len(drawn) ** 0.5, alpha / 3)
    assert_variances_agree(drawn, sd**2, alpha / 3)
    pairs = [(i, j) for i in range(len(mean)) for j in range(i)]
    unit, correlation = drawn / sd, covariance / np.outer(sd, sd)
    sums = np.stack([unit[:, i] + unit[:, j] for i, j in pairs], axis=1)
    assert_variances_agree(sums, [2 + 2 * correlation[i, j] for i, j in pairs], alpha / 3)


@pytest.mark.stochastic
def test_simulated_data_are_the_models(model: Known, drawn: Any) -> None:
    agree(drawn, *expected(model), share("test_simulated_data_are_the_models"))


def test_simulated_data_are_the_models_catches_trials_that_share_nothing(model: Known, drawn: Any) -> None:
    mean, covariance = expected(model)
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() > 1
    with pytest.raises(AssertionError, match="chi-squared"):
        agree(drawn, mean, np.diag(np.diag(covariance)), share("test_simulated_data_are_the_models"))


def test_a_seed_gives_the_same_data_and_every_trial_counts(model: Known) -> None:
    one, two_, other = (simulated(model, model.zeros(), seed) for seed in (1, 1, 2))
    for first, second in zip(one, two_, strict=True):
        np.testing.assert_array_equal(first, second)
    assert (flat(one) != flat(other)).all()
    np.testing.assert_array_equal(one.weight, [1.0, 1.0])
    assert one.width == 1.0


def test_what_was_observed_is_not_in_it(model: Known) -> None:
    facts = model.facts
    moved = Known.of(replace(facts, facts=tuple(replace(fact, value=fact.value + 50) for fact in facts.facts)))
    np.testing.assert_array_equal(simulated(model, model.zeros(), 3).value, simulated(moved, moved.zeros(), 3).value)


def test_trials_that_say_things_only_in_exact_words_can_be_simulated(two: Facts) -> None:
    said = in_numbers(two)
    alone = Known.of(replace(said, facts=tuple(fact for fact in said.facts if fact.said or fact.study == "sound")))
    assert (alone.numbers[1] < 0).all()
    assert np.isfinite(simulated(alone, alone.zeros(), 0).value).all()


def test_significant_or_not_cannot_be_simulated(two: Facts) -> None:
    it = Model.of(two)
    with pytest.raises(BadParameter, match="statements that are no number"):
        simulated(it, it.zeros(), 0)


def test_the_law_itself_can_be_simulated(two: Facts, told: Callable[..., Told]) -> None:
    """With the whole model at its medians: near what it expects, and not what was observed."""

    @dataclass(frozen=True)
    class Compiled(Model):
        def told(self, scores: Any, values: Any) -> Told:
            return told(scores)

    it = Compiled.of(with_level(in_numbers(two)))
    found, middle, trial = simulated(it, it.zeros(), 0), told(it.zeros()), values_of(it.zeros()["rows"])["trial"]
    numbers = np.array([not fact.said for fact in it.facts.facts])
    off = np.abs(found.value - middle.mean) / it.spread(middle, trial)
    assert off[numbers].max() < 5
    assert np.abs(np.log(found.before / middle.before)).max() < 5 * trial["baseline_error"]
    assert (found.value != [fact.value for fact in it.facts.facts]).all()
