"""The verbs of `anagen evidence`: the published numbers themselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from anagen.cli.apps import evidence
from anagen.cli.common import base, say
from anagen.ground.errors import BadInput

if TYPE_CHECKING:
    from anagen.evidence import Evidence

Kind = Literal["studies", "arms", "outcomes", "adverse_events", "costs", "parameters", "vetting_rules"]
Folder = Annotated[Path | None, Parameter(name="--extra", negative="")]
Json = Annotated[bool, Parameter(negative="")]


@evidence.command
def check(directory: Annotated[Path | None, Parameter(name="DIR", negative="")] = None, /, *, json: Json = False) -> int:
    """Every rule that tables break: file, line, column, rule. Exit code 0 when there is none, 2 when there is one.

    Parameters
    ----------
    directory
        A folder of your own studies (any of the tables, in the form of the shipped ones), or a whole evidence folder with its
        datapackage.json. If not given: the tables that anagen ships.
    json
        Print the broken rules as JSON and nothing else.
    """
    from dataclasses import asdict

    from anagen.evidence import check as find

    problems = find(directory)
    if json:
        say([asdict(problem) for problem in problems])
    else:
        print("\n".join([*map(str, problems), f"{len(problems) or 'No'} broken rule{'' if len(problems) == 1 else 's'}."]))
    return 2 if problems else 0


@evidence.command(name="list")
def list_(
    *,
    kind: Kind = "studies",
    condition: str | None = None,
    treatment: str | None = None,
    extra: Folder = None,
    json: Json = False,
) -> None:
    """What there is: a line a study, or the rows of a table.

    Parameters
    ----------
    kind
        What a line is.
    condition
        Only studies of this: aga_male, aga_female, aga_mixed, aga, aa, aa_and_aga, alopecia_mixed, other.
    treatment
        Only studies with an arm of this, each whole: a treatment, as finasteride; a class, as light; or a word of the tables, as lllt.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        Print the rows as JSON and nothing else.
    """
    from anagen.evidence.export import records
    from anagen.evidence.overview import overview

    found = _chosen(kind, condition, treatment, extra)
    rows = overview(found) if kind == "studies" else found.table(kind)
    if json:
        return say(records(rows))
    from rich.console import Console

    from anagen.cli.evidence_text import show_rows

    show_rows(kind, rows, Console())


@evidence.command
def show(study: Annotated[str, Parameter(name="STUDY", negative="")], /, *, extra: Folder = None, json: Json = False) -> None:
    """All that stands of one study: who, how, risk of bias, and each result and harm with its words and its source. Or one row.

    Parameters
    ----------
    study
        The name of a study, as kaufman_1998; `anagen evidence list` has them. Or the id of a row, as p001.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        Print it as JSON and nothing else.
    """
    from rich.console import Console

    from anagen.cli.evidence_text import show_row, show_study
    from anagen.evidence import Evidence
    from anagen.evidence.export import nested, records

    found = base(extra).look_up(study)
    if isinstance(found, Evidence):
        say(nested(found)[0]) if json else show_study(found, Console())
    else:
        say(records([found])[0]) if json else show_row(found, Console())


@evidence.command
def export(
    *,
    table: Kind | None = None,
    form: Annotated[Literal["csv", "json", "parquet", "bibtex"] | None, Parameter(name="--format")] = None,
    out: Annotated[Path | None, Parameter(negative="")] = None,
    condition: str | None = None,
    treatment: str | None = None,
    extra: Folder = None,
    json: Json = False,
) -> None:
    """A table for another program: CSV, JSON or Parquet; or the studies as BibTeX.

    Parameters
    ----------
    table
        Which table. If not given: outcomes, and for BibTeX the studies.
    form
        csv, if not given. Parquet needs a file, and the extra parquet.
    out
        The file to write. If not given: standard output.
    condition
        Only studies of this, as in list.
    treatment
        Only studies with an arm of this, each whole, as in list.
    extra
        A folder of your own studies, to stand beside the shipped ones.
    json
        The same as --format json.
    """
    from anagen.evidence.export import export as write
    from anagen.ground.files import writable, write_whole

    if json and form not in (None, "json"):
        raise BadInput(f"--json and --format {form} cannot both be given.")
    form = "json" if json else form or "csv"
    if form == "bibtex" and table not in (None, "studies"):
        raise BadInput(f"BibTeX is of the studies, not of {table}; leave --table out.")
    if form == "parquet" and out is None:
        raise BadInput("Parquet is no text: say with --out which file to write.")
    if out is not None:
        writable(out)
    table = table or ("studies" if form == "bibtex" else "outcomes")
    content = write(_chosen(table, condition, treatment, extra), table, form)
    if out is not None:
        write_whole(out, content)
    elif isinstance(content, str):
        sys.stdout.write(content)


def _chosen(kind: Kind, condition: str | None, treatment: str | None, extra: Path | None) -> Evidence:
    """The evidence that is asked for; words that cannot narrow a table are refused."""
    from anagen.treatments.vocabulary import interventions

    if kind in ("parameters", "vetting_rules") and not condition is treatment is None:
        raise BadInput(f"the rows of {kind} belong to no study; leave --condition and --treatment out.")
    if kind == "costs" and condition is not None:
        raise BadInput("a price is of a treatment and not of a condition; leave --condition out.")
    return base(extra).narrowed(condition, None if treatment is None else interventions(treatment))
