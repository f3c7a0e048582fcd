"""One person, one plan, against another: what the scalp would be like, region by region, week by week, draw by draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from anagen.belief import Belief
from anagen.chances import Chances, Draws, Ints, chances
from anagen.ground.errors import BadInput, BadParameter
from anagen.ground.rows import medians
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.people.person import Person
from anagen.people.start import Start, start
from anagen.plan import Plan, Step
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle, settled
from anagen.scalp.regions import DONOR, regions, stage_shares
from anagen.scalp.tempo import Array, Tempo, Transfer
from anagen.suitability import limits_of, refuse
from anagen.treatments import Use

if TYPE_CHECKING:
    from anagen.grounds import Grounds

OUTPUTS = ("visible", "terminal", "calibre")
BANDS = (0.5, 0.8, 0.95)
WHOLE = "whole"
BANDS_HOLD = (
    "Bands hold what we do not know of hair growth and of each treatment, and how people differ. "
    "They hold the error of today's count, where there is one, and not that of a later count. "
    "Side effects and costs are not in these numbers."
)
LONGEST_YEARS = 5.0
DENSITIES = ("visible", "terminal")


@dataclass(frozen=True)
class Band:
    """A median and central bands over weighted draws. `median`: (T,); `low`, `high`: share of the draws inside -> (T,)."""

    median: Array
    low: Mapping[float, Array]
    high: Mapping[float, Array]

    @classmethod
    def of(cls, draws: Array, weights: Array) -> Band:
        """Of draws (n, T) with weights (n,) that add up to 1."""
        cuts, count = np.array([0.5, *((1 - b) / 2 for b in BANDS), *((1 + b) / 2 for b in BANDS)]), len(BANDS)
        order = np.argsort(draws, axis=0)
        below = np.cumsum(weights[order], axis=0)
        index = (below < (cuts * (1 - 1e-9))[:, None, None] * below[-1]).sum(axis=1)  # the first draw at which so much lies below
        found = np.take_along_axis(np.take_along_axis(draws, order, axis=0), index, axis=0)
        return cls(found[0], dict(zip(BANDS, found[1 : 1 + count], strict=True)), dict(zip(BANDS, found[1 + count :], strict=True)))


def off_middle(draws: Array, weights: Array) -> Array:
    """How far each draw (n,) lies from the median, as a share of the weight: 0 in the middle, 0.5 at either end; 0 where all are one.

    >>> off_middle(np.array([5.0, 1.0, 3.0]), np.full(3, 1 / 3)).round(2).tolist()
    [0.33, 0.33, 0.0]
    """
    if not np.ptp(draws):
        return np.zeros_like(weights)
    order = np.argsort(draws)
    below = np.empty_like(weights)
    below[order] = np.cumsum(weights[order]) - weights[order] / 2
    off: Array = np.abs(below - 0.5)
    return off


@dataclass(frozen=True)
class Forecast:
    """The forecast of one plan for one `person`, as one `belief` has it. `weeks`: (T,). `draws`: output -> (n, R, T), regions in
    the order of `regions`.

    `weights`: (n,), adding up to 1; `which`: (n,), the draws in the belief. `areas_cm2`: (R,). `beyond`: where the plan or the
    person leaves the evidence, in words. `bands_hold` says what a band contains. `others`: the visible hairs of the same draws lived
    by other people like this one, worked out when first asked for (its `which` counts in this belief); None where too few fit them.
    """

    person: Person
    belief: Belief
    plan: Plan
    weeks: npt.NDArray[np.int64]
    draws: Mapping[str, Array]
    weights: Array
    which: Ints
    regions: tuple[str, ...]
    areas_cm2: Array
    tempo: Tempo
    beyond: tuple[str, ...]
    others: Callable[[], Forecast | None]
    bands_hold: str = BANDS_HOLD

    def course(self, output: str = "visible", region: str = WHOLE, weeks: Sequence[int] | None = None) -> Array:
        """Every draw of one output in one region, or over all of them by area: (n, T). A calibre is averaged over hairs.

        weeks: which (default: every one).
        """
        at = slice(None) if weeks is None else list(weeks)
        found = self.draws[output][..., at]
        if region != WHOLE:
            return np.asarray(found[:, self.regions.index(region)])
        weight = self.areas_cm2[:, None] * (1.0 if output in DENSITIES else self.draws["visible"][..., at])
        return np.asarray((found * weight).sum(axis=1) / np.broadcast_to(weight, found.shape).sum(axis=1))

    def band(self, output: str = "visible", region: str = WHOLE, weeks: Sequence[int] | None = None) -> Band:
        """Median and bands of one output: hairs/cm2 for densities, um for calibre; at every week, or at the given ones."""
        return Band.of(self.course(output, region, weeks), self.weights)

    def gain(self, against: Forecast, output: str = "visible", region: str = WHOLE, weeks: Sequence[int] | None = None) -> Band:
        """What this plan gives over another, draw by draw."""
        return Band.of(self.course(output, region, weeks) - against.course(output, region, weeks), self.weights)

    def chances(self, week: int, region: str = WHOLE, people: int = 100) -> Chances:
        """Out of `people` like this one, how many gain or lose visibly in density by `week`, compared with today; and how far that is open.

        What is visible is a row (`person.visible_gain`, 15 %: read for loss, taken to hold for gain). Numbers are rounded so
        that they add up.
        """
        others = self.others()
        seen = medians("person")["visible_gain"]
        return chances(self.change(week, region), None if others is None else others.change(week, region), seen, week, people)

    def change(self, week: int, region: str = WHOLE) -> Draws:
        """The change in visible density from today to `week`, draw by draw, as a share of today's."""
        course = self.course("visible", region, (0, week))
        return Draws(course[:, 1] / course[:, 0] - 1, self.which, self.weights)

    @cached_property
    def grounds(self) -> Grounds:
        """Where its numbers come from: trials, rows, assumptions, and how sure the evidence is. Made when it is first asked for.

        >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
        >>> forecast(me, "dutasteride", Belief.prior(n=100), years=1).grounds.certainty.level
        'moderate'
        """
        from anagen.grounds import grounds_of

        return grounds_of(self.person, self.plan, taken_before(self.person), self.belief)

    def cite(self) -> str:
        """BibTeX of the studies behind it, of the sources of its assumptions, and of the methods that it used.

        >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
        >>> "@article{gottlieb_2001," in forecast(me, "dutasteride", Belief.prior(n=100), years=1).cite()
        True
        """
        return self.grounds.bibtex()


