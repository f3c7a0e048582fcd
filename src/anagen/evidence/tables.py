"""The evidence tables as typed rows; the shipped ones are read when first asked for and kept.

Nothing but the standard library is imported until a row is read.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from anagen.ground.errors import BadEvidence, UnknownName

if TYPE_CHECKING:
    from anagen.evidence.rows import AdverseEvent, Arm, Cost, Outcome, Parameter, Row, Study, VettingRule

R = TypeVar("R", bound="Row")

SHIPPED = Path(str(files("anagen"))) / "data" / "evidence"
TABLES = {
    "studies": "studies.csv",
    "arms": "arms.csv",
    "outcomes": "outcomes.csv",
    "adverse_events": "adverse_events.csv",
    "costs": "costs.csv",
    "parameters": "parameters.csv",
    "vetting_rules": "clinic/vetting_rules.csv",
}
"""Each table's name and its file."""

KEYS = {"studies": ("study_id",), "arms": ("study_id", "arm_id"), "vetting_rules": ("rule_id",)}
"""The columns that name a row, where they are not just `row_id`."""


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record of a CSV file, the header included, with the line it begins on. Line ends and a byte order mark may be as they are.

    >>> next(records(SHIPPED / "costs.csv"))[1][:3]
    ['row_id', 'treatment', 'item']
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader, line = csv.reader(file, strict=True), 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1


def model(table: str) -> type[Row]:
    """The class of a table's rows.

    >>> model("costs").__name__
    'Cost'
    """
    from anagen.evidence import rows

    names = ("Study", "Arm", "Outcome", "AdverseEvent", "Cost", "Parameter", "VettingRule")
    found: type[Row] = getattr(rows, dict(zip(TABLES, names, strict=True))[table])
    return found


def read(table: str, model: type[R], directory: Path | None = None) -> tuple[R, ...]:
    """Every row of a table in a folder, by default the shipped one.

    Raises `BadEvidence` naming file, line and column of the first cell that is no such thing.
    """
    from pydantic import ValidationError

    (_, header), *body = list(records((directory or SHIPPED) / TABLES[table])) or [(1, [])]
    rows = []
    for line, cells in body:
        try:
            rows.append(model.model_validate({column: cell or None for column, cell in zip(header, cells, strict=True)}))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadEvidence(f"{TABLES[table]}, line {line}, column {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        except ValueError as error:
            raise BadEvidence(f"{TABLES[table]}, line {line}: {len(cells)} cells, expected {len(header)}") from error
    return tuple(rows)


@cache
def studies() -> tuple[Study, ...]:
    """Every study, registry entry and review.

    >>> sorted({study.risk_of_bias for study in studies()})
    ['high', 'low', 'some']
    """
    from anagen.evidence.rows import Study

    return read("studies", Study)


@cache
def arms() -> tuple[Arm, ...]:
    """Every arm of every study; an arm is named by its study and its own id.

    >>> any(arm.role == "placebo" for arm in arms())
    True
    """
    from anagen.evidence.rows import Arm

    return read("arms", Arm)


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Every measured or stated result. `use` marks those fit for a synthesis: they have a number and a time.

    >>> all(row.mean is not None and row.time_weeks is not None for row in outcomes() if row.use)
    True
    """
    from anagen.evidence.rows import Outcome

    return read("outcomes", Outcome)


@cache
def adverse_events() -> tuple[AdverseEvent, ...]:
    """Every harm in every arm, zeros included where the source states them.

    >>> zero = [row for row in adverse_events() if row.use and row.n_with_event == 0]
    >>> all(row.n_at_risk for row in zero)
    True
    """
    from anagen.evidence.rows import AdverseEvent

    return read("adverse_events", AdverseEvent)


@cache
def costs() -> tuple[Cost, ...]:
    """Every price, in the currency and year of its source.

    >>> sorted({row.currency for row in costs()})
    ['CAD', 'EUR', 'GBP', 'INR', 'JPY', 'USD']
    """
    from anagen.evidence.rows import Cost

    return read("costs", Cost)


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every published number of biology, processing, transport and drug action.

    >>> parameters()[0].parameter, parameters()[0].unit
    ('scalp hair density', 'hairs/cm2')
    """
    from anagen.evidence.rows import Parameter

    return read("parameters", Parameter)


@cache
def vetting_rules() -> tuple[VettingRule, ...]:
    """Every rule for checking what a clinic says, with its legal source and date.

    >>> vetting_rules()[0].rule_id, vetting_rules()[0].verdict
    ('us_fda_approved_facility', 'red_flag')
    """
    from anagen.evidence.rows import VettingRule

    return read("vetting_rules", VettingRule)


_LOADERS = {loader.__name__: loader for loader in (studies, arms, outcomes, adverse_events, costs, parameters, vetting_rules)}


@cache
def _by_id(table: str) -> dict[str, Row]:
    """The rows of a table by their id; an arm's is `study_id/arm_id`."""
    key = KEYS.get(table, ("row_id",))
    return {"/".join(getattr(row, column) for column in key): row for row in _LOADERS[table]()}


@overload
def row(table: Literal["studies"], row_id: str) -> Study: ...
@overload
def row(table: Literal["arms"], row_id: str) -> Arm: ...
@overload
def row(table: Literal["outcomes"], row_id: str) -> Outcome: ...
@overload
def row(table: Literal["adverse_events"], row_id: str) -> AdverseEvent: ...
@overload
def row(table: Literal["costs"], row_id: str) -> Cost: ...
@overload
def row(table: Literal["parameters"], row_id: str) -> Parameter: ...
@overload
def row(table: Literal["vetting_rules"], row_id: str) -> VettingRule: ...
@overload
def row(table: str, row_id: str) -> Row: ...
def row(table: str, row_id: str) -> Row:
    """The row of that id; an arm's id is `study_id/arm_id`. Raises `UnknownName`, with the nearest name, where there is none.

    >>> found = row("parameters", "p001")
    >>> found.value, found.sd, found.unit
    (190.0, 40.0, 'hairs/cm2')
    """
    if table not in TABLES:
        raise UnknownName("evidence table", table, TABLES)
    found = _by_id(table)
    if row_id not in found:
        raise UnknownName(f"row of {table}", row_id, found, "`anagen evidence list`")
    return found[row_id]


def evidence_hash(directory: Path | None = None) -> str:
    """The SHA-256 of the tables' bytes, file names in order: what a belief was calibrated on. `directory` defaults to the shipped tables.

    A table that the folder does not hold counts as not there.

    >>> len(evidence_hash())
    64
    """
    whole = hashlib.sha256()
    for name in sorted(TABLES.values()):
        if (path := (directory or SHIPPED) / name).exists():
            whole.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
