"""How near reproducible training stays to float64: the price of its short numbers."""

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.first_weights import draw, uniform
from tests.network.helpers import Training, arrays, trained

EPOCHS = 500


def courses(rows: Encoded, seed: int, epochs: int) -> list[Training]:
    """Return the training from one seed, reproducible and in float64."""
    start = draw([784, 16, 16, 10], uniform, np.random.default_rng(seed))
    return [trained(start, rows, epochs, 0.8, name) for name in ("reproducible", "float64")]


def assert_near(rows: Encoded, seed: int, epochs: int) -> None:
    """Assert weights within 1e-6, costs within 1e-7 and the same accuracy in the end.

    On the way an image may be between two digits: it then counts for either.
    """
    found, expected = courses(rows, seed, epochs)
    pairs = zip(arrays(found.parameters), arrays(expected.parameters), strict=True)
    assert max(np.abs(one - other).max() for one, other in pairs) < 1e-6
    assert np.abs(np.subtract(found.cost, expected.cost)).max() < 1e-7
    assert np.abs(np.subtract(found.accuracy, expected.accuracy)).max() < 1.5 / len(rows.X)
    assert found.accuracy[-1] == expected.accuracy[-1]


def test_some_epochs_stay_near_float64(digits: Encoded) -> None:
    assert_near(digits, seed=0, epochs=100)


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(10))
def test_a_whole_training_stays_near_float64(many_digits: Encoded, seed: int) -> None:
    assert_near(many_digits, seed, EPOCHS)
