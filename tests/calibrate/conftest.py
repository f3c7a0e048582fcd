"""What the tests of the statistical model share: programs compiled without polish, and one small trial."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Programs run once or twice are compiled without most optimisations: the same program, sooner there."""
    import jax

    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)
