"""Grounds as BibTeX: studies, the sources of assumptions, and the methods of `data/methods.bib`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from anagen.evidence.cite import bibtex as of_studies
from anagen.evidence.cite import entry, plain
from anagen.evidence.rows import Parameter, Study
from anagen.evidence.tables import outcomes, parameters, row

if TYPE_CHECKING:
    from anagen.grounds import Grounds

_ROW = re.compile(r"\b([op]\d{3})(?:-([op]\d{3}))?\b")


def named(text: str) -> tuple[str, ...]:
    """The evidence rows that a text names, spans of them filled in.

    >>> named("men of up to five (o002-o004, o055)")
    ('o002', 'o003', 'o004', 'o055')
    """
    found = []
    for first, last in _ROW.findall(text):
        found += [f"{first[0]}{number:03}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)]
    return tuple(dict.fromkeys(found))


def _texts(grounds: Grounds) -> Iterable[str]:
    """All words of some grounds that may name evidence rows: sources of rows and of structure, and what it stands on in a sentence."""
    for part in grounds.all_parts:
        yield part.basis
        yield from (one.source for one in part.rows)
        yield from (one.source for one in part.structure)
    yield from (one.source for one in grounds.structure)


def studies_of(grounds: Grounds) -> tuple[Study, ...]:
    """Every study behind some grounds, by id."""
    read = {one.row_id: one.study_id for one in outcomes()}
    found = {one.study.study_id for part in grounds.all_parts for one in (*part.entries, *part.kin)}
    found |= {read[name] for text in _texts(grounds) for name in named(text) if name in read}
    return tuple(row("studies", name) for name in sorted(found))


def parameters_of(grounds: Grounds) -> tuple[Parameter, ...]:
    """Every parameter row that some grounds name, by id."""
    wanted = {name for text in _texts(grounds) for name in named(text)}
    return tuple(one for one in parameters() if one.row_id in wanted)


@cache
def methods() -> dict[str, str]:
    """The entries of `data/methods.bib` by their key.

    >>> methods()["gottlieb_2001"].splitlines()[0]
    '@article{gottlieb_2001,'
    """
    text = (files("anagen") / "data" / "methods.bib").read_text(encoding="utf-8")
    return {key: f"{body.rstrip()}\n" for body, key in re.findall(r"(^@\w+\{(\w+),.*?^\})", text, re.DOTALL | re.MULTILINE)}


def bibtex(grounds: Iterable[Grounds]) -> str:
    """Studies, then the sources of assumptions, then methods; each once, by its key, whatever the number of grounds."""
    every = list(grounds)
    found = {study.study_id: study for one in every for study in one.studies}
    sources: dict[tuple[str, str], list[Parameter]] = {}
    for parameter in sorted({p.row_id: p for one in every for p in one.parameters}.values(), key=lambda p: p.row_id):
        sources.setdefault((parameter.source_citation, parameter.doi or ""), []).append(parameter)
    keys = sorted({key for one in every for key in one.methods})
    return "\n".join(
        [*filter(None, [of_studies(found.values())]), *(_source(group) for group in sources.values()), *(methods()[key] for key in keys)]
    )


def _source(group: list[Parameter]) -> str:
    """The source of some parameter rows, under the id of the first."""
    first = group[0]
    rows = ", ".join(one.row_id for one in group)
    return entry(
        first.row_id,
        {
            "key": plain(first.row_id),
            "title": f"{{{plain(first.source_citation)}}}",
            "doi": first.doi,
            "url": first.source_url,
            "note": plain(f"row{'s' if len(group) > 1 else ''} {rows} of the parameters"),
        },
    )


__all__ = ["bibtex", "methods", "named", "parameters_of", "studies_of"]
