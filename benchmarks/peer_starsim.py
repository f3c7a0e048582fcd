"""A peer: the same law in Starsim, a module whose agents are follicles, one step a day."""

from __future__ import annotations

import numpy as np
import starsim as ss
from world import DailyChances


class HairCycle(ss.Module):
    """The cycle as a vectorised module; random numbers are Starsim's own, one distribution a decision."""

    def __init__(self, weeks: int, seed: int = 0) -> None:
        super().__init__(name="hair")
        self.define_states(ss.IntArr("slot"), ss.IntArr("phase"), ss.IntArr("stage"))
        self.law, self.weeks, self.start_seed = DailyChances(), weeks, seed
        self.leaves, self.empties, self.sizes, self.enters = (ss.random(name=name) for name in ("leaves", "empties", "sizes", "enters"))
        self.counts = np.zeros((weeks + 1, 32), int)

    def init_post(self) -> None:
        """Fill the scalp."""
        super().init_post()
        everyone = self.sim.people.auids
        self.slot[everyone], self.phase[everyone], self.stage[everyone] = self.law.draw_start(
            len(everyone), np.random.default_rng(self.start_seed)
        )
        self.count(0)

    def count(self, week: int) -> None:
        """Note the follicles in each slot and phase."""
        self.counts[week] = np.bincount(np.asarray(self.slot * 4 + self.phase, dtype=int), minlength=32)

    def step(self) -> None:
        """One day."""
        law, everyone = self.law, self.sim.people.auids
        week = min(self.ti // 7, self.weeks - 1)
        chance = law.leave * law.speed[:, week, None, None]
        uids = everyone[self.leaves.rvs(everyone) < chance[self.phase[everyone], self.stage[everyone], self.slot[everyone]]]
        self.stage[uids] = self.stage[uids] + 1
        uids = uids[self.stage[uids] >= law.stages[self.phase[uids]]]
        if len(uids):
            was, slot = self.phase[uids], self.slot[uids]
            now = np.where(was == 2, np.where(self.empties.rvs(uids) < law.empty[week, slot], 3, 0), (was + 1) % 4)
            toss, down, up = self.sizes.rvs(uids), law.down[week, slot], law.up[week, slot]
            self.slot[uids] = slot + ((now == 0) & (toss < down)) - ((now == 0) & (toss >= down) & (toss < down + up))
            self.phase[uids] = now
            self.stage[uids] = (self.enters.rvs(uids)[:, None] >= law.first.cumsum(axis=1)[now]).sum(axis=1)
        if self.ti % 7 == 6 and self.ti // 7 < self.weeks:
            self.count(self.ti // 7 + 1)


def follow(follicles: int, weeks: int, seed: int = 0) -> np.ndarray:
    """Counts (weeks + 1, slots x phases) of follicles."""
    hair = HairCycle(weeks, seed)
    ss.Sim(n_agents=follicles, start=0, dur=7 * weeks, dt=1, modules=hair, rand_seed=seed, verbose=0, copy_inputs=False).run()
    return hair.counts
