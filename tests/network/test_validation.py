"""What a network comes to on rows that validate: what evaluate says of it, whoever reads them."""

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.evaluate import judge, metrics
from stages.network.activations import ACTIVATIONS
from stages.network.first_weights import draw, glorot
from stages.network.parameters import cast
from stages.network.validation import judged, validation_of


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["sigmoid", "silu"])
def test_rows_that_validate_are_read_as_evaluate_reads_rows(
    many_digits: Encoded, activation: str, precision: str, threads: int
) -> None:
    layers = cast(draw([784, 16, 16, 10], glorot, np.random.default_rng(2)), precision)
    expected = metrics(judge(layers, ACTIVATIONS[activation], many_digits))
    rows = validation_of(many_digits.X, many_digits.Y, 255.0, 16)
    cost, accuracy = judged(layers, ACTIVATIONS[activation], rows, threads)
    assert {"cost": cost, "accuracy": accuracy} == expected
