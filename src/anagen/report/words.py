"""Numbers, people and options in words: one way to write a median, its range, a gain, chances and a person, for every door."""

from __future__ import annotations

from anagen.compare import Comparison, Option, Published
from anagen.forecast import Band, Chances
from anagen.ground.rows import medians
from anagen.people.person import Measured, Person, Taken
from anagen.scalp.regions import regions

THICK = f"wider than {medians('reading')['terminal_um']:g} μm"
OUTPUTS = {"visible": "hairs per cm²", "terminal": f"thick hairs per cm² ({THICK})", "calibre": "mean width of a hair, μm"}
"""What each output is called."""


def number(value: float, signed: bool = False) -> str:
    """A whole number with a true minus sign; `signed` puts a plus before a gain.

    >>> number(-12.4), number(3.6, signed=True), number(-0.2, signed=True)
    ('−12', '+4', '0')
    """
    whole = round(value)
    sign = "−" if whole < 0 else "+" if signed and whole > 0 else ""
    return f"{sign}{abs(whole)}"


def middle(band: Band, at: int, signed: bool = False) -> str:
    """The median of a band at one of its places."""
    return number(band.median[at], signed)


def within(band: Band, at: int, signed: bool = False, share: float = 0.95) -> str:
    """The central range of a band at one of its places: "152 to 216"."""
    return f"{number(band.low[share][at], signed)} to {number(band.high[share][at], signed)}"


def source_range(one: Published) -> str:
    """The range that the source of a published result gives, or that it gives none."""
    if one.per_cm2_range is None:
        return "no range given"
    return " to ".join(number(end, signed=True) for end in one.per_cm2_range)


def compared(one: Published) -> str:
    """What a published result compares: the arm, against what."""
    return f"{one.arm}, against {one.against or 'the start'}"


def against(answer: Comparison) -> str:
    """What every option is read against: nothing; for a person who takes something, stopping it."""
    return "with nothing" if answer.nothing.title == "nothing" else "if you stop"


def counted(answer: Comparison) -> bool:
    """Whether the hairs of the region that the answer is about were counted."""
    return any(one.density_per_cm2 is not None for one in answer.person.measured if one.region == answer.main_region)


def people(found: Chances) -> str:
    """Chances as whole people.

    >>> people(Chances(100, 6, 94, 0, 13, 104, 0.15))
    '6 with a visible gain, 94 with neither, 0 with a visible loss'
    """
    return f"{found.gain} with a visible gain, {found.neither} with neither, {found.loss} with a visible loss"


def limits(option: Option) -> tuple[str, ...]:
    """Where an option leaves the evidence, without its own name before each sentence."""
    own = f"{option.plan.steps[0].treatment.title}: " if len(option.plan.steps) == 1 else "\0"
    return tuple(capital(sentence.removeprefix(own)) for sentence in option.beyond)


def capital(text: str) -> str:
    """The same with a capital first letter.

    >>> capital("crown of 3V")
    'Crown of 3V'
    """
    return f"{text[:1].upper()}{text[1:]}"


def percent(share: float) -> str:
    """A share in percent.

    >>> percent(0.15)
    '15 %'
    """
    return f"{100 * share:g} %"


def about(person: Person) -> str:
    """Who the answer is for, in one line.

    >>> about(Person(sex="male", age_years=33, condition="male pattern hair loss", scale="norwood", stage="3v",
    ...              measured=(Measured(region="vertex", density_per_cm2=171.8),)))
    'man of 33, Norwood-Hamilton 3V, 172 hairs/cm² counted at the crown'
    """
    return "; ".join([", ".join([person.title, *map(_counted, person.measured)]), *map(_taken, person.treatments)])


def _counted(one: Measured) -> str:
    said = {
        "hairs/cm²": one.density_per_cm2,
        "thick hairs/cm²": one.terminal_density_per_cm2,
        "μm mean hair width": one.calibre_um,
    }
    known = [f"{number(value)} {unit}" for unit, value in said.items() if value is not None]
    return f"{' and '.join([', '.join(known[:-1]), known[-1]] if known[:-1] else known)} counted at the {regions()[one.region].title}"


def _taken(one: Taken) -> str:
    def years(count: float) -> str:
        return f"{count:g} year{'' if count == 1 else 's'}"

    return f"{one.what} " + (
        f"from {years(one.since_years)} to {years(one.until_years)} ago" if one.until_years else f"for {years(one.since_years)}"
    )
