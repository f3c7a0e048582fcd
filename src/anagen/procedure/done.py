"""What a protocol carried out is: its steps, its release, its forecast, and its follicles one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from anagen.compare import MOMENTS, Comparison, Option, kinds
from anagen.forecast import DENSITIES, Band, Forecast
from anagen.ground.errors import BadInput
from anagen.ground.units import DAYS_PER_WEEK, WEEKS_PER_YEAR
from anagen.plan import Plan
from anagen.scalp.law import Cycle
from anagen.scalp.regions import regions
from anagen.scalp.sample import Looks, sample
from anagen.scalp.tempo import Tempo
from anagen.suitability import OptionVerdict, Suitability, not_asked
from anagen.therapy.batches import Change
from anagen.therapy.dose import dose_map
from anagen.therapy.extract import Tissue
from anagen.therapy.grid import follicles
from anagen.therapy.inject import Injected
from anagen.therapy.need import CERTAINTIES, Need, told
from anagen.therapy.place import Place, lies_in
from anagen.therapy.polygon import Floats
from anagen.therapy.process import Product
from anagen.therapy.protocol import CULTURED, Protocol
from anagen.therapy.regenerate import Dose, Field, Mode, served, sessions_weeks
from anagen.therapy.release import Check, Standing
from anagen.therapy.spacing import Tradeoff
from anagen.therapy.steps import Quantity, Steps, quantities
from anagen.therapy.unknowns import Unknowns

OWN = "protocol "
"""How the option of a protocol is named: this, and its number."""
FRAMES = {"today": 0.0, **{label: years for label, years in MOMENTS.items() if label != "5 years"}}
"""When single follicles are looked at, in years."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Single follicles of the treated skin at one moment. `places_cm` (m, 2); `kind` (m,), an index into `compare.KINDS`.

    `calibre_um` (m,) of each hair; `density_per_cm2` of hairs that are seen; `mean_um` of those; `reached` (m,): all in the class mode.
    """

    label: str
    week: int
    places_cm: Floats
    kind: npt.NDArray[np.uint8]
    calibre_um: Floats
    density_per_cm2: float
    mean_um: float
    reached: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Procedure:
    """One protocol carried out, `title` what it is called. The four steps, each with its draws; `changes` by own batch records, and
    what was `measured` of the lot itself; `suits`: how each option stands for the person.

    `need`: the tissue for the dose wanted, None where none was stated. `plan` and `option`: the treatment that it makes, and its
    forecast in `answer`, where nothing and the other options stand too; None where there is none (`why_not`).
    `needed`: what a dose with a forecast would take, where this one has none. `tradeoff`: needles against reach, where a coverage was
    wished for. `field`: of the field mode alone. `region`: of the scalp, where the forecast is read.
    """

    title: str
    protocol: Protocol
    mode: Mode
    unknowns: Unknowns
    changes: tuple[Change, ...]
    measured: tuple[Change, ...]
    steps: Steps
    need: Need | None
    release: tuple[Check, ...]
    standing: tuple[Standing, ...]
    suits: Suitability
    field: Field | None
    plan: Plan | None
    option: Option | None
    answer: Comparison
    region: str
    needed: str = ""
    tradeoff: Tradeoff | None = None

    @property
    def tissue(self) -> Tissue:
        """What one harvest takes."""
        return self.steps.tissue

    @property
    def product(self) -> Product:
        """What the laboratory makes of one harvest."""
        return self.steps.product

    @property
    def injected(self) -> Injected:
        """What one session does."""
        return self.steps.injected

    @property
    def dose(self) -> Dose:
        """The dose of one session."""
        return self.steps.dose

    @property
    def verdict(self) -> OptionVerdict:
        """How the option that the protocol makes stands for the person."""
        return self.suits.of(self.dose.treatment)

    @property
    def not_asked(self) -> str | None:
        """What is said of a person who was not asked about the signs; None for one who was."""
        return not_asked(self.protocol.who)

    @property
    def failed(self) -> str:
        """That the lot does not pass, and may not be given; nothing where no test failed."""
        tests = "; ".join(f"{check.name} {check.stated}, allowed: {check.allowed}" for check in self.release if check.result == "fail")
        if not tests:
            return ""
        return f"This lot does not pass its release tests and may not be given ({tests}). What follows only shows what such a lot would do."

    def uses(self, change: Change) -> bool:
        """Whether the protocol uses the row of a change by own batches."""
        rows = (*self.product.rows, *self.injected.rows, *self.dose.rows, *self.steps.kept.rows, *(self.field.rows if self.field else ()))
        return (change.after.of, change.after.name) in {(row.of, row.name) for row in rows}

    @property
    def later(self) -> str:
        """Why one harvest must give more than a session takes: what is stored for later ones loses a share. Nothing where none is."""
        plan = self.protocol.injection
        stored = plan.sessions - 1 if self.protocol.recipe.name in CULTURED else 0
        if self.need is None or not stored:
            return ""
        times = plan.parts * float(np.median(served(self.protocol, self.unknowns)))
        first, kept = told(self.need.wanted / times, self.need.of), stored / (times - 1)
        left = f"{kept:.0%}".replace("%", " %")
        rest = f"{stored} x {first} / {kept:.2g} for the rest"
        return f"That is {first} for the first session and {rest}: about {left} is left of what is frozen."

    @cached_property
    def session_weeks(self) -> tuple[float, ...]:
        """When each session is held, in weeks from today."""
        days = self.protocol.injection.days
        last = sessions_weeks(self.protocol, self.product)[-1]
        return tuple(last - (days[-1] - day) / DAYS_PER_WEEK for day in days)

    @property
    def within(self) -> int:
        """How many sessions fall within the time that is looked at."""
        return sum(week <= int(self.answer.weeks[-1]) for week in self.session_weeks)

    @property
    def forecast(self) -> Forecast | None:
        """The forecast of the treated skin; None where there is none (`why_not`)."""
        return None if self.option is None else self.option.forecast

    @cached_property
    def place(self) -> Place:
        """Where the injections lie, and which share of each region they cover."""
        return lies_in(self.protocol.site, self.answer.main_region, self.unknowns)

    @property
    def why_not(self) -> str:
        """Why there is no forecast: where the injections lie, or the dose. Nothing where there is one."""
        if self.treated_share is not None:
            return self.dose.why_not
        where = f"{'most of ' * (len(self.place.treated) > 1)}the injections lie in the {regions()[self.place.region].title}"
        return f"No forecast: {where}, which pattern hair loss leaves alone; no trial of hair loss that was read treated it."

    @property
    def treated_share(self) -> float | None:
        """Which share of `region` the injections cover; None where they lie in a region that is not followed."""
        return self.place.treated[self.region] if self.place.region == self.region else None

    def gain(self, weeks: Sequence[int] | None = None, over_region: bool = False, against: Option | None = None) -> Band | None:
        """Hairs/cm2 more than with another option: of the treated skin, or `over_region` the mean of the whole region.

        against: default nothing, which for a person who takes something is to stop it; `answer.base` is to go on as now. None without
        a forecast.
        """
        found = self._of_region if over_region else self.forecast
        return None if found is None else found.gain((against or self.answer.nothing).known(), region=self.region, weeks=weeks)

    @cached_property
    def _of_region(self) -> Forecast | None:
        """The mean of the whole region: its treated share as forecast, its other skin on what is taken today. Densities alone."""
        treated, share, rest = self.forecast, self.treated_share, self.answer.base.known()
        if treated is None or share is None:
            return None
        ends = {name: (rest.draws[name].astype(float), treated.draws[name]) for name in DENSITIES}
        return replace(treated, draws={name: left + share * (given - left) for name, (left, given) in ends.items()})

    @property
    def against(self) -> tuple[Option, ...]:
        """Nothing and the other options, with their forecasts, draw by draw like that of the protocol."""
        own = [self.option] if self.option else []
        return tuple(one for one in self.answer.forecasts if one not in own and not one.name.startswith(OWN))

    @property
    def beyond(self) -> tuple[str, ...]:
        """What the forecast leaves out of what the steps show, and where it leaves the evidence, in sentences."""
        said = []
        if self.why_not:
            said += [self.why_not, *([self.needed] if self.needed and self.why_not == self.dose.why_not else [])]
        elif whose := self.dose.made and self.dose.made.studied_of:
            said.append(f"No trial of such a product states its dose: the range of doses is borrowed from {whose}.")
        if not self.why_not and self.mode == "class":
            said.append("Every follicle of the region is taken to answer alike, wherever the needle went: no trial tells more.")
        if self.dose.met_share is not None and self.dose.met_share < CERTAINTIES[2]:
            what = "medium" if "medium_ml" in self.product.holds else "cells for the dose wanted"
            said.append(f"One harvest gives enough {what} in {self.dose.met_share:.0%} of the draws.".replace("%", " %"))
        if ended := round(100 * self.product.ended_share):
            said.append(
                f"In {ended} % of the draws cells have stopped growing before passage {self.protocol.recipe.passage}: "
                "there this passage only loses cells, and an earlier one gives more."
            )
        if round(100 * self.place.outside):
            said.append(f"{100 * self.place.outside:.0f} % of the drawn region lies off the outlines of the scalp's map.")
        if self.protocol.recipe.name in CULTURED and self.protocol.injection.sessions > 1:
            said.append("One harvest serves all sessions; what is stored for the later ones loses a share that is assumed.")
        if "suspension_ml" in self.product.holds and (made := self.product.holds["suspension_ml"]).size:
            drawn, made_ml = (
                float(f"{float(np.median(volume)):.2g}") for volume in (self.injected.product_ml / self.protocol.injection.parts, made)
            )
            if drawn > made_ml:
                said.append(
                    f"About {made_ml:,g} mL of suspension is thinned to {drawn:,g} mL; how much trials thinned theirs was not read."
                )
        if (held := self.within) < (planned := self.protocol.injection.sessions):
            count = "none falls" if not held else "1 falls" if held == 1 else f"{held} fall"
            shown = "it alone" if held == 1 else "those alone" if held else "none"
            said.append(
                f"Of {planned} sessions {count} within the {self.answer.moments[-1].label} that are looked at; the forecast and what it "
                f"asks side by side are of {shown}."
            )
        if self.protocol.injection.share_points and self.protocol.injection.sessions > 1:
            said.append("The sessions share the points: all count as one, at the last of them.")
        return (*said, *(self.option.beyond if self.option else ()))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every number of the four steps, with the rows on which it hangs: those that move it when they are moved, one at a time."""
        return quantities(self.protocol, self.unknowns, self.steps)

    def frames(self, of: Option | None = None, seed: int = 1) -> tuple[Frame, ...]:
        """The follicles of the treated skin, one by one, at the moments of `FRAMES` within the horizon; of: default this protocol.

        The draw whose untreated course is nearest to the median. Every option shows the same follicles. Raises `BadInput` without
        a forecast.
        """
        option = of or self.option
        if option is None:
            raise BadInput(self.why_not)
        answer, at, end = self.answer, self.answer.middle, int(self.answer.weeks[-1])
        weeks = {label: week for label, years in FRAMES.items() if (week := round(years * WEEKS_PER_YEAR)) <= end}
        state = [phase[:, :, at, answer.start.regions.index(self.region)] for phase in answer.start.state]
        cycle = Cycle(**{name: value[at] if value.ndim else value for name, value in vars(answer.start.cycle).items()})
        places = follicles(self.injected.region, float(cycle.follicles_per_cm2))

        def looked(tempo: Tempo) -> Looks:
            lane = Tempo(**{name: value[:, at] if value.ndim > 1 else value for name, value in tempo.rows().items()})
            looks = sample(cycle, lane, end, follicles=len(places), start=state, seed=seed, look_weeks=tuple(weeks.values())).looks
            assert looks is not None
            return looks

        looks = looked(option.known().tempo)
        kind, calibre, reached = kinds(looks), looks.calibre_um, np.ones(len(places), dtype=bool)
        if option is self.option and self.field is not None:
            done = self.injected
            dose = dose_map(done.kernel, done.grid.points_cm, places, done.follicle_depth_cm, done.area_cm2)
            reached, still = dose.relative[0] >= done.reach_level, looked(answer.base.known().tempo)
            kind, calibre = np.where(reached, kind, kinds(still)), np.where(reached, calibre, still.calibre_um)
        made = []
        for row, (label, week) in enumerate(weeks.items()):
            seen = kind[row] > 0
            mean = float(calibre[row][seen].mean()) if seen.any() else 0.0
            made.append(Frame(label, week, places, kind[row], calibre[row], float(seen.sum() / self.injected.area_cm2), mean, reached))
        return tuple(made)
