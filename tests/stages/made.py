"""Small projects for the tests of the stages."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import encoded
from stages.common.artifacts.digits import Digits
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.trained import TEACHER
from stages.network.judging import Judgement
from stages.network.scores import confusion_matrix
from tests.common.shared import REPOSITORY, params_with, yaml_of


def put_params(**changes: Any) -> None:
    """Write params.yaml into the current folder; section__key=value changes a default."""
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    Path("params.yaml").write_text(yaml_of(params_with(dotted)), encoding="utf-8")


def random_digits(n: int, seed: int) -> Digits:
    """Return n images of noise, whose rows are not in order."""
    rng = np.random.default_rng(seed)
    return Digits(
        rng.permutation(10 * n)[:n].astype(np.int32),
        rng.integers(0, 10, n, dtype=np.uint8),
        rng.integers(0, 256, (n, 784), dtype=np.uint8),
    )


def random_encoded(n: int, seed: int) -> Encoded:
    """Return n images of noise, encoded; ten or more show every digit."""
    made = random_digits(n, seed)
    made.label[:] = np.random.default_rng(seed).permutation(np.arange(n) % 10)
    one_hot = (made.label[:, None] == range(10)).astype(np.uint8)
    return Encoded(made.pixels, one_hot, made.row, 255.0)


def judgement(
    labels: npt.NDArray[np.integer],
    predicted: npt.NDArray[np.uint8],
    cost: float = 0.5,
    slopes: Sequence[float] = (0.25,),
) -> Judgement:
    """Return the judgement on images (n,) of some labels, read as some digits."""
    return Judgement(predicted, confusion_matrix(labels, predicted, 10), cost, list(slopes))


def put_encoded(train: int, test: int, validation: int = 0) -> None:
    """Write so many encoded rows of each part into the current folder, and no teacher."""
    made, before = random_encoded(train + validation + test, seed=1), train + validation
    parts = (slice(train), slice(train, before), slice(before, None))
    for path, part in zip(encoded.PARTS, parts, strict=True):
        encoded.write(path, Encoded(made.X[part], made.Y[part], made.row[part], made.pixel_scale))
    TEACHER.mkdir(parents=True, exist_ok=True)


def stage_command(stage: str) -> list[str]:
    """Return the command that runs a stage, in which a warning is an error."""
    return [sys.executable, "-W", "error", "-m", f"stages.{stage}"]


def environment() -> dict[str, str]:
    """Return an environment in which a stage runs from any folder."""
    return os.environ | {"PYTHONPATH": str(REPOSITORY)}
