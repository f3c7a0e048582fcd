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
    """One harm out of 1,000 at one step; `chance` null: nobody had it, and only `high` is known. `whose`: own, or what stands in.

    `sessions`, `time`: over which it was counted, as far as the sources tell.
    """

    harm: str
    step: str
    whose: str
    chance: Number | None
    low: Number
    high: Number
    on_placebo: Number | None
    sessions: int
    time: list[str]
    studies: list[str]
    events: int | None
    people: int | None
    trials: int
    rows: list[str]


class HarmsOf(Model):
    """The harms of one treatment of an option. `counted`: whether any of its own was; `serious_reports`: how many, at an unknown rate.

    `kept`: whether it is taken already and goes on beside what the option adds.
    """

    treatment: str
    kept: bool
    counted: bool
    harms: list[HarmOf]
    serious_reports: int


class BillOf(Model):
    """What it costs in one currency; `high` null: no highest price is shown; `at_least`: parts in `missing` have no price.

    `unpriced`: treatments that have no price at all in it, so that it is the cost of the others alone.
    """

    currency: str
    low: Number
    typical: Number | None
    high: Number | None
    at_least: bool
    missing: list[str]
    unpriced: list[str]
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
    """One option, by its name: over the comparison's time, each harm out of 1,000, the gain out of 100 people (null: not known).

    `adds`, `keeps`: what is new, and what is taken already and goes on; `bills` are of both, `bills_of_added` of what is new alone.
    `visits` null: the plan of a trial sets them.
    """

    option: str
    verdict: str
    why: list[WhyOf]
    visible_gain_of_100: int | None
    certainty: Level
    harms: list[HarmsOf]
    costs_nothing: bool
    bills: list[BillOf]
    bills_of_added: list[BillOf]
    adds: list[str]
    keeps: list[str]
    visits: int | None
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
        "harms": [_harms(each, each in one.kept_harms) for each in (*one.harms, *one.kept_harms)],
        "costs_nothing": one.costs.free,
        "bills": [_bill(bill) for bill in one.costs.bills],
        "bills_of_added": [_bill(bill) for bill in one.own_costs.bills],
        "adds": list(one.option.change.new.names),
        "keeps": list(one.option.change.kept.names),
        "visits": one.visits,
        "effort": [
            EffortOf(treatment=e.option, routine=e.routine, needles=e.needles, taken=e.taken, undo=e.undo, mark=e.mark, source=e.source)
            for e in (*one.effort, *one.kept_effort)
        ],
    }
    return ChoiceOf.model_validate(made)


def _harms(one: OptionRisks, kept: bool) -> HarmsOf:
    events = [_harm(event) for event in one.events]
    return HarmsOf(treatment=one.name, kept=kept, counted=one.counted, harms=events, serious_reports=len(one.serious))


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
        sessions=one.sessions,
        time=list(one.duration),
        studies=list(one.studies),
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
        unpriced=list(bill.unpriced),
        rows=list(dict.fromkeys(row for line in bill.lines for row in line.rows)),
    )


__all__ = ["ChoicesOf", "choices"]
