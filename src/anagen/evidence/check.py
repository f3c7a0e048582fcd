"""Does a folder of evidence tables keep its rules?

`datapackage.json` states the form (header, types, required cells, vocabularies, unique keys, keys into other tables); the README of the
tables states what the words commit a row to. The first is checked here, the second in `rules`.

A folder whose own `datapackage.json` describes every table is whole and stands alone. Any other is extra: some tables in the shipped form,
whose rows may point into the shipped ones and may not bear a name of theirs.
"""

from __future__ import annotations

import csv
import difflib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from anagen.evidence.rules import ACROSS, WITHIN
from anagen.evidence.tables import SHIPPED, TABLES, records
from anagen.ground.errors import BadFile

Schema = Mapping[str, Any]
PARTED = {";": "a semicolon", "\t": "a tab"}


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
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{column}: {self.what} (rule: {self.rule})"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: each row's line with its cells converted to their types; `sound` are the rows whose every cell could be."""

    file: str
    schema: Schema
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    sound: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def check(directory: str | Path | None = None) -> list[Problem]:
    """Every broken rule in a folder, whole or extra; by default in the shipped one.

    Raises `BadFile` where there is no folder, or no table in it.

    >>> check()
    []
    """
    if directory is None:
        return _check_whole(SHIPPED)
    return _check_whole(Path(directory)) if _is_whole(_folder(directory)) else check_extra(directory)


def check_extra(directory: str | Path) -> list[Problem]:
    """Every broken rule in a folder of extra tables, read beside the shipped ones. Raises `BadFile` as `check` does.

    >>> check_extra("no/such/folder")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: no/such/folder: there is no such folder.
    """
    folder, schemas, shipped = _folder(directory), _schemas(SHIPPED), _shipped()
    misnamed = [_misnamed(path.name) for path in sorted(folder.glob("*.csv"))]
    problems = [problem for problem in misnamed if problem]
    tables = {name: Table(file, schemas[name]) for name, file in TABLES.items()}
    for name in present(folder):
        tables[name], broken = _form(folder, TABLES[name], schemas[name])
        problems += broken
    return _judged(tables, problems, shipped)


def present(directory: str | Path) -> list[str]:
    """The names of the tables that a folder holds. Raises `BadFile` where there is no folder, or no table in it.

    >>> present(SHIPPED)[:2]
    ['studies', 'arms']
    """
    folder = _folder(directory)
    if found := [name for name, file in TABLES.items() if (folder / file).exists()]:
        return found
    raise BadFile(str(directory), "there is no evidence table in this folder", f"one or more of {', '.join(TABLES.values())}")


def _folder(directory: str | Path) -> Path:
    folder = Path(directory)
    if not folder.exists():
        raise BadFile(str(directory), "there is no such folder")
    if not folder.is_dir():
        raise BadFile(str(directory), "this is a file", "a folder of evidence tables")
    return folder


def _schemas(directory: Path) -> dict[str, Schema]:
    """The schema of each table that a folder's `datapackage.json` describes, by the table's name."""
    package = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource["schema"] for resource in package["resources"]}


def _is_whole(folder: Path) -> bool:
    try:
        return TABLES.keys() <= _schemas(folder).keys()
    except FileNotFoundError:
        return False
    except (OSError, ValueError, LookupError, TypeError):
        return True  # it means to describe itself, and cannot be read: that is its first problem


@cache
def _shipped() -> dict[str, Table]:
    return {name: _form(SHIPPED, TABLES[name], schema)[0] for name, schema in _schemas(SHIPPED).items()}


def _check_whole(folder: Path) -> list[Problem]:
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    try:
        for name, schema in _schemas(folder).items():
            if name in TABLES:
                tables[name], broken = _form(folder, TABLES[name], schema)
                problems += broken
    except (OSError, ValueError, LookupError, TypeError) as error:
        return [Problem("datapackage.json", 1, "", "file", f"it does not describe the tables ({error})")]
    return _judged(tables, problems, {name: Table(table.file, table.schema) for name, table in tables.items()})


def _judged(tables: Mapping[str, Table], problems: list[Problem], known: Mapping[str, Table]) -> list[Problem]:
    """The problems of form, and those of keys and meaning beside the rows that are `known` already."""
    if any(problem.rule in ("file", "header") for problem in problems):
        return problems  # the rules below would blame every row that points into a table that could not be read
    for name, table in tables.items():
        problems += [*_unique(table, known[name]), *_foreign(table, name, tables, known), *_within(name, table)]
    everything = {name: [cells for part in (known, tables) for _, cells in part[name].rows] for name in tables}
    for name, rule in ACROSS:
        for line, cells in tables[name].sound:
            if what := rule.breaks(cells, everything):
                problems.append(Problem(tables[name].file, line, rule.column, rule.name, what))
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))


