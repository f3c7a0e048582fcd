"""Reading a file that a person wrote, whatever wrote it for them; and writing a file whole or not at all."""

from __future__ import annotations

import codecs
import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from anagen.ground.errors import BadFile


def read_text(path: str | Path, name: str = "") -> str:
    """The text of a file in UTF-8, with line ends as here; a byte order mark, as Notepad writes one, is passed over.

    Raises `BadFile`, with `name` for the file (else its path), where there is none or it is no such text.

    >>> read_text("nowhere.toml")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.toml: there is no such file.
    """
    name = name or str(path)
    try:
        raw = Path(path).read_bytes()
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise BadFile(name, "it cannot be read (it is not text in UTF-8 but in UTF-16)", "the same text, saved with the encoding UTF-8")
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise BadFile(name, "there is no such file") from None
    except UnicodeDecodeError:
        raise BadFile(name, "it cannot be read (it is not text in UTF-8)") from None
    except (OSError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(name, f"it cannot be read ({(getattr(error, 'strerror', '') or 'unknown').lower()})") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_data(path: str | Path, name: str = "") -> Any:
    """What a TOML file holds, or a JSON file, by its ending; {} of an empty one. Raises `BadFile` as `read_text`, or for other text."""
    name = name or str(path)
    return parsed(read_text(path, name), name, "JSON" if Path(path).suffix.lower() == ".json" else "TOML")


def parsed(text: str, name: str, kind: str = "TOML", number: Callable[[str], float] = float) -> Any:
    """What a text in TOML or JSON holds; {} of an empty one. number: reads one with a point. Raises `BadFile`.

    >>> parsed("a = 1", "me.toml")
    {'a': 1}
    """
    try:
        return {} if not text.strip() else json.loads(text) if kind == "JSON" else tomllib.loads(text, parse_float=number)
    except (ValueError, RecursionError) as error:
        reason = str(error).replace("\n", " ") or "too deep"
        raise BadFile(name, f"it is not {kind} ({reason[0].lower()}{reason[1:]})") from None


def writable(path: str | Path) -> Path:
    """The path, if a file can be put there. Raises `BadFile` for a folder, or a place whose folder is not there or is closed.

    >>> writable("no/such/folder/page.html")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: no/such/folder/page.html: there is no folder no/such/folder to write it in.
    """
    path = Path(path)
    if path.is_dir():
        raise BadFile(str(path), "this is a folder", "the name of a file to write")
    if not path.parent.is_dir():
        raise BadFile(str(path), f"there is no folder {path.parent} to write it in")
    if not os.access(path.parent, os.W_OK):
        raise BadFile(str(path), f"the folder {path.parent} does not let us write in it")
    return path


def write_whole(path: str | Path, content: str | bytes) -> Path:
    """Write a file (text in UTF-8), whole or not at all: a reader sees the old file or the new one, whatever stops us on the way.

    Raises `BadFile` when the file cannot be written (no room, no right); what was there before stays.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "page.html", "<p>Hair</p>").read_text(encoding="utf-8")
    '<p>Hair</p>'
    """
    path = Path(path)
    write_together({path: content})
    return path


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files: each beside its place first, and only when all stand are they put there.

    Raises `BadFile` for the first that cannot be written; what was there before stays.
    """
    parts: list[tuple[Path, Path, Path]] = []
    path = Path()
    try:
        for path, content in contents.items():
            home = writable(path).resolve()  # a link keeps pointing
            handle, name = tempfile.mkstemp(prefix=f".{home.name}.", suffix=".part", dir=home.parent)
            parts.append((Path(name), home, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(home.stat().st_mode & 0o777 if home.exists() else 0o666 & ~_umask())
        for part, home, path in parts:  # noqa: B007  named in the error
            part.replace(home)
    except OSError as error:
        raise BadFile(str(path), f"it cannot be written ({(error.strerror or 'unknown').lower()})") from None
    finally:
        for part, _, _ in parts:
            part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
