"""What the facts are expected to be, and how far they may stray: one mechanistic model of all trials at once.

Each arm is the law run under its plan from its trial's own beginning. The unknowns are the rows of `priors.csv` as standard
normal scores, and for each trial how long its people had lost hair, how dense their follicles are, and how widely they differ.

An arm's relative change r is the law's, plus what every arm of the trial gains (`vehicle`, with a spread between trials), plus
what this trial's version of the treatment gives more or less (`arm_sd`, larger for weak trials), plus, in weak trials, the
optimism that all of them share. Those effects are normal, so they are integrated out: the facts of one trial are one
multivariate normal. Statements are the chance of being said, with the arm's effect integrated by Gauss-Hermite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree
from jax.scipy.special import log_ndtr, logsumexp

from anagen.calibrate import coarse
from anagen.calibrate.arms import Lane, exposures, lanes_of
from anagen.calibrate.facts import Fact, Facts, Spread
from anagen.ground.rows import Row, medians, priors
from anagen.scalp.law import Cycle

SUBJECTS = ("scalp", "man", "woman", "five_ari", "minoxidil", "prp", "laser", "microneedling", "cells", "trial")
KEPT = {("scalp", "follicles_per_cm2"), ("scalp", "anagen_cv"), ("scalp", "growth_mm_per_day")}
"""Rows that say how people differ, or that no fact can reach: they keep their priors."""
SMALL = ("calibre", "anagen_share", "telogen_share", "nonvellus_share")
"""Outputs whose relative changes differ less between trials (`trial.width_share`)."""
PER_CM2 = [coarse.OUTPUTS.index(name) for name in (*coarse.DENSITIES, "thickness", "weight")]
SHORT_WEEKS = 60
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(7)


def unknown() -> tuple[Row, ...]:
    """The rows that the calibration fits, in file order.

    >>> [row.name for row in unknown() if row.of == "man"]
    ['shrink']
    """
    return tuple(
        row
        for row in priors()
        if row.spread != "fixed"
        and ((row.of in SUBJECTS and (row.of, row.name) not in KEPT) or (row.of, row.name) == ("between", "response_sd"))
    )


Values = dict[str, dict[str, Any]]


def values_of(scores: Any) -> Values:
    """Every row's value: the unknown ones at their scores (P,), the others at their medians."""
    found: Values = {}
    for row in priors():
        found.setdefault(row.of, {})[row.name] = row.value
    rows = unknown()
    kind = np.array([row.spread for row in rows])
    middle, unit = (np.array(column) for column in zip(*(row.line() for row in rows), strict=True))
    line = middle + unit * scores
    every = jnp.where(kind == "lognormal", jnp.exp(line), jnp.where(kind == "logit", jax.nn.sigmoid(line), line))
    for row, value in zip(rows, jax.lax.split(every, (1,) * len(rows)), strict=True):
        found[row.of][row.name] = value[0]
    return found


class Told(NamedTuple):
    """What the law and the spreads say of every fact: natural units. `mean` (F,), `scale` (F,): one unit of relative change.

    `se` (F,): sampling error; `level` (F,): of the output before treatment; `before`: the levels before treatment that were read.
    """

    mean: Any
    scale: Any
    se: Any
    level: Any
    before: Any


class Data(NamedTuple):
    """What was observed: `value` (F,) of each fact, `before` of each level before treatment, `spread` of each SD between people.

    `weight` (S,): how much each trial counts, 1 or, when it is left out, 0.
    """

    value: Any
    before: Any
    spread: Any
    weight: Any


