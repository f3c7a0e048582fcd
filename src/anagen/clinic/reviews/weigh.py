"""Reviews weighed: what those who wrote gave, how far it may be off, and what their words, dates and sources show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.clinic.reviews.copies import Copies, copies
from anagen.clinic.reviews.read import BadRow, Reviews
from anagen.clinic.reviews.signs import PRIOR, Crowds, LowStars, crowds, low_stars
from anagen.clinic.reviews.wording import said

if TYPE_CHECKING:
    from anagen.evidence.rows import VettingRule

MOST_SOURCES = 20
RULES = ("testimonials", "us_review_rule", "us_review_incentive")
_DRAWS = 40_000


@dataclass(frozen=True)
class Shrunken:
    """The stars of `n` reviews: `counts` of 1 to 5, their plain mean, and the shrunken `mean` with its 95 % range, `low` to `high`."""

    n: int
    counts: tuple[int, ...]
    plain_mean: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Source:
    """One place that reviews come from ("" where none is named)."""

    name: str
    stars: Shrunken


@dataclass(frozen=True)
class Share:
    """`n` of `of` texts, as a share with its 95 % range; `lines`: where the first of them stand."""

    n: int
    of: int
    share: float
    low: float
    high: float
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Weighed:
    """A file of reviews weighed; none of it is a verdict on the clinic.

    `stars`: of all who wrote; `once`: with each copied text counted once. `sources`: the largest, of `n_sources`. `incentive`,
    `prompted`: texts that say that something was given for them, or that the clinic asked. `rules`: what ratings are worth.
    """

    file: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    bad: tuple[BadRow, ...]
    n_bad: int
    stars: Shrunken
    once: Shrunken
    sources: tuple[Source, ...]
    n_sources: int
    copies: Copies
    incentive: Share
    prompted: Share
    low_stars: LowStars
    crowds: Crowds
    rules: tuple[VettingRule, ...]


def weighed(reviews: Reviews) -> Weighed:
    """Weigh the reviews of one file.

    >>> from anagen.clinic.reviews import parse_reviews
    >>> found = weighed(parse_reviews(b"stars,text\\n5,They gave me a gift for this review\\n1,It hurt\\n", "r.csv"))
    >>> found.stars.mean, found.incentive.n, found.rules[0].rule_id
    (3.0, 1, 'testimonials')
    """
    from anagen.evidence.tables import row

    rows = reviews.rows
    stars = np.array([one.stars for one in rows])
    held, first = copies(rows)
    by_source: dict[str, list[int]] = {}
    for one in rows:
        by_source.setdefault(one.source, [0] * 5)[one.stars - 1] += 1
    largest = sorted(by_source, key=lambda name: (-sum(by_source[name]), name))
    told = [(one.line, said(one.text)) for one in rows if one.text]
    counts = _counts(stars)
    return Weighed(
        file=reviews.file,
        encoding=reviews.encoding,
        delimiter=reviews.delimiter,
        columns=reviews.columns,
        notes=reviews.said,
        bad=reviews.bad,
        n_bad=reviews.n_bad,
        stars=shrunken(counts),
        once=shrunken(_counts(stars[first])),
        sources=tuple(Source(name, shrunken(by_source[name])) for name in largest[:MOST_SOURCES]),
        n_sources=len(by_source),
        copies=held,
        incentive=_share([line for line, kinds in told if "incentive" in kinds], len(told)),
        prompted=_share([line for line, kinds in told if "prompted" in kinds], len(told)),
        low_stars=low_stars(counts, dict(by_source)),
        crowds=crowds([one.date for one in rows if one.date is not None]),
        rules=tuple(row("vetting_rules", name) for name in RULES),
    )


def shrunken(counts: Sequence[int]) -> Shrunken:
    """The mean of stars, shrunken towards 3, with its 95 % range. `counts`: of 1 to 5 stars, at least one review.

    Shares of the five stars have a Dirichlet(1, 1, 1, 1, 1) prior, as if one review of each were there already: the broadest of the
    usual ones, and one that leans to no side, since no source read says how clinics are rated. Given n_k reviews of k stars they are
    Dirichlet(1 + n_k), so that the mean is sum k (1 + n_k) / (5 + n) (Gelman et al., "Bayesian Data Analysis", 3.4). The range: the
    central 95 % of 40,000 draws. It treats each review as one voice of its own.

    >>> few, many = shrunken((0, 0, 0, 0, 4)), shrunken((0, 0, 0, 0, 400))
    >>> round(few.mean, 2), round(few.low, 1), round(many.mean, 2)
    (3.89, 2.9, 4.98)
    """
    weights = np.array(counts, dtype=float) + PRIOR
    values = np.arange(1, 6)
    drawn = np.random.default_rng(0).dirichlet(weights, _DRAWS) @ values
    low, high = np.quantile(drawn, (0.025, 0.975))
    n = int(sum(counts))
    plain = float(np.dot(counts, values) / n)
    return Shrunken(n, tuple(int(count) for count in counts), plain, float(weights @ values / weights.sum()), float(low), float(high))


def _counts(stars: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> tuple[int, ...]:
    return tuple(int((stars == star).sum()) for star in range(1, 6))


def _share(lines: list[int], of: int) -> Share:
    """With the central 95 % of Beta(1/2 + n, 1/2 + the rest), ends included where n is none or all (Brown, Cai and DasGupta 2001)."""
    from scipy.special import betaincinv

    n = len(lines)
    if not of:
        return Share(0, 0, 0.0, 0.0, 1.0, ())
    low = 0.0 if n == 0 else float(betaincinv(n + 0.5, of - n + 0.5, 0.025))
    high = 1.0 if n == of else float(betaincinv(n + 0.5, of - n + 0.5, 0.975))
    return Share(n, of, n / of, low, high, tuple(lines[:20]))
