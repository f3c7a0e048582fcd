"""Every number in every output traces to a row: outputs hang on the rows that they name and on no other, and code holds no number."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from therapy.every import EVERY

from anagen.ground.rows import Row
from anagen.therapy.extract import Source, extract
from anagen.therapy.process import Product, Recipe, process
from anagen.therapy.unknowns import Array, Name, Unknowns

SOURCES = Path(__file__).resolve().parents[2] / "src" / "anagen" / "therapy"
IDS = [recipe.name for _, recipe in EVERY]
FEW = Unknowns.drawn(5)


def outputs(product: Product) -> list[Array]:
    """Every array of a product and its tissue."""
    arrays = [product.cells, product.live_cells, product.hours, product.weeks, *product.shares.values(), *product.holds.values()]
    arrays += [array for one in (product.viable_share, product.doublings) if one is not None for array in (one,)]
    arrays += [array for stage in product.stages for array in (stage.into, stage.out)]
    return [*arrays, *product.tissue.holds.values(), *product.tissue.loses.values()]


def made(source: Source, recipe: Recipe, unknowns: Unknowns) -> Product:
    return process(extract(source, unknowns), recipe, unknowns)


def moved(source: Source, recipe: Recipe, row: Row) -> bool:
    """Whether an output changes when a row's draws do; a fixed row's number is changed instead."""
    name: Name = (row.of, row.name)
    if row.spread == "fixed":
        other = Row(**{**row.__dict__, "value": row.value * 0.9})
        changed = FEW.but({}, other)
    else:
        changed = FEW.but({name: FEW.draws[name] * 0.9})
    before, after = made(source, recipe, FEW), made(source, recipe, changed)
    return any(not np.array_equal(a, b) for a, b in zip(outputs(before), outputs(after), strict=True))


@pytest.mark.parametrize(("source", "recipe"), EVERY, ids=IDS)
def test_outputs_hang_on_the_rows_they_name_and_on_no_other(source: Source, recipe: Recipe) -> None:
    product = made(source, recipe, FEW)
    named = {(row.of, row.name) for row in product.rows}
    hang = {(row.of, row.name) for row in FEW.rows if moved(source, recipe, row)}
    assert hang - named == set()
    only_hold = {row for row in named - hang if FEW.row(*row).spread != "fixed"}
    assert only_hold == set()  # a row that varies and is named moves something; fixed ones may be limits alone
    assert all(row.mark in ("read", "assumed") and row.source for row in product.rows)


def test_a_number_that_hangs_on_an_unnamed_row_is_seen() -> None:
    source, recipe = EVERY[0]
    product = made(source, recipe, FEW)
    named = {(row.of, row.name) for row in product.rows} - {("enzymatic_svf", "yield_per_g")}
    assert {(row.of, row.name) for row in FEW.rows if moved(source, recipe, row)} - named == {("enzymatic_svf", "yield_per_g")}


def numbers(source: str) -> Iterator[float]:
    """The numbers that stand in code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node.value


@pytest.mark.parametrize("file", ["extract.py", "process.py", "release.py"])
def test_no_number_of_biology_or_practice_stands_in_code(file: str) -> None:
    """0, 1 and 2 (halves, doublings, the radius of a circle) and the default punch of 2 mm are all there is."""
    assert {float(number) for number in numbers((SOURCES / file).read_text(encoding="utf-8"))} <= {0.0, 1.0, 2.0}


def test_a_number_in_code_is_seen() -> None:
    assert list(numbers("yield_per_g = 7e5 * True")) == [7e5]
