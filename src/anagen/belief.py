"""What we believe of every unknown: draws, one for each row of `data/priors.csv`, as one file.

The file says what each draw is (unit, mark, source), where it comes from, and the hash of the evidence it was made from.
Until the trials have been fitted the shipped belief is the prior, and every answer that comes of it says so; a calibrated
belief is a file of the same form with another label.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.evidence.tables import evidence_hash
from anagen.ground import chance
from anagen.ground.errors import BadFile, BadParameter, UnknownName
from anagen.ground.files import write_whole
from anagen.ground.rows import Row, priors
from anagen.scalp.law import Cycle
from anagen.scalp.tempo import Array

PRIOR = "prior, not yet calibrated"
FORMAT = 1
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Belief:
    """Draws of all unknowns. `label` says where they come from; `draws`: subject -> name -> (n,) values.

    A draw is one possible truth and one possible person: the same draw of two plans differs by the plans alone. `rows` tell
    what each draw is; `evidence_hash` of which evidence; `made_by` how.
    """

    label: str
    seed: int
    draws: Mapping[str, Mapping[str, Array]]
    rows: tuple[Row, ...]
    evidence_hash: str
    made_by: str = field(default="Belief.prior")

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
        draws: dict[str, dict[str, Array]] = {}
        for row in priors():
            draws.setdefault(row.of, {})[row.name] = np.asarray(row.at(_scores(n, chance.key(seed, row.of, row.name))))
        return cls(PRIOR, seed, draws, priors(), evidence_hash(), f"Belief.prior(n={n}, seed={seed})")

    @staticmethod
    def shipped() -> Belief:
        """The belief that ships with the package, read once.

        >>> Belief.shipped().size
        500
        """
        return _shipped()

    @property
    def size(self) -> int:
        """How many draws."""
        return len(next(iter(next(iter(self.draws.values())).values())))

    def values(self, subject: str, which: Ints | None = None) -> dict[str, Array]:
        """The draws of one subject's rows, all or those of `which`. Raises `UnknownName` for a subject without rows."""
        if subject not in self.draws:
            raise UnknownName("subject with rows in this belief", subject, self.draws)
        return {name: values if which is None else values[which] for name, values in self.draws[subject].items()}

    def response(self, subject: str, which: Ints | None = None) -> Array:
        """How strongly each draw's person answers a treatment of this subject, relative to the middle person: (n,) or (which,)."""
        scores = _scores(self.size, chance.key(self.seed, "between", "response", subject))
        strength = np.exp(scores * self.draws["between"]["response_sd"])
        return np.asarray(strength if which is None else strength[which])

    def cycle(self, *subjects: str, between: bool = False) -> Cycle:
        """The follicle's cycle, (n,) lanes: the rows of `scalp`, then of each subject on top (`man` adds `shrink`).

        between: let each draw be one person, faster or slower than the middle of such people; else the middle person.

        >>> Belief.prior(n=3).cycle("man").lanes
        (3,)
        """
        known = {one.name for one in fields(Cycle)}
        values: dict[str, Any] = {"shrink": np.zeros(self.size)}
        for subject in ("scalp", *subjects):
            values |= {name: value for name, value in self.values(subject).items() if name in known}
        if between:
            scores = _scores(self.size, chance.key(self.seed, "between", "progression"))
            odds = values["shrink"] / (1 - values["shrink"]) * np.exp(scores * self.draws["between"]["progression_sd"])
            values["shrink"] = odds / (1 + odds)
        values["anagen_floor_weeks"] = np.minimum(values["anagen_floor_weeks"], values["anagen_mean_weeks"])
        values["anagen_cv"] = np.minimum(values["anagen_cv"], 1.0)  # the law's upper end: a stay without memory
        return Cycle(**values)

    def save(self, path: str | Path) -> None:
        """Write the belief as one file (a NumPy archive: `about`, JSON, and `draws`, (rows, n)), whole or not at all."""
        about = {
            "format": FORMAT,
            "label": self.label,
            "seed": self.seed,
            "evidence_hash": self.evidence_hash,
            "made_by": self.made_by,
            "rows": [asdict(row) for row in self.rows],
        }
        archive = io.BytesIO()
        table = np.stack([self.draws[row.of][row.name] for row in self.rows])
        np.savez_compressed(archive, about=np.array(json.dumps(about, ensure_ascii=False)), draws=table)
        write_whole(Path(path), archive.getvalue())

    @classmethod
    def load(cls, path: str | Path) -> Belief:
        """Read a belief that was saved. Raises `BadFile` for a file that is none, or of another format.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Belief.prior(n=4).save(f"{folder}/mine.npz")
        ...     Belief.load(f"{folder}/mine.npz").made_by
        'Belief.prior(n=4, seed=0)'
        """
        path = Path(path)
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
                about, table = json.loads(str(archive["about"])), archive["draws"]
        except FileNotFoundError:
            raise BadFile(str(path), "there is no such file") from None
        except Exception as error:
            raise BadFile(str(path), f"it is not a belief ({type(error).__name__})") from None
        if about.get("format") != FORMAT:
            raise BadFile(str(path), f"its format is {about.get('format')!r}", str(FORMAT))
        rows = tuple(Row(**row) for row in about["rows"])
        if table.ndim != 2 or len(table) != len(rows) or not np.isfinite(table).all():
            raise BadFile(str(path), "its draws do not fit its rows", "one finite row of draws for each")
        draws: dict[str, dict[str, Array]] = {}
        for row, values in zip(rows, table, strict=True):
            draws.setdefault(row.of, {})[row.name] = values
        return cls(about["label"], int(about["seed"]), draws, rows, about["evidence_hash"], about["made_by"])


@lru_cache(maxsize=1)
def _shipped() -> Belief:
    return Belief.load(Path(str(files("anagen") / "data" / "belief.npz")))


def _scores(n: int, key: int) -> Array:
    """Standard normal scores of a key, one for each draw: (n,)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(chance.uniform(key, np.arange(n))))
