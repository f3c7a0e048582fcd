"""What a treatment did beyond its control: one difference for each pair of arms, outcome and visit, with its standard error.

A difference is taken as the source gives it, else as the change of the treated arm less that of the control, a change being
one that was read or a level less the level before treatment. Counts per area are divided by the area. Hairs/cm2 and percent of
baseline are two scales and are never mixed. Where a source gives no spread, it is filled in and the difference says so (`spread`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from anagen.evidence.spread import How, Spread, arm_variance, between, filled, pooled_sd
from anagen.ground.rows import medians

if TYPE_CHECKING:
    from anagen.evidence.base import Evidence
    from anagen.evidence.rows import Arm, Outcome, Study

Unit = Literal["hairs/cm2", "% of baseline", "um"]
Key = tuple[str, float, str]
"""Site, weeks and where weeks are counted from: numbers of two arms are compared only where these are the same."""

PATTERN = ("aga_male", "aga_female", "aga_mixed", "aga")
"""The conditions that are pattern hair loss: alopecia areata and mixed kinds are never pooled with it."""
RANDOMISED = ("rct_parallel", "rct_split_scalp")
INERT = ("placebo", "no_treatment")
Z = 1.959963984540054


class Measure(NamedTuple):
    """What is compared: its name in words, its words in the outcome tables, and its own unit (percent of baseline is the other)."""

    title: str
    words: tuple[str, ...]
    unit: Unit


MEASURES: dict[str, Measure] = {
    "total": Measure("all hairs, or hairs not said which", ("hair_density", "hair_count_target_area"), "hairs/cm2"),
    "terminal": Measure("thick (nonvellus) hairs", ("terminal_hair_density", "terminal_hair_count_target_area"), "hairs/cm2"),
    "anagen": Measure("growing hairs", ("anagen_hair_density",), "hairs/cm2"),
    "diameter": Measure("width of a hair", ("hair_diameter",), "um"),
}


@dataclass(frozen=True)
class Change:
    """An arm's own change at a visit: mean `value` in `unit`, `variance` of that mean (None: not read), people behind it."""

    study: Study
    arm: Arm
    measure: str
    unit: Unit
    site: str
    week: float
    value: float
    variance: float | None
    n: float | None
    n_filled: bool
    rows: tuple[Outcome, ...]


@dataclass(frozen=True)
class Contrast:
    """Treated less control at one visit of one trial: `difference` and `se` in `unit`; `se` is None where nothing gives one.

    treated: one arm, or several of one trial that share this control and were joined. spread: how the standard error was
    found. n_treated, n_control: people (None: nothing read); n_filled: whether one was the study's number over its arms.
    control_variance: what the control alone contributes to se**2. rows: the outcome rows behind it.
    """

    study: Study
    treated: tuple[Arm, ...]
    control: Arm
    measure: str
    unit: Unit
    site: str
    week: float
    difference: float
    se: float | None
    spread: How
    control_variance: float
    n_treated: float | None
    n_control: float | None
    n_filled: bool
    rows: tuple[str, ...]

    @property
    def family(self) -> str:
        """The trial it belongs to, whichever paper told it: counted once."""
        return self.study.same_trial_as or self.study.study_id

    @property
    def low(self) -> float:
        """The lower end of its 95 % interval; of itself where no standard error is known."""
        return self.difference - Z * (self.se or 0.0)

    @property
    def high(self) -> float:
        """The upper end of it."""
        return self.difference + Z * (self.se or 0.0)

    @property
    def year(self) -> int:
        """The year of its paper, from its name or its citation; 0 where neither says."""
        found = re.search(r"(19|20)\d\d", self.study.study_id) or re.search(r"\b(19|20)\d\d\b", self.study.citation)
        return int(found[0]) if found else 0

    @property
    def people(self) -> int | None:
        """People behind it; in a trial on two halves of each scalp both arms are the same people."""
        if self.n_treated is None or self.n_control is None:
            return None
        paired = self.study.design == "rct_split_scalp"
        return round(max(self.n_treated, self.n_control) if paired else self.n_treated + self.n_control)

    @property
    def randomised(self) -> bool:
        """Whether chance decided who got what."""
        return self.study.design in RANDOMISED

    @property
    def doses(self) -> str:
        """The doses of its treated arms, as "2 %" or "0.1 and 0.5 mg/day"; empty where none is stated."""
        known = [arm for arm in self.treated if arm.dose is not None]
        unit = known[0].dose_unit or "" if known else ""
        return f"{' and '.join(f'{arm.dose:g}' for arm in known)} {unit}".strip() if known else ""


