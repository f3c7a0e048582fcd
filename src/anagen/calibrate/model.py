"""How far the facts may stray from what is expected of them: the likelihood of all trials at once.

What trials of one treatment differ in (`study_sd` for every arm of a trial, `arm_sd` for its version of a treatment, larger for
weak trials) is normal, so it is integrated out: the numbers of one trial are one multivariate normal. Statements are the chance
of being said, with the arm's effect integrated by the trapezoid rule (Gauss-Hermite with few nodes is far off where trials
differ several times as much as one errs).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import log_ndtr, logsumexp

from anagen.calibrate.fact import Spread
from anagen.calibrate.means import HELD_AT, Means, Told, Values, unknown, values_of

NODES = np.linspace(-6, 6, 121)
WEIGHTS = np.exp(-(NODES**2) / 2)


class Data(NamedTuple):
    """What was observed: `value` (F,) of each fact, `before` of each level before treatment, `spread` of each SD between people.

    `weight` (S,): how much each trial counts, 1 or, when it is left out, 0. `width`: of the rows' priors, in times the stated ones.
    `held`: the values of the rows of `HELD`.
    """

    value: Any
    before: Any
    spread: Any
    weight: Any
    width: Any = 1.0
    held: Any = HELD_AT


@dataclass(frozen=True)
class Model(Means):
    """The statistical model of some facts: what they are expected to be, and how likely what was observed is."""

    def data(self) -> Data:
        """What was observed, every trial counted once."""
        facts = self.facts
        return Data(
            np.array([f.value for f in facts.facts]),
            np.array([b.value for b in facts.baselines]),
            np.array([s.sd for s in facts.spreads]),
            np.ones(len(self.trials)),
        )

    def log_likelihood(self, scores: Mapping[str, Any], data: Data) -> Any:
        """The log likelihood of each trial, before its weight: (S,)."""
        values = values_of(scores["rows"], data.held)
        told = self.told(scores, values)
        trial = values["trial"]
        found = self._of_numbers(told, trial, data.value) if self.numbers.size else jnp.zeros(len(self.trials))
        found = found + self._of_statements(told, trial, data.value) + self.of_baselines(told, trial, data.before)
        return found + self._of_spreads(scores, values, told, data.spread)

    def covariance(self, told: Told, trial: Mapping[str, Any]) -> Any:
        """Of the numbers of each trial, with all that differs between trials: (S, K, K); an identity where there is no fact."""
        at = jnp.maximum(self.numbers, 0)
        here = self.numbers >= 0
        se = jnp.where(here, told.se[at], 1.0)
        cov = se[:, :, None] * self.correlation * se[:, None, :]
        share = jnp.where(self.small, trial["width_share"], 1.0)
        load = jnp.where(here, (told.scale * share)[at], 0.0)
        alike = self.small[np.maximum(self.numbers, 0)]
        alike = alike[:, :, None] == alike[:, None, :]
        alone = jnp.where(self.control[np.maximum(self.numbers, 0)] < 0, load, 0.0)
        cov = cov + trial["study_sd"] ** 2 * alone[:, :, None] * alone[:, None, :] * alike
        sd = self._arm_sd(trial)
        for sign_one, one in ((1, self.arm), (-1, self.control)):
            for sign_two, two in ((1, self.arm), (-1, self.control)):
                left, right = one[np.maximum(self.numbers, 0)], two[np.maximum(self.numbers, 0)]
                same = (left[:, :, None] == right[:, None, :]) & (left[:, :, None] >= 0) & alike
                cov = cov + sign_one * sign_two * same * sd[left][:, :, None] ** 2 * load[:, :, None] * load[:, None, :]
        return cov

    def spread(self, told: Told, trial: Mapping[str, Any]) -> Any:
        """The standard deviation of each fact, all that differs between trials and samples included: (F,)."""
        share = jnp.where(self.small, trial["width_share"], 1.0)
        sd = self._arm_sd(trial)
        other = jnp.where(self.control >= 0, sd[np.maximum(self.control, 0)], trial["study_sd"])
        return jnp.sqrt(told.se**2 + (told.scale * share) ** 2 * (sd[self.arm] ** 2 + other**2))

    def _arm_sd(self, trial: Mapping[str, Any]) -> Any:
        """How much trials differ in what each lane's treatment gives: (L,); 0 for a control."""
        return jnp.where(self.treated, trial["arm_sd"] * jnp.where(self.weak, trial["arm_sd_weak"], 1.0), 0.0)

    def _of_numbers(self, told: Told, trial: Mapping[str, Any], value: Any) -> Any:
        at = jnp.maximum(self.numbers, 0)
        off = jnp.where(self.numbers >= 0, (value - told.mean)[at], 0.0)
        root = jnp.linalg.cholesky(self.covariance(told, trial))
        scaled = jax.scipy.linalg.solve_triangular(root, off[..., None], lower=True)[..., 0]
        logdet = jnp.log(jnp.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        count = (self.numbers >= 0).sum(axis=1)
        return -0.5 * (scaled**2).sum(axis=1) - logdet - 0.5 * count * np.log(2 * np.pi)

    def _of_statements(self, told: Told, trial: Mapping[str, Any], value: Any) -> Any:
        found = jnp.zeros(len(self.trials))
        if not self.said:
            return found
        sd = self._arm_sd(trial)
        share = jnp.where(self.small, trial["width_share"], 1.0)
        every = sorted((self.facts.facts[i].said, g, i) for g, group in enumerate(self.said) for i in group)  # each kind is read once
        said, of_group, which = (np.array(column) for column in zip(*every, strict=True))
        other = jnp.where(self.control[which] >= 0, sd[self.control[which]] ** 2, trial["study_sd"] ** 2)
        effect = jnp.sqrt(sd[self.arm[which]] ** 2 + other) * share[which]
        score = (told.mean[which] + told.scale[which] * effect * NODES[:, None]) / told.se[which]  # (nodes, statements)
        each = jnp.concatenate([CHANCES[kind](score[:, said == kind], value[which[said == kind]]) for kind in dict.fromkeys(said)], axis=1)
        group = jax.ops.segment_sum(each.T, of_group, len(self.said)).T
        together = logsumexp(group, axis=0, b=(WEIGHTS / WEIGHTS.sum())[:, None])
        return found.at[self.trial[[group[0] for group in self.said]]].add(together)

    def of_baselines(self, told: Told, trial: Mapping[str, Any], before: Any) -> Any:
        """The log likelihood of the levels before treatment, trial by trial: (S,)."""
        found = jnp.zeros(len(self.trials))
        known = self.facts.baselines
        if not known:
            return found
        which = np.array([self.trials.index(self.facts.family(b.study)) for b in known])
        off = (jnp.log(before) - jnp.log(told.before)) / trial["baseline_error"]
        return found.at[which].add(-0.5 * off**2 - jnp.log(trial["baseline_error"]))

    def spread_facts(self) -> list[tuple[int, Spread, int, int]]:
        """Each spread that counts: its place, itself, its fact, and that of its trial's control at the same visit."""
        return [(index, spread, fact, other) for index, spread in enumerate(self.facts.spreads) for fact, other in self._paired(spread)]

    def spreads_told(self, scores: Mapping[str, Any], values: Values, told: Told) -> tuple[Any, Any]:
        """How people of one arm differ, in logs: the expected SD and its sampling error, for each of `spread_facts`.

        Their counting and their course, and how they answer the treatment (`between.response_sd`).
        """
        known = self.spread_facts()
        if not known:
            return jnp.zeros(0), jnp.zeros(0)
        _, spreads, fact, other = zip(*known, strict=True)
        at, plain_at = np.array(fact), np.array(other)
        area = np.array([spread.area_cm2 for spread in spreads])
        plain = self.spread_per_cm2(scores, values["trial"], self.week[at], self.trial[at], area)
        answer = values["between"]["response_sd"] * (told.mean[at] - told.mean[plain_at])
        return 0.5 * jnp.log(plain**2 + answer**2), (2 * (np.array([spread.n for spread in spreads]) - 1)) ** -0.5

    def _of_spreads(self, scores: Mapping[str, Any], values: Values, told: Told, sd: Any) -> Any:
        middle, error = self.spreads_told(scores, values, told)
        known = self.spread_facts()
        if not known:
            return jnp.zeros(len(self.trials))
        off = (jnp.log(sd[np.array([index for index, _, _, _ in known])]) - middle) / error
        return jnp.zeros(len(self.trials)).at[self.trial[np.array([fact for _, _, fact, _ in known])]].add(-0.5 * off**2)

    def _paired(self, spread: Spread) -> list[tuple[int, int]]:
        """The fact of a spread, and that of its trial's control at the same visit (itself where there is none)."""
        facts = self.facts.facts
        own = [i for i, f in enumerate(facts) if not f.said and spread.row in f.rows and f.control is None]
        if not own:
            return []
        one = facts[own[0]]
        like = [
            i
            for i, f in enumerate(facts)
            if not f.said and f.control is None and (f.study, f.output, f.week) == (one.study, one.output, one.week)
        ]
        return [(own[0], next((i for i in like if not self.treated[self.arm[i]]), own[0]))]


def _log_between(score: Any) -> Any:
    """log P(-1.96 < z + e < 1.96) for standard normal e."""
    high, low = log_ndtr(1.96 - jnp.abs(score)), log_ndtr(-1.96 - jnp.abs(score))
    return high + jnp.log1p(-jnp.exp(jnp.minimum(low - high, -1e-12)))


CHANCES: Mapping[str, Callable[[Any, Any], Any]] = {
    "significant": lambda score, _: log_ndtr(score - 1.96),
    "not_significant": lambda score, _: _log_between(score),
    "z": lambda score, value: -0.5 * (value - score) ** 2 - 0.5 * np.log(2 * np.pi),
}
"""How likely each statement is, in logs, when the estimate is expected to lie `score` standard errors above nothing."""

__all__ = ["Data", "Model", "Told", "unknown", "values_of"]
