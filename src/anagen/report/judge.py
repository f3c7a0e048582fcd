"""New studies put to the test, on a terminal of 80 columns: every row with its prediction, then how good the predictions were."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from anagen.calibrate.judge import Judgement, Line
    from anagen.calibrate.scores import Prediction, Range

NAMES = {"mechanistic": "anagen", "pooled": "pooled", "time_course": "time course"}
"""What each predictor is called."""
ABOUT = {
    "mechanistic": "the calibrated model of this package",
    "pooled": "each treatment's mean at the last visit, random effects",
    "time_course": "an Emax network over time",
}
OUTPUTS = {
    "visible": "hairs",
    "nonvellus": "thick hairs",
    "vellus": "vellus hairs",
    "anagen": "growing hairs",
    "telogen": "resting hairs",
    "calibre": "width",
    "thickness": "thickness",
    "weight": "weight",
    "anagen_share": "growing share",
    "telogen_share": "resting share",
    "nonvellus_share": "thick share",
    "anagen_telogen": "growing to resting",
}
DENSITIES = ("visible", "nonvellus", "vellus", "anagen", "telogen")
UNITS = {
    **dict.fromkeys(DENSITIES, "hairs/cm²"),
    **dict.fromkeys(("anagen_share", "telogen_share", "nonvellus_share"), "points"),
    "calibre": "μm",
    "thickness": "mm/cm²",
    "weight": "mg/cm²",
    "anagen_telogen": "",
}
WIDEST = 100
MOST_WARNINGS = 3


def unit_of(one: Prediction) -> str:
    """The unit of a prediction's numbers; empty for a ratio."""
    return "%" if one.kind == "percent" else UNITS[one.output]


def what(one: Prediction) -> str:
    """What a row tells of: arm, the arm it is held against, and what was counted."""
    arms = one.arm if one.control is None else f"{one.arm} − {one.control}"
    unit = unit_of(one)
    level = "level of " if one.kind == "level" else ""
    counted = f"{level}{OUTPUTS[one.output]}"
    return f"{arms}: {counted}/cm²" if unit == "hairs/cm²" else f"{arms}: {counted}, {unit}" if unit else f"{arms}: {counted}"


def number(value: float, signed: bool = True) -> str:
    """One digit after the point below 100, none above; a true minus sign.

    >>> number(-3.44), number(120.4), number(0.01), number(198.2, signed=False)
    ('−3.4', '+120', '0.0', '198')
    """
    shown = f"{abs(value):.0f}" if abs(value) >= 99.95 else f"{abs(value):.1f}"
    if float(shown) == 0:
        return shown
    return f"{'−' if value < 0 else '+' if signed else ''}{shown}"


def held(one: Prediction) -> str:
    """The narrowest of the three ranges that holds what was observed, or `out`."""
    return next((f"{100 * share:.0f} %" for share in (0.5, 0.8, 0.9) if one.holds(share)), "out")


def show(found: Judgement, console: Console) -> None:
    """Print every row of every study, the statements, the scores and what stands behind them."""
    _wrap(console, "Each row was predicted before its number was looked at: the middle, and the ranges that hold 80 and 90 %.")
    studies = dict.fromkeys(line.study for line in found.lines)
    for study in studies:
        _study(found, study, console)
    _statements(found, console)
    _scores(found, console)
    for warning in found.warnings[:MOST_WARNINGS]:
        _wrap(console, f"A broken rule: {warning}", "yellow")
    if len(found.warnings) > MOST_WARNINGS:
        _wrap(console, f"{len(found.warnings) - MOST_WARNINGS} more, which `anagen evidence check` lists.", "yellow")


def _study(found: Judgement, study: str, console: Console) -> None:
    own = [line for line in found.lines if line.study == study]
    numbers = [line for line in own if line.place is not None and not found.main[line.place].said]
    _say(console, f"\n{study}", "bold")
    if numbers:
        table = _table("row", "what", "week", "middle", "80 %", "90 %", "seen", "within")
        table.columns[1].justify = "left"
        for line in numbers:
            table.add_row(*_cells(line, found))
        console.print(table)
    for line in own:
        if line.place is None:
            told = " ".join(part for part in (line.row, line.arm, line.outcome) if part)
            _wrap(console, f"- {told}: not predicted, {line.why}")
        elif line.why:
            _wrap(console, f"- {line.row} is not scored: {line.why}")
        elif found.main[line.place].said:
            _wrap(console, f"- {line.row} is a statement: see below")


