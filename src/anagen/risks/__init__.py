"""What may go wrong: each harm of a plan at each step, out of 1,000, with its range; serious reports; and the chance of at least one.

- `counts`: each harm at each step: harvest, surgery, injection, product, drug; own trials first, then what must stand in;
- `any_harm`: the chance of at least one of six harms over the whole plan, with its sessions;
- `tables`: the facts and rules in `data/serious_harms.csv` and `data/harms/`.

What no trial counted is not known, and never zero. None of n leaves every chance up to 1 - 0.025^(1/n) open: the upper end of the
same two-sided 95 % range as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.risks.any_harm import Item, Spread, Total, items_of, once, total
from anagen.risks.counts import Event, Looked, Unused, looked, ordered, others, own, unused
from anagen.risks.tables import PARTS, STEPS, LongTerm, Serious, long_term, report_groups, rules, serious_of, sources
from anagen.suitability import NEITHER, fits, refuse
from anagen.synthesis import plain
from anagen.treatments import TREATMENTS, Treatment, treatment

if TYPE_CHECKING:
    from anagen.evidence import Evidence
    from anagen.people.person import Person
    from anagen.plan import Plan, Step


@dataclass(frozen=True)
class OptionRisks:
    """The harms of one option. `times`: how often each of its steps is done; `said`: what to know of these counts.

    `events` by step, `unknown_steps`: those for which no count was read, with what is said of them; `not_counted`: rows without a
    rate; `counted`: whether any harm of this option itself was counted.
    """

    name: str
    title: str
    dose: float | None
    times: dict[str, int]
    events: tuple[Event, ...]
    unknown_steps: tuple[tuple[str, str], ...]
    serious: tuple[Serious, ...]
    looked: Looked
    long_term: LongTerm
    not_counted: tuple[Unused, ...]
    said: tuple[str, ...]

    @property
    def counted(self) -> bool:
        """Whether any harm of the option itself was counted."""
        return any(one.whose == "own" for one in self.events)

    @property
    def often(self) -> tuple[Event, ...]:
        """The harms that came to at least so many of 1,000 as the rule `often` says, the likeliest first."""
        return self._seen(lambda size: size >= rules()["often"].value / 1000)

    @property
    def seldom(self) -> tuple[Event, ...]:
        """The harms that came to fewer, the likeliest first."""
        return self._seen(lambda size: size < rules()["often"].value / 1000)

    @property
    def unseen(self) -> tuple[Event, ...]:
        """The harms that were looked for and that nobody had: only the upper end of each chance is known. Lowest upper end last."""
        return tuple(sorted((one for one in self.events if one.chance is None), key=lambda one: (-one.high, one.event)))

    @property
    def who(self) -> tuple[tuple[str, int], ...]:
        """Who was counted for this option itself: the most people of each kind that one of its harms was counted in."""
        found: dict[str, int] = {}
        for event in self.events:
            if event.whose == "own" and event.unit == "persons":
                for who, people in event.who:
                    found[who] = max(found.get(who, 0), people)
        return tuple(found.items())

    def _seen(self, wanted: Callable[[float], bool]) -> tuple[Event, ...]:
        found = [one for one in self.events if one.chance is not None and wanted(one.size)]
        return tuple(sorted(found, key=lambda one: (-one.size, one.event)))

    @property
    def reports(self) -> dict[str, tuple[Serious, ...]]:
        """The serious reports by what they are of (the names of `tables.report_groups`), without a group that has none."""
        groups = {group: tuple(one for one in self.serious if one.group(self.name) == group) for group in report_groups()}
        return {group: found for group, found in groups.items() if found}

    def holds(self, event: Event) -> bool:
        """Whether a harm holds others of its step here: a whole, no smaller than any of them, and in none of its trials smaller."""
        parts = self._parts(event)
        return event.word.kind == "whole" and bool(parts) and event.size >= max(one.size for one in parts) and not self.apart_in(event)

    def apart_in(self, event: Event) -> tuple[str, ...]:
        """The trials in which a harm called a whole came to fewer than another: it was counted beside that one, not over it."""
        if event.word.kind != "whole":
            return ()
        whole = {study: had / of for study, had, of in event.counts}
        larger = {study for one in self._parts(event) for study, had, of in one.counts if had / of > whole.get(study, 1.0)}
        return tuple(study for study in whole if study in larger)

    def _parts(self, event: Event) -> list[Event]:
        return [one for one in self.events if one.step == event.step and one.unit == event.unit and one.word.kind != "whole"]


@dataclass(frozen=True)
class Risks:
    """The harms of a plan: each of its `options`, and the `total` chance of at least one of six harms (None: nothing was counted).

    missing: the (option, step, part) that no trial counted; apart: those whose trials lie too far apart for one number. Neither is
    in the total.
    """

    plan: Plan
    person: Person | None
    options: tuple[OptionRisks, ...]
    total: Total | None
    missing: tuple[tuple[str, str, str], ...]
    apart: tuple[Item, ...]

    @property
    def likelier(self) -> tuple[Event, ...]:
        """The harms that are not in the total and came to more than it, the likeliest first; without a total, all that anyone had."""
        least = self.total.chance.middle if self.total else 0.0
        used = [(item.event.step, item.event.rows) for item in self.total.items] if self.total else []
        found = [one for option in self.options for one in option.events if one.word.kind != "stop" and (one.step, one.rows) not in used]
        named = {one.event: one for one in sorted(found, key=lambda one: one.size) if one.size > least}
        return tuple(sorted(named.values(), key=lambda one: (-one.size, one.event)))


def risks(
    plan: Plan | str, person: Person | None = None, *, draws: int | None = None, seed: int = 0, evidence: Evidence | None = None
) -> Risks:
    """What may go wrong with a plan (an object or a sentence). draws, seed: of the total.

    Raises `BadInput` for a plan that is none, `Refused` for a person whom no number would serve.

    >>> found = risks("svf")
    >>> [option.name for option in found.options], found.options[0].times["harvest"]
    (['svf'], 1)
    >>> found.total.least <= found.total.chance.middle <= found.total.most
    True
    >>> none = next(one for one in found.options[0].events if one.whose == "own")
    >>> none.events, none.people, round(none.high, 3), round(1 - 0.025 ** (1 / none.people), 3)
    (0, 38, 0.093, 0.093)
    """
    from anagen.evidence import Evidence
    from anagen.plan import Plan

    base = evidence or Evidence.shipped()
    told = plan if isinstance(plan, Plan) else Plan.parse(plan)
    if person is not None:
        refuse(person)
    kinds = _kinds(told)
    options = tuple(_option(steps, person, base) for steps in kinds.values())
    weeks = {name: frozenset(week for step in steps for week in step.use.session_weeks) for name, steps in kinds.items()}
    items: list[Item] = []
    missing: list[tuple[str, str, str]] = []
    for option in options:
        kept, left = items_of(option.name, option.events, option.times)
        items += kept
        missing += left
    one_number = [item for item in items if not item.event.scattered]
    apart = tuple(item for item in items if item.event.scattered)
    return Risks(told, person, options, total(once(one_number, weeks), missing, draws, seed), tuple(missing), apart)


def harms_of(plan: Plan, person: Person | None = None) -> tuple[OptionRisks, ...]:
    """The harms of each option of a plan, without the total; as `risks`, for a person who may have numbers.

    >>> from anagen.plan import Plan
    >>> [one.name for one in harms_of(Plan.parse("finasteride; prp"))], harms_of(Plan())
    (['finasteride', 'prp'], ())
    """
    from anagen.evidence import Evidence

    return tuple(_option(steps, person, Evidence.shipped()) for steps in _kinds(plan).values())


def _kinds(plan: Plan) -> dict[str, list[Step]]:
    """The steps of a plan by treatment, those that are no treatment left out."""
    kinds: dict[str, list[Step]] = {}
    for step in plan.steps:
        if step.name not in NEITHER:
            kinds.setdefault(step.name, []).append(step)
    return kinds


def risks_of_options(
    names: Iterable[str] | None = None,
    person: Person | None = None,
    *,
    draws: int | None = None,
    seed: int = 0,
    evidence: Evidence | None = None,
) -> tuple[Risks, ...]:
    """Each option by its name, at its usual course; of None, every one (of those that fit the person).

    Raises `UnknownName` for a name that we do not have.

    >>> [found.options[0].name for found in risks_of_options(["minoxidil", "prp"])]
    ['minoxidil_topical', 'prp']
    """
    from anagen.plan import Plan, Step

    if names is None:
        wanted = [name for name in TREATMENTS if name not in NEITHER and (person is None or fits(person, name))]
    else:
        wanted = [treatment(name).name for name in names]
    return tuple(risks(Plan((Step(treatment(name)),)), person, draws=draws, seed=seed, evidence=evidence) for name in dict.fromkeys(wanted))


def _option(uses: list[Step], person: Person | None, evidence: Evidence) -> OptionRisks:
    kind = uses[0].treatment
    doses = {one.treatment.dose for one in uses}
    dose = kind.dose if kind.evidence_class == "drug" and len(doses) == 1 else None
    sessions = sum(len(one.use.session_weeks) for one in uses)
    mine, at_dose = own(kind, dose, evidence)
    events = ordered((*mine, *others(kind, evidence)))
    known = [one for one in sources() if one.option == kind.name]
    each = {one.step: one.each for one in known}
    times = {step: sessions if each[step] == "session" else 1 for step in STEPS if step in each}
    told = {one.step for one in events}
    blank = {one.step: one.says for one in known if not one.of}
    steps = tuple((step, blank.get(step, "")) for step in times if step not in told and not (step == "product" and mine))
    return OptionRisks(
        name=kind.name,
        title=plain(kind) if dose is None else kind.title,
        dose=dose,
        times=times,
        events=events,
        unknown_steps=steps,
        serious=serious_of(kind.name),
        looked=looked(kind, evidence, _fact(kind)),
        long_term=long_term()[kind.name],
        not_counted=unused(kind, evidence),
        said=tuple(_said(kind, events, at_dose, person)),
    )


def _fact(kind: Treatment) -> str:
    if kind.name not in ("svf", "adsc"):
        return ""
    silent, of = (int(rules()[name].value) for name in ("reviewed_silent", "reviewed_studies"))
    return f"In a review, {silent} of {of} studies of cells from fat did not say how they looked for harm (toyserkani_2017)."


def _doses_said(events: list[Event]) -> list[str]:
    return list(dict.fromkeys(text.replace("%", " %") for one in events for text in one.doses))


def _said(kind: Treatment, events: tuple[Event, ...], at_dose: bool, person: Person | None) -> Iterable[str]:
    """What to know of the counts of an option."""
    own_events = [one for one in events if one.whose == "own"]
    if not own_events:
        yield "No harm of this option was counted in a trial that was read. That is not zero: it is not known."
    if not at_dose and own_events:
        yield "No count at your dose was read: these are of other doses."
    mixed = [one for one in own_events if one.doses]
    if mixed:
        none = "" if any(one.excess for one in mixed) else ", with no placebo beside"
        yield f"Some of it was counted at several doses together{none}: of {'; of '.join(_doses_said(mixed))}."
    if person is not None and own_events:
        sex = {"male": "men", "female": "women"}[person.sex]
        other = {"male": "women", "female": "men"}[person.sex]
        if all(who == other for one in own_events for who, _ in one.who):
            yield f"Only {other} were counted. In {sex}, these chances are not known."
    if any(one.step == "harvest" for one in events):
        yield "What is said of taking tissue was counted in other procedures and other patients."
    if kind.evidence_class == "drug" and not any(one.excess for one in own_events) and own_events:
        yield "No trial that counted these had a placebo beside: some of it would have come without the drug."


__all__ = [
    "PARTS",
    "Event",
    "Item",
    "LongTerm",
    "Looked",
    "OptionRisks",
    "Risks",
    "Serious",
    "Spread",
    "Total",
    "Unused",
    "harms_of",
    "risks",
    "risks_of_options",
]
