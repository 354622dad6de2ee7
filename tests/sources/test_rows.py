"""Some rows of a source are those that all of it has."""

from pathlib import Path

import numpy as np
import pytest

from stages.ingest import read_source
from stages.sources.rows import images_of
from tests.common.shared import message_of
from tests.sources.made import put_csv, put_parquet, random_digits

DIGITS = random_digits(300, 3)


@pytest.mark.parametrize("largest", [255, 1])
@pytest.mark.parametrize("rows", [[299, 0, 7], [5], [8, 8]])
def test_rows_are_those_of_the_whole(tmp_path: Path, rows: list[int], largest: int) -> None:
    digits = type(DIGITS)(DIGITS.label, DIGITS.pixels // (255 // largest))
    for path in (put_csv(tmp_path / "a.csv", digits), put_parquet(tmp_path / "a.parquet", digits)):
        assert np.array_equal(images_of(path, None, np.array(rows)), read_source(path).pixels[rows])


def test_a_row_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = put_csv(tmp_path / "a.csv", DIGITS)
    message = message_of(lambda: images_of(path, None, np.array([3, 300])))
    assert message == f"{path} has 300 rows, and none for row 300"
