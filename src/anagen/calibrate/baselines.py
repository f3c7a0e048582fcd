"""Two plain models of the same facts, for the mechanistic one to be held against: Gaussian, linear, without a hair cycle.

- `Pooled`: each treatment's mean change at its trials' last visit, with random effects of trial, trial and treatment, and arm.
- `TimeCourse`: a network model in which each treatment's effect rises as Emax t / (ET50 + t) on top of the control's course (the
  kind of Pedder, Dias, Bennetts, Boucher, Welton 2019, Res Synth Methods 10:267), doses within drugs within classes.

Both read changes of counts as they are, in hairs/cm2, and percents at the usual density; both let trials at high risk of bias or
without a control differ more, and by a shift of their own. Counts, widths and the rest are fitted apart. The spreads and ET50s
(weak priors below) are drawn from the normal that fits their posterior at its peak, everything else is in closed form given
them; so leaving a trial out is a refit of a second.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import ndtri

from anagen.calibrate.arms import Lane, lanes_of
from anagen.calibrate.facts import Fact, Facts
from anagen.calibrate.scores import Prediction
from anagen.ground.chance import key, uniform
from anagen.ground.rows import medians
from anagen.ground.units import WEEKS_PER_YEAR

Array = npt.NDArray[np.floating[Any]]
DENSITIES = ("visible", "nonvellus", "vellus", "anagen", "telogen")
COUNTS = ("visible", "nonvellus", "anagen", "thickness", "weight")
WIDTHS = ("calibre",)
FALLS = ("vellus", "telogen", "telogen_share")
"""Outputs that fall where hair is gained: they are read with the sign turned."""
DRAWS = 100
STEP = 0.05
"""Of the finite differences, in prior standard deviations."""


def kind_of(output: str) -> str:
    """What an output is fitted with: `counts`, `widths` or `rest`.

    >>> kind_of("nonvellus"), kind_of("calibre"), kind_of("telogen_share")
    ('counts', 'widths', 'rest')
    """
    return "counts" if output in COUNTS else "widths" if output in WIDTHS else "rest"


def treatment_of(lane: Lane) -> str:
    """What an arm was given, in one label, its doses aside."""
    return " + ".join(kind.name for kind, _ in lane.given) or "nothing"


@dataclass(frozen=True)
class Units:
    """What the facts of a calibration say of levels and spreads, to bring other facts to shares of a level and back.

    `usual_per_cm2`: the mean level of visible hairs before treatment; `levels`: of each output with one that was read;
    `sd_per_cm2`: between people, of the change of a count, pooled over arms; `level_sd`: of the log of the level, between trials.
    """

    usual_per_cm2: float
    levels: Mapping[str, float]
    sd_per_cm2: float
    level_sd: float

    @classmethod
    def of(cls, facts: Facts) -> Units:
        """The units that some facts give. Raises ValueError where none has a level of visible hairs or a spread."""
        read: dict[str, list[float]] = {}
        for one in facts.baselines:
            read.setdefault(one.output, []).append(one.value)
        if "visible" not in read or not facts.spreads:
            raise ValueError("the facts hold no density before treatment or no spread between people")
        free = sum(one.n - 1 for one in facts.spreads)
        sd = (sum((one.n - 1) * one.sd**2 for one in facts.spreads) / free) ** 0.5
        off = [np.log(value / np.mean(values)) for values in read.values() for value in values if len(values) > 1]
        levels = {output: float(np.mean(values)) for output, values in read.items()}
        return cls(levels["visible"], levels, sd, float(np.std(off)) if off else 0.0)

    def unit(self, fact: Fact, own: Mapping[tuple[str, str], float]) -> float:
        """One unit of relative change, in the fact's own unit.

        A percent is one of its level; hairs/cm2 are shares of the usual density; of anything else, of the trial's own level where
        it was read (`own`), else of the mean of those read, else of the usual density.
        """
        if fact.kind == "percent":
            return 100.0
        if fact.output in DENSITIES:
            return self.usual_per_cm2
        return own.get((fact.study, fact.output), self.levels.get(fact.output, self.usual_per_cm2))

    def level(self, fact: Fact, own: Mapping[tuple[str, str], float]) -> tuple[float, float]:
        """The level before treatment that a fact starts from, in its own unit, and its SD: 0 and 0 for a change."""
        if fact.kind != "level":
            return 0.0, 0.0
        if (fact.study, fact.output) in own:
            return own[fact.study, fact.output], 0.0
        mean = self.levels.get(fact.output, self.usual_per_cm2)
        return mean, mean * self.level_sd

    def se(self, fact: Fact, unit: float) -> float:
        """The standard error of a fact in shares of its level: as read, else from the spread between people."""
        if fact.se is not None:
            return fact.se / unit
        spread = self.sd_per_cm2 / self.usual_per_cm2
        return float(spread * (1 / fact.n + (1 / fact.n_control if fact.n_control else 0.0)) ** 0.5)


class _Numbers(NamedTuple):
    """Some facts as numbers: `value` (n,) and `noise` (n, n), the sampling covariance, in shares; `unit`, `level`, `level_sd` (n,)."""

    facts: tuple[Fact, ...]
    value: Array
    noise: Array
    unit: Array
    level: Array
    level_sd: Array


class _Term(NamedTuple):
    """A part of a fact's mean: `column` begins with the name of its spread; `weak`: it differs more; `pace`: the ET50 it rises by."""

    column: tuple[Any, ...]
    size: float = 1.0
    weak: bool = False
    pace: str = ""


