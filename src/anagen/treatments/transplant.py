"""Hair transplant: it moves follicles, and changes the tempo of none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from anagen.ground.errors import BadParameter
from anagen.scalp.tempo import Tempo, Transfer
from anagen.treatments.use import Treatment, Use, Values


@dataclass(frozen=True)
class Transplant(Treatment):
    """Follicles moved from the back of the head: 1000 to 5000 grafts, the range of published graft tables (clinic/suitability.md).

    `transfer` is what it does; its `tempo` is nothing. Kinds differ by how many grafts live on: `survival_row`.
    """

    subject: ClassVar[str] = "transplant"
    unit: ClassVar[str] = "grafts"
    studied: ClassVar[tuple[float, float]] = (1000.0, 5000.0)
    evidence_class: ClassVar[str] = "procedure"
    route: ClassVar[str] = "surgery"
    survival_row: ClassVar[str]

    dose: float = 2000.0

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Whatever the strength: nothing."""
        return Tempo()

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """What it does in each week to the follicles that were there: nothing."""
        return Tempo()

    def transfer(self, donor_area_cm2: float, recipient_area_cm2: float, values: Values | None = None, use: Use | None = None) -> Transfer:
        """The follicles that it moves: grafts x hairs per graft x survival, spread evenly over the recipient area.

        values: draws give a `Transfer` over lanes. Raises `BadParameter` for an area that is not above 0.
        """
        if not donor_area_cm2 > 0:
            raise BadParameter("donor_area_cm2", f"is {donor_area_cm2:g}", "an area above 0")
        v = self.usual(values)
        return Transfer(
            follicles_per_cm2=self.dose * v["hairs_per_graft"] / donor_area_cm2,
            survival=v[self.survival_row],
            donor_area_cm2=donor_area_cm2,
            recipient_area_cm2=recipient_area_cm2,
            week=(use or Use()).start_week,
            shock=v["shock"],
        )


@dataclass(frozen=True)
class TransplantFue(Transplant):
    """Follicular unit excision: grafts punched out one by one.

    >>> moved = TransplantFue(2000).transfer(donor_area_cm2=200, recipient_area_cm2=80)
    >>> round(float(moved.gained_per_cm2), 1), round(float(moved.lost_per_cm2), 1)
    (42.0, 23.0)
    """

    name: ClassVar[str] = "transplant_fue"
    survival_row: ClassVar[str] = "survival_fue"
    basis: ClassVar[str] = "Grafts that live on after a year in two small studies: 61, 73 and 84 % (o274, o256, o254)."

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"transplant of {self.dose:g} grafts, excised one by one"


@dataclass(frozen=True)
class TransplantFut(Transplant):
    """Strip transplant: grafts cut from a strip of scalp.

    >>> TransplantFut(1500).title
    'transplant of 1500 grafts from a strip'
    """

    name: ClassVar[str] = "transplant_fut"
    survival_row: ClassVar[str] = "survival_fut"
    basis: ClassVar[str] = "Grafts that live on: 86 % after a year (o273); 95 to 54 % as hours out of the body rise (o259-o264)."

    @property
    def title(self) -> str:
        """What a person would call it."""
        return f"transplant of {self.dose:g} grafts from a strip"
