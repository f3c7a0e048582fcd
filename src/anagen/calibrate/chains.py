"""The fit: Markov chains of the No-U-Turn sampler (Hoffman, Gelman 2014), each in a process of its own, resumable.

A chain writes what it has, whole or not at all, after every few draws; the same call goes on from there. The same seed gives
the same draws, however often the work was broken off.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.calibrate.model import Data, Model
from anagen.calibrate.posterior import Peak
from anagen.ground.errors import BadFile
from anagen.ground.files import write_whole

Array = npt.NDArray[np.floating[Any]]
CHUNK = 25


@dataclass(frozen=True)
class Settings:
    """How to sample. `accept`: the acceptance that the step size aims at; `depth`: of the tree, at most."""

    warmup: int = 200
    draws: int = 750
    seed: int = 1
    accept: float = 0.9
    depth: int = 8


@dataclass(frozen=True)
class Chain:
    """One chain's draws after warm-up: `scores` (n, P), `log_likelihood` (n, trials), `diverging` (n,), `steps` (n,)."""

    scores: Array
    log_likelihood: Array
    diverging: npt.NDArray[np.bool_]
    steps: npt.NDArray[np.int64]


class Sampler:
    """Chains of one model, compiled once: the same for all data of its shape (a trial left out has the weight 0).

    The metric is that of the normal which fits the joint density at its peak: it is where warm-up begins.
    """

    def __init__(self, model: Model, peak: Peak, settings: Settings) -> None:
        import jax
        from numpyro.infer import NUTS

        from anagen.calibrate.posterior import joint

        self.model, self.peak, self.settings = model, peak, settings
        self.kernel = NUTS(
            joint,
            inverse_mass_matrix={("scores",): jax.numpy.asarray(peak.covariance)},
            dense_mass=[("scores",)],
            adapt_mass_matrix=False,
            target_accept_prob=settings.accept,
            max_tree_depth=settings.depth,
        )
        self.likely = jax.jit(lambda flat, data: jax.lax.map(lambda one: model.log_likelihood(model.unflat(one), data), flat))

        def one(data: Data, state: Any) -> tuple[Any, Any]:
            after = self.kernel.sample(state, (model, data), {})
            return after, (after.z["scores"], after.diverging, after.num_steps)

        self.ahead = jax.jit(lambda state, data: jax.lax.scan(lambda s, _: one(data, s), state, None, length=CHUNK))

    def run(self, data: Data, number: int, path: Path, told: Callable[[int, int], None] | None = None) -> Chain:
        """One chain, from where `path` has it; it begins near the peak.

        told: is told how many iterations are done, of how many. Raises `BadFile` for a file of another run.
        """
        import jax

        settings, model = self.settings, self.model
        key, place = jax.random.split(jax.random.PRNGKey(settings.seed * 1000 + number))
        root = np.linalg.cholesky(self.peak.covariance)
        near = self.peak.scores + root @ np.asarray(jax.random.normal(place, (len(root),)))
        state = self.kernel.init(key, settings.warmup, {"scores": jax.numpy.asarray(near)}, (model, data), {})
        leaves, tree = jax.tree.flatten(state)
        about = hashlib.sha256(json.dumps([vars(settings), number, [np.asarray(one).tolist() for one in data]]).encode()).hexdigest()
        kept: dict[str, list[Any]] = {"scores": [], "diverging": [], "steps": [], "log_likelihood": []}
        done, total = 0, settings.warmup + settings.draws
        if path.exists():
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
                if str(archive["about"]) != about:
                    raise BadFile(str(path), "it holds another run", "an empty folder, or the same settings and evidence")
                done = int(archive["done"])
                state = jax.tree.unflatten(tree, [jax.numpy.asarray(archive[f"leaf{i}"]) for i in range(len(leaves))])
                kept = {name: [archive[name]] if len(archive[name]) else [] for name in kept}
        while done < total:
            state, (scores, diverging, steps) = self.ahead(state, data)
            if done >= settings.warmup:
                found = {"scores": scores, "diverging": diverging, "steps": steps, "log_likelihood": self.likely(scores, data)}
                for name, value in found.items():
                    kept[name].append(np.asarray(value))
            done += CHUNK
            whole: dict[str, Any] = {name: np.concatenate(value) if value else np.zeros(0) for name, value in kept.items()}
            whole |= {f"leaf{i}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}
            buffer = io.BytesIO()
            np.savez(buffer, about=about, done=done, **whole)
            write_whole(path, buffer.getvalue())
            if told:
                told(done, total)
        return read_chain(path)


def read_chain(path: Path) -> Chain:
    """A chain's draws so far."""
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
        return Chain(archive["scores"], archive["log_likelihood"], archive["diverging"].astype(bool), archive["steps"])
