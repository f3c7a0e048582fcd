"""The command line: `anagen compare PERSON.toml`. Each verb is one call into a question; here its answer is only shown.

Exit codes: 0 done; 1 something on our side; 2 something given to us is wrong (one sentence says what); 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter

from anagen import __version__
from anagen.ground.errors import AnagenError, BadInput, BadParameter

FEWEST_DRAWS = 100
EXAMPLES = """\
Examples:

  anagen compare me.toml                  a table, and me-report.html beside it

  anagen compare me.toml --years 2        two years instead of five

  anagen compare me.toml --page out.html  the page under another name

  anagen compare me.toml --json           the numbers as data, for a program

A person is a short text file; start from examples/man-norwood-3v.toml.

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
    years: float = 5.0,
    draws: int = 500,
    seed: int = 0,
    page: Annotated[Path | None, Parameter(negative="")] = None,
    no_page: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """One person, every option: a table, published results beside it, and a page to read or print.

    Parameters
    ----------
    person
        The person: a TOML file.
    years
        How far to look ahead, up to 5.
    draws
        How many possible truths to try, from 100 up. More take longer and steady the ranges.
    seed
        Which draws. The same seed gives the same numbers.
    page
        Where to write the page. If not given: <name of the person file>-report.html, here.
    no_page
        Write no page.
    json
        Print the numbers as JSON and nothing else; no page unless --page is given.
    """
    if page is not None and no_page:
        raise BadInput("--page and --no-page cannot both be given.")
    if draws < FEWEST_DRAWS:
        raise BadParameter("--draws", f"is {draws}", f"a whole number from {FEWEST_DRAWS} up")
    from anagen.ground.files import writable, write_whole

    if page is None and not no_page and not json:
        page = Path(f"{person.stem}-report.html")
    if page is not None and writable(page).resolve() == person.resolve():
        raise BadInput(f"--page {page} is the person file itself; give the page another name.")
    from rich.console import Console

    from anagen.people.person import read_person

    someone = read_person(person)
    with _busy(f"Following {draws} possible scalps under every option"):
        from anagen.belief import Belief
        from anagen.compare import compare as ask

        answer = ask(someone, Belief.prior(n=draws, seed=seed), years=years)
        if page is not None:
            from anagen.report.page import render

            write_whole(page, render(answer))
    if json:
        from json import dumps

        from anagen.report.machine import record

        sys.stdout.write(dumps(record(answer, None if page is None else str(page)), indent=1, allow_nan=False) + "\n")
        return
    from anagen.report.terminal import show

    show(answer, Console(), page)


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
