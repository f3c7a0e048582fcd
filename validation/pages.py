"""What every `run.py` here does with what it measured: numbers of six digits, tables of three, a record and the page beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def digits(value: float) -> float:
    """As a record keeps it: six digits, so that a test can tell a change from a rounding."""
    return float(f"{value:.6g}")


def table(head: str, lines: Sequence[Sequence[Any]]) -> str:
    """A Markdown table: head is 'a | b | c', numbers to three digits, nothing where there is none."""
    cells = [[f"{cell:.3g}" if isinstance(cell, float) else "" if cell is None else str(cell) for cell in line] for line in lines]
    return "\n".join([f"| {head} |", "|" + " --- |" * len(head.split(" | ")), *(f"| {' | '.join(line)} |" for line in cells)])


def only(among: Sequence[Row], /, **fields: Any) -> Row:
    """The one row with these fields; ValueError if there is another, or none."""
    [found] = [row for row in among if all(row[name.replace("_", " ")] == value for name, value in fields.items())]
    return found


def unsaid(page: Path, sentences: Sequence[str]) -> list[str]:
    """The sentences that a page does not hold, line breaks aside."""
    text = " ".join(page.read_text(encoding="utf-8").split())
    return [sentence for sentence in sentences if sentence not in text]


def publish(here: Path, record: Mapping[str, Any], tables: Mapping[str, str], sentences: Sequence[str]) -> None:
    """Write record.json and the tables of README.md; name what its sentences should say now and do not."""
    (here / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    page = here / "README.md"
    readme = page.read_text(encoding="utf-8")
    for name, text in tables.items():
        before, rest = readme.split(f"<!-- {name} -->\n", 1)
        readme = f"{before}<!-- {name} -->\n{text}\n<!-- end -->{rest.split('<!-- end -->', 1)[1]}"
        print(text, end="\n\n")
    page.write_text(readme, encoding="utf-8")
    for sentence in unsaid(page, sentences):
        print(f"README.md does not say: {sentence}")
