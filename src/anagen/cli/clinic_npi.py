"""The verbs about the people of a clinic: `anagen clinic npi`, and the registry's bulk file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from anagen.cli.apps import clinic
from anagen.cli.common import NOT_A_DEVICE, busy, progress, say

NPI_EXAMPLES = f"""\
Examples:

  anagen clinic npi 1234567893                                     is it well formed? Nothing leaves this machine

  anagen clinic npi 1234567893 --live --name "Dr. Ann Lee" --state FL      ask the public registry, over the network

  anagen clinic npi 1234567893 --registry registry.duckdb          look in a bulk file that was imported

{NOT_A_DEVICE}
"""
REGISTRY_EXAMPLES = """\
Examples:

  anagen clinic registry import NPPES_Data_Dissemination.zip --to registry.duckdb

  anagen clinic registry show registry.duckdb

The bulk file is public; CMS puts out a new one each month.
"""
Json = Annotated[bool, Parameter(negative="")]

registry = App(
    name="registry",
    help="The bulk file of the US registry of providers, to look numbers up with no network.",
    help_epilogue=REGISTRY_EXAMPLES,
)
clinic.command(registry)


@clinic.command(help_epilogue=NPI_EXAMPLES)
def npi(
    number: Annotated[str, Parameter(name="NUMBER", negative="")],
    /,
    *,
    name: str = "",
    state: str = "",
    licence: str = "",
    taxonomy: str = "",
    live: Annotated[bool, Parameter(negative="")] = False,
    registry: Annotated[Path | None, Parameter(negative="")] = None,
    url: str | None = None,
    timeout: float | None = None,
    json: Json = False,
) -> None:
    """A US provider number (NPI): is it well formed, whose is it, does that fit what the clinic says, and where to look further.

    Parameters
    ----------
    number
        Ten digits; blanks and hyphens do not matter.
    name
        The name that the clinic gives for this number.
    state
        The state of the clinic, two letters.
    licence
        The number of the licence, as the clinic gives it.
    taxonomy
        The speciality, in words or as its code.
    live
        Ask the public registry, over the network. The number is sent there, and nothing else.
    registry
        A file that `anagen clinic registry import` has made: look there, with no network.
    url
        Another address that answers as the registry does.
    timeout
        Seconds to wait for an answer. If not given: 10.
    json
        Print the answer as JSON and nothing else.
    """
    from rich.console import Console

    from anagen.clinic.credentials import Said
    from anagen.clinic.offer import STATES
    from anagen.clinic.registry_live import TIMEOUT_S, URL
    from anagen.clinic.who import who
    from anagen.ground.errors import BadInput, BadParameter

    if state and state.upper().removeprefix("US-") not in STATES:
        raise BadParameter("--state", f"is {state[:40]!r}", "two letters of a US state, as FL")
    if timeout is not None and not 0.1 <= timeout <= 120:
        raise BadParameter("--timeout", f"is {timeout:g}", "0.1 to 120 seconds")
    if not live and (url is not None or timeout is not None):
        raise BadInput("--url and --timeout are for --live; give it too.")
    said = Said(name, state, licence, taxonomy)
    if (name or state or licence or taxonomy) and not live and registry is None:
        raise BadInput("to compare a name, state, licence or taxonomy the number must be looked up; give --live or --registry.")
    with busy("Looking the number up"):
        found = who(number, said, registry, live, url or URL, timeout or TIMEOUT_S)
    if json:
        from anagen.report.npi_data import npi as as_data

        return say(as_data(found))
    from anagen.report.npi_text import show

    show(found, Console())


@registry.command(name="import")
def import_(
    file: Annotated[Path, Parameter(name="FILE", negative="")], /, *, to: Annotated[Path, Parameter(negative="")], json: Json = False
) -> None:
    """Read the registry's bulk file, CSV or zip, into one file to look numbers up in. An older one stays until the new one is whole.

    Parameters
    ----------
    file
        The monthly file: npidata_pfile_....csv, or the zip that holds it.
    to
        The file to make.
    json
        Print what was made as JSON and nothing else.
    """
    from anagen.clinic.registry_import import import_file
    from anagen.report.npi_data import imported
    from anagen.report.npi_text import imported as in_words

    with progress("Reading the registry") as told:
        made = import_file(file, to, told)
    say(imported(made)) if json else print(in_words(made))


@registry.command
def show(file: Annotated[Path, Parameter(name="DB", negative="")], /, *, json: Json = False) -> None:
    """What a file that was imported holds: of which bulk file, when, and how many numbers.

    Parameters
    ----------
    file
        The file that `anagen clinic registry import` has made.
    json
        Print it as JSON and nothing else.
    """
    from anagen.clinic.registry import Registry
    from anagen.report.npi_data import imported
    from anagen.report.npi_text import imported as in_words

    with Registry(file) as opened:
        made = opened.made
    say(imported(made)) if json else print(in_words(made))
