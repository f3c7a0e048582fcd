"""What every verb shares: the line on stderr, the sign of life, the way it ends, and who may read its output."""

from __future__ import annotations

import inspect
import io
import os
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from anagen.ground.errors import AnagenError, BadInput, BadParameter, MissingExtra
from anagen.ground.text import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cyclopts import App, CycloptsError

    from anagen.evidence import Evidence

NOT_A_DEVICE = "This is for understanding. It is not a medical device and does not replace a doctor."


def complain(sentence: str, code: int) -> int:
    """Say on stderr, in one line, what is wrong; the exit code comes back."""
    print(f"anagen: {sentence}", file=sys.stderr)
    return code


def busy(what: str) -> Any:
    """A sign of life on a terminal's stderr while a block runs; nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    return console.status(what) if console.is_terminal else nullcontext()


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal's stderr, that is told the share that is done; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def say(data: Any) -> None:
    """Print data as JSON on stdout, and nothing else."""
    import json

    sys.stdout.write(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def base(extra: Path | None) -> Evidence:
    """The shipped evidence, with a folder of a user's own studies where one is given."""
    from anagen.evidence import Evidence

    shipped = Evidence.shipped()
    return shipped if extra is None else shipped.with_extra(extra)


def whole_number(option: str, value: int | None, low: int, high: int) -> None:
    """Raises `BadParameter` for a whole number outside its bounds; one that was not given is within them."""
    if value is not None and not low <= value <= high:
        raise BadParameter(option, f"is {value}", f"a whole number from {low} to {high}")


def _usage(error: CycloptsError) -> str:
    """What is wrong with a command line, in one plain sentence."""
    from cyclopts import CoercionError, UnusedCliTokensError

    verb = " ".join(error.command_chain or ())
    if isinstance(error, UnusedCliTokensError) and error.target is not None and error.unused_tokens:
        takes = [one for one in inspect.signature(error.target).parameters.values() if one.kind is one.POSITIONAL_ONLY]
        noun = "file" if takes and all("Path" in str(one.annotation) for one in takes) else "argument"
        left = error.unused_tokens
        count = f"{('no', 'one', 'two', 'three')[len(takes)]} {noun}{'' if len(takes) == 1 else 's'}"
        return f"{verb} takes {count}; {', '.join(map(short, left))} is {('one', 'two', 'three')[min(len(left), 3) - 1]} too many."
    if isinstance(error, CoercionError) and error.target_type in (int, float) and error.token is not None:
        kind = "a whole number" if error.target_type is int else "a number"
        return f"{error.token.keyword or 'the argument'} is {short(error.token.value)}; allowed: {kind}."
    return " ".join(str(error).split())


def run(app: App, argv: list[str]) -> int:
    """Run one command line and give its exit code: a verb's own (None is 0), 1, 2 or 130, each with one sentence on stderr."""
    from cyclopts import CycloptsError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = app(argv, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        return complain(_usage(error), 2)
    except (BadInput, MissingExtra) as error:  # an extra that is missing is for the caller to install
        return complain(str(error), 2)
    except AnagenError as error:
        return complain(str(error), 1)
    except KeyboardInterrupt:
        return complain("stopped; nothing was left half-written.", 130)
    except BrokenPipeError:  # whoever read us has gone (`anagen ... | head`): say no more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code if isinstance(code, int) else 0
