"""What drives a protocol, for the verb: `anagen therapy PROTOCOL.toml --drivers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anagen.cli.common import progress

if TYPE_CHECKING:
    from anagen.procedure import Procedure
    from anagen.therapy.sensitivity import Drivers


def driven(done: Procedure, seed: int = 0) -> Drivers:
    """The drivers of a protocol that was carried out, hairs gained included, with a bar on a terminal's stderr: some ten seconds."""
    from anagen.procedure.drivers import drivers_of_procedure

    with progress("Moving each unknown") as told:
        return drivers_of_procedure(done, seed=seed, told=told)
