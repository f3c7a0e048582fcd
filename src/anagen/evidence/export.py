"""A table of the evidence for other programs: CSV, JSON, Parquet; and the studies as BibTeX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from anagen.evidence.cite import bibtex
from anagen.evidence.overview import Line
from anagen.ground.errors import MissingExtra

if TYPE_CHECKING:
    from anagen.evidence.base import Evidence
    from anagen.evidence.rows import Row

Format = Literal["csv", "json", "parquet", "bibtex"]


def export(evidence: Evidence, table: str = "outcomes", form: Format = "csv") -> str | bytes:
    """A table in one of the formats: text, or bytes for Parquet. BibTeX is of the studies, whatever the table.

    CSV has the form of the shipped table, so it can be checked and read again. In JSON and Parquet an empty cell is null and `use` a truth
    value. Raises `UnknownName` for no such table, `MissingExtra` for Parquet without its package.

    >>> from anagen.evidence import Evidence
    >>> print(export(Evidence.shipped(), "costs").splitlines()[1][:52])
    k001,adsc,adipose stem cell scalp injection,USD,,300
    """
    if form == "bibtex":
        return bibtex(evidence.studies)
    rows = evidence.table(table)
    if form == "json":
        return json.dumps(records(rows), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    from anagen.evidence.tables import model

    columns = list(model(table).model_fields)
    return _csv(rows, columns) if form == "csv" else _parquet(rows, model(table))


def records(rows: Iterable[Row | Line]) -> list[dict[str, Any]]:
    """The rows, or the lines of an overview, as plain dictionaries: a key a column."""
    return [asdict(row) if isinstance(row, Line) else row.model_dump() for row in rows]


def nested(evidence: Evidence) -> list[dict[str, Any]]:
    """Each study as one dictionary with its `arms`, each of these with its `outcomes` and `adverse_events`.

    >>> from anagen.evidence import Evidence
    >>> [study] = nested(Evidence.shipped().only(["kaufman_1998"]))
    >>> [(arm["arm_id"], len(arm["outcomes"])) for arm in study["arms"]]
    [('finasteride', 4), ('placebo', 2)]
    """
    studies = {study["study_id"]: {**study, "arms": []} for study in records(evidence.studies)}
    arms = {(arm["study_id"], arm["arm_id"]): {**arm, "outcomes": [], "adverse_events": []} for arm in records(evidence.arms)}
    for (study_id, _), arm in arms.items():
        studies[study_id]["arms"].append(arm)
    for table in ("outcomes", "adverse_events"):
        for row in records(evidence.table(table)):
            arms[row["study_id"], row["arm_id"]][table].append(row)
    return list(studies.values())


def _csv(rows: tuple[Row, ...], columns: list[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _parquet(rows: tuple[Row, ...], kind: type[Row]) -> bytes:
    """Columns typed as the class of the rows says, also where every cell is empty."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("pyarrow", "parquet") from None
    types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    fields = []
    for name, field in kind.model_fields.items():
        parts = getattr(field.annotation, "__args__", (field.annotation,))
        fields.append(pa.field(name, next((types[part] for part in parts if part in types), pa.string())))
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records(rows), schema=pa.schema(fields)), buffer)
    return buffer.getvalue()
