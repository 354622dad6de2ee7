"""All stages on images of another side, with rows that validate and a rate that changes."""

from pathlib import Path

import numpy as np
import pytest

from stages import encode, evaluate, export, initialize, plot, split, train
from stages.common.artifacts import digits, encoded, exported, history, predictions, trained
from tests.common.shared import REPOSITORY, message_of
from tests.stages.made import put_params, random_digits
from tests.stages.test_plot import REFERENCE

ROWS = {"split__train_rows": 40, "split__validation_rows": 10, "train__epochs": 3}


@pytest.fixture
def source(project: Path) -> Path:
    """Return a project of 60 images."""
    digits.write(project / digits.DIGITS, random_digits(60, seed=9))
    trained.TEACHER.mkdir(parents=True)
    REFERENCE.parent.mkdir(parents=True)
    REFERENCE.write_bytes((REPOSITORY / REFERENCE).read_bytes())
    return project


def test_every_stage_follows_the_side(source: Path) -> None:
    layers = [256, 9, 10]
    put_params(encode__side=16, initialize__layers=layers, train__schedule="cosine", **ROWS)
    for stage in (split, encode, initialize, train, evaluate, plot, export):
        stage.main()
    parts = encoded.read_parts(encoded.PARTS)
    assert [part.X.shape for part in parts] == [(40, 256), (10, 256), (10, 256)]
    network = trained.read(trained.TRAINED)
    assert (network.layers[0][0].shape, network.side) == ((9, 256), 16)
    course = history.read(history.HISTORY)
    assert [len(values) for values in course.columns.values()] == [3] * 6
    assert np.array_equal(predictions.read(predictions.PREDICTIONS).row, parts[2].row)
    assert len(list((source / "reports/figures").iterdir())) == 5
    assert exported.NETWORK.stat().st_size > 8 * 9 * 256
    assert exported.PAGE.is_file()


@pytest.mark.usefixtures("source")
def test_layers_for_another_side_are_refused_with_both_keys_named() -> None:
    put_params(encode__side=16, **ROWS)
    for stage in (split, encode, initialize):
        stage.main()
    message = message_of(train.main)
    for words in ("initialize.layers begins with 784", "encode.side is 16", "256"):
        assert words in message
    assert not trained.TRAINED.exists()
