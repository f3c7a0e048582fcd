"""An offer, judged, on a terminal of 80 columns: what to do, what is wrong, what is missing, how the law looks at it, what to ask."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from anagen.clinic.check import ASK, NOT_LEGAL, NOTHING_WRONG, STOP, VERDICTS
from anagen.ground.text import clean
from anagen.report.clinic_words import (
    ASSUMED,
    AT_LEAST,
    EACH_RULE,
    OLDER,
    PATH,
    QUESTIONS,
    RULES,
    SAME_ROWS,
    TITLES,
    TOLD,
    answer,
    any_at_least,
    headed,
    in_cell,
    in_words,
    names,
    reasons,
    source,
    title,
)

if TYPE_CHECKING:
    from anagen.clinic.check import Finding, Findings
    from anagen.clinic.compare import Line, SideBySide

WIDEST = 96
STYLES = {"red_flag": "bold red", "missing": "bold yellow", "caution": "yellow", "not known": "cyan", "ok": "green"}
SUMMARIES = {STOP: STYLES["red_flag"], ASK: STYLES["missing"], NOTHING_WRONG: "bold"}


def show(found: Findings, console: Console, page: Path | None = None) -> None:
    """Print the findings; `page` is where a page was written, if it was."""
    _wrap(console, title(found.offer), "bold")
    _wrap(console, found.summary, SUMMARIES[found.summary])
    for verdict in VERDICTS:
        if those := found.of(verdict):
            _wrap(console, "")
            _wrap(console, TITLES[verdict], STYLES[verdict])
            for one in those:
                _finding(one, console)
    _path(found, console)
    _wrap(console, "")
    _wrap(console, QUESTIONS, "bold")
    for at, question in enumerate(found.questions, 1):
        _wrap(console, question.words, first=f"{at:>2}. ", then="    ")
    if found.told:
        _wrap(console, "")
        _wrap(console, TOLD, "bold")
        for one in found.told:
            _finding(one, console)
    _wrap(console, "")
    _wrap(console, RULES, "dim")
    if any(one.age for one in (*found.findings, *found.told)):
        _wrap(console, OLDER, "dim")
    if page is not None:
        console.print(Text(f"The page: {page}"), soft_wrap=True)
    _wrap(console, NOT_LEGAL, "bold")


def _finding(one: Finding, console: Console) -> None:
    _wrap(console, headed(one), "bold", first="- ", then="  ")
    for reason in reasons(one):
        _wrap(console, reason, first="  ", then="  ")
    if one.rule is None:
        return
    if one.verdict == "ok":
        _wrap(console, f"How to check: {one.rule.plain.check}", first="  ", then="  ")
        _wrap(console, f"Rule: {one.about} [{one.rule.rule_id}]", "dim", first="  ", then="  ")
        return
    _wrap(console, f"Why: {one.rule.plain.why}", first="  ", then="  ")
    _wrap(console, f"How to check: {one.rule.plain.check}", first="  ", then="  ")
    _wrap(console, f"Rule: {one.about}", "dim", first="  ", then="  ")
    _wrap(console, f"Source: {source(one)}. In its words: “{one.rule.quote}”", "dim", first="  ", then="  ")
    console.print(Text(f"  {one.rule.url}", style="dim"), soft_wrap=True)


def _path(found: Findings, console: Console) -> None:
    _wrap(console, "")
    _wrap(console, PATH, "bold")
    for at, step in enumerate(found.path.steps, 1):
        told = f"{step.asks} {answer(step)}{f' ({in_words(step.words)})' if step.words else ''}."
        mark = f" ({ASSUMED})" if step.mark == "assumed" else ""
        _wrap(console, f"{told} {step.says}{mark} [{names(step.sources)}]", first=f"{at:>2}. ", then="    ")
    for end in found.path.ends:
        _wrap(console, f"{end.title}.", "bold", first=" => ", then="    ")
        _wrap(console, end.says + (f" [{names(end.rules)}]" if end.rules else ""), first="    ", then="    ")


def show_compare(found: SideBySide, console: Console, page: Path | None = None) -> None:
    """Print offers side by side, row by row."""
    _wrap(console, SAME_ROWS, "bold")
    for at, one in enumerate(found.found, 1):
        _wrap(console, f"{at}. {clean(one.offer.clinic)} ({one.offer.jurisdiction})", "bold")
    _wrap(console, "")
    for line in found.facts:
        _line(line, console)
    _wrap(console, "")
    if any_at_least(found):
        _wrap(console, AT_LEAST)
        _wrap(console, "")
    _wrap(console, EACH_RULE, "bold")
    for line in found.rules:
        _line(line, console)
    _wrap(console, "")
    _wrap(console, "anagen clinic check OFFER.toml has the reasons, the sources and the questions of one offer.")
    if page is not None:
        console.print(Text(f"The page: {page}"), soft_wrap=True)
    _wrap(console, NOT_LEGAL, "bold")


def _line(line: Line, console: Console) -> None:
    _wrap(console, line.title + (f" [{line.rule_id}]" if line.rule_id else ""), "cyan")
    for at, cell in enumerate(line.cells, 1):
        _wrap(console, in_cell(line, cell), STYLES.get(cell, ""), first=f"  {at}. ", then="     ")


def _wrap(console: Console, text: str, style: str = "", first: str = "", then: str = "") -> None:
    width = min(console.width, WIDEST)
    lines = textwrap.wrap(clean(text), width, initial_indent=first, subsequent_indent=then, break_on_hyphens=False) or [""]
    console.print(Text("\n".join(lines), style=style), soft_wrap=True)
