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

evidence = App(name="evidence", help="The published numbers that forecasts stand on, each with its source.")
app.command(evidence)
