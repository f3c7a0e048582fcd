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

from collections.abc import Iterable

from anagen.ground.text import near_ones, short

MOST_NAMES, NEAR_NAMES = 12, 4
"""Up to so many names are all told; of more only the nearest few."""


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
    """A name that we do not have; `nearest` is the closest one we do, or None. `all_by`: the command that lists all, where they are many.
    `where`: the file and field it stands in.

    >>> str(UnknownName("treatment", "finastride", ["finasteride", "minoxidil"]))
    "there is no treatment 'finastride'; did you mean 'finasteride'? (finasteride, minoxidil)"
    >>> str(UnknownName("study", "nobody_1999", [f"trial_{year}" for year in range(1990, 2020)], "`anagen evidence list`"))
    "there is no study 'nobody_1999', nor a name like it among the 30 known (`anagen evidence list` lists all)"
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], all_by: str = "", where: str = "") -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        near = near_ones(name, self.known, NEAR_NAMES)
        self.nearest = near[0] if near else None
        few = len(self.known) <= MOST_NAMES or not (near or all_by)
        told = ", ".join(self.known if few else near[1:])
        told = "; ".join(filter(None, (told if few else told and f"or {told}", all_by and f"{all_by} lists all")))
        if self.nearest:
            hint = f"; did you mean {self.nearest!r}?"
        else:
            hint = "; the names are:" if few else f", nor a name like it among the {len(self.known)} known"
        super().__init__((where and f"{where}: ") + f"there is no {kind} {short(name)}{hint}" + (f" ({told})" if told else ""))


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
