"""Which texts are copies of each other: the same letters, or nearly.

Two texts are near copies when the sets of their runs of five letters have a Jaccard index of 0.6 or more (once ten million letters
have been compared: by the guess that the hashes give). Candidates come from minima of random hashes (Broder 1997, "On the
resemblance and containment of documents"), in bands (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4): two texts of
index s share one of 16 bands of 4 with chance 1 - (1 - s**4)**16, which is 0.89 at s = 0.6 and 0.99 at 0.7. In a band each text meets
its neighbour and the first only, so time grows with the rows even if all are copies. Numpy and scipy do it: on 100,000 texts of 8 to
60 words one core needed 9 s, and 47 s with datasketch (64 hashes, index 0.8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from anagen.clinic.reviews.read import Review

RUN = 5
ALIKE = 0.6
"""The Jaccard index of runs of five letters from which two texts count as near copies."""
FEWEST_LETTERS = 40
"""A shorter text is not compared: many people write "great clinic" on their own."""
MOST_LETTERS = 2_000
"""So many letters of a text are compared."""
MOST_GROUPS = 20
BANDS, ROWS = 16, 4
_LETTERS_AT_ONCE = 500_000
_EXACT_LETTERS = 10_000_000  # so many letters are compared exactly, the likest pairs first; beyond, the share of minima decides
_SURE, _NOT = 0.86, 0.34  # of 64 minima: below and above these, an index of 0.6 has a chance of 3 in 100,000 at most


@dataclass(frozen=True)
class Group:
    """Texts that are copies of each other: the `lines` they stand on, their `sources`, how many `same` letter for letter, an `excerpt`."""

    lines: tuple[int, ...]
    sources: tuple[str, ...]
    same: int
    excerpt: str


@dataclass(frozen=True)
class Copies:
    """All copies: `n` texts in `n_groups` groups, of `compared` texts; the rest was too short (`short`) or empty.

    `groups`: the largest, largest first. `across`: groups with texts of more than one source.
    """

    compared: int
    short: int
    empty: int
    n: int
    n_groups: int
    across: int
    groups: tuple[Group, ...]


def copies(rows: Sequence[Review]) -> tuple[Copies, NDArray[np.bool_]]:
    """The copies among reviews, and which reviews are the first of their text (or have none), shape (rows,).

    >>> from anagen.clinic.reviews.read import Review
    >>> text = "They took such good care of me from the first day to the last, thank you all"
    >>> found, first = copies([Review(2, 5, text), Review(3, 5, text + "!"), Review(4, 5, text.replace("good", "great"))])
    >>> found.groups[0].lines, found.groups[0].same, first.tolist()
    ((2, 3, 4), 2, [True, False, False])
    """
    first = np.ones(len(rows), dtype=bool)
    same: dict[str, list[int]] = {}
    short = empty = 0
    for at, row in enumerate(rows):
        key = letters(row.text)
        if len(key) < FEWEST_LETTERS:
            short, empty = short + bool(row.text), empty + (not row.text)
        else:
            same.setdefault(key, []).append(at)
    keys = list(same)
    groups: list[Group] = []
    n = n_groups = across = 0
    members: dict[int, list[str]] = {}
    for key, label in zip(keys, _labels(keys).tolist(), strict=True):
        members.setdefault(label, []).append(key)
    for held in members.values():
        places = sorted(at for key in held for at in same[key])
        if len(places) < 2:
            continue
        first[places[1:]] = False
        sources = tuple(sorted({rows[at].source for at in places}))
        n, n_groups, across = n + len(places), n_groups + 1, across + (len(sources) > 1)
        exact = max(len(same[key]) for key in held)
        excerpt = " ".join(rows[places[0]].text.split())
        groups.append(Group(tuple(rows[at].line for at in places), sources, exact if exact > 1 else 0, _short(excerpt)))
    groups.sort(key=lambda group: (-len(group.lines), group.lines))
    return Copies(len(rows) - short - empty, short, empty, n, n_groups, across, tuple(groups[:MOST_GROUPS])), first


def letters(text: str) -> str:
    """The letters and figures of a text, one blank between words: what is compared."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()[: 2 * MOST_LETTERS]).split())[:MOST_LETTERS]


