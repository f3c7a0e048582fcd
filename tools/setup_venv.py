"""Make `.venv` fit one of the lock files in requirements/, with nothing but Python's standard library.

    python3 tools/setup_venv.py core | test | bench

A second run finds a stamp inside `.venv` and returns at once. The stamp is taken away before anything is changed and written after
everything has succeeded, so a set-up that was interrupted is simply done again. What is installed is what the lock's hashes say.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("core", "test", "bench")
OLDEST = (3, 11)
NEEDS_VENV = (
    "This Python ({python}) has neither venv nor pip, so no environment can be made with it. "
    "Install one of them (Debian, Ubuntu: apt install python3-venv) and run this again."
)

READY, ADD, REBUILD = "ready", "add", "rebuild"


def sha256(path: Path) -> str:
    """The file's SHA-256 in hex; of a file that is not there, the empty string."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def lock_path(root: Path, lock: str) -> Path:
    """Where the lock of that name stands."""
    return root / "requirements" / f"{lock}.lock"


def read_stamp(root: Path) -> dict[str, str] | None:
    """What `.venv` was last made to fit; None where it was never finished, or where its Python is gone."""
    try:
        stamp = json.loads((root / ".venv" / "stamp.json").read_text())
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and (root / ".venv" / "bin" / "python").exists() else None


def facts(root: Path) -> dict[str, str]:
    """What an environment made now, with every lock installed, would be stamped with."""
    python = "{}.{}".format(*sys.version_info)
    locks = {lock: sha256(lock_path(root, lock)) for lock in LOCKS}
    return {"root": str(root), "python": python, "project": sha256(root / "pyproject.toml"), **locks}


def decide(stamp: dict[str, str] | None, now: dict[str, str], lock: str) -> str:
    """`ready`: nothing to do. `add`: sound, but this lock or the project itself is not in yet. `rebuild`: start from nothing.

    >>> now = {"root": "/a", "python": "3.11", "project": "p", "core": "c", "test": "t", "bench": "b"}
    >>> decide({"root": "/a", "python": "3.11", "project": "p", "core": "c"}, now, "core")
    'ready'
    """
    if stamp is None or any(stamp.get(key) != now[key] for key in ("root", "python")):
        return REBUILD
    if any(stamp[key] != now[key] for key in LOCKS if key in stamp):
        return REBUILD
    return READY if lock in stamp and stamp.get("project") == now["project"] else ADD


def run(*command: str | Path) -> None:
    """Run a command; where it fails, stop with its own words above ours."""
    done = subprocess.run([str(part) for part in command], check=False)
    if done.returncode:
        sys.exit(f"\nThe set-up stopped: {' '.join(map(str, command))} failed (see above). Run it again when that is mended.")


def works(*command: str | Path) -> bool:
    """Whether a command succeeds, silently."""
    return subprocess.run([str(part) for part in command], check=False, capture_output=True).returncode == 0


def make_venv(venv: Path) -> None:
    """An empty environment with pip: by venv where it is whole, else by virtualenv, which pip fetches for the occasion."""
    shutil.rmtree(venv, ignore_errors=True)
    if works(sys.executable, "-c", "import venv, ensurepip"):
        return run(sys.executable, "-m", "venv", venv)
    if not works(sys.executable, "-m", "pip", "--version"):
        sys.exit(NEEDS_VENV.format(python=sys.executable))
    with tempfile.TemporaryDirectory() as aside:
        lock = lock_path(ROOT, "virtualenv")
        run(sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", aside, "-r", lock)
        code = f"import sys; sys.path.insert(0, {aside!r}); import virtualenv; virtualenv.cli_run(sys.argv[1:])"
        return run(sys.executable, "-c", code, "--quiet", venv)


def main(arguments: list[str]) -> None:
    """Bring `.venv` in step with the lock named in the arguments."""
    if sys.version_info < OLDEST:
        sys.exit("anagen needs Python {}.{} or newer; this is {}.{}.".format(*OLDEST, *sys.version_info))
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        sys.exit(f"usage: python3 tools/setup_venv.py {' | '.join(LOCKS)}")
    (lock,) = arguments
    os.environ.setdefault("PIP_ROOT_USER_ACTION", "ignore")  # root is usual in a container, and nothing outside .venv is touched
    venv, stamp, now = ROOT / ".venv", read_stamp(ROOT), facts(ROOT)
    action = decide(stamp, now, lock)
    if action == READY:
        return
    print(f"Setting up .venv from requirements/{lock}.lock (a minute or so, once) ...", flush=True)
    if action == REBUILD:
        stamp = None
        make_venv(venv)
    (venv / "stamp.json").unlink(missing_ok=True)
    pip = (venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--require-hashes", "-r", lock_path(ROOT, lock))
    run(*pip, "--no-build-isolation", "--editable", ROOT)
    known = {key for key in LOCKS if stamp and key in stamp} | {lock, "root", "python", "project"}
    (venv / "stamp.json").write_text(json.dumps({key: value for key, value in now.items() if key in known}, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
