"""Keyed chance: a random number is a function of what it is for, not of when it is asked.

`bits(key, follicle, visit)` gives the same 64 bits whatever the order, chunk, thread or machine, so two worlds that differ
by a treatment differ by nothing else. The numbers are the splitmix64 stream (Steele, Lea, Flood 2014, OOPSLA, doi
10.1145/2660193.2660195) of each follicle, each stream started at a mixed key; `sample` and its compiled twin share them.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]

GOLDEN = 0x9E3779B97F4A7C15
MIX1 = 0xBF58476D1CE4E5B9
MIX2 = 0x94D049BB133111EB
TO_UNIT = 2.0**-32
_MASK = 0xFFFFFFFFFFFFFFFF


def key(*names: int | str) -> int:
    """One 64-bit key from whatever names the draw: seed, person, purpose.

    >>> key(1, "me") == key(1, "me"), key(1, "me") == key(1, "you")
    (True, False)
    """
    text = "\x1f".join(f"{type(name).__name__}:{name}" for name in names)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def mix(words: Bits) -> Bits:
    """The splitmix64 finaliser, elementwise. words: uint64, any shape; gives the same shape."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(MIX1)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(MIX2)
    return words ^ (words >> np.uint64(31))


def streams(key: int, members: npt.ArrayLike) -> Bits:
    """The start of each member's stream. members: non-negative integers, any shape (follicle numbers, draws, people)."""
    index = np.asarray(members, dtype=np.uint64)
    with np.errstate(over="ignore"):  # arithmetic modulo 2**64 is meant
        return mix(np.uint64(key & _MASK) + np.uint64(GOLDEN) * (index + np.uint64(1)))


def bits(stream: Bits, visit: npt.ArrayLike) -> Bits:
    """64 random bits for one visit of each stream; stream and visit broadcast."""
    index = np.asarray(visit, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return mix(stream + np.uint64(GOLDEN) * (index + np.uint64(1)))


def uniform(key: int, members: npt.ArrayLike, visit: npt.ArrayLike = 0) -> npt.NDArray[np.float64]:
    """Uniform numbers in the open interval (0, 1), 53 bits, one for each member (and visit, broadcast).

    >>> float(uniform(key(7, "demo"), 0).round(6)) == float(uniform(key(7, "demo"), [0, 1])[0].round(6))
    True
    """
    words = bits(streams(key, members), visit)
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def halves(words: Bits) -> tuple[Any, Any]:
    """Two independent uniform numbers from the upper and the lower 32 bits, each in the open interval (0, 1)."""
    upper = ((words >> np.uint64(32)).astype(np.float64) + 0.5) * TO_UNIT
    lower = ((words & np.uint64(0xFFFFFFFF)).astype(np.float64) + 0.5) * TO_UNIT
    return upper, lower
