"""An answer on a terminal: who, the options side by side, a published trial beside, and what all of it holds."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.compare import BANDS_HOLD, NOT_A_DEVICE, Band, Comparison, Moment
from anagen.report import words


def show(answer: Comparison, console: Console, page: Path | None = None) -> None:
    """Print a comparison; `page` is where its HTML page was written, if it was."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(text, style=style))

    say(words.about(answer.person), "bold")
    say(f"Numbers come from: {answer.belief.label}.", "yellow")
    moments = [moment for moment in answer.moments if moment.label != "6 months" or len(answer.moments) == 1]
    say("")
    say("Hairs per cm² at the vertex: the middle forecast, and the range that holds 95 % of forecasts", "bold")
    console.print(_densities(answer, moments))
    say("More hairs per cm² than with nothing, at the same time", "bold")
    console.print(_gains(answer, moments))
    if answer.published:
        say("Published results of this trial, and our forecast for the same thing in this person (hairs per cm²)", "bold")
        console.print(_published(answer))
    say(BANDS_HOLD)
    if page is not None:
        say(f"\nThe page, with curves, pictures and sources: {page}")
    say(f"\n{NOT_A_DEVICE}", "bold")


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, expand=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _cell(band: Band, week: int, signed: bool = False) -> Text:
    return Text.assemble((words.middle(band, week, signed), "bold"), "\n", (words.within(band, week, signed), "dim"))


def _densities(answer: Comparison, moments: list[Moment]) -> Table:
    table = _table("", "now", *(f"after {moment.label}" for moment in moments))
    for option in answer.options:
        band = option.band("visible")
        table.add_row(option.treatment.title, *(_cell(band, week) for week in [0, *(moment.week for moment in moments)]))
    return table


def _gains(answer: Comparison, moments: list[Moment]) -> Table:
    table = _table("", *(f"after {moment.label}" for moment in moments))
    for option in answer.options:
        if option is not answer.nothing:
            gain = option.gain(answer.nothing)
            table.add_row(option.treatment.title, *(_cell(gain, moment.week, signed=True) for moment in moments))
    return table


def _published(answer: Comparison) -> Table:
    table = _table("study, row", "week", "arm", "published", "ours", "n")
    table.columns[2].justify = "left"
    for one in answer.published:
        theirs = Text.assemble((words.number(one.per_cm2, signed=True), "bold"), "\n", (words.source_range(one), "dim"))
        n = "not given" if one.n is None else str(one.n)
        study = f"{one.study}\n{one.row_id}"
        table.add_row(study, str(one.week), words.compared(one, answer), theirs, _cell(one.ours, 0, signed=True), n)
    return table
