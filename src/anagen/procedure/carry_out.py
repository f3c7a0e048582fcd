"""Carry out protocols: the four steps, then what each would do for its person, against nothing and the other options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, floor
from pathlib import Path

import numpy as np

from anagen.belief import Belief
from anagen.compare import Comparison, Option, compare
from anagen.forecast import DENSITIES, LONGEST_YEARS, Forecast, forecast_all, still_taken
from anagen.ground.draws import USUAL_DRAWS
from anagen.ground.errors import BadInput, BadParameter
from anagen.ground.text import short
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.plan import Plan, Step
from anagen.plan.change import added, goes_on
from anagen.procedure.done import OWN, Procedure
from anagen.suitability import fits, suitable
from anagen.therapy.batches import Change, read_batches, update
from anagen.therapy.extract import Lipoaspirate
from anagen.therapy.need import CERTAINTIES, Need, given, need
from anagen.therapy.place import lies_in
from anagen.therapy.protocol import Protocol, read_protocol
from anagen.therapy.regenerate import Field, field, mode_of, served, sessions_weeks
from anagen.therapy.release import measured, release, standing
from anagen.therapy.spacing import Tradeoff, fewest_needles
from anagen.therapy.steps import Steps, take_steps
from anagen.therapy.unknowns import Array, Unknowns
from anagen.treatments import TREATMENTS, Use, treatment

FIRST = ("minoxidil_topical", "finasteride", "spironolactone")
"""What a protocol is set beside that names nothing else, for whom it fits."""
FEWEST_DRAWS = 50
"""Of fewer draws the ends of a range say nothing."""


def carry_out(
    protocol: Protocol | str | Path,
    belief: Belief | None = None,
    mode: str = "class",
    draws: int = USUAL_DRAWS,
    seed: int = 0,
    batches: str | Path | None = None,
    coverage: float | None = None,
) -> Procedure:
    """The protocol carried out. protocol: read already, or the path of its file. belief: default `USUAL_DRAWS` draws of the one that ships.

    mode: `class` or `field` (a hypothesis). batches: a laboratory's records, in place of the protocol's own. coverage: the share of
    follicles for which the fewest needles are looked for, in place of the protocol's own; without either nothing is.
    Raises what is wrong with the protocol as `BadInput`: one sentence; `Refused` for a person whom no number would serve.

    What the laboratory measured of its lot (`release`) is what the steps use of it.

    >>> done = carry_out("examples/therapy/style-adrc-high.toml", Belief.prior(n=100), draws=50)
    >>> done.dose.value, done.injected.needles > 30, done.option.title
    (1000000.0, True, 'STYLE, ADRC-enriched fat graft, 1 million cells/cm2')
    """
    return carry_out_all([protocol], belief, mode, draws, seed, batches, coverage)[0]


def carry_out_all(
    protocols: Sequence[Protocol | str | Path],
    belief: Belief | None = None,
    mode: str = "class",
    draws: int = USUAL_DRAWS,
    seed: int = 0,
    batches: str | Path | None = None,
    coverage: float | None = None,
) -> tuple[Procedure, ...]:
    """Several protocols for the same person, each with every option of all of them beside it. Raises as `carry_out`, and `BadInput`
    for protocols of different people.
    """
    chosen, read = mode_of(mode), [one if isinstance(one, Protocol) else read_protocol(_path(one)) for one in protocols]
    _enough(draws)
    if not read:
        raise BadInput("there is no protocol; give one or more.")
    if any(one.who != read[0].who for one in read):
        raise BadInput("the protocols are of different people; give the same `who` in all of them to set them side by side.")
    unknowns = Unknowns.drawn(draws, seed)
    made: list[_Made] = []
    years = max(one.years for one in read)
    for one in read:
        try:
            made.append(_made(one, unknowns, batches, coverage))
            _begins(one, made[-1].steps, years)
        except BadInput as error:
            if len(read) == 1:
                raise
            raise BadInput(f"{one.title or one.recipe.name}: {error}") from None
    read, suits = [one.protocol for one in made], suitable(read[0].who)
    belief = belief if belief is not None else Belief.shipped()
    taken = still_taken(read[0].who)
    plans = [_plan(one.protocol, one.steps, taken) for one in made]
    sentences = dict.fromkeys(one for protocol in read for one in _against(protocol, taken) if not goes_on(Plan.parse(one), taken))
    known = {str(plan): plan for plan in plans if plan is not None}
    answer = compare(read[0].who, belief, years, [*known, *(one for one in sentences if one not in known)])
    plans = [plan if _followed(one.protocol, one.unknowns, answer) else None for plan, one in zip(plans, made, strict=True)]
    titles = _titles(read)
    options: list[Option | None] = []
    fields: list[Field | None] = []
    for number, (plan, each) in enumerate(zip(plans, made, strict=True), start=1):
        found = None if plan is None else answer.option(str(plan))
        spread = field(each.steps.injected, each.unknowns) if chosen == "field" else None
        if found is not None and spread is not None:
            found = replace(found, forecast=_mixed(found.known(), spread, answer))
        options.append(None if found is None else replace(found, name=f"{OWN}{number}", title=titles[number - 1]))
        fields.append(spread)
    own = [option for option in options if option is not None]
    others = [option for option in answer.options if option.name not in known]
    nothing, rest = [one for one in others if one.name == "nothing"], [one for one in others if one.name != "nothing"]
    answer = replace(answer, options=tuple([*nothing, *own, *rest]))
    return tuple(
        Procedure(
            title=title,
            protocol=one.protocol,
            mode=chosen,
            unknowns=one.unknowns,
            changes=one.changes,
            measured=one.measured,
            steps=one.steps,
            need=one.need,
            release=release(one.steps.product, one.protocol.release, one.unknowns),
            standing=standing(one.protocol.recipe.name),
            suits=suits,
            field=spread,
            plan=plan,
            option=option,
            answer=answer,
            needed=_needed(one.protocol, one.steps, one.unknowns),
            region=_region(one.protocol, one.unknowns, answer),
            tradeoff=one.tradeoff,
        )
        for title, one, spread, plan, option in zip(titles, made, fields, plans, options, strict=True)
    )


def _enough(draws: object) -> None:
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < FEWEST_DRAWS:
        raise BadParameter("draws", f"is {short(draws)}", f"a whole number from {FEWEST_DRAWS} up")


def _path(given: object) -> str | Path:
    if not isinstance(given, str | Path):
        raise BadParameter("protocol", f"is {short(given)}", "a protocol, or the path of its file")
    return given


@dataclass(frozen=True, eq=False)
class _Made:
    """One protocol before any forecast, with its own unknowns: those of own batches, and of the lot itself."""

    protocol: Protocol
    unknowns: Unknowns
    changes: tuple[Change, ...]
    measured: tuple[Change, ...]
    steps: Steps
    need: Need | None
    tradeoff: Tradeoff | None


def _made(one: Protocol, unknowns: Unknowns, batches: str | Path | None, coverage: float | None) -> _Made:
    one, changes = _of_the_person(one), tuple[Change, ...]()
    if path := (batches or one.batches):
        new = update(unknowns, read_batches(path, unknowns.rows))
        unknowns, changes = new.unknowns, new.changes
    unknowns, lot = measured(one.recipe.name, one.release, unknowns)
    steps = take_steps(one, unknowns)
    _graft_holds(one, steps)
    wished = one.injection.coverage_share if coverage is None else coverage
    curve = None if wished is None else fewest_needles(steps.injected.region, wished, one.injection, unknowns)
    return _Made(one, unknowns, changes, lot, steps, _need(one, steps, unknowns), curve)


def _of_the_person(one: Protocol) -> Protocol:
    """The protocol with its person's body mass index where the source gives none. Raises `BadInput` where the two differ."""
    source, theirs = one.source, one.who.bmi
    if not isinstance(source, Lipoaspirate) or theirs is None:
        return one
    if source.bmi is None:
        return one.model_copy(update={"source": source.model_copy(update={"bmi": theirs})})
    if source.bmi != theirs:
        raise BadInput(f"bmi is {source.bmi:g} in source and {theirs:g} in who; fat is taken from the person, so give it once or alike.")
    return one


