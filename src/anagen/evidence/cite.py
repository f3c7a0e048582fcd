"""Studies as BibTeX: what the page that was read prints of a study, and where the study and that page are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.evidence.rows import Study

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_YEAR = re.compile(r"(?<![\d.:/-])(?:19|20)\d\d(?![\d.:/])")
READ = {
    "abstract": "read as an abstract",
    "registry": "read in a trial registry",
    "review_table": "read in a review",
    "press": "read in a press text",
    "secondary": "read in a secondary source",
}


def bibtex(studies: Iterable[Study]) -> str:
    """One entry a study, by `study_id`, which is its key; a study given twice stands once.

    The tables keep a citation as the page read prints it and no title, so an entry is `@misc` with the whole citation as its title; a `doi`
    or `pmid` leads a reference manager to the rest. `note` says what was read, `url` where.

    >>> from anagen.evidence import Evidence
    >>> print(bibtex([Evidence.shipped().study("olsen_2006")]))
    @misc{olsen_2006,
      key = {olsen\\_2006},
      title = {{Olsen EA, J Am Acad Dermatol, 2006, 55(6):1014-23}},
      year = {2006},
      doi = {10.1016/j.jaad.2006.05.007},
      pmid = {17110217},
      url = {https://pubmed.ncbi.nlm.nih.gov/17110217/},
      note = {read as an abstract}
    }
    <BLANKLINE>
    """
    by_id = {study.study_id: study for study in studies}
    return "\n".join(_entry(by_id[name]) for name in sorted(by_id))


def _entry(study: Study) -> str:
    years = set(_YEAR.findall(study.citation)) if study.read != "registry" else set()  # a registry prints other years than that of a paper
    registered = f"; registered as {study.registration}" if study.registration else ""
    fields = {
        "key": plain(study.study_id),
        "title": f"{{{plain(study.citation)}}}",
        "year": years.pop() if len(years) == 1 else None,
        "doi": study.doi,  # doi and url are read as they stand
        "pmid": study.pmid,
        "pmcid": study.pmcid,
        "url": study.source_url,
        "note": plain(READ[study.read] + registered),
    }
    return entry(study.study_id, fields)


def entry(name: str, fields: Mapping[str, str | None]) -> str:
    """One `@misc` entry of the fields that are there; a `url` may hold braces."""
    lines = [f"  {key} = {{{_braced(text) if key == 'url' else text}}}" for key, text in fields.items() if text]
    return f"@misc{{{name},\n" + ",\n".join(lines) + "\n}\n"


def _braced(url: str) -> str:
    return url.replace("{", "%7B").replace("}", "%7D")


def plain(text: str) -> str:
    """Text whose every character LaTeX prints as it stands.

    >>> plain("50 % of {A}")
    '50 \\\\% of \\\\{A\\\\}'
    """
    return "".join(_SPECIAL.get(mark, mark) for mark in text)