def forecast(
    person: Person,
    plan: Plan | str,
    belief: Belief | None = None,
    years: float = 2.0,
    against: Plan | str | None = None,
) -> Forecast | tuple[Forecast, Forecast]:
    """The forecast of a plan for a person over `years`; with `against`, the forecasts of both, draw by draw alike.

    A treatment that the person takes and the plan does not name is stopped today. belief: default 500 draws of the belief that ships.
    Raises `Refused` for a person whom no number would serve, `BadInput` for a plan or a person that cannot be.

    >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    >>> mine = forecast(me, "finasteride 1 mg daily", Belief.prior(n=100), years=1)
    >>> mine.band("visible", "vertex").median.shape
    (53,)
    """
    plans = [plan] if against is None else [plan, against]
    belief = belief if belief is not None else Belief.shipped()
    made = forecast_all(person, [one if isinstance(one, Plan) else Plan.parse(one) for one in plans], belief, begin(person, belief), years)
    return made[0] if against is None else (made[0], made[1])


def taken_before(person: Person) -> Plan:
    """What the person has taken, in weeks from today (negative); what is still taken goes on without end."""
    steps = []
    for one in person.treatments:
        since = round(-one.since_years * WEEKS_PER_YEAR, 2)
        until = round(-one.until_years * WEEKS_PER_YEAR, 2) if one.until_years else np.inf
        for step in Plan.parse(one.what).steps:
            timed = step.first_week != 0 or (step.use.stop_week < np.inf and not step.use.session_weeks)
            if timed or step.name in ("wait", "join_trial"):
                raise BadInput(f"treatments: {one.what!r} says when; say what it is and leave the time to since_years and until_years.")
            if step.use.session_weeks:
                held = tuple(week for week in (since + week for week in step.use.session_weeks) if week < 0)  # what is to come is a plan
                steps.append(Step(step.treatment, Use(start_week=since, session_weeks=held)))
            else:
                steps.append(Step(step.treatment, replace(step.use, start_week=since, stop_week=until)))
    return Plan(tuple(steps))


