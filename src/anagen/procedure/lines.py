"""The protocols of one person and the other options, side by side: what each gives and what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.compare import Comparison, Option
from anagen.effort import effort
from anagen.evidence.rows import Cost
from anagen.forecast import Band
from anagen.procedure.done import Procedure
from anagen.therapy.extract import Lipoaspirate, Marrow
from anagen.therapy.protocol import CULTURED, Protocol
from anagen.treatments.sessions import Sessions

HALF = 0.5
"""Of its largest gain: where an effect counts as come. No gain below so many hairs/cm2 has a time."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the table side by side: gains at the moments, over nothing and `over_now` over going on as now (None: no forecast).

    Nothing is to stop what is taken; for a person who takes nothing both gains are one. None elsewhere: not known, or none.
    `tissue`: in words; `visits`: of sessions and harvests, None for what is used at home; `weeks_to_effect`: until half of the
    largest middle gain over going on as now; `priced`: what was read of each treatment, by its name; `certainty`: how sure the
    evidence of it is. Needles, tissue and visits are those of the sessions within the time that is looked at.
    `too_high`: at which moments the gain is known to be told too high; `as_now`: whether it is to go on as now.
    """

    title: str
    gain: Band | None
    over_now: Band | None
    needles: int | None
    tissue: str | None
    visits: int | None
    weeks_to_effect: int | None
    priced: Mapping[str, tuple[Cost, ...]]
    certainty: str
    why_not: str = ""
    too_high: tuple[bool, ...] = ()
    as_now: bool = False

    @property
    def prices(self) -> tuple[Cost, ...]:
        """Every price that was read, each once."""
        return tuple(dict.fromkeys(one for found in self.priced.values() for one in found))


def side_by_side(done: Sequence[Procedure]) -> tuple[Line, ...]:
    """The protocols of one person, then the other options: gain, needles, tissue, visits, weeks to effect, prices, certainty.

    For a person who takes something, to stop it is one of them.
    """
    first = done[0]
    answer, region, own = first.answer, first.region, []
    for one in done:
        held, shared = one.within, one.protocol.injection.share_points
        visits = held + (one.protocol.recipe.name in CULTURED)
        needles = int((one.injected.grid.session <= held).sum()) if shared else one.injected.needles * held
        sure = one.dose.treatment if one.option is None else one.option
        own.append(
            Line(
                one.title,
                one.gain(_moments(answer)),
                one.gain(_moments(answer), against=answer.base),
                needles,
                _taken(one.protocol, held),
                visits,
                None if one.option is None else _to_effect(one.option, answer, one.region),
                {one.dose.treatment: prices([one.dose.treatment])},
                _certainty(sure, answer),
                one.why_not,
            )
        )
    taking = answer.base is not answer.nothing
    others = [_other(option, answer, region) for option in first.against if taking or option is not answer.nothing]
    return (*own, *others)


def prices(treatments: Iterable[str]) -> tuple[Cost, ...]:
    """Every price that was read of some treatments, as `costs` prices a plan: none for another use, none of taking tissue apart.

    >>> [one.row_id for one in prices(["svf"])], prices(["hfsc_micrograft"])
    (['k002'], ())
    """
    from anagen.costs.tables import prices as read

    names = set(treatments)
    return tuple(dict.fromkeys(one.cost for one in read() if one.use and one.part != "harvest" and one.option in names))


def _moments(answer: Comparison) -> list[int]:
    return [moment.week for moment in answer.moments]


def _other(option: Option, answer: Comparison, region: str) -> Line:
    end = int(answer.weeks[-1])
    courses = [step.use.course(step.treatment.usual_weeks).sessions() for step in option.plan.steps if isinstance(step.treatment, Sessions)]
    held = [sum(week <= end for week in weeks) for weeks in courses]
    names = list(dict.fromkeys(step.name for step in option.plan.steps))
    asks = effort(option.plan)
    taken = [one.taken for one in asks if not one.taken.startswith("none")]
    return Line(
        option.title,
        option.gain(answer.nothing, region=region, weeks=_moments(answer)),
        option.gain(answer.base, region=region, weeks=_moments(answer)),
        0 if all(one.needles == "none" for one in asks) else None,
        "; ".join(dict.fromkeys(taken)) or "none",
        sum(held) or (None if option.plan.steps else 0),
        _to_effect(option, answer, region),
        {name: prices([name]) for name in names},
        _certainty(option, answer),
        too_high=tuple(option.too_high(week) for week in _moments(answer)),
        as_now=option is answer.base,
    )


def _certainty(of: Option | str, answer: Comparison) -> str:
    if isinstance(of, str):
        from anagen.synthesis import certainty

        return certainty(of, answer.person.sex).level
    return of.known().grounds.certainty.level


def _to_effect(option: Option, answer: Comparison, region: str) -> int | None:
    """The first week with half of the largest middle gain; None where the middle gains nothing, or that week is told too high."""
    course = option.gain(answer.base, region=region).median
    most = float(course.max())
    week = int(np.argmax(course >= HALF * most)) if most > HALF else None
    return None if week is not None and option.too_high(week) else week


def _taken(protocol: Protocol, held: int) -> str:
    source, times = protocol.source, min(protocol.harvests, held) or 1
    if isinstance(source, Lipoaspirate):
        what = f"{source.volume_ml:g} mL of fat"
    elif isinstance(source, Marrow):
        what = f"{source.volume_ml:g} mL of marrow"
    else:
        what = f"{source.number} punch{'es' * (source.number != 1)} of {source.diameter_mm:g} mm"
    return what if times == 1 else f"{times} times {what}"
