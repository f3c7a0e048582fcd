"""How sure the evidence of one treatment is: GRADE's five domains, each by a rule of `data/certainty.csv`, with its reason in words.

Trials in which chance decided start at high, everything else at low; each domain takes away steps. Nothing adds steps. The rules
are coarse on purpose: they are the same for every treatment, and each says what it saw.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from anagen.evidence.pool import Pooled, SmallStudies
from anagen.ground.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from anagen.evidence.contrasts import Change, Contrast
    from anagen.evidence.rows import Study
    from anagen.evidence.statements import Statement

Level = Literal["high", "moderate", "low", "very low", "not known"]
Against = Literal["nothing", "on top", "another"]
"""What a treatment was compared with: placebo or nothing; the same other treatment in both arms; another treatment."""

LEVELS: tuple[Level, ...] = ("very low", "low", "moderate", "high")
MEANS: dict[Level, str] = {
    "high": "another trial would hardly change the number",
    "moderate": "the true effect is likely near the number, but may differ",
    "low": "the true effect may differ much from the number",
    "very low": "the true effect is likely to differ much from the number",
    "not known": "no study that counted hairs after it was read",
}
_SEXES = {"male": ("aga_male", "aga_mixed", "aga"), "female": ("aga_female", "aga_mixed", "aga")}


@dataclass(frozen=True)
class Reason:
    """What one domain of GRADE took away: `down` steps (0: none), and why, in plain words."""

    domain: str
    down: int
    why: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "why", self.why[:1].upper() + self.why[1:])


@dataclass(frozen=True)
class Certainty:
    """How sure the evidence is: `level`, from `start` down by the `reasons`; `studies` (families) and `people` behind it."""

    level: Level
    start: Level
    reasons: tuple[Reason, ...]
    studies: int
    people: int | None

    @property
    def means(self) -> str:
        """What the level means.

        >>> Certainty("low", "high", (), 2, 80).means
        'the true effect may differ much from the number'
        """
        return MEANS[self.level]

    @property
    def because(self) -> tuple[str, ...]:
        """Why it is not higher: the reasons that took steps away."""
        return tuple(reason.why for reason in self.reasons if reason.down)


@dataclass(frozen=True)
class Body:
    """All that was read of one treatment and outcome: differences of one kind (`against`), one a trial; else changes; statements.

    late: the same trials at their last visit, which may lie after the one that is judged.
    """

    against: Against
    contrasts: tuple[Contrast, ...]
    pooled: Pooled | None
    small: SmallStudies
    changes: tuple[Change, ...]
    statements: tuple[Statement, ...]
    sex: str | None = None
    late: tuple[Contrast, ...] = ()


@cache
def rules() -> dict[str, float]:
    """The value of each rule of `data/certainty.csv`.

    >>> rules()["start_randomised"]
    4.0
    """
    text = (files("anagen") / "data" / "certainty.csv").read_text(encoding="utf-8")
    return {row["rule"]: float(row["value"]) for row in csv.DictReader(io.StringIO(text))}


@cache
def makers() -> tuple[str, ...]:
    """Words of `funding` that name a maker of what was tried: rows of `data/makers.csv`."""
    text = (files("anagen") / "data" / "makers.csv").read_text(encoding="utf-8")
    return tuple(row["word"] for row in csv.DictReader(io.StringIO(text)))


def judge(body: Body) -> Certainty:
    """The certainty of a body of evidence: start, five domains, level.

    >>> from anagen.evidence.pool import SmallStudies
    >>> judge(Body("nothing", (), None, SmallStudies(0), (), ())).level
    'not known'
    """
    told = (
        {one.family for one in body.contrasts}
        | {_family(one.study) for one in body.changes}
        | {_family(one.study) for one in body.statements}
    )
    if not told:
        return Certainty("not known", "low", (Reason("start", 0, "No study that counted hairs after it was read."),), 0, None)
    if not body.contrasts:
        return _without_difference(body, len(told))
    random = [one for one in body.contrasts if one.randomised]
    start = int(rules()["start_randomised" if 2 * len(random) >= len(body.contrasts) else "start_not_randomised"])
    reasons = (_bias(body), _inconsistency(body), _indirectness(body), _imprecision(body), _publication(body))
    level = LEVELS[max(start - 1 - sum(reason.down for reason in reasons), 0)]
    return Certainty(level, LEVELS[start - 1], reasons, len({one.family for one in body.contrasts}), _people(body.contrasts))


def _without_difference(body: Body, studies: int) -> Certainty:
    """What there is where no difference between two arms has a number: statements, or changes of treated people alone."""
    start = int(rules()["start_not_randomised"])
    if body.changes:
        alone = len({_family(one.study) for one in body.changes})
        only = f"{_of(alone, alone, 'study')} with a number only counted before and after"
        why = f"{only}, without a control: hairs may rise on placebo too."
        people = [one.n for one in body.changes if one.n is not None]
        reasons = [Reason("risk of bias", int(rules()["no_control_down"]), why)]
        known = round(sum(people)) if people else None
    else:
        verbs = ("says", "gives") if studies == 1 else ("say", "give")
        why = f"{_of(studies, studies, 'study')} {verbs[0]} in words what was found, and {verbs[1]} no number."
        reasons, known = [Reason("imprecision", int(rules()["no_control_down"]), why)], None
    controlled = {_family(one.study) for one in body.statements if one.controlled}
    none = {_family(one.study) for one in body.statements if one.controlled and one.verdict == "no difference"}
    if controlled:
        gave = f"{_of(len(controlled), len(controlled), 'controlled trial')} gave no number"
        reasons.append(Reason("publication bias", 0, f"{gave}; {len(none)} found no difference in at least one count."))
    level = LEVELS[max(start - 1 - sum(reason.down for reason in reasons), 0)]
    return Certainty(level, LEVELS[start - 1], tuple(reasons), studies, known)


def _weights(body: Body) -> list[float]:
    """Each difference's share: its weight in the pooling, or by people, or equal."""
    if body.pooled is not None and len(body.pooled.weights) == len(body.contrasts):
        return list(body.pooled.weights)
    sizes = [float(one.people or 0) for one in body.contrasts]
    sizes = sizes if all(sizes) else [1.0] * len(sizes)
    return [size / sum(sizes) for size in sizes]