@lru_cache(maxsize=8)
def contrasts(evidence: Evidence) -> tuple[Contrast, ...]:
    """Every difference that the rows with `use` give, all pairs of arms, outcomes, units, sites and visits; pattern hair loss only.

    Treated is an arm whose role is `treatment` or, against an inert control, `active_control`. Among several inert controls the
    one the source compares with is taken. Pooled and switched arms take no part.

    >>> from anagen.evidence import Evidence
    >>> found = [one for one in contrasts(Evidence.shipped()) if one.study.study_id == "van_neste_2000" and one.measure == "total"]
    >>> [(one.difference, one.se, one.spread) for one in found]
    [(17.3, 2.5, 'se')]
    """
    found: list[Contrast] = []
    for trial in _trials(evidence):
        for measure, of in MEASURES.items():
            for unit in _units(of):
                found += _of_trial(trial, measure, unit, spreads(evidence, measure))
    return tuple(found)


@lru_cache(maxsize=16)
def spreads(evidence: Evidence, measure: str) -> dict[Unit, Spread]:
    """The SD of one person's change that is filled in for a measure, by unit: that of counts for counts, of widths for widths.

    >>> from anagen.evidence import Evidence
    >>> round(spreads(Evidence.shipped(), "total")["hairs/cm2"].sd, 1)
    20.7
    """
    width = measure == "diameter"
    return pooled_sd(one for one in changes(evidence) if one.study.design in RANDOMISED and (one.measure == "diameter") == width)


@lru_cache(maxsize=8)
def changes(evidence: Evidence) -> tuple[Change, ...]:
    """Every arm's own change that the rows with `use` give: without a control this is not an effect.

    >>> from anagen.evidence import Evidence
    >>> found = [one for one in changes(Evidence.shipped()) if one.study.study_id == "panchaprateep_2020"]
    >>> [(one.week, one.value, one.unit) for one in found]
    [(12.0, 26.0, 'hairs/cm2'), (24.0, 35.1, 'hairs/cm2')]
    """
    return tuple(
        change
        for trial in _trials(evidence)
        for measure, of in MEASURES.items()
        for unit in _units(of)
        for arms in _changes(trial, measure, unit).values()
        for change in arms.values()
    )


def _units(of: Measure) -> tuple[Unit, ...]:
    return of.unit, "% of baseline"


@dataclass(frozen=True)
class _Trial:
    """One study's usable rows, with its arms."""

    study: Study
    arms: dict[str, Arm]
    rows: tuple[Outcome, ...]

    @cached_property
    def terminal(self) -> bool:
        """Whether what it counted as hairs cannot include vellus hair: fewer before treatment than any scalp has in all."""
        least = medians("trial")["total_least_per_cm2"]
        levels = [_scaled(r) for r in self.rows if r.value_kind == "absolute" and not r.time_weeks and r.outcome in MEASURES["total"].words]
        return bool(levels) and min(levels) < least

    def measured(self, measure: str) -> tuple[Outcome, ...]:
        """The rows of a measure, where hairs that cannot be all hairs are thick hairs."""
        if self.terminal and measure in ("total", "terminal"):
            words = () if measure == "total" else MEASURES["total"].words + MEASURES["terminal"].words
        else:
            words = MEASURES[measure].words
        return tuple(row for row in self.rows if row.outcome in words)

    def people(self, arm: Arm, row: Outcome | None = None) -> tuple[float | None, bool]:
        """People behind an arm's number, and whether that is the study's number over its arms."""
        if known := (row.n if row else None) or arm.n:
            return float(known), False
        whole = self.study.n_analysed or self.study.n_enrolled
        return (whole / len(self.arms), True) if whole else (None, False)


@lru_cache(maxsize=8)
def _trials(evidence: Evidence) -> tuple[_Trial, ...]:
    found = []
    for study in evidence.studies:
        if study.condition in PATTERN:
            arms = {a.arm_id: a for a in evidence.arms if a.study_id == study.study_id and a.role not in ("pooled", "switched")}
            rows = [r for r in evidence.outcomes if r.study_id == study.study_id and r.use and r.arm_id in arms]
            found.append(_Trial(study, arms, tuple(r for r in rows if r.mean is not None and r.time_weeks is not None)))
    return tuple(found)


def _in(row: Outcome, unit: Unit) -> bool:
    """Whether a row is on a scale, so that its number can be brought to the unit."""
    if unit == "% of baseline":
        return row.value_kind == "percent_change" or (
            row.unit in ("percent", "percentage_points") and row.value_kind in ("change", "difference")
        )
    if row.value_kind == "percent_change":
        return False
    if unit == "um":
        return row.unit == "um"
    return row.unit == "hairs_per_cm2" or (row.unit == "hairs_per_area" and row.area_cm2 is not None)


def _scale(row: Outcome) -> float:
    return 1 / row.area_cm2 if row.unit == "hairs_per_area" and row.area_cm2 else 1.0