@dataclass(frozen=True)
class Model:
    """The model of some facts. Index arrays over facts F, lanes L and trials S; nothing here depends on the unknowns."""

    facts: Facts
    lanes: tuple[Lane, ...]
    trials: tuple[str, ...]

    @classmethod
    def of(cls, facts: Facts) -> Model:
        """The model of some facts."""
        return cls(facts, lanes_of(facts), facts.names)

    def __post_init__(self) -> None:
        where = {(lane.study, lane.arm): index for index, lane in enumerate(self.lanes)}
        facts = self.facts.facts
        set_ = object.__setattr__

        def array(values: Any, kind: Any = float) -> npt.NDArray[Any]:
            return np.array(list(values), dtype=kind)

        set_(self, "trial_of_lane", array((self.trials.index(lane.trial) for lane in self.lanes), int))
        set_(self, "female", array(lane.female for lane in self.lanes))
        set_(self, "arm", array((where[f.study, f.arm] for f in facts), int))
        set_(self, "control", array((where[f.study, f.control] if f.control else -1 for f in facts), int))
        set_(self, "trial", array((self.trials.index(self.facts.family(f.study)) for f in facts), int))
        set_(self, "output", array((coarse.OUTPUTS.index(f.output) for f in facts), int))
        set_(self, "week", array(f.week for f in facts))
        set_(self, "of_level", array((f.kind == "level" for f in facts), bool))
        set_(self, "percent", array((f.kind == "percent" for f in facts), bool))
        set_(self, "small", array((f.output in SMALL for f in facts), bool))
        set_(self, "n", array(f.n for f in facts))
        set_(self, "n_control", array(f.n_control or np.inf for f in facts))
        set_(self, "se_read", array(np.nan if f.se is None else f.se for f in facts))
        set_(self, "weak", array((lane.treated and lane.weak for lane in self.lanes), bool))
        set_(self, "treated", array((lane.treated for lane in self.lanes), bool))
        last = np.zeros(len(self.lanes))
        for f in facts:
            for name in (f.arm, f.control):
                if name is not None:
                    last[where[f.study, name]] = max(last[where[f.study, name]], f.week)
        set_(self, "long", np.flatnonzero(last > SHORT_WEEKS))
        set_(self, "weeks", int(np.ceil(last.max(initial=0) / 2) * 2))
        set_(self, "numbers", _groups([i for i, f in enumerate(facts) if not f.said], self.trial, len(self.trials)))
        set_(self, "correlation", self._sampling())
        set_(self, "said", self._said())

    # index arrays, set above: named here for type checkers and readers
    trial_of_lane: Any = None
    female: Any = None
    arm: Any = None
    control: Any = None
    trial: Any = None
    output: Any = None
    week: Any = None
    of_level: Any = None
    percent: Any = None
    small: Any = None
    n: Any = None
    n_control: Any = None
    se_read: Any = None
    weak: Any = None
    treated: Any = None
    long: Any = None
    weeks: int = 0
    numbers: Any = None
    correlation: Any = None
    said: Any = None

    def _sampling(self) -> Any:
        """Correlation of sampling errors within each trial: (S, K, K). One people counted twice, or one control shared."""
        share = medians("trial")["repeat_correlation"]
        found = np.zeros((*self.numbers.shape, self.numbers.shape[1]))
        for trial, group in enumerate(self.numbers):
            for i, one in enumerate(group):
                for j, two in enumerate(group):
                    if one < 0 or two < 0:
                        found[trial, i, j] = i == j
                        continue
                    own = self.arm[one] == self.arm[two] and self.control[one] == self.control[two]
                    shared = self.control[one] == self.control[two] >= 0 or self.arm[one] == self.arm[two]
                    found[trial, i, j] = 1.0 if i == j else share if own or shared else 0.0
        return found

    def _said(self) -> tuple[tuple[int, ...], ...]:
        """Statements that share an arm's effect: groups of facts."""
        groups: dict[tuple[int, int, bool], list[int]] = {}
        for index, fact in enumerate(self.facts.facts):
            if fact.said:
                groups.setdefault((int(self.arm[index]), int(self.control[index]), bool(self.small[index])), []).append(index)
        return tuple(map(tuple, groups.values()))

    def data(self) -> Data:
        """What was observed, every trial counted once."""
        facts = self.facts
        return Data(
            np.array([f.value for f in facts.facts]),
            np.array([b.value for b in facts.baselines]),
            np.array([s.sd for s in facts.spreads]),
            np.ones(len(self.trials)),
        )

    def zeros(self) -> dict[str, Any]:
        """The unknowns at their prior medians."""
        trials = jnp.zeros(len(self.trials))
        return {"rows": jnp.zeros(len(unknown())), "years": trials, "density": trials, "spread": trials}

    def unflat(self, flat: Any) -> dict[str, Any]:
        """Scores of `zeros`' form from one flat vector."""
        return ravel_pytree(self.zeros())[1](flat)  # type: ignore[no-any-return]

    def told(self, scores: Mapping[str, Any], values: Values) -> Told:
        """What is expected of every fact. scores: of `zeros`' form; values: of `values_of(scores["rows"])`."""
        cycle, shrink, years, per_cm2 = self._people(scores, values)
        table = coarse.untreated(cycle, jnp.stack([values["man"]["shrink"], values["woman"]["shrink"]]))
        shown = self._followed(cycle, shrink, coarse.begun(table, years, self.female), values)
        trial, start, other = values["trial"], np.zeros(len(self.week)), np.maximum(self.control, 0)
        before, after, before_other, after_other, visible = self._read(
            cycle,
            shown,
            week=np.stack([start, self.week, start, self.week, start]),
            lane=np.stack([self.arm, self.arm, other, other, self.arm]),
            output=np.stack([self.output] * 4 + [np.full(len(self.week), coarse.OUTPUTS.index("visible"))]),
        )
        against = self.control >= 0
        besides = self._besides(trial)
        share = jnp.where(self.small, trial["width_share"], 1.0)
        change = after / before - jnp.where(against, after_other / before_other, 1.0)
        change = change + share * (besides[self.arm] - jnp.where(against, besides[other], 0.0))
        follicles = per_cm2[self.trial_of_lane[self.arm]]
        level = before * jnp.where(np.isin(self.output, PER_CM2), follicles, 1.0)
        scale = jnp.where(self.percent, 100.0, level)
        se = self._se(scores, trial, scale, level, visible * follicles)
        mean = scale * change + jnp.where(self.of_level, level, 0.0)
        return Told(mean, scale, se, level, self._baseline_levels(cycle, shown[0], per_cm2))

    def _people(self, scores: Mapping[str, Any], values: Values) -> tuple[Cycle, Any, Any, Any]:
        """The cycle, and for each lane the chance to shrink and the years of loss; for each trial the follicles per cm2."""
        fields = {name: value for name, value in values["scalp"].items()}
        cycle = coarse.Smooth(**{**fields, "shrink": values["man"]["shrink"]})
        trial = values["trial"]
        man, woman = (jnp.log(v / (1 - v)) for v in (values["man"]["shrink"], values["woman"]["shrink"]))
        shrink = jax.nn.sigmoid((1 - self.female) * man + self.female * woman)
        middle = (1 - self.female) * jnp.log(trial["years_man"]) + self.female * jnp.log(trial["years_woman"])
        years = jnp.exp(middle + trial["years_sd"] * scores["years"][self.trial_of_lane])
        per_cm2 = values["scalp"]["follicles_per_cm2"] * jnp.exp(trial["density_sd"] * scores["density"])
        return cycle, shrink, years, per_cm2

    def _followed(self, cycle: Cycle, shrink: Any, start: Any, values: Values) -> Any:
        """Hairs per follicle of every lane at every step: (steps + 1, 2, SLOTS, lanes)."""
        weeks = max(self.weeks, 2 * coarse.STEP_WEEKS)
        given = exposures(self.lanes, weeks, values, jnp)
        short, last = min(weeks, SHORT_WEEKS) // coarse.STEP_WEEKS, weeks // coarse.STEP_WEEKS
        shown, end = coarse.course(cycle, shrink, coarse.tempo(given, range(len(self.lanes)), 0, short), start)
        whole = jnp.stack(shown, axis=1)
        if not len(self.long):
            return whole
        later = coarse.tempo(given, list(self.long), short, last)
        more, _ = coarse.course(cycle, shrink[self.long], later, end[..., self.long])
        rest = jnp.zeros((last - short, *whole.shape[1:]), whole.dtype)
        return jnp.concatenate([whole, rest.at[..., self.long].set(jnp.stack(more, axis=1)[1:])])

    def _read(self, cycle: Cycle, shown: Any, week: Any, lane: Any, output: Any) -> Any:
        """Outputs of lanes at weeks, between steps by a straight line: arrays of one shape give the same shape."""
        place = week.reshape(-1) / coarse.STEP_WEEKS
        low = np.minimum(np.floor(place).astype(int), shown.shape[0] - 2)
        part = (place - low)[:, None, None]
        hairs = shown[low, :, :, lane.reshape(-1)] * (1 - part) + shown[low + 1, :, :, lane.reshape(-1)] * part
        every = coarse.levels(cycle, coarse.Scalp(hairs[:, 0].T, hairs[:, 1].T))
        return every[output.reshape(-1), np.arange(len(place))].reshape(week.shape)

    def _baseline_levels(self, cycle: Cycle, scalp: Any, per_cm2: Any) -> Any:
        """The levels before treatment that were read, as the law has them: (baselines,)."""
        known = self.facts.baselines
        if not known:
            return jnp.zeros(0)
        trial = np.array([self.trials.index(self.facts.family(b.study)) for b in known])
        first = {lane.trial: index for index, lane in reversed(list(enumerate(self.lanes)))}
        lane = np.array([first[self.trials[t]] for t in trial])
        output = np.array([coarse.OUTPUTS.index(b.output) for b in known])
        every = coarse.levels(cycle, coarse.Scalp(scalp[0][:, lane], scalp[1][:, lane]))
        return every[output, np.arange(len(known))] * jnp.where(np.isin(output, PER_CM2), per_cm2[trial], 1.0)

    def _besides(self, trial: Mapping[str, Any]) -> Any:
        """What each lane gains on average besides its treatment, as a share of the level: (L,)."""
        kinds = {"oral": trial["vehicle_oral"], "other": trial["vehicle"], "none": 0.0}
        placebo = jnp.stack([jnp.asarray(kinds[lane.placebo], dtype=float) for lane in self.lanes])
        return placebo + jnp.where(self.weak, trial["optimism"], 0.0)

    def _se(self, scores: Mapping[str, Any], trial: Mapping[str, Any], scale: Any, level: Any, visible: Any) -> Any:
        """The standard error of each fact, as read or imputed: (F,)."""
        spread = self.spread_per_cm2(scores, trial, self.week, self.trial)
        density = self.output < len(coarse.DENSITIES)
        relative = jnp.where(density, spread / level, jnp.where(self.small, trial["sd_width"], spread / visible))
        relative = jnp.where(self.of_level, jnp.hypot(relative, trial["level_cv"]), relative)
        imputed = relative * scale * jnp.sqrt(1 / self.n + 1 / self.n_control)
        return jnp.where(np.isnan(self.se_read), imputed, np.nan_to_num(self.se_read, nan=1.0))

    def spread_per_cm2(self, scores: Mapping[str, Any], trial: Mapping[str, Any], week: Any, which: Any, area_cm2: Any = 1.0) -> Any:
        """SD between people of the change of a count, in hairs/cm2."""
        middle = jnp.log(trial["sd_per_cm2"]) + trial["sd_by_area"] * jnp.log(area_cm2) + trial["sd_by_time"] * jnp.log(week / 24)
        return jnp.exp(middle + trial["sd_sd"] * scores["spread"][which])

    def log_likelihood(self, scores: Mapping[str, Any], data: Data) -> Any:
        """The log likelihood of each trial, before its weight: (S,)."""
        values = values_of(scores["rows"])
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
        which = np.array([i for group in self.said for i in group])
        of_group = np.array([g for g, group in enumerate(self.said) for _ in group])
        other = jnp.where(self.control[which] >= 0, sd[self.control[which]] ** 2, trial["study_sd"] ** 2)
        effect = jnp.sqrt(sd[self.arm[which]] ** 2 + other) * share[which]
        score = (told.mean[which] + told.scale[which] * effect * NODES[:, None]) / told.se[which]  # (nodes, statements)
        said = np.array([self.facts.facts[i].said for i in which])
        sure, unsure = log_ndtr(score - 1.96), _log_between(score)
        exact = -0.5 * (value[which] - score) ** 2 - 0.5 * np.log(2 * np.pi)
        each = jnp.where(said == "significant", sure, jnp.where(said == "not_significant", unsure, exact))
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

    def _of_spreads(self, scores: Mapping[str, Any], values: Values, told: Told, sd: Any) -> Any:
        """How people of one arm differ: their counting and their course, and how they answer the treatment."""
        found = jnp.zeros(len(self.trials))
        known = [(index, spread, fact, other) for index, spread in enumerate(self.facts.spreads) for fact, other in self._paired(spread)]
        if not known:
            return found
        index, spreads, fact, other = zip(*known, strict=True)
        at, plain_at = np.array(fact), np.array(other)
        trial, area = self.trial[at], np.array([spread.area_cm2 for spread in spreads])
        plain = self.spread_per_cm2(scores, values["trial"], self.week[at], trial, area)
        answer = values["between"]["response_sd"] * (told.mean[at] - told.mean[plain_at])
        off = jnp.log(sd[np.array(index)]) - 0.5 * jnp.log(plain**2 + answer**2)
        error = (2 * (np.array([spread.n for spread in spreads]) - 1)) ** -0.5
        return found.at[trial].add(-0.5 * (off / error) ** 2)

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


def _groups(facts: list[int], trial: npt.NDArray[np.int64], trials: int) -> npt.NDArray[np.int64]:
    """Facts by trial, filled up with -1: (trials, most facts of one)."""
    groups = [[fact for fact in facts if trial[fact] == one] for one in range(trials)]
    most = max(map(len, groups), default=0)
    return np.array([group + [-1] * (most - len(group)) for group in groups], dtype=int).reshape(trials, most)


def _log_between(score: Any) -> Any:
    """log P(-1.96 < z + e < 1.96) for standard normal e."""
    high, low = log_ndtr(1.96 - jnp.abs(score)), log_ndtr(-1.96 - jnp.abs(score))
    return high + jnp.log1p(-jnp.exp(jnp.minimum(low - high, -1e-12)))


__all__ = ["Data", "Fact", "Model", "Told", "unknown", "values_of"]
