"""A worker's answer in floats has the same bits wherever in its memory the parameters lie."""

from pathlib import Path

import numpy as np
import pytest

from stages.cluster.answer import Answer
from stages.cluster.job import Job, Place, Theta
from stages.cluster.piece_files import written
from stages.cluster.share import Share
from stages.network.first_weights import draw, uniform
from stages.network.parameters import flat
from tests.cluster.clusters import Training

SIZES = (784, 16, 16, 10)


def unaligned(theta: Theta) -> Theta:
    """Return parameters as they come from another process: at any address."""
    memory = np.empty(theta.nbytes + 1, np.uint8)[1:]
    moved: Theta = memory.view(theta.dtype)
    moved[...] = theta
    assert not moved.flags.aligned
    return moved


def answers(training: Training, folder: Path, *thetas: Theta) -> list[Answer]:
    """Return what a worker with all rows answers to some parameters."""
    rows = training.encoded
    share = Share(Job(training.all_settings, SIZES, training.rows, 255.0, None, ""), 1)
    with written(rows.X, rows.Y, str(folder), training.rows) as pieces:
        share.keep({0: pieces[0]})
    return [share.answer(theta, Place(1, 0), (0,)) for theta in thetas]


@pytest.mark.parametrize(("precision", "batch_rows"), [("float32", 31), ("float64", 100)])
def test_the_address_is_no_matter(precision: str, batch_rows: int, tmp_path: Path) -> None:
    training = Training({"precision": precision, "batch_rows": batch_rows})
    theta = flat(draw(SIZES, uniform, np.random.default_rng(2))).astype(precision)
    one, other = (answer.sums[0] for answer in answers(training, tmp_path, theta, unaligned(theta)))
    assert one[:2] == other[:2]
    assert [layer.tobytes() for layer in one[2]] == [layer.tobytes() for layer in other[2]]
