"""Training that can be killed, in this process, and what it leaves."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from stages import train as stage
from stages.common.artifacts import checkpoint, encoded, npz, trained, weights
from stages.common.artifacts.checkpoint import Keeper, Progress
from stages.common.artifacts.encoded import Encoded
from tests.scratch import ROOT

EPOCHS = 12
# A value of every family that is not the post's; its steps are of 64 images, five an epoch.
METHODS: dict[str, Any] = {
    "learning_rate": 0.01,
    "batch_rows": 64,
    "activation": "tanh",
    "update": "adamw",
    "weight_decay": 0.01,
    "schedule": "cosine",
    "warmup_epochs": 2,
    "averaging": "ema",
    "average_decay": 0.9,
    "dropout": 0.1,
    "shift": 1.0,
    "patience": 8,
}


class Killed(BaseException):
    """Ends a run in this process as `kill -9` ends a process: nobody catches it."""


def set_params(folder: Path, **train: object) -> None:
    """Write params.yaml with other values in its train section."""
    yaml = YAML()
    params = yaml.load((ROOT / "params.yaml").read_text())
    params["train"] |= {"epochs": EPOCHS} | train
    with (folder / "params.yaml").open("w") as file:
        yaml.dump(params, file)


def put_project(folder: Path, validated: bool = False) -> None:
    """Write all that the stage reads into the current folder: 300 images and a network for them.

    With `validated`, 40 more that validate.
    """
    rng = np.random.default_rng(5)
    pixels = (rng.integers(0, 256, (340, 784)) * (rng.random((340, 784)) < 0.2)).astype(np.uint8)
    one_hot = np.eye(10, dtype=np.uint8)[rng.integers(0, 10, 340)]
    rows = np.arange(340, dtype=np.int32)
    end = 340 if validated else 300
    for path, part in ((encoded.TRAIN, slice(300)), (encoded.VALIDATION, slice(300, end))):
        encoded.write(path, Encoded(pixels[part], one_hot[part], rows[part], 255.0))
    trained.TEACHER.mkdir(parents=True)
    sizes = [(16, 784), (16, 16), (10, 16)]
    weights.write(weights.INITIAL, [(rng.random(s) - 0.5, rng.random(s[0]) - 0.5) for s in sizes])
    set_params(folder)


def train(kill_after: int = 0, kill_in_save: int = -1, threads: int = 2) -> list[int]:
    """Run the stage with a checkpoint after every epoch; return the epochs that it computed.

    It ends as if killed after the epoch `kill_after`, or within the save of `kill_in_save`.
    """
    computed: list[int] = []
    keep, write = Keeper.keep, npz.write

    def counted(keeper: Keeper, progress: Progress) -> None:
        computed.append(progress.epochs)
        keep(keeper, progress)
        if progress.epochs == kill_after:
            raise Killed

    def cut(path: Path, arrays: npz.Arrays, version: int) -> None:
        if len(arrays.get("course_cost", ())) == kill_in_save:
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / f".{path.name}.cut.part").write_bytes(b"half a file")
            raise Killed
        write(path, arrays, version)

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        patch.setattr(checkpoint, "SAVE_SECONDS", 0.0)
        patch.setattr(checkpoint, "_SAVE_SHARE", 1e9)
        patch.setattr(Keeper, "keep", counted)
        patch.setattr(npz, "write", cut)
        patch.setenv("DIGITS_THREADS", str(threads))
        stage.main()
    return computed


def outputs(folder: Path) -> list[bytes]:
    names = ("weights/trained.npz", "weights/snapshots.npz", "history.parquet")
    return [(folder / "data" / name).read_bytes() for name in names]


def fresh(folder: Path, run: Callable[[], object] = train) -> list[bytes]:
    """Return the outputs of a run that knows no checkpoint."""
    forget(folder)
    run()
    result = outputs(folder)
    forget(folder)
    return result


def forget(folder: Path) -> None:
    for path in (folder / checkpoint.FOLDER).glob("*"):
        path.unlink()
