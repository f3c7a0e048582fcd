"""The ledger of the calibration: every fact that entered, with the rows it comes from, and every row that did not, with the reason.

It ships as `data/calibration/facts.csv`, so that a forecast can say what it stands on without JAX.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from anagen.calibrate.arms import Lane, lanes_of
from anagen.calibrate.facts import Baseline, Fact, Facts, Left, facts_of
from anagen.ground.files import write_whole

COLUMNS = (
    "rows",
    "trial",
    "study_id",
    "arm_id",
    "control",
    "output",
    "week",
    "kind",
    "value",
    "se",
    "se_origin",
    "n",
    "n_control",
    "n_origin",
    "said",
    "treatments",
    "control_treatments",
    "used",
    "why_not",
)
"""A list within a cell is parted by semicolons. `kind` is `change`, `percent` (of the level before) or `before` (that level).

`n_origin`: `read`; `shared`, where the trial's people are spread evenly over its arms; `assumed`, where none were counted.
"""


def ledger(facts: Facts) -> str:
    """The ledger as CSV: first the facts in their order, then levels before treatment, then the rows left out.

    >>> from anagen.evidence import arms, outcomes, studies
    >>> ledger(facts_of(studies(), arms(), outcomes())).splitlines()[1]
    'o002,rushton_1991,rushton_1991,untreated,,visible,52.1,percent,-6.5,,imputed,26,,read,,,,yes,'
    """
    lanes = {(lane.study, lane.arm): lane for lane in lanes_of(facts)}
    told = {study.study_id for study in facts.studies if study.n_analysed or study.n_enrolled}
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(_fact(fact, facts.family(fact.study), lanes, fact.study in told) for fact in facts.facts)
    table.writerows(_before(one, facts.family(one.study)) for one in facts.baselines)
    table.writerows(_left(facts.left))
    return text.getvalue()


def write(folder: Path) -> None:
    """Write the ledger of the shipped evidence into a folder, as `facts.csv`."""
    from anagen.evidence import arms, outcomes, studies

    write_whole(folder / "facts.csv", ledger(facts_of(studies(), arms(), outcomes())))


def _fact(fact: Fact, trial: str, lanes: dict[tuple[str, str], Lane], told: bool) -> dict[str, str]:
    imputed = "" if fact.said else "imputed"
    return {
        "rows": ";".join(fact.rows),
        "trial": trial,
        "study_id": fact.study,
        "arm_id": fact.arm,
        "control": fact.control or "",
        "output": fact.output,
        "week": _number(fact.week),
        "kind": fact.kind,
        "value": "" if fact.said in ("significant", "not_significant") else _number(fact.value),
        "se": "" if fact.se is None else _number(fact.se),
        "se_origin": imputed if fact.se is None else "read",
        "n": _number(fact.n),
        "n_control": _number(fact.n_control) if fact.control else "",
        "n_origin": "read" if not fact.imputed_n else "shared" if told else "assumed",
        "said": fact.said,
        "treatments": _given(lanes[fact.study, fact.arm]),
        "control_treatments": _given(lanes[fact.study, fact.control]) if fact.control else "",
        "used": "yes",
    }


def _before(one: Baseline, trial: str) -> dict[str, str]:
    made = {"rows": ";".join(one.rows), "trial": trial, "study_id": one.study, "output": one.output}
    return {**made, "week": "0", "kind": "before", "value": _number(one.value), "used": "yes"}


def _left(rows: tuple[Left, ...]) -> Iterator[dict[str, str]]:
    for one in sorted(rows, key=lambda left: left.row):
        yield {"rows": one.row, "study_id": one.study, "used": "no", "why_not": one.why}


def _given(lane: Lane) -> str:
    return ";".join(dict.fromkeys(kind.name for kind, _ in lane.given))


def _number(value: float) -> str:
    return f"{value:.6g}"


__all__ = ["COLUMNS", "ledger", "write"]
