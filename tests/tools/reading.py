"""A network for the tests of `digits predict`, which reads by how much ink there is where."""

from pathlib import Path

import numpy as np
import pytest

from stages.common.artifacts import trained
from stages.common.artifacts.trained import Trained
from stages.common.artifacts.weights import Layers
from stages.tools import main
from tests.prepare.pictures import some_digits


def put_network(path: Path, side: int, pixel_scale: float) -> Path:
    """Write a network that knows the first twelve digits: the nearest mean of a digit's images."""
    images, labels = some_digits(12)
    size = 28 // side
    small = images.reshape(12, side, size, side, size).mean(axis=(2, 4)).reshape(12, -1) / 255
    means = np.zeros((10, side * side))
    for image, label in zip(small, labels, strict=True):
        means[label] += image / labels.count(label)
    layers: Layers = [(0.1 * means * (pixel_scale / 255), -0.05 * (means * means).sum(axis=1))]
    trained.write(path, Trained(layers, pixel_scale, side, "sigmoid"))
    return path


class Said:
    """What `digits predict` printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *words: object) -> None:
        """Run it."""
        self.code = main.run(["predict", *map(str, words)])
        told = capsys.readouterr()
        self.lines, self.errors = told.out.splitlines(), told.err.splitlines()
        self.out = told.out
