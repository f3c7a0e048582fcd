"""Sensitivity: indices known by hand, their ranges, what an unused row does, and models that are none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from false_alarm import assert_cells_agree, share, z_bound
from scipy.special import ndtr
from scipy.stats import binom, t

from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import Row
from anagen.therapy.extract import Lipoaspirate, extract
from anagen.therapy.process import Recipe, process
from anagen.therapy.protocol import as_protocol
from anagen.therapy.sensitivity import END, RESAMPLES, Driven, _indices, drivers, drivers_of, resampled
from anagen.therapy.unknowns import Array, Unknowns

NAMES = ("a", "b", "c")
ROWS = tuple(Row("x", name, 0.0, -END, END, "normal", "1", "assumed", "a test", "nobody", "") for name in NAMES)
"""Three standard normal rows."""
UNKNOWNS = Unknowns.drawn(100, of=ROWS)
SEEDS = 64

FIRST, TOTAL = 0, 1
PI4 = math.pi**4
ISHIGAMI = (0.5 * (1 + 0.1 * PI4 / 5) ** 2, 7**2 / 8, 8 * 0.1**2 * PI4**2 / 225)
"""Variances of the first and the second row alone, and of the first and third together (Ishigami and Homma 1990; 7 and 0.1)."""
OF_ISHIGAMI = sum(ISHIGAMI)
KNOWN = {
    "ishigami": (
        (ISHIGAMI[0] / OF_ISHIGAMI, ISHIGAMI[1] / OF_ISHIGAMI, 0.0),
        ((ISHIGAMI[0] + ISHIGAMI[2]) / OF_ISHIGAMI, ISHIGAMI[1] / OF_ISHIGAMI, ISHIGAMI[2] / OF_ISHIGAMI),
    ),
    "additive": ((9 / 25, 16 / 25, 0.0), (9 / 25, 16 / 25, 0.0)),
    "product": ((0.0, 0.0, 0.0), (1.0, 1.0, 0.0)),
}
"""First-order and total indices of a, b, c: 3 a + 4 b has the variances 9 and 16; of a b neither row brings anything alone."""


def known(unknowns: Unknowns) -> dict[str, Array]:
    a, b, c = (unknowns.of("x")[name] for name in NAMES)
    x, y, z = (math.pi * (2 * ndtr(one) - 1) for one in (a, b, c))
    return {
        "ishigami": np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x),
        "additive": 3 * a + 4 * b + 100,
        "product": a * b,
    }


def by_name(driven: Driven) -> list[tuple[tuple[float, tuple[float, float]], tuple[float, tuple[float, float]]]]:
    """First-order and total index with their ranges, of a, b, c."""
    found = {one.row.name: ((one.first, one.first_range), (one.total, one.total_range)) for one in driven.drivers}
    return [found[name] for name in NAMES]


@cache
def over_seeds() -> dict[str, list[Driven]]:
    found = [drivers(known, UNKNOWNS, ROWS, n=256, seed=seed).outputs for seed in range(SEEDS)]
    return {name: [one[name] for one in found] for name in KNOWN}


def assert_means_agree(truth: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]], alpha: float) -> None:
    """The mean index over the seeds is the true one: by Student's t, for the spread is measured."""
    values = np.array(
        [[[[one[kind][0] for one in by_name(driven)] for kind in (FIRST, TOTAL)] for driven in over_seeds()[name]] for name in truth]
    )
    wanted = np.array(list(truth.values()))
    seen, error = values.mean(axis=1), values.std(axis=1, ddof=1) / math.sqrt(SEEDS)
    wider = t.isf(alpha / (2 * wanted.size), SEEDS - 1) / z_bound(alpha, wanted.size)
    assert_cells_agree(seen, wanted, wider * error, alpha)


@pytest.mark.stochastic
def test_indices_of_known_functions() -> None:
    assert_means_agree(KNOWN, share("test_indices_of_known_functions"))


