"""Which rows of the evidence enter the calibration, and as what.

A fact is one measured change of one arm, or of one arm against another, at one visit. The rules, in order:

- pattern hair loss only; no pooled or switched arm; an arm whose treatment has a forecast; an outcome that the law can give;
- a change and a difference of one arm at one visit are not two facts: the difference is turned into the change of the control;
- a level counts as a change where its own arm's level before treatment was read;
- counts per area become hairs/cm2; a `total` count of less than `trial.total_least_per_cm2` before treatment cannot hold vellus
  hair, so the trial's counts are read as nonvellus;
- spread: a standard error, an interval, an SD with its n, or an exact p; otherwise it is imputed by the model and marked so.
  A +- of unknown kind is never used;
- a row without a number is a statement about the estimate (significant or not), never a zero; without a visit it is taken at
  the first visit that the study states.

Shares of people with a response are left out: no row links a photograph's grade to a count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Any

from anagen.calibrate.fact import OUTPUT_OF, PATTERN, UNCONTROLLED, Baseline, Fact, Facts, Kind, Left, Said, Spread
from anagen.evidence.rows import Arm, Outcome, Study
from anagen.ground.errors import BadInput
from anagen.ground.rows import medians
from anagen.treatments.vocabulary import meaning

Levels = dict[tuple[str, str, str, str], Outcome]
"""Levels before treatment, by study, arm, output and place."""


def facts_of(studies: Sequence[Study], arms: Sequence[Arm], outcomes: Sequence[Outcome], use_only: bool = True) -> Facts:
    """The facts of some tables. use_only: only rows marked fit for synthesis give numbers (statements enter by their own rule).

    >>> from anagen.evidence import arms, outcomes, studies
    >>> found = facts_of(studies(), arms(), outcomes())
    >>> [fact.value for fact in found.facts if fact.rows == ("o041", "o047")]
    [-9.9]
    """
    return _Reader(studies, arms, outcomes, use_only).read()


def rows_as_facts(studies: Sequence[Study], arms: Sequence[Arm], outcomes: Sequence[Outcome]) -> Facts:
    """Every row after treatment as a fact of its own, for judging: nothing is merged, a level without a beginning stays a level.

    >>> from anagen.evidence import arms, outcomes, studies
    >>> found = rows_as_facts(studies(), arms(), outcomes())
    >>> [(fact.value, fact.control) for fact in found.facts if fact.rows[-1] in ("o041", "o047")]
    [(17.3, 'placebo'), (7.4, None)]
    """
    return _Reader(studies, arms, outcomes, use_only=False, merge=False).read()


class _Reader:
    def __init__(
        self, studies: Sequence[Study], arms: Sequence[Arm], outcomes: Sequence[Outcome], use_only: bool, merge: bool = True
    ) -> None:
        self.studies = {study.study_id: study for study in studies}
        self.arms = {(arm.study_id, arm.arm_id): arm for arm in arms}
        self.outcomes, self.use_only, self.merge = outcomes, use_only, merge
        self.left: list[Left] = []
        self.least = medians("trial")["total_least_per_cm2"]
        self.usual_n = medians("trial")["usual_n"]

    def read(self) -> Facts:
        numbers, said, pooled = [], [], []
        for row in self.outcomes:
            why = self._unfit(row)
            begins = row.use and row.value_kind == "absolute" and not row.time_weeks and self._per_cm2(row)
            if why == "the arm is pooled" and begins:
                pooled.append(row)
            elif why:
                self.left.append(Left(row.row_id, row.study_id, why))
            elif row.mean is not None and (row.use or not self.use_only):
                numbers.append(row)
            else:
                said.append(row)
        levels: Levels = {}
        for row in numbers:
            if row.value_kind == "absolute" and not self._week(row):
                self._once(levels, (row.study_id, row.arm_id, self._output(row), self._place(row)), row)
            elif not self._week(row):
                self.left.append(Left(row.row_id, row.study_id, "a change by the first day"))
        few = {r.study_id for (_, _, output, _), r in levels.items() if output == "visible" and self._scaled(r) < self.least}
        later = [r for r in numbers if self._week(r)]
        found = list(self._changes(later, levels) if self.merge else (f for r in later if (f := self._alone(r, levels))))
        found += self._statements(said)
        found = [replace(f, output="nonvellus") if f.study in few and f.output == "visible" else f for f in found]
        used = {fact.study for fact in found}
        alone = [row for row in (*levels.values(), *pooled) if row.study_id not in used]
        self.left += [Left(row.row_id, row.study_id, "a level before treatment without any later number") for row in alone]
        return Facts(
            tuple(found),
            tuple(self._baselines([r for r in (*levels.values(), *pooled) if r.study_id in used], few)),
            tuple(self._spreads(numbers, few)),
            tuple(self.left),
            tuple(study for name, study in self.studies.items() if name in used),
            tuple(arm for (study, _), arm in self.arms.items() if study in used),
        )

    def _unfit(self, row: Outcome) -> str:
        """Why a row does not enter; empty if it may."""
        study, arm = self.studies.get(row.study_id), self.arms.get((row.study_id, row.arm_id))
        if study is None or arm is None:
            return "its study or arm is not in the tables"
        if study.condition not in PATTERN:
            return "not pattern hair loss"
        if row.outcome not in OUTPUT_OF:
            return "no link from this outcome to a count of hairs"
        if why := self._unplanned(arm):
            return why
        if row.use or (not self.use_only and row.mean is not None):
            number = row.mean is not None and row.value_kind != "unknown" and row.time_weeks is not None and self._per_cm2(row)
            return "" if number else "no number on a scale that the law has"
        if row.use_reason not in ("no_number", "undecided"):
            return f"not fit for synthesis ({row.use_reason})"
        return "" if self._p(row) else "no number and no p value"

    @staticmethod
    def _unplanned(arm: Arm) -> str:
        """Why the law cannot be run under an arm's plan; empty if it can."""
        if arm.role in ("pooled", "switched"):
            return f"the arm is {arm.role}"
        known = meaning(arm.intervention)
        if known.why_not:
            return known.why_not
        if any(part.startswith("transplant") for part, _ in known.parts):
            return "a transplant moves follicles: its survival is a row of its own"
        try:
            known.treatments(arm.dose, arm.dose_unit)
        except BadInput as error:
            return str(error)
        return ""

    def _planned(self, study: str, arm: str) -> bool:
        """Whether an arm is in the tables and the law can be run under its plan."""
        return (study, arm) in self.arms and not self._unplanned(self.arms[study, arm])

    def _per_cm2(self, row: Outcome) -> bool:
        scales = ("hairs_per_cm2", "percent", "um", "percentage_points", "mm_per_cm2")
        return row.unit in scales or (row.unit == "hairs_per_area" and row.area_cm2 is not None)

    @staticmethod
    def _output(row: Outcome) -> str:
        return OUTPUT_OF[row.outcome]

    @staticmethod
    def _scale(row: Outcome) -> float:
        return 1 / row.area_cm2 if row.unit == "hairs_per_area" and row.area_cm2 else 1.0

    def _scaled(self, row: Outcome) -> float:
        return (row.mean or 0.0) * self._scale(row)

    @staticmethod
    def _place(row: Outcome) -> str:
        """Where it was counted, if it is one of the two places that trials count apart."""
        return row.site if row.site in ("frontal", "vertex") else ""

    def _once(self, rows: dict[Any, Outcome], name: Any, row: Outcome) -> None:
        """A row under its name; an earlier one of that name is left out."""
        before = rows.pop(name, None)
        if before is not None:
            self.left.append(Left(before.row_id, row.study_id, f"the same fact as {row.row_id}"))
        rows[name] = row

    @classmethod
    def _begin(cls, levels: Levels, row: Outcome, output: str) -> Outcome | None:
        """The level before treatment at the same place, else of the arm as a whole."""
        own = (row.study_id, row.arm_id, output)
        return levels.get((*own, cls._place(row))) or levels.get((*own, ""))

    def _week(self, row: Outcome) -> float:
        """Weeks from the first treatment."""
        arm = self.arms[row.study_id, row.arm_id]
        weeks = row.time_weeks or 0.0
        if row.time_origin == "last_treatment" and arm.sessions and arm.interval_days:
            weeks += (arm.sessions - 1) * arm.interval_days / 7
        return weeks

    def _n(self, study: str, arm: str, row: Outcome | None = None) -> tuple[float, bool]:
        """People behind an arm's number, and whether that had to be assumed."""
        given = (row.n if row is not None else None) or self.arms[study, arm].n
        if given:
            return float(given), False
        whole = self.studies[study].n_analysed or self.studies[study].n_enrolled
        own = [a for (s, _), a in self.arms.items() if s == study and a.role not in ("pooled", "switched")]
        return (max(whole / max(len(own), 1), 2.0), True) if whole else (self.usual_n, True)

    def _se(self, row: Outcome, n: float) -> float | None:
        """The standard error of a row's number in its own scale, where one was read."""
        scale: float = self._scale(row)
        if row.se is not None:
            return row.se * scale
        if row.ci_low is not None and row.ci_high is not None:
            return (row.ci_high - row.ci_low) * scale / (2 * 1.959964)
        if row.sd is not None and row.value_kind in ("change", "percent_change"):
            return row.sd * scale / float(n**0.5)
        exact = re.fullmatch(r"0?\.\d+", row.p_value or "")
        if exact and row.value_kind == "difference" and row.mean:
            score = max(-NormalDist().inv_cdf(float(exact[0]) / 2), 0.3)
            return float(abs(row.mean) * scale / score)
        return None

    def _changes(self, rows: list[Outcome], levels: Levels) -> Iterator[Fact]:
        groups: dict[tuple[str, str, float, str], dict[str, dict[str, Outcome]]] = {}
        for row in rows:
            group = groups.setdefault((row.study_id, self._output(row), round(self._week(row), 1), self._place(row)), {})
            kind: str = "percent_change" if row.value_kind == "change" and row.unit == "percent" else row.value_kind
            kind += f" from {row.p_compared_with}" if kind == "difference" else ""
            self._once(group.setdefault(row.arm_id, {}), kind, row)
        for (study, output, week, _), by_arm in groups.items():
            found = {arm: fact for arm, kinds in by_arm.items() if (fact := self._change(study, arm, output, week, kinds, levels))}
            for arm, difference in (
                (arm, row) for arm, kinds in by_arm.items() for row in kinds.values() if row.value_kind == "difference"
            ):
                against = difference.p_compared_with or ""
                if (study, against) not in self.arms:
                    self.left.append(Left(difference.row_id, study, "the arm that it is taken against is not in the tables"))
                elif not self._planned(study, against):
                    self.left.append(Left(difference.row_id, study, "the arm that it is taken against has no forecast"))
                elif arm not in found:
                    found[f"{arm}-{against}"] = self._difference(difference, output, week, against)
                elif against in found:
                    self.left.append(Left(difference.row_id, study, "the same fact as the changes of both arms"))
                elif found[arm].kind == self._difference(difference, output, week, against).kind:
                    found |= self._split(found[arm], difference, against)
                else:
                    self.left.append(Left(difference.row_id, study, "a difference on another scale than the change beside it"))
            yield from found.values()

    def _change(self, study: str, arm: str, output: str, week: float, kinds: dict[str, Outcome], levels: Levels) -> Fact | None:
        """One arm's own change, from a change, a percent change, or a level with its beginning."""
        row = kinds.get("change") or kinds.get("percent_change") or kinds.get("absolute")
        for other in kinds.values():
            if row is not None and other is not row and other.value_kind != "difference":
                self.left.append(Left(other.row_id, study, f"the same fact as {row.row_id}"))
        if row is None:
            return None
        n, assumed = self._n(study, arm, row)
        kind: Kind = "percent" if row.value_kind == "percent_change" or (row.value_kind == "change" and row.unit == "percent") else "change"
        ids: tuple[str, ...] = (row.row_id,)
        value, se = self._scaled(row), self._se(row, n)
        if row.value_kind == "absolute":
            before = self._begin(levels, row, output)
            if before is None or before.unit != row.unit:
                self.left.append(Left(row.row_id, study, "a level without its own beginning"))
                return None
            ids, value = (before.row_id, row.row_id), value - self._scaled(before)
            se = None  # what is read there is how far levels are known, which says little of the change
        return Fact(ids, study, arm, None, output, week, kind, value, se, n, 0.0, imputed_n=assumed)

    def _alone(self, row: Outcome, levels: Levels) -> Fact | None:
        """One row as one fact."""
        output, week = self._output(row), round(self._week(row), 1)
        if row.value_kind == "difference":
            against = row.p_compared_with or ""
            if self._planned(row.study_id, against):
                return self._difference(row, output, week, against)
            self.left.append(Left(row.row_id, row.study_id, "the arm that it is taken against is not in the tables or has no forecast"))
            return None
        if row.value_kind == "absolute" and self._begin(levels, row, output) is None:
            n, assumed = self._n(row.study_id, row.arm_id, row)
            se = None if row.se is None else row.se * self._scale(row)
            return Fact(
                (row.row_id,), row.study_id, row.arm_id, None, output, week, "level", self._scaled(row), se, n, 0.0, imputed_n=assumed
            )
        return self._change(row.study_id, row.arm_id, output, week, {row.value_kind: row}, levels)

    def _difference(self, row: Outcome, output: str, week: float, against: str) -> Fact:
        n, assumed = self._n(row.study_id, row.arm_id, row)
        other, also = self._n(row.study_id, against)
        percent = row.unit in ("percent", "percentage_points")
        kind: Kind = "percent" if percent else "change"
        se = self._se(row, n)
        return Fact(
            (row.row_id,), row.study_id, row.arm_id, against, output, week, kind, self._scaled(row), se, n, other, imputed_n=assumed or also
        )

    def _split(self, change: Fact, row: Outcome, against: str) -> dict[str, Fact]:
        """A change and a difference of one arm are the changes of two arms."""
        n, assumed = self._n(row.study_id, against)
        se = self._se(row, n)
        share = None if se is None else se / 2**0.5
        theirs = change.value - self._scaled(row)
        ids = (row.row_id, *change.rows)
        control = Fact(ids, change.study, against, None, change.output, change.week, change.kind, theirs, share, n, 0.0, imputed_n=assumed)
        return {change.arm: replace(change, se=change.se or share), against: control}

    @staticmethod
    def _p(row: Outcome) -> str:
        """What a p value says of the estimate: `significant`, `not_significant`, an exact p as its own words, or nothing."""
        said = (row.p_value or "").strip()
        if said in ("significant", "not_significant"):
            return said
        if said.startswith("<"):
            return "significant" if float(said.lstrip("<=")) <= 0.05 else ""
        try:
            return said if 0 < float(said) < 1 else ""
        except ValueError:
            return ""

    def _statements(self, rows: list[Outcome]) -> Iterator[Fact]:
        first: dict[str, float] = {}
        for row in self.outcomes:
            if row.time_weeks and (row.study_id, row.arm_id) in self.arms:
                first[row.study_id] = min(first.get(row.study_id, 1e9), self._week(row))
        for row in rows:
            said, against = self._p(row), row.p_compared_with
            week = self._week(row) or first.get(row.study_id, 0.0)
            control = against if against not in (None, "baseline") else None
            if not week:
                self.left.append(Left(row.row_id, row.study_id, "a statement without any visit"))
                continue
            if row.value_kind == "difference" and control is None:
                self.left.append(Left(row.row_id, row.study_id, "a difference from an arm that is not named"))
                continue
            if control is not None and not self._planned(row.study_id, control):
                self.left.append(Left(row.row_id, row.study_id, "the arm that it is taken against has no forecast"))
                continue
            n, assumed = self._n(row.study_id, row.arm_id, row)
            other = self._n(row.study_id, control)[0] if control else 0.0
            kind: Said = said if said in ("significant", "not_significant") else "z"  # type: ignore[assignment]
            score = -NormalDist().inv_cdf(float(said) / 2) if kind == "z" else 0.0
            output = self._output(row)
            yield Fact((row.row_id,), row.study_id, row.arm_id, control, output, week, "percent", score, None, n, other, kind, assumed)

    def _baselines(self, rows: list[Outcome], few: set[str]) -> Iterator[Baseline]:
        groups: dict[tuple[str, str], list[Outcome]] = {}
        for row in rows:
            output = "nonvellus" if row.study_id in few and self._output(row) == "visible" else self._output(row)
            groups.setdefault((row.study_id, output), []).append(row)
        for (study, output), own in groups.items():
            yield Baseline(study, output, sum(map(self._scaled, own)) / len(own), tuple(row.row_id for row in own))

    def _spreads(self, rows: list[Outcome], few: set[str]) -> Iterator[Spread]:
        for row in rows:
            if row.sd and row.value_kind == "change" and self._week(row) and row.unit in ("hairs_per_cm2", "hairs_per_area"):
                n, _ = self._n(row.study_id, row.arm_id, row)
                output = "nonvellus" if row.study_id in few and self._output(row) == "visible" else self._output(row)
                area = row.area_cm2 or 1.0
                yield Spread(row.row_id, row.study_id, row.arm_id, output, self._week(row), row.sd * self._scale(row), n, area)


__all__ = ["OUTPUT_OF", "UNCONTROLLED", "Baseline", "Fact", "Facts", "Left", "Spread", "facts_of", "rows_as_facts"]
