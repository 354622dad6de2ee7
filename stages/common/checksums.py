"""The committed hashes of files that Git does not keep: data/raw/mnist.sha256."""

import hashlib
import re
from pathlib import Path

from stages.common.errors import DigitsError, refuse_conflict

MNIST = Path("data/raw/mnist.sha256")

_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")  # as sha256sum writes it


def read(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its name; raises DigitsError for anything else."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error
    refuse_conflict(text, path)
    lines = [(line, _LINE.fullmatch(line)) for line in text.splitlines()]
    wrong = [line for line, match in lines if match is None]
    if wrong or not lines:
        found = repr(wrong[0][:40]) if wrong else "empty"
        raise DigitsError(f"{path} is {found}; expected lines of a SHA-256 and a name")
    return {match[2]: match[1] for _, match in lines if match}


def refuse_other_files(folder: Path, hashes: dict[str, str], advice: str) -> None:
    """Raise DigitsError, with the `advice`, unless a folder holds these files and no other."""
    missing = [folder / name for name in hashes if not (folder / name).is_file()]
    if missing:
        raise DigitsError(f"{missing[0]} is not there: {advice}")
    others = sorted(path for path in folder.iterdir() if path.name not in hashes)
    if others:
        raise DigitsError(f"{others[0]} does not belong there: expected {', '.join(hashes)} alone")
    for name, sha256 in hashes.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise DigitsError(f"{folder / name} is another file, by its SHA-256: {advice}")
