"""What a camera would count: the phototrichogram reading of a target area, with its measurement error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from anagen.ground import chance
from anagen.ground.errors import BadParameter
from anagen.ground.rows import medians
from anagen.scalp.sample import Looks
from anagen.scalp.spread import Spread
from anagen.scalp.tempo import Array


def _row(name: str) -> float:
    return field(default_factory=lambda: medians("reading")[name])


@dataclass(frozen=True)
class Phototrichogram:
    """A way of counting: the target area (cm2), the cut-offs (um) and the error of a repeated count of the same area.

    Hairs thinner than `seen_um` are missed (0: every hair is seen); `repeat_cv` is the lognormal spread of one reading, the
    same for all counts of a visit, anew at each visit. Defaults are rows of `priors.csv` (`reading`).
    Raises `BadParameter` for a number below 0 or an area that is not positive.

    >>> Phototrichogram().area_cm2
    5.1
    """

    area_cm2: float = _row("target_area_cm2")
    terminal_um: float = _row("terminal_um")
    vellus_um: float = _row("vellus_um")
    repeat_cv: float = _row("repeat_cv")
    seen_um: float = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (np.isfinite(value) and value >= 0):
                raise BadParameter(f"Phototrichogram.{name}", f"is {value}", "a number from 0 up")
        if self.area_cm2 == 0:
            raise BadParameter("Phototrichogram.area_cm2", "is 0", "an area above 0")

    def count(self, looks: Looks, seed: int = 0, person: int | str = 0) -> Mapping[str, Array]:
        """The readings of sampled follicles that fill the target area, at each look: name -> (M,).

        `visible`, `terminal`, `vellus`, `anagen` in hairs/cm2; `anagen_share`; `calibre` in um. Keyed by (seed, person,
        look), so a treatment changes the hairs and not the luck of the camera.
        """
        from scipy.special import ndtri

        seen = (looks.phase < 3) & (looks.calibre_um >= self.seen_um)
        hairs = seen.sum(axis=1)
        draw = ndtri(chance.uniform(chance.key(seed, person, "camera"), np.arange(len(looks.weeks))))
        per_cm2 = np.exp(self.sigma * draw) / self.area_cm2
        safe = np.maximum(hairs, 1)
        anagen = (seen & (looks.phase == 0)).sum(axis=1)
        return {
            "visible": hairs * per_cm2,
            "terminal": (seen & (looks.calibre_um > self.terminal_um)).sum(axis=1) * per_cm2,
            "vellus": (seen & (looks.calibre_um < self.vellus_um)).sum(axis=1) * per_cm2,
            "anagen": anagen * per_cm2,
            "anagen_share": anagen / safe,
            "calibre": np.where(seen, looks.calibre_um, 0.0).sum(axis=1) / safe,
        }

    def sd(self, spread: Spread, output: str) -> tuple[Array, Array]:
        """The spread of a density reading and of its change since week 0, hairs and camera together: two arrays (T,).

        The camera's error of two visits is independent. Raises `BadParameter` if the spread is of another area.
        """
        if not np.isclose(spread.area_cm2, self.area_cm2):
            raise BadParameter("spread", f"is of {spread.area_cm2:g} cm2", f"that of the target area, {self.area_cm2:g} cm2")
        error = np.expm1(self.sigma**2) * spread.mean[output] ** 2
        return np.sqrt(spread.sd[output] ** 2 + error), np.sqrt(spread.change_sd[output] ** 2 + error + error[0])

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm of a reading."""
        return float(np.sqrt(np.log1p(self.repeat_cv**2)))
