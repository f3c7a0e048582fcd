"""New studies put to the test, as data: for `--json` and for a table of its own. What is not known is null."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen.report.judge import unit_of

if TYPE_CHECKING:
    from anagen.calibrate.judge import Judgement, Line
    from anagen.calibrate.scores import Prediction

Data = dict[str, Any]
SHARES = (0.5, 0.8, 0.9)


def judgement(found: Judgement) -> Data:
    """All of a judgement; `rows` in the order of the table."""
    told: Data = {
        "rows": [_row(line, found) for line in found.lines],
        "scores": {name: _scores(asdict(one)) for name, one in found.scores.items()},
        "differences": {name: asdict(one) for name, one in found.differences.items()},
        "treatments": {name: {of: _scores(asdict(one)) for of, one in its.items()} for name, its in found.treatments.items()},
        "statements": {name: asdict(one) for name, one in found.statements.items()},
        "warnings": list(found.warnings),
    }
    plain: Data = _known(told)
    return plain


def text(found: Judgement) -> str:
    """All of a judgement as JSON."""
    return json.dumps(judgement(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def table(found: Judgement) -> str:
    """Every row and predictor as CSV, a line each."""
    lines = io.StringIO()
    columns = ["row", "study", "arm", "control", "outcome", "output", "kind", "unit", "treatment", "week", "counted", "why"]
    numbers = ["observed", "said", "predictor", "median", *(f"{end}_{share:.0%}" for share in SHARES for end in ("low", "high"))]
    writer = csv.DictWriter(lines, [*columns, *numbers, "chance_significant", "crps", "log_score"], lineterminator="\n")
    writer.writeheader()
    for row in judgement(found)["rows"]:
        shared = {name: row.get(name) for name in (*columns, "observed", "said")}
        if not row["predictions"]:
            writer.writerow(shared)
        for name, one in row["predictions"].items():
            ends = {f"{end}_{share:.0%}": one[f"range_{share:.0%}"][side] for share in SHARES for side, end in enumerate(("low", "high"))}
            more = {key: one[key] for key in ("median", "chance_significant", "crps", "log_score")}
            writer.writerow({**shared, "predictor": name, **ends, **more})
    return lines.getvalue()


def _row(line: Line, found: Judgement) -> Data:
    row: Data = {
        "row": line.row,
        "study": line.study,
        "arm": line.arm or None,
        "outcome": line.outcome or None,
        "week": line.week,
        "counted": line.counted,
        "why": line.why or None,
        "predictions": {},
    }
    if line.place is None:
        return row
    one = found.main[line.place]
    made = {name: _prediction(its[line.place]) for name, its in found.predictions.items()}
    return row | {
        "control": one.control,
        "output": one.output,
        "kind": one.kind,
        "unit": unit_of(one),
        "treatment": one.treatment,
        "observed": one.observed,
        "said": one.said or None,
        "predictions": made,
    }


def _prediction(one: Prediction) -> Data:
    looked = not math.isnan(one.observed)
    return {
        "median": one.median,
        **{f"range_{share:.0%}": list(one.interval(share)) for share in SHARES},
        "chance_significant": one.chance_significant,
        "crps": one.crps if looked else None,
        "log_score": one.log_score if looked else one.log_chance_said if one.said else None,
    }


def _scores(one: Data) -> Data:
    return {**one, "coverage": {f"{share:.0%}": its for share, its in one["coverage"].items()}}


def _known(data: Any) -> Any:
    """The same, with null for what is no number."""
    if isinstance(data, dict):
        return {name: _known(its) for name, its in data.items()}
    if isinstance(data, list):
        return [_known(its) for its in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
