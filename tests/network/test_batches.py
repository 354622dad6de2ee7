"""Mini-batches: which images each step meets, and that no bit depends on how one is cut."""

from itertools import chain
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network import batches, dropout
from stages.network.batches import Piece, Whole, feed_of
from stages.network.compact import CONSTANT, Scratch
from stages.network.first_weights import draw, glorot
from stages.network.parameters import Parameters, flat
from stages.network.streams import BATCHES, stream
from tests.network.helpers import recipe, run_epochs

SIZES = [784, 16, 16, 10]
ADAMW: dict[str, Any] = {"update": "adamw", "weight_decay": 0.01, "learning_rate": 0.01}
BENT = {"shift": 2.0, "rotate": 10.0, "elastic": 2.0}


def start() -> Parameters:
    return draw(SIZES, glorot, np.random.default_rng(3))


def positions_met(digits: Encoded, epoch: int, **settings: Any) -> list[list[int]]:
    """Return where in the data the images of each batch are, which must be as they are there."""
    where = {image.tobytes(): position for position, image in enumerate(digits.X)}
    feed = feed_of(recipe("float32", 0.1, **settings), digits.X, digits.Y, 16, False, 1)
    met = []
    for batch in feed.epoch(epoch):
        found: list[int] = []
        for part in batch.parts:
            assert isinstance(part, Piece)
            A0 = part.matrix(Scratch(), np.dtype(np.float32))
            assert A0.shape == (785, len(part))
            assert np.all(A0[-1] == CONSTANT)
            found += [where[image.tobytes()] for image in A0[:-1].T.astype(np.uint8)]
        shown = np.concatenate([part.truth.labels for part in batch.parts])
        assert np.array_equal(shown, digits.Y[found].argmax(axis=1))
        assert batch.rows == len(found)
        met.append(found)
    assert len(met) == feed.steps
    return met


def test_an_epoch_is_a_permutation_of_its_own_in_batches(digits: Encoded) -> None:
    met = positions_met(digits, 4, batch_rows=64, seed=9)
    assert [len(batch) for batch in met] == [64, 64, 64, 64, 44]
    assert list(chain(*met)) == stream(9, BATCHES, 4).permutation(300).tolist()
    assert positions_met(digits, 5, batch_rows=64, seed=9) != met
    assert positions_met(digits, 4, batch_rows=64, seed=8) != met


def test_a_batch_of_a_wide_network_has_two_parts_for_two_threads(digits: Encoded) -> None:
    def parts(units: int, rows: int, threads: int) -> list[list[int]]:
        how = recipe("float32", 0.1, batch_rows=rows)
        feed = feed_of(how, digits.X, digits.Y, units, False, threads)
        return [[len(part) for part in batch.parts] for batch in feed.epoch(1)]

    for threads in (1, 2, 3):
        assert parts(16, 128, threads) == [[128], [128], [44]]
        assert parts(256, 128, threads) == [[64, 64], [64, 64], [44]]
        assert parts(256, 64, threads) == [[64], [64], [64], [64], [44]]
        assert parts(256, 299, threads) == [[150, 149], [1]]


@pytest.mark.parametrize("rows", [1, 299, 300, 301, 10_000])
def test_every_image_is_met_once_whatever_the_size_of_a_batch(digits: Encoded, rows: int) -> None:
    met = positions_met(digits, 1, batch_rows=rows)
    assert sorted(chain(*met)) == list(range(300))
    assert {len(batch) for batch in met[:-1]} <= {rows}


def test_all_rows_at_once_is_the_compact_way_unless_images_differ(digits: Encoded) -> None:
    def feed(taught: bool = False, **settings: Any) -> batches.Feed:
        how = recipe("float32", 0.1, **settings)
        return feed_of(how, digits.X, digits.Y, 16, taught, 1)

    assert isinstance(feed(), Whole)
    assert isinstance(feed(update="adamw", schedule="cosine", label_smoothing=0.1), Whole)
    ways: list[dict[str, Any]] = [{"dropout": 0.1}, {"shift": 0.1}, {"elastic": 0.1}]
    assert not any(isinstance(feed(**way), Whole) for way in ways)
    assert not isinstance(feed(taught=True), Whole)
    assert not isinstance(feed(batch_rows=300), Whole)


