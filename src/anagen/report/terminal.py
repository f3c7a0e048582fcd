"""An answer on a terminal, for 80 columns and whole on any: who, the options by kind, a published trial, and what all of it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from anagen.choices import Choices, choices
from anagen.compare import NOT_A_DEVICE, Comparison, Group, Option
from anagen.forecast import BANDS, BANDS_HOLD, OUTPUTS, WHOLE, Band
from anagen.report import choices_text, words
from anagen.report.grid import Column, Grid
from anagen.report.sources import show_sources
from anagen.suitability import not_asked
from anagen.synthesis import plain
from anagen.treatments import treatment
from anagen.treatments.join_trial import JoinTrial

SURE = (
    "How sure the evidence is (GRADE): high, moderate, low, very low; not known where no trial counted hairs. "
    "`anagen forecast` says why, and shows the trials."
)
NAME_WIDTH, REGION_WIDTH, SURE_WIDTH, SEE_WIDTH = 16, 12, 8, 3
"""The narrowest columns of words; where these and the numbers do not fit side by side, each option is a block of its own."""
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
        _courses(answer, {words.untreated(answer): course, words.against(answer): now}, console)
    else:
        _say(console, f"\n{words.capital(region)}, with nothing: hairs per cm², and the range that holds 95 % of forecasts", "bold")
        _courses(answer, {"": course}, console)
    if said := words.count_and_now(answer):
        _say(console, said)
    chances = answer.nothing.chances(end.week, answer.main_region)
    _say(
        console,
        f"\n{words.capital(region)}, more hairs per cm² than {words.against(answer)}, at the same time (95 % range). "
        f"Last: out of {chances.people} people like you, after {end.label}, how many have a visible gain / neither "
        "/ a visible loss, against today's hair, and below it how far the gain is open (95 %); and how sure the evidence is",
        "bold",
    )
    _options(answer, [group for group in answer.groups if group.name != "trial"], notes, console)
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
    _what_they_are(answer, console)
    choices_text.show(weighed, console)
    if any(option.group == "trial" for option in answer.options):
        _trial(console)
    if answer.published:
        _say(console, "\nPublished results of this trial, and our forecast for the same thing in this person (hairs per cm²)", "bold")
        _published(answer, console)
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
        _courses(answer, bands, console, BANDS, high=[output != "calibre" and plan.too_high(week) for week in weeks])
    _say(console, "\nMore hairs per cm² with the plan than against it, at the same time (95 % range)", "bold")
    gains = {title: plan.gain(against, "visible", region, weeks) for region, title in _main_first(answer)}
    _courses(answer, gains, console, signed=True, high=[plan.too_high(week) for week in weeks])
    region = answer.regions[answer.main_region]
    _say(console, f"\nOut of 100 people like you, after {end.label}, at the {region}", "bold")
    for name, option in (("plan", plan), ("against", against)):
        chances = option.chances(end.week, answer.main_region)
        _say(console, f"{words.capital(name) + ':':<9}{words.people(chances)}. {words.fewer(chances)}")
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


def _cell(band: Band, at: int, signed: bool = False, high: bool = False) -> Text:
    said = (f"\n{words.TOO_HIGH}", "yellow") if high else ""
    return Text.assemble((words.middle(band, at, signed), "bold"), (f"\n{words.within(band, at)}", "dim"), said)


def _courses(
    answer: Comparison,
    bands: dict[str, Band],
    console: Console,
    shares: tuple[float, ...] = (0.95,),
    signed: bool = False,
    high: Sequence[bool] = (),
) -> None:
    """Bands over the moments, one row each; `high`: where they are known to be too high."""
    named = any(bands)
    columns = [*([Column("", REGION_WIDTH, right=False)] * named), Column("now"), *(Column(moment.label) for moment in answer.moments)]
    rows: list[list[str | Text]] = []
    styles: list[str] = []
    places = range(len(answer.read_weeks))
    for title, band in bands.items():
        if not named:
            rows.append([_cell(band, at, signed) for at in places])
            continue
        told = [(f"\n{words.TOO_HIGH}" if high and high[at] else "", "yellow") for at in places]
        rows.append([words.capital(title), *(Text.assemble((words.middle(band, at, signed), "bold"), told[at]) for at in places)])
        rows += [[f"  {words.percent(share)}", *(words.within(band, at, share=share) for at in places)] for share in shares]
        styles += ["", *["dim"] * len(shares)]
    Grid(columns, rows, ruled=True).print(console, rows, styles=styles)


def _options(answer: Comparison, groups: Sequence[Group], notes: _Notes, console: Console) -> None:
    """The options by kind: gain over what they are read against at each moment, people out of 100, how sure, notes."""
    shown = answer.moments[-MOST_MOMENTS:]
    columns = [
        Column(words.capital(groups[0].title), NAME_WIDTH, right=False),
        *(Column(moment.label.replace(" months", " mo")) for moment in shown),
        Column("of 100", called="of 100 people"),
        Column("sure", SURE_WIDTH, right=False),
        Column("see", SEE_WIDTH, right=False, called="see notes"),
    ]

    def row(option: Option) -> list[str | Text]:
        gain = option.gain(answer.base, region=answer.main_region, weeks=[moment.week for moment in shown])
        high = [option.too_high(moment.week) for moment in shown]
        cells = [Text("–") if option is answer.base else _cell(gain, place, True, high[place]) for place in range(len(shown))]
        return [words.capital(option.title), *cells, _people(answer, option), option.known().grounds.certainty.level, notes.of(option)]

    rows = {group.name: [row(option) for option in group.options] for group in groups}
    grid = Grid(columns, [one for found in rows.values() for one in found], style="bold cyan")
    for place, group in enumerate(groups):
        if place or not grid.side_by_side(console):
            _say(console, words.capital(group.title), "bold cyan")
        grid.print(console, rows[group.name], head=place == 0)


def _people(answer: Comparison, option: Option) -> Text:
    """Out of 100 people: with a visible gain / neither / a visible loss; and how far the gain is open."""
    week = answer.moments[-1].week
    found = option.chances(week, answer.main_region)
    high = (f"\n{words.TOO_HIGH}", "yellow") if option.too_high(week) else ""
    return Text.assemble(f"{found.gain}/{found.neither}/{found.loss}", (f"\n{words.of_people(found, 'gain')}", "dim"), high)


def _what_they_are(answer: Comparison, console: Console) -> None:
    _say(console, "\nWhat each option is", "bold")
    told: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for option in answer.options for name in option.plan.names):
        told.setdefault("join a trial" if name == "join_trial" else plain(treatment(name)), []).append(words.what_each_is()[name])
    for called, what in told.items():
        _say(console, f"- {words.capital(called)}: {' Or: '.join(what)}")


def _trial(console: Console) -> None:
    _say(console, "\nJoin a trial", "bold cyan")
    _say(console, f"{JoinTrial.basis} {JoinTrial.what}")
    for place in JoinTrial.where:
        _say(console, f"- {place}")
    _say(console, f"Ask: {' '.join(JoinTrial.ask)}")


def _published(answer: Comparison, console: Console) -> None:
    columns = [
        Column("study, row", NAME_WIDTH, right=False),
        Column("week"),
        Column("arm", NAME_WIDTH, right=False),
        Column("published"),
        Column("ours"),
        Column("n", SURE_WIDTH, called="people"),
    ]
    rows: list[list[str | Text]] = []
    for one in answer.published:
        theirs = Text.assemble((words.number(one.per_cm2, signed=True), "bold"), "\n", (words.source_range(one), "dim"))
        n = "not given" if one.n is None else str(one.n)
        ours = _cell(one.ours, 0, signed=True)
        rows.append([f"{one.study}\n{one.row_id}", str(one.week), words.compared(one), theirs, ours, n])
    Grid(columns, rows, ruled=True).print(console, rows)
