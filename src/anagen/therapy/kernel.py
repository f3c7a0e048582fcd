"""What one injection brings to a place: a bolus that spreads, diffuses and decays under the skin, in closed form.

A volume V fills a ball of tissue of radius R = (3 V / (4 pi fill))^(1/3), `fill` being the share of the tissue's volume that the
fluid takes. From there what the bolus gives off moves by du/dt = D lap u - k u, and skin surface and skull let nothing through.
Both solutions below are exact for that ball in free tissue; walls are added by images, mirrored at 0 and at `floor_cm`, which is
exact too, and what of a ball would lie beyond a wall is folded back, so no mass is lost.

- `at` a time after an instant release: Crank, The Mathematics of Diffusion (1975), eq. 3.8, times exp(-k t).
- in `total` over all time: the steady solution of D lap u - k u = -source, Yukawa's exp(-r / L) / (4 pi D r), L = sqrt(D / k),
  integrated over the ball. It is also the time integral for any release spread over time (cells that fade while they
  secrete), per unit of all that is released, for the equation is linear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground.errors import BadParameter
from anagen.therapy.polygon import Floats

FAR_AT, FAR_TOTAL = 5.0, 25.0
"""Images this many lengths away add nothing that counts: exp(-25)."""


def ball_radius_cm(volume_ml: npt.ArrayLike, fill: npt.ArrayLike) -> Any:
    """The radius of the tissue that a bolus fills (cm). volume_ml: above 0; fill: the fluid's share of the tissue, 0 to 1.

    >>> round(float(ball_radius_cm(0.1, 1.0)), 2)
    0.29
    """
    volume, share = np.asarray(volume_ml, dtype=float), np.asarray(fill, dtype=float)
    if not (volume > 0).all():
        raise BadParameter("volume_ml", f"is {volume.min():g}", "more than 0 mL at each point")
    if not ((share > 0) & (share <= 1)).all():
        raise BadParameter("fill", f"is {share.min():g}", "above 0 and at most 1")
    return np.cbrt(3 * volume / (4 * np.pi * share))


@dataclass(frozen=True, eq=False)
class Kernel:
    """What a unit of one bolus brings to a place. Fields are numbers, or arrays that broadcast (over draws, say, (n, 1)).

    radius_cm, depth_cm: of the ball, and of its middle below the skin; diffusion_cm2_per_h: D; decay_per_h: k, 0 for none;
    floor_cm: how deep the lower wall lies, inf for none. Raises `BadParameter` for numbers that no tissue can have.

    >>> kernel = Kernel(radius_cm=0.25, depth_cm=0.3, diffusion_cm2_per_h=1e-3, decay_per_h=0.04, floor_cm=0.55)
    >>> bool(kernel.total(0.2, 0.35) > kernel.total(0.6, 0.35))
    True
    """

    radius_cm: Any
    depth_cm: Any
    diffusion_cm2_per_h: Any
    decay_per_h: Any
    floor_cm: Any = np.inf

    def __post_init__(self) -> None:
        for name, low in (("radius_cm", True), ("depth_cm", False), ("diffusion_cm2_per_h", True), ("decay_per_h", False)):
            values = np.asarray(getattr(self, name), dtype=float)
            if not (np.isfinite(values) & ((values > 0) if low else (values >= 0))).all():
                raise BadParameter(name, f"is {values.min():g}", "more than 0" if low else "0 or more")
        if not (np.asarray(self.floor_cm) >= np.asarray(self.depth_cm)).all():
            raise BadParameter("depth_cm", f"is {np.max(self.depth_cm):g}", f"at most the floor, {np.min(self.floor_cm):g} cm")

    def at(self, distance_cm: npt.ArrayLike, depth_cm: npt.ArrayLike, time_h: npt.ArrayLike) -> Floats:
        """Amount per cm3 a time after the release of one unit. Arguments broadcast with the fields; time_h: above 0.

        >>> round(float(Kernel(0.2, 0.3, 1e-3, 0.0).at(0.0, 0.3, 1e-9)), 2), round(1 / (4 / 3 * 3.14159 * 0.2**3), 2)
        (29.84, 29.84)
        """
        time = np.asarray(time_h, dtype=float)
        if not ((time > 0) & np.isfinite(time)).all():
            raise BadParameter("time_h", f"is {time.min():g}", "more than 0 hours")
        length = 2 * np.sqrt(np.asarray(self.diffusion_cm2_per_h) * time)
        found = self._walled(distance_cm, depth_cm, FAR_AT * length, lambda r: _spread_ball(r, self.radius_cm, length))
        return np.asarray(found * np.exp(-np.asarray(self.decay_per_h) * time))

    def total(self, distance_cm: npt.ArrayLike, depth_cm: npt.ArrayLike, far: float = FAR_TOTAL) -> Floats:
        """Amount hours per cm3 over all time, for one unit; images beyond `far` lengths are left out.

        Raises `BadParameter` without decay: then it never ends.

        >>> Kernel(0.2, 0.3, 1e-3, 0.0).total(0.0, 0.3)
        Traceback (most recent call last):
        anagen.ground.errors.BadParameter: decay_per_h is 0; allowed: more than 0 where the dose is summed over all time.
        """
        decay, diffusion = np.asarray(self.decay_per_h, dtype=float), np.asarray(self.diffusion_cm2_per_h, dtype=float)
        if not (decay > 0).all():
            raise BadParameter("decay_per_h", "is 0", "more than 0 where the dose is summed over all time")
        length = np.sqrt(diffusion / decay)
        return self._walled(distance_cm, depth_cm, far * length, lambda r: _steady_ball(r, self.radius_cm, length) / decay)

    def _walled(self, distance: npt.ArrayLike, depth: npt.ArrayLike, far: Any, free: Callable[[Any], Any]) -> Floats:
        """The sum over the ball and its images: at +-depth, and those shifted by twice the floor, each way."""
        across, down = np.asarray(distance, dtype=float), np.asarray(depth, dtype=float)
        floor, source = np.asarray(self.floor_cm, dtype=float), np.asarray(self.depth_cm, dtype=float)
        found = free(np.hypot(across, down - source)) + free(np.hypot(across, down + source))
        if np.isfinite(floor).any():
            turns = int(np.ceil(np.max((far + self.radius_cm + np.max(down) + source) / (2 * floor))))
            for m in (sign * turn for turn in range(1, turns + 1) for sign in (1, -1)):
                for sign in (1, -1):
                    found = found + free(np.hypot(across, down - 2 * m * floor - sign * source))
        return np.asarray(found)


def _spread_ball(r: Any, radius: Any, length: Any) -> Any:
    """A unit spread evenly over a ball, after diffusion over `length` = sqrt(4 D t), at r from its middle (Crank 3.8)."""
    from scipy.special import erf

    r = np.maximum(r, 1e-6 * (radius + length))  # below, the middle itself, to 1e-12
    near, far = (radius - r) / length, (radius + r) / length
    shape = 0.5 * (erf(near) + erf(far)) - length / (2 * np.sqrt(np.pi) * r) * (np.exp(-(near**2)) - np.exp(-(far**2)))
    return np.maximum(shape, 0.0) * 3 / (4 * np.pi * np.asarray(radius) ** 3)


def _steady_ball(r: Any, radius: Any, length: Any) -> Any:
    """The steady level around a ball that gives off one unit an hour, times the decay rate, at r from its middle."""
    x, y = np.asarray(radius / length), np.maximum(r, 1e-6 * radius) / length
    small = x < 0.02  # x cosh x - sinh x loses digits: its series, to 1e-13
    wide = np.where(small, 1.0, x)
    lift = np.where(small, x**3 / 3 * (1 + x**2 / 10 + x**4 / 280) * np.exp(-x), 0.5 * ((wide - 1) + (wide + 1) * np.exp(-2 * wide)))
    unit = 3 / (4 * np.pi * np.asarray(radius) ** 3)
    outside = lift * np.exp(np.minimum(x - y, 0.0)) / y
    if (y > x).all():
        return outside * unit
    within = np.minimum(y, x)
    inside = 1 - (1 + x) * 0.5 * (np.exp(within - x) - np.exp(-within - x)) / within
    return np.where(y <= x, inside, outside) * unit
