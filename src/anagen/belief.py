"""What we believe of every unknown: draws, one for each row of `data/priors.csv`.

Until the trials have been fitted the belief is the prior, and every answer that comes of it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.ground import chance
from anagen.ground.errors import BadParameter
from anagen.ground.rows import priors, rows
from anagen.scalp.law import Cycle
from anagen.scalp.tempo import Array

PRIOR = "prior, not yet calibrated"


@dataclass(frozen=True)
class Belief:
    """Draws of all unknowns. `label` says where they come from; `draws`: subject -> name -> (n,) values.

    A draw is one possible truth: the same draw of two plans differs by the plans alone.
    """

    label: str
    seed: int
    draws: Mapping[str, Mapping[str, Array]]

    @classmethod
    def prior(cls, n: int = 500, seed: int = 0) -> Belief:
        """Draws from the stated priors, keyed by (seed, subject, name, draw): one more row changes no other.

        n: how many, at least 1 (`BadParameter`).

        >>> belief = Belief.prior(n=200)
        >>> belief.values("five_ari")["shrink"].shape, belief.label
        ((200,), 'prior, not yet calibrated')
        """
        if n < 1 or int(n) != n:
            raise BadParameter("n", f"is {n}", "a whole number of draws from 1 up")
        from scipy.special import ndtri

        draws: dict[str, dict[str, Array]] = {}
        for row in priors():
            score = ndtri(chance.uniform(chance.key(seed, row.of, row.name), np.arange(n)))
            draws.setdefault(row.of, {})[row.name] = np.asarray(row.at(score))
        return cls(PRIOR, seed, draws)

    @property
    def size(self) -> int:
        """How many draws."""
        return len(next(iter(self.draws["scalp"].values())))

    def values(self, subject: str, which: npt.NDArray[np.int64] | None = None) -> dict[str, Array]:
        """The draws of one subject's rows, all or those of `which`. Raises `UnknownName` for a subject without rows."""
        return {name: self.draws[subject][name] if which is None else self.draws[subject][name][which] for name in rows(subject)}

    def cycle(self, *subjects: str) -> Cycle:
        """The follicle's cycle, (n,) lanes: the rows of `scalp`, then of each subject on top (`man` adds `shrink`).

        >>> Belief.prior(n=3).cycle("man").lanes
        (3,)
        """
        known = {field.name for field in fields(Cycle)}
        values: dict[str, Any] = {"shrink": 0.0}
        for subject in ("scalp", *subjects):
            values |= {name: value for name, value in self.values(subject).items() if name in known}
        values["anagen_floor_weeks"] = np.minimum(values["anagen_floor_weeks"], values["anagen_mean_weeks"])
        values["anagen_cv"] = np.minimum(values["anagen_cv"], 1.0)  # the law's upper end: a stay without memory
        return Cycle(**values)
