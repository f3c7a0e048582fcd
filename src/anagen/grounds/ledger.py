"""What the calibration read: the entries of `data/calibration/facts.csv`, each with its study and one line that a person can read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from anagen.evidence.tables import row
from anagen.synthesis import plain
from anagen.treatments import treatment
from anagen.treatments.sessions import Sessions
from anagen.treatments.vocabulary import meaning

if TYPE_CHECKING:
    from anagen.evidence.rows import Arm, Study
    from anagen.treatments.use import Treatment

COUNTED = {
    "visible": ("all hairs", "hairs/cm²"),
    "nonvellus": ("thicker hairs (not vellus)", "hairs/cm²"),
    "vellus": ("thin hairs (vellus)", "hairs/cm²"),
    "anagen": ("hairs that grow", "hairs/cm²"),
    "telogen": ("hairs that rest", "hairs/cm²"),
    "calibre": ("width of a hair", "μm"),
    "thickness": ("width of all hairs together", "mm/cm²"),
    "weight": ("weight of grown hair", "mg/cm²"),
    "anagen_share": ("share of hairs that grow", "points"),
    "telogen_share": ("share of hairs that rest", "points"),
    "nonvellus_share": ("share of hairs that are not vellus", "points"),
    "anagen_telogen": ("growing to resting hairs", "ratio"),
}
"""What was counted, in words, and the unit of its change."""
_WHO = {"aga_male": "men only", "aga_female": "women only", "aga_mixed": "men and women"}
_Z95 = 1.959964


@dataclass(frozen=True)
class Entry:
    """One fact that the calibration used, from evidence `rows`: of one arm at one visit, against `control` or its own start.

    `value`: in the unit of `output`, or in percent of the start where `kind` is `percent`; None where it was only `said` that
    there was a difference or none. `se`: its standard error as read; None where the model imputes it. `n`, `n_control`: people;
    `n_origin`: `read`, `shared` (the trial's people over its arms) or `assumed`. `treatments`: what the arm had, by name.
    """

    rows: tuple[str, ...]
    trial: str
    study: Study
    arm: Arm
    control: Arm | None
    output: str
    week: float
    kind: str
    value: float | None
    se: float | None
    n: float
    n_control: float
    n_origin: str
    said: str
    treatments: tuple[str, ...]
    control_treatments: tuple[str, ...]
    beside: tuple[Entry, ...] = ()

    @property
    def people(self) -> int | None:
        """People behind it, both arms of a difference, each once; None where it was not read."""
        return None if self.n_origin == "assumed" else _at_most(self.study, self.n + self.n_control)

    @property
    def given(self) -> str:
        """What the arm had."""
        return _given(self.arm, self.treatments)

    @property
    def against(self) -> str:
        """What it was held against."""
        return "its own start" if self.control is None else _given(self.control, self.control_treatments)

    @property
    def counted(self) -> str:
        """What was counted or measured."""
        return COUNTED[self.output][0]

    @property
    def unit(self) -> str:
        """The unit of `value`."""
        return "%" if self.kind == "percent" else COUNTED[self.output][1]

    @property
    def range(self) -> tuple[float, float] | None:
        """The 95 % range of a number whose standard error was read."""
        if self.value is None or self.se is None:
            return None
        return self.value - _Z95 * self.se, self.value + _Z95 * self.se

    @property
    def found(self) -> str:
        """What was found: the number with its 95 % range, or what was said without one; and what the trial's control did beside."""
        ends = self.range
        spread = f" ({signed(ends[0])} to {signed(ends[1])})" if ends else "" if self.said else " (spread not read)"
        where = f"from {self.against}" if self.control is None else f"against {self.against}"
        shown = f"{self.size} {where}, no size given" if self.said else f"{self.size}{spread} {where}"
        return "; ".join([shown, *(f"{other.given}: {other.size}" for other in self.beside)])

    @property
    def size(self) -> str:
        """The number alone, or what was said without one."""
        if self.value is not None and self.said != "z":
            return f"{signed(self.value)} {self.unit}"
        p = row("outcomes", self.rows[-1]).p_value
        return {"significant": "a difference", "not_significant": "no clear difference", "z": f"p = {p}"}[self.said]

    @property
    def reading(self) -> str:
        """The entry in one line: study, what was counted, when, value with spread, risk of bias."""
        people = "people not stated" if self.people is None else f"{self.people} people"
        return (
            f"{self.study.study_id}: {self.given}, {self.counted}, week {self.week:.0f}: {self.found}; {people}; "
            f"risk of bias {self.study.risk_of_bias}"
        )

    @property
    def url(self) -> str:
        """Where its last row was read."""
        return row("outcomes", self.rows[-1]).source_url


def signed(value: float) -> str:
    """A change to three digits, with its sign.

    >>> signed(20.98), signed(-0.96), signed(0)
    ('+21', '−0.96', '0')
    """
    short = float(f"{value:.3g}")
    return f"{short:+g}".replace("-", "−") if short else "0"


@cache
def entries() -> tuple[Entry, ...]:
    """Every fact of the ledger that was used, in its order; levels before treatment and rows left out are not among them.

    >>> next(one for one in entries() if one.study.study_id == "kaufman_1998").reading
    'kaufman_1998: finasteride 1 mg/day, all hairs, week 52: +21 hairs/cm² (spread not read) against placebo; 1553 people; risk of bias low'
    """
    found = tuple(_entry(cells) for cells in ledger() if cells["used"] == "yes" and cells["kind"] != "before")
    return tuple(_beside(one, found) for one in found)


@cache
def ledger() -> tuple[dict[str, str], ...]:
    """The lines of `data/calibration/facts.csv` as they stand, used and left out.

    >>> next(line["why_not"] for line in ledger() if line["rows"] == "o008")
    'not fit for synthesis (duplicate)'
    """
    text = (files("anagen") / "data" / "calibration" / "facts.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def people_of(found: Iterable[Entry]) -> tuple[int, int]:
    """How many people stand behind some entries, each once, and of how many trials that number was not read.

    >>> people_of(one for one in entries() if one.trial == "van_neste_2000")
    (212, 0)
    """
    arms: dict[str, dict[Study, dict[str, float]]] = {}
    unread = set()
    for one in (every for entry in found for every in (entry, *entry.beside)):
        if one.n_origin == "assumed":
            unread.add(one.trial)
            continue
        of = arms.setdefault(one.trial, {}).setdefault(one.study, {})
        for arm, n in ((one.arm, one.n), (one.control, one.n_control)):
            if arm is not None:
                of[arm.arm_id] = max(of.get(arm.arm_id, 0.0), n)
    # papers of one trial tell of the same people: the one with most counts
    most = (max(_at_most(study, sum(people.values())) for study, people in papers.items()) for papers in arms.values())
    return sum(most), len(unread - set(arms))


def _at_most(study: Study, people: float) -> int:
    """People of some arms: where arms are parts of one scalp, no more than the study had."""
    whole = study.n_analysed or study.n_enrolled
    return round(people) if whole is None else min(round(people), max(whole, study.n_enrolled or 0))


def who(found: Iterable[Entry]) -> str:
    """Whom the trials of some entries had: men, women or both; empty where there is no entry.

    >>> who(one for one in entries() if "dutasteride" in one.treatments)
    'men only'
    """
    among = {_WHO.get(one.study.condition, "") for one in found}
    if len(among) == 1:
        return next(iter(among)) or "sex not stated"
    return "men and women" if among else ""


def _entry(cells: dict[str, str]) -> Entry:
    def number(name: str) -> float | None:
        return float(cells[name]) if cells[name] else None

    def names(column: str) -> tuple[str, ...]:
        return tuple(filter(None, cells[column].split(";")))

    return Entry(
        rows=names("rows"),
        trial=cells["trial"],
        study=row("studies", cells["study_id"]),
        arm=row("arms", f"{cells['study_id']}/{cells['arm_id']}"),
        control=row("arms", f"{cells['study_id']}/{cells['control']}") if cells["control"] else None,
        output=cells["output"],
        week=float(cells["week"]),
        kind=cells["kind"],
        value=number("value"),
        se=number("se"),
        n=float(cells["n"]),
        n_control=number("n_control") or 0.0,
        n_origin=cells["n_origin"],
        said=cells["said"],
        treatments=names("treatments"),
        control_treatments=names("control_treatments"),
    )


def _beside(one: Entry, found: tuple[Entry, ...]) -> Entry:
    """The entry with the changes of its trial's controls at the same visit: arms that had part of the same, or nothing."""
    if one.control is not None or not one.treatments:
        return one
    same = (one.study.study_id, one.output, one.week, one.kind)
    controls = [
        other
        for other in found
        if other.control is None
        and (other.study.study_id, other.output, other.week, other.kind) == same
        and set(other.treatments) < set(one.treatments)
    ]
    return replace(one, beside=tuple(controls))


def _given(arm: Arm, names: tuple[str, ...]) -> str:
    """What an arm had, a drug with its dose; its own word where it had no treatment."""
    if not names:
        return arm.intervention.replace("_", " ")
    known = meaning(arm.intervention)
    stated = {} if known.why_not else {kind.name: kind for kind in known.treatments(arm.dose, arm.dose_unit)}
    return " and ".join(_dosed(stated.get(name) or treatment(name), arm) for name in names)


def _dosed(kind: Treatment, arm: Arm) -> str:
    """A treatment in words, with its dose where it has a unit in the tables and was stated, or how often it was given."""
    drug = kind.evidence_class == "drug"
    if kind.arm_unit and (drug or arm.dose_unit == kind.arm_unit):
        dose = f"{kind.dose:,.0f}" if kind.dose >= 1000 else f"{kind.dose:g}"
        return f"{plain(kind)} {dose} {kind.arm_unit.replace('cm2', 'cm²')}"
    return f"{plain(kind)}, {arm.sessions} times" if isinstance(kind, Sessions) and (arm.sessions or 0) > 1 else plain(kind)


__all__ = ["COUNTED", "Entry", "entries", "ledger", "people_of", "signed", "who"]
