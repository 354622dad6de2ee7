"""The digits that come with the repository."""

import hashlib
import re

import numpy as np
import pytest

from stages.ingest import read_source
from stages.sources.columns import Labelled
from tests.common.shared import REPOSITORY

PATH = REPOSITORY / "data" / "raw" / "mnist-5k.csv.gz"


@pytest.fixture(scope="module")
def digits() -> Labelled:
    return read_source(PATH)


def test_500_of_each_digit(digits: Labelled) -> None:
    assert digits.pixels.shape == (5000, 784)
    assert np.bincount(digits.label).tolist() == [500] * 10


def test_no_image_is_there_twice(digits: Labelled) -> None:
    assert len(np.unique(digits.pixels, axis=0)) == 5000


def test_images_are_white_on_black_with_empty_corners(digits: Labelled) -> None:
    images = digits.pixels.reshape(-1, 28, 28)
    assert images.max(axis=(1, 2)).min() > 200
    assert images[:, [0, 0, 27, 27], [0, 27, 0, 27]].sum() == 0


def test_the_documented_checksum_is_that_of_the_file() -> None:
    text = (REPOSITORY / "data" / "README.md").read_text(encoding="utf-8")
    documented = re.findall(r"\b[0-9a-f]{64}\b", text)
    assert hashlib.sha256(PATH.read_bytes()).hexdigest() in documented