def still_taken(person: Person) -> Plan:
    """What the person takes today: what goes on if nothing is changed."""
    return Plan(tuple(step for step in taken_before(person).steps if not step.use.session_weeks and step.use.stop_week > 0))


def stopped_today(person: Person, plan: Plan) -> tuple[str, ...]:
    """What the person takes and the plan does not name, one plain sentence each: it is stopped today."""
    gone = [step for step in still_taken(person).steps if step.name not in plan.names]
    return tuple(f"{step.treatment.title}: the plan does not name it, so it is stopped today." for step in gone)


def with_past(person: Person, plan: Plan) -> Plan:
    """The plan with all that came before it: what it goes on with began back then, what it does not name stops today."""
    going_on = {step.name: step for step in plan.steps if step.first_week <= 0 and not step.use.session_weeks}
    steps = list(plan.steps)
    for step in taken_before(person).steps:
        now = going_on.get(step.name)
        if step.use.session_weeks or step.use.stop_week <= 0:
            steps.append(step)
        elif now is not None and now.treatment == step.treatment and now.use.adherence == step.use.adherence:
            steps.remove(now)
            steps.append(Step(now.treatment, replace(now.use, start_week=min(step.use.start_week, now.use.start_week))))
        else:
            steps.append(step.until(0.0))
    return Plan(tuple(steps))


def _shifted(plan: Plan, weeks: float) -> Plan:
    """The same plan, told from a day that many weeks earlier."""

    def moved(use: Use) -> Use:
        held = tuple(week + weeks for week in use.session_weeks)
        return replace(use, start_week=use.start_week + weeks, stop_week=use.stop_week + weeks, session_weeks=held)

    return Plan(tuple(Step(step.treatment, moved(step.use)) for step in plan.steps))


def begin(person: Person, belief: Belief) -> Start:
    """The possible starts of a person, past treatments replayed. Raises `Refused` for a person whom no number would serve."""
    refuse(person)
    past = taken_before(person)
    if not past.steps:
        return start(person, belief)
    weeks = int(np.ceil(max(one.since_years for one in person.treatments) * WEEKS_PER_YEAR))
    return start(person, belief, _shifted(past, weeks).tempo(weeks, belief))


def forecast_all(person: Person, plans: Sequence[Plan], belief: Belief, begun: Start, years: float = 2.0) -> list[Forecast]:
    """The forecasts of several plans at once, from the same start and with the same draws.

    Raises `BadParameter` for a horizon outside 0 to 5 years (the longest trial that was read).
    """
    return _followed(person, plans, belief, begun, years, OUTPUTS, _Others(person, tuple(plans), belief, begun, years))


@dataclass(frozen=True, eq=False)
class _Others:
    """The same draws lived by other people like this one, under each of the plans; followed when first asked for."""

    person: Person
    plans: tuple[Plan, ...]
    belief: Belief
    begun: Start
    years: float

    def __call__(self, place: int) -> Forecast | None:
        return None if self._all is None else self._all[place]

    @cached_property
    def _all(self) -> list[Forecast] | None:
        other = self.belief.others(self.begun.which)
        try:
            found = _followed(self.person, self.plans, other, begin(self.person, other), self.years, ("visible",), _nobody)
        except BadInput:  # too few draws fit
            return None
        return [replace(one, which=self.begun.which[one.which]) for one in found]


def _nobody(place: int) -> None:
    """Others have no others."""


