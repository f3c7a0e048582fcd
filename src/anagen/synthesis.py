"""What is known of one treatment, from its trials alone: each trial's difference, their mean, how sure that is, and its harms.

`anagen.evidence` has the arithmetic and speaks of interventions; here a treatment is what a plan calls by that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from anagen.evidence.base import Evidence
from anagen.evidence.certainty import Against, Body, Certainty, Reason, judge, rules
from anagen.evidence.contrasts import MEASURES, Change, Contrast, Unit, changes, contrasts, spreads
from anagen.evidence.harms import Harm
from anagen.evidence.pool import Pooled, SmallStudies, by_group, leave_one_out, pool, small_studies
from anagen.evidence.spread import Spread
from anagen.evidence.statements import Statement, statements
from anagen.evidence.visits import at_visit, one_a_trial
from anagen.ground.errors import BadParameter, UnknownName
from anagen.treatments import treatment as named
from anagen.treatments.vocabulary import meaning

if TYPE_CHECKING:
    from anagen.evidence.rows import Arm
    from anagen.treatments.use import Treatment

Dose = float | Literal["all"] | None
OUTCOMES: dict[str, tuple[str, ...]] = {"density": ("total", "terminal"), **{name: (name,) for name in MEASURES}}
"""What can be asked of: `density` is each trial's hair count as it counted, all hairs or else thick ones; the rest is that alone."""
SCALES: dict[str, Unit] = {"cm2": "hairs/cm2", "percent": "% of baseline", "um": "um"}
CONDITIONS = {"male": ("aga_male",), "female": ("aga_female",)}
NO_TREATMENT = ("nothing", "wait")
_ALSO = {"finasteride": "finasteride", "minoxidil": "minoxidil_topical", "prp": "prp", "microneedling": "microneedling"}
"""What an arm may have had as well, by words of `concomitant`."""
_NOT_ALL = re.compile(r"\bin \d|kept in|holding")
"""What only some had, or only their grafts."""
_MIXED = {"hair_transplant_any": ("transplant_fue", "transplant_fut")}
"""Arms whose technique is not stated: their harms count for each."""
_AGAINST: tuple[Against, ...] = ("nothing", "on top", "another")