def _begins(one: Protocol, steps: Steps, years: float) -> None:
    """Raise `BadParameter` where nothing of what is forecast falls within the years that are looked at."""
    week, end, plan = sessions_weeks(one, steps.product)[0], years * WEEKS_PER_YEAR, one.injection
    if steps.dose.made is None or not 0 < end <= week:
        return
    which = "the first session waits for the cells to grow until"
    if plan.parts > 1:
        which = f"the last of {plan.sessions} sessions, which share the points and so count as one at the last, is in"
    least = ceil(10 * (floor(week) + 1) / WEEKS_PER_YEAR) / 10
    allowed = f"at least {least:g}" if least <= LONGEST_YEARS else f"at most {LONGEST_YEARS:g}, so that session must come sooner"
    raise BadParameter("years", f"is {years:g}, which ends in week {end:.1f}, and {which} week {week:.1f}", allowed)


def _graft_holds(one: Protocol, steps: Steps) -> None:
    """Raise `BadParameter` where more fat is drawn up than is kept back for the graft."""
    if one.recipe.graft_ml is None:
        return
    drawn, dead = (float(np.median(each)) for each in (steps.injected.product_ml, steps.injected.dead_volume_ml))
    drawn, under, dead = (each / one.injection.parts for each in (drawn, steps.injected.volume_ml, dead))
    if one.recipe.graft_ml < drawn:
        allowed = f"at least {drawn:.3g}: {under:.3g} mL go under the skin, about {dead:.2g} mL stay in the syringes"
        raise BadParameter("graft_ml", f"is {one.recipe.graft_ml:g}", allowed)


