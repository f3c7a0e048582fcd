"""Tempo: the only thing a treatment may change, and how two treatments combine.

A treatment changes how fast follicles leave a phase, the chance to enter kenogen, the chance to shrink or grow a calibre
step at the start of anagen, or wakes resting follicles. Transplant, which moves follicles, is the one exception: a `Transfer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.arrays import foreign, library
from anagen.ground.errors import BadParameter

Array = npt.NDArray[np.floating[Any]]
FASTEST = 100.0
"""A stay is cut to a hundredth at most (telogen: to a day). Only the few draws in which a person answers beyond all measure ask for
more; they would gain a few hairs in 300, and take without end to follow."""


@dataclass(frozen=True)
class Tempo:
    """Changes to the law over time. Each field is a number, or an array (weeks, *lanes) constant within a week.

    Multipliers of leaving rates: `leave_anagen`, `leave_catagen`, `leave_telogen`, `leave_kenogen` (>= 0; 2 halves the
    stay). Multipliers of chances: `kenogen` (that telogen ends in an empty follicle), `shrink` (>= 0). Added: `grow`, the
    chance (0 to 1) that a follicle which does not shrink grows one step; `recruit_per_week`, the rate (>= 0) at which empty
    follicles wake. Weeks after the last row keep the last row.

    Raises `BadParameter` for a negative, infinite or missing number, a `grow` over 1, or rows that do not fit each other.

    >>> slower = Tempo(leave_anagen=0.5)
    >>> float((slower & slower).leave_anagen)
    0.25
    >>> float((Tempo(grow=0.5) & Tempo(grow=0.5)).grow)
    0.75
    """

    leave_anagen: npt.ArrayLike = 1.0
    leave_catagen: npt.ArrayLike = 1.0
    leave_telogen: npt.ArrayLike = 1.0
    leave_kenogen: npt.ArrayLike = 1.0
    kenogen: npt.ArrayLike = 1.0
    shrink: npt.ArrayLike = 1.0
    grow: npt.ArrayLike = 0.0
    recruit_per_week: npt.ArrayLike = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            array = as_numbers(f"Tempo.{name}", value)
            if not foreign(array) and array.size and (array.min() < 0 or not np.isfinite(array.max())):
                raise BadParameter(f"Tempo.{name}", f"has {array.min():g} to {array.max():g}", "finite numbers from 0 up")
            if name == "grow" and not foreign(array) and array.size and array.max() > 1:
                raise BadParameter("Tempo.grow", f"is {array.max():g}", "a chance from 0 to 1")
            object.__setattr__(self, name, array)
        try:
            np.broadcast_shapes(*(array.shape[1:] for array in self.rows().values() if array.ndim))
        except ValueError:
            shapes = ", ".join(f"{name} {array.shape}" for name, array in self.rows().items() if array.ndim)
            raise BadParameter("Tempo", f"has rows that do not fit each other ({shapes})", "(weeks, *lanes) that broadcast") from None

    def rows(self) -> dict[str, Array]:
        """Every field as an array: shape () where it is constant, else (weeks, *lanes)."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def lanes(self) -> tuple[int, ...]:
        """The shape of the lanes over which this tempo differs; () if it is the same for all."""
        return np.broadcast_shapes(*(array.shape[1:] for array in self.rows().values() if array.ndim)) if self.weeks else ()

    @property
    def weeks(self) -> int:
        """The number of weekly rows; 0 if nothing changes over time."""
        return max((array.shape[0] for array in self.rows().values() if array.ndim), default=0)

    def __and__(self, other: Tempo) -> Tempo:
        """Both treatments at once: multipliers multiply, chances to grow join, wake-up rates add."""
        mine, yours = _same_weeks(self.rows(), other.rows())
        joined: dict[str, Array] = {name: mine[name] * yours[name] for name in mine}
        joined["grow"] = 1 - (1 - mine["grow"]) * (1 - yours["grow"])
        joined["recruit_per_week"] = mine["recruit_per_week"] + yours["recruit_per_week"]
        return Tempo(**joined)

    def answered(self, strength: npt.ArrayLike) -> Tempo:
        """The same treatment in a person who answers it `strength` times as strongly (1: as stated; a number or lanes).

        The logarithm of each multiplier, the logarithm of the chance not to grow, and the rate of waking scale with the strength.

        >>> float(Tempo(shrink=0.5).answered(2.0).shrink), float(Tempo(grow=0.5).answered(2.0).grow)
        (0.25, 0.75)
        """
        force = as_numbers("strength", strength)
        scaled: dict[str, Array] = {}
        for name, row in self.rows().items():
            wide = row.reshape(*row.shape, *([1] * (force.ndim - max(row.ndim - 1, 0)))) if row.ndim else row
            if name == "recruit_per_week":
                scaled[name] = wide * force
            elif name == "grow":
                scaled[name] = 1 - (1 - wide) ** force
            else:
                scaled[name] = wide**force
            idle = 0.0 if name in ("grow", "recruit_per_week") else 1.0
            if row.ndim == 0 and row == idle:
                scaled[name] = row
            elif scaled[name].ndim and row.ndim == 0:
                scaled[name] = scaled[name][None]
        return Tempo(**scaled)

    def held(self) -> Tempo:
        """The same with no phase left more than `FASTEST` times as fast.

        >>> float(Tempo(leave_kenogen=1e9).held().leave_kenogen)
        100.0
        """
        return Tempo(**{name: np.minimum(row, FASTEST) if name.startswith("leave_") else row for name, row in self.rows().items()})