def test_indices_of_known_functions_catches_a_share_three_points_off() -> None:
    (first, second, none), total = KNOWN["additive"]
    wrong = {**KNOWN, "additive": ((first + 0.03, second - 0.03, none), total)}
    with pytest.raises(AssertionError, match="cells disagree"):
        assert_means_agree(wrong, share("test_indices_of_known_functions"))


def assert_ranges_hold(narrowed: float, alpha: float) -> None:
    """No range of 95 % (its half-widths times `narrowed`) misses the truth more often than one in twenty, over the seeds."""
    tails = []
    for name in ("ishigami", "additive"):
        for place in range(len(NAMES)):
            for kind in (FIRST, TOTAL):
                truth, held = KNOWN[name][kind][place], 0
                for driven in over_seeds()[name]:
                    value, (low, high) = by_name(driven)[place][kind]
                    held += value - narrowed * (value - low) <= truth <= value + narrowed * (high - value)
                tails.append(binom.cdf(held, SEEDS, 0.95))
    assert min(tails) >= alpha / len(tails), f"a range holds the truth too seldom: {min(tails):.2g}"


@pytest.mark.stochastic
def test_ranges_hold_the_true_index() -> None:
    assert_ranges_hold(1.0, share("test_ranges_hold_the_true_index"))


def test_ranges_hold_the_true_index_catches_ranges_too_narrow() -> None:
    with pytest.raises(AssertionError, match="too seldom"):
        assert_ranges_hold(0.1, share("test_ranges_hold_the_true_index"))


def test_estimates_by_hand() -> None:
    """A = (0, 2), B = (2, 4), A with B's row = (2, 2): mean 2, variance of all four 2.

    First: mean of (0, 2) x (2, 0) = 0. Total: half the mean of (4, 0) = 1, over 2.
    """
    pages = np.array([[0.0, 2.0], [2.0, 4.0], [2.0, 2.0]])
    assert _indices(pages, seed=0).estimate.tolist() == [[0.0], [0.5]]


def test_resamples_of_all_points_alike_are_the_estimate() -> None:
    """Where every point is the same pair, every resample is the sample: 2 points of A = -1, 1 in both orders would differ."""
    a, b, ab = np.full(8, -1.0), np.full(8, 1.0), np.full((1, 8), 1.0)
    found = resampled(a, b, ab, seed=0)
    assert found.shape == (RESAMPLES, 2, 1)
    np.testing.assert_allclose(found, np.broadcast_to([[[2.0], [2.0]]], found.shape))  # 1 x 2 / 1; half of 4 / 1


def test_a_row_that_an_output_does_not_use_has_indices_of_zero() -> None:
    found = drivers(known, UNKNOWNS, ROWS, n=64).outputs["additive"]
    unused = next(one for one in found.drivers if one.row.name == "c")
    assert (unused.first, unused.first_range, unused.total, unused.total_range, unused.swing) == (0.0, (0.0, 0.0), 0.0, (0.0, 0.0), 0.0)
    assert (unused.variance_share, unused.narrower) == (0.0, 0.0)
    used = next(one for one in found.drivers if one.row.name == "b")
    assert min(used.first, used.total, used.swing) > 0


def test_ends_and_middle_by_hand() -> None:
    """Each row's ends lie 1.959964 scores off: 3 and 4 of them about 100."""
    found = drivers(known, UNKNOWNS, ROWS, n=64).outputs["additive"]
    ends = {one.row.name: (one.at_low, one.at_high) for one in found.drivers}
    assert ends["a"] == pytest.approx((100 - 3 * END, 100 + 3 * END))
    assert ends["b"] == pytest.approx((100 - 4 * END, 100 + 4 * END))
    assert found.middle == 100


