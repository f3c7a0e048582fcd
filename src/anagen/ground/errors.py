"""Every error that `anagen` raises on purpose.

::

    AnagenError
    ├── BadInput               something given to us is wrong (also a ValueError; exit code 2)
    │   ├── BadParameter       a number of the law, of a tempo or of a call
    │   ├── BadFile            a file a person wrote: which file, which line or field
    │   ├── UnknownName        a name we do not have; carries the nearest one we do
    │   └── Refused            a question that must not be answered with a number: why, and whom to ask
    ├── BadEvidence            a shipped evidence table breaks one of its own rules (a table of yours: `BadFile`)
    ├── Unreachable            a question over the network that got no answer we can use: whom, why, what to do
    └── MissingExtra           the call needs an optional install, named with the command that brings it

A `BadInput` reads as one sentence: what is wrong, where, what is allowed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST_NAMES = 6
"""So many names a message lists."""


class AnagenError(Exception):
    """The root: `except AnagenError` catches everything that `anagen` raises on purpose."""


class BadInput(AnagenError, ValueError):
    """Something given to us is wrong. The message is one sentence a person can act on."""


class BadParameter(BadInput):
    """A parameter lies outside what the law allows.

    >>> str(BadParameter("anagen_mean_weeks", "is -3", "a positive number of weeks"))
    'anagen_mean_weeks is -3; allowed: a positive number of weeks.'
    """

    def __init__(self, where: str, what: str, allowed: str) -> None:
        self.where, self.what, self.allowed = where, what, allowed
        super().__init__(f"{where} {what}; allowed: {allowed}.")


class BadFile(BadInput):
    """A file cannot be used: which file, where in it, what is allowed.

    >>> str(BadFile("me.toml", "age_years is 7", "18 to 100"))
    'me.toml: age_years is 7; allowed: 18 to 100.'
    """

    def __init__(self, path: str, what: str, allowed: str = "") -> None:
        self.path, self.what, self.allowed = path, what, allowed
        super().__init__(f"{path}: {what}" + (f"; allowed: {allowed}." if allowed else "."))


class UnknownName(BadInput):
    """A name that we do not have; `nearest` is the closest one we do, or None. Of many names, the message has the nearest few.

    >>> str(UnknownName("treatment", "finastride", ["finasteride", "minoxidil"]))
    "there is no treatment 'finastride'; did you mean 'finasteride'? (finasteride, minoxidil)"
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        close = difflib.get_close_matches(name.lower(), self.known, n=1, cutoff=0.5)
        self.nearest = close[0] if close else None
        few = len(self.known) <= MOST_NAMES
        shown = self.known if few else difflib.get_close_matches(name.lower(), self.known, n=MOST_NAMES, cutoff=0)
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else "; the names are:" if few else "; the nearest names are:"
        super().__init__(f"there is no {kind} {name!r}{hint} ({', '.join(shown)})")


class BadEvidence(AnagenError):
    """An evidence table breaks one of its rules: file, line, column and rule."""


class Unreachable(AnagenError):
    """A question over the network, asked only on request, that got no answer we can use.

    >>> str(Unreachable("example.org", "there is no connection to it", "Try again later"))
    'example.org could not be asked: there is no connection to it. Try again later.'
    """

    def __init__(self, host: str, why: str, now: str) -> None:
        super().__init__(f"{host} could not be asked: {why}. {now}.")


class MissingExtra(AnagenError, ImportError):
    """An optional install is missing.

    >>> str(MissingExtra("numba", "fast"))
    "this needs numba, which the extra 'fast' brings: pip install 'anagen[fast]'"
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs {package}, which the extra {extra!r} brings: pip install 'anagen[{extra}]'")


class Refused(BadInput):
    """The question must not be answered with a number: the sentence says why, and whom to ask instead."""
