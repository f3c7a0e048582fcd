"""What we believe of every unknown: draws, one for each row of `data/priors.csv`, as one file.

The file says what each draw is (unit, mark, source), where it comes from, and the hash of the evidence it was made from.
The shipped file holds what the calibration learned from the trials: posterior draws of the rows that a trial can reach, which
carry the mark `calibrated`. The other rows (how people differ, transplant, the reading of a count) keep their stated priors.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.evidence.tables import evidence_hash
from anagen.ground import chance
from anagen.ground.draws import USUAL_DRAWS
from anagen.ground.errors import BadFile, BadParameter, UnknownName
from anagen.ground.files import write_whole
from anagen.ground.rows import Row, priors, priors_hash
from anagen.scalp.law import Cycle
from anagen.scalp.tempo import Array

PRIOR = "prior, not yet calibrated"
FORMAT = 1
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Belief:
    """Draws of all unknowns. `label` says where they come from; `draws`: subject -> name -> (n,) values.

    A draw is one possible truth and one possible person: the same draw of two plans differs by the plans alone. `rows` tell
    what each draw is; `evidence_hash` of which evidence; `priors_hash` of which priors; `made_by` how.
    """

    label: str
    seed: int
    draws: Mapping[str, Mapping[str, Array]]
    rows: tuple[Row, ...]
    evidence_hash: str
    made_by: str = field(default="Belief.prior")
    priors_hash: str = field(default_factory=priors_hash)

    @classmethod
    def prior(cls, n: int = USUAL_DRAWS, seed: int = 0) -> Belief:
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
    def shipped(n: int = USUAL_DRAWS, seed: int = 0) -> Belief:
        """The belief that ships with the package, calibrated to the shipped evidence; made once for each n and seed.

        n: how many draws, at least 1 (`BadParameter`). seed: which of them, and which draws of the rows that keep their priors.

        >>> Belief.shipped().size, Belief.shipped().row("five_ari", "shrink").mark
        (500, 'calibrated')
        """
        return _shipped(n, seed)

    def filled(self, n: int, seed: int = 0) -> Belief:
        """`n` draws of a calibrated belief: its own draws in a keyed order, each as often as any other, and the stated priors of
        every row that it does not have. Raises `BadParameter` for less than one draw.
        """
        whole = Belief.prior(n, seed)
        order = np.argsort(chance.uniform(chance.key(seed, "order"), np.arange(self.size)), kind="stable")
        pick = order[np.arange(n) % self.size]
        mine = {(row.of, row.name): row for row in self.rows}
        draws = {
            of: {name: self.draws[of][name][pick] if (of, name) in mine else kept for name, kept in names.items()}
            for of, names in whole.draws.items()
        }
        rows = tuple(mine.get((row.of, row.name), row) for row in whole.rows)
        return replace(self, seed=seed, draws=draws, rows=rows)

    def row(self, of: str, name: str) -> Row:
        """What one draw is: its range, unit, mark and source. Raises `UnknownName`."""
        found = {f"{row.of}.{row.name}": row for row in self.rows}
        if f"{of}.{name}" not in found:
            raise UnknownName("row of this belief", f"{of}.{name}", found)
        return found[f"{of}.{name}"]

    @property
    def size(self) -> int:
        """How many draws."""
        return len(next(iter(next(iter(self.draws.values())).values())))

    def values(self, subject: str, which: Ints | None = None) -> dict[str, Array]:
        """The draws of one subject's rows, all or those of `which`. Raises `UnknownName` for a subject without rows."""
        if subject not in self.draws:
            raise UnknownName("subject with rows in this belief", subject, self.draws)
        return {name: values if which is None else values[which] for name, values in self.draws[subject].items()}

    def others(self, which: Ints) -> Belief:
        """Some of its draws, each lived by another person of its kind: all that tells people apart is drawn anew.

        >>> belief = Belief.prior(n=3)
        >>> belief.others(np.array([0, 2])).response("minoxidil") == belief.response("minoxidil")[[0, 2]]
        array([False, False])
        """
        draws = {of: {name: values[which] for name, values in names.items()} for of, names in self.draws.items()}
        return replace(self, seed=chance.key(self.seed, "others"), draws=draws)

    def response(self, subject: str, which: Ints | None = None) -> Array:
        """How strongly each draw's person answers a treatment of this subject, relative to people on average: (n,) or (which,).

        Lognormal with mean 1: what a trial reports is the mean of its people.
        """
        scores, sd = _scores(self.size, chance.key(self.seed, "between", "response", subject)), self.draws["between"]["response_sd"]
        strength = np.exp(scores * sd - sd**2 / 2)
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
            "priors_hash": self.priors_hash,
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
            draws.setdefault(row.of, {})[row.name] = values.astype(np.float64)
        return cls(about["label"], int(about["seed"]), draws, rows, about["evidence_hash"], about["made_by"], about.get("priors_hash", ""))


@lru_cache(maxsize=4)
def _shipped(n: int, seed: int) -> Belief:
    return calibrated().filled(n, seed)


@lru_cache(maxsize=1)
def calibrated() -> Belief:
    """The shipped file itself: the posterior draws of the calibrated rows alone, (rows, draws) as the calibration left them."""
    return Belief.load(Path(str(files("anagen") / "data" / "belief.npz")))


def _scores(n: int, key: int) -> Array:
    """Standard normal scores of a key, one for each draw: (n,)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(chance.uniform(key, np.arange(n))))
