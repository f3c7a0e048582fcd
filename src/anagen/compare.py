"""One person, every option: the same person under each plan and under none, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from anagen.belief import Belief
from anagen.chances import Chances
from anagen.forecast import WHOLE, Band, Forecast, begin, forecast_all, off_middle, still_taken
from anagen.ground.errors import BadInput, UnknownName
from anagen.ground.rows import medians
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.people.person import Person
from anagen.people.start import Start
from anagen.plan import Plan, Step
from anagen.plan.change import Change, added, change, goes_on
from anagen.scalp.law import Cycle
from anagen.scalp.regions import regions, stage_shares
from anagen.scalp.sample import Looks, sample
from anagen.scalp.tempo import Tempo
from anagen.suitability import fits, too_high
from anagen.treatments import TREATMENTS, Transplant, Treatment, treatment

if TYPE_CHECKING:
    from anagen.grounds import Grounds

OPTIONS: tuple[tuple[str, float | None], ...] = (
    ("wait", None),
    ("minoxidil_topical", 2.0),
    ("minoxidil_topical", 5.0),
    ("minoxidil_oral", None),
    ("finasteride", None),
    ("finasteride_topical", None),
    ("dutasteride", None),
    ("spironolactone", None),
    ("prp", None),
    ("laser", None),
    ("microneedling", None),
    ("transplant_fue", None),
    ("transplant_fut", None),
    ("svf", None),
    ("adsc", None),
    ("bone_marrow", None),
    ("hfsc_micrograft", None),
    ("dermal_sheath_cup", None),
    ("conditioned_medium", None),
    ("cell_extract", None),
    ("exosomes", None),
    ("join_trial", None),
)
"""What is set side by side, with its dose (None: the usual one), for whoever it may be offered to."""
MOMENTS = {"3 months": 0.25, "6 months": 0.5, "12 months": 1.0, "24 months": 2.0, "5 years": 5.0}
GROUPS = {
    "nothing": "doing nothing",
    "drugs": "drugs",
    "devices": "devices and procedures",
    "transplant": "transplant",
    "cells": "cells and what they give off",
    "trial": "a trial",
}
_GROUP_OF = {"drug": "drugs", "device": "devices", "procedure": "devices", "cell": "cells", "cell_free": "cells"}
KINDS = ("empty", "vellus", "intermediate", "terminal")
NOT_A_DEVICE = "This is for understanding. It is not a medical device and does not replace a doctor."


@dataclass(frozen=True)
class Moment:
    """A time at which every option is read: what a person calls it, and its week."""

    label: str
    week: int


@dataclass(frozen=True)
class Option:
    """One option: its `name`, what a person would call it, its plan, and its forecast; None where nobody can forecast it.

    `group`: one of `GROUPS`, by what it adds to what is taken today; `change`: what is new, what goes on, what is stopped. `basis`:
    what the forecast stands on, or why there is none; `beyond`: where it leaves the evidence.
    """

    name: str
    title: str
    plan: Plan
    forecast: Forecast | None
    basis: str
    group: str
    change: Change

    @property
    def beyond(self) -> tuple[str, ...]:
        """Where the forecast leaves the evidence, in words."""
        return self.forecast.beyond if self.forecast else ()

    @property
    def grounds(self) -> Grounds | None:
        """Where its numbers come from; None where there are none."""
        return self.forecast.grounds if self.forecast else None

    def band(self, output: str = "visible", region: str = WHOLE, weeks: Sequence[int] | None = None) -> Band:
        """The forecast of one output in one region, hairs/cm2 for densities, um for calibre; at every week or the given ones."""
        return self.known().band(output, region, weeks)

    def gain(self, against: Option, output: str = "visible", region: str = WHOLE, weeks: Sequence[int] | None = None) -> Band:
        """What this option gives over another, draw by draw."""
        return self.known().gain(against.known(), output, region, weeks)

    def chances(self, week: int, region: str = WHOLE) -> Chances:
        """Out of 100 people like this one: visible gain, neither, visible loss."""
        return self.known().chances(week, region)

    def too_high(self, week: float) -> bool:
        """Whether its numbers of a week are known to be too high."""
        return too_high(self.plan, week)

    def known(self) -> Forecast:
        """Its forecast. Raises `BadInput` where nobody can make one."""
        if self.forecast is None:
            raise BadInput(f"there is no forecast for '{self.title}': which arm one gets is chance, and what it does is not known yet.")
        return self.forecast


@dataclass(frozen=True)
class Group:
    """Options of one kind: what a person would call the kind, and the options."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Published:
    """A published result of one trial, brought to hairs/cm2, beside what we forecast for the same thing in this person.

    `per_cm2_range`: its 95 % interval where the source gives one; `ours`: our forecast, one week long.
    """

    row_id: str
    study: str
    citation: str
    week: int
    arm: str
    against: str | None
    n: int | None
    per_cm2: float
    per_cm2_range: tuple[float, float] | None
    quote: str
    url: str
    ours: Band


