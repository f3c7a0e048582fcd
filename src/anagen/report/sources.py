"""Where numbers come from, on a terminal: how sure the evidence is, the results and the assumptions behind a forecast."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.grounds.unknowns import MARKS, said
from anagen.report import words

if TYPE_CHECKING:
    from anagen.evidence.certainty import Certainty
    from anagen.grounds import Grounds, Part


def show_sources(plan: Grounds, against: Grounds, console: Console) -> None:
    """Print what a plan stands on, part by part, then what only the other plan has, then the course that both share."""
    _say(console, f"\nHow sure the evidence is: {plan.certainty.level}", "bold")
    _wrap(console, f"{words.capital(plan.certainty.means)}. {words.capital(words.behind(plan))}{words.only(plan)}.")
    for why in plan.because:
        _wrap(console, f"- {why}")
    _say(console, "\nWhere these numbers come from", "bold")
    if plan.why_not:
        _wrap(console, plan.why_not)
    shown = {part.title: part for part in (*plan.parts, *against.parts)}
    for part in shown.values():
        _part(part, console, alone=len(plan.parts) == 1 and part.name in plan.planned)
    course = plan.untreated
    _say(console, f"\n{words.capital(course.title)}: {course.certainty.level}", "bold cyan")
    trials = ", ".join(dict.fromkeys(one.study.study_id for one in course.entries))
    _wrap(console, f"{words.capital(words.behind(course))}{f': {trials}' if trials else ''}.")
    _reasons(course.certainty, console)
    console.print(_assumed(course))
    _say(console, "\nWhat the model takes to be so", "bold")
    every = (*plan.structure, *(one for part in shown.values() for one in part.structure))
    for sentence in dict.fromkeys(one.said for one in every):
        _wrap(console, f"- {sentence}")
    _wrap(console, "--json has every result, range and source; --cite prints the sources as BibTeX.", "dim")


def _part(part: Part, console: Console, alone: bool) -> None:
    _say(console, f"\n{words.capital(part.title)}{'' if alone else f': {part.certainty.level}'}", "bold cyan")
    _wrap(console, part.basis)
    if not alone:
        _wrap(console, f"{words.capital(words.behind(part))}{words.only(part)}.")
        _reasons(part.certainty, console)
    if part.entries:
        console.print(_results(part))
    if part.kin:
        _wrap(console, f"{words.SHARED}: {words.kin(part)}.")
    console.print(_assumed(part))


def _results(part: Part) -> Table:
    table = _table("study", "week", "people", "bias", "what was found")
    table.columns[1].justify = table.columns[2].justify = "right"
    table.columns[0].max_width = 21
    for one in part.entries:
        people = "?" if one.people is None else f"{one.people:,}"
        found = Text.assemble((f"{words.capital(one.given)}", "bold"), f", {one.counted}: {one.found}")
        table.add_row(one.study.study_id, f"{one.week:.0f}", people, one.study.risk_of_bias, found)
    return table


def _assumed(part: Part) -> Table:
    table = _table("\nwhat is not known for sure", "\nwhat we take (95 % range)", "\nhow we know")
    for row in part.rows:
        table.add_row(words.capital(said(row)), words.believed(row), MARKS[row.mark])
    return table


def _reasons(found: Certainty, console: Console) -> None:
    for why in found.because or tuple(reason.why for reason in found.reasons[:1]):
        _wrap(console, f"- {why}")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _wrap(console: Console, text: str, style: str = "") -> None:
    hang = "  " if text.startswith("- ") else ""
    for line in _lines(text, console.width, hang):
        _say(console, line, style)


def _lines(text: str, width: int, hang: str) -> Iterable[str]:
    """Lines of some width; a number keeps its percent sign."""
    return textwrap.wrap(text.replace(" %", "\u00a0%"), width, subsequent_indent=hang)


__all__ = ["show_sources"]
