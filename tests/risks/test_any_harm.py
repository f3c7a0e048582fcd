"""The chance of at least one harm: its closed forms, its bounds, and its draws."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit
from scipy.stats import beta, multivariate_normal, norm

from anagen.ground.chance import key, uniform
from anagen.risks import risks, risks_of_options
from anagen.risks.any_harm import at_least_one, posterior
from anagen.risks.tables import PARTS, rules

CHANCES = st.lists(st.floats(1e-6, 0.95), min_size=1, max_size=5)
COURSES = st.lists(st.integers(1, 6), min_size=5, max_size=5)
RHO = st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.8, 1.0])
CLOSE = 1e-6
"""The quadrature is right to 2e-7 at a correlation of 0.8, and better below (compared with adaptive integration)."""


def answer(chances: list[float], counted: list[int], times: list[int], r: float) -> float:
    k = len(chances)
    return float(at_least_one(np.array(chances)[:, None], counted[:k], times[:k], r)[0])


@given(CHANCES, COURSES)
def test_independence_is_the_product_and_full_dependence_the_largest(chances: list[float], times: list[int]) -> None:
    k = len(chances)
    product = 1 - np.prod([(1 - p) ** t for p, t in zip(chances, times, strict=False)])
    assert answer(chances, [1] * k, times, 0.0) == pytest.approx(product, abs=1e-12)
    assert answer(chances, [1] * k, times, 1.0) == max(chances)


@pytest.mark.parametrize("r", [0.1, 0.3, 0.6, 0.8])
def test_two_harms_are_a_bivariate_normal(r: float) -> None:
    for p, q in ((0.2, 0.35), (0.001, 0.4), (0.9, 0.05)):
        neither = multivariate_normal.cdf([-norm.ppf(p), -norm.ppf(q)], cov=[[1, r], [r, 1]])
        assert answer([p, q], [1, 1], [1, 1], r) == pytest.approx(1 - neither, abs=CLOSE)
        assert answer([p], [1], [2], r) == pytest.approx(
            1 - multivariate_normal.cdf([-norm.ppf(p)] * 2, cov=[[1, r], [r, 1]]), abs=CLOSE
        ), "two sessions are two harms of one chance"


@settings(deadline=None, max_examples=50)
@given(CHANCES, COURSES, COURSES, RHO)
def test_it_lies_between_the_largest_part_and_the_sum(chances: list[float], counted: list[int], times: list[int], r: float) -> None:
    whole = answer(chances, counted, times, r)
    parts = [answer([p], [s], [t], r) for p, s, t in zip(chances, counted, times, strict=False)]
    assert max(parts) - CLOSE <= whole <= min(sum(parts), 1.0) + CLOSE


@settings(deadline=None, max_examples=50)
@given(CHANCES, COURSES, COURSES, RHO)
def test_more_sessions_never_lower_it(chances: list[float], counted: list[int], times: list[int], r: float) -> None:
    assert answer(chances, counted, [t + 1 for t in times], r) >= answer(chances, counted, times, r) - CLOSE


@settings(deadline=None, max_examples=50)
@given(st.floats(1e-6, 0.95), st.integers(1, 12), RHO)
def test_as_many_sessions_as_were_counted_give_the_count(p: float, sessions: int, r: float) -> None:
    assert answer([p], [sessions], [sessions], r) == pytest.approx(p, abs=CLOSE)


@settings(deadline=None, max_examples=50)
@given(CHANCES, COURSES)
def test_what_is_counted_a_session_falls_with_dependence(chances: list[float], times: list[int]) -> None:
    found = [answer(chances, [1] * 5, times, r) for r in (0.0, 0.1, 0.3, 0.6, 0.8, 1.0)]
    assert all(later <= sooner + CLOSE for sooner, later in pairwise(found)), "Slepian's inequality"


def test_draws_are_those_of_the_stated_posterior() -> None:
    """Each draw is a quantile at its own even number: of Beta(x + 1/2, n - x + 1/2), or of a normal logit where a range is printed."""
    fat = {(one.event, one.whose): one for one in risks("svf").options[0].events}
    marrow = {one.event: one for one in risks("bone marrow").options[0].events}
    counts = ((fat["injection site pain", "other product"], 7, 20), (marrow["procedure pain"], 77, 1252))
    for event, x, n in (*counts, (fat["serious adverse event", "own"], 0, 38)):
        u = uniform(key("risks", 5, event.event, *event.rows), np.arange(500))
        np.testing.assert_allclose(beta(x + 0.5, n - x + 0.5).cdf(posterior(event, 500, 5)), u, rtol=1e-8, atol=1e-12)
    printed = fat["infection", "other procedure"]
    u = uniform(key("risks", 5, printed.event, *printed.rows), np.arange(500))
    sd = (logit(0.0005) - logit(0.0001)) / (norm.ppf(0.975) - norm.ppf(0.025))
    np.testing.assert_allclose(norm(logit(0.0002), sd).cdf(logit(posterior(printed, 500, 5))), u, rtol=1e-8)


def test_trials_that_differ_leave_the_middle_wide_but_inside_them() -> None:
    event = next(one for one in risks("transplant fut").options[0].events if one.event == "infection")
    assert event.tau
    assert event.k == 2
    drawn = posterior(event, 4000, 1)
    low, middle, high = np.quantile(drawn, (0.025, 0.5, 0.975))
    assert 2 / 2896 < middle < 8 / 73
    assert high / low > 20, "one trial saw 0.7 of 1,000, the other 110"


def test_the_same_seed_gives_the_same_and_another_gives_another() -> None:
    one, two, three = (risks("svf", seed=seed).total for seed in (3, 3, 4))
    assert one == two
    assert one is not None
    assert three is not None
    assert one.chance != three.chance
    assert one.chance.middle == pytest.approx(three.chance.middle, abs=0.01)


@pytest.mark.parametrize(
    "plan", ["svf", "adsc", "bone marrow", "transplant fut", "prp at weeks 0, 4 and 8; hfsc micrograft", "microneedling"]
)
def test_a_plans_total_keeps_its_bounds(plan: str) -> None:
    total = risks(plan, draws=500).total
    assert total is not None
    assert total.chance.low <= total.chance.middle <= total.chance.high
    assert max(part.middle for part in total.parts.values()) <= total.chance.middle + CLOSE
    assert total.chance.middle <= sum(part.middle for part in total.parts.values()) + 0.02, "medians do not add exactly"
    assert total.least <= min(total.chance.middle, total.independent.middle, total.dependent.middle)
    assert total.most >= max(total.chance.middle, total.independent.middle, total.dependent.middle)
    assert total.correlation == rules()["correlation"].value
    assert set(total.parts) <= set(PARTS)


def test_more_sessions_of_a_plan_never_lower_its_total() -> None:
    found = [risks(f"svf at weeks {weeks}", draws=500).total for weeks in ("0", "0, 12", "0, 12, 24")]
    middles = [one.chance.middle for one in found if one]
    assert middles == sorted(middles)
    assert middles[0] < middles[-1]


def test_no_total_is_below_a_harm_in_it_as_shown_and_its_range_holds_every_dependence() -> None:
    totals = [found.total for found in risks_of_options(draws=200) if found.total]
    assert len(totals) > 10
    for total in totals:
        for item in total.items:
            for whole in (total.chance, total.independent, total.dependent, total.parts[item.part]):
                assert whole.middle >= (item.event.chance or 0), item
                assert whole.low >= item.event.low, item
                assert whole.high >= item.event.high, item
        for part in total.parts.values():
            assert total.chance.middle >= part.middle
            assert total.chance.low >= part.low
            assert total.chance.high >= part.high
        for end in (total.independent, total.dependent):
            assert total.chance.low <= end.low
            assert total.chance.high >= end.high
        assert total.least <= total.chance.middle <= total.most


def test_a_count_over_more_sessions_than_the_plan_has_goes_in_as_it_is() -> None:
    """Nobody told at which of the three sessions it came: one value in the table and in the total."""
    totals = [risks(f"bone marrow at weeks {weeks}", draws=500).total for weeks in ("0", "0, 4 and 8")]
    one, three = (total.parts["pain"].middle for total in totals if total)
    needles = next(item for total in totals if total for item in total.items if item.event.step == "injection")
    assert (needles.event.sessions, needles.times) == (3, 1)
    assert 0.35 <= one <= three
    alone = [risks(f"hfsc suspension at weeks {weeks}", draws=500).total for weeks in ("0", "0, 4 and 8")]
    first, last = (total.parts["pain"] for total in alone if total)
    assert first == last


def test_trials_too_far_apart_are_in_no_total_and_said() -> None:
    found = risks("transplant fut", draws=200)
    assert found.total is not None
    assert [(item.part, item.event.counts) for item in found.apart] == [("infection", (("garg_2021", 2, 2896), ("loganathan_2014", 8, 73)))]
    assert set(found.total.parts) == {"swelling", "scarring"}
    assert not any(item.event.scattered for each in risks_of_options(draws=100) if each.total for item in each.total.items)
