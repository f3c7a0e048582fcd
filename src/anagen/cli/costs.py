"""The verb about money: `anagen costs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anagen.cli.apps import app
from anagen.cli.common import NOT_A_DEVICE, busy, say, whole_number
from anagen.ground.draws import USUAL_DRAWS
from anagen.ground.errors import BadInput

if TYPE_CHECKING:
    from anagen.costs import Costs

FEWEST_DRAWS, MOST_DRAWS = 100, 20000
LONGEST_FORECAST_MONTHS = 60
EXAMPLES = f"""\
Examples:

  anagen costs --plan "svf" --plan "finasteride; minoxidil 5%"          what is paid over 6, 12, 24 and 60 months

  anagen costs --plan "prp every 12 weeks until week 104" --months 24   sessions beyond the usual course counted too

  anagen costs me.toml --plan "svf" --months 24                         and beside it what it gains this person

  anagen costs me.toml                                                  every option that fits, on one line each

  anagen costs --plan "conditioned medium" --currency USD --rates rates.toml    with your own rate, which is shown

  anagen costs --plan "svf" --travel-per-visit "120 USD" --harvest-apart --discount 0.03

  anagen costs --plan "svf" --json                                      every line, with the rows that it hangs on

{NOT_A_DEVICE}
"""


@app.command(help_epilogue=EXAMPLES)
def costs(
    person: Annotated[Path | None, Parameter(name="PERSON.toml", negative="")] = None,
    /,
    *,
    plan: Annotated[list[str] | None, Parameter(negative="")] = None,
    months: Annotated[list[int] | None, Parameter(negative="")] = None,
    currency: str | None = None,
    rates: Annotated[Path | None, Parameter(negative="")] = None,
    discount: float = 0.0,
    travel_per_visit: str | None = None,
    harvest_apart: Annotated[bool, Parameter(negative="")] = False,
    device_life: float | None = None,
    draws: int | None = None,
    seed: int | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """What a plan costs, part by part, from prices that were read; and, for one person, what each gained hair costs.

    Parameters
    ----------
    person
        The person: a TOML file. If given, the cost stands beside what the plan gains.
    plan
        A plan, as a sentence; may be given again. If not given: every option that fits the person.
    months
        Over how long; may be given again. If not given: 6, 12, 24 and 60.
    currency
        Only this one, as USD. If not given: each currency in which a price was read, alone.
    rates
        Your own exchange rates, a TOML file: parts without a price in --currency are converted, and the rate is shown.
    discount
        A yearly rate by which later money counts less, as 0.03. If not given: none.
    travel_per_visit
        What a visit costs you in travel, as "120 USD".
    harvest_apart
        The taking of fat is billed apart: add it. Pages do not say if their price includes it.
    device_life
        After how many months a device is bought again. If not given: it is bought once.
    draws
        How many possible truths to try, from 100 up. If not given: 500.
    seed
        Which draws of the belief. The same seed gives the same numbers.
    json
        Print the numbers as JSON and nothing else.
    """
    if person is None and not plan:
        raise BadInput('there is nothing to price; give a --plan, as in --plan "svf", or a person\'s file.')
    whole_number("--draws", draws, FEWEST_DRAWS, MOST_DRAWS)
    from anagen.costs import HORIZONS, read_rates
    from anagen.costs import costs as ask
    from anagen.costs.rates import read_amount
    from anagen.plan import Plan

    over = tuple(sorted(set(months))) if months else HORIZONS
    if person is not None and over[-1] > LONGEST_FORECAST_MONTHS:
        raise BadInput(f"--months is {over[-1]}, beyond what a forecast reaches; allowed with a person: at most {LONGEST_FORECAST_MONTHS}.")
    given = None if rates is None else read_rates(rates)
    travel = None if travel_per_visit is None else read_amount(travel_per_visit)

    def priced(what: Plan) -> tuple[Costs, ...]:
        return tuple(ask(what, length, currency, given, discount, travel, harvest_apart, device_life) for length in over)

    from anagen.outlay import Outlay, outlay

    if person is None:
        plans = [Plan.parse(sentence) for sentence in plan or ()]
        shown = [Outlay(str(one), one, priced(one)) for one in plans]
        region = ""
    else:
        plans = [Plan.parse(sentence) for sentence in plan or ()]
        for one in plans:
            priced(one)  # what is wrong with the question is said before the work begins
        from anagen.people.person import read_person

        someone = read_person(person)
        from anagen.belief import Belief
        from anagen.compare import compare

        belief = Belief.shipped(n=USUAL_DRAWS if draws is None else draws, seed=seed or 0)
        with busy(f"Following {belief.size} possible scalps under every plan"):
            answer = compare(someone, belief, years=max(over) / 12, options=plan)
        region = answer.regions[answer.main_region]
        shown = [outlay(answer, option, priced) for option in answer.options]
    if json:
        from anagen.report.costs_data import costs as data

        say(data(shown, region))
        return
    from rich.console import Console

    from anagen.report.costs_text import show

    show(shown, region, Console())
