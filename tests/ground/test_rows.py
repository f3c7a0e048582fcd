"""One reader for every file of rows; a broken row is named with its line and rule."""

from __future__ import annotations

import pytest

from anagen.ground.errors import BadEvidence
from anagen.ground.rows import parse_rows, priors, read_rows

HEADER = "of,name,value,low,high,spread,unit,mark,source,who,notes\n"
GOOD = "fat,yield,2,1,4,lognormal,cells/g,read,p180,adults,\n"


def test_priors_are_read_by_it() -> None:
    assert priors() == read_rows("priors.csv")
    assert parse_rows(HEADER + GOOD, "x.csv")[0].value == 2.0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.replace("read", "guessed"), "line 2: fat.yield needs a known mark"),
        (GOOD.replace("lognormal", "gamma"), "line 2: fat.yield needs a known mark and spread"),
        (GOOD.replace("cells/g", ""), "line 2: fat.yield needs"),
        (GOOD.replace("p180", ""), "line 2: fat.yield needs"),
        (GOOD.replace(",4,", ",1.5,"), "line 2: fat.yield lies outside its own low to high"),
        (GOOD + GOOD, "line 3: fat.yield stands there twice"),
        (GOOD.replace(",2,", ",two,"), "line 2: needs the columns of a row, with numbers"),
        ("fat,yield,2\n", "line 2: needs the columns of a row"),
        (GOOD.replace(",\n", ",,extra\n"), "line 2: needs the columns of a row"),
    ],
)
def test_a_broken_row_is_named(line: str, said: str) -> None:
    with pytest.raises(BadEvidence, match=said) as caught:
        parse_rows(HEADER + line, "x.csv")
    assert str(caught.value).startswith("x.csv ")


@pytest.mark.parametrize(("spread", "value"), [("normal", -3.0), ("lognormal", 0.2), ("logit", 0.9)])
def test_a_scale_goes_both_ways(spread: str, value: float) -> None:
    row = parse_rows(HEADER + GOOD.replace("lognormal", spread).replace("2,1,4", "0.5,0.1,0.9"), "x.csv")[0]
    assert row.back(row.onto(value)) == pytest.approx(value)
    assert row.onto(0.5) == row.line()[0]
