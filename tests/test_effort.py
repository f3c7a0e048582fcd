"""What each option asks of a person: every option has its row, and every row its source."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from anagen.effort import efforts, parsed
from anagen.evidence.tables import row
from anagen.ground.errors import BadEvidence
from anagen.treatments import TREATMENTS

TEXT = (files("anagen") / "data" / "effort.csv").read_text(encoding="utf-8").splitlines()


def test_every_option_has_its_row() -> None:
    assert set(efforts()) == set(TREATMENTS)


def test_what_was_read_names_a_row_or_a_page_that_ships() -> None:
    for one in efforts().values():
        if one.mark != "read":
            assert one.source in ("no source read", "plain fact of the procedure")
            continue
        if found := re.match(r"clinic/(\w+\.md) section (\d)", one.source):
            page = (files("anagen") / "data" / "evidence" / "clinic" / found[1]).read_text(encoding="utf-8")
            assert f"## {found[2]}." in page
        elif one.source.startswith("arms: "):
            assert row("arms", one.source.removeprefix("arms: "))
        else:
            assert row("outcomes", one.source)


def test_a_pill_is_no_needle_and_cells_cannot_be_taken_out() -> None:
    assert efforts()["finasteride"].needles == efforts()["finasteride"].taken == "none"
    for name, kind in TREATMENTS.items():
        if kind.evidence_class == "cell":
            assert "cannot be taken out" in efforts()[name].undo
            assert efforts()[name].taken != "none"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [*lines, lines[1]], "line 25: 'nothing' is no option, or stands twice"),
        (lambda lines: [line.replace("wait,", "weight,") for line in lines], "line 3: 'weight' is no option"),
        (lambda lines: [line.replace(",given,", ",guessed,") for line in lines], "mark is 'guessed'"),
        (lambda lines: lines[:-1], "exosomes is missing"),
        (lambda lines: [*lines[:1], lines[1].replace(",none,", ",,", 1), *lines[2:]], "line 2: every row has"),
    ],
)
def test_a_broken_table_is_refused(change, says) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadEvidence, match=says):
        parsed(change(TEXT))
