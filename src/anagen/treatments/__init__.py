"""What a person can do about hair loss: one small file each, from how it is used to what it does to the `Tempo`.

`TREATMENTS` has them by name. Every strength is a row of `data/priors.csv`; a treatment file holds its shape only.
"""

from __future__ import annotations

from anagen.ground.errors import UnknownName
from anagen.treatments.dutasteride import Dutasteride
from anagen.treatments.finasteride import Finasteride
from anagen.treatments.minoxidil import OralMinoxidil, TopicalMinoxidil
from anagen.treatments.nothing import Nothing
from anagen.treatments.use import Treatment, Use

TREATMENTS: dict[str, type[Treatment]] = {kind.name: kind for kind in (Nothing, Finasteride, Dutasteride, TopicalMinoxidil, OralMinoxidil)}


def treatment(name: str, dose: float | None = None) -> Treatment:
    """A treatment by name, at a dose in its own unit (default: its usual one).

    Raises `UnknownName` for a name we do not have, `BadParameter` for a dose outside what was studied.

    >>> treatment("finasteride").title
    'finasteride 1 mg a day'
    """
    if name not in TREATMENTS:
        raise UnknownName("treatment", name, TREATMENTS)
    return TREATMENTS[name]() if dose is None else TREATMENTS[name](dose)


__all__ = ["TREATMENTS", "Treatment", "Use", "treatment"]
