"""The follicular automaton of Halloy et al. 2002: anagen (A), telogen (T, catagen with it), latency (L), and anagen again.

Source: J. Halloy, B. A. Bernard, G. Loussouarn, A. Goldbeter, "The follicular automaton model: effect of stochasticity and of
synchronization of hair cycles", J Theor Biol 214 (2002) 469-479; the equations are those of its deterministic version.

Each follicle is independent. On entry to a phase it draws how long it will stay, from a lognormal distribution given by its mean
and its coefficient of variation (CV). There are three readings of that, and they must agree:

    steady_state   the long-run fractions, p = mean / (sum of means), whatever the distribution
    mean_field     the fractions over time if durations were exponential (the paper's ordinary differential equations)
    renewal_mean   the exact expected fractions over time for lognormal durations, all follicles entering anagen at time 0
    histories      every follicle, event by event; `automaton` counts them

The published means (3.6, 2.4, 2.0 months, a month of 30 days) leave only 60 % of the visible hairs in anagen: they are a set to
check code with, or an alopecic scalp, never a healthy one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anagen.ground.chance import key, uniform
from anagen.ground.errors import BadParameter, UnknownName

Floats: TypeAlias = NDArray[np.float64]
Phases: TypeAlias = NDArray[np.int8]
Start: TypeAlias = Literal["anagen", "stationary"]

PHASES: Final = ("anagen", "telogen", "latency")
MEANS_MONTHS: Final = (3.6, 2.4, 2.0)
START_FRACTIONS: Final = (0.34, 0.33, 0.33)

_FOLLICLES_PER_BLOCK = 4096
_GRID_POINTS_MOST = 2**20
_CYCLES_MOST = 100_000
_NAME = "halloy 2002"


@dataclass(frozen=True)
class PhaseFractions:
    """The share of follicles in each phase over time.

    Attributes:
        time_months: shape (times,), months since the start.
        fraction: shape (times, 3), columns anagen, telogen, latency; each row sums to 1.

    >>> mean_field([0.0, 1.0]).anagen.round(4).tolist()
    [0.34, 0.3953]
    """

    time_months: Floats
    fraction: Floats

    @property
    def anagen(self) -> Floats:
        """The share in anagen, shape (times,)."""
        return self.fraction[:, 0]

    @property
    def telogen(self) -> Floats:
        """The share in telogen, shape (times,)."""
        return self.fraction[:, 1]

    @property
    def latency(self) -> Floats:
        """The share in latency (the follicle is empty), shape (times,)."""
        return self.fraction[:, 2]


def steady_state(means_months: ArrayLike = MEANS_MONTHS) -> Floats:
    """The long-run fractions of anagen, telogen and latency: `p_X = mean_X / (mean_A + mean_T + mean_L)`.

    Args:
        means_months: shape (3,), mean duration of anagen, telogen and latency, in months.

    Returns:
        Shape (3,), summing to 1. It holds for any distribution of durations (renewal theorem).

    Raises:
        BadParameter: a mean is not a positive number, or there are not three of them.

    Source: Halloy et al. 2002, steady state of the deterministic equations.

    >>> steady_state().round(3).tolist()
    [0.45, 0.3, 0.25]
    """
    means = _means(means_months)
    share: Floats = means / means.sum()
    return share


def fraction_sd(n_follicles: int, means_months: ArrayLike = MEANS_MONTHS) -> Floats:
    """How much the fractions of a stationary scalp fluctuate: `sqrt(p (1 - p) / N)` for each phase.

    Args:
        n_follicles: how many independent follicles are counted, at least 1.
        means_months: shape (3,), mean duration of anagen, telogen and latency, in months.

    Returns:
        Shape (3,), the standard deviation of each fraction; exact for independent follicles, whatever their durations.

    Raises:
        BadParameter: the number of follicles is below 1, or a mean is not a positive number.

    Source: the binomial variance of N independent follicles in the steady state of Halloy et al. 2002.

    >>> fraction_sd(100).round(4).tolist()
    [0.0497, 0.0458, 0.0433]
    """
    share = steady_state(means_months)
    sd: Floats = np.sqrt(share * (1 - share) / _whole("n_follicles", n_follicles, least=1))
    return sd


def mean_field(times_months: ArrayLike, start: ArrayLike = START_FRACTIONS, means_months: ArrayLike = MEANS_MONTHS) -> PhaseFractions:
    """The paper's deterministic equations, solved exactly by the matrix exponential.

        dA/dt = L/mean_L - A/mean_A,  dT/dt = A/mean_A - T/mean_T,  dL/dt = T/mean_T - L/mean_L

    Args:
        times_months: shape (times,), months since the start, non-negative and not decreasing.
        start: shape (3,), the fractions at time 0, non-negative, summing to 1.
        means_months: shape (3,), mean duration of anagen, telogen and latency, in months.

    Returns:
        `PhaseFractions` with `fraction` of shape (times, 3).

    Raises:
        BadParameter: times, start or means are outside what is said above.

    Source: Halloy et al. 2002, without the sink of dying follicles (epsilon = 0).

    >>> mean_field([0.9, 1.0, 5.0]).fraction.round(4).tolist()
    [[0.391, 0.3037, 0.3052], [0.3953, 0.302, 0.3027], [0.4511, 0.296, 0.2529]]
    """
    from scipy.linalg import expm

    times, means = _times(times_months), _means(means_months)
    first = _array("start", start, "three fractions")
    if first.shape != (3,) or bool(np.any(first < 0)) or abs(float(first.sum()) - 1) > 1e-9:
        raise BadParameter("start", f"is {first.tolist()}", "three non-negative fractions that sum to 1")
    leave = np.diag(1 / means)
    flow = np.roll(leave, 1, axis=0) - leave  # what leaves a phase enters the next one
    return PhaseFractions(times, np.asarray(expm(times[:, None, None] * flow) @ first, dtype=np.float64))


def renewal_mean(times_months: ArrayLike, cv: float, means_months: ArrayLike = MEANS_MONTHS) -> PhaseFractions:
    """The exact expected fractions for lognormal durations, when every follicle enters anagen at time 0.

    With `f` the density of a whole cycle and `S_A` the survival of anagen, `A = S_A + S_A * (f + f*f + ...)` (* is convolution);
    telogen and latency likewise, after one anagen, and after one anagen and one telogen. The sum over cycles is one division of
    Fourier transforms on a fine, exponentially tilted grid.

    Args:
        times_months: shape (times,), months since the start, non-negative and not decreasing.
        cv: coefficient of variation of every duration, above 0.
        means_months: shape (3,), mean duration of anagen, telogen and latency, in months.

    Returns:
        `PhaseFractions` with `fraction` of shape (times, 3); the grid leaves an error below 2e-4 (a test measures it).

    Raises:
        BadParameter: an argument is outside what is said above, or the CV is so small for so long a time that the grid would
            need more than a million points.

    Source: the renewal equation of a cyclic semi-Markov process (D. R. Cox, Renewal Theory, 1962), for the rules of Halloy et al. 2002.

    >>> renewal_mean([0.0, 60.0], cv=0.5).anagen.round(3).tolist()
    [1.0, 0.45]
    """
    times, means, sigma = _times(times_months), _means(means_months), _sigma(cv)
    if sigma == 0:
        raise BadParameter("cv", "is 0", "a coefficient of variation above 0")
    step = float(means.min()) * min(cv, 1.0) / 80
    last = float(times[-1]) if times.size else 0.0
    n = int(np.ceil(last / step)) + 2
    if n > _GRID_POINTS_MOST:
        raise BadParameter("times_months", f"reach {last:g} months at a CV of {cv:g}", f"at most {_GRID_POINTS_MOST * step:g} months")
    grid: Floats = np.arange(n, dtype=np.float64) * step
    tilt = np.exp(-12.0 * np.arange(n) / n)  # keeps the circular transform from wrapping round: 2n points, e**-24
    survival = [1 - _lognormal_cdf(grid, float(mean), sigma) for mean in means]
    edges = np.append(0.0, grid + step / 2)
    jump = [np.fft.rfft(np.diff(_lognormal_cdf(edges, float(mean), sigma)) * tilt, 2 * n) for mean in means]
    cycles = 1 - jump[0] * jump[1] * jump[2]

    def spent(entries: NDArray[np.complex128], stay: Floats) -> Floats:
        """Entries into a phase convolved with the survival of that phase; the end of the sum counts half."""
        half = stay.copy()
        half[0] /= 2
        out: Floats = np.fft.irfft(entries * np.fft.rfft(half * tilt, 2 * n), 2 * n)[:n] / tilt
        return out

    columns = [
        survival[0] + spent(jump[0] * jump[1] * jump[2] / cycles, survival[0]),
        spent(jump[0] / cycles, survival[1]),
        spent(jump[0] * jump[1] / cycles, survival[2]),
    ]
    return PhaseFractions(times, np.stack([np.clip(np.interp(times, grid, c), 0, 1) for c in columns], axis=1))


def histories(
    n_follicles: int,
    times_months: ArrayLike,
    means_months: ArrayLike = MEANS_MONTHS,
    cv: float = 0.5,
    start: Start = "stationary",
    seed: int = 0,
    first_follicle: int = 0,
) -> Phases:
    """The phase of each follicle at each time: 0 anagen, 1 telogen, 2 latency.

    Every random number is a function of (seed, follicle, occasion), so follicle 7 has the same life whether it is computed
    alone, in a block or among a million. A phase that ends exactly at a time has ended.

    Args:
        n_follicles: how many follicles, at least 1.
        times_months: shape (times,), months since the start, non-negative and not decreasing.
        means_months: shape (3,), mean duration of anagen, telogen and latency, in months.
        cv: coefficient of variation of every duration, 0 or more (0: durations are fixed).
        start: "anagen", every follicle enters anagen at time 0; or "stationary", the phase is drawn with the steady-state
            fractions and the time left in it from a length-biased duration, which is exact: fractions then do not drift.
        seed: a whole number from 0 to 2**62.
        first_follicle: the number of the first follicle computed; blocks that follow one another make up the whole.

    Returns:
        Shape (n_follicles, times), int8.

    Raises:
        BadParameter: an argument is outside what is said above. UnknownName: `start` is neither of the two.

    Source: the rules of Halloy et al. 2002; lognormal durations after Bernard 2012 (Exp Dermatol 21:401-403).

    >>> histories(2, [0.0, 3.7, 6.1, 8.1], cv=0.0, start="anagen").tolist()
    [[0, 1, 2, 0], [0, 1, 2, 0]]
    """
    n = _whole("n_follicles", n_follicles, least=1)
    first, seed = _whole("first_follicle", first_follicle), _whole("seed", seed)
    times, means, sigma = _times(times_months), _means(means_months), _sigma(cv)
    if start not in ("anagen", "stationary"):
        raise UnknownName("start", str(start), ("anagen", "stationary"))
    last = float(times[-1]) if times.size else -1.0
    if last > _CYCLES_MOST * means.sum():
        raise BadParameter("times_months", f"reach {last:g} months", f"at most {_CYCLES_MOST} mean cycles of {means.sum():g} months")

    follicles = np.arange(first, first + n)
    length = _normal(seed, 0, follicles)
    if start == "anagen":
        phase = np.zeros(n, dtype=np.int64)
        ends = _duration(length, means[phase], sigma)
    else:
        shares = np.cumsum(means) / means.sum()
        phase = np.minimum(np.searchsorted(shares, uniform(key(seed, _NAME, "first phase"), follicles), side="right"), 2)
        whole = _duration(length + sigma, means[phase], sigma)  # length-biased: the logarithm is shifted by sigma squared
        ends = uniform(key(seed, _NAME, "time left"), follicles) * whole

    entered = np.zeros((n, times.size + 1), dtype=np.int32)  # how many phases a follicle entered by each time, after the cumulated sum
    rows, visit = np.arange(n), 0
    while bool(np.any(ends <= last)):
        entered[rows, np.searchsorted(times, ends, side="left")] += 1
        visit += 1
        phase = (phase + 1) % 3
        ends = ends + _duration(_normal(seed, visit, follicles), means[phase], sigma)
    first_phase = (phase - visit) % 3
    return ((first_phase[:, None] + np.cumsum(entered[:, :-1], axis=1)) % 3).astype(np.int8)


def automaton(
    n_follicles: int,
    times_months: ArrayLike,
    means_months: ArrayLike = MEANS_MONTHS,
    cv: float = 0.5,
    start: Start = "stationary",
    seed: int = 0,
) -> PhaseFractions:
    """The fractions of follicles in each phase over time, counted over `n_follicles` independent `histories`.

    Args:
        n_follicles: how many follicles, at least 1.
        times_months: shape (times,), months since the start, non-negative and not decreasing.
        means_months: shape (3,), mean duration of anagen, telogen and latency, in months.
        cv: coefficient of variation of every duration, 0 or more.
        start: "anagen" or "stationary", as in `histories`.
        seed: a whole number from 0 to 2**62.

    Returns:
        `PhaseFractions` with `fraction` of shape (times, 3).

    Raises:
        BadParameter: an argument is outside what is said above. UnknownName: `start` is neither of the two.

    Source: Halloy et al. 2002, stochastic version.

    >>> run = automaton(1000, [0.0, 50.0], cv=0.2, start="anagen", seed=1)
    >>> run.fraction.sum(axis=1).tolist(), float(run.anagen[0])
    ([1.0, 1.0], 1.0)
    """
    n, times = _whole("n_follicles", n_follicles, least=1), _times(times_months)
    count = np.zeros((times.size, 3), dtype=np.int64)
    for first in range(0, n, _FOLLICLES_PER_BLOCK):
        phase = histories(min(_FOLLICLES_PER_BLOCK, n - first), times, means_months, cv, start, seed, first)
        for column in range(3):
            count[:, column] += np.count_nonzero(phase == column, axis=0)
    return PhaseFractions(times, count / n)


def _duration(normal: Floats, mean: Floats, sigma: float) -> Floats:
    """A lognormal duration of the given mean, from a standard normal; shape as `normal`."""
    return mean * np.exp(sigma * normal - sigma**2 / 2)


def _lognormal_cdf(time: Floats, mean: float, sigma: float) -> Floats:
    from scipy.special import ndtr

    with np.errstate(divide="ignore"):
        return np.asarray(ndtr((np.log(time / mean) + sigma**2 / 2) / sigma), dtype=np.float64)


def _normal(seed: int, visit: int, follicles: NDArray[np.int64]) -> Floats:
    """One standard normal for each follicle, for the phase it enters at this visit."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniform(key(seed, _NAME, "stay"), follicles, np.array([visit]))), dtype=np.float64)