def test_what_measuring_would_bring() -> None:
    """A share of 0.64 leaves sqrt(0.36) = 0.6 of the spread."""
    first = drivers(known, UNKNOWNS, ROWS, n=64).outputs["additive"].drivers[0]
    assert (first.row.name, first.narrower) == ("b", pytest.approx(1 - math.sqrt(1 - first.first)))
    assert replace(first, first=0.64).narrower == pytest.approx(0.4)
    assert (replace(first, first=-0.1).variance_share, replace(first, first=1.1).narrower) == (0.0, 1.0)


def test_the_first_driver_is_the_one_worth_measuring_and_ties_go_by_name() -> None:
    found = drivers(lambda unknowns: {"sum": unknowns.of("x")["c"] * 2, "none": np.full(unknowns.size, 7.0)}, UNKNOWNS, ROWS, n=16).outputs
    assert [one.row.name for one in found["sum"].drivers] == ["c", "a", "b"]
    assert [one.row.name for one in found["none"].drivers] == ["a", "b", "c"]
    assert {found["none"].together, *(one.total for one in found["none"].drivers)} == {0.0}


def test_rounding_is_no_variance() -> None:
    """0.1 + 1e-17 x and the like: what varies in the last digit does not vary."""
    found = drivers(lambda unknowns: {"flat": 1.0 + 1e-15 * unknowns.of("x")["a"]}, UNKNOWNS, ROWS, n=64).outputs["flat"]
    assert all(one.first == one.total == 0 for one in found.drivers)


def test_logged_is_the_same_model_on_its_logarithm() -> None:
    def powers(unknowns: Unknowns) -> dict[str, Array]:
        return {"additive": np.exp(known(unknowns)["additive"] / 10)}

    plain = drivers(known, UNKNOWNS, ROWS, n=64).outputs["additive"]
    logged = drivers(powers, UNKNOWNS, ROWS, n=64, logged=["additive"]).outputs["additive"]
    raw = drivers(powers, UNKNOWNS, ROWS, n=64).outputs["additive"]
    assert (logged.logged, raw.logged) == (True, False)
    assert [one.first for one in logged.drivers] == pytest.approx([one.first for one in plain.drivers])
    assert [one.first for one in raw.drivers] != pytest.approx([one.first for one in plain.drivers], abs=0.01)


def test_what_reaches_zero_is_not_logged() -> None:
    found = drivers(lambda unknowns: {"cells": np.maximum(unknowns.of("x")["a"], 0)}, UNKNOWNS, ROWS, n=64, logged=["cells"])
    assert not found.outputs["cells"].logged
    assert found.outputs["cells"].drivers[0].row.name == "a"


def test_together_is_what_no_row_brings_alone() -> None:
    found = drivers(known, UNKNOWNS, ROWS, n=64).outputs["product"]
    half = replace(found, drivers=tuple(replace(one, first=first) for one, first in zip(found.drivers, (0.25, 0.125, 0.0), strict=True)))
    assert half.together == 0.625
    assert replace(half, drivers=tuple(replace(one, first=0.5) for one in half.drivers)).together == 0.0


def test_the_same_seed_gives_the_same_answer_in_whatever_order_rows_come() -> None:
    one, two = (drivers(known, UNKNOWNS, rows, n=64, seed=3) for rows in (ROWS, ROWS[::-1]))
    assert one == two
    assert drivers(known, UNKNOWNS, ROWS, n=64, seed=4) != one


def test_runs_are_counted_and_told() -> None:
    seen, told = [], []

    def counted(unknowns: Unknowns) -> dict[str, Array]:
        seen.append(unknowns.size)
        return known(unknowns)

    found = drivers(counted, UNKNOWNS, ROWS, n=1024, told=told.append)
    assert found.runs == sum(seen) == 1024 * 5 + 8
    assert told == sorted(told)
    assert (told[0], told[-1]) == (1 / 6, 1.0)  # of five sets of runs and the ends
    assert max(seen) == 512


