"""Risks as data for a program. Every chance is out of 1,000, with its 95 % range; null where nobody had it: then only `high` is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.evidence.rare import Excess, Rate
    from anagen.risks import Event, Item, OptionRisks, Risks, Spread, Total

Data = dict[str, Any]

PLAIN = (
    "whose",
    "says",
    "unit",
    "events",
    "people",
    "k",
    "severity",
    "duration",
    "studies",
    "rows",
    "each",
    "sessions",
    "doses",
    "reported",
)


def risks(found: Iterable[Risks]) -> Data:
    """Each plan with its options and its total."""
    return {"of": 1000, "level": 0.95, "plans": [plan(one) for one in found]}


def plan(one: Risks) -> Data:
    """One plan."""
    return {
        "plan": str(one.plan),
        "total": None if one.total is None else total(one.total),
        "not_in_total": [dict(zip(("option", "step", "part"), missing, strict=True)) for missing in one.missing],
        "not_in_total_trials_differ": [item(each) for each in one.apart],
        "likelier_than_total": [{"event": each.event, "step": each.step, "rows": list(each.rows)} for each in one.likelier],
        "options": [option(each) for each in one.options],
    }


def option(one: OptionRisks) -> Data:
    """One option: each harm, steps without a count, serious reports, how harm was looked for."""
    return {
        "name": one.name,
        "title": one.title,
        "dose": one.dose,
        "times": one.times,
        "counted": one.counted,
        "who": dict(one.who),
        "said": list(one.said),
        "harms": [event(each, one) for each in one.events],
        "not_known": [{"step": step, "says": says} for step, says in one.unknown_steps],
        "looked_for": asdict(one.looked),
        "long_term": asdict(one.long_term),
        "serious_reports": [asdict(each) | {"group": each.group(one.name)} for each in one.serious],
        "rows_without_a_rate": [asdict(each) for each in one.not_counted],
    }


def event(one: Event, whose: OptionRisks) -> Data:
    """One harm at one step of an option."""
    return {
        "event": one.event,
        "called": one.word.plain,
        "kind": one.word.kind,
        "part": one.word.part or None,
        "step": one.step,
        "of_1000": {"chance": per(one.chance), "low": per(one.low), "high": per(one.high)},
        "on_placebo": rate(one.on_placebo),
        "more_than_placebo": excess(one.excess),
        "placebo_in_some_trials_only": one.placebo_apart,
        "trials_too_far_apart": one.scattered,
        "trials_that_count_it_apart": list(whose.apart_in(one)),
        "trials": [dict(zip(("study", "events", "people"), count, strict=True)) for count in one.counts],
        "who": dict(one.who),
        **{name: list(value) if isinstance(value := getattr(one, name), tuple) else value for name in PLAIN},
    }


def total(one: Total) -> Data:
    """The chance of at least one of six harms: its range over all that is open about dependence, and both ends of that."""
    return {
        "chance": spread(one.chance),
        "independent": spread(one.independent),
        "dependent": spread(one.dependent),
        "least_middle": per(one.least),
        "most_middle": per(one.most),
        "correlation": one.correlation,
        "parts": {name: spread(each) for name, each in one.parts.items()},
        "items": [item(each) for each in one.items],
        "draws": one.draws,
        "seed": one.seed,
    }


def item(one: Item) -> Data:
    """What stands for one of the six harms at one step. times: in the plan; sessions: over which it was counted."""
    told = {"option": one.option, "part": one.part, "step": one.event.step, "event": one.event.event, "times": one.times}
    return told | {"sessions": one.event.sessions, "whose": one.event.whose, "rows": list(one.event.rows)}


def rate(one: Rate | None) -> Data | None:
    """A pooled chance."""
    if one is None:
        return None
    return {"chance": per(one.chance), "low": per(one.low), "high": per(one.high), "events": one.events, "people": one.people, "k": one.k}


def excess(one: Excess | None) -> Data | None:
    """How many more of 1,000 than with placebo."""
    return (
        None if one is None else {"more": per(one.difference), "low": per(one.low), "high": per(one.high), "people": one.people, "k": one.k}
    )


def spread(one: Spread) -> Data:
    """The middle of the draws and their central 95 %."""
    return {"middle": per(one.middle), "low": per(one.low), "high": per(one.high)}


def per(share: float | None) -> float | None:
    """A share as so many of 1,000."""
    return None if share is None else 1000 * share
