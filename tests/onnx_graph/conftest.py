import pytest

from stages.common.artifacts.encoded import Encoded
from tests.network.conftest import read_digits


@pytest.fixture(scope="session")
def mnist() -> Encoded:
    return read_digits(1500)