def test_rows_that_do_not_vary_are_held_where_they_are() -> None:
    fixed = Row("x", "d", 5.0, 5.0, 5.0, "fixed", "1", "assumed", "a test", "nobody", "")
    given = Unknowns.drawn(100, of=(*ROWS, fixed)).but({("x", "a"): 2.0})

    def model(unknowns: Unknowns) -> dict[str, Array]:
        x = unknowns.of("x")
        return {"sum": x["a"] + x["b"] + x["d"]}

    found = drivers(model, given, n=64)
    assert [row.name for row in found.rows] == ["b", "c"]
    assert found.outputs["sum"].middle == 7.0  # 2 + 0 + 5
    only = drivers(model, given, ROWS[2:], n=64).outputs["sum"]
    assert only.low == only.high == 7.0  # b is held at its median


@pytest.mark.parametrize("n", [0, 1, 100, 64.5, -8])
def test_points_come_in_powers_of_two(n: float) -> None:
    with pytest.raises(BadParameter, match=r"a power of 2 from 2 up, as 512"):
        drivers(known, UNKNOWNS, ROWS, n=n)  # type: ignore[arg-type]


def test_models_that_are_none_are_told_of() -> None:
    chance = np.random.default_rng(0)
    with pytest.raises(BadParameter, match=r"the output y is .* a function of the draws alone"):
        drivers(lambda unknowns: {"y": chance.normal(size=unknowns.size)}, UNKNOWNS, ROWS, n=64)
    with pytest.raises(BadParameter, match="not finite"), np.errstate(invalid="ignore"):
        drivers(lambda unknowns: {"y": np.sqrt(unknowns.of("x")["a"])}, UNKNOWNS, ROWS, n=64)
    with pytest.raises(BadParameter, match=r"has the shape \(\)"):
        drivers(lambda unknowns: {"y": np.array(1.0)}, UNKNOWNS, ROWS, n=64)
    with pytest.raises(BadParameter, match="rows do not vary"):
        drivers(known, UNKNOWNS.but({("x", "a"): 1.0}), ROWS[:1], n=64)
    with pytest.raises(UnknownName):
        drivers(known, UNKNOWNS, Unknowns.middle().rows[:1], n=64)


def test_one_row_and_one_output() -> None:
    """The library drops the axes of a single row and output; with either alone the numbers are those of both."""

    def model(unknowns: Unknowns) -> dict[str, Array]:
        return {"y": 2 * unknowns.of("x")["a"]}

    one = drivers(model, UNKNOWNS, ROWS[:1], n=64).outputs["y"].drivers
    two = drivers(lambda unknowns: {**model(unknowns), "z": unknowns.of("x")["a"]}, UNKNOWNS, ROWS[:1], n=64).outputs["y"].drivers
    assert one == two
    assert one[0].total > 0


