"""Does a folder of evidence tables keep its own rules?

`datapackage.json` states the form (header, types, required cells, vocabularies, unique keys, keys into other tables); the README of the
tables states what the words commit a row to. The first is checked here, the second in `rules`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from anagen.evidence.rules import ACROSS, WITHIN
from anagen.evidence.tables import SHIPPED, TABLES, records

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: the file, the line the row begins on (1 is the header), the column, the rule, and what is wrong.

    >>> str(Problem("outcomes.csv", 7, "mean", "use", "use = yes without a number"))
    'outcomes.csv, line 7, column mean: use = yes without a number (rule: use)'
    """

    file: str
    line: int
    column: str
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.what} (rule: {self.rule})"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: each row's line with its cells converted to their types; `sound` are the rows whose every cell could be."""

    file: str
    schema: Schema
    rows: list[tuple[int, dict[str, Any]]]
    sound: list[tuple[int, dict[str, Any]]]


def check(directory: Path | None = None) -> list[Problem]:
    """Every broken rule in a folder that holds `datapackage.json` and its tables; by default the shipped ones.

    >>> check()
    []
    """
    directory = directory or SHIPPED
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    try:
        package = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [Problem("datapackage.json", 1, "", "file", str(error))]
    if absent := TABLES.keys() - {resource["name"] for resource in package["resources"]}:
        return [Problem("datapackage.json", 1, "", "file", f"describes no {', '.join(sorted(absent))}")]
    for resource in package["resources"]:
        tables[resource["name"]], broken = _form(directory, resource["path"], resource["schema"])
        problems += broken
    if any(problem.rule in ("file", "header") for problem in problems):
        return problems  # the rules below would blame every row that points into a table that could not be read
    for name, table in tables.items():
        problems += [*_unique(table), *_foreign(table, tables, name), *_within(name, table)]
    everything = {name: [cells for _, cells in table.rows] for name, table in tables.items()}
    for name, rule in ACROSS:
        for line, cells in tables[name].sound:
            if what := rule.breaks(cells, everything):
                problems.append(Problem(tables[name].file, line, rule.column, rule.name, what))
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))


def _form(directory: Path, file: str, schema: Schema) -> tuple[Table, list[Problem]]:
    """The table, and a problem for each cell that has not the form its schema states."""
    fields = schema["fields"]
    columns = [field["name"] for field in fields]
    table, problems = Table(file, schema, [], []), []
    try:
        (_, header), *body = list(records(directory / file)) or [(1, [])]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return table, [Problem(file, 1, "", "file", str(error))]
    if header != columns:
        found, expected = next((a, b) for a, b in zip_longest(header, columns, fillvalue="") if a != b)
        return table, [Problem(file, 1, found or expected, "header", f"{found!r} stands where {expected!r} is expected")]
    for line, cells in body:
        if len(cells) != len(columns):
            problems.append(Problem(file, line, "", "width", f"{len(cells)} cells, expected {len(columns)}"))
            continue
        read = [_cell(field, cell) for field, cell in zip(fields, cells, strict=True)]
        broken = [Problem(file, line, column, rule, what) for column, (_, rule, what) in zip(columns, read, strict=True) if rule]
        row = dict(zip(columns, (value for value, _, _ in read), strict=True))
        problems += broken
        table.rows.append((line, row))
        if not broken:
            table.sound.append((line, row))
    return table, problems


def _cell(field: Schema, cell: str) -> tuple[Any, str, str]:
    """The cell's value; where it breaks a rule of its column, that rule and what is wrong, else two empty strings."""
    limits = field.get("constraints", {})
    if cell == "":
        return None, *(("required", "an empty cell") if limits.get("required") else ("", ""))
    if cell != cell.strip():
        return cell, "space", f"{cell!r} begins or ends with a space"
    value: Any = cell
    if field["type"] != "string":
        number = r"-?\d+" if field["type"] == "integer" else r"-?\d+(\.\d+)?([eE][-+]?\d+)?"
        if not re.fullmatch(number, cell):
            return cell, "type", f"{cell!r} is no {field['type']}"
        value = int(cell) if field["type"] == "integer" else float(cell)
        if value < limits.get("minimum", value):
            return value, "minimum", f"{cell} is below {limits['minimum']}"
    if "enum" in limits and cell not in limits["enum"]:
        return value, "vocabulary", f"{cell!r} is not in the vocabulary"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], cell):
        return value, "pattern", f"{cell!r} does not have the form {limits['pattern']}"
    return value, "", ""


def _names(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _unique(table: Table) -> Iterator[Problem]:
    key = _names(table.schema["primaryKey"])
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in table.rows:
        identity = tuple(row[column] for column in key)
        if identity in seen:
            yield Problem(table.file, line, key[-1], "unique", f"{'/'.join(identity)} stands on line {seen[identity]} already")
        seen.setdefault(identity, line)


def _foreign(table: Table, tables: Mapping[str, Table], name: str) -> Iterator[Problem]:
    for key in table.schema.get("foreignKeys", ()):
        columns, there = _names(key["fields"]), _names(key["reference"]["fields"])
        target = tables[key["reference"]["resource"] or name]
        known = {tuple(row[column] for column in there) for _, row in target.rows}
        for line, row in table.rows:
            value = tuple(row[column] for column in columns)
            if None not in value and value not in known:
                yield Problem(table.file, line, columns[-1], "foreign key", f"{'/'.join(value)} is not in {target.file}")


def _within(name: str, table: Table) -> Iterator[Problem]:
    for rule in WITHIN.get(name, ()):
        for line, row in table.sound:
            if rule.breaks(row):
                yield Problem(table.file, line, rule.column, rule.name, rule.what)
