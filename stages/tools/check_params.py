"""Check the whole of params.yaml, as `make repro` does before DVC starts.

DVC itself runs nothing where it finds only an unknown key, so no stage would see it. dvc.yaml and
dvc.lock are looked through for conflicts of a merge alone: the rest DVC says itself.
"""

from pathlib import Path
from typing import Any

from stages.common import combinations, params
from stages.common.combinations import Surroundings
from stages.common.command import run_stage
from stages.common.errors import refuse_conflict

_OTHERS = (Path("dvc.yaml"), Path("dvc.lock"))


def surroundings(content: dict[str, Any]) -> Surroundings:
    """Return what training is to meet by the whole of params.yaml."""
    return Surroundings(
        side=content["encode"]["side"],
        layers=content["initialize"]["layers"],
        train_rows=content["split"]["train_rows"],
        validation_rows=content["split"]["validation_rows"],
    )


def main() -> None:
    """Check the files in the current folder."""
    content = params.check_file()
    combinations.refuse(content["train"], surroundings(content))
    for path in _OTHERS:
        if path.is_file():
            refuse_conflict(path.read_text(encoding="utf-8", errors="replace"), path)


if __name__ == "__main__":
    run_stage(main, __doc__)