def _region(protocol: Protocol, unknowns: Unknowns, answer: Comparison) -> str:
    """The region where the site lies, or the one that the person asks about where that is not followed."""
    asked = answer.main_region
    return lies_in(protocol.site, asked, unknowns).region if _followed(protocol, unknowns, answer) else asked


def _followed(protocol: Protocol, unknowns: Unknowns, answer: Comparison) -> bool:
    """Whether the site lies in a region that pattern hair loss reaches, whose hair a forecast follows."""
    return lies_in(protocol.site, answer.main_region, unknowns).region in answer.start.regions


def _against(protocol: Protocol, taken: Plan) -> tuple[str, ...]:
    """The plans that a protocol names, or the drugs of `FIRST` that fit its person, each added to what is taken."""
    if protocol.against is not None:
        return protocol.against
    return tuple(str(added(Step(treatment(name)), taken)) for name in FIRST if fits(protocol.who, name))


def _titles(protocols: Sequence[Protocol]) -> list[str]:
    """What each is called; of two alike the second with a number."""
    found: list[str] = []
    for one in protocols:
        title = one.title or f"{one.recipe.name.replace('_', ' ')}, {one.injection.sessions} session{'s' * (one.injection.sessions > 1)}"
        found.append(title if title not in found else f"{title} ({len(found) + 1})")
    return found


def _need(protocol: Protocol, steps: Steps, unknowns: Unknowns) -> Need | None:
    """The tissue of one harvest for the dose wanted. Raises `BadParameter` for a dose that no harvest gives in half of the draws."""
    plan, area = protocol.injection, steps.injected.area_cm2
    wanted = plan.dose_per_cm2 if plan.dose_cells is None else plan.dose_cells / area
    of = "live_cells"
    if "medium_ml" in steps.product.holds:
        wanted, of = float(np.median(steps.injected.product_ml)) / area, "medium_ml"
    if wanted is None:
        return None
    each = wanted * float(np.median(served(protocol, unknowns)))
    return need(protocol.source, protocol.recipe, each, area, unknowns, of=of).held_to()


