"""A peer: the same law in Mesa, one agent a follicle, one step a day."""

from __future__ import annotations

import mesa
import numpy as np
from world import DailyChances


class Follicle(mesa.Agent):
    """One follicle: its calibre slot, phase and stage."""

    def __init__(self, model: Scalp, slot: int, phase: int, stage: int) -> None:
        super().__init__(model)
        self.slot, self.phase, self.stage = slot, phase, stage

    def step(self) -> None:
        """One day."""
        model, dice = self.model, self.random.random
        if dice() >= model.leave[self.phase][self.stage][self.slot]:
            return
        self.stage += 1
        if self.stage <= model.last[self.phase]:
            return
        if self.phase == 2:
            self.phase = 3 if dice() < model.empty[self.slot] else 0
        else:
            self.phase = (self.phase + 1) % 4
        if self.phase == 0:
            toss, down = dice(), model.down[self.slot]
            if toss < down:
                self.slot += 1
            elif toss < down + model.up[self.slot]:
                self.slot -= 1
        self.stage, toss = 0, dice()
        while toss >= model.entry[self.phase][self.stage]:
            self.stage += 1


class Scalp(mesa.Model):
    """All follicles, and the chances of the week (as plain lists, which plain Python reads fastest)."""

    def __init__(self, follicles: int, seed: int = 0) -> None:
        super().__init__(seed=seed)
        self.law, self.day = DailyChances(), 0
        self.last, self.entry = (self.law.stages - 1).tolist(), self.law.first.cumsum(axis=1).tolist()
        self.entry = [[*row[:-1], 1.0] for row in self.entry]
        slot, phase, stage = self.law.draw_start(follicles, np.random.default_rng(seed))
        Follicle.create_agents(self, follicles, slot=slot.tolist(), phase=phase.tolist(), stage=stage.tolist())

    def step(self) -> None:
        """One day."""
        if self.day % 7 == 0:
            week = self.day // 7
            self.leave = (self.law.leave * self.law.speed[:, week, None, None]).tolist()
            self.empty, self.down, self.up = (chances[week].tolist() for chances in (self.law.empty, self.law.down, self.law.up))
        self.agents.do("step")
        self.day += 1

    def counts(self) -> np.ndarray:
        """Follicles in each slot and phase, (32,)."""
        states = self.agents.get(["slot", "phase"])
        return np.bincount([slot * 4 + phase for slot, phase in states], minlength=32)


def follow(follicles: int, weeks: int, seed: int = 0) -> np.ndarray:
    """Counts (weeks + 1, slots x phases) of follicles."""
    scalp = Scalp(follicles, seed)
    counts = [scalp.counts()]
    for day in range(7 * weeks):
        scalp.step()
        if day % 7 == 6:
            counts.append(scalp.counts())
    return np.array(counts)
