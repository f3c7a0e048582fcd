"""The oscillator of Al-Nuaimi et al. 2012 against its known answers (N1) and against itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.ground.errors import BadParameter
from anagen.scalp.references import alnuaimi
from anagen.scalp.references.alnuaimi import Oscillator, equilibria, limit_cycle, period, resting_state, simulate


@pytest.mark.parametrize(("p1", "expected"), [(0.42, 187), (0.44, 240), (0.48, 362), (0.51, 522), (0.54, 900)])
def test_n1_periods(p1: float, expected: float) -> None:
    assert period(Oscillator(p1=p1)) == pytest.approx(expected, abs=0.5)  # half of the last digit


def test_n1_no_cycle_but_rest() -> None:
    quiet = Oscillator(p1=0.35)
    assert limit_cycle(quiet) is None
    assert math.isnan(period(quiet))
    assert resting_state(quiet) == pytest.approx(0.1455, abs=5e-5)
    assert simulate([0.0, 5000.0], quiet).x[-1] == pytest.approx(resting_state(quiet), abs=1e-8)


def test_default_cycle() -> None:
    cycle = limit_cycle()
    assert cycle is not None
    assert cycle.upper_share == pytest.approx(0.81, abs=0.005)
    assert (cycle.x_low, cycle.x_high) == pytest.approx((0.024, 5.99), abs=0.005)
    assert cycle.scatter < 1e-3
    assert cycle.n_cycles == 4


def test_the_period_does_not_depend_on_where_the_cycle_was_entered() -> None:
    elsewhere = simulate([0.0, 777.0]).state[-1]
    assert period(start=elsewhere) == pytest.approx(period(), rel=1e-6)


def test_a_bistable_follicle_cycles_or_rests_by_its_start() -> None:
    """Published: rest and cycle side by side between p1 = 0.415 and 0.51."""
    both = Oscillator(p1=0.44)
    rest = equilibria(both)
    assert rest.stable.tolist() == [True]
    assert math.isnan(period(both, start=1.01 * rest.state[0]))
    assert period(both) > 0


def test_rest_is_lost_near_the_published_value() -> None:
    """Published: a Hopf bifurcation at p1 = 0.51, two digits."""
    assert equilibria(Oscillator(p1=0.505)).stable.tolist() == [True]
    assert equilibria(Oscillator(p1=0.515)).stable.tolist() == [False]


def test_a_slow_cycle_is_never_reported_as_none() -> None:
    with pytest.raises(BadParameter, match="longest"):
        limit_cycle(Oscillator(p1=0.566), longest=5000)


def test_a_run_in_two_parts_is_the_same_run() -> None:
    whole = simulate([0.0, 150.0, 300.0])
    second = simulate([150.0, 300.0], start=whole.state[1])
    np.testing.assert_allclose(second.state[-1], whole.state[-1], rtol=1e-5)
    assert simulate([3.0, 3.0]).state.tolist() == [list(alnuaimi.GROWING)] * 2


PARAMETERS = st.builds(
    Oscillator, p1=st.floats(0.3, 0.6), c_apop=st.floats(0, 0.05), a=st.floats(0.05, 0.2), k=st.floats(1.5, 3.0), d_z=st.floats(0.05, 0.3)
)


@settings(max_examples=25, deadline=None)
@given(parameters=PARAMETERS)
def test_equilibria_do_not_move(parameters: Oscillator) -> None:
    rest = equilibria(parameters)
    assert rest.x.size % 2 == 1  # x grows at 0 and falls far out, so the rate changes sign an odd number of times
    for state in rest.state:
        np.testing.assert_allclose(alnuaimi._rates(state, parameters), 0, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(parameters=PARAMETERS, x=st.floats(0.05, 6), z=st.floats(0.1, 10))
def test_the_jacobian_is_the_slope_of_the_rates(parameters: Oscillator, x: float, z: float) -> None:
    state = np.array([x, 1.0, 0.5, z, 2 * z])
    step = 1e-6 * np.eye(5)
    slope = np.stack([(alnuaimi._rates(state + h, parameters) - alnuaimi._rates(state - h, parameters)) / 2e-6 for h in step], axis=1)
    np.testing.assert_allclose(alnuaimi._jacobian(state, parameters), slope, rtol=1e-4, atol=1e-6)


@settings(max_examples=10, deadline=None)
@given(parameters=PARAMETERS)
def test_states_stay_positive(parameters: Oscillator) -> None:
    assert simulate(np.linspace(0, 300, 301), parameters).state.min() > 0


@pytest.mark.parametrize("bad", [{"p1": -0.1}, {"p2": 0.0}, {"k": math.nan}, {"d_z": math.inf}])
def test_bad_parameters_are_named(bad: dict[str, float]) -> None:
    with pytest.raises(BadParameter, match=f"Oscillator.{next(iter(bad))}"):
        Oscillator(**bad)


def test_bad_arguments_are_named() -> None:
    with pytest.raises(BadParameter, match="start"):
        simulate([0.0, 1.0], start=[1.0, 2.0])
    with pytest.raises(BadParameter, match="times"):
        simulate([1.0, 0.0])
    with pytest.raises(BadParameter, match="n_cycles"):
        limit_cycle(n_cycles=0)
