"""The drivers in a terminal: the sentences of the picture, a line a row, and nothing of rows without a part."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from anagen.report import tornado
from anagen.report.tornado import sentences
from anagen.report.tornado_text import show
from anagen.therapy.batches import THEIR_OWN
from anagen.therapy.sensitivity import Drivers
from anagen.therapy.unknowns import Unknowns


def found() -> Drivers:
    from anagen.therapy.sensitivity import drivers

    rows = [Unknowns.middle().row("marrow", name) for name in ("nucleated_per_ml", "cfuf_share")]
    return drivers(lambda unknowns: {"live_cells": 30 * unknowns.of("marrow")["nucleated_per_ml"]}, rows=rows, n=64, logged=["live_cells"])


def printed(drivers: Drivers) -> str:
    console = Console(file=io.StringIO(), width=200)
    show(drivers, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_sentences_and_a_line_for_each_driver() -> None:
    drivers = found()
    shown = printed(drivers)
    for sentence in sentences(drivers.outputs["live_cells"]):
        assert sentence in shown
    assert "nucleated cells in a mL of marrow   " in shown
    assert "form colonies" not in shown  # it changes nothing
    assert f"{drivers.runs:,} runs of the model; 2 unknowns vary." in shown
    assert "logarithm" in shown


def test_a_row_of_own_batches_is_called_so() -> None:
    """In the table, the sentences of the ends and the picture; the data keep the mark of the row."""
    drivers = found()
    driven = drivers.outputs["live_cells"]
    own = tuple(replace(one, row=replace(one.row, mark="fitted", who=THEIR_OWN)) for one in driven.drivers)
    told = replace(drivers, outputs={"live_cells": replace(driven, drivers=own)})
    for said in (printed(told), tornado.draw(told)):
        assert "own batches" in said
        assert "fitted" not in said
    assert tornado.as_json(told)["outputs"]["live_cells"]["drivers"][0]["mark"] == "fitted"


def test_an_answer_that_nothing_changes_has_no_table() -> None:
    drivers = found()
    driven = drivers.outputs["live_cells"]
    still = tuple(replace(one, first=0.0, first_range=(0.0, 0.0), total=0.0, at_low=1.0, at_high=1.0) for one in driven.drivers)
    shown = printed(replace(drivers, outputs={"live_cells": replace(driven, low=1.0, high=1.0, drivers=still)}))
    assert "No unknown here changes this answer." in shown
    assert "Share of variance  " not in shown
