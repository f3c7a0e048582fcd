"""The evidence base: all tables as one object, the shipped ones alone or with a folder of a user's own studies."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from anagen.evidence import tables
from anagen.evidence.check import check_extra, present
from anagen.ground.errors import BadEvidence, BadFile, UnknownName

if TYPE_CHECKING:
    from anagen.evidence.rows import AdverseEvent, Arm, Cost, Outcome, Parameter, Row, Study, VettingRule

F = TypeVar("F")


@dataclass(frozen=True, eq=False)
class Evidence:
    """Every table as a tuple of typed rows, in file order; `hash` says which evidence it is.

    >>> base = Evidence.shipped()
    >>> base.study("kaufman_1998").risk_of_bias, base.arm("kaufman_1998", "finasteride").intervention
    ('low', 'finasteride_oral_1')
    """

    studies: tuple[Study, ...] = ()
    arms: tuple[Arm, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    adverse_events: tuple[AdverseEvent, ...] = ()
    costs: tuple[Cost, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    vetting_rules: tuple[VettingRule, ...] = ()
    hash: str = ""

    @classmethod
    def shipped(cls) -> Evidence:
        """What anagen ships: the rows of `anagen.evidence.studies()` and its siblings, read once.

        >>> Evidence.shipped() is Evidence.shipped()
        True
        """
        return _shipped()

    @classmethod
    def read(cls, directory: str | Path) -> Evidence:
        """The tables of a folder alone; one that is absent is empty. Types are held to, other rules are not: `check` does that.

        Raises `BadFile` where there is no folder or no table in it, and naming file, line and column of the first cell of a wrong type.

        >>> Evidence.read(tables.SHIPPED).hash == Evidence.shipped().hash
        True
        """
        found = {}
        for name in present(directory):
            try:
                found[name] = tables.read(name, tables.model(name), Path(directory))
            except (BadEvidence, OSError, ValueError, csv.Error) as error:
                raise BadFile(str(directory), str(error)) from error
        return cls(**found, hash=tables.evidence_hash(Path(directory)))  # type: ignore[arg-type]

    def with_extra(self, directory: str | Path) -> Evidence:
        """These rows, and after them those of a folder of extra tables in the same form, which must keep every rule.

        The rules are held beside the shipped rows, so keys may point into them and no name may stand twice.
        Raises `BadFile` with the first broken rule and how many there are.

        >>> Evidence.shipped().with_extra("my_studies")
        Traceback (most recent call last):
        anagen.ground.errors.BadFile: my_studies: there is no such folder.
        """
        if problems := check_extra(directory):
            more = f"; {len(problems) - 1} more, which `anagen evidence check` lists" if len(problems) > 1 else ""
            raise BadFile(str(directory), f"{problems[0]}{more}")
        extra = Evidence.read(directory)
        both = {name: getattr(self, name) + getattr(extra, name) for name in tables.TABLES}
        return Evidence(**both, hash=_joined(self.hash, extra.hash))

    def table(self, name: str) -> tuple[Row, ...]:
        """A table by its name. Raises `UnknownName` for another.

        >>> Evidence.shipped().table("costs")[0].row_id
        'k001'
        """
        if name not in tables.TABLES:
            raise UnknownName("evidence table", name, tables.TABLES)
        return tuple(getattr(self, name))

    def study(self, study_id: str) -> Study:
        """The study of that id. Raises `UnknownName`, with the nearest, where there is none."""
        return _found("study", study_id, self._studies)

    def arm(self, study_id: str, arm_id: str) -> Arm:
        """The arm of that study and id. Raises `UnknownName`, with the nearest, where there is none."""
        return _found("arm", f"{study_id}/{arm_id}", self._arms)

    def row(self, row_id: str) -> Outcome | AdverseEvent | Cost | Parameter:
        """The row of that id, in whichever table. Raises `UnknownName`, with the nearest, where there is none.

        >>> Evidence.shipped().row("p001").quote
        '(mean ± SD 190 ± 40 and 227 ± 55 hairs cm−2, respectively)'
        """
        return _found("row", row_id, self._rows)

    def look_up(self, name: str) -> Evidence | Outcome | AdverseEvent | Cost | Parameter:
        """One study whole, by its name, or one row, by its id. Raises `UnknownName`, with the nearest, where there is neither.

        >>> Evidence.shipped().look_up("kaufmann_1998")
        Traceback (most recent call last):
        anagen.ground.errors.UnknownName: there is no study or row 'kaufmann_1998'; did you mean 'kaufman_1998'? (...)
        """
        return self.only([name]) if name in self._studies else _found("study or row", name, self._rows, self._studies)

    def only(self, study_ids: Iterable[str]) -> Evidence:
        """These studies whole: their arms, outcomes and harms. What belongs to no study (costs, parameters, rules) stays.

        Raises `UnknownName` for a study that is not there.

        >>> len(Evidence.shipped().only(["kaufman_1998", "leyden_1999"]).studies)
        2
        """
        wanted = {self.study(study_id).study_id for study_id in study_ids}
        kept = {
            name: tuple(row for row in getattr(self, name) if row.study_id in wanted)
            for name in ("studies", "arms", "outcomes", "adverse_events")
        }
        return replace(self, **kept, hash=_joined(self.hash, *sorted(wanted)))

    def narrowed(self, condition: str | None = None, interventions: Collection[str] | None = None) -> Evidence:
        """The studies of a condition, and those with an arm of one of these interventions, each whole, so that comparisons stay.

        Costs are kept by intervention. Raises `UnknownName` for a word that is no condition.

        >>> found = Evidence.shipped().narrowed("aga_female", ["minoxidil_oral"])
        >>> sorted(study.study_id for study in found.studies)
        ['ramos_2020']
        """
        if condition is None and interventions is None:
            return self
        from anagen.evidence.rows import Condition

        if condition is not None and condition not in get_args(Condition):
            raise UnknownName("condition", condition, get_args(Condition))
        studies = {study.study_id for study in self.studies if condition in (None, study.condition)}
        if interventions is None:
            return self.only(studies)
        found = self.only(studies & {arm.study_id for arm in self.arms if arm.intervention in interventions})
        return replace(found, costs=tuple(cost for cost in self.costs if cost.treatment in interventions))

    @cached_property
    def _studies(self) -> dict[str, Study]:
        return {study.study_id: study for study in self.studies}

    @cached_property
    def _arms(self) -> dict[str, Arm]:
        return {f"{arm.study_id}/{arm.arm_id}": arm for arm in self.arms}

    @cached_property
    def _rows(self) -> dict[str, Outcome | AdverseEvent | Cost | Parameter]:
        found: dict[str, Outcome | AdverseEvent | Cost | Parameter] = {row.row_id: row for row in self.outcomes}
        for rows in (self.adverse_events, self.costs, self.parameters):
            found |= {row.row_id: row for row in rows}
        return found


def _found(kind: str, name: str, known: Mapping[str, F], other: Iterable[str] = ()) -> F:
    if name not in known:
        raise UnknownName(kind, name, [*known, *other], "`anagen evidence list`")
    return known[name]


def _joined(*hashes: str) -> str:
    return hashlib.sha256("\0".join(hashes).encode()).hexdigest()


@cache
def _shipped() -> Evidence:
    return Evidence(
        tables.studies(),
        tables.arms(),
        tables.outcomes(),
        tables.adverse_events(),
        tables.costs(),
        tables.parameters(),
        tables.vetting_rules(),
        tables.evidence_hash(),
    )
