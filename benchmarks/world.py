"""The one world that every benchmark follows: a miniaturised scalp under ten years of a treatment that changes by the week."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle, State, healthy
from anagen.scalp.tempo import Tempo

WEEKS = 520


def cycle() -> Cycle:
    """A scalp that miniaturises."""
    return healthy(shrink=0.4)


def start() -> State:
    """Where it stands after nine untreated years."""
    return expect(cycle(), weeks=52 * 9, dtype=np.float64).end


def treatment() -> Tempo:
    """Slower shrinking, some regrowth, shorter rest; the strength rises over months and the seasons show."""
    week = np.arange(WEEKS)
    return Tempo(
        leave_anagen=0.8 + 0.2 * np.sin(week / 8) ** 2,
        leave_telogen=1.3,
        leave_kenogen=1 + 0.5 * np.minimum(week / 26, 1),
        shrink=0.6,
        grow=0.15 * np.minimum(week / 52, 1),
    )


def memory_mb(what: str = "VmHWM") -> float:
    """Memory of this process in MB: VmHWM its peak, VmRSS now (Linux)."""
    line = next(line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


def forget_peak() -> None:
    """Start the peak again from what is in use now (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


class DailyChances:
    """The law cut into days, as the peers that step from day to day need it: a stage is left with a chance each day.

    `leave` (4, stages, SLOTS): the untreated chance of a day; `speed` (4, weeks) multiplies it; `empty`, `down`, `up` (weeks,
    SLOTS): chances at the end of telogen and at a new anagen; `first` (4, stages): where a phase begins. A stay in days is a
    little longer than in continuous time, by less than half a day a stage.
    """

    def __init__(self) -> None:
        law, tempo, stages = cycle(), treatment(), cycle().stages()
        rows = {name: np.broadcast_to(value, (WEEKS,)) for name, value in tempo.rows().items()}
        self.stages = np.array([stage.count for stage in stages])
        self.leave, self.first = np.zeros((4, self.stages.max(), 8)), np.zeros((4, self.stages.max()))
        for phase, (stage, mean) in enumerate(zip(stages, law.means_weeks(), strict=True)):
            self.leave[phase, : stage.count] = stage.rate_of_mean / mean / 7
            for index, share in stage.entry():
                self.first[phase, index] = share
        self.speed = np.stack([rows[name] for name in ("leave_anagen", "leave_catagen", "leave_telogen", "leave_kenogen")])
        self.empty = np.minimum(law.kenogen_chances() * rows["kenogen"][:, None], 1)
        self.down = np.minimum(law.shrink * rows["shrink"], 1)[:, None] * law.room()
        self.up = (1 - self.down) * rows["grow"][:, None]
        self.up[:, 0] = 0

    def draw_start(self, follicles: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Slot, phase and stage of each follicle at the start."""
        states = [(slot, phase, stage) for phase, part in enumerate(start()) for stage in range(len(part)) for slot in range(8)]
        shares = np.concatenate([part.reshape(-1) for part in start()])
        slot, phase, stage = np.array(states)[rng.choice(len(states), follicles, p=shares / shares.sum())].T
        return slot, phase, stage
