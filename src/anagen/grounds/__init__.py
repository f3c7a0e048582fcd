"""Where a number comes from: the trials, the assumptions and the methods behind a forecast, and how sure all of that is.

- `ledger`: what the calibration read, entry by entry;
- `unknowns`: which rows of a belief a treatment and the untreated course read, and what each is called in plain words;
- `cite`: the same as BibTeX.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files

from anagen.belief import Belief
from anagen.evidence.certainty import LEVELS, Certainty, Reason, rules
from anagen.evidence.rows import Parameter, Study
from anagen.evidence.tables import evidence_hash
from anagen.ground.rows import Row
from anagen.grounds.ledger import Entry, entries, people_of, who
from anagen.grounds.unknowns import of_course, of_treatment, said
from anagen.people.person import Person
from anagen.plan import Plan
from anagen.suitability import NEITHER, tried_together
from anagen.synthesis import certainty
from anagen.treatments import TREATMENTS, Transplant, Treatment, treatment
from anagen.treatments.sessions import Sessions

CALIBRATED = "calibrated"


@dataclass(frozen=True)
class Structure:
    """One thing that the model takes to be so, in words; the keys of its `methods` in `data/methods.bib`, and its source."""

    of: str
    said: str
    methods: tuple[str, ...]
    source: str


@cache
def structures() -> tuple[Structure, ...]:
    """Every row of `data/structure.csv`.

    >>> structures()[1].methods
    ('whiting_2001',)
    """
    text = (files("anagen") / "data" / "structure.csv").read_text(encoding="utf-8")
    return tuple(
        Structure(line["of"], line["said"], tuple(filter(None, line["methods"].split(";"))), line["source"])
        for line in csv.DictReader(io.StringIO(text))
    )


@dataclass(frozen=True)
class Part:
    """What one treatment, or the untreated course (`nothing`), stands on.

    `entries`: what the calibration read of it; `kin`: of others that share its unknowns; `rows`: those unknowns, with the range
    that is believed; `structure`: what is taken to be so; `certainty`: how sure the evidence is; `basis`: it in one sentence;
    `calibrated`: as in `Grounds`.
    """

    name: str
    title: str
    basis: str
    certainty: Certainty
    entries: tuple[Entry, ...]
    kin: tuple[Entry, ...]
    rows: tuple[Row, ...]
    structure: tuple[Structure, ...]
    calibrated: bool

    @property
    def trials(self) -> int:
        """How many trials the entries come from."""
        return len({one.trial for one in self.entries})

    @property
    def people(self) -> int:
        """How many people those trials counted, each once, where that was read."""
        return people_of(self.entries)[0]

    @property
    def unread(self) -> int:
        """In how many of those trials the number of people was not read."""
        return people_of(self.entries)[1]

    @property
    def who(self) -> str:
        """Whom those trials had."""
        return who(self.entries)

    @property
    def kin_by_treatment(self) -> dict[str, tuple[Entry, ...]]:
        """The entries of others, by what was given."""
        found: dict[str, tuple[Entry, ...]] = {}
        for one in self.kin:
            shared = [name for name in one.treatments if _subject(name) == _subject(self.name)] or [one.treatments[0]]
            found[shared[0]] = (*found.get(shared[0], ()), one)
        return found


@dataclass(frozen=True)
class Grounds:
    """All that a forecast stands on: a part for each treatment, planned or stopped, and the untreated course.

    `calibrated`: whether the belief was fitted to the trials that ship; where it was not, no entry stands behind it, and
    `why_not` says so. `planned`: the names of what is planned. `structure`: what holds for all of it.
    """

    label: str
    calibrated: bool
    why_not: str
    planned: tuple[str, ...]
    parts: tuple[Part, ...]
    untreated: Part
    structure: tuple[Structure, ...]

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Every part, the untreated course last."""
        return (*self.parts, self.untreated)

    @property
    def certainty(self) -> Certainty:
        """How sure the evidence is for the whole plan: that of its treatment; of several, the least sure, and less if never together.

        A plan of nothing has the certainty of the untreated course.
        """
        own = [part for part in self.parts if part.name in self.planned]
        if not own:
            return self.untreated.certainty
        if len(own) == 1:
            return own[0].certainty
        worst = min(own, key=lambda part: _rank(part.certainty))
        reasons = [Reason("start", 0, f"Of what is combined, this is the least sure: {worst.title}.")]
        level = worst.certainty.level
        if not tried_together(frozenset(self.planned)):
            down = int(rules()["together_down"])
            reasons.append(Reason("indirectness", down, "No trial of these together was read."))
            level = level if level == "not known" else LEVELS[max(LEVELS.index(level) - down, 0)]
        found = worst.certainty
        return Certainty(level, found.start, (*reasons, *found.reasons), found.studies, found.people)

    @property
    def because(self) -> tuple[str, ...]:
        """Why the evidence is not surer, or what there is; of several treatments, first which one is the least sure."""
        found = self.certainty
        several = (found.reasons[0].why,) if sum(part.name in self.planned for part in self.parts) > 1 else ()
        return several + (found.because or (found.reasons[0].why,))

    def of(self, names: Iterable[str]) -> Grounds:
        """The same for some of what is planned alone: its trials, people and certainty."""
        wanted = set(names)
        return replace(self, planned=tuple(name for name in self.planned if name in wanted))

    @property
    def trials(self) -> int:
        """How many trials stand behind what is planned (of nothing: behind the untreated course)."""
        return len({one.trial for one in self._own})

    @property
    def people(self) -> int:
        """How many people they counted, each once, where that was read."""
        return people_of(self._own)[0]

    @property
    def unread(self) -> int:
        """In how many of those trials the number of people was not read."""
        return people_of(self._own)[1]

    @property
    def who(self) -> str:
        """Whom those trials had."""
        return who(self._own)

    @property
    def _own(self) -> tuple[Entry, ...]:
        own = [part for part in self.parts if part.name in self.planned] or [self.untreated]
        return tuple(one for part in own for one in part.entries)

    @cached_property
    def studies(self) -> tuple[Study, ...]:
        """Every study behind it: of the entries, and of the evidence rows that assumptions and bases name; by id."""
        from anagen.grounds.cite import studies_of

        return studies_of(self)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every row of the parameter table that an assumption names as its source."""
        from anagen.grounds.cite import parameters_of

        return parameters_of(self)

    @property
    def methods(self) -> tuple[str, ...]:
        """The keys of the methods that it used, in `data/methods.bib`."""
        every = (*self.structure, *(one for part in self.all_parts for one in part.structure))
        return tuple(sorted({key for one in every for key in one.methods}))

    def bibtex(self) -> str:
        """Studies, sources of assumptions and methods as BibTeX."""
        from anagen.grounds.cite import bibtex

        return bibtex([self])


def grounds_of(person: Person, plan: Plan, before: Plan, belief: Belief) -> Grounds:
    """What the forecast of a plan stands on. before: what the person took until today, which shapes the start.

    >>> me = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    >>> found = grounds_of(me, Plan.parse("finasteride"), Plan(), Belief.prior(n=2))
    >>> found.certainty.level, [part.name for part in found.parts], "whiting_2001" in found.methods
    ('moderate', ['finasteride'], True)
    """
    why_not = _why_not(belief)
    kinds = {step.treatment.name: step.treatment for step in (*before.steps, *plan.steps) if step.name not in NEITHER}
    planned = tuple(name for name in plan.names if name not in NEITHER)
    used = () if why_not else entries()
    general = ["nothing", *(["female"] if person.sex == "female" else []), *([] if why_not else [CALIBRATED])]
    general += ["treatment"] if kinds else []
    general += ["together"] if len({kind.subject for kind in kinds.values()}) > 1 else []
    return Grounds(
        label=belief.label,
        calibrated=not why_not,
        why_not=why_not,
        planned=planned,
        parts=tuple(_part(kind, person, belief, used) for kind in kinds.values()),
        untreated=_untreated(person, belief, used),
        structure=_taken(general),
    )


def _why_not(belief: Belief) -> str:
    """Why the entries of the ledger do not stand behind a belief; empty where they do."""
    if not any(row.mark == CALIBRATED for row in belief.rows):
        return "These numbers were not fitted to trials: they come from the stated starting values below."
    if belief.evidence_hash != evidence_hash():
        return "This belief was fitted to other evidence than ships here, so the results that it read are not listed."
    return ""


def _part(kind: Treatment, person: Person, belief: Belief, used: tuple[Entry, ...]) -> Part:
    own = tuple(one for one in used if kind.name in (*one.treatments, *one.control_treatments))
    alike = {name for name in TREATMENTS if _subject(name) == kind.subject} - {kind.name}
    kin = tuple(one for one in used if one not in own and alike & {*one.treatments, *one.control_treatments})
    shape = ["transplant"] if isinstance(kind, Transplant) else ["sessions" if isinstance(kind, Sessions) else "use"]
    return Part(
        name=kind.name,
        title=kind.title,
        basis=kind.basis,
        certainty=certainty(kind.name, person.sex),
        entries=_in_order(own),
        kin=() if isinstance(kind, Transplant) else kin,
        rows=of_treatment(kind, belief),
        structure=_taken([kind.subject, *(shape if shape != [kind.subject] else [])]),
        calibrated=bool(used),
    )


def _untreated(person: Person, belief: Belief, used: tuple[Entry, ...]) -> Part:
    nothing = treatment("nothing")
    return Part(
        name="nothing",
        title="the course without treatment",
        basis=nothing.basis,
        certainty=certainty("nothing", person.sex),
        entries=_in_order(one for one in used if not one.treatments),
        kin=(),
        rows=of_course(person, belief),
        structure=(),
        calibrated=bool(used),
    )


def _in_order(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Trial by trial, as they first come; within one, numbers before words, and by week."""
    kept = tuple(found)
    first = {one.trial: place for place, one in reversed(list(enumerate(kept)))}
    return tuple(sorted(kept, key=lambda one: (first[one.trial], bool(one.said), one.week)))


def _subject(name: str) -> str:
    return TREATMENTS[name].subject


def _rank(found: Certainty) -> int:
    return -1 if found.level == "not known" else LEVELS.index(found.level)


def _taken(of: Iterable[str]) -> tuple[Structure, ...]:
    wanted = set(of)
    return tuple(one for one in structures() if one.of in wanted)


__all__ = ["Entry", "Grounds", "Part", "Structure", "grounds_of", "said", "structures"]