def jaccard(one: str, other: str) -> float:
    """The Jaccard index of the runs of five letters of two texts of five letters or more.

    >>> jaccard("abcdef", "abcdeg")
    0.333...
    """
    a, b = ({text[at : at + RUN] for at in range(len(text) - RUN + 1)} for text in (one, other))
    return len(a & b) / len(a | b)


def _labels(keys: list[str]) -> NDArray[np.int64]:
    """The group of each text: those linked by near copies, one by one, are one group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not keys:
        return np.zeros(0, dtype=np.int64)
    pairs, share = _met(keys)
    sure = pairs[share >= _SURE]
    links = coo_array((np.ones(len(sure), dtype=np.int8), (sure[:, 0], sure[:, 1])), shape=(len(keys), len(keys)))
    group = connected_components(links, directed=False)[1]
    parent = list(range(int(group.max()) + 1))

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = of = parent[parent[of]]
        return of

    spare = _EXACT_LETTERS
    open_ = np.flatnonzero((share > _NOT) & (share < _SURE))
    for at in open_[np.argsort(-share[open_], kind="stable")]:
        one, other = pairs[at]
        a, b = root(int(group[one])), root(int(group[other]))
        if a == b:
            continue
        spare -= len(keys[one]) + len(keys[other])
        if (jaccard(keys[one], keys[other]) if spare > 0 else share[at]) >= ALIKE:
            parent[max(a, b)] = min(a, b)
    return np.array([root(int(one)) for one in group], dtype=np.int64)


def _met(keys: list[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of texts that share a band with their neighbour or the first in it, shape (pairs, 2), and the share of minima they share."""
    minima = np.concatenate(list(_minima(keys)))
    met: list[NDArray[np.int64]] = []
    for band in range(BANDS):
        part = minima[:, ROWS * band : ROWS * (band + 1)]
        beside = minima[:, (ROWS * (band + 1)) % minima.shape[1]]
        order = np.lexsort((beside, *part.T))
        alike = np.r_[False, (part[order[1:]] == part[order[:-1]]).all(axis=1)]
        starts = np.maximum.accumulate(np.where(alike, 0, np.arange(len(order))))
        inside = np.flatnonzero(alike)
        for other in (inside - 1, starts[inside]):
            one, two = order[inside], order[other]
            met.append(np.minimum(one, two) * len(keys) + np.maximum(one, two))
    pairs = np.stack(np.divmod(np.unique(np.concatenate(met)), len(keys)), axis=1)
    parts = np.array_split(pairs, 1 + len(pairs) // 100_000)
    return pairs, np.concatenate([(minima[part[:, 0]] == minima[part[:, 1]]).mean(axis=1) for part in parts])


def _minima(keys: list[str]) -> Iterator[NDArray[np.uint32]]:
    """For each text the least hash of its runs of letters under each of 64 hashes, in blocks of shape (texts, 64)."""
    chance = np.random.default_rng(0)
    odd = chance.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    start = 0
    while start < len(keys):
        stop, size = start, 0
        while stop < len(keys) and (size == 0 or size + len(keys[stop]) <= _LETTERS_AT_ONCE):
            size, stop = size + len(keys[stop]), stop + 1
        block = keys[start:stop]
        lengths = np.array([len(key) for key in block])
        ends = lengths.cumsum()
        codes = np.frombuffer("".join(block).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        runs = np.zeros(size - RUN + 1, dtype=np.uint64)
        for step in range(RUN):
            runs = (runs ^ codes[step : step + len(runs)]) * np.uint64(0x9E3779B97F4A7C15)
            runs ^= runs >> np.uint64(29)
        crossing = (ends[:-1, None] - np.arange(1, RUN)).ravel()  # a run that begins in one text and ends in the next is none
        out = np.empty((len(block), BANDS * ROWS), dtype=np.uint32)
        for column, factor in enumerate(odd):
            hashed = ((runs * factor) >> np.uint64(32)).astype(np.uint32)
            hashed[crossing] = 0xFFFFFFFF
            out[:, column] = np.minimum.reduceat(hashed, ends - lengths)
        yield out
        start = stop


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."
