"""The verbs of `anagen evidence` that put the trials of a treatment together: forest, pool, harms, certainty."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from anagen.cli.apps import evidence
from anagen.cli.common import base, say
from anagen.ground.errors import BadInput, BadParameter

if TYPE_CHECKING:
    from anagen.synthesis import Dose, Synthesis

Treatment = Annotated[str, Parameter(name="TREATMENT", negative="")]
Outcome = Annotated[str, Parameter(negative="")]
Sex = Literal["male", "female"] | None
Folder = Annotated[Path | None, Parameter(name="--extra", negative="")]
Json = Annotated[bool, Parameter(negative="")]


EXAMPLES = """\
Examples:

  anagen evidence forest finasteride --week 52 --svg forest.svg

  anagen evidence forest minoxidil --sex female --dose all

  anagen evidence pool laser              the mean in full

  anagen evidence harms finasteride       out of 1,000, placebo beside

  anagen evidence certainty               how sure of each treatment
"""


@evidence.command(help_epilogue=EXAMPLES)
def forest(
    treatment: Treatment,
    /,
    *,
    outcome: Outcome = "density",
    scale: str | None = None,
    sex: Sex = None,
    dose: str | None = None,
    week: float | None = None,
    every_visit: Annotated[bool, Parameter(negative="")] = False,
    svg: Annotated[Path | None, Parameter(negative="")] = None,
    extra: Folder = None,
    json: Json = False,
) -> None:
    """Each trial of a treatment with its difference from the control, their mean, and how sure that is; drawn.

    Parameters
    ----------
    treatment
        A treatment by its name or a plain other one: finasteride, minoxidil, laser, prp, svf.
    outcome
        density (each trial's hair count, all hairs or thick ones), total, terminal, anagen or diameter.
    scale
        cm2, percent (of the hairs before treatment) or um. If not given: the outcome's own, or percent where only that was read.
    sex
        Only trials in men, or only in women.
    dose
        In the treatment's own unit, as 2 for minoxidil 2 %; or all. If not given: the usual dose of a drug.
    week
        Each trial at its visit nearest to this week. If not given: at its last.
    every_visit
        Every visit of every trial, and no mean.
    svg
        Draw it to this file.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        Print the numbers as JSON and nothing else.
    """
    from anagen.ground.files import writable, write_whole

    if svg is not None:
        writable(svg)
    found = _ask(treatment, outcome, scale, sex, dose, week, every_visit, extra)
    if svg is not None:
        from anagen.report.forest_figure import draw

        write_whole(svg, draw(found))
    if json:
        from anagen.report.synthesis_data import synthesis as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.synthesis import show_forest

    console = Console()
    show_forest(found, console)
    if svg is not None:
        console.print(f"\nThe drawing: {svg}", markup=False, highlight=False)


@evidence.command(help_epilogue=EXAMPLES)
def pool(
    treatment: Treatment,
    /,
    *,
    outcome: Outcome = "density",
    scale: str | None = None,
    sex: Sex = None,
    dose: str | None = None,
    week: float | None = None,
    extra: Folder = None,
    json: Json = False,
) -> None:
    """The mean of a treatment's trials in full: ranges, how they differ, without each in turn, by risk of bias.

    Parameters
    ----------
    treatment
        A treatment by its name or a plain other one.
    outcome
        density, total, terminal, anagen or diameter, as in forest.
    scale
        cm2, percent or um, as in forest.
    sex
        Only trials in men, or only in women.
    dose
        In the treatment's own unit, or all, as in forest.
    week
        Each trial at its visit nearest to this week. If not given: at its last.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        Print the numbers as JSON and nothing else.
    """
    found = _ask(treatment, outcome, scale, sex, dose, week, False, extra)
    if json:
        from anagen.report.synthesis_data import synthesis as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.synthesis import show_pool

    show_pool(found, Console())


@evidence.command(help_epilogue=EXAMPLES)
def harms(treatment: Treatment, /, *, dose: str | None = None, extra: Folder = None, json: Json = False) -> None:
    """What goes wrong with a treatment, out of 1,000 people, with its range; placebo beside where a trial had one.

    Parameters
    ----------
    treatment
        A treatment by its name or a plain other one.
    dose
        In the treatment's own unit, or all. If not given: the usual dose of a drug.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        Print the numbers as JSON and nothing else.
    """
    from anagen.synthesis import harms as ask

    found = ask(treatment, dose=_dose(dose), evidence=base(extra))
    if json:
        from anagen.report.synthesis_data import harms as data

        return say(data(found))
    from rich.console import Console

    from anagen.report.synthesis import show_harms

    show_harms(found, Console())


@evidence.command(help_epilogue=EXAMPLES)
def certainty(
    treatment: Annotated[str | None, Parameter(name="TREATMENT", negative="")] = None,
    /,
    *,
    sex: Sex = None,
    extra: Folder = None,
    json: Json = False,
) -> None:
    """How sure the evidence of a treatment is, and why not more; of every treatment if none is named.

    Parameters
    ----------
    treatment
        A treatment by its name or a plain other one. If not given: all of them, one line each.
    sex
        For a man or for a woman: it counts where no trial had any.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        Print it as JSON and nothing else.
    """
    from anagen.report.synthesis_data import certainty as data
    from anagen.synthesis import certainty as ask
    from anagen.synthesis import plain
    from anagen.treatments import TREATMENTS
    from anagen.treatments import treatment as named

    tables = base(extra)
    names = [name for name in TREATMENTS if name != "join_trial"] if treatment is None else [named(treatment).name]
    found = {name: ask(name, sex, tables) for name in names}
    if json:
        return say({name: data(one) for name, one in found.items()} if treatment is None else data(found[names[0]]))
    from rich.console import Console

    from anagen.report.synthesis import show_certainties, show_certainty

    if treatment is None:
        return show_certainties(found, Console())
    show_certainty(plain(named(treatment)), found[names[0]], Console())


def _ask(
    treatment: str, outcome: str, scale: str | None, sex: Sex, dose: str | None, week: float | None, every_visit: bool, extra: Path | None
) -> Synthesis:
    from anagen.synthesis import synthesis

    if week is not None and every_visit:
        raise BadInput("--week and --every-visit cannot both be given.")
    if week is not None and not 0 < week < float("inf"):
        raise BadParameter("--week", f"is {week:g}", "a number of weeks above 0")
    return synthesis(treatment, outcome, scale=scale, sex=sex, dose=_dose(dose), week=week, every_visit=every_visit, evidence=base(extra))


def _dose(said: str | None) -> Dose:
    """A dose as it was typed."""
    if said is None or said == "all":
        return said  # type: ignore[return-value]
    try:
        return float(said)
    except ValueError:
        raise BadParameter("--dose", f"is {said!r}", "a number in the treatment's own unit, or all") from None
