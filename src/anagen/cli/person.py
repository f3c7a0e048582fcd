"""The verbs about one person: `anagen compare`, `anagen forecast`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anagen.cli.apps import EXAMPLES, app
from anagen.cli.common import busy, whole_number
from anagen.ground.draws import USUAL_DRAWS
from anagen.ground.errors import BadInput

if TYPE_CHECKING:
    from anagen.choices import Choices
    from anagen.compare import Comparison

FEWEST_DRAWS, MOST_DRAWS = 100, 20000


@app.command(help_epilogue=EXAMPLES)
def compare(
    person: Annotated[Path, Parameter(name="PERSON.toml", negative="")],
    /,
    *,
    plan: Annotated[list[str] | None, Parameter(negative="")] = None,
    years: float = 2.0,
    draws: int | None = None,
    seed: int | None = None,
    page: Annotated[Path | None, Parameter(negative="")] = None,
    no_page: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    cite: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """One person, every option side by side: a table, published results beside it, and a page to read or print.

    Parameters
    ----------
    person
        The person: a TOML file.
    plan
        A plan to set beside doing nothing and going on as now, as a sentence; may be given again. If not given: every option that fits.
    years
        How far to look ahead, up to 5.
    draws
        How many possible truths to try, from 100 up. If not given: 500.
    seed
        Which draws of the belief. The same seed gives the same numbers.
    page
        Where to write the page. If not given: <name of the person file>-report.html, here.
    no_page
        Write no page.
    json
        Print the numbers as JSON and nothing else; no page unless --page is given.
    cite
        Print the studies, sources and methods behind the numbers as BibTeX and nothing else; no page unless --page is given.
    """
    _one_output(json, cite)
    if page is not None and no_page:
        raise BadInput("--page and --no-page cannot both be given.")
    if page is None and not no_page and not json and not cite:
        page = Path(f"{person.stem}-report.html")
    answer = _ask(person, plan, years, draws, seed, page)
    if cite and page is None:
        sys.stdout.write(answer.cite())
        return
    from anagen.choices import choices

    weighed = choices(answer)
    if page is not None:
        _write(page, answer, weighed)
    if cite:
        sys.stdout.write(answer.cite())
        return
    if json:
        from anagen.report import machine

        sys.stdout.write(machine.text(machine.comparison(answer, None if page is None else str(page), weighed)))
        return
    from rich.console import Console

    from anagen.report.terminal import show

    show(answer, Console(), page, weighed)


@app.command(help_epilogue=EXAMPLES)
def forecast(
    person: Annotated[Path, Parameter(name="PERSON.toml", negative="")],
    /,
    *,
    plan: str,
    against: str = "nothing",
    years: float = 2.0,
    draws: int | None = None,
    seed: int | None = None,
    page: Annotated[Path | None, Parameter(negative="")] = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    cite: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """One person, one plan: density, thick hairs and width by region, what it gains against nothing or another plan.

    Parameters
    ----------
    person
        The person: a TOML file.
    plan
        What the person will do, as a sentence: "finasteride 1 mg daily; prp from week 12".
    against
        Another plan to read it against.
    years
        How far to look ahead, up to 5.
    draws
        How many possible truths to try, from 100 up. If not given: 500.
    seed
        Which draws of the belief. The same seed gives the same numbers.
    page
        Where to write a page. If not given, none is written.
    json
        Print the numbers as JSON and nothing else.
    cite
        Print the studies, sources and methods behind the numbers as BibTeX and nothing else.
    """
    _one_output(json, cite)
    answer = _ask(person, [plan, against], years, draws, seed, page)
    one, other = answer.option(plan), answer.option(against)
    one.known(), other.known()
    if page is not None:
        _write(page, answer)
    if cite:
        sys.stdout.write(answer.cite())
        return
    if json:
        from anagen.report import machine

        sys.stdout.write(machine.text(machine.forecast(answer, one, other, None if page is None else str(page))))
        return
    from rich.console import Console

    from anagen.report.terminal import show_forecast

    show_forecast(answer, one, other, Console(), page)


def _one_output(json: bool, cite: bool) -> None:
    if json and cite:
        raise BadInput("--json and --cite cannot both be given.")


def _ask(person: Path, plans: list[str] | None, years: float, draws: int | None, seed: int | None, page: Path | None) -> Comparison:
    """The answer of the question, once all that is asked makes sense; `page` is looked at before the work begins."""
    whole_number("--draws", draws, FEWEST_DRAWS, MOST_DRAWS)
    from anagen.ground.files import writable

    if page is not None and writable(page).resolve() == person.resolve():
        raise BadInput(f"--page {page} is the person file itself; give the page another name.")
    from anagen.people.person import read_person

    someone = read_person(person)
    from anagen.belief import Belief
    from anagen.compare import compare as ask

    belief = Belief.shipped(n=USUAL_DRAWS if draws is None else draws, seed=seed or 0)
    with busy(f"Following {belief.size} possible scalps under every option"):
        return ask(someone, belief, years=years, options=plans)


def _write(page: Path, answer: Comparison, weighed: Choices | None = None) -> None:
    from anagen.ground.files import write_whole
    from anagen.report.page import render

    with busy("Drawing the page"):
        write_whole(page, render(answer, weighed))
