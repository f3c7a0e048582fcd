"""A peer: `peer_walk.c`, compiled here and called through ctypes with the very arrays of the compiled path."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from world import WEEKS, cycle, start, treatment

from anagen.ground import chance
from anagen.scalp.law import SLOTS
from anagen.scalp.sample import MOVES
from anagen.scalp.sample_fast import walk as compiled
from anagen.scalp.stay import Script

FLAGS = ("-O3", "-march=native", "-ffp-contract=off")
Walk = Callable[[], tuple[np.ndarray, np.ndarray]]


def walks(follicles: int) -> tuple[Walk, Walk]:
    """The walk of the library and that in C, ready to call: each gives the start and the moves of every follicle, by day."""
    script, key = Script(cycle(), treatment(), WEEKS, start()), chance.key(0, 0, "follicle")
    days = 7 * WEEKS

    def ours() -> tuple[np.ndarray, np.ndarray]:
        begin, moves = np.zeros((SLOTS, 4), np.int64), np.zeros((days + 2, SLOTS, MOVES), np.int64)
        compiled(script, key, 0, follicles, 7.0, np.empty(0), begin, moves, np.empty((0, follicles), np.uint8))
        return begin, moves

    names = ("calendar", "table", "mean", "clock", "speed", "pace", "guess", "per_cell", "empty", "down", "up", "first_of", "fill")
    arrays = [np.ascontiguousarray(getattr(script, name)) for name in names]
    library = _library()

    def theirs() -> tuple[np.ndarray, np.ndarray]:
        begin, moves = np.zeros((SLOTS, 4), np.int64), np.zeros((days + 2, SLOTS, MOVES), np.int64)
        sizes = (follicles, WEEKS)
        tables = (script.table.shape[1], script.guess.shape[1], script.fill.size)
        library.walk(
            ctypes.c_uint64(key),
            *(ctypes.c_int64(n) for n in sizes),
            ctypes.c_double(7.0),
            *(ctypes.c_int64(n) for n in tables),
            *(ctypes.c_void_p(array.ctypes.data) for array in (*arrays, begin, moves)),
        )
        return begin, moves

    return ours, theirs


def compiler() -> str | None:
    """The C compiler, if there is one."""
    return shutil.which("gcc") or shutil.which("cc")


def _library() -> ctypes.CDLL:
    source = Path(__file__).with_name("peer_walk.c")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "walk.so"
        subprocess.run([str(compiler()), *FLAGS, "-shared", "-fPIC", str(source), "-o", str(built), "-lm"], check=True)
        library = ctypes.CDLL(str(built))
    library.walk.restype = None
    return library
