"""The one kind of error that a user can cause."""

from pathlib import Path

_LONGEST = 480  # letters in a line that anyone reads


class DigitsError(Exception):
    """A fault in what the user gave: its message says what, where, and what was expected."""


def unusable(path: Path, stage: str, reason: str) -> DigitsError:
    """Return the error for an artifact that cannot be used, with the stage that makes it."""
    return DigitsError(
        f"cannot use {path}: {reason}. The stage '{stage}' makes it: dvc repro -s -f {stage}"
    )


def one_line(error: BaseException) -> str:
    """Return an error's message as one line that does nothing to a terminal."""
    words = " ".join(str(error).split())
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in words)
