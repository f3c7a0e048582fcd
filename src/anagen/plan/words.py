"""The words of a plan: how a sentence prints weeks, numbers and names, and what its units mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from anagen.ground.units import WEEKS_PER_MONTH, WEEKS_PER_YEAR
from anagen.treatments import Transplant, Treatment
from anagen.treatments.sessions import Sessions

FARTHEST_WEEKS = 10000
SPANS = ("day", "week", "month", "year")
SAME = {
    **{f"{span}s": span for span in SPANS},
    **{"percent": "%", "milligram": "mg", "milligrams": "mg", "microgram": "mcg", "micrograms": "mcg", "gram": "g", "grams": "g"},
    **{"μg": "mcg", "ug": "mcg", "graft": "grafts", "millilitre": "ml", "millilitres": "ml", "session": "sessions"},
    **{"regions": "region", "today": "now", "then": "and", "times": "x", "time": "x", "an": "a", "each": "a", "per": "a", "/": "a"},
    **dict(
        zip(("one", "two", "three", "four", "five", "six", "eight", "ten", "twelve"), map(str, (1, 2, 3, 4, 5, 6, 8, 10, 12)), strict=True)
    ),
}
"""Words that mean the same, and the one that is used here."""

OFTEN = ("once", "twice", "daily", "weekly", "monthly")
UNITS = ("%", "mg", "mcg", "g", "ml", "mm", "cells", "million", "cm2", "region", "sessions", "usual", "preparation", "grafts")
SCALES = {("mcg", "mg"): 1e-3, ("g", "mg"): 1e3}
TOKEN = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[^\W\d_][^\W_]*|\S", re.IGNORECASE)
_RATE = re.compile(r"(?:^| )(?:(once|twice|[0-9.]+ x)(?: |$))?(?:(daily|weekly|monthly)|(?:a|every) (day|week|month))?$")


def split_rate(phrase: str) -> tuple[str, tuple[float, str] | None]:
    """A phrase as its unit and how often: a count and a period (empty if none is said).

    >>> split_rate("% twice a day"), split_rate("cells a cm2"), split_rate("3 x")
    (('%', (2.0, 'day')), ('cells a cm2', None), ('', (3.0, '')))
    """
    found = _RATE.search(phrase)
    if found is None or not found.group().strip():
        return phrase, None
    count, word, period = found.groups()
    times = 1.0 if count in (None, "once") else 2.0 if count == "twice" else float(count[:-2])
    return phrase[: found.start()].strip(), (times, period or {"daily": "day", "weekly": "week", "monthly": "month"}.get(word, ""))


@cache
def own_unit(kind: type[Treatment]) -> tuple[str, tuple[float, str] | None]:
    """The unit of a treatment's dose and how often it is used."""
    words = (word.lower() for word in TOKEN.findall(kind.unit))
    return split_rate(" ".join(SAME.get(word, word) for word in words))


def scale(unit: str, kind: type[Treatment]) -> float | None:
    """What a dose in this unit is multiplied with to be in the treatment's own; None if it cannot be.

    >>> from anagen.treatments import TREATMENTS
    >>> scale("mcg", TREATMENTS["finasteride"]), scale("million cells a cm2", TREATMENTS["svf"]), scale("%", TREATMENTS["svf"])
    (0.001, 1000000.0, None)
    """
    own = own_unit(kind)[0]
    if unit == own:
        return 1.0
    return 1e6 if unit == f"million {own}" else SCALES.get((unit, own))


def in_sessions(kind: type[Treatment]) -> bool:
    """Whether it is given in sessions, not day by day."""
    return issubclass(kind, (Sessions, Transplant)) and own_unit(kind)[1] is None


def usual_weeks(kind: type[Treatment]) -> tuple[float, ...]:
    """The sessions of its usual course, in weeks after the first."""
    return kind.usual_weeks if issubclass(kind, Sessions) else (0.0,)