def trained(digits: Encoded, threads: int = 1, **settings: Any) -> tuple[bytes, list[float]]:
    """Return the bytes of the weights after two epochs of AdamW, and the costs."""
    how: dict[str, Any] = {"precision": "reproducible", **ADAMW, "batch_rows": 128} | settings
    epochs = run_epochs(start(), digits, epochs=2, threads=threads, **how)
    return flat(epochs[-1].parameters).tobytes(), [epoch.cost for epoch in epochs]


@pytest.mark.parametrize(
    "settings",
    [{}, {"dropout": 0.3}, {"activation": "silu", **BENT}, {"batch_rows": None, "dropout": 0.3}],
    ids=["plain", "dropout", "deformed", "all rows"],
)
def test_no_bit_depends_on_the_parts_of_a_batch(
    digits: Encoded, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = trained(digits, **settings)
    for rows, threads in ((50, 1), (7, 3)):
        monkeypatch.setattr(batches, "PART_ROWS", rows)
        assert trained(digits, threads, **settings) == expected


@pytest.mark.parametrize("settings", [{}, {"label_smoothing": 0.2}], ids=["plain", "smoothed"])
def test_no_bit_depends_on_who_works_on_all_rows(digits: Encoded, settings: dict[str, Any]) -> None:
    expected = trained(digits, batch_rows=None, **settings)
    assert trained(digits, 3, batch_rows=None, **settings) == expected
    # In batches it is the same step, whatever makes it.
    assert trained(digits, 2, batch_rows=300, **settings) == expected


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_threads_change_no_bit_of_floats(
    digits: Encoded, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART_ROWS", 50)
    one = trained(digits, 1, precision=precision, dropout=0.3)
    assert trained(digits, 3, precision=precision, dropout=0.3) == one


@pytest.mark.parametrize("settings", [{}, {"dropout": 0.3, **BENT}], ids=["plain", "all"])
def test_reproducible_batches_stay_near_float64(digits: Encoded, settings: dict[str, Any]) -> None:
    # Plain descent, as AdamW makes a step of any size of a gradient near 0.
    how: dict[str, Any] = {"update": "descent", "learning_rate": 0.5, **settings}
    exact, costs = trained(digits, **how)
    float64, expected = trained(digits, precision="float64", **how)
    assert np.abs(np.frombuffer(exact) - np.frombuffer(float64)).max() < 1e-6
    assert costs == pytest.approx(expected, abs=1e-6)


def test_one_batch_of_all_rows_takes_the_step_of_the_compact_way(digits: Encoded) -> None:
    how: dict[str, Any] = {"update": "descent", "learning_rate": 0.5}
    assert trained(digits, batch_rows=300, **how)[0] == trained(digits, batch_rows=None, **how)[0]


@pytest.mark.parametrize("precision", ["reproducible", "float32"])
@pytest.mark.parametrize(
    "settings",
    [{}, {"dropout": 0.3, "batch_rows": None}, {"dropout": 0.3, **BENT}],
    ids=["plain", "all rows", "deformed"],
)
def test_parts_made_ready_one_by_one_are_those_made_ready_together(
    digits: Encoded, settings: dict[str, Any], precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART_ROWS", 50)
    expected = trained(digits, precision=precision, **settings)
    monkeypatch.setattr(batches, "BLOCK_ROWS", 50)
    monkeypatch.setattr(dropout, "_AT_ONCE", 1000)
    for threads in (1, 3):
        assert trained(digits, threads, precision=precision, **settings) == expected