@dataclass(frozen=True)
class Comparison:
    """The answer: one person, `weeks` (T,), every option, the label of the belief, and published results beside."""

    person: Person
    belief: Belief
    start: Start
    weeks: npt.NDArray[np.int64]
    options: tuple[Option, ...]
    published: tuple[Published, ...]

    @property
    def forecasts(self) -> tuple[Option, ...]:
        """The options that have a forecast."""
        return tuple(option for option in self.options if option.forecast is not None)

    @property
    def nothing(self) -> Option:
        """To do nothing; for a person who takes something, to stop it."""
        return next(option for option in self.options if option.name == "nothing")

    @cached_property
    def base(self) -> Option:
        """What the others are read against: to go on as now; nothing, for a person who takes nothing."""
        taken = still_taken(self.person)
        return next((option for option in self.options if goes_on(option.plan, taken)), self.nothing)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The options by kind, those without any forecast last."""
        taking = self.base is not self.nothing
        made = (Group(name, title, tuple(o for o in self.options if o.group == name)) for name, title in GROUPS.items())
        return tuple(replace(one, title="go on, or stop") if taking and one.name == "nothing" else one for one in made if one.options)

    def option(self, name: str) -> Option:
        """One option by its name. Raises `UnknownName`."""
        found = next((option for option in self.options if option.name == name), None)
        if found is None:
            raise UnknownName("option", name, [option.name for option in self.options])
        return found

    @property
    def regions(self) -> dict[str, str]:
        """The regions that are told apart, with what a person calls them, and the whole of them."""
        return {WHOLE: "whole top of the scalp", **{name: regions()[name].title for name in self.start.regions}}

    @property
    def main_region(self) -> str:
        """The region a person asks about: the one that was measured, else the one that its stage leaves least of."""
        if self.person.measured:
            return self.person.measured[0].region
        shares = stage_shares(self.person.scale, self.person.stage)
        return min((name for name in self.start.regions if name != "temples"), key=lambda name: shares[name].low + shares[name].high)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The times at which the options are read side by side: those of `MOMENTS` within the horizon, and its end."""
        end = int(self.weeks[-1])
        months = round(end / WEEKS_PER_YEAR * 12)
        count, unit = (end, "week") if months < 2 else (months // 12, "year") if months % 12 == 0 and months > 24 else (months, "month")
        found = {end: f"{count} {unit}{'s' if count > 1 else ''}"} | {round(y * WEEKS_PER_YEAR): label for label, y in MOMENTS.items()}
        return tuple(Moment(label, week) for week, label in sorted(found.items()) if week <= end)

    @property
    def read_weeks(self) -> tuple[int, ...]:
        """The week of today, and of every moment."""
        return (0, *(moment.week for moment in self.moments))

    def cite(self) -> str:
        """BibTeX of the studies, sources and methods behind every option, each once."""
        from anagen.grounds.cite import bibtex

        return bibtex(option.known().grounds for option in self.forecasts)

    @cached_property
    def middle(self) -> int:
        """The draw that lies nearest to the middle of the untreated course and of every option's gain: the one drawn as a picture."""
        weights, end = self.start.weights, [0, int(self.weeks[-1])]
        untreated = self.nothing.known().course("visible", self.main_region, end)
        gains = [one.known().course("visible", self.main_region, end[1:])[:, 0] - untreated[:, 1] for one in self.forecasts]
        off = sum((off_middle(one, weights) for one in (*untreated.T, *gains)), -1e-6 * weights)
        return int(off.argmin())

    def field(self, option: Option, area_cm2: float = 1.0, look_weeks: Sequence[float] = (0,), seed: int = 1) -> Looks:
        """Single follicles of `area_cm2` of this person's main region under one option, at some weeks: for a picture.

        Every option shows the same follicles: they differ by what the treatment does, and by nothing else. Follicles that a
        transplant would move are not drawn.
        """
        at, region = self.middle, self.start.regions.index(self.main_region)
        cycle = Cycle(**{name: value[at] if value.ndim else value for name, value in vars(self.start.cycle).items()})
        start = [phase[:, :, at, region] for phase in self.start.state]
        count = max(round(float(cycle.follicles_per_cm2) * area_cm2), 1)
        tempo = _lane(option.known().tempo, at)
        looks = sample(cycle, tempo, int(self.weeks[-1]), follicles=count, start=start, seed=seed, look_weeks=look_weeks).looks
        assert looks is not None
        return looks


def compare(
    person: Person,
    belief: Belief | None = None,
    years: float = 2.0,
    options: Sequence[str] | None = None,
) -> Comparison:
    """What each option would do for this person over `years`, week by week, against nothing and against going on as now.

    belief: default 500 draws of the belief that ships. options: plans as sentences; default all that fit the person's sex, and
    for a person who takes something already: each added to it or put in its place. To stop and to go on are always there.
    Raises `Refused` for a person whom no number would serve, `BadInput` if what is known of the person is hardly possible,
    a plan cannot be read or begins too late, `BadParameter` for a horizon outside 0 to 5 years (the longest trial that was read).

    >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    >>> answer = compare(me, Belief.prior(n=100), years=1, options=["finasteride"])
    >>> [option.title for option in answer.options]
    ['nothing', 'finasteride 1 mg a day']
    """
    belief = belief if belief is not None else Belief.shipped()
    begun = begin(person, belief)
    taken = still_taken(person)
    offers = _offers(person, taken) if options is None else _asked(options, taken, years)
    known = {name: plan for name, plan in offers.items() if "join_trial" not in plan.names}
    found = dict(zip(known, forecast_all(person, list(known.values()), belief, begun, years), strict=True))
    made = tuple(_option(name, plan, found.get(name), taken) for name, plan in offers.items())
    weeks = next(iter(found.values())).weeks
    return Comparison(person, belief, begun, weeks, made, published(person.published, made) if person.published else ())


def _asked(sentences: Sequence[str], taken: Plan, years: float) -> dict[str, Plan]:
    """The plans that were asked for, by sentence, beside stopping and going on. Raises `BadInput` for a part that begins too late."""
    plans = {sentence: Plan.parse(sentence) for sentence in sentences}
    end = years * WEEKS_PER_YEAR
    for step in (step for plan in plans.values() for step in plan.steps if 0 < end <= step.first_week):
        said = f"{step.treatment.title} begins in week {step.first_week:g}, and the time asked for ends in week {end:.0f}"
        raise BadInput(f"{said}: nothing of it would happen; begin it before that, or look further ahead.")
    going_on = {} if not taken.steps or any(goes_on(plan, taken) for plan in plans.values()) else {"go on": taken}
    return {"nothing": Plan(), **going_on, **plans}


def _offers(person: Person, taken: Plan) -> dict[str, Plan]:
    """Every option that fits the person, by name."""
    offers = {"nothing": Plan()}
    if taken.steps:
        offers["go on"] = taken
    for name, dose in OPTIONS:
        if not fits(person, name) or (name == "wait" and taken.steps):  # to go on as now is to wait
            continue
        one = Step(treatment(name, dose))
        if name in ("wait", "join_trial"):
            offers[name] = Plan((one,))
            continue
        if one.treatment in [step.treatment for step in taken.steps]:
            continue
        offers[name if dose is None else f"{name}_{dose:g}"] = added(one, taken)
    return offers


def _option(name: str, plan: Plan, forecast: Forecast | None, taken: Plan) -> Option:
    basis = " ".join(dict.fromkeys(step.treatment.basis for step in plan.steps)) or TREATMENTS["nothing"].basis
    changed = change(plan, taken)
    group = max((_group(step.treatment) for step in changed.new.steps), key=list(GROUPS).index, default="nothing")
    return Option(name, changed.title, plan, forecast, basis, group, changed)


def _group(one: Treatment) -> str:
    """The kind of option that a treatment is."""
    if one.name == "join_trial":
        return "trial"
    return "transplant" if isinstance(one, Transplant) else _GROUP_OF.get(one.evidence_class, "nothing")


def kinds(looks: Looks) -> npt.NDArray[np.uint8]:
    """What a camera would call each follicle at each look, as an index into `KINDS`: (M, n). Cut-offs are rows of `reading`."""
    cut = medians("reading")
    kind = 1 + (looks.calibre_um >= cut["vellus_um"]).astype(np.uint8) + (looks.calibre_um > cut["terminal_um"]).astype(np.uint8)
    return np.where(looks.phase < 3, kind, 0).astype(np.uint8)


def published(study: str, options: Sequence[Option]) -> tuple[Published, ...]:
    """Vertex counts of one trial and its extensions, per cm2, beside ours: changes and differences within our horizon.

    Raises `UnknownName` for a study that is not among the evidence.
    """
    from anagen.evidence.tables import outcomes, row, studies
    from anagen.treatments.vocabulary import arm_treatments

    family = {s.study_id: s for s in studies() if study in (s.study_id, s.same_trial_as)}
    if not family:
        raise UnknownName("study", study, {s.study_id for s in studies()}, "`anagen evidence list`")
    single = {
        (option.plan.steps[0].treatment if option.plan.steps else treatment("nothing")): option
        for option in options
        if option.forecast is not None and len(option.plan.steps) <= 1 and option.name != "wait"
    }
    found = []
    for fact in outcomes():
        if fact.study_id not in family or not fact.use or fact.site != "vertex" or fact.unit != "hairs_per_area":
            continue
        arm = row("arms", f"{fact.study_id}/{fact.arm_id}")
        if arm.role == "pooled" or fact.value_kind not in ("change", "difference") or fact.mean is None or not fact.area_cm2:
            continue
        given = arm_treatments(arm)
        option = single.get(given[0]) if len(given) == 1 else None
        week = round(fact.time_weeks or 0)
        if option is None or week >= len(option.known().weeks):
            continue
        course = option.known().course("visible", "vertex")
        untreated = single[treatment("nothing")].known().course("visible", "vertex")
        than = course[:, :1] if fact.value_kind == "change" else untreated[:, week : week + 1]
        area, about = fact.area_cm2, family[fact.study_id]
        found.append(
            Published(
                row_id=fact.row_id,
                study=fact.study_id,
                citation=about.citation,
                week=week,
                arm=option.title,
                against="nothing" if fact.value_kind == "difference" else None,
                n=fact.n,
                per_cm2=fact.mean / area,
                per_cm2_range=None if fact.ci_low is None or fact.ci_high is None else (fact.ci_low / area, fact.ci_high / area),
                quote=fact.quote or "",
                url=fact.source_url,
                ours=Band.of(course[:, week : week + 1] - than, option.known().weights),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.against or "", one.week)))


def _lane(tempo: Tempo, at: int) -> Tempo:
    """The tempo of one draw."""
    return Tempo(**{name: value[:, at] if value.ndim > 1 else value for name, value in tempo.rows().items()})


__all__ = ["GROUPS", "KINDS", "MOMENTS", "OPTIONS", "Comparison", "Group", "Moment", "Option", "Published", "compare", "kinds", "published"]