def _scaled(row: Outcome) -> float:
    return (row.mean or 0.0) * _scale(row)


def _changes(trial: _Trial, measure: str, unit: Unit) -> dict[Key, dict[str, Change]]:
    """The arms' own changes by site and visit: one that was read, else a level less the level before treatment."""
    rows = [row for row in trial.measured(measure) if _in(row, unit)]
    before = {(row.arm_id, row.site): row for row in rows if row.value_kind == "absolute" and not row.time_weeks}
    found: dict[Key, dict[str, Change]] = {}
    for row in sorted(rows, key=lambda row: row.value_kind == "absolute"):  # a change that was read comes first
        start = before.get((row.arm_id, row.site))
        if not row.time_weeks or row.value_kind in ("difference", "unknown") or (row.value_kind == "absolute" and start is None):
            continue
        n, n_filled = trial.people(trial.arms[row.arm_id], row)
        level = row.value_kind == "absolute"
        value = _scaled(row) - _scaled(start) if level and start else _scaled(row)
        variance = None if level else arm_variance(row, n, _scale(row))
        behind = (row, start) if level and start else (row,)
        arms = found.setdefault((row.site, row.time_weeks, row.time_origin), {})
        change = Change(trial.study, trial.arms[row.arm_id], measure, unit, row.site, row.time_weeks, value, variance, n, n_filled, behind)
        arms.setdefault(row.arm_id, change)
    return found


def _of_trial(trial: _Trial, measure: str, unit: Unit, spreads: dict[Unit, Spread]) -> Iterator[Contrast]:
    by_visit = _changes(trial, measure, unit)
    for row in trial.measured(measure):
        if row.value_kind == "difference" and _in(row, unit) and row.time_weeks and row.p_compared_with in trial.arms:
            by_visit.setdefault((row.site, row.time_weeks, row.time_origin), {})
    for (site, week, origin), arms in by_visit.items():
        here = [row for row in trial.measured(measure) if (row.site, row.time_weeks, row.time_origin) == (site, week, origin)]
        read = {(r.arm_id, r.p_compared_with or ""): r for r in here if r.value_kind == "difference" and _in(r, unit)}
        pairs = [pair for pair in read if pair[1] in trial.arms]
        pairs += [pair for pair in _pairs(trial, arms, here) if pair not in read]
        for treated, control in pairs:
            yield _contrast(trial, arms, treated, control, read.get((treated, control)), measure, unit, site, week, spreads)


def _pairs(trial: _Trial, arms: dict[str, Change], rows: list[Outcome]) -> Iterator[tuple[str, str]]:
    """Which arms with a change are compared: treated with inert, and treatment with active control."""
    inert = [name for name in arms if trial.arms[name].role in INERT]
    placebos = [name for name in inert if trial.arms[name].role == "placebo"] or inert
    named = {row.arm_id: row.p_compared_with for row in rows}
    for name in arms:
        role = trial.arms[name].role
        if role in INERT:
            continue
        own = [control for control in placebos if control == named.get(name)] or placebos
        if len(own) == 1:  # with several, and none named, nothing says which
            yield name, own[0]
        if role == "treatment":
            yield from ((name, control) for control in arms if trial.arms[control].role == "active_control")


def _contrast(
    trial: _Trial,
    arms: dict[str, Change],
    treated: str,
    control: str,
    row: Outcome | None,
    measure: str,
    unit: Unit,
    site: str,
    week: float,
    spreads: dict[Unit, Spread],
) -> Contrast:
    one, other = arms.get(treated), arms.get(control)
    n1, filled1 = (one.n, one.n_filled) if one else trial.people(trial.arms[treated], row)
    n0, filled0 = (other.n, other.n_filled) if other else trial.people(trial.arms[control])
    difference = _scaled(row) if row else (one.value - other.value if one and other else 0.0)
    behind = ([row] if row else []) + [r for change in (one, other) if change for r in change.rows if not row]
    variances = (one.variance if one else None, other.variance if other else None)
    told = [r for r in (row, *(one.rows if one else ()), *(other.rows if other else ())) if r and r.value_kind != "absolute"]
    told = [r for r in told if {r.arm_id, r.p_compared_with} == {treated, control}]
    se, how, of_control = between(row, _scale(row) if row else 1.0, difference, variances, (n1, n0), told, filled(spreads, unit))
    return Contrast(
        trial.study,
        (trial.arms[treated],),
        trial.arms[control],
        measure,
        unit,
        site,
        week,
        difference,
        se,
        how,
        of_control,
        n1,
        n0,
        filled1 or filled0,
        tuple(dict.fromkeys(r.row_id for r in behind)),
    )
