"""What is not known of the therapy: draws of every row of `data/therapy.csv`, keyed so that one more row changes no other draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from anagen.ground import chance
from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import Row, read_rows, rows

FILE = "therapy.csv"
Array = npt.NDArray[np.float64]
Name = tuple[str, str]


def therapy_rows() -> tuple[Row, ...]:
    """Every row of `data/therapy.csv`, in file order, then the density of follicles from `data/priors.csv`.

    >>> {row.mark for row in therapy_rows()} <= {"read", "assumed"}
    True
    """
    return (*read_rows(FILE), rows("scalp")["follicles_per_cm2"])


@lru_cache
def limit(of: str, name: str) -> float:
    """The number of a shipped row that does not vary. Raises `UnknownName`.

    >>> limit("inject", "area_limit_cm2")
    775.0
    """
    return Unknowns.middle().row(of, name).value


@dataclass(frozen=True, eq=False)
class Unknowns:
    """`n` draws of each row: one draw is one possible truth of donor, laboratory and scalp.

    The draws of a row depend on the seed and the row's own name alone, and `n` draws begin with those of a smaller `n`.

    >>> unknowns = Unknowns.drawn(n=200)
    >>> unknowns.of("lipoaspirate")["donor_factor"].shape
    (200,)
    """

    draws: Mapping[Name, Array]
    rows: tuple[Row, ...]
    seed: int
    at_middle: bool = False

    @classmethod
    def drawn(cls, n: int = 1000, seed: int = 0, of: Iterable[Row] | None = None) -> Unknowns:
        """Draws keyed by (seed, of, name, draw). n: at least 1 (`BadParameter`). of: other rows than the shipped ones.

        >>> bool((Unknowns.drawn(9).of("marrow")["cfuf_share"] == Unknowns.drawn(20).of("marrow")["cfuf_share"][:9]).all())
        True
        """
        if n < 1 or int(n) != n:
            raise BadParameter("n", f"is {n}", "a whole number of draws from 1 up")
        return _drawn(n, seed, therapy_rows() if of is None else tuple(of))

    @classmethod
    def middle(cls) -> Unknowns:
        """One draw: the median of every row.

        >>> float(Unknowns.middle().of("culture_adsc")["doubling_days"][0])
        5.1
        """
        shipped = therapy_rows()
        return cls({(row.of, row.name): np.array([row.value]) for row in shipped}, shipped, 0, at_middle=True)

    @property
    def size(self) -> int:
        """How many draws."""
        return len(next(iter(self.draws.values())))

    def of(self, subject: str) -> dict[str, Array]:
        """The draws of one subject's rows by name, each (n,). Raises `UnknownName` for a subject without rows."""
        found = {name: values for (of, name), values in self.draws.items() if of == subject}
        if not found:
            raise UnknownName("subject with rows in therapy.csv", subject, {of for of, _ in self.draws})
        return found

    def row(self, of: str, name: str) -> Row:
        """The row behind the draws of one name. Raises `UnknownName`.

        >>> Unknowns.middle().row("enzymatic_svf", "yield_per_g").source
        'p180'
        """
        if (of, name) not in self._by_name:
            raise UnknownName("row of the therapy", f"{of}.{name}", [".".join(known) for known in self._by_name])
        return self._by_name[of, name]

    @cached_property
    def _by_name(self) -> dict[Name, Row]:
        return {(row.of, row.name): row for row in self.rows}

    def scores(self, of: str, name: str) -> Array:
        """The standard normal scores that the draws of one row come from, (n,). Raises `UnknownName`."""
        self.row(of, name)
        return np.zeros(self.size) if self.at_middle else _scores(self.size, chance.key(self.seed, of, name))

    def but(self, draws: Mapping[Name, npt.ArrayLike], *changed: Row) -> Unknowns:
        """The same, with other draws of some rows, and what those rows say now. Raises `UnknownName`, or `BadParameter` for another size.

        >>> one = Unknowns.middle().but({("lipoaspirate", "donor_factor"): 0.5})
        >>> float(one.of("lipoaspirate")["donor_factor"][0])
        0.5
        """
        new: dict[Name, Array] = {}
        for of, name in draws:
            self.row(of, name)
            try:
                new[of, name] = np.broadcast_to(np.asarray(draws[of, name], dtype=np.float64), (self.size,))
            except ValueError:
                raise BadParameter(f"draws of {of}.{name}", "are of another number", f"one number, or {self.size}") from None
        said = {(row.of, row.name): row for row in changed}
        return replace(self, draws={**self.draws, **new}, rows=tuple(said.get((row.of, row.name), row) for row in self.rows))


def _scores(n: int, key: int) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(chance.uniform(key, np.arange(n))))


@lru_cache(maxsize=8)
def _drawn(n: int, seed: int, of: tuple[Row, ...]) -> Unknowns:
    drawn: dict[Name, Array] = {}
    for row in of:
        values = np.asarray(row.at(_scores(n, chance.key(seed, row.of, row.name))), dtype=np.float64)
        values.setflags(write=False)
        drawn[row.of, row.name] = values
    return Unknowns(drawn, of, seed)


class Used:
    """The unknowns as a step reads them: it keeps the row of every number that it hands out.

    >>> used = Used(Unknowns.middle())
    >>> float(used("enzymatic_svf", "yield_per_g")[0]), [row.source for row in used.rows]
    (707000.0, ['p180'])
    """

    def __init__(self, unknowns: Unknowns) -> None:
        self.unknowns = unknowns
        self._rows: dict[Name, Row] = {}

    def __call__(self, of: str, name: str) -> Array:
        """The draws of one row, (n,). Raises `UnknownName`."""
        self._rows[of, name] = self.unknowns.row(of, name)
        return self.unknowns.draws[of, name]

    def limit(self, of: str, name: str) -> float:
        """The number of a row that does not vary. Raises `UnknownName`."""
        row = self._rows[of, name] = self.unknowns.row(of, name)
        return row.value

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows used so far, in order of use."""
        return tuple(self._rows.values())
