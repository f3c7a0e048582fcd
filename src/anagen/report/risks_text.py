"""Risks on a terminal, for 80 columns: first what came to most people, then the rest, then serious reports, and who was counted."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.compare import NOT_A_DEVICE
from anagen.risks.tables import PARTS, rules

if TYPE_CHECKING:
    from anagen.evidence.rare import Rate
    from anagen.risks import Event, OptionRisks, Risks, Serious, Spread, Total

WIDEST = 96
STEPS = {
    "harvest": "taking tissue",
    "surgery": "the operation",
    "injection": "the needles",
    "product": "what is given",
    "drug": "the drug",
    "unknown": "step not told",
}
DONE = ("harvest", "surgery", "injection")
"""Steps that are done so many times."""
PER = {"persons": "", "procedures": ", per procedure", "dose_cases": ", per person and dose"}
MARKS = {"own": "", "together": "°", "other product": "†", "other procedure": "*", "none": ""}
MOST_COUNTS = 4
APART = "‡"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
NOTES = {"°": "given with another treatment", "†": "of another product", "*": "of another procedure, in other patients"}


def show(found: Sequence[Risks], console: Console, whole: bool = True) -> None:
    """Print each plan in full, or all of them as a table with one line each."""
    if not whole:
        _overview(found, console)
    for place, one in enumerate(found if whole else ()):
        if place:
            _wrap(console, "")
        _plan(one, console)
    _wrap(console, "")
    _wrap(console, NOT_A_DEVICE, "bold")


def _overview(found: Sequence[Risks], console: Console) -> None:
    _wrap(console, f"At least one of {_list(PARTS)}: how many of 1,000, over the usual course (95 % range)", "bold")
    table = _table("option", "of 1,000", "counted", "trials with a count", "reports")
    for one in found:
        (option,) = one.options
        shown = "not known" if one.total is None else _spread(one.total.chance)
        seen = f"{option.looked.counted} of {option.looked.trials}" if option.looked.trials else "no trial read"
        parts = f"{0 if one.total is None else len(one.total.parts)} of {len(PARTS)}"
        table.add_row(option.name.replace("_", " "), shown, parts, seen, str(len(option.serious)) if option.serious else "none read")
    console.print(table)
    _wrap(
        console,
        f"Counted: how many of the {len(PARTS)} were. With a count: trials of it that counted any harm. Reports: of serious harm.",
    )
    _wrap(console, "Drugs do other harm than these six: see each by its name.")
    _wrap(console, "A low number may only mean that few harms were counted. What was not counted is not known; it is not zero.")
    _wrap(console, "How often the serious reports come is not known. None read does not mean none happened.")
    _wrap(console, "anagen risks --option NAME has each harm, who was counted, and the reports.")


def _plan(one: Risks, console: Console) -> None:
    _wrap(console, f"What may go wrong: {one.plan}", "bold")
    if not one.options:
        _wrap(console, "Nothing is given, so there is no harm to count. Hair loss goes on.")
        return
    _wrap(console, "All numbers: how many of 1,000 had it, with the 95 % range. Harms overlap: never add them.")
    for option in one.options:
        _option(option, console)
    if one.total is None:
        _wrap(console, "")
        _wrap(console, f"At least one of {_list(PARTS)}: not known. No trial that was read counted one of them.", "bold")
    else:
        _total(one.total, console)


def _option(one: OptionRisks, console: Console) -> None:
    times = ", ".join(STEPS[step] + (f" {_times(count)}" if step in DONE else "") for step, count in one.times.items())
    _wrap(console, "")
    _wrap(console, f"{_capital(one.title)} ({times})", "bold cyan")
    for said in one.said:
        _wrap(console, f"- {said}", "yellow")
    often = rules()["often"].value
    _events(f"{often:g} or more of 1,000 had it", one, one.often, console)
    _events(f"Fewer than {often:g} of 1,000 had it", one, one.seldom, console)
    _events("Nobody had it who was looked at: up to so many of 1,000 still may", one, one.unseen, console)
    marks = [mark for mark in NOTES if any(MARKS[event.whose] == mark for event in one.events)]
    for mark in marks:
        told = list(dict.fromkeys(event.says for event in one.events if MARKS[event.whose] == mark))
        _wrap(console, f"{mark} {_capital(NOTES[mark])}. {' '.join(told)}", "dim")
    if any(event.events is None for event in one.events):
        _wrap(console, "~ The source prints a share and not the count.", "dim")
    if any(event.placebo_apart for event in one.events):
        _wrap(console, f"{APART} In the trials with placebo alone; others counted it too.", "dim")
    if any(event.scattered for event in one.events):
        said = "Trials differ: each has its own count beside, too far apart for one number of them all. The highest sets its place here."
        _wrap(console, said, "dim")
    if any(event.tau and not event.scattered for event in one.events):
        _wrap(console, "Where trials differ a little, it is the chance in a middle one.", "dim")
    for step, says in one.unknown_steps:
        _wrap(console, f"Not known, {STEPS[step]}: {says}")
    _looked(one, console)
    _serious(one.serious, console)


def _events(title: str, one: OptionRisks, found: Sequence[Event], console: Console) -> None:
    if not found:
        return
    _wrap(console, "")
    _wrap(console, title, "bold")
    placebo = any(event.on_placebo for event in found)
    table = _table("harm", "of 1,000", "counted", *(("placebo", "more") if placebo else ()))
    for event in found:
        apart = APART if event.placebo_apart else ""
        beside = (_rate(event.on_placebo) + apart, _more(event) + (apart if event.excess else "")) if placebo else ()
        table.add_row(*line(one, event), *beside)
    console.print(table)


def line(one: OptionRisks, event: Event) -> tuple[str, str, str]:
    """One harm of an option in words: what it is, how many of 1,000 had it, and of how many it was counted."""
    alone = bool(event.doses) and event.on_placebo is None and any(other.on_placebo for other in one.events)
    return _name(event, one.holds(event), alone), _chance(event), _counted(event)


def _name(event: Event, holds: bool, alone: bool) -> str:
    """holds: whether it holds others here; alone: whether no placebo stood beside, as it did beside others here."""
    name = _capital(event.word.plain) + MARKS[event.whose] + PER[event.unit]
    told = [*event.severity, *event.duration]
    if event.sessions > 1:
        told.append(f"counted over {NUMBERS[event.sessions] if event.sessions < len(NUMBERS) else event.sessions} sessions")
    told += [f"of {dose.replace('%', ' %')}" for dose in event.doses]
    if alone:
        told.append("no placebo beside")
    also = f" ({'; '.join(told)})" if told else ""
    whole = ", which holds others here" if holds else ""
    if event.word.kind == "whole" and not holds:
        whole = f", counted there as “{'; '.join(event.reported)}”"
    return f"{name}{whole}: {STEPS[event.step]}{also}"


def _chance(event: Event) -> str:
    if event.chance is None:
        return f"0, up to {thousand(event.high)}"
    if event.scattered:
        return "trials differ"
    return f"{thousand(event.chance)} ({thousand(event.low)} to {thousand(event.high)})"


def _counted(event: Event) -> str:
    if event.events is None:
        return "~" if event.people is None else f"~ of {event.people:,}"
    if event.scattered or (event.tau and len(event.counts) <= MOST_COUNTS):
        return "\n".join(f"{events:,} of {people:,}" for _, events, people in event.counts)
    return f"{event.events:,} of {event.people:,}" + (f"\nin {event.k} trials" if event.k > 1 else "")


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "–"
    return f"{'0' if rate.chance is None else thousand(rate.chance)} ({thousand(rate.low)} to {thousand(rate.high)})"


def _more(event: Event) -> str:
    if event.excess is None:
        return "–"
    return f"{thousand(event.excess.difference)} ({thousand(event.excess.low)} to {thousand(event.excess.high)})"


def _looked(one: OptionRisks, console: Console) -> None:
    _wrap(console, "")
    if one.who:
        _wrap(console, f"Who was counted for it: {', '.join(f'up to {people:,} {who}' for who, people in one.who)}.")
    looked = one.looked
    if looked.trials:
        more = (
            f" {looked.at_all - looked.counted} more told of it without a count that can be used." if looked.at_all > looked.counted else ""
        )
        _wrap(console, f"{looked.counted} of {looked.trials} trials of it that were read counted any harm.{more}")
        _wrap(console, "How they looked for harm is not in what was read. A trial that did not look says nothing.")
    else:
        _wrap(console, "No trial of it alone was read.")
    if looked.fact:
        _wrap(console, looked.fact)
    _wrap(console, f"Later: {one.long_term.said}")
    if one.not_counted:
        rows = len(one.not_counted)
        _wrap(console, f"{rows} more row{'' if rows == 1 else 's'} without a rate: --json has each, and why.", "dim")


def _serious(found: Sequence[Serious], console: Console) -> None:
    _wrap(console, "")
    if not found:
        _wrap(console, "Serious reports: none was read for it. That does not mean that none happened.", "bold")
        return
    _wrap(console, "Serious reports: they happened; how often is not known", "bold")
    for one in found:
        rate = "" if one.rate == "unknown" else f" ({one.rate})"
        where = f"{one.product}; {one.route}"
        _wrap(console, f"- {one.year or 'No date read'}: {one.what} Given: {where}{rate}. {one.lesson}")
        console.print(Text(f"  {one.source_url}", style="dim"), soft_wrap=True)


def _total(one: Total, console: Console) -> None:
    _wrap(console, "")
    _wrap(console, f"Over the whole plan, at least one of {_list(PARTS)}", "bold")
    _wrap(console, f"{_spread(one.chance)} of 1,000 people, of what was counted.", "bold")
    if (low := thousand(one.least)) != (high := thousand(one.most)):
        _wrap(console, f"From {low} to {high}, however much one harm goes with another ({one.correlation:g} is taken, which is assumed).")
    if one.missing:
        _wrap(console, "Not in this total, since no trial that was read counted it: not known.", "yellow")
        for (option, step), parts in _by_step(one.missing).items():
            _wrap(console, f"- {option.replace('_', ' ')}, {STEPS[step]}: {_list(parts)}", "yellow")


def _by_step(missing: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for option, step, part in missing:
        found.setdefault((option, step), []).append(part)
    return found


def _spread(one: Spread) -> str:
    return f"{thousand(one.middle)} ({thousand(one.low)} to {thousand(one.high)})"


def thousand(share: float) -> str:
    """A share as so many of 1,000; below ten with two digits that count, so that a small chance is never shown as 0.

    >>> thousand(0.3439), thousand(0.0052), thousand(0.000018), thousand(-0.0044)
    ('344', '5.2', '0.018', '−4.4')
    """
    per = 1000 * share
    if abs(per) >= 10 or abs(per) < 1e-4:
        return f"{round(per):,}".replace("-", "−")
    two = float(f"{per:.2g}" if abs(per) < 9.95 else f"{per:.3g}")
    return f"{two:.10f}".rstrip("0").rstrip(".").replace("-", "−")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _wrap(console: Console, text: str, style: str = "") -> None:
    hang = "  " if text.startswith("- ") else ""
    for line in textwrap.wrap(text.replace(" %", "\u00a0%"), min(console.width, WIDEST), subsequent_indent=hang) or [""]:
        console.print(Text(line, style=style))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["line", "show", "thousand"]
