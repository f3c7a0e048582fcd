"""Nothing: what happens if nothing is done. Every other option is read against it."""

from __future__ import annotations

from typing import Any, ClassVar

from anagen.scalp.tempo import Tempo
from anagen.treatments.use import Treatment, Use, Values


class Nothing(Treatment):
    """No treatment: the tempo stays as it is.

    >>> bool(Nothing().tempo(52).shrink == 1)
    True
    """

    name: ClassVar[str] = "nothing"
    subject: ClassVar[str] = ""
    evidence_class: ClassVar[str] = "natural_history"
    basis: ClassVar[str] = (
        "Untreated men followed for two years and placebo arms of men of up to five (o002-o007, o055); women are taken to lose more slowly."
    )

    @property
    def title(self) -> str:
        """What a person would call it."""
        return "nothing"

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Whatever the strength: nothing."""
        return Tempo()

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """What it does in each week: nothing."""
        return Tempo()


class Wait(Nothing):
    """Wait a year, count again, then decide. Until then it is nothing.

    >>> Wait().title
    'wait 12 months, then decide'
    """

    name: ClassVar[str] = "wait"

    @property
    def title(self) -> str:
        """What a person would call it."""
        return "wait 12 months, then decide"
