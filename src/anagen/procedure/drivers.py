"""Which unknown drives a protocol, hairs gained included: the rows of its steps, and beside them what no laboratory can measure away.

Of the forecast three things vary, each as one row on standard scores, drawn on their own:

- `forecast.treatment`: what the trials leave open of this treatment, the joint posterior draws of its rows taken together;
- `forecast.answer`: how strongly this person answers it, beside people on average;
- `forecast.person`: the person's own follicles and their course, the draws that fit what is known of the person.

Draws of a group are put in the order of the hairs that each would gain with the others at their middle, so that a low score gains
few. Groups are drawn apart, though the calibration knows them together.

Hairs gained are those of the forecast at six months: the class's effect at the dose of each run, held within the doses that trials
gave; in the field mode that of the follicles reached, as `regenerate.field` has it. They are told over going on as now: over nothing,
for a person who takes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.forecast import with_past
from anagen.ground.rows import Row
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.plan import Plan
from anagen.procedure.done import Procedure
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle
from anagen.scalp.tempo import Tempo
from anagen.therapy.inject import Injected
from anagen.therapy.regenerate import SPREADS, field, usual_reach
from anagen.therapy.sensitivity import END, LOGGED, Drivers, Run, drivers, outputs_of
from anagen.therapy.steps import take_steps
from anagen.therapy.unknowns import Array, Unknowns
from anagen.treatments.cells import Cells

Ints = npt.NDArray[np.intp]
HAIRS = "hairs_per_cm2_gained"
GAIN_WEEKS = round(WEEKS_PER_YEAR / 2)
GROUPS = ("treatment", "answer", "person")


def group_rows(done: Procedure) -> tuple[Row, ...]:
    """The rows of the forecast that vary as one: standard scores, of 95 % between their ends."""
    label = done.answer.belief.label
    return tuple(
        Row("forecast", name, 0.0, -END, END, "normal", "standard score", mark, source, "this person", "")
        for name, mark, source in zip(GROUPS, ("calibrated", "assumed", "calibrated"), (label, "between.response_sd", label), strict=True)
    )


def drivers_of_procedure(done: Procedure, n: int = 512, seed: int = 0, told: Callable[[float], None] | None = None) -> Drivers:
    """What drives a protocol carried out: the outputs of its steps, and `hairs_per_cm2_gained` where it has a forecast.

    n: a power of 2; n (rows + 2) runs. told: is told the share that is done, 0 to 1. Raises as `drivers`.
    """
    rows = [*done.product.rows, *done.injected.rows, *done.dose.rows]
    if done.plan is None:
        return drivers(lambda unknowns: outputs_of(take_steps(done.protocol, unknowns)), done.unknowns, rows, n, seed, told, LOGGED)
    groups = group_rows(done)
    size = done.unknowns.size
    scores = {(row.of, row.name): np.asarray(row.at(Unknowns.drawn(size, seed, groups).scores(row.of, row.name))) for row in groups}
    given = Unknowns({**done.unknowns.draws, **scores}, (*done.unknowns.rows, *groups), done.unknowns.seed)
    return drivers(gain_model(done), given, [*rows, *groups], n, seed, told, LOGGED)


def gain_model(done: Procedure) -> Run:
    """The steps and the hairs gained, as a model of the unknowns and the scores of `GROUPS`."""
    gain, usual = _Gain(done), _Usual()

    def run(unknowns: Unknowns) -> dict[str, Array]:
        steps = take_steps(done.protocol, unknowns)
        scores = {name: unknowns.draws["forecast", name] for name in GROUPS}
        share, force = np.ones(unknowns.size), np.ones(unknowns.size)
        if done.mode == "field":
            spread = field(steps.injected, unknowns, usual.of(steps.injected, unknowns))
            share, force = spread.coverage, spread.strength
        return {**outputs_of(steps), HAIRS: gain(steps.dose.draws, share, force, scores)}

    return run


class _Usual:
    """Whom the usual injection reaches, worked out once for all runs that share the rows of reach."""

    def __init__(self) -> None:
        self.seen: dict[bytes, Array] = {}

    def of(self, injected: Injected, unknowns: Unknowns) -> Array:
        key = b"".join(unknowns.draws["inject", name].tobytes() for name in (*SPREADS, "reach_level"))
        if key not in self.seen:
            self.seen[key] = usual_reach(injected, unknowns)
        return self.seen[key]


class _Gain:
    """Hairs per cm2 gained over going on as now, at six months, of doses, shares reached, strengths and scores of the groups, each (n,)."""

    def __init__(self, done: Procedure) -> None:
        assert done.plan is not None
        self.done, self.belief, self.start = done, done.answer.belief, done.answer.start
        step = next(step for step in done.plan.steps if step.treatment.subject == "cells")
        assert isinstance(step.treatment, Cells)
        self.kind, self.use = step.treatment, step.use
        taken = Plan(tuple(one for one in done.plan.steps if one is not step))
        person = done.answer.person
        self.taken = with_past(person, taken).tempo(GAIN_WEEKS, self.belief, self.start.which)
        self.region = self.start.regions.index(done.region)
        self.people = np.arange(len(self.start.which))
        self.without = self._hairs(self.people, self.taken)
        self.seen: dict[tuple[float, ...], float] = {}  # runs that differ by a row of the laboratory alone gain alike
        self._put_in_order()

    def _put_in_order(self) -> None:
        """Both groups from those that gain least to those that gain most: treatments, then persons by the middle treatment, and
        treatments again by the middle person.
        """
        size, middle = self.belief.size, self.done.answer.middle

        def order(treatment: Ints, person: Ints) -> Ints:
            return np.argsort(self._at(treatment, person, np.zeros(len(person)), np.ones(len(person))), kind="stable")

        self.treatments = order(np.arange(size), np.full(size, middle))
        self.persons = order(np.full(len(self.people), self._treatment(0.0)), self.people)
        self.below = np.cumsum(self.start.weights[self.persons])
        self.treatments = order(np.arange(size), np.full(size, self._person(0.0)))

    def _treatment(self, score: npt.ArrayLike) -> Ints:
        from scipy.special import ndtr

        return np.asarray(self.treatments[np.minimum((ndtr(score) * self.belief.size).astype(np.intp), self.belief.size - 1)])

    def _person(self, score: npt.ArrayLike) -> Ints:
        from scipy.special import ndtr

        at = np.searchsorted(self.below, ndtr(score) * self.below[-1], side="right")
        return np.asarray(self.persons[np.minimum(at, len(self.persons) - 1)])

    def __call__(self, dose: Array, share: Array, force: Array, scores: Mapping[str, Array]) -> Array:
        treatment, person = self._treatment(scores["treatment"]), self._person(scores["person"])
        low, high = self.kind.studied
        of_reference = np.clip(dose, low, high) / self.kind.reference
        strength = force * of_reference ** self.belief.draws["cells"]["beta"][treatment]
        return np.asarray(share * self._looked_up(treatment, person, scores["answer"], strength))

    def _looked_up(self, treatment: Ints, person: Ints, score: Array, strength: Array) -> Array:
        """`_at`, each case followed once."""
        keys = list(zip(treatment.tolist(), person.tolist(), score.tolist(), strength.tolist(), strict=True))
        new = np.array([place for place, key in enumerate(keys) if key not in self.seen], dtype=np.intp)
        if new.size:
            found = self._at(treatment[new], person[new], score[new], strength[new])
            self.seen |= {keys[place]: gain for place, gain in zip(new.tolist(), found.tolist(), strict=True)}
        return np.array([self.seen[key] for key in keys])

    def _at(self, treatment: Ints, person: Ints, score: Array, strength: Array) -> Array:
        """The gain of follicles that get the treatment, each at its strength over that of the reference dose: (n,)."""
        values: dict[str, Any] = {name: draws[treatment] for name, draws in self.belief.draws["cells"].items()}
        for name in ("strength", self.kind.deviation_row):
            values[name] = values[name] * strength
        at_reference = type(self.kind)(dose=self.kind.reference)
        sd = self.belief.draws["between"]["response_sd"][treatment]
        tempo = at_reference.tempo(GAIN_WEEKS, values, self.use).answered(np.exp(score * sd - sd**2 / 2))
        hairs = self._hairs(person, (_of(self.taken, person) & tempo).held())
        return np.asarray(hairs - self.without[person])

    def _hairs(self, person: Ints, tempo: Tempo) -> Array:
        """Visible hairs per cm2 at six months of so many persons, (n,)."""
        cycle = Cycle(**{name: value[person] if value.ndim else value for name, value in vars(self.start.cycle).items()})
        state = [phase[:, :, person, self.region] for phase in self.start.state]
        return np.asarray(expect(cycle, tempo, GAIN_WEEKS, start=state, outputs=("visible",)).values["visible"][:, -1], dtype=float)


def _of(tempo: Tempo, person: Ints) -> Tempo:
    return Tempo(**{name: row[:, person] if row.ndim > 1 else row for name, row in tempo.rows().items()})
