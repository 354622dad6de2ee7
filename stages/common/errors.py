"""The one kind of error that a user can cause."""

import re
from pathlib import Path

_LONGEST = 480  # letters in a line that anyone reads
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)


class DigitsError(Exception):
    """A fault in what the user gave: its message says what, where, and what was expected."""


def unusable(path: Path, stage: str, reason: str) -> DigitsError:
    """Return the error for an artifact that cannot be used, with the stage that makes it, or ""."""
    makes = f"The stage '{stage}' makes it: dvc repro -s -f {stage}"
    none = "No stage here makes it: bring it back, or name another file"
    return DigitsError(f"cannot use {path}: {reason}. {makes if stage else none}")


def not_ieee(fault: str, precision: str) -> DigitsError:
    """Return the error for a machine whose arithmetic has a fault that matters to a precision."""
    return DigitsError(
        f"this machine does not compute by IEEE 754, which train.precision {precision} needs: "
        f"{fault}. train.precision: float64 goes without it"
    )


def refuse_conflict(text: str, where: object) -> None:
    """Raise DigitsError, saying `where`, for a text in which Git left a merge to be decided."""
    if marker := _CONFLICT.search(text):
        line = text.count("\n", 0, marker.start()) + 1
        raise DigitsError(
            f"{where} has Git's conflict markers (line {line}: {marker[0][:40]!r}): end the merge "
            "there, or take one side of that file with git checkout --ours or --theirs"
        )


def one_line(error: BaseException) -> str:
    """Return an error's message as one line that does nothing to a terminal."""
    words = " ".join(str(error).split())
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in words)
