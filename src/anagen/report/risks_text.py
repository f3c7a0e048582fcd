"""Risks on a terminal, for 80 columns: first what came to most people, then the rest, then serious reports, and who was counted."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.compare import NOT_A_DEVICE
from anagen.evidence.rare import clopper_pearson
from anagen.risks.tables import PARTS, report_groups, rules

if TYPE_CHECKING:
    from anagen.evidence.rare import Rate
    from anagen.risks import Event, OptionRisks, Risks, Serious, Spread, Total

WIDEST = 96
NBSP = "\u00a0"
NEW_LINE = "\n"
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


def show(found: Sequence[Risks], console: Console) -> None:
    """Print each plan in full."""
    for place, one in enumerate(found):
        if place:
            wrap(console, "")
        _plan(one, console)
    wrap(console, "")
    wrap(console, NOT_A_DEVICE, "bold")


def _plan(one: Risks, console: Console) -> None:
    wrap(console, f"What may go wrong: {one.plan}", "bold")
    if not one.options:
        wrap(console, "Nothing is given, so there is no harm to count. Hair loss goes on.")
        return
    wrap(console, "All numbers: how many of 1,000 had it, with the 95 % range. Harms overlap: never add them.")
    for option in one.options:
        _option(option, console)
    if one.total is None:
        why = "Trials lie too far apart for one number." if one.apart else "No trial that was read counted one of them."
        wrap(console, "")
        wrap(console, f"At least one of {listed(PARTS)}: not known. {why}", "bold")
    else:
        _total(one, one.total, console)


def _option(one: OptionRisks, console: Console) -> None:
    times = ", ".join(STEPS[step] + (f" {_times(count)}" if step in DONE else "") for step, count in one.times.items())
    wrap(console, "")
    wrap(console, f"{_capital(one.title)} ({times})", "bold cyan")
    for said in one.said:
        wrap(console, f"- {said}", "yellow")
    often = rules()["often"].value
    _events(f"{often:g} or more of 1,000 had it", one, one.often, console)
    _events(f"Fewer than {often:g} of 1,000 had it", one, one.seldom, console)
    _events("Nobody had it who was looked at: up to so many of 1,000 still may", one, one.unseen, console)
    marks = [mark for mark in NOTES if any(MARKS[event.whose] == mark for event in one.events)]
    if one.events:
        wrap(console, f"Counted in {', '.join(f'[{place}]{NBSP}{study}' for study, place in _places(one).items())}.", "dim")
    for mark in marks:
        told = list(dict.fromkeys(event.says for event in one.events if MARKS[event.whose] == mark))
        wrap(console, f"{mark} {_capital(NOTES[mark])}. {' '.join(told)}", "dim")
    if any(event.events is None for event in one.events):
        wrap(console, "~ The source prints a share and not the count.", "dim")
    if any(event.placebo_apart for event in one.events):
        wrap(console, f"{APART} In the trials with placebo alone; others counted it too.", "dim")
    if any(event.scattered for event in one.events):
        said = "Trials differ: each has its own count beside, too far apart for one number of them all. The highest sets its place here."
        wrap(console, said, "dim")
    if any(event.tau and not event.scattered for event in one.events):
        wrap(console, "Where trials differ a little, it is the chance in a middle one.", "dim")
    for event in one.events:
        for study in one.apart_in(event):
            called = _capital(event.word.short)
            wrap(console, f"{called} came to fewer than another harm in {study}: it was counted beside that one, not over it.", "dim")
    for step, says in one.unknown_steps:
        wrap(console, f"Not known, {STEPS[step]}: {says}")
    _looked(one, console)
    _serious(one, console)


def _events(title: str, one: OptionRisks, found: Sequence[Event], console: Console) -> None:
    if not found:
        return
    wrap(console, "")
    wrap(console, title, "bold")
    placebo = any(event.on_placebo for event in found)
    made = table("harm", "of 1,000", "counted", *(("placebo", "more") if placebo else ()))
    for event in found:
        apart = APART if event.placebo_apart else ""
        beside = (_rate(event.on_placebo) + apart, _more(event) + (apart if event.excess else "")) if placebo else ()
        made.add_row(*line(one, event, _places(one)), *beside)
    console.print(made)


def _places(one: OptionRisks) -> dict[str, int]:
    """The studies that counted a harm of an option, each with its number, in the order of the tables."""
    studies = dict.fromkeys(study for event in (*one.often, *one.seldom, *one.unseen) for study in event.studies)
    return {study: place for place, study in enumerate(studies, start=1)}


def line(one: OptionRisks, event: Event, places: Mapping[str, int] = MappingProxyType({})) -> tuple[str, str, str]:
    """One harm of an option in words: what it is, how many of 1,000 had it, of how many it was counted; places: number of each study."""
    alone = bool(event.doses) and event.on_placebo is None and any(other.on_placebo for other in one.events)
    return _name(event, one.holds(event), alone), _chance(event), _counted(event, places)


def _name(event: Event, holds: bool, alone: bool) -> str:
    """holds: whether it holds others here; alone: whether no placebo stood beside, as it did beside others here."""
    name = _capital(event.word.plain) + MARKS[event.whose] + PER[event.unit]
    told = [*event.severity, *event.duration]
    if event.sessions > 1:
        told.append(f"counted over {number(event.sessions)} sessions")
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


def _counted(event: Event, places: Mapping[str, int]) -> str:
    if event.events is not None and (event.scattered or (event.tau and len(event.counts) <= MOST_COUNTS)):
        return "\n".join(f"{events:,} of {people:,}{_in([study], places)}" for study, events, people in event.counts)
    if event.events is None:
        said = "~" if event.people is None else f"~ of {event.people:,}"
    else:
        said = f"{event.events:,} of {event.people:,}" + (f"\nin {event.k} trials" if event.k > 1 and not places else "")
    return said + _in(event.studies, places)


def _in(studies: Sequence[str], places: Mapping[str, int]) -> str:
    numbers = ", ".join(str(places[study]) for study in studies if study in places)
    return f"{' ' if len(studies) == 1 else NEW_LINE}[{numbers}]" if numbers else ""


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "–"
    return f"{'0' if rate.chance is None else thousand(rate.chance)} ({thousand(rate.low)} to {thousand(rate.high)})"


def _more(event: Event) -> str:
    if event.excess is None:
        return "–"
    return f"{thousand(event.excess.difference)} ({thousand(event.excess.low)} to {thousand(event.excess.high)})"


def _looked(one: OptionRisks, console: Console) -> None:
    wrap(console, "")
    if one.who:
        wrap(console, f"Who was counted for it: {', '.join(f'up to {people:,} {who}' for who, people in one.who)}.")
    looked = one.looked
    if looked.trials:
        more = (
            f" {looked.at_all - looked.counted} more told of it without a count that can be used." if looked.at_all > looked.counted else ""
        )
        wrap(console, f"{looked.counted} of {looked.trials} trials of it that were read counted any harm.{more}")
        wrap(console, "How they looked for harm is not in what was read. A trial that did not look says nothing.")
    else:
        wrap(console, "No trial of it alone was read.")
    if looked.fact:
        wrap(console, looked.fact)
    wrap(console, f"Later: {one.long_term.said}")
    if one.not_counted:
        rows = len(one.not_counted)
        wrap(console, f"{rows} more row{'' if rows == 1 else 's'} without a rate: --json has each, and why.", "dim")


def reports(one: OptionRisks) -> str:
    """How many serious reports there are of each kind; none of them is a rate.

    >>> from anagen.risks import harms_of
    >>> from anagen.plan import Plan
    >>> reports(harms_of(Plan.parse("prp"))[0])
    '2 of this product put into skin'
    """
    return ", ".join(f"{len(found)} of {report_groups()[group]}" for group, found in one.reports.items())


def _serious(option: OptionRisks, console: Console) -> None:
    wrap(console, "")
    if not option.serious:
        wrap(console, "Serious reports: none was read for it. That does not mean that none happened.", "bold")
        return
    wrap(console, "Serious reports: they happened; how often is not known, unless a rate is given", "bold")
    for group, called in report_groups().items():
        if not (found := option.reports.get(group, ())) and group == "harvest":
            continue
        wrap(console, f"Of {called}: {len(found) or 'none read, which does not mean that none happened'}", "bold")
        for one in found:
            wrap(console, f"- {one.year or 'No date read'}: {one.what} Given: {one.product}; {one.route}.{_how_often(one)} {one.lesson}")
            console.print(Text(f"  {one.source_url}", style="dim"), soft_wrap=True)


def _how_often(one: Serious) -> str:
    """The rate of a report that has one, out of 1,000 with its range."""
    if one.counted is None:
        return ""
    low, high = clopper_pearson(*one.counted)
    had, of = one.counted
    return f" Rate: {thousand(had / of)} of 1,000 ({thousand(low)} to {thousand(high)}); {one.rate}."


def _total(plan: Risks, one: Total, console: Console) -> None:
    wrap(console, "")
    wrap(console, f"Over the whole plan, at least one of {listed(PARTS)}", "bold")
    wrap(console, f"{spread(one.chance)} of 1,000 people, of what was counted.", "bold")
    if (low := thousand(one.least)) != (high := thousand(one.most)):
        wrap(console, f"From {low} to {high}, however much one harm goes with another ({one.correlation:g} is taken, which is assumed).")
        wrap(console, "The range holds all of that, and that few people were counted.")
    for item in one.items:
        if item.event.sessions > item.times:
            over, planned = number(item.event.sessions), number(item.times)
            said = f"{_capital(item.event.word.plain)} goes in as it was counted, over {over} sessions: in {planned} it may be less."
            wrap(console, said)
    if plan.likelier:
        wrap(console, f"Not in this total, and likelier than it: {'; '.join(map(short, plan.likelier))}.", "bold")
    for item in plan.apart:
        said = (
            f"Not in this total, since its trials lie too far apart for one number: {item.option.replace('_', ' ')}, {short(item.event)}."
        )
        wrap(console, said, "yellow")
    if one.missing:
        wrap(console, "Not in this total, since no trial that was read counted it: not known.", "yellow")
        for (option, step), parts in _by_step(one.missing).items():
            wrap(console, f"- {option.replace('_', ' ')}, {STEPS[step]}: {listed(parts)}", "yellow")


def short(event: Event) -> str:
    """A harm with its chance, or with the count of each trial where they differ too much.

    >>> from anagen.risks import harms_of
    >>> from anagen.plan import Plan
    >>> [short(one) for one in harms_of(Plan.parse("transplant fut"))[0].often if one.event in ("oedema", "infection")]
    ['swelling 425 (310 to 546)', 'infection (trials differ: 2 of 2,896; 8 of 73)']
    """
    plain = event.word.short + MARKS[event.whose]
    if event.scattered:
        return f"{plain} (trials differ: {'; '.join(f'{had:,} of {people:,}' for _, had, people in event.counts)})"
    return f"{plain} {_chance(event)}"


def number(count: int) -> str:
    """A small number in words."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _by_step(missing: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for option, step, part in missing:
        found.setdefault((option, step), []).append(part)
    return found


def spread(one: Spread) -> str:
    """A chance with its range, out of 1,000."""
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


def listed(words: Sequence[str]) -> str:
    """Words as a list with an or before the last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def table(*columns: str, widths: Sequence[int | None] = ()) -> Table:
    """A table without lines, its first column to the left; widths: of its columns, as wide as needed where none is given."""
    made = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, name in enumerate(columns):
        made.add_column(name, justify="left" if place == 0 else "right", overflow="fold", width=widths[place] if widths else None)
    return made


def wrap(console: Console, text: str, style: str = "") -> None:
    """Print a text in lines no wider than a reader likes."""
    hang = "  " if text.startswith("- ") else ""
    for line in textwrap.wrap(text.replace(" %", f"{NBSP}%"), min(console.width, WIDEST), subsequent_indent=hang) or [""]:
        console.print(Text(line, style=style))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["STEPS", "line", "listed", "number", "reports", "short", "show", "spread", "table", "thousand", "wrap"]