class _Arm(NamedTuple):
    """One arm at one visit."""

    lane: Lane
    week: float

    @property
    def weak(self) -> bool:
        return self.lane.weak and self.lane.treated

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(kind.subject for kind, _ in self.lane.given)

    @property
    def own(self) -> tuple[str, str]:
        return self.lane.study, self.lane.arm


class _Design:
    """The means of some facts as a sum of normal columns, for any spreads and ET50s."""

    def __init__(self, facts: Sequence[tuple[Fact, tuple[tuple[float, _Arm], ...]]], terms: Any) -> None:
        found = [(row, sign, arm.week, term) for row, (_, arms) in enumerate(facts) for sign, arm in arms for term in terms(arm)] + [
            (row, 1.0, 0.0, _Term(("fact", *fact.rows, row))) for row, (fact, _) in enumerate(facts)
        ]
        columns = {column: place for place, column in enumerate(dict.fromkeys(term.column for *_, term in found))}
        self.shape = (len(facts), len(columns))
        self.spreads = [str(column[0]) for column in columns]
        self.row = np.array([row for row, *_ in found], dtype=int)
        self.column = np.array([columns[term.column] for *_, term in found], dtype=int)
        self.size = np.array([sign * term.size for _, sign, _, term in found])
        self.weak = np.array([term.weak for *_, term in found], dtype=bool)
        self.week = np.array([week for *_, week, _ in found])
        self.pace = [term.pace for *_, term in found]

    def covariance(self, rows: Mapping[str, float]) -> Array:
        """Between the means of all facts: (n, n)."""
        half = np.array([rows[f"et50 {pace}"] if pace else 0.0 for pace in self.pace])
        rise = np.divide(self.week, self.week + half, out=np.ones(len(half)), where=half > 0)
        whole = np.zeros(self.shape)
        np.add.at(whole, (self.row, self.column), self.size * rise * np.where(self.weak, rows["weak"], 1.0))
        whole *= np.array([rows[spread] for spread in self.spreads])
        return np.asarray(whole @ whole.T)