def spoken(name: str) -> str:
    """The name of a treatment as a sentence has it.

    >>> spoken("minoxidil_topical"), spoken("join_trial")
    ('minoxidil topical', 'join a trial')
    """
    return "join a trial" if name == "join_trial" else name.replace("_", " ")


def weeks_of(count: float, span: str) -> float:
    """A span in weeks.

    >>> weeks_of(30, "day"), weeks_of(2, "year")
    (4.285714285714286, 104.28)
    """
    if span in ("day", "week"):
        return count / 7 if span == "day" else count
    return round(count * {"month": WEEKS_PER_MONTH, "year": WEEKS_PER_YEAR}[span], 9)


def whole_days(week: float) -> float:
    """The same week, without the rounding error of a whole number of days."""
    near = round(week * 7) / 7
    return near if abs(near - week) < 1e-9 else week


def number(value: float) -> str:
    """A number that reads back as it is.

    >>> number(1e6), number(5e5), number(0.25), number(104.28), number(2000), number(1 / 3)
    ('1e6', '5e5', '0.25', '104.28', '2000', '0.3333333333333333')
    """
    exact = Decimal(repr(float(value))).normalize()
    return f"{exact:f}" if 1e-6 < abs(value) < 1e5 or value == 0 else str(exact).lower().replace("e+", "e")


def percent(share: float) -> str:
    """A share in percent that reads back as it is."""
    return f"{(Decimal(repr(float(share))) * 100).normalize():f}"


def span(weeks: float) -> tuple[str, str]:
    """A span as a number and its unit: weeks, or days where only they are short."""
    days = weeks * 7
    if len(number(weeks)) > 7 and round(days) / 7 == weeks:
        return number(round(days)), "day"
    return number(weeks), "week"


def length(weeks: float) -> str:
    """A span in words.

    >>> length(4), length(1), length(30 / 7)
    ('4 weeks', '1 week', '30 days')
    """
    count, unit = span(weeks)
    return f"{count} {unit}{'' if count == '1' else 's'}"


def moment(week: float) -> str:
    """A point in time.

    >>> moment(12), moment(-4), moment(0)
    ('week 12', '4 weeks ago', 'now')
    """
    return "now" if week == 0 else f"{length(-week)} ago" if week < 0 else " ".join(reversed(span(week)))


def moments(weeks: Sequence[float]) -> str:
    """Several points in time.

    >>> moments([0, 12, 24]), moments([-4, 0])
    ('at weeks 0, 12 and 24', 'at 4 weeks ago and week 0')
    """
    if len(weeks) > 1 and weeks[0] >= 0 and all(span(week)[1] == "week" for week in weeks):
        said = [f"weeks {number(weeks[0])}", *(number(week) for week in weeks[1:])]
    else:
        said = [moment(week) if week else "week 0" for week in weeks]
    return "at " + " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def course(weeks: Sequence[float]) -> str:
    """Sessions in words, the shortest way.

    >>> course([0, 4, 8]), course([2, 2 + 30 / 7, 2 + 60 / 7]), course([0, 12])
    ('3 sessions every 4 weeks', '3 sessions every 30 days from week 2', 'at weeks 0 and 12')
    """
    if len(weeks) > 1:
        every = whole_days(weeks[1] - weeks[0])
        count, _ = span(every)
        short = len(weeks) > 2 or any(span(week)[1] == "day" for week in weeks)
        if short and len(count) < 8 and equal_steps(weeks[0], every, len(weeks)) == tuple(weeks):
            return f"{len(weeks)} sessions every {length(every).removeprefix('1 ')}{beginning(weeks[0])}"
    return moments(weeks)


def equal_steps(begin: float, every: float, count: int) -> tuple[float, ...]:
    """Sessions at equal distances."""
    return tuple(whole_days(begin + i * every) for i in range(count))


def beginning(week: float) -> str:
    """From when: nothing for today.

    >>> beginning(12), beginning(-52), beginning(0)
    (' from week 12', ' since 52 weeks', '')
    """
    return f" from {moment(week)}" if week > 0 else f" since {length(-week)}" if week < 0 else ""