def _bias(body: Body) -> Reason:
    share = {
        risk: sum(w for w, one in zip(_weights(body), body.contrasts, strict=True) if one.study.risk_of_bias in risk)
        for risk in (("high",), ("some", "high"))
    }
    risks = {one.family: one.study.risk_of_bias for one in body.contrasts}
    k, high, low = len(risks), list(risks.values()).count("high"), list(risks.values()).count("low")
    if share["high",] > rules()["bias_high_share"]:
        return Reason("risk of bias", 2, f"{_of(high, k, 'trial')} {_is(high)} at high risk of bias.")
    if share["some", "high"] > rules()["bias_some_share"]:
        some = (
            f"{f'Only {low}' if low else 'None'} of {k} trials is at low risk of bias."
            if low < 2
            else f"Only {low} of {k} trials are at low risk of bias."
        )
        return Reason("risk of bias", 1, some if k > 1 else "The one trial has some risk of bias.")
    return Reason("risk of bias", 0, f"{_of(low, k, 'trial')} {_is(low)} at low risk of bias, and most of the weight is theirs.")


def _inconsistency(body: Body) -> Reason:
    pooled, rule = body.pooled, rules()
    if pooled is None or pooled.i2_percent is None:
        return Reason("inconsistency", 0, "Whether trials agree cannot be seen: fewer than two can be pooled.")
    i2 = f"I² {pooled.i2_percent:.0f} %"
    signs = {one.difference > 0 for one in body.contrasts if one.se is not None}
    if pooled.i2_percent >= rule["inconsistency_i2_far"] and len(signs) > 1:
        return Reason("inconsistency", 2, f"The trials differ far more than chance and point both ways ({i2}).")
    if pooled.i2_percent >= rule["inconsistency_i2"]:
        return Reason("inconsistency", 1, f"The trials differ more than chance would make them ({i2}).")
    return Reason("inconsistency", 0, f"The trials agree about as well as chance allows ({i2}).")


