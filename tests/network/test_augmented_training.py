"""Augmentation in training: which images the steps of an epoch see."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.augmentation import Augmentation, draw
from stages.network.batches import feed_of
from stages.network.compact import CONSTANT, Scratch
from stages.network.first_weights import FIRST_WEIGHTS
from stages.network.first_weights import draw as draw_weights
from stages.network.parameters import Parameters
from stages.network.resampling import deform
from stages.network.streams import AUGMENTATION, BATCHES, stream
from tests.network.helpers import Training, arrays, go_on, recipe, run_epochs, trained

SETTINGS = {"shift": 2.0, "rotate": 15.0, "scale": 0.1, "shear": 0.2, "elastic": 3.0}
SEED = 11


def seen(rows: Encoded, epoch: int, batch_rows: int | None, threads: int) -> npt.NDArray[np.uint8]:
    """Return the images of an epoch as its steps see them, one after another."""
    how = recipe("float32", 0.1, seed=SEED, batch_rows=batch_rows, **SETTINGS)
    feed = feed_of(how, rows.X, rows.Y, 16, taught=False, threads=threads)
    parts = [part for batch in feed.epoch(epoch) for part in batch.parts]
    seen = [part.matrix(Scratch(), np.dtype(np.float32)).T.copy() for part in parts]
    assert all(np.all(image[:, -1] == CONSTANT) for image in seen)
    labels = np.concatenate([part.truth.labels for part in parts])
    order = stream(SEED, BATCHES, epoch).permutation(len(rows.X))
    assert np.array_equal(labels, rows.Y[order].argmax(axis=1))
    return np.concatenate(seen)[:, :-1].astype(np.uint8)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("batch_rows", [64, None])
def test_every_epoch_sees_its_images_deformed_by_their_rows(
    digits: Encoded, batch_rows: int | None, threads: int
) -> None:
    for epoch in (1, 2):
        rng = stream(SEED, AUGMENTATION, epoch)
        drawn = draw(Augmentation(**SETTINGS), 28, rng, len(digits.X))
        order = stream(SEED, BATCHES, epoch).permutation(len(digits.X))
        expected = deform(digits.X, drawn, 28)[order]
        assert np.array_equal(seen(digits, epoch, batch_rows, threads), expected)


def first_weights() -> Parameters:
    return draw_weights([784, 16, 16, 10], FIRST_WEIGHTS["glorot"], np.random.default_rng(0))


def test_a_training_that_goes_on_sees_the_same_images(digits: Encoded) -> None:
    def course(epochs: int) -> Training:
        how: dict[str, Any] = {"batch_rows": 100, **SETTINGS}
        return trained(first_weights(), digits, epochs, 0.5, "reproducible", **how)

    assert go_on(course(1), digits, 3).cost == course(3).cost


def test_the_number_of_threads_changes_no_bit(many_digits: Encoded) -> None:
    how: dict[str, Any] = {"batch_rows": 500, **SETTINGS}
    one, three = (
        run_epochs(first_weights(), many_digits, 0.5, 2, threads, "reproducible", **how)
        for threads in (1, 3)
    )
    assert [epoch.cost for epoch in one] == [epoch.cost for epoch in three]
    pairs = zip(arrays(one[-1].parameters), arrays(three[-1].parameters), strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)
