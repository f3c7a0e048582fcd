"""The verb that comes before any number: `anagen suitability`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anagen.cli.apps import app
from anagen.cli.common import NOT_A_DEVICE, say

EXAMPLES = f"""\
Examples:

  anagen suitability me.toml              signs to have looked at first, and every option

  anagen suitability me.toml --json       each reason with its rule, source and quote

  anagen suitability examples/refused-pregnant.toml    no number, and what to do

{NOT_A_DEVICE}
"""


@app.command(help_epilogue=EXAMPLES)
def suitability(
    person: Annotated[Path, Parameter(name="PERSON.toml", negative="")],
    /,
    *,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Before any number: signs that need a diagnosis first, and which options are studied in people like you, or not for you.

    Parameters
    ----------
    person
        The person: a TOML file. It is answered also where no forecast may be given.
    json
        Print it as JSON and nothing else.
    """
    from anagen.people.person import read_person
    from anagen.suitability import suitable

    found = suitable(read_person(person))
    if json:
        from anagen.report.suitability_data import suitability as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.suitability_text import show

    show(found, Console())
