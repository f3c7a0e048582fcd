"""A folder of new studies, read as far as it can be: what is wrong with a row costs that row and no other."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from anagen.calibrate.arms import lane_of
from anagen.calibrate.facts import Left
from anagen.evidence import tables
from anagen.evidence.check import check
from anagen.evidence.rows import Arm, Outcome, Row, Study
from anagen.ground.errors import BadFile, BadInput, UnknownName
from anagen.treatments.vocabulary import meaning

R = TypeVar("R", bound=Row)

READ: Mapping[str, tuple[str, ...]] = {
    "studies": ("study_id", "design", "condition", "n_enrolled", "n_analysed", "risk_of_bias", "same_trial_as"),
    "arms": (
        *("study_id", "arm_id", "role", "intervention", "route", "dose", "dose_unit", "sessions", "interval_days"),
        *("concomitant", "n", "pct_female"),
    ),
    "outcomes": (
        *("row_id", "study_id", "arm_id", "outcome", "unit", "area_cm2", "time_weeks", "time_origin", "n", "mean", "sd", "se"),
        *("ci_low", "ci_high", "value_kind", "p_value", "p_compared_with", "use", "use_reason"),
    ),
}
"""The columns that a prediction or its score stands on. A wrong word in another column costs nothing."""


@dataclass(frozen=True)
class Folder:
    """The rows that could be read; `left`: those that no fact may be made of, read or not, and why; every broken rule in words."""

    studies: tuple[Study, ...]
    arms: tuple[Arm, ...]
    outcomes: tuple[Outcome, ...]
    left: tuple[Left, ...]
    warnings: tuple[str, ...]

    @property
    def usable(self) -> tuple[Outcome, ...]:
        """The rows that are not left out."""
        names = {one.row for one in self.left}
        return tuple(row for row in self.outcomes if row.row_id not in names)


def read(directory: str | Path) -> Folder:
    """The studies, arms and outcomes of a folder; an arm that no plan can be made of is not among them.

    A row whose id stands above already gets a number behind it. Raises `BadFile` where there is no such folder, or a table is
    missing, cannot be read or holds no row.

    >>> found = read(tables.SHIPPED)
    >>> len(found.studies), found.left[0].why
    (135, 'there is no forecast: minoxidil_topical is named without a dose.')
    >>> read("no/such/folder")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: no/such/folder: there is no such folder.
    """
    warnings = tuple(str(problem) for problem in check(directory))
    folder = Path(directory)
    studies, no_study = _rows(folder, "studies", Study)
    arms, no_arm = _rows(folder, "arms", Arm)
    outcomes, no_outcome = _rows(folder, "outcomes", Outcome)
    lost_studies = {cells.get("study_id", ""): why for cells, why in no_study}
    lost_arms = {(cells.get("study_id", ""), cells.get("arm_id", "")): why for cells, why in no_arm}
    known = {study.study_id: study for study in studies}
    for arm in arms:
        if why := _unplanned(known.get(arm.study_id), arm):
            lost_arms[arm.study_id, arm.arm_id] = why
    left = [Left(cells.get("row_id", ""), cells.get("study_id", ""), why) for cells, why in no_outcome]
    outcomes = _named_once(outcomes)
    for row in outcomes:
        lost = lost_studies.get(row.study_id) or lost_arms.get((row.study_id, row.arm_id))
        if lost:
            left.append(Left(row.row_id, row.study_id, lost))
    sound = tuple(arm for arm in arms if (arm.study_id, arm.arm_id) not in lost_arms)
    return Folder(studies, sound, outcomes, tuple(left), warnings)


def _named_once(rows: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """The same rows, each with an id of its own."""
    times: dict[str, int] = {}
    found = []
    for row in rows:
        times[row.row_id] = again = times.get(row.row_id, 0) + 1
        found.append(row if again == 1 else row.model_copy(update={"row_id": f"{row.row_id} ({again})"}))
    return tuple(found)


def _unplanned(study: Study | None, arm: Arm) -> str:
    """Why an arm's plan cannot be made; empty if it can, or if the rules for facts have their own word on it."""
    try:
        if study is None or meaning(arm.intervention).why_not or arm.role in ("pooled", "switched"):
            return ""
        lane_of(study, arm, study.study_id, True)
    except UnknownName as error:
        near = f"; did you mean {error.nearest!r}?" if error.nearest else ""
        return f"its intervention {arm.intervention!r} is not in the vocabulary{near}"
    except BadInput as error:
        return str(error)
    return ""


def _rows(folder: Path, table: str, model: type[R]) -> tuple[tuple[R, ...], list[tuple[dict[str, str], str]]]:
    """The rows of a table that could be read, and the cells of the others with what is wrong."""
    file = tables.TABLES[table]
    if not (folder / file).exists():
        raise BadFile(str(folder), f"there is no {file} in it", "studies.csv, arms.csv and outcomes.csv")
    try:
        (_, header), *body = list(tables.records(folder / file)) or [(1, [])]
    except (OSError, ValueError, csv.Error) as error:
        raise BadFile(str(folder / file), f"it cannot be read ({error})") from None
    if not body:
        raise BadFile(str(folder / file), "it holds no row")
    sound, broken = [], []
    for line, values in body:
        cells = dict(zip(header, values, strict=False))
        if len(values) != len(header):
            broken.append((cells, f"{file}, line {line}: {len(values)} cells, expected {len(header)}"))
            continue
        try:
            sound.append(_row(table, model, cells))
        except ValidationError as error:
            first = error.errors()[0]
            broken.append((cells, f"{file}, line {line}, column {'.'.join(map(str, first['loc']))}: {_plain(first['msg'], cells, first)}"))
    return tuple(sound), broken


def _row(table: str, model: type[R], cells: Mapping[str, str]) -> R:
    """A row, with what is wrong in columns that nothing stands on put aside. Raises pydantic's ValidationError."""
    given: dict[str, object] = {name: cells.get(name) or None for name in model.model_fields}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors()}
        if wrong & set(READ[table]):
            raise
        usual = _usual(table, model)
        return model.model_validate(given | {name: getattr(usual, name) for name in wrong})


def _usual(table: str, model: type[R]) -> R:
    """A row that keeps every rule."""
    return tables.read(table, model)[0]


def _plain(message: str, cells: Mapping[str, str], error: Mapping[str, object]) -> str:
    where: Sequence[object] = error["loc"]  # type: ignore[assignment]
    said = cells.get(str(where[0]), "") if where else ""
    return f"{said!r}: {message[:1].lower() + message[1:]}" if said else message[:1].lower() + message[1:]
