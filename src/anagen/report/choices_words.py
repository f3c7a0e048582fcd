"""What a person weighs of one option, in short phrases: for whom it is, harms that were counted, cost, what it asks, how to undo it."""

from __future__ import annotations

from anagen.choices import Choice, Choices
from anagen.costs import Costs
from anagen.report.costs_text import told
from anagen.report.risks_text import reports, thousand
from anagen.report.words import TOO_HIGH, capital
from anagen.risks import Event, OptionRisks
from anagen.suitability import ASK_FIRST, DO_NOT

MOST_HARMS = 3
PER = 1000
"""Harms are told out of so many people."""
NOT_KNOWN = "not known"
SERIOUS = "serious reports"
AS_NOW = "as now"
STRICT = (DO_NOT, ASK_FIRST)
BORROWED = {
    "together": "counted with another treatment beside it",
    "other product": "counted with another product",
    "other procedure": "counted in another procedure, in other patients",
}
OTHERS = {"male": "women", "female": "men"}
MATTERS = {
    "more hair": "Visible gain, of 100 people",
    "few side effects": "Harms counted most, of 1,000 people",
    "low cost": "Cost",
    "few visits": "Visits known of",
    "no surgery": "Needles, and what is taken",
    "no daily drug": "What you do each day",
    "sureness": "How sure the evidence of its effect is",
}
"""What can matter to a person, and where an option speaks to it."""


def reasons(choice: Choice) -> tuple[str, ...]:
    """Why it stands so for this person: the reasons as strict as its verdict."""
    return tuple(dict.fromkeys(one.says for each in choice.standing for one in each.reasons if one.verdict == choice.verdict))


def strict(found: Choices) -> tuple[tuple[str, tuple[tuple[tuple[str, ...], str], ...]], ...]:
    """By verdict, for those that stop or ask: each reason once, with the options that it holds for."""
    told = []
    for verdict in STRICT:
        whom: dict[str, tuple[str, ...]] = {}
        for row in found.rows:
            for why in reasons(row) if row.verdict == verdict else ():
                whom[why] = (*whom.get(why, ()), row.option.title)
        told += [(verdict, tuple((titles, why) for why, titles in whom.items()))] if whom else []
    return tuple(told)


def harms(choice: Choice, sex: str) -> tuple[str, ...]:
    """The harms of what an option brings that were counted most, out of 1,000, each treatment by itself; then of what is kept.

    "Not known" where none of its own was counted. sex: of the person; what was counted in people of the other sex alone comes last,
    and says so.
    """
    if choice.asks_nothing:
        return ("none of its own",)
    told: list[str] = []
    for one in (*choice.harms, *choice.kept_harms):
        first, shown = len(told), _shown(one, sex)
        told += [_event(event, sex) for event in shown]
        if not any(event.whose == "own" for event in shown):
            told.append(f"its own harms are {NOT_KNOWN}: none was counted")
        if one.serious:
            told.append(f"{SERIOUS}: {reports(one)}; how often is {NOT_KNOWN}")
        if one in choice.kept_harms:
            told[first:] = [f"{AS_NOW}, {one.title}: {said}" for said in told[first:]]
    return tuple(told) or (NOT_KNOWN,)


def _shown(one: OptionRisks, sex: str) -> tuple[Event, ...]:
    """The harms of one treatment that are told: its own that came most; without any, one that stands in, and one that nobody had."""
    seen = sorted((*one.often, *one.seldom), key=lambda event: _of_others(event, sex))  # those of this person's sex first
    own = list({event.word.plain: event for event in reversed(seen) if event.whose == "own"}.values())[::-1]
    if own:
        return tuple(own[:MOST_HARMS])
    return (*[event for event in seen if event.whose in BORROWED][:1], *[event for event in one.unseen if event.whose == "own"][:1])


def _event(event: Event, sex: str) -> str:
    if event.chance is None:
        return f"{event.word.plain}: nobody of {event.people or 0:,} had it; up to {thousand(event.high)} may; time: {_time(event)}"
    return harm(event, sex) + (f"; {BORROWED[event.whose]}" if event.whose in BORROWED else "")


def _time(event: Event) -> str:
    """Over what time a harm was counted, as far as the sources tell."""
    sessions = [f"{event.sessions} sessions"] if event.sessions > 1 else []
    return " and ".join((*sessions, *event.duration)) or "not told"


def sources(choice: Choice, sex: str) -> tuple[str, ...]:
    """Where its harms and costs are from: studies and rows of each harm that is told, reports, and the rows of each price."""
    told = []
    for one in (*choice.harms, *choice.kept_harms):
        for event in _shown(one, sex):
            told.append(f"{one.title}, {event.word.plain}: {', '.join(event.studies)} (rows {', '.join(event.rows)})")
        if one.serious:
            told.append(f"{one.title}, {SERIOUS}: {', '.join(report.harm_id for report in one.serious)}")
    for bill in (*choice.own_costs.bills, *choice.kept_costs.bills):
        for line in bill.lines:
            where = ", ".join(line.countries)
            told.append(f"{line.what}, {line.currency}: {line.year_said}, {where} (rows {', '.join(line.rows)})")
    return tuple(told)


def worst(choice: Choice, sex: str) -> str:
    """The first harm of what an option brings, and how many serious reports there are of it."""
    found = [one for one in harms(choice, sex) if not one.startswith(AS_NOW)] or [NOT_KNOWN]
    return "; ".join([found[0], *(one for one in found[1:] if one.startswith(SERIOUS))])


