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
from zipfile import BadZipFile

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

    warmup: int = 75
    draws: int = 600
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

    They walk in `white`, about standard normal: scores = centre + root @ white, with the centre of the frame and the root of its
    covariance; scores are in the order of `ravel_pytree(model.zeros())`.
    """

    def __init__(self, model: Model, settings: Settings) -> None:
        import jax
        from numpyro.infer.hmc import hmc

        from anagen.calibrate.posterior import log_joint

        def depth(data: Data, centre: Any, root: Any) -> Callable[[Any], Any]:
            return lambda white: -log_joint(model, model.unflat(centre + root @ white), data)

        start, sample = hmc(potential_fn_gen=depth, algo="NUTS")

        def begin(key: Any, white: Any, data: Data, centre: Any, root: Any) -> Any:
            return start(
                white,
                settings.warmup,
                adapt_mass_matrix=False,
                target_accept_prob=settings.accept,
                max_tree_depth=settings.depth,
                model_args=(data, centre, root),
                rng_key=key,
            )

        def some(state: Any, data: Data, centre: Any, root: Any) -> tuple[Any, Any]:
            def one(state: Any, _: Any) -> tuple[Any, Any]:
                after = sample(state, (data, centre, root), {})
                return after, (centre + root @ after.z, after.diverging, after.num_steps)

            state, (scores, diverging, steps) = jax.lax.scan(one, state, None, length=CHUNK)
            likely = jax.lax.map(lambda flat: model.log_likelihood(model.unflat(flat), data), scores)
            return state, {"scores": scores, "diverging": diverging, "steps": steps, "log_likelihood": likely}

        self.model, self.settings = model, settings
        self.begin, self.some = jax.jit(begin), jax.jit(some)

    def run(self, data: Data, frame: Peak, number: int, path: Path, told: Callable[[int, int], None] | None = None) -> Chain:
        """One chain, from where `path` has it; it begins near the peak of its data (`frame`), whose metric it takes.

        told: is told how many iterations are done, of how many. Raises `BadFile` for a file of another run.
        """
        import jax

        settings = self.settings
        root = np.linalg.cholesky(frame.covariance)
        key, place = jax.random.split(jax.random.PRNGKey(settings.seed * 1000 + number))
        state = self.begin(jax.random.split(key)[0], jax.random.normal(place, (len(root),)), data, frame.scores, root)
        leaves, tree = jax.tree.flatten(state)
        depth = f"{float(state.potential_energy):.3f}"  # of the very point where it begins: changes with the law, the priors and the frame
        about = hashlib.sha256(json.dumps([vars(settings), number, depth, [np.asarray(one).tolist() for one in data]]).encode()).hexdigest()
        kept: dict[str, list[Any]] = {"scores": [], "diverging": [], "steps": [], "log_likelihood": []}
        done, total = 0, settings.warmup + settings.draws
        if path.exists():
            with _archive(path) as archive:
                if str(archive["about"]) != about:
                    raise BadFile(str(path), "it holds another run", "an empty folder, or the same settings and evidence")
                done = int(archive["done"])
                state = jax.tree.unflatten(tree, [jax.numpy.asarray(archive[f"leaf{i}"]) for i in range(len(leaves))])
                kept = {name: [archive[name]] if len(archive[name]) else [] for name in kept}
        while done < total:
            state, found = self.some(state, data, frame.scores, root)
            wanted = slice(max(settings.warmup - done, 0), total - done)
            for name, value in found.items():
                kept[name].append(np.asarray(value)[wanted])
            done = min(done + CHUNK, total)
            whole: dict[str, Any] = {name: np.concatenate(value) for name, value in kept.items()}
            whole |= {f"leaf{i}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}
            buffer = io.BytesIO()
            np.savez(buffer, about=about, done=done, **whole)
            write_whole(path, buffer.getvalue())
            if told:
                told(done, total)
        return read_chain(path)


def read_chain(path: Path) -> Chain:
    """A chain's draws so far. Raises `BadFile` for a file that is no chain."""
    with _archive(path) as archive:
        return Chain(archive["scores"], archive["log_likelihood"], archive["diverging"].astype(bool), archive["steps"])


def _archive(path: Path) -> Any:
    try:
        archive = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        archive["about"]
    except (OSError, ValueError, LookupError, EOFError, BadZipFile):
        raise BadFile(str(path), "it is not a chain", "an empty folder, or a chain of the same settings and evidence") from None
    return archive
