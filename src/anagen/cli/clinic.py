"""The verbs about a clinic's offer: `anagen clinic check` and `anagen clinic compare`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anagen.cli.apps import clinic
from anagen.cli.common import NOT_A_DEVICE, say
from anagen.ground.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from anagen.clinic.check import Findings
    from anagen.clinic.compare import SideBySide

CHECK_EXAMPLES = f"""\
Examples:

  anagen clinic check offer.toml                      what is wrong, what is missing, how the law looks at it, what to ask

  anagen clinic check offer.toml --page offer.html    a page to print and take along

  anagen clinic check offer.toml --json               every finding, with its rule, source and date

An offer is a short text file; start from one of examples/clinic/. Paste the advert into it, in any language.
What is not in the file counts as not shown.

{NOT_A_DEVICE}
"""
COMPARE_EXAMPLES = f"""\
Examples:

  anagen clinic compare one.toml two.toml             the same rows for each, in the order given; nothing is ranked

  anagen clinic compare one.toml two.toml --page both.html

{NOT_A_DEVICE}
"""
Json = Annotated[bool, Parameter(negative="")]
Page = Annotated[Path | None, Parameter(negative="")]
Offers = Annotated[Path, Parameter(name="OFFER.toml", negative="")]


@clinic.command(help_epilogue=CHECK_EXAMPLES)
def check(
    offer: Annotated[Path, Parameter(name="OFFER.toml", negative="")],
    /,
    *,
    today: str | None = None,
    page: Page = None,
    json: Json = False,
) -> None:
    """An offer, judged: each claim and fact by the rules of its place, what is missing, and what to ask next. Never a score.

    Parameters
    ----------
    offer
        The offer's file.
    today
        The day on which the age of a rule is told, as 2026-11-24. If not given: today.
    page
        Where to write a page. If not given, none is written.
    json
        Print the findings as JSON and nothing else.
    """
    from anagen.clinic.check import check as judge
    from anagen.clinic.offer import read_offer

    day = _day(today)
    found = judge(read_offer(_apart(page, offer)), day)
    _write(page, found)
    if json:
        from anagen.report.clinic_data import check as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.clinic_text import show

    show(found, Console(), page)


@clinic.command(help_epilogue=COMPARE_EXAMPLES)
def compare(*offers: Offers, today: str | None = None, page: Page = None, json: Json = False) -> None:
    """Offers side by side: the same rows for each, in the order given. Nothing is ranked.

    Parameters
    ----------
    offers
        The offers' files, two or more.
    today
        The day on which the age of a rule is told, as 2026-11-24. If not given: today.
    page
        Where to write a page. If not given, none is written.
    json
        Print the rows as JSON and nothing else.
    """
    from anagen.clinic.compare import compare as side_by_side
    from anagen.clinic.offer import read_offer

    day = _day(today)
    found = side_by_side([read_offer(_apart(page, path)) for path in offers], day)
    _write(page, found)
    if json:
        from anagen.report.clinic_data import compare as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.clinic_text import show_compare

    show_compare(found, Console(), page)


def _day(today: str | None) -> datetime.date | None:
    try:
        return None if today is None else datetime.date.fromisoformat(today)
    except ValueError:
        raise BadParameter("--today", f"is {today!r}", "a day, as 2026-11-24") from None


def _apart(page: Path | None, offer: Path) -> Path:
    """The offer's file, if the page can be written and would not write over it."""
    from anagen.ground.files import writable

    if page is not None and writable(page).resolve() == offer.resolve():
        raise BadInput(f"--page {page} is the offer file itself; give the page another name.")
    return offer


def _write(page: Path | None, found: Findings | SideBySide) -> None:
    if page is not None:
        from anagen.ground.files import write_whole
        from anagen.report.clinic_page import render

        write_whole(page, render(found))
