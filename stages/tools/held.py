"""The stages of a run held against what a commit records of them."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from stages.tools import recorded, yaml_text
from stages.tools.project_files import Files
from stages.tools.recorded import CODE, DATA, LOCK, PARAMS, RESULT, Difference, Record

_CHANGED = {
    PARAMS: "its params were changed and not run",
    CODE: "its code was changed and not run",
    DATA: "the data that it reads was changed",
    RESULT: f"its record in {LOCK} was changed",
}
_FORGED = (
    f"its code, params and data are as {LOCK} records them, so the recorded result was changed "
    "by hand, or made by other code or packages, or by a machine that computes otherwise"
)


class Held(NamedTuple):
    """A stage of a run beside its record.

    outs: what differs of its outs, by path, in words. changed: what of its code, params and data.
    ran: whether the run came so far. follows: whether it reads an out that differs.
    """

    stage: str
    outs: dict[str, str]
    changed: tuple[Difference, ...]
    ran: bool
    follows: bool


def hold(commit: Files, record: Record, made: Files) -> list[Held]:
    """Return the stages, each after those that it reads from, held against their record."""
    lock = yaml_text.mapping(made.read(LOCK) or b"{}", f"{LOCK} of {made.name}").get("stages", {})
    changed = [row for row in recorded.differences(commit, record) if row.kind in _CHANGED]
    held: list[Held] = []
    for name in _in_order(record):
        ran = name in lock
        outs = _differing(commit, record, name, lock[name]["outs"]) if ran else {}
        spoiled = {path for stage in held for path in stage.outs}
        follows = not spoiled.isdisjoint(record.reads(name))
        of_stage = [row for row in changed if row.stage == name and row.kind != RESULT]
        if ran and not (outs or of_stage or follows) and lock[name] != record.lock.get(name):
            told = f"{LOCK} does not record stage {name} as the run does"
            of_stage = [Difference(name, RESULT, told)]
        held.append(Held(name, outs, tuple(of_stage), ran, follows))
    return held


def _in_order(record: Record) -> Iterator[str]:
    """Yield the names of the stages, each after those that it reads from, else as in dvc.yaml."""
    left = list(record.stages)
    while left:
        waited = {path for name in left for path in record.makes(name)}
        ready = (name for name in left if waited.isdisjoint(record.reads(name)))
        name = next(ready, left[0])
        left.remove(name)
        yield name


def _differing(
    commit: Files, record: Record, name: str, given: Sequence[dict[str, Any]]
) -> dict[str, str]:
    """Return the outs of a stage that are not as the run gave them, and say how."""
    locked = {item["path"]: item for item in record.lock.get(name, {}).get("outs", [])}
    kept = record.makes(name)
    told = {
        item["path"]: _told(locked.get(item["path"]), item, commit, kept[item["path"]])
        for item in given
    }
    return {path: how for path, how in told.items() if how}


def _told(locked: dict[str, Any] | None, given: dict[str, Any], commit: Files, kept: bool) -> str:
    """Say how an out of a run differs from what dvc.lock and Git record, or return ""."""
    path, committed = given["path"], commit.digest(given["path"])
    as_locked, as_committed = locked == given, committed == given["md5"]
    if as_locked and (as_committed or (kept and committed is None)):
        return ""
    if as_locked:
        lacking = "is not in Git" if committed is None else "in Git was changed"
        return f"{path} {lacking}: the run gives what {LOCK} records"
    if as_committed:
        return f"{path} in {LOCK} was changed: the run gives what Git has"
    return f"{path} is not what the run gives"


def first_difference(held: Sequence[Held]) -> Held | None:
    """Return the first stage whose out differs, else the first of which anything does."""
    for stage in held:
        if stage.outs:
            return stage
    return next((stage for stage in held if stage.changed), None)


def line(stage: Held, width: int) -> str:
    """Return a stage's name, padded to a width, and in a line what it was found to be."""
    return f"{stage.stage:<{width}}  {_finding(stage)}"


def _finding(stage: Held) -> str:
    """Say what a stage was found to be."""
    told = [*stage.outs.values()]
    if stage.changed:
        told.append(recorded.summary(stage.changed))
    if not stage.ran:
        return "; ".join(["not run", *told])
    if not told:
        return "as recorded"
    return "; ".join(told) + (" (it reads what differs above)" if stage.follows else "")


def reason(stage: Held) -> str:
    """Say what was changed of the first stage that differs."""
    if stage.changed:
        kinds = dict.fromkeys(_CHANGED[row.kind] for row in stage.changed)
        return f"{', and '.join(kinds)}: {recorded.summary(stage.changed)}"
    return f"{next(iter(stage.outs.values()))}. {_FORGED[0].upper()}{_FORGED[1:]}"
