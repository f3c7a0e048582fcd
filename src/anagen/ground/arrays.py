"""Formulas that more than one array library reads: NumPy for forecasts, JAX for the calibration.

A formula asks `library(*values)` for its functions. Arrays of another library than NumPy may be placeholders without values
(JAX traces a formula before any number is known), so what checks numbers lets them pass: `foreign` says which they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def foreign(value: Any) -> bool:
    """Whether a value is an array of another library than NumPy.

    >>> foreign(np.ones(3)), foreign(2.0)
    (False, False)
    """
    return not isinstance(value, np.ndarray | np.generic | float | int) and hasattr(value, "__array_namespace__")


def library(*values: Any) -> Any:
    """The library whose functions these values need: that of the first foreign array among them, else NumPy.

    >>> library(1.0, np.ones(2)).__name__
    'numpy'
    """
    return next((value.__array_namespace__() for value in values if foreign(value)), np)
