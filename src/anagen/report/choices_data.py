"""What a person weighs, as data: the gate, each option's verdict, harms, cost and effort, what matters, and questions to take along."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from anagen.report import choices_words as words
from anagen.report.sources_data import Level, Model, Number

if TYPE_CHECKING:
    from anagen.choices import Choice, Choices
    from anagen.costs import Bill
    from anagen.risks import Event, OptionRisks


class WhyOf(Model):
    """One reason of a verdict, with its source; `address` and `quote` null where the source gives none."""

    verdict: str
    says: str
    source: str
    address: str | None
    quote: str | None


class HarmOf(Model):
    """One harm out of 1,000 at one step; `chance` null: nobody had it, and only `high` is known. `whose`: own, or what stands in."""

    harm: str
    step: str
    whose: str
    chance: Number | None
    low: Number
    high: Number
    on_placebo: Number | None
    events: int | None
    people: int | None
    trials: int
    rows: list[str]


class HarmsOf(Model):
    """The harms of one treatment of an option. `counted`: whether any of its own was; `serious_reports`: how many, at an unknown rate."""

    treatment: str
    counted: bool
    harms: list[HarmOf]
    serious_reports: int


class BillOf(Model):
    """What it costs in one currency; `high` null: no highest price is shown; `at_least`: parts in `missing` have no price."""

    currency: str
    low: Number
    typical: Number | None
    high: Number | None
    at_least: bool
    missing: list[str]
    rows: list[str]


class EffortOf(Model):
    """What one treatment asks of a person, and what it means to undo it."""

    treatment: str
    routine: str
    needles: str
    taken: str
    undo: str
    mark: str
    source: str


class ChoiceOf(Model):
    """One option, by its name: over the comparison's time, each harm out of 1,000, the gain out of 100 people (null: not known)."""

    option: str
    verdict: str
    why: list[WhyOf]
    visible_gain_of_100: int | None
    certainty: Level
    harms: list[HarmsOf]
    costs_nothing: bool
    bills: list[BillOf]
    visits: int
    effort: list[EffortOf]


class QuestionOf(Model):
    """A question for the specialist, the gap that it comes from, the words or options it is asked `of`, and the source of the advice."""

    gap: str
    question: str
    of: list[str]
    source: str


class ChoicesOf(Model):
    """Every option as a person weighs it, over the same `months`. `matters`: what they said matters, which orders nothing.

    `signs_asked`: whether signs that need a diagnosis first were asked for; `signs_to_ask`: the questions if not; `missing`: what
    else the file does not tell; `not_recognised`: words of the file that no table knows.
    """

    months: int
    signs_asked: bool
    signs_to_ask: list[str]
    missing: list[str]
    not_recognised: list[str]
    matters: list[str]
    options: list[ChoiceOf]
    questions: list[QuestionOf]


def choices(found: Choices) -> ChoicesOf:
    """All of it."""
    person = found.suitability
    return ChoicesOf(
        months=found.months,
        signs_asked=person.signs_asked,
        signs_to_ask=[sign.question for sign in person.to_ask],
        missing=[one.question for one in person.missing],
        not_recognised=[word for word, _ in person.unknown],
        matters=list(found.answer.person.what_matters),
        options=[_choice(one) for one in found.rows],
        questions=[QuestionOf(gap=one.gap, question=one.question, of=list(one.of), source=one.source) for one in found.questions],
    )


def _choice(one: Choice) -> ChoiceOf:
    why = [reason for each in one.standing for reason in each.reasons]
    made = {
        "option": one.option.name,
        "verdict": one.verdict,
        "why": [WhyOf(verdict=w.verdict, says=w.says, source=w.source, address=w.source_url or None, quote=w.quote or None) for w in why],
        "visible_gain_of_100": None if one.chances is None else one.chances.gain,
        "certainty": one.certainty,
        "harms": [_harms(each) for each in one.harms],
        "costs_nothing": one.costs.free,
        "bills": [_bill(bill) for bill in one.costs.bills],
        "visits": one.visits,
        "effort": [
            EffortOf(treatment=e.option, routine=e.routine, needles=e.needles, taken=e.taken, undo=e.undo, mark=e.mark, source=e.source)
            for e in one.effort
        ],
    }
    return ChoiceOf.model_validate(made)


def _harms(one: OptionRisks) -> HarmsOf:
    return HarmsOf(treatment=one.name, counted=one.counted, harms=[_harm(event) for event in one.events], serious_reports=len(one.serious))


def _harm(one: Event) -> HarmOf:
    beside = None if one.on_placebo is None else one.on_placebo.chance
    return HarmOf(
        harm=one.word.plain,
        step=one.step,
        whose=one.whose,
        chance=_per(one.chance),
        low=words.PER * one.low,
        high=words.PER * one.high,
        on_placebo=_per(beside),
        events=one.events,
        people=one.people,
        trials=one.k,
        rows=list(one.rows),
    )


def _per(share: float | None) -> float | None:
    return None if share is None else words.PER * share


def _bill(bill: Bill) -> BillOf:
    total = bill.total
    return BillOf(
        currency=bill.currency,
        low=total.low,
        typical=total.typical,
        high=total.high if isfinite(total.high) else None,
        at_least=bill.at_least,
        missing=list(bill.missing),
        rows=list(dict.fromkeys(row for line in bill.lines for row in line.rows)),
    )


__all__ = ["ChoicesOf", "choices"]
