from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from stages.common.artifacts.encoded import Encoded
from tests.network.helpers import encoded

SOURCE = Path(__file__).parents[2] / "data/raw/mnist-5k.csv.gz"


@pytest.fixture(scope="session", autouse=True)
def one_blas_thread() -> Iterator[None]:
    with threadpool_limits(1, "blas"):  # as in the training stage
        yield


def read_digits(rows: int) -> Encoded:
    """Return the first real digits, read without the pipeline's readers, at pixel scale 255."""
    table = np.loadtxt(SOURCE, np.uint8, delimiter=",", skiprows=1, max_rows=rows)
    return encoded(table[:, 1:], np.eye(10, dtype=np.uint8)[table[:, 0]], 255.0)


@pytest.fixture(scope="session")
def digits() -> Encoded:
    return read_digits(300)


@pytest.fixture(scope="session")
def many_digits() -> Encoded:
    return read_digits(4999)  # a prime: no block size divides it
