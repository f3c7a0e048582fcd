"""`anagen therapy`: every mistake is one sentence and exit code 2, and nothing is written; Ctrl-C is one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anagen.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"
SVF = EXAMPLES / "svf-enzymatic.toml"
FAST = ["--draws", "100"]


def flat(text: str) -> str:
    return " ".join(text.split())


BAD: dict[str, tuple[str, str, str]] = {
    "negative volume": ("volume_ml = 100", "volume_ml = -5", "volume_ml is -5; allowed: 10 to 200 mL of lipoaspirate in one harvest."),
    "negative injection": ("per_point = 0.1", "per_point = -0.1", "volume_ml_per_point is -0.1; allowed: more than 0 mL."),
    "dose no tissue gives": ("dose_per_cm2 = 1e6", "dose_per_cm2 = 1e9", "to be 50 % sure, and one harvest is at most 200;"),
    "crossing polygon": (
        'region = "vertex"\narea_cm2 = 40', "points_cm = [[0, 0], [5, 5], [5, 0], [0, 5]]", "edge 1 (0, 0) to (5, 5) crosses edge 3",
    ),
    "polygon in mm": ('region = "vertex"\narea_cm2 = 40', "points_cm = [[-20, -80], [20, -80], [20, -40], [-20, -40]]", "covers 1,600 cm2"),
    "polygon off the head": (
        'region = "vertex"\narea_cm2 = 40', "points_cm = [[98, 98], [102, 98], [102, 102], [98, 102]]", "site lies off the scalp",
    ),
    "needles too close": ("spacing_cm = 1.0", "spacing_cm = 0.001", "spacing_cm is 0.001; allowed: at least 0.3 cm between needles."),
    "too much at a point": ("per_point = 0.1", "per_point = 20", "volume_ml_per_point is 20; allowed: at most 1 mL at a point"),
    "a session without a point": (
        "spacing_cm = 1.0", "sessions = 24\ninterval_days = 30\nshare_points = true\nspacing_cm = 2.5", "get none of the",
    ),
    "points shared by one session": ("spacing_cm = 1.0", "share_points = true", "share_points is given for one session; allowed: with"),
    "a share over 1": ("spacing_cm = 1.0", "coverage_share = 90", "coverage_share is 90; allowed: a share of follicles above 0"),
    "reach of none": ("spacing_cm = 1.0", "coverage_share = 1.0", "coverage of 100% is out of reach; allowed: at most"),
    "spacing over region": ("spacing_cm = 1.0", "spacing_cm = 40", "spacing_cm is 40; allowed: at most"),
    "passage over limit": ('name = "enzymatic_svf"', 'name = "culture_adsc"\npassage = 6', "passage is 6; allowed: 0 to 4"),
    "unit missing": ("volume_ml = 100", "volume = 100", "source: volume has no unit; allowed: volume_ml."),
    "unit in the number": ("spacing_cm = 1.0", 'spacing_cm = "1 cm"', "spacing_cm is '1 cm'; allowed: a number, without its unit."),
    "unknown key": ("spacing_cm", "spacng_cm", "there is no field 'spacng_cm'; did you mean 'spacing_cm'?"),
    "unknown table": ("[recipe]", "[recipes]", "there is no field 'recipes'; did you mean 'recipe'?"),
    "unknown recipe": ("enzymatic_svf", "enzymatic_sfv", "did you mean 'enzymatic_svf'?"),
    "unknown region": ('"vertex"', '"vertx"', "there is no region 'vertx'; did you mean 'vertex'?"),
    "sessions without days": ("spacing_cm = 1.0", "sessions = 3", "interval_days is missing; 3 sessions need the days between them."),
    "years too long": ('title = "', 'years = 9\ntitle = "', "years is 9; allowed: above 0 and at most 5"),
    "lean donor": ("bmi = 26", "bmi = 15", "bmi is 15; allowed: 18.5 to 40"),
    "another mass index in who": (
        'who = "../man-norwood-3v.toml"',
        'who = { sex = "male", age_years = 33, condition = "aga", scale = "norwood", stage = "3v", bmi = 16 }',
        "bmi is 26 in source and 16 in who; fat is taken from the person, so give it once or alike.",
    ),
    "no person": ("man-norwood-3v", "nobody", "nobody.toml; allowed: a path from the protocol's own folder"),
    "refused person": ("man-norwood-3v", "refused-pregnant", "pregnant is true: "),
    "unknown plan": ('title = "', 'against = ["minoxidyl"]\ntitle = "', "there is no treatment 'minoxidyl'; did you mean 'minoxidil"),
    "no batches": ('title = "', 'batches = "no.csv"\ntitle = "', "no.csv: there is no such file."),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_one_sentence_and_exit_2(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, said = BAD[name]
    text = SVF.read_text(encoding="utf-8")
    assert old in text
    (here / "bad.toml").write_text(text.replace(old, new, 1).replace("../", f"{EXAMPLES.parent}/"), encoding="utf-8")
    assert main(["therapy", "bad.toml", "--page", "a.html", *FAST]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.startswith("anagen: ")
    assert err.count("\n") == 1
    assert os.listdir(here) == ["bad.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "there is no protocol"),
        (["nowhere.toml"], "nowhere.toml: there is no such file."),
        ([str(SVF), "--mode", "feld"], "there is no mode 'feld'; did you mean 'field'?"),
        ([str(SVF), "--draws", "3"], "--draws is 3; allowed: a whole number from 100 to 20000."),
        ([str(SVF), str(SVF), "--map", "a.svg"], "--map draws one protocol"),
        ([str(SVF), str(SVF), "--drivers"], "--drivers is of one protocol"),
        ([str(SVF), "--page", "no/a.html"], "there is no folder no"),
        ([str(SVF), "--page", "a.x", "--map", "a.x"], "--page and --map name the same file"),
        ([str(SVF), "--page", str(SVF)], "is the protocol itself"),
        ([str(SVF), "--coverage", "0"], "--coverage is 0; allowed: a whole number from 1 to 100."),
        ([str(SVF), "--map", "a.png"], "--map a.png would hold an SVG drawing; give it a name that ends in .svg."),
    ],
)
def test_a_call_that_cannot_be_is_one_sentence(words: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = SVF.read_bytes()
    assert main(["therapy", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert os.listdir(here) == []
    assert SVF.read_bytes() == before


STOPPED = """import sys

class Stop:
    def find_spec(self, name, *_):
        if name == "anagen.cli.therapy":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stop())
from anagen.cli import main
main(["--version"])
"""


def test_ctrl_c_while_the_verbs_are_loaded_is_one_line() -> None:
    found = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "anagen: stopped; nothing was left half-written.\n")
