"""Keyed random numbers: the published stream, independence of order and shape, and even, uncorrelated numbers."""

from __future__ import annotations

import numpy as np
import pytest
from false_alarm import assert_counts_agree, share, z_bound

from anagen.ground import chance

FROM_SEED_ZERO = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC]
"""The first numbers of splitmix64 from seed 0, as its reference implementation prints them."""
MEMBERS, VISITS, BINS = 100_000, 4, 64


def test_the_stream_is_splitmix64() -> None:
    stream = np.zeros((), np.uint64)  # a stream is the seed of a splitmix64; visit n is its number n + 1
    assert [int(chance.bits(stream, visit)) for visit in range(4)] == FROM_SEED_ZERO
    assert [int(word) for word in chance.streams(0, np.arange(4))] == FROM_SEED_ZERO  # and each stream starts at one of the key's


def test_a_number_does_not_depend_on_what_else_is_asked() -> None:
    key = chance.key(1, "me", "follicle")
    every = chance.uniform(key, np.arange(100)[:, None], np.arange(9))
    assert every.shape == (100, 9)
    for member, visit in ((0, 0), (7, 3), (99, 8)):
        assert chance.uniform(key, member, visit) == every[member, visit]
    np.testing.assert_array_equal(chance.uniform(key, np.arange(99, -1, -1), 5), every[::-1, 5])


def test_a_key_tells_its_names_apart() -> None:
    keys = {chance.key(*names) for names in ((1, "a"), ("1", "a"), (1, "b"), (2, "a"), ("a", 1), (1, "a", 0), (11,), (1, 1))}
    assert len(keys) == 8


def test_numbers_lie_strictly_between_zero_and_one() -> None:
    ends = np.array([0, 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)
    for half in chance.halves(ends):
        assert half.min() > 0
        assert half.max() < 1


def _halves(visits: np.ndarray) -> np.ndarray:
    """Both halves of some visits of every member: (2 * visits, MEMBERS)."""
    words = chance.bits(chance.streams(chance.key(5, "test"), np.arange(MEMBERS)), visits[:, None])
    return np.concatenate(chance.halves(words))


def _assert_even(drawn: np.ndarray, rate: float) -> None:
    for row in drawn:
        assert_counts_agree(np.bincount((row * BINS).astype(int), minlength=BINS), MEMBERS, 1 / BINS, rate / len(drawn))


def _assert_uncorrelated(drawn: np.ndarray, rate: float) -> None:
    """Between halves, visits and neighbouring members: sqrt(n) r is nearly a standard normal."""
    table = np.concatenate([drawn[:, :-1], drawn[:, 1:]])
    upper = np.corrcoef(table)[np.triu_indices(len(table), 1)]
    worst = np.abs(upper).max() * np.sqrt(MEMBERS - 1)
    assert worst < z_bound(rate, upper.size), f"a correlation of {worst:.1f} standard deviations"


@pytest.mark.stochastic
def test_numbers_are_even() -> None:
    _assert_even(_halves(np.arange(VISITS)), share("test_numbers_are_even"))


def test_numbers_are_even_catches_a_number_squeezed_by_three_percent() -> None:
    with pytest.raises(AssertionError, match="binomial"):
        _assert_even(0.97 * _halves(np.arange(VISITS)), share("test_numbers_are_even"))


@pytest.mark.stochastic
def test_numbers_are_uncorrelated() -> None:
    _assert_uncorrelated(_halves(np.arange(VISITS)), share("test_numbers_are_uncorrelated"))


def test_numbers_are_uncorrelated_catches_three_percent_of_a_neighbour() -> None:
    drawn = _halves(np.arange(VISITS))
    drawn[1] = 0.97 * drawn[1] + 0.03 * drawn[0]
    with pytest.raises(AssertionError, match="correlation"):
        _assert_uncorrelated(drawn, share("test_numbers_are_uncorrelated"))
