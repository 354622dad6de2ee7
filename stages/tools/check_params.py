"""Check the whole of params.yaml, as `make repro` does before DVC starts.

DVC itself runs nothing where it finds only an unknown key, so no stage would see it. dvc.yaml and
dvc.lock are looked through for conflicts of a merge alone: the rest DVC says itself.
"""

from pathlib import Path

from stages.common import params
from stages.common.command import run_stage
from stages.common.errors import refuse_conflict

_OTHERS = (Path("dvc.yaml"), Path("dvc.lock"))


def main() -> None:
    """Check the files in the current folder."""
    params.check_file()
    for path in _OTHERS:
        if path.is_file():
            refuse_conflict(path.read_text(encoding="utf-8", errors="replace"), path)


if __name__ == "__main__":
    run_stage(main, __doc__)
