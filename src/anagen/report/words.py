"""Numbers, people and options in words: one way to write a median, its range, a gain, chances and a person, for every door."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from anagen.chances import Chances, Kind
from anagen.compare import Comparison, Option, Published
from anagen.forecast import Band
from anagen.ground.rows import Row, medians, priors
from anagen.ground.tables import table
from anagen.people.person import Measured, Person, Taken
from anagen.scalp.regions import regions
from anagen.synthesis import plain
from anagen.treatments import treatment

if TYPE_CHECKING:
    from anagen.grounds import Grounds, Part

SHARED = "It shares unknowns with others, so what was found of them shapes its numbers too"
"""What the results of other treatments have to do with one."""
TOO_HIGH = "too high"
"""What is said beside a number that is known to be so: moved hair takes months to grow."""
THICK = f"wider than {medians('reading')['terminal_um']:g} μm"
OUTPUTS = {"visible": "hairs per cm²", "terminal": f"thick hairs per cm² ({THICK})", "calibre": "mean width of a hair, μm"}
"""What each output is called."""
UNITS = {
    "ratio": "",
    "power": "",
    "power of dose": "",
    "difference of strength": "",
    "multiplier": "times",
    "multiplier of the stay": "times",
    "multiplier of the stay at strength 1": "times",
    "per week at strength 1": "a week",
    "percent": "%",
    "percent per mg": "% per mg",
    "sd of the logit of shrink": "",
    "sd of the log of strength": "",
}
"""Units of rows that say more to a modeller than to a reader."""


def several(count: int, thing: str) -> str:
    """So many of a thing.

    >>> several(1, "syringe"), several(5, "syringe")
    ('1 syringe', '5 syringes')
    """
    return f"{count:,} {thing}{'s' * (count != 1)}"


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


def taking(answer: Comparison) -> bool:
    """Whether the person takes something today."""
    return answer.base is not answer.nothing


def against(answer: Comparison) -> str:
    """What every option is read against: nothing; for a person who takes something, going on with it."""
    return "if you go on as now" if taking(answer) else untreated(answer)


def untreated(answer: Comparison) -> str:
    """What comes of doing nothing; for a person who takes something, of stopping it."""
    return "if you stop" if taking(answer) else "with nothing"


def rule(answer: Comparison, mark: str) -> str:
    """How to read a gain with its range, which a door shows as a `mark` (bar or range): what crosses 0, and what does not."""
    helps = "gives more hair than to go on as now" if taking(answer) else "helps"
    return (
        f"If a {mark} touches or crosses 0, we can not tell if the option {helps}. If all of it lies above 0, our model says that it does. "
        "How sure is that? The last column tells. “Very low” or “not known” means that no good trial stands behind it. "
        "It may not help at all."
    )


def counted(answer: Comparison) -> float | None:
    """How many hairs per cm2 were counted in the region that the answer is about; None if nobody did."""
    return next((one.density_per_cm2 for one in answer.person.measured if one.region == answer.main_region), None)


def count_and_now(answer: Comparison) -> str:
    """Why the count and today's forecast are not one number, where there is a count; else nothing."""
    count = counted(answer)
    if count is None:
        return ""
    now = answer.nothing.band("visible", answer.main_region, (0,))
    return (
        f"{number(count)} were counted. No count is exact: some hairs are missed, and the next cm² has more or fewer. "
        f"With your stage and age, most likely there are about {middle(now, 0)} ({within(now, 0)}); all forecasts start there."
    )


def people(found: Chances) -> str:
    """Chances as whole people, with their ranges.

    >>> people(Chances(100, 6, 94, 0, 13, 104, 0.15, {"gain": (1, 21), "loss": (0, 1), "fewer": (2, 40)}))
    '6 (1 to 21) with a visible gain, 94 with neither, 0 (0 to 1) with a visible loss'
    """
    return f"{count(found, 'gain')} with a visible gain, {found.neither} with neither, {count(found, 'loss')} with a visible loss"


def count(found: Chances, kind: Kind) -> str:
    """How many people of one kind, with the range where there is one."""
    return f"{getattr(found, kind)}" + (f" ({of_people(found, kind)})" if of_people(found, kind) else "")


def fewer(found: Chances) -> str:
    """How many have fewer hairs than today, in a sentence."""
    return f"{count(found, 'fewer')} have fewer hairs than today."


def of_people(found: Chances, kind: Kind) -> str:
    """The range of a count of people; nothing where too few draws fit a person.

    >>> of_people(Chances(100, 6, 94, 0, 13, 104, 0.15, {"gain": (1, 21)}), "gain")
    '1 to 21'
    """
    return "{} to {}".format(*found.ranges[kind]) if kind in found.ranges else ""