@dataclass(frozen=True)
class Synthesis:
    """What the trials of one treatment say of one outcome, in one `unit`.

    against: what it was compared with in `contrasts`, one a trial. pooled: their mean; of one trial, that trial; None where
    there is none, or where every visit is shown. without: the mean without each trial in turn. by_risk: the mean by risk of
    bias. small: the check of small against large trials. beside: differences that do not enter, with the reason. changes: of
    treated arms without a control. statements: results without a number. certainty: of the effect at the visit nearest a year (or
    the week that was asked for), in either sex; judged: the mean that it is of. filled: the SD that stands in where none was read.
    """

    treatment: Treatment
    outcome: str
    unit: Unit
    dose: float | None
    week: float | None
    against: Against
    contrasts: tuple[Contrast, ...]
    pooled: Pooled | None
    without: tuple[Pooled, ...]
    by_risk: dict[str, Pooled]
    small: SmallStudies
    beside: tuple[tuple[Contrast, str], ...]
    changes: tuple[Change, ...]
    statements: tuple[Statement, ...]
    certainty: Certainty
    judged: Pooled | None
    filled: Spread | None

    @property
    def judged_at(self) -> str:
        """The visit that the certainty is of, in words."""
        return "a year" if self.week is None else f"week {self.week:.0f}"

    @property
    def title(self) -> str:
        """What was tried, at the dose that counts, and against what."""
        if self.treatment.name in NO_TREATMENT:
            return "no treatment"
        what = self.treatment.title if self.dose is not None else plain(self.treatment)
        said: dict[Against, str] = {
            "nothing": f"{what} against placebo or nothing",
            "on top": f"{what} on top of another treatment, against that alone",
            "another": f"{what} against another treatment",
        }
        return said[self.against]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers must know, in plain sentences."""
        found, k = [], len(self.contrasts)
        empty = sum(one.spread in ("filled", "bound") for one in self.contrasts)
        if empty:
            known = self.filled and f": the SD of {self.filled.arms} arms that state one ({self.filled.sd:.1f} {self.unit})"
            found.append(f"*: the spread of {empty} of {k} was not read and is filled in{known or ''}; ranges are rougher than they look.")
        if self.outcome == "density" and any(one.measure == "terminal" for one in self.contrasts):
            found.append("t: this trial counted thick (nonvellus) hairs only.")
        if any(one.n_filled for one in self.contrasts):
            found.append("~: how many were in each arm was not read; the trial's people are spread evenly over its arms.")
        if any(len(one.treated) > 1 for one in self.contrasts):
            found.append("Arms of one trial that share a control are joined, so that its people count once.")
        if any(one.study.design == "rct_split_scalp" for one in self.contrasts):
            found.append("Halves of one scalp are taken as if they were different people, which makes the range wider.")
        weeks = [one.week for one in self.contrasts]
        if self.pooled is not None and k > 1 and max(weeks) > 2 * min(weeks):
            found.append(f"The visits lie between {min(weeks):.0f} and {max(weeks):.0f} weeks, so part of the disagreement is time.")
        return tuple(found)


@dataclass(frozen=True)
class Harms:
    """The `harms` of a treatment taken alone, at `dose` (None: at any); arms that state no dose count."""

    treatment: Treatment
    dose: float | None
    harms: tuple[Harm, ...]

    @property
    def title(self) -> str:
        """What was taken."""
        return self.treatment.title if self.dose is not None else plain(self.treatment)


def synthesis(
    treatment: str,
    outcome: str = "density",
    *,
    scale: str | None = None,
    sex: str | None = None,
    dose: Dose = None,
    week: float | None = None,
    every_visit: bool = False,
    evidence: Evidence | None = None,
) -> Synthesis:
    """The trials of a treatment, pooled; never across scales, nor across what it was compared with.

    scale: a name of `SCALES`; by default the outcome's own, or percent where only that was read. sex: men's or women's
    trials alone. dose: in the treatment's own unit, or "all"; by default its usual one where a trial had it (drugs). week:
    the visit nearest to it; by default each trial's last. every_visit: all of them, and then no mean.

    Raises `UnknownName` for a treatment, outcome, scale or sex that we do not have, `BadParameter` for a scale the outcome lacks.

    >>> found = synthesis("finasteride", week=52)
    >>> [(one.study.study_id, round(one.difference, 1)) for one in found.contrasts]
    [('kaufman_1998', 21.0), ('van_neste_2000', 17.3), ('gubelin_harcha_2014', 12.1)]
    >>> found.pooled.k, found.certainty.level
    (3, 'moderate')
    """
    base = evidence or Evidence.shipped()
    kind = named(treatment if named(treatment).name != "wait" else "nothing")
    if outcome not in OUTCOMES:
        raise UnknownName("outcome", outcome, OUTCOMES)
    own = MEASURES[OUTCOMES[outcome][0]].unit
    if scale is not None and scale not in SCALES:
        raise UnknownName("scale", scale, SCALES)
    if scale is not None and SCALES[scale] not in (own, "% of baseline"):
        raise BadParameter("scale", f"is {scale}", " or ".join(name for name, unit in SCALES.items() if unit in (own, "% of baseline")))
    if sex not in (None, *CONDITIONS):
        raise UnknownName("sex", str(sex), CONDITIONS)
    asked = _Asked(kind, outcome, sex, dose, base)
    against, unit = asked.best((own, "% of baseline") if scale is None else (SCALES[scale],))
    chosen, beside = asked.choose(against, unit, week, every_visit)
    pooled = None if every_visit or not chosen else pool(*_numbers(chosen))
    if against == "another":
        pooled = None  # another treatment in each trial: there is no one difference to find
    risks = [one.study.risk_of_bias for one in chosen]
    return Synthesis(
        kind,
        outcome,
        unit,
        asked.dose,
        week,
        against,
        chosen,
        pooled,
        leave_one_out(*_numbers(chosen)) if pooled else (),
        by_group(*_numbers(chosen), risks) if pooled else {},
        small_studies(*_numbers(chosen)) if pooled else SmallStudies(len(chosen)),
        beside,
        asked.alone(),
        asked.told(),
        *((_untreated(base), None) if kind.name in NO_TREATMENT else _judged(kind, outcome, (unit,), sex, dose, week, base)),
        spreads(base, OUTCOMES[outcome][0]).get(unit),
    )


def certainty(treatment: str, sex: str | None = None, evidence: Evidence | None = None) -> Certainty:
    """How sure the evidence is that this treatment changes hair counts, with the reason of each step; `sex`: for a man or a woman.

    Judged on its hair counts, at its usual dose, by the best comparison there is; the trials are those of both sexes, and it
    counts where none had this one. Raises `UnknownName` for a treatment we do not have.

    >>> found = certainty("svf")
    >>> found.level, found.because[0]
    ('very low', 'The one study with a number only counted before and after, without a control: hairs may rise on placebo too.')
    >>> certainty("adsc").level, certainty("bone_marrow").level
    ('very low', 'not known')
    """
    return _certainty(named(treatment).name, sex, evidence or Evidence.shipped())


def harms(treatment: str, *, dose: Dose = None, evidence: Evidence | None = None) -> Harms:
    """The harms of a treatment taken alone, each over the trials that counted it, placebo beside; likeliest first.

    dose: as in `synthesis`. Raises `UnknownName` for a treatment we do not have.

    >>> one = next(harm for harm in harms("laser").harms if harm.event == "any adverse event")
    >>> one.rate.chance, round(1000 * one.rate.high)  # none of 46, so up to 77 in 1,000 is not ruled out
    (None, 77)
    """
    from anagen.evidence.harms import harms as found

    base, kind = evidence or Evidence.shipped(), named(treatment)
    alone = {id(arm) for arm in base.arms if given(arm) == {kind.name} or kind.name in _MIXED.get(arm.intervention, ())}
    usual = _dose(kind, dose, (arm for arm in base.arms if id(arm) in alone))
    return Harms(kind, usual, found(base, lambda arm: id(arm) in alone and _at(arm, kind, usual)))


def plain(kind: Treatment) -> str:
    """A treatment by its plain name, without a dose or a course.

    >>> plain(named("laser")), plain(named("prp")), plain(named("minoxidil"))
    ('low-level laser', 'platelet-rich plasma', 'minoxidil topical')
    """
    if kind.evidence_class == "drug":
        return kind.name.replace("_", " ")
    return re.sub(r"( at| of)? \d.*", "", kind.title.split(",")[0])


def given(arm: Arm) -> frozenset[str]:
    """The treatments an arm had, by name, what it had as well among them; what has no forecast keeps its word of the tables.

    >>> from anagen.evidence.tables import row
    >>> sorted(given(row("arms", "aggarwal_2020/mn_prp")))
    ['microneedling', 'prp']
    """
    found = meaning(arm.intervention)
    names = {arm.intervention} if found.why_not else {name for name, _ in found.parts}
    also = "" if _NOT_ALL.search(arm.concomitant or "") else (arm.concomitant or "").lower()
    return frozenset(names | {name for word, name in _ALSO.items() if word in also}) - {"nothing"}


def _own(arm: Arm) -> frozenset[str]:
    """The treatments that an arm's own word names, without what it had as well."""
    return frozenset(name for name, _ in meaning(arm.intervention).parts)