def _needed(protocol: Protocol, steps: Steps, unknowns: Unknowns) -> str:
    """What it would take to come to a dose that trials gave; nothing where this one is."""
    dose, area = steps.dose, steps.injected.area_cm2
    if dose.made is not None:
        return ""
    low, high = TREATMENTS[dose.treatment].studied
    if dose.value > high:
        return f"A forecast needs at most {high:,.7g} {dose.unit}: draw up less, or spread it over more."
    per_cm2, of, least = dose.unit == "cells/cm2", "live_cells", low * area if dose.unit == "cells/cm2" else low
    if "medium_ml" in steps.product.holds:
        of, least = "medium_ml", low + float(np.median(steps.injected.dead_volume_ml))
    times = served(protocol, unknowns)
    there = float(np.median(given(steps.product, of) / times))
    if not dose.unit.startswith("cells") and (of == "live_cells" or there >= least):
        return f"A forecast needs at least {low:,.7g} {dose.unit}: a larger volume."
    if there >= least:
        gives = there / area if per_cm2 else there
        return f"A forecast needs at least {low:,.7g} {dose.unit}: draw up more; this tissue gives about {float(f'{gives:.2g}'):,.7g}."
    try:
        said = need(protocol.source, protocol.recipe, least / area * float(np.median(times)), area, unknowns, of=of)
        told = said.at(CERTAINTIES[0]).sentence
    except BadParameter as error:
        told = str(error)
    told = f"For a forecast it takes {low:,.7g} {dose.unit}. {told}"
    if per_cm2:
        told += f" Or draw up all of it for a smaller area: this tissue gives so much on about {float(f'{there / low:.2g}'):g} cm²."
    return told


def _plan(protocol: Protocol, steps: Steps, taken: Plan) -> Plan | None:
    """What the person will do: the treatment that the steps make, added to what is taken that acts otherwise."""
    if steps.dose.made is None:
        return None
    return added(Step(steps.dose.made, Use(session_weeks=sessions_weeks(protocol, steps.product))), taken)


def _mixed(treated: Forecast, spread: Field, answer: Comparison) -> Forecast:
    """The field mode's forecast: of each draw's follicles the share reached has the stronger effect, the rest none of it.

    Densities add up by share; the mean calibre is that of all hairs.
    """
    belief, pick = treated.belief, np.arange(treated.belief.size) % len(spread.coverage)
    strength = spread.strength[pick]
    scaled = dict(belief.draws["cells"])
    for name in scaled:
        if name == "strength" or name.endswith("_deviation"):
            scaled[name] = scaled[name] * strength
    stronger = replace(belief, draws={**belief.draws, "cells": scaled})
    years = float(answer.weeks[-1]) / WEEKS_PER_YEAR
    taken = Plan(tuple(step for step in treated.plan.steps if step.treatment.subject != "cells"))
    full, plain = forecast_all(answer.person, [treated.plan, taken], stronger, answer.start, years)
    coverage = spread.coverage[pick]
    return replace(_by_share(full, plain, coverage, belief), others=partial(_others_by_share, full, plain, coverage, belief))


def _by_share(full: Forecast, plain: Forecast, coverage: Array, belief: Belief) -> Forecast:
    share = coverage[full.which][:, None, None]
    draws = {name: share * full.draws[name] + (1 - share) * plain.draws[name] for name in full.draws if name in DENSITIES}
    if "calibre" in full.draws:
        weighed = sum(part * one.draws["visible"] * one.draws["calibre"] for part, one in ((share, full), (1 - share, plain)))
        draws["calibre"] = weighed / np.maximum(draws["visible"], 1e-9)
    return replace(full, belief=belief, draws=draws)


def _others_by_share(full: Forecast, plain: Forecast, coverage: Array, belief: Belief) -> Forecast | None:
    treated, untreated = full.others(), plain.others()
    return None if treated is None or untreated is None else _by_share(treated, untreated, coverage, belief)
