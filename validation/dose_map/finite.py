"""The same spread of a bolus by finite volumes: no formula shared with `anagen.therapy.kernel`.

Rings about the needle's axis, in a disc of scalp with walls at skin, skull and rim that let nothing through. In space the
second-order scheme on even rings and layers; in time TR-BDF2, of second order too, which damps the
sharp edge of the ball; for the total one linear system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import diags, identity, kron
from scipy.sparse.linalg import splu

SUB = 8  # sub-cells a side when the ball's share of a cell is measured


@dataclass(frozen=True)
class Disc:
    """A disc of scalp: its radius and thickness (cm), and cells to the millimetre."""

    rim_cm: float
    floor_cm: float
    cells_per_mm: int

    @property
    def middles(self) -> tuple[Any, Any]:
        """The middles of rings and of layers, cm."""
        return self._middles(self.rim_cm, self._count(self.rim_cm)), self._middles(self.floor_cm, self._count(self.floor_cm))

    @property
    def volumes(self) -> Any:
        """The volume of each cell, (rings, layers) cm3."""
        r, z = self.middles
        return 2 * np.pi * r[:, None] * (self.rim_cm / len(r)) * (self.floor_cm / len(z)) * np.ones(len(z))

    def ball(self, radius_cm: float, depth_cm: float) -> Any:
        """One unit spread evenly over a ball on the axis, (rings, layers) per cm3; what lies beyond a wall is folded back."""
        r, z = self.middles
        steps = (np.arange(SUB) + 0.5) / SUB - 0.5
        fine_r = (r[:, None] + steps * self.rim_cm / len(r)).ravel()
        fine_z = (z[:, None] + steps * self.floor_cm / len(z)).ravel()
        held = (
            sum(np.hypot(fine_r[:, None], fine_z - middle) < radius_cm for middle in (depth_cm, -depth_cm, 2 * self.floor_cm - depth_cm))
            * fine_r[:, None]
        )
        share = held.reshape(len(r), SUB, len(z), SUB).mean(axis=(1, 3)) / r[:, None]
        return share / (share * self.volumes).sum()

    def at(self, start: Any, diffusion: float, decay: float, times: list[float], steps: int) -> list[Any]:
        """The level at each time, `steps` of equal length to each from the one before."""
        flow = self._flow(diffusion) - decay * identity(start.size, format="csc")
        one, now, before, found = identity(start.size, format="csc"), start.ravel(), 0.0, []
        share = 2 - np.sqrt(2)
        for time in times:
            step = (time - before) / steps
            solve = splu((one - 0.5 * share * step * flow).tocsc()).solve
            for _ in range(steps):
                half = solve(now + 0.5 * share * step * (flow @ now))
                now = solve((half - (1 - share) ** 2 * now) / (share * (2 - share)))
            before = time
            found.append(now.reshape(start.shape))
        return found

    def total(self, start: Any, diffusion: float, decay: float) -> Any:
        """The level summed over all time."""
        flow = self._flow(diffusion) - decay * identity(start.size, format="csc")
        return splu((-flow).tocsc()).solve(start.ravel()).reshape(start.shape)

    def _flow(self, diffusion: float) -> Any:
        """D times the Laplacian, without flow through any wall."""
        r, z = self.middles
        dr, dz = self.rim_cm / len(r), self.floor_cm / len(z)
        face = np.arange(1, len(r)) * dr  # between rings
        out, back = face / (r[:-1] * dr**2), face / (r[1:] * dr**2)
        across = diags([back, -np.append(out, 0) - np.append(0, back), out], [-1, 0, 1])
        edge = np.full(len(z) - 1, 1 / dz**2)
        along = diags([edge, -np.append(edge, 0) - np.append(0, edge), edge], [-1, 0, 1])
        return (diffusion * (kron(across, identity(len(z))) + kron(identity(len(r)), along))).tocsc()

    def _count(self, length: float) -> int:
        return round(10 * length * self.cells_per_mm)

    @staticmethod
    def _middles(length: float, count: int) -> Any:
        return (np.arange(count) + 0.5) * length / count
