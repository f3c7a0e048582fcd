"""The unknowns of the therapy: every row has a source that is there or is marked assumed; draws are keyed by a row's own name."""

from __future__ import annotations

import re

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.evidence import Evidence
from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import Row, read_rows
from anagen.therapy.unknowns import Unknowns, therapy_rows

ROWS = read_rows("therapy.csv")
EVIDENCE = Evidence.shipped()
NO_SOURCE = "no source read"


def sourceless(row: Row) -> str | None:
    """What is wrong with a row's source: an id that is not there, or no id on a row that claims to be read."""
    if row.source == NO_SOURCE:
        return None if row.mark == "assumed" else "claims to be read, without a source"
    for name in row.source.split():
        try:
            EVIDENCE.look_up(name)
        except UnknownName:
            return f"no such evidence: {name}"
    return None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.of}.{row.name}")
def test_a_row_has_a_source_or_is_assumed(row: Row) -> None:
    assert sourceless(row) is None
    assert all(EVIDENCE.look_up(name) for name in re.findall(r"\b[pa]\d{3}\b", row.notes))


def test_a_made_up_source_is_seen() -> None:
    row = ROWS[0]
    assert sourceless(Row(**{**row.__dict__, "mark": "read", "source": "p999"})) == "no such evidence: p999"
    assert sourceless(Row(**{**row.__dict__, "mark": "read", "source": NO_SOURCE})) is not None


@pytest.mark.parametrize("row", [row for row in ROWS if row.spread != "fixed"], ids=lambda row: f"{row.of}.{row.name}")
def test_a_row_spans_its_interval(row: Row) -> None:
    """The median comes back from the scale of the row, and lies inside its ends there."""
    low, middle, high = row.at(np.array([-1.959964, 0.0, 1.959964]))
    assert middle == pytest.approx(row.value)
    scaled = [row.onto(float(end)) for end in (row.low, row.value, row.high)]
    centre, half = (scaled[0] + scaled[2]) / 2, (scaled[2] - scaled[0]) / 2
    assert abs(scaled[1] - centre) < half  # the median lies inside
    assert row.low < row.value < row.high
    assert low < middle < high


def test_numbers_of_the_rows_that_were_computed() -> None:
    """Lognormals of a mean and a spread, worked again from the numbers in the notes."""
    for of, name, mean, sd in (
        ("marrow", "nucleated_per_ml", 35.2e6, 17.1e6),
        ("hfsc_micrograft", "cells_per_suspension", 3728.5, 664.5),
        ("conditioned_medium", "vegf_pg_per_million", 1203, 254),
        ("conditioned_medium", "hgf_pg_per_million", 12280, 2944),
        ("conditioned_medium", "tgfb_pg_per_million", 1247, 346),
    ):
        row = Unknowns.middle().row(of, name)
        _, unit = row.line()
        assert row.value * np.exp(unit**2 / 2) == pytest.approx(mean, rel=0.02)
        assert row.value * np.exp(unit**2 / 2) * np.sqrt(np.exp(unit**2) - 1) == pytest.approx(sd, rel=0.03)


def test_one_more_row_changes_no_other_draw() -> None:
    before = Unknowns.drawn(50, seed=3)
    new = Row("lipoaspirate", "something", 1.0, 0.5, 2.0, "lognormal", "ratio", "assumed", NO_SOURCE, "all", "")
    after = Unknowns.drawn(50, seed=3, of=(new, *therapy_rows()))
    assert len(after.draws) == len(before.draws) + 1
    for name, values in before.draws.items():
        np.testing.assert_array_equal(after.draws[name], values)


def test_draws_begin_alike_differ_by_seed_and_join_the_belief() -> None:
    short, long = Unknowns.drawn(20), Unknowns.drawn(60)
    for name, values in short.draws.items():
        np.testing.assert_array_equal(values, long.draws[name][:20])
    one, two = Unknowns.drawn(20, 1), Unknowns.drawn(20, 2)
    name = ("enzymatic_svf", "yield_per_g")
    assert (one.draws[name] != two.draws[name]).all()
    density = Belief.prior(20).values("scalp")["follicles_per_cm2"]
    np.testing.assert_array_equal(short.of("scalp")["follicles_per_cm2"], density)


def test_another_draw_of_one_row_leaves_the_others_and_what_is_wrong_is_said() -> None:
    unknowns = Unknowns.drawn(10)
    other = unknowns.but({("lipoaspirate", "donor_factor"): np.arange(10.0)})
    assert (other.of("lipoaspirate")["donor_factor"] == np.arange(10.0)).all()
    assert all(other.draws[name] is unknowns.draws[name] for name in unknowns.draws if name != ("lipoaspirate", "donor_factor"))
    with pytest.raises(BadParameter, match=r"draws of lipoaspirate.donor_factor are of another number; allowed: one number, or 10"):
        unknowns.but({("lipoaspirate", "donor_factor"): np.ones(3)})
    with pytest.raises(UnknownName, match=r"did you mean 'lipoaspirate.donor_factor'"):
        unknowns.but({("lipoaspirate", "donor_facto"): 1.0})
    with pytest.raises(UnknownName, match="did you mean 'marrow'"):
        unknowns.of("marow")
    with pytest.raises(BadParameter, match="n is 0"):
        Unknowns.drawn(0)
    with pytest.raises(ValueError, match="read-only"):
        unknowns.of("marrow")["cfuf_share"][0] = 1


def test_scores_are_those_of_the_draws() -> None:
    unknowns = Unknowns.drawn(30, seed=5)
    row = unknowns.row("marrow", "cfuf_share")
    np.testing.assert_allclose(row.at(unknowns.scores("marrow", "cfuf_share")), unknowns.of("marrow")["cfuf_share"])
