"""The single-follicle oscillator of Al-Nuaimi et al. 2012: matrix keratinocytes (MK) and dermal papilla (DP) in feedback.

Source: Y. Al-Nuaimi, M. Goodfellow, R. Paus, G. Baier, "A prototypic mathematical model of the human hair cycle",
J Theor Biol 310 (2012) 143-159, doi 10.1016/j.jtbi.2012.05.027. With `x` the number of MK in hundreds, `y` a signal made by MK
and `z` an inhibitor made by DP, each in the MK compartment (1) and in the DP compartment (2):

    dx/dt  = p1 x / ((p2 + x) (p3 + Cprol z1)) - (p4 + Capop z1) x / (p5**k + x**k) + a - b x
    dy1/dt = c1 x + Dy (y2 - 2 y1)          dy2/dt = Dy (y1 - 2 y2)
    dz1/dt = Dz (z2 - 2 z1)                 dz2/dt = c2 y2 + Dz (z1 - 2 z2)

A high plateau of `x` is anagen, a low one is telogen, and the fall between them is catagen. Time has no unit in the paper.
The shaft length of the paper (dh/dt = x, put back to 0 in telogen) is left out: when it is put back is not part of the equations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anagen.ground.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Callable

Floats: TypeAlias = NDArray[np.float64]

GROWING: Final = (5.0, 1.0, 1.0, 1.0, 1.0)  # a state on the high plateau, from which the follicle enters its cycle if it has one

_RTOL, _ATOL = 1e-9, 1e-11
_TRANSIENT, _WATCH, _WINDOW = 1000.0, 2000.0, 1000.0
_AT_REST = 1e-6


@dataclass(frozen=True)
class Oscillator:
    """The parameters, without units; the defaults are Table 2 of the paper. Symbols are the paper's.

    Attributes:
        a, b: supply of MK and their loss per MK. p1, p2, p3: strength and saturation of proliferation, and of its inhibition.
        p4, p5, k: strength, threshold and exponent of apoptosis. c_prol, c_apop: how much the inhibitor slows proliferation and
            speeds apoptosis. c1, c2: production of signal and of inhibitor. d_y, d_z: exchange of each between compartments.

    Raises:
        BadParameter: a value is negative or not finite, or one of p2, p3, p5, k, d_y, d_z is 0.

    >>> Oscillator().p1, Oscillator(p1=0.35).a
    (0.48, 0.1)
    """

    a: float = 0.1
    b: float = 0.01
    p1: float = 0.48
    p2: float = 0.1
    p3: float = 0.1
    p4: float = 0.5
    p5: float = 0.32
    c_prol: float = 1.0
    c_apop: float = 0.0
    c1: float = 1.0
    c2: float = 1.0
    d_y: float = 0.5
    d_z: float = 0.1
    k: float = 2.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            above = field.name in ("p2", "p3", "p5", "k", "d_y", "d_z")
            if not math.isfinite(value) or value < 0 or (above and value == 0):
                raise BadParameter(f"Oscillator.{field.name}", f"is {value!r}", "a number above 0" if above else "a number of 0 or more")


@dataclass(frozen=True)
class OscillatorRun:
    """One simulated follicle.

    Attributes:
        time: shape (times,), the paper's unit of time. state: shape (times, 5), columns x, y1, y2, z1, z2.

    >>> simulate([0.0, 10.0]).state.shape
    (2, 5)
    """

    time: Floats
    state: Floats

    @property
    def x(self) -> Floats:
        """Matrix keratinocytes in hundreds, shape (times,)."""
        return self.state[:, 0]


@dataclass(frozen=True)
class Equilibria:
    """The states that do not change.

    Attributes:
        x: shape (n,), matrix keratinocytes in hundreds, ascending. state: shape (n, 5), columns x, y1, y2, z1, z2.
        growth: shape (n,), the largest real part of the eigenvalues of the Jacobian; below 0, a small push dies out.

    >>> equilibria(Oscillator(p1=0.35)).stable.tolist()
    [True]
    """

    x: Floats
    state: Floats
    growth: Floats

    @property
    def stable(self) -> NDArray[np.bool_]:
        """Whether a small push dies out, shape (n,)."""
        out: NDArray[np.bool_] = self.growth < 0
        return out


@dataclass(frozen=True)
class Cycle:
    """A measured limit cycle.

    Attributes:
        period: time from one rise of x through the middle of its range to the next, mean over `n_cycles`, the paper's unit.
        scatter: the largest difference of one of these cycles from `period`; it says how settled the cycle is.
        upper_share: the share of the period with x above the middle of its range (anagen).
        x_low, x_high: the range of x, in hundreds of matrix keratinocytes. n_cycles: how many cycles were measured.

    >>> cycle = limit_cycle()
    >>> cycle is not None and round(cycle.upper_share, 2)
    0.81
    """

    period: float
    scatter: float
    upper_share: float
    x_low: float
    x_high: float
    n_cycles: int


def simulate(times: ArrayLike, parameters: Oscillator | None = None, start: ArrayLike = GROWING) -> OscillatorRun:
    """Follow one follicle over time (LSODA, relative tolerance 1e-9).

    Args:
        times: shape (times,), not decreasing, the first one is the time of `start`; the paper's unit.
        parameters: the oscillator; None is the paper's default.
        start: shape (5,), non-negative x, y1, y2, z1, z2; by default a growing follicle.

    Returns:
        `OscillatorRun` with `state` of shape (times, 5).

    Raises:
        BadParameter: times or start are outside what is said above.

    Source: Al-Nuaimi et al. 2012, equations of the model and Table 2.

    >>> simulate([0.0, 3000.0], Oscillator(p1=0.35)).x.round(4).tolist()
    [5.0, 0.1455]
    """
    when = np.asarray(times, dtype=np.float64)
    if when.ndim != 1 or when.size == 0 or not bool(np.all(np.isfinite(when))) or bool(np.any(np.diff(when) < 0)):
        raise BadParameter("times", "is not such a list", "a list of finite times that do not decrease")
    first = _start(start)
    if when[0] == when[-1]:
        return OscillatorRun(when, np.tile(first, (when.size, 1)))
    solved = _solve(parameters or Oscillator(), first, float(when[0]), float(when[-1]), dense=True)
    return OscillatorRun(when, np.asarray(solved.sol(when).T, dtype=np.float64))


def equilibria(parameters: Oscillator | None = None) -> Equilibria:
    """Every state of rest and whether it is stable.

    At rest `y1 = 2 c1 x / (3 Dy)`, `y2 = y1 / 2`, `z1 = c2 y2 / (3 Dz)`, `z2 = 2 z1`, which leaves one equation in x, solved on a
    fine grid from 1e-4 to the largest x at which supply and proliferation can balance loss, and refined.

    Args:
        parameters: the oscillator; None is the paper's default.

    Returns:
        `Equilibria`, ascending in x; empty when the loss `b` is 0 and nothing else bounds x.

    Raises:
        Nothing: an `Oscillator` has been checked when it was made.

    Source: fixed points and Jacobian of the equations of Al-Nuaimi et al. 2012.

    >>> equilibria(Oscillator(p1=0.35)).x.round(4).tolist()
    [0.1455]
    """
    from scipy.optimize import brentq

    p = parameters or Oscillator()
    most = (p.a + p.p1 / p.p3) / p.b * 1.01 + 1e-3 if p.b > 0 else 1e4
    grid = np.geomspace(1e-4, max(most, 1.0), 20_000)
    slope = np.array([_rate_at_rest(float(x), p) for x in grid])
    crossing = np.flatnonzero(slope[:-1] * slope[1:] < 0)
    x = np.array([brentq(_rate_at_rest, grid[i], grid[i + 1], args=(p,), xtol=1e-14) for i in crossing], dtype=np.float64)
    state = np.array([_at_rest(float(value), p) for value in x], dtype=np.float64).reshape(-1, 5)
    growth = np.array([np.linalg.eigvals(_jacobian(row, p)).real.max() for row in state], dtype=np.float64)
    return Equilibria(x, state, growth)


def resting_state(parameters: Oscillator | None = None) -> float:
    """The resting follicle: x of the lowest state of rest if that is stable, else NaN.

    Args:
        parameters: the oscillator; None is the paper's default.

    Returns:
        x in hundreds of matrix keratinocytes. It may exist beside a cycle: the follicle is then bistable.

    Raises:
        Nothing: an `Oscillator` has been checked when it was made.

    Source: Al-Nuaimi et al. 2012, the resting branch.

    >>> round(resting_state(Oscillator(p1=0.35)), 4), resting_state(Oscillator(p1=0.54))
    (0.1455, nan)
    """
    rest = equilibria(parameters)
    return float(rest.x[0]) if rest.x.size and bool(rest.stable[0]) else math.nan


def limit_cycle(
    parameters: Oscillator | None = None, start: ArrayLike = GROWING, n_cycles: int = 4, longest: float = 20_000.0
) -> Cycle | None:
    """Measure the cycle the follicle settles into, or say that there is none.

    The first 1000 units of time are thrown away, the range of x is read from the next 2000, and rises of x through the middle
    of that range are timed until `n_cycles` cycles are complete.

    Args:
        parameters: the oscillator; None is the paper's default.
        start: shape (5,), non-negative x, y1, y2, z1, z2; where a cycle and a rest coexist, it decides between them.
        n_cycles: how many whole cycles to measure, at least 1.
        longest: how long to wait for them, in the paper's unit of time.

    Returns:
        `Cycle`, or None when the follicle came to rest in a stable state.

    Raises:
        BadParameter: start or n_cycles are outside what is said above, or the follicle neither completed the cycles nor came to
            rest within `longest`, so that a slow cycle is never reported as none.

    Source: the numerical experiment of Al-Nuaimi et al. 2012, Fig. 9.

    >>> limit_cycle(Oscillator(p1=0.35)) is None
    True
    """
    p = parameters or Oscillator()
    if n_cycles < 1:
        raise BadParameter("n_cycles", f"is {n_cycles!r}", "a whole number of at least 1")
    state = _solve(p, _start(start), 0.0, _TRANSIENT).y[:, -1]
    watched = _solve(p, state, 0.0, _WATCH)
    low, high, state = float(watched.y[0].min()), float(watched.y[0].max()), watched.y[:, -1]
    middle = (low + high) / 2

    def rise(_: float, now: Floats) -> float:
        return float(now[0] - middle)

    def fall(_: float, now: Floats) -> float:
        return float(middle - now[0])

    ups: list[float] = []
    downs: list[float] = []
    at = 0.0
    while not _resting(state, p):
        if at >= longest:
            raise BadParameter("longest", f"is {longest:g}", f"a wait in which {n_cycles} cycles or a rest can be reached; neither was")
        solved = _solve(p, state, at, at + _WINDOW, events=[rise, fall])
        ups += solved.t_events[0].tolist()
        downs += solved.t_events[1].tolist()
        state, at = solved.y[:, -1], at + _WINDOW
        low, high = min(low, float(solved.y[0].min())), max(high, float(solved.y[0].max()))
        if len(ups) > n_cycles:
            lengths = np.diff(np.array(ups[: n_cycles + 1]))
            period = float(lengths.mean())
            above = sum(down - ups[0] for down in downs if ups[0] < down < ups[n_cycles]) - sum(up - ups[0] for up in ups[1:n_cycles])
            scatter = float(np.abs(lengths - period).max())
            return Cycle(period, scatter, float(above / (n_cycles * period)), low, high, n_cycles)
    return None


def period(parameters: Oscillator | None = None, start: ArrayLike = GROWING) -> float:
    """The period of the cycle the follicle settles into, or NaN when it comes to rest.

    Args:
        parameters: the oscillator; None is the paper's default.
        start: shape (5,), non-negative x, y1, y2, z1, z2.

    Returns:
        The period in the paper's unit of time.

    Raises:
        BadParameter: as `limit_cycle`.

    Source: the numerical experiment of Al-Nuaimi et al. 2012, Fig. 9.

    >>> round(period()), period(Oscillator(p1=0.35))
    (362, nan)
    """
    cycle = limit_cycle(parameters, start)
    return math.nan if cycle is None else cycle.period


def _rates(state: Floats, p: Oscillator) -> Floats:
    x, y1, y2, z1, z2 = state
    return np.array(
        [
            p.p1 * x / ((p.p2 + x) * (p.p3 + p.c_prol * z1)) - (p.p4 + p.c_apop * z1) * x / (p.p5**p.k + x**p.k) + p.a - p.b * x,
            p.c1 * x + p.d_y * (y2 - 2 * y1),
            p.d_y * (y1 - 2 * y2),
            p.d_z * (z2 - 2 * z1),
            p.c2 * y2 + p.d_z * (z1 - 2 * z2),
        ]
    )


def _jacobian(state: Floats, p: Oscillator) -> Floats:
    """d rates / d state, shape (5, 5)."""
    x, z1 = float(state[0]), float(state[3])
    slowed, apoptosis = p.p3 + p.c_prol * z1, p.p5**p.k + x**p.k
    by_x = p.p1 * p.p2 / ((p.p2 + x) ** 2 * slowed) - (p.p4 + p.c_apop * z1) * (p.p5**p.k + (1 - p.k) * x**p.k) / apoptosis**2 - p.b
    by_z1 = -p.c_prol * p.p1 * x / ((p.p2 + x) * slowed**2) - p.c_apop * x / apoptosis
    return np.array(
        [
            [by_x, 0, 0, by_z1, 0],
            [p.c1, -2 * p.d_y, p.d_y, 0, 0],
            [0, p.d_y, -2 * p.d_y, 0, 0],
            [0, 0, 0, -2 * p.d_z, p.d_z],
            [0, 0, p.c2, p.d_z, -2 * p.d_z],
        ]
    )


def _at_rest(x: float, p: Oscillator) -> Floats:
    """The state of rest of signal and inhibitor for a given x, shape (5,)."""
    y2 = p.c1 * x / (3 * p.d_y)
    z1 = p.c2 * y2 / (3 * p.d_z)
    return np.array([x, 2 * y2, y2, z1, 2 * z1])


def _rate_at_rest(x: float, p: Oscillator) -> float:
    return float(_rates(_at_rest(x, p), p)[0])


def _resting(state: Floats, p: Oscillator) -> bool:
    """Whether the state no longer changes and a small push would die out."""
    still = float(np.abs(_rates(state, p)).max()) < _AT_REST * max(1.0, float(np.abs(state).max()))
    return still and float(np.linalg.eigvals(_jacobian(state, p)).real.max()) < 0


def _solve(
    p: Oscillator,
    start: Floats,
    since: float,
    until: float,
    events: list[Callable[[float, Floats], float]] | None = None,
    dense: bool = False,
) -> Any:
    """Integrate the equations; events are crossings from below."""
    from scipy.integrate import solve_ivp

    for event in events or []:
        event.direction = 1.0  # type: ignore[attr-defined]

    def rates(_: float, state: Floats) -> Floats:
        return _rates(state, p)

    def jacobian(_: float, state: Floats) -> Floats:
        return _jacobian(state, p)

    return solve_ivp(rates, (since, until), start, method="LSODA", jac=jacobian, rtol=_RTOL, atol=_ATOL, events=events, dense_output=dense)


def _start(start: ArrayLike) -> Floats:
    allowed = "five non-negative numbers: x, y1, y2, z1, z2"
    out = np.asarray(start, dtype=np.float64)
    if out.shape != (5,) or not bool(np.all(np.isfinite(out) & (out >= 0))):
        raise BadParameter("start", f"is {out.tolist()}", allowed)
    return out
