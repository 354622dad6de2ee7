"""What cannot be: equal code, params, data and packages, and yet other bytes."""

from typing import Any

from stages.common.errors import DigitsError
from stages.tools.compare.results import Results


def refuse_broken(before: Results, after: Results) -> None:
    """Raise DigitsError for a stage that read the same on both sides and left other bytes.

    That is promised where both sides are `precision: reproducible` and have the same locked
    packages; of anything else nothing is said.
    """
    promised = before.record.is_promised() and after.record.is_promised()
    if not promised or before.packages is None or before.packages != after.packages:
        return
    for name in before.record.lock.keys() & after.record.lock.keys():
        one, other = before.record.lock[name], after.record.lock[name]
        if _read(one) == _read(other) and _hashes(one, "outs") != _hashes(other, "outs"):
            raise DigitsError(
                f"that cannot be: the stage {name} had the same code, params, data and packages in "
                f"{before.name} and in {after.name}, but left other results. One of the two was "
                "edited, or made by a machine that breaks the promise of equal bytes: "
                "`digits verify REV` tells which"
            )


def _read(stage: dict[str, Any]) -> tuple[Any, ...]:
    """Return all that decides what a stage leaves, as dvc.lock records it."""
    return stage["cmd"], stage.get("params"), _hashes(stage, "deps")


def _hashes(stage: dict[str, Any], kind: str) -> dict[str, str]:
    """Return the hashes of a stage's deps or outs by path."""
    return {item["path"]: item["md5"] for item in stage.get(kind, [])}
