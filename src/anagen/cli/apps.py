"""The command `anagen` and its groups of verbs, without the verbs: each file of this room hangs its own on one of them."""

from __future__ import annotations

from cyclopts import App

from anagen import __version__
from anagen.cli.common import NOT_A_DEVICE

EXAMPLES = f"""\
Examples:

  anagen compare me.toml                  every option that fits, and me-report.html

  anagen compare me.toml --plan "minoxidil 5%" --plan "finasteride; prp from week 12"

  anagen compare me.toml --json           the numbers as data, for a program

  anagen forecast me.toml --plan "finasteride 1 mg daily"

  anagen forecast me.toml --plan "svf" --against "minoxidil 5%" --page svf.html

  anagen forecast me.toml --plan "svf" --cite    its trials and sources, as BibTeX

  anagen evidence show kaufman_1998       what a published trial found, and where

A person is a short text file; start from one of examples/. A plan is a sentence.

{NOT_A_DEVICE}
"""

app = App(
    name="anagen",
    help="What each treatment of hair loss would do for one person, over years, with its range, beside doing nothing.",
    help_epilogue=EXAMPLES,
    help_format="plaintext",
    version=f"anagen {__version__}",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)

EVIDENCE_EXAMPLES = """\
Examples:

  anagen evidence list --treatment finasteride --condition aga_male

  anagen evidence list --kind costs --treatment svf

  anagen evidence show kaufman_1998       one study, every number with its words

  anagen evidence check my_studies        which rules a folder of your own breaks

  anagen evidence list --extra my_studies

  anagen evidence export --table outcomes --out outcomes.csv

  anagen evidence export --format bibtex --treatment prp
"""

evidence = App(
    name="evidence",
    help="The published numbers that forecasts stand on, each with its source.",
    help_epilogue=EVIDENCE_EXAMPLES,
)
app.command(evidence)

CLINIC_EXAMPLES = """\
Examples:

  anagen clinic check offer.toml          an offer, judged: what is wrong, what is missing, what to ask

  anagen clinic compare one.toml two.toml

  anagen clinic npi 1234567893            is a US provider number well formed? Nothing leaves this machine

  anagen clinic npi 1234567893 --live --name "Dr. Ann Lee" --state FL

  anagen clinic registry import NPPES.zip --to registry.duckdb
"""

clinic = App(
    name="clinic",
    help="What a clinic offers and who its people are: what is missing, what is wrong, what to ask next. Never a score.",
    help_epilogue=CLINIC_EXAMPLES,
)
app.command(clinic)