def _misnamed(file: str) -> Problem | None:
    """A CSV file that is no table, but nearly bears the name of one."""
    near = difflib.get_close_matches(file.lower(), TABLES.values(), n=1, cutoff=0.8)
    return Problem(file, 1, "", "file", f"no table has this name; did you mean {near[0]}?") if near and file != near[0] else None


def _form(directory: Path, file: str, schema: Schema) -> tuple[Table, list[Problem]]:
    """The table, and a problem for each cell that has not the form its schema states."""
    fields = schema["fields"]
    columns = [field["name"] for field in fields]
    table, problems = Table(file, schema), []
    try:
        (_, header), *body = list(records(directory / file)) or [(1, [])]
    except FileNotFoundError:
        return table, [Problem(file, 1, "", "file", "there is no such file")]
    except UnicodeDecodeError:
        return table, [_not_text(file, (directory / file).read_bytes())]
    except (OSError, csv.Error) as error:
        return table, [Problem(file, 1, "", "file", f"it cannot be read as a table ({error})")]
    if header != columns:
        return table, [_wrong_header(file, header, columns)]
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


def _not_text(file: str, data: bytes) -> Problem:
    """The place where a file is not UTF-8."""
    try:
        data.decode()
        at = 0
    except UnicodeDecodeError as error:
        at = error.start
    what = f"byte 0x{data[at]:02x} is not UTF-8; save the file as CSV in UTF-8"
    return Problem(file, data[:at].count(b"\n") + 1, "", "file", what)


def _wrong_header(file: str, header: list[str], columns: list[str]) -> Problem:
    """The first thing that is wrong with a header, in words."""
    found, expected = next((a, b) for a, b in zip_longest(header, columns, fillvalue="") if a != b)
    extra = [name for name in header if name not in columns]
    missing = [name for name in columns if name not in header]
    if not any(header):
        what = f"the first line is empty; it names the columns, from {columns[0]} to {columns[-1]}"
    elif len(header) == 1 and (mark := next((mark for mark in PARTED if mark in header[0]), "")):
        found, what = "", f"cells are parted by {PARTED[mark]} where a comma is expected"
    elif extra and not missing:
        found, what = extra[0], f"there is no column {extra[0]!r} in this table"
    elif missing and not extra:
        found, what = missing[0], f"the column {missing[0]!r} is missing"
    else:
        what = f"{found!r} stands where {expected!r} is expected"
    return Problem(file, 1, found, "header", what)


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
        if not math.isfinite(value):
            return cell, "type", f"{cell} is too large to be a number here"
        if value < limits.get("minimum", value):
            return value, "minimum", f"{cell} is below {limits['minimum']}"
    if "enum" in limits and cell not in limits["enum"]:
        near = difflib.get_close_matches(cell, limits["enum"], n=1)
        return value, "vocabulary", f"{cell!r} is not in the vocabulary" + (f"; did you mean {near[0]!r}?" if near else "")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], cell):
        return value, "pattern", f"{cell!r} does not have the form {limits['pattern']}"
    return value, "", ""


def _names(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _unique(table: Table, known: Table) -> Iterator[Problem]:
    key = _names(table.schema.get("primaryKey", []))
    seen = {tuple(row[column] for column in key): f"in the shipped {known.file}" for _, row in known.rows}
    for line, row in table.rows:
        identity = tuple(row[column] for column in key)
        if identity in seen:
            name = "/".join(str(part or "") for part in identity)
            yield Problem(table.file, line, key[-1], "unique", f"{name} stands {seen[identity]} already")
        seen.setdefault(identity, f"on line {line}")


def _foreign(table: Table, name: str, tables: Mapping[str, Table], known: Mapping[str, Table]) -> Iterator[Problem]:
    for key in table.schema.get("foreignKeys", ()):
        columns, there = _names(key["fields"]), _names(key["reference"]["fields"])
        target = key["reference"]["resource"] or name
        names = {tuple(row[column] for column in there) for part in (known, tables) for _, row in part[target].rows}
        for line, row in table.rows:
            value = tuple(row[column] for column in columns)
            if None not in value and value not in names:
                yield Problem(table.file, line, columns[-1], "foreign key", f"{'/'.join(value)} is not in {tables[target].file}")


def _within(name: str, table: Table) -> Iterator[Problem]:
    for rule in WITHIN.get(name, ()):
        for line, row in table.sound:
            if rule.breaks(row):
                yield Problem(table.file, line, rule.column, rule.name, rule.what)
