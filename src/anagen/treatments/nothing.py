"""Nothing: what happens if nothing is done. Every other option is read against it."""

from __future__ import annotations

from typing import ClassVar

from anagen.scalp.tempo import Tempo
from anagen.treatments.use import Treatment, Use, Values


class Nothing(Treatment):
    """No treatment: the tempo stays as it is.

    >>> bool(Nothing().tempo(52).shrink == 1)
    True
    """

    name: ClassVar[str] = "nothing"
    subject: ClassVar[str] = ""

    @property
    def title(self) -> str:
        """What a person would call it."""
        return "nothing"

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """What it does in each week: nothing."""
        return Tempo()
