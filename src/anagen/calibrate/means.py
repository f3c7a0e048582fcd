"""What the facts are expected to be: each arm is the law run under its plan from its trial's own beginning.

The unknowns are the rows of `priors.csv` as standard normal scores, and for each trial how long its people had lost hair, how
dense their follicles are, and how widely they differ. An arm's relative change is the law's, plus what every arm of such a
trial gains besides (`vehicle`), plus, in weak trials, the optimism that all of them share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree

from anagen.calibrate import coarse
from anagen.calibrate.arms import Lane, exposures, lanes_of
from anagen.calibrate.facts import Facts
from anagen.calibrate.moments import Moments
from anagen.ground.rows import Row, medians, priors
from anagen.scalp.law import Cycle

SUBJECTS = ("scalp", "man", "woman", "five_ari", "minoxidil", "prp", "laser", "microneedling", "cells", "trial")
KEPT = {("scalp", "follicles_per_cm2"), ("scalp", "anagen_cv"), ("scalp", "growth_mm_per_day")}
"""Rows that say how people differ, or that no fact can reach: they keep their priors."""
HELD = (("scalp", "step_ratio"),)
"""Rows held at their prior medians in the fit and in the belief that it gives. The size of a step of calibre is how the law is
built, and the posterior has a mode for every whole number of steps to the smallest hair, between which no chain of ours mixes."""
HELD_AT = tuple(medians(of)[name] for of, name in HELD)
SMALL = ("calibre", "anagen_share", "telogen_share", "nonvellus_share")
"""Outputs whose relative changes differ less between trials (`trial.width_share`)."""
PER_CM2 = [coarse.OUTPUTS.index(name) for name in (*coarse.DENSITIES, "thickness", "weight")]
VISIBLE = coarse.OUTPUTS.index("visible")


def unknown() -> tuple[Row, ...]:
    """The rows that the calibration fits, in file order.

    >>> [row.name for row in unknown() if row.of == "man"]
    ['shrink']
    """
    return tuple(
        row
        for row in priors()
        if row.spread != "fixed"
        and ((row.of in SUBJECTS and (row.of, row.name) not in (*KEPT, *HELD)) or (row.of, row.name) == ("between", "response_sd"))
    )


Values = dict[str, dict[str, Any]]


def values_of(scores: Any, held: Any = None) -> Values:
    """Every row's value: the unknown ones at their scores (P,), the others at their medians. held: of the rows of `HELD`, if others."""
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
    for (of, name), value in zip(HELD, HELD_AT if held is None else held, strict=True):
        found[of][name] = value
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


@dataclass(frozen=True)
class Means:
    """What the law says of some facts. Index arrays over facts F, lanes L and trials S; nothing here depends on the unknowns."""

    facts: Facts
    lanes: tuple[Lane, ...]
    trials: tuple[str, ...]

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """That of some facts."""
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
        other = np.maximum(self.control, 0)
        looks = [*zip(self.arm, self.week, strict=True), *zip(other, self.week, strict=True)]
        set_(self, "moments", Moments.of([bool(lane.given) for lane in self.lanes], ((int(lane), float(week)) for lane, week in looks)))
        set_(self, "after", self.moments.place(self.arm, self.week))
        set_(self, "after_other", self.moments.place(other, self.week))
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
    moments: Any = None
    after: Any = None
    after_other: Any = None
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
        every = coarse.levels(cycle, self._seen(cycle, shrink, years, values))
        trial, other = values["trial"], np.maximum(self.control, 0)
        before, before_other, visible = every[self.output, self.arm], every[self.output, other], every[VISIBLE, self.arm]
        after, after_other = every[self.output, self.after], every[self.output, self.after_other]
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
        return Told(mean, scale, se, level, self._baseline_levels(every, per_cm2))

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

    def _seen(self, cycle: Cycle, shrink: Any, years: Any, values: Values) -> coarse.Scalp:
        """What is seen at each of `moments`: (SLOTS, moments)."""
        moments = self.moments
        table = coarse.untreated(cycle, jnp.stack([values["man"]["shrink"], values["woman"]["shrink"]]))
        lane = np.concatenate([np.arange(len(self.lanes)), moments.idle])
        since = np.concatenate([np.zeros(len(self.lanes)), moments.idle_weeks / (2 * coarse.HALF_YEAR_WEEKS)])
        alone = coarse.begun(table, years[lane] + since, self.female[lane])
        found = [jnp.moveaxis(alone, -1, 0).astype(jnp.float32)]
        state = alone[..., moments.legs[0].lanes] if moments.legs else alone
        for leg in moments.legs:
            given = exposures([self.lanes[lane] for lane in leg.lanes], coarse.STEP_WEEKS * leg.last, values, jnp)
            tempo = coarse.tempo(given, range(len(leg.lanes)), leg.first, leg.last)
            states = coarse.course(cycle, shrink[leg.lanes], tempo, state)
            part = leg.part[:, None, None].astype(np.float32)
            found.append(states[leg.step, ..., leg.place] * (1 - part) + states[leg.step + 1, ..., leg.place] * part)
            state = states[-1][..., leg.on]
        return coarse.seen(jnp.moveaxis(jnp.concatenate(found), 0, -1).astype(float))

    def _baseline_levels(self, every: Any, per_cm2: Any) -> Any:
        """The levels before treatment that were read, as the law has them: (baselines,)."""
        known = self.facts.baselines
        if not known:
            return jnp.zeros(0)
        trial = np.array([self.trials.index(self.facts.family(b.study)) for b in known])
        first = {lane.trial: index for index, lane in reversed(list(enumerate(self.lanes)))}
        lane = np.array([first[self.trials[t]] for t in trial])
        output = np.array([coarse.OUTPUTS.index(b.output) for b in known])
        return every[output, lane] * jnp.where(np.isin(output, PER_CM2), per_cm2[trial], 1.0)

    def _besides(self, trial: Mapping[str, Any]) -> Any:
        """What each lane gains on average besides its treatment, as a share of the level: (L,)."""
        gains = jnp.stack([trial["vehicle_oral"], trial["vehicle"], 0.0])
        kind = np.array([("oral", "other", "none").index(lane.placebo) for lane in self.lanes])
        return gains[kind] + jnp.where(self.weak, trial["optimism"], 0.0)

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


def _groups(facts: list[int], trial: npt.NDArray[np.int64], trials: int) -> npt.NDArray[np.int64]:
    """Facts by trial, filled up with -1: (trials, most facts of one)."""
    groups = [[fact for fact in facts if trial[fact] == one] for one in range(trials)]
    most = max(map(len, groups), default=0)
    return np.array([group + [-1] * (most - len(group)) for group in groups], dtype=int).reshape(trials, most)
