"""The command line: `anagen compare`, `anagen evidence list`, ... Each verb is one call into a question; here its answer is only shown.

Exit codes: 0 done; 1 something on our side; 2 something given to us is wrong (one sentence says what); 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

try:
    from anagen.cli import calibrate, clinic, clinic_npi, clinic_reviews, costs, evidence, person, risks, suitability, synthesis, therapy  # noqa: F401  each hangs its verbs on `app`: a new file of verbs is named here
    from anagen.cli.apps import app
    from anagen.cli.common import run
except KeyboardInterrupt:  # before `run` is there to catch it
    print("anagen: stopped; nothing was left half-written.", file=sys.stderr)
    sys.exit(130)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code: 0, 1, 2 or 130. Nothing half-written stays behind.

    >>> main(["--version"])
    anagen 0...
    0
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: more threads of BLAS only wait for each other
    return run(app, list(sys.argv[1:] if argv is None else argv))


__all__ = ["app", "main"]