@cache
def what_each_is() -> dict[str, str]:
    """What each treatment is, in plain words, by its name: `data/what_it_is.csv`.

    >>> what_each_is()["exosomes"]
    'Very small bubbles that cells give off, with no live cells among them. They are put into the scalp.'
    """
    return dict(table("what_it_is.csv", lambda cells: (cells["option"], cells["what"])))


def what_it_is(option: Option) -> tuple[str, ...]:
    """What each treatment of an option is, in plain words."""
    return tuple(what_each_is()[name] for name in dict.fromkeys(option.plan.names or ("nothing",)))


def limits(option: Option) -> tuple[str, ...]:
    """Where an option leaves the evidence, without its own name before each sentence."""
    own = f"{option.plan.steps[0].treatment.title}: " if len(option.plan.steps) == 1 else "\0"
    return tuple(capital(sentence.removeprefix(own)) for sentence in option.beyond)


def behind(found: Grounds | Part) -> str:
    """How many trials and people stand behind some grounds or a part of them."""
    if not found.trials:
        return "no trial of it was read for the fit" if found.calibrated else "it was not fitted to trials"
    trials = f"{found.trials} trial{'' if found.trials == 1 else 's'}"
    if not found.people:
        return f"{trials}, whose number of people was not read"
    more = f", and {found.unread} more trial{'' if found.unread == 1 else 's'} whose number of people was not read" if found.unread else ""
    known = found.trials - found.unread
    return f"{known} trial{'' if known == 1 else 's'} with {found.people:,} people{more}"


def stands(option: Option) -> str:
    """How many trials and people stand behind an option; what it adds and what is taken already apart, and never counted together."""
    found, new, beside = option.known().grounds, option.change.new, option.change.beside
    if not beside.steps:
        return f"{behind(found)}{_held(found)}{only(found)}"
    told = {"what is added": found.of(new.names), "what you take now": found.of(beside.names)}
    return "; ".join(f"{what}: {behind(part)}{_held(part)}{only(part).replace('; ', ', ')}" for what, part in told.items())


def _held(found: Grounds) -> str:
    """On how many trials the certainty of one treatment hangs, where they are fewer than those that the fit read."""
    sure = found.certainty
    if len(found.planned) != 1 or not 0 < sure.studies < found.trials:
        return ""
    return f" (how sure we are hangs on {sure.studies} trial{'' if sure.studies == 1 else 's'} with {sure.people:,} people)"


def only(found: Grounds | Part) -> str:
    """Whom the trials had, where that was one sex: "; men only"."""
    return f"; {found.who}" if found.who.endswith("only") else ""


def kin(part: Part) -> str:
    """The results of others that share unknowns with a treatment, by what was given: how many, of how many trials."""
    found = part.kin_by_treatment
    told = []
    for name, entries in found.items():
        trials = len({one.trial for one in entries})
        results, of = f"{len(entries)} result{'' if len(entries) == 1 else 's'}", f"{trials} trial{'' if trials == 1 else 's'}"
        told.append(f"{plain(treatment(name))} ({results} of {of})")
    return ", ".join(told)


def origin(row: Row) -> str:
    """Where what is believed of a row comes from: its source, or for what was fitted, what was taken before the fit."""
    if row.mark != "calibrated":
        return row.source
    before = next((one for one in priors() if (one.of, one.name) == (row.of, row.name)), None)
    return row.source if before is None else f"before the fit {believed(before)}"


def believed(row: Row) -> str:
    """What is believed of a row: its middle and central 95 %, shares and chances in percent.

    >>> from anagen.ground.rows import rows
    >>> believed(rows("man")["shrink"]), believed(rows("five_ari")["on_weeks"])
    ('40 % (30 to 56 %)', '8 weeks (4 to 16)')
    """
    share = row.unit.startswith(("share", "chance"))
    unit = row.unit.partition(" of ")[0].partition(" per ")[0] if share else row.unit
    unit = "%" if share else UNITS.get(unit, unit.replace("um", "μm").replace("cm2", "cm²"))
    middle, low, high = (f"{value * (100 if share else 1):.3g}" for value in (row.value, row.low, row.high))
    if row.spread == "fixed" or low == high:
        return f"{middle} {unit}".strip()
    ends = f"({low} to {high}{' %' if share else ''})".replace("-", "−")
    return " ".join(filter(None, [middle.replace("-", "−"), unit, ends]))


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
