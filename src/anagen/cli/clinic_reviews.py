"""The verbs about what a clinic asks and what is written of it: `anagen clinic quote` and `anagen clinic reviews`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anagen.cli.apps import clinic
from anagen.cli.common import NOT_A_DEVICE, busy, say

QUOTE_EXAMPLES = f"""\
Examples:

  anagen clinic quote offer.toml                      all in, a session, a cm2; what is missing; prices that were read

  anagen clinic quote examples/clinic/us-prp.toml --json

An offer is a short text file; start from one of examples/clinic/. What its [price] does not show counts as not shown.

{NOT_A_DEVICE}
"""
REVIEWS_EXAMPLES = f"""\
Examples:

  anagen clinic reviews examples/clinic/reviews.csv         made-up reviews, with copies and a crowded week

  anagen clinic reviews mine.csv --json

A table with a column of stars, and of texts, dates and sources where you have them; in any order, with any usual comma and letters.

{NOT_A_DEVICE}
"""
Json = Annotated[bool, Parameter(negative="")]


@clinic.command(help_epilogue=QUOTE_EXAMPLES)
def quote(offer: Annotated[Path, Parameter(name="OFFER.toml", negative="")], /, *, json: Json = False) -> None:
    """A clinic's price made comparable: all in, by session and by cm2, what it leaves out, and beside prices that were read.

    Parameters
    ----------
    offer
        The offer's file.
    json
        Print the numbers as JSON and nothing else.
    """
    from anagen.clinic.offer import read_offer
    from anagen.clinic.quote import normalised

    found = normalised(read_offer(offer))
    if json:
        from anagen.report.quote_data import quote as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.quote_text import show

    show(found, Console())


@clinic.command(help_epilogue=REVIEWS_EXAMPLES)
def reviews(file: Annotated[Path, Parameter(name="FILE.csv", negative="")], /, *, json: Json = False) -> None:
    """Reviews of a clinic, weighed: what those who wrote gave, copies, gifts, missing low stars, crowded weeks. Never a verdict.

    Parameters
    ----------
    file
        A table of reviews: a column of stars, and of texts, dates and sources where it has them.
    json
        Print the numbers as JSON and nothing else.
    """
    from anagen.clinic.reviews import read_reviews, weighed

    with busy("Reading the reviews"):
        found = weighed(read_reviews(file))
    if json:
        from anagen.report.reviews_data import reviews as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.reviews_text import show

    show(found, Console())
