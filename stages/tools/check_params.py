"""Check the whole of params.yaml, as `make repro` does before DVC starts.

DVC itself runs nothing where it finds only an unknown key, so no stage would see it.
"""

from stages.common import params
from stages.common.command import run_stage


def main() -> None:
    """Check params.yaml in the current folder."""
    params.check_file()


if __name__ == "__main__":
    run_stage(main, __doc__)
