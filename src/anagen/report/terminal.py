"""An answer on a terminal, for 80 columns: who, the options by kind, a published trial beside, and what all of it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.choices import Choices, choices
from anagen.compare import NOT_A_DEVICE, Comparison, Group, Option
from anagen.forecast import BANDS, BANDS_HOLD, OUTPUTS, WHOLE, Band
from anagen.report import choices_text, words
from anagen.report.sources import show_sources
from anagen.suitability import not_asked
from anagen.treatments.join_trial import JoinTrial

SURE = (
    "How sure the evidence is (GRADE): high, moderate, low, very low; not known where no trial counted hairs. "
    "`anagen forecast` says why, and shows the trials."
)
NAME_WIDTH, RANGE_WIDTH = 19, 9
MOST_MOMENTS = 4


class _Notes:
    """Sentences by number, in the order in which they are first met."""

    def __init__(self) -> None:
        self.said: dict[str, int] = {}

    def of(self, option: Option) -> str:
        """The numbers of an option's notes."""
        return " ".join(str(self.said.setdefault(sentence, len(self.said) + 1)) for sentence in words.limits(option))


def show(answer: Comparison, console: Console, page: Path | None = None, weighed: Choices | None = None) -> None:
    """Print a comparison; `page` is where its HTML page was written, if it was; `weighed`: its choices, where they are at hand."""
    weighed = weighed or choices(answer)
    region, notes, end = answer.regions[answer.main_region], _Notes(), answer.moments[-1]
    _head(answer, console)
    choices_text.gate(weighed, console)
    course = answer.nothing.band("visible", answer.main_region, answer.read_weeks)
    if words.taking(answer):
        _say(console, f"\n{words.capital(region)}, hairs per cm², and the range that holds 95 % of forecasts", "bold")
        now = answer.base.band("visible", answer.main_region, answer.read_weeks)
        console.print(_courses(answer, {words.untreated(answer): course, words.against(answer): now}))
    else:
        _say(console, f"\n{words.capital(region)}, with nothing: hairs per cm², and the range that holds 95 % of forecasts", "bold")
        console.print(_courses(answer, {"": course}))
    chances = answer.nothing.chances(end.week, answer.main_region)
    _say(
        console,
        f"\n{words.capital(region)}, more hairs per cm² than {words.against(answer)}, at the same time (95 % range). "
        f"Last: out of {chances.people} people like you, after {end.label}, how many have a visible gain / neither "
        "/ a visible loss, against today's hair; and how sure the evidence is",
        "bold",
    )
    for place, group in enumerate(group for group in answer.groups if group.name != "trial"):
        if place:
            _say(console, words.capital(group.title), "bold cyan")
        console.print(_options(answer, group, notes, first=place == 0))
    _say(
        console,
        f"A change counts as visible from {words.percent(chances.visible)} of today's hairs on: read for loss, taken to hold for gain.",
    )
    _say(console, words.rule(answer, "range"))
    _say(console, SURE)
    if notes.said:
        _say(console, "\nNotes: where a forecast leaves the evidence", "bold")
        for sentence, number in notes.said.items():
            _say(console, f"{number:>2}  {sentence}")
    choices_text.show(weighed, console)
    if any(option.group == "trial" for option in answer.options):
        _trial(console)
    if answer.published:
        _say(console, "\nPublished results of this trial, and our forecast for the same thing in this person (hairs per cm²)", "bold")
        console.print(_published(answer))
        if answer.nothing.known().grounds.calibrated:
            _say(console, "The model was fitted to trials like this one, so a close match here is no proof.")
    _foot(console, page, "The page, with curves, pictures, every region and sources")


def show_forecast(answer: Comparison, plan: Option, against: Option, console: Console, page: Path | None = None) -> None:
    """Print the forecast of one plan against another; `page` is where its HTML page was written, if it was."""
    weeks, end = answer.read_weeks, answer.moments[-1]
    _head(answer, console)
    if said := not_asked(answer.person):
        _say(console, said, "yellow")
    _say(console, f"\nPlan:    {plan.plan}", "bold")
    _say(console, f"Against: {against.plan}", "bold")
    for output in OUTPUTS:
        _say(
            console, f"\n{words.capital(words.OUTPUTS[output])}: the middle, and the ranges that hold 50, 80 and 95 % of forecasts", "bold"
        )
        bands = {title: plan.band(output, region, weeks) for region, title in _main_first(answer)}
        console.print(_courses(answer, bands, BANDS, high=[output != "calibre" and plan.too_high(week) for week in weeks]))
    _say(console, "\nMore hairs per cm² with the plan than against it, at the same time (95 % range)", "bold")
    gains = {title: plan.gain(against, "visible", region, weeks) for region, title in _main_first(answer)}
    console.print(_courses(answer, gains, signed=True, high=[plan.too_high(week) for week in weeks]))
    region = answer.regions[answer.main_region]
    _say(console, f"\nOut of 100 people like you, after {end.label}, at the {region}", "bold")
    for name, option in (("plan", plan), ("against", against)):
        chances = option.chances(end.week, answer.main_region)
        _say(console, f"{words.capital(name) + ':':<9}{words.people(chances)}; {chances.fewer} have fewer hairs than today.")
    _say(
        console,
        f"A change counts as visible from {words.percent(chances.visible)} of today's hairs on: read for loss, taken to hold for gain.",
    )
    if plan.beyond:
        _say(console, "\nWhere it leaves the evidence", "bold")
        for sentence in plan.beyond:
            _say(console, f"- {words.capital(sentence)}")
    show_sources(plan.known().grounds, against.known().grounds, console)
    _say(console, "")
    _foot(console, page, "The page, with curves and pictures")


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _head(answer: Comparison, console: Console) -> None:
    _say(console, words.capital(words.about(answer.person)), "bold")
    _say(console, f"These numbers are {answer.belief.label}.", "yellow")


