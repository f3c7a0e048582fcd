"""The verb about harm: `anagen risks`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anagen.cli.apps import app
from anagen.cli.common import NOT_A_DEVICE, busy, say, whole_number

EXAMPLES = f"""\
Examples:

  anagen risks                                      every option on one line

  anagen risks me.toml                              every option that fits me

  anagen risks --option finasteride --option svf    each harm of two options

  anagen risks --plan "svf at weeks 0 and 12; minoxidil 5%"

  anagen risks --option prp --json                  every number, with its rows

{NOT_A_DEVICE}
"""
FEWEST_DRAWS, MOST_DRAWS = 100, 20000


@app.command(help_epilogue=EXAMPLES)
def risks(
    person: Annotated[Path | None, Parameter(name="PERSON.toml", negative="")] = None,
    /,
    *,
    plan: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    option: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    draws: int | None = None,
    seed: int | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """What may go wrong: each harm out of 1,000 with its range, who was counted, serious reports, and the chance of at least one.

    Parameters
    ----------
    person
        A person's file. Options that are not for this sex are left out, and it is said where only the other sex was counted.
    plan
        A plan as a sentence; several may be given.
    option
        An option by its name, at its usual course; several may be given. Without a plan or an option: all on one line each.
    draws
        How many draws of each chance, from 100 up. If not given: 2000.
    seed
        Which draws. The same seed gives the same numbers.
    json
        Print the numbers as JSON and nothing else.
    """
    whole_number("--draws", draws, FEWEST_DRAWS, MOST_DRAWS)
    from anagen.people.person import read_person
    from anagen.risks import risks as of_plan
    from anagen.risks import risks_of_options

    who = None if person is None else read_person(person)
    named = bool(plan or option)
    with busy("Counting"):
        found = [of_plan(sentence, who, draws=draws, seed=seed or 0) for sentence in plan]
        if option or not named:
            found += risks_of_options(option or None, who, draws=draws, seed=seed or 0)
    if json:
        from anagen.report.risks_data import risks as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.risks_overview import show as overview
    from anagen.report.risks_text import show

    (show if named else overview)(found, Console())