def _indirectness(body: Body) -> Reason:
    rule, down, why = rules(), 0, []
    if body.against == "on top":
        down += int(rule["indirect_on_top_down"])
        why.append("Numbers were read only for it on top of another treatment, not alone.")
    if body.against == "another":
        down += int(rule["indirect_other_down"])
        why.append("Numbers were read only against another treatment, not against placebo or nothing.")
    if body.sex is not None and not any(one.study.condition in _SEXES[body.sex] for one in body.contrasts):
        down += int(rule["indirect_sex_down"])
        why.append(f"No trial had {'men' if body.sex == 'male' else 'women'}.")
    late = sum(one.people or 0 for one in body.late if one.week >= rule["indirect_weeks"])
    if late < rule["indirect_people"]:
        few = f"only {late} people were" if late else "nobody was"
        longest = max(one.week for one in (*body.contrasts, *body.late))
        years = rule["indirect_weeks"] / WEEKS_PER_YEAR
        why.append(f"A forecast reaches {years:.0f} years; {few} counted that late against a control (the longest: {longest:.0f} weeks).")
        down += 1
    return Reason("indirectness", min(down, 2), " ".join(why) or "The trials asked the question that a forecast answers.")


def _imprecision(body: Body) -> Reason:
    rule, people, down, why = rules(), _people(body.contrasts), 0, []
    if people is None:
        down, why = 1, ["How many people were counted was not read for every trial."]
    elif people < rule["imprecision_people"]:
        down = 2 if people < rule["imprecision_few_people"] else 1
        why.append(f"Only {people} people in all.")
    if body.pooled is None:
        down, why = down + 1, [*why, "There is no pooled number."]
    elif body.pooled.low <= 0 <= body.pooled.high:
        down, why = down + int(rule["imprecision_zero_down"]), [*why, "The range of the mean still holds no difference at all."]
    filled, k = (
        len({one.family for one in body.contrasts if one.spread in ("filled", "bound")}),
        len({one.family for one in body.contrasts}),
    )
    if filled:
        why.append(f"For {_of(filled, k, 'trial')} the spread had to be filled in.")
    return Reason("imprecision", min(down, 2), " ".join(why) or f"{people} people, and a range that leaves out no difference.")


def _publication(body: Body) -> Reason:
    rule, k = rules(), len(body.contrasts)
    families = {one.family: one for one in body.contrasts}
    counted = set(families)
    silent = {
        _family(one.study)
        for one in body.statements
        if one.controlled and one.verdict == "no difference" and _family(one.study) not in counted
    }
    paid = sum(paid_by_maker(one.study) for one in families.values())
    stated = sum(one.study.funding is not None for one in families.values())
    small = sum(_size(one) < rule["publication_small_people"] for one in families.values())
    n, down, why = len(families), 0, []
    if silent and len(silent) >= rule["publication_silent_share"] * (len(silent) + n):
        more = "Another trial" if len(silent) == 1 else f"{len(silent)} other trials"
        down, why = 1, [f"{more} found no difference and gave no number: the mean lacks that."]
    if paid >= rule["publication_paid_share"] * n:
        tail = f", and {small} of {n} {'is' if small == 1 else 'are'} small" if small else ", but none is small"
        told = f"{_of(paid, n, 'trial')} {'was' if paid == 1 else 'were'} paid for by the maker{tail}."
        why.append(told[:1].upper() + told[1:])
        down = max(down, int(2 * small >= n))
    elif stated < n:
        why.append(f"Who paid for {_of(n - stated, n, 'trial')} was not read.")
    if body.small.p is not None and body.small.p < rule["publication_p"]:
        down, why = 1, [*why, "Small trials tell another story than large ones."]
    elif k > 1:
        why.append(f"Small against large trials: {body.small.said}.")
    return Reason("publication bias", down, " ".join(why) or "Nothing points to trials that were left unpublished; nothing rules it out.")


def paid_by_maker(study: Study) -> bool:
    """Whether a study says that a maker of what was tried paid for it (or is the author's own firm)."""
    return any(word.lower() in (study.funding or "").lower() for word in makers())


def _size(one: Contrast) -> int:
    """People in the whole trial, whichever of its arms are looked at."""
    return max(one.people or 0, one.study.n_enrolled or 0, one.study.n_analysed or 0)


def _people(found: Sequence[Contrast]) -> int | None:
    sizes = [one.people for one in found]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _family(study: Study) -> str:
    return study.same_trial_as or study.study_id


def _of(count: int, whole: int, noun: str) -> str:
    """A count of a whole: "2 of 3 trials", "the one trial", "all 3 trials"."""
    many = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    if count == whole:
        return f"the one {noun}" if whole == 1 else f"all {whole} {many}"
    return f"{count} of {whole} {many}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
