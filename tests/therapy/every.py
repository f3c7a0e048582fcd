"""Every recipe on a plain tissue, for tests that walk them all."""

from __future__ import annotations

from anagen.therapy.extract import Lipoaspirate, Marrow, ScalpBiopsy, Source
from anagen.therapy.process import Recipe

FAT, MARROW, SCALP = Lipoaspirate(volume_ml=100, bmi=24), Marrow(volume_ml=60, punctures=2), ScalpBiopsy(number=5, diameter_mm=2.5)
EVERY: tuple[tuple[Source, Recipe], ...] = (
    (FAT, Recipe(name="enzymatic_svf")),
    (FAT, Recipe(name="mechanical_svf")),
    (FAT, Recipe(name="adrc_fat_graft", graft_ml=4)),
    (MARROW, Recipe(name="marrow_concentrate")),
    (MARROW, Recipe(name="marrow_mononuclear")),
    (SCALP, Recipe(name="hfsc_micrograft")),
    (FAT, Recipe(name="culture_adsc", passage=3)),
    (SCALP, Recipe(name="culture_dsc", passage=3)),
    (FAT, Recipe(name="conditioned_medium", passage=2)),
)