def _followed(
    person: Person,
    plans: Sequence[Plan],
    belief: Belief,
    begun: Start,
    years: float,
    outputs: tuple[str, ...],
    others: Callable[[int], Forecast | None],
) -> list[Forecast]:
    """The forecasts of some outputs; others: that of the same draws lived by other people, for the plan at a place."""
    if not 0 < years <= LONGEST_YEARS:
        raise BadParameter(
            "years", f"is {years:g}", f"above 0 and at most {LONGEST_YEARS:g}, the length of the longest trial that was read"
        )
    weeks = max(round(years * WEEKS_PER_YEAR), 1)
    areas = np.array([regions()[region].area_cm2 for region in begun.regions])
    full = [with_past(person, plan) for plan in plans]
    tempos = [plan.tempo(weeks, belief, begun.which) for plan in full]
    alike: dict[tuple[bytes, ...], int] = {}  # a tempo that several plans share is followed once
    lane = [alike.setdefault(tuple(row.tobytes() for row in tempo.rows().values()), len(alike)) for tempo in tempos]
    start = [phase[:, :, :, None, :] for phase in begun.state]
    different = [tempos[lane.index(number)] for number in range(len(alike))]
    course = expect(_wide(begun.cycle), _stack(different), weeks, start=start, outputs=outputs)
    shape = (len(begun.which), len(alike), len(areas), weeks + 1)
    values = {name: np.broadcast_to(value, shape) for name, value in course.values.items()}
    thin = _thin(person, begun)
    made = []
    for index, plan in enumerate(plans):
        draws = {name: value[:, lane[index]] for name, value in values.items()}
        donor = regions()[DONOR].area_cm2
        for moved in plan.transfers(donor, float(areas[thin].sum()), belief, begun.which):
            draws = _moved(draws, begun.cycle, moved, tempos[index], weeks, thin)
        limits = (*stopped_today(person, plan), *limits_of(person, plan, years), *begun.caution)
        made.append(
            Forecast(
                person=person,
                belief=belief,
                plan=plan,
                weeks=course.weeks,
                draws=draws,
                weights=begun.weights,
                which=begun.which,
                regions=begun.regions,
                areas_cm2=areas,
                tempo=tempos[index],
                beyond=limits,
                others=partial(others, index),
            )
        )
    return made


def _thin(person: Person, begun: Start) -> npt.NDArray[np.bool_]:
    """The regions that a transplant fills: those whose stage leaves less than `person.graft_below` of their hair, at the most."""
    shares, below = stage_shares(person.scale, person.stage), medians("person")["graft_below"]
    found = np.array([shares[region].high < below for region in begun.regions])
    return found if found.any() else np.array([shares[region].low == min(s.low for s in shares.values()) for region in begun.regions])


def _moved(
    draws: Mapping[str, Array], cycle: Cycle, transfer: Transfer, tempo: Tempo, weeks: int, thin: npt.NDArray[np.bool_]
) -> dict[str, Array]:
    """The outputs after follicles were moved into the thin regions: they keep the donor's law, and begin at rest.

    The week of the operation still shows what was there before it, so that today is the same under every plan.
    """
    first = round(float(transfer.week))
    if first > weeks:
        return dict(draws)
    donor = cycle.but(shrink=0.0, follicles_per_cm2=transfer.gained_per_cm2)
    later = Tempo(**{name: row[min(first, len(row) - 1) :] if row.ndim else row for name, row in tempo.rows().items()})
    moved = expect(donor, later, weeks - first, start=transfer.start(donor, settled(donor)), outputs=tuple(draws))
    added = {name: np.zeros_like(draws[name]) for name in draws}
    for name in draws:
        added[name][:, thin, first + 1 :] = moved[name][:, None, 1:]
    found: dict[str, Array] = {name: draws[name] + added[name] for name in draws if name in DENSITIES}
    if "calibre" in draws:
        hairs = np.maximum(found["visible"], 1e-9)
        found["calibre"] = (draws["calibre"] * draws["visible"] + added["calibre"] * added["visible"]) / hairs
    return found


def _wide(cycle: Cycle) -> Cycle:
    """Lanes (n,) as (n, 1, 1): room for plans and regions."""
    return Cycle(**{name: value[:, None, None] if value.ndim else value for name, value in vars(cycle).items()})


def _stack(tempos: Sequence[Tempo]) -> Tempo:
    """One tempo (weeks, n, plans, 1) of one tempo (weeks, n) a plan."""
    together = {}
    for name in tempos[0].rows():
        rows = [tempo.rows()[name] for tempo in tempos]
        if all(row.ndim == 0 and row == rows[0] for row in rows):
            together[name] = rows[0]
            continue
        weeks, lanes = max(len(row) for row in rows if row.ndim), max(row.shape[1] if row.ndim > 1 else 1 for row in rows)
        wide = [np.broadcast_to(row if row.ndim == 2 else row[..., None], (weeks, lanes)) for row in rows]
        together[name] = np.stack([row.astype(np.float32) for row in wide], axis=-1)[..., None]
    return Tempo(**together)