def harm(event: Event, sex: str) -> str:
    """One harm out of 1,000 with its range; trial by trial where trials differ; placebo beside; and who was counted, if only others."""
    text = f"{event.word.plain} {thousand(event.chance or 0.0)} ({thousand(event.low)} to {thousand(event.high)})"
    if event.tau:
        each = " and ".join(f"{events:,} of {people:,}" for _, events, people in event.counts)
        text = f"{event.word.plain}: trials differ, {each}" if event.scattered else f"{text}, trials differ: {each}"
    if event.on_placebo is not None:
        beside = event.on_placebo.chance
        text += f"; placebo {f'0, up to {thousand(event.on_placebo.high)}' if beside is None else thousand(beside)}"
        text += ", in some of these trials" * event.placebo_apart
    elif event.step == "drug":
        text += "; no placebo beside it"
    if event.doses:
        text += f"; counted at {' and '.join(event.doses)} together"
    text += f"; time: {_time(event)}"
    return f"{text}; counted in {OTHERS[sex]} only" if _of_others(event, sex) else text


def _of_others(event: Event, sex: str) -> bool:
    """Whether a harm was counted in people of the other sex alone."""
    return [who for who, _ in event.who] == [OTHERS[sex]]


def cost(choice: Choice) -> tuple[str, ...]:
    """What it costs over the same time in each currency that was read; then what goes on beside it, or what is no longer paid."""
    found = _money(choice.own_costs)
    kept, gone = (f"{_called(one)}: {'; '.join(_money(one))}" for one in (choice.kept_costs, choice.gone_costs))
    if choice.kept_costs.plan.steps:
        found = (*(f"what is added: {one}" for one in found), f"{AS_NOW}, {kept}")
    if choice.option.change.new.steps and choice.gone_costs.plan.steps and choice.option.group != "trial":
        found = (*found, f"in place of {gone}")
    return found


def _called(found: Costs) -> str:
    return " and ".join(step.treatment.title for step in found.plan.steps)


def _money(found: Costs) -> tuple[str, ...]:
    if found.free:
        return ("0",)
    if not (priced := [bill for bill in found.bills if bill.lines]):
        return (f"{NOT_KNOWN}: no price was read",)
    return tuple(map(told, priced))


def cost_in_short(choice: Choice) -> str:
    """What it brings costs, in the currency with most prices; the others by name."""
    first, *more = _money(choice.own_costs)
    codes = [bill.currency for bill in choice.own_costs.bills[1:]]
    return f"{first}; also read in {', '.join(codes)}" if more else first


def kept(found: Choices) -> str:
    """For a person who takes something: that harm and cost are of what is added, and what goes on beside costs as well."""
    money = {_called(row.kept_costs): "; ".join(_money(row.kept_costs)) for row in found.rows if row.kept_costs.plan.steps}
    if not money:
        return ""
    told = "; ".join(f"{what}: {sum_}" for what, sum_ in money.items())
    return f"Of what is added, harm and cost stand alone here. What you take now goes on beside it, with its own. {capital(told)}."


def visits(choice: Choice) -> str:
    """The visits that are known."""
    return NOT_KNOWN if choice.visits is None else str(choice.visits)


def asks(choice: Choice) -> str:
    """What it asks each day, and what goes on as now."""
    found = "; ".join(dict.fromkeys(one.routine for one in choice.effort))
    kept = "; ".join(dict.fromkeys(one.routine for one in choice.kept_effort))
    return f"{found}; {AS_NOW}: {kept}" if kept else found


def needles(choice: Choice) -> str:
    """Its needles, and what is taken from the body."""
    every = (*choice.effort, *choice.kept_effort)
    parts = [f"needles: {one.needles}" for one in every if one.needles != "none"]
    parts += [f"taken: {one.taken}" for one in every if not one.taken.startswith("none")]
    return "; ".join(dict.fromkeys(parts)) or "none"


def undo(choice: Choice) -> str:
    """What it means to stop it or to undo it."""
    return " ".join(dict.fromkeys(one.undo for one in choice.effort))


def visible_gain(choice: Choice) -> str:
    """How many of 100 people like this one see a gain at the end; beside it, how many who go on as now."""
    if choice.chances is None:
        return NOT_KNOWN
    now = "" if choice.chances_now is None else f" (if you go on as now: {choice.chances_now.gain})"
    high = f"; {TOO_HIGH}" if choice.option.too_high(choice.chances.week) else ""
    return f"{choice.chances.gain}{now}{high}"


def matter(choice: Choice, what: str, sex: str) -> str:
    """What an option says of one thing that matters."""
    said = {
        "more hair": lambda: visible_gain(choice),
        "few side effects": lambda: ". ".join(map(capital, harms(choice, sex))),
        "low cost": lambda: "; ".join(cost(choice)),
        "few visits": lambda: visits(choice),
        "no surgery": lambda: needles(choice),
        "no daily drug": lambda: asks(choice),
        "sureness": lambda: choice.certainty,
    }
    return said[what]()


def column(found: Choices, what: str) -> str:
    """The head of the column of one thing that matters, with its time."""
    return f"{MATTERS[what]}, over {found.months} months" if what in ("low cost", "few visits") else MATTERS[what]
