"""The verbs of `anagen evidence`: the published numbers themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anagen.cli.apps import evidence
from anagen.cli.common import say


@evidence.command
def check(
    directory: Annotated[Path | None, Parameter(name="DIR", negative="")] = None,
    /,
    *,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Every rule that the tables break: file, line, column, rule. Exit code 0 when there is none, 2 when there is one.

    Parameters
    ----------
    directory
        A folder of evidence tables. If not given: the tables that anagen ships.
    json
        Print the problems as JSON and nothing else.
    """
    from dataclasses import asdict

    from anagen.evidence import check as find

    problems = find(directory)
    if json:
        say([asdict(problem) for problem in problems])
    else:
        print("\n".join(map(str, problems)) if problems else "Every rule is kept.")
    return 2 if problems else 0
