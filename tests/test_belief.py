"""Belief: draws of every row, keyed so that one draw never disturbs another."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.belief import PRIOR, Belief
from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import priors


def test_every_row_is_drawn_and_a_longer_belief_begins_with_a_shorter_one() -> None:
    short, long = Belief.prior(n=20), Belief.prior(n=50)
    assert short.label == PRIOR
    assert {(row.of, row.name) for row in priors()} == {(of, name) for of, names in long.draws.items() for name in names}
    for of, names in short.draws.items():
        for name, draws in names.items():
            np.testing.assert_array_equal(draws, long.draws[of][name][:20])


def test_another_seed_is_another_belief() -> None:
    assert (Belief.prior(n=5, seed=1).values("five_ari")["shrink"] != Belief.prior(n=5, seed=2).values("five_ari")["shrink"]).all()


@pytest.mark.parametrize("row", [row for row in priors() if row.spread != "fixed"], ids=lambda row: f"{row.of}.{row.name}")
def test_a_row_spans_its_interval(row: object) -> None:
    """The central 95 % is as wide, on the row's own scale, as low to high says."""
    at = row.at(np.array([-1.959964, 0.0, 1.959964]))  # type: ignore[attr-defined]
    assert at[1] == pytest.approx(row.value)  # type: ignore[attr-defined]
    assert at[0] < at[1] < at[2]


def test_bad_calls_are_named() -> None:
    with pytest.raises(BadParameter, match="n is 0"):
        Belief.prior(n=0)
    with pytest.raises(UnknownName, match="'five_arr'; did you mean 'five_ari'"):
        Belief.prior(n=2).values("five_arr")