@cache
def _certainty(name: str, sex: str | None, evidence: Evidence) -> Certainty:
    if name == "join_trial":
        return Certainty("not known", "low", (Reason("start", 0, "Joining a trial is not a treatment by itself."),), 0, None)
    if name in NO_TREATMENT:
        return _untreated(evidence)
    return _judged(named(name), "density", (MEASURES["total"].unit, "% of baseline"), sex, None, None, evidence)[0]


def _judged(
    kind: Treatment, outcome: str, units: tuple[Unit, ...], sex: str | None, dose: Dose, week: float | None, evidence: Evidence
) -> tuple[Certainty, Pooled | None]:
    """The certainty of what a treatment does in either sex, and for one of them; at the visit asked for, else nearest a year.

    With it the mean that was judged.
    """
    asked = _Asked(kind, outcome, None, dose, evidence)
    against, unit = asked.best(units)
    found, _ = asked.choose(against, unit, rules()["visit_weeks"] if week is None else week, False)
    pooled = pool(*_numbers(found)) if found and against != "another" else None
    small = small_studies(*_numbers(found)) if pooled else SmallStudies(len(found))
    late, _ = asked.choose(against, unit, None, False)
    return judge(Body(against, found, pooled, small, asked.alone(), asked.told(), sex, late)), pooled


def _untreated(evidence: Evidence) -> Certainty:
    """Of the course without treatment: placebo and untreated arms that were watched."""
    watched = [one for one in changes(evidence) if not given(one.arm) and one.measure in OUTCOMES["density"]]
    families = {one.study.same_trial_as or one.study.study_id for one in watched}
    longest = max((one.week for one in watched), default=0.0)
    why = f"Placebo or untreated arms of {len(families)} trials were counted; none longer than {longest:.0f} weeks."
    spread = "They ran from loss to gain, so what placebo and care do cannot be told from the course itself."
    return Certainty("low", "low", (Reason("start", 0, why), Reason("inconsistency", 0, spread)), len(families), None)


def _dose(kind: Treatment, dose: Dose, arms: Iterable[Arm]) -> float | None:
    """The one dose that counts, or None for all: the usual one of a drug, where an arm had it."""
    if dose == "all":
        return None
    if dose is not None:
        return named(kind.name, float(dose)).dose  # refuses a dose that was never studied
    usual = kind.evidence_class == "drug" and any(arm.dose == kind.dose and arm.dose_unit == kind.arm_unit for arm in arms)
    return kind.dose if usual else None


