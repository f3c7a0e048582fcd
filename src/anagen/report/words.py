"""Numbers and people in words: one way to write a median, its range, a gain and a person, for every door."""

from __future__ import annotations

from anagen.compare import Band, Comparison, Published
from anagen.people.person import Person


def number(value: float, signed: bool = False) -> str:
    """A whole number with a true minus sign; `signed` puts a plus before a gain.

    >>> number(-12.4), number(3.6, signed=True), number(-0.2, signed=True)
    ('−12', '+4', '0')
    """
    whole = round(value)
    sign = "−" if whole < 0 else "+" if signed and whole > 0 else ""
    return f"{sign}{abs(whole)}"


def middle(band: Band, week: int, signed: bool = False) -> str:
    """The median of a band at one week."""
    return number(band.median[week], signed)


def within(band: Band, week: int, signed: bool = False, share: float = 0.95) -> str:
    """The central range of a band at one week: "152 to 216"."""
    return f"{number(band.low[share][week], signed)} to {number(band.high[share][week], signed)}"


def source_range(one: Published) -> str:
    """The range that the source of a published result gives, or that it gives none."""
    if one.per_cm2_range is None:
        return "no range given"
    return " to ".join(number(end, signed=True) for end in one.per_cm2_range)


def compared(one: Published, answer: Comparison) -> str:
    """What a published result compares: the arm, against what."""
    titles = {option.treatment.name: option.treatment.title for option in answer.options}
    return f"{titles[one.arm]}, against {'the start' if one.against is None else titles[one.against]}"


def about(person: Person) -> str:
    """Who the answer is for, in one line.

    >>> from anagen.people.person import Measured
    >>> about(Person(sex="male", age_years=33, condition="male pattern hair loss", scale="norwood", stage="3v",
    ...              measured=(Measured(region="vertex", density_per_cm2=171.8),)))
    'man, 33 years, male pattern hair loss, Norwood stage 3v, 172 hairs/cm² counted at the vertex'
    """
    what = f"man, {person.age_years:g} years, {person.condition}, Norwood stage {person.stage}"
    return f"{what}, {number(person.vertex_density_per_cm2)} hairs/cm² counted at the vertex"
