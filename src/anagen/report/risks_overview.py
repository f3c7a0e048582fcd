"""Every option beside the others on a terminal: in blocks of those in which the same harms were counted, for no other totals are alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from anagen.compare import NOT_A_DEVICE
from anagen.report.risks_text import STEPS, listed, short, spread, table, wrap
from anagen.risks.tables import PARTS, report_groups

if TYPE_CHECKING:
    from anagen.risks import Risks

WIDTHS = (19, 16, 22, 9, 9)


def show(found: Sequence[Risks], console: Console) -> None:
    """Print a line for each option, in the blocks of `blocks`."""
    wrap(console, f"At least one of {listed(PARTS)}: how many of 1,000, over the usual course (95 % range)", "bold")
    wrap(
        console,
        "Each block counts other harms. Compare no total with one of another block: a low one may only mean that little was counted.",
    )
    for counted, block in blocks(found):
        wrap(console, "")
        wrap(console, f"Counted: {_told(counted)}" if counted else "None of the six was counted", "bold cyan")
        made = table("option", "of 1,000", "more often, outside it", "trials", "reports", widths=WIDTHS)
        for one in block:
            made.add_row(*_cells(one))
        console.print(made)
    wrap(console, "")
    wrap(console, "Outside it: the most frequent harm that is not in the total, where it came to more people than that.")
    fewer = {item.event.word.plain for one in found for item in (one.total.items if one.total else ()) if item.event.sessions > item.times}
    if fewer:
        wrap(console, f"Counted over more sessions than a course here has, and in it as counted: {listed(sorted(fewer))}. It may be less.")
    wrap(console, "Trials: how many of those read counted any harm. What was not counted is not known; it is not zero.")
    wrap(console, f"Reports of serious harm: {' / '.join(report_groups().values())}. None read does not mean none happened.")
    wrap(console, "anagen risks --option NAME has each harm, who was counted, what was not, and the reports.")
    wrap(console, "")
    wrap(console, NOT_A_DEVICE, "bold")


def blocks(found: Sequence[Risks]) -> tuple[tuple[tuple[tuple[str, str], ...], tuple[Risks, ...]], ...]:
    """The options by the harms that their totals are of, each (step, harm); those without a total last.

    >>> from anagen.risks import risks_of_options
    >>> [len(block) for _, block in blocks(risks_of_options(["laser", "transplant_fue", "transplant_fut", "prp", "microneedling"]))]
    [1, 1, 2, 1]
    """
    made: dict[tuple[tuple[str, str], ...], list[Risks]] = {}
    for one in found:
        items = one.total.items if one.total else ()
        made.setdefault(tuple(dict.fromkeys((item.event.step, item.event.word.plain) for item in items)), []).append(one)
    return tuple((counted, tuple(block)) for counted, block in sorted(made.items(), key=lambda each: not each[0]))


def _told(counted: Sequence[tuple[str, str]]) -> str:
    by_step: dict[str, list[str]] = {}
    for step, plain in counted:
        by_step.setdefault(step, []).append(plain)
    return "; ".join(f"{STEPS[step]} ({', '.join(plain)})" for step, plain in by_step.items())


def _cells(one: Risks) -> tuple[str, ...]:
    (option,) = one.options
    return (
        option.name.replace("_", " "),
        "not known" if one.total is None else spread(one.total.chance),
        short(one.likelier[0]) if one.likelier else "–",
        f"{option.looked.counted} of {option.looked.trials}" if option.looked.trials else "none read",
        "/".join(str(len(option.reports.get(group, ()))) for group in report_groups()) if option.serious else "none read",
    )
