"""One-hot labels, and the scale that travels with the pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages import encode
from stages.common.artifacts import digits, encoded
from tests.common.shared import message_of
from tests.stages.made import put_params, random_digits


@given(labels=st.lists(st.integers(0, 9), max_size=50))
def test_a_row_holds_a_1_at_its_label_and_0_elsewhere(labels: list[int]) -> None:
    Y = encode.one_hot(np.array(labels, np.uint8), 10)
    assert Y.dtype == np.uint8
    assert Y.shape == (len(labels), 10)
    assert Y.tolist() == [[int(digit == label) for digit in range(10)] for label in labels]


@given(classes=st.integers(1, 12))
def test_every_class_has_its_column(classes: int) -> None:
    Y = encode.one_hot(np.arange(classes, dtype=np.uint8), classes)
    assert np.array_equal(Y, np.diag([1] * classes))


@given(
    n=st.integers(1, 9),
    seed=st.integers(0, 99),
    scale=st.floats(0, 1e6, exclude_min=True),
)
def test_encoding_loses_nothing(n: int, seed: int, scale: float) -> None:
    source = random_digits(n, seed)
    made = encode.encode(source, scale)
    assert np.array_equal(made.X, source.pixels)
    assert made.X.dtype == np.uint8
    assert np.array_equal(made.Y @ np.arange(10), source.label)
    assert np.array_equal(made.row, source.row)
    assert made.pixel_scale == scale


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("scale", [255.0, 1.0, 1, 0.001, 1_000_000])
def test_both_parts_are_encoded_with_the_scale_of_the_params(scale: float) -> None:
    sources = {digits.TRAIN: random_digits(5, 1), digits.TEST: random_digits(3, 2)}
    sources[digits.TEST].row[:] += 100  # no row is in both
    for path, source in sources.items():
        digits.write(path, source)
    put_params(encode__pixel_scale=scale)
    encode.main()
    for path, source in zip((encoded.TRAIN, encoded.TEST), sources.values(), strict=True):
        made = encoded.read(path)
        assert np.array_equal(made.X, source.pixels)
        assert np.array_equal(made.Y.argmax(axis=1), source.label)
        assert np.array_equal(made.row, source.row)
        assert made.pixel_scale == scale


@pytest.mark.usefixtures("project")
def test_without_its_input_it_names_the_stage_before() -> None:
    assert "'split'" in message_of(encode.main)
