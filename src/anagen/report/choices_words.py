"""What a person weighs of one option, in short phrases: for whom it is, harms that were counted, cost, what it asks, how to undo it."""

from __future__ import annotations

from anagen.choices import Choice, Choices
from anagen.report.risks_text import reports, thousand
from anagen.report.words import capital
from anagen.risks import Event
from anagen.suitability import ASK_FIRST, DO_NOT

MOST_HARMS = 3
PER = 1000
"""Harms are told out of so many people."""
NOT_KNOWN = "not known"
SERIOUS = "serious reports"
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
    """The harms that were counted most, out of 1,000, each treatment by itself; "not known" where none of its own was counted.

    sex: of the person; what was counted in people of the other sex alone comes last, and says so.
    """
    if choice.asks_nothing:
        return ("none of its own",)
    told: list[str] = []
    for one in choice.harms:
        seen = sorted((*one.often, *one.seldom), key=lambda event: _of_others(event, sex))  # those of this person's sex first
        own = list({event.word.plain: event for event in reversed(seen) if event.whose == "own"}.values())[::-1]
        told += [harm(event, sex) for event in own[:MOST_HARMS]]
        if not own:
            told += [f"{harm(event, sex)}; {BORROWED[event.whose]}" for event in seen if event.whose in BORROWED][:1]
        if not own and (unseen := [event for event in one.unseen if event.whose == "own"]):
            told.append(f"{unseen[0].word.plain}: nobody of {unseen[0].people or 0:,} had it; up to {thousand(unseen[0].high)} may")
        elif not own:
            told.append(f"its own harms are {NOT_KNOWN}: none was counted")
        if one.serious:
            told.append(f"{SERIOUS}: {reports(one)}; how often is {NOT_KNOWN}")
    return tuple(told) or (NOT_KNOWN,)


def worst(choice: Choice, sex: str) -> str:
    """The first of its harms, and how many serious reports there are."""
    found = harms(choice, sex)
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
    return f"{text}; counted in {OTHERS[sex]} only" if _of_others(event, sex) else text


def _of_others(event: Event, sex: str) -> bool:
    """Whether a harm was counted in people of the other sex alone."""
    return [who for who, _ in event.who] == [OTHERS[sex]]


def cost(choice: Choice) -> tuple[str, ...]:
    """What it costs over the same time in each currency that was read; at least, where parts have no price."""
    found = choice.costs
    if found.free:
        return ("0",)
    if not found.bills:
        return (f"{NOT_KNOWN}: no price was read",)
    return tuple(f"{'at least ' if bill.at_least else ''}{bill.currency} {bill.total}" for bill in found.bills)


def asks(choice: Choice) -> str:
    """What it asks each day."""
    return "; ".join(dict.fromkeys(one.routine for one in choice.effort))


def needles(choice: Choice) -> str:
    """Its needles, and what is taken from the body."""
    parts = [f"needles: {one.needles}" for one in choice.effort if one.needles != "none"]
    parts += [f"taken: {one.taken}" for one in choice.effort if not one.taken.startswith("none")]
    return "; ".join(dict.fromkeys(parts)) or "none"


def undo(choice: Choice) -> str:
    """What it means to stop it or to undo it."""
    return " ".join(dict.fromkeys(one.undo for one in choice.effort))


def visible_gain(choice: Choice) -> str:
    """How many of 100 people like this one see a gain at the end."""
    return NOT_KNOWN if choice.chances is None else str(choice.chances.gain)


def matter(choice: Choice, what: str, sex: str) -> str:
    """What an option says of one thing that matters."""
    said = {
        "more hair": lambda: visible_gain(choice),
        "few side effects": lambda: ". ".join(map(capital, harms(choice, sex))),
        "low cost": lambda: "; ".join(cost(choice)),
        "few visits": lambda: str(choice.visits),
        "no surgery": lambda: needles(choice),
        "no daily drug": lambda: asks(choice),
        "sureness": lambda: choice.certainty,
    }
    return said[what]()


def column(found: Choices, what: str) -> str:
    """The head of the column of one thing that matters, with its time."""
    return f"{MATTERS[what]}, over {found.months} months" if what in ("low cost", "few visits") else MATTERS[what]
