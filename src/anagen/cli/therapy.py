"""The verb about the therapy itself: `anagen therapy`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anagen.cli.apps import app
from anagen.cli.common import NOT_A_DEVICE, busy, say, whole_number
from anagen.ground.draws import USUAL_DRAWS
from anagen.ground.errors import BadInput

FEWEST_DRAWS, MOST_DRAWS = 100, 20000
EXAMPLES = f"""\
Examples:

  anagen therapy examples/therapy/svf-enzymatic.toml                 the four steps, and the forecast

  anagen therapy mine.toml --page mine.html --map mine.svg           with maps and pictures; a map to inject by

  anagen therapy mine.toml --batches our-batches.csv                 with a laboratory's own yields

  anagen therapy mine.toml --mode field                              a hypothesis: only follicles that the dose reaches answer

  anagen therapy examples/therapy/tsuboi-low.toml examples/therapy/tsuboi-high.toml      side by side

  anagen therapy mine.toml --coverage 90                             the spacing that reaches 90 % of follicles with the fewest needles

  anagen therapy mine.toml --drivers                                 which measurement would narrow the answer most

  anagen therapy mine.toml --json                                    every number, with the rows that it hangs on

{NOT_A_DEVICE}
"""


@app.command(help_epilogue=EXAMPLES)
def therapy(
    *protocols: Annotated[Path, Parameter(name="PROTOCOL.toml", negative="")],
    mode: str = "class",
    batches: Annotated[Path | None, Parameter(negative="")] = None,
    draws: int = USUAL_DRAWS,
    seed: int | None = None,
    page: Annotated[Path | None, Parameter(negative="")] = None,
    map: Annotated[Path | None, Parameter(negative="")] = None,
    coverage: int | None = None,
    drivers: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """A therapy in its four steps, extract, process, inject, regenerate: what each gives and loses, and what it would do for one person.

    Parameters
    ----------
    protocols
        One protocol or more of the same person: TOML files. Of several, each stands beside the others.
    mode
        class: the calibrated effect of all cell products. field: a hypothesis, in which a follicle answers to the dose at its place.
    batches
        A laboratory's own batch records, a CSV file: they update the yields.
    draws
        How many possible truths to try, from 100 up.
    seed
        Which draws. The same seed gives the same numbers.
    page
        Where to write a page. If not given, none is written.
    map
        Where to write the map to inject by, an SVG file; of one protocol.
    coverage
        Percent of follicles to reach: say which spacing of needles does so with the fewest, and what others would need and reach.
    drivers
        Say as well, here and on the page, which unknown drives what is delivered and the hairs gained: which measurement would help
        most; some ten seconds. Of one protocol.
    json
        Print the numbers as JSON and nothing else.
    """
    if not protocols:
        raise BadInput("there is no protocol; give one or more, such as examples/therapy/svf-enzymatic.toml.")
    whole_number("--coverage", coverage, 1, 100)
    whole_number("--draws", draws, FEWEST_DRAWS, MOST_DRAWS)
    for option, asked, does in (("--map", map is not None, "draws"), ("--drivers", drivers, "is of")):
        if asked and len(protocols) > 1:
            raise BadInput(f"{option} {does} one protocol; give one.")
    from anagen.ground.files import writable, write_together

    for option, path in (("--page", page), ("--map", map)):
        if path is not None and writable(path).resolve() in [one.resolve() for one in protocols]:
            raise BadInput(f"{option} {path} is the protocol itself; give it another name.")
    if page is not None and map is not None and page.resolve() == map.resolve():
        raise BadInput("--page and --map name the same file; give each its own.")
    if map is not None and map.suffix.lower() != ".svg":
        raise BadInput(f"--map {map} would hold an SVG drawing; give it a name that ends in .svg.")
    with busy("Carrying out the protocol"):
        from anagen.belief import Belief
        from anagen.procedure import carry_out_all

        belief = Belief.shipped(n=draws, seed=seed or 0)
        wished = None if coverage is None else coverage / 100
        done = carry_out_all(list(protocols), belief, mode, draws, seed or 0, batches, wished)
    found = None
    if drivers:
        from anagen.cli.drivers import driven

        found = driven(done[0], seed or 0)
    drawn: dict[Path, str | bytes] = {}
    if map is not None:
        from anagen.report.injection_map import of

        drawn[map] = of(done[0], to_print=True)
    if page is not None:
        from anagen.report.procedure import render

        with busy("Drawing the page"):
            drawn[page] = render(done, found)
    write_together(drawn)
    if json:
        from anagen.report.procedure_data import therapy as data

        say(data(done, None if page is None else str(page), found))
        return
    from rich.console import Console

    from anagen.report.procedure_text import show

    show(done, Console(), page, map, found)
