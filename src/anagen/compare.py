"""One person, every option: the same person under each treatment and under nothing, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from anagen.belief import Belief
from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import medians
from anagen.people.baseline import Baseline, baseline
from anagen.people.person import Person
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle
from anagen.scalp.sample import Looks, sample
from anagen.scalp.tempo import Array, Tempo
from anagen.treatments import Treatment, treatment

OPTIONS: tuple[str, ...] = ("nothing", "finasteride", "dutasteride", "minoxidil_topical")
OUTPUTS = ("visible", "terminal", "calibre", "shed")
WEEKS_PER_YEAR = 52.14
MOMENTS = {"6 months": 0.5, "1 year": 1.0, "2 years": 2.0, "5 years": 5.0}
KINDS = ("empty", "vellus", "intermediate", "terminal")
BANDS = (0.5, 0.8, 0.95)
BANDS_HOLD = (
    "Bands hold what we do not know of hair growth and of each treatment, how people differ, and the error of today's count. "
    "They do not hold the error of a later count."
)
NOT_A_DEVICE = "This is for understanding. It is not a medical device and does not replace a doctor."


@dataclass(frozen=True)
class Band:
    """A median and central bands over draws. `median`: (T,); `low`, `high`: share of draws inside -> (T,)."""

    median: Array
    low: Mapping[float, Array]
    high: Mapping[float, Array]

    @classmethod
    def of(cls, draws: Array) -> Band:
        """Of draws (n, T)."""
        cuts = [0.5, *((1 - b) / 2 for b in BANDS), *((1 + b) / 2 for b in BANDS)]
        found = np.quantile(draws, cuts, axis=0)
        count = len(BANDS)
        return cls(
            found[0],
            dict(zip(BANDS, found[1 : 1 + count], strict=True)),
            dict(zip(BANDS, found[1 + count :], strict=True)),
        )


@dataclass(frozen=True)
class Option:
    """One option. `draws`: output -> (n, T), weekly, the same draws for every option. `tempo`: what it does at the middle draw."""

    treatment: Treatment
    draws: Mapping[str, Array]
    tempo: Tempo

    def band(self, output: str) -> Band:
        """The forecast of one output: hairs/cm2 for densities, um for calibre, hairs/cm2/day for shedding."""
        return Band.of(self.draws[output])

    def gain(self, against: Option, output: str = "visible") -> Band:
        """What this option gives over another, draw by draw."""
        return Band.of(self.draws[output] - against.draws[output])


@dataclass(frozen=True)
class Moment:
    """A time at which every option is read: what a person calls it, and its week."""

    label: str
    week: int


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
    baseline: Baseline
    weeks: npt.NDArray[np.int64]
    options: tuple[Option, ...]
    published: tuple[Published, ...]

    @property
    def nothing(self) -> Option:
        """The option against which all are read."""
        return next(option for option in self.options if option.treatment.name == "nothing")

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The times at which the options are read side by side: those of `MOMENTS` within the horizon, and its end."""
        end = int(self.weeks[-1])
        months = round(end / WEEKS_PER_YEAR * 12)
        count, unit = (end, "week") if months < 2 else (months // 12, "year") if months % 12 == 0 else (months, "month")
        found = {end: f"{count} {unit}{'s' if count > 1 else ''}"} | {round(y * WEEKS_PER_YEAR): label for label, y in MOMENTS.items()}
        return tuple(Moment(label, week) for week, label in sorted(found.items()) if week <= end)

    @cached_property
    def middle(self) -> int:
        """The draw whose untreated course is nearest to the median: the one that is drawn as a picture."""
        course = self.nothing.draws["visible"]
        return int(np.abs(course - np.median(course, axis=0)).mean(axis=1).argmin())

    def field(self, option: Option, area_cm2: float = 1.0, look_weeks: Sequence[float] = (0,), seed: int = 1) -> Looks:
        """Single follicles of `area_cm2` of this person's vertex under one option, at some weeks: for a picture.

        Every option shows the same follicles: they differ by what the treatment does, and by nothing else.
        """
        at = self.middle
        cycle = Cycle(**{name: value[at] if value.ndim else value for name, value in vars(self.baseline.cycle).items()})
        start = [phase[..., at] for phase in self.baseline.start]
        count = max(round(float(cycle.follicles_per_cm2) * area_cm2), 1)
        return sample(cycle, option.tempo, int(self.weeks[-1]), follicles=count, start=start, seed=seed, look_weeks=look_weeks).looks  # type: ignore[return-value]


def compare(
    person: Person,
    belief: Belief | None = None,
    years: float = 5.0,
    options: Sequence[str] = OPTIONS,
) -> Comparison:
    """What each option would do for this person over `years`, week by week, against nothing.

    belief: default 500 draws of the shipped priors. options: names of treatments, each at its usual dose; nothing is always
    among them. Raises `BadInput` if the person's count is hardly possible, `UnknownName` for an option we do not have,
    `BadParameter` for a horizon outside 0 to 5 years (the longest trial that was read).

    >>> from anagen.people.person import Measured
    >>> me = Person(sex="male", age_years=33, condition="male pattern hair loss", scale="norwood", stage="3v",
    ...             measured=(Measured(region="vertex", density_per_cm2=171.8),))
    >>> answer = compare(me, Belief.prior(n=100), years=1, options=["finasteride"])
    >>> [option.treatment.title for option in answer.options]
    ['nothing', 'finasteride 1 mg a day']
    """
    if not 0 < years <= 5:
        raise BadParameter("years", f"is {years:g}", "above 0 and at most 5, the length of the longest trial that was read")
    belief = belief if belief is not None else Belief.prior()
    chosen = [treatment(name) for name in dict.fromkeys(["nothing", *options])]
    weeks = max(round(years * WEEKS_PER_YEAR), 1)
    begin = baseline(person, belief)
    made = []
    for one in chosen:
        values = belief.values(one.subject, begin.which) if one.subject else None
        tempo = one.tempo(weeks, values)
        made.append((one, expect(begin.cycle, tempo, weeks, start=begin.start, outputs=OUTPUTS).values, tempo))
    visible = made[0][1]["visible"]
    at = int(np.abs(visible - np.median(visible, axis=0)).mean(axis=1).argmin())
    done = tuple(Option(one, values, _lane(tempo, at)) for one, values, tempo in made)
    beside = published(person.published, done) if person.published else ()
    return Comparison(person, belief, begin, np.arange(weeks + 1), done, beside)


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

    family = {s.study_id: s for s in studies() if study in (s.study_id, s.same_trial_as)}
    if not family:
        raise UnknownName("study", study, {s.study_id for s in studies()})
    ours = {"finasteride_oral_1": "finasteride", "dutasteride_oral_0_5": "dutasteride", "placebo": "nothing"}
    by_name: Mapping[str, Option] = {option.treatment.name: option for option in options}
    found = []
    for fact in outcomes():
        if fact.study_id not in family or not fact.use or fact.site != "vertex" or fact.unit != "hairs_per_area":
            continue
        option = by_name.get(ours.get(row("arms", f"{fact.study_id}/{fact.arm_id}").intervention, ""))
        if option is None or fact.value_kind not in ("change", "difference") or fact.mean is None or not fact.area_cm2:
            continue
        week = round(fact.time_weeks or 0)
        course = option.draws["visible"]
        if week >= course.shape[1]:
            continue
        than = course[:, :1] if fact.value_kind == "change" else by_name["nothing"].draws["visible"][:, week : week + 1]
        against = "nothing" if fact.value_kind == "difference" else None
        per_cm2 = fact.mean / fact.area_cm2
        forecast = Band.of(course[:, week : week + 1] - than)
        about = family[fact.study_id]
        found.append(
            Published(
                fact.row_id,
                fact.study_id,
                about.citation,
                week,
                option.treatment.name,
                against,
                fact.n,
                per_cm2,
                None if fact.ci_low is None or fact.ci_high is None else (fact.ci_low / fact.area_cm2, fact.ci_high / fact.area_cm2),
                fact.quote or "",
                fact.source_url,
                forecast,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.against or "", one.week)))


def _lane(tempo: Tempo, at: int) -> Tempo:
    """The tempo of one draw."""
    return Tempo(**{name: value[:, at] if value.ndim > 1 else value for name, value in tempo.rows().items()})


__all__ = ["BANDS", "KINDS", "OPTIONS", "Band", "Comparison", "Moment", "Option", "Published", "compare", "kinds", "published"]
