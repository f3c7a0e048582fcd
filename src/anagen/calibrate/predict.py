"""What the calibrated model expects of facts that it has not seen: the same model, its trial's own unknowns drawn anew.

For each posterior draw the trial's years of loss, density of follicles and spread between people are drawn from what is known
of other trials; where levels before treatment were read, the draws that fit them are favoured.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.belief import Belief, calibrated
from anagen.calibrate.facts import Facts
from anagen.calibrate.model import Model, unknown, values_of
from anagen.calibrate.scores import Prediction

Array = npt.NDArray[np.floating[Any]]
CANDIDATES = 6
DRAWS = 400
BATCH = 40


@lru_cache(maxsize=2)
def shipped_rows() -> Array:
    """The posterior of the shipped belief as scores: (draws, rows of `unknown()`)."""
    return scores_of(calibrated())


def scores_of(belief: Belief) -> Array:
    """The draws of a calibrated belief as standard normal scores of their priors: (draws, rows of `unknown()`)."""
    found = []
    for row in unknown():
        middle, unit = row.line()
        value = belief.values(row.of)[row.name]
        line = np.log(value) if row.spread == "lognormal" else np.log(value / (1 - value)) if row.spread == "logit" else value
        found.append((line - middle) / unit)
    return np.stack(found, axis=1)


class Expected:
    """What a posterior expects of some facts: `mean`, `sd`, `se`, each (draws, F); `rows`: the scores it came from (draws, R)."""

    def __init__(self, facts: Facts, rows: Array, seed: int = 0) -> None:
        self.model, self.rows = Model.of(facts), rows
        model, count = self.model, len(rows)
        trials = len(model.trials)
        before = model.data().before
        latents = jax.random.normal(jax.random.PRNGKey(seed), (count, CANDIDATES, 3, trials))
        picks = jax.random.split(jax.random.PRNGKey(seed + 1), (count, trials))

        def told(row: Any, latent: Any) -> Any:
            values = values_of(row)
            found = model.told({"rows": row, "years": latent[0], "density": latent[1], "spread": latent[2]}, values)
            fits = model.of_baselines(found, values["trial"], before)
            return found.mean, model.spread(found, values["trial"]), found.se, fits

        def one(row: Any, own: Any, pick: Any) -> Any:
            *found, fits = jax.vmap(lambda latent: told(row, latent))(own)
            best = jax.vmap(jax.random.categorical, in_axes=(0, 1))(pick, fits)[model.trial]
            return tuple(part[best, jnp.arange(len(best))] for part in found)

        run = jax.jit(lambda *all_of: jax.lax.map(lambda of: one(*of), all_of, batch_size=BATCH))
        self.mean, self.sd, self.se = (np.asarray(part) for part in run(jnp.asarray(rows), latents, picks))

    def predictions(self, weights: Mapping[str, Array] | None = None) -> list[Prediction]:
        """One prediction a fact, statements too. weights: for some trials, how much each draw counts (draws,)."""
        found = []
        for index, fact in enumerate(self.model.facts.facts):
            trial = self.model.trials[self.model.trial[index]]
            given = self.model.lanes[self.model.arm[index]].given
            label = " + ".join(kind.name for kind, _ in given) or "nothing"
            draws = (self.mean[:, index], self.sd[:, index], self.se[:, index])
            found.append(Prediction.of(fact, trial, label, *draws, (weights or {}).get(trial)))
        return found


def predict(facts: Facts, rows: Array, seed: int = 0) -> list[Prediction]:
    """The prediction of every fact, statements too, from posterior scores (n, rows). Values after treatment are not looked at."""
    if len(rows) > DRAWS:
        rows = rows[np.linspace(0, len(rows) - 1, DRAWS).astype(int)]
    return Expected(facts, rows, seed).predictions()
