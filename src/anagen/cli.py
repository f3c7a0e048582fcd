"""The command line: `anagen compare`, `anagen forecast`. Each verb is one call into a question; here its answer is only shown.

Exit codes: 0 done; 1 something on our side; 2 something given to us is wrong (one sentence says what); 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, CycloptsError, Parameter

from anagen import __version__
from anagen.ground.errors import AnagenError, BadInput, BadParameter

if TYPE_CHECKING:
    from anagen.compare import Comparison

FEWEST_DRAWS, USUAL_DRAWS, MOST_DRAWS = 100, 500, 20000
EXAMPLES = """\
Examples:

  anagen compare me.toml                  every option that fits, and me-report.html

  anagen compare me.toml --plan "minoxidil 5%" --plan "finasteride; prp from week 12"

  anagen compare me.toml --json           the numbers as data, for a program

  anagen forecast me.toml --plan "finasteride 1 mg daily"

  anagen forecast me.toml --plan "svf" --against "minoxidil 5%" --page svf.html

A person is a short text file; start from one of examples/. A plan is a sentence.

This is for understanding. It is not a medical device and does not replace a doctor.
"""

app = App(
    name="anagen",
    help="What each treatment of hair loss would do for one person, over years, with its range, beside doing nothing.",
    help_epilogue=EXAMPLES,
    help_format="plaintext",
    version=f"anagen {__version__}",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)


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
) -> None:
    """One person, every option side by side: a table, published results beside it, and a page to read or print.

    Parameters
    ----------
    person
        The person: a TOML file.
    plan
        A plan to compare with doing nothing, as a sentence; may be given again. If not given: every option that fits.
    years
        How far to look ahead, up to 5.
    draws
        How many possible truths to try, from 100 up, drawn from the stated priors. If not given: the belief that anagen ships.
    seed
        Which draws of the priors. The same seed gives the same numbers.
    page
        Where to write the page. If not given: <name of the person file>-report.html, here.
    no_page
        Write no page.
    json
        Print the numbers as JSON and nothing else; no page unless --page is given.
    """
    if page is not None and no_page:
        raise BadInput("--page and --no-page cannot both be given.")
    if page is None and not no_page and not json:
        page = Path(f"{person.stem}-report.html")
    answer = _ask(person, plan, years, draws, seed, page)
    if page is not None:
        _write(page, answer)
    if json:
        from anagen.report import machine

        sys.stdout.write(machine.text(machine.comparison(answer, None if page is None else str(page))))
        return
    from rich.console import Console

    from anagen.report.terminal import show

    show(answer, Console(), page)


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
        How many possible truths to try, from 100 up, drawn from the stated priors. If not given: the belief that anagen ships.
    seed
        Which draws of the priors. The same seed gives the same numbers.
    page
        Where to write a page. If not given, none is written.
    json
        Print the numbers as JSON and nothing else.
    """
    answer = _ask(person, [plan, against], years, draws, seed, page)
    one, other = answer.option(plan), answer.option(against)
    one.known(), other.known()
    if page is not None:
        _write(page, answer)
    if json:
        from anagen.report import machine

        sys.stdout.write(machine.text(machine.forecast(answer, one, other, None if page is None else str(page))))
        return
    from rich.console import Console

    from anagen.report.terminal import show_forecast

    show_forecast(answer, one, other, Console(), page)


def _ask(person: Path, plans: list[str] | None, years: float, draws: int | None, seed: int | None, page: Path | None) -> Comparison:
    """The answer of the question, once all that is asked makes sense; `page` is looked at before the work begins."""
    if draws is not None and not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise BadParameter("--draws", f"is {draws}", f"a whole number from {FEWEST_DRAWS} to {MOST_DRAWS}")
    from anagen.ground.files import writable

    if page is not None and writable(page).resolve() == person.resolve():
        raise BadInput(f"--page {page} is the person file itself; give the page another name.")
    from anagen.people.person import read_person

    someone = read_person(person)
    from anagen.belief import Belief
    from anagen.compare import compare as ask

    own = draws is None and seed is None
    belief = Belief.shipped() if own else Belief.prior(n=USUAL_DRAWS if draws is None else draws, seed=seed or 0)
    with _busy(f"Following {belief.size} possible scalps under every option"):
        return ask(someone, belief, years=years, options=plans)


def _write(page: Path, answer: Comparison) -> None:
    from anagen.ground.files import write_whole
    from anagen.report.page import render

    with _busy("Drawing the page"):
        write_whole(page, render(answer))


def _busy(what: str) -> Any:
    """A sign of life on a terminal's stderr; nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    return console.status(what) if console.is_terminal else nullcontext()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code: 0, 1, 2 or 130. Nothing half-written stays behind.

    >>> main(["--version"])
    anagen 0...
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(list(sys.argv[1:] if argv is None else argv), exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        return _complain(" ".join(str(error).split()), 2)
    except BadInput as error:
        return _complain(str(error), 2)
    except AnagenError as error:
        return _complain(str(error), 1)
    except KeyboardInterrupt:
        return _complain("stopped; nothing was left half-written.", 130)
    except BrokenPipeError:  # whoever read us has gone (`anagen ... | head`): say no more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _complain(sentence: str, code: int) -> int:
    print(f"anagen: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
