"""What a training depends on, beside what goes into it: its code and the libraries."""

from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

_STAGES = Path(__file__).resolve().parents[1]
_NOT_OF_TRAINING = ("first_weights", "health", "judging", "scores")  # modules of the network


def code_of_training() -> list[Path]:
    """Return the files whose code decides what training makes of its input."""
    network = sorted(_STAGES.glob("network/*.py"))
    return [_STAGES / "train.py", *(file for file in network if file.stem not in _NOT_OF_TRAINING)]


def library() -> str:
    """Return what the bytes of a result depend on where they are not the same everywhere."""
    blas = sorted(
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture')}"
        for pool in threadpool_info()
    )
    return f"NumPy {np.__version__} {blas}"
