"""The parts of a plan that are paid for: sessions, months of a drug, devices, operations; how many, and in which weeks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf

from anagen.ground.units import WEEKS_PER_MONTH
from anagen.plan import Plan, Step
from anagen.plan.words import in_sessions, usual_weeks
from anagen.treatments import Transplant, Treatment

CULTURED = ("adsc", "dermal_sheath_cup")
"""Options whose cells grow for weeks between the taking and the first session: one visit more, one harvest for all sessions."""
PER_SESSION = ("svf", "bone_marrow", "hfsc_micrograft", "hfsc_suspension")
"""Options that take tissue for each session."""
BRIEF = 1e-6
"""Of a month: what is left over by rounding begins no new one."""


@dataclass(frozen=True)
class Part:
    """One thing to pay for: `kind` is `session`, `month`, `device`, `operation` or `trial`; `weeks` when each is paid.

    `units`: how many a payment buys (grafts). `before`: how many of it were had before today. `boosters`: sessions beyond the usual course.
    """

    treatment: Treatment
    kind: str
    weeks: tuple[float, ...]
    units: float = 1.0
    before: int = 0
    boosters: int = 0
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> float:
        """How many units in all."""
        return len(self.weeks) * self.units

    @property
    def harvest_weeks(self) -> tuple[float, ...]:
        """When tissue is taken: for each session, or once before the first; never where nothing is taken."""
        if self.kind != "session" or self.treatment.name not in (*CULTURED, *PER_SESSION):
            return ()
        once = self.weeks[:1] if not self.before else ()
        return once if self.treatment.name in CULTURED else self.weeks


def parts_of(plan: Plan, months: float, device_life_months: float | None = None) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts of a plan from today until so many months, and what is counted as 0, in words.

    A month of a drug that has begun is paid whole. What was had before today is not paid again.

    >>> parts, said = parts_of(Plan.parse("wait for 4 weeks; prp from week 4; finasteride from week 12"), 6)
    >>> [(part.kind, part.count) for part in parts], said
    ([('session', 3.0), ('month', 4.0)], ('Waiting costs nothing, by definition.',))
    """
    end = months * WEEKS_PER_MONTH
    alike: dict[tuple[str, float, str, float], list[Step]] = {}
    said = []
    for step in plan.steps:
        kind = _kind(step)
        if kind == "wait":
            said.append("Waiting costs nothing, by definition.")
        else:
            dose = 0.0 if kind == "device" else step.treatment.dose
            alike.setdefault((step.name, dose, kind, step.first_week if kind == "operation" else 0.0), []).append(step)
    parts = []
    for (_, _, kind, _), steps in alike.items():
        part, words = _part(kind, steps, end, device_life_months)
        said += words
        if part.weeks:
            parts.append(part)
    if not plan.steps:
        said.append("Doing nothing costs nothing, by definition.")
    return tuple(parts), tuple(dict.fromkeys(said))


def visits(parts: tuple[Part, ...]) -> int:
    """The visits that are known: the weeks with a session or an operation, and one to take tissue that is then grown.

    >>> visits(parts_of(Plan.parse("adsc; finasteride"), 12)[0])
    4
    """
    at = {week for part in parts if part.kind in ("session", "operation") for week in part.weeks}
    return len(at) + sum(len(part.harvest_weeks) for part in parts if part.treatment.name in CULTURED)


def _kind(step: Step) -> str:
    kind = type(step.treatment)
    if step.name in ("wait", "nothing"):
        return "wait"
    if step.name == "join_trial":
        return "trial"
    if isinstance(step.treatment, Transplant):
        return "operation"
    if in_sessions(kind):
        return "session"
    return "device" if step.treatment.evidence_class == "device" else "month"


def _part(kind: str, steps: list[Step], end: float, life_months: float | None) -> tuple[Part, list[str]]:
    treatment, said = steps[0].treatment, []
    if kind in ("session", "operation"):
        weeks = sorted(week for step in steps for week in step.use.session_weeks if week < end)
        ahead = tuple(week for week in weeks if week >= 0)
        before = len(weeks) - len(ahead)
        if before:
            said.append(f"{treatment.title}: what was had before today is not counted.")
        boosters = min(max(len(weeks) - len(usual_weeks(type(treatment))), 0), len(ahead)) if kind == "session" else 0
        return Part(treatment, kind, ahead, treatment.dose if kind == "operation" else 1.0, before, boosters), said
    spans = [(max(step.use.start_week, 0.0), min(step.use.stop_week, end)) for step in steps]
    spans = [(start, stop) for start, stop in spans if stop > start]
    if kind == "trial":
        return Part(treatment, kind, tuple(start for start, _ in spans)), said
    if kind == "device":
        if any(step.use.start_week < 0 for step in steps):
            return Part(treatment, kind, ()), [f"{treatment.title}: the device is taken to be there, for it is used already."]
        return Part(treatment, kind, _devices(spans, life_months)), said
    notes = ("all of it is paid, taken or not",) if any(step.use.adherence < 1 for step in steps) else ()
    bought = tuple(
        start + month * WEEKS_PER_MONTH for start, stop in spans for month in range(ceil((stop - start) / WEEKS_PER_MONTH - BRIEF))
    )
    return Part(treatment, kind, bought, notes=notes), said


def _devices(spans: list[tuple[float, float]], life_months: float | None) -> tuple[float, ...]:
    """When a device is bought: at the first use, and where it is worn out while it is used."""
    life, bought, good_until = inf if life_months is None else life_months * WEEKS_PER_MONTH, [], -inf
    for start, stop in spans:
        at = max(start, good_until)
        while at < stop - BRIEF:
            bought.append(at)
            good_until = at = at + life
    return tuple(bought)