def _at(arm: Arm, kind: Treatment, dose: float | None) -> bool:
    """Whether an arm counts as having had this dose: it says so, or says nothing."""
    return dose is None or arm.dose is None or arm.dose_unit != kind.arm_unit or arm.dose == dose


def _numbers(found: Iterable[Contrast]) -> tuple[list[float], list[float]]:
    pairs = [(one.difference, one.se or 0.0) for one in found]
    return [difference for difference, _ in pairs], [se for _, se in pairs]


class _Asked:
    """One question: a treatment, an outcome, whose trials and which dose, put to the evidence."""

    def __init__(self, kind: Treatment, outcome: str, sex: str | None, dose: Dose, evidence: Evidence) -> None:
        self.kind, self.outcome, self.sex, self.evidence = kind, outcome, sex, evidence
        measures = OUTCOMES[outcome]
        self.found = [
            (one, how)
            for one in contrasts(evidence)
            if one.measure in measures and self._who(one.study.condition) and (how := self._against(one)) is not None
        ]
        self.dose = _dose(kind, dose, (arm for one, _ in self.found for arm in one.treated))

    def _who(self, condition: str) -> bool:
        return self.sex is None or condition in CONDITIONS[self.sex]

    def _against(self, one: Contrast) -> Against | None:
        """What a difference says of this treatment; None if nothing."""
        treated, control, own = given(one.treated[0]), given(one.control), {self.kind.name}
        if own & treated:
            if treated == own and not control:
                return "nothing"
            return "on top" if treated - control == own and control < treated else "another"
        return "another" if own & control else None

    def _pools(self, one: Contrast, how: Against, against: Against, unit: Unit) -> bool:
        own = self.kind.name in given(one.treated[0])
        return how == against and one.unit == unit and one.se is not None and own and _at(one.treated[0], self.kind, self.dose)

    def best(self, units: tuple[Unit, ...]) -> tuple[Against, Unit]:
        """The comparison that says most, and the unit: against nothing before on top before another; the own unit before percent."""
        for against in _AGAINST:
            for unit in units:
                if any(self._pools(one, how, against, unit) for one, how in self.found):
                    return against, unit
        return "nothing", units[0]

    def choose(
        self, against: Against, unit: Unit, week: float | None, every_visit: bool
    ) -> tuple[tuple[Contrast, ...], tuple[tuple[Contrast, str], ...]]:
        """The differences that are pooled, one a trial, and those beside them with the reason."""
        fit = [one for one, how in self.found if self._pools(one, how, against, unit)]
        total = {one.family for one in fit if one.measure == "total"}
        fit = [one for one in fit if self.outcome != "density" or one.measure == "total" or one.family not in total]
        kept = tuple(fit) if every_visit else at_visit(fit, week)
        beside = [(one, self._why(one, how, against, unit)) for one, how in self.found if one not in kept]
        lines = kept if every_visit else one_a_trial(kept)
        return tuple(sorted(lines, key=lambda one: (one.year, one.study.study_id, one.week))), tuple(beside)

    def _why(self, one: Contrast, how: Against, against: Against, unit: Unit) -> str:
        """Why a difference stands beside."""
        if self.kind.name not in given(one.treated[0]):
            return f"{self.kind.name} is the control"
        if how != against:
            said = {"nothing": "against nothing", "on top": "on top of the same other treatment", "another": "against another treatment"}
            return said[how]
        if one.unit != unit:
            return f"in {one.unit}"
        if not _at(one.treated[0], self.kind, self.dose):
            return f"another dose: {one.doses}"
        if one.se is None:
            return "no spread, and none to fill in"
        return "another count, site, visit or paper of the same trial"

    def alone(self) -> tuple[Change, ...]:
        """The last change of each arm that had the treatment and no control in any difference."""
        compared = {(one.study.study_id, arm.arm_id) for one, _ in self.found for arm in (*one.treated, one.control)}
        last: dict[tuple[str, str, str], Change] = {}
        for one in changes(self.evidence):
            key = (one.study.study_id, one.arm.arm_id, one.unit)
            wanted = one.measure in OUTCOMES[self.outcome] and self.kind.name in _own(one.arm) and self._who(one.study.condition)
            if wanted and key[:2] not in compared and (key not in last or one.week > last[key].week):
                last[key] = one
        return tuple(last.values())

    def told(self) -> tuple[Statement, ...]:
        """What is said of the treatment without a number; of every outcome, for a count that was not given may show as a width."""
        return tuple(
            one
            for one in statements(self.evidence)
            if self.kind.name in _own(one.arm) and self._who(one.study.condition) and one.measure in OUTCOMES[self.outcome]
        )


__all__ = ["OUTCOMES", "SCALES", "Harms", "Synthesis", "certainty", "given", "harms", "plain", "synthesis"]