def _foot(console: Console, page: Path | None, called: str) -> None:
    _say(console, BANDS_HOLD)
    if page is not None:
        _say(console, f"\n{called}: {page}")
    _say(console, f"\n{NOT_A_DEVICE}", "bold")


def _main_first(answer: Comparison) -> list[tuple[str, str]]:
    """Regions with their titles: the one a person asks about, the whole, the others."""
    first = (answer.main_region, WHOLE)
    return [(name, answer.regions[name]) for name in (*first, *(name for name in answer.regions if name not in first))]


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _cell(band: Band, at: int, signed: bool = False, high: bool = False) -> Text:
    said = (f"\n{words.TOO_HIGH}", "yellow") if high else ""
    return Text.assemble((words.middle(band, at, signed), "bold"), (f"\n{words.within(band, at)}", "dim"), said)


def _courses(
    answer: Comparison, bands: dict[str, Band], shares: tuple[float, ...] = (0.95,), signed: bool = False, high: Sequence[bool] = ()
) -> Table:
    """Bands over the moments, one row each; `high`: where they are known to be too high."""
    named = any(bands)
    table = _table(*([""] * named), "now", *(moment.label for moment in answer.moments))
    places = range(len(answer.read_weeks))
    for title, band in bands.items():
        if not named:
            table.add_row(*(_cell(band, at, signed) for at in places))
            continue
        told = [(f"\n{words.TOO_HIGH}" if high and high[at] else "", "yellow") for at in places]
        table.add_row(words.capital(title), *(Text.assemble((words.middle(band, at, signed), "bold"), told[at]) for at in places))
        for share in shares:
            table.add_row(f"  {words.percent(share)}", *(words.within(band, at, share=share) for at in places), style="dim")
    return table


def _options(answer: Comparison, group: Group, notes: _Notes, first: bool) -> Table:
    """The options of one kind: gain over what they are read against at each moment, people out of 100, how sure, notes."""
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=first, padding=(0, 1, 0, 0))
    shown = answer.moments[-MOST_MOMENTS:]
    table.add_column(words.capital(group.title) if first else "", width=NAME_WIDTH, header_style="bold cyan")
    for moment in shown:
        table.add_column(moment.label.replace(" months", " mo"), justify="right", width=RANGE_WIDTH)
    table.add_column("of 100", justify="right", width=7)
    table.add_column("sure", width=8)
    table.add_column("see", width=3)
    for option in group.options:
        found = option.chances(answer.moments[-1].week, answer.main_region)
        gain = option.gain(answer.base, region=answer.main_region, weeks=[moment.week for moment in shown])
        high = [option.too_high(moment.week) for moment in shown]
        cells = [Text("–") if option is answer.base else _cell(gain, place, True, high[place]) for place in range(len(shown))]
        people = f"{found.gain}/{found.neither}/{found.loss}" + (f"\n{words.TOO_HIGH}" if high[-1] else "")
        table.add_row(words.capital(option.title), *cells, people, option.known().grounds.certainty.level, notes.of(option))
    return table


def _trial(console: Console) -> None:
    _say(console, "\nJoin a trial", "bold cyan")
    _say(console, f"{JoinTrial.basis} {JoinTrial.what}")
    for place in JoinTrial.where:
        _say(console, f"- {place}")
    _say(console, f"Ask: {' '.join(JoinTrial.ask)}")


def _published(answer: Comparison) -> Table:
    table = _table("study, row", "week", "arm", "published", "ours", "n")
    table.columns[2].justify = "left"
    for one in answer.published:
        theirs = Text.assemble((words.number(one.per_cm2, signed=True), "bold"), "\n", (words.source_range(one), "dim"))
        n = "not given" if one.n is None else str(one.n)
        table.add_row(f"{one.study}\n{one.row_id}", str(one.week), words.compared(one), theirs, _cell(one.ours, 0, signed=True), n)
    return table
