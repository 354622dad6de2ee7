"""The one kind of error that a user can cause."""

from pathlib import Path


class DigitsError(Exception):
    """A fault in what the user gave: its message says what, where, and what was expected."""


def unusable(path: Path, stage: str, reason: str) -> DigitsError:
    """Return the error for an artifact that cannot be used, with the stage that makes it."""
    return DigitsError(
        f"cannot use {path}: {reason}. The stage '{stage}' makes it: dvc repro -s -f {stage}"
    )