def test_a_protocol_by_the_rows_that_its_steps_use() -> None:
    """Cells do not hang on how the dose spreads, nor the reach on cells; a batch that changes a row changes what it drives."""
    protocol = as_protocol(
        {
            "who": {"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "3v"},
            "source": {"kind": "marrow", "volume_ml": 60},
            "recipe": {"name": "marrow_concentrate"},
            "site": {"area_cm2": 10},
        },
        "a test",
    )
    found = drivers_of(protocol, n=16)
    moves = {name: {f"{one.row.of}.{one.row.name}" for one in driven.drivers if one.total > 0} for name, driven in found.outputs.items()}
    assert set(moves) == {"live_cells", "dose", "delivered_per_cm2", "reached_share"}
    assert {"marrow.nucleated_per_ml", "marrow_concentrate.kept_share"} <= moves["live_cells"] < moves["delivered_per_cm2"]
    assert moves["delivered_per_cm2"] - moves["live_cells"] == {"inject.lost_share", "inject.dead_volume_ml_per_syringe"}
    assert "inject.reach_level" in moves["reached_share"]
    assert not moves["reached_share"] & moves["live_cells"]
    assert moves["dose"] == moves["live_cells"]
    assert found.outputs["live_cells"].logged
    assert not found.outputs["reached_share"].logged
    row = Unknowns.middle().row("marrow", "nucleated_per_ml")
    sure = Unknowns.drawn(200).but({("marrow", "nucleated_per_ml"): row.value})
    assert "nucleated_per_ml" not in {one.name for one in drivers_of(protocol, sure, n=16).rows}


def capped(short: float) -> Driven:
    """A sum of three rows held below a cap that all but a share of the draws come to."""
    from scipy.special import ndtri

    cap = float(ndtri(short)) * math.sqrt(0.8**2 + 0.5**2 + 0.33**2)

    def model(unknowns: Unknowns) -> dict[str, Array]:
        x = unknowns.of("x")
        return {"cells": np.minimum(0.8 * x["a"] + 0.5 * x["b"] + 0.33 * x["c"], cap)}

    return drivers(model, UNKNOWNS, ROWS).outputs["cells"]


@pytest.mark.parametrize(("short", "rare"), [(0.5, False), (0.3, False), (0.1, True), (0.02, True)])
def test_a_shortfall_that_comes_seldom_is_rare(short: float, rare: bool) -> None:
    """Of 1,024 draws 200 must fall short: 30 % do (307 expected), 10 % do not (102; both many standard deviations of 10 to 15 off)."""
    assert capped(short).rare == rare


def test_what_never_varies_and_what_always_does_is_not_rare() -> None:
    found = drivers(lambda unknowns: {**known(unknowns), "none": np.full(unknowns.size, 7.0)}, UNKNOWNS, ROWS, n=64).outputs
    assert not any(one.rare for one in found.values())


def test_totals_of_subjects_are_added_up_to_one() -> None:
    found = drivers(known, UNKNOWNS, ROWS, n=64).outputs
    assert found["additive"].total_of("y") == 0.0
    assert found["product"].total_of("x") == 1.0  # 1 + 1 of a b, of which no more than all can be
    halves = replace(found["additive"], drivers=tuple(replace(one, total=0.25) for one in found["additive"].drivers))
    assert halves.total_of("x") == 0.75


PRODUCT = ("density_g_per_ml", "donor_factor", "site_factor_abdomen", "yield_per_g", "viable_share", "sample_share")
"""The rows whose product live cells of SVF are."""


def assert_shares_of_a_product(off: float, alpha: float) -> None:
    """Each row's total share is the variance of its own logarithm over the sum of all, plus `off`; the range of 95 % gives the error."""

    def model(unknowns: Unknowns) -> dict[str, Array]:
        return {"live_cells": process(extract(Lipoaspirate(volume_ml=100), unknowns), Recipe(name="enzymatic_svf"), unknowns).live_cells}

    rows = process(extract(Lipoaspirate(volume_ml=100)), Recipe(name="enzymatic_svf")).rows
    many = Unknowns.drawn(100_000)
    draws = {row.name: many.draws[row.of, row.name] for row in rows if row.name in PRODUCT}
    draws["sample_share"] = 1 - draws["sample_share"]
    variance = {name: float(np.log(values).var()) for name, values in draws.items()}
    found = drivers(model, rows=rows, logged=["live_cells"]).outputs["live_cells"].drivers
    assert {one.row.name for one in found if one.total > 0} == set(PRODUCT)
    used = found[: len(PRODUCT)]
    error = [max(one.total - one.total_range[0], one.total_range[1] - one.total) / END for one in used]
    assert_cells_agree([one.total for one in used], [variance[one.row.name] / sum(variance.values()) + off for one in used], error, alpha)


@pytest.mark.stochastic
def test_live_cells_are_driven_as_a_product_is() -> None:
    assert_shares_of_a_product(0.0, share("test_live_cells_are_driven_as_a_product_is"))


def test_live_cells_are_driven_as_a_product_is_catches_five_points_more() -> None:
    with pytest.raises(AssertionError, match="cells disagree"):
        assert_shares_of_a_product(0.05, share("test_live_cells_are_driven_as_a_product_is"))