def _cells(line: Line, found: Judgement) -> tuple[str | Text, ...]:
    assert line.place is not None
    one = found.main[line.place]
    signed = one.kind != "level"
    ranges = [f"{number(low, signed)}..{number(high, signed)}" for low, high in (one.interval(0.8), one.interval(0.9))]
    within = held(one)
    return (
        line.row + ("" if line.counted else "*"),
        what(one),
        f"{one.week:.0f}",
        number(one.median, signed),
        *ranges,
        number(one.observed, signed),
        Text(within, style="yellow" if within == "out" else ""),
    )


def _statements(found: Judgement, console: Console) -> None:
    rows = [(line, line.place) for line in found.lines if line.place is not None and found.main[line.place].said]
    if not rows:
        return
    _say(console, "\nStatements without a number: the chance that was predicted for `significant`", "bold")
    table = _table("row", "what", "week", *(NAMES.get(name, name) for name in found.predictions), "said")
    table.columns[1].justify = "left"
    for line, place in rows:
        one = found.main[place]
        chances = [f"{100 * made[place].chance_significant:.0f} %" for made in found.predictions.values()]
        table.add_row(line.row, f"{line.study} {what(one)}", f"{one.week:.0f}", *chances, one.said.replace("_", " "))
    console.print(table)
    table = _table("", "statements", "Brier [95 %]", "log score")
    for name, its in found.statements.items():
        brier = f"{its.brier.value:.2f} [{its.brier.low:.2f}, {its.brier.high:.2f}]"
        table.add_row(NAMES.get(name, name), str(its.statements), brier, score(its.log_score, 2))
    console.print(table)
    _wrap(console, "Brier: 0 is perfect, and 0.25 is a coin. Log score: higher is better, and −0.69 is a coin.", "dim")


def _scores(found: Judgement, console: Console) -> None:
    if not found.scores:
        _say(console, "\nNo number to score.", "bold")
        return
    first = found.scores[found.name]
    _say(console, f"\nScores of {first.rows} rows of {first.trials} trials", "bold")
    table = _table("", "in 50 %", "in 80 %", "in 90 % [95 %]", "CRPS", "log score")
    for name, one in found.scores.items():
        half, most, all_but = (one.coverage[share] for share in (0.5, 0.8, 0.9))
        cells = [_share(half), _share(most), f"{_share(all_but)} {_between(all_but)}", score(one.crps, 2), score(one.log_score)]
        table.add_row(NAMES.get(name, name), *cells)
    console.print(table)
    _wrap(console, "CRPS: in percent of the hairs before treatment, lower is better. Log score: higher is better.", "dim")
    for name in found.scores:
        if name in ABOUT:
            _wrap(console, f"- {NAMES[name]}: {ABOUT[name]}", "dim")
    for name, gap in found.differences.items():
        log_score, crps = (
            f"{score(gap.log_score, signed=True)} (SE {score(gap.log_score_se)})",
            f"{score(gap.crps, 2, True)} (SE {score(gap.crps_se, 2)})",
        )
        _wrap(console, f"{NAMES.get(found.name, found.name)} less {NAMES.get(name, name)}, a row: log score {log_score}, CRPS {crps}.")
    table = _table("treatment", "rows", "in 90 %", *(f"log: {NAMES.get(name, name)}" for name in found.scores))
    for treatment, one in found.treatments[found.name].items():
        logs = [score(its[treatment].log_score, 2) for its in found.treatments.values()]
        table.add_row(treatment.replace("_", " "), str(one.rows), _share(one.coverage[0.9]), *logs)
    console.print()
    console.print(table)


def score(value: float, digits: int = 3, signed: bool = False) -> str:
    """A score, with a true minus sign; `?` where it is not known.

    >>> score(-3.4567), score(0.5, 2, signed=True)
    ('−3.457', '+0.50')
    """
    return "?" if value != value else f"{'−' if value < 0 else '+' if signed else ''}{abs(value):.{digits}f}"


def _share(one: Range) -> str:
    return f"{100 * one.value:.0f} %"


def _between(one: Range) -> str:
    return f"[{100 * one.low:.0f}, {100 * one.high:.0f}]"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold", no_wrap=name not in ("what", "treatment"))
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _wrap(console: Console, text: str, style: str = "") -> None:
    hang = "  " if text.startswith("- ") else ""
    for line in textwrap.wrap(text.replace(" %", "\u00a0%"), min(console.width, WIDEST), subsequent_indent=hang) or [""]:
        _say(console, line, style)


__all__ = ["held", "number", "score", "show", "unit_of", "what"]