class Baseline(ABC):
    """A plain model, fitted. `ROWS`: its spreads, in shares of the level, and half-times in weeks: each lognormal, by its median
    and the SD of its log. `FIXED`: SDs of columns that are known well, or hardly at all, and so are not fitted.
    """

    ROWS: ClassVar[dict[str, tuple[float, float]]]
    FIXED: ClassVar[dict[str, float]]

    def __init__(self, facts: Facts, units: Units, draws: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
        self.facts, self.units, self.draws = facts, units, draws

    @staticmethod
    @abstractmethod
    def terms(arm: _Arm) -> Iterator[_Term]:
        """What an arm's mean is made of."""

    @classmethod
    def enters(cls, facts: Facts) -> Facts:
        """The facts that the model is fitted on: every number."""
        return replace(facts, facts=tuple(fact for fact in facts.facts if not fact.said and fact.kind != "level"))

    @classmethod
    def fit(cls, facts: Facts, seed: int = 0) -> Self:
        """The model of some facts; those with a number enter. Raises ValueError as `Units.of` does."""
        model = cls(cls.enters(facts), Units.of(facts), {})
        names = list(cls.ROWS)
        kinds = ("counts", "widths", "rest")
        normal = ndtri(uniform(key(seed, cls.__name__), np.arange(DRAWS)[:, None], np.arange(len(names))))
        return cls(model.facts, model.units, {kind: model._drawn(model._numbers(model.facts, kind), normal) for kind in kinds})

    def _numbers(self, facts: Facts, kind: str) -> _Numbers:
        own = {(one.study, one.output): one.value for one in facts.baselines}
        chosen = tuple(facts.facts[place] for place in _places(facts, kind))
        size = np.array([self.units.unit(fact, own) for fact in chosen])
        level, level_sd = np.array([self.units.level(fact, own) for fact in chosen]).reshape(-1, 2).T
        se = np.array([self.units.se(fact, unit) for fact, unit in zip(chosen, size, strict=True)])
        share = medians("trial")["repeat_correlation"]
        alike = np.array([[1.0 if one is two else share * _shared(one, two) for two in chosen] for one in chosen]).reshape(len(se), len(se))
        unit = size * np.array([-1.0 if fact.output in FALLS else 1.0 for fact in chosen])
        value = (np.array([fact.value for fact in chosen]) - level) / unit
        return _Numbers(chosen, value, se[:, None] * alike * se, unit, level, level_sd)

    def _with_arms(self, facts: Facts, numbers: _Numbers) -> list[tuple[Fact, tuple[tuple[float, _Arm], ...]]]:
        lanes = {(lane.study, lane.arm): lane for lane in lanes_of(facts)}
        found = []
        for fact in numbers.facts:
            arms = [(1.0, _Arm(lanes[fact.study, fact.arm], fact.week))]
            if fact.control is not None:
                arms.append((-1.0, _Arm(lanes[fact.study, fact.control], fact.week)))
            found.append((fact, tuple(arms)))
        return found

    def _rows(self, score: Array) -> dict[str, float]:
        middle, unit = np.array(list(self.ROWS.values())).T
        return {**self.FIXED, **dict(zip(self.ROWS, np.exp(np.log(middle) + unit * score).tolist(), strict=True))}

    def _drawn(self, numbers: _Numbers, normal: Array) -> list[dict[str, float]]:
        """Draws of the spreads and half-times, from the normal that fits their posterior where it is highest. normal: (draws, k)."""
        count = normal.shape[1]
        if not numbers.facts:
            return [self._rows(score) for score in normal]
        design = _Design(self._with_arms(self.facts, numbers), self.terms)

        def loss(score: Array) -> float:
            root = np.linalg.cholesky(design.covariance(self._rows(score)) + numbers.noise)
            off = np.linalg.solve(root, numbers.value)
            return float(0.5 * off @ off + np.log(np.diag(root)).sum() + 0.5 * score @ score)

        peak = minimize(loss, np.zeros(count), method="L-BFGS-B", bounds=[(-4, 4)] * count, options={"maxiter": 100}).x
        moves = STEP * np.eye(count)
        here, up = loss(peak), [loss(peak + move) for move in moves]
        curve = np.zeros((count, count))
        for one in range(count):
            curve[one, one] = (up[one] - 2 * here + loss(peak - moves[one])) / STEP**2
            for two in range(one):
                curve[one, two] = curve[two, one] = (loss(peak + moves[one] + moves[two]) - up[one] - up[two] + here) / STEP**2
        size, way = np.linalg.eigh(curve)
        return [self._rows(score) for score in peak + (normal / np.sqrt(np.maximum(size, 1.0))) @ way.T]  # never wider than the prior

    def predict(self, facts: Facts) -> list[Prediction]:
        """The prediction of every fact, statements too, in their order. Values are not looked at."""
        found: dict[int, Prediction] = {}
        for kind in dict.fromkeys(kind_of(fact.output) for fact in facts.facts):
            known, new = self._numbers(self.facts, kind), self._numbers(facts, kind)
            arms = self._with_arms(facts, new)
            count = len(known.facts)
            design = _Design([*self._with_arms(self.facts, known), *arms], self.terms)
            means, variances = [], []
            for rows in self.draws[kind]:
                both = design.covariance(rows)
                weight = np.linalg.solve(both[:count, :count] + known.noise, both[:count, count:])
                means.append(known.value @ weight)
                variances.append(np.diag(both[count:, count:]) - (weight * both[:count, count:]).sum(axis=0))
            sampling = np.diag(new.noise)
            mean = new.level + np.array(means) * new.unit
            sd = np.hypot(np.sqrt(np.array(variances) + sampling) * new.unit, new.level_sd)
            for place, (fact, ((_, arm), *_)) in enumerate(arms):
                se = sampling[place] ** 0.5 * abs(new.unit[place])
                made = Prediction.of(fact, facts.family(fact.study), treatment_of(arm.lane), mean[:, place], sd[:, place], se)
                found[_places(facts, kind)[place]] = made
        return [found[place] for place in sorted(found)]


class Pooled(Baseline):
    """Random effects: the mean of each combination of treatments, doses together, at its trials' last visit; it holds at every visit.

    >>> from anagen.calibrate.facts import facts_of
    >>> from anagen.evidence import arms, outcomes, studies
    >>> facts = facts_of(studies(), arms(), outcomes())
    >>> found = Pooled.fit(facts.without(["olsen_2007"])).predict(facts.of(["olsen_2007"]))
    >>> [(one.treatment, one.observed, 10 < one.median < 30) for one in found[:1]]
    [('minoxidil_topical', 20.9, True)]
    """

    ROWS: ClassVar[dict[str, tuple[float, float]]] = {
        "class": (0.05, 1.0),
        "treatment": (0.05, 1.0),
        "control": (0.05, 1.0),
        "trial": (0.03, 1.0),
        "trial treatment": (0.06, 1.0),
        "arm": (0.03, 1.0),
        "fact": (0.03, 1.0),
        "weak": (2.0, 0.5),
    }
    FIXED: ClassVar[dict[str, float]] = {"mean": 0.2, "shift": 0.1}

    @classmethod
    def enters(cls, facts: Facts) -> Facts:
        """The numbers at each arm's last visit."""
        facts = super().enters(facts)
        last: dict[tuple[str, str, str], float] = {}
        for fact in facts.facts:
            name = (fact.study, fact.arm, kind_of(fact.output))
            last[name] = max(last.get(name, 0.0), fact.week)
        return replace(facts, facts=tuple(f for f in facts.facts if f.week == last[f.study, f.arm, kind_of(f.output)]))

    @staticmethod
    def terms(arm: _Arm) -> Iterator[_Term]:
        """The mean of its treatment or control, and what its trial and arm add."""
        given = treatment_of(arm.lane)
        yield _Term(("trial", arm.lane.trial))
        yield _Term(("arm", *arm.own), weak=arm.weak)
        if not arm.lane.treated:
            yield _Term(("mean", "control"))
            yield _Term(("control", arm.lane.placebo, given))
            return
        yield _Term(("mean", "treated"))
        yield _Term(("class", *sorted(arm.classes)))
        yield _Term(("treatment", given))
        yield _Term(("trial treatment", arm.lane.trial, given), weak=arm.weak)
        if arm.weak:
            yield _Term(("shift",))


class TimeCourse(Baseline):
    """An Emax network model over time: the control's course (loss in a straight line, and a placebo response), and on top of it
    each treatment's effect; those of a combination add up. Doses are nodes within their drug, drugs within their class.
    """

    ROWS: ClassVar[dict[str, tuple[float, float]]] = {
        "placebo": (0.05, 1.0),
        "class": (0.05, 1.0),
        "drug": (0.05, 1.0),
        "dose": (0.04, 1.0),
        "trial": (0.03, 1.0),
        "trial treatment": (0.06, 1.0),
        "arm": (0.03, 1.0),
        "fact": (0.03, 1.0),
        "weak": (2.0, 0.5),
        **{f"et50 {name}": (10.0, 0.7) for name in ("placebo", "five_ari", "minoxidil", "prp", "laser", "microneedling", "cells")},
    }
    FIXED: ClassVar[dict[str, float]] = {"mean": 0.2, "shift": 0.1, "a year": 0.05}

    @staticmethod
    def terms(arm: _Arm) -> Iterator[_Term]:
        """The control's course, each treatment's rise, and what its trial and arm add."""
        yield _Term(("trial", arm.lane.trial))
        yield _Term(("a year",), size=arm.week / WEEKS_PER_YEAR)
        if arm.lane.placebo != "none":
            yield _Term(("placebo", arm.lane.placebo), pace="placebo")
        for kind, _ in arm.lane.given:
            for column in (("mean",), ("class", kind.subject), ("drug", kind.name), ("dose", kind.name, kind.dose)):
                yield _Term(column, pace=kind.subject)
        pace = arm.classes[0] if arm.lane.given else "placebo"
        yield _Term(("arm", *arm.own), weak=arm.weak, pace=pace)
        if arm.lane.treated and arm.lane.given:
            yield _Term(("trial treatment", arm.lane.trial, treatment_of(arm.lane)), weak=arm.weak, pace=pace)
        if arm.weak:
            yield _Term(("shift",))


def _places(facts: Facts, kind: str) -> list[int]:
    """Where the facts of one kind stand."""
    return [place for place, fact in enumerate(facts.facts) if kind_of(fact.output) == kind]


def _shared(one: Fact, two: Fact) -> bool:
    """Whether the sampling errors of two facts go together: the same people, or the same control."""
    return one.study == two.study and (one.arm == two.arm or (one.control is not None and one.control == two.control))


__all__ = ["Baseline", "Pooled", "TimeCourse", "Units", "kind_of", "treatment_of"]
