"""Every number of the steps names the rows that it hangs on: those that move it, and no other."""

from __future__ import annotations

import numpy as np
import pytest
from therapy.test_protocol import GOOD

from anagen.therapy.protocol import as_protocol
from anagen.therapy.steps import Quantity, quantities, take_steps
from anagen.therapy.unknowns import Unknowns

DRAWN = Unknowns.drawn(100)


def found(**changed: object) -> dict[str, Quantity]:
    protocol = as_protocol(GOOD | changed, "mine.toml")
    return {one.name: one for one in quantities(protocol, DRAWN, take_steps(protocol, DRAWN))}


def names(one: Quantity) -> set[str]:
    return {f"{row.of}.{row.name}" for row in one.rows}


def test_what_the_protocol_gives_hangs_on_nothing_and_all_else_on_a_row() -> None:
    made = found()
    assert {name for name, one in made.items() if not one.rows} == {"lipoaspirate_ml"}
    assert all(row.mark in ("read", "assumed") and row.source for one in made.values() for row in one.rows)


def test_live_cells_hang_on_yield_donor_site_weight_and_viability() -> None:
    assert names(found()["live_cells"]) == {
        "lipoaspirate.density_g_per_ml",
        "lipoaspirate.donor_factor",
        "lipoaspirate.site_factor_abdomen",
        "enzymatic_svf.yield_per_g",
        "enzymatic_svf.viable_share",
        "release.sample_share",
    }


def test_a_dose_that_is_nearly_always_met_still_names_what_it_hangs_on() -> None:
    made = found(injection={"dose_per_cm2": 6e5})
    assert np.median(made["dose"].draws) == 6e5
    assert names(made["dose"]) == names(made["live_cells"])


def test_a_row_moved_by_hand_moves_exactly_what_names_it() -> None:
    protocol = as_protocol(GOOD, "mine.toml")
    before = {q.name: q for q in quantities(protocol, DRAWN, take_steps(protocol, DRAWN))}
    for of, name in (("enzymatic_svf", "viable_share"), ("inject", "lost_share"), ("retention", "half_days")):
        other = DRAWN.but({(of, name): DRAWN.of(of)[name] * 0.9})
        after = {q.name: q.draws for q in quantities(protocol, other, take_steps(protocol, other))}
        moved = {key for key, q in before.items() if not np.allclose(q.draws, after[key], rtol=1e-9)}
        assert moved == {key for key, q in before.items() if f"{of}.{name}" in names(q)}, name


@pytest.mark.parametrize("name", ["hours", "live_cells", "minutes", "delivered_per_cm2", "reached_share", "dose"])
def test_each_number_has_a_unit(name: str) -> None:
    assert found()[name].unit
