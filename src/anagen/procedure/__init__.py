"""The therapy carried out: a protocol in its four steps, and what it would do for one person against nothing and the other options.

The room `anagen.therapy` holds the four steps themselves; a function of that name would hide them, so the question has its own.
"""

from anagen.procedure.carry_out import carry_out, carry_out_all
from anagen.procedure.done import FRAMES, OWN, Frame, Procedure
from anagen.procedure.lines import Line, prices, side_by_side

__all__ = ["FRAMES", "OWN", "Frame", "Line", "Procedure", "carry_out", "carry_out_all", "prices", "side_by_side"]
