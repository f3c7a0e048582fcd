"""The protocols of one person and the other options, side by side: what each gives and what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """One line of the table side by side; `gain` over nothing at the moments (None: no forecast). None elsewhere: not known, or none.

    `tissue`: in words; `visits`: of sessions and harvests, None for what is used at home; `weeks_to_effect`: until half of the
    largest middle gain; `prices`: what was read of the treatment; `certainty`: how sure the evidence of it is.
    """

    title: str
    gain: Band | None
    needles: int | None
    tissue: str | None
    visits: int | None
    weeks_to_effect: int | None
    prices: tuple[Cost, ...]
    certainty: str
    why_not: str = ""


def side_by_side(done: Sequence[Procedure]) -> tuple[Line, ...]:
    """The protocols of one person, then the other options: gain, needles, tissue, visits, weeks to effect, prices, certainty."""
    first = done[0]
    answer, region, own = first.answer, first.region, []
    for one in done:
        plan = one.protocol.injection
        visits = plan.sessions + (one.protocol.recipe.name in CULTURED)
        gain = None if one.option is None else one.option.gain(answer.nothing, region=one.region, weeks=_moments(answer))
        sure = one.dose.treatment if one.option is None else one.option
        own.append(
            Line(
                one.title,
                gain,
                one.injected.needles_in_all,
                _taken(one.protocol),
                visits,
                None if one.option is None else _to_effect(one.option, answer, one.region),
                prices([one.dose.treatment]),
                _certainty(sure, answer),
                one.dose.why_not,
            )
        )
    others = [_other(option, answer, region) for option in first.against if option is not answer.nothing]
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
    held = [len(step.use.session_weeks) for step in option.plan.steps if isinstance(step.treatment, Sessions)]
    gain = option.gain(answer.nothing, region=region, weeks=_moments(answer))
    names = [step.name for step in option.plan.steps]
    asks = effort(option.plan)
    taken = [one.taken for one in asks if not one.taken.startswith("none")]
    return Line(
        option.title,
        gain,
        0 if all(one.needles == "none" for one in asks) else None,
        "; ".join(dict.fromkeys(taken)) or "none",
        sum(held) or None,
        _to_effect(option, answer, region),
        prices(names),
        _certainty(option, answer),
    )


def _certainty(of: Option | str, answer: Comparison) -> str:
    if isinstance(of, str):
        from anagen.synthesis import certainty

        return certainty(of, answer.person.sex).level
    return of.known().grounds.certainty.level


def _to_effect(option: Option, answer: Comparison, region: str) -> int | None:
    """The first week with half of the largest middle gain; None where the middle gains nothing."""
    course = option.gain(answer.nothing, region=region).median
    most = float(course.max())
    return int(np.argmax(course >= HALF * most)) if most > HALF else None


def _taken(protocol: Protocol) -> str:
    source, times = protocol.source, protocol.harvests
    if isinstance(source, Lipoaspirate):
        what = f"{source.volume_ml:g} mL of fat"
    elif isinstance(source, Marrow):
        what = f"{source.volume_ml:g} mL of marrow"
    else:
        what = f"{source.number} punches of {source.diameter_mm:g} mm"
    return what if times == 1 else f"{times} times {what}"
