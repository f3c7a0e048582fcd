"""What the words of one item mean: which treatment, which dose, which weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass

from anagen.ground.errors import UnknownName
from anagen.plan import words as say
from anagen.plan.steps import Step, backwards, bad
from anagen.treatments import ALIASES, ALL_BY, TRADE_NAMES, TREATMENTS, Treatment, Use

MOST_SESSIONS = 200


@dataclass
class Said:
    """What the parts of one item say; None where they are silent. `box`: the dose that a trade name stands for."""

    box: float | None = None
    amount: float | None = None
    unit: str | None = None
    rate: tuple[float, str] | None = None
    begin: float | None = None
    end: float | None = None
    span: float | None = None
    at: list[float] | None = None
    sessions: int | None = None
    every: float | None = None
    share: float | None = None


def groups(words: list[str]) -> list[list[str]]:
    """The treatments that these words may name: by full name, by alias, by a part of the name that has its first word."""
    said = sorted(words)
    exact = [name for name in TREATMENTS if sorted(name.split("_")) == said]
    alias = [name for other, name in ALIASES.items() if sorted(other.split("_")) == said]
    once = len(set(said)) == len(said)
    part = [name for name in TREATMENTS if once and name.split("_")[0] in said and set(said) < set(name.split("_"))]
    return [exact, alias, part]


def kind_of(words: list[str], unit: str | None) -> type[Treatment]:
    """The treatment that these words and the unit of its dose name. Raises `BadInput` if there are none or several."""
    exact, alias, part = groups(words)
    if exact:
        return TREATMENTS[exact[0]]
    may = list(dict.fromkeys(alias + part))
    fit = [name for name in may if unit is None or say.scale(unit, TREATMENTS[name]) is not None] or may
    if alias and alias[0] in fit:
        return TREATMENTS[alias[0]]
    if len(fit) > 1:
        raise bad(f"'{' '.join(words)}' may be {' or '.join(map(say.spoken, fit))}", "one of these names")
    if not fit:
        raise unknown(words)
    return TREATMENTS[fit[0]]


def unknown(words: list[str]) -> UnknownName:
    """No treatment has this name."""
    return UnknownName("treatment", " ".join(words)[:60], [*map(say.spoken, TREATMENTS), *TRADE_NAMES], ALL_BY)


def box(words: list[str]) -> float | None:
    """The dose in the box of a trade name, where that is not the usual one.

    >>> box(["proscar"]), box(["finasteride"])
    (5.0, None)
    """
    return TRADE_NAMES.get(" ".join(words), ("", None))[1]


def step(kind: type[Treatment], said: Said, item: str) -> Step:
    """The step of an item; `item`: its words, quoted. Raises `BadInput` where the parts do not fit the treatment."""
    name = say.spoken(kind.name)
    dose = _dose(kind, said, item)
    treatment = kind() if dose is None else kind(dose)
    if said.end is not None and said.span is not None:
        raise bad(f"{item} says both 'until' and 'for'", "one of them")
    begin = said.begin or 0.0
    end = said.end if said.end is not None else begin + said.span if said.span is not None else math.inf
    if end < begin:
        raise backwards(name, end, begin)
    share = 1.0 if said.share is None else said.share
    if say.in_sessions(kind):
        weeks = _sessions(kind, said, begin, end, item)
        return Step(treatment, Use(start_week=min(begin, *weeks), session_weeks=weeks, adherence=share))
    if said.at is not None or said.sessions is not None or said.every is not None:
        raise bad(f"{item} has sessions, but {name} is used over time", "from week a until week b")
    return Step(treatment, Use(start_week=begin, stop_week=end, adherence=share))


def _dose(kind: type[Treatment], said: Said, item: str) -> float | None:
    """The dose in the treatment's own unit; None for the usual one."""
    name, (unit, rate) = say.spoken(kind.name), say.own_unit(kind)
    if unit == "x":
        per_week = {"week": 1, "day": 7}.get(said.rate[1]) if said.rate else 1
        if said.amount is not None or per_week is None:
            raise bad(f"{item} has no dose that {name} can have", kind.unit)
        return None if said.rate is None else said.rate[0] * per_week
    times = 1.0
    if said.rate is not None and said.rate != rate and not say.in_sessions(kind):
        if rate != (1.0, "day") or said.rate[1] != "day" or said.amount is None or unit.startswith("usual"):
            raise bad(f"{item} is not how {name} was studied", f"a dose in {kind.unit}" if kind.unit else "no dose")
        times = said.rate[0]
    if said.amount is None and said.unit is None:
        return said.box
    factor = 1.0 if said.unit is None else say.scale(said.unit, kind)
    if said.amount is None or said.unit is None or factor is None:
        raise bad(f"{item} has no dose that {name} can have", f"a number with its unit: {kind.unit}" if kind.unit else "no dose")
    return said.amount if factor * times == 1 else float(f"{said.amount * factor * times:.12g}")


def _sessions(kind: type[Treatment], said: Said, begin: float, end: float, item: str) -> tuple[float, ...]:
    """The weeks of the sessions."""
    count, every = said.sessions, said.every
    if said.rate is not None:
        times, period = said.rate
        if (period and (times != 1 or every is not None)) or (not period and (count is not None or times != int(times))):
            raise bad(f"{item} does not say when the sessions are", "N sessions every M weeks")
        count, every = (count, say.weeks_of(1, period)) if period else (int(times), every)
    if said.at is not None:
        if said.begin is not None or end < math.inf or every is not None or count not in (None, len(said.at)):
            raise bad(f"{item} says in two ways when the sessions are", "'at weeks a, b and c', or 'N sessions every M weeks'")
        return tuple(said.at)
    if every is None and end == math.inf and count in (None, 1):
        return tuple(begin + week for week in (say.usual_weeks(kind) if count is None else (0.0,)))
    if every is None or not every > 0:
        raise bad(f"{item} does not say how far apart the sessions are", "N sessions every M weeks")
    if (count is None) == (end == math.inf):
        raise bad(f"{item} must say either how many sessions or until when", "N sessions every M weeks, or every M weeks until week b")
    number = count if count is not None else math.floor(min((end - begin) / every, 1e9) + 1e-9) + 1
    if not 1 <= number <= MOST_SESSIONS:
        raise bad(f"{item} has {number} sessions", f"1 to {MOST_SESSIONS}")
    return say.equal_steps(begin, every, number)
