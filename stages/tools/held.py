"""The stages of a run held against what a commit records of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stages.tools import recorded, yaml_text
from stages.tools.project_files import Files
from stages.tools.recorded import CODE, DATA, LOCK, PARAMS, RESULT, Difference, Mapping, Record

_CHANGED = {
    PARAMS: "its params were changed and not run",
    CODE: "its code was changed and not run",
    DATA: "the data that it reads was changed",
    RESULT: "its record was changed",
}
_OTHER = "not what the run gives"
_FORGED = (
    f"Its code, params and data are as {LOCK} records them, so that was done by hand, or by other "
    "code or packages, or by a machine that computes otherwise"
)


class Held(NamedTuple):
    """A stage of a run beside its record.

    outs: what of its outs differs, by path, and how. changed: what of its code, params and data.
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
    rows = recorded.differences(commit, record)
    changed = [row for row in rows if row.kind in (PARAMS, CODE, DATA)]
    held: list[Held] = []
    for name in _in_order(record):
        ran = name in lock
        outs = _differing(commit, record, name, made, lock[name]) if ran else {}
        spoiled = {path for stage in held if stage.outs for path in record.makes(stage.stage)}
        follows = not spoiled.isdisjoint(record.reads(name))
        of_stage = [row for row in changed if row.stage == name]
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


def _differing(commit: Files, record: Record, name: str, made: Files, run: Mapping) -> Mapping:
    """Return the outs of a stage, and the files in them, that differ from a run's, and how."""
    locked = {item["path"]: item for item in record.lock.get(name, {}).get("outs", [])}
    kept = record.makes(name)
    found: Mapping = {}
    for item in run["outs"]:
        path = item["path"]
        how = _how(item, locked.get(path), commit.digest(path), may_be_absent=kept[path])
        if how:
            found |= dict.fromkeys(_differing_files(commit, made, path) or [path], how)
    return found


def _differing_files(commit: Files, made: Files, path: str) -> list[str]:
    """Return the files in a folder that differ between a commit and a run."""
    old, new = commit.inside(path), made.inside(path)
    return [f"{path}/{name}" for name in sorted(old | new) if old.get(name) != new.get(name)]


def _how(
    run: Mapping, locked: Mapping | None, committed: str | None, *, may_be_absent: bool
) -> str:
    """Say how dvc.lock's or Git's record of an out differs from a run's, or return ""."""
    as_committed = committed == run["md5"]
    if locked != run:
        if as_committed:
            return f"changed in {LOCK}, for the run gives what Git has"
        return _OTHER
    if as_committed or (may_be_absent and committed is None):
        return ""
    return f"not so in Git, for the run gives what {LOCK} records"


def first_difference(held: Sequence[Held]) -> Held | None:
    """Return the first stage whose out differs, else the first of which anything does."""
    for stage in held:
        if stage.outs:
            return stage
    return next((stage for stage in held if stage.changed), None)


def line(stage: Held, width: int) -> str:
    """Return a stage's name, padded to a width, and in a line what it was found to be."""
    told = [_told(stage.outs)] if stage.outs else []
    if stage.changed:
        told.append(_kinds(stage))
    if not stage.ran:
        told.insert(0, "not run")
    follows = " (it reads what differs above)" if stage.follows and told else ""
    return f"{stage.stage:<{width}}  {'; '.join(told) or 'as recorded'}{follows}"


def _told(outs: dict[str, str]) -> str:
    """Return what differs of a stage's outs, in words."""
    paths = {how: [path for path in outs if outs[path] == how] for how in outs.values()}
    return "; ".join(f"{', '.join(paths[how])}: {how}" for how in paths)


def _kinds(stage: Held) -> str:
    """Return what was changed of a stage's params, code and data, in words."""
    kinds = dict.fromkeys(row.kind for row in stage.changed)
    rows = {kind: [row for row in stage.changed if row.kind == kind] for kind in kinds}
    return ", and ".join(f"{_CHANGED[kind]} ({recorded.summary(rows[kind])})" for kind in kinds)


def reason(stage: Held) -> str:
    """Say what was changed of a stage that differs: its code, params, data or result."""
    if stage.changed:
        return _kinds(stage)
    told = f"its result was changed ({_told(stage.outs)})"
    return f"{told}. {_FORGED}" if _OTHER in stage.outs.values() else told