@dataclass(frozen=True)
class Transfer:
    """Follicles moved from a donor to a recipient area (transplant): none is created, each keeps its donor's law.

    follicles_per_cm2: taken from each cm2 of donor; survival: the share (0 to 1) that lives on; donor_area_cm2 and
    recipient_area_cm2; week: when; shock: the share (0 to 1) of moved follicles that rests at once. Each is a number or an
    array over lanes. Raises `BadParameter` for a negative number, a share over 1 or a recipient area of 0.

    The moved follicles are one more population, read with `follicles_per_cm2=gained_per_cm2`, the donor's cycle and `start`.

    >>> Transfer(follicles_per_cm2=20, survival=0.9, donor_area_cm2=100, recipient_area_cm2=50, week=0).gained_per_cm2
    36.0
    """

    follicles_per_cm2: Any
    survival: Any
    donor_area_cm2: Any
    recipient_area_cm2: Any
    week: float = 0.0
    shock: Any = 1.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            array = as_numbers(f"Transfer.{name}", value)
            if array.size and (array.min() < 0 or not np.isfinite(array.max())):
                raise BadParameter(
                    f"Transfer.{name}", f"is {array.min() if array.min() < 0 else array.max():g}", "a finite number from 0 up"
                )
            if name in ("survival", "shock") and array.size and array.max() > 1:
                raise BadParameter(f"Transfer.{name}", f"is {array.max():g}", "a share from 0 to 1")
            if name == "recipient_area_cm2" and array.size and array.min() == 0:
                raise BadParameter("Transfer.recipient_area_cm2", "is 0", "an area above 0")

    @property
    def gained_per_cm2(self) -> Any:
        """Living follicles gained by each cm2 of the recipient area."""
        return self.follicles_per_cm2 * self.donor_area_cm2 * self.survival / self.recipient_area_cm2

    @property
    def lost_per_cm2(self) -> Any:
        """Follicles lost by each cm2 of the donor area."""
        return self.follicles_per_cm2

    def take(self, donor_follicles_per_cm2: Any) -> Any:
        """What the donor area has left. Raises `BadParameter` if it never had so many."""
        if np.any(np.asarray(self.follicles_per_cm2) > donor_follicles_per_cm2):
            most, has = np.max(self.follicles_per_cm2), np.min(donor_follicles_per_cm2)
            raise BadParameter("Transfer.follicles_per_cm2", f"is {most:g}", f"at most the {has:g} of the donor area")
        return donor_follicles_per_cm2 - self.follicles_per_cm2

    def start(self, cycle: Any, donor: Sequence[Any]) -> list[Any]:
        """Occupancies of the moved follicles at `week`: of each calibre `shock` enters telogen, the rest stay in their phase.

        cycle: the donor's; donor: its occupancies, four arrays (stages, SLOTS, *lanes). Hairs are counted in a graft, so
        empty follicles are not moved. The hair of a shocked follicle counts as visible until telogen ends, though
        much of it falls earlier.

        >>> from anagen.scalp.law import healthy, settled
        >>> moved = Transfer(follicles_per_cm2=20, survival=0.9, donor_area_cm2=100, recipient_area_cm2=50, shock=1.0)
        >>> [round(float(phase.sum()), 6) for phase in moved.start(healthy(), settled(healthy()))]
        [0.0, 0.0, 1.0, 0.0]
        """
        shock = np.asarray(self.shock)
        lanes = np.broadcast_shapes(np.shape(donor[0])[2:], shock.shape)

        def fit(phase: Any) -> Array:
            own = np.shape(phase)
            return np.asarray(phase).reshape(*own[:2], *([1] * (2 + len(lanes) - len(own))), *own[2:])

        seen = [fit(phase) for phase in donor[:3]]
        whole = sum(phase.sum(axis=(0, 1)) for phase in seen)
        calibres = sum(phase.sum(axis=0) for phase in seen) / whole
        moved = [np.array(np.broadcast_to((1 - shock) * phase / whole, (*phase.shape[:2], *lanes))) for phase in seen]
        for stage, share in cycle.stages()[2].entry():
            moved[2][stage] += shock * share * calibres
        return [*moved, np.zeros((*np.shape(donor[3])[:2], *lanes))]


def combine(*tempos: Tempo) -> Tempo:
    """Several treatments at once, in any order. Nothing at all is `Tempo()`."""
    return reduce(lambda one, two: one & two, tempos, Tempo())


def as_numbers(where: str, value: npt.ArrayLike) -> Array:
    """The value as an array of floats; an array of another library as it is, unchecked.

    Raises `BadParameter` if it is not numbers or one of them is missing (NaN).
    """
    if foreign(value):
        return value  # type: ignore[return-value]
    try:
        array = np.asarray(value)
        array = array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float64)
    except (TypeError, ValueError):
        raise BadParameter(where, f"is {value!r}", "a number or an array of numbers") from None
    if array.size and np.isnan(array.min()):  # a missing number is the least of all
        raise BadParameter(where, "holds a missing number (NaN)", "numbers only")
    return array


def _same_weeks(one: dict[str, Array], two: dict[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    weeks = max(array.shape[0] if array.ndim else 0 for rows in (one, two) for array in rows.values())
    lanes = max(array.ndim - 1 for rows in (one, two) for array in rows.values())

    def fit(array: Array) -> Array:
        if array.ndim == 0:
            return array
        array = array.reshape(array.shape[0], *([1] * (lanes - array.ndim + 1)), *array.shape[1:])
        xp = library(array)
        return array if len(array) == weeks else xp.concatenate([array, xp.repeat(array[-1:], weeks - len(array), axis=0)])

    return {k: fit(v) for k, v in one.items()}, {k: fit(v) for k, v in two.items()}
