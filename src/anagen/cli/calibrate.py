"""The verbs of the statistical model: `anagen calibrate` makes a belief from the evidence, `anagen judge` puts it to the test."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anagen.cli.apps import app
from anagen.cli.common import base, progress, say, whole_number
from anagen.ground.errors import BadFile, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anagen.calibrate.chains import Settings

CALIBRATE_EXAMPLES = """\
Examples:

  anagen calibrate                        the shipped evidence; goes on where it was broken off

  anagen calibrate --extra my_studies --out with_mine

  anagen calibrate --draws 200 --warmup 100 --out rough
"""
JUDGE_EXAMPLES = """\
Examples:

  anagen judge new_studies                every row predicted, then scored

  anagen judge new_studies --plot judged.svg

  anagen judge new_studies --json > judged.json

  anagen judge new_studies --out judged   the numbers, a table and the drawing as files

The folder holds studies.csv, arms.csv and outcomes.csv in the form of `anagen evidence export`.
"""


@app.command(help_epilogue=CALIBRATE_EXAMPLES)
def calibrate(
    *,
    extra: Annotated[Path | None, Parameter(negative="")] = None,
    out: Annotated[Path, Parameter(negative="")] = Path("calibration"),
    chains: int = 4,
    draws: int | None = None,
    warmup: int | None = None,
    seed: int | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Fit the belief that every forecast uses to the evidence, and say how well that went. It takes about half an hour.

    The same call goes on where it was broken off. Needs the extra `calibrate`.

    Parameters
    ----------
    extra
        A folder of your own studies, to stand beside the shipped ones.
    out
        The folder for the belief, its report and the chains.
    chains
        How many Markov chains, from 2 to 16.
    draws
        Draws that each chain keeps. If not given: those of the shipped belief.
    warmup
        Draws before them that each chain throws away. If not given: those of the shipped belief.
    seed
        Which random numbers. The same seed gives the same belief.
    json
        Print the report as JSON and nothing else.
    """
    for option, value, low, high in (("--chains", chains, 2, 16), ("--draws", draws, 25, 100_000), ("--warmup", warmup, 25, 100_000)):
        whole_number(option, value, low, high)
    whole_number("--seed", seed, 0, 2**31 - 1)
    settings, folder = _settings(draws=draws, warmup=warmup, seed=seed), _folder(out)
    from anagen.calibrate.make import calibrate as make

    with progress("Following the chains") as told:
        belief = make(base(extra), folder, settings, chains, told)
    from anagen.report.checks_figure import write

    report = write(folder)
    if json:
        say(report)
        return
    print(f"{belief.label}: {folder / 'belief.npz'}")
    print(f"How well that went: {folder / 'report.md'}\nEach trial beside the model: {folder / 'checks.svg'}")


@app.command(help_epilogue=JUDGE_EXAMPLES)
def judge(
    folder: Annotated[Path, Parameter(name="DIR", negative="")],
    /,
    *,
    json: Annotated[bool, Parameter(negative="")] = False,
    plot: Annotated[Path | None, Parameter(negative="")] = None,
    out: Annotated[Path | None, Parameter(negative="")] = None,
    seed: int = 0,
) -> None:
    """Predict every outcome of new studies before looking at it, then score that, beside two plain models of the same trials.

    Needs the extra `calibrate`.

    Parameters
    ----------
    folder
        A folder of studies in the form of the evidence tables.
    json
        Print everything as JSON and nothing else.
    plot
        Draw observed against predicted to this file.
    out
        A folder to write judgement.json, judgement.csv and judgement.svg to.
    seed
        Which random numbers. The same seed gives the same predictions.
    """
    whole_number("--seed", seed, 0, 2**31 - 1)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small: on a busy machine threads only wait for each other
    from anagen.ground.files import writable, write_whole

    if plot is not None:
        writable(plot)
    target = None if out is None else _folder(out)
    from anagen.calibrate.judge import judge as ask

    with _steps() as told:
        found = ask(folder, seed=seed, told=told)
    if target is not None:
        target.mkdir(exist_ok=True)
    if plot is not None or target is not None:
        from anagen.report.judge_figure import draw

        for path in (plot, target and target / "judgement.svg"):
            if path is not None:
                write_whole(path, draw(found))
    if target is not None:
        from anagen.report.judge_data import table, text

        write_whole(target / "judgement.json", text(found))
        write_whole(target / "judgement.csv", table(found))
    if json:
        from anagen.report.judge_data import judgement

        return say(judgement(found))
    from rich.console import Console

    from anagen.report.judge import show

    console = Console()
    show(found, console)
    for name, path in (("drawing", plot), ("files", target)):
        if path is not None:
            console.print(f"The {name}: {path}", markup=False, highlight=False)


def _settings(**given: int | None) -> Settings:
    """The settings of the chains. Raises `MissingExtra` without JAX and NumPyro."""
    try:
        from anagen.calibrate.chains import Settings
    except ImportError as error:
        raise MissingExtra(error.name or "jax", "calibrate") from None
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _folder(path: Path) -> Path:
    """A folder that is there or can be made. Raises `BadFile` for a file, or where there is nothing to make it in."""
    if path.exists() and not path.is_dir():
        raise BadFile(str(path), "this is a file", "a folder to write in")
    if not path.exists() and not path.parent.is_dir():
        raise BadFile(str(path), f"there is no folder {path.parent} to make it in")
    return path


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """A line on a terminal's stderr, that is told what is done now; nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what: None
        return
    with console.status("Starting") as status:
        yield lambda what: status.update(f"{what} ...")