def _array(where: str, given: ArrayLike | Sequence[float], allowed: str) -> Floats:
    try:
        out = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadParameter(where, f"is {given!r}", allowed) from error
    if not bool(np.all(np.isfinite(out))):
        raise BadParameter(where, "holds a number that is not finite", allowed)
    return out


def _means(means_months: ArrayLike) -> Floats:
    allowed = "three positive mean durations in months: anagen, telogen, latency"
    means = _array("means_months", means_months, allowed)
    if means.shape != (3,) or bool(np.any(means <= 0)):
        raise BadParameter("means_months", f"is {means.tolist()}", allowed)
    return means


def _times(times_months: ArrayLike) -> Floats:
    allowed = "a list of months since the start, non-negative and not decreasing"
    times = _array("times_months", times_months, allowed)
    if times.ndim != 1 or bool(np.any(np.diff(times) < 0)) or bool(np.any(times < 0)):
        raise BadParameter("times_months", "is not such a list", allowed)
    return times


def _sigma(cv: float) -> float:
    """The standard deviation of the logarithm of a lognormal duration with this coefficient of variation."""
    if not (np.isfinite(cv) and cv >= 0):
        raise BadParameter("cv", f"is {cv!r}", "a coefficient of variation of 0 or more")
    return float(np.sqrt(np.log1p(cv**2)))


def _whole(where: str, given: int, least: int = 0) -> int:
    if isinstance(given, bool) or int(given) != given or not least <= given <= 2**62:
        raise BadParameter(where, f"is {given!r}", f"a whole number from {least} to 2**62")
    return int(given)
