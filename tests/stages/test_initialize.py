"""The first weights, as files."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages import initialize
from stages.common.artifacts import weights
from tests.common.artifacts.made import npz_arrays
from tests.stages.made import put_params

pytestmark = pytest.mark.usefixtures("project")


def written(**changes: Any) -> bytes:
    """Run the stage with these params and return the file that it wrote."""
    put_params(**{f"initialize__{name}": value for name, value in changes.items()})
    initialize.main()
    return Path("data/weights/initial.npz").read_bytes()


@pytest.mark.parametrize(
    "layers", [[784, 16, 16, 10], [784, 10], [784, 1, 10], [784, 5, 4, 3, 2, 10]]
)
def test_every_layer_leads_from_the_one_before_to_the_next(layers: list[int]) -> None:
    written(layers=layers)
    arrays = npz_arrays(weights.INITIAL)
    for number, (before, after) in enumerate(pairwise(layers), start=1):
        assert arrays[f"W{number}"].shape == (after, before)
        assert arrays[f"b{number}"].shape == (after,)
    assert len(arrays) == 2 * (len(layers) - 1) + 1


def test_the_numbers_are_uniform_around_0() -> None:
    written()
    for layer in weights.read(weights.INITIAL):
        for array in layer:
            assert array.dtype == np.float64
            assert array.min() >= -0.5
            assert array.max() < 0.5
    W = weights.read(weights.INITIAL)[0][0]
    # 12,544 numbers: their mean deviates by 0.0026 and their variance by 0.0007.
    assert W.mean() == pytest.approx(0, abs=0.013)
    assert W.var() == pytest.approx(1 / 12, abs=0.0035)


def test_the_stream_is_what_it_has_always_been() -> None:
    # NumPy may change it with a new version: then every result changes, and this tells why.
    written(layers=[784, 16, 16, 10], seed=0)
    (W1, b1), (W2, b2), (W3, b3) = weights.read(weights.INITIAL)
    assert (W1[0, 0], W1[-1, -1]) == (0.1369616873214543, -0.06608864433339412)
    assert (b1[0], b1[-1]) == (-0.3646559245343445, -0.48902580206547275)
    assert (W2[0, 0], W2[-1, -1]) == (-0.29740574487666804, 0.2624385625605007)
    assert (b2[0], b2[-1]) == (-0.4786692313090024, -0.09302012483790778)
    assert (W3[0, 0], W3[-1, -1]) == (0.235384298842801, -0.262825900527652)
    assert (b3[0], b3[-1]) == (-0.49326581286414917, -0.3840114488430415)


def test_the_seed_decides() -> None:
    assert written(seed=3) == written(seed=3)
    assert written(seed=3) != written(seed=4)
    assert written(seed=2**32 - 1) != written(seed=0)


def test_no_data_is_needed_and_nothing_else_is_written(project: Path) -> None:
    written()
    files = sorted(str(path.relative_to(project)) for path in project.rglob("*") if path.is_file())
    assert files == ["data/weights/initial.npz", "params.yaml"]
